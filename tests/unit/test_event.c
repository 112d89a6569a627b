/* Events as JSON: there and back, and everything that a text can get wrong. */
#include <muster/session.h>

#include "core/alloc.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/decimal_comma.h"
#include "tests/support/random_event.h"

enum { ROUNDS = 20000 };

/* ---- the same event? ------------------------------------------------------------------------ */

static void same_text(const char *a, const char *b) {
    if (!a || !b) {
        assert_true(!a && !b);
    } else {
        assert_string_equal(a, b);
    }
}

/* To the last bit; NaN is NaN. */
static void same_real(double a, double b) {
    assert_true(a == b || (isnan(a) && isnan(b)));
}

static void same_reals(uint32_t count, const double *a, const double *b) {
    for (uint32_t i = 0; i < count; ++i) same_real(a[i], b[i]);
}

static void same_parts(uint32_t count, const uint32_t *first_a, const uint32_t *first_b,
                       const double *lon_a, const double *lon_b, const double *lat_a,
                       const double *lat_b) {
    for (uint32_t i = 0; count > 0 && i <= count; ++i) assert_int_equal(first_a[i], first_b[i]);
    same_reals(count > 0 ? first_a[count] : 0, lon_a, lon_b);
    same_reals(count > 0 ? first_a[count] : 0, lat_a, lat_b);
}

static void same_unit(const muster_event_unit *a, const muster_event_unit *b) {
    assert_int_equal(a->resource, b->resource);
    same_text(a->code, b->code);
    same_text(a->kind, b->kind);
}

static void same_incident(const muster_event_incident *a, const muster_event_incident *b) {
    same_text(a->code, b->code);
    assert_int_equal(a->set, b->set);
    same_text(a->name, b->name);
    same_real(a->lon_deg, b->lon_deg);
    same_real(a->lat_deg, b->lat_deg);
    assert_int_equal(a->severity, b->severity);
    assert_int_equal(a->deadline_at_ms, b->deadline_at_ms);
    assert_int_equal(a->on_scene_ms, b->on_scene_ms);
    same_text(a->authority, b->authority);
    assert_int_equal(a->all_or_nothing, b->all_or_nothing);
}

static void same_needs(const muster_event *a, const muster_event *b) {
    assert_int_equal(a->need_count, b->need_count);
    for (uint32_t i = 0; i < a->need_count; ++i) {
        same_text(a->need[i].kind, b->need[i].kind);
        assert_int_equal(a->need[i].quantity, b->need[i].quantity);
        assert_int_equal(a->need[i].minimum, b->need[i].minimum);
        assert_int_equal(a->need[i].grade, b->need[i].grade);
    }
}

static void same_places(const muster_points *a, const muster_points *b) {
    assert_int_equal(a->point_count, b->point_count);
    same_reals(a->point_count, a->lon_deg, b->lon_deg);
    same_reals(a->point_count, a->lat_deg, b->lat_deg);
}

static void same_road(const muster_event_road *a, const muster_event_road *b) {
    same_text(a->code, b->code);
    assert_int_equal(a->edge_count, b->edge_count);
    assert_int_equal(a->point_count, b->point_count);
    assert_int_equal(a->area.ring_count, b->area.ring_count);
    for (uint32_t i = 0; i < a->edge_count; ++i) assert_int_equal(a->edge_id[i], b->edge_id[i]);
    same_reals(a->point_count, a->lon_deg, b->lon_deg);
    same_reals(a->point_count, a->lat_deg, b->lat_deg);
    same_places(&a->points, &b->points);
    same_parts(a->area.ring_count, a->area.first_point, b->area.first_point, a->area.lon_deg,
               b->area.lon_deg, a->area.lat_deg, b->area.lat_deg);
    same_real(a->speed_factor, b->speed_factor);
}

