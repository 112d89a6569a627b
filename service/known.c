/* What is known now, or what one authority sees of it: GET /v1/incidents, /v1/units, /v1/orders,
 * /v1/closures and /v1/rules. Each says up to which record of the journal it knows, so that who asks and then listens
 * to /v1/news from there on misses nothing. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "service/desk_state.h"
#include "service/members.h"

extern const char mu_api_incidents[], mu_api_units[], mu_api_orders[], mu_api_closures[],
    mu_api_rules[];

/* Is the option not given, or that? */
static bool fits(const mu_request *request, const char *option, const char *value) {
    const char *wanted = mu_request_option(request, option);
    return !wanted || (value && strcmp(wanted, value) == 0);
}

/* The beginning of an answer; NULL after refusing. */
static muster_view *look(const mu_request *request, const char *what, mu_reply *reply) {
    const mu_desk      *desk = request->desk;
    muster_view        *view;
    const muster_status status =
        muster_session_look(&view, desk->session, mu_request_option(request, "authority"));
    if (status != MUSTER_OK) {
        mu_reply_refuse_status(reply, status);
        return NULL;
    }
    mu_text_format(&reply->body, "{\"code\":\"Ok\",\"sequence\":%" PRIu64,
                   muster_view_sequence(view));
    mu_member(&reply->body, what);
    mu_text_add(&reply->body, "[");
    return view;
}

static void end(muster_view *view, mu_reply *reply) {
    mu_text_add(&reply->body, "]}");
    muster_view_free(view);
}

/* ---- incidents ------------------------------------------------------------------------- */

static void write_need(mu_text *text, const muster_view_need *n) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "kind", n->kind);
    mu_member_number(text, "quantity", n->quantity);
    mu_member_number(text, "minimum", n->minimum);
    mu_member_number(text, "grade", n->grade);
    mu_member_number(text, "delivered", n->delivered);
    mu_member_number(text, "on_scene", n->on_scene);
    mu_member_number(text, "coming", n->coming);
    mu_text_add(text, "}");
}

static void write_incident(mu_text *text, const muster_view_incident *i) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "code", i->code);
    mu_member_string(text, "name", i->name);
    mu_member_place(text, i->lon_deg, i->lat_deg);
    mu_member_string(text, "severity", muster_severity_name((muster_severity)i->severity));
    mu_member_number(text, "reported_at_ms", i->reported_at_ms);
    mu_member_number(text, "deadline_at_ms", i->deadline_at_ms);
    mu_member_number(text, "closed_at_ms", i->closed_at_ms);
    mu_member_number(text, "on_scene_ms", i->on_scene_ms);
    mu_member_string(text, "authority", i->authority);
    mu_member_flag(text, "all_or_nothing", i->all_or_nothing);
    mu_member(text, "need");
    mu_text_add(text, "[");
    for (uint32_t n = 0; n < i->need_count; ++n) write_need(text, &i->need[n]);
    mu_text_add(text, "]}");
}

static void answer_incidents(const mu_request *request, mu_reply *reply) {
    uint32_t     count;
    muster_view *view = look(request, "incidents", reply);
    if (!view) return;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const bool is_open = incident[i].closed_at_ms == 0;
        if (fits(request, "incident", incident[i].code) &&
            fits(request, "open", is_open ? "true" : "false")) {
            write_incident(&reply->body, &incident[i]);
        }
    }
    end(view, reply);
}

/* ---- units ----------------------------------------------------------------------------- */

static void write_unit(mu_text *text, const muster_view_unit *u) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "resource", muster_resource_name((muster_resource)u->resource));
    mu_member_string(text, "code", u->code);
    mu_member_string(text, "name", u->name);
    mu_member_string(text, "kind", u->kind);
    mu_member_string(text, "authority", u->authority);
    mu_member_place(text, u->lon_deg, u->lat_deg);
    mu_member_number(text, "seen_at_ms", u->seen_at_ms);
    mu_member_flag(text, "is_available", u->is_available);
    mu_member_string(text, "reason", u->reason);
    mu_member_number(text, "quantity", u->quantity);
    mu_member_number(text, "under_order", u->under_order);
    mu_member_number(text, "ready_at_ms", u->ready_at_ms);
    mu_member_number(text, "shift_end_at_ms", u->shift_end_at_ms);
    mu_member_number(text, "duty_since_ms", u->duty_since_ms);
    mu_text_add(text, "}");
}

