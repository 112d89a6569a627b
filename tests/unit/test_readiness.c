/* What readiness refuses, and by which name; kits against rules, and stock against people. */
#include <math.h>

#include "tests/support/random_readiness.h"

static random_readiness g_q;

static int start(void **state) {
    (void)state;
    random_readiness_new(&g_q, 3);
    return 0;
}

static int end(void **state) {
    (void)state;
    random_readiness_free(&g_q);
    return 0;
}

static void check_message(const char *expected) {
    if (!strstr(muster_error_message(), expected)) {
        fail_msg("\"%s\" is not in \"%s\"", expected, muster_error_message());
    }
}

/* ---- questions ----------------------------------------------------------------------------- */

static void refuse(uint32_t place_count, const muster_readiness_place *places,
                   uint32_t standard_count, const muster_readiness_standard *standards,
                   const muster_readiness_options *options, const char *expected) {
    muster_readiness *r = (muster_readiness *)&g_q;
    assert_int_equal(muster_readiness_new(&r, &g_q.base.problem, place_count, places,
                                          standard_count, standards, options),
                     MUSTER_E_INVALID);
    assert_null(r);
    check_message(expected);
}

static void a_wrong_place_is_named(void **state) {
    (void)state;
    muster_readiness_place place[2] = {g_q.place[0], g_q.place[1]};
    place[1].site.lon_deg           = (double)NAN;
    refuse(2, place, 1, g_q.standard, NULL, "place 1 (\"P1\") is at longitude nan");
    place[1]        = g_q.place[1];
    place[1].weight = -1;
    refuse(2, place, 1, g_q.standard, NULL, "place 1 (\"P1\") has weight -1; expected 0 to");
    place[0].code = "";
    refuse(2, place, 1, g_q.standard, NULL, "place 0 has no code");
    refuse(2, NULL, 1, g_q.standard, NULL, "2 places but no array");
}

static void weights_that_could_overflow_are_refused(void **state) {
    (void)state;
    muster_readiness_options      options = MUSTER_READINESS_OPTIONS_INIT;
    static muster_readiness_place place[100];
    options.horizon_ms = MUSTER_UNREACHABLE_MS - 1;
    for (int i = 0; i < 100; ++i) {
        place[i]        = g_q.place[0];
        place[i].weight = MUSTER_MAX_QUANTITY;
    }
    refuse(100, place, READY_STANDARDS, g_q.standard, &options,
           "the weights of places 0 to 0 times the horizon");
}

static void a_wrong_standard_is_named(void **state) {
    (void)state;
    muster_readiness_standard s = {0, 1000, 1, 0};
    refuse(0, NULL, 0, &s, NULL, "there are no standards");
    s.kind = 99;
    refuse(0, NULL, 1, &s, NULL, "standard 0 is about kind 99, but the problem has 6 kinds");
    s = (muster_readiness_standard){0, 0, 1, 0};
    refuse(0, NULL, 1, &s, NULL,
           "standard 0 (\"flood_rescue\") has within_ms 0; expected 1 to 7199999");
    s = (muster_readiness_standard){0, 7200000, 1, 0};
    refuse(0, NULL, 1, &s, NULL,
           "has within_ms 7200000; expected 1 to 7199999, before the horizon");
    s = (muster_readiness_standard){0, 1000, 0, 0};
    refuse(0, NULL, 1, &s, NULL, "asks for no units and no quantity");
    s = (muster_readiness_standard){0, 1000, 0, -4};
    refuse(0, NULL, 1, &s, NULL, "has quantity -4; expected 0 to 1000000000");
}

static void wrong_options_are_named(void **state) {
    (void)state;
    muster_readiness_options options = MUSTER_READINESS_OPTIONS_INIT;
    options.horizon_ms               = 1;
    refuse(0, NULL, 1, g_q.standard, &options, "horizon_ms is 1; expected 2 to");
    options.struct_size = 4;
    refuse(0, NULL, 1, g_q.standard, &options, "struct_size is 4");
}

