/* Is a plan worth making, when all that has happened is that somebody or something is free again? To keep
 * (MUSTER_REPLAN_KEEP) is to add, and to call back who is of no use any more (under_way.c). It adds something where
 * what has come free since could serve a need that something is missing of, there is a way, and there was not
 * enough of the same kind before. All else that is free was free for the plan before too, which has left it where
 * it is. Who has moved since was free to be sent from where he was, so by the same roads he gets to nothing that he
 * did not get to then; of other roads, see new_ways.c.
 *
 * A vehicle that could bring something is of no use where as many that do as much were left idle as the load could
 * take, however badly it is put together: it was not for want of them that nothing was brought.
 *
 * Whatever else happens, a need, an order that came to nothing, a word of a commander, is a reason for a plan
 * without being asked. This is an argument and no proof: the planner fills needs one after the other, and what
 * it comes to can depend on more than what is looked at here. tests/oracle/test_simulation.c makes the plans that are
 * not made, beside. */
#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "simulation/use.h"

/* ---- what is free -------------------------------------------------------------------------- */

muster_status mu_spare_init(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&run->spare[r], run->stage->base->unit_count[r], sizeof(int64_t)));
    }
    return MUSTER_OK;
}

void mu_spare_fini(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(run->spare[r]);
}

void mu_spare_note(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r]; ++u) {
            run->spare[r][u] = mu_spare_now(run, (uint8_t)r, u);
        }
    }
    run->orders_thought_of = run->record->order.count;
    run->thought_ms        = run->now_ms;
    mu_atlas_forget(&run->atlas);
}

void mu_spare_note_less(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r]; ++u) {
            const int64_t spare = mu_spare_now(run, (uint8_t)r, u);
            if (spare < run->spare[r][u]) run->spare[r][u] = spare;
        }
    }
}

/* ---- is it of use? ------------------------------------------------------------------------- */

bool mu_serves(const mu_run *run, uint8_t resource, uint32_t unit, uint32_t kind) {
    const mu_base_unit *u = &run->stage->base->unit[resource][unit];
    if (resource == MUSTER_PEOPLE) return mu_base_has_capability(u, kind);
    if (resource == MUSTER_VEHICLE && mu_is_brought(run, kind)) return mu_carries(u);
    return u->kind == kind;
}

bool mu_has_carrier(const mu_run *run, uint32_t profile) {
    const mu_base      *b       = run->stage->base;
    const mu_base_unit *vehicle = b->unit[MUSTER_VEHICLE];
    uint32_t            v       = 0;
    while (v < b->unit_count[MUSTER_VEHICLE] &&
           (vehicle[v].profile != profile || !mu_carries(&vehicle[v]))) {
        ++v;
    }
    return v < b->unit_count[MUSTER_VEHICLE];
}

/* Of items as some carrier drives, where that is how they travel. */
static muster_status has_way(mu_run *run, mu_moment moment, const mu_scene *scene, uint8_t resource,
                             uint32_t unit, bool *out) {
    const mu_base    *b    = run->stage->base;
    const muster_site from = mu_known_place(run, resource, unit);
    *out                   = false;
    if (resource != MUSTER_ITEM || !mu_is_brought(run, b->unit[resource][unit].kind)) {
        return mu_atlas_reaches(&run->atlas, moment, b->unit[resource][unit].profile, &from,
                                &scene->site, out);
    }
    for (uint32_t p = 0; p < b->profile_count && !*out; ++p) {
        if (mu_has_carrier(run, p))
            MU_TRY(mu_atlas_reaches(&run->atlas, moment, p, &from, &scene->site, out));
    }
    return MUSTER_OK;
}

uint32_t mu_asks_for_ms(const mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit) {
    const mu_base *b   = run->stage->base;
    const uint32_t own = scene->authority, over = b->unit[resource][unit].authority;
    uint32_t       asked = own;
    if (own == MUSTER_NONE || over == MUSTER_NONE) return b->weights.escalation_delay_ms[0];
    while (asked != MUSTER_NONE && !mu_base_is_over(b, asked, over)) {
        asked = b->authority[asked].parent;
    }
    const int level = asked == MUSTER_NONE ? MUSTER_MUTUAL_AID : b->authority[asked].level;
    return b->weights.escalation_delay_ms[level - b->authority[own].level];
}