static void answer_units(const mu_request *request, mu_reply *reply) {
    uint32_t     count;
    muster_view *view = look(request, "units", reply);
    if (!view) return;
    const muster_view_unit *unit = muster_view_units(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const muster_view_unit *u = &unit[i];
        if (fits(request, "resource", muster_resource_name((muster_resource)u->resource)) &&
            fits(request, "unit", u->code) &&
            fits(request, "available", u->is_available ? "true" : "false")) {
            write_unit(&reply->body, u);
        }
    }
    end(view, reply);
}

/* ---- orders ---------------------------------------------------------------------------- */

void mu_order_write(mu_text *text, const muster_order *o) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_number(text, "number", (int64_t)o->number);
    mu_member_number(text, "sequence", (int64_t)o->sequence);
    mu_member_string(text, "state", muster_order_state_name((muster_order_state)o->state));
    mu_member_string(text, "resource", muster_resource_name((muster_resource)o->resource));
    mu_member_string(text, "unit", o->unit);
    mu_member_string(text, "kind", o->kind);
    mu_member_string(text, "incident", o->incident);
    mu_member_string(text, "need", o->need);
    mu_member_number(text, "quantity", o->quantity);
    mu_member_number(text, "trip", (int64_t)o->trip);
    mu_member_string(text, "warehouse", o->warehouse);
    mu_member_number(text, "issued_at_ms", o->issued_at_ms);
    mu_member_number(text, "changed_at_ms", o->changed_at_ms);
    mu_member_number(text, "depart_at_ms", o->depart_at_ms);
    mu_member_number(text, "load_at_ms", o->load_at_ms);
    mu_member_number(text, "eta_at_ms", o->eta_at_ms);
    mu_member_metres(text, "distance_m", o->distance_m);
    mu_member_string(text, "issued_by", o->issued_by);
    mu_member_string(text, "changed_by", o->changed_by);
    mu_member_string(text, "consent", o->consent);
    mu_member_string(text, "reason", o->reason);
    mu_member_string(text, "claim", muster_claim_state_name((muster_claim_state)o->claim));
    mu_member_number(text, "claim_number", o->claim_number);
    mu_text_add(text, "}");
}

static void answer_orders(const mu_request *request, mu_reply *reply) {
    uint32_t     count;
    muster_view *view = look(request, "orders", reply);
    if (!view) return;
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const muster_order *o = &order[i];
        if (fits(request, "state", muster_order_state_name((muster_order_state)o->state)) &&
            fits(request, "claim", muster_claim_state_name((muster_claim_state)o->claim)) &&
            fits(request, "unit", o->unit) && fits(request, "incident", o->incident)) {
            mu_order_write(&reply->body, o);
        }
    }
    end(view, reply);
}

/* ---- closures -------------------------------------------------------------------------- */

static void write_line(mu_text *text, uint32_t count, const double *lon_deg,
                       const double *lat_deg) {
    mu_text_add(text, "[");
    for (uint32_t i = 0; i < count; ++i) {
        mu_next(text);
        mu_text_position(text, lon_deg[i], lat_deg[i]);
    }
    mu_text_add(text, "]");
}

static void write_area(mu_text *text, const muster_polygon *area) {
    mu_member(text, "area");
    mu_text_add(text, "[");
    for (uint32_t r = 0; r < area->ring_count; ++r) {
        const uint32_t first = area->first_point[r];
        mu_next(text);
        write_line(text, area->first_point[r + 1] - first, area->lon_deg + first,
                   area->lat_deg + first);
    }
    mu_text_add(text, "]");
}

