/* What a world makes of events, one by one: what each does, and each way in which it may be refused. */
#include <math.h>
#include <stdio.h>

#include "core/alloc.h"
#include "session/issue_text.h"
#include "tests/support/small_base.h"

static muster_event_unit unit(uint8_t resource, const char *code, const char *kind) {
    return (muster_event_unit){resource, code, kind};
}

static const mu_world_unit *state_of(const mu_world *w, uint8_t resource, const char *code,
                                     uint32_t kind) {
    return &w->unit[resource][mu_base_find_unit(w->base, resource, code, kind)];
}

static void verify(const mu_world *w) {
    if (mu_world_verify(w) != MUSTER_OK) fail_msg("%s", muster_error_message());
}

/* It is answered so, and changes nothing. */
static void refused(mu_world *w, const muster_event *e, muster_event_outcome outcome,
                    const char *message) {
    const uint64_t            sequence = w->sequence;
    const muster_event_answer answer   = small_tell(w, e);
    if (answer.outcome != outcome || !strstr(answer.message, message)) {
        fail_msg("%s: %s", muster_event_outcome_name((muster_event_outcome)answer.outcome),
                 answer.message);
    }
    assert_null(strchr(answer.message, '\n'));
    assert_int_equal(w->sequence, sequence);
    verify(w);
}

static muster_event of_order(uint8_t type, int64_t seconds, uint64_t order) {
    muster_event e = small_event(type, seconds);
    e.order        = order;
    return e;
}

static void tell_order(mu_world *w, uint8_t type, int64_t seconds, uint64_t order) {
    const muster_event e = of_order(type, seconds, order);
    small_apply(w, &e);
    verify(w);
}

static uint8_t state_of_order(const mu_world *w, uint64_t number) {
    return mu_world_find_order(w, number)->state;
}

/* ---- base and beginning --------------------------------------------------------------------- */

static void everything_of_the_base_is_found_by_its_code(void **state) {
    (void)state;
    mu_world      *w;
    mu_base       *b       = small_base_and_world(&w);
    const uint32_t sandbag = mu_base_find_kind(b, "sandbag");
    assert_int_equal(sandbag, SMALL_SANDBAG);
    assert_int_equal(mu_base_find_unit(b, MUSTER_PEOPLE, "T-3", 0), 2);
    assert_int_equal(mu_base_find_unit(b, MUSTER_ITEM, "W-2", sandbag), 2);
    assert_int_equal(mu_base_find_unit(b, MUSTER_ITEM, "W-2", SMALL_TENT), MUSTER_NONE);
    assert_int_equal(mu_base_find_unit(b, MUSTER_VEHICLE, "T-3", 0), MUSTER_NONE);
    assert_int_equal(mu_base_find_unit(b, 9, "T-3", 0), MUSTER_NONE);
    assert_int_equal(mu_base_find_authority(b, "town"), SMALL_TOWN);
    assert_string_equal(b->unit[MUSTER_PEOPLE][0].code, "T-1");
    assert_int_equal(b->unit[MUSTER_PEOPLE][0].capability_count, 2);
    assert_int_equal(w->unit[MUSTER_PEOPLE][0].quantity, 12);
    mu_base_release(b);
    verify(w);
    mu_world_free(w);
}

static void consent_is_of_the_nearest_that_is_over_both(void **state) {
    (void)state;
    mu_world *w = small_world();
    mu_base  *b = w->base;
    assert_int_equal(mu_base_consent(b, SMALL_TOWN, SMALL_NORTH), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, SMALL_NORTH, SMALL_NORTH), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, SMALL_NORTH, SMALL_TOWN), SMALL_NORTH);
    assert_int_equal(mu_base_consent(b, SMALL_SOUTH, SMALL_TOWN), SMALL_CITY);
    assert_int_equal(mu_base_consent(b, SMALL_SOUTH, MUSTER_NONE), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, MUSTER_NONE, SMALL_TOWN), MUSTER_NONE);
    assert_true(mu_base_is_over(b, SMALL_CITY, SMALL_TOWN));
    assert_false(mu_base_is_over(b, SMALL_TOWN, SMALL_CITY));
    assert_false(mu_base_is_over(b, SMALL_SOUTH, SMALL_TOWN));
    assert_true(mu_base_is_over(b, MUSTER_NONE, SMALL_CITY));
    mu_world_free(w);
}

