/* From a plan to orders. What can be ordered is found out in the turn, on the world as it is then, and
 * written in the same turn: nothing can change in between. */
#include <string.h>

#include "core/alloc.h"
#include "session/issue_draft.h"
#include "session/view.h"
#include "session/writer.h"

struct muster_committed {
    mu_arena        arena;
    uint64_t        sequence;
    uint32_t        order_count, cancelled_count, skipped_count;
    muster_order   *order;
    uint64_t       *cancelled;
    muster_skipped *skipped;
};

typedef struct committing {
    mu_job                     job; /* first */
    const muster_session_plan *plan;
    const muster_commit       *commit;
    mu_issue_draft            *draft; /* what is written from; it lives until the turn is over */
    muster_committed          *done;
} committing;

/* ---- what is told of it -------------------------------------------------------------------- */

static muster_status copy_orders(muster_committed *done, const mu_world *w) {
    uint32_t count = 0;
    for (uint32_t o = 0; o < w->order_count; ++o) count += w->order[o].sequence == done->sequence;
    MU_TRY(mu_arena_take(&done->arena, &done->order, count, sizeof *done->order));
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].sequence != done->sequence) continue;
        muster_order *order = &done->order[done->order_count++];
        MU_TRY(mu_view_order(&done->arena, w, &w->order[o], order));
    }
    return MUSTER_OK;
}

static muster_status copy_skipped(muster_committed *done, const mu_issue_draft *draft) {
    done->skipped_count = draft->skipped_count;
    MU_TRY(mu_arena_copy(&done->arena, &done->skipped, draft->skipped, draft->skipped_count,
                         sizeof *draft->skipped));
    for (uint32_t i = 0; i < draft->skipped_count; ++i) {
        MU_TRY(mu_arena_text(&done->arena, &done->skipped[i].message, draft->skipped[i].message));
    }
    return MUSTER_OK;
}

static muster_status copy_cancelled(muster_committed *done, const mu_issue *issue) {
    done->cancelled_count = issue->cancelled_count;
    return mu_arena_copy(&done->arena, &done->cancelled, issue->cancelled, issue->cancelled_count,
                         sizeof *issue->cancelled);
}

/* ---- in the turn --------------------------------------------------------------------------- */

/* It was committed before: those are its orders as they are now. */
static muster_status answer_again(muster_session *s, committing *c,
                                  const muster_event_answer *answer) {
    c->done->sequence = answer->sequence;
    return copy_orders(c->done, s->ahead);
}

static muster_status issue(muster_session *s, committing *c) {
    const mu_issue *i = &c->draft->issue;
    MU_TRY(copy_skipped(c->done, c->draft));
    if (i->order_count == 0 && i->cancelled_count == 0) return MUSTER_OK;
    MU_TRY(copy_cancelled(c->done, i));
    MU_TRY(mu_writer_issue(s, i, &c->done->sequence));
    return copy_orders(c->done, s->ahead);
}

/* A turn may have to be taken again. */
static void forget(committing *c) {
    mu_issue_draft_free(c->draft);
    c->draft = NULL;
    mu_arena_fini(&c->done->arena);
    *c->done = (muster_committed){0};
}

static muster_status commit(muster_session *s, mu_job *job) {
    committing         *c = (committing *)job;
    muster_event_answer answer;
    forget(c);
    MU_TRY(mu_writer_begin(s));
    if (c->plan->situation->base != s->ahead->base) {
        return muster_fail(MUSTER_E_INVALID,
                           "the plan is of another session; expected one of that on \"%s\"",
                           s->options.given.journal);
    }
    MU_TRY(mu_issue_draft_new(&c->draft, &answer, c->plan, s->ahead, c->commit,
                              s->options.given.churn_most, 0, NULL));
    if (answer.outcome == MUSTER_EVENT_REPEATED) return answer_again(s, c, &answer);
    if (answer.outcome == MUSTER_EVENT_APPLIED) return issue(s, c);
    return muster_fail(MUSTER_E_INVALID, "the commit is %s: %s",
                       muster_event_outcome_name((muster_event_outcome)answer.outcome),
                       answer.message);
}

/* ---- for users ----------------------------------------------------------------------------- */

static muster_status check(const muster_session *s, const muster_session_plan *plan,
                           const muster_commit *commit) {
    MU_TRY(mu_session_check(s));
    if (!plan || !commit) {
        return muster_fail(MUSTER_E_INVALID, "%s is NULL; expected one", plan ? "commit" : "plan");
    }
    if (commit->struct_size == sizeof *commit) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "struct_size is %zu; expected %zu, from MUSTER_COMMIT_INIT",
                       commit->struct_size, sizeof *commit);
}

muster_status muster_session_commit(muster_committed **out, muster_session *session,
                                    const muster_session_plan *plan, const muster_commit *given) {
    committing c = {.job = {.run = commit}, .plan = plan, .commit = given};
    *out         = NULL;
    MU_TRY(check(session, plan, given));
    MU_TRY(mu_alloc_zeroed(&c.done, 1, sizeof *c.done));
    const muster_status status = mu_job_do(session, &c.job);
    mu_issue_draft_free(c.draft);
    if (status != MUSTER_OK) {
        muster_committed_free(c.done);
        return status;
    }
    *out = c.done;
    return MUSTER_OK;
}

void muster_committed_free(muster_committed *committed) {
    if (!committed) return;
    mu_arena_fini(&committed->arena);
    mu_free(committed);
}

uint64_t muster_committed_sequence(const muster_committed *committed) {
    return committed->sequence;
}

const muster_order *muster_committed_orders(const muster_committed *committed,
                                            uint32_t               *out_count) {
    *out_count = committed->order_count;
    return committed->order;
}

const uint64_t *muster_committed_cancelled(const muster_committed *committed, uint32_t *out_count) {
    *out_count = committed->cancelled_count;
    return committed->cancelled;
}

const muster_skipped *muster_committed_skipped(const muster_committed *committed,
                                               uint32_t               *out_count) {
    *out_count = committed->skipped_count;
    return committed->skipped;
}