static void write_road(mu_text *text, const muster_event_road *road) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "code", road->code);
    mu_member(text, "speed_factor");
    mu_text_format(text, "%.9g", road->speed_factor);
    if (road->edge_count > 0) {
        mu_member(text, "edge_id");
        mu_text_add(text, "[");
        for (uint32_t e = 0; e < road->edge_count; ++e) {
            mu_next(text);
            mu_text_format(text, "%" PRId64, road->edge_id[e]);
        }
        mu_text_add(text, "]");
    }
    if (road->point_count > 0) {
        mu_member(text, "line");
        write_line(text, road->point_count, road->lon_deg, road->lat_deg);
    }
    if (road->points.point_count > 0) {
        mu_member(text, "points");
        write_line(text, road->points.point_count, road->points.lon_deg, road->points.lat_deg);
    }
    if (road->area.ring_count > 0) write_area(text, &road->area);
    mu_text_add(text, "}");
}

static void write_hazard(mu_text *text, const muster_hazard *h) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "code", h->code);
    mu_member_string(text, "kind", muster_hazard_kind_name((muster_hazard_kind)h->kind));
    mu_member_string(text, "name", h->name);
    mu_member_number(text, "starts_at_s", h->starts_at_s);
    mu_member_number(text, "ends_at_s", h->ends_at_s);
    mu_text_add(text, "}");
}

static void answer_closures(const mu_request *request, mu_reply *reply) {
    uint32_t     count;
    muster_view *view = look(request, "roads", reply);
    if (!view) return;
    const muster_event_road *road = muster_view_roads(view, &count);
    for (uint32_t i = 0; i < count; ++i) write_road(&reply->body, &road[i]);
    mu_text_add(&reply->body, "]");
    mu_member(&reply->body, "hazards");
    mu_text_add(&reply->body, "[");
    const muster_hazard *hazard = muster_view_hazards(view, &count);
    for (uint32_t i = 0; i < count; ++i) write_hazard(&reply->body, &hazard[i]);
    end(view, reply);
}

/* ---- rules ----------------------------------------------------------------------------- */

static void write_rule(mu_text *text, const muster_event_rule *r) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "code", r->code);
    mu_member_string(text, "command", muster_command_name((muster_command)r->command));
    mu_member_string(text, "resource", muster_resource_name((muster_resource)r->unit.resource));
    mu_member_string(text, "unit", r->unit.code);
    mu_member_string(text, "kind", r->unit.kind);
    mu_member_string(text, "incident", r->incident);
    mu_member_string(text, "need", r->need);
    mu_member_number(text, "quantity", r->quantity);
    mu_text_add(text, "}");
}

static void answer_rules(const mu_request *request, mu_reply *reply) {
    uint32_t     count;
    muster_view *view = look(request, "rules", reply);
    if (!view) return;
    const muster_event_rule *rule = muster_view_rules(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const muster_event_rule *r = &rule[i];
        if (fits(request, "command", muster_command_name((muster_command)r->command)) &&
            fits(request, "unit", r->unit.code) && fits(request, "incident", r->incident)) {
            write_rule(&reply->body, r);
        }
    }
    end(view, reply);
}

/* ---- the list -------------------------------------------------------------------------- */

/* Thousands of rows take some milliseconds. */
static bool always(const mu_request *request) {
    (void)request;
    return true;
}

const mu_resource mu_resource_incidents = {
    .name        = "incidents",
    .method      = "GET",
    .path        = "/v1/incidents",
    .needs       = MU_ROLE_READ,
    .description = mu_api_incidents,
    .is_long     = always,
    .answer      = answer_incidents,
};

const mu_resource mu_resource_units = {
    .name        = "units",
    .method      = "GET",
    .path        = "/v1/units",
    .needs       = MU_ROLE_READ,
    .description = mu_api_units,
    .is_long     = always,
    .answer      = answer_units,
};

const mu_resource mu_resource_orders = {
    .name        = "orders",
    .method      = "GET",
    .path        = "/v1/orders",
    .needs       = MU_ROLE_READ,
    .description = mu_api_orders,
    .is_long     = always,
    .answer      = answer_orders,
};

const mu_resource mu_resource_closures = {
    .name        = "closures",
    .method      = "GET",
    .path        = "/v1/closures",
    .needs       = MU_ROLE_READ,
    .description = mu_api_closures,
    .is_long     = always,
    .answer      = answer_closures,
};

const mu_resource mu_resource_rules = {
    .name        = "rules",
    .method      = "GET",
    .path        = "/v1/rules",
    .needs       = MU_ROLE_READ,
    .description = mu_api_rules,
    .is_long     = always,
    .answer      = answer_rules,
};
