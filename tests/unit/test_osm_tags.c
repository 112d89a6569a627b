/* What tags mean, value by value, in the spellings that mappers use. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/osm_tags.h"
#include "gis/osm_values.h"
#include "tests/support/cmocka_all.h"

enum {
    L           = MUSTER_ACCESS_LIGHT,
    H           = MUSTER_ACCESS_HEAVY,
    E           = MUSTER_ACCESS_EMERGENCY,
    ALL         = MUSTER_ACCESS_ALL,
    CONTRA      = MUSTER_ACCESS_CONTRAFLOW,
    MAX_TAGS    = 12,
    MAX_LETTERS = 256
};

/* Tags from "key=value" texts, ended by NULL. */
typedef struct tag_list {
    char        text[MAX_TAGS][MAX_LETTERS];
    mu_osm_tag  tag[MAX_TAGS];
    mu_osm_tags tags;
} tag_list;

static const mu_osm_tags *make_tags(tag_list *list, const char *const *pairs) {
    size_t n = 0;
    for (; pairs[n]; ++n) {
        assert_true(n < MAX_TAGS && strlen(pairs[n]) < MAX_LETTERS);
        strcpy(list->text[n], pairs[n]);
        char *mark = strchr(list->text[n], '=');
        assert_non_null(mark);
        *mark        = 0;
        list->tag[n] = (mu_osm_tag){list->text[n], mark + 1};
    }
    list->tags = (mu_osm_tags){list->tag, n};
    return &list->tags;
}

#define TAGS(list, ...) make_tags(&(list), (const char *const[]){__VA_ARGS__, NULL})

/* ---- values ---------------------------------------------------------------------------- */

typedef struct value_case {
    const char *text;
    double      expected; /* NAN: not understood */
} value_case;

static void check_values(const value_case *c, size_t count, bool (*parse)(const char *, float *)) {
    for (size_t i = 0; i < count; ++i) {
        float      value;
        const bool understood = parse(c[i].text, &value);
        const bool right      = isnan(c[i].expected)
                                    ? !understood && !(value > 0)
                                    : understood && fabs((double)value - c[i].expected) < 0.01;
        if (!right) {
            fail_msg("\"%s\" gives %d, %g; expected %g", c[i].text, understood, (double)value,
                     c[i].expected);
        }
    }
}

#define CHECK_VALUES(cases, parse) check_values(cases, sizeof(cases) / sizeof(cases)[0], parse)

static void speeds_are_read_as_mappers_write_them(void **state) {
    (void)state;
    static const value_case CASES[] = {{"50", 50},       {" 60 ", 60},
                                       {"50 km/h", 50},  {"50km/h", 50},
                                       {"50kmh", 50},    {"50 KMH", 50},
                                       {"50 kph", 50},   {"30 mph", 48.28},
                                       {"30mph", 48.28}, {"20 knots", 37.04},
                                       {"walk", 7},      {"none", 0},
                                       {"signals", 0},   {"variable", 0},
                                       {"50;60", 50},    {"60; 50", 50},
                                       {"50|70|70", 50}, {"50/60", 50},
                                       {"80 - 100", 80}, {"80-100 mph", 128.75},
                                       {"none|80", 80},  {"signals;80", 80},
                                       {"7,5", 7.5},     {"50,60", 50},
                                       {"55.5", 55.5},   {"05", 5}};
    CHECK_VALUES(CASES, mu_osm_parse_speed);
}

static void speeds_by_law_are_known_by_country_and_kind(void **state) {
    (void)state;
    static const value_case CASES[] = {
        {"RO:urban", 50},     {"DE:motorway", 0},  {"CN:urban", 50},        {"CN:motorway", 120},
        {"FR:rural", 80},     {"DE:rural", 100},   {"DE:zone:30", 30},      {"DE:zone30", 30},
        {"DE:30", 30},        {"IT:rural", 90},    {"GB:nsl_dual", 112.65}, {"GB:zone20", 32.19},
        {"BE-BRU:urban", 30}, {"de:urban;60", 50}, {"DE:living_street", 7}};
    CHECK_VALUES(CASES, mu_osm_parse_speed);
}