/* Straight on at a crawl, and by the fastest of roads: between them a way has to be found. */
enum { SLOW_MS_PER_KM = 10 * 60 * 1000, FAST_MS_PER_KM = 25 * 1000, SLOW_MS = 30 * 60 * 1000 };

static double distance_km(const muster_site *a, const muster_site *b) {
    static const double KM_PER_DEG = 111.2, RAD_PER_DEG = 0.017453292519943295;
    const double        x = (b->lon_deg - a->lon_deg) * cos(a->lat_deg * RAD_PER_DEG);
    return KM_PER_DEG * hypot(x, b->lat_deg - a->lat_deg);
}

/* So much time is left for the way; INT64_MAX: no shift ends. */
static int64_t left_ms(const mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit) {
    const mu_base_unit  *u          = &run->stage->base->unit[resource][unit];
    const mu_world_unit *known      = mu_known_unit(run, resource, unit);
    const bool           is_brought = resource == MUSTER_ITEM && mu_is_brought(run, u->kind);
    if (known->shift_end_at_ms == 0 || is_brought) return INT64_MAX;
    const int64_t departs_ms =
        mu_later(run->now_ms + u->turnout_ms + mu_asks_for_ms(run, scene, resource, unit),
                 known->ready_at_ms);
    return known->shift_end_at_ms - departs_ms - scene->on_scene_ms;
}

mu_doubt mu_shift_doubt(const mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit) {
    const int64_t     left = left_ms(run, scene, resource, unit);
    const muster_site from = mu_known_place(run, resource, unit);
    if (left == INT64_MAX) return MU_IN_TIME;
    if (left < 0) return MU_LATE;
    const double km = distance_km(&from, &scene->site);
    if ((double)left < km * FAST_MS_PER_KM) return MU_LATE;
    return (double)left < km * SLOW_MS_PER_KM + SLOW_MS ? MU_IN_DOUBT : MU_IN_TIME;
}

muster_status mu_is_in_time(mu_run *run, mu_moment moment, const mu_scene *scene, uint8_t resource,
                            uint32_t unit, bool *out) {
    const muster_site from  = mu_known_place(run, resource, unit);
    const mu_doubt    doubt = mu_shift_doubt(run, scene, resource, unit);
    uint32_t          takes_ms;
    *out = doubt == MU_IN_TIME;
    if (doubt != MU_IN_DOUBT) return MUSTER_OK;
    MU_TRY(mu_atlas_time(&run->atlas, moment, run->stage->base->unit[resource][unit].profile, &from,
                         &scene->site, &takes_ms));
    *out = takes_ms <= left_ms(run, scene, resource, unit);
    return MUSTER_OK;
}

/* Is there a rule about it, of those that are meant? NULL: any. */
static bool is_told(const mu_run *run, uint8_t resource, uint32_t unit,
                    bool (*is_meant)(const mu_world_rule *)) {
    const mu_world *w = mu_run_world(run);
    uint32_t        r = 0;
    while (r < w->rule_count && (w->rule[r].rule.unit.resource != resource ||
                                 w->rule[r].unit != unit || (is_meant && !is_meant(&w->rule[r])))) {
        ++r;
    }
    return r < w->rule_count;
}

/* Could it have been sent when a plan was last thought of? */
static muster_status could_go(mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit,
                              bool *out) {
    *out = false;
    if (run->spare[resource][unit] == 0 || is_told(run, resource, unit, NULL)) {
        return MUSTER_OK;
    }
    MU_TRY(has_way(run, MU_THEN, scene, resource, unit, out));
    return *out ? mu_is_in_time(run, MU_THEN, scene, resource, unit, out) : MUSTER_OK;
}

/* Was there as much of it as is missing, that could have been sent? Then it was not for want of this that
 * nothing was. */
