/* Hazards as data: what files may say and get wrong, what is repaired and said, who is inside, and what
 * becomes of roads. Shapes are compared with geometry of the test's own. */
#include <muster/hazard.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/geodesic.h"
#include "gis/memory.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"
#include "tests/support/test_folder.h"

static const int64_t T0 = 1782887400; /* 2026-07-01T06:30:00Z */

static muster_hazards *new_set(void) {
    muster_hazards *set;
    assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
    return set;
}

static const char *file_of(const char *text) {
    const char *path = path_of("h.geojson");
    write_text(path, text);
    return path;
}

static const char *with_features(const char *features) {
    static char text[1 << 16];
    snprintf(text, sizeof text, "{\"type\": \"FeatureCollection\", \"features\": [%s]}", features);
    return file_of(text);
}

static const char *feature(const char *type, const char *coordinates, const char *properties) {
    static char text[1 << 15];
    snprintf(text, sizeof text,
             "{\"type\": \"Feature\", \"geometry\": {\"type\": \"%s\", \"coordinates\": %s}, "
             "\"properties\": {%s}}",
             type, coordinates, properties);
    return text;
}

static muster_hazards *read_one(const char *type, const char *coordinates, const char *properties) {
    muster_hazards *set = new_set();
    assert_int_equal(
        muster_hazards_add_geojson(set, with_features(feature(type, coordinates, properties))),
        MUSTER_OK);
    return set;
}

static void refused(const char *type, const char *coordinates, const char *properties,
                    const char *message) {
    muster_hazards *set = new_set();
    assert_int_equal(
        muster_hazards_add_geojson(set, with_features(feature(type, coordinates, properties))),
        MUSTER_E_INVALID);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), message);
    }
    muster_hazards_free(set);
}

static const muster_hazard *only(const muster_hazards *set) {
    uint32_t             count;
    const muster_hazard *list = muster_hazards_list(set, &count);
    assert_int_equal(count, 1);
    return list;
}

static const char SQUARE[] =
    "[[[120.7, 30.7], [120.8, 30.7], [120.8, 30.8], [120.7, 30.8], [120.7, 30.7]]]";

/* ---- reading --------------------------------------------------------------------------- */

static void a_flood_is_read_with_all_that_is_said_of_it(void **state) {
    (void)state;
    muster_hazards *set = read_one(
        "Polygon", SQUARE,
        "\"kind\": \"flood\", \"code\": \"F-1\", \"name\": \"南湖街道积水\", \"depth_m\": 0.45, "
        "\"severity\": \"severe\", \"urgency\": \"immediate\", \"certainty\": \"observed\", "
        "\"starts_at\": \"2026-07-01T14:30:00+08:00\", \"ends_at\": \"2026-07-01T12:30:00Z\", "
        "\"styled_by\": [1]");
    const muster_hazard *h = only(set);
    assert_string_equal(h->code, "F-1");
    assert_string_equal(h->name, "南湖街道积水");
    assert_int_equal(h->kind, MUSTER_HAZARD_FLOOD);
    assert_int_equal(h->severity, MUSTER_SEVERE);
    assert_int_equal(h->urgency, MUSTER_URGENCY_IMMEDIATE);
    assert_int_equal(h->certainty, MUSTER_CERTAINTY_OBSERVED);
    assert_true(h->depth_m == 0.45 && isnan(h->speed_factor));
    assert_true(h->starts_at_s == T0 && h->ends_at_s == T0 + 6 * 3600);
    assert_int_equal(h->area.polygon_count, 1);
    assert_true(muster_hazard_contains(h, 120.75, 30.75));
    assert_false(muster_hazard_contains(h, 120.85, 30.75));
    uint32_t notes;
    (void)muster_hazards_notes(set, &notes);
    assert_int_equal(notes, 0);
    muster_hazards_free(set);
}

