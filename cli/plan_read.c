/* The file was written by `muster plan`, or by somebody who would like to know what we make of
 * theirs: every field that is read is checked, and named where it is wrong. */
#include "cli/plan_read.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/plan_view.h"

/* ---- fields ------------------------------------------------------------------------------ */

/* One row of a list of the file, as it is read. */
typedef struct row {
    const char           *path, *list;
    size_t                number;
    const json_t         *object;
    const muster_problem *problem;
} row;

static int fail_type(const row *r, const char *field, const char *expected) {
    const json_t *value = json_object_get(r->object, field);
    char         *text  = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const int     code =
        command_fail(COMMAND_BAD_INPUT, "%s: %s[%zu].%s is %.60s; expected %s", r->path, r->list,
                     r->number, field, text ? text : "missing", expected);
    free(text);
    return code;
}

static int read_text(const char **out, const row *r, const char *field) {
    *out = json_string_value(json_object_get(r->object, field));
    return *out ? COMMAND_DONE : fail_type(r, field, "a string");
}

static int read_resource(uint8_t *out, const row *r) {
    const char *name;
    const int   code = read_text(&name, r, "resource");
    if (code != COMMAND_DONE) return code;
    const muster_resource resource = muster_resource_from_name(name);
    *out                           = (uint8_t)resource;
    return resource < MUSTER_RESOURCE_COUNT
               ? COMMAND_DONE
               : fail_type(r, "resource", "people, vehicle, machine or item");
}

/* Seconds become milliseconds; those beyond 49 days are no arrival. */
static int read_eta(uint32_t *out_ms, const row *r) {
    const json_t *value = json_object_get(r->object, "eta_s");
    const double  ms    = json_number_value(value) * 1000;
    if (!json_is_number(value) || !(ms >= 0 && ms < (double)MUSTER_UNREACHABLE_MS)) {
        return fail_type(r, "eta_s", "seconds, from 0 to less than 49 days");
    }
    *out_ms = (uint32_t)llround(ms);
    return COMMAND_DONE;
}

static int read_quantity(int64_t *out, const row *r) {
    const json_t *value = json_object_get(r->object, "quantity");
    *out                = json_integer_value(value);
    return json_is_integer(value) && *out >= 1 && *out <= MUSTER_MAX_QUANTITY
               ? COMMAND_DONE
               : fail_type(r, "quantity", "a whole number, 1 to 1000000000");
}

/* ---- codes ------------------------------------------------------------------------------- */

static int find_need(uint32_t *out, const row *r) {
    const muster_problem *p = r->problem;
    const char           *incident, *kind;
    int                   code = read_text(&incident, r, "incident");
    if (code == COMMAND_DONE) code = read_text(&kind, r, "kind");
    for (uint32_t n = 0; code == COMMAND_DONE && n < p->need_count; ++n) {
        if (strcmp(p->incident[p->need[n].incident].code, incident) != 0 ||
            strcmp(p->kind[p->need[n].kind].code, kind) != 0) {
            continue;
        }
        *out = n;
        return COMMAND_DONE;
    }
    if (code != COMMAND_DONE) return code;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: %s[%zu] is for incident \"%s\", kind \"%s\"; expected a need of the "
                        "scenario",
                        r->path, r->list, r->number, incident, kind);
}

/* A warehouse's code stands for the stock of the kind that is asked for. */
static int find_unit(muster_assignment *go, const row *r) {
    const muster_resource resource = (muster_resource)go->resource;
    const uint32_t        kind     = r->problem->need[go->need].kind;
    const char           *code;
    const int             status = read_text(&code, r, "code");
    if (status != COMMAND_DONE) return status;
    for (uint32_t i = 0; i < muster_problem_unit_count(r->problem, resource); ++i) {
        if (strcmp(muster_problem_unit(r->problem, resource, i)->code, code) != 0) continue;
        if (resource == MUSTER_ITEM && !plan_unit_is_kind(r->problem, resource, i, kind)) continue;
        go->index = i;
        return COMMAND_DONE;
    }
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: assignments[%zu].code is \"%s\"; expected a %s of the scenario%s",
                        r->path, r->number, code,
                        resource == MUSTER_PEOPLE ? "team"
                        : resource == MUSTER_ITEM ? "warehouse"
                                                  : muster_resource_name(resource),
                        resource == MUSTER_ITEM ? " with that item" : "");
}

/* A vehicle makes one trip, so its code stands for the trip. */
static int find_shipment(plan_moves *moves, muster_assignment *go, const row *r) {
    const muster_problem *p = r->problem;
    const char           *code;
    const int             status = read_text(&code, r, "vehicle");
    if (status != COMMAND_DONE) return status;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (strcmp(p->vehicle[v].unit.code, code) != 0) continue;
        for (go->shipment = 0; go->shipment < moves->shipment_count; ++go->shipment) {
            if (moves->shipment[go->shipment].vehicle == v) return COMMAND_DONE;
        }
        moves->shipment[moves->shipment_count++] = (muster_shipment){.vehicle = v};
        return COMMAND_DONE;
    }
    return command_fail(
        COMMAND_BAD_INPUT,
        "%s: assignments[%zu].vehicle is \"%s\"; expected a vehicle of the scenario", r->path,
        r->number, code);
}