static void same_area(const muster_multipolygon *a, const muster_multipolygon *b) {
    assert_int_equal(a->polygon_count, b->polygon_count);
    if (a->polygon_count == 0) return;
    for (uint32_t i = 0; i <= a->polygon_count; ++i) {
        assert_int_equal(a->first_ring[i], b->first_ring[i]);
    }
    same_parts(a->first_ring[a->polygon_count], a->first_point, b->first_point, a->lon_deg,
               b->lon_deg, a->lat_deg, b->lat_deg);
}

static void same_hazard(const muster_hazard *a, const muster_hazard *b) {
    if (!a || !b) {
        assert_true(!a && !b);
        return;
    }
    same_text(a->code, b->code);
    same_text(a->name, b->name);
    same_text(a->source, b->source);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->severity, b->severity);
    assert_int_equal(a->urgency, b->urgency);
    assert_int_equal(a->certainty, b->certainty);
    assert_int_equal(a->wind_force, b->wind_force);
    same_real(a->depth_m, b->depth_m);
    same_real(a->speed_factor, b->speed_factor);
    assert_int_equal(a->starts_at_s, b->starts_at_s);
    assert_int_equal(a->ends_at_s, b->ends_at_s);
    same_area(&a->area, &b->area);
    assert_int_equal(a->lines.line_count, b->lines.line_count);
    same_parts(a->lines.line_count, a->lines.first_point, b->lines.first_point, a->lines.lon_deg,
               b->lines.lon_deg, a->lines.lat_deg, b->lines.lat_deg);
    same_places(&a->points, &b->points);
    assert_int_equal(a->edge_count, b->edge_count);
    for (uint32_t i = 0; i < a->edge_count; ++i) assert_int_equal(a->edge_id[i], b->edge_id[i]);
}

static void same_rule(const muster_event_rule *a, const muster_event_rule *b) {
    same_text(a->code, b->code);
    assert_int_equal(a->command, b->command);
    same_unit(&a->unit, &b->unit);
    same_text(a->incident, b->incident);
    same_text(a->need, b->need);
    assert_int_equal(a->quantity, b->quantity);
}

static void same_event(const muster_event *a, const muster_event *b) {
    same_text(a->id, b->id);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->time_ms, b->time_ms);
    same_text(a->author, b->author);
    same_text(a->authority, b->authority);
    same_incident(&a->incident, &b->incident);
    same_needs(a, b);
    same_unit(&a->unit, &b->unit);
    same_real(a->lon_deg, b->lon_deg);
    same_real(a->lat_deg, b->lat_deg);
    assert_int_equal(a->is_available, b->is_available);
    assert_int_equal(a->quantity, b->quantity);
    same_text(a->destination, b->destination);
    assert_int_equal(a->ready_at_ms, b->ready_at_ms);
    assert_int_equal(a->shift_end_at_ms, b->shift_end_at_ms);
    assert_int_equal(a->duty_since_ms, b->duty_since_ms);
    same_road(&a->road, &b->road);
    same_hazard(a->hazard, b->hazard);
    same_rule(&a->rule, &b->rule);
    assert_int_equal(a->order, b->order);
    assert_int_equal(a->claim, b->claim);
    assert_int_equal(a->dispatch_order, b->dispatch_order);
    same_text(a->reason, b->reason);
}

/* ---- there and back -------------------------------------------------------------------------- */

static char *written(const muster_event *e, size_t *size) {
    char *json;
    if (muster_event_write(&json, size, e) != MUSTER_OK) fail_msg("%s", muster_error_message());
    assert_int_equal(strlen(json), *size);
    return json;
}

static void check_both_ways(const muster_event *e) {
    muster_event_text *text;
    size_t             size, size_again;
    char              *json = written(e, &size);
    if (muster_event_read(&text, json, size) != MUSTER_OK) {
        fail_msg("%s: %s", json, muster_error_message());
    }
    same_event(e, muster_event_of(text));
    char *again = written(muster_event_of(text), &size_again);
    assert_string_equal(json, again);
    muster_event_json_free(json);
    muster_event_json_free(again);
    muster_event_text_free(text);
}

