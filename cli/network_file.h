/* NET on a command line: a GeoPackage or a snapshot, told apart by how the file begins. */
#ifndef CLI_NETWORK_FILE_H
#define CLI_NETWORK_FILE_H

#include <muster/snapshot.h>

/* Load the network of `path`. One from a snapshot has its hierarchy already. */
muster_status network_file_load(muster_network **out, const char *path);

#endif
