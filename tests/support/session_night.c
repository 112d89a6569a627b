/* A short night in a session, so that tests of the command have a journal to look at.
 *
 * usage: session_night FOLDER STORE
 * 2026-07-01: 20:00:00 the scenario's incidents are there; 20:00:10 the planner knows, 20:00:12 it
 * commits (record 3); each minute from 20:01 on an order is accepted, the first of all declined;
 * 20:30 the planner commits again. It prints the numbers of records and orders. */
#include <inttypes.h>
#include <muster/session.h>
#include <stdio.h>
#include <stdlib.h>

#define BEGIN_MS INT64_C(1782936000000) /* 2026-07-01T20:00:00Z */

static void must(muster_status status) {
    if (status == MUSTER_OK) return;
    fprintf(stderr, "session_night: %s\n", muster_error_message());
    exit(1);
}

static uint32_t commit(muster_session *session, const char *id, int64_t at_ms) {
    muster_session_plan *plan;
    muster_committed    *committed;
    muster_commit        commit = MUSTER_COMMIT_INIT;
    uint32_t             orders;
    must(muster_session_plan_make(&plan, session, at_ms - 2000, NULL, MUSTER_REPLAN_KEEP));
    commit.id     = id;
    commit.now_ms = at_ms;
    commit.author = "duty officer";
    must(muster_session_commit(&committed, session, plan, &commit));
    (void)muster_committed_orders(committed, &orders);
    printf("commit %" PRIu64 " orders %" PRIu32 "\n", muster_committed_sequence(committed), orders);
    muster_committed_free(committed);
    muster_session_plan_free(plan);
    return orders;
}

static void answer(muster_session *session, uint64_t order, int64_t at_ms) {
    char                id[32];
    muster_event        event = MUSTER_EVENT_INIT;
    muster_event_answer outcome;
    snprintf(id, sizeof id, "answer-%" PRIu64, order);
    event.id      = id;
    event.type    = order == 1 ? MUSTER_EVENT_ORDER_DECLINED : MUSTER_EVENT_ORDER_ACCEPTED;
    event.time_ms = at_ms;
    event.author  = "crew";
    event.order   = order;
    event.reason  = order == 1 ? "engine trouble" : NULL;
    must(muster_session_tell(session, 1, &event, &outcome));
    printf("answer %" PRIu64 " %s\n", order,
           muster_event_outcome_name((muster_event_outcome)outcome.outcome));
}

int main(int argc, char **argv) {
    muster_session        *session;
    muster_session_options o = MUSTER_SESSION_OPTIONS_INIT;
    if (argc != 3) return 2;
    o.journal        = argv[1];
    o.store          = argv[2];
    o.with_incidents = 1;
    o.author         = "session_night";
    o.now_ms         = BEGIN_MS;
    must(muster_session_open(&session, &o));
    const uint32_t orders = commit(session, "evening", BEGIN_MS + 12000);
    for (uint32_t n = 1; n <= orders; ++n) answer(session, n, BEGIN_MS + 60000 * (int64_t)n);
    (void)commit(session, "half-past", BEGIN_MS + 1800000);
    printf("record %" PRIu64 "\n", muster_session_get_state(session).sequence);
    muster_session_close(session);
    return 0;
}
