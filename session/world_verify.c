/* What holds of every world, whatever it was told: everything names rows that are there, lists are in
 * order, and what is kept as a sum is the sum. */
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "session/moment_range.h"
#include "session/world_event.h"

static muster_status fail(const char *what, unsigned long long which, const char *why) {
    return muster_fail(MUSTER_E_FORMAT, "the world does not fit together: %s %llu %s", what, which,
                       why);
}

static bool is_over(const mu_world_order *o) {
    return muster_order_is_over((muster_order_state)o->state);
}

static bool is_place(double lon_deg, double lat_deg) {
    return lon_deg >= -180 && lon_deg <= 180 && lat_deg >= -90 && lat_deg <= 90;
}

static bool is_moment_or_0(int64_t moment_ms) {
    return moment_ms == 0 || mu_is_moment(moment_ms);
}

/* Of a shift: 0, or near moments that there are. */
static bool is_near_moment_or_0(int64_t moment_ms) {
    return moment_ms >= 0 && moment_ms < MU_MOMENT_END_MS + UINT32_MAX;
}

static bool is_row(uint32_t row, uint32_t count) {
    return row < count || row == MUSTER_NONE;
}

/* ---- units --------------------------------------------------------------------------------- */

/* Items that were handed over are not in the books any more. */
static int64_t ordered_of(const mu_world_order *o) {
    const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
    return is_over(o) || is_handed_over ? 0 : o->quantity;
}

static muster_status verify_units(const mu_world *w, uint8_t resource, int64_t *sum) {
    const uint32_t count = w->base->unit_count[resource];
    memset(sum, 0, count * sizeof *sum);
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (o->resource == resource) sum[o->unit] += ordered_of(o);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const mu_world_unit *u = &w->unit[resource][i];
        if (u->ordered != sum[i]) return fail("unit", i, "has other orders than are there");
        if (u->ordered < 0 || u->ordered > u->quantity || u->quantity > MUSTER_MAX_QUANTITY) {
            return fail("unit", i, "has more under orders than there is, or too much");
        }
        if (resource <= MUSTER_VEHICLE && u->ordered != 0 && u->ordered != u->quantity) {
            return fail("unit", i, "goes in parts");
        }
        if (resource == MUSTER_VEHICLE && u->quantity != 1) return fail("vehicle", i, "is not one");
        if (!is_place(u->lon_deg, u->lat_deg)) return fail("unit", i, "is nowhere");
        if (u->is_available && u->reason) return fail("unit", i, "has a reason for being there");
        if (!is_moment_or_0(u->seen_at_ms) || !is_moment_or_0(u->status_at_ms) ||
            !is_moment_or_0(u->crew_at_ms) || !is_moment_or_0(u->shift_at_ms)) {
            return fail("unit", i, "was told of at no moment");
        }
        if (!is_near_moment_or_0(u->ready_at_ms) || !is_near_moment_or_0(u->shift_end_at_ms) ||
            !is_near_moment_or_0(u->duty_since_ms)) {
            return fail("unit", i, "has a shift at no moment");
        }
    }
    return MUSTER_OK;
}

static muster_status verify_all_units(const mu_world *w) {
    int64_t *sum;
    uint32_t most = 0;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (w->base->unit_count[r] > most) most = w->base->unit_count[r];
    }
    MU_TRY(mu_alloc(&sum, most, sizeof *sum));
    muster_status status = MUSTER_OK;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT && status == MUSTER_OK; ++r) {
        status = verify_units(w, (uint8_t)r, sum);
    }
    mu_free(sum);
    return status;
}

/* ---- incidents ----------------------------------------------------------------------------- */

static muster_status verify_needs(const mu_world *w, uint32_t at) {
    const mu_world_incident *i = &w->incident[at];
    for (uint32_t n = 0; n < i->need_count; ++n) {
        const mu_world_need *need = &i->need[n];
        if (need->kind >= w->base->kind_count || need->quantity < 1 ||
            need->quantity > MUSTER_MAX_QUANTITY || need->minimum < 0 ||
            need->minimum > need->quantity || need->delivered < 0 ||
            (need->grade > 0 && w->base->kind[need->kind].resource != MUSTER_PEOPLE)) {
            return fail("incident", at, "has a need that cannot be");
        }
        for (uint32_t m = 0; m < n; ++m) {
            if (i->need[m].kind == need->kind) return fail("incident", at, "has a need twice");
        }
    }
    return MUSTER_OK;
}