static void what_a_file_gets_wrong_is_named_with_its_feature(void **state) {
    (void)state;
    refused("Polygon", SQUARE, "\"kind\": \"fire\"", "feature 1: kind is \"fire\"; expected flood");
    refused("Polygon", SQUARE, "\"depth_m\": 1", "kind is missing");
    refused("Polygon", SQUARE, "\"kind\": \"flood\", \"depth_m\": -1", "depth_m is -1");
    refused("Polygon", SQUARE, "\"kind\": \"flood\", \"depth_m\": \"1\"", "depth_m is \"1\"");
    refused("Polygon", SQUARE, "\"kind\": \"flood\", \"severity\": \"bad\"", "severity is \"bad\"");
    refused("Polygon", SQUARE, "\"kind\": \"flood\", \"starts_at\": \"2026-07-01\"",
            "starts_at is \"2026-07-01\"");
    refused("Polygon", SQUARE,
            "\"kind\": \"flood\", \"code\": \"水\", \"starts_at\": \"2026-07-01T08:00:00Z\", "
            "\"ends_at\": \"2026-07-01T08:00:00Z\"",
            "hazard '水'");
    refused("Polygon", "[[[30.7, 120.7], [30.8, 120.7], [30.8, 120.8]]]", "\"kind\": \"flood\"",
            "a position is [30.7,120.7]");
    refused("Polygon", "[[[120.7, 30.7], [120.8, 30.8]]]", "\"kind\": \"flood\"",
            "ring 0 has 2 points");
    refused("Polygon", "[[[120.7, 30.7], [120.8, null], [120.7, 30.8]]]", "\"kind\": \"flood\"",
            "a position is [120.8,null]");
    refused("Point", "[120.7, 30.7]", "\"kind\": \"flood\"", "a flood has the geometry \"Point\"");
    refused("LineString", "[[120.7, 30.7]]", "\"kind\": \"closure\"", "line 0 with 1 points");
    refused("Polygon", SQUARE, "\"kind\": \"wind\"", "neither wind_force nor speed_factor");
    refused("Point", "[120.7, 30.7]", "\"kind\": \"plume\", \"distance_m\": 500",
            "no wind_from_deg");
    refused("Point", "[120.7, 30.7]",
            "\"kind\": \"plume\", \"distance_m\": 500, \"wind_from_deg\": 45",
            "neither stability nor half_angle_deg");
    refused("Point", "[120.7, 30.7]",
            "\"kind\": \"plume\", \"distance_m\": 5, \"wind_from_deg\": 45, \"stability\": \"G\"",
            "stability is \"G\"");
    refused("LineString", "[[120.7, 30.7], [120.8, 30.7]]",
            "\"kind\": \"typhoon\", \"track\": [{}]",
            "track has 1 entries and the geometry 2 points");
    refused("LineString", "[[120.7, 30.7]]", "\"kind\": \"typhoon\", \"track\": [{}]",
            "point 1 of the track has no \"at\"");
}

static void a_file_that_is_none_is_refused(void **state) {
    (void)state;
    muster_hazards *set = new_set();
    assert_int_equal(muster_hazards_add_geojson(set, path_of("none")), MUSTER_E_IO);
    assert_int_equal(muster_hazards_add_geojson(set, file_of("{\"type\": 3}")), MUSTER_E_FORMAT);
    assert_int_equal(muster_hazards_add_geojson(set, file_of("{")), MUSTER_E_FORMAT);
    assert_non_null(strstr(muster_error_message(), "line 1"));
    muster_hazards_free(set);
}

static void codes_are_unique_in_a_set(void **state) {
    (void)state;
    muster_hazards *set  = read_one("Polygon", SQUARE, "\"kind\": \"flood\", \"code\": \"A\"");
    const char     *path = path_of("h.geojson");
    assert_int_equal(muster_hazards_add_geojson(set, path), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "has the code of another"));
    assert_string_equal(only(set)->code, "A");
    muster_hazards_free(set);
}

/* ---- repair ---------------------------------------------------------------------------- */

static const muster_hazard_note *only_note(const muster_hazards *set) {
    uint32_t                  count;
    const muster_hazard_note *note = muster_hazards_notes(set, &count);
    assert_int_equal(count, 1);
    return note;
}

static void a_bow_tie_is_repaired_and_that_is_said(void **state) {
    (void)state;
    muster_hazards *set =
        read_one("Polygon", "[[[120.7, 30.7], [120.8, 30.8], [120.8, 30.7], [120.7, 30.8]]]",
                 "\"kind\": \"flood\", \"code\": \"蝴蝶结\"");
    const muster_hazard      *h    = only(set);
    const muster_hazard_note *note = only_note(set);
    assert_int_equal(note->kind, MUSTER_NOTE_REPAIRED);
    assert_int_equal(note->hazard, 0);
    assert_non_null(strstr(note->text, "hazard '蝴蝶结' from"));
    assert_non_null(strstr(note->text, "Self-intersection at 120.750000,30.750000"));
    assert_int_equal(h->area.polygon_count, 2);
    assert_true(note->before_m2 < 1e6 && note->after_m2 > 5e7); /* two lobes, turning both ways */
    assert_true(note->after_m2 == h->area.area_m2);
    assert_true(muster_hazard_contains(h, 120.71, 30.75) &&
                muster_hazard_contains(h, 120.79, 30.75));
    assert_false(muster_hazard_contains(h, 120.75, 30.79));
    muster_hazards_free(set);
}