static void what_is_no_speed_is_not_understood(void **state) {
    (void)state;
    static const value_case CASES[] = {{"", NAN},
                                       {"0", NAN},
                                       {"fast", NAN},
                                       {"-50", NAN},
                                       {"50 furlongs", NAN},
                                       {"5000", NAN},
                                       {"nan", NAN},
                                       {"inf", NAN},
                                       {"0x32", NAN},
                                       {"1e2", NAN},
                                       {"50;", 50},
                                       {";", NAN},
                                       {"50 @ (22:00-06:00)", NAN},
                                       {"D:urban", NAN},
                                       {"DE:mars", NAN},
                                       {"50 -", NAN},
                                       {"RO:", NAN}};
    CHECK_VALUES(CASES, mu_osm_parse_speed);
    char long_text[300];
    memset(long_text, '9', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    float kmh;
    assert_false(mu_osm_parse_speed(long_text, &kmh));
}

static void heights_are_read_in_metres_and_feet(void **state) {
    (void)state;
    static const value_case CASES[] = {{"3.5", 3.5},          {"3.5 m", 3.5},    {"3,50 m", 3.5},
                                       {"3.5m", 3.5},         {"11'6\"", 3.505}, {"11' 6\"", 3.505},
                                       {"11 ft 6 in", 3.505}, {"12 ft", 3.658},  {"12'", 3.658},
                                       {"350 cm", 3.5},       {"default", 0},    {"none", 0},
                                       {"below_default", 0},  {"4;3.8", 3.8},    {"", NAN},
                                       {"low", NAN},          {"0", NAN},        {"3.5 3", NAN},
                                       {"-3", NAN},           {"4000", NAN}};
    CHECK_VALUES(CASES, mu_osm_parse_height);
}

static void weights_are_read_in_tonnes_kilograms_and_pounds(void **state) {
    (void)state;
    static const value_case CASES[] = {{"7.5", 7.5},         {"7.5 t", 7.5},   {"7,5t", 7.5},
                                       {"16000 lbs", 7.257}, {"3500 kg", 3.5}, {"none", 0},
                                       {"10 st", 9.07},      {"3.5;7.5", 3.5}, {"heavy", NAN},
                                       {"0", NAN},           {"3500", NAN},    {"", NAN}};
    CHECK_VALUES(CASES, mu_osm_parse_weight);
}

static void durations_are_read_as_clock_or_units(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t    minutes; /* 0: not understood */
    } CASES[] = {{"30", 30},     {"01:30", 90},    {"1:30:00", 90}, {"PT1H30M", 90},
                 {"PT45M", 45},  {"P1DT2H", 1560}, {"20 min", 20},  {"1 h 30 min", 90},
                 {"2h", 120},    {"", 0},          {"soon", 0},     {"0", 0},
                 {"1:2:3:4", 0}, {"PT", 0},        {"999:00", 0},   {"10;20", 0},
                 {":30", 0}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; ++i) {
        uint32_t   ms;
        const bool understood = mu_osm_parse_duration(CASES[i].text, &ms);
        if (understood != (CASES[i].minutes > 0) ||
            (understood && ms != CASES[i].minutes * 60000) || (!understood && ms != MUSTER_NONE)) {
            fail_msg("\"%s\" gives %d, %u ms", CASES[i].text, understood, ms);
        }
    }
}

static void layers_are_held_within_a_byte(void **state) {
    (void)state;
    assert_int_equal(mu_osm_parse_layer("1"), 1);
    assert_int_equal(mu_osm_parse_layer("-2"), -2);
    assert_int_equal(mu_osm_parse_layer(" +3 "), 3);
    assert_int_equal(mu_osm_parse_layer("1;2"), 1);
    assert_int_equal(mu_osm_parse_layer("99999999999999999999"), 127);
    assert_int_equal(mu_osm_parse_layer("-300"), -128);
    assert_int_equal(mu_osm_parse_layer("roof"), 0);
}

/* ---- ways -------------------------------------------------------------------------------- */

typedef struct way_case {
    const char     *pairs[6];
    mu_osm_way_kind kind;
    int             road_class, forward, backward; /* looked at for roads only */
} way_case;