static void what_was_written_is_read_as_the_same_event(void **state) {
    (void)state;
    static random_event r;
    uint64_t            rng = 1;
    for (int i = 0; i < ROUNDS; ++i) check_both_ways(random_event_new(&r, &rng));
}

static void decimal_commas_of_the_program_change_nothing(void **state) {
    (void)state;
    muster_event e = MUSTER_EVENT_INIT;
    size_t       size;
    e.id      = "e-1";
    e.type    = MUSTER_EVENT_UNIT_MOVED;
    e.author  = "desk";
    e.unit    = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.lon_deg = 120.7;
    e.lat_deg = 1e-7;
    begin_decimal_comma();
    char *json = written(&e, &size);
    check_both_ways(&e);
    end_decimal_comma();
    assert_string_equal(json, "{\"type\":\"unit_moved\",\"id\":\"e-1\",\"time_ms\":0,\"author\":"
                              "\"desk\",\"unit\":{\"resource\":\"people\",\"code\":\"T-1\"},"
                              "\"lon_deg\":120.7,\"lat_deg\":1e-07}");
    muster_event_json_free(json);
}

static void an_event_of_a_report_reads_as_it_looks(void **state) {
    (void)state;
    static const muster_event_need NEED[] = {{"pump", 3, 1, 0}, {"rescue", 12, 0, 2}};
    muster_event                   e      = MUSTER_EVENT_INIT;
    size_t                         size;
    e.id         = "e-1";
    e.type       = MUSTER_EVENT_INCIDENT_REPORTED;
    e.time_ms    = 1782864000000;
    e.author     = "desk 1";
    e.authority  = "city";
    e.incident   = (muster_event_incident){.code           = "I-1",
                                           .lon_deg        = 120.75,
                                           .lat_deg        = 30,
                                           .severity       = MUSTER_EXTREME,
                                           .all_or_nothing = 1};
    e.need       = NEED;
    e.need_count = 2;
    char *json   = written(&e, &size);
    assert_string_equal(
        json, "{\"type\":\"incident_reported\",\"id\":\"e-1\",\"time_ms\":1782864000000,"
              "\"author\":\"desk 1\",\"authority\":\"city\",\"incident\":{\"code\":\"I-1\","
              "\"lon_deg\":120.75,\"lat_deg\":30,\"severity\":\"extreme\",\"all_or_nothing\":true},"
              "\"need\":[{\"kind\":\"pump\",\"quantity\":3,\"minimum\":1},{\"kind\":\"rescue\","
              "\"quantity\":12,\"grade\":2}]}");
    muster_event_json_free(json);
    check_both_ways(&e);
}

static void what_an_event_does_not_have_is_not_written(void **state) {
    (void)state;
    muster_event e = MUSTER_EVENT_INIT;
    size_t       size;
    e.id       = "e-1";
    e.type     = MUSTER_EVENT_ORDER_ACCEPTED;
    e.author   = "T-1";
    e.order    = 12;
    e.quantity = 5;
    e.lon_deg  = (double)NAN;
    char *json = written(&e, &size);
    assert_string_equal(json, "{\"type\":\"order_accepted\",\"id\":\"e-1\",\"time_ms\":0,"
                              "\"author\":\"T-1\",\"order\":12}");
    muster_event_json_free(json);
}

/* ---- what cannot be written ------------------------------------------------------------------ */

static void not_written(const muster_event *e, const char *message) {
    char  *json;
    size_t size;
    assert_int_equal(muster_event_write(&json, &size, e), MUSTER_E_INVALID);
    assert_null(json);
    if (!strstr(muster_error_message(), message)) fail_msg("%s", muster_error_message());
}

