/* Roads of now are told from what holds now, not from what held before: it does not matter in which order it
 * came, and a session that was opened anew has the same roads as one that has been running for a week. But what
 * holds is obstacles, of which most have been there before. So only those that have come or gone are looked at
 * (muster_closure_since): where that changes nothing for a profile, the metric is the one of before; else it is
 * made from that one by the arcs that differ, or from that of the base, as long as those are fewer. Either way it
 * is the same.
 *
 * Hazards begin and end by themselves. Roads therefore know the moments between which none does:
 * whether they are still those of now is told by two comparisons. */
#include "session/roads.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "session/event_copy.h"
#include "session/obstacle.h"
#include "session/road_base.h"

/* What one profile makes of the roads. */
typedef struct made_metric {
    atomic_uint    references;
    muster_metric *metric;
    uint32_t       change_count; /* of arcs, from the base */
} made_metric;

struct muster_roads {
    atomic_uint           references;
    mu_road_base         *base;
    uint64_t              sequence, version;
    int64_t               from_ms, until_ms; /* they hold from the one up to the other */
    uint32_t              obstacle_count;
    mu_obstacle         **obstacle; /* [obstacle_count] held: what makes them what they are */
    made_metric         **made;     /* [profile_count] NULL: it is as in the base */
    const muster_metric **metric;   /* [profile_count] */
};

struct mu_road_state {
    uint64_t           sequence, version;
    int64_t            from_ms, until_ms;
    mu_arena           arena;
    uint32_t           road_count, hazard_count;
    muster_event_road *road;   /* of a speed_factor of 0: closed */
    muster_hazard     *hazard; /* those that hold, as they were told */
};

/* ---- what holds at a moment ---------------------------------------------------------------------- */

/* Moments of hazards are seconds; those that are far away are taken for never. */
static int64_t ms_of(int64_t s) {
    if (s > INT64_MAX / 1000) return INT64_MAX;
    return s < INT64_MIN / 1000 ? INT64_MIN : s * 1000;
}

static void narrow(mu_road_state *state, int64_t moment_ms, int64_t now_ms) {
    if (moment_ms <= now_ms && moment_ms > state->from_ms) state->from_ms = moment_ms;
    if (moment_ms > now_ms && moment_ms < state->until_ms) state->until_ms = moment_ms;
}

static muster_status take_hazards(mu_road_state *state, const mu_world *world, int64_t now_ms) {
    MU_TRY(
        mu_arena_take(&state->arena, &state->hazard, world->hazard_count, sizeof *state->hazard));
    for (uint32_t i = 0; i < world->hazard_count; ++i) {
        const muster_hazard *h        = &world->hazard[i].hazard;
        const int64_t        start_ms = ms_of(h->starts_at_s), end_ms = ms_of(h->ends_at_s);
        narrow(state, start_ms, now_ms);
        narrow(state, end_ms, now_ms);
        if (start_ms > now_ms || now_ms >= end_ms) continue;
        MU_TRY(mu_copy_hazard(&state->arena, &state->hazard[state->hazard_count++], h));
    }
    return MUSTER_OK;
}

static muster_status take_all(mu_road_state *state, const mu_world *world, int64_t now_ms) {
    MU_TRY(mu_arena_take(&state->arena, &state->road, world->road_count, sizeof *state->road));
    for (uint32_t i = 0; i < world->road_count; ++i) {
        MU_TRY(
            mu_copy_road(&state->arena, &state->road[state->road_count++], &world->road[i].road));
    }
    return take_hazards(state, world, now_ms);
}

muster_status mu_road_state_take(mu_road_state **out, const mu_world *world, int64_t now_ms) {
    mu_road_state *state;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&state, 1, sizeof *state));
    state->sequence            = world->sequence;
    state->version             = world->roads_version;
    state->from_ms             = INT64_MIN;
    state->until_ms            = INT64_MAX;
    const muster_status status = take_all(state, world, now_ms);
    if (status != MUSTER_OK) {
        mu_road_state_free(state);
        return status;
    }
    *out = state;
    return MUSTER_OK;
}