/* ---- what every event has ------------------------------------------------------------------- */

static muster_event moved(int64_t seconds, const char *team) {
    muster_event e = small_event(MUSTER_EVENT_UNIT_MOVED, seconds);
    e.unit         = unit(MUSTER_PEOPLE, team, NULL);
    e.lon_deg      = 120.8;
    e.lat_deg      = 30.8;
    return e;
}

static void what_is_told_twice_is_answered_as_the_first_time(void **state) {
    (void)state;
    mu_world          *w = small_world();
    const muster_event e = moved(5, "T-1");
    small_apply(w, &e);
    const muster_event_answer again = small_tell(w, &e);
    assert_int_equal(again.outcome, MUSTER_EVENT_REPEATED);
    assert_int_equal(again.sequence, 1);
    assert_string_equal(again.message, "");
    mu_world_free(w);
}

static void an_event_without_id_author_or_a_time_is_wrong(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-1");
    e.struct_size  = 8;
    refused(w, &e, MUSTER_EVENT_WRONG, "struct_size is 8; expected ");
    e    = moved(5, "T-1");
    e.id = NULL;
    refused(w, &e, MUSTER_EVENT_WRONG, "id has 0 bytes; expected 1 to 64");
    e.id = "a b";
    refused(w, &e, MUSTER_EVENT_WRONG, "id has 3 bytes, and others among them");
    e.id = "0123456789012345678901234567890123456789012345678901234567890123x";
    refused(w, &e, MUSTER_EVENT_WRONG, "id has more than 64 bytes");
    e         = moved(5, "T-1");
    e.time_ms = 1782864000;
    refused(w, &e, MUSTER_EVENT_WRONG, "time_ms is 1782864000; expected milliseconds since 1970");
    e.time_ms = INT64_MAX;
    refused(w, &e, MUSTER_EVENT_WRONG, "time_ms is 9223372036854775807");
    e        = moved(5, "T-1");
    e.author = "";
    refused(w, &e, MUSTER_EVENT_WRONG, "author is missing");
    e.author = "\xC3(";
    refused(w, &e, MUSTER_EVENT_WRONG, "author is not UTF-8");
    e           = moved(5, "T-1");
    e.authority = "nowhere";
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no authority 'nowhere'");
    e.authority = NULL;
    e.type      = 40;
    refused(w, &e, MUSTER_EVENT_WRONG, "type is 40");
    e.type = MUSTER_EVENT_PLAN_COMMITTED;
    refused(w, &e, MUSTER_EVENT_WRONG, "type is 65");
    mu_world_free(w);
}

/* ---- positions ------------------------------------------------------------------------------ */

static void a_position_counts_unless_a_later_one_is_known(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-1");
    small_apply(w, &e);
    const mu_world_unit *u = state_of(w, MUSTER_PEOPLE, "T-1", 0);
    assert_true(u->lon_deg == 120.8 && u->lat_deg == 30.8);
    assert_int_equal(u->seen_at_ms, SMALL_NOW_MS + 5000);
    e = moved(4, "T-1");
    refused(w, &e, MUSTER_EVENT_LATE, "the position of 'T-1' is of 1782864004000, but one of");
    mu_world_free(w);
}

static void a_position_off_the_globe_is_wrong(void **state) {
    (void)state;
    static const double PLACES[][2] = {
        {(double)NAN, 30}, {30, (double)INFINITY}, {30.7, 120.7}, {181, 0}};
    mu_world *w = small_world();
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; ++i) {
        muster_event e = moved(5, "T-1");
        e.lon_deg      = PLACES[i][0];
        e.lat_deg      = PLACES[i][1];
        refused(w, &e, MUSTER_EVENT_WRONG, "longitude first");
    }
    mu_world_free(w);
}

