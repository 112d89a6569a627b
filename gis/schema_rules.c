/* See schema_rules.h. These are the table constraints of schema.sql in C, for stores that have
 * none. A value of a wrong type has been said to be wrong before; it is passed over here. */
#include "gis/schema_rules.h"

#include <string.h>

#include "gis/value.h"

static const mu_value *cell(const mu_schema_table *table, const mu_value *row, const char *column,
                            uint32_t *out_column) {
    *out_column = mu_schema_column_find(table, column);
    return &row[*out_column];
}

static bool is_word(const mu_value *value, const char *word) {
    return value->form == MU_FORM_TEXT && value->size == strlen(word) &&
           memcmp(value->bytes, word, value->size) == 0;
}

static bool is_null(const mu_value *value) {
    return value->form == MU_FORM_NULL;
}

const char *mu_rule_turn_restriction(const mu_schema_table *table, const mu_value *row,
                                     uint32_t *out_column) {
    const bool is_penalty = is_word(cell(table, row, "kind", out_column), "penalty");
    const bool is_missing = is_null(cell(table, row, "penalty_s", out_column));
    if (is_penalty != is_missing) return NULL;
    return is_penalty ? "the seconds of a penalty" : "NULL for what is no penalty";
}

const char *mu_rule_kind(const mu_schema_table *table, const mu_value *row, uint32_t *out_column) {
    const bool      has_kind   = !is_null(cell(table, row, "operator_kind", out_column));
    const bool      is_machine = is_word(cell(table, row, "resource", out_column), "machine");
    const mu_value *count      = cell(table, row, "operator_count", out_column);
    if (count->form != MU_FORM_WHOLE) return NULL;
    if (has_kind != (count->whole > 0)) {
        return has_kind ? "1 or more, with operator_kind" : "0, without operator_kind";
    }
    return count->whole == 0 || is_machine ? NULL : "0 for what is no machine";
}

const char *mu_rule_incident(const mu_schema_table *table, const mu_value *row,
                             uint32_t *out_column) {
    static const int64_t MOST_US = INT64_C(2147483) * 1000000;
    const mu_value      *from    = cell(table, row, "reported_at", out_column);
    const mu_value      *to      = cell(table, row, "deadline_at", out_column);
    if (from->form != MU_FORM_WHOLE || to->form != MU_FORM_WHOLE) return NULL;
    if (to->whole > from->whole && to->whole - from->whole <= MOST_US) return NULL;
    return "a moment up to 2147483 seconds after reported_at";
}

const char *mu_rule_need(const mu_schema_table *table, const mu_value *row, uint32_t *out_column) {
    const mu_value *quantity = cell(table, row, "quantity", out_column);
    const mu_value *minimum  = cell(table, row, "minimum", out_column);
    if (quantity->form != MU_FORM_WHOLE || minimum->form != MU_FORM_WHOLE) return NULL;
    return minimum->whole <= quantity->whole ? NULL : "at most the quantity";
}

const char *mu_rule_rule(const mu_schema_table *table, const mu_value *row, uint32_t *out_column) {
    const bool is_hold = is_word(cell(table, row, "type", out_column), "hold");
    const bool is_open = is_null(cell(table, row, "incident", out_column));
    return is_open && !is_hold ? "an incident, but for hold" : NULL;
}

const char *mu_rule_closure(const mu_schema_table *table, const mu_value *row,
                            uint32_t *out_column) {
    const bool has_edge = !is_null(cell(table, row, "edge", out_column));
    const bool has_geom = !is_null(cell(table, row, "geom", out_column));
    return has_edge || has_geom ? NULL : "a geometry, or an edge";
}

/* `to` is NULL, or not before `from` where that is known. */
static bool is_in_order(const mu_schema_table *table, const mu_value *row, const char *from,
                        const char *to, uint32_t *out_column) {
    const mu_value *start = cell(table, row, from, out_column);
    const mu_value *end   = cell(table, row, to, out_column);
    return start->form != MU_FORM_WHOLE || end->form != MU_FORM_WHOLE || end->whole >= start->whole;
}

static const char *wrong_kind(const mu_schema_table *table, const mu_value *row,
                              uint32_t *out_column) {
    const bool is_item = is_word(cell(table, row, "resource", out_column), "item");
    const bool is_kind = !is_null(cell(table, row, "kind", out_column));
    if (is_item == is_kind) return NULL;
    return is_item ? "the kind of the items" : "NULL for what is no item";
}

const char *mu_rule_assignment(const mu_schema_table *table, const mu_value *row,
                               uint32_t *out_column) {
    const char *wrong = wrong_kind(table, row, out_column);
    if (wrong) return wrong;
    const bool is_item = is_word(cell(table, row, "resource", out_column), "item");
    if (!is_null(cell(table, row, "vehicle", out_column)) && !is_item) {
        return "NULL for what is no item";
    }
    if (!is_in_order(table, row, "depart_at", "eta_at", out_column)) return "depart_at or later";
    const bool has_scenario = !is_null(cell(table, row, "scenario", out_column));
    const bool has_incident = !is_null(cell(table, row, "incident", out_column));
    if (has_scenario == has_incident) return NULL;
    return has_scenario ? "an incident of the scenario" : "NULL without a scenario";
}

const char *mu_rule_claim(const mu_schema_table *table, const mu_value *row, uint32_t *out_column) {
    const char *wrong = wrong_kind(table, row, out_column);
    if (wrong) return wrong;
    return is_in_order(table, row, "since", "released_at", out_column) ? NULL : "since or later";
}
