/* One feature after the other becomes calls of muster_closure. What is wrong is said with the
 * file and the number of the feature, counted from 1; the library says the rest. */
#include "cli/closures_file.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/geojson_crs.h"
#include "cli/json_file.h"

typedef struct reader {
    muster_closure   *closure;
    closure_list     *list;
    const char       *path;
    coordinate_system system;
    muster_extent     extent; /* of the network */
    unsigned          allowed;
    double            depth_m;
    size_t            feature; /* from 1 */
    const json_t     *properties;
} reader;

static int fail(const reader *r, const char *what, const char *expected) {
    return command_fail(COMMAND_BAD_INPUT, "%s: feature %zu: %s; expected %s", r->path, r->feature,
                        what, expected);
}

/* The library's failure, with the place in the file before it. */
static int check(const reader *r, muster_status status) {
    if (status == MUSTER_OK) return COMMAND_DONE;
    if (status != MUSTER_E_INVALID) return command_fail_status(status);
    return command_fail(COMMAND_BAD_INPUT, "%s: feature %zu: %s", r->path, r->feature,
                        muster_error_message());
}

/* ---- coordinates ------------------------------------------------------------------------- */

typedef struct points {
    uint32_t count;
    double  *lon_deg, *lat_deg;
} points;

static void points_fini(points *p) {
    free(p->lon_deg);
    free(p->lat_deg);
    *p = (points){0};
}

static bool take_position(points *to, const json_t *position) {
    const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
    if (!json_is_number(lon) || !json_is_number(lat)) return false;
    to->lon_deg[to->count]   = json_number_value(lon);
    to->lat_deg[to->count++] = json_number_value(lat);
    return true;
}

static int fail_swapped(const reader *r, double lon_deg, double lat_deg) {
    char expected[EXTENT_TEXT_BYTES];
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: feature %zu: longitude %.10g, latitude %.10g looks swapped: %s; give "
                        "--swap, or fix the file",
                        r->path, r->feature, lon_deg, lat_deg, extent_text(expected, &r->extent));
}

/* Positions as they stand in the file become WGS 84. An area or a line may lie anywhere, but not all
 * of it where the network would be if longitude and latitude changed places. */
static int convert(const reader *r, points *to, uint32_t first) {
    const uint32_t count   = to->count - first;
    double        *lon_deg = to->lon_deg + first, *lat_deg = to->lat_deg + first;
    uint32_t       swapped = 0;
    const int      code = check(r, coordinate_system_convert(&r->system, count, lon_deg, lat_deg));
    if (code != COMMAND_DONE) return code;
    for (uint32_t i = 0; i < count; ++i) {
        swapped +=
            muster_extent_look(&r->extent, lon_deg[i], lat_deg[i]) == MUSTER_POSITION_SWAPPED;
    }
    return count > 0 && swapped == count ? fail_swapped(r, lon_deg[0], lat_deg[0]) : COMMAND_DONE;
}

/* Room for `count` positions, to be taken one list after the other. */
static int points_init(points *p, size_t count) {
    *p = (points){.lon_deg = malloc(count * sizeof(double) + 1),
                  .lat_deg = malloc(count * sizeof(double) + 1)};
    if (p->lon_deg && p->lat_deg && count < UINT32_MAX) return COMMAND_DONE;
    points_fini(p);
    return command_fail(COMMAND_ENVIRONMENT, "out of memory for %zu positions", count);
}

static int take_positions(const reader *r, points *to, const json_t *list) {
    const uint32_t first = to->count;
    size_t         i;
    const json_t  *position;
    json_array_foreach(list, i, position) {
        if (take_position(to, position)) continue;
        return fail(r, "a position is no pair of numbers", "[lon, lat]");
    }
    return convert(r, to, first);
}

/* ---- geometries -------------------------------------------------------------------------- */

static int close_line(const reader *r, const json_t *coordinates) {
    points line;
    int    code = points_init(&line, json_array_size(coordinates));
    if (code != COMMAND_DONE) return code;
    code = take_positions(r, &line, coordinates);
    if (code == COMMAND_DONE) {
        code = check(r, muster_closure_line(r->closure, line.count, line.lon_deg, line.lat_deg));
    }
    points_fini(&line);
    return code;
}

static int close_point(const reader *r, const json_t *coordinates) {
    double lon_deg, lat_deg;
    points site = {0, &lon_deg, &lat_deg};
    if (!take_position(&site, coordinates)) {
        return fail(r, "a position is no pair of numbers", "[lon, lat]");
    }
    const int converted = convert(r, &site, 0);
    if (converted != COMMAND_DONE) return converted;
    return check(r, muster_closure_points(r->closure, 1, &lon_deg, &lat_deg));
}

/* The number of a property; `missing` where there is none. */
static int take_number(const reader *r, const char *name, double missing, double *out) {
    const json_t *value = json_object_get(r->properties, name);
    *out                = missing;
    if (!value || json_is_null(value)) return COMMAND_DONE;
    if (!json_is_number(value)) return fail(r, name, "a number as its value");
    *out = json_number_value(value);
    return COMMAND_DONE;
}

