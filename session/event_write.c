/* Events as JSON: members in the order of muster_event, nothing that has its usual value, no blanks. */
#include <math.h>

#include "core/alloc.h"
#include "session/event_fields.h"
#include "session/event_json.h"

static void write_word(mu_json_writer *w, const char *key, const char *word, unsigned value) {
    if (word) {
        mu_write_text(w, key, word);
    } else {
        mu_write_refuse(w, "%s is %u, which has no name; expected one of its enum", key, value);
    }
}

/* ---- incidents and needs ------------------------------------------------------------------- */

static void write_text_or_null(mu_json_writer *w, const char *key, const char *text) {
    if (text) {
        mu_write_text(w, key, text);
    } else {
        mu_write_null(w, key);
    }
}

static void write_place(mu_json_writer *w, double lon_deg, double lat_deg) {
    mu_write_real(w, "lon_deg", lon_deg);
    mu_write_real(w, "lat_deg", lat_deg);
}

static void write_severity(mu_json_writer *w, uint8_t severity) {
    write_word(w, "severity", muster_severity_name((muster_severity)severity), severity);
}

static void write_incident(mu_json_writer *w, const muster_event_incident *i) {
    mu_write_open(w, "incident", '{');
    mu_write_text(w, "code", i->code);
    mu_write_note(w, "name", i->name);
    write_place(w, i->lon_deg, i->lat_deg);
    write_severity(w, i->severity);
    if (i->deadline_at_ms != 0) mu_write_int(w, "deadline_at_ms", i->deadline_at_ms);
    if (i->on_scene_ms != 0) mu_write_int(w, "on_scene_ms", i->on_scene_ms);
    mu_write_note(w, "authority", i->authority);
    if (i->all_or_nothing) mu_write_flag(w, "all_or_nothing", true);
    mu_write_close(w, '}');
}

static void write_update(mu_json_writer *w, const muster_event_incident *i) {
    mu_write_open(w, "incident", '{');
    mu_write_text(w, "code", i->code);
    if (i->set & MUSTER_SET_NAME) write_text_or_null(w, "name", i->name);
    if (i->set & MUSTER_SET_PLACE) write_place(w, i->lon_deg, i->lat_deg);
    if (i->set & MUSTER_SET_SEVERITY) write_severity(w, i->severity);
    if (i->set & MUSTER_SET_DEADLINE) mu_write_int(w, "deadline_at_ms", i->deadline_at_ms);
    if (i->set & MUSTER_SET_ON_SCENE) mu_write_int(w, "on_scene_ms", i->on_scene_ms);
    if (i->set & MUSTER_SET_AUTHORITY) write_text_or_null(w, "authority", i->authority);
    if (i->set & MUSTER_SET_ALL_OR_NOTHING) {
        mu_write_flag(w, "all_or_nothing", i->all_or_nothing != 0);
    }
    mu_write_close(w, '}');
}

static void write_code(mu_json_writer *w, const char *key, const char *code) {
    mu_write_open(w, key, '{');
    mu_write_text(w, "code", code);
    mu_write_close(w, '}');
}

static void write_needs(mu_json_writer *w, const muster_event *e) {
    mu_write_open(w, "need", '[');
    for (uint32_t i = 0; e->need && i < e->need_count; ++i) {
        const muster_event_need *n = &e->need[i];
        mu_write_open(w, NULL, '{');
        mu_write_text(w, "kind", n->kind);
        mu_write_int(w, "quantity", n->quantity);
        if (n->minimum != 0) mu_write_int(w, "minimum", n->minimum);
        if (n->grade != 0) mu_write_int(w, "grade", n->grade);
        mu_write_close(w, '}');
    }
    mu_write_close(w, ']');
}

void mu_write_unit(mu_json_writer *w, const muster_event_unit *u) {
    mu_write_open(w, "unit", '{');
    write_word(w, "resource", muster_resource_name((muster_resource)u->resource), u->resource);
    mu_write_text(w, "code", u->code);
    if (u->resource == MUSTER_ITEM) mu_write_note(w, "kind", u->kind);
    mu_write_close(w, '}');
}

/* ---- points -------------------------------------------------------------------------------- */

static void write_points(mu_json_writer *w, const char *key, uint32_t count, const double *lon_deg,
                         const double *lat_deg) {
    mu_write_open(w, key, '[');
    for (uint32_t i = 0; i < count; ++i) {
        mu_write_open(w, NULL, '[');
        mu_write_real(w, NULL, lon_deg[i]);
        mu_write_real(w, NULL, lat_deg[i]);
        mu_write_close(w, ']');
    }
    mu_write_close(w, ']');
}

