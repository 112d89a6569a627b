/* From map files to networks: small maps written here, each showing one rule. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <muster/import.h>

#include "gis/memory.h"
#include "tests/support/cmocka_all.h"

/* ---- maps -------------------------------------------------------------------------------- */

static char folder[] = "/tmp/muster-test-osm-XXXXXX";

static const char *path_of(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_bytes(const char *name, const void *bytes, size_t size) {
    const char *path = path_of(name);
    FILE       *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static const char *write_map(const char *body) {
    static char text[16384];
    const int   length = snprintf(text, sizeof text, "<osm version=\"0.6\">%s</osm>", body);
    assert_true(length > 0 && (size_t)length < sizeof text);
    return write_bytes("map.osm", text, (size_t)length);
}

/* Nodes 1 to 9 on the equator, 0.01 degrees apart; 10 and 11 north of 2 and 3. */
#define NODE(id, lon, lat) "<node id='" #id "' lon='" #lon "' lat='" #lat "'/>"
#define NODES                                                                                      \
    NODE(1, 0.01, 0)                                                                               \
    NODE(2, 0.02, 0)                                                                               \
    NODE(3, 0.03, 0)                                                                               \
    NODE(4, 0.04, 0) NODE(5, 0.05, 0) NODE(6, 0.06, 0) NODE(10, 0.02, 0.01) NODE(11, 0.03, 0.01)
#define TAG(key, value)        "<tag k='" key "' v='" value "'/>"
#define REF(id)                "<nd ref='" #id "'/>"
#define WAY(id, refs, tags)    "<way id='" #id "'>" refs tags "</way>"
#define STREET                 TAG("highway", "residential")
#define MEMBER(type, id, role) "<member type='" type "' ref='" #id "' role='" role "'/>"
#define TURN(id, members, kind)                                                                    \
    "<relation id='" #id "'>" members TAG("type", "restriction")                                   \
        TAG("restriction", kind) "</relation>"

/* One degree of the equator of WGS 84: a * pi / 180. */
static const double EQUATOR_DEGREE_M = 6378137.0 * 3.14159265358979323846 / 180;

static muster_network    *network;
static muster_osm_summary summary;

static const muster_network_data *import(const char *body) {
    muster_network_free(network);
    const muster_status status = muster_import_osm(&network, write_map(body), &summary, NULL, NULL);
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
    return muster_network_view(network);
}

static void expect_failure(const char *path, muster_status expected, const char *message) {
    muster_network     *none   = (muster_network *)&summary;
    const muster_status status = muster_import_osm(&none, path, NULL, NULL, NULL);
    assert_null(none);
    if (status != expected || !strstr(muster_error_message(), message)) {
        fail_msg("%s: %s; expected %s: %s", muster_status_name(status), muster_error_message(),
                 muster_status_name(expected), message);
    }
}

/* The edge between two nodes of the map, in that direction; fails where there is none. */
static uint32_t edge_between(const muster_network_data *v, int64_t from, int64_t to) {
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        if (v->node_id[v->edge_source[e]] == from && v->node_id[v->edge_target[e]] == to) return e;
    }
    fail_msg("no edge from %lld to %lld", (long long)from, (long long)to);
    return 0;
}

static uint32_t points_of(const muster_network_data *v, uint32_t edge) {
    return v->edge_first_point[edge + 1] - v->edge_first_point[edge];
}

/* ---- contraction ------------------------------------------------------------------------- */

static void ways_that_run_on_become_one_edge_with_its_shape(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(7, REF(1) REF(2) REF(3), STREET) WAY(8, REF(5) REF(4) REF(3), STREET));
    assert_int_equal(v->node_count, 2);
    assert_int_equal(v->edge_count, 1);
    assert_int_equal(v->edge_way_id[0], 7);
    assert_int_equal(edge_between(v, 1, 5), 0);
    assert_int_equal(points_of(v, 0), 3);
    assert_float_equal(v->point_lon_deg[0], 0.02, 1e-9);
    assert_float_equal(v->point_lon_deg[1], 0.03, 1e-9);
    assert_float_equal(v->point_lon_deg[2], 0.04, 1e-9);
    assert_float_equal(v->edge_length_m[0], (float)(0.04 * EQUATOR_DEGREE_M), 0.01);
    assert_int_equal(summary.contracted_node_count, 3);
}

