/* All of these tables may be missing: older files have none of them, and say nothing then. */
#include "gis/scenario_command.h"

#include <math.h>

#include "gis/geometry_column.h"

/* ---- authorities --------------------------------------------------------------------- */

static muster_status read_place(void *user, const mu_row *row) {
    mu_scenario_reader *r         = user;
    mu_scenario_rows   *rows      = r->rows;
    muster_authority    authority = {.parent = MUSTER_NONE};
    const char         *level;
    MU_TRY(mu_scenario_make_room(row, &rows->authority, &r->authority_capacity,
                                 rows->authority_count, sizeof authority));
    MU_TRY(mu_scenario_make_room(row, &r->parent, &r->parent_capacity, rows->authority_count,
                                 sizeof *r->parent));
    MU_TRY(mu_scenario_code(r, row, &authority.code));
    MU_TRY(mu_scenario_name(r, row, 1, &authority.name));
    MU_TRY(mu_column_text(row, 2, &level));
    authority.level = (uint8_t)muster_level_from_name(level);
    if (authority.level > MUSTER_CITY) {
        return mu_column_unexpected(row, 2, "city, county, town or village");
    }
    MU_TRY(mu_scenario_name(r, row, 3, &r->parent[rows->authority_count]));
    MU_TRY(mu_code_index_add(&r->authorities, authority.code, rows->authority_count));
    rows->authority[rows->authority_count++] = authority;
    return MUSTER_OK;
}

/* A place may belong to one that comes after it. */
static muster_status attach_parents(mu_scenario_reader *r) {
    mu_scenario_rows *rows = r->rows;
    for (uint32_t a = 0; a < rows->authority_count; ++a) {
        if (!r->parent[a]) continue;
        const mu_coded *parent = mu_code_index_find(&r->authorities, r->parent[a]);
        if (parent && rows->authority[parent->index].level > rows->authority[a].level) {
            rows->authority[a].parent = parent->index;
            continue;
        }
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": table place, row code '%s', column parent_code: '%s'; expected "
                           "the code of a place of a higher level than %s",
                           r->store->name, rows->authority[a].code, r->parent[a],
                           muster_level_name((muster_level)rows->authority[a].level));
    }
    return MUSTER_OK;
}

static const mu_scenario_table PLACE = {"place",    "code, name, level, parent_code",
                                        {{0}},      "ORDER BY code COLLATE BINARY",
                                        read_place, offsetof(mu_scenario_reader, authorities)};

muster_status mu_scenario_ask_authorities(mu_scenario_reader *r) {
    return mu_scenario_ask(r, &PLACE, NULL, true);
}

muster_status mu_scenario_read_authorities(mu_scenario_reader *r) {
    MU_TRY(mu_scenario_read_table(r, &PLACE));
    return attach_parents(r);
}

/* ---- zones --------------------------------------------------------------------------- */

static muster_status read_zone(void *user, const mu_row *row) {
    enum { KIND = 1, RADIUS, REQUIRED, WEIGHT, GEOM };
    mu_scenario_reader *r    = user;
    mu_scenario_rows   *rows = r->rows;
    muster_zone         zone = {0};
    const mu_coded     *kind;
    MU_TRY(
        mu_scenario_make_room(row, &rows->zone, &r->zone_capacity, rows->zone_count, sizeof zone));
    MU_TRY(mu_scenario_code(r, row, &zone.code));
    MU_TRY(mu_scenario_reference(row, KIND, "kind", &r->kinds, &kind));
    zone.kind = kind->index;
    if (rows->kind[zone.kind].resource == MUSTER_ITEM) {
        return mu_column_unexpected(row, KIND, "a kind of people, vehicle or machine");
    }
    MU_TRY(mu_scenario_seconds(row, RADIUS, &zone.radius_ms));
    MU_TRY(mu_column_int(row, REQUIRED, 1, MUSTER_MAX_QUANTITY, &zone.required));
    MU_TRY(mu_column_int(row, WEIGHT, 0, MUSTER_MAX_QUANTITY, &zone.weight));
    MU_TRY(mu_column_point(row, GEOM, &zone.site.lon_deg, &zone.site.lat_deg));
    rows->zone[rows->zone_count++] = zone;
    return MUSTER_OK;
}

/* ---- rules --------------------------------------------------------------------------- */

enum rule_column {
    RULE_TYPE = 1,
    RULE_RESOURCE,
    RULE_CODE,
    RULE_KIND,
    RULE_INCIDENT,
    RULE_QUANTITY,
    RULE_VEHICLE
};

