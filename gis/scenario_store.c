/* A scenario from a store: which one, its rows, the network, a metric for each
 * profile that they name, and a problem made of them all.
 *
 * The network comes last, because it takes longest and most mistakes are in the rows. What
 * leads from one table to another has been checked by then; muster_problem_check has the
 * last word.
 *
 * To read it again is to make another scenario that borrows network and profiles, and the metrics of
 * the profiles that both name; one of the two then takes over, and what only the other has is freed. */
#include <muster/store.h>

#include <stdio.h>
#include <string.h>

#include "gis/network_store.h"
#include "gis/profile_store.h"
#include "gis/scenario_rows.h"
#include "gis/utf8.h"

struct muster_scenario {
    mu_scenario_rows       rows;
    const char            *code, *name; /* in rows.texts */
    muster_network        *network;
    muster_profiles       *own_profiles; /* the store's, where the caller has given none */
    const muster_profiles *profiles;
    uint32_t               metric_count;
    muster_metric        **metric; /* by rows.profile */
    const muster_metric  **metric_view;
    muster_problem         problem;
};

/* ---- which scenario ------------------------------------------------------------------ */

enum { LIST_BYTES = 400, LISTED_CODE_BYTES = 60 };

typedef struct scenario_choice {
    const char *wanted; /* NULL: the default */
    mu_texts   *texts;
    const char *code, *name;  /* of the one that is chosen, or NULL */
    const char *last_code;    /* of the row before */
    const char *default_code; /* NULL until it is met */
    uint32_t    count, listed_count;
    char        list[LIST_BYTES]; /* 'A', 'B' for messages */
} scenario_choice;

static void list_code(scenario_choice *choice, const char *code) {
    char         quoted[LISTED_CODE_BYTES];
    const size_t used = strlen(choice->list);
    mu_quote(quoted, sizeof quoted, code);
    if (used + strlen(quoted) + 2 >= sizeof choice->list) return;
    snprintf(choice->list + used, sizeof choice->list - used, "%s%s", used > 0 ? ", " : "", quoted);
    ++choice->listed_count;
}

static muster_status choose(scenario_choice *choice, const mu_row *row, const char *code) {
    const char *name;
    MU_TRY(mu_column_text(row, 1, &name));
    choice->code = code;
    return mu_texts_keep(choice->texts, name, &choice->name);
}

static muster_status read_scenario(void *user, const mu_row *row) {
    scenario_choice *choice = user;
    const char      *text, *code;
    int64_t          is_default;
    MU_TRY(mu_column_text(row, 0, &text));
    if (*text == 0) return mu_column_unexpected(row, 0, "a text that is not empty");
    if (choice->last_code && strcmp(choice->last_code, text) == 0) {
        return mu_column_fail(row, 0, "there are two rows of this code");
    }
    MU_TRY(mu_texts_keep(choice->texts, text, &code));
    choice->last_code = code;
    ++choice->count;
    list_code(choice, code);
    MU_TRY(mu_column_int(row, 2, 0, 1, &is_default));
    if (is_default && choice->default_code) {
        return mu_column_unexpected(row, 2, "0, because scenario '%s' is the default",
                                    choice->default_code);
    }
    if (is_default) choice->default_code = code;
    const bool is_wanted = choice->wanted ? strcmp(choice->wanted, code) == 0 : is_default;
    return is_wanted ? choose(choice, row, code) : MUSTER_OK;
}

static muster_status fail_to_choose(const scenario_choice *choice, const char *file) {
    char quoted[LISTED_CODE_BYTES];
    char more[32] = "";
    if (choice->count == 0) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\": table scenario is empty", file);
    }
    if (choice->count > choice->listed_count) {
        snprintf(more, sizeof more, " and %u more", choice->count - choice->listed_count);
    }
    if (!choice->wanted) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": table scenario has no row with is_default 1; expected one, or "
                           "the code of one of %s%s",
                           file, choice->list, more);
    }
    const bool is_text = mu_is_utf8(choice->wanted, strlen(choice->wanted));
    mu_quote(quoted, sizeof quoted, is_text ? choice->wanted : "(not UTF-8)");
    return muster_fail(MUSTER_E_INVALID, "\"%s\" has no scenario %s; expected one of %s%s", file,
                       quoted, choice->list, more);
}

static muster_status choose_scenario(muster_scenario *scenario, mu_store *store, const char *code) {
    static const mu_query ALL = {
        "scenario", "SELECT code, name, is_default FROM scenario ORDER BY code COLLATE BINARY",
        NULL};
    scenario_choice choice = {.wanted = code, .texts = &scenario->rows.texts};
    MU_TRY(mu_store_query(store, &ALL, read_scenario, &choice));
    if (!choice.code) return fail_to_choose(&choice, store->name);
    scenario->code = choice.code;
    scenario->name = choice.name;
    return MUSTER_OK;
}