static void no_places_are_an_answer(void **state) {
    (void)state;
    muster_readiness *r;
    muster_criticals *list;
    uint32_t          count;
    assert_int_equal(muster_readiness_new(&r, &g_q.base.problem, 0, NULL, READY_STANDARDS,
                                          g_q.standard, &g_q.options),
                     MUSTER_OK);
    assert_int_equal(muster_readiness_place_count(r), 0);
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        assert_int_equal(muster_criticals_find(&list, r, (muster_part)part, 5, NULL, NULL),
                         MUSTER_OK);
        (void)muster_criticals_list(list, &count);
        assert_int_equal(count, 0);
        muster_criticals_free(list);
    }
    muster_readiness_free(r);
}

static void refuse_change(const muster_readiness *base, const muster_what_if *change,
                          const char *expected) {
    muster_readiness *r = (muster_readiness *)&g_q;
    assert_int_equal(muster_readiness_change(&r, base, change), MUSTER_E_INVALID);
    assert_null(r);
    check_message(expected);
}

static void a_wrong_change_is_named(void **state) {
    (void)state;
    muster_readiness *base   = random_readiness_make(&g_q, 1);
    const uint32_t    edge   = 100000;
    muster_gone       gone   = {9, 0, 0};
    muster_what_if    closed = {1, &edge, 0, NULL, NULL}, left = {0, NULL, 1, &gone, NULL};
    muster_problem    other   = g_q.base.problem;
    muster_what_if    another = {0, NULL, 0, NULL, &other};
    muster_kind       kind[RANDOM_KINDS];
    refuse_change(base, &closed, "closed edge 0 is 100000, but the network has");
    refuse_change(base, &left, "gone 0 is of resource 9");
    gone = (muster_gone){MUSTER_VEHICLE, 77, 0};
    refuse_change(base, &left, "gone 0 is vehicle 77, but there are 3");
    gone = (muster_gone){MUSTER_MACHINE, 0, -1};
    refuse_change(base, &left, "gone 0 has quantity -1");
    other.metric_count = 1;
    for (uint32_t t = 0; t < RANDOM_TEAMS; ++t) g_q.base.team[t].unit.metric = 0;
    for (uint32_t i = 0; i < RANDOM_OTHERS; ++i) {
        g_q.base.vehicle[i].unit.metric = 0;
        g_q.base.machine[i].unit.metric = 0;
        g_q.base.stock[i].unit.metric   = 0;
    }
    refuse_change(base, &another, "the other problem has 1 metrics; expected 2");
    other = g_q.base.problem;
    memcpy(kind, g_q.base.kind, sizeof kind);
    kind[2].code = "tractor";
    other.kind   = kind;
    refuse_change(base, &another, "kind 2 of the other problem is \"tractor\"; expected \"truck\"");
    muster_readiness_free(base);
}

/* Counts down to the call that says stop. */
typedef struct patience {
    uint32_t left, calls;
    double   last;
    char     phase[40];
} patience;

static bool be_patient(void *user, const char *phase, double fraction) {
    patience *p = user;
    if (strcmp(p->phase, phase) != 0) p->last = 0;
    assert_true(fraction >= p->last && fraction <= 1);
    snprintf(p->phase, sizeof p->phase, "%s", phase);
    p->last = fraction;
    ++p->calls;
    return --p->left > 0;
}

static void whoever_looks_for_what_hurts_most_can_be_stopped_at_every_report(void **state) {
    (void)state;
    muster_readiness *r = random_readiness_make(&g_q, 1);
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        muster_criticals *list;
        patience          all = {.left = UINT32_MAX};
        assert_int_equal(muster_criticals_find(&list, r, (muster_part)part, 5, be_patient, &all),
                         MUSTER_OK);
        muster_criticals_free(list);
        assert_true(all.calls > 0);
        for (uint32_t call = 1; call <= all.calls; ++call) {
            patience few = {.left = call};
            char     expected[60];
            assert_int_equal(
                muster_criticals_find(&list, r, (muster_part)part, 5, be_patient, &few),
                MUSTER_E_CANCELLED);
            assert_null(list);
            assert_int_equal(few.calls, call); /* who has said stop is not asked again */
            snprintf(expected, sizeof expected, "cancelled while %s", few.phase);
            check_message(expected);
        }
    }
    muster_readiness_free(r);
}