static void where_parts_overlap_is_inside_and_no_hole(void **state) {
    (void)state;
    muster_hazards *set = read_one(
        "MultiPolygon",
        "[[[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]], [[[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]]",
        "\"kind\": \"flood\"");
    const muster_hazard *h = only(set);
    assert_int_equal(only_note(set)->kind, MUSTER_NOTE_REPAIRED);
    assert_int_equal(h->area.polygon_count, 1);
    assert_true(muster_hazard_contains(h, 1.5, 1.5));
    assert_true(muster_hazard_contains(h, 0.5, 0.5) && muster_hazard_contains(h, 2.5, 2.5));
    muster_hazards_free(set);
}

static void holes_stay_holes(void **state) {
    (void)state;
    muster_hazards *set = read_one(
        "Polygon",
        "[[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]",
        "\"kind\": \"plume\"");
    const muster_hazard *h = only(set);
    assert_int_equal(h->area.first_ring[1], 2);
    assert_false(muster_hazard_contains(h, 2, 2));
    assert_true(muster_hazard_contains(h, 0.5, 2));
    muster_hazards_free(set);
}

static void what_encloses_nothing_is_left_out_and_that_is_said(void **state) {
    (void)state;
    static const char *const EMPTY[][2] = {{"Polygon", "[]"},
                                           {"Polygon", "[[]]"},
                                           {"MultiPolygon", "[]"},
                                           {"Polygon", "[[[1, 1], [1, 1], [1, 1], [1, 1]]]"},
                                           {"Polygon", "[[[1, 1], [2, 2], [3, 3], [1, 1]]]"}};
    for (size_t i = 0; i < sizeof EMPTY / sizeof *EMPTY; ++i) {
        muster_hazards *set = read_one(EMPTY[i][0], EMPTY[i][1], "\"kind\": \"flood\"");
        uint32_t        count;
        (void)muster_hazards_list(set, &count);
        assert_int_equal(count, 0);
        assert_int_equal(only_note(set)->kind, MUSTER_NOTE_LEFT_OUT);
        assert_int_equal(only_note(set)->hazard, MUSTER_NONE);
        assert_non_null(strstr(only_note(set)->text, "encloses nothing"));
        muster_hazards_free(set);
    }
}

static void an_area_over_the_180th_meridian_is_cut_there(void **state) {
    (void)state;
    muster_hazards *set =
        read_one("Polygon", "[[[179, -17], [-178, -17], [-178, -16], [179, -16], [179, -17]]]",
                 "\"kind\": \"flood\"");
    const muster_hazard *h = only(set);
    assert_int_equal(only_note(set)->kind, MUSTER_NOTE_CUT);
    assert_int_equal(h->area.polygon_count, 2);
    assert_true(muster_hazard_contains(h, 179.5, -16.5));
    assert_true(muster_hazard_contains(h, -179.5, -16.5) &&
                muster_hazard_contains(h, -178.5, -16.5));
    assert_false(muster_hazard_contains(h, 178.5, -16.5) || muster_hazard_contains(h, 0, -16.5));
    for (uint32_t p = 0; p < h->area.first_point[h->area.first_ring[2]]; ++p) {
        assert_true(fabs(h->area.lon_deg[p]) <= 180);
    }
    muster_hazards_free(set);
}

static void a_ring_round_a_pole_is_refused(void **state) {
    (void)state;
    refused("Polygon", "[[[0, 80], [120, 80], [-120, 80], [0, 80]]]", "\"kind\": \"flood\"",
            "goes round a pole");
}

static void a_line_over_the_180th_meridian_is_cut_there(void **state) {
    (void)state;
    muster_hazards *set = read_one("LineString", "[[179, 0], [-179, 2]]", "\"kind\": \"closure\"");
    const muster_hazard *h = only(set);
    assert_int_equal(only_note(set)->kind, MUSTER_NOTE_CUT);
    assert_int_equal(h->lines.line_count, 2);
    assert_true(h->lines.lon_deg[1] == 180 && h->lines.lat_deg[1] == 1);
    assert_true(h->lines.lon_deg[2] == -180 && h->lines.lat_deg[2] == 1);
    muster_hazards_free(set);
}

