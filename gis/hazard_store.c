/* Hazards and closures from a GeoPackage or PostGIS: whose, and whether there are any. */
#include <muster/hazard.h>

#include <string.h>

#include "gis/hazard_rows.h"
#include "gis/memory.h"
#include "gis/network_store.h"
#include "gis/utf8.h"

enum { NAME_BYTES = 120 };

typedef struct scenario_choice {
    mu_texts   *texts;
    const char *wanted, *code; /* NULL: the default; none yet */
} scenario_choice;

static muster_status take_code(void *user, const mu_row *row) {
    scenario_choice *choice = user;
    const char      *code;
    int64_t          is_default;
    MU_TRY(mu_column_text(row, 0, &code));
    MU_TRY(mu_column_int(row, 1, 0, 1, &is_default));
    const bool is_it = choice->wanted ? strcmp(choice->wanted, code) == 0 : is_default != 0;
    return is_it && !choice->code ? mu_texts_keep(choice->texts, code, &choice->code) : MUSTER_OK;
}

/* The scenario asked for, or the default one. */
static muster_status choose(mu_store *store, mu_texts *texts, const char *wanted,
                            const char **out) {
    scenario_choice choice = {texts, wanted, NULL};
    const mu_query  query  = {
          "scenario", "SELECT code, is_default FROM scenario ORDER BY code COLLATE BINARY", NULL};
    MU_TRY(mu_store_query(store, &query, take_code, &choice));
    *out = choice.code;
    if (choice.code) return MUSTER_OK;
    char quoted[NAME_BYTES];
    mu_quote(quoted, sizeof quoted,
             wanted && mu_is_utf8(wanted, strlen(wanted)) ? wanted : "(not UTF-8)");
    return muster_fail(MUSTER_E_INVALID, "\"%s\" has no scenario %s; expected one of its codes",
                       store->name, wanted ? quoted : "that is the default");
}

static muster_status check_tables(mu_store *store) {
    bool has_hazards, has_closures, has_scenarios;
    MU_TRY(mu_network_check_tables(store));
    MU_TRY(mu_store_has_table(store, "hazard", &has_hazards));
    MU_TRY(mu_store_has_table(store, "closure", &has_closures));
    MU_TRY(mu_store_has_table(store, "scenario", &has_scenarios));
    const bool has_any = has_hazards || has_closures;
    if (has_any && has_scenarios) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" has no table \"%s\"; docs/schema.md describes it",
                       store->name, has_any ? "scenario" : "hazard\" and no \"closure");
}

static muster_status read_tables(muster_hazards *hazards, mu_store *store, mu_texts *texts,
                                 const char *wanted) {
    const char *scenario;
    MU_TRY(check_tables(store));
    MU_TRY(choose(store, texts, wanted, &scenario));
    return mu_hazard_rows_read(hazards, store, scenario);
}

muster_status muster_hazards_add_store(muster_hazards *hazards, const char *place,
                                       const char *wanted) {
    mu_store *store;
    mu_texts  texts = {0};
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_tables(hazards, store, &texts, wanted);
    mu_texts_fini(&texts);
    mu_store_close(store);
    return status;
}