static void check_ways(const way_case *cases, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        const way_case       *c = &cases[i];
        tag_list              list;
        mu_osm_road           road = {0};
        const mu_osm_way_kind kind = mu_osm_classify_way(make_tags(&list, c->pairs), &road);
        const bool            right =
            kind == c->kind && (kind != MU_OSM_ROAD || (road.road_class == c->road_class &&
                                                        road.access_forward == c->forward &&
                                                        road.access_backward == c->backward));
        if (!right) {
            fail_msg("%s %s %s: kind %d class %d access %d/%d; expected %d %d %d/%d", c->pairs[0],
                     c->pairs[1] ? c->pairs[1] : "", c->pairs[2] ? c->pairs[2] : "", kind,
                     road.road_class, road.access_forward, road.access_backward, c->kind,
                     c->road_class, c->forward, c->backward);
        }
    }
}

#define CHECK_WAYS(cases) check_ways(cases, sizeof(cases) / sizeof(cases)[0])

static void roads_are_told_from_what_is_no_road(void **state) {
    (void)state;
    static const way_case CASES[] = {
        {{"highway=residential"}, MU_OSM_ROAD, MUSTER_ROAD_RESIDENTIAL, ALL, ALL},
        {{"highway=service", "service=parking_aisle"}, MU_OSM_ROAD, MUSTER_ROAD_SERVICE, ALL, ALL},
        {{"highway=track"}, MU_OSM_ROAD, MUSTER_ROAD_TRACK, ALL, ALL},
        {{"highway=road"}, MU_OSM_ROAD, MUSTER_ROAD_ROAD, ALL, ALL},
        {{"highway=busway"}, MU_OSM_ROAD, MUSTER_ROAD_SERVICE, E, E},
        {{"highway=pedestrian"}, MU_OSM_ROAD, MUSTER_ROAD_SERVICE, E, E},
        {{"highway=pedestrian", "area=yes"}, MU_OSM_AREA, 0, 0, 0},
        {{"highway=service", "service=emergency_access"}, MU_OSM_ROAD, MUSTER_ROAD_SERVICE, E, E},
        {{"highway=steps"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=steps", "emergency=yes"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=footway"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=path"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=cycleway"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=construction"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=proposed"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=platform"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"highway=ferry"}, MU_OSM_NOT_ROAD, 0, 0, 0},
        {{"building=yes"}, MU_OSM_NOT_ROAD, 0, 0, 0}};
    CHECK_WAYS(CASES);
}

static void access_is_read_from_the_most_special_tag(void **state) {
    (void)state;
    enum { R = MUSTER_ROAD_RESIDENTIAL };
    static const way_case CASES[] = {
        {{"highway=residential", "access=private"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "access=no"}, MU_OSM_NO_ACCESS, 0, 0, 0},
        {{"highway=residential", "access=no", "emergency=yes"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "access=no", "motor_vehicle=yes"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "access=no", "psv=yes"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "motor_vehicle=no"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "motor_vehicle=destination"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "vehicle=agricultural;forestry"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "vehicle=agricultural;destination"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "hgv=no"}, MU_OSM_ROAD, R, L | E, L | E},
        {{"highway=residential", "access=no", "hgv=designated"}, MU_OSM_ROAD, R, H | E, H | E},
        {{"highway=residential", "motorcar=no"}, MU_OSM_ROAD, R, H | E, H | E},
        {{"highway=residential", "emergency=no"}, MU_OSM_ROAD, R, L | H, L | H},
        {{"highway=residential", "hgv:backward=no"}, MU_OSM_ROAD, R, ALL, L | E},
        {{"highway=residential", "access=moonlight"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "motor_vehicle:conditional=no @ (22:00-06:00)"},
         MU_OSM_ROAD,
         R,
         ALL,
         ALL},
        {{"highway=pedestrian", "motor_vehicle=yes"}, MU_OSM_ROAD, MUSTER_ROAD_SERVICE, ALL, ALL},
        {{"highway=busway", "access=no", "bus=designated"},
         MU_OSM_ROAD,
         MUSTER_ROAD_SERVICE,
         E,
         E}};
    CHECK_WAYS(CASES);
}

static void a_one_way_street_opens_backward_to_blue_lights_at_a_penalty(void **state) {
    (void)state;
    enum { R = MUSTER_ROAD_RESIDENTIAL };
    static const way_case CASES[] = {
        {{"highway=residential", "oneway=yes"}, MU_OSM_ROAD, R, ALL, CONTRA},
        {{"highway=residential", "oneway=1"}, MU_OSM_ROAD, R, ALL, CONTRA},
        {{"highway=residential", "oneway=-1"}, MU_OSM_ROAD, R, CONTRA, ALL},
        {{"highway=residential", "oneway=reverse"}, MU_OSM_ROAD, R, CONTRA, ALL},
        {{"highway=residential", "oneway=no"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "oneway=alternating"}, MU_OSM_ROAD, R, ALL, ALL},
        {{"highway=residential", "oneway=reversible"}, MU_OSM_ROAD, R, E, E},
        {{"highway=residential", "oneway=yes", "oneway:emergency=no"}, MU_OSM_ROAD, R, ALL, E},
        {{"highway=residential", "oneway=yes", "oneway:bus=no"}, MU_OSM_ROAD, R, ALL, E},
        {{"highway=residential", "oneway:motor_vehicle=yes"}, MU_OSM_ROAD, R, ALL, CONTRA},
        {{"highway=residential", "vehicle:backward=no"}, MU_OSM_ROAD, R, ALL, CONTRA},
        {{"highway=residential", "motor_vehicle:forward=no"}, MU_OSM_ROAD, R, CONTRA, ALL},
        {{"highway=residential", "oneway=yes", "emergency=no"}, MU_OSM_ROAD, R, L | H, 0},
        {{"highway=residential", "junction=roundabout"}, MU_OSM_ROAD, R, ALL, 0},
        {{"highway=residential", "junction=circular"}, MU_OSM_ROAD, R, ALL, 0},
        {{"highway=motorway"}, MU_OSM_ROAD, MUSTER_ROAD_MOTORWAY, ALL, 0},
        {{"highway=motorway_link"}, MU_OSM_ROAD, MUSTER_ROAD_MOTORWAY_LINK, ALL, 0},
        {{"highway=motorway", "oneway=no"}, MU_OSM_ROAD, MUSTER_ROAD_MOTORWAY, ALL, ALL},
        {{"highway=trunk"}, MU_OSM_ROAD, MUSTER_ROAD_TRUNK, ALL, ALL},
        {{"highway=trunk", "oneway=yes"}, MU_OSM_ROAD, MUSTER_ROAD_TRUNK, ALL, 0}};
    CHECK_WAYS(CASES);
}

static void ferries_take_vehicles_unless_they_take_people_only(void **state) {
    (void)state;
    enum { F = MUSTER_ROAD_FERRY };
    static const way_case CASES[] = {
        {{"route=ferry"}, MU_OSM_ROAD, F, ALL, ALL},
        {{"route=ferry", "motor_vehicle=no"}, MU_OSM_NO_ACCESS, 0, 0, 0},
        {{"route=ferry", "foot=yes", "bicycle=yes"}, MU_OSM_NO_ACCESS, 0, 0, 0},
        {{"route=ferry", "foot=yes", "motor_vehicle=yes"}, MU_OSM_ROAD, F, ALL, ALL},
        {{"route=ferry", "motorcar=yes", "hgv=no"}, MU_OSM_ROAD, F, L | E, L | E},
        {{"route=ferry", "motor_vehicle=no", "emergency=yes"}, MU_OSM_ROAD, F, E, E}};
    CHECK_WAYS(CASES);
}

static mu_osm_road road_of(const mu_osm_tags *tags) {
    mu_osm_road road;
    assert_int_equal(mu_osm_classify_way(tags, &road), MU_OSM_ROAD);
    return road;
}

static void speeds_may_differ_by_direction(void **state) {
    (void)state;
    tag_list    list;
    mu_osm_road road =
        road_of(TAGS(list, "highway=primary", "maxspeed=70", "maxspeed:backward=50"));
    assert_true(road.speed_forward_kmh == 70.0f && road.speed_backward_kmh == 50.0f);
    road = road_of(TAGS(list, "highway=primary", "source:maxspeed=DE:urban"));
    assert_true(road.speed_forward_kmh == 50.0f && road.speed_backward_kmh == 50.0f);
    road = road_of(TAGS(list, "highway=primary", "maxspeed=60", "maxspeed:type=CN:urban"));
    assert_true(road.speed_forward_kmh == 60.0f);
    assert_null(mu_osm_unreadable_speed(TAGS(list, "highway=primary", "source:maxspeed=sign")));
    assert_string_equal(mu_osm_unreadable_speed(TAGS(list, "maxspeed=brisk")), "brisk");
    assert_string_equal(mu_osm_unreadable_speed(TAGS(list, "maxspeed:forward=x")), "x");
}

static void structures_and_limits_are_kept(void **state) {
    (void)state;
    tag_list    list;
    mu_osm_road road =
        road_of(TAGS(list, "highway=primary", "bridge=viaduct", "layer=2", "maxheight=4",
                     "maxheight:physical=3.9", "maxweight=20", "maxweightrating=7.5"));
    assert_int_equal(road.flags, MUSTER_EDGE_BRIDGE);
    assert_int_equal(road.layer, 2);
    assert_float_equal(road.maxheight_m, 3.9, 1e-6);
    assert_float_equal(road.maxweight_t, 7.5, 1e-6);
    assert_int_equal(road_of(TAGS(list, "highway=primary", "tunnel=yes")).flags,
                     MUSTER_EDGE_TUNNEL);
    assert_int_equal(road_of(TAGS(list, "highway=primary", "tunnel=culvert")).flags, 0);
    assert_int_equal(road_of(TAGS(list, "highway=primary", "tunnel=no", "bridge=no")).flags, 0);
    assert_int_equal(road_of(TAGS(list, "highway=primary", "covered=yes")).flags, 0);
    assert_int_equal(road_of(TAGS(list, "highway=primary", "duration=1:00")).duration_ms,
                     MUSTER_NONE);
    assert_int_equal(road_of(TAGS(list, "route=ferry", "duration=1:00")).duration_ms, 3600000);
}

static void the_name_is_utf8_or_else_the_number(void **state) {
    (void)state;
    tag_list list;
    assert_string_equal(mu_osm_way_name(TAGS(list, "ref=G60", "name=中山路")), "中山路");
    assert_string_equal(mu_osm_way_name(TAGS(list, "ref=G60", "name=")), "G60");
    assert_string_equal(mu_osm_way_name(TAGS(list, "name=\xFF\xFE", "ref=G60")), "G60");
    assert_string_equal(mu_osm_way_name(TAGS(list, "name=\xED\xA0\x80", "ref=S1")), "S1");
    assert_null(mu_osm_way_name(TAGS(list, "highway=primary")));
}

/* ---- nodes and relations ------------------------------------------------------------------- */

static int barrier_bits(const mu_osm_tags *tags) {
    mu_osm_barrier barrier;
    return mu_osm_classify_barrier(tags, &barrier) ? barrier.access : -1;
}

static void barriers_let_through_whom_their_tags_say(void **state) {
    (void)state;
    tag_list list;
    assert_int_equal(barrier_bits(TAGS(list, "highway=crossing")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=toll_booth")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "access=private")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "access=no")), 0);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "access=no", "emergency=yes")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=lift_gate", "hgv=no")), L | E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bollard")), 0);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bollard", "motor_vehicle=no")), 0);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bollard", "bollard=rising")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bollard", "emergency=yes")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bollard", "access=yes")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=block", "access=private")), 0);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=bus_trap")), H | E);
    mu_osm_barrier beam;
    assert_true(
        mu_osm_classify_barrier(TAGS(list, "barrier=height_restrictor", "maxheight=2.1"), &beam));
    assert_int_equal(beam.access, ALL);
    assert_float_equal(beam.maxheight_m, 2.1, 1e-6);
}

