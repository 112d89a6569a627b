/* From a row that others have changed to an event of the journal: the later word counts, each once. */
#include "session/changed_rows.h"

#include "session/claims.h"
#include "tests/support/small_base.h"

static muster_changed_unit row_of(uint8_t aspect, uint8_t resource, const char *code,
                                  int64_t seconds) {
    return (muster_changed_unit){.aspect       = aspect,
                                 .resource     = resource,
                                 .code         = code,
                                 .at_us        = (SMALL_NOW_MS + seconds * 1000) * 1000 + 7,
                                 .actor        = "clerk",
                                 .is_there     = 1,
                                 .is_available = 1};
}

static muster_changed_unit bags(int64_t quantity, int64_t seconds) {
    muster_changed_unit row = row_of(MUSTER_ASPECT_STOCK, MUSTER_ITEM, "W-1", seconds);
    row.kind                = "sandbag";
    row.quantity            = quantity;
    return row;
}

/* Told as it is, and then there is nothing more to tell. */
static muster_event take(mu_world *w, const muster_changed_unit *row, int64_t unsettled) {
    static mu_row_event r;
    mu_row_event        again;
    assert_true(mu_row_event_of(&r, w, row, unsettled));
    assert_true(mu_row_event_of(&again, w, row, unsettled));
    assert_string_equal(r.id, again.id); /* the same change, the same id */
    assert_int_equal(r.event.time_ms, row->at_us / 1000);
    assert_string_equal(r.event.author, "clerk");
    small_apply(w, &r.event);
    assert_false(mu_row_event_of(&again, w, row, unsettled));
    return r.event;
}

static void assert_nothing(const mu_world *w, const muster_changed_unit *row) {
    mu_row_event r;
    assert_false(mu_row_event_of(&r, w, row, 0));
}

static void what_is_as_it_is_known_is_no_event(void **state) {
    (void)state;
    mu_world           *w      = small_world();
    muster_changed_unit moved  = row_of(MUSTER_ASPECT_POSITION, MUSTER_PEOPLE, "T-1", 5);
    muster_changed_unit crew   = row_of(MUSTER_ASPECT_CREW, MUSTER_MACHINE, "M-1", 5);
    muster_changed_unit stock  = bags(1000, 5),
                        status = row_of(MUSTER_ASPECT_STATUS, MUSTER_VEHICLE, "V-1", 5),
                        shift  = row_of(MUSTER_ASPECT_SHIFT, MUSTER_ITEM, "W-1", 5);
    moved.lon_deg = 120.7, moved.lat_deg = 30.7;
    crew.quantity = 4;
    assert_nothing(w, &moved);
    assert_nothing(w, &crew);
    assert_nothing(w, &stock);
    assert_nothing(w, &status);
    assert_nothing(w, &shift);
    mu_world_free(w);
}

static void each_aspect_becomes_its_event(void **state) {
    (void)state;
    mu_world                 *w     = small_world();
    muster_changed_unit       moved = row_of(MUSTER_ASPECT_POSITION, MUSTER_PEOPLE, "T-1", 5);
    muster_changed_unit       crew  = row_of(MUSTER_ASPECT_CREW, MUSTER_MACHINE, "M-1", 5);
    muster_changed_unit       shift = row_of(MUSTER_ASPECT_SHIFT, MUSTER_ITEM, "W-1", 5);
    muster_changed_unit       gone  = row_of(MUSTER_ASPECT_STATUS, MUSTER_VEHICLE, "V-1", 5);
    const muster_changed_unit stock = bags(700, 5);
    moved.lon_deg = 120.8, moved.lat_deg = 30.8;
    crew.quantity      = 2;
    shift.shift_end_ms = 60000, shift.duty_ms = 1000;
    gone.is_there  = 0;
    muster_event e = take(w, &moved, 0);
    assert_int_equal(e.type, MUSTER_EVENT_UNIT_MOVED);
    assert_true(e.lon_deg == 120.8 && e.lat_deg == 30.8);
    assert_int_equal(take(w, &crew, 0).quantity, 2);
    e = take(w, &shift, 0); /* of all that the warehouse has */
    assert_int_equal(e.shift_end_at_ms, SMALL_NOW_MS + 65000);
    assert_int_equal(w->unit[MUSTER_ITEM][1].duty_since_ms, SMALL_NOW_MS + 4000);
    e = take(w, &gone, 0);
    assert_false(e.is_available);
    assert_string_equal(e.reason, "its row in the database has been deleted");
    e = take(w, &stock, 0);
    assert_int_equal(e.quantity, -300);
    assert_string_equal(e.reason, "the database has 700");
    mu_world_free(w);
}