static void a_chain_met_in_its_middle_runs_in_its_first_way_s_direction(void **state) {
    (void)state;
    const muster_network_data *v = import(NODES WAY(7, REF(4) REF(3), STREET) WAY(
        8, REF(4) REF(5), STREET) WAY(9, REF(2) REF(3), STREET));
    assert_int_equal(v->edge_count, 1);
    assert_int_equal(v->edge_way_id[0], 7);
    assert_int_equal(edge_between(v, 5, 2), 0);
}

static void a_change_of_any_attribute_ends_an_edge(void **state) {
    (void)state;
    static const char *const CHANGES[] = {
        TAG("name", "b"),  TAG("oneway", "yes"),  TAG("maxspeed", "30"), TAG("bridge", "yes"),
        TAG("layer", "1"), TAG("maxheight", "3"), TAG("maxweight", "3"), TAG("hgv", "no")};
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; ++i) {
        char body[2048];
        snprintf(body, sizeof body, "%s%s%s%s</way>", NODES, WAY(7, REF(1) REF(2), STREET),
                 "<way id='8'>" REF(2) REF(3) STREET, CHANGES[i]);
        if (import(body)->edge_count != 2) fail_msg("%s does not end the edge", CHANGES[i]);
    }
}

static void one_way_streets_run_on_only_head_to_tail(void **state) {
    (void)state;
    const muster_network_data *v = import(NODES WAY(7, REF(1) REF(2), STREET TAG("oneway", "yes"))
                                              WAY(8, REF(3) REF(2), STREET TAG("oneway", "-1")));
    assert_int_equal(v->edge_count, 1);
    assert_int_equal(v->edge_access_forward[0], MUSTER_ACCESS_ALL);
    assert_int_equal(v->edge_access_backward[0], MUSTER_ACCESS_CONTRAFLOW);
    v = import(NODES WAY(7, REF(1) REF(2), STREET TAG("oneway", "yes"))
                   WAY(8, REF(3) REF(2), STREET TAG("oneway", "yes")));
    assert_int_equal(v->edge_count, 2);
}

static void speeds_by_direction_follow_a_way_that_is_turned(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(7, REF(1) REF(2), STREET TAG("maxspeed:forward", "30"))
                   WAY(8, REF(3) REF(2), STREET TAG("maxspeed:backward", "30")));
    assert_int_equal(v->edge_count, 1);
    assert_float_equal(v->edge_speed_forward_kmh[0], 30, 0);
    assert_float_equal(v->edge_speed_backward_kmh[0], 0, 0);
}

static void junctions_cut_ways_in_their_middle(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(7, REF(1) REF(2) REF(3), STREET) WAY(8, REF(10) REF(2), STREET));
    assert_int_equal(v->node_count, 4);
    assert_int_equal(v->edge_count, 3);
    edge_between(v, 1, 2);
    edge_between(v, 2, 3);
    edge_between(v, 10, 2);
}

static void a_ring_without_junction_keeps_its_first_node(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(7, REF(2) REF(3) REF(11), STREET) WAY(8, REF(2) REF(10) REF(11), STREET));
    assert_int_equal(v->node_count, 1);
    assert_int_equal(v->edge_count, 1);
    assert_int_equal(edge_between(v, 2, 2), 0);
    assert_int_equal(points_of(v, 0), 3);
    assert_float_equal(v->point_lon_deg[0], 0.03, 1e-9); /* round in way 7's direction */
}

static void loops_and_parallel_roads_stay(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(6, REF(1) REF(2), STREET) WAY(7, REF(2) REF(3), STREET)
                   WAY(8, REF(2) REF(10) REF(11) REF(3), STREET) WAY(9, REF(3) REF(4), STREET)
                       WAY(10, REF(4) REF(5) REF(6) REF(4), STREET));
    assert_int_equal(v->edge_count, 5);
    assert_int_equal(points_of(v, edge_between(v, 4, 4)), 2);
}

/* ---- barriers ---------------------------------------------------------------------------- */

#define BARRIER_NODE(id, lon, lat, tags)                                                           \
    "<node id='" #id "' lon='" #lon "' lat='" #lat "'>" tags "</node>"

