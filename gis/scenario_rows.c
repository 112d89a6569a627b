/* Reading a scenario from a store that anybody may have written.
 *
 * As with a network, no constraint of our schema is taken for granted: every value is
 * judged here, where store, table, row and column are known. Rows refer to each other by
 * code, so a table that is referred to is read first and its codes are kept in an index.
 *
 * Rows come in the binary order of their codes, whatever their order in the store: the same
 * scenario always makes the same problem, and two rows of one code are neighbours. A row
 * that is not available is checked like any other and then left out, unless the scenario is to be whole;
 * its code stays in the index with MUSTER_NONE, because others may refer to it. */
#include "gis/scenario_rows.h"

#include "gis/geometry_column.h"
#include "gis/moment.h"
#include "gis/scenario_columns.h"
#include "gis/scenario_command.h"

/* ---- columns ------------------------------------------------------------------------- */

/* A profile that no row before has named gets the next place. */
static muster_status read_profile(mu_scenario_reader *r, const mu_row *row, int column,
                                  uint32_t *out) {
    mu_scenario_rows     *rows = r->rows;
    const char           *name;
    const muster_profile *profile;
    MU_TRY(mu_column_text(row, column, &name));
    for (*out = 0; *out < rows->profile_count; ++*out) {
        if (strcmp(name, rows->profile[*out]->name) == 0) return MUSTER_OK;
    }
    if (muster_profiles_find(&profile, r->profiles, name) != MUSTER_OK) {
        const char *names = strstr(muster_error_message(), "expected ");
        return mu_column_unexpected(row, column, "%s", names ? names + strlen("expected ") : "");
    }
    MU_TRY(mu_gis_grow(&rows->profile, &r->profile_capacity, rows->profile_count,
                       sizeof(muster_profile *)));
    rows->profile[rows->profile_count++] = profile;
    return MUSTER_OK;
}

static muster_status read_available(const mu_row *row, int column, bool *out) {
    int64_t value;
    MU_TRY(mu_column_int(row, column, 0, 1, &value));
    *out = value == 1;
    return MUSTER_OK;
}

/* Whether a unit is available, and so the row that it gets behind `count` others; MUSTER_NONE: none. */
static muster_status read_place_in_list(mu_scenario_reader *r, const mu_row *row, int column,
                                        muster_resource resource, uint32_t count, uint32_t *out) {
    mu_scenario_rows *rows = r->rows;
    bool              is_available;
    MU_TRY(read_available(row, column, &is_available));
    *out = is_available || rows->is_whole ? count : MUSTER_NONE;
    if (is_available || !rows->is_whole) return MUSTER_OK;
    uint32_t *const used = &rows->unavailable_count[resource];
    MU_TRY(mu_scenario_make_room(row, &rows->unavailable[resource],
                                 &r->unavailable_capacity[resource], *used, sizeof count));
    rows->unavailable[resource][(*used)++] = count;
    return MUSTER_OK;
}

/* A mass or a volume; 0 where it is not known. */
static muster_status read_amount(const mu_row *row, int column, double most, double *out) {
    *out = 0;
    return mu_column_is_null(row, column) ? MUSTER_OK : mu_column_real(row, column, 0, most, out);
}

/* The columns of every unit; those of UNIT_OPTIONAL come last. */
enum unit_column { UNIT_CODE, UNIT_NAME, UNIT_TURNOUT, UNIT_PROFILE, UNIT_GEOM, UNIT_MORE };

enum { UNIT_OPTIONAL_COUNT = 5 };

#define UNIT_OPTIONAL                                                                              \
    {"place", "NULL"}, {"tier", "NULL"}, {"ready_s", "0"}, {"shift_end_s", "NULL"}, {              \
        "duty_s", "0"                                                                              \
    }

static muster_status read_duty(const mu_scenario_reader *r, const mu_row *row, int column,
                               muster_unit *out) {
    MU_TRY(mu_scenario_authority(r, row, column, column + 1, &out->authority));
    MU_TRY(mu_scenario_seconds(row, column + 2, &out->available_ms));
    MU_TRY(mu_scenario_seconds_or_0(row, column + 3, &out->shift_end_ms));
    MU_TRY(mu_scenario_seconds(row, column + 4, &out->duty_ms));
    if (out->shift_end_ms > 0 || mu_column_is_null(row, column + 3)) return MUSTER_OK;
    return mu_column_unexpected(row, column + 3, "more than 0, or NULL where there is no end");
}