static void a_closure_is_lines_points_edges_and_an_area_at_once(void **state) {
    (void)state;
    static const double   LON[] = {120, 121, 121}, LAT[] = {30, 30, 31};
    static const uint32_t RINGS[] = {0, 1}, POINTS[] = {0, 3}, LINES[] = {0, 2, 3 + 1};
    static const double   LINE_LON[] = {1, 2, 3, 4}, LINE_LAT[] = {5, 6, 7, 8};
    const int64_t         edges[] = {-3, 7};
    muster_hazards       *set     = new_set(), *at;
    muster_hazard         h       = MUSTER_HAZARD_INIT;
    h.code = "C", h.kind = MUSTER_HAZARD_CLOSURE;
    h.area       = (muster_multipolygon){1, RINGS, POINTS, LON, LAT, 0};
    h.lines      = (muster_lines){2, LINES, LINE_LON, LINE_LAT};
    h.points     = (muster_points){3, LON, LAT};
    h.edge_count = 2, h.edge_id = edges;
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_OK);
    assert_int_equal(muster_hazards_at(&at, set, T0), MUSTER_OK);
    muster_hazards_free(set);
    const muster_hazard *copy = only(at);
    assert_int_equal(copy->area.polygon_count, 1);
    assert_int_equal(copy->lines.line_count, 2);
    assert_true(copy->lines.lon_deg[3] == 4);
    assert_int_equal(copy->points.point_count, 3);
    assert_true(copy->points.lat_deg[2] == 31);
    assert_true(copy->edge_count == 2 && copy->edge_id[0] == -3 && copy->edge_id[1] == 7);
    muster_hazards_free(at);
}

static void roads_are_of_closures_alone_and_outlive_an_area_of_nothing(void **state) {
    (void)state;
    static const double   LON[] = {120, 121, 120}, LAT[] = {30, 30, 30};
    static const uint32_t RINGS[] = {0, 1}, POINTS[] = {0, 3};
    const int64_t         edge = 7;
    muster_hazards       *set  = new_set();
    muster_hazard         h    = MUSTER_HAZARD_INIT;
    h.code = "C", h.kind = MUSTER_HAZARD_FLOOD, h.edge_count = 1, h.edge_id = &edge;
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "hazard 'C' has lines, points or edges; expected them of a closure alone");
    h.kind = MUSTER_HAZARD_CLOSURE;
    h.area = (muster_multipolygon){1, RINGS, POINTS, LON, LAT, 0};
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_OK);
    assert_int_equal(only(set)->edge_count, 1);
    assert_int_equal(only_note(set)->kind, MUSTER_NOTE_LEFT_OUT);
    assert_int_equal(only_note(set)->hazard, 0);
    h.code = "P", h.edge_count = 0, h.area.polygon_count = 0;
    h.points = (muster_points){1, &(double){181}, LAT};
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "hazard 'P' has point 0 at 181,30"));
    muster_hazards_free(set);
}

static void closures_of_points_and_edges_are_read(void **state) {
    (void)state;
    muster_hazards *set = read_one("MultiPoint", "[[120, 30], [121, 31]]",
                                   "\"kind\": \"closure\", \"edges\": [5, -6]");
    assert_int_equal(only(set)->points.point_count, 2);
    assert_true(only(set)->edge_count == 2 && only(set)->edge_id[1] == -6);
    muster_hazards_free(set);
    set = new_set();
    assert_int_equal(
        muster_hazards_add_geojson(set, with_features("{\"type\": \"Feature\", \"geometry\": null, "
                                                      "\"properties\": {\"kind\": \"closure\", "
                                                      "\"edges\": [5]}}")),
        MUSTER_OK);
    assert_int_equal(only(set)->edge_count, 1);
    muster_hazards_free(set);
    refused("Point", "[120, 30]", "\"kind\": \"closure\", \"edges\": 5",
            "edges is 5; expected a list of edge ids");
    refused("Point", "[120, 30]", "\"kind\": \"closure\", \"edges\": [5, 1.5]",
            "edges is 1.5; expected whole numbers");
    refused("MultiPoint", "[]", "\"kind\": \"closure\"", "there are no points in it");
    refused("Point", "[120]", "\"kind\": \"closure\"", "a position is [120]");
    refused("GeometryCollection", "[]", "\"kind\": \"closure\"", "or edges");
}