static void what_could_not_be_read_again_is_not_written(void **state) {
    (void)state;
    muster_event e = MUSTER_EVENT_INIT;
    e.type         = MUSTER_EVENT_UNIT_MOVED;
    not_written(&e, "id is missing; expected a text in UTF-8");
    e.id     = "e-1";
    e.author = "\xFF";
    not_written(&e, "author is not UTF-8");
    e.author  = "desk";
    e.unit    = (muster_event_unit){9, "T-1", NULL};
    e.lat_deg = (double)NAN;
    not_written(&e, "resource is 9, which has no name");
    e.unit.resource = MUSTER_PEOPLE;
    not_written(&e, "lat_deg is nan; expected a number");
    e.type = MUSTER_EVENT_PLAN_COMMITTED;
    not_written(&e, "type is 65");
    e.type  = MUSTER_EVENT_ORDER_ACCEPTED;
    e.order = UINT64_MAX;
    not_written(&e, "order is 18446744073709551615");
    e.type = MUSTER_EVENT_HAZARD_GROWN;
    not_written(&e, "hazard is missing");
    e.struct_size = 3;
    not_written(&e, "struct_size is 3");
}

/* ---- what is wrong with a text --------------------------------------------------------------- */

typedef struct mistake {
    const char *json, *message;
} mistake;

#define HEAD(type) "{\"type\":\"" type "\",\"id\":\"e\",\"time_ms\":1,\"author\":\"a\""

