/* The whole network goes into the page, since there is no map server to ask: by class, so
 * that the script draws main roads alone when the map shows a whole province. Edges are
 * taken in their own order; what the importer found together lies together. Waterways are
 * grouped by their width in whole metres: one stroke of the pen draws all of one width. */
#include "cli/report_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/polyline.h"

/* ---- roads --------------------------------------------------------------------------- */

/* Room for the points of one edge, its two nodes included. */
typedef struct line_buffer {
    uint32_t capacity;
    double  *lon_deg, *lat_deg;
} line_buffer;

static uint32_t point_count(const muster_network_data *net, uint32_t edge) {
    return net->edge_first_point[edge + 1] - net->edge_first_point[edge] + 2;
}

static bool allocate(line_buffer *line, const muster_network_data *net) {
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        if (point_count(net, e) > line->capacity) line->capacity = point_count(net, e);
    }
    const size_t count = line->capacity > 0 ? line->capacity : 1;
    line->lon_deg      = malloc(count * sizeof *line->lon_deg);
    line->lat_deg      = malloc(count * sizeof *line->lat_deg);
    return line->lon_deg && line->lat_deg;
}

static void add_edge(polyline_writer *writer, line_buffer *line, const muster_network_data *net,
                     uint32_t edge) {
    const uint32_t count = point_count(net, edge), first = net->edge_first_point[edge];
    const uint32_t source = net->edge_source[edge], target = net->edge_target[edge];
    line->lon_deg[0] = net->node_lon_deg[source];
    line->lat_deg[0] = net->node_lat_deg[source];
    for (uint32_t i = 1; i + 1 < count; ++i) {
        line->lon_deg[i] = net->point_lon_deg[first + i - 1];
        line->lat_deg[i] = net->point_lat_deg[first + i - 1];
    }
    line->lon_deg[count - 1] = net->node_lon_deg[target];
    line->lat_deg[count - 1] = net->node_lat_deg[target];
    polyline_add(writer, count, line->lon_deg, line->lat_deg);
}

/* The lines as a JSON string; the writer is empty afterwards. */
static json_t *take_lines(polyline_writer *writer) {
    char   *text = polyline_base64(writer);
    json_t *json = text ? json_string(text) : NULL;
    free(text);
    polyline_fini(writer);
    return json;
}

static bool add_class(json_t *roads, line_buffer *line, const muster_network_data *net,
                      muster_road_class road_class) {
    polyline_writer writer = {0};
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        if (net->edge_class[e] == road_class) add_edge(&writer, line, net, e);
    }
    const bool is_empty = writer.size == 0 && !writer.is_out_of_memory;
    return is_empty ||
           json_object_set_new(roads, muster_road_class_name(road_class), take_lines(&writer)) == 0;
}

static bool is_main(muster_road_class road_class) {
    return road_class >= MUSTER_ROAD_MOTORWAY && road_class <= MUSTER_ROAD_TERTIARY_LINK;
}

static json_t *roads_new(const muster_network *network, bool main_only) {
    const muster_network_data *net   = muster_network_view(network);
    json_t                    *roads = json_object();
    line_buffer                line  = {0};
    bool                       ok    = roads && allocate(&line, net);
    for (int c = 0; ok && c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        if (main_only && !is_main((muster_road_class)c)) continue;
        ok = add_class(roads, &line, net, (muster_road_class)c);
    }
    free(line.lon_deg);
    free(line.lat_deg);
    if (ok) return roads;
    json_decref(roads);
    return NULL;
}

json_t *report_roads_new(const muster_network *network) {
    return roads_new(network, false);
}

json_t *report_main_roads_new(const muster_network *network) {
    return roads_new(network, true);
}

/* ---- water --------------------------------------------------------------------------- */

/* The shapes of one layer, sorted by what decides the order of drawing. */
typedef struct shape_list {
    uint32_t                 count;
    const muster_map_shape **shape;
} shape_list;

static long width_m(const muster_map_shape *shape) {
    return lround((double)shape->width_m);
}

/* Only one of width and depth is told apart within a layer; rows of the file come last. */
static int compare_shapes(const void *a, const void *b) {
    const muster_map_shape *x = *(const muster_map_shape *const *)a;
    const muster_map_shape *y = *(const muster_map_shape *const *)b;
    if (width_m(x) != width_m(y)) return width_m(x) < width_m(y) ? -1 : 1;
    if (x->depth_m < y->depth_m || x->depth_m > y->depth_m) return x->depth_m < y->depth_m ? -1 : 1;
    return x->first_part < y->first_part ? -1 : x->first_part > y->first_part;
}