void mu_road_state_free(mu_road_state *state) {
    if (!state) return;
    mu_arena_fini(&state->arena);
    mu_free(state);
}

bool mu_roads_are_of(const muster_roads *roads, const mu_world *world, int64_t now_ms) {
    return roads && roads->version == world->roads_version && roads->from_ms <= now_ms &&
           now_ms < roads->until_ms;
}

int64_t mu_roads_until_ms(const muster_roads *roads) {
    return roads->until_ms;
}

/* ---- what has come and gone ---------------------------------------------------------------------- */

/* Of obstacles, from roads of before to those that are being made. */
typedef struct turnover {
    const muster_roads *before; /* or NULL */
    uint32_t            before_count;
    bool               *stays; /* [before_count] by obstacle of before */
    bool               *comes; /* by obstacle of now */
    uint32_t            next; /* where to look first: what stays is mostly in the order of before */
} turnover;

static muster_status turnover_init(turnover *t, const muster_roads *before, uint32_t now_count) {
    *t = (turnover){.before = before, .before_count = before ? before->obstacle_count : 0};
    MU_TRY(mu_alloc_zeroed(&t->stays, t->before_count, sizeof *t->stays));
    return mu_alloc_zeroed(&t->comes, now_count, sizeof *t->comes);
}

static void turnover_fini(turnover *t) {
    mu_free(t->stays);
    mu_free(t->comes);
}

/* Of before, and held; NULL: there was none like it, or all that were have been found already. */
static mu_obstacle *find_stay(turnover *t, const mu_obstacle_key *key) {
    for (uint32_t i = 0; i < t->before_count; ++i) {
        const uint32_t at       = (t->next + i) % t->before_count;
        mu_obstacle   *obstacle = t->before->obstacle[at];
        if (t->stays[at] || !mu_obstacle_is(obstacle, key)) continue;
        t->stays[at] = true;
        t->next      = at + 1;
        return mu_obstacle_hold(obstacle);
    }
    return NULL;
}

static muster_status take_road(muster_roads *roads, const muster_event_road *road, uint32_t at,
                               turnover *t, mu_obstacle_key *key) {
    MU_TRY(mu_obstacle_key_of_road(key, road));
    roads->obstacle[at] = find_stay(t, key);
    t->comes[at]        = !roads->obstacle[at];
    return t->comes[at] ? mu_obstacle_of_road(&roads->obstacle[at], roads->base, key, road)
                        : MUSTER_OK;
}

static muster_status take_hazard(muster_roads *roads, const muster_hazard *hazard, uint32_t at,
                                 turnover *t, mu_obstacle_key *key) {
    MU_TRY(mu_obstacle_key_of_hazard(key, hazard));
    roads->obstacle[at] = find_stay(t, key);
    t->comes[at]        = !roads->obstacle[at];
    return t->comes[at] ? mu_obstacle_of_hazard(&roads->obstacle[at], roads->base, key, hazard)
                        : MUSTER_OK;
}

static muster_status take_obstacles(muster_roads *roads, const mu_road_state *state, turnover *t) {
    mu_obstacle_key key    = {0};
    muster_status   status = MUSTER_OK;
    uint32_t        at     = 0;
    for (uint32_t i = 0; i < state->road_count && status == MUSTER_OK; ++i) {
        status = take_road(roads, &state->road[i], at++, t, &key);
    }
    for (uint32_t i = 0; i < state->hazard_count && status == MUSTER_OK; ++i) {
        status = take_hazard(roads, &state->hazard[i], at++, t, &key);
    }
    mu_obstacle_key_fini(&key);
    return status;
}

/* ---- one profile --------------------------------------------------------------------------------- */

static void release_metric(made_metric *m) {
    if (!m || atomic_fetch_sub_explicit(&m->references, 1, memory_order_acq_rel) > 1) return;
    muster_metric_free(m->metric);
    mu_free(m);
}