static const mistake MISTAKES[] = {
    {"", "the event is not JSON, at line 1, column 0: "},
    {"[1,]", "the event is not JSON, at line 1, column "},
    {"{\"a\":1,\"a\":2}", "the event is not JSON, at line 1, column "},
    {"{\"type\":NaN}", "the event is not JSON, "},
    {"{\"id\":\"a\\u0000b\"}", "the event is not JSON, "},
    {"{} {}", "the event is not JSON, "},
    {"[]", "it is []; expected an object"},
    {"{}", "type is missing; expected one of incident_reported, incident_updated, "},
    {"{\"type\":\"moved\"}", "type is \"moved\"; expected one of "},
    {"{\"type\":\"plan_committed\"}", "type is \"plan_committed\"; expected one of "},
    {"{\"type\":\"unit_moved\"}", "id is missing; expected a text"},
    {"{\"type\":\"opened\",\"id\":7}", "id is 7; expected a text"},
    {"{\"type\":\"opened\",\"id\":\"e\",\"time_ms\":1.5}",
     "time_ms is 1.5; expected an integer from -9223372036854775808 to 9223372036854775807"},
    {HEAD("opened") ",\"time\":3}",
     "it has a member \"time\"; expected type, id, time_ms, author, authority, reason"},
    {HEAD("opened") ",\"a\\nb\":3}", "it has a member \"a\\nb\"; expected "},
    {HEAD("opened") ",\"authority\":null}", "authority is null; expected a text"},
    {HEAD("order_accepted") "}", "order is missing; expected an integer from 0 to "},
    {HEAD("order_accepted") ",\"order\":-1}", "order is -1; expected an integer from 0 to "},
    {HEAD("order_accepted") ",\"order\":1,\"unit\":{}}",
     "it has a member \"unit\"; expected type, "},
    {HEAD("unit_moved") ",\"unit\":3}", "unit is 3; expected an object"},
    {HEAD("unit_moved") ",\"unit\":{\"resource\":\"team\"}}",
     "unit.resource is \"team\"; expected one of people, vehicle, machine, item"},
    {HEAD("unit_moved") ",\"unit\":{\"resource\":\"people\",\"code\":\"T\",\"kind\":\"x\"}}",
     "unit has a member \"kind\"; expected resource, code"},
    {HEAD("unit_moved") ",\"unit\":{\"resource\":\"people\",\"code\":\"T\"},\"lon_deg\":\"1\"}",
     "lon_deg is \"1\"; expected a number"},
    {HEAD("need_changed") ",\"incident\":{\"code\":\"I\",\"name\":\"x\"}}",
     "incident has a member \"name\"; expected code"},
    {HEAD(
         "need_changed") ",\"incident\":{\"code\":\"I\"},\"need\":[{\"kind\":\"a\",\"quantity\":1},"
                         "{\"kind\":\"b\"}]}",
     "need[1].quantity is missing; expected an integer from "},
    {HEAD("incident_updated") ",\"incident\":{\"code\":\"I\",\"lon_deg\":1}}",
     "incident.lat_deg is missing; expected a number"},
    {HEAD("incident_updated") ",\"incident\":{\"code\":\"I\",\"on_scene_ms\":4294967296}}",
     "incident.on_scene_ms is 4294967296; expected an integer from 0 to 4294967295"},
    {HEAD("road_closed") ",\"road\":{\"code\":\"R\",\"edge_id\":[1,2.5]}}",
     "road.edge_id[1] is no integer"},
    {HEAD("road_closed") ",\"road\":{\"code\":\"R\",\"line\":[[1,2],[3]]}}",
     "road.line[1] is another list; expected two numbers: [lon, lat]"},
    {HEAD("road_closed") ",\"road\":{\"code\":\"R\",\"area\":[[[1,2]],3]}}",
     "road.area[1] is no list; expected [[lon, lat], ...]"},
    {HEAD("road_closed") ",\"road\":{\"code\":\"R\",\"line\":[[1,2]],\"speed_factor\":0.5}}",
     "road has a member \"speed_factor\"; expected code, edge_id, line, points, area"},
    {HEAD("road_closed") ",\"road\":{\"code\":\"R\",\"points\":[[1,2],[3,\"x\"]]}}",
     "road.points[1] is another list; expected two numbers: [lon, lat]"},
    {HEAD("hazard_grown") ",\"hazard\":{\"code\":\"H\",\"kind\":\"closure\",\"points\":[7]}}",
     "hazard.points[0] is no list; expected two numbers: [lon, lat]"},
    {HEAD(
         "hazard_grown") ",\"hazard\":{\"code\":\"H\",\"kind\":\"closure\",\"edge_id\":[1,\"2\"]}}",
     "hazard.edge_id[1] is no integer; expected the id of an edge"},
    {HEAD("road_slowed") ",\"road\":{\"code\":\"R\",\"line\":[[1,2]]}}",
     "road.speed_factor is missing; expected a number"},
    {HEAD("hazard_grown") ",\"hazard\":{\"code\":\"H\",\"kind\":\"fire\"}}",
     "hazard.kind is \"fire\"; expected one of flood, wind, plume, closure, alert"},
    {HEAD("hazard_grown") ",\"hazard\":{\"code\":\"H\",\"kind\":\"flood\",\"area\":[3]}}",
     "hazard.area[0] is no list"},
    {HEAD("hazard_grown") ",\"hazard\":{\"code\":\"H\",\"kind\":\"wind\",\"wind_force\":256}}",
     "hazard.wind_force is 256; expected an integer from 0 to 255"},
    {HEAD("rule_set") ",\"rule\":{\"code\":\"C\",\"command\":\"hold\",\"unit\":{\"resource\":"
                      "\"people\",\"code\":\"T\"},\"incident\":\"I\"}}",
     "rule has a member \"incident\"; expected code, command, unit"},
    {HEAD("unit_status") ",\"unit\":{\"resource\":\"people\",\"code\":\"T\"},\"is_available\":1}",
     "is_available is 1; expected true or false"},
};

static void each_mistake_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; ++i) {
        muster_event_text  *text;
        const mistake      *m      = &MISTAKES[i];
        const muster_status status = muster_event_read(&text, m->json, strlen(m->json));
        if (status != MUSTER_E_INVALID ||
            strstr(muster_error_message(), m->message) != muster_error_message()) {
            fail_msg("%s: %s; expected %s", m->json, muster_error_message(), m->message);
        }
        assert_null(text);
        assert_null(strchr(muster_error_message(), '\n'));
    }
}

