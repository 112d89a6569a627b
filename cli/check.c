/* muster check: does the hierarchy say what Dijkstra's algorithm says, on this network, now?
 *
 * The oracle is the same network without a hierarchy, on which the library searches plainly. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/arguments.h"
#include "cli/check_row.h"
#include "cli/command.h"
#include "cli/network_file.h"
#include "cli/profile.h"
#include "cli/progress.h"

enum { KEY_PAIRS = 0x100, KEY_SEED, DEFAULT_PAIRS = 1000, MAX_PAIRS = 100000000 };

typedef struct check_options {
    const char    *network;
    profile_choice profile; /* no name: all that drive */
    uint32_t       pairs, seed;
} check_options;

/* The same roads twice. */
typedef struct twins {
    muster_network *plain, *fast;
} twins;

static const struct argp_option OPTIONS[] = {
    {"profile", KEY_PROFILE, "NAME", 0, "check this one; otherwise all profiles that drive", 0},
    {"profiles", KEY_PROFILES, "FILE", 0, "JSON of further profiles: see muster profiles", 0},
    {"pairs", KEY_PAIRS, "N", 0, "how many pairs of places for each profile; 1000 by default", 0},
    {"seed", KEY_SEED, "S", 0, "which pairs: the same for the same S; 1 by default", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    check_options *o = state->input;
    switch (key) {
    case KEY_PAIRS:
        return arguments_number(&o->pairs, "--pairs", value, 1, MAX_PAIRS);
    case KEY_SEED:
        return arguments_number(&o->seed, "--seed", value, 0, UINT32_MAX);
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return o->network ? 0 : arguments_reject("no network; expected NET.gpkg");
    default:
        return profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg",
    .doc      = "Compare the fast ways to travel times with the plain one.\v"
                "Builds the hierarchy, draws random pairs of places, and compares queries, routes, "
                "tables and the nearest over the hierarchy with Dijkstra's algorithm without it. "
                "The exit status is 5 when something differs, which is a bug in muster."};

/* ---- one profile --------------------------------------------------------------------- */

typedef struct tally {
    uint32_t pairs, without_way;
} tally;

static void count_row(tally *t, const check_row *row) {
    t->pairs += row->count;
    for (uint32_t i = 0; i < row->count; ++i) {
        t->without_way += row->out_ms[i] == MUSTER_UNREACHABLE_MS;
    }
}

static int check_pairs(tally *t, const check_options *o, const muster_metric *plain,
                       const turn_list *turns, muster_query *query, progress *bar) {
    uint64_t state = o->seed;
    while (t->pairs < o->pairs) {
        const uint32_t left  = o->pairs - t->pairs;
        const uint32_t count = left < CHECK_ROW_PLACES ? left : CHECK_ROW_PLACES;
        check_row      row;
        if (!progress_report(bar, muster_metric_profile_name(plain), (double)t->pairs / o->pairs)) {
            return progress_fail_stopped();
        }
        int code = check_row_draw(&row, count, plain, &state);
        if (code == COMMAND_DONE) code = check_row_compare(&row, turns, query);
        if (code != COMMAND_DONE) return code;
        count_row(t, &row);
    }
    return COMMAND_DONE;
}

static int check_metrics(const check_options *o, const muster_metric *plain,
                         const muster_metric *fast, progress *bar) {
    muster_query *query;
    tally         t = {0};
    turn_list     turns;
    if (muster_query_new(&query, fast) != MUSTER_OK) return command_fail_status(MUSTER_E_NOMEM);
    int code = turn_list_init(&turns, fast);
    if (code == COMMAND_DONE) {
        code = check_pairs(&t, o, plain, &turns, query, bar);
        progress_end(bar);
        turn_list_fini(&turns);
    }
    muster_query_free(query);
    if (code == COMMAND_DONE) {
        printf("%-10s %" PRIu32 " pairs, %" PRIu32 " without a way: all agree\n",
               muster_metric_profile_name(fast), t.pairs, t.without_way);
    } else if (code == COMMAND_INTERNAL) {
        printf("%-10s differs after %" PRIu32 " pairs\n", muster_metric_profile_name(fast),
               t.pairs);
    }
    return code;
}

static int check_profile(const check_options *o, const twins *network,
                         const muster_profile *profile, progress *bar) {
    muster_metric *plain = NULL, *fast = NULL;
    muster_status  status = muster_metric_new(&plain, network->plain, profile);
    if (status == MUSTER_OK) status = muster_metric_new(&fast, network->fast, profile);
    const int code =
        status == MUSTER_OK ? check_metrics(o, plain, fast, bar) : command_fail_status(status);
    muster_metric_free(plain);
    muster_metric_free(fast);
    return code;
}

/* ---- the command --------------------------------------------------------------------- */

static muster_status load(twins *out, const char *path) {
    muster_status status = network_file_load(&out->fast, path);
    if (status != MUSTER_OK) return status;
    muster_network_data data = *muster_network_view(out->fast);
    data.node_rank           = NULL;
    status                   = muster_network_new(&out->plain, &data);
    return status == MUSTER_OK ? muster_network_build_hierarchy(out->fast) : status;
}

static int check_all(const check_options *o, const twins *network) {
    const muster_network_data *v = muster_network_view(network->plain);
    progress                   bar;
    int                        code = COMMAND_DONE;
    printf("%s: %" PRIu32 " nodes, %" PRIu32 " edges, seed %" PRIu32 "\n",
           network_file_name(o->network), v->node_count, v->edge_count, o->seed);
    puts("queries, routes, tables and the nearest, over the hierarchy and by Dijkstra's algorithm");
    if (v->edge_count == 0)
        return command_fail(COMMAND_NO, "%s has no road to check", network_file_name(o->network));
    progress_start(&bar);
    if (o->profile.name) return check_profile(o, network, o->profile.profile, &bar);
    uint32_t              count;
    const muster_profile *list = muster_profiles_list(o->profile.set, &count, NULL);
    for (uint32_t p = 0; p < count && code == COMMAND_DONE; ++p) {
        if (!(list[p].flight_speed_kmh > 0)) code = check_profile(o, network, &list[p], &bar);
    }
    return code;
}

/* By air there is nothing to search, and so nothing to compare. */
static int choose_profiles(profile_choice *choice) {
    if (!choice->name) return profile_read(choice);
    const int code = profile_choose(choice);
    if (code != COMMAND_DONE || !(choice->profile->flight_speed_kmh > 0)) return code;
    return command_fail(COMMAND_NO, "%s flies and searches no road; expected a profile that drives",
                        choice->name);
}

int command_check(int argc, char **argv) {
    check_options o       = {.pairs = DEFAULT_PAIRS, .seed = 1};
    twins         network = {0};
    int           code    = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = choose_profiles(&o.profile);
    if (code == COMMAND_DONE) {
        const muster_status status = load(&network, o.network);
        code = status == MUSTER_OK ? check_all(&o, &network) : command_fail_status(status);
    }
    muster_network_free(network.plain);
    muster_network_free(network.fast);
    profile_free(&o.profile);
    return code;
}
