/* NET on a command line: a GeoPackage or a snapshot, told apart by how the file begins, or a
 * connection to a PostGIS. */
#ifndef CLI_NETWORK_FILE_H
#define CLI_NETWORK_FILE_H

#include <muster/profile_file.h>
#include <muster/snapshot.h>

/* Load the network of `path`. One from a snapshot has its hierarchy already. */
muster_status network_file_load(muster_network **out, const char *path);

/* The profiles that go with it: those of `file`, or where that is NULL those that a GeoPackage or a
 * database has in its own table; and the built-in ones. */
muster_status network_file_profiles(muster_profiles **out, const char *file, const char *path);

/* What to call it: the path, or the connection without its password. Lives until the next call. */
const char *network_file_name(const char *path);

#endif
