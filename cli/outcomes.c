#include "cli/outcomes.h"

#include <math.h>
#include <stdlib.h>

#include <muster/api.h>

#include "cli/command.h"

enum {
    POLICY,
    REPLICATION,
    INCIDENT,
    SEVERITY,
    AUTHORITY,
    LON,
    LAT,
    REPORTED,
    RESPONSE,
    STANDARD,
    COLUMNS
};

static const char *const COLUMN[COLUMNS] = {"policy",      "replication", "incident", "severity",
                                            "authority",   "lon_deg",     "lat_deg",  "reported_ms",
                                            "response_ms", "standard_ms"};

typedef struct filling {
    const results *results;
    name_pool     *pool;
    outcomes      *out;
} filling;

static int fail_memory(const table_row *row) {
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", row->path, row->line);
}

static bool reserve(outcomes *o) {
    if (o->count < o->capacity) return true;
    const uint32_t capacity = 2 * o->capacity + 256;
    outcome       *larger   = realloc(o->list, capacity * sizeof *larger);
    if (!larger) return false;
    o->list     = larger;
    o->capacity = capacity;
    return true;
}

static int take_numbers(outcome *o, const table_row *row) {
    int code = table_integer(&o->reported_ms, row, REPORTED);
    if (code == COMMAND_DONE) code = table_integer(&o->response_ms, row, RESPONSE);
    if (code == COMMAND_DONE) code = table_integer(&o->standard_ms, row, STANDARD);
    if (code == COMMAND_DONE) code = table_number(&o->lon_deg, row, LON);
    if (code == COMMAND_DONE) code = table_number(&o->lat_deg, row, LAT);
    if (code != COMMAND_DONE) return code;
    if (o->standard_ms == TABLE_NEVER) o->standard_ms = 0;
    if (o->response_ms < 0 && o->response_ms != TABLE_NEVER) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: row %u, column response_ms: %lld; expected 0 or more, or nothing",
                            row->path, row->line, (long long)o->response_ms);
    }
    return COMMAND_DONE;
}

static int take_row(const table_row *row, void *user) {
    const filling *reading = user;
    row_place      place;
    outcome        o    = {0};
    int            code = results_place(&place, reading->results, row);
    if (code == COMMAND_DONE) code = take_numbers(&o, row);
    if (code != COMMAND_DONE) return code;
    o.policy      = place.policy;
    o.replication = place.replication;
    o.incident    = name_pool_add(reading->pool, row->cell[INCIDENT]);
    o.severity    = name_pool_add(reading->pool, row->cell[SEVERITY]);
    o.authority   = name_pool_add(reading->pool, row->cell[AUTHORITY]);
    if (o.incident == MUSTER_NONE || o.severity == MUSTER_NONE || o.authority == MUSTER_NONE ||
        !reserve(reading->out)) {
        return fail_memory(row);
    }
    reading->out->list[reading->out->count++] = o;
    return COMMAND_DONE;
}

int outcomes_read(outcomes *out, name_pool *pool, const results *r) {
    *out              = (outcomes){0};
    filling   reading = {r, pool, out};
    const int code = results_read(r, "incidents.csv", COLUMNS, COLUMN, false, take_row, &reading);
    if (code != COMMAND_DONE) outcomes_free(out);
    return code;
}

void outcomes_free(outcomes *o) {
    free(o->list);
    *o = (outcomes){0};
}

bool outcome_is_within(const outcome *o) {
    return o->standard_ms > 0 && o->response_ms != TABLE_NEVER && o->response_ms <= o->standard_ms;
}