static muster_status was_enough(mu_run *run, const mu_scene *scene, const mu_scene_need *need,
                                uint8_t resource, bool *out) {
    int64_t left = mu_missing_of(need);
    *out         = false;
    if (need->grade > 0) return MUSTER_OK;
    for (uint32_t u = 0; u < run->stage->base->unit_count[resource] && left > 0; ++u) {
        bool could = false;
        if (mu_serves(run, resource, u, need->kind)) {
            MU_TRY(could_go(run, scene, resource, u, &could));
        }
        if (could) left -= run->spare[resource][u];
    }
    *out = left <= 0;
    return MUSTER_OK;
}

/* ---- is a vehicle, to bring things? --------------------------------------------------------- */

int64_t mu_most_that_fit(const muster_kind *item, double kg, double m3, int64_t quantity) {
    double most = (double)quantity;
    if (item->mass_kg > 0) most = fmin(most, kg / item->mass_kg);
    if (item->volume_m3 > 0) most = fmin(most, m3 / item->volume_m3);
    return most > 0 ? (int64_t)most : 0;
}

/* Of so many of an item, how many vehicles like this one are full? 0: it does not take even one. */
static int64_t loads_of(const muster_kind *item, const mu_base_unit *vehicle, int64_t quantity) {
    const int64_t each = mu_most_that_fit(item, vehicle->payload_kg, vehicle->volume_m3, quantity);
    return each > 0 ? (quantity - 1) / each + 1 : 0;
}

/* What of each kind of item could be sent, least first, as it is when a plan is thought of. */
typedef struct stores {
    uint32_t *first;       /* [kind_count + 1] where a kind's begin in: */
    int64_t  *there;       /* [rows of stock] */
    bool     *is_in_order; /* by kind */
} stores;