static muster_status read_grade(const mu_row *row, int column, uint32_t *out) {
    int64_t grade;
    MU_TRY(mu_column_int(row, column, 0, UINT8_MAX, &grade));
    *out = (uint32_t)grade;
    return MUSTER_OK;
}

/* `optional` is the column of the first of UNIT_OPTIONAL. */
static muster_status read_unit(mu_scenario_reader *r, const mu_row *row, int optional,
                               muster_unit *out) {
    MU_TRY(mu_scenario_code(r, row, &out->code));
    MU_TRY(mu_scenario_name(r, row, UNIT_NAME, &out->name));
    MU_TRY(read_profile(r, row, UNIT_PROFILE, &out->metric));
    MU_TRY(mu_column_point(row, UNIT_GEOM, &out->site.lon_deg, &out->site.lat_deg));
    out->turnout_ms = r->rows->profile[out->metric]->turnout_ms;
    if (!mu_column_is_null(row, UNIT_TURNOUT)) {
        MU_TRY(mu_scenario_seconds(row, UNIT_TURNOUT, &out->turnout_ms));
    }
    return read_duty(r, row, optional, out);
}

/* ---- what there is ------------------------------------------------------------------- */

/* Who it takes to operate a machine, and how many; both or neither. */
static muster_status read_operators(mu_scenario_reader *r, const mu_row *row, muster_kind *kind) {
    enum { OPERATOR_KIND = 5, OPERATOR_COUNT };
    mu_scenario_rows *rows = r->rows;
    int64_t           count;
    MU_TRY(mu_scenario_make_room(row, &r->operator_kind, &r->operator_capacity, rows->kind_count,
                                 sizeof *r->operator_kind));
    MU_TRY(mu_scenario_name(r, row, OPERATOR_KIND, &r->operator_kind[rows->kind_count]));
    MU_TRY(mu_column_int(row, OPERATOR_COUNT, 0, MUSTER_MAX_QUANTITY, &count));
    kind->operator_count = (uint32_t)count;
    const bool has_kind  = r->operator_kind[rows->kind_count] != NULL;
    if (has_kind != (count > 0)) {
        return mu_column_unexpected(row, OPERATOR_COUNT,
                                    has_kind ? "1 or more, with operator_kind"
                                             : "0, without operator_kind");
    }
    if (count == 0 || kind->resource == MUSTER_MACHINE) return MUSTER_OK;
    return mu_column_unexpected(row, OPERATOR_COUNT, "0 for what is no machine");
}

static muster_status read_kind(void *user, const mu_row *row) {
    mu_scenario_reader *r    = user;
    mu_scenario_rows   *rows = r->rows;
    muster_kind         kind = {0};
    const char         *resource;
    MU_TRY(
        mu_scenario_make_room(row, &rows->kind, &r->kind_capacity, rows->kind_count, sizeof kind));
    MU_TRY(mu_scenario_code(r, row, &kind.code));
    MU_TRY(mu_scenario_name(r, row, 1, &kind.name));
    MU_TRY(mu_column_text(row, 2, &resource));
    kind.resource = (uint8_t)muster_resource_from_name(resource);
    if (kind.resource >= MUSTER_RESOURCE_COUNT) {
        return mu_column_unexpected(row, 2, "people, vehicle, machine or item");
    }
    MU_TRY(read_amount(row, 3, MUSTER_MAX_UNIT_KG, &kind.mass_kg));
    MU_TRY(read_amount(row, 4, MUSTER_MAX_UNIT_M3, &kind.volume_m3));
    MU_TRY(mu_code_index_add(&r->kinds, kind.code, rows->kind_count));
    MU_TRY(read_operators(r, row, &kind));
    rows->kind[rows->kind_count++] = kind;
    return MUSTER_OK;
}

