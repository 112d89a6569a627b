/* Closures for people, and as GeoJSON for their map. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/closures_answer.h"
#include "cli/text_width.h"

enum { NAME_WIDTH = 40 };

static const char *name_of(const muster_network_data *v, uint32_t edge) {
    return v->edge_name[edge] == MUSTER_NONE ? NULL : v->names + v->edge_name[edge];
}

static const char *class_of(const muster_network_data *v, uint32_t edge) {
    return muster_road_class_name((muster_road_class)v->edge_class[edge]);
}

/* ---- text -------------------------------------------------------------------------------- */

static void print_total(const closures_answer *a, FILE *stream, road_state state) {
    const muster_network_data *v        = muster_network_view(a->network);
    uint32_t                   count    = 0;
    double                     length_m = 0;
    for (uint32_t i = 0; i < a->road_count; ++i) {
        if (a->road[i].state != state) continue;
        ++count;
        length_m += v->edge_length_m[a->road[i].edge];
    }
    if (count == 0 && state == ROAD_OPENED) return; /* which few profiles ever see */
    fprintf(stream, "%-9s %7" PRIu32 " edges %10.2f km\n", road_state_name(state), count,
            length_m / 1000);
}

static void print_part(const muster_network_data *v, const cut_part *part, FILE *stream) {
    const char *in = part->no_way_in, *out = part->no_way_out;
    fprintf(stream, "  %10" PRIu32 " nodes at %.6f,%.6f", part->node_count,
            v->node_lon_deg[part->node], v->node_lat_deg[part->node]);
    if (in && out && strcmp(in, out) == 0) {
        fprintf(stream, ": %s", in);
    } else {
        if (in) fprintf(stream, "; no way in: %s", in);
        if (out) fprintf(stream, "; no way out: %s", out);
    }
    fputc('\n', stream);
}

static void print_cut_off(const closures_answer *a, FILE *stream) {
    const muster_network_data *v     = muster_network_view(a->network);
    uint64_t                   nodes = 0;
    for (uint32_t i = 0; i < a->part_count; ++i) nodes += a->part[i].node_count;
    fprintf(stream, "%-9s %7" PRIu32 " parts %10" PRIu64 " nodes\n", "cut off", a->part_count,
            nodes);
    for (uint32_t i = 0; i < a->part_count && i < MOST_PARTS_IN_TEXT; ++i) {
        print_part(v, &a->part[i], stream);
    }
    if (a->part_count > MOST_PARTS_IN_TEXT) {
        fprintf(stream, "  and %" PRIu32 " smaller\n", a->part_count - MOST_PARTS_IN_TEXT);
    }
}

static void print_road(const muster_network_data *v, const closed_road *road, FILE *stream) {
    const char *name = name_of(v, road->edge);
    fprintf(stream, "%12" PRId64 "  %-7s ", v->edge_id[road->edge], road_state_name(road->state));
    if (road->state == ROAD_SLOWED) {
        fprintf(stream, "%3.0f %%", 100 * road->speed_share);
    } else {
        fprintf(stream, "%5s", "");
    }
    fprintf(stream, " %8.0f m  ", v->edge_length_m[road->edge]);
    if (name) {
        text_print_cut(stream, name, NAME_WIDTH);
    } else {
        fprintf(stream, "(%s)", class_of(v, road->edge));
    }
    fputc('\n', stream);
}

void closures_answer_print(const closures_answer *a, FILE *stream) {
    fprintf(stream, "%-9s %s\n", "profile", a->profile);
    print_total(a, stream, ROAD_CLOSED);
    print_total(a, stream, ROAD_SLOWED);
    print_total(a, stream, ROAD_SPARED);
    print_total(a, stream, ROAD_OPENED);
    print_cut_off(a, stream);
    if (a->road_count > 0) fputs("roads\n", stream);
    for (uint32_t i = 0; i < a->road_count; ++i) {
        print_road(muster_network_view(a->network), &a->road[i], stream);
    }
}

/* ---- GeoJSON ----------------------------------------------------------------------------- */

/* Six decimals are 0.1 m. */
static json_t *position(double lon_deg, double lat_deg) {
    return json_pack("[f, f]", round(lon_deg * 1e6) / 1e6, round(lat_deg * 1e6) / 1e6);
}

static json_t *node_position(const muster_network_data *v, uint32_t node) {
    return position(v->node_lon_deg[node], v->node_lat_deg[node]);
}

static json_t *line_of(const muster_network_data *v, uint32_t edge) {
    json_t *points = json_array();
    json_array_append_new(points, node_position(v, v->edge_source[edge]));
    for (uint32_t p = v->edge_first_point[edge]; p < v->edge_first_point[edge + 1]; ++p) {
        json_array_append_new(points, position(v->point_lon_deg[p], v->point_lat_deg[p]));
    }
    json_array_append_new(points, node_position(v, v->edge_target[edge]));
    return points;
}

static json_t *feature(const char *type, json_t *coordinates, json_t *properties) {
    return json_pack("{s:s, s:{s:s, s:o}, s:o}", "type", "Feature", "geometry", "type", type,
                     "coordinates", coordinates, "properties", properties);
}

static json_t *road_feature(const muster_network_data *v, const closed_road *road) {
    json_t *properties =
        json_pack("{s:I, s:s?, s:s, s:s, s:f, s:f}", "edge_id", (json_int_t)v->edge_id[road->edge],
                  "name", name_of(v, road->edge), "class", class_of(v, road->edge), "state",
                  road_state_name(road->state), "speed_factor",
                  round(road->speed_share * 1000) / 1000, "length_m", v->edge_length_m[road->edge]);
    return feature("LineString", line_of(v, road->edge), properties);
}

static json_t *part_feature(const muster_network_data *v, const cut_part *part) {
    return feature("Point", node_position(v, part->node),
                   json_pack("{s:s, s:I, s:O, s:O}", "state", "cut off", "node_count",
                             (json_int_t)part->node_count, "no_way_in", part->json_in, "no_way_out",
                             part->json_out));
}

json_t *closures_answer_geojson(const closures_answer *a) {
    const muster_network_data *v        = muster_network_view(a->network);
    json_t                    *features = json_array();
    bool                       ok       = features != NULL;
    for (uint32_t i = 0; ok && i < a->road_count; ++i) {
        ok = json_array_append_new(features, road_feature(v, &a->road[i])) == 0;
    }
    for (uint32_t i = 0; ok && i < a->part_count; ++i) {
        ok = json_array_append_new(features, part_feature(v, &a->part[i])) == 0;
    }
    if (!ok) {
        json_decref(features);
        return NULL;
    }
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
}