/* Of hazards water alone: it is what the roads in the report are under. */
static bool is_drawn(const muster_map_shape *shape) {
    return shape->layer != MUSTER_MAP_HAZARD || strcmp(shape->class_name, "flood") == 0;
}

static bool list_layer(shape_list *out, const muster_map_data *map, muster_map_layer layer) {
    out->count = 0;
    out->shape = malloc((map->shape_count + 1) * sizeof(void *));
    if (!out->shape) return false;
    for (uint32_t s = 0; s < map->shape_count; ++s) {
        if (map->shape[s].layer == layer && is_drawn(&map->shape[s])) {
            out->shape[out->count++] = &map->shape[s];
        }
    }
    qsort(out->shape, out->count, sizeof(void *), compare_shapes);
    return true;
}

static void add_shape(polyline_writer *writer, const muster_map_data *map,
                      const muster_map_shape *shape) {
    for (uint32_t p = shape->first_part; p < shape->first_part + shape->part_count; ++p) {
        const uint32_t first = map->part_first_point[p];
        polyline_add(writer, map->part_first_point[p + 1] - first, map->point_lon_deg + first,
                     map->point_lat_deg + first);
    }
}

static json_t *polygons_new(const muster_map_data *map, muster_map_layer layer) {
    polyline_writer writer = {0};
    shape_list      list;
    json_t         *rings = json_array(), *depth_m = json_array();
    bool            ok = list_layer(&list, map, layer) && rings && depth_m;
    for (uint32_t i = 0; ok && i < list.count; ++i) {
        add_shape(&writer, map, list.shape[i]);
        ok = json_array_append_new(rings, json_integer(list.shape[i]->part_count)) == 0 &&
             json_array_append_new(depth_m, json_real((double)list.shape[i]->depth_m)) == 0;
    }
    free(list.shape);
    json_t *lines = take_lines(&writer);
    if (!ok) {
        json_decref(lines);
        lines = NULL;
    }
    return json_pack("{s:o, s:o, s:o}", "lines", lines, "rings", rings, "depth_m", depth_m);
}

/* Shapes of the list from *at on that are equally wide; *at moves behind them. */
static json_t *equally_wide_new(const muster_map_data *map, const shape_list *list, uint32_t *at) {
    polyline_writer writer = {0};
    const long      width  = width_m(list->shape[*at]);
    for (; *at < list->count && width_m(list->shape[*at]) == width; ++*at) {
        add_shape(&writer, map, list->shape[*at]);
    }
    return json_pack("{s:I, s:o}", "width_m", (json_int_t)width, "lines", take_lines(&writer));
}

static json_t *waterways_new(const muster_map_data *map) {
    shape_list list;
    json_t    *ways = json_array();
    bool       ok   = list_layer(&list, map, MUSTER_MAP_WATERWAY) && ways;
    for (uint32_t at = 0; ok && at < list.count;) {
        ok = json_array_append_new(ways, equally_wide_new(map, &list, &at)) == 0;
    }
    free(list.shape);
    if (ok) return ways;
    json_decref(ways);
    return NULL;
}

json_t *report_water_new(const muster_map *map) {
    const muster_map_data *data = muster_map_view(map);
    return json_pack("{s:o, s:o, s:o}", "areas", polygons_new(data, MUSTER_MAP_WATER_AREA),
                     "floods", polygons_new(data, MUSTER_MAP_HAZARD), "ways", waterways_new(data));
}

/* ---- hazards ------------------------------------------------------------------------- */

static json_t *areas_new(const muster_multipolygon *area, json_t *rings) {
    polyline_writer writer = {0};
    for (uint32_t p = 0; p < area->polygon_count; ++p) {
        const uint32_t first_ring = area->first_ring[p], end = area->first_ring[p + 1];
        for (uint32_t r = first_ring; r < end; ++r) {
            const uint32_t first = area->first_point[r];
            polyline_add(&writer, area->first_point[r + 1] - first, area->lon_deg + first,
                         area->lat_deg + first);
        }
        json_array_append_new(rings, json_integer(end - first_ring));
    }
    return take_lines(&writer);
}

