/* From a plan to orders, on a street of eleven junctions: what goes on, what is new, what makes way, and
 * what is not ordered, and why. */
#include "session/issue_draft.h"

#include "core/alloc.h"
#include "tests/support/street_world.h"

static const muster_event_need RESCUE_8[]  = {{"rescue", 8, 0, 0}};
static const muster_event_need RESCUE_15[] = {{"rescue", 18, 16, 0}};
static const muster_event_need AMBULANCE[] = {{"ambulance", 1, 0, 0}};
static const muster_event_need TENTS[]     = {{"tent", 30, 10, 0}};

static muster_session_plan *plan_at(street_world *s, int64_t minutes, muster_replan mode) {
    const int64_t        now_ms  = STREET_NOW_MS + minutes * STREET_MINUTE_MS;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_planner      *planner;
    mu_situation        *situation;
    muster_session_plan *plan;
    options.time_limit_ms = 0;
    street_ok(muster_planner_new(&planner));
    street_ok(mu_situation_new(&situation, s->world, street_roads(s, now_ms), now_ms));
    street_ok(mu_plan_make(&plan, situation, planner, &options, mode));
    muster_planner_free(planner);
    return plan;
}

static muster_commit commit_of(street_world *s, const char *authority) {
    muster_commit commit = MUSTER_COMMIT_INIT;
    snprintf(s->id, sizeof s->id, "e-%u", ++s->told);
    commit.id        = s->id;
    commit.now_ms    = STREET_NOW_MS + STREET_MINUTE_MS;
    commit.author    = "desk";
    commit.authority = authority;
    return commit;
}

static mu_issue_draft *draft_with(street_world *s, const muster_session_plan *plan,
                                  const char *authority, uint32_t churn_most) {
    const muster_commit commit = commit_of(s, authority);
    muster_event_answer answer;
    mu_issue_draft     *draft;
    street_ok(mu_issue_draft_new(&draft, &answer, plan, s->world, &commit, churn_most, 0, NULL));
    if (!draft) fail_msg("%s", answer.message);
    return draft;
}

static void apply(street_world *s, mu_issue_draft *draft) {
    street_ok(mu_world_apply_issue(s->world, &draft->issue, s->world->sequence + 1));
    mu_issue_draft_free(draft);
}

/* Plan, and order all of it. */
static void plan_and_order(street_world *s) {
    muster_session_plan *plan = plan_at(s, 1, MUSTER_REPLAN_IMPROVE);
    apply(s, draft_with(s, plan, NULL, 0));
    muster_session_plan_free(plan);
}

static const char *unit_of(const street_world *s, const mu_world_order *o) {
    return s->world->base->unit[o->resource][o->unit].code;
}

static const char *incident_of(const street_world *s, const mu_world_order *o) {
    return s->world->incident[o->incident].code;
}

static void one_skip(const mu_issue_draft *draft, muster_skip skip, const char *message) {
    assert_int_equal(draft->skipped_count, 1);
    assert_string_equal(muster_skip_name((muster_skip)draft->skipped[0].skip),
                        muster_skip_name(skip));
    assert_string_equal(draft->skipped[0].message, message);
}

/* ---- what goes on, and what is new ------------------------------------------------------------- */