static void an_unknown_unit_is_named(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-9");
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no team 'T-9'");
    e.unit = unit(MUSTER_ITEM, "W-1", "sandbag");
    refused(w, &e, MUSTER_EVENT_WRONG, "a warehouse stays where it is");
    e.unit = unit(7, "T-1", NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "unit.resource is 7; expected 0 to 3");
    e.unit = unit(MUSTER_PEOPLE, NULL, NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "unit.code is missing");
    e           = moved(5, "T-2");
    e.authority = "north";
    refused(w, &e, MUSTER_EVENT_FORBIDDEN,
            "unit 'T-2' is 'south''s, which authority 'north' is not over");
    mu_world_free(w);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static void an_order_goes_its_way_to_the_end(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", "north");
    const mu_world_order order = small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12);
    const uint64_t       n     = small_give(w, 1, &order);
    assert_int_equal(n, 1);
    assert_int_equal(state_of(w, MUSTER_PEOPLE, "T-1", 0)->ordered, 12);
    tell_order(w, MUSTER_EVENT_ORDER_ACCEPTED, 10, n);
    tell_order(w, MUSTER_EVENT_ORDER_EN_ROUTE, 20, n);
    muster_event e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 15, n);
    refused(w, &e, MUSTER_EVENT_LATE, "order 1 is en_route since");
    e = of_order(MUSTER_EVENT_ORDER_DECLINED, 30, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "cannot become declined");
    e = of_order(MUSTER_EVENT_ORDER_LOADED, 30, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is no trip");
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 600, n);
    assert_true(state_of(w, MUSTER_PEOPLE, "T-1", 0)->lon_deg == 120.75);
    e = of_order(MUSTER_EVENT_ORDER_CANCELLED, 700, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "cannot become cancelled");
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 900, n);
    assert_int_equal(state_of_order(w, n), MUSTER_ORDER_RELEASED);
    assert_int_equal(state_of(w, MUSTER_PEOPLE, "T-1", 0)->ordered, 0);
    e = of_order(MUSTER_EVENT_ORDER_RELEASED, 901, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is released");
    e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 901, 7);
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "order 7 was never issued");
    mu_world_free(w);
}

static void a_trip_takes_its_loads_along_and_hands_them_over(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order[3] = {small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1),
                               small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100)};
    order[0].need           = MUSTER_NONE;
    order[0].warehouse      = order[1].unit;
    order[1].trip           = 1;
    const uint64_t n        = small_give(w, 2, order);
    verify(w);
    assert_int_equal(mu_world_find_order(w, n + 1)->trip, n);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->ordered, 100);
    muster_event e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 5, n + 1);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 2 comes with the trip of order 1");
    tell_order(w, MUSTER_EVENT_ORDER_EN_ROUTE, 5, n);
    tell_order(w, MUSTER_EVENT_ORDER_LOADED, 100, n);
    assert_true(mu_world_find_order(w, n)->is_loaded);
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 500, n);
    assert_int_equal(state_of_order(w, n + 1), MUSTER_ORDER_ON_SCENE);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->quantity, 900);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->ordered, 0);
    assert_int_equal(w->incident[0].need[2].delivered, 100);
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 900, n);
    assert_int_equal(state_of(w, MUSTER_VEHICLE, "V-2", 0)->ordered, 0);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->quantity, 900);
    mu_world_free(w);
}

/* ---- as bytes ------------------------------------------------------------------------------- */

