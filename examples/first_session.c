/* One call for help in a live session: open, tell, plan, commit. Usage: first_session STORE JOURNAL */
#include <inttypes.h>
#include <muster/session.h>
#include <stdio.h>

static int failed(void) {
    fprintf(stderr, "first_session: %s\n", muster_error_message());
    return 1;
}

int main(int argc, char **argv) {
    const int64_t          now  = INT64_C(1782936000000); /* 2026-07-01T20:00:00Z */
    muster_session_options open = MUSTER_SESSION_OPTIONS_INIT;
    if (argc != 3) return 2;
    open.store   = argv[1]; /* roads and units: a GeoPackage, or a connection to PostGIS */
    open.journal = argv[2]; /* a folder, which is made */
    open.author  = "first_session";
    open.now_ms  = now; /* a session has no clock */

    muster_session *session;
    if (muster_session_open(&session, &open)) return failed();

    /* Tell: when this returns it is on the disk. */
    const muster_event_need need[] = {{.kind = "flood_rescue", .quantity = 30, .minimum = 10},
                                      {.kind = "boat", .quantity = 2}};
    muster_event            call   = MUSTER_EVENT_INIT;
    muster_event_answer     answer;
    call.id         = "call-1";
    call.type       = MUSTER_EVENT_INCIDENT_REPORTED;
    call.time_ms    = now;
    call.author     = "desk 1";
    call.incident   = (muster_event_incident){.code     = "I-1",
                                              .name     = "Village under water",
                                              .lon_deg  = 120.77,
                                              .lat_deg  = 30.76,
                                              .severity = MUSTER_SEVERE};
    call.need_count = 2, call.need = need;
    if (muster_session_tell(session, 1, &call, &answer)) return failed();
    printf("%s: record %" PRIu64 "%s\n",
           muster_event_outcome_name((muster_event_outcome)answer.outcome), answer.sequence,
           answer.message);

    /* Plan, from a copy of what is known; commit: what of it can be done is ordered. */
    muster_session_plan *plan;
    muster_committed    *committed;
    muster_commit        commit = MUSTER_COMMIT_INIT;
    commit.id = "plan-1", commit.now_ms = now, commit.author = "desk 1";
    if (muster_session_plan_make(&plan, session, now, NULL, MUSTER_REPLAN_IMPROVE)) return failed();
    if (muster_session_commit(&committed, session, plan, &commit)) return failed();
    uint32_t            count;
    const muster_order *order = muster_committed_orders(committed, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("order %" PRIu64 ": %s to %s, %" PRId64 " for %s, there in %.1f min\n",
               order[i].number, order[i].unit, order[i].incident, order[i].quantity,
               order[i].need ? order[i].need : "a trip",
               (double)(order[i].eta_at_ms - now) / 60000);
    }
    muster_committed_free(committed);
    muster_session_plan_free(plan);
    muster_session_close(session);
    return 0;
}