static int by_size(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void stores_fini(stores *of) {
    mu_free(of->first);
    mu_free(of->there);
    mu_free(of->is_in_order);
}

/* Each kind's begin runs ahead while they are filled, and is the next one's in the end. */
static muster_status stores_init(stores *of, const mu_run *run) {
    const mu_base *b    = run->stage->base;
    const uint32_t rows = b->unit_count[MUSTER_ITEM];
    MU_TRY(mu_alloc_zeroed(&of->first, (size_t)b->kind_count + 2, sizeof *of->first));
    MU_TRY(mu_alloc(&of->there, rows, sizeof *of->there));
    MU_TRY(mu_alloc_zeroed(&of->is_in_order, b->kind_count, sizeof *of->is_in_order));
    for (uint32_t s = 0; s < rows; ++s) ++of->first[b->unit[MUSTER_ITEM][s].kind + 2];
    for (uint32_t k = 0; k < b->kind_count; ++k) of->first[k + 2] += of->first[k + 1];
    for (uint32_t s = 0; s < rows; ++s) {
        of->there[of->first[b->unit[MUSTER_ITEM][s].kind + 1]++] =
            mu_spare_now(run, MUSTER_ITEM, s);
    }
    return MUSTER_OK;
}

/* From how many warehouses it comes at most: from those that have least, wherever they are. */
static uint32_t most_sources(stores *of, uint32_t kind, int64_t missing) {
    int64_t       *there   = of->there + of->first[kind];
    const uint32_t count   = of->first[kind + 1] - of->first[kind];
    uint32_t       sources = 0;
    if (!of->is_in_order[kind] && count > 0) qsort(there, count, sizeof *there, by_size);
    of->is_in_order[kind] = true;
    for (uint32_t s = 0; s < count && missing > 0; ++s) {
        if (there[s] <= 0) continue;
        missing -= there[s];
        ++sources;
    }
    return sources;
}

/* Could it do all that the other one does, for as long as it takes? */
static bool does_as_much(const mu_run *run, uint32_t vehicle, uint32_t as) {
    const mu_base_unit *u = &run->stage->base->unit[MUSTER_VEHICLE][vehicle];
    const mu_base_unit *v = &run->stage->base->unit[MUSTER_VEHICLE][as];
    return vehicle != as && u->profile == v->profile && u->payload_kg >= v->payload_kg &&
           u->volume_m3 >= v->volume_m3 &&
           mu_known_unit(run, MUSTER_VEHICLE, vehicle)->shift_end_at_ms == 0;
}

/* Have so many that do as much been left where they were? */
static muster_status were_left(mu_run *run, const mu_scene *scene, uint32_t vehicle, int64_t count,
                               bool *out) {
    for (uint32_t v = 0; v < run->stage->base->unit_count[MUSTER_VEHICLE] && count > 0; ++v) {
        bool could = false;
        if (does_as_much(run, v, vehicle)) {
            MU_TRY(could_go(run, scene, MUSTER_VEHICLE, v, &could));
        }
        count -= could;
    }
    *out = count == 0;
    return MUSTER_OK;
}

/* So many vehicles like this one are enough for what is missing there, however badly they are loaded. */
static int64_t most_loads(const mu_run *run, stores *of, const mu_scene *scene,
                          const mu_base_unit *vehicle) {
    int64_t loads = 0;
    for (uint32_t n = 0; n < scene->need_count; ++n) {
        const mu_scene_need *need    = &scene->need[n];
        const int64_t        missing = mu_missing_of(need);
        const muster_kind   *item    = &run->stage->base->kind[need->kind];
        const int64_t        full    = loads_of(item, vehicle, missing);
        if (missing <= 0 || !mu_is_brought(run, need->kind) || full == 0) continue;
        loads += full + most_sources(of, need->kind, missing);
    }
    return loads;
}

/* What it might bring, others could have brought that are free still: then it was not for want of vehicles
 * that nothing was brought. */
static muster_status is_idle_carrier(mu_run *run, stores *of, const mu_scene *scene,
                                     uint32_t vehicle, bool *out) {
    if (!of->there) MU_TRY(stores_init(of, run));
    const mu_base_unit *unit = &run->stage->base->unit[MUSTER_VEHICLE][vehicle];
    return were_left(run, scene, vehicle, most_loads(run, of, scene, unit), out);
}

/* ---- is anything? --------------------------------------------------------------------------- */

static muster_status is_idle(mu_run *run, stores *of, const mu_scene *scene,
                             const mu_scene_need *need, uint8_t resource, uint32_t unit,
                             bool *out) {
    *out = false;
    if (!mu_is_brought(run, need->kind)) return was_enough(run, scene, need, resource, out);
    return resource == MUSTER_VEHICLE ? is_idle_carrier(run, of, scene, unit, out) : MUSTER_OK;
}

static muster_status look_at_scene(mu_run *run, stores *of, const mu_scene *scene, uint8_t resource,
                                   uint32_t unit, bool *out) {
    *out = false;
    for (uint32_t n = 0; n < scene->need_count && !*out; ++n) {
        const mu_scene_need *need = &scene->need[n];
        bool                 idle = false;
        if (mu_missing_of(need) <= 0 || !mu_serves(run, resource, unit, need->kind)) continue;
        MU_TRY(has_way(run, MU_NOW, scene, resource, unit, out));
        if (*out) MU_TRY(is_idle(run, of, scene, need, resource, unit, &idle));
        *out = *out && !idle;
    }
    return MUSTER_OK;
}

static muster_status look_at_unit(mu_run *run, stores *of, uint8_t resource, uint32_t unit,
                                  bool *out) {
    *out = false;
    for (uint32_t s = 0; s < run->scene_count && !*out; ++s) {
        if (mu_is_scene_open(&run->scene[s])) {
            MU_TRY(look_at_scene(run, of, &run->scene[s], resource, unit, out));
        }
    }
    return MUSTER_OK;
}

static muster_status look_at_units(mu_run *run, stores *of, bool *out) {
    *out = false;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r] && !*out; ++u) {
            if (mu_spare_now(run, (uint8_t)r, u) <= run->spare[r][u]) continue;
            *out = is_told(run, (uint8_t)r, u, mu_says_where_to_go);
            if (!*out) MU_TRY(look_at_unit(run, of, (uint8_t)r, u, out));
        }
    }
    return MUSTER_OK;
}

muster_status mu_spare_is_of_use(mu_run *run, bool *out) {
    stores              of     = {0};
    const muster_status status = look_at_units(run, &of, out);
    stores_fini(&of);
    return status;
}