static int check_object(const row *r) {
    if (json_is_object(r->object)) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT, "%s: %s[%zu] is no object", r->path, r->list, r->number);
}

static int read_assignment(plan_moves *moves, muster_assignment *go, const row *r) {
    *go      = (muster_assignment){.shipment = MUSTER_NONE};
    int code = check_object(r);
    if (code == COMMAND_DONE) code = read_resource(&go->resource, r);
    if (code == COMMAND_DONE) code = find_need(&go->need, r);
    if (code == COMMAND_DONE) code = find_unit(go, r);
    if (code == COMMAND_DONE) code = read_quantity(&go->quantity, r);
    if (code == COMMAND_DONE) code = read_eta(&go->eta_ms, r);
    const bool is_shipped =
        go->resource == MUSTER_ITEM && r->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE;
    return code == COMMAND_DONE && is_shipped ? find_shipment(moves, go, r) : code;
}

/* ---- what is unmet ----------------------------------------------------------------------- */

static int read_reason(uint8_t *out, const row *r) {
    const char *word;
    const int   code = read_text(&word, r, "reason");
    if (code != COMMAND_DONE) return code;
    const char *name = muster_unmet_reason_name(0);
    for (int reason = 0; name; name = muster_unmet_reason_name((muster_unmet_reason)++reason)) {
        *out = (uint8_t)reason;
        if (strcmp(name, word) == 0) return COMMAND_DONE;
    }
    return fail_type(r, "reason", "one of muster plan's, as no_operators or exhausted");
}

static int read_unmet(muster_unmet *unmet, const row *r) {
    int code = check_object(r);
    if (code == COMMAND_DONE) code = find_need(&unmet->need, r);
    if (code == COMMAND_DONE) code = read_quantity(&unmet->quantity, r);
    return code == COMMAND_DONE ? read_reason(&unmet->reason, r) : code;
}

int plan_read_unmet(muster_unmet **out, uint32_t *out_count, const json_t *plan, const char *path,
                    const muster_problem *problem) {
    const json_t *rows = json_object_get(plan, "unmet");
    *out               = NULL;
    *out_count         = 0;
    if (!rows) return COMMAND_DONE;
    if (!json_is_array(rows)) {
        return command_fail(COMMAND_BAD_INPUT, "%s: unmet is no array; expected one, or none",
                            path);
    }
    const size_t count = json_array_size(rows);
    if (count < MUSTER_NONE) *out = calloc(count + 1, sizeof **out);
    if (!*out) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (size_t i = 0; i < count; ++i) {
        const row r    = {path, "unmet", i, json_array_get(rows, i), problem};
        const int code = read_unmet(&(*out)[i], &r);
        if (code != COMMAND_DONE) return code;
    }
    *out_count = (uint32_t)count;
    return COMMAND_DONE;
}

/* ---- the document ------------------------------------------------------------------------- */

int plan_read_scenario(const char **out, const json_t *plan, const char *path) {
    *out = json_string_value(json_object_get(json_object_get(plan, "scenario"), "code"));
    if (*out) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: there is no scenario.code; expected a plan of muster plan -o", path);
}

uint8_t plan_read_transport(const json_t *plan, uint8_t otherwise) {
    size_t        i;
    const json_t *one;
    json_array_foreach(json_object_get(plan, "assignments"), i, one) {
        const char *resource = json_string_value(json_object_get(one, "resource"));
        if (!resource || muster_resource_from_name(resource) != MUSTER_ITEM) continue;
        return json_is_string(json_object_get(one, "vehicle")) ? MUSTER_ITEMS_BY_VEHICLE
                                                               : MUSTER_ITEMS_BY_THEMSELVES;
    }
    return otherwise;
}

int plan_read_moves(plan_moves *out, const json_t *plan, const char *path,
                    const muster_problem *problem) {
    const json_t *rows = json_object_get(plan, "assignments");
    *out               = (plan_moves){0};
    if (!json_is_array(rows)) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: assignments is no array; expected a plan of muster plan -o", path);
    }
    const size_t count = json_array_size(rows);
    if (count < MUSTER_NONE) {
        out->assignment = calloc(count + 1, sizeof *out->assignment);
        out->shipment   = calloc((size_t)problem->vehicle_count + 1, sizeof *out->shipment);
    }
    if (!out->assignment || !out->shipment) {
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    for (size_t i = 0; i < count; ++i) {
        const row r    = {path, "assignments", i, json_array_get(rows, i), problem};
        const int code = read_assignment(out, &out->assignment[i], &r);
        if (code != COMMAND_DONE) return code;
    }
    out->assignment_count = (uint32_t)count;
    return COMMAND_DONE;
}

void plan_moves_free(plan_moves *moves) {
    free(moves->assignment);
    free(moves->shipment);
}