static void what_is_not_there_cannot_be_asked_about(void **state) {
    (void)state;
    muster_readiness     *r = random_readiness_make(&g_q, 1), *other;
    muster_readiness_unit unit;
    muster_readiness_loss loss;
    muster_criticals     *list;
    uint32_t              count;
    assert_int_equal(muster_readiness_units(r, READY_PLACES, 0, 1, &count, &unit),
                     MUSTER_E_INVALID);
    check_message("place is 7, but there are 7");
    assert_int_equal(muster_readiness_units(r, 0, 99, 1, &count, &unit), MUSTER_E_INVALID);
    check_message("standard is 99, but there are 5");
    assert_int_equal(muster_criticals_find(&list, r, (muster_part)9, 1, NULL, NULL),
                     MUSTER_E_INVALID);
    check_message("part is 9; expected 0 to 3");
    assert_int_equal(muster_criticals_find(&list, r, MUSTER_PART_ROAD, 0, NULL, NULL),
                     MUSTER_E_INVALID);
    check_message("most is 0");
    assert_int_equal(muster_readiness_new(&other, &g_q.base.problem, READY_PLACES - 1, g_q.place,
                                          READY_STANDARDS, g_q.standard, &g_q.options),
                     MUSTER_OK);
    assert_int_equal(muster_readiness_compare(r, other, &loss, NULL), MUSTER_E_INVALID);
    check_message("expected the same places");
    muster_readiness_free(other);
    muster_readiness_free(r);
}

/* ---- kits ------------------------------------------------------------------------------------- */

enum { PHONE, GENERATOR, PUMP };

static void kits_are_missing_short_enough_or_more(void **state) {
    (void)state;
    const muster_equipment_rule rule[]   = {{PHONE, 1, 0, 0, 0}, {PUMP, 2, 1000, 0, 0}};
    const int64_t               people[] = {0, 1, 2000, 2001};
    const muster_holding        held[] = {{0, PHONE, 1}, {0, PUMP, 1}, {0, PUMP, 1}, {1, PHONE, 2},
                                          {1, PUMP, 1},  {2, PUMP, 4}, {3, PUMP, 4}, {3, GENERATOR, 7}};
    static const struct {
        int64_t required, held;
        uint8_t state;
    } EXPECTED[] = {{1, 1, MUSTER_EQUIPMENT_ENOUGH},  {2, 2, MUSTER_EQUIPMENT_ENOUGH},
                    {1, 2, MUSTER_EQUIPMENT_SURPLUS}, {3, 1, MUSTER_EQUIPMENT_SHORT},
                    {1, 0, MUSTER_EQUIPMENT_MISSING}, {4, 4, MUSTER_EQUIPMENT_ENOUGH},
                    {1, 0, MUSTER_EQUIPMENT_MISSING}, {5, 4, MUSTER_EQUIPMENT_SHORT}};
    muster_equipment out[8];
    assert_int_equal(muster_equipment_check(4, people, 2, rule, 8, held, out), MUSTER_OK);
    for (int i = 0; i < 8; ++i) {
        assert_true(out[i].required == EXPECTED[i].required && out[i].held == EXPECTED[i].held);
        assert_int_equal(out[i].state, EXPECTED[i].state);
    }
}