/* A kind may be operated by one that comes after it. */
static muster_status attach_operators(mu_scenario_reader *r) {
    for (uint32_t k = 0; k < r->rows->kind_count; ++k) {
        muster_kind *kind = &r->rows->kind[k];
        if (!r->operator_kind[k]) continue;
        const mu_coded *who = mu_code_index_find(&r->kinds, r->operator_kind[k]);
        if (who) kind->operator_kind = who->index;
        if (who && r->rows->kind[who->index].resource == MUSTER_PEOPLE) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": table kind, row code '%s', column operator_kind: '%s'; "
                           "expected the code of a kind of people",
                           r->store->name, kind->code, r->operator_kind[k]);
    }
    return MUSTER_OK;
}

static muster_status read_team(void *user, const mu_row *row) {
    mu_scenario_reader *r    = user;
    mu_scenario_rows   *rows = r->rows;
    muster_team         team = {0};
    int64_t             people;
    uint32_t            at;
    MU_TRY(
        mu_scenario_make_room(row, &rows->team, &r->team_capacity, rows->team_count, sizeof team));
    MU_TRY(read_unit(r, row, UNIT_MORE + 2, &team.unit));
    MU_TRY(read_grade(row, UNIT_MORE + 2 + UNIT_OPTIONAL_COUNT, &team.grade));
    MU_TRY(mu_column_int(row, UNIT_MORE, 1, MUSTER_MAX_QUANTITY, &people));
    MU_TRY(read_place_in_list(r, row, UNIT_MORE + 1, MUSTER_PEOPLE, rows->team_count, &at));
    MU_TRY(mu_code_index_add(&r->teams, team.unit.code, at));
    team.people = (uint32_t)people;
    if (at != MUSTER_NONE) rows->team[rows->team_count++] = team;
    return MUSTER_OK;
}

static muster_status read_capability(void *user, const mu_row *row) {
    mu_scenario_reader *r = user;
    uint32_t            kind;
    mu_row_pair         capability;
    MU_TRY(
        mu_scenario_make_room(row, &r->pair, &r->pair_capacity, r->pair_count, sizeof capability));
    MU_TRY(mu_scenario_pair(r, row, "team", &r->teams, &capability));
    MU_TRY(mu_scenario_kind(r, row, 2, MUSTER_PEOPLE, &kind));
    if (capability.of->index != MUSTER_NONE) r->pair[r->pair_count++] = capability;
    return MUSTER_OK;
}

/* Give the teams what they can do. A team's rows are neighbours. */
static muster_status attach_capabilities(mu_scenario_reader *r) {
    mu_scenario_rows *rows = r->rows;
    MU_TRY(mu_gis_alloc(&rows->capability, r->pair_count, sizeof *rows->capability));
    for (uint32_t i = 0; i < r->pair_count; ++i) {
        muster_team *team   = &rows->team[r->pair[i].of->index];
        rows->capability[i] = r->pair[i].kind->index;
        if (team->capability_count == 0) team->capability = rows->capability + i;
        ++team->capability_count;
    }
    return MUSTER_OK;
}

static muster_status read_vehicle(void *user, const mu_row *row) {
    mu_scenario_reader *r       = user;
    mu_scenario_rows   *rows    = r->rows;
    muster_vehicle      vehicle = {0};
    uint32_t            at;
    MU_TRY(mu_scenario_make_room(row, &rows->vehicle, &r->vehicle_capacity, rows->vehicle_count,
                                 sizeof vehicle));
    MU_TRY(read_unit(r, row, UNIT_MORE + 4, &vehicle.unit));
    MU_TRY(mu_scenario_kind(r, row, UNIT_MORE, MUSTER_VEHICLE, &vehicle.kind));
    MU_TRY(read_place_in_list(r, row, UNIT_MORE + 1, MUSTER_VEHICLE, rows->vehicle_count, &at));
    MU_TRY(read_amount(row, UNIT_MORE + 2, MUSTER_MAX_PAYLOAD_KG, &vehicle.payload_kg));
    MU_TRY(read_amount(row, UNIT_MORE + 3, MUSTER_MAX_VOLUME_M3, &vehicle.volume_m3));
    MU_TRY(mu_code_index_add(&r->vehicles, vehicle.unit.code, at));
    if (at != MUSTER_NONE) rows->vehicle[rows->vehicle_count++] = vehicle;
    return MUSTER_OK;
}

