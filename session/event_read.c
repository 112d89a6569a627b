/* Events from JSON: docs/event.schema.json says the same. What it reads it copies, so that nothing of
 * the document has to stay. */
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/event_fields.h"
#include "session/event_json.h"

struct muster_event_text {
    muster_event  event;
    muster_hazard hazard;
    mu_arena      arena; /* all that the two point to */
};

typedef muster_event_text reader; /* an event in the making */

/* ---- words --------------------------------------------------------------------------------- */

enum { TYPE_END = MUSTER_EVENT_CLAIM_LOST + 1 };

static const char *type_name(unsigned i) {
    return mu_event_fields((uint8_t)i) != 0 ? muster_event_type_name((muster_event_type)i) : NULL;
}
static const char *resource_name(unsigned i) {
    return muster_resource_name((muster_resource)i);
}
static const char *severity_name(unsigned i) {
    return muster_severity_name((muster_severity)i);
}
static const char *command_name(unsigned i) {
    return muster_command_name((muster_command)i);
}
static const char *hazard_kind_name(unsigned i) {
    return muster_hazard_kind_name((muster_hazard_kind)i);
}
static const char *urgency_name(unsigned i) {
    return muster_urgency_name((muster_urgency)i);
}
static const char *certainty_name(unsigned i) {
    return muster_certainty_name((muster_certainty)i);
}

/* ---- objects in it ------------------------------------------------------------------------- */

static muster_status open_object(mu_fields *in, const char *key, mu_fields *out) {
    char    path[MU_PATH_BYTES];
    json_t *value = mu_fields_ask(in, key);
    *out          = (mu_fields){0};
    if (!value) return mu_fields_refuse(in, key, "an object");
    return mu_fields_init(out, mu_fields_path(in, key, path), value);
}

/* An object with a code and nothing else. */
static muster_status read_code(reader *r, mu_fields *in, const char *key, const char **out) {
    mu_fields f;
    MU_TRY(open_object(in, key, &f));
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, out));
    return mu_fields_end(&f);
}

static muster_status read_u32(mu_fields *f, const char *key, uint32_t *out) {
    int64_t value = *out;
    MU_TRY(mu_fields_int(f, key, false, 0, UINT32_MAX, &value));
    *out = (uint32_t)value;
    return MUSTER_OK;
}

/* ---- incidents and needs ------------------------------------------------------------------- */

static muster_status read_place(mu_fields *f, double *lon_deg, double *lat_deg) {
    MU_TRY(mu_fields_real(f, "lon_deg", true, lon_deg));
    return mu_fields_real(f, "lat_deg", true, lat_deg);
}

static muster_status read_incident(reader *r, mu_fields *in) {
    muster_event_incident *i = &r->event.incident;
    mu_fields              f;
    MU_TRY(open_object(in, "incident", &f));
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, &i->code));
    MU_TRY(mu_fields_text(&f, "name", false, &r->arena, &i->name));
    MU_TRY(read_place(&f, &i->lon_deg, &i->lat_deg));
    MU_TRY(
        mu_fields_word(&f, "severity", true, severity_name, MUSTER_SEVERITY_COUNT, &i->severity));
    MU_TRY(mu_fields_int(&f, "deadline_at_ms", false, INT64_MIN, INT64_MAX, &i->deadline_at_ms));
    MU_TRY(read_u32(&f, "on_scene_ms", &i->on_scene_ms));
    MU_TRY(mu_fields_text(&f, "authority", false, &r->arena, &i->authority));
    MU_TRY(mu_fields_flag(&f, "all_or_nothing", false, &i->all_or_nothing));
    return mu_fields_end(&f);
}

static bool has(const mu_fields *f, const char *key) {
    return json_object_get(f->object, key) != NULL;
}

/* A text, or null for none. */
static muster_status read_text_or_null(reader *r, mu_fields *f, const char *key, const char **out) {
    if (!json_is_null(json_object_get(f->object, key))) {
        return mu_fields_text(f, key, false, &r->arena, out);
    }
    (void)mu_fields_ask(f, key);
    return MUSTER_OK;
}