static void a_barrier_is_an_edge_of_no_length_that_lets_through_what_it_lets(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES BARRIER_NODE(7, 0.07, 0, TAG("barrier", "gate") TAG("access", "private"))
                   NODE(8, 0.08, 0) WAY(9, REF(6) REF(7) REF(8), STREET));
    assert_int_equal(v->node_count, 4);
    assert_int_equal(v->edge_count, 3);
    edge_between(v, 6, 7);
    edge_between(v, -7, 8);
    const uint32_t gate = edge_between(v, 7, -7);
    assert_float_equal(v->edge_length_m[gate], 0, 0);
    assert_int_equal(v->edge_access_forward[gate], MUSTER_ACCESS_EMERGENCY);
    assert_int_equal(v->edge_access_backward[gate], MUSTER_ACCESS_EMERGENCY);
    assert_int_equal(v->edge_way_id[gate], 9);
    assert_float_equal(v->node_lon_deg[v->edge_source[gate]], v->node_lon_deg[v->edge_target[gate]],
                       0);
}

static void a_height_beam_limits_height_and_nothing_else(void **state) {
    (void)state;
    const muster_network_data *v = import(
        NODES BARRIER_NODE(7, 0.07, 0, TAG("barrier", "height_restrictor") TAG("maxheight", "2.1"))
            NODE(8, 0.08, 0) WAY(9, REF(6) REF(7) REF(8), STREET));
    const uint32_t beam = edge_between(v, 7, -7);
    assert_int_equal(v->edge_access_forward[beam], MUSTER_ACCESS_ALL);
    assert_float_equal(v->edge_maxheight_m[beam], 2.1, 1e-6);
    assert_float_equal(v->edge_maxheight_m[edge_between(v, 6, 7)], 0, 0);
}

static void an_open_gate_a_barrier_at_a_junction_or_at_a_dead_end_cuts_nothing(void **state) {
    (void)state;
    const muster_network_data *v = import(NODES BARRIER_NODE(
        7, 0.07, 0, TAG("barrier", "gate")) NODE(8, 0.08, 0) WAY(9, REF(6) REF(7) REF(8), STREET));
    assert_int_equal(v->edge_count, 1);
    v = import(NODES BARRIER_NODE(7, 0.07, 0, TAG("barrier", "bollard")) NODE(8, 0.08, 0)
                   WAY(9, REF(6) REF(7) REF(8), STREET) WAY(10, REF(7) REF(11), STREET));
    assert_int_equal(v->edge_count, 3);
    v = import(NODES BARRIER_NODE(7, 0.07, 0, TAG("barrier", "bollard"))
                   WAY(9, REF(6) REF(7), STREET));
    assert_int_equal(v->edge_count, 1);
}

static void twins_of_negative_nodes_get_identifiers_of_their_own(void **state) {
    (void)state;
    const muster_network_data *v =
        import("<node id='-1' lon='1' lat='0'/><node id='-2' lon='2' lat='0'>" TAG(
            "barrier", "bollard") "</node><node id='2' lon='3' lat='0'/>"
                                  "<way id='-5'><nd ref='-1'/><nd ref='-2'/><nd ref='2'/>" STREET
                                  "</way>");
    assert_int_equal(v->edge_count, 3);
    edge_between(v, -2, -3);
    edge_between(v, -3, 2);
}

/* ---- holes ------------------------------------------------------------------------------- */

static void missing_nodes_cut_ways_into_pieces(void **state) {
    (void)state;
    const muster_network_data *v =
        import(NODES WAY(7, REF(1) REF(2) REF(99) REF(3) REF(98) REF(4) REF(5), STREET)
                   WAY(8, REF(97) REF(6), STREET));
    assert_int_equal(v->edge_count, 2);
    edge_between(v, 1, 2);
    edge_between(v, 4, 5);
    assert_int_equal(summary.missing_node_count, 3);
    assert_int_equal(summary.cut_way_count, 2);
    assert_int_equal(summary.skipped_too_short, 1);
    assert_int_equal(summary.road_count, 1);
}

static void a_node_listed_twice_in_a_row_counts_once(void **state) {
    (void)state;
    const muster_network_data *v = import(NODES WAY(7, REF(1) REF(2) REF(2) REF(3), STREET));
    assert_int_equal(v->edge_count, 1);
    assert_int_equal(points_of(v, 0), 1);
}