static muster_status read_rule_type(const mu_row *row, muster_rule *out) {
    static const char *const NAME[] = {"lock", "forbid", "hold", "en_route"};
    const char              *type, *resource;
    MU_TRY(mu_column_text(row, RULE_TYPE, &type));
    while (out->type < MUSTER_RULE_TYPE_COUNT && strcmp(type, NAME[out->type]) != 0) ++out->type;
    if (out->type == MUSTER_RULE_TYPE_COUNT) {
        return mu_column_unexpected(row, RULE_TYPE, "lock, forbid, hold or en_route");
    }
    MU_TRY(mu_column_text(row, RULE_RESOURCE, &resource));
    out->resource = (uint8_t)muster_resource_from_name(resource);
    if (out->resource < MUSTER_RESOURCE_COUNT) return MUSTER_OK;
    return mu_column_unexpected(row, RULE_RESOURCE, "people, vehicle, machine or item");
}

/* What a warehouse holds of a kind. Stocks lie warehouse by warehouse, kind by kind. */
static muster_status find_stock(const mu_scenario_reader *r, const mu_row *row,
                                const mu_coded *warehouse, const mu_coded *kind, uint32_t *out) {
    const mu_scenario_rows *rows = r->rows;
    for (*out = 0; *out < rows->stock_count; ++*out) {
        const muster_stock *stock = &rows->stock[*out];
        if (stock->kind == kind->index && strcmp(stock->unit.code, warehouse->code) == 0) {
            return MUSTER_OK;
        }
    }
    return mu_column_unexpected(row, RULE_KIND, "a kind that warehouse '%s' holds",
                                warehouse->code);
}

static muster_status read_rule_unit(const mu_scenario_reader *r, const mu_row *row,
                                    const mu_coded *kind, muster_rule *out) {
    static const char *const   TABLE[] = {"team", "vehicle", "machine", "warehouse"};
    const mu_code_index *const INDEX[] = {&r->teams, &r->vehicles, &r->machines, &r->warehouses};
    const mu_coded            *unit;
    MU_TRY(
        mu_scenario_reference(row, RULE_CODE, TABLE[out->resource], INDEX[out->resource], &unit));
    if (out->resource == MUSTER_ITEM) {
        if (!kind) return mu_column_unexpected(row, RULE_KIND, "the kind of the items");
        return find_stock(r, row, unit, kind, &out->index);
    }
    out->index = unit->index;
    if (unit->index != MUSTER_NONE || out->type != MUSTER_LOCK) return MUSTER_OK;
    return mu_column_unexpected(row, RULE_CODE, "a %s that is available", TABLE[out->resource]);
}

/* The need of its incident that a lock says; it may leave that open. */
static muster_status find_need(const mu_scenario_reader *r, const mu_row *row, const mu_coded *kind,
                               muster_rule *out) {
    const mu_scenario_rows *rows = r->rows;
    out->need                    = MUSTER_NONE;
    if (!kind || out->type != MUSTER_LOCK) return MUSTER_OK;
    for (uint32_t n = 0; n < rows->need_count; ++n) {
        if (rows->need[n].incident != out->incident || rows->need[n].kind != kind->index) continue;
        out->need = n;
        return MUSTER_OK;
    }
    return mu_column_unexpected(row, RULE_KIND, "a kind that incident '%s' needs",
                                rows->incident[out->incident].code);
}

/* The vehicle that has items on board, which are on their way. */
static muster_status read_rule_vehicle(const mu_scenario_reader *r, const mu_row *row,
                                       muster_rule *out) {
    const mu_coded *vehicle;
    if (out->type != MUSTER_EN_ROUTE || out->resource != MUSTER_ITEM) return MUSTER_OK;
    MU_TRY(mu_scenario_reference(row, RULE_VEHICLE, "vehicle", &r->vehicles, &vehicle));
    out->vehicle = vehicle->index;
    if (vehicle->index == MUSTER_NONE) out->index = MUSTER_NONE; /* it is not available */
    return MUSTER_OK;
}

static muster_status read_rule(void *user, const mu_row *row) {
    mu_scenario_reader *r    = user;
    mu_scenario_rows   *rows = r->rows;
    muster_rule         rule = {0};
    const mu_coded     *kind = NULL, *incident;
    MU_TRY(
        mu_scenario_make_room(row, &rows->rule, &r->rule_capacity, rows->rule_count, sizeof rule));
    MU_TRY(read_rule_type(row, &rule));
    if (!mu_column_is_null(row, RULE_KIND)) {
        MU_TRY(mu_scenario_reference(row, RULE_KIND, "kind", &r->kinds, &kind));
    }
    MU_TRY(read_rule_unit(r, row, kind, &rule));
    if (rule.type != MUSTER_HOLD) {
        MU_TRY(mu_scenario_reference(row, RULE_INCIDENT, "incident", &r->incidents, &incident));
        rule.incident = incident->index;
        MU_TRY(find_need(r, row, kind, &rule));
    }
    MU_TRY(read_rule_vehicle(r, row, &rule));
    MU_TRY(mu_column_int(row, RULE_QUANTITY, 0, MUSTER_MAX_QUANTITY, &rule.quantity));
    if (rule.index != MUSTER_NONE) rows->rule[rows->rule_count++] = rule;
    return MUSTER_OK;
}

