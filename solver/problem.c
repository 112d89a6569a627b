/* Is a problem one that can be solved? Everything that later code relies on is checked
 * here, once, so that nothing behind it has to be careful: indices in range, numbers that
 * do not overflow when they are summed, coordinates on the globe, codes that are unique. */
#include <muster/problem.h>

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/problem_command.h"
#include "solver/problem_row.h"
#include "solver/problem_sums.h"
#include "solver/warehouse.h"

/* ---- names --------------------------------------------------------------------------- */

static const char *const RESOURCE_NAME[] = {"people", "vehicle", "machine", "item"};
static const char *const SEVERITY_NAME[] = {"minor", "moderate", "severe", "extreme"};

const char *muster_resource_name(muster_resource resource) {
    return (unsigned)resource < MUSTER_RESOURCE_COUNT ? RESOURCE_NAME[resource] : NULL;
}

muster_resource muster_resource_from_name(const char *name) {
    unsigned r = 0;
    while (r < MUSTER_RESOURCE_COUNT && strcmp(name, RESOURCE_NAME[r]) != 0) ++r;
    return (muster_resource)r;
}

const char *muster_severity_name(muster_severity severity) {
    return (unsigned)severity < MUSTER_SEVERITY_COUNT ? SEVERITY_NAME[severity] : NULL;
}

muster_severity muster_severity_from_name(const char *name) {
    unsigned s = 0;
    while (s < MUSTER_SEVERITY_COUNT && strcmp(name, SEVERITY_NAME[s]) != 0) ++s;
    return (muster_severity)s;
}

int64_t muster_severity_weight(muster_severity severity) {
    return (unsigned)severity < MUSTER_SEVERITY_COUNT ? INT64_C(1) << severity : 0;
}

/* ---- rows ---------------------------------------------------------------------------- */

const muster_unit *muster_problem_unit(const muster_problem *p, muster_resource resource,
                                       uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return &p->team[index].unit;
    case MUSTER_VEHICLE:
        return &p->vehicle[index].unit;
    case MUSTER_MACHINE:
        return &p->machine[index].unit;
    default:
        return &p->stock[index].unit;
    }
}

uint32_t muster_problem_unit_count(const muster_problem *p, muster_resource resource) {
    const uint32_t count[] = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    return count[resource];
}

/* ---- units --------------------------------------------------------------------------- */

static muster_status check_authority(const muster_problem *p, mu_row r, uint32_t authority) {
    if (p->authority_count == 0 || authority == MUSTER_NONE) return MUSTER_OK;
    return mu_check_index(r, "authority", authority, p->authority_count);
}

/* A mass or a volume. NaN is none. */
static muster_status check_amount(mu_row r, const char *field, double amount, double most) {
    if (amount >= 0 && amount <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, MU_ROW_FORMAT " has %s %g; expected 0 to %.0f",
                       MU_ROW_ARGS(r), field, amount, most);
}

static muster_status check_unit(const muster_problem *p, mu_row r, const muster_unit *unit) {
    enum { MOST_MS = MUSTER_UNREACHABLE_MS - 1 };
    MU_TRY(mu_check_code(r));
    MU_TRY(mu_check_site(r, unit->site));
    if (unit->metric >= p->metric_count) {
        return muster_fail(MUSTER_E_INVALID,
                           MU_ROW_FORMAT " travels by metric %u, but the problem has %u metrics",
                           MU_ROW_ARGS(r), unit->metric, p->metric_count);
    }
    MU_TRY(check_authority(p, r, unit->authority));
    MU_TRY(mu_check_quantity(r, "turnout_ms", unit->turnout_ms, 0, MOST_MS));
    return mu_check_quantity(r, "available_ms", unit->available_ms, 0, MOST_MS);
}

/* ---- arrays -------------------------------------------------------------------------- */

static muster_status check_arrays(const muster_problem *p) {
    MU_TRY(mu_check_array("metrics", p->metric_count, p->metric));
    MU_TRY(mu_check_array("kinds", p->kind_count, p->kind));
    MU_TRY(mu_check_array("teams", p->team_count, p->team));
    MU_TRY(mu_check_array("vehicles", p->vehicle_count, p->vehicle));
    MU_TRY(mu_check_array("machines", p->machine_count, p->machine));
    MU_TRY(mu_check_array("stocks", p->stock_count, p->stock));
    MU_TRY(mu_check_array("incidents", p->incident_count, p->incident));
    return mu_check_array("needs", p->need_count, p->need);
}

