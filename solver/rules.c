/* Rules come as a list, each about one resource; they are indexed by resource here. A resource
 * has few, so looking at all of its own is the fastest way to ask anything.
 *
 * Locks are decided before anything else and never again: they become dispatches, and all that
 * comes after works with what is left of resources and needs. Which need of its incident a
 * lock serves, where it does not say, is settled on the spot: the one for which it is worth
 * most. Of items that come by vehicle it is decided what has to come where, and not yet how. */
#include "solver/rules.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/weights.h"

/* ---- looking up ---------------------------------------------------------------------- */

static bool has_rules(const mu_rules *r, muster_resource resource) {
    return r->first[resource] != NULL;
}

/* The next rule of a type about a resource, from place *at on; NULL: there is none. */
static const muster_rule *next_rule(const mu_rules *r, muster_resource resource, uint32_t index,
                                    muster_rule_type type, uint32_t *at) {
    if (!has_rules(r, resource)) return NULL;
    const uint32_t first = r->first[resource][index], end = r->first[resource][index + 1];
    while (first + *at < end) {
        const muster_rule *rule = &r->travel->problem->rule[r->rule[resource][first + (*at)++]];
        if (rule->type == type) return rule;
    }
    return NULL;
}

bool mu_rules_hold(const mu_rules *r, muster_resource resource, uint32_t index) {
    uint32_t at = 0;
    return next_rule(r, resource, index, MUSTER_HOLD, &at) != NULL;
}

uint32_t mu_rules_load(const mu_rules *r, uint32_t vehicle) {
    return r->load ? r->load[vehicle] : MUSTER_NONE;
}

uint32_t mu_rules_carrier(const mu_rules *r, uint32_t stock) {
    uint32_t           at   = 0;
    const muster_rule *rule = next_rule(r, MUSTER_ITEM, stock, MUSTER_EN_ROUTE, &at);
    return rule ? rule->vehicle : MUSTER_NONE;
}

uint32_t mu_rules_destination(const mu_rules *r, muster_resource resource, uint32_t index) {
    uint32_t at = 0;
    if (resource == MUSTER_ITEM) return MUSTER_NONE;
    const muster_rule *rule = next_rule(r, resource, index, MUSTER_EN_ROUTE, &at);
    if (!rule && resource == MUSTER_VEHICLE && mu_rules_load(r, index) != MUSTER_NONE) {
        at   = 0;
        rule = next_rule(r, MUSTER_ITEM, mu_rules_load(r, index), MUSTER_EN_ROUTE, &at);
    }
    return rule ? rule->incident : MUSTER_NONE;
}

static const muster_rule *find_forbid(const mu_rules *r, muster_resource resource, uint32_t index,
                                      uint32_t incident) {
    uint32_t           at = 0;
    const muster_rule *rule;
    while ((rule = next_rule(r, resource, index, MUSTER_FORBID, &at))) {
        if (rule->incident == incident) return rule;
    }
    return NULL;
}

bool mu_rules_allow(const mu_rules *r, muster_resource resource, uint32_t index,
                    uint32_t incident) {
    return !mu_rules_hold(r, resource, index) && !find_forbid(r, resource, index, incident);
}

/* ---- suitability --------------------------------------------------------------------- */

bool mu_is_of_kind(const muster_problem *p, muster_resource resource, uint32_t index,
                   uint32_t kind) {
    if (p->kind[kind].resource != resource) return false;
    if (resource == MUSTER_VEHICLE) return p->vehicle[index].kind == kind;
    if (resource == MUSTER_MACHINE) return p->machine[index].kind == kind;
    if (resource == MUSTER_ITEM) return p->stock[index].kind == kind;
    for (uint32_t c = 0; c < p->team[index].capability_count; ++c) {
        if (p->team[index].capability[c] == kind) return true;
    }
    return false;
}

bool mu_is_good_enough(const muster_problem *p, muster_resource resource, uint32_t index,
                       uint32_t need) {
    const uint32_t worst = p->need[need].grade;
    if (resource != MUSTER_PEOPLE || worst == 0) return true;
    return p->team[index].grade > 0 && p->team[index].grade <= worst;
}

bool mu_shift_allows(const muster_problem *p, muster_resource resource, uint32_t index,
                     uint32_t incident, uint32_t eta_ms) {
    const uint32_t end_ms = muster_problem_unit(p, resource, index)->shift_end_ms;
    return end_ms == 0 || (uint64_t)eta_ms + p->incident[incident].on_scene_ms <= end_ms;
}

/* Could `rule`, a lock, serve this need of its incident? */
static bool lock_suits(const muster_problem *p, const muster_rule *rule, uint32_t need) {
    if (rule->need != MUSTER_NONE && rule->need != need) return false;
    const muster_resource resource = (muster_resource)rule->resource;
    return mu_is_of_kind(p, resource, rule->index, p->need[need].kind) &&
           mu_is_good_enough(p, resource, rule->index, need);
}

