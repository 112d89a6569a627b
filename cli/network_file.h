/* NET on a command line: a GeoPackage or a snapshot, told apart by how the file begins, or a
 * connection to a PostGIS. */
#ifndef CLI_NETWORK_FILE_H
#define CLI_NETWORK_FILE_H

#include <muster/snapshot.h>

/* Load the network of `path`. One from a snapshot has its hierarchy already. */
muster_status network_file_load(muster_network **out, const char *path);

/* What to call it: the path, or the connection without its password. Lives until the next call. */
const char *network_file_name(const char *path);

#endif