static void a_ring_of_many_points_is_read(void **state) {
    (void)state;
    enum { POINTS = 200000 };
    double       *lon = test_malloc(POINTS * sizeof *lon), *lat = test_malloc(POINTS * sizeof *lat);
    muster_hazard h = MUSTER_HAZARD_INIT;
    for (int i = 0; i < POINTS; ++i) {
        const double angle = 6.283185307179586 * i / POINTS;
        lon[i]             = 120 + (1 + 0.01 * (i % 2)) * cos(angle);
        lat[i]             = 30 + (1 + 0.01 * (i % 2)) * sin(angle);
    }
    const uint32_t  first_ring[] = {0, 1}, first_point[] = {0, POINTS};
    muster_hazards *set = new_set();
    h.code = "huge", h.kind = MUSTER_HAZARD_FLOOD;
    h.area = (muster_multipolygon){1, first_ring, first_point, lon, lat, 0};
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_OK);
    assert_true(muster_hazard_contains(only(set), 120, 30));
    muster_hazards_free(set);
    test_free(lon);
    test_free(lat);
}

/* ---- moments --------------------------------------------------------------------------- */

static void moments_are_read_with_any_offset_and_written_in_utc(void **state) {
    (void)state;
    char    text[MUSTER_MOMENT_BYTES];
    int64_t s;
    assert_true(muster_moment_parse("2026-07-01T06:30:00Z", &s) && s == T0);
    assert_true(muster_moment_parse("2026-07-01T14:30:00+08:00", &s) && s == T0);
    assert_true(muster_moment_parse("2026-07-01T06:30:00-00:00", &s) && s == T0);
    assert_true(muster_moment_parse("2026-06-30T20:15:00-10:15", &s) && s == T0);
    assert_string_equal(muster_moment_text(text, T0), "2026-07-01T06:30:00Z");
    assert_string_equal(muster_moment_text(text, MUSTER_MOMENT_LAST), "-");
    assert_string_equal(muster_moment_text_by(text, T0, 480), "2026-07-01T14:30:00+08:00");
    assert_string_equal(muster_moment_text_by(text, T0, -615), "2026-06-30T20:15:00-10:15");
    assert_string_equal(muster_moment_text_by(text, T0, 0), "2026-07-01T06:30:00Z");
    assert_string_equal(muster_moment_text_by(text, T0, 900), "-");
    assert_string_equal(muster_moment_text_by(text, T0, INT32_MIN), "-");
    assert_string_equal(muster_moment_text_by(text, MUSTER_MOMENT_LAST, 480), "-");
    assert_string_equal(muster_moment_text_by(text, INT64_C(253402300799), 1), "-");
    static const char *const WRONG[] = {"",
                                        "2026-07-01",
                                        "2026-07-01T06:30:00",
                                        "2026-07-01T06:30:00+8:00",
                                        "2026-07-01T06:30:00+15:00",
                                        "2026-07-01T06:30:00+08:60",
                                        "2026-07-01T06:30:00+08:00 ",
                                        "2026-02-30T06:30:00+08:00"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        assert_false(muster_moment_parse(WRONG[i], &s));
    }
    uint64_t rng = 5;
    for (int i = 0; i < 20000; ++i) {
        const int64_t moment =
            INT64_C(-62135596800) + (int64_t)(random_unit(&rng) * 315537897600.0);
        assert_true(muster_moment_parse(muster_moment_text(text, moment), &s));
        assert_true(s == moment);
        const int32_t offset_min = (int32_t)(random_unit(&rng) * 1799) - 899;
        muster_moment_text_by(text, moment, offset_min);
        if (*text == '-') continue; /* before the year 1 by that clock, or after 9999 */
        assert_true(muster_moment_parse(text, &s));
        assert_true(s == moment);
    }
}