static void an_older_word_does_not_replace_a_later_one(void **state) {
    (void)state;
    mu_world           *w     = small_world();
    muster_changed_unit moved = row_of(MUSTER_ASPECT_POSITION, MUSTER_PEOPLE, "T-1", 5);
    muster_event        e     = small_event(MUSTER_EVENT_UNIT_MOVED, 9);
    moved.lon_deg = 120.8, moved.lat_deg = 30.8;
    e.unit    = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.lon_deg = 120.75, e.lat_deg = 30.75;
    small_apply(w, &e);
    assert_nothing(w, &moved);
    moved.at_us += 3999993; /* the same millisecond */
    (void)take(w, &moved, 0);
    /* Of a stock, what has been moved since. */
    muster_changed_unit stock = bags(700, 5);
    e                         = small_event(MUSTER_EVENT_STOCK_MOVED, 8);
    e.unit                    = (muster_event_unit){MUSTER_ITEM, "W-1", "sandbag"};
    e.quantity                = 50;
    small_apply(w, &e);
    assert_nothing(w, &stock);
    stock.at_us += 10000000;
    assert_int_equal(take(w, &stock, 0).quantity, -350);
    mu_world_free(w);
}

static void of_a_stock_what_is_handed_over_and_not_lowered_there_yet_is_not_here(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order[] = {small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100),
                              small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 30)};
    order[0].claim         = MUSTER_CLAIM_STATE_HELD;
    order[0].claim_number  = 5;
    (void)small_give(w, 2, order);
    const uint32_t    stock = order[0].unit;
    const muster_held held  = {.claim = 5};
    assert_int_equal(mu_claims_unsettled(w, stock, 1, &held), 0);
    for (uint64_t o = 1; o <= 2; ++o) {
        muster_event e = small_event(MUSTER_EVENT_ORDER_ON_SCENE, 5);
        e.order        = o;
        small_apply(w, &e);
    }
    assert_int_equal(mu_claims_unsettled(w, stock, 1, &held), 130);
    assert_int_equal(mu_claims_unsettled(w, stock, 0, NULL), 30); /* the promise has ended there */
    assert_int_equal(mu_claims_unsettled(w, stock + 1, 1, &held), 0);
    muster_changed_unit row = bags(1000, 9);
    mu_row_event        r;
    assert_false(mu_row_event_of(&r, w, &row, 130));
    row.quantity = 900;
    assert_int_equal(take(w, &row, 130).quantity, -100);
    assert_int_equal(w->unit[MUSTER_ITEM][stock].quantity, 770);
    /* Never less than nothing, whatever it says. */
    row = bags(100, 10);
    assert_int_equal(take(w, &row, 130).quantity, -770);
    mu_world_free(w);
}

static void what_the_session_does_not_know_is_not_its_business(void **state) {
    (void)state;
    mu_world           *w     = small_world();
    muster_changed_unit team  = row_of(MUSTER_ASPECT_CREW, MUSTER_PEOPLE, "nobody's", 5);
    muster_changed_unit stock = bags(3, 5),
                        shift = row_of(MUSTER_ASPECT_SHIFT, MUSTER_ITEM, "nobody's", 5);
    team.quantity             = 3;
    shift.shift_end_ms        = 9;
    assert_nothing(w, &team);
    assert_nothing(w, &shift);
    stock.kind = "nothing";
    assert_nothing(w, &stock);
    stock.kind = "tent", stock.code = "W-2";
    assert_nothing(w, &stock);
    mu_world_free(w);
}

static void a_role_may_be_called_anything(void **state) {
    (void)state;
    mu_world           *w   = small_world();
    muster_changed_unit row = row_of(MUSTER_ASPECT_CREW, MUSTER_PEOPLE, "T-2", 5);
    mu_row_event        r;
    row.actor    = "a\nb";
    row.quantity = 3;
    assert_true(mu_row_event_of(&r, w, &row, 0));
    assert_string_equal(r.event.author, "a?b");
    row.actor = "";
    assert_true(mu_row_event_of(&r, w, &row, 0));
    assert_string_equal(r.event.author, "database");
    small_apply(w, &r.event);
    mu_world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_as_it_is_known_is_no_event),
        cmocka_unit_test(each_aspect_becomes_its_event),
        cmocka_unit_test(an_older_word_does_not_replace_a_later_one),
        cmocka_unit_test(of_a_stock_what_is_handed_over_and_not_lowered_there_yet_is_not_here),
        cmocka_unit_test(what_the_session_does_not_know_is_not_its_business),
        cmocka_unit_test(a_role_may_be_called_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
