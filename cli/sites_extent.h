/* Sites whose longitude and latitude look swapped, told by where the network is. */
#ifndef CLI_SITES_EXTENT_H
#define CLI_SITES_EXTENT_H

#include "cli/sites_csv.h"

/* Look for such sites of the file `path`: the first is named by row and value, and is a failure;
 * with `keeps_going` each is named, up to twenty, and put at NaN. None is ever turned round. Returns
 * COMMAND_DONE or the exit code. */
int sites_check_extent(sites *s, const char *path, const muster_network *network, bool keeps_going);

#endif