static void the_summary_accounts_for_every_way(void **state) {
    (void)state;
    import(NODES WAY(1, REF(1) REF(2), STREET TAG("maxspeed", "brisk"))
               WAY(2, REF(2) REF(3), STREET TAG("maxspeed", "brisker"))
                   WAY(3, REF(3) REF(4), TAG("highway", "steps"))
                       WAY(4, REF(4) REF(5), STREET TAG("access", "no"))
                           WAY(5, REF(1) REF(2) REF(1), STREET TAG("area", "yes"))
                               WAY(6, REF(6), STREET));
    assert_int_equal(summary.way_count, 6);
    assert_int_equal(summary.road_count, 2);
    assert_int_equal(summary.skipped_not_road, 1);
    assert_int_equal(summary.skipped_no_access, 1);
    assert_int_equal(summary.skipped_area, 1);
    assert_int_equal(summary.skipped_too_short, 1);
    assert_int_equal(summary.maxspeed_unreadable_count, 2);
    assert_string_equal(summary.maxspeed_unreadable_example, "brisk");
}

/* ---- ferries and turns --------------------------------------------------------------------- */

static void a_ferry_s_duration_is_shared_by_length_and_kept_in_sum(void **state) {
    (void)state;
    const muster_network_data *v = import(
        NODES WAY(7, REF(1) REF(2) REF(3) REF(5), TAG("route", "ferry") TAG("duration", "00:40"))
            WAY(8, REF(2) REF(10), STREET));
    const uint32_t near = edge_between(v, 1, 2), far = edge_between(v, 2, 5);
    assert_int_equal(v->edge_duration_forward_ms[near], 10 * 60000);
    assert_int_equal(v->edge_duration_backward_ms[far], 30 * 60000);
    assert_int_equal(v->edge_class[near], MUSTER_ROAD_FERRY);
    assert_int_equal(v->edge_duration_forward_ms[edge_between(v, 2, 10)], MUSTER_NONE);
}

static void a_turn_restriction_knows_its_edges_and_keeps_its_node(void **state) {
    (void)state;
    const muster_network_data *v = import(
        NODES WAY(7, REF(1) REF(2), STREET) WAY(8, REF(2) REF(3), STREET)
            TURN(20, MEMBER("way", 7, "from") MEMBER("node", 2, "via") MEMBER("way", 8, "to"),
                 "no_straight_on"));
    assert_int_equal(v->edge_count, 2); /* not contracted at node 2 */
    assert_int_equal(v->restriction_count, 1);
    const muster_turn_restriction *turn = &v->restriction[0];
    assert_int_equal(turn->id, 20);
    assert_int_equal(turn->from_edge, edge_between(v, 1, 2));
    assert_int_equal(turn->to_edge, edge_between(v, 2, 3));
    assert_int_equal(v->node_id[turn->via_node], 2);
    assert_int_equal(turn->kind, MUSTER_RESTRICTION_NO);
    assert_int_equal(summary.restriction_unresolved_count, 0);
}

static void of_a_way_that_runs_through_the_edge_that_may_be_driven_counts(void **state) {
    (void)state;
    const muster_network_data *v = import(
        NODES WAY(7, REF(1) REF(2) REF(3), STREET TAG("oneway", "yes"))
            WAY(8, REF(2) REF(10), STREET) WAY(9, REF(2) REF(11) REF(5), STREET)
                TURN(20, MEMBER("way", 7, "from") MEMBER("node", 2, "via") MEMBER("way", 8, "to"),
                     "only_left_turn"));
    assert_int_equal(v->restriction[0].from_edge, edge_between(v, 1, 2));
    assert_int_equal(v->restriction[0].kind, MUSTER_RESTRICTION_ONLY);
    v = import(NODES WAY(7, REF(1) REF(2) REF(3), STREET) WAY(8, REF(2) REF(10), STREET) TURN(
        20, MEMBER("way", 7, "from") MEMBER("node", 2, "via") MEMBER("way", 8, "to"),
        "no_left_turn"));
    assert_int_equal(v->restriction[0].from_edge, MUSTER_NONE); /* which half is not said */
    assert_int_equal(summary.restriction_unresolved_count, 1);
}