static muster_status read_update(reader *r, mu_fields *in) {
    muster_event_incident *i = &r->event.incident;
    mu_fields              f;
    MU_TRY(open_object(in, "incident", &f));
    const bool has_place = has(&f, "lon_deg") || has(&f, "lat_deg");
    i->set = (has(&f, "name") ? MUSTER_SET_NAME : 0u) | (has_place ? MUSTER_SET_PLACE : 0u) |
             (has(&f, "severity") ? MUSTER_SET_SEVERITY : 0u) |
             (has(&f, "deadline_at_ms") ? MUSTER_SET_DEADLINE : 0u) |
             (has(&f, "on_scene_ms") ? MUSTER_SET_ON_SCENE : 0u) |
             (has(&f, "authority") ? MUSTER_SET_AUTHORITY : 0u) |
             (has(&f, "all_or_nothing") ? MUSTER_SET_ALL_OR_NOTHING : 0u);
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, &i->code));
    MU_TRY(read_text_or_null(r, &f, "name", &i->name));
    MU_TRY(mu_fields_real(&f, "lon_deg", has_place, &i->lon_deg));
    MU_TRY(mu_fields_real(&f, "lat_deg", has_place, &i->lat_deg));
    MU_TRY(
        mu_fields_word(&f, "severity", false, severity_name, MUSTER_SEVERITY_COUNT, &i->severity));
    MU_TRY(mu_fields_int(&f, "deadline_at_ms", false, INT64_MIN, INT64_MAX, &i->deadline_at_ms));
    MU_TRY(read_u32(&f, "on_scene_ms", &i->on_scene_ms));
    MU_TRY(read_text_or_null(r, &f, "authority", &i->authority));
    MU_TRY(mu_fields_flag(&f, "all_or_nothing", false, &i->all_or_nothing));
    return mu_fields_end(&f);
}

static muster_status read_need(reader *r, const char *path, json_t *value, muster_event_need *out) {
    mu_fields f;
    MU_TRY(mu_fields_init(&f, path, value));
    MU_TRY(mu_fields_text(&f, "kind", true, &r->arena, &out->kind));
    MU_TRY(mu_fields_int(&f, "quantity", true, INT64_MIN, INT64_MAX, &out->quantity));
    MU_TRY(mu_fields_int(&f, "minimum", false, INT64_MIN, INT64_MAX, &out->minimum));
    MU_TRY(read_u32(&f, "grade", &out->grade));
    return mu_fields_end(&f);
}

static muster_status read_needs(reader *r, mu_fields *in) {
    muster_event_need *need;
    json_t            *list, *value;
    size_t             i;
    MU_TRY(mu_fields_list(in, "need", true, &list));
    MU_TRY(mu_arena_take(&r->arena, &need, json_array_size(list), sizeof *need));
    json_array_foreach(list, i, value) {
        char path[MU_PATH_BYTES];
        snprintf(path, sizeof path, "need[%zu]", i);
        MU_TRY(read_need(r, path, value, &need[i]));
    }
    r->event.need       = need;
    r->event.need_count = (uint32_t)json_array_size(list);
    return MUSTER_OK;
}

muster_status mu_read_unit(mu_fields *in, mu_arena *arena, muster_event_unit *out) {
    mu_fields f;
    MU_TRY(open_object(in, "unit", &f));
    MU_TRY(
        mu_fields_word(&f, "resource", true, resource_name, MUSTER_RESOURCE_COUNT, &out->resource));
    MU_TRY(mu_fields_text(&f, "code", true, arena, &out->code));
    if (out->resource == MUSTER_ITEM) {
        MU_TRY(mu_fields_text(&f, "kind", false, arena, &out->kind));
    }
    return mu_fields_end(&f);
}

/* ---- points -------------------------------------------------------------------------------- */

