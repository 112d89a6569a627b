/* Reading a scenario from a GeoPackage that anybody may have written.
 *
 * As with a network, no constraint of our schema is taken for granted: every value is
 * judged here, where file, table, row and column are known. Rows refer to each other by
 * code, so a table that is referred to is read first and its codes are kept in an index.
 *
 * Rows come in the binary order of their codes, whatever their order in the file: the same
 * scenario always makes the same problem, and two rows of one code are neighbours. A row
 * that is not available is checked like any other and then left out; its code stays in the
 * index with MUSTER_NONE, because others may refer to it. */
#include "gis/scenario_rows.h"

#include <math.h>

#include "gis/code_index.h"
#include "gis/geometry_column.h"
#include "gis/table_reader.h"

static const double MAX_TURNOUT_S = 2147483; /* 24.8 days: MUSTER_UNREACHABLE_MS */

enum { MAX_COUNT = INT32_MAX - 1 };

/* A row that says something of two others: a capability of a team, a stock of an item... */
typedef struct pair {
    const mu_coded *of, *kind;
} pair;

typedef struct scenario_reader {
    mu_database           *database;
    const muster_profiles *profiles;
    mu_scenario_rows      *rows;
    mu_code_index          kinds, teams, warehouses, incidents;

    uint32_t     warehouse_count, pair_count;
    muster_unit *warehouse;
    pair        *pair; /* capabilities */
    size_t       kind_capacity, team_capacity, vehicle_capacity, machine_capacity, stock_capacity,
        incident_capacity, need_capacity, warehouse_capacity, pair_capacity, profile_capacity;

    const char *last_code; /* of the row before, in tables with codes; NULL before the first */
    pair        last_pair; /* and in the others */
} scenario_reader;

/* ---- columns ------------------------------------------------------------------------- */

static muster_status make_room(const mu_statement *row, void *inout, size_t *capacity,
                               uint32_t used, size_t size) {
    if (used == MAX_COUNT) return mu_column_fail(row, 0, "more than %d rows", MAX_COUNT);
    return mu_gis_grow(inout, capacity, used, size);
}

/* The key of a row. */
static muster_status read_code(scenario_reader *r, const mu_statement *row, const char **out) {
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

static muster_status read_name(scenario_reader *r, const mu_statement *row, int column,
                               const char **out) {
    const char *text;
    *out = NULL;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, column, &text));
    return mu_texts_keep(&r->rows->texts, text, out);
}