static int treat_area(const reader *r, const muster_polygon *area) {
    double depth_m, speed_factor;
    int    code = take_number(r, "speed_factor", NAN, &speed_factor);
    if (code == COMMAND_DONE) code = take_number(r, "depth_m", NAN, &depth_m);
    if (code != COMMAND_DONE) return code;
    if (!isnan(speed_factor)) {
        code = check(r, muster_closure_slow(r->closure, area, 0, speed_factor));
        if (code != COMMAND_DONE || isnan(depth_m)) return code;
    }
    return check(r, muster_closure_flood(r->closure, area, isnan(depth_m) ? r->depth_m : depth_m));
}

static int treat_rings(const reader *r, const json_t *rings, points *all, uint32_t *first) {
    size_t        i;
    const json_t *ring;
    json_array_foreach(rings, i, ring) {
        first[i]       = all->count;
        const int code = take_positions(r, all, ring);
        if (code != COMMAND_DONE) return code;
    }
    first[json_array_size(rings)] = all->count;
    const muster_polygon area     = {(uint32_t)json_array_size(rings), first, all->lon_deg,
                                     all->lat_deg};
    return treat_area(r, &area);
}

static int treat_polygon(const reader *r, const json_t *rings) {
    size_t        i, count = 0;
    const json_t *ring;
    points        all;
    json_array_foreach(rings, i, ring) count += json_array_size(ring);
    int code = points_init(&all, count);
    if (code != COMMAND_DONE) return code;
    uint32_t *first = malloc((json_array_size(rings) + 1) * sizeof *first);
    code            = first ? treat_rings(r, rings, &all, first)
                            : command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->path);
    free(first);
    points_fini(&all);
    return code;
}

typedef int (*treatment)(const reader *r, const json_t *coordinates);

static const struct kind {
    const char *name, *many;
    unsigned    bit;
    treatment   treat;
} KINDS[] = {{"Point", "MultiPoint", CLOSURES_POINTS, close_point},
             {"LineString", "MultiLineString", CLOSURES_LINES, close_line},
             {"Polygon", "MultiPolygon", CLOSURES_POLYGONS, treat_polygon}};

static const char *expected_kinds(unsigned allowed) {
    if (allowed == CLOSURES_LINES) return "a LineString or MultiLineString";
    if (allowed == CLOSURES_POLYGONS) return "a Polygon or MultiPolygon";
    return "a Point, LineString or Polygon, or several of one kind";
}

static int treat_all(const reader *r, treatment treat, const json_t *list) {
    size_t        i;
    const json_t *one;
    json_array_foreach(list, i, one) {
        const int code = treat(r, one);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

static int treat_geometry(const reader *r, const json_t *geometry) {
    const char   *type        = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    for (size_t k = 0; type && k < sizeof KINDS / sizeof *KINDS; ++k) {
        const bool is_one = strcmp(type, KINDS[k].name) == 0;
        if ((!is_one && strcmp(type, KINDS[k].many) != 0) || !(KINDS[k].bit & r->allowed)) continue;
        if (!json_is_array(coordinates)) return fail(r, "no coordinates", "an array of them");
        return is_one ? KINDS[k].treat(r, coordinates) : treat_all(r, KINDS[k].treat, coordinates);
    }
    return fail(r, type ? type : "no geometry", expected_kinds(r->allowed));
}

/* ---- files ------------------------------------------------------------------------------- */

/* A number of its own, under which all that the feature closes can be named later. */
static int number_feature(const reader *r) {
    const char *name = json_string_value(json_object_get(r->properties, "name"));
    const int   code = closure_list_add(r->list, r->path, r->feature, name);
    if (code == COMMAND_DONE) muster_closure_set_cause(r->closure, r->list->count);
    return code;
}

static int treat_feature(reader *r, const json_t *feature) {
    ++r->feature;
    r->properties  = json_object_get(feature, "properties");
    const int code = number_feature(r);
    return code == COMMAND_DONE ? treat_geometry(r, json_object_get(feature, "geometry")) : code;
}

static int treat_document(reader *r, const json_t *document) {
    size_t        i;
    const json_t *feature, *features = json_object_get(document, "features");
    const char   *type = json_string_value(json_object_get(document, "type"));
    if (type && strcmp(type, "Feature") == 0) return treat_feature(r, document);
    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features)) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: no GeoJSON features; expected a FeatureCollection or a Feature",
                            r->path);
    }
    json_array_foreach(features, i, feature) {
        const int code = treat_feature(r, feature);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

static int find_system_and_treat(reader *r, const json_t *document) {
    muster_crs *own;
    int         code = geojson_crs_read(&own, document, r->path);
    if (code != COMMAND_DONE) return code;
    if (own) r->system.crs = own;
    code = treat_document(r, document);
    muster_crs_free(own);
    return code;
}

int closures_file_read(const closures_target *target, const char *path,
                       const coordinate_system *system, unsigned allowed, double depth_m) {
    reader    r = {.closure = target->closure,
                   .list    = target->list,
                   .path    = path,
                   .system  = *system,
                   .extent  = muster_network_extent(muster_metric_network(target->metric)),
                   .allowed = allowed,
                   .depth_m = depth_m};
    json_t   *document;
    const int read = json_read(&document, path, "GeoJSON");
    if (read != COMMAND_DONE) return read;
    const int code = find_system_and_treat(&r, document);
    json_decref(document);
    return code;
}