/* ---- weights ------------------------------------------------------------------------- */

static const char *const WEIGHT_KEYS =
    "severity_minor, severity_moderate, severity_severe, severity_extreme, lateness_step_s, "
    "lateness_penalty_s, escalation_delay_0_s to escalation_delay_4_s, diversion_unmet_need, "
    "diversion_response_time or reserve_before_response";

static muster_status read_escalation_delay(const mu_row *row, const char *key,
                                           muster_weights *out) {
    char name[] = "escalation_delay_0_s";
    for (unsigned level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
        name[strlen("escalation_delay_")] = (char)('0' + level);
        if (strcmp(key, name) != 0) continue;
        return mu_scenario_seconds(row, 1, &out->escalation_delay_ms[level]);
    }
    return mu_column_unexpected(row, 0, "%s", WEIGHT_KEYS);
}

static muster_status read_severity(const mu_row *row, const char *key, muster_weights *out) {
    const char *const     name     = key + strlen("severity_");
    const muster_severity severity = muster_severity_from_name(name);
    if (severity >= MUSTER_SEVERITY_COUNT) {
        return mu_column_unexpected(row, 0, "%s", WEIGHT_KEYS);
    }
    return mu_column_int(row, 1, 1, 1000000, &out->severity[severity]);
}

static muster_status read_weight(void *user, const mu_row *row) {
    mu_scenario_reader *r   = user;
    muster_weights     *out = &r->rows->weights;
    const char         *key;
    int64_t             whole;
    MU_TRY(mu_scenario_code(r, row, &key));
    if (strncmp(key, "severity_", strlen("severity_")) == 0) return read_severity(row, key, out);
    if (strcmp(key, "lateness_step_s") == 0) {
        return mu_scenario_seconds(row, 1, &out->lateness_step_ms);
    }
    if (strcmp(key, "lateness_penalty_s") == 0) {
        MU_TRY(mu_column_int(row, 1, 0, 1000000, &whole));
        out->lateness_step_s = (uint32_t)whole;
        return MUSTER_OK;
    }
    if (strcmp(key, "diversion_unmet_need") == 0) {
        return mu_column_int(row, 1, 0, INT64_C(1) << 40, &out->diversion_unmet_need);
    }
    if (strcmp(key, "diversion_response_time") == 0) {
        return mu_column_int(row, 1, 0, INT64_C(1) << 50, &out->diversion_response_time);
    }
    if (strcmp(key, "reserve_before_response") == 0) {
        MU_TRY(mu_column_int(row, 1, 0, 1, &whole));
        out->reserve_before_response = (uint8_t)whole;
        return MUSTER_OK;
    }
    return read_escalation_delay(row, key, out);
}

/* ---- all of it ----------------------------------------------------------------------- */

static const mu_scenario_table ZONE = {"zone",    "code, kind, radius_s, required, weight, geom",
                                       {{0}},     "ORDER BY code COLLATE BINARY",
                                       read_zone, 0};
/* ?1 is the code of the scenario. */
static const mu_scenario_table RULE   = {"rule",
                                         "id, type, resource, code, kind, incident, quantity",
                                         {{"vehicle", "NULL"}},
                                         "WHERE scenario = ?1 COLLATE BINARY ORDER BY id",
                                         read_rule,
                                         0};
static const mu_scenario_table WEIGHT = {
    "weight", "key, value", {{0}}, "ORDER BY key COLLATE BINARY", read_weight, 0};

muster_status mu_scenario_ask_command(mu_scenario_reader *r, const char *scenario) {
    MU_TRY(mu_scenario_ask(r, &ZONE, NULL, true));
    MU_TRY(mu_scenario_ask(r, &RULE, scenario, true));
    return mu_scenario_ask(r, &WEIGHT, NULL, true);
}

muster_status mu_scenario_read_command(mu_scenario_reader *r) {
    r->rows->weights = (muster_weights)MUSTER_WEIGHTS_INIT;
    MU_TRY(mu_scenario_read_table(r, &ZONE));
    MU_TRY(mu_scenario_read_table(r, &RULE));
    return mu_scenario_read_table(r, &WEIGHT);
}
