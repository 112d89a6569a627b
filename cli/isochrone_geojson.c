/* Isochrones for maps. A city's parts of roads are many: each Feature is written and forgotten
 * before the next is made. */
#include "cli/isochrone_answer.h"

#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/geojson.h"
#include "cli/geojson_crs.h"

enum { FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(12) };

static double rounded(double value, double steps) {
    return round(value * steps) / steps;
}

/* A write that fails shows in the stream and is said by output_publish. */
static int write_feature(output *out, const isochrone_answer *a, json_t *feature, bool is_first) {
    const int code =
        feature && a->output_crs ? geojson_crs_convert(feature, a->output_crs) : COMMAND_DONE;
    if (!is_first) fputs(",\n", out->stream);
    const bool is_complete = feature && json_dumpf(feature, out->stream, FLAGS) == 0;
    json_decref(feature);
    if (code != COMMAND_DONE) return code;
    if (is_complete || ferror(out->stream)) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while writing GeoJSON");
}

static int begin(output *out, const isochrone_answer *a) {
    json_t *crs = a->output_crs ? geojson_crs_new(a->output_crs) : NULL;
    fputs("{\"type\":\"FeatureCollection\",", out->stream);
    if (crs) {
        fputs("\"crs\":", out->stream);
        json_dumpf(crs, out->stream, FLAGS);
        fputc(',', out->stream);
    }
    fputs("\"features\":[\n", out->stream);
    json_decref(crs);
    if (crs || !a->output_crs) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while writing GeoJSON");
}

static void end(output *out) {
    fputs("\n]}\n", out->stream);
}

/* ---- areas ------------------------------------------------------------------------------ */

/* By air there are no roads to go around. */
static json_t *radius_of(const isochrone_answer *a) {
    return muster_isochrone_flight_radius_m(a->isochrone) ? json_null() : json_real(a->radius_m);
}

static json_t *area_feature(const isochrone_answer *a, uint32_t limit) {
    const muster_multipolygon m = muster_isochrone_polygons_within(a->polygons, limit);
    double                    km[MUSTER_ROAD_CLASS_COUNT], all_km = 0;
    uint32_t                  nodes;
    (void)muster_isochrone_nodes(a->isochrone, limit, &nodes);
    isochrone_road_km(a, limit, km);
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) all_km += km[c];
    return geojson_feature(
        geojson_multipolygon(&m),
        json_pack("{s:f, s:s, s:s, s:o, s:I, s:f, s:f}", "limit_s", a->limit_ms[limit] / 1000.0,
                  "profile", a->profile, "direction",
                  a->direction == MUSTER_FORWARD ? "forward" : "backward", "radius_m", radius_of(a),
                  "node_count", (json_int_t)nodes, "road_km", rounded(all_km, 1000), "area_km2",
                  rounded(m.area_m2 / 1e6, 1e4)));
}

int isochrone_write_areas(output *out, const isochrone_answer *a) {
    int code = begin(out, a);
    for (uint32_t l = a->limit_count; l-- > 0 && code == COMMAND_DONE;) {
        code = write_feature(out, a, area_feature(a, l), l + 1 == a->limit_count);
    }
    end(out);
    return code;
}

/* ---- parts of roads --------------------------------------------------------------------- */

typedef struct pen {
    const isochrone_answer    *answer;
    const muster_network      *network;
    const muster_network_data *view;
    double                    *lon_deg, *lat_deg; /* room for the longest line */
    bool                       is_first;
} pen;

static json_t *part_feature(const pen *p, uint32_t limit, const muster_edge_part *part) {
    const uint32_t e = part->edge, name = p->view->edge_name[e];
    const uint32_t points   = muster_edge_part_line(p->network, part, p->lon_deg, p->lat_deg);
    const double   length_m = p->view->edge_length_m[e] * (part->to_fraction - part->from_fraction);
    return geojson_feature(
        geojson_line(points, p->lon_deg, p->lat_deg),
        json_pack("{s:f, s:I, s:f, s:f, s:f, s:s, s:s?}", "limit_s",
                  p->answer->limit_ms[limit] / 1000.0, "edge_id", (json_int_t)p->view->edge_id[e],
                  "from_fraction", part->from_fraction, "to_fraction", part->to_fraction,
                  "length_m", rounded(length_m, 100), "class",
                  muster_road_class_name((muster_road_class)p->view->edge_class[e]), "name",
                  name == MUSTER_NONE ? NULL : p->view->names + name));
}

static int write_parts(output *out, pen *p, uint32_t limit) {
    uint32_t                count;
    const muster_edge_part *part = muster_isochrone_parts(p->answer->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const int code =
            write_feature(out, p->answer, part_feature(p, limit, &part[i]), p->is_first);
        if (code != COMMAND_DONE) return code;
        p->is_first = false;
    }
    return COMMAND_DONE;
}

static int make_room(pen *p) {
    uint32_t most = 0;
    for (uint32_t e = 0; e < p->view->edge_count; ++e) {
        const uint32_t points = p->view->edge_first_point[e + 1] - p->view->edge_first_point[e];
        if (points > most) most = points;
    }
    p->lon_deg = malloc(((size_t)most + 2) * sizeof *p->lon_deg);
    p->lat_deg = malloc(((size_t)most + 2) * sizeof *p->lat_deg);
    if (p->lon_deg && p->lat_deg) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

int isochrone_write_arcs(output *out, const isochrone_answer *a) {
    const muster_network *network = muster_isochrone_network(a->isochrone);
    pen                   p       = {a, network, muster_network_view(network), NULL, NULL, true};
    int                   code    = make_room(&p);
    if (code == COMMAND_DONE) code = begin(out, a);
    for (uint32_t l = a->limit_count; l-- > 0 && code == COMMAND_DONE;) {
        code = write_parts(out, &p, l);
    }
    end(out);
    free(p.lon_deg);
    free(p.lat_deg);
    return code;
}
