/* Planning beside telling. The session's lock is held while copies are made, of what closes roads and of
 * what a problem is made of: some milliseconds. Metrics, travel times and plans are made from the copies,
 * under locks of their own that nobody who tells ever takes. */
#include "session/planning.h"

#include "core/alloc.h"
#include "session/plan.h"
#include "session/session.h"

/* Roads may change while metrics are made for them; after so many times the plan is made on the last. */
enum { MOST_TRIES = 3 };

struct mu_planning {
    pthread_mutex_t roads_lock;
    muster_roads   *roads; /* the last that were made, or NULL */
    pthread_mutex_t plan_lock;
    muster_planner *planner;
};

muster_status mu_planning_init(mu_planning **out) {
    mu_planning *p;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&p, 1, sizeof *p));
    pthread_mutex_init(&p->roads_lock, NULL);
    pthread_mutex_init(&p->plan_lock, NULL);
    *out = p;
    return muster_planner_new(&p->planner);
}

void mu_planning_fini(mu_planning *p) {
    if (!p) return;
    muster_roads_free(p->roads);
    muster_planner_free(p->planner);
    pthread_mutex_destroy(&p->plan_lock);
    pthread_mutex_destroy(&p->roads_lock);
    mu_free(p);
}

/* ---- roads --------------------------------------------------------------------------------- */

/* NULL: the last ones serve. */
static muster_status take_state(mu_road_state **out, muster_session *s, int64_t now_ms) {
    muster_status status = MUSTER_OK;
    *out                 = NULL;
    pthread_mutex_lock(&s->lock);
    if (!mu_roads_are_of(s->planning->roads, s->world, now_ms)) {
        status = mu_road_state_take(out, s->world, now_ms);
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

static muster_status renew(muster_session *s, int64_t now_ms) {
    mu_planning   *p = s->planning;
    mu_road_state *state;
    muster_roads  *roads;
    MU_TRY(take_state(&state, s, now_ms));
    if (!state) return MUSTER_OK;
    const muster_status status =
        mu_roads_new(&roads, s->road_base, state, p->roads, s->options.given.thread_count);
    mu_road_state_free(state);
    if (status != MUSTER_OK) return status;
    muster_roads_free(p->roads);
    p->roads = roads;
    return MUSTER_OK;
}

muster_status mu_planning_roads(muster_roads **out, muster_session *s, int64_t now_ms) {
    *out = NULL;
    pthread_mutex_lock(&s->planning->roads_lock);
    const muster_status status = renew(s, now_ms);
    if (status == MUSTER_OK) *out = mu_roads_hold(s->planning->roads);
    pthread_mutex_unlock(&s->planning->roads_lock);
    return status;
}

void mu_planning_forget_roads(mu_planning *p) {
    pthread_mutex_lock(&p->roads_lock);
    muster_roads *roads = p->roads;
    p->roads            = NULL;
    pthread_mutex_unlock(&p->roads_lock);
    muster_roads_free(roads);
}

muster_status muster_session_roads(muster_roads **out, muster_session *session) {
    *out = NULL;
    MU_TRY(mu_session_check(session));
    return mu_planning_roads(out, session, mu_session_latest_moment(session));
}

/* ---- plans --------------------------------------------------------------------------------- */

/* The roads, which are those of the situation unless they change all the time. */
static muster_status take_on_roads(mu_situation **out, muster_session *s, int64_t now_ms,
                                   bool is_last_try) {
    muster_roads *roads;
    muster_status status = mu_planning_roads(&roads, s, now_ms);
    if (status != MUSTER_OK) return status;
    pthread_mutex_lock(&s->lock);
    if (is_last_try || mu_roads_are_of(roads, s->world, now_ms)) {
        status = mu_situation_take(out, s->world, s->elsewhere, roads, now_ms);
    }
    pthread_mutex_unlock(&s->lock);
    muster_roads_free(roads);
    return status;
}

static muster_status take_situation(mu_situation **out, muster_session *s, int64_t now_ms) {
    *out = NULL;
    for (int t = 1; !*out && t <= MOST_TRIES; ++t) {
        MU_TRY(take_on_roads(out, s, now_ms, t == MOST_TRIES));
    }
    const muster_status status = mu_situation_settle(*out);
    if (status != MUSTER_OK) mu_situation_free(*out);
    return status;
}

static muster_status check_role(muster_session *s, int64_t now_ms) {
    pthread_mutex_lock(&s->lock);
    const bool may_plan = s->role != MUSTER_SESSION_STANDBY || s->is_replay;
    if (now_ms > s->now_ms) s->now_ms = now_ms;
    pthread_mutex_unlock(&s->lock);
    if (may_plan) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the session on \"%s\" is a standby, which does not plan; expected the one "
                       "that writes, or a replay",
                       s->options.given.journal);
}

/* What the caller may say of a solve, and what is the session's to say. */
static muster_status read_options(muster_solve_options *out, const muster_session *s,
                                  const muster_solve_options *given) {
    const muster_session_options *o = &s->options.given;
    *out                            = (muster_solve_options)MUSTER_SOLVE_OPTIONS_INIT;
    if (given && given->struct_size != sizeof *given) {
        return muster_fail(MUSTER_E_INVALID,
                           "struct_size is %zu; expected %zu, from MUSTER_SOLVE_OPTIONS_INIT",
                           given->struct_size, sizeof *given);
    }
    if (given) *out = *given;
    out->thread_count        = o->thread_count;
    out->churn_unmet_need    = o->churn_unmet_need;
    out->churn_response_time = o->churn_response_time;
    return MUSTER_OK;
}

/* The plan's lock is held: the planner is one thread's at a time. */
static muster_status make(muster_session_plan **out, muster_session *s, int64_t now_ms,
                          const muster_solve_options *options, muster_replan mode) {
    mu_situation *situation;
    MU_TRY(take_situation(&situation, s, now_ms));
    return mu_plan_make(out, situation, s->planning->planner, options, mode);
}

muster_status muster_session_plan_make(muster_session_plan **out, muster_session *session,
                                       int64_t now_ms, const muster_solve_options *options,
                                       muster_replan mode) {
    *out = NULL;
    MU_TRY(mu_session_check(session));
    MU_TRY(mu_session_check_moment(now_ms));
    MU_TRY(check_role(session, now_ms));
    muster_solve_options solve;
    MU_TRY(read_options(&solve, session, options));
    pthread_mutex_lock(&session->planning->plan_lock);
    const muster_status status = make(out, session, now_ms, &solve, mode);
    pthread_mutex_unlock(&session->planning->plan_lock);
    return status;
}
