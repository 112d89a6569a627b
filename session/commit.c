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
    /* With a database. */
    mu_central     *central;
    mu_claim_ask   *ask;          /* of the draft, or NULL */
    bool            is_answered;  /* it is */
    bool            is_only_look; /* a turn that writes nothing: what could be ordered? */
    bool            is_repeated;
    bool           *taken; /* by line of the ask: it is an order's */
    uint32_t       *line;  /* by order of the draft: of the ask, or MUSTER_NONE */
    uint32_t        refused_count;
    size_t          refused_capacity;
    muster_skipped *refused; /* by others; messages are in the arena */
    mu_arena        arena;
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

/* ---- with a database ----------------------------------------------------------------------- */

/* What was promised for an order that is still to be issued is written down with it. All others are
 * claimed after. */
static muster_status write_claims(committing *c) {
    const uint32_t count = c->draft->issue.order_count, lines = c->ask ? c->ask->line_count : 0;
    const bool     is_held = c->ask && c->is_answered && c->ask->outcome == MUSTER_CLAIM_DONE;
    MU_TRY(mu_arena_take(&c->arena, &c->taken, lines, sizeof *c->taken));
    MU_TRY(mu_arena_take(&c->arena, &c->line, count, sizeof *c->line));
    for (uint32_t i = 0; i < count; ++i) {
        mu_world_order *o = &c->draft->order[i];
        c->line[i]        = c->ask ? mu_claim_ask_match(c->ask, o, c->taken) : MUSTER_NONE;
        o->claim          = MUSTER_CLAIM_STATE_PENDING;
        if (c->line[i] == MUSTER_NONE) continue;
        c->taken[c->line[i]] = true;
        if (!is_held) continue;
        o->claim          = MUSTER_CLAIM_STATE_HELD;
        o->claim_number   = c->ask->claimed[c->line[i]].claim;
        o->dispatch_order = c->ask->claimed[c->line[i]].order;
    }
    return MUSTER_OK;
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
    if (c->central) MU_TRY(write_claims(c));
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
                              s->options.given.churn_most, c->refused_count, c->refused));
    c->is_repeated = answer.outcome == MUSTER_EVENT_REPEATED;
    if (c->is_repeated) return answer_again(s, c, &answer);
    if (answer.outcome == MUSTER_EVENT_APPLIED) return c->is_only_look ? MUSTER_OK : issue(s, c);
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

static muster_status in_a_turn(muster_session *s, committing *c, bool is_only_look) {
    c->job          = (mu_job){.run = commit};
    c->is_only_look = is_only_look;
    return mu_job_do(s, &c->job);
}

/* Who else has it is not asked for again by this commit. */
static muster_status refuse(committing *c) {
    for (uint32_t i = 0; i < c->ask->refusal_count; ++i) {
        const mu_claim_refusal *r = &c->ask->refusal[i];
        MU_TRY(mu_grow(&c->refused, &c->refused_capacity, c->refused_count, sizeof *c->refused));
        muster_skipped *skipped = &c->refused[c->refused_count];
        *skipped = (muster_skipped){c->draft->assignment[r->line], MUSTER_SKIP_CLAIMED, NULL};
        MU_TRY(mu_arena_text(&c->arena, &skipped->message, r->message));
        ++c->refused_count;
    }
    return MUSTER_OK;
}

static void settle(committing *c) {
    mu_central_settle(c->central, c->ask);
    c->ask         = NULL;
    c->is_answered = false;
}

/* Where each order of the draft goes, by the plan: rows of the world may have moved since the turn. */
static muster_status name_incidents(committing *c, const char ***out) {
    const muster_problem    *problem = muster_session_plan_problem(c->plan);
    const uint32_t           count   = c->draft->issue.order_count;
    uint32_t                 assignment_count;
    const muster_assignment *assignment =
        muster_plan_assignments(muster_session_plan_plan(c->plan), &assignment_count);
    MU_TRY(mu_arena_take(&c->arena, out, count, sizeof **out));
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t need = assignment[c->draft->assignment[i]].need;
        (*out)[i]           = problem->incident[problem->need[need].incident].code;
    }
    return MUSTER_OK;
}

/* One request; *out_goes_on: others have something of it, and there is time to ask for the rest. */
static muster_status ask(committing *c, uint64_t deadline_ms, bool *out_goes_on) {
    const mu_issue *i = &c->draft->issue;
    const char    **incident;
    *out_goes_on = false;
    if (i->order_count == 0) return MUSTER_OK;
    MU_TRY(name_incidents(c, &incident));
    MU_TRY(mu_claim_ask_new(&c->ask, c->plan->situation->base, i->at_ms, i->order_count, i->order,
                            incident, i->cancelled_count, i->cancelled));
    MU_TRY(mu_central_claim(c->central, c->ask, deadline_ms, &c->is_answered));
    if (!c->is_answered || c->ask->outcome != MUSTER_CLAIM_LOST) return MUSTER_OK;
    MU_TRY(refuse(c));
    settle(c);
    *out_goes_on = mu_central_now_ms() < deadline_ms;
    return MUSTER_OK;
}

static muster_status claim(muster_session *s, committing *c) {
    const uint64_t deadline_ms = mu_central_now_ms() + c->commit->claim_timeout_ms;
    bool           goes_on     = true;
    while (goes_on) {
        MU_TRY(in_a_turn(s, c, true));
        if (c->is_repeated) return MUSTER_OK;
        MU_TRY(ask(c, deadline_ms, &goes_on));
    }
    return MUSTER_OK;
}

/* Where nothing was written, all that was promised goes back. */
static void say_which_orders(committing *c) {
    for (uint32_t i = 0; c->ask && c->line && i < c->done->order_count; ++i) {
        if (c->line[i] != MUSTER_NONE) c->ask->order[c->line[i]] = c->done->order[i].number;
    }
}

static muster_status claim_and_commit(muster_session *s, committing *c) {
    mu_central_lock_commits(c->central);
    muster_status status = claim(s, c);
    if (status == MUSTER_OK && !c->is_repeated) {
        c->line = NULL;
        status  = in_a_turn(s, c, false);
        if (status == MUSTER_OK && !c->is_repeated) say_which_orders(c);
    }
    settle(c);
    mu_central_unlock_commits(c->central);
    return status;
}

muster_status muster_session_commit(muster_committed **out, muster_session *session,
                                    const muster_session_plan *plan, const muster_commit *given) {
    committing c = {.plan = plan, .commit = given};
    *out         = NULL;
    MU_TRY(check(session, plan, given));
    MU_TRY(mu_alloc_zeroed(&c.done, 1, sizeof *c.done));
    c.central = mu_session_central(session);
    const muster_status status =
        c.central ? claim_and_commit(session, &c) : in_a_turn(session, &c, false);
    mu_issue_draft_free(c.draft);
    mu_free(c.refused);
    mu_arena_fini(&c.arena);
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