static void turns_over_ways_are_kept_and_turns_without_members_are_counted(void **state) {
    (void)state;
    const muster_network_data *v = import(
        NODES WAY(7, REF(1) REF(2), STREET) WAY(8, REF(2) REF(3), STREET) WAY(9, REF(3) REF(4),
                                                                              STREET)
            TURN(20, MEMBER("way", 7, "from") MEMBER("way", 8, "via") MEMBER("way", 9, "to"),
                 "no_u_turn") TURN(21, MEMBER("way", 7, "from") MEMBER("node", 2, "via"),
                                   "no_u_turn")
                TURN(22, MEMBER("way", 7, "from") MEMBER("node", 2, "via") MEMBER("way", 99, "to"),
                     "no_u_turn") TURN(23,
                                       MEMBER("way", 7, "from") MEMBER("way", 8, "from")
                                           MEMBER("node", 2, "via") MEMBER("way", 9, "to"),
                                       "no_entry"));
    assert_int_equal(v->restriction_count, 4);
    assert_int_equal(v->restriction[0].via_is_way, 1);
    assert_int_equal(v->restriction[0].via_id, 8);
    assert_int_equal(v->restriction_first_via[4], 1); /* those over a node have none */
    assert_int_equal(v->restriction[1].to_way, 99);
    assert_int_equal(v->restriction[1].to_edge, MUSTER_NONE);
    assert_int_equal(v->restriction[2].id, 23);
    assert_int_equal(v->restriction[3].from_way, 8);
    assert_int_equal(summary.restriction_count, 4);
    assert_int_equal(summary.restriction_skipped_count, 1);
    assert_int_equal(summary.restriction_unresolved_count, 3); /* way 9 does not touch node 2 */
}

/* From 1 over the nodes 2, 3 and 4, with side roads at 3, and to 5. */
#define SIDE_ROADS WAY(30, REF(3) REF(11), STREET)

static void check_via(const muster_network_data *v, uint32_t turn, int64_t from, int64_t node,
                      uint32_t count, const int64_t *to) {
    const uint32_t first = v->restriction_first_via[turn];
    assert_int_equal(v->restriction_first_via[turn + 1] - first, count);
    assert_int_equal(v->node_id[v->restriction[turn].via_node], node);
    assert_int_equal(v->restriction[turn].from_edge, edge_between(v, from, node));
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(v->restriction_via_edge[first + i], edge_between(v, node, to[i]));
        node = to[i];
    }
}

static void a_turn_over_ways_knows_the_edges_between(void **state) {
    (void)state;
    const int64_t to[] = {3, 4};
#define FROM_AND_TO WAY(7, REF(1) REF(2), STREET) WAY(9, REF(4) REF(5), STREET)
    const muster_network_data *v =
        import(NODES FROM_AND_TO SIDE_ROADS WAY(8, REF(2) REF(3) REF(4), STREET)
                   TURN(20, MEMBER("way", 7, "from") MEMBER("way", 8, "via") MEMBER("way", 9, "to"),
                        "no_straight_on"));
    check_via(v, 0, 1, 2, 2, to); /* cut at the side road, and not joined to way 7 */
    assert_int_equal(v->restriction[0].to_edge, edge_between(v, 4, 5));
    assert_int_equal(muster_network_applied_restriction_count(network), 1);
    v = import(NODES FROM_AND_TO WAY(12, REF(3) REF(4), STREET) WAY(8, REF(2) REF(3), STREET)
                   TURN(20,
                        MEMBER("way", 9, "to") MEMBER("way", 12, "via") MEMBER("way", 8, "via")
                            MEMBER("way", 7, "from"),
                        "only_straight_on")); /* members in any order */
    check_via(v, 0, 1, 2, 2, to);
    assert_int_equal(summary.restriction_unresolved_count, 0);
    assert_int_equal(muster_network_applied_restriction_count(network), 1);
#undef FROM_AND_TO
}