/* A profile that no row before has named gets the next place. */
static muster_status read_profile(scenario_reader *r, const mu_statement *row, int column,
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

static muster_status read_available(const mu_statement *row, int column, bool *out) {
    int64_t value;
    MU_TRY(mu_column_int(row, column, 0, 1, &value));
    *out = value == 1;
    return MUSTER_OK;
}

/* A reference to a row of `table`. */
static muster_status read_reference(const mu_statement *row, int column, const char *table,
                                    const mu_code_index *index, const mu_coded **out) {
    const char *code;
    MU_TRY(mu_column_text(row, column, &code));
    *out = mu_code_index_find(index, code);
    if (*out) return MUSTER_OK;
    return mu_column_unexpected(row, column, "the code of a row in table %s", table);
}

static muster_status read_kind_of(const scenario_reader *r, const mu_statement *row, int column,
                                  muster_resource resource, uint32_t *out) {
    const mu_coded *kind;
    MU_TRY(read_reference(row, column, "kind", &r->kinds, &kind));
    *out                         = kind->index;
    const muster_resource actual = (muster_resource)r->rows->kind[kind->index].resource;
    if (actual == resource) return MUSTER_OK;
    return mu_column_unexpected(row, column, "a kind of resource '%s', not '%s'",
                                muster_resource_name(resource), muster_resource_name(actual));
}

/* Both references of a row; the same two must not have been those of the row before. */
static muster_status read_pair(scenario_reader *r, const mu_statement *row, const char *table,
                               const mu_code_index *index, pair *out) {
    MU_TRY(read_reference(row, 1, table, index, &out->of));
    MU_TRY(read_reference(row, 2, "kind", &r->kinds, &out->kind));
    if (out->of == r->last_pair.of && out->kind == r->last_pair.kind) {
        return mu_column_unexpected(row, 2, "one row for each kind of %s '%s'", table,
                                    out->of->code);
    }
    r->last_pair = *out;
    return MUSTER_OK;
}

enum unit_column { UNIT_CODE, UNIT_NAME, UNIT_TURNOUT, UNIT_PROFILE, UNIT_GEOM, UNIT_MORE };

static muster_status read_unit(scenario_reader *r, const mu_statement *row, muster_unit *out) {
    double turnout_s;
    MU_TRY(read_code(r, row, &out->code));
    MU_TRY(read_name(r, row, UNIT_NAME, &out->name));
    MU_TRY(read_profile(r, row, UNIT_PROFILE, &out->metric));
    MU_TRY(mu_column_point(row, UNIT_GEOM, &out->site.lon_deg, &out->site.lat_deg));
    out->turnout_ms = r->rows->profile[out->metric]->turnout_ms;
    if (mu_column_is_null(row, UNIT_TURNOUT)) return MUSTER_OK;
    MU_TRY(mu_column_real(row, UNIT_TURNOUT, 0, MAX_TURNOUT_S, &turnout_s));
    out->turnout_ms = (uint32_t)lround(turnout_s * 1000);
    return MUSTER_OK;
}

/* ---- what there is ------------------------------------------------------------------- */

static muster_status read_kind(void *user, const mu_statement *row) {
    scenario_reader  *r    = user;
    mu_scenario_rows *rows = r->rows;
    muster_kind       kind = {0};
    const char       *resource;
    MU_TRY(make_room(row, &rows->kind, &r->kind_capacity, rows->kind_count, sizeof kind));
    MU_TRY(read_code(r, row, &kind.code));
    MU_TRY(read_name(r, row, 1, &kind.name));
    MU_TRY(mu_column_text(row, 2, &resource));
    kind.resource = (uint8_t)muster_resource_from_name(resource);
    if (kind.resource >= MUSTER_RESOURCE_COUNT) {
        return mu_column_unexpected(row, 2, "people, vehicle, machine or item");
    }
    MU_TRY(mu_code_index_add(&r->kinds, kind.code, rows->kind_count));
    rows->kind[rows->kind_count++] = kind;
    return MUSTER_OK;
}

static muster_status read_team(void *user, const mu_statement *row) {
    scenario_reader  *r    = user;
    mu_scenario_rows *rows = r->rows;
    muster_team       team = {0};
    int64_t           people;
    bool              is_available;
    MU_TRY(make_room(row, &rows->team, &r->team_capacity, rows->team_count, sizeof team));
    MU_TRY(read_unit(r, row, &team.unit));
    MU_TRY(mu_column_int(row, UNIT_MORE, 1, MUSTER_MAX_QUANTITY, &people));
    MU_TRY(read_available(row, UNIT_MORE + 1, &is_available));
    MU_TRY(mu_code_index_add(&r->teams, team.unit.code,
                             is_available ? rows->team_count : MUSTER_NONE));
    team.people = (uint32_t)people;
    if (is_available) rows->team[rows->team_count++] = team;
    return MUSTER_OK;
}

static muster_status read_capability(void *user, const mu_statement *row) {
    scenario_reader *r = user;
    uint32_t         kind;
    pair             capability;
    MU_TRY(make_room(row, &r->pair, &r->pair_capacity, r->pair_count, sizeof capability));
    MU_TRY(read_pair(r, row, "team", &r->teams, &capability));
    MU_TRY(read_kind_of(r, row, 2, MUSTER_PEOPLE, &kind));
    if (capability.of->index != MUSTER_NONE) r->pair[r->pair_count++] = capability;
    return MUSTER_OK;
}

/* Give the teams what they can do. A team's rows are neighbours. */
static muster_status attach_capabilities(scenario_reader *r) {
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

static muster_status read_vehicle(void *user, const mu_statement *row) {
    scenario_reader  *r       = user;
    mu_scenario_rows *rows    = r->rows;
    muster_vehicle    vehicle = {0};
    bool              is_available;
    MU_TRY(
        make_room(row, &rows->vehicle, &r->vehicle_capacity, rows->vehicle_count, sizeof vehicle));
    MU_TRY(read_unit(r, row, &vehicle.unit));
    MU_TRY(read_kind_of(r, row, UNIT_MORE, MUSTER_VEHICLE, &vehicle.kind));
    MU_TRY(read_available(row, UNIT_MORE + 1, &is_available));
    if (is_available) rows->vehicle[rows->vehicle_count++] = vehicle;
    return MUSTER_OK;
}

static muster_status read_machine(void *user, const mu_statement *row) {
    scenario_reader  *r       = user;
    mu_scenario_rows *rows    = r->rows;
    muster_machine    machine = {0};
    MU_TRY(
        make_room(row, &rows->machine, &r->machine_capacity, rows->machine_count, sizeof machine));
    MU_TRY(read_unit(r, row, &machine.unit));
    MU_TRY(read_kind_of(r, row, UNIT_MORE, MUSTER_MACHINE, &machine.kind));
    MU_TRY(mu_column_int(row, UNIT_MORE + 1, 0, MUSTER_MAX_QUANTITY, &machine.count));
    rows->machine[rows->machine_count++] = machine;
    return MUSTER_OK;
}

static muster_status read_warehouse(void *user, const mu_statement *row) {
    scenario_reader *r    = user;
    muster_unit      unit = {0};
    double           loading_s; /* which no profile states, so that it has to be there */
    MU_TRY(make_room(row, &r->warehouse, &r->warehouse_capacity, r->warehouse_count, sizeof unit));
    MU_TRY(mu_column_real(row, UNIT_TURNOUT, 0, MAX_TURNOUT_S, &loading_s));
    MU_TRY(read_unit(r, row, &unit));
    MU_TRY(mu_code_index_add(&r->warehouses, unit.code, r->warehouse_count));
    r->warehouse[r->warehouse_count++] = unit;
    return MUSTER_OK;
}

static muster_status read_stock(void *user, const mu_statement *row) {
    scenario_reader  *r     = user;
    mu_scenario_rows *rows  = r->rows;
    muster_stock      stock = {0};
    pair              place;
    MU_TRY(make_room(row, &rows->stock, &r->stock_capacity, rows->stock_count, sizeof stock));
    MU_TRY(read_pair(r, row, "warehouse", &r->warehouses, &place));
    MU_TRY(read_kind_of(r, row, 2, MUSTER_ITEM, &stock.kind));
    MU_TRY(mu_column_int(row, 3, 0, MUSTER_MAX_QUANTITY, &stock.quantity));
    stock.unit                       = r->warehouse[place.of->index];
    rows->stock[rows->stock_count++] = stock;
    return MUSTER_OK;
}

/* ---- what is needed ------------------------------------------------------------------ */

static muster_status read_incident(void *user, const mu_statement *row) {
    scenario_reader  *r        = user;
    mu_scenario_rows *rows     = r->rows;
    muster_incident   incident = {0};
    const char       *severity;
    MU_TRY(make_room(row, &rows->incident, &r->incident_capacity, rows->incident_count,
                     sizeof incident));
    MU_TRY(read_code(r, row, &incident.code));
    MU_TRY(read_name(r, row, 1, &incident.name));
    MU_TRY(mu_column_text(row, 2, &severity));
    incident.severity = (uint8_t)muster_severity_from_name(severity);
    if (incident.severity >= MUSTER_SEVERITY_COUNT) {
        return mu_column_unexpected(row, 2, "minor, moderate, severe or extreme");
    }
    MU_TRY(mu_column_point(row, 3, &incident.site.lon_deg, &incident.site.lat_deg));
    MU_TRY(mu_code_index_add(&r->incidents, incident.code, rows->incident_count));
    rows->incident[rows->incident_count++] = incident;
    return MUSTER_OK;
}

static muster_status read_need(void *user, const mu_statement *row) {
    scenario_reader  *r    = user;
    mu_scenario_rows *rows = r->rows;
    muster_need       need = {0};
    pair              place;
    MU_TRY(make_room(row, &rows->need, &r->need_capacity, rows->need_count, sizeof need));
    MU_TRY(read_pair(r, row, "incident", &r->incidents, &place));
    MU_TRY(mu_column_int(row, 3, 1, MUSTER_MAX_QUANTITY, &need.quantity));
    MU_TRY(mu_column_int(row, 4, 0, need.quantity, &need.minimum));
    need.incident                  = place.of->index;
    need.kind                      = place.kind->index;
    rows->need[rows->need_count++] = need;
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

typedef struct table_of_rows {
    const char *name, *sql;
    muster_status (*read_row)(void *, const mu_statement *);
    size_t index; /* offset of the reader's index to be sorted afterwards, or 0 */
} table_of_rows;

/* In this order, because a table comes after those that it refers to. */
static const table_of_rows INVENTORY[] = {
    {"kind", "SELECT code, name, resource FROM kind ORDER BY code COLLATE BINARY", read_kind,
     offsetof(scenario_reader, kinds)},
    {"team",
     "SELECT code, name, turnout_s, profile, geom, people, available FROM team "
     "ORDER BY code COLLATE BINARY",
     read_team, offsetof(scenario_reader, teams)},
    {"team_capability",
     "SELECT id, team, kind FROM team_capability "
     "ORDER BY team COLLATE BINARY, kind COLLATE BINARY, id",
     read_capability, 0},
    {"vehicle",
     "SELECT code, name, turnout_s, profile, geom, kind, available FROM vehicle "
     "ORDER BY code COLLATE BINARY",
     read_vehicle, 0},
    {"machine",
     "SELECT code, name, turnout_s, profile, geom, kind, count FROM machine "
     "ORDER BY code COLLATE BINARY",
     read_machine, 0},
    {"warehouse",
     "SELECT code, name, loading_s, profile, geom FROM warehouse ORDER BY code COLLATE BINARY",
     read_warehouse, offsetof(scenario_reader, warehouses)},
    {"stock",
     "SELECT id, warehouse, kind, quantity FROM stock "
     "ORDER BY warehouse COLLATE BINARY, kind COLLATE BINARY, id",
     read_stock, 0},
};

/* ?1 is the code of the scenario. */
static const table_of_rows DEMAND[] = {
    {"incident",
     "SELECT code, name, severity, geom FROM incident WHERE scenario = ?1 COLLATE BINARY "
     "ORDER BY code COLLATE BINARY",
     read_incident, offsetof(scenario_reader, incidents)},
    {"need",
     "SELECT id, incident, kind, quantity, minimum FROM need WHERE scenario = ?1 COLLATE BINARY "
     "ORDER BY incident COLLATE BINARY, kind COLLATE BINARY, id",
     read_need, 0},
};

static muster_status read_tables(scenario_reader *r, const table_of_rows *tables, size_t count,
                                 const char *argument) {
    for (const table_of_rows *table = tables; table < tables + count; ++table) {
        r->last_code = NULL;
        r->last_pair = (pair){0};
        MU_TRY(mu_table_read(r->database, table->name, table->sql, argument, table->read_row, r));
        if (table->index) mu_code_index_sort((mu_code_index *)((char *)r + table->index));
    }
    return MUSTER_OK;
}

static muster_status read_all(scenario_reader *r, const char *scenario) {
    const mu_scenario_rows *rows = r->rows;
    MU_TRY(read_tables(r, INVENTORY, sizeof INVENTORY / sizeof *INVENTORY, NULL));
    MU_TRY(attach_capabilities(r));
    if (!rows->team_count && !rows->vehicle_count && !rows->machine_count && !rows->stock_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": no team, vehicle, machine or stock is available; expected at "
                           "least one",
                           mu_database_name(r->database));
    }
    return read_tables(r, DEMAND, sizeof DEMAND / sizeof *DEMAND, scenario);
}

muster_status mu_scenario_rows_read(mu_scenario_rows *rows, mu_database *database,
                                    const muster_profiles *profiles, const char *scenario) {
    scenario_reader     r      = {.database = database, .profiles = profiles, .rows = rows};
    const muster_status status = read_all(&r, scenario);
    mu_code_index_fini(&r.kinds);
    mu_code_index_fini(&r.teams);
    mu_code_index_fini(&r.warehouses);
    mu_code_index_fini(&r.incidents);
    mu_gis_free(r.warehouse);
    mu_gis_free(r.pair);
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
    mu_texts_fini(&rows->texts);
}