/* Rings or lines `first` to `end`. */
static void write_parts(mu_json_writer *w, const char *key, uint32_t first, uint32_t end,
                        const uint32_t *first_point, const double *lon_deg, const double *lat_deg) {
    mu_write_open(w, key, '[');
    for (uint32_t p = first; p < end; ++p) {
        const uint32_t at = first_point[p];
        write_points(w, NULL, first_point[p + 1] - at, lon_deg + at, lat_deg + at);
    }
    mu_write_close(w, ']');
}

static void write_edges(mu_json_writer *w, uint32_t count, const int64_t *edge_id) {
    if (count == 0) return;
    mu_write_open(w, "edge_id", '[');
    for (uint32_t i = 0; i < count; ++i) mu_write_int(w, NULL, edge_id[i]);
    mu_write_close(w, ']');
}

static void write_places(mu_json_writer *w, const muster_points *p) {
    if (p->point_count > 0) write_points(w, "points", p->point_count, p->lon_deg, p->lat_deg);
}

static void write_multipolygon(mu_json_writer *w, const muster_multipolygon *a) {
    mu_write_open(w, "area", '[');
    for (uint32_t p = 0; p < a->polygon_count; ++p) {
        write_parts(w, NULL, a->first_ring[p], a->first_ring[p + 1], a->first_point, a->lon_deg,
                    a->lat_deg);
    }
    mu_write_close(w, ']');
}

/* ---- roads and hazards --------------------------------------------------------------------- */

static void write_road(mu_json_writer *w, const muster_event_road *r, bool has_speed) {
    mu_write_open(w, "road", '{');
    mu_write_text(w, "code", r->code);
    write_edges(w, r->edge_count, r->edge_id);
    if (r->point_count > 0) write_points(w, "line", r->point_count, r->lon_deg, r->lat_deg);
    write_places(w, &r->points);
    if (r->area.ring_count > 0) {
        write_parts(w, "area", 0, r->area.ring_count, r->area.first_point, r->area.lon_deg,
                    r->area.lat_deg);
    }
    if (has_speed) mu_write_real(w, "speed_factor", r->speed_factor);
    mu_write_close(w, '}');
}

static void write_words(mu_json_writer *w, const muster_hazard *h) {
    write_word(w, "kind", muster_hazard_kind_name((muster_hazard_kind)h->kind), h->kind);
    if (h->severity != MUSTER_SEVERITY_COUNT) write_severity(w, h->severity);
    if (h->urgency != MUSTER_URGENCY_COUNT) {
        write_word(w, "urgency", muster_urgency_name((muster_urgency)h->urgency), h->urgency);
    }
    if (h->certainty != MUSTER_CERTAINTY_COUNT) {
        write_word(w, "certainty", muster_certainty_name((muster_certainty)h->certainty),
                   h->certainty);
    }
}

static void write_hazard(mu_json_writer *w, const muster_hazard *h) {
    if (!h) {
        mu_write_refuse(w, "hazard is missing; expected one");
        return;
    }
    mu_write_open(w, "hazard", '{');
    mu_write_text(w, "code", h->code);
    mu_write_note(w, "name", h->name);
    mu_write_note(w, "source", h->source);
    write_words(w, h);
    if (h->wind_force != 0) mu_write_int(w, "wind_force", h->wind_force);
    if (!(isinf(h->depth_m) && h->depth_m > 0)) mu_write_real(w, "depth_m", h->depth_m);
    if (!isnan(h->speed_factor)) mu_write_real(w, "speed_factor", h->speed_factor);
    if (h->starts_at_s != MUSTER_MOMENT_FIRST) mu_write_int(w, "starts_at_s", h->starts_at_s);
    if (h->ends_at_s != MUSTER_MOMENT_LAST) mu_write_int(w, "ends_at_s", h->ends_at_s);
    if (h->area.polygon_count > 0) write_multipolygon(w, &h->area);
    if (h->lines.line_count > 0) {
        write_parts(w, "lines", 0, h->lines.line_count, h->lines.first_point, h->lines.lon_deg,
                    h->lines.lat_deg);
    }
    write_places(w, &h->points);
    write_edges(w, h->edge_count, h->edge_id);
    mu_write_close(w, '}');
}

/* ---- rules --------------------------------------------------------------------------------- */