/* Carriageways 1 - 2 - 3 east and 11 - 10 - 4 back, a link from 2 to 10. */
static void turning_round_over_a_link_is_one_of_two_carriageways(void **state) {
    (void)state;
    const int64_t              to[] = {10};
    const muster_network_data *v =
        import(NODES WAY(7, REF(1) REF(2) REF(3), STREET TAG("oneway", "yes")) WAY(
            9, REF(11) REF(10) REF(4), STREET TAG("oneway", "yes")) WAY(8, REF(2) REF(10), STREET)
                   TURN(20, MEMBER("way", 7, "from") MEMBER("way", 8, "via") MEMBER("way", 9, "to"),
                        "no_u_turn"));
    check_via(v, 0, 1, 2, 1, to);
    assert_int_equal(v->restriction[0].to_edge, edge_between(v, 10, 4));
}

static void ways_that_do_not_lead_from_one_to_the_other_are_counted(void **state) {
    (void)state;
#define OVER(id, ways)                                                                             \
    TURN(id, MEMBER("way", 7, "from") ways MEMBER("way", 9, "to"), "no_straight_on")
    const muster_network_data *v =
        import(NODES          WAY(7, REF(1) REF(2), STREET) WAY(9, REF(4) REF(5), STREET)
                   SIDE_ROADS WAY(8, REF(2) REF(3), STREET)
                       WAY(12, REF(4) REF(3), STREET TAG("oneway", "yes"))
                           OVER(20, MEMBER("way", 8, "via"))                /* too short */
               OVER(21, MEMBER("way", 8, "via") MEMBER("way", 12, "via"))   /* against 12 */
               OVER(22, MEMBER("way", 8, "via") MEMBER("way", 99, "via"))   /* not there */
               OVER(23, MEMBER("way", 8, "via") MEMBER("node", 3, "via"))); /* what now? */
#undef OVER
    assert_int_equal(v->restriction_count, 3);
    assert_int_equal(summary.restriction_unresolved_count, 3);
    assert_int_equal(summary.restriction_skipped_count, 1);
    for (int t = 0; t < 3; ++t) assert_int_equal(v->restriction[t].via_node, MUSTER_NONE);
    assert_int_equal(muster_network_applied_restriction_count(network), 0);
}

/* ---- files -------------------------------------------------------------------------------- */

static const char STREETS[] = NODES WAY(7, REF(1) REF(2) REF(3), STREET TAG("name", "中山路"))
    WAY(8, REF(10) REF(2), TAG("highway", "primary") TAG("maxspeed", "30 mph"));

static void names_are_kept_once(void **state) {
    (void)state;
    const muster_network_data *v = import(STREETS);
    assert_string_equal(v->names + v->edge_name[edge_between(v, 1, 2)], "中山路");
    assert_int_equal(v->edge_name[edge_between(v, 1, 2)], v->edge_name[edge_between(v, 2, 3)]);
    assert_int_equal(v->edge_name[edge_between(v, 10, 2)], MUSTER_NONE);
    assert_int_equal(v->names_size, strlen("中山路") + 1);
}

/* A file of the fuzz corpus, which lies beside this file's folder. */
static size_t read_corpus(const char *name, unsigned char *bytes, size_t room) {
    char        path[1024];
    const char *mark = strstr(__FILE__, "unit/");
    assert_non_null(mark);
    snprintf(path, sizeof path, "%.*sfuzz/corpus/osm/%s", (int)(mark - __FILE__), __FILE__, name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("cannot open %s", path);
    const size_t size = fread(bytes, 1, room, file);
    fclose(file);
    assert_true(size > 0 && size < room);
    return size;
}

static void every_format_gives_the_same_network_whatever_its_name(void **state) {
    (void)state;
    static const char *const FILES[]  = {"small.osm",     "small.osm.gz",  "small.osm.bz2",
                                         "small.osm.pbf", "plain.osm.pbf", "loose.osm.pbf"};
    double                   length_m = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; ++i) {
        unsigned char   bytes[4096];
        const size_t    size = read_corpus(FILES[i], bytes, sizeof bytes);
        muster_network *net  = NULL;
        assert_int_equal(
            muster_import_osm(&net, write_bytes("map.dat", bytes, size), NULL, NULL, NULL),
            MUSTER_OK);
        const muster_network_data *v     = muster_network_view(net);
        double                     sum_m = 0;
        for (uint32_t e = 0; e < v->edge_count; ++e) sum_m += v->edge_length_m[e];
        if (i == 0) length_m = sum_m;
        /* way 10 with its gate: 4; way 11, cut at 6: 2; way 12, without its node 7: 1 */
        assert_int_equal(v->edge_count, 7);
        assert_float_equal(sum_m, length_m, 0);
        muster_network_free(net);
    }
}

