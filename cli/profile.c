/* Answers are the same with and without a hierarchy; the only question is which comes sooner. */
#include "cli/profile.h"

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/network_file.h"

/* Building one took as long as 100 searches on one core, on the road graph of New York (264,346
 * nodes), and as long as 4 where the file keeps the order; searches share the cores, building
 * does not: twice that, for a few cores. */
enum { HIERARCHY_PAYS = 200, HIERARCHY_PAYS_WITH_ORDER = 8 };

error_t profile_take(profile_choice *choice, int key, const char *value) {
    if (key != KEY_PROFILE && key != KEY_PROFILES) return ARGP_ERR_UNKNOWN;
    *(key == KEY_PROFILE ? &choice->name : &choice->file) = value;
    return 0;
}

error_t profile_require(const profile_choice *choice) {
    if (choice->name) return 0;
    return arguments_reject("no --profile; expected light, heavy, emergency, boat, helicopter, "
                            "drone or one of --profiles");
}

int profile_read(profile_choice *choice) {
    const muster_status status = muster_profiles_read(&choice->set, choice->file);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

int profile_choose(profile_choice *choice) {
    const int code = profile_read(choice);
    if (code != COMMAND_DONE) return code;
    if (muster_profiles_find(&choice->profile, choice->set, choice->name) == MUSTER_OK) {
        return COMMAND_DONE;
    }
    return command_fail(COMMAND_USAGE, "--profile: %s", muster_error_message());
}

void profile_free(profile_choice *choice) {
    muster_profiles_free(choice->set);
    *choice = (profile_choice){0};
}

static muster_status load_network(muster_network **out, const char *path, uint32_t search_count) {
    const muster_status status = network_file_load(out, path);
    if (status != MUSTER_OK) return status;
    const bool     is_ordered = muster_network_view(*out)->node_rank != NULL;
    const uint32_t pays       = is_ordered ? HIERARCHY_PAYS_WITH_ORDER : HIERARCHY_PAYS;
    return search_count < pays ? MUSTER_OK : muster_network_build_hierarchy(*out);
}

int profile_network_load(profile_network *out, const char *path, const muster_profile *profile,
                         uint32_t search_count) {
    *out                 = (profile_network){0};
    muster_status status = load_network(&out->network, path, search_count);
    if (status == MUSTER_OK) status = muster_metric_new(&out->metric, out->network, profile);
    if (status == MUSTER_OK) return COMMAND_DONE;
    const int code = command_fail_status(status);
    profile_network_free(out);
    return code;
}

void profile_network_free(profile_network *loaded) {
    muster_metric_free(loaded->metric);
    muster_network_free(loaded->network);
    *loaded = (profile_network){0};
}