/* What obstacles are to one profile: those that have gone, those that stay, those that have come. */
typedef struct noted {
    const muster_closure **closure; /* one list after the other */
    uint32_t               gone_count, now_count, come_count;
} noted;

static void put_noted(noted *n, const mu_obstacle *obstacle, uint32_t profile, uint32_t *count) {
    const muster_closure *closure = mu_obstacle_noted(obstacle, profile);
    if (!closure) return;
    n->closure[n->gone_count + n->now_count] = closure;
    ++*count;
}

static muster_status list_noted(noted *n, const muster_roads *roads, uint32_t profile,
                                const turnover *t) {
    const size_t most = (size_t)t->before_count + roads->obstacle_count;
    *n                = (noted){0};
    MU_TRY(mu_alloc(&n->closure, most, sizeof(muster_closure *)));
    for (uint32_t i = 0; i < t->before_count; ++i) {
        if (!t->stays[i]) put_noted(n, t->before->obstacle[i], profile, &n->gone_count);
    }
    for (uint32_t i = 0; i < roads->obstacle_count; ++i) {
        if (!t->comes[i]) put_noted(n, roads->obstacle[i], profile, &n->now_count);
    }
    const uint32_t stay_count = n->now_count;
    for (uint32_t i = 0; i < roads->obstacle_count; ++i) {
        if (t->comes[i]) put_noted(n, roads->obstacle[i], profile, &n->now_count);
    }
    n->come_count = n->now_count - stay_count;
    return MUSTER_OK;
}

/* From the metric of before to that of now. */
typedef struct passage {
    const muster_metric *base, *before;
    uint32_t since_count, change_count; /* of arcs, from before; of now, from the base */
    const muster_arc_change *since;     /* [since_count] by arc */
} passage;

static uint32_t count_changes(const passage *p, uint32_t before_count) {
    const uint32_t *base_ms   = muster_metric_duration_ms(p->base);
    const uint32_t *before_ms = muster_metric_duration_ms(p->before);
    uint32_t        count     = before_count;
    for (uint32_t i = 0; i < p->since_count; ++i) {
        const uint32_t arc = p->since[i].arc;
        count += p->since[i].duration_ms != base_ms[arc];
        count -= before_ms[arc] != base_ms[arc];
    }
    return count;
}

static void list_changes(const passage *p, muster_arc_change *out) {
    const uint32_t *base_ms   = muster_metric_duration_ms(p->base);
    const uint32_t *before_ms = muster_metric_duration_ms(p->before);
    const uint32_t  arcs      = 2 * muster_network_view(muster_metric_network(p->base))->edge_count;
    uint32_t        next      = 0;
    for (uint32_t arc = 0; arc < arcs; ++arc) {
        const bool     is_since = next < p->since_count && p->since[next].arc == arc;
        const uint32_t now_ms   = is_since ? p->since[next++].duration_ms : before_ms[arc];
        if (now_ms != base_ms[arc]) *out++ = (muster_arc_change){arc, now_ms};
    }
}

static muster_status change_base(muster_metric **out, const passage *p) {
    muster_arc_change *change;
    MU_TRY(mu_alloc(&change, p->change_count, sizeof *change));
    list_changes(p, change);
    const muster_status status = muster_metric_change(out, p->base, p->change_count, change);
    mu_free(change);
    return status;
}

/* From that one of the two from which fewer arcs differ. */
static muster_status make_metric(made_metric **out, const passage *p) {
    made_metric *m;
    MU_TRY(mu_alloc_zeroed(&m, 1, sizeof *m));
    atomic_init(&m->references, 1);
    m->change_count = p->change_count;
    const muster_status status =
        p->before == p->base || p->since_count < p->change_count
            ? muster_metric_change(&m->metric, p->before, p->since_count, p->since)
            : change_base(&m->metric, p);
    if (status == MUSTER_OK) {
        *out = m;
    } else {
        release_metric(m);
    }
    return status;
}

