/* Two centres behind one face. That in memory does in turn what a session does between its locks: an event is
 * checked against the roads and the world, then applied; roads are made when those of before do not serve; a
 * plan is made for a situation; a commit is drafted and applied. */
#include "simulation/centre.h"

#include <dirent.h>

#include "core/alloc.h"
#include "session/beginning.h"
#include "session/issue_draft.h"
#include "session/session.h"

struct mu_centre {
    const mu_stage      *stage;
    muster_solve_options solve;
    const muster_policy *policy;
    muster_roads        *roads;   /* the last that were asked for */
    muster_session      *session; /* or: */
    mu_world            *world;
    muster_planner      *planner;
};

/* ---- life ---------------------------------------------------------------------------------- */

/* Plans stop by what they have done and not by the clock, so that they are the same each time. */
static muster_solve_options solve_of(const muster_policy *policy) {
    muster_solve_options o = MUSTER_SOLVE_OPTIONS_INIT;
    o.time_limit_ms        = 0;
    o.work_limit           = policy->work_limit;
    o.thread_count         = 1;
    o.churn_unmet_need     = policy->churn_unmet_need;
    o.churn_response_time  = policy->churn_response_time;
    return o;
}

/* One that is there goes on with another night. */
static muster_status check_is_new(const char *journal) {
    DIR                 *folder = opendir(journal);
    const struct dirent *entry  = NULL;
    if (!folder) return MUSTER_OK; /* whatever is wrong with it, the journal says */
    do {
        entry = readdir(folder);
    } while (entry && entry->d_name[0] == '.');
    const bool is_empty = !entry;
    closedir(folder);
    if (is_empty) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "there is something in \"%s\"; expected a folder that is empty, or none",
                       journal);
}

/* Units that do not answer say so themselves: no order expires. */
static muster_status open_session(mu_centre *d, int64_t now_ms, const char *journal) {
    muster_session_options o     = MUSTER_SESSION_OPTIONS_INIT;
    const mu_session_parts parts = {.disk      = MU_DISK_SYSTEM,
                                    .road_base = d->stage->roads,
                                    .problem   = d->stage->problem,
                                    .scenario  = d->stage->base->scenario};
    o.journal                    = journal;
    o.store                      = d->stage->store ? d->stage->store : "-";
    o.author                     = MU_CENTRE_AUTHOR;
    o.now_ms                     = now_ms;
    o.thread_count               = 1;
    o.order_timeout_ms           = 0;
    o.churn_unmet_need           = d->policy->churn_unmet_need;
    o.churn_response_time        = d->policy->churn_response_time;
    o.churn_most                 = d->policy->churn_most;
    MU_TRY(check_is_new(journal));
    return mu_session_start(&d->session, &o, &parts);
}

static muster_status open_memory(mu_centre *d, int64_t now_ms) {
    const muster_scenario *from = mu_road_base_scenario(d->stage->roads);
    MU_TRY(mu_world_new(&d->world, d->stage->base, d->stage->problem, now_ms));
    if (from) MU_TRY(mu_beginning_withhold(d->world, from));
    return muster_planner_new(&d->planner);
}

muster_status mu_centre_open(mu_centre **out, const mu_stage *stage, const muster_policy *policy,
                             int64_t now_ms, const char *journal) {
    mu_centre *d;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&d, 1, sizeof *d));
    d->stage  = stage;
    d->policy = policy;
    d->solve  = solve_of(policy);
    const muster_status status =
        journal ? open_session(d, now_ms, journal) : open_memory(d, now_ms);
    if (status != MUSTER_OK) {
        mu_centre_close(d);
        return status;
    }
    *out = d;
    return MUSTER_OK;
}

void mu_centre_close(mu_centre *d) {
    if (!d) return;
    muster_roads_free(d->roads);
    muster_session_close(d->session);
    mu_world_free(d->world);
    muster_planner_free(d->planner);
    mu_free(d);
}

const mu_world *mu_centre_world(const mu_centre *d) {
    return d->session ? d->session->world : d->world;
}

/* ---- telling ------------------------------------------------------------------------------- */

static muster_status tell_world(mu_centre *d, const muster_event *event, muster_event_answer *out) {
    MU_TRY(mu_roads_check_event(d->stage->roads, event, out));
    if (out->outcome == MUSTER_EVENT_APPLIED) MU_TRY(mu_world_check(d->world, event, out));
    if (out->outcome != MUSTER_EVENT_APPLIED) return MUSTER_OK;
    return mu_world_apply(d->world, event, d->world->sequence + 1);
}

