/* A route for programs: the same facts as JSON and as the properties of a GeoJSON Feature.
 * jansson passes a failed allocation on as NULL, which json_write says. */
#include <math.h>

#include "cli/cut_off.h"
#include "cli/route_answer.h"

/* The library keeps lengths to the centimetre; further digits would only look precise. */
static double to_cm(double length_m) {
    return round(length_m * 100) / 100;
}

static json_t *json_of_roads(const route_answer *answer) {
    json_t *roads = json_array();
    for (uint32_t i = 0; i < answer->road_count; ++i) {
        const route_road *road = &answer->road[i];
        json_array_append_new(roads,
                              json_pack("{s:s?, s:s, s:f}", "name", road->name, "class",
                                        road->class_name, "distance_m", to_cm(road->distance_m)));
    }
    return roads;
}

static json_t *json_of_no_way(const route_answer *answer) {
    return json_pack("{s:s, s:n, s:n, s:o, s:o, s:[], s:o}", "profile", answer->profile,
                     "duration_s", "distance_m", "from", place_json(&answer->end[FROM]), "to",
                     place_json(&answer->end[TO]), "roads", "cut_off",
                     cut_off_json(&answer->why, answer->closures));
}

json_t *route_answer_json(const route_answer *answer) {
    if (answer->closures) return json_of_no_way(answer);
    return json_pack("{s:s, s:f, s:f, s:o, s:o, s:o}", "profile", answer->profile, "duration_s",
                     answer->duration_ms / 1000.0, "distance_m", answer->distance_m, "from",
                     place_json(&answer->end[FROM]), "to", place_json(&answer->end[TO]), "roads",
                     json_of_roads(answer));
}

static json_t *json_of_line(const route_answer *answer) {
    json_t *points = json_array();
    for (uint32_t i = 0; i < answer->point_count; ++i) {
        json_array_append_new(points, json_pack("[f, f]", answer->lon_deg[i], answer->lat_deg[i]));
    }
    return points;
}

json_t *route_answer_geojson(const route_answer *answer) {
    if (answer->closures) {
        return json_pack("{s:s, s:n, s:o}", "type", "Feature", "geometry", "properties",
                         route_answer_json(answer));
    }
    return json_pack("{s:s, s:{s:s, s:o}, s:o}", "type", "Feature", "geometry", "type",
                     "LineString", "coordinates", json_of_line(answer), "properties",
                     route_answer_json(answer));
}