static muster_status check_metrics(const muster_problem *p) {
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        if (!p->metric[m]) return muster_fail(MUSTER_E_INVALID, "metric %u is NULL", m);
        if (muster_metric_network(p->metric[m]) != muster_metric_network(p->metric[0])) {
            return muster_fail(MUSTER_E_INVALID,
                               "metric %u is of another network than metric 0; expected one "
                               "network for all",
                               m);
        }
    }
    if (p->metric_count > 0 || p->incident_count == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the problem has %u incidents and no metric; expected at least one",
                       p->incident_count);
}

static muster_status check_operators(const muster_problem *p, uint32_t k) {
    const muster_kind *kind = &p->kind[k];
    const mu_row       r    = {"kind", k, kind->code};
    if (kind->operator_count == 0) return MUSTER_OK;
    if (kind->resource != MUSTER_MACHINE) {
        return muster_fail(MUSTER_E_INVALID,
                           MU_ROW_FORMAT
                           " needs operators, but is a kind of %s; expected a kind of "
                           "machine",
                           MU_ROW_ARGS(r), muster_resource_name((muster_resource)kind->resource));
    }
    MU_TRY(mu_check_quantity(r, "operator_count", kind->operator_count, 0, MUSTER_MAX_QUANTITY));
    MU_TRY(mu_check_index(r, "operator_kind", kind->operator_kind, p->kind_count));
    if (p->kind[kind->operator_kind].resource == MUSTER_PEOPLE) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        MU_ROW_FORMAT " is operated by \"%s\", a kind of %s; expected a kind of people",
        MU_ROW_ARGS(r), p->kind[kind->operator_kind].code,
        muster_resource_name((muster_resource)p->kind[kind->operator_kind].resource));
}

static muster_status check_kinds(const muster_problem *p) {
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        const mu_row r = {"kind", k, p->kind[k].code};
        MU_TRY(mu_check_code(r));
        MU_TRY(check_amount(r, "mass_kg", p->kind[k].mass_kg, MUSTER_MAX_UNIT_KG));
        MU_TRY(check_amount(r, "volume_m3", p->kind[k].volume_m3, MUSTER_MAX_UNIT_M3));
        if (p->kind[k].resource >= MUSTER_RESOURCE_COUNT) {
            return muster_fail(MUSTER_E_INVALID,
                               "kind %u (\"%s\") is of resource %u; expected 0 to %d", k,
                               p->kind[k].code, p->kind[k].resource, MUSTER_RESOURCE_COUNT - 1);
        }
    }
    for (uint32_t k = 0; k < p->kind_count; ++k) MU_TRY(check_operators(p, k));
    return MUSTER_OK;
}

static muster_status check_teams(const muster_problem *p) {
    for (uint32_t t = 0; t < p->team_count; ++t) {
        const muster_team *team = &p->team[t];
        const mu_row       r    = {"team", t, team->unit.code};
        MU_TRY(check_unit(p, r, &team->unit));
        MU_TRY(mu_check_quantity(r, "people", team->people, 1, MUSTER_MAX_QUANTITY));
        MU_TRY(mu_check_array("capabilities", team->capability_count, team->capability));
        for (uint32_t c = 0; c < team->capability_count; ++c) {
            MU_TRY(mu_check_kind(p, r, team->capability[c], MUSTER_PEOPLE));
        }
    }
    return MUSTER_OK;
}

static muster_status check_vehicles(const muster_problem *p) {
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        const muster_vehicle *vehicle = &p->vehicle[v];
        const mu_row          r       = {"vehicle", v, vehicle->unit.code};
        MU_TRY(check_unit(p, r, &vehicle->unit));
        MU_TRY(mu_check_kind(p, r, vehicle->kind, MUSTER_VEHICLE));
        MU_TRY(check_amount(r, "payload_kg", vehicle->payload_kg, MUSTER_MAX_PAYLOAD_KG));
        MU_TRY(check_amount(r, "volume_m3", vehicle->volume_m3, MUSTER_MAX_VOLUME_M3));
    }
    return MUSTER_OK;
}