static void write_rule(mu_json_writer *w, const muster_event_rule *r) {
    const bool locks = r->command == MUSTER_COMMAND_LOCK || r->command == MUSTER_COMMAND_FORCE;
    mu_write_open(w, "rule", '{');
    mu_write_text(w, "code", r->code);
    write_word(w, "command", muster_command_name((muster_command)r->command), r->command);
    mu_write_unit(w, &r->unit);
    if (r->command != MUSTER_COMMAND_HOLD) mu_write_text(w, "incident", r->incident);
    if (locks) mu_write_note(w, "need", r->need);
    if (locks && r->quantity != 0) mu_write_int(w, "quantity", r->quantity);
    mu_write_close(w, '}');
}

/* ---- events -------------------------------------------------------------------------------- */

static void write_subject(mu_json_writer *w, const muster_event *e, uint32_t has) {
    if (has & MU_HAS_INCIDENT) write_incident(w, &e->incident);
    if (has & MU_HAS_INCIDENT_SET) write_update(w, &e->incident);
    if (has & MU_HAS_INCIDENT_CODE) write_code(w, "incident", e->incident.code);
    if (has & MU_HAS_NEEDS) write_needs(w, e);
    if (has & MU_HAS_UNIT) mu_write_unit(w, &e->unit);
    if (has & MU_HAS_ROAD) write_road(w, &e->road, has & MU_HAS_SPEED);
    if (has & MU_HAS_ROAD_CODE) write_code(w, "road", e->road.code);
    if (has & MU_HAS_HAZARD) write_hazard(w, e->hazard);
    if (has & MU_HAS_HAZARD_CODE) write_code(w, "hazard", e->hazard ? e->hazard->code : NULL);
    if (has & MU_HAS_RULE) write_rule(w, &e->rule);
    if (has & MU_HAS_RULE_CODE) write_code(w, "rule", e->rule.code);
}

static void write_number(mu_json_writer *w, const char *key, uint64_t number) {
    if (number <= INT64_MAX) {
        mu_write_int(w, key, (int64_t)number);
    } else {
        mu_write_refuse(w, "%s is %llu; expected at most %lld", key, (unsigned long long)number,
                        (long long)INT64_MAX);
    }
}

static void write_values(mu_json_writer *w, const muster_event *e, uint32_t has) {
    if (has & MU_HAS_PLACE) write_place(w, e->lon_deg, e->lat_deg);
    if (has & MU_HAS_AVAILABLE) mu_write_flag(w, "is_available", e->is_available != 0);
    if (has & MU_HAS_QUANTITY) mu_write_int(w, "quantity", e->quantity);
    if (has & MU_HAS_DESTINATION) mu_write_note(w, "destination", e->destination);
    if (has & MU_HAS_SHIFT) {
        mu_write_int(w, "ready_at_ms", e->ready_at_ms);
        mu_write_int(w, "shift_end_at_ms", e->shift_end_at_ms);
        mu_write_int(w, "duty_since_ms", e->duty_since_ms);
    }
    if (has & MU_HAS_ORDER) write_number(w, "order", e->order);
    if (has & MU_HAS_CLAIM) {
        mu_write_int(w, "claim", e->claim);
        mu_write_int(w, "dispatch_order", e->dispatch_order);
    }
}

static void write_event(mu_json_writer *w, const muster_event *e) {
    const uint32_t has = mu_event_fields(e->type);
    if (has == 0) {
        mu_write_refuse(w, "type is %u; expected one of muster_event_type, and no plan_committed",
                        e->type);
        return;
    }
    mu_write_open(w, NULL, '{');
    mu_write_text(w, "type", muster_event_type_name((muster_event_type)e->type));
    mu_write_text(w, "id", e->id);
    mu_write_int(w, "time_ms", e->time_ms);
    mu_write_text(w, "author", e->author);
    mu_write_note(w, "authority", e->authority);
    write_subject(w, e, has);
    write_values(w, e, has);
    mu_write_note(w, "reason", e->reason);
    mu_write_close(w, '}');
}

muster_status muster_event_write(char **out, size_t *out_size, const muster_event *event) {
    mu_json_writer writer = {0};
    *out                  = NULL;
    *out_size             = 0;
    if (event->struct_size != sizeof *event) {
        return muster_fail(MUSTER_E_INVALID,
                           "struct_size is %zu; expected %zu: start from MUSTER_EVENT_INIT",
                           event->struct_size, sizeof *event);
    }
    write_event(&writer, event);
    if (writer.status != MUSTER_OK) {
        mu_free(writer.text);
        return writer.status;
    }
    *out      = writer.text;
    *out_size = writer.size;
    return MUSTER_OK;
}

void muster_event_json_free(char *json) {
    mu_free(json);
}