/* Nothing has changed: it is the one of before. All is open again: it is the base's. */
static muster_status follow(made_metric **out, passage *p, made_metric *before) {
    if (p->since_count == 0) {
        if (before) atomic_fetch_add_explicit(&before->references, 1, memory_order_relaxed);
        *out = before;
        return MUSTER_OK;
    }
    p->change_count = count_changes(p, before ? before->change_count : 0);
    return p->change_count > 0 ? make_metric(out, p) : MUSTER_OK;
}

static muster_status make_from(muster_roads *roads, uint32_t profile, const noted *n,
                               made_metric *before) {
    const muster_metric *base = roads->base->metric[profile];
    const size_t         arcs = 2 * (size_t)muster_network_view(roads->base->network)->edge_count;
    passage              p    = {.base = base, .before = before ? before->metric : base};
    muster_arc_change   *since;
    MU_TRY(mu_alloc(&since, arcs, sizeof *since));
    muster_status status =
        muster_closure_since(since, &p.since_count, base, p.before, n->gone_count, n->closure,
                             n->now_count, n->closure + n->gone_count, n->come_count);
    p.since = since;
    if (status == MUSTER_OK) status = follow(&roads->made[profile], &p, before);
    mu_free(since);
    return status;
}

static muster_status make_profile(muster_roads *roads, uint32_t profile, const turnover *t) {
    noted n;
    if (muster_metric_flies(roads->base->metric[profile])) return MUSTER_OK;
    MU_TRY(list_noted(&n, roads, profile, t));
    const muster_status status =
        make_from(roads, profile, &n, t->before ? t->before->made[profile] : NULL);
    mu_free(n.closure);
    return status;
}

/* ---- all profiles, side by side ------------------------------------------------------------------ */

typedef struct crew {
    muster_roads   *roads;
    const turnover *turnover;
    atomic_uint     next;
    pthread_mutex_t lock; /* of the following: the first failure */
    muster_status   status;
    char            message[MUSTER_EVENT_MESSAGE_BYTES];
} crew;

static void *work(void *user) {
    crew    *c = user;
    uint32_t profile;
    while ((profile = atomic_fetch_add(&c->next, 1)) < c->roads->base->profile_count) {
        const muster_status status = make_profile(c->roads, profile, c->turnover);
        if (status == MUSTER_OK) continue;
        pthread_mutex_lock(&c->lock);
        if (c->status == MUSTER_OK) {
            c->status = status;
            snprintf(c->message, sizeof c->message, "%s", muster_error_message());
        }
        pthread_mutex_unlock(&c->lock);
    }
    return NULL;
}

enum { MOST_THREADS = 16 };

static uint32_t threads_for(uint32_t asked, uint32_t jobs) {
    const long cores   = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t   threads = asked > 0 ? asked : cores > 0 ? (uint32_t)cores : 1;
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    return threads < jobs ? threads : jobs;
}

/* Where the system has no thread left, the calling one does it all. */
static muster_status make_profiles(muster_roads *roads, const turnover *t, uint32_t thread_count) {
    pthread_t      helper[MOST_THREADS];
    uint32_t       helpers = 0;
    const uint32_t threads = threads_for(thread_count, roads->base->profile_count);
    crew           c       = {.roads = roads, .turnover = t};
    pthread_mutex_init(&c.lock, NULL);
    atomic_init(&c.next, 0);
    while (helpers + 1 < threads && pthread_create(&helper[helpers], NULL, work, &c) == 0) {
        ++helpers;
    }
    (void)work(&c);
    for (uint32_t i = 0; i < helpers; ++i) pthread_join(helper[i], NULL);
    pthread_mutex_destroy(&c.lock);
    return c.status == MUSTER_OK ? MUSTER_OK : muster_fail(c.status, "%s", c.message);
}

/* ---- life ---------------------------------------------------------------------------------------- */

static muster_status follow_all(muster_roads *roads, const mu_road_state *state, turnover *t,
                                uint32_t thread_count) {
    const mu_road_base *b = roads->base;
    MU_TRY(take_obstacles(roads, state, t));
    MU_TRY(make_profiles(roads, t, thread_count));
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        roads->metric[p] = roads->made[p] ? roads->made[p]->metric : b->metric[p];
    }
    return MUSTER_OK;
}