static void of_a_choice_whichever_is_kept_releases_the_others(void **state) {
    (void)state;
    const muster_equipment_rule rule[] = {
        {PHONE, 1, 0, 7, 2}, {GENERATOR, 1, 0, 7, 2}, {PUMP, 3, 0, 7, 2}, {99, 1, 0, 0, 0}};
    const int64_t        people[]   = {0, 0};
    const muster_holding held[]     = {{0, PHONE, 1}, {0, PUMP, 4}, {1, PHONE, 1}, {1, PUMP, 2}};
    const uint8_t        expected[] = {MUSTER_EQUIPMENT_ENOUGH,  MUSTER_EQUIPMENT_OPTIONAL,
                                       MUSTER_EQUIPMENT_SURPLUS, MUSTER_EQUIPMENT_MISSING,
                                       MUSTER_EQUIPMENT_ENOUGH,  MUSTER_EQUIPMENT_MISSING,
                                       MUSTER_EQUIPMENT_SHORT,   MUSTER_EQUIPMENT_MISSING};
    muster_equipment     out[8];
    assert_int_equal(muster_equipment_check(2, people, 4, rule, 4, held, out), MUSTER_OK);
    for (int i = 0; i < 8; ++i) assert_int_equal(out[i].state, expected[i]);
}

static void wrong_kits_are_named(void **state) {
    (void)state;
    muster_equipment_rule rule[] = {{PHONE, 1, 0, 1, 1}, {PUMP, 1, 0, 1, 2}};
    muster_holding        held   = {0, PHONE, 1};
    int64_t               people = 5;
    muster_equipment      out[2];
    assert_int_equal(muster_equipment_check(1, &people, 2, rule, 1, &held, out), MUSTER_E_INVALID);
    check_message("rules 0 and 1 of choice 1 ask for 1 and 2");
    rule[1].choice_least = 1;
    held.holder          = 3;
    assert_int_equal(muster_equipment_check(1, &people, 2, rule, 1, &held, out), MUSTER_E_INVALID);
    check_message("holding 0 is of holder 3, but there are 1");
    held = (muster_holding){0, PHONE, -1};
    assert_int_equal(muster_equipment_check(1, &people, 2, rule, 1, &held, out), MUSTER_E_INVALID);
    check_message("holding 0 has quantity -1");
    held.quantity = 1;
    people        = -7;
    assert_int_equal(muster_equipment_check(1, &people, 2, rule, 1, &held, out), MUSTER_E_INVALID);
    check_message("holder 0 has people -7");
    rule[0].least = -2;
    assert_int_equal(muster_equipment_check(1, &people, 2, rule, 1, &held, out), MUSTER_E_INVALID);
    check_message("rule 0 has least -2");
}

/* ---- tiers ----------------------------------------------------------------------------------------- */

/* A city with two towns, one of which has two villages. */
static const muster_authority TREE[] = {{"city", NULL, MUSTER_CITY, MUSTER_NONE},
                                        {"east", NULL, MUSTER_TOWN, 0},
                                        {"west", NULL, MUSTER_TOWN, 0},
                                        {"lane", NULL, MUSTER_VILLAGE, 1},
                                        {"mill", NULL, MUSTER_VILLAGE, 1}};