static int64_t supply_of(const muster_problem *p, const muster_rule *rule) {
    if (rule->resource == MUSTER_PEOPLE) return p->team[rule->index].people;
    if (rule->resource == MUSTER_VEHICLE) return 1;
    if (rule->resource == MUSTER_MACHINE) return p->machine[rule->index].count;
    return p->stock[rule->index].quantity;
}

static int64_t locked_by(const muster_problem *p, const muster_rule *rule) {
    return rule->quantity > 0 ? rule->quantity : supply_of(p, rule);
}

/* ---- conflicts ----------------------------------------------------------------------- */

typedef struct conflict {
    muster_conflict reason;
    uint32_t       *rule, count;
} conflict;

static void report(conflict *c, muster_conflict reason, uint32_t first, uint32_t second) {
    c->reason  = reason;
    c->rule[0] = first;
    c->count   = 1;
    if (second != MUSTER_NONE) c->rule[c->count++] = second;
}

static uint32_t number_of(const muster_problem *p, const muster_rule *rule) {
    return (uint32_t)(rule - p->rule);
}

static bool comes_by_vehicle(const muster_problem *p, muster_resource resource) {
    return resource == MUSTER_ITEM && p->item_transport == MUSTER_ITEMS_BY_VEHICLE;
}

static void judge_lock_alone(const mu_rules *r, uint32_t i, conflict *c) {
    const muster_problem *p        = r->travel->problem;
    const muster_rule    *rule     = &p->rule[i];
    const muster_resource resource = (muster_resource)rule->resource;
    bool                  suits    = false;
    for (uint32_t k = r->first_need[rule->incident]; k < r->first_need[rule->incident + 1]; ++k) {
        suits |= lock_suits(p, rule, r->need[k]);
    }
    suits &= supply_of(p, rule) > 0;
    const uint32_t eta_ms = mu_travel_eta_ms(r->travel, resource, rule->index, rule->incident);
    if (!suits) {
        report(c, MUSTER_CONFLICT_UNSUITABLE, i, MUSTER_NONE);
    } else if (locked_by(p, rule) > supply_of(p, rule)) {
        report(c, MUSTER_CONFLICT_TOO_MANY, i, MUSTER_NONE);
    } else if (comes_by_vehicle(p, resource)) {
        return; /* see carriage.c */
    } else if (eta_ms == MUSTER_UNREACHABLE_MS) {
        report(c, MUSTER_CONFLICT_UNREACHABLE, i, MUSTER_NONE);
    } else if (!mu_shift_allows(p, resource, rule->index, rule->incident, eta_ms)) {
        report(c, MUSTER_CONFLICT_SHIFT, i, MUSTER_NONE);
    }
}

static void judge_lock_against(const mu_rules *r, uint32_t i, conflict *c) {
    const muster_rule    *rule     = &r->travel->problem->rule[i];
    const muster_resource resource = (muster_resource)rule->resource;
    uint32_t              at       = 0;
    const muster_rule    *hold     = next_rule(r, resource, rule->index, MUSTER_HOLD, &at);
    const muster_rule    *forbid   = find_forbid(r, resource, rule->index, rule->incident);
    if (forbid) {
        report(c, MUSTER_CONFLICT_FORBIDDEN, i, number_of(r->travel->problem, forbid));
    } else if (hold) {
        report(c, MUSTER_CONFLICT_HELD, i, number_of(r->travel->problem, hold));
    }
}

/* The locks of one resource together, rule i being the first of them. Those that can be left
 * out with the rest still too many are left out: what remains is as small as it can be. */
static void judge_locks_together(const mu_rules *r, uint32_t i, conflict *c) {
    const muster_problem *p        = r->travel->problem;
    const muster_rule    *rule     = &p->rule[i];
    const muster_resource resource = (muster_resource)rule->resource;
    const int64_t         whole    = supply_of(p, rule);
    const muster_rule    *lock;
    int64_t               sum   = 0;
    uint32_t              count = 0;
    for (uint32_t at = 0; (lock = next_rule(r, resource, rule->index, MUSTER_LOCK, &at));) {
        c->rule[count++] = number_of(p, lock);
        sum += locked_by(p, lock);
    }
    if (count == 0 || c->rule[0] != i || sum <= whole) return;
    c->reason = MUSTER_CONFLICT_TOO_MANY;
    for (uint32_t k = 0; k < count; ++k) {
        const int64_t own = locked_by(p, &p->rule[c->rule[k]]);
        if (sum - own > whole) {
            sum -= own;
        } else {
            c->rule[c->count++] = c->rule[k];
        }
    }
}

