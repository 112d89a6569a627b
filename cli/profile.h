/* A network as one profile sees it: what route, matrix and export begin with. */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include <argp.h>

#include <muster/metric.h>
#include <muster/profile_file.h>

#include "cli/named_files.h"

/* ---- --profile and --profiles --------------------------------------------------------- */

enum { KEY_PROFILE = 0x200, KEY_PROFILES };

/* For the list of a command's options. */
#define PROFILE_OPTIONS                                                                            \
    {"profile", KEY_PROFILE, "NAME", 0, "who travels: light, heavy, emergency, boat, ...", 0}, {   \
        "profiles", KEY_PROFILES, "FILE", FILE_READ,                                               \
            "JSON of further profiles: see muster profiles", 0                                     \
    }

typedef struct profile_choice {
    const char           *name, *file; /* as they were typed; NULL: not at all */
    muster_profiles      *set;
    const muster_profile *profile; /* of the set */
} profile_choice;

/* For parsers: keep the value of one of the two options; ARGP_ERR_UNKNOWN for another key. */
error_t profile_take(profile_choice *choice, int key, const char *value);
/* For parsers at the end: reject a command line without --profile. */
error_t profile_require(const profile_choice *choice);

/* Read the file, if there is one; and find the profile in it, or among the built-in ones. Return
 * COMMAND_DONE, or the exit code after saying why. Then profile_free whatever they return, and not
 * before what is made of the profile. */
int  profile_read(profile_choice *choice);
int  profile_choose(profile_choice *choice);
void profile_free(profile_choice *choice);

/* ---- its network ----------------------------------------------------------------------- */

typedef struct profile_network {
    muster_network *network;
    muster_metric  *metric;
} profile_network;

/* Load the network of `path` (a network or a scenario) and make its metric, for about
 * `search_count` searches: many are worth a hierarchy. Returns COMMAND_DONE, or the exit code
 * after saying why; then there is nothing to free. */
int  profile_network_load(profile_network *out, const char *path, const muster_profile *profile,
                          uint32_t search_count);
void profile_network_free(profile_network *loaded);

#endif
