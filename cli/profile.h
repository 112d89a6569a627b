/* A network as one profile sees it: what route, matrix and export begin with. */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include <muster/metric.h>

typedef struct profile_network {
    muster_network *network;
    muster_metric  *metric;
} profile_network;

/* Take the value of --profile. Returns COMMAND_DONE, or COMMAND_USAGE after saying why. */
int profile_parse(muster_profile *out, const char *name);

/* Load the network of `path` (a network or a scenario) and make its metric, for about
 * `search_count` searches: many are worth a hierarchy. Returns COMMAND_DONE, or the exit code
 * after saying why; then there is nothing to free. */
int  profile_network_load(profile_network *out, const char *path, const muster_profile *profile,
                          uint32_t search_count);
void profile_network_free(profile_network *loaded);

#endif