static void a_text_of_17_megabytes_is_not_even_looked_at(void **state) {
    (void)state;
    muster_event_text *text;
    assert_int_equal(muster_event_read(&text, "{", 17u << 20), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "the event has 17825792 bytes; expected at most 16777216");
}

/* ---- names and memory ------------------------------------------------------------------------ */

static void every_number_of_an_enum_has_a_name_that_leads_back(void **state) {
    (void)state;
    int types = 0;
    for (int i = 0; i < 256; ++i) {
        const char *name = muster_event_type_name((muster_event_type)i);
        if (!name) continue;
        ++types;
        assert_int_equal(muster_event_type_from_name(name), i);
    }
    assert_int_equal(types, MUSTER_EVENT_TYPE_TOLD + 5);
    assert_int_equal(muster_event_type_from_name("quake"), MUSTER_EVENT_TYPE_TOLD);
    for (int i = 0; i < MUSTER_COMMAND_COUNT; ++i) {
        const char *name = muster_command_name((muster_command)i);
        assert_int_equal(muster_command_from_name(name), i);
    }
    assert_int_equal(muster_command_from_name("beg"), MUSTER_COMMAND_COUNT);
    assert_null(muster_command_name(MUSTER_COMMAND_COUNT));
    assert_string_equal(muster_event_outcome_name(MUSTER_EVENT_LATE), "late");
    assert_null(muster_event_outcome_name(MUSTER_EVENT_OUTCOME_COUNT));
    assert_string_equal(muster_order_state_name(MUSTER_ORDER_CANCELLED), "cancelled");
    assert_null(muster_order_state_name(MUSTER_ORDER_STATE_COUNT));
    assert_string_equal(muster_claim_state_name(MUSTER_CLAIM_STATE_PENDING), "pending");
    assert_null(muster_claim_state_name(MUSTER_CLAIM_STATE_COUNT));
    assert_true(muster_order_is_over(MUSTER_ORDER_DECLINED));
    assert_false(muster_order_is_over(MUSTER_ORDER_ON_SCENE));
}

static void check_without_memory(const muster_event *e, const char *json, size_t size) {
    muster_event_text *text;
    char              *again;
    size_t             size_again;
    for (int64_t i = 0;; ++i) {
        (void)mu_alloc_fail_after(i);
        const muster_status status = muster_event_read(&text, json, size);
        (void)mu_alloc_fail_after(-1);
        muster_event_text_free(text);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(text);
    }
    for (int64_t i = 0;; ++i) {
        (void)mu_alloc_fail_after(i);
        const muster_status status = muster_event_write(&again, &size_again, e);
        (void)mu_alloc_fail_after(-1);
        muster_event_json_free(again);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(again);
    }
}

static void without_memory_nothing_is_read_or_written(void **state) {
    (void)state;
    static random_event r;
    uint64_t            rng = 2;
    for (int i = 0; i < ROUNDS / 40; ++i) {
        size_t              size;
        const muster_event *e    = random_event_new(&r, &rng);
        char               *json = written(e, &size);
        check_without_memory(e, json, size);
        muster_event_json_free(json);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_as_the_same_event),
        cmocka_unit_test(decimal_commas_of_the_program_change_nothing),
        cmocka_unit_test(an_event_of_a_report_reads_as_it_looks),
        cmocka_unit_test(what_an_event_does_not_have_is_not_written),
        cmocka_unit_test(what_could_not_be_read_again_is_not_written),
        cmocka_unit_test(each_mistake_is_named),
        cmocka_unit_test(a_text_of_17_megabytes_is_not_even_looked_at),
        cmocka_unit_test(every_number_of_an_enum_has_a_name_that_leads_back),
        cmocka_unit_test(without_memory_nothing_is_read_or_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
