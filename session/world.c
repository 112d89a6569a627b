/* One world: from the base to what is known now. Which events there are is a table; what each means is
 * in the file of its concern. */
#include "session/world.h"

#include <string.h>

#include "core/alloc.h"
#include "session/moment_range.h"
#include "session/text.h"
#include "session/world_event.h"

/* ---- beginning and end --------------------------------------------------------------------- */

static mu_world_unit unit_of(const muster_unit *u, int64_t quantity, int64_t now_ms) {
    return (mu_world_unit){
        .lon_deg         = u->site.lon_deg,
        .lat_deg         = u->site.lat_deg,
        .is_available    = true,
        .quantity        = quantity,
        .ready_at_ms     = u->available_ms > 0 ? now_ms + u->available_ms : 0,
        .shift_end_at_ms = u->shift_end_ms > 0 ? now_ms + u->shift_end_ms : 0,
        .duty_since_ms   = u->duty_ms > 0 ? now_ms - u->duty_ms : 0,
    };
}

static muster_status fill_units(mu_world *w, const muster_problem *p, int64_t now_ms) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&w->unit[r], w->base->unit_count[r], sizeof *w->unit[r]));
    }
    for (uint32_t t = 0; t < p->team_count; ++t) {
        w->unit[MUSTER_PEOPLE][t] = unit_of(&p->team[t].unit, p->team[t].people, now_ms);
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        w->unit[MUSTER_VEHICLE][v] = unit_of(&p->vehicle[v].unit, 1, now_ms);
    }
    for (uint32_t m = 0; m < p->machine_count; ++m) {
        w->unit[MUSTER_MACHINE][m] = unit_of(&p->machine[m].unit, p->machine[m].count, now_ms);
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        w->unit[MUSTER_ITEM][s] = unit_of(&p->stock[s].unit, p->stock[s].quantity, now_ms);
    }
    return MUSTER_OK;
}

muster_status mu_world_new(mu_world **out, mu_base *base, const muster_problem *problem,
                           int64_t now_ms) {
    mu_world *world;
    *out = NULL;
    if (!mu_is_moment(now_ms)) {
        return muster_fail(MUSTER_E_INVALID,
                           "the world begins at %lld; expected milliseconds since 1970, from 2000 "
                           "on and before 2200",
                           (long long)now_ms);
    }
    MU_TRY(mu_alloc_zeroed(&world, 1, sizeof *world));
    world->base          = mu_base_hold(base);
    world->time_ms       = now_ms;
    muster_status status = mu_told_new(&world->told);
    if (status == MUSTER_OK) status = fill_units(world, problem, now_ms);
    if (status == MUSTER_OK) {
        *out = world;
    } else {
        mu_world_free(world);
    }
    return status;
}

static void free_units(mu_world *w) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; w->unit[r] && u < w->base->unit_count[r]; ++u) {
            mu_text_release(w->unit[r][u].reason);
        }
        mu_free(w->unit[r]);
    }
}

static void free_incidents(mu_world *w) {
    for (uint32_t i = 0; i < w->incident_count; ++i) {
        mu_text_release(w->incident[i].code);
        mu_text_release(w->incident[i].name);
        mu_free(w->incident[i].need);
    }
    for (uint32_t i = 0; i < w->closed_count; ++i) mu_text_release(w->closed[i]);
    mu_free(w->incident);
    mu_free(w->closed);
}

static void free_orders(mu_world *w) {
    for (uint32_t o = 0; o < w->order_count; ++o) {
        mu_text_release(w->order[o].issued_by);
        mu_text_release(w->order[o].changed_by);
        mu_text_release(w->order[o].reason);
    }
    mu_free(w->order);
}

static void free_coded(mu_world *w) {
    for (uint32_t i = 0; i < w->road_count; ++i) mu_arena_fini(&w->road[i].arena);
    for (uint32_t i = 0; i < w->hazard_count; ++i) mu_arena_fini(&w->hazard[i].arena);
    for (uint32_t i = 0; i < w->rule_count; ++i) mu_text_release(w->rule[i].code);
    for (uint32_t i = 0; i < w->ended_count; ++i) mu_text_release(w->ended[i].code);
    mu_free(w->road);
    mu_free(w->hazard);
    mu_free(w->rule);
    mu_free(w->ended);
}

void mu_world_free(mu_world *w) {
    if (!w) return;
    free_units(w);
    free_incidents(w);
    free_orders(w);
    free_coded(w);
    mu_told_free(w->told);
    mu_base_release(w->base);
    mu_free(w);
}

/* ---- finding ------------------------------------------------------------------------------- */