static muster_status read_machine(void *user, const mu_row *row) {
    mu_scenario_reader *r       = user;
    mu_scenario_rows   *rows    = r->rows;
    muster_machine      machine = {0};
    MU_TRY(mu_scenario_make_room(row, &rows->machine, &r->machine_capacity, rows->machine_count,
                                 sizeof machine));
    MU_TRY(read_unit(r, row, UNIT_MORE + 2, &machine.unit));
    MU_TRY(mu_scenario_kind(r, row, UNIT_MORE, MUSTER_MACHINE, &machine.kind));
    MU_TRY(mu_column_int(row, UNIT_MORE + 1, 0, MUSTER_MAX_QUANTITY, &machine.count));
    MU_TRY(mu_code_index_add(&r->machines, machine.unit.code, rows->machine_count));
    rows->machine[rows->machine_count++] = machine;
    return MUSTER_OK;
}

static muster_status read_warehouse(void *user, const mu_row *row) {
    mu_scenario_reader *r    = user;
    muster_unit         unit = {0};
    uint32_t            loading_ms; /* which no profile states, so that it has to be there */
    MU_TRY(mu_scenario_make_room(row, &r->warehouse, &r->warehouse_capacity, r->warehouse_count,
                                 sizeof unit));
    MU_TRY(mu_scenario_seconds(row, UNIT_TURNOUT, &loading_ms));
    MU_TRY(read_unit(r, row, UNIT_MORE, &unit));
    MU_TRY(mu_code_index_add(&r->warehouses, unit.code, r->warehouse_count));
    r->warehouse[r->warehouse_count++] = unit;
    return MUSTER_OK;
}

static muster_status read_stock(void *user, const mu_row *row) {
    mu_scenario_reader *r     = user;
    mu_scenario_rows   *rows  = r->rows;
    muster_stock        stock = {0};
    mu_row_pair         place;
    MU_TRY(mu_scenario_make_room(row, &rows->stock, &r->stock_capacity, rows->stock_count,
                                 sizeof stock));
    MU_TRY(mu_scenario_pair(r, row, "warehouse", &r->warehouses, &place));
    MU_TRY(mu_scenario_kind(r, row, 2, MUSTER_ITEM, &stock.kind));
    MU_TRY(mu_column_int(row, 3, 0, MUSTER_MAX_QUANTITY, &stock.quantity));
    stock.unit                       = r->warehouse[place.of->index];
    rows->stock[rows->stock_count++] = stock;
    return MUSTER_OK;
}

/* ---- what is needed ------------------------------------------------------------------ */

static muster_status read_moment(const mu_row *row, int column, int64_t *out_s) {
    const char *text;
    MU_TRY(mu_column_text(row, column, &text));
    if (mu_moment_parse(text, out_s)) return MUSTER_OK;
    return mu_column_unexpected(row, column, "a moment like 2026-07-01T06:30:00Z");
}

/* A plan is made as if every incident had just been reported, so that is when its time to the
 * deadline begins. */
static muster_status read_deadline(const mu_row *row, int reported, int deadline,
                                   uint32_t *out_ms) {
    enum { MAX_SECONDS = MUSTER_UNREACHABLE_MS / 1000 };
    int64_t from_s, to_s;
    *out_ms = 0;
    if (mu_column_is_null(row, deadline)) return MUSTER_OK;
    MU_TRY(read_moment(row, reported, &from_s));
    MU_TRY(read_moment(row, deadline, &to_s));
    if (to_s <= from_s || to_s - from_s > MAX_SECONDS) {
        return mu_column_unexpected(row, deadline, "a moment up to %d seconds after reported_at",
                                    MAX_SECONDS);
    }
    *out_ms = (uint32_t)(to_s - from_s) * 1000;
    return MUSTER_OK;
}

static muster_status read_conditions(const mu_scenario_reader *r, const mu_row *row,
                                     muster_incident *out) {
    enum { PLACE = 4, ON_SCENE, ALL_OR_NOTHING, REPORTED, DEADLINE };
    int64_t all_or_nothing;
    MU_TRY(mu_scenario_authority(r, row, PLACE, -1, &out->authority));
    MU_TRY(mu_scenario_seconds(row, ON_SCENE, &out->on_scene_ms));
    MU_TRY(mu_column_int(row, ALL_OR_NOTHING, 0, 1, &all_or_nothing));
    out->all_or_nothing = (uint8_t)all_or_nothing;
    return read_deadline(row, REPORTED, DEADLINE, &out->deadline_ms);
}