/* Points of rings or lines, one behind the other. */
typedef struct points {
    uint32_t  count;
    double   *lon_deg, *lat_deg;
    uint32_t  part_count;
    uint32_t *first_point;
} points;

static muster_status refuse_at(const char *path, size_t part, const json_t *value,
                               const char *expected) {
    return muster_fail(MUSTER_E_INVALID, "%s[%zu] is %s; expected %s", path, part,
                       !value                 ? "missing"
                       : json_is_array(value) ? "another list"
                                              : "no list",
                       expected);
}

/* How many points a list of parts has, so that they are taken in one piece. */
static size_t count_points(const json_t *parts) {
    size_t  i, sum = 0;
    json_t *part;
    json_array_foreach(parts, i, part) sum += json_array_size(part);
    return sum;
}

static muster_status take_points(reader *r, size_t part_count, size_t point_count, points *out) {
    *out = (points){0};
    MU_TRY(mu_arena_take(&r->arena, &out->first_point, part_count + 1, sizeof *out->first_point));
    MU_TRY(mu_arena_take(&r->arena, &out->lon_deg, point_count, sizeof *out->lon_deg));
    return mu_arena_take(&r->arena, &out->lat_deg, point_count, sizeof *out->lat_deg);
}

/* One part: a list of [lon, lat]. */
static muster_status read_part(const char *path, const json_t *list, points *to) {
    size_t  i;
    json_t *point;
    if (!json_is_array(list)) {
        return muster_fail(MUSTER_E_INVALID, "%s is no list; expected [[lon, lat], ...]", path);
    }
    json_array_foreach(list, i, point) {
        const json_t *lon = json_array_get(point, 0), *lat = json_array_get(point, 1);
        if (json_array_size(point) != 2 || !json_is_number(lon) || !json_is_number(lat)) {
            return refuse_at(path, i, point, "two numbers: [lon, lat]");
        }
        to->lon_deg[to->count] = json_number_value(lon) + 0.0;
        to->lat_deg[to->count] = json_number_value(lat) + 0.0;
        ++to->count;
    }
    to->first_point[++to->part_count] = to->count;
    return MUSTER_OK;
}

static muster_status read_parts(const char *path, const json_t *parts, points *to) {
    size_t  i;
    json_t *part;
    if (!json_is_array(parts)) {
        return muster_fail(MUSTER_E_INVALID, "%s is no list; expected [[[lon, lat], ...], ...]",
                           path);
    }
    json_array_foreach(parts, i, part) {
        char inner[MU_PATH_BYTES + 24];
        snprintf(inner, sizeof inner, "%s[%zu]", path, i);
        MU_TRY(read_part(inner, part, to));
    }
    return MUSTER_OK;
}

static muster_status read_places(reader *r, const char *of, mu_fields *f, muster_points *out) {
    char    path[MU_PATH_BYTES];
    json_t *list;
    points  p;
    MU_TRY(mu_fields_list(f, "points", false, &list));
    if (!list) return MUSTER_OK;
    snprintf(path, sizeof path, "%s.points", of);
    MU_TRY(take_points(r, 1, json_array_size(list), &p));
    MU_TRY(read_part(path, list, &p));
    *out = (muster_points){p.count, p.lon_deg, p.lat_deg};
    return MUSTER_OK;
}