static muster_status verify_incident(const mu_world *w, uint32_t at) {
    const mu_world_incident *i          = &w->incident[at];
    uint32_t                 open_count = 0, kept_count = 0;
    bool                     was_there;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].incident != at) continue;
        ++kept_count;
        open_count += !is_over(&w->order[o]);
        if (i->closed_at_ms != 0 && w->order[o].state < MUSTER_ORDER_ON_SCENE) {
            return fail("incident", at, "is closed, and still somebody is sent there");
        }
    }
    if (i->order_count != open_count || i->kept_count != kept_count) {
        return fail("incident", at, "has another number of orders");
    }
    if (i->closed_at_ms != 0 && kept_count == 0) return fail("incident", at, "is of no use");
    (void)mu_sorted_place(w->closed, sizeof *w->closed, w->closed_count, i->code, &was_there);
    if (was_there || mu_world_find_incident(w, i->code) != at) {
        return fail("incident", at, "has the code of another");
    }
    if (!is_place(i->lon_deg, i->lat_deg)) return fail("incident", at, "is nowhere");
    if (i->severity >= MUSTER_SEVERITY_COUNT || !is_row(i->authority, w->base->authority_count) ||
        i->on_scene_ms >= MUSTER_UNREACHABLE_MS) {
        return fail("incident", at, "has a severity, authority or time on scene that cannot be");
    }
    if (!mu_is_moment(i->reported_at_ms) || !mu_is_moment(i->updated_at_ms) ||
        !mu_is_moment(i->needs_at_ms) || !is_moment_or_0(i->deadline_at_ms) ||
        !is_moment_or_0(i->closed_at_ms)) {
        return fail("incident", at, "was told of at no moment");
    }
    return verify_needs(w, at);
}

/* ---- orders -------------------------------------------------------------------------------- */

static muster_status verify_trip(const mu_world *w, const mu_world_order *o) {
    const mu_base *b = w->base;
    if (o->need == MUSTER_NONE) {
        if (o->resource != MUSTER_VEHICLE || o->warehouse >= b->unit_count[MUSTER_ITEM] ||
            o->trip != 0) {
            return fail("order", o->number, "is a trip of something else, or from nowhere");
        }
        return MUSTER_OK;
    }
    if (o->warehouse != MUSTER_NONE || o->is_loaded || o->state == MUSTER_ORDER_LOADED) {
        if (o->trip == 0) return fail("order", o->number, "loads, and is no trip");
    }
    if (o->trip == 0) return MUSTER_OK;
    const mu_world_order *trip = mu_world_find_order(w, o->trip);
    if (o->trip >= o->number || o->resource != MUSTER_ITEM) {
        return fail("order", o->number, "comes with no trip");
    }
    if (!trip && is_over(o)) return MUSTER_OK; /* forgotten */
    if (!trip || trip->need != MUSTER_NONE || trip->state != o->state ||
        trip->incident != o->incident) {
        return fail("order", o->number, "is not as its trip is");
    }
    return MUSTER_OK;
}

/* Of goods that are gone it is kept whether they were promised. */
static bool may_be_handed_over(const mu_world_order *o) {
    return o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_RELEASED;
}

static muster_status verify_order(const mu_world *w, uint32_t at) {
    const mu_world_order *o = &w->order[at];
    const mu_base        *b = w->base;
    if (o->number == 0 || o->number > w->order_last ||
        (at > 0 && w->order[at - 1].number >= o->number)) {
        return fail("order", o->number, "is out of order");
    }
    if (o->state >= MUSTER_ORDER_STATE_COUNT || o->claim > MUSTER_CLAIM_STATE_HELD ||
        o->claim_number < 0 || o->dispatch_order < 0 ||
        (is_over(o) && o->claim != MUSTER_CLAIM_STATE_NONE && !may_be_handed_over(o)) ||
        o->sequence > w->sequence) {
        return fail("order", o->number, "has a state or claim that cannot be");
    }
    if (o->resource >= MUSTER_RESOURCE_COUNT || o->unit >= b->unit_count[o->resource] ||
        o->incident >= w->incident_count || !is_row(o->need, b->kind_count) ||
        !is_row(o->consent, b->authority_count) || o->quantity < 1 ||
        o->quantity > MUSTER_MAX_QUANTITY) {
        return fail("order", o->number, "names something that is not there");
    }
    if (o->need != MUSTER_NONE && !mu_base_can_serve(b, o->resource, o->unit, o->need)) {
        return fail("order", o->number, "serves a need that its unit cannot");
    }
    if (!mu_is_moment(o->issued_at_ms) || !mu_is_moment(o->changed_at_ms) ||
        !mu_is_moment(o->depart_at_ms) || !mu_is_moment(o->eta_at_ms) ||
        !is_moment_or_0(o->load_at_ms) || !isfinite(o->distance_m) || o->distance_m < 0 ||
        !o->issued_by || !o->changed_by) {
        return fail("order", o->number, "has a time, distance or author that cannot be");
    }
    return verify_trip(w, o);
}