static muster_status read_incident(void *user, const mu_row *row) {
    mu_scenario_reader *r        = user;
    mu_scenario_rows   *rows     = r->rows;
    muster_incident     incident = {0};
    const char         *severity;
    MU_TRY(mu_scenario_make_room(row, &rows->incident, &r->incident_capacity, rows->incident_count,
                                 sizeof incident));
    MU_TRY(mu_scenario_code(r, row, &incident.code));
    MU_TRY(mu_scenario_name(r, row, 1, &incident.name));
    MU_TRY(mu_column_text(row, 2, &severity));
    incident.severity = (uint8_t)muster_severity_from_name(severity);
    if (incident.severity >= MUSTER_SEVERITY_COUNT) {
        return mu_column_unexpected(row, 2, "minor, moderate, severe or extreme");
    }
    MU_TRY(mu_column_point(row, 3, &incident.site.lon_deg, &incident.site.lat_deg));
    MU_TRY(read_conditions(r, row, &incident));
    MU_TRY(mu_code_index_add(&r->incidents, incident.code, rows->incident_count));
    rows->incident[rows->incident_count++] = incident;
    return MUSTER_OK;
}

static muster_status read_need(void *user, const mu_row *row) {
    mu_scenario_reader *r    = user;
    mu_scenario_rows   *rows = r->rows;
    muster_need         need = {0};
    mu_row_pair         place;
    MU_TRY(
        mu_scenario_make_room(row, &rows->need, &r->need_capacity, rows->need_count, sizeof need));
    MU_TRY(mu_scenario_pair(r, row, "incident", &r->incidents, &place));
    MU_TRY(mu_column_int(row, 3, 1, MUSTER_MAX_QUANTITY, &need.quantity));
    MU_TRY(mu_column_int(row, 4, 0, need.quantity, &need.minimum));
    MU_TRY(read_grade(row, 5, &need.grade));
    if (need.grade > 0 && r->rows->kind[place.kind->index].resource != MUSTER_PEOPLE) {
        return mu_column_unexpected(row, 5, "0 for what is not people");
    }
    need.incident                  = place.of->index;
    need.kind                      = place.kind->index;
    rows->need[rows->need_count++] = need;
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

/* In this order, because a table comes after those that it refers to. */
static const mu_scenario_table KINDS = {"kind",
                                        "code, name, resource, mass_kg, volume_m3",
                                        {{"operator_kind", "NULL"}, {"operator_count", "0"}},
                                        "ORDER BY code COLLATE BINARY",
                                        read_kind,
                                        offsetof(mu_scenario_reader, kinds)};

static const mu_scenario_table INVENTORY[] = {
    {"team",
     "code, name, turnout_s, profile, geom, people, available",
     {UNIT_OPTIONAL, {"grade", "0"}},
     "ORDER BY code COLLATE BINARY",
     read_team,
     offsetof(mu_scenario_reader, teams)},
    {"team_capability",
     "id, team, kind",
     {{0}},
     "ORDER BY team COLLATE BINARY, kind COLLATE BINARY, id",
     read_capability,
     0},
    {"vehicle",
     "code, name, turnout_s, profile, geom, kind, available, payload_kg, volume_m3",
     {UNIT_OPTIONAL},
     "ORDER BY code COLLATE BINARY",
     read_vehicle,
     offsetof(mu_scenario_reader, vehicles)},
    {"machine",
     "code, name, turnout_s, profile, geom, kind, count",
     {UNIT_OPTIONAL},
     "ORDER BY code COLLATE BINARY",
     read_machine,
     offsetof(mu_scenario_reader, machines)},
    {"warehouse",
     "code, name, loading_s, profile, geom",
     {UNIT_OPTIONAL},
     "ORDER BY code COLLATE BINARY",
     read_warehouse,
     offsetof(mu_scenario_reader, warehouses)},
    {"stock",
     "id, warehouse, kind, quantity",
     {{0}},
     "ORDER BY warehouse COLLATE BINARY, kind COLLATE BINARY, id",
     read_stock,
     0},
};

/* ?1 is the code of the scenario. */
static const mu_scenario_table DEMAND[] = {
    {"incident",
     "code, name, severity, geom",
     {{"place", "NULL"},
      {"on_scene_s", "0"},
      {"all_or_nothing", "0"},
      {"reported_at", "NULL"},
      {"deadline_at", "NULL"}},
     "WHERE scenario = ?1 COLLATE BINARY ORDER BY code COLLATE BINARY",
     read_incident,
     offsetof(mu_scenario_reader, incidents)},
    {"need",
     "id, incident, kind, quantity, minimum",
     {{"grade", "0"}},
     "WHERE scenario = ?1 COLLATE BINARY "
     "ORDER BY incident COLLATE BINARY, kind COLLATE BINARY, id",
     read_need,
     0},
};

enum {
    INVENTORY_COUNT = sizeof INVENTORY / sizeof *INVENTORY,
    DEMAND_COUNT    = sizeof DEMAND / sizeof *DEMAND
};

/* In the order in which read_all reads. */
static muster_status ask_for_all(mu_scenario_reader *r, const char *scenario) {
    MU_TRY(mu_scenario_ask_authorities(r));
    MU_TRY(mu_scenario_ask(r, &KINDS, NULL, false));
    for (int t = 0; t < INVENTORY_COUNT; ++t) {
        MU_TRY(mu_scenario_ask(r, &INVENTORY[t], NULL, false));
    }
    for (int t = 0; t < DEMAND_COUNT; ++t) {
        MU_TRY(mu_scenario_ask(r, &DEMAND[t], scenario, false));
    }
    return mu_scenario_ask_command(r, scenario);
}

static muster_status read_all(mu_scenario_reader *r) {
    const mu_scenario_rows *rows = r->rows;
    MU_TRY(mu_scenario_read_authorities(r));
    MU_TRY(mu_scenario_read_table(r, &KINDS));
    MU_TRY(attach_operators(r));
    for (int t = 0; t < INVENTORY_COUNT; ++t) MU_TRY(mu_scenario_read_table(r, &INVENTORY[t]));
    MU_TRY(attach_capabilities(r));
    if (!rows->team_count && !rows->vehicle_count && !rows->machine_count && !rows->stock_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": no team, vehicle, machine or stock is available; expected at "
                           "least one",
                           r->store->name);
    }
    for (int t = 0; t < DEMAND_COUNT; ++t) MU_TRY(mu_scenario_read_table(r, &DEMAND[t]));
    return mu_scenario_read_command(r);
}

