/* What becomes of roads is told by the course alone, whatever is decided. So a second centre, which is told of
 * roads and hazards and of nothing else, has the roads of each moment as soon as a thread has time to make
 * them, while the first one is busy with plans.
 *
 * Nobody relies on them. The first centre makes its own roads from these (mu_roads_new): where nothing has
 * changed from the one to the other, as it should be, there is nothing to do; where something has, because a
 * course uses ids that the simulation has used, it makes them from its own of before. Of roads that nobody has
 * asked for yet there are few, since each has weights of its own. */
#include "simulation/roads_ahead.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "simulation/centre.h"

/* With 2, 4 and 8 the first centre waits 0.4, 0.2 and 0.1 s in all in the 6 s of a typhoon day on the home
 * scenario, and the process has 239, 273 and 334 MB. */
enum { MOST_AHEAD = 4 };

typedef struct stretch {
    int64_t       from_ms, until_ms; /* they hold from the one up to the other */
    muster_roads *roads;             /* held */
} stretch;

struct mu_roads_ahead {
    const mu_course *course;
    mu_centre       *centre; /* the thread's own, like the next two */
    int64_t          now_ms;
    uint32_t         next; /* event of the course */
    pthread_t        thread;
    pthread_mutex_t  lock; /* of the following */
    pthread_cond_t   changed;
    bool             is_stopped, is_done;
    uint32_t         count;
    stretch          stretch[MOST_AHEAD]; /* [count] in order */
};

/* ---- on the thread ------------------------------------------------------------------------- */

static bool is_of_roads(const muster_event *e) {
    return e->type >= MUSTER_EVENT_ROAD_CLOSED && e->type <= MUSTER_EVENT_HAZARD_ENDED;
}

static void skip_others(mu_roads_ahead *a) {
    const mu_course *c = a->course;
    while (a->next < c->event_count && !is_of_roads(&c->event[a->next])) ++a->next;
}

static int64_t next_event_ms(const mu_roads_ahead *a) {
    const mu_course *c = a->course;
    return a->next < c->event_count ? c->event[a->next].time_ms : INT64_MAX;
}

/* What is refused here is refused there, too, but for ids. */
static muster_status tell_all_of_now(mu_roads_ahead *a) {
    for (skip_others(a); next_event_ms(a) <= a->now_ms; skip_others(a)) {
        muster_event_answer answer;
        MU_TRY(mu_centre_tell(a->centre, 1, &a->course->event[a->next++], &answer));
    }
    return MUSTER_OK;
}

/* Taken over, unless it is stopped. */
static bool hand_over(mu_roads_ahead *a, const stretch *s) {
    pthread_mutex_lock(&a->lock);
    while (a->count == MOST_AHEAD && !a->is_stopped) pthread_cond_wait(&a->changed, &a->lock);
    const bool is_stopped = a->is_stopped;
    if (!is_stopped) a->stretch[a->count++] = *s;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    if (is_stopped) muster_roads_free(s->roads);
    return !is_stopped;
}

static muster_status look_ahead(mu_roads_ahead *a) {
    bool goes_on = true;
    while (goes_on && a->now_ms <= a->course->end_at_ms) {
        stretch s = {.from_ms = a->now_ms};
        MU_TRY(tell_all_of_now(a));
        MU_TRY(mu_centre_roads(a->centre, a->now_ms, NULL, &s.roads));
        s.roads    = mu_roads_hold(s.roads);
        s.until_ms = mu_roads_until_ms(s.roads);
        if (next_event_ms(a) < s.until_ms) s.until_ms = next_event_ms(a);
        a->now_ms = s.until_ms;
        goes_on   = hand_over(a, &s);
    }
    return MUSTER_OK;
}

/* Where it fails, who asks has none. */
static void *work(void *user) {
    mu_roads_ahead *a = user;
    (void)mu_thread_limit(1);
    (void)look_ahead(a);
    pthread_mutex_lock(&a->lock);
    a->is_done = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void fini(mu_roads_ahead *a) {
    for (uint32_t i = 0; i < a->count; ++i) muster_roads_free(a->stretch[i].roads);
    mu_centre_close(a->centre);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    mu_free(a);
}

muster_status mu_roads_ahead_new(mu_roads_ahead **out, const mu_stage *stage,
                                 const muster_policy *policy, const mu_course *course) {
    mu_roads_ahead *a;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&a, 1, sizeof *a));
    a->course = course;
    a->now_ms = course->start_at_ms;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    const muster_status status = mu_centre_open(&a->centre, stage, policy, a->now_ms, NULL);
    if (status != MUSTER_OK || pthread_create(&a->thread, NULL, work, a) != 0) {
        fini(a);
        return status;
    }
    *out = a;
    return MUSTER_OK;
}

void mu_roads_ahead_free(mu_roads_ahead *a) {
    if (!a) return;
    pthread_mutex_lock(&a->lock);
    a->is_stopped = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    (void)pthread_join(a->thread, NULL);
    fini(a);
}

/* ---- asking -------------------------------------------------------------------------------- */

/* The first that is not over yet is left as the first of all. */
static void drop_past(mu_roads_ahead *a, int64_t now_ms) {
    uint32_t past = 0;
    while (past < a->count && a->stretch[past].until_ms <= now_ms) {
        muster_roads_free(a->stretch[past++].roads);
    }
    a->count -= past;
    for (uint32_t i = 0; i < a->count; ++i) a->stretch[i] = a->stretch[past + i];
    if (past > 0) pthread_cond_signal(&a->changed);
}

muster_roads *mu_roads_ahead_at(mu_roads_ahead *a, int64_t now_ms) {
    muster_roads *roads = NULL;
    if (!a) return NULL;
    pthread_mutex_lock(&a->lock);
    for (drop_past(a, now_ms); a->count == 0 && !a->is_done; drop_past(a, now_ms)) {
        pthread_cond_wait(&a->changed, &a->lock);
    }
    if (a->count > 0) roads = mu_roads_hold(a->stretch[0].roads);
    pthread_mutex_unlock(&a->lock);
    return roads;
}