static void a_hazard_holds_from_its_start_up_to_its_end(void **state) {
    (void)state;
    muster_hazards      *set       = read_one("Polygon", SQUARE,
                                              "\"kind\": \"flood\", \"starts_at\": \"2026-07-01T06:30:00Z\", "
                                                         "\"ends_at\": \"2026-07-01T06:40:00Z\"");
    static const int64_t AFTER_S[] = {-1, 0, 599, 600};
    for (int i = 0; i < 4; ++i) {
        muster_hazards *at;
        uint32_t        count;
        assert_int_equal(muster_hazards_at(&at, set, T0 + AFTER_S[i]), MUSTER_OK);
        (void)muster_hazards_list(at, &count);
        assert_int_equal(count, i == 1 || i == 2);
        muster_hazards_free(at);
    }
    muster_hazards_free(set);
}

/* ---- typhoons -------------------------------------------------------------------------- */

static const char TRACK[] =
    "\"kind\": \"typhoon\", \"code\": \"2606\", \"name\": \"台风烟花\", \"severity\": \"extreme\", "
    "\"track\": [{\"at\": \"2026-07-01T06:30:00Z\", \"radius_7_km\": [300, 200, 100, 250], "
    "\"radius_10_km\": 80}, {\"at\": \"2026-07-01T12:30:00Z\", \"radius_7_km\": [100, 200, 100, "
    "250], \"radius_10_km\": 0, \"radius_12_km\": 0}]";

/* How far a wind reaches: the place itself told apart by quadrant, distances by PROJ. */
static bool blows_at(const muster_track_point *p, int circle, double lon, double lat) {
    const double away_m = mu_geodesic_m(p->lon_deg, p->lat_deg, lon, lat);
    const int    quadrant =
        lon >= p->lon_deg ? (lat >= p->lat_deg ? 0 : 1) : (lat >= p->lat_deg ? 3 : 2);
    return away_m <= p->radius_m[circle][quadrant];
}

static void winds_are_circles_by_quadrant_around_a_moving_centre(void **state) {
    (void)state;
    muster_hazards     *set = read_one("LineString", "[[122.5, 29.5], [121, 30.6]]", TRACK);
    muster_hazards     *at;
    uint32_t            count;
    const muster_track *track = muster_hazards_tracks(set, &count);
    muster_track_point  p;
    assert_int_equal(count, 1);
    assert_true(muster_track_at(track, T0 + 3 * 3600, &p));
    assert_true(fabs(mu_geodesic_m(122.5, 29.5, p.lon_deg, p.lat_deg) -
                     mu_geodesic_m(p.lon_deg, p.lat_deg, 121, 30.6)) < 0.001);
    assert_true(p.radius_m[0][0] == 200000 && p.radius_m[0][3] == 250000);
    assert_true(p.radius_m[1][2] == 40000 && p.radius_m[2][0] == 0);
    assert_int_equal(muster_hazards_at(&at, set, T0 + 3 * 3600), MUSTER_OK);
    const muster_hazard *wind = muster_hazards_list(at, &count);
    assert_int_equal(count, 2);
    assert_string_equal(wind[0].code, "2606/7");
    assert_string_equal(wind[1].code, "2606/10");
    assert_string_equal(wind[1].name, "台风烟花");
    assert_int_equal(wind[1].wind_force, 10);
    assert_int_equal(wind[0].severity, MUSTER_EXTREME);
    uint64_t rng    = 1;
    uint32_t inside = 0;
    for (int i = 0; i < 4000; ++i) {
        const double lon    = p.lon_deg + 6 * (random_unit(&rng) - 0.5);
        const double lat    = p.lat_deg + 5 * (random_unit(&rng) - 0.5);
        const double away_m = mu_geodesic_m(p.lon_deg, p.lat_deg, lon, lat);
        for (int c = 0; c < 2; ++c) {
            bool is_near_border = fabs(lon - p.lon_deg) < 0.03 || fabs(lat - p.lat_deg) < 0.03;
            for (int q = 0; q < 4; ++q) is_near_border |= fabs(away_m - p.radius_m[c][q]) < 100;
            if (is_near_border) continue;
            assert_int_equal(muster_hazard_contains(&wind[c], lon, lat), blows_at(&p, c, lon, lat));
            inside += blows_at(&p, c, lon, lat);
        }
    }
    assert_true(inside > 500);
    muster_hazards_free(at);
    assert_false(muster_track_at(track, T0 - 1, &p));
    assert_true(muster_track_at(track, T0 + 6 * 3600, &p) && p.lon_deg == 121);
    assert_false(muster_track_at(track, T0 + 6 * 3600 + 1, &p));
    muster_hazards_free(set);
}

