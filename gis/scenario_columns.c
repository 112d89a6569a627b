#include "gis/scenario_columns.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

static const double MAX_SECONDS = 2147483; /* 24.8 days: MUSTER_UNREACHABLE_MS */

enum { MAX_COUNT = INT32_MAX - 1 };

/* ---- tables -------------------------------------------------------------------------- */

enum { SQL_BYTES = 800 };

static muster_status add_optional(char sql[SQL_BYTES], mu_store *store,
                                  const mu_scenario_table *table) {
    for (int i = 0; i < MU_OPTIONAL_COLUMNS && table->optional[i].name; ++i) {
        const mu_optional_column *column = &table->optional[i];
        const size_t              used   = strlen(sql);
        bool                      there;
        MU_TRY(mu_store_has_column(store, table->name, column->name, &there));
        snprintf(sql + used, SQL_BYTES - used, ", %s AS %s",
                 there ? column->name : column->fallback, column->name);
    }
    return MUSTER_OK;
}

static muster_status ask(mu_scenario_reader *r, const mu_scenario_table *table,
                         const char *argument) {
    char           sql[SQL_BYTES];
    const mu_query query = {table->name, sql, argument};
    snprintf(sql, sizeof sql, "SELECT %s", table->columns);
    MU_TRY(add_optional(sql, r->store, table));
    const size_t used = strlen(sql);
    snprintf(sql + used, sizeof sql - used, " FROM %s %s", table->name, table->order);
    return mu_store_ask(r->store, &query);
}

muster_status mu_scenario_ask(mu_scenario_reader *r, const mu_scenario_table *table,
                              const char *argument, bool is_optional) {
    bool there = true;
    if (is_optional) MU_TRY(mu_store_has_table(r->store, table->name, &there));
    if (!there) return MUSTER_OK;
    assert(r->asked_count < MU_SCENARIO_TABLES);
    r->asked[r->asked_count++] = table;
    return ask(r, table, argument);
}

muster_status mu_scenario_read_table(mu_scenario_reader *r, const mu_scenario_table *table) {
    if (r->read_count == r->asked_count || r->asked[r->read_count] != table) return MUSTER_OK;
    ++r->read_count;
    r->last_code = NULL;
    r->last_pair = (mu_row_pair){0};
    MU_TRY(mu_store_read(r->store, table->read_row, r));
    if (table->index) mu_code_index_sort((mu_code_index *)((char *)r + table->index));
    return MUSTER_OK;
}

/* ---- columns ------------------------------------------------------------------------- */

muster_status mu_scenario_make_room(const mu_row *row, void *inout, size_t *capacity, uint32_t used,
                                    size_t size) {
    if (used == MAX_COUNT) return mu_column_fail(row, 0, "more than %d rows", MAX_COUNT);
    return mu_gis_grow(inout, capacity, used, size);
}

muster_status mu_scenario_code(mu_scenario_reader *r, const mu_row *row, const char **out) {
    const char *text;
    MU_TRY(mu_column_text(row, 0, &text));
    if (*text == 0) return mu_column_unexpected(row, 0, "a text that is not empty");
    if (r->last_code && strcmp(r->last_code, text) == 0) {
        return mu_column_fail(row, 0, "there are two rows of this code");
    }
    MU_TRY(mu_texts_keep(&r->rows->texts, text, out));
    r->last_code = *out;
    return MUSTER_OK;
}

muster_status mu_scenario_name(mu_scenario_reader *r, const mu_row *row, int column,
                               const char **out) {
    const char *text;
    *out = NULL;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, column, &text));
    return mu_texts_keep(&r->rows->texts, text, out);
}

muster_status mu_scenario_seconds(const mu_row *row, int column, uint32_t *out_ms) {
    double seconds;
    MU_TRY(mu_column_real(row, column, 0, MAX_SECONDS, &seconds));
    *out_ms = (uint32_t)lround(seconds * 1000);
    return MUSTER_OK;
}

muster_status mu_scenario_seconds_or_0(const mu_row *row, int column, uint32_t *out_ms) {
    *out_ms = 0;
    return mu_column_is_null(row, column) ? MUSTER_OK : mu_scenario_seconds(row, column, out_ms);
}

muster_status mu_scenario_reference(const mu_row *row, int column, const char *table,
                                    const mu_code_index *index, const mu_coded **out) {
    const char *code;
    MU_TRY(mu_column_text(row, column, &code));
    *out = mu_code_index_find(index, code);
    if (*out) return MUSTER_OK;
    return mu_column_unexpected(row, column, "the code of a row in table %s", table);
}

muster_status mu_scenario_kind(const mu_scenario_reader *r, const mu_row *row, int column,
                               muster_resource resource, uint32_t *out) {
    const mu_coded *kind;
    MU_TRY(mu_scenario_reference(row, column, "kind", &r->kinds, &kind));
    *out                         = kind->index;
    const muster_resource actual = (muster_resource)r->rows->kind[kind->index].resource;
    if (actual == resource) return MUSTER_OK;
    return mu_column_unexpected(row, column, "a kind of resource '%s', not '%s'",
                                muster_resource_name(resource), muster_resource_name(actual));
}

muster_status mu_scenario_pair(mu_scenario_reader *r, const mu_row *row, const char *table,
                               const mu_code_index *index, mu_row_pair *out) {
    MU_TRY(mu_scenario_reference(row, 1, table, index, &out->of));
    MU_TRY(mu_scenario_reference(row, 2, "kind", &r->kinds, &out->kind));
    if (out->of == r->last_pair.of && out->kind == r->last_pair.kind) {
        return mu_column_unexpected(row, 2, "one row for each kind of %s '%s'", table,
                                    out->of->code);
    }
    r->last_pair = *out;
    return MUSTER_OK;
}

muster_status mu_scenario_authority(const mu_scenario_reader *r, const mu_row *row,
                                    int place_column, int tier_column, uint32_t *out) {
    const muster_authority *all = r->rows->authority;
    const mu_coded         *place;
    const char             *tier = NULL;
    *out                         = MUSTER_NONE;
    if (r->rows->authority_count == 0 || mu_column_is_null(row, place_column)) return MUSTER_OK;
    MU_TRY(mu_scenario_reference(row, place_column, "place", &r->authorities, &place));
    *out = place->index;
    if (tier_column < 0 || mu_column_is_null(row, tier_column)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, tier_column, &tier));
    const muster_level level = muster_level_from_name(tier);
    if (level >= MUSTER_LEVEL_COUNT) return MUSTER_OK; /* volunteers: who is over their place */
    while (all[*out].level < (uint8_t)level && all[*out].parent != MUSTER_NONE) {
        *out = all[*out].parent;
    }
    return MUSTER_OK;
}
