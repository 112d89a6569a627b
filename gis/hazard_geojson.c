/* Hazards as people draw them: GeoJSON (RFC 7946), a feature each. docs/hazards.md tells the
 * properties; those that are not known are left alone, for drawing programs add theirs.
 *
 * Of its kind a feature is an area, or an area is made of it: a plume from its source, a typhoon's
 * winds from its track. Whatever is wrong is named by file, feature (counted from 1) and property. */
#include <muster/hazard.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/hazards.h"
#include "gis/json_document.h"
#include "gis/memory.h"
#include "gis/utf8.h"

enum { CODE_BYTES = 300, SOURCE_BYTES = 300, SHOWN_BYTES = 80, TEXT_BYTES = 500, FILE_BYTES = 160 };

static const double M_PER_KM = 1000;

typedef struct feature_reader {
    muster_hazards *hazards;
    const char     *path;
    size_t          feature; /* from 1 */
    const json_t   *properties;
    const json_t   *coordinates;
    const char     *type; /* of the geometry; "" where there is none */
    muster_hazard   about;
    char            code[CODE_BYTES], source[SOURCE_BYTES];
    mu_rings        rings;
} feature_reader;

/* ---- saying what is wrong -------------------------------------------------------------- */

static muster_status refuse(const feature_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static muster_status refuse(const feature_reader *r, const char *format, ...) {
    char    what[TEXT_BYTES], file[FILE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    mu_keep_end(file, sizeof file, r->path);
    return muster_fail(MUSTER_E_INVALID, "\"%s\", feature %zu: %s", file, r->feature, what);
}

static muster_status refuse_value(const feature_reader *r, const char *key, const json_t *value,
                                  const char *expected) {
    char shown[SHOWN_BYTES];
    mu_json_value_show(shown, sizeof shown, value);
    return refuse(r, "%s is %s; expected %s", key, shown, expected);
}

/* ---- properties ------------------------------------------------------------------------ */

/* NULL where it is missing or null. */
static const json_t *find(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

static muster_status read_text(const feature_reader *r, const char *key, const char **out) {
    const json_t *value = find(r->properties, key);
    *out                = NULL;
    if (!value) return MUSTER_OK;
    if (!json_is_string(value)) return refuse_value(r, key, value, "a text");
    *out = json_string_value(value);
    return MUSTER_OK;
}

/* A number in its bounds; `*out` stays as it is where it is missing. */
static muster_status read_number(const feature_reader *r, const json_t *object, const char *key,
                                 double least, double most, double *out) {
    const json_t *value  = find(object, key);
    const double  number = json_number_value(value);
    char          expected[64];
    if (!value) return MUSTER_OK;
    if (json_is_number(value) && number >= least && number <= most) {
        *out = number;
        return MUSTER_OK;
    }
    snprintf(expected, sizeof expected, "a number from %.10g to %.10g", least, most);
    return refuse_value(r, key, value, expected);
}

static muster_status read_moment(const feature_reader *r, const json_t *object, const char *key,
                                 int64_t *out_s) {
    const json_t *value = find(object, key);
    if (!value) return MUSTER_OK;
    if (json_is_string(value) && muster_moment_parse(json_string_value(value), out_s)) {
        return MUSTER_OK;
    }
    return refuse_value(r, key, value,
                        "ISO 8601 with Z or an offset, as in 2026-07-01T14:30:00+08:00");
}

/* ---- what is known of every hazard ----------------------------------------------------- */

static muster_status read_code(feature_reader *r) {
    const char *code;
    char        file[FILE_BYTES];
    MU_TRY(read_text(r, "code", &code));
    mu_keep_end(file, sizeof file, r->path);
    snprintf(r->source, sizeof r->source, "\"%s\", feature %zu", file, r->feature);
    if (code && strlen(code) >= sizeof r->code) {
        return refuse(r, "code has %zu bytes; expected at most %d", strlen(code), CODE_BYTES - 1);
    }
    if (code) {
        snprintf(r->code, sizeof r->code, "%s", code);
    } else {
        snprintf(r->code, sizeof r->code, "%s#%zu", file, r->feature);
    }
    r->about.code   = r->code;
    r->about.source = r->source;
    return read_text(r, "name", &r->about.name);
}

static muster_status read_words(feature_reader *r) {
    const char *severity, *urgency, *certainty;
    MU_TRY(read_text(r, "severity", &severity));
    MU_TRY(read_text(r, "urgency", &urgency));
    MU_TRY(read_text(r, "certainty", &certainty));
    if (severity) r->about.severity = (uint8_t)muster_severity_from_name(severity);
    if (urgency) r->about.urgency = (uint8_t)muster_urgency_from_name(urgency);
    if (certainty) r->about.certainty = (uint8_t)muster_certainty_from_name(certainty);
    if (severity && r->about.severity == MUSTER_SEVERITY_COUNT) {
        return refuse_value(r, "severity", find(r->properties, "severity"),
                            "minor, moderate, severe or extreme");
    }
    if (urgency && r->about.urgency == MUSTER_URGENCY_COUNT) {
        return refuse_value(r, "urgency", find(r->properties, "urgency"),
                            "immediate, expected, future or past");
    }
    if (!certainty || r->about.certainty < MUSTER_CERTAINTY_COUNT) return MUSTER_OK;
    return refuse_value(r, "certainty", find(r->properties, "certainty"),
                        "observed, likely, possible or unlikely");
}

static muster_status read_about(feature_reader *r) {
    double force = 0;
    MU_TRY(read_code(r));
    MU_TRY(read_words(r));
    MU_TRY(read_moment(r, r->properties, "starts_at", &r->about.starts_at_s));
    MU_TRY(read_moment(r, r->properties, "ends_at", &r->about.ends_at_s));
    MU_TRY(read_number(r, r->properties, "depth_m", 0, 12000, &r->about.depth_m));
    MU_TRY(read_number(r, r->properties, "speed_factor", 0, 1, &r->about.speed_factor));
    MU_TRY(read_number(r, r->properties, "wind_force", 0, MUSTER_WIND_FORCE_MOST, &force));
    r->about.wind_force = (uint8_t)force;
    return MUSTER_OK;
}

/* ---- positions ------------------------------------------------------------------------- */

static muster_status read_position(const feature_reader *r, const json_t *position, double *lon_deg,
                                   double *lat_deg) {
    const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
    *lon_deg = json_number_value(lon);
    *lat_deg = json_number_value(lat);
    if (!json_is_number(lon) || !json_is_number(lat)) {
        return refuse_value(r, "a position", position, "[lon, lat]");
    }
    if (fabs(*lon_deg) <= 180 && fabs(*lat_deg) <= 90) return MUSTER_OK;
    return refuse_value(r, "a position", position,
                        "a longitude from -180 to 180, then a latitude from -90 to 90");
}

/* A list of positions becomes a part. An empty one is a ring that encloses nothing. */
static muster_status read_part(const feature_reader *r, const json_t *list, mu_parts *to) {
    size_t        i;
    const json_t *position;
    double       *lon, *lat;
    if (!json_is_array(list)) return refuse_value(r, "coordinates", list, "a list of positions");
    json_array_foreach(list, i, position) {
        MU_TRY(mu_parts_add_points(to, 1, &lon, &lat));
        MU_TRY(read_position(r, position, lon, lat));
    }
    return mu_parts_end(to);
}

static muster_status read_polygon(feature_reader *r, const json_t *rings) {
    size_t        i;
    const json_t *ring;
    if (!json_is_array(rings)) return refuse_value(r, "coordinates", rings, "a list of rings");
    json_array_foreach(rings, i, ring) {
        MU_TRY(read_part(r, ring, &r->rings.parts));
        const size_t points = json_array_size(ring);
        if (points == 1 || points == 2) {
            return refuse(r, "ring %zu has %zu points; expected 3 or more, or none", i, points);
        }
    }
    return mu_rings_end_polygon(&r->rings);
}

static muster_status read_area(feature_reader *r) {
    size_t        i;
    const json_t *polygon;
    if (strcmp(r->type, "Polygon") == 0) return read_polygon(r, r->coordinates);
    if (!json_is_array(r->coordinates)) {
        return refuse_value(r, "coordinates", r->coordinates, "a list of polygons");
    }
    json_array_foreach(r->coordinates, i, polygon) MU_TRY(read_polygon(r, polygon));
    return MUSTER_OK;
}

static bool is_area(const feature_reader *r) {
    return strcmp(r->type, "Polygon") == 0 || strcmp(r->type, "MultiPolygon") == 0;
}

static muster_status refuse_type(const feature_reader *r, const char *expected) {
    return refuse(r, "a %s has the geometry \"%s\"; expected %s",
                  muster_hazard_kind_name((muster_hazard_kind)r->about.kind), r->type, expected);
}

static muster_status add_area(feature_reader *r) {
    MU_TRY(read_area(r));
    return mu_hazards_add_rings(r->hazards, &r->about, &r->rings);
}

/* ---- closures: areas, lines, points and edges ------------------------------------------ */

/* What a closure's hazard looks into. */
typedef struct closed_roads {
    mu_parts lines, points;
    int64_t *edge_id;
} closed_roads;

static bool is_type(const feature_reader *r, const char *one, const char *several) {
    return strcmp(r->type, one) == 0 || strcmp(r->type, several) == 0;
}

static muster_status read_lines(const feature_reader *r, mu_parts *lines) {
    size_t        i;
    const json_t *line;
    if (strcmp(r->type, "LineString") == 0) return read_part(r, r->coordinates, lines);
    if (!json_is_array(r->coordinates)) {
        return refuse_value(r, "coordinates", r->coordinates, "a list of lines");
    }
    json_array_foreach(r->coordinates, i, line) MU_TRY(read_part(r, line, lines));
    return lines->count > 0 ? MUSTER_OK : refuse(r, "there are no lines in it");
}

static muster_status read_points(const feature_reader *r, mu_parts *points) {
    double *lon_deg, *lat_deg;
    if (strcmp(r->type, "Point") == 0) {
        MU_TRY(mu_parts_add_points(points, 1, &lon_deg, &lat_deg));
        return read_position(r, r->coordinates, lon_deg, lat_deg);
    }
    MU_TRY(read_part(r, r->coordinates, points));
    return points->point_count > 0 ? MUSTER_OK : refuse(r, "there are no points in it");
}

static muster_status read_edges(const feature_reader *r, muster_hazard *h, int64_t **edge_id) {
    const json_t *value = find(r->properties, "edges"), *edge;
    const size_t  count = json_array_size(value);
    size_t        i;
    if (value && !json_is_array(value))
        return refuse_value(r, "edges", value, "a list of edge ids");
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_gis_alloc(edge_id, count, sizeof **edge_id));
    json_array_foreach(value, i, edge) {
        if (!json_is_integer(edge)) return refuse_value(r, "edges", edge, "whole numbers");
        (*edge_id)[i] = json_integer_value(edge);
    }
    h->edge_count = (uint32_t)count;
    h->edge_id    = *edge_id;
    return MUSTER_OK;
}

/* Edges need no geometry. */
static muster_status read_where(feature_reader *r, const muster_hazard *h, closed_roads *roads) {
    if (is_area(r)) return read_area(r);
    if (is_type(r, "LineString", "MultiLineString")) return read_lines(r, &roads->lines);
    if (is_type(r, "Point", "MultiPoint")) return read_points(r, &roads->points);
    if (h->edge_count > 0 && *r->type == 0) return MUSTER_OK;
    return refuse_type(r, "a Polygon, a LineString, a Point or several of one kind, or edges");
}

static muster_status add_roads(feature_reader *r, closed_roads *roads) {
    muster_hazard   h = r->about;
    const mu_parts *l = &roads->lines, *p = &roads->points;
    MU_TRY(read_edges(r, &h, &roads->edge_id));
    MU_TRY(read_where(r, &h, roads));
    h.lines  = (muster_lines){l->count, l->first_point, l->lon_deg, l->lat_deg};
    h.points = (muster_points){p->point_count, p->lon_deg, p->lat_deg};
    return mu_hazards_add_rings(r->hazards, &h, &r->rings);
}

static muster_status add_closure(feature_reader *r) {
    closed_roads        roads  = {0};
    const muster_status status = add_roads(r, &roads);
    mu_parts_fini(&roads.lines);
    mu_parts_fini(&roads.points);
    mu_gis_free(roads.edge_id);
    return status;
}

/* ---- plumes ---------------------------------------------------------------------------- */

static muster_status read_half_angle(const feature_reader *r, double *out_deg) {
    const char *stability;
    *out_deg = NAN;
    MU_TRY(read_text(r, "stability", &stability));
    if (stability) {
        *out_deg = strlen(stability) == 1 ? muster_plume_half_angle_deg(*stability) : NAN;
        if (isnan(*out_deg)) {
            return refuse_value(r, "stability", find(r->properties, "stability"),
                                "one of A to F (Pasquill)");
        }
    }
    MU_TRY(read_number(r, r->properties, "half_angle_deg", 0, 180, out_deg));
    if (*out_deg > 0) return MUSTER_OK;
    return refuse(r, "a plume has neither stability nor half_angle_deg; expected A to F, or more "
                     "than 0 degrees");
}

static muster_status require(const feature_reader *r, const char *key, double value) {
    return isnan(value) ? refuse(r, "a plume has no %s; expected a number", key) : MUSTER_OK;
}

static muster_status add_plume(feature_reader *r) {
    muster_plume p = {.wind_from_deg = NAN, .distance_m = NAN};
    if (is_area(r)) return add_area(r);
    if (strcmp(r->type, "Point") != 0) return refuse_type(r, "a Point, its source, or a Polygon");
    MU_TRY(read_position(r, r->coordinates, &p.lon_deg, &p.lat_deg));
    MU_TRY(read_number(r, r->properties, "wind_from_deg", 0, 360, &p.wind_from_deg));
    MU_TRY(read_number(r, r->properties, "distance_m", 1, 1000000, &p.distance_m));
    MU_TRY(read_number(r, r->properties, "isolation_m", 0, 1000000, &p.isolation_m));
    MU_TRY(require(r, "wind_from_deg", p.wind_from_deg));
    MU_TRY(require(r, "distance_m", p.distance_m));
    MU_TRY(read_half_angle(r, &p.half_angle_deg));
    return muster_hazards_add_plume(r->hazards, &r->about, &p);
}

/* ---- typhoons -------------------------------------------------------------------------- */

/* One number, or four: north-east, south-east, south-west, north-west. */
static muster_status read_radii(const feature_reader *r, const json_t *object, const char *key,
                                double out_m[MUSTER_QUADRANTS]) {
    const json_t *value   = find(object, key);
    const bool    is_list = json_is_array(value) && json_array_size(value) == MUSTER_QUADRANTS;
    if (!value) return MUSTER_OK;
    for (size_t q = 0; q < MUSTER_QUADRANTS; ++q) {
        const json_t *radius = is_list ? json_array_get(value, q) : value;
        out_m[q]             = json_number_value(radius) * M_PER_KM;
        if (json_is_number(radius) && out_m[q] >= 0) continue;
        return refuse_value(r, key, value,
                            "kilometres: one number, or four (north-east, south-east, south-west, "
                            "north-west)");
    }
    return MUSTER_OK;
}

static muster_status read_track_point(const feature_reader *r, size_t index,
                                      const json_t *properties, muster_track_point *out) {
    static const char *const RADII[MUSTER_WIND_CIRCLES] = {"radius_7_km", "radius_10_km",
                                                           "radius_12_km"};
    *out = (muster_track_point){.at_s = MUSTER_MOMENT_FIRST};
    MU_TRY(read_position(r, json_array_get(r->coordinates, index), &out->lon_deg, &out->lat_deg));
    MU_TRY(read_moment(r, properties, "at", &out->at_s));
    if (out->at_s == MUSTER_MOMENT_FIRST) {
        return refuse(r, "point %zu of the track has no \"at\"; expected a moment", index + 1);
    }
    for (int c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        MU_TRY(read_radii(r, properties, RADII[c], out->radius_m[c]));
    }
    return MUSTER_OK;
}

static muster_status read_track(feature_reader *r, const json_t *list, muster_track_point *point) {
    size_t        i;
    const json_t *properties;
    json_array_foreach(list, i, properties) {
        MU_TRY(read_track_point(r, i, properties, &point[i]));
    }
    const muster_track  track  = {r->about.code,
                                  r->about.name,
                                  r->about.source,
                                  r->about.severity,
                                  (uint32_t)json_array_size(list),
                                  point};
    const muster_status status = muster_hazards_add_track(r->hazards, &track);
    return status == MUSTER_E_INVALID ? refuse(r, "%s", muster_error_message()) : status;
}

static muster_status add_typhoon(feature_reader *r) {
    const json_t       *list  = find(r->properties, "track");
    const size_t        count = json_array_size(r->coordinates);
    muster_track_point *point;
    if (strcmp(r->type, "LineString") != 0 && strcmp(r->type, "MultiPoint") != 0) {
        return refuse(r, "a typhoon has the geometry \"%s\"; expected a LineString or a MultiPoint",
                      r->type);
    }
    if (!json_is_array(list) || json_array_size(list) != count || count == 0 ||
        count > UINT32_MAX) {
        return refuse(r, "track has %zu entries and the geometry %zu points; expected one for each",
                      json_array_size(list), count);
    }
    MU_TRY(mu_gis_alloc(&point, count, sizeof *point));
    const muster_status status = read_track(r, list, point);
    mu_gis_free(point);
    return status;
}

/* ---- features -------------------------------------------------------------------------- */

static const char EXPECTED_KINDS[] = "flood, wind, plume, closure, alert or typhoon";

static muster_status add_by_kind(feature_reader *r) {
    switch (r->about.kind) {
    case MUSTER_HAZARD_PLUME:
        return add_plume(r);
    case MUSTER_HAZARD_CLOSURE:
        return add_closure(r);
    default:
        return is_area(r) ? add_area(r) : refuse_type(r, "a Polygon or a MultiPolygon");
    }
}

static muster_status read_feature(feature_reader *r, const json_t *feature) {
    static const muster_hazard NOTHING  = MUSTER_HAZARD_INIT;
    const json_t              *geometry = json_object_get(feature, "geometry");
    const char                *kind, *type = json_string_value(json_object_get(geometry, "type"));
    ++r->feature;
    r->about       = NOTHING;
    r->properties  = json_object_get(feature, "properties");
    r->coordinates = json_object_get(geometry, "coordinates");
    r->type        = type ? type : "";
    mu_rings_clear(&r->rings);
    MU_TRY(read_about(r));
    MU_TRY(read_text(r, "kind", &kind));
    if (kind && strcmp(kind, "typhoon") == 0) return add_typhoon(r);
    r->about.kind = (uint8_t)(kind ? muster_hazard_kind_from_name(kind) : MUSTER_HAZARD_KIND_COUNT);
    if (r->about.kind == MUSTER_HAZARD_KIND_COUNT) {
        return refuse_value(r, "kind", find(r->properties, "kind"), EXPECTED_KINDS);
    }
    if (r->about.kind == MUSTER_HAZARD_WIND && r->about.wind_force == 0 &&
        isnan(r->about.speed_factor)) {
        return refuse(r, "a wind has neither wind_force nor speed_factor; expected one of them");
    }
    return add_by_kind(r);
}

static muster_status read_document(feature_reader *r, const json_t *document) {
    size_t        i;
    const json_t *feature, *features = json_object_get(document, "features");
    const char   *type = json_string_value(json_object_get(document, "type"));
    char          file[FILE_BYTES];
    if (type && strcmp(type, "Feature") == 0) return read_feature(r, document);
    if (!type || strcmp(type, "FeatureCollection") != 0 || !json_is_array(features)) {
        mu_keep_end(file, sizeof file, r->path);
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" has no GeoJSON features; expected a FeatureCollection or a "
                           "Feature",
                           file);
    }
    json_array_foreach(features, i, feature) MU_TRY(read_feature(r, feature));
    return MUSTER_OK;
}

/* ---- the file -------------------------------------------------------------------------- */

muster_status muster_hazards_add_geojson(muster_hazards *hazards, const char *path) {
    feature_reader r = {.hazards = hazards, .path = path};
    json_t        *document;
    MU_TRY(mu_json_document_read(&document, path));
    const muster_status status = read_document(&r, document);
    json_decref(document);
    mu_rings_fini(&r.rings);
    return status;
}