static void a_storm_over_the_180th_meridian_moves_on(void **state) {
    (void)state;
    muster_hazards *set = read_one(
        "MultiPoint", "[[179, 20], [-179, 20]]",
        "\"kind\": \"typhoon\", \"track\": [{\"at\": \"2026-07-01T06:30:00Z\", \"radius_7_km\": 300},"
        "{\"at\": \"2026-07-01T12:30:00Z\", \"radius_7_km\": 300}]");
    muster_hazards *at;
    assert_int_equal(muster_hazards_at(&at, set, T0 + 3 * 3600), MUSTER_OK);
    assert_int_equal(only(at)->area.polygon_count, 2);
    assert_true(muster_hazard_contains(only(at), 178, 20) &&
                muster_hazard_contains(only(at), -178, 20));
    muster_hazards_free(at);
    muster_hazards_free(set);
}

static void a_track_is_in_order_of_time(void **state) {
    (void)state;
    refused("LineString", "[[122, 30], [121, 30]]",
            "\"kind\": \"typhoon\", \"track\": [{\"at\": \"2026-07-01T06:30:00Z\"}, "
            "{\"at\": \"2026-07-01T06:30:00Z\"}]",
            "point 1 at 2026-07-01T06:30:00Z, not after the point before");
    refused("LineString", "[[122, 30], [121, 30]]",
            "\"kind\": \"typhoon\", \"track\": [{\"at\": \"2026-07-01T06:30:00Z\", "
            "\"radius_7_km\": [1, 2, 3]}, {\"at\": \"2026-07-01T07:30:00Z\"}]",
            "radius_7_km is [1,2,3]");
}

/* ---- plumes ---------------------------------------------------------------------------- */

static void a_plume_is_a_sector_downwind_and_a_circle(void **state) {
    (void)state;
    muster_hazards *set =
        read_one("Point", "[120.76, 30.75]",
                 "\"kind\": \"plume\", \"wind_from_deg\": 270, \"distance_m\": 3000, "
                 "\"half_angle_deg\": 20, \"isolation_m\": 200");
    const muster_hazard *h      = only(set);
    uint64_t             rng    = 9;
    uint32_t             inside = 0;
    for (int i = 0; i < 5000; ++i) {
        const double bearing_deg = 360 * random_unit(&rng), away_m = 3500 * random_unit(&rng);
        double       lon, lat;
        mu_geodesic_ahead(120.76, 30.75, bearing_deg, away_m, &lon, &lat);
        const double off_deg = fabs(bearing_deg - 90);
        const double most_m  = off_deg < 20 ? 3000 : 200;
        if (fabs(off_deg - 20) < 1 || fabs(away_m - most_m) < 2) continue;
        assert_int_equal(muster_hazard_contains(h, lon, lat), away_m < most_m);
        inside += away_m < most_m;
    }
    assert_true(inside > 300);
    muster_hazards_free(set);
}

static void stable_air_spreads_a_plume_less(void **state) {
    (void)state;
    assert_true(fabs(muster_plume_half_angle_deg('D') - 9.76) < 0.01); /* atan(2.15 * 0.08) */
    for (char c = 'B'; c <= 'F'; ++c) {
        assert_true(muster_plume_half_angle_deg(c) < muster_plume_half_angle_deg((char)(c - 1)));
    }
    assert_true(isnan(muster_plume_half_angle_deg('a')) && isnan(muster_plume_half_angle_deg('G')));
}

/* ---- effects --------------------------------------------------------------------------- */

static muster_profile profile_of(const char *name) {
    muster_profile p;
    assert_int_equal(muster_profile_builtin(&p, name), MUSTER_OK);
    return p;
}

static void wind_stops_high_vehicles_first(void **state) {
    (void)state;
    const muster_profile light = profile_of("light"), heavy = profile_of("heavy");
    muster_hazard        h       = MUSTER_HAZARD_INIT;
    h.kind                       = MUSTER_HAZARD_WIND;
    static const double LIGHT[]  = {1, 0.9, 0.9, 0.6, 0.6, 0, 0},
                        HEAVY[]  = {1, 0.6, 0.6, 0, 0, 0, 0};
    static const uint8_t FORCE[] = {6, 7, 9, 10, 11, 12, 17};
    for (int i = 0; i < 7; ++i) {
        h.wind_force = FORCE[i];
        assert_true(muster_hazard_speed_factor(&h, &light, NULL) == LIGHT[i]);
        assert_true(muster_hazard_speed_factor(&h, &heavy, NULL) == HEAVY[i]);
    }
    h.speed_factor = 0.5;
    assert_true(muster_hazard_speed_factor(&h, &light, NULL) == 0.5);
    h.wind_force = 6;
    assert_true(muster_hazard_speed_factor(&h, &light, NULL) == 1);
    h.wind_force = 0;
    assert_true(muster_hazard_speed_factor(&h, &light, NULL) == 0.5);
}