/* Lines as they are, and the edges' own. */
static json_t *closed_lines_new(const muster_hazard *h, line_buffer *line,
                                const muster_network_data *net) {
    polyline_writer     writer = {0};
    const muster_lines *l      = &h->lines;
    for (uint32_t i = 0; i < l->line_count; ++i) {
        const uint32_t first = l->first_point[i];
        polyline_add(&writer, l->first_point[i + 1] - first, l->lon_deg + first,
                     l->lat_deg + first);
    }
    for (uint32_t i = 0; i < h->edge_count; ++i) {
        uint32_t e = 0;
        while (e < net->edge_count && net->edge_id[e] != h->edge_id[i]) ++e;
        if (e < net->edge_count) add_edge(&writer, line, net, e);
    }
    return take_lines(&writer);
}

static json_t *points_new(const muster_points *p) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < p->point_count; ++i) {
        json_array_append_new(list, json_pack("[f, f]", p->lon_deg[i], p->lat_deg[i]));
    }
    return list;
}

static json_t *number_or_null(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

/* null for what has no beginning, or no end. */
static json_t *moment_new(int64_t moment_s) {
    char text[MUSTER_MOMENT_BYTES];
    if (moment_s == MUSTER_MOMENT_FIRST || moment_s == MUSTER_MOMENT_LAST) return json_null();
    return json_string(muster_moment_text(text, moment_s));
}

static json_t *hazard_new(const muster_hazard *h, line_buffer *line,
                          const muster_network_data *net) {
    const bool is_flood = h->kind == MUSTER_HAZARD_FLOOD;
    json_t    *rings    = json_array();
    json_t    *areas    = areas_new(&h->area, rings);
    return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
                     muster_hazard_kind_name((muster_hazard_kind)h->kind), "code", h->code, "name",
                     h->name, "severity", muster_severity_name((muster_severity)h->severity),
                     "depth_m", is_flood ? number_or_null(h->depth_m) : json_null(), "wind_force",
                     h->wind_force, "speed_factor", number_or_null(h->speed_factor), "starts_at",
                     moment_new(h->starts_at_s), "ends_at", moment_new(h->ends_at_s), "areas",
                     areas, "rings", rings, "lines", closed_lines_new(h, line, net), "points",
                     points_new(&h->points));
}

json_t *report_hazards_new(const muster_hazards *hazards, const muster_network *network) {
    const muster_network_data *net    = muster_network_view(network);
    json_t                    *list   = json_array();
    line_buffer                line   = {0};
    uint32_t                   count  = 0;
    const muster_hazard       *hazard = hazards ? muster_hazards_list(hazards, &count) : NULL;
    bool                       ok     = list && allocate(&line, net);
    for (uint32_t i = 0; ok && i < count; ++i) {
        ok = json_array_append_new(list, hazard_new(&hazard[i], &line, net)) == 0;
    }
    free(line.lon_deg);
    free(line.lat_deg);
    if (ok) return list;
    json_decref(list);
    return NULL;
}

/* ---- routes -------------------------------------------------------------------------- */

static json_t *start_of(const plan_view *view, uint32_t assignment) {
    const muster_assignment *go = &view->assignment[assignment];
    const muster_unit       *unit =
        muster_problem_unit(view->problem, (muster_resource)go->resource, go->index);
    return json_pack("[f, f]", unit->site.lon_deg, unit->site.lat_deg);
}

json_t *report_routes_new(const plan_view *view, const plan_routes *routes) {
    polyline_writer writer        = {0};
    json_t         *of_assignment = json_array(), *start = json_array();
    bool            ok = of_assignment && start;
    for (uint32_t r = 0; r < routes->route_count; ++r) {
        polyline_add(&writer, muster_route_point_count(routes->route[r]),
                     muster_route_lon_deg(routes->route[r]),
                     muster_route_lat_deg(routes->route[r]));
    }
    for (uint32_t i = 0; ok && i < view->assignment_count; ++i) {
        const uint32_t r = routes->of_assignment[i];
        ok               = json_array_append_new(of_assignment,
                                   r == MUSTER_NONE ? json_null() : json_integer(r)) == 0 &&
             json_array_append_new(start, start_of(view, i)) == 0;
    }
    json_t *lines = take_lines(&writer);
    if (!ok) {
        json_decref(of_assignment);
        of_assignment = NULL;
    }
    return json_pack("{s:o, s:o, s:o}", "lines", lines, "of_assignment", of_assignment, "start",
                     start);
}
