/* Drafts: what serves nobody is taken out, and the objective is that of muster_tier. */
#include "solver/draft.h"

#include "tests/support/cmocka_all.h"

static const muster_kind     KIND[]     = {{.code = "medical", .resource = MUSTER_PEOPLE}};
static const muster_incident INCIDENT[] = {{.code = "I", .severity = MUSTER_MODERATE}};
static const muster_team     TEAM[2]    = {{.people = 12}, {.people = 12}};
static const muster_need     NEED[]     = {{.quantity = 10}};

static muster_problem problem(void) {
    muster_problem p = MUSTER_PROBLEM_INIT;
    p.kind_count = p.incident_count = p.need_count = 1;
    p.team_count = 2, p.team = TEAM;
    p.kind = KIND, p.incident = INCIDENT, p.need = NEED;
    return p;
}

/* As if every team could go there, and nothing were locked. */
typedef struct stage {
    muster_problem problem;
    mu_travel      travel;
    mu_rules       rules;
    mu_cover       cover;
    mu_candidates  candidates;
    int64_t        demand;
} stage;

static void set_stage(stage *s) {
    *s                   = (stage){.problem = problem(), .demand = NEED[0].quantity};
    s->travel.problem    = &s->problem;
    s->rules.travel      = &s->travel;
    s->candidates.travel = &s->travel;
    s->candidates.rules  = &s->rules;
    s->candidates.cover  = &s->cover;
    s->candidates.demand = &s->demand;
}

static void a_team_made_useless_by_nearer_ones_is_taken_out(void **state) {
    (void)state;
    stage    s;
    mu_draft draft = {0};
    bool     is_trimmed;
    set_stage(&s);
    mu_draft_add(&draft, MUSTER_PEOPLE, 0, 0, 900000, 7); /* far, and there first */
    mu_draft_add(&draft, MUSTER_PEOPLE, 1, 0, 60000, 12); /* near */
    assert_int_equal(mu_draft_trim(&draft, &s.candidates, &is_trimmed), MUSTER_OK);
    assert_true(is_trimmed);
    assert_int_equal(draft.count, 1);
    assert_int_equal(draft.dispatch[0].index, 1);
    assert_int_equal(mu_draft_trim(&draft, &s.candidates, &is_trimmed), MUSTER_OK);
    assert_false(is_trimmed);
    mu_draft_fini(&draft);
}

static void people_beyond_the_need_do_not_count(void **state) {
    (void)state;
    stage        s;
    mu_draft     draft = {0};
    mu_objective value;
    set_stage(&s);
    mu_draft_add(&draft, MUSTER_PEOPLE, 0, 0, 2000, 8);
    mu_draft_add(&draft, MUSTER_PEOPLE, 1, 0, 3999, 8); /* of whom 2 are needed */
    assert_int_equal(mu_draft_objective(&draft, &s.candidates, &value), MUSTER_OK);
    assert_int_equal(mu_objective_unmet_need(value), 0);
    assert_int_equal(mu_objective_response_time(value), 200000 * (8 * 2 + 2 * 3));
    draft.count = 1;
    assert_int_equal(mu_draft_objective(&draft, &s.candidates, &value), MUSTER_OK);
    assert_int_equal(mu_objective_unmet_need(value), 200000 * 2);
    mu_draft_fini(&draft);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_made_useless_by_nearer_ones_is_taken_out),
        cmocka_unit_test(people_beyond_the_need_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