static void files_that_cannot_be_read_are_named(void **state) {
    (void)state;
    expect_failure("/nowhere/x.osm.pbf", MUSTER_E_IO,
                   "cannot open \"/nowhere/x.osm.pbf\": No such file or directory");
    expect_failure(folder, MUSTER_E_IO, "Is a directory");
    expect_failure("", MUSTER_E_IO, "cannot open \"\"");
    expect_failure("-", MUSTER_E_IO, "No such file");
    expect_failure("http://localhost/x.osm", MUSTER_E_IO, "No such file");
    expect_failure(write_bytes("x.osm", "", 0), MUSTER_E_FORMAT, "is empty");
    expect_failure(write_bytes("x.osm", "P6 640 480", 10), MUSTER_E_FORMAT,
                   "is not an OpenStreetMap file");
    expect_failure(write_bytes("x.osm", "<html></html>", 13), MUSTER_E_FORMAT,
                   "x.osm\" is damaged");
    expect_failure(write_map(NODES), MUSTER_E_INVALID, "holds no road: 0 ways");
    expect_failure(write_map(WAY(1, REF(1) REF(2), STREET)), MUSTER_E_INVALID,
                   "none with two located nodes");
}

static int lowest_free_descriptor(void) {
    const int descriptor = dup(0);
    assert_true(descriptor >= 0);
    close(descriptor);
    return descriptor;
}

static void a_file_cut_anywhere_is_refused_or_read_without_its_end(void **state) {
    (void)state;
    const int                before  = lowest_free_descriptor();
    static const char *const FILES[] = {"small.osm", "small.osm.gz", "small.osm.bz2",
                                        "small.osm.pbf"};
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; ++i) {
        unsigned char bytes[4096];
        const size_t  size   = read_corpus(FILES[i], bytes, sizeof bytes);
        unsigned      passed = 0;
        for (size_t cut = 1; cut < size - 1; cut += 7) {
            muster_network     *net = NULL;
            const muster_status status =
                muster_import_osm(&net, write_bytes("cut.osm", bytes, cut), NULL, NULL, NULL);
            if (status == MUSTER_OK) ++passed;
            if (status != MUSTER_OK && status != MUSTER_E_FORMAT && status != MUSTER_E_INVALID) {
                fail_msg("%s cut at %zu: %s", FILES[i], cut, muster_error_message());
            }
            muster_network_free(net);
        }
        assert_int_equal(passed, 0);
    }
    assert_int_equal(lowest_free_descriptor(), before); /* nothing stays open */
}

static void a_cut_gzip_stream_of_a_whole_map_is_refused(void **state) {
    (void)state;
    char   path[256];
    gzFile gz;
    snprintf(path, sizeof path, "%s", path_of("cut.osm.gz"));
    assert_non_null(gz = gzopen(path, "wb"));
    gzprintf(gz, "<osm version='0.6'>%s</osm>", STREETS);
    gzclose(gz);
    FILE         *file = fopen(path, "rb");
    unsigned char bytes[4096];
    const size_t  size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    expect_failure(write_bytes("cut.osm.gz", bytes, size - 6), MUSTER_E_FORMAT, "damaged");
}

/* ---- long work ------------------------------------------------------------------------------ */

typedef struct progress_log {
    int    calls, stop_at;
    char   phase[64];
    double fraction;
} progress_log;

static bool log_progress(void *user, const char *phase, double fraction) {
    progress_log *log = user;
    assert_true(fraction >= 0 && fraction <= 1);
    if (strcmp(log->phase, phase) == 0) assert_true(fraction >= log->fraction);
    snprintf(log->phase, sizeof log->phase, "%s", phase);
    log->fraction = fraction;
    return ++log->calls != log->stop_at;
}