static muster_status check_machines(const muster_problem *p) {
    for (uint32_t m = 0; m < p->machine_count; ++m) {
        const mu_row r = {"machine", m, p->machine[m].unit.code};
        MU_TRY(check_unit(p, r, &p->machine[m].unit));
        MU_TRY(mu_check_kind(p, r, p->machine[m].kind, MUSTER_MACHINE));
        MU_TRY(mu_check_quantity(r, "count", p->machine[m].count, 0, MUSTER_MAX_QUANTITY));
    }
    return MUSTER_OK;
}

static muster_status check_stocks(const muster_problem *p) {
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        const mu_row r = {"stock", s, p->stock[s].unit.code};
        MU_TRY(check_unit(p, r, &p->stock[s].unit));
        MU_TRY(mu_check_kind(p, r, p->stock[s].kind, MUSTER_ITEM));
        MU_TRY(mu_check_quantity(r, "quantity", p->stock[s].quantity, 0, MUSTER_MAX_QUANTITY));
    }
    return MUSTER_OK;
}

typedef struct stored {
    const muster_unit *unit;
    uint32_t           kind;
} stored;

static int by_warehouse_and_item(const void *a, const void *b) {
    const stored *s = a, *t = b;
    const int     warehouses = mu_warehouse_compare(s->unit, t->unit);
    if (warehouses != 0) return warehouses;
    return s->kind < t->kind ? -1 : s->kind > t->kind;
}

/* The last, in the order of warehouses and items. */
static muster_status fail_twin(const muster_problem *p) {
    stored  *list;
    uint32_t twin = 0;
    MU_TRY(mu_alloc(&list, p->stock_count, sizeof *list));
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        list[s] = (stored){&p->stock[s].unit, p->stock[s].kind};
    }
    qsort(list, p->stock_count, sizeof *list, by_warehouse_and_item);
    for (uint32_t s = 1; s < p->stock_count; ++s) {
        if (by_warehouse_and_item(&list[s - 1], &list[s]) == 0) twin = s;
    }
    const stored found = list[twin];
    mu_free(list);
    return muster_fail(MUSTER_E_INVALID,
                       "two stocks of warehouse \"%s\" are of kind \"%s\"; expected one where "
                       "items come by vehicle",
                       found.unit->code, p->kind[found.kind].code);
}

/* Does a warehouse have two rows of an item? */
static bool has_twins(const muster_problem *p, const mu_warehouse_rows *rows, uint32_t *seen_in) {
    for (uint32_t k = 0; k < p->kind_count; ++k) seen_in[k] = MUSTER_NONE;
    for (uint32_t first = 0; first < p->stock_count; ++first) {
        if (rows->first[first] != first) continue;
        for (uint32_t s = first; s != MUSTER_NONE; s = rows->next[s]) {
            if (seen_in[p->stock[s].kind] == first) return true;
            seen_in[p->stock[s].kind] = first;
        }
    }
    return false;
}

/* By vehicle, what a warehouse has of an item has to be one row. */
static muster_status check_warehouses(const muster_problem *p) {
    mu_warehouse_rows rows;
    uint32_t         *seen_in; /* by kind: a warehouse */
    bool              is_sound = true;
    if (p->item_transport != MUSTER_ITEMS_BY_VEHICLE || p->stock_count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&seen_in, p->kind_count, sizeof *seen_in));
    const muster_status status = mu_warehouse_rows_init(&rows, p);
    if (status == MUSTER_OK) is_sound = !has_twins(p, &rows, seen_in);
    mu_warehouse_rows_fini(&rows);
    mu_free(seen_in);
    if (status != MUSTER_OK || is_sound) return status;
    return fail_twin(p);
}

static muster_status check_incidents(const muster_problem *p) {
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        const mu_row r = {"incident", i, p->incident[i].code};
        MU_TRY(mu_check_code(r));
        MU_TRY(mu_check_site(r, p->incident[i].site));
        if (p->incident[i].severity >= MUSTER_SEVERITY_COUNT) {
            return muster_fail(MUSTER_E_INVALID, MU_ROW_FORMAT " has severity %u; expected 0 to %d",
                               MU_ROW_ARGS(r), p->incident[i].severity, MUSTER_SEVERITY_COUNT - 1);
        }
        MU_TRY(check_authority(p, r, p->incident[i].authority));
    }
    return MUSTER_OK;
}