muster_status mu_scenario_rows_read(mu_scenario_rows *rows, mu_store *store,
                                    const muster_profiles *profiles, const char *scenario) {
    mu_scenario_reader r      = {.store = store, .profiles = profiles, .rows = rows};
    muster_status      status = ask_for_all(&r, scenario);
    if (status == MUSTER_OK) status = read_all(&r);
    mu_code_index_fini(&r.authorities);
    mu_code_index_fini(&r.kinds);
    mu_code_index_fini(&r.teams);
    mu_code_index_fini(&r.vehicles);
    mu_code_index_fini(&r.machines);
    mu_code_index_fini(&r.warehouses);
    mu_code_index_fini(&r.incidents);
    mu_gis_free(r.warehouse);
    mu_gis_free(r.pair);
    mu_gis_free(r.parent);
    mu_gis_free(r.operator_kind);
    return status;
}

void mu_scenario_rows_fini(mu_scenario_rows *rows) {
    mu_gis_free(rows->kind);
    mu_gis_free(rows->team);
    mu_gis_free(rows->vehicle);
    mu_gis_free(rows->machine);
    mu_gis_free(rows->stock);
    mu_gis_free(rows->incident);
    mu_gis_free(rows->need);
    mu_gis_free(rows->capability);
    mu_gis_free(rows->profile);
    mu_gis_free(rows->authority);
    mu_gis_free(rows->zone);
    mu_gis_free(rows->rule);
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_gis_free(rows->unavailable[r]);
    mu_texts_fini(&rows->texts);
}