static void emergency_gates_open_to_blue_lights_only(void **state) {
    (void)state;
    tag_list list;
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "access=emergency")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "motor_vehicle=emergency")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "emergency=yes")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=lift_gate", "emergency=designated")), E);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "emergency=yes", "access=yes")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "emergency=yes", "hgv=yes")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "emergency=no")), L | H);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "emergency=fire_hydrant")), -1);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=toll_booth", "emergency=yes")), -1);
}

static float barrier_maxwidth(const mu_osm_tags *tags) {
    mu_osm_barrier barrier = {0};
    (void)mu_osm_classify_barrier(tags, &barrier);
    return barrier.maxwidth_m;
}

static void widths_limit_on_signs_and_in_gates(void **state) {
    (void)state;
    tag_list list;
    assert_float_equal(road_of(TAGS(list, "highway=service", "maxwidth=2.2 m")).maxwidth_m, 2.2,
                       1e-6);
    assert_float_equal(road_of(TAGS(list, "highway=service", "maxwidth=6'6\"")).maxwidth_m, 1.9812,
                       1e-6);
    assert_float_equal(
        road_of(TAGS(list, "highway=service", "maxwidth=2,5", "maxwidth:physical=2.1")).maxwidth_m,
        2.1, 1e-6);
    assert_float_equal(road_of(TAGS(list, "highway=service", "width=3")).maxwidth_m, 0, 0);
    assert_float_equal(road_of(TAGS(list, "highway=service", "maxwidth=wide")).maxwidth_m, 0, 0);
    assert_float_equal(barrier_maxwidth(TAGS(list, "barrier=gate", "width=2.4")), 2.4, 1e-6);
    assert_float_equal(barrier_maxwidth(TAGS(list, "barrier=width_restrictor", "maxwidth=6'6\"")),
                       1.9812, 1e-6);
    assert_float_equal(barrier_maxwidth(TAGS(list, "barrier=bollard", "width=0.6")), 0, 0);
    assert_int_equal(barrier_bits(TAGS(list, "barrier=gate", "width=2.4")), ALL);
}