static muster_status fill_roads(muster_roads *roads, const mu_road_state *state,
                                const muster_roads *before, uint32_t thread_count) {
    const uint32_t profiles = roads->base->profile_count;
    const uint32_t count    = state->road_count + state->hazard_count;
    turnover       t;
    MU_TRY(mu_alloc_zeroed(&roads->made, profiles, sizeof(made_metric *)));
    MU_TRY(mu_alloc_zeroed(&roads->metric, profiles, sizeof(muster_metric *)));
    MU_TRY(mu_alloc_zeroed(&roads->obstacle, count, sizeof(mu_obstacle *)));
    roads->obstacle_count = count;
    muster_status status  = turnover_init(&t, before, count);
    if (status == MUSTER_OK) status = follow_all(roads, state, &t, thread_count);
    turnover_fini(&t);
    return status;
}

muster_status mu_roads_new(muster_roads **out, mu_road_base *base, const mu_road_state *state,
                           const muster_roads *before, uint32_t thread_count) {
    muster_roads *roads;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&roads, 1, sizeof *roads));
    atomic_init(&roads->references, 1);
    roads->base                = mu_road_base_hold(base);
    roads->sequence            = state->sequence;
    roads->version             = state->version;
    roads->from_ms             = state->from_ms;
    roads->until_ms            = state->until_ms;
    const muster_status status = fill_roads(roads, state, before, thread_count);
    if (status != MUSTER_OK) {
        muster_roads_free(roads);
        return status;
    }
    *out = roads;
    return MUSTER_OK;
}

muster_roads *mu_roads_hold(muster_roads *roads) {
    atomic_fetch_add_explicit(&roads->references, 1, memory_order_relaxed);
    return roads;
}

/* Obstacles that stay are handed on. */
bool mu_roads_are_alike(const muster_roads *a, const muster_roads *b) {
    uint32_t i = 0;
    if (a->obstacle_count != b->obstacle_count) return false;
    while (i < a->obstacle_count && a->obstacle[i] == b->obstacle[i]) ++i;
    return i == a->obstacle_count;
}

void muster_roads_free(muster_roads *roads) {
    if (!roads || atomic_fetch_sub_explicit(&roads->references, 1, memory_order_acq_rel) > 1)
        return;
    for (uint32_t p = 0; roads->made && p < roads->base->profile_count; ++p) {
        release_metric(roads->made[p]);
    }
    for (uint32_t i = 0; roads->obstacle && i < roads->obstacle_count; ++i) {
        mu_obstacle_release(roads->obstacle[i]);
    }
    mu_free(roads->made);
    mu_free(roads->metric);
    mu_free(roads->obstacle);
    mu_road_base_release(roads->base);
    mu_free(roads);
}

uint64_t muster_roads_sequence(const muster_roads *roads) {
    return roads->sequence;
}

const char *const *muster_roads_profiles(const muster_roads *roads, uint32_t *out_count) {
    *out_count = roads->base->profile_count;
    return roads->base->name;
}

static const muster_metric *metric_of(const muster_roads *roads, const char *profile,
                                      const muster_metric *const *metric) {
    for (uint32_t p = 0; p < roads->base->profile_count; ++p) {
        if (strcmp(roads->base->name[p], profile) == 0) return metric[p];
    }
    return NULL;
}

const muster_metric *muster_roads_metric(const muster_roads *roads, const char *profile) {
    return metric_of(roads, profile, roads->metric);
}

const muster_metric *muster_roads_open_metric(const muster_roads *roads, const char *profile) {
    return metric_of(roads, profile, (const muster_metric *const *)roads->base->metric);
}

mu_road_base *mu_roads_base(const muster_roads *roads) {
    return roads->base;
}

const muster_metric *const *mu_roads_metrics(const muster_roads *roads, uint32_t *out_count) {
    *out_count = roads->base->profile_count;
    return roads->metric;
}