static muster_status read_edges(reader *r, const char *of, mu_fields *f, uint32_t *out_count,
                                const int64_t **out) {
    int64_t *id;
    json_t  *list, *value;
    size_t   i;
    MU_TRY(mu_fields_list(f, "edge_id", false, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_arena_take(&r->arena, &id, json_array_size(list), sizeof *id));
    json_array_foreach(list, i, value) {
        if (!json_is_integer(value)) {
            return muster_fail(MUSTER_E_INVALID,
                               "%s.edge_id[%zu] is no integer; expected the id of an edge", of, i);
        }
        id[i] = json_integer_value(value);
    }
    *out       = id;
    *out_count = (uint32_t)json_array_size(list);
    return MUSTER_OK;
}

/* ---- roads --------------------------------------------------------------------------------- */

static muster_status read_line(reader *r, mu_fields *f) {
    json_t *list;
    points  p;
    MU_TRY(mu_fields_list(f, "line", false, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(take_points(r, 1, json_array_size(list), &p));
    MU_TRY(read_part("road.line", list, &p));
    r->event.road.point_count = p.count;
    r->event.road.lon_deg     = p.lon_deg;
    r->event.road.lat_deg     = p.lat_deg;
    return MUSTER_OK;
}

static muster_status read_road_area(reader *r, mu_fields *f) {
    json_t *list;
    points  p;
    MU_TRY(mu_fields_list(f, "area", false, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(take_points(r, json_array_size(list), count_points(list), &p));
    MU_TRY(read_parts("road.area", list, &p));
    r->event.road.area = (muster_polygon){p.part_count, p.first_point, p.lon_deg, p.lat_deg};
    return MUSTER_OK;
}

static muster_status read_road(reader *r, mu_fields *in, bool has_speed) {
    muster_event_road *road = &r->event.road;
    mu_fields          f;
    MU_TRY(open_object(in, "road", &f));
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, &road->code));
    MU_TRY(read_edges(r, "road", &f, &road->edge_count, &road->edge_id));
    MU_TRY(read_line(r, &f));
    MU_TRY(read_places(r, "road", &f, &road->points));
    MU_TRY(read_road_area(r, &f));
    if (has_speed) MU_TRY(mu_fields_real(&f, "speed_factor", true, &road->speed_factor));
    return mu_fields_end(&f);
}

/* ---- hazards ------------------------------------------------------------------------------- */

static muster_status read_hazard_area(reader *r, mu_fields *f) {
    json_t   *list, *polygon;
    points    p;
    uint32_t *first_ring;
    size_t    i, rings = 0, count = 0;
    MU_TRY(mu_fields_list(f, "area", false, &list));
    if (!list) return MUSTER_OK;
    json_array_foreach(list, i, polygon) {
        rings += json_array_size(polygon);
        count += count_points(polygon);
    }
    MU_TRY(mu_arena_take(&r->arena, &first_ring, json_array_size(list) + 1, sizeof *first_ring));
    MU_TRY(take_points(r, rings, count, &p));
    json_array_foreach(list, i, polygon) {
        char path[MU_PATH_BYTES];
        snprintf(path, sizeof path, "hazard.area[%zu]", i);
        MU_TRY(read_parts(path, polygon, &p));
        first_ring[i + 1] = p.part_count;
    }
    r->hazard.area = (muster_multipolygon){
        (uint32_t)json_array_size(list), first_ring, p.first_point, p.lon_deg, p.lat_deg, 0};
    return MUSTER_OK;
}

static muster_status read_hazard_lines(reader *r, mu_fields *f) {
    json_t *list;
    points  p;
    MU_TRY(mu_fields_list(f, "lines", false, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(take_points(r, json_array_size(list), count_points(list), &p));
    MU_TRY(read_parts("hazard.lines", list, &p));
    r->hazard.lines = (muster_lines){p.part_count, p.first_point, p.lon_deg, p.lat_deg};
    return MUSTER_OK;
}

static muster_status read_hazard_values(reader *r, mu_fields *f) {
    muster_hazard *h     = &r->hazard;
    int64_t        force = 0;
    MU_TRY(mu_fields_word(f, "kind", true, hazard_kind_name, MUSTER_HAZARD_KIND_COUNT, &h->kind));
    MU_TRY(
        mu_fields_word(f, "severity", false, severity_name, MUSTER_SEVERITY_COUNT, &h->severity));
    MU_TRY(mu_fields_word(f, "urgency", false, urgency_name, MUSTER_URGENCY_COUNT, &h->urgency));
    MU_TRY(mu_fields_word(f, "certainty", false, certainty_name, MUSTER_CERTAINTY_COUNT,
                          &h->certainty));
    MU_TRY(mu_fields_int(f, "wind_force", false, 0, UINT8_MAX, &force));
    h->wind_force = (uint8_t)force;
    MU_TRY(mu_fields_real(f, "depth_m", false, &h->depth_m));
    MU_TRY(mu_fields_real(f, "speed_factor", false, &h->speed_factor));
    MU_TRY(mu_fields_int(f, "starts_at_s", false, INT64_MIN, INT64_MAX, &h->starts_at_s));
    return mu_fields_int(f, "ends_at_s", false, INT64_MIN, INT64_MAX, &h->ends_at_s);
}

static muster_status read_hazard(reader *r, mu_fields *in) {
    mu_fields f;
    r->hazard       = (muster_hazard)MUSTER_HAZARD_INIT;
    r->event.hazard = &r->hazard;
    MU_TRY(open_object(in, "hazard", &f));
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, &r->hazard.code));
    MU_TRY(mu_fields_text(&f, "name", false, &r->arena, &r->hazard.name));
    MU_TRY(mu_fields_text(&f, "source", false, &r->arena, &r->hazard.source));
    MU_TRY(read_hazard_values(r, &f));
    MU_TRY(read_hazard_area(r, &f));
    MU_TRY(read_hazard_lines(r, &f));
    MU_TRY(read_places(r, "hazard", &f, &r->hazard.points));
    MU_TRY(read_edges(r, "hazard", &f, &r->hazard.edge_count, &r->hazard.edge_id));
    return mu_fields_end(&f);
}

static muster_status read_hazard_code(reader *r, mu_fields *in) {
    r->hazard       = (muster_hazard)MUSTER_HAZARD_INIT;
    r->event.hazard = &r->hazard;
    return read_code(r, in, "hazard", &r->hazard.code);
}

/* ---- rules --------------------------------------------------------------------------------- */

static muster_status read_rule(reader *r, mu_fields *in) {
    muster_event_rule *rule = &r->event.rule;
    mu_fields          f;
    MU_TRY(open_object(in, "rule", &f));
    MU_TRY(mu_fields_text(&f, "code", true, &r->arena, &rule->code));
    MU_TRY(mu_fields_word(&f, "command", true, command_name, MUSTER_COMMAND_COUNT, &rule->command));
    MU_TRY(mu_read_unit(&f, &r->arena, &rule->unit));
    if (rule->command != MUSTER_COMMAND_HOLD) {
        MU_TRY(mu_fields_text(&f, "incident", true, &r->arena, &rule->incident));
    }
    if (rule->command == MUSTER_COMMAND_LOCK || rule->command == MUSTER_COMMAND_FORCE) {
        MU_TRY(mu_fields_text(&f, "need", false, &r->arena, &rule->need));
        MU_TRY(mu_fields_int(&f, "quantity", false, INT64_MIN, INT64_MAX, &rule->quantity));
    }
    return mu_fields_end(&f);
}

/* ---- events -------------------------------------------------------------------------------- */

static muster_status read_subject(reader *r, mu_fields *f, uint32_t has) {
    muster_event *e = &r->event;
    if (has & MU_HAS_INCIDENT) MU_TRY(read_incident(r, f));
    if (has & MU_HAS_INCIDENT_SET) MU_TRY(read_update(r, f));
    if (has & MU_HAS_INCIDENT_CODE) MU_TRY(read_code(r, f, "incident", &e->incident.code));
    if (has & MU_HAS_NEEDS) MU_TRY(read_needs(r, f));
    if (has & MU_HAS_UNIT) MU_TRY(mu_read_unit(f, &r->arena, &e->unit));
    if (has & MU_HAS_ROAD) MU_TRY(read_road(r, f, has & MU_HAS_SPEED));
    if (has & MU_HAS_ROAD_CODE) MU_TRY(read_code(r, f, "road", &e->road.code));
    if (has & MU_HAS_HAZARD) MU_TRY(read_hazard(r, f));
    if (has & MU_HAS_HAZARD_CODE) MU_TRY(read_hazard_code(r, f));
    if (has & MU_HAS_RULE) MU_TRY(read_rule(r, f));
    return has & MU_HAS_RULE_CODE ? read_code(r, f, "rule", &e->rule.code) : MUSTER_OK;
}

static muster_status read_values(reader *r, mu_fields *f, uint32_t has) {
    muster_event *e     = &r->event;
    int64_t       order = 0;
    if (has & MU_HAS_PLACE) MU_TRY(read_place(f, &e->lon_deg, &e->lat_deg));
    if (has & MU_HAS_AVAILABLE) MU_TRY(mu_fields_flag(f, "is_available", true, &e->is_available));
    if (has & MU_HAS_QUANTITY) {
        MU_TRY(mu_fields_int(f, "quantity", true, INT64_MIN, INT64_MAX, &e->quantity));
    }
    if (has & MU_HAS_DESTINATION) {
        MU_TRY(mu_fields_text(f, "destination", false, &r->arena, &e->destination));
    }
    if (has & MU_HAS_SHIFT) {
        MU_TRY(mu_fields_int(f, "ready_at_ms", true, INT64_MIN, INT64_MAX, &e->ready_at_ms));
        MU_TRY(
            mu_fields_int(f, "shift_end_at_ms", true, INT64_MIN, INT64_MAX, &e->shift_end_at_ms));
        MU_TRY(mu_fields_int(f, "duty_since_ms", true, INT64_MIN, INT64_MAX, &e->duty_since_ms));
    }
    if (has & MU_HAS_ORDER) MU_TRY(mu_fields_int(f, "order", true, 0, INT64_MAX, &order));
    e->order = (uint64_t)order;
    if (has & MU_HAS_CLAIM) {
        MU_TRY(mu_fields_int(f, "claim", true, INT64_MIN, INT64_MAX, &e->claim));
        MU_TRY(mu_fields_int(f, "dispatch_order", true, INT64_MIN, INT64_MAX, &e->dispatch_order));
    }
    return MUSTER_OK;
}

static muster_status read_event(reader *r, json_t *document) {
    muster_event *e = &r->event;
    mu_fields     f;
    MU_TRY(mu_fields_init(&f, "", document));
    MU_TRY(mu_fields_word(&f, "type", true, type_name, TYPE_END, &e->type));
    MU_TRY(mu_fields_text(&f, "id", true, &r->arena, &e->id));
    MU_TRY(mu_fields_int(&f, "time_ms", true, INT64_MIN, INT64_MAX, &e->time_ms));
    MU_TRY(mu_fields_text(&f, "author", true, &r->arena, &e->author));
    MU_TRY(mu_fields_text(&f, "authority", false, &r->arena, &e->authority));
    MU_TRY(read_subject(r, &f, mu_event_fields(e->type)));
    MU_TRY(read_values(r, &f, mu_event_fields(e->type)));
    MU_TRY(mu_fields_text(&f, "reason", false, &r->arena, &e->reason));
    return mu_fields_end(&f);
}

muster_status muster_event_read(muster_event_text **out, const char *json, size_t size) {
    muster_event_text *text;
    json_t            *document;
    *out = NULL;
    MU_TRY(mu_json_parse(&document, "the event", json, size));
    muster_status status = mu_alloc_zeroed(&text, 1, sizeof *text);
    if (status == MUSTER_OK) {
        text->event = (muster_event)MUSTER_EVENT_INIT;
        status      = read_event(text, document);
        if (status == MUSTER_OK) {
            *out = text;
        } else {
            muster_event_text_free(text);
        }
    }
    json_decref(document);
    return status;
}

const muster_event *muster_event_of(const muster_event_text *text) {
    return &text->event;
}

void muster_event_text_free(muster_event_text *text) {
    if (!text) return;
    mu_arena_fini(&text->arena);
    mu_free(text);
}