static char *bytes_of(const mu_world *w, size_t *size) {
    char *bytes;
    if (mu_world_write(w, &bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return bytes;
}

static void a_world_comes_back_from_its_bytes(void **state) {
    (void)state;
    mu_world *w = small_rich_world(), *again;
    size_t    size, size_again;
    verify(w);
    char *bytes = bytes_of(w, &size);
    if (mu_world_read(&again, bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    char *bytes_again = bytes_of(again, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, bytes_again, size);
    assert_int_equal(again->rule_count, w->rule_count);
    assert_string_equal(again->rule[0].rule.unit.kind, "sandbag");
    mu_free(bytes);
    mu_free(bytes_again);
    mu_world_free(w);
    mu_world_free(again);
}

/* Bytes that were changed are refused, or are those of another world. */
static void check_spoilt(const char *bytes, size_t size) {
    mu_world *w;
    char     *exact;
    assert_int_equal(mu_alloc_copy(&exact, bytes, size, 1), MUSTER_OK);
    const muster_status status = mu_world_read(&w, exact, size);
    if (status == MUSTER_OK) {
        size_t size_again;
        char  *again = bytes_of(w, &size_again);
        assert_int_equal(size, size_again);
        assert_memory_equal(again, exact, size);
        mu_free(again);
        mu_world_free(w);
    } else {
        assert_int_equal(status, MUSTER_E_FORMAT);
        assert_null(w);
    }
    mu_free(exact);
}

static void spoilt_bytes_are_refused_or_another_world(void **state) {
    (void)state;
    static const unsigned char FLIPS[] = {0x01, 0x80, 0xFF};
    mu_world                  *w       = small_rich_world();
    size_t                     size;
    char                      *bytes = bytes_of(w, &size);
    for (size_t i = 0; i < size; ++i) {
        check_spoilt(bytes, i);
        for (size_t f = 0; f < sizeof FLIPS; ++f) {
            bytes[i] = (char)((unsigned char)bytes[i] ^ FLIPS[f]);
            check_spoilt(bytes, size);
            bytes[i] = (char)((unsigned char)bytes[i] ^ FLIPS[f]);
        }
    }
    mu_world *none;
    assert_int_equal(mu_world_read(&none, bytes, size - 1), MUSTER_E_FORMAT);
    assert_non_null(strstr(muster_error_message(), "the bytes of the world are damaged at byte "));
    mu_free(bytes);
    mu_world_free(w);
}

static void without_memory_no_world_is_written_or_read(void **state) {
    (void)state;
    mu_world *w = small_rich_world(), *again;
    size_t    size;
    char     *bytes = bytes_of(w, &size), *none;
    for (int64_t i = 0;; ++i) {
        (void)mu_alloc_fail_after(i);
        const muster_status status = mu_world_read(&again, bytes, size);
        (void)mu_alloc_fail_after(-1);
        mu_world_free(again);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
    (void)mu_alloc_fail_after(0);
    assert_int_equal(mu_world_write(w, &none, &size), MUSTER_E_NOMEM);
    (void)mu_alloc_fail_after(-1);
    assert_null(none);
    mu_free(bytes);
    mu_world_free(w);
}

/* ---- commits as JSON ------------------------------------------------------------------------- */

/* A trip from the second row of a warehouse, with its load, and a team by consent of the city. */
static mu_issue issue_of_everything(const mu_world *w, mu_world_order order[3]) {
    order[0]              = small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1);
    order[1]              = small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100);
    order[2]              = small_order(w, MUSTER_PEOPLE, "T-2", "I-1", "rescue", 8);
    order[0].need         = MUSTER_NONE;
    order[0].warehouse    = order[1].unit + 1;
    order[1].trip         = 1;
    order[2].claim        = MUSTER_CLAIM_STATE_HELD;
    order[2].claim_number = 31;
    mu_issue issue        = small_issue(3, order);
    issue.id              = "plan";
    issue.authority       = "city";
    issue.plan_sequence   = 1;
    issue.plan_json       = "{\"version\": \"0.1.0\", \"tiers\": [{\"value\": 0.1}]}";
    return issue;
}

static void a_commit_read_from_its_record_does_the_same(void **state) {
    (void)state;
    mu_world      *w = small_world(), *again;
    mu_world_order order[3];
    mu_issue_text *text;
    size_t         size, size_b, json_size, other_size;
    char          *json, *other;
    small_report(w, "I-1", "north");
    char *bytes = bytes_of(w, &size);
    assert_int_equal(mu_world_read(&again, bytes, size), MUSTER_OK);
    mu_free(bytes);
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &json_size, w, &issue), MUSTER_OK);
    assert_true(mu_issue_is(json, json_size));
    assert_false(mu_issue_is(json, 10));
    if (mu_issue_read(&text, again, json, json_size) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    assert_int_equal(mu_issue_write(&other, &other_size, again, mu_issue_of(text)), MUSTER_OK);
    assert_string_equal(json, other);
    const muster_event_answer first = small_commit(w, &issue);
    if (first.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", first.message);
    assert_int_equal(small_commit(again, mu_issue_of(text)).outcome, MUSTER_EVENT_APPLIED);
    bytes         = bytes_of(w, &size);
    char *bytes_b = bytes_of(again, &size_b);
    assert_int_equal(size, size_b);
    assert_memory_equal(bytes, bytes_b, size);
    verify(w);
    mu_free(bytes);
    mu_free(bytes_b);
    mu_free(json);
    mu_free(other);
    mu_issue_text_free(text);
    mu_world_free(w);
    mu_world_free(again);
}

static void a_record_of_a_commit_that_is_wrong_says_where(void **state) {
    (void)state;
    static const char *const WRONG[][3] = {
        {"\"I-1\"", "\"I-7\"", "order[0].incident is \"I-7\"; expected a code that is there"},
        {"\"T-2\"", "\"T-7\"", "order[2].unit is {"},
        {"\"W-1\",\"load", "\"W-7\",\"load", "order[0].warehouse is \"W-7\""},
        {"\"cancelled\":[]", "\"cancelled\":[0]", "cancelled is [0]; expected numbers"},
        {"\"quantity\":8", "\"quantity\":0", "order[2].quantity is 0; expected an integer from 1"},
        {"\"consent\"", "\"consemt\"", "order[0] has a member \"consemt\"; expected "},
        {"\"held\"", "\"hold\"", "order[2].claim is \"hold\"; expected one of none, pending, held"},
        {"plan_committed", "plan_commuted", "type is \"plan_commuted\"; expected plan_committed"},
        {"\"plan\":{", "\"plans\":{", "plan is no object"},
    };
    mu_world      *w = small_world();
    mu_world_order order[3];
    char          *json;
    size_t         size;
    small_report(w, "I-1", "north");
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &size, w, &issue), MUSTER_OK);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        char           spoilt[4000];
        const char    *at = strstr(json, WRONG[i][0]);
        mu_issue_text *text;
        if (!at) fail_msg("%s is not in %s", WRONG[i][0], json);
        const int n = snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)(at - json), json,
                               WRONG[i][1], at + strlen(WRONG[i][0]));
        assert_int_equal(mu_issue_read(&text, w, spoilt, (size_t)n), MUSTER_E_INVALID);
        assert_null(text);
        if (!strstr(muster_error_message(), WRONG[i][2])) fail_msg("%s", muster_error_message());
    }
    mu_free(json);
    mu_world_free(w);
}