/* ---- the rest ------------------------------------------------------------------------ */

static muster_status check_tables(mu_store *store) {
    static const char *const TABLE[] = {"scenario", "kind",    "team",      "team_capability",
                                        "vehicle",  "machine", "warehouse", "stock",
                                        "incident", "need"};
    MU_TRY(mu_network_check_tables(store));
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; ++i) {
        bool there;
        MU_TRY(mu_store_has_table(store, TABLE[i], &there));
        if (there) continue;
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" has no table \"%s\": not a muster scenario; docs/schema.md "
                           "describes the tables of one",
                           store->name, TABLE[i]);
    }
    return MUSTER_OK;
}

static muster_metric *metric_of(const muster_scenario *scenario, const muster_profile *profile) {
    for (uint32_t m = 0; m < scenario->metric_count; ++m) {
        if (scenario->rows.profile[m] == profile) return scenario->metric[m];
    }
    return NULL;
}

/* For the profiles whose metric is still NULL. */
static muster_status make_missing(muster_scenario *scenario, muster_profile *profile,
                                  muster_metric **made) {
    uint32_t count = 0;
    for (uint32_t m = 0; m < scenario->rows.profile_count; ++m) {
        if (!scenario->metric[m]) profile[count++] = *scenario->rows.profile[m];
    }
    if (count > 0) MU_TRY(muster_metrics_new(made, scenario->network, count, profile, 0));
    for (uint32_t m = scenario->rows.profile_count; m-- > 0;) {
        if (!scenario->metric[m]) scenario->metric[m] = made[--count];
    }
    return MUSTER_OK;
}

/* A metric for each profile that rows name: that of the last scenario, if it had one. */
static muster_status make_metrics(muster_scenario *scenario, const muster_scenario *last) {
    const uint32_t  count   = scenario->rows.profile_count;
    muster_profile *profile = NULL;
    muster_metric **made    = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&scenario->metric, count, sizeof(muster_metric *)));
    MU_TRY(mu_gis_alloc(&scenario->metric_view, count, sizeof(muster_metric *)));
    for (uint32_t m = 0; last && m < count; ++m) {
        scenario->metric[m] = metric_of(last, scenario->rows.profile[m]);
    }
    muster_status status = mu_gis_alloc(&profile, count, sizeof *profile);
    if (status == MUSTER_OK) status = mu_gis_alloc(&made, count, sizeof(muster_metric *));
    if (status == MUSTER_OK) status = make_missing(scenario, profile, made);
    mu_gis_free(made);
    mu_gis_free(profile);
    scenario->metric_count = count;
    for (uint32_t m = 0; m < count; ++m) scenario->metric_view[m] = scenario->metric[m];
    return status;
}

/* A file that says what its vehicles carry means them to carry it. */
static uint8_t item_transport(const mu_scenario_rows *rows) {
    for (uint32_t v = 0; v < rows->vehicle_count; ++v) {
        if (rows->vehicle[v].payload_kg > 0 && rows->vehicle[v].volume_m3 > 0) {
            return MUSTER_ITEMS_BY_VEHICLE;
        }
    }
    return MUSTER_ITEMS_BY_THEMSELVES;
}

static muster_status make_problem(muster_scenario *scenario, const char *file) {
    const mu_scenario_rows *rows = &scenario->rows;
    scenario->problem            = (muster_problem){.struct_size     = sizeof(muster_problem),
                                                    .metric_count    = scenario->metric_count,
                                                    .metric          = scenario->metric_view,
                                                    .kind_count      = rows->kind_count,
                                                    .kind            = rows->kind,
                                                    .team_count      = rows->team_count,
                                                    .team            = rows->team,
                                                    .vehicle_count   = rows->vehicle_count,
                                                    .vehicle         = rows->vehicle,
                                                    .machine_count   = rows->machine_count,
                                                    .machine         = rows->machine,
                                                    .stock_count     = rows->stock_count,
                                                    .stock           = rows->stock,
                                                    .incident_count  = rows->incident_count,
                                                    .incident        = rows->incident,
                                                    .need_count      = rows->need_count,
                                                    .need            = rows->need,
                                                    .authority_count = rows->authority_count,
                                                    .authority       = rows->authority,
                                                    .zone_count      = rows->zone_count,
                                                    .zone            = rows->zone,
                                                    .rule_count      = rows->rule_count,
                                                    .rule            = rows->rule,
                                                    .weights         = &rows->weights,
                                                    .item_transport  = item_transport(rows)};
    const muster_status status   = muster_problem_check(&scenario->problem);
    if (status == MUSTER_OK) return MUSTER_OK;
    return muster_fail(status, "\"%s\": %s", file, muster_error_message());
}