mu_world_order *mu_world_find_order(const mu_world *world, uint64_t number) {
    uint32_t low = 0, high = world->order_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (world->order[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool is_there = low < world->order_count && world->order[low].number == number;
    return is_there ? &world->order[low] : NULL;
}

uint32_t mu_world_find_incident(const mu_world *world, const char *code) {
    for (uint32_t i = 0; i < world->incident_count; ++i) {
        if (strcmp(world->incident[i].code, code) == 0) return i;
    }
    return MUSTER_NONE;
}

uint32_t mu_sorted_place(const void *first_code, size_t stride, uint32_t count, const char *code,
                         bool *out_is_there) {
    uint32_t low = 0, high = count;
    *out_is_there = false;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const char    *other;
        memcpy(&other, (const char *)first_code + middle * stride, sizeof other);
        const int order = strcmp(other, code);
        if (order == 0) *out_is_there = true;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- what has ended ------------------------------------------------------------------------- */

muster_status mu_ended_reserve(mu_world *w) {
    return mu_grow(&w->ended, &w->ended_capacity, w->ended_count, sizeof *w->ended);
}

void mu_ended_add(mu_world *w, muster_event_type type, char *code, int64_t at_ms) {
    if (w->ended_count == MU_WORLD_ENDED_MOST) {
        mu_text_release(w->ended[0].code);
        memmove(w->ended, w->ended + 1, --w->ended_count * sizeof *w->ended);
    }
    w->ended[w->ended_count++] = (mu_world_ended){(uint8_t)type, code, at_ms};
}

/* ---- events -------------------------------------------------------------------------------- */

static bool check_nothing(mu_check *c) {
    (void)c;
    return true;
}

static muster_status apply_nothing(mu_world *w, const muster_event *e) {
    (void)w;
    (void)e;
    return MUSTER_OK;
}

typedef struct event_kind {
    mu_check_event *check;
    mu_apply_event *apply;
} event_kind;

enum { TYPE_END = MUSTER_EVENT_CLAIM_LOST + 1 };

static const event_kind KIND[TYPE_END] = {
    [MUSTER_EVENT_INCIDENT_REPORTED] = {mu_check_reported, mu_apply_reported},
    [MUSTER_EVENT_INCIDENT_UPDATED]  = {mu_check_updated, mu_apply_updated},
    [MUSTER_EVENT_INCIDENT_CLOSED]   = {mu_check_closed, mu_apply_closed},
    [MUSTER_EVENT_NEED_CHANGED]      = {mu_check_needs, mu_apply_needs},
    [MUSTER_EVENT_UNIT_MOVED]        = {mu_check_moved, mu_apply_moved},
    [MUSTER_EVENT_UNIT_STATUS]       = {mu_check_status, mu_apply_status},
    [MUSTER_EVENT_UNIT_CREW]         = {mu_check_crew, mu_apply_crew},
    [MUSTER_EVENT_UNIT_SHIFT]        = {mu_check_shift, mu_apply_shift},
    [MUSTER_EVENT_STOCK_MOVED]       = {mu_check_stock, mu_apply_stock},
    [MUSTER_EVENT_ROAD_CLOSED]       = {mu_check_road, mu_apply_road},
    [MUSTER_EVENT_ROAD_SLOWED]       = {mu_check_road, mu_apply_road},
    [MUSTER_EVENT_ROAD_OPENED]       = {mu_check_road_opened, mu_apply_road_opened},
    [MUSTER_EVENT_HAZARD_GROWN]      = {mu_check_hazard, mu_apply_hazard},
    [MUSTER_EVENT_HAZARD_ENDED]      = {mu_check_hazard_ended, mu_apply_hazard_ended},
    [MUSTER_EVENT_RULE_SET]          = {mu_check_rule, mu_apply_rule},
    [MUSTER_EVENT_RULE_LIFTED]       = {mu_check_rule_lifted, mu_apply_rule_lifted},
    [MUSTER_EVENT_ORDER_ACCEPTED]    = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_DECLINED]    = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_EN_ROUTE]    = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_LOADED]      = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_ON_SCENE]    = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_RELEASED]    = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_ORDER_CANCELLED]   = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_OPENED]            = {check_nothing, apply_nothing},
    [MUSTER_EVENT_ORDER_EXPIRED]     = {mu_check_order, mu_apply_order},
    [MUSTER_EVENT_CLAIM_HELD]        = {mu_check_claim_held, mu_apply_claim_held},
    [MUSTER_EVENT_CLAIM_LOST]        = {mu_check_order, mu_apply_order},
};

/* What every event has, and what of it is told again. */
static bool check_common(mu_check *c) {
    const muster_event *e = c->event;
    if (!mu_check_id(c, e->id)) return false;
    const mu_told_key key = mu_told_key_of(e->id);
    if (mu_told_find(c->world->told, &key, &c->answer->sequence)) {
        c->answer->outcome = MUSTER_EVENT_REPEATED;
        return false;
    }
    return mu_check_moment(c, "time_ms", e->time_ms) &&
           mu_check_text(c, "author", e->author, MUSTER_EVENT_AUTHOR_BYTES) &&
           mu_check_note(c, "reason", e->reason) &&
           mu_check_find_authority(c, e->authority, &c->authority);
}

muster_status mu_world_check(const mu_world *world, const muster_event *event,
                             muster_event_answer *out) {
    mu_check check = {.world = world, .event = event, .answer = out, .authority = MUSTER_NONE};
    *out           = (muster_event_answer){.outcome = MUSTER_EVENT_APPLIED};
    if (event->struct_size != sizeof *event) {
        (void)mu_refuse(&check, MUSTER_EVENT_WRONG,
                        "struct_size is %zu; expected %zu: start from MUSTER_EVENT_INIT",
                        event->struct_size, sizeof *event);
    } else if (event->type >= TYPE_END || !KIND[event->type].check) {
        (void)mu_refuse(&check, MUSTER_EVENT_WRONG,
                        "type is %u; expected one of muster_event_type that is told or added one "
                        "by one",
                        event->type);
    } else if (check_common(&check)) {
        (void)KIND[event->type].check(&check);
    }
    return check.status;
}

muster_status mu_world_apply(mu_world *world, const muster_event *event, uint64_t sequence) {
    const mu_told_list list =
        event->type == MUSTER_EVENT_UNIT_MOVED ? MU_TOLD_MOVES : MU_TOLD_EVENTS;
    const mu_told_key key = mu_told_key_of(event->id);
    MU_TRY(mu_told_reserve(world->told, list));
    MU_TRY(KIND[event->type].apply(world, event));
    mu_told_add(world->told, list, &key, sequence);
    world->sequence = sequence;
    if (event->time_ms > world->time_ms) world->time_ms = event->time_ms;
    return MUSTER_OK;
}