static void turn_restrictions_tell_kind_and_exceptions(void **state) {
    (void)state;
    tag_list list;
    uint8_t  kind = 9, except = 9;
    assert_int_equal(mu_osm_classify_turn(TAGS(list, "type=route"), &kind, &except),
                     MU_OSM_NO_TURN);
    assert_int_equal(mu_osm_classify_turn(TAGS(list, "type=restriction", "restriction=no_left_turn",
                                               "except=psv;emergency"),
                                          &kind, &except),
                     MU_OSM_TURN);
    assert_int_equal(kind, MUSTER_RESTRICTION_NO);
    assert_int_equal(except, E);
    assert_int_equal(
        mu_osm_classify_turn(TAGS(list, "type=restriction", "restriction:hgv=only_straight_on"),
                             &kind, &except),
        MU_OSM_TURN);
    assert_int_equal(kind, MUSTER_RESTRICTION_ONLY);
    assert_int_equal(except, L | E);
    const char *const unfit[] = {"restriction=maybe", "restriction:bicycle=no_left_turn",
                                 "restriction:conditional=no_left_turn @ (07:00-09:00)"};
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; ++i) {
        assert_int_equal(
            mu_osm_classify_turn(TAGS(list, "type=restriction", unfit[i]), &kind, &except),
            MU_OSM_TURN_UNFIT);
    }
    assert_int_equal(mu_osm_classify_turn(TAGS(list, "type=restriction", "restriction=no_left_turn",
                                               "hour_on=07:00", "hour_off=09:00"),
                                          &kind, &except),
                     MU_OSM_TURN_UNFIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speeds_are_read_as_mappers_write_them),
        cmocka_unit_test(speeds_by_law_are_known_by_country_and_kind),
        cmocka_unit_test(what_is_no_speed_is_not_understood),
        cmocka_unit_test(heights_are_read_in_metres_and_feet),
        cmocka_unit_test(weights_are_read_in_tonnes_kilograms_and_pounds),
        cmocka_unit_test(durations_are_read_as_clock_or_units),
        cmocka_unit_test(layers_are_held_within_a_byte),
        cmocka_unit_test(roads_are_told_from_what_is_no_road),
        cmocka_unit_test(access_is_read_from_the_most_special_tag),
        cmocka_unit_test(a_one_way_street_opens_backward_to_blue_lights_at_a_penalty),
        cmocka_unit_test(ferries_take_vehicles_unless_they_take_people_only),
        cmocka_unit_test(speeds_may_differ_by_direction),
        cmocka_unit_test(structures_and_limits_are_kept),
        cmocka_unit_test(the_name_is_utf8_or_else_the_number),
        cmocka_unit_test(barriers_let_through_whom_their_tags_say),
        cmocka_unit_test(emergency_gates_open_to_blue_lights_only),
        cmocka_unit_test(widths_limit_on_signs_and_in_gates),
        cmocka_unit_test(turn_restrictions_tell_kind_and_exceptions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