static void stock_is_set_against_people_level_by_level(void **state) {
    (void)state;
    const int64_t         people[]                   = {10500, 4001, 6000, 1000, 3001};
    int64_t               per_thousand[RANDOM_KINDS] = {0, 0, 0, 0, 0, 10};
    muster_problem        p                          = g_q.base.problem;
    muster_stock_tier     tier[RANDOM_KINDS * MUSTER_LEVEL_COUNT];
    static const uint32_t OWNER[]    = {0, 1, 4};
    static const int64_t  QUANTITY[] = {30, 7, 31};
    for (uint32_t s = 0; s < RANDOM_OTHERS; ++s) {
        g_q.base.stock[s].unit.authority = OWNER[s];
        g_q.base.stock[s].quantity       = QUANTITY[s];
    }
    p.authority_count = 5;
    p.authority       = TREE;
    for (uint32_t t = 0; t < RANDOM_TEAMS; ++t) g_q.base.team[t].unit.authority = MUSTER_NONE;
    for (uint32_t i = 0; i < RANDOM_OTHERS; ++i) {
        g_q.base.vehicle[i].unit.authority = g_q.base.machine[i].unit.authority = MUSTER_NONE;
        g_q.base.incident[i].authority                                          = MUSTER_NONE;
    }
    assert_int_equal(muster_stock_tiers(&p, people, per_thousand, tier), MUSTER_OK);
    const muster_stock_tier *t = &tier[5 * MUSTER_LEVEL_COUNT];
    /* Villages need 10 and 31, of which the second has just enough. */
    assert_int_equal(t[MUSTER_VILLAGE].place_count, 2);
    assert_int_equal(t[MUSTER_VILLAGE].required, 41);
    assert_int_equal(t[MUSTER_VILLAGE].own, 31);
    assert_int_equal(t[MUSTER_VILLAGE].above, 37);
    assert_int_equal(t[MUSTER_VILLAGE].short_count, 1);
    assert_int_equal(t[MUSTER_VILLAGE].weakest, 3);
    /* East needs 41 and has 7 + 31, west needs 60 and has none. */
    assert_int_equal(t[MUSTER_TOWN].required, 101);
    assert_int_equal(t[MUSTER_TOWN].own, 7);
    assert_int_equal(t[MUSTER_TOWN].below, 31);
    assert_int_equal(t[MUSTER_TOWN].above, 30);
    assert_int_equal(t[MUSTER_TOWN].short_count, 2);
    assert_int_equal(t[MUSTER_TOWN].weakest, 2);
    assert_int_equal(t[MUSTER_CITY].required, 105);
    assert_int_equal(t[MUSTER_CITY].own + t[MUSTER_CITY].below, 68);
    assert_int_equal(t[MUSTER_CITY].short_count, 1);
    assert_int_equal(t[MUSTER_CITY].above, 0);
    assert_int_equal(tier[0].place_count, 0);
    assert_int_equal(tier[0].weakest, MUSTER_NONE);
    per_thousand[0] = 1;
    assert_int_equal(muster_stock_tiers(&p, people, per_thousand, tier), MUSTER_E_INVALID);
    check_message("kind 0 (\"flood_rescue\") is of people; expected an item");
    per_thousand[0] = -1;
    assert_int_equal(muster_stock_tiers(&p, people, per_thousand, tier), MUSTER_E_INVALID);
    check_message("a thousand people need -1 of kind 0");
}

static void names_are_those_of_the_documentation(void **state) {
    (void)state;
    assert_string_equal(muster_part_name(MUSTER_PART_WAREHOUSE), "warehouse");
    assert_null(muster_part_name(MUSTER_PART_COUNT));
    assert_string_equal(muster_equipment_state_name(MUSTER_EQUIPMENT_OPTIONAL), "optional");
    assert_null(muster_equipment_state_name((muster_equipment_state)9));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wrong_place_is_named, start, end),
        cmocka_unit_test_setup_teardown(weights_that_could_overflow_are_refused, start, end),
        cmocka_unit_test_setup_teardown(a_wrong_standard_is_named, start, end),
        cmocka_unit_test_setup_teardown(wrong_options_are_named, start, end),
        cmocka_unit_test_setup_teardown(no_places_are_an_answer, start, end),
        cmocka_unit_test_setup_teardown(a_wrong_change_is_named, start, end),
        cmocka_unit_test_setup_teardown(
            whoever_looks_for_what_hurts_most_can_be_stopped_at_every_report, start, end),
        cmocka_unit_test_setup_teardown(what_is_not_there_cannot_be_asked_about, start, end),
        cmocka_unit_test(kits_are_missing_short_enough_or_more),
        cmocka_unit_test(of_a_choice_whichever_is_kept_releases_the_others),
        cmocka_unit_test(wrong_kits_are_named),
        cmocka_unit_test_setup_teardown(stock_is_set_against_people_level_by_level, start, end),
        cmocka_unit_test(names_are_those_of_the_documentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