static void what_a_plan_sends_is_ordered_with_its_times(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan  = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, "west", 0);
    assert_int_equal(draft->issue.order_count, 1);
    assert_int_equal(draft->skipped_count, 0);
    const mu_world_order *o = &draft->issue.order[0];
    assert_string_equal(unit_of(&s, o), "T-1");
    assert_string_equal(incident_of(&s, o), "I-1");
    assert_int_equal(o->quantity, 10);
    assert_int_equal(o->depart_at_ms, STREET_NOW_MS + 2 * STREET_MINUTE_MS);
    assert_int_equal(o->eta_at_ms, STREET_NOW_MS + 3 * STREET_MINUTE_MS);
    assert_int_equal(o->consent, MUSTER_NONE);
    assert_non_null(strstr(draft->issue.plan_json, "\"outcome\":\"optimal\""));
    assert_non_null(
        strstr(draft->issue.plan_json, "{\"tier\":\"unmet_need\",\"value\":0,\"bound\":0}"));
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void what_is_ordered_already_goes_on(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    plan_and_order(&s);
    muster_session_plan *plan  = plan_at(&s, 2, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(muster_session_plan_order(plan, 0), 1);
    assert_int_equal(muster_session_plan_order(plan, 1), 0);
    assert_int_equal(draft->issue.order_count, 0);
    assert_int_equal(draft->issue.cancelled_count, 0);
    one_skip(draft, MUSTER_SKIP_CARRIED_ON, "order 1 goes on");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void a_trip_is_an_order_of_its_vehicle_and_of_all_that_it_brings(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, TENTS);
    muster_session_plan  *plan  = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft       *draft = draft_with(&s, plan, NULL, 0);
    const mu_world_order *o     = draft->issue.order;
    assert_int_equal(draft->issue.order_count, 2);
    assert_int_equal(o[0].resource, MUSTER_VEHICLE);
    assert_int_equal(o[0].need, MUSTER_NONE);
    assert_string_equal(s.world->base->unit[MUSTER_ITEM][o[0].warehouse].code, "W-1");
    assert_int_equal(o[1].trip, 1);
    assert_int_equal(o[1].quantity, 30);
    apply(&s, draft);
    muster_session_plan_free(plan);
    plan  = plan_at(&s, 2, MUSTER_REPLAN_IMPROVE);
    draft = draft_with(&s, plan, NULL, 0);
    one_skip(draft, MUSTER_SKIP_CARRIED_ON, "order 2 goes on");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void who_cannot_go_any_more_is_replaced(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    plan_and_order(&s);
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_STATUS, 2);
    e.unit         = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.reason       = "no fuel";
    street_apply(&s, &e);
    muster_session_plan *plan  = plan_at(&s, 2, MUSTER_REPLAN_KEEP);
    mu_issue_draft      *draft = draft_with(&s, plan, NULL, 1);
    assert_int_equal(draft->issue.cancelled_count, 1);
    assert_int_equal(draft->issue.cancelled[0], 1);
    assert_true(draft->issue.order_count >= 1);
    apply(&s, draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void what_is_loaded_is_redirected_with_its_load(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, TENTS);
    street_report(&s, "I-2", 8, "west", 1, RESCUE_8);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-1", "tent", 30);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_LOADED, 4);
    muster_event e  = street_event(&s, MUSTER_EVENT_NEED_CHANGED, 5);
    e.incident.code = "I-1";
    e.need_count    = 2;
    e.need          = (const muster_event_need[]){{"tent", 1, 0, 0}, {"rescue", 2, 0, 0}};
    street_apply(&s, &e);
    e               = street_event(&s, MUSTER_EVENT_NEED_CHANGED, 5);
    e.incident.code = "I-2";
    e.need_count    = 1;
    e.need          = (const muster_event_need[]){{"tent", 60, 30, 0}};
    street_apply(&s, &e);
    e                   = street_event(&s, MUSTER_EVENT_INCIDENT_UPDATED, 5);
    e.incident.code     = "I-2";
    e.incident.set      = MUSTER_SET_SEVERITY;
    e.incident.severity = MUSTER_EXTREME;
    street_apply(&s, &e);
    e                   = street_event(&s, MUSTER_EVENT_INCIDENT_UPDATED, 5);
    e.incident.code     = "I-1";
    e.incident.set      = MUSTER_SET_SEVERITY;
    e.incident.severity = MUSTER_MINOR;
    street_apply(&s, &e);
    muster_session_plan *plan     = plan_at(&s, 5, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft    = draft_with(&s, plan, NULL, 0);
    bool                 is_found = false;
    for (uint32_t i = 0; i < draft->issue.order_count; ++i) {
        const mu_world_order *o = &draft->issue.order[i];
        if (o->need != MUSTER_NONE || strcmp(unit_of(&s, o), "K-1") != 0) continue;
        is_found = true;
        assert_string_equal(incident_of(&s, o), "I-2");
        assert_true(o->is_loaded);
    }
    assert_true(is_found);
    assert_int_equal(draft->issue.cancelled_count, 1);
    assert_int_equal(draft->issue.cancelled[0], trip);
    apply(&s, draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

/* ---- who may decide ------------------------------------------------------------------------------ */

static void what_takes_the_consent_of_another_authority_is_not_ordered(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 8, "east", 1, AMBULANCE); /* the only one is of the west */
    muster_session_plan *plan = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    assert_string_equal(muster_session_plan_consent(plan, 0), "city");
    mu_issue_draft *draft = draft_with(&s, plan, "east", 0);
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CONSENT, "to send \"V-1\" to \"I-1\" takes the word of \"city\"");
    mu_issue_draft_free(draft);
    draft = draft_with(&s, plan, "city", 0);
    assert_int_equal(draft->issue.order_count, 1);
    assert_int_equal(draft->issue.order[0].consent, STREET_CITY);
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void nobody_commands_where_others_do(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan  = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, "east", 0);
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CONSENT, "to send \"T-1\" to \"I-1\" takes the word of \"west\"");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void without_its_consent_the_rest_of_a_minimum_is_not_ordered_either(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE_15); /* T-1 and T-2 are needed, or T-1 and T-3 */
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_STATUS, 0);
    e.unit         = (muster_event_unit){MUSTER_PEOPLE, "T-3", NULL};
    e.reason       = "at rest";
    street_apply(&s, &e);
    muster_session_plan *plan  = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, "west", 0);
    assert_int_equal(draft->issue.order_count, 0);
    assert_int_equal(draft->skipped_count, 2);
    for (int i = 0; i < 2; ++i) {
        if (draft->skipped[i].skip == MUSTER_SKIP_CONSENT) continue;
        assert_int_equal(draft->skipped[i].skip, MUSTER_SKIP_USELESS);
        assert_string_equal(
            draft->skipped[i].message,
            "without what is not ordered, \"I-1\" has less than the 16 of \"rescue\" "
            "that it needs at least");
    }
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void of_all_or_nothing_nothing_is_ordered_where_part_cannot_be(void **state) {
    (void)state;
    static const muster_event_need BOTH[] = {{"rescue", 8, 0, 0}, {"ambulance", 1, 0, 0}};
    street_world                   s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e            = street_event(&s, MUSTER_EVENT_INCIDENT_REPORTED, 0);
    e.incident.code           = "I-1";
    e.incident.lon_deg        = street_lon(9);
    e.incident.lat_deg        = 30;
    e.incident.authority      = "east";
    e.incident.all_or_nothing = 1;
    e.need_count              = 2;
    e.need                    = BOTH;
    street_apply(&s, &e);
    muster_session_plan *plan  = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, "east", 0);
    assert_int_equal(draft->issue.order_count, 0);
    assert_true(draft->skipped_count >= 2);
    mu_issue_draft_free(draft);
    draft = draft_with(&s, plan, "city", 0);
    assert_true(draft->issue.order_count >= 2);
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

/* ---- what has changed since ------------------------------------------------------------------------ */

static void what_is_closed_by_now_gets_nothing(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    muster_event         e    = street_event(&s, MUSTER_EVENT_INCIDENT_CLOSED, 1);
    e.incident.code           = "I-1";
    street_apply(&s, &e);
    mu_issue_draft *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CHANGED, "incident \"I-1\" is closed by now");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void who_is_on_hold_by_now_is_not_sent(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    street_rule(&s, "C-1", MUSTER_COMMAND_HOLD, (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL},
                NULL, 0);
    mu_issue_draft *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CHANGED, draft->skipped[0].message);
    assert_non_null(strstr(draft->skipped[0].message, "C-1"));
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void who_has_a_claim_of_others_on_him_is_not_sent(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan    = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    const muster_skipped claimed = {0, MUSTER_SKIP_CLAIMED, "the next city has \"T-1\""};
    const muster_commit  commit  = commit_of(&s, NULL);
    muster_event_answer  answer;
    mu_issue_draft      *draft;
    street_ok(mu_issue_draft_new(&draft, &answer, plan, s.world, &commit, 0, 1, &claimed));
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CLAIMED, "the next city has \"T-1\"");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void the_same_plan_again_gives_nothing_more(void **state) {
    (void)state;
    static const muster_event_need PUMPS[] = {{"pump", 2, 0, 0}};
    street_world                   s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, PUMPS);
    muster_session_plan *plan = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    apply(&s, draft_with(&s, plan, NULL, 0));
    mu_issue_draft *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(draft->issue.order_count, 0);
    one_skip(draft, MUSTER_SKIP_CHANGED,
             "\"I-1\" has what it needs by orders issued since the plan");
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void a_commit_that_cannot_be_is_answered(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 2, "west", 1, RESCUE_8);
    muster_session_plan *plan   = plan_at(&s, 1, MUSTER_REPLAN_IMPROVE);
    muster_commit        commit = commit_of(&s, "nowhere");
    muster_event_answer  answer;
    mu_issue_draft      *draft;
    street_ok(mu_issue_draft_new(&draft, &answer, plan, s.world, &commit, 0, 0, NULL));
    assert_null(draft);
    assert_int_equal(answer.outcome, MUSTER_EVENT_UNKNOWN);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

/* ---- what makes way ---------------------------------------------------------------------------------- */

/* T-1 and T-3 have been told to go to what is minor; two extreme incidents come, where they are needed. */
static void report_two_worse(street_world *s) {
    for (int i = 0; i < 2; ++i) {
        muster_event e      = street_event(s, MUSTER_EVENT_INCIDENT_REPORTED, 2);
        e.incident.code     = i ? "I-4" : "I-3";
        e.incident.lon_deg  = street_lon(i ? 5 : 1);
        e.incident.lat_deg  = 30;
        e.incident.severity = i ? MUSTER_SEVERE : MUSTER_EXTREME;
        e.need_count        = 1;
        e.need              = i ? (const muster_event_need[]){{"medical", 6, 0, 0}}
                                : (const muster_event_need[]){{"medical", 10, 0, 0}};
        street_apply(s, &e);
    }
}

static void street_of_two_minor(street_world *s) {
    street_world_init(s, MUSTER_ITEMS_BY_VEHICLE);
    for (int i = 0; i < 2; ++i) {
        muster_event e      = street_event(s, MUSTER_EVENT_INCIDENT_REPORTED, 0);
        e.incident.code     = i ? "I-2" : "I-1";
        e.incident.lon_deg  = street_lon(i ? 5 : 1);
        e.incident.lat_deg  = 30;
        e.incident.severity = MUSTER_MINOR;
        e.need_count        = 1;
        e.need              = i ? (const muster_event_need[]){{"rescue", 6, 0, 0}}
                                : (const muster_event_need[]){{"rescue", 10, 0, 0}};
        street_apply(s, &e);
    }
    (void)street_send(s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    (void)street_send(s, MUSTER_PEOPLE, "T-3", "I-2", "rescue", 6);
    report_two_worse(s);
}

static void no_more_orders_make_way_than_may_and_the_best_first(void **state) {
    (void)state;
    street_world s;
    street_of_two_minor(&s);
    muster_session_plan *plan  = plan_at(&s, 2, MUSTER_REPLAN_IMPROVE);
    mu_issue_draft      *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(draft->issue.cancelled_count, 2);
    mu_issue_draft_free(draft);
    draft = draft_with(&s, plan, NULL, 1);
    assert_int_equal(draft->issue.cancelled_count, 1);
    assert_int_equal(draft->issue.cancelled[0], 1); /* what is extreme gains most */
    bool is_kept = false;
    for (uint32_t i = 0; i < draft->skipped_count; ++i) {
        if (draft->skipped[i].skip != MUSTER_SKIP_KEPT) continue;
        is_kept |= strcmp(draft->skipped[i].message, "\"T-3\" keeps order 2 to \"I-2\"") == 0;
    }
    assert_true(is_kept);
    apply(&s, draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void who_has_accepted_since_is_not_sent_elsewhere(void **state) {
    (void)state;
    street_world s;
    street_of_two_minor(&s);
    muster_session_plan *plan = plan_at(&s, 2, MUSTER_REPLAN_IMPROVE);
    street_answer(&s, 1, MUSTER_EVENT_ORDER_ACCEPTED, 2);
    mu_issue_draft *draft = draft_with(&s, plan, NULL, 0);
    assert_int_equal(draft->issue.cancelled_count, 1);
    assert_int_equal(draft->issue.cancelled[0], 2);
    bool is_found = false;
    for (uint32_t i = 0; i < draft->skipped_count; ++i) {
        if (draft->skipped[i].skip != MUSTER_SKIP_CHANGED) continue;
        is_found = true;
        assert_string_equal(draft->skipped[i].message, "\"T-1\" keeps order 1 to \"I-1\"");
    }
    assert_true(is_found);
    apply(&s, draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void memory_that_runs_out_leaves_nothing_behind(void **state) {
    (void)state;
    street_world s;
    street_of_two_minor(&s);
    muster_session_plan *plan   = plan_at(&s, 2, MUSTER_REPLAN_IMPROVE);
    const muster_commit  commit = commit_of(&s, "west");
    muster_event_answer  answer;
    mu_issue_draft      *draft;
    muster_status        status = MUSTER_E_NOMEM;
    int64_t              count  = 0;
    for (; status != MUSTER_OK; ++count) {
        mu_alloc_fail_after(count);
        status = mu_issue_draft_new(&draft, &answer, plan, s.world, &commit, 1, 0, NULL);
        mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !draft));
    }
    assert_true(count > 10);
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
    street_world_fini(&s);
}

static void a_plan_that_finds_no_memory_gives_its_situation_back(void **state) {
    (void)state;
    street_world         s;
    muster_planner      *planner;
    muster_session_plan *plan;
    street_of_two_minor(&s);
    street_ok(muster_planner_new(&planner));
    muster_roads *roads  = street_roads(&s, STREET_NOW_MS);
    muster_status status = MUSTER_E_NOMEM;
    for (int64_t count = 0; status != MUSTER_OK; count += 1 + count / 8) {
        mu_situation *situation;
        street_ok(mu_situation_new(&situation, s.world, roads, STREET_NOW_MS));
        mu_alloc_fail_after(count);
        status = mu_plan_make(&plan, situation, planner, NULL, MUSTER_REPLAN_KEEP);
        mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !plan));
    }
    muster_session_plan_free(plan);
    muster_planner_free(planner);
    street_world_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_plan_sends_is_ordered_with_its_times),
        cmocka_unit_test(what_is_ordered_already_goes_on),
        cmocka_unit_test(a_trip_is_an_order_of_its_vehicle_and_of_all_that_it_brings),
        cmocka_unit_test(who_cannot_go_any_more_is_replaced),
        cmocka_unit_test(what_is_loaded_is_redirected_with_its_load),
        cmocka_unit_test(what_takes_the_consent_of_another_authority_is_not_ordered),
        cmocka_unit_test(nobody_commands_where_others_do),
        cmocka_unit_test(without_its_consent_the_rest_of_a_minimum_is_not_ordered_either),
        cmocka_unit_test(of_all_or_nothing_nothing_is_ordered_where_part_cannot_be),
        cmocka_unit_test(what_is_closed_by_now_gets_nothing),
        cmocka_unit_test(who_is_on_hold_by_now_is_not_sent),
        cmocka_unit_test(who_has_a_claim_of_others_on_him_is_not_sent),
        cmocka_unit_test(the_same_plan_again_gives_nothing_more),
        cmocka_unit_test(a_commit_that_cannot_be_is_answered),
        cmocka_unit_test(no_more_orders_make_way_than_may_and_the_best_first),
        cmocka_unit_test(who_has_accepted_since_is_not_sent_elsewhere),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_behind),
        cmocka_unit_test(a_plan_that_finds_no_memory_gives_its_situation_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