static void progress_rises_and_can_stop_the_import_anywhere(void **state) {
    (void)state;
    progress_log    log = {0};
    muster_network *net = NULL;
    const char     *map = write_map(STREETS);
    assert_int_equal(muster_import_osm(&net, map, NULL, log_progress, &log), MUSTER_OK);
    muster_network_free(net);
    assert_string_equal(log.phase, "building the network");
    assert_float_equal(log.fraction, 1, 0);
    const int calls = log.calls;
    for (int stop = 1; stop <= calls; ++stop) {
        log = (progress_log){.stop_at = stop};
        assert_int_equal(muster_import_osm(&net, map, NULL, log_progress, &log),
                         MUSTER_E_CANCELLED);
        assert_null(net);
        assert_int_equal(log.calls, stop);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const char *map = write_map(
        NODES WAY(7, REF(1) REF(2), STREET TAG("name", "a")) WAY(8, REF(2) REF(3) REF(4), STREET)
            WAY(9, REF(4) REF(5), STREET) SIDE_ROADS TURN(
                20, MEMBER("way", 7, "from") MEMBER("node", 2, "via") MEMBER("way", 8, "to"),
                "no_u_turn")
                TURN(21, MEMBER("way", 7, "from") MEMBER("way", 8, "via") MEMBER("way", 9, "to"),
                     "no_straight_on"));
    int64_t       failing = 0;
    muster_status status;
    do {
        muster_network *net = NULL;
        mu_gis_alloc_fail_after(failing++);
        status = muster_import_osm(&net, map, NULL, NULL, NULL);
        mu_gis_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        assert_true((status == MUSTER_OK) == (net != NULL));
        muster_network_free(net);
    } while (status != MUSTER_OK);
    assert_true(failing > 30); /* or nothing has been tried */
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const NAMES[] = {"map.osm", "map.dat", "x.osm", "cut.osm", "cut.osm.gz"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; ++i) remove(path_of(NAMES[i]));
    muster_network_free(network);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_that_run_on_become_one_edge_with_its_shape),
        cmocka_unit_test(a_chain_met_in_its_middle_runs_in_its_first_way_s_direction),
        cmocka_unit_test(a_change_of_any_attribute_ends_an_edge),
        cmocka_unit_test(one_way_streets_run_on_only_head_to_tail),
        cmocka_unit_test(speeds_by_direction_follow_a_way_that_is_turned),
        cmocka_unit_test(junctions_cut_ways_in_their_middle),
        cmocka_unit_test(a_ring_without_junction_keeps_its_first_node),
        cmocka_unit_test(loops_and_parallel_roads_stay),
        cmocka_unit_test(a_barrier_is_an_edge_of_no_length_that_lets_through_what_it_lets),
        cmocka_unit_test(a_height_beam_limits_height_and_nothing_else),
        cmocka_unit_test(an_open_gate_a_barrier_at_a_junction_or_at_a_dead_end_cuts_nothing),
        cmocka_unit_test(twins_of_negative_nodes_get_identifiers_of_their_own),
        cmocka_unit_test(missing_nodes_cut_ways_into_pieces),
        cmocka_unit_test(a_node_listed_twice_in_a_row_counts_once),
        cmocka_unit_test(the_summary_accounts_for_every_way),
        cmocka_unit_test(a_ferry_s_duration_is_shared_by_length_and_kept_in_sum),
        cmocka_unit_test(a_turn_restriction_knows_its_edges_and_keeps_its_node),
        cmocka_unit_test(of_a_way_that_runs_through_the_edge_that_may_be_driven_counts),
        cmocka_unit_test(turns_over_ways_are_kept_and_turns_without_members_are_counted),
        cmocka_unit_test(a_turn_over_ways_knows_the_edges_between),
        cmocka_unit_test(turning_round_over_a_link_is_one_of_two_carriageways),
        cmocka_unit_test(ways_that_do_not_lead_from_one_to_the_other_are_counted),
        cmocka_unit_test(names_are_kept_once),
        cmocka_unit_test(every_format_gives_the_same_network_whatever_its_name),
        cmocka_unit_test(files_that_cannot_be_read_are_named),
        cmocka_unit_test(a_file_cut_anywhere_is_refused_or_read_without_its_end),
        cmocka_unit_test(a_cut_gzip_stream_of_a_whole_map_is_refused),
        cmocka_unit_test(progress_rises_and_can_stop_the_import_anywhere),
        cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