static void without_memory_no_commit_is_written_or_read(void **state) {
    (void)state;
    mu_world      *w = small_world();
    mu_world_order order[3];
    char          *json, *other;
    size_t         size, other_size;
    mu_issue_text *text;
    muster_status  status = MUSTER_E_NOMEM;
    small_report(w, "I-1", "north");
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &size, w, &issue), MUSTER_OK);
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        (void)mu_alloc_fail_after(i);
        status = mu_issue_read(&text, w, json, size);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !text));
        mu_issue_text_free(text);
    }
    status = MUSTER_E_NOMEM;
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        (void)mu_alloc_fail_after(i);
        status = mu_issue_write(&other, &other_size, w, &issue);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !other));
        mu_free(other);
    }
    mu_free(json);
    mu_world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_of_the_base_is_found_by_its_code),
        cmocka_unit_test(consent_is_of_the_nearest_that_is_over_both),
        cmocka_unit_test(what_is_told_twice_is_answered_as_the_first_time),
        cmocka_unit_test(an_event_without_id_author_or_a_time_is_wrong),
        cmocka_unit_test(a_position_counts_unless_a_later_one_is_known),
        cmocka_unit_test(a_position_off_the_globe_is_wrong),
        cmocka_unit_test(an_unknown_unit_is_named),
        cmocka_unit_test(an_order_goes_its_way_to_the_end),
        cmocka_unit_test(a_trip_takes_its_loads_along_and_hands_them_over),
        cmocka_unit_test(a_world_comes_back_from_its_bytes),
        cmocka_unit_test(spoilt_bytes_are_refused_or_another_world),
        cmocka_unit_test(without_memory_no_world_is_written_or_read),
        cmocka_unit_test(a_commit_read_from_its_record_does_the_same),
        cmocka_unit_test(a_record_of_a_commit_that_is_wrong_says_where),
        cmocka_unit_test(without_memory_no_commit_is_written_or_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