static void a_plume_is_open_to_whoever_is_protected(void **state) {
    (void)state;
    muster_profile p = profile_of("heavy");
    muster_hazard  h = MUSTER_HAZARD_INIT;
    h.kind           = MUSTER_HAZARD_PLUME;
    assert_true(muster_hazard_speed_factor(&h, &p, NULL) == 0);
    p.is_protected = 1;
    assert_true(muster_hazard_speed_factor(&h, &p, NULL) == 1);
}

static void rules_out_of_range_are_refused(void **state) {
    (void)state;
    const muster_profile p     = profile_of("light");
    muster_hazard_rules  rules = MUSTER_HAZARD_RULES_INIT;
    muster_hazard        h     = MUSTER_HAZARD_INIT;
    rules.wind_speed_factor[1] = 1.5;
    assert_int_equal(muster_hazard_close(NULL, &p, &h, &rules), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "1.5"));
}

/* ---- memory ---------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state) {
    (void)state;
    static char features[1 << 16];
    snprintf(features, sizeof features, "%s,",
             feature("Polygon", "[[[1, 1], [2, 2], [2, 1], [1, 2]]]",
                     "\"kind\": \"flood\", \"name\": \"水\""));
    strcat(features, feature("LineString", "[[179, 0], [-179, 2]]", "\"kind\": \"closure\""));
    strcat(features, ",");
    strcat(features, feature("LineString", "[[122.5, 29.5], [121, 30.6]]", TRACK));
    const char   *path   = with_features(features);
    muster_status status = MUSTER_E_NOMEM;
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        muster_hazards *set = NULL, *at = NULL;
        mu_gis_alloc_fail_after(n);
        status = muster_hazards_new(&set);
        if (status == MUSTER_OK) status = muster_hazards_add_geojson(set, path);
        if (status == MUSTER_OK) status = muster_hazards_at(&at, set, T0);
        mu_gis_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        muster_hazards_free(at);
        muster_hazards_free(set);
        assert_true(n < 2000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_is_read_with_all_that_is_said_of_it),
        cmocka_unit_test(what_a_file_gets_wrong_is_named_with_its_feature),
        cmocka_unit_test(a_file_that_is_none_is_refused),
        cmocka_unit_test(codes_are_unique_in_a_set),
        cmocka_unit_test(a_bow_tie_is_repaired_and_that_is_said),
        cmocka_unit_test(where_parts_overlap_is_inside_and_no_hole),
        cmocka_unit_test(holes_stay_holes),
        cmocka_unit_test(what_encloses_nothing_is_left_out_and_that_is_said),
        cmocka_unit_test(an_area_over_the_180th_meridian_is_cut_there),
        cmocka_unit_test(a_ring_round_a_pole_is_refused),
        cmocka_unit_test(a_line_over_the_180th_meridian_is_cut_there),
        cmocka_unit_test(a_closure_is_lines_points_edges_and_an_area_at_once),
        cmocka_unit_test(roads_are_of_closures_alone_and_outlive_an_area_of_nothing),
        cmocka_unit_test(closures_of_points_and_edges_are_read),
        cmocka_unit_test(a_ring_of_many_points_is_read),
        cmocka_unit_test(moments_are_read_with_any_offset_and_written_in_utc),
        cmocka_unit_test(a_hazard_holds_from_its_start_up_to_its_end),
        cmocka_unit_test(winds_are_circles_by_quadrant_around_a_moving_centre),
        cmocka_unit_test(a_storm_over_the_180th_meridian_moves_on),
        cmocka_unit_test(a_track_is_in_order_of_time),
        cmocka_unit_test(a_plume_is_a_sector_downwind_and_a_circle),
        cmocka_unit_test(stable_air_spreads_a_plume_less),
        cmocka_unit_test(wind_stops_high_vehicles_first),
        cmocka_unit_test(a_plume_is_open_to_whoever_is_protected),
        cmocka_unit_test(rules_out_of_range_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