/* One rule before two, and two before more, so that no fewer would do. */
muster_conflict mu_rules_conflict(const mu_rules *r, uint32_t *out_rule, uint32_t *out_rule_count) {
    static void (*const JUDGE[])(const mu_rules *, uint32_t, conflict *) = {
        judge_lock_alone, judge_lock_against, judge_locks_together};
    const muster_problem *p = r->travel->problem;
    conflict              c = {.reason = MUSTER_NO_CONFLICT, .rule = out_rule};
    for (size_t k = 0; k < sizeof JUDGE / sizeof *JUDGE; ++k) {
        for (uint32_t i = 0; i < p->rule_count && c.reason == MUSTER_NO_CONFLICT; ++i) {
            if (p->rule[i].type == MUSTER_LOCK) JUDGE[k](r, i, &c);
        }
    }
    *out_rule_count = c.count;
    return c.reason;
}

/* ---- locks --------------------------------------------------------------------------- */

typedef struct need_choice {
    uint32_t need;
    int64_t  worth;
    bool     is_ambiguous;
} need_choice;

/* The need for which `quantity` units are worth most; missing: of each need, before. */
static need_choice choose_need(const mu_rules *r, const muster_rule *rule, int64_t quantity,
                               const int64_t *missing) {
    const muster_problem *p = r->travel->problem;
    need_choice           c = {.need = MUSTER_NONE, .worth = -1};
    for (uint32_t k = r->first_need[rule->incident]; k < r->first_need[rule->incident + 1]; ++k) {
        const uint32_t n = r->need[k];
        if (!lock_suits(p, rule, n)) continue;
        const int64_t used  = quantity < missing[n] ? quantity : missing[n];
        const int64_t worth = used * mu_price(p, n);
        c.is_ambiguous      = c.need != MUSTER_NONE;
        if (worth <= c.worth) continue;
        c.need  = n;
        c.worth = worth;
    }
    return c;
}

typedef struct dispatches {
    mu_dispatch *list;
    uint32_t     count;
    size_t       capacity;
} dispatches;

/* People and vehicles serve one need. Machines and items go on to the next need of the
 * incident that can use them, until none can: the rest goes to the last. */
static muster_status lock(mu_rules *r, const muster_rule *rule, int64_t *missing, dispatches *to) {
    const muster_problem *p        = r->travel->problem;
    const muster_resource resource = (muster_resource)rule->resource;
    const bool            is_whole = resource == MUSTER_PEOPLE || resource == MUSTER_VEHICLE;
    int64_t               left     = locked_by(p, rule);
    while (left > 0) {
        const need_choice c = choose_need(r, rule, left, missing);
        r->is_ambiguous |= c.is_ambiguous;
        const bool    is_last = is_whole || c.worth == 0 || missing[c.need] >= left;
        const int64_t sent    = is_last ? left : missing[c.need];
        MU_TRY(mu_grow(&to->list, &to->capacity, to->count, sizeof *to->list));
        to->list[to->count++] = (mu_dispatch){
            .resource = rule->resource,
            .index    = rule->index,
            .need     = c.need,
            .eta_ms   = mu_travel_eta_ms(r->travel, resource, rule->index, rule->incident),
            .quantity = sent,
            .carrier  = MUSTER_NONE};
        missing[c.need] -= sent < missing[c.need] ? sent : missing[c.need];
        left -= sent;
    }
    return MUSTER_OK;
}

static int in_order_of_service(const void *a, const void *b) {
    const mu_dispatch *d = a, *e = b;
    if (d->need != e->need) return d->need < e->need ? -1 : 1;
    if (d->eta_ms != e->eta_ms) return d->eta_ms < e->eta_ms ? -1 : 1;
    return d->index < e->index ? -1 : d->index > e->index;
}

static int by_need_and_row(const void *a, const void *b) {
    const mu_dispatch *d = a, *e = b;
    if (d->need != e->need) return d->need < e->need ? -1 : 1;
    return d->index < e->index ? -1 : d->index > e->index;
}

/* What is locked to one need from one row makes one. */
static void join_cargo(mu_rules *r) {
    uint32_t kept = 0;
    if (r->cargo_count > 0) qsort(r->cargo, r->cargo_count, sizeof *r->cargo, by_need_and_row);
    for (uint32_t i = 0; i < r->cargo_count; ++i) {
        if (kept > 0 && by_need_and_row(&r->cargo[kept - 1], &r->cargo[i]) == 0) {
            r->cargo[kept - 1].quantity += r->cargo[i].quantity;
        } else {
            r->cargo[kept++] = r->cargo[i];
        }
    }
    r->cargo_count = kept;
}