static muster_status check_need(const muster_problem *p, uint32_t n) {
    const muster_need *need = &p->need[n];
    if (need->incident >= p->incident_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "need %u is of incident %u, but the problem has %u incidents", n,
                           need->incident, p->incident_count);
    }
    const char *incident = p->incident[need->incident].code;
    if (need->kind >= p->kind_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "need %u of incident \"%s\" is of kind %u, but the problem has %u kinds",
                           n, incident, need->kind, p->kind_count);
    }
    if (need->quantity < 1 || need->quantity > MUSTER_MAX_QUANTITY) {
        return muster_fail(MUSTER_E_INVALID,
                           "need %u of incident \"%s\" asks for %lld of \"%s\"; expected 1 to %lld",
                           n, incident, (long long)need->quantity, p->kind[need->kind].code,
                           (long long)MUSTER_MAX_QUANTITY);
    }
    if (need->minimum < 0 || need->minimum > need->quantity) {
        return muster_fail(MUSTER_E_INVALID,
                           "need %u of incident \"%s\" has minimum %lld of \"%s\"; expected 0 to "
                           "its quantity, %lld",
                           n, incident, (long long)need->minimum, p->kind[need->kind].code,
                           (long long)need->quantity);
    }
    if (need->grade == 0 || p->kind[need->kind].resource == MUSTER_PEOPLE) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "need %u of incident \"%s\" asks for grade %u of \"%s\"; expected 0: only "
                       "people are graded",
                       n, incident, need->grade, p->kind[need->kind].code);
}

static muster_status check_needs(const muster_problem *p) {
    bool *is_asking;
    for (uint32_t n = 0; n < p->need_count; ++n) MU_TRY(check_need(p, n));
    MU_TRY(mu_alloc_zeroed(&is_asking, p->incident_count, sizeof *is_asking));
    for (uint32_t n = 0; n < p->need_count; ++n) is_asking[p->need[n].incident] = true;
    uint32_t idle = 0;
    while (idle < p->incident_count && is_asking[idle]) ++idle;
    mu_free(is_asking);
    if (idle == p->incident_count) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "incident %u (\"%s\") has no need; expected at least one, or no incident",
                       idle, p->incident[idle].code);
}

/* ---- codes --------------------------------------------------------------------------- */

static muster_status check_codes(const muster_problem *p) {
    if (p->kind) MU_TRY(mu_check_unique("kinds", p->kind_count, &p->kind->code, sizeof *p->kind));
    if (p->team)
        MU_TRY(mu_check_unique("teams", p->team_count, &p->team->unit.code, sizeof *p->team));
    if (p->vehicle) {
        MU_TRY(mu_check_unique("vehicles", p->vehicle_count, &p->vehicle->unit.code,
                               sizeof *p->vehicle));
    }
    if (p->machine) {
        MU_TRY(mu_check_unique("machines", p->machine_count, &p->machine->unit.code,
                               sizeof *p->machine));
    }
    if (!p->incident) return MUSTER_OK;
    return mu_check_unique("incidents", p->incident_count, &p->incident->code, sizeof *p->incident);
}

muster_status muster_problem_check(const muster_problem *problem) {
    if (problem->struct_size < sizeof(muster_problem)) {
        return muster_fail(MUSTER_E_INVALID,
                           "muster_problem.struct_size is %zu; expected %zu: start from "
                           "MUSTER_PROBLEM_INIT",
                           problem->struct_size, sizeof(muster_problem));
    }
    if (problem->item_transport >= MUSTER_ITEM_TRANSPORT_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "item_transport is %u; expected 0 to %d",
                           problem->item_transport, MUSTER_ITEM_TRANSPORT_COUNT - 1);
    }
    MU_TRY(check_arrays(problem));
    MU_TRY(check_metrics(problem));
    MU_TRY(check_kinds(problem));
    MU_TRY(check_teams(problem));
    MU_TRY(check_vehicles(problem));
    MU_TRY(check_machines(problem));
    MU_TRY(check_stocks(problem));
    MU_TRY(check_warehouses(problem));
    MU_TRY(check_incidents(problem));
    MU_TRY(check_needs(problem));
    MU_TRY(check_codes(problem));
    MU_TRY(mu_problem_check_command(problem));
    return mu_problem_check_sums(problem);
}