static muster_status verify_orders(const mu_world *w) {
    uint32_t over = 0;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        MU_TRY(verify_order(w, i));
        over += is_over(&w->order[i]);
    }
    if (over == w->over_count && over <= MU_WORLD_OVER_MOST) return MUSTER_OK;
    return fail("so many orders as", over, "are over");
}

/* ---- what has codes ------------------------------------------------------------------------ */

static muster_status verify_sorted(const char *what, const void *first_code, size_t stride,
                                   uint32_t count) {
    for (uint32_t i = 1; i < count; ++i) {
        const char *before, *code;
        memcpy(&before, (const char *)first_code + (i - 1) * stride, sizeof before);
        memcpy(&code, (const char *)first_code + i * stride, sizeof code);
        if (strcmp(before, code) >= 0) return fail(what, i, "is out of order");
    }
    return MUSTER_OK;
}

static muster_status verify_rule(const mu_world *w, uint32_t at) {
    const mu_world_rule     *r            = &w->rule[at];
    const muster_event_rule *rule         = &r->rule;
    const bool               has_incident = rule->command != MUSTER_COMMAND_HOLD;
    if (rule->command >= MUSTER_COMMAND_COUNT || rule->unit.resource >= MUSTER_RESOURCE_COUNT ||
        r->unit >= w->base->unit_count[rule->unit.resource] || rule->quantity < 0 ||
        rule->quantity > MUSTER_MAX_QUANTITY || !mu_is_moment(r->told_at_ms)) {
        return fail("rule", at, "says something that cannot be");
    }
    if (has_incident ? r->incident >= w->incident_count : r->incident != MUSTER_NONE) {
        return fail("rule", at, "names an incident that is not there");
    }
    if (has_incident && w->incident[r->incident].closed_at_ms != 0) {
        return fail("rule", at, "names an incident that is closed");
    }
    return MUSTER_OK;
}

static muster_status verify_coded(const mu_world *w) {
    if (w->rule_count > 0) {
        MU_TRY(verify_sorted("rule", &w->rule->code, sizeof *w->rule, w->rule_count));
    }
    if (w->road_count > 0) {
        MU_TRY(verify_sorted("road", &w->road->road.code, sizeof *w->road, w->road_count));
    }
    if (w->hazard_count > 0) {
        MU_TRY(
            verify_sorted("hazard", &w->hazard->hazard.code, sizeof *w->hazard, w->hazard_count));
    }
    MU_TRY(verify_sorted("closed incident", w->closed, sizeof *w->closed, w->closed_count));
    for (uint32_t i = 0; i < w->rule_count; ++i) MU_TRY(verify_rule(w, i));
    for (uint32_t i = 0; i < w->ended_count; ++i) {
        const uint8_t type = w->ended[i].type;
        if ((type != MUSTER_EVENT_ROAD_OPENED && type != MUSTER_EVENT_HAZARD_ENDED &&
             type != MUSTER_EVENT_RULE_LIFTED) ||
            !mu_is_moment(w->ended[i].at_ms)) {
            return fail("ending", i, "is of nothing that ends");
        }
    }
    return MUSTER_OK;
}

/* Whoever makes metrics of roads and hazards relies on what was asked when they were told. */
static muster_status verify_roads(const mu_world *w) {
    muster_event_answer answer;
    mu_check            check = {.world = w, .answer = &answer};
    for (uint32_t i = 0; i < w->road_count; ++i) {
        const mu_world_road *r = &w->road[i];
        if (!mu_check_road_where(&check, &r->road) || !(r->road.speed_factor >= 0) ||
            !(r->road.speed_factor < 1) || !mu_is_moment(r->told_at_ms)) {
            return fail("road", i, "is nowhere, or as fast as ever");
        }
    }
    for (uint32_t i = 0; i < w->hazard_count; ++i) {
        const bool is_sound = mu_check_hazard_where(&check, &w->hazard[i].hazard);
        MU_TRY(check.status);
        if (!is_sound || !mu_is_moment(w->hazard[i].told_at_ms)) {
            return fail("hazard", i, "cannot be");
        }
    }
    return MUSTER_OK;
}

muster_status mu_world_verify(const mu_world *world) {
    if (!mu_is_moment(world->time_ms)) return fail("time", 0, "is no moment");
    MU_TRY(verify_orders(world));
    MU_TRY(verify_all_units(world));
    for (uint32_t i = 0; i < world->incident_count; ++i) MU_TRY(verify_incident(world, i));
    MU_TRY(verify_coded(world));
    return verify_roads(world);
}