static muster_status read_rows(muster_scenario *scenario, mu_store *store) {
    return mu_scenario_rows_read(&scenario->rows, store, scenario->profiles, scenario->code);
}

static muster_status read_all(muster_scenario *scenario, mu_store *store, const char *code,
                              const muster_profiles *profiles) {
    MU_TRY(check_tables(store));
    MU_TRY(choose_scenario(scenario, store, code));
    if (!profiles) MU_TRY(mu_profiles_of_store(&scenario->own_profiles, store));
    scenario->profiles = profiles ? profiles : scenario->own_profiles;
    MU_TRY(read_rows(scenario, store));
    MU_TRY(mu_network_read(&scenario->network, store));
    MU_TRY(muster_network_build_hierarchy(scenario->network)); /* a plan needs large tables */
    MU_TRY(make_metrics(scenario, NULL));
    return make_problem(scenario, store->name);
}

static muster_status read_store(muster_scenario *scenario, const char *place, const char *code,
                                const muster_profiles *profiles) {
    mu_store *store;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_all(scenario, store, code, profiles);
    mu_store_close(store);
    return status;
}

static muster_status load(muster_scenario **out, const char *place, const char *code,
                          const muster_profiles *profiles, bool is_whole) {
    muster_scenario *scenario;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&scenario, 1, sizeof *scenario));
    scenario->rows.is_whole    = is_whole;
    const muster_status status = read_store(scenario, place, code, profiles);
    if (status == MUSTER_OK) {
        *out = scenario;
    } else {
        muster_scenario_free(scenario);
    }
    return status;
}

muster_status muster_scenario_load(muster_scenario **out, const char *place, const char *code) {
    return load(out, place, code, NULL, false);
}

muster_status muster_scenario_load_with(muster_scenario **out, const char *place, const char *code,
                                        const muster_profiles *profiles) {
    return load(out, place, code, profiles, false);
}

muster_status muster_scenario_load_whole(muster_scenario **out, const char *place,
                                         const char *code) {
    return load(out, place, code, NULL, true);
}

/* All but what `heir`, if there is one, has as well. */
static void fini(muster_scenario *scenario, const muster_scenario *heir) {
    for (uint32_t m = 0; m < scenario->metric_count; ++m) {
        const bool is_kept = heir && metric_of(heir, scenario->rows.profile[m]);
        if (!is_kept) muster_metric_free(scenario->metric[m]);
    }
    mu_gis_free(scenario->metric);
    mu_gis_free(scenario->metric_view);
    mu_scenario_rows_fini(&scenario->rows);
    if (heir) return;
    muster_network_free(scenario->network);
    muster_profiles_free(scenario->own_profiles);
}

static muster_status read_again(muster_scenario *next, const muster_scenario *last,
                                mu_store *store) {
    MU_TRY(check_tables(store));
    MU_TRY(choose_scenario(next, store, last->code));
    MU_TRY(read_rows(next, store));
    MU_TRY(make_metrics(next, last));
    return make_problem(next, store->name);
}

muster_status muster_scenario_reload(muster_scenario *scenario, const char *place) {
    muster_scenario next = {.rows         = {.is_whole = scenario->rows.is_whole},
                            .network      = scenario->network,
                            .own_profiles = scenario->own_profiles,
                            .profiles     = scenario->profiles};
    mu_store       *store;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_again(&next, scenario, store);
    mu_store_close(store);
    if (status == MUSTER_OK) {
        const muster_scenario last = *scenario;
        *scenario                  = next;
        scenario->problem.weights  = &scenario->rows.weights;
        next                       = last;
    }
    fini(&next, scenario);
    return status;
}

void muster_scenario_free(muster_scenario *scenario) {
    if (!scenario) return;
    fini(scenario, NULL);
    mu_gis_free(scenario);
}

const muster_profiles *muster_scenario_profiles(const muster_scenario *scenario) {
    return scenario->profiles;
}

const char *muster_scenario_code(const muster_scenario *scenario) {
    return scenario->code;
}

const char *muster_scenario_name(const muster_scenario *scenario) {
    return scenario->name;
}

const muster_network *muster_scenario_network(const muster_scenario *scenario) {
    return scenario->network;
}

const muster_problem *muster_scenario_problem(const muster_scenario *scenario) {
    return &scenario->problem;
}

const uint32_t *muster_scenario_unavailable(const muster_scenario *scenario,
                                            muster_resource resource, uint32_t *out_count) {
    *out_count = 0;
    if ((unsigned)resource >= MUSTER_RESOURCE_COUNT) return NULL;
    *out_count = scenario->rows.unavailable_count[resource];
    return scenario->rows.unavailable[resource];
}