muster_status mu_centre_tell(mu_centre *d, uint32_t count, const muster_event *event,
                             muster_event_answer *out) {
    if (d->session) return muster_session_tell(d->session, count, event, out);
    for (uint32_t i = 0; i < count; ++i) MU_TRY(tell_world(d, &event[i], &out[i]));
    return MUSTER_OK;
}

/* ---- roads --------------------------------------------------------------------------------- */

/* As the others, where they turn out to be those of now; else from those of before, whose metrics stay where
 * nothing has changed. */
static muster_status make_from(mu_centre *d, const mu_road_state *state, const muster_roads *ahead,
                               muster_roads **out) {
    if (ahead) {
        MU_TRY(mu_roads_new(out, d->stage->roads, state, ahead, 1));
        if (mu_roads_are_alike(*out, ahead)) return MUSTER_OK;
        muster_roads_free(*out);
    }
    return mu_roads_new(out, d->stage->roads, state, d->roads, 1);
}

static muster_status make_roads(mu_centre *d, int64_t now_ms, const muster_roads *ahead) {
    mu_road_state *state;
    muster_roads  *roads;
    MU_TRY(mu_road_state_take(&state, d->world, now_ms));
    const muster_status status = make_from(d, state, ahead, &roads);
    mu_road_state_free(state);
    MU_TRY(status);
    muster_roads_free(d->roads);
    d->roads = roads;
    return MUSTER_OK;
}

static muster_status ask_session(mu_centre *d, int64_t now_ms) {
    muster_roads *roads;
    MU_TRY(mu_planning_roads(&roads, d->session, now_ms));
    muster_roads_free(d->roads);
    d->roads = roads;
    return MUSTER_OK;
}

muster_status mu_centre_roads(mu_centre *d, int64_t now_ms, const muster_roads *ahead,
                              muster_roads **out) {
    if (!mu_roads_are_of(d->roads, mu_centre_world(d), now_ms)) {
        MU_TRY(d->session ? ask_session(d, now_ms) : make_roads(d, now_ms, ahead));
    }
    *out = d->roads;
    return MUSTER_OK;
}

/* ---- plans --------------------------------------------------------------------------------- */

muster_status mu_centre_plan(mu_centre *d, int64_t now_ms, muster_session_plan **out) {
    const muster_replan mode = (muster_replan)d->policy->mode;
    muster_roads       *roads;
    mu_situation       *situation;
    *out = NULL;
    if (d->session) return muster_session_plan_make(out, d->session, now_ms, &d->solve, mode);
    MU_TRY(mu_centre_roads(d, now_ms, NULL, &roads));
    MU_TRY(mu_situation_new(&situation, d->world, d->roads, now_ms));
    return mu_plan_make(out, situation, d->planner, &d->solve, mode);
}

static muster_status commit_session(mu_centre *d, const muster_session_plan *plan,
                                    const muster_commit *commit, uint64_t *out_sequence) {
    muster_committed *done;
    MU_TRY(muster_session_commit(&done, d->session, plan, commit));
    *out_sequence = muster_committed_sequence(done);
    muster_committed_free(done);
    return MUSTER_OK;
}

static muster_status commit_world(mu_centre *d, const muster_session_plan *plan,
                                  const muster_commit *commit, uint64_t *out_sequence) {
    mu_issue_draft     *draft;
    muster_event_answer answer;
    MU_TRY(mu_issue_draft_new(&draft, &answer, plan, d->world, commit, d->policy->churn_most, 0,
                              NULL));
    if (!draft) return muster_fail(MUSTER_E_INTERNAL, "the commit: %s", answer.message);
    muster_status status = MUSTER_OK;
    if (draft->issue.order_count > 0 || draft->issue.cancelled_count > 0) {
        status = mu_world_apply_issue(d->world, &draft->issue, d->world->sequence + 1);
        if (status == MUSTER_OK) *out_sequence = d->world->sequence;
    }
    mu_issue_draft_free(draft);
    return status;
}

muster_status mu_centre_commit(mu_centre *d, int64_t now_ms, const muster_session_plan *plan,
                               const char *id, uint64_t *out_sequence) {
    muster_commit commit = MUSTER_COMMIT_INIT;
    commit.id            = id;
    commit.now_ms        = now_ms;
    commit.author        = MU_CENTRE_AUTHOR;
    *out_sequence        = 0;
    return d->session ? commit_session(d, plan, &commit, out_sequence)
                      : commit_world(d, plan, &commit, out_sequence);
}