static muster_status lock_all(mu_rules *r, int64_t *missing, dispatches *lock_list,
                              dispatches *cargo) {
    const muster_problem *p = r->travel->problem;
    for (uint32_t n = 0; n < p->need_count; ++n) missing[n] = p->need[n].quantity;
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        const muster_rule *rule  = &p->rule[i];
        const bool         rides = comes_by_vehicle(p, (muster_resource)rule->resource);
        if (rule->type != MUSTER_LOCK) continue;
        MU_TRY(lock(r, rule, missing, rides ? cargo : lock_list));
    }
    return MUSTER_OK;
}

muster_status mu_rules_lock(mu_rules *r) {
    int64_t   *missing;
    dispatches locked = {0}, cargo = {0};
    MU_TRY(mu_alloc(&missing, r->travel->problem->need_count, sizeof *missing));
    const muster_status status = lock_all(r, missing, &locked, &cargo);
    mu_free(missing);
    r->lock        = locked.list;
    r->lock_count  = locked.count;
    r->cargo       = cargo.list;
    r->cargo_count = cargo.count;
    if (r->lock_count > 0) qsort(r->lock, r->lock_count, sizeof *r->lock, in_order_of_service);
    join_cargo(r);
    return status;
}

bool mu_rules_lock_to(const mu_rules *r, uint32_t index, uint32_t need) {
    uint32_t low = 0, high = r->lock_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (r->lock[middle].need < need) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < r->lock_count && r->lock[low].need == need; ++low) {
        if (r->lock[low].index == index) return true;
    }
    return false;
}

/* ---- indexing ------------------------------------------------------------------------ */

static muster_status index_resource(mu_rules *r, muster_resource resource) {
    const muster_problem *p     = r->travel->problem;
    const uint32_t        units = muster_problem_unit_count(p, resource);
    uint32_t              count = 0;
    for (uint32_t i = 0; i < p->rule_count; ++i) count += p->rule[i].resource == resource;
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&r->rule[resource], count, sizeof(uint32_t)));
    MU_TRY(mu_alloc_zeroed(&r->first[resource], (size_t)units + 2, sizeof(uint32_t)));
    uint32_t *first = r->first[resource];
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (p->rule[i].resource == resource) ++first[p->rule[i].index + 2];
    }
    for (uint32_t u = 0; u < units; ++u) first[u + 2] += first[u + 1];
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (p->rule[i].resource != resource) continue;
        r->rule[resource][first[p->rule[i].index + 1]++] = i;
    }
    return MUSTER_OK;
}

/* A counting sort, which keeps their order. */
static muster_status index_needs(mu_rules *r) {
    const muster_problem *p = r->travel->problem;
    MU_TRY(mu_alloc(&r->need, p->need_count, sizeof *r->need));
    MU_TRY(mu_alloc_zeroed(&r->first_need, (size_t)p->incident_count + 2, sizeof *r->first_need));
    for (uint32_t n = 0; n < p->need_count; ++n) ++r->first_need[p->need[n].incident + 2];
    for (uint32_t i = 0; i < p->incident_count; ++i) r->first_need[i + 2] += r->first_need[i + 1];
    for (uint32_t n = 0; n < p->need_count; ++n) {
        r->need[r->first_need[p->need[n].incident + 1]++] = n;
    }
    return MUSTER_OK;
}

static muster_status find_loads(mu_rules *r) {
    const muster_problem *p = r->travel->problem;
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        const muster_rule *rule = &p->rule[i];
        if (rule->type != MUSTER_EN_ROUTE || rule->resource != MUSTER_ITEM) continue;
        if (!r->load) {
            MU_TRY(mu_alloc(&r->load, p->vehicle_count, sizeof *r->load));
            for (uint32_t v = 0; v < p->vehicle_count; ++v) r->load[v] = MUSTER_NONE;
        }
        r->load[rule->vehicle] = rule->index;
    }
    return MUSTER_OK;
}

muster_status mu_rules_init(mu_rules *r, const mu_travel *travel) {
    *r                   = (mu_rules){.travel = travel};
    muster_status status = MUSTER_OK;
    for (unsigned k = 0; status == MUSTER_OK && k < MUSTER_RESOURCE_COUNT; ++k) {
        status = index_resource(r, (muster_resource)k);
    }
    if (status == MUSTER_OK) status = index_needs(r);
    if (status == MUSTER_OK) status = find_loads(r);
    if (status != MUSTER_OK) mu_rules_fini(r);
    return status;
}

void mu_rules_fini(mu_rules *r) {
    for (unsigned k = 0; k < MUSTER_RESOURCE_COUNT; ++k) {
        mu_free(r->first[k]);
        mu_free(r->rule[k]);
    }
    mu_free(r->first_need);
    mu_free(r->need);
    mu_free(r->lock);
    mu_free(r->cargo);
    mu_free(r->load);
    *r = (mu_rules){0};
}
