/* See steps.h. A step is as much of the way as goes along one road: one name, or where there is none
 * one class. The first and the last arc are driven in part.
 *
 * How long each takes is told by the metric, arc by arc. What is left of the leg's duration are turns
 * that cost something, and belongs to the road that is turned into. */
#include "service/steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct step {
    uint32_t first_point, last_point; /* of the route's line */
    uint32_t duration_ms;
    double   distance_m;
    uint32_t edge; /* whose road it is; MUSTER_BY_AIR */
} step;

/* What is known of an arc of the way. */
typedef struct piece {
    uint32_t arc, last_point;
    uint32_t drive_ms, turn_ms; /* on it; into it */
    double   distance_m;
} piece;

typedef struct walk {
    const mu_leg              *leg;
    const muster_network_data *net;
    uint32_t                   piece_count, step_count;
    piece                     *piece;
    step                      *step; /* room for piece_count + 1 */
} walk;

/* ---- pieces ---------------------------------------------------------------------------- */

/* Where along an arc, by its own direction, a snap on its edge lies. */
static double share_on(uint32_t arc, const muster_snap *snap) {
    return arc % 2 == 0 ? snap->fraction : 1 - snap->fraction;
}

static double driven_share(const walk *w, uint32_t i) {
    const uint32_t arc   = w->piece[i].arc;
    const double   start = i == 0 ? share_on(arc, w->leg->from) : 0;
    const double   end   = i + 1 == w->piece_count ? share_on(arc, w->leg->to) : 1;
    return fmax(0, end - start);
}

static uint32_t head_of(const walk *w, uint32_t arc) {
    return arc % 2 == 0 ? w->net->edge_target[arc / 2] : w->net->edge_source[arc / 2];
}

/* The first piece ends at the first point that is its end; after that all points of an edge come. */
static void place_pieces(walk *w) {
    const double  *lon_deg = muster_route_lon_deg(w->leg->route);
    const double  *lat_deg = muster_route_lat_deg(w->leg->route);
    const uint32_t last    = muster_route_point_count(w->leg->route) - 1;
    uint32_t       at      = 0;
    for (uint32_t i = 0; i < w->piece_count; ++i) {
        const uint32_t edge = w->piece[i].arc / 2, node = head_of(w, w->piece[i].arc);
        if (i + 1 == w->piece_count) {
            at = last;
        } else if (i > 0) {
            at += w->net->edge_first_point[edge + 1] - w->net->edge_first_point[edge] + 1;
        } else {
            do ++at;
            while (at < last && (lon_deg[at] != w->net->node_lon_deg[node] ||
                                 lat_deg[at] != w->net->node_lat_deg[node]));
        }
        w->piece[i].last_point = at < last ? at : last;
    }
}

static void measure_pieces(walk *w) {
    const uint32_t *duration_ms = muster_metric_duration_ms(w->leg->metric);
    for (uint32_t i = 0; i < w->piece_count; ++i) {
        piece       *p     = &w->piece[i];
        const double share = driven_share(w, i);
        p->drive_ms        = (uint32_t)llround(share * duration_ms[p->arc]);
        p->distance_m      = share * w->net->edge_length_m[p->arc / 2];
    }
}

/* ---- turns ----------------------------------------------------------------------------- */

static int64_t missing_ms(const walk *w) {
    int64_t sum_ms = 0;
    for (uint32_t i = 0; i < w->piece_count; ++i)
        sum_ms += w->piece[i].drive_ms + w->piece[i].turn_ms;
    return (int64_t)muster_route_duration_ms(w->leg->route) - sum_ms;
}

/* Does the way up to piece i end like the turn? */
static bool ends_like(const walk *w, uint32_t i, const muster_turn *turn) {
    if (i + 1 < turn->arc_count) return false;
    for (uint32_t k = 0; k < turn->arc_count; ++k) {
        if (w->piece[i - k].arc != turn->arc[turn->arc_count - 1 - k]) return false;
    }
    return true;
}

typedef struct place_of_arc {
    uint32_t arc, place;
} place_of_arc;

static int by_arc(const void *a, const void *b) {
    const place_of_arc *x = a, *y = b;
    return (x->arc > y->arc) - (x->arc < y->arc);
}

/* Of turns that the way takes at one place, the one with the most arcs says what it costs. */
static muster_status charge_turns(walk *w) {
    const muster_metric *metric = w->leg->metric;
    place_of_arc        *where  = malloc(w->piece_count * sizeof *where);
    uint32_t            *length = calloc(w->piece_count, sizeof *length);
    if (!where || !length) {
        free(where);
        free(length);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for the steps of a route");
    }
    for (uint32_t i = 0; i < w->piece_count; ++i) where[i] = (place_of_arc){w->piece[i].arc, i};
    qsort(where, w->piece_count, sizeof *where, by_arc);
    for (uint32_t t = 0; t < muster_metric_turn_count(metric); ++t) {
        const muster_turn   turn = muster_metric_turn(metric, t);
        const place_of_arc  key  = {turn.arc[turn.arc_count - 1], 0};
        const place_of_arc *at   = bsearch(&key, where, w->piece_count, sizeof *where, by_arc);
        if (!at || turn.duration_ms == MUSTER_UNREACHABLE_MS) continue;
        if (turn.arc_count <= length[at->place] || !ends_like(w, at->place, &turn)) continue;
        length[at->place]           = turn.arc_count;
        w->piece[at->place].turn_ms = turn.duration_ms;
    }
    free(where);
    free(length);
    return MUSTER_OK;
}

/* A millisecond here or there is how the parts of two arcs were rounded. */
static void settle_rest(walk *w) {
    int64_t rest_ms = missing_ms(w);
    for (uint32_t i = w->piece_count; i-- > 0 && rest_ms != 0;) {
        const int64_t drive_ms = w->piece[i].drive_ms + rest_ms;
        w->piece[i].drive_ms   = drive_ms > 0 ? (uint32_t)drive_ms : 0;
        rest_ms                = drive_ms < 0 ? drive_ms : 0;
    }
}

/* ---- steps ----------------------------------------------------------------------------- */

static const char *name_of(const walk *w, uint32_t edge) {
    if (edge == MUSTER_BY_AIR || w->net->edge_name[edge] == MUSTER_NONE) return "";
    return w->net->names + w->net->edge_name[edge];
}

static bool is_same_road(const walk *w, uint32_t a, uint32_t b) {
    const char *name = name_of(w, a);
    if (strcmp(name, name_of(w, b)) != 0) return false;
    return *name != 0 || w->net->edge_class[a] == w->net->edge_class[b];
}

static void join_pieces(walk *w) {
    uint32_t first_point = 0;
    for (uint32_t i = 0; i < w->piece_count; ++i) {
        const piece *p        = &w->piece[i];
        const bool   is_first = w->step_count == 0;
        step        *s        = is_first ? NULL : &w->step[w->step_count - 1];
        /* A snap at an edge's end: the arc is on the route, but not under a wheel. */
        const bool is_nothing = p->distance_m == 0 && p->drive_ms == 0 && w->piece_count > 1;
        if (is_first || (!is_nothing && !is_same_road(w, s->edge, p->arc / 2))) {
            if (is_first && is_nothing && i + 1 < w->piece_count) {
                first_point = p->last_point;
                continue;
            }
            s  = &w->step[w->step_count++];
            *s = (step){.first_point = first_point, .edge = p->arc / 2};
        }
        s->last_point = first_point = p->last_point;
        s->duration_ms += p->drive_ms + p->turn_ms;
        s->distance_m += p->distance_m;
    }
}

static void fly(walk *w) {
    const muster_route *route = w->leg->route;
    w->step[w->step_count++]  = (step){.last_point  = muster_route_point_count(route) - 1,
                                       .duration_ms = muster_route_duration_ms(route),
                                       .distance_m  = muster_route_distance_m(route),
                                       .edge        = MUSTER_BY_AIR};
}

static muster_status find_steps(walk *w) {
    const uint32_t *arc = muster_route_arcs(w->leg->route, &w->piece_count);
    w->piece            = calloc((size_t)w->piece_count + 1, sizeof *w->piece);
    w->step             = calloc((size_t)w->piece_count + 1, sizeof *w->step);
    if (!w->piece || !w->step) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for the steps of a route");
    }
    if (w->piece_count == 0) {
        fly(w);
        return MUSTER_OK;
    }
    for (uint32_t i = 0; i < w->piece_count; ++i) w->piece[i].arc = arc[i];
    place_pieces(w);
    measure_pieces(w);
    if (missing_ms(w) > 2) {
        const muster_status status = charge_turns(w);
        if (status != MUSTER_OK) return status;
    }
    settle_rest(w);
    join_pieces(w);
    return MUSTER_OK;
}

/* ---- bearings -------------------------------------------------------------------------- */

/* From point a to point b of the line, degrees from north clockwise; along equal points, the next. */
static int bearing(const muster_route *route, uint32_t a, uint32_t b) {
    const double *lon_deg = muster_route_lon_deg(route), *lat_deg = muster_route_lat_deg(route);
    const double  to_rad  = 3.14159265358979323846 / 180;
    const double  x       = (lon_deg[b] - lon_deg[a]) * cos(lat_deg[a] * to_rad);
    const double  y       = lat_deg[b] - lat_deg[a];
    const int     degrees = (int)lround(atan2(x, y) / to_rad);
    return degrees < 0 ? degrees + 360 : degrees % 360;
}

static bool is_same_point(const muster_route *route, uint32_t a, uint32_t b) {
    const double *lon_deg = muster_route_lon_deg(route), *lat_deg = muster_route_lat_deg(route);
    return lon_deg[a] == lon_deg[b] && lat_deg[a] == lat_deg[b];
}

static int bearing_after(const muster_route *route, uint32_t point) {
    const uint32_t last = muster_route_point_count(route) - 1;
    uint32_t       next = point;
    while (next < last && is_same_point(route, point, next)) ++next;
    return bearing(route, point, next);
}

static int bearing_before(const muster_route *route, uint32_t point) {
    uint32_t before = point;
    while (before > 0 && is_same_point(route, before, point)) --before;
    return bearing(route, before, point);
}

/* The words and angles of OSRM's StepManeuver. */
static const char *modifier_of(int before, int after) {
    const int angle = (after - before + 540) % 360 - 180; /* to the right */
    const int size  = abs(angle);
    if (size < 20) return "straight";
    if (size > 160) return "uturn";
    if (size < 60) return angle > 0 ? "slight right" : "slight left";
    if (size < 120) return angle > 0 ? "right" : "left";
    return angle > 0 ? "sharp right" : "sharp left";
}

/* ---- writing --------------------------------------------------------------------------- */

static void write_depart(mu_text *text, int after) {
    mu_text_format(text,
                   "\"bearing_before\":0,\"bearing_after\":%d,\"type\":\"depart\"},"
                   "\"intersections\":[{\"out\":0,\"entry\":[true],\"bearings\":[%d],\"location\":",
                   after, after);
}

static void write_arrive(mu_text *text, int before) {
    mu_text_format(text,
                   "\"bearing_before\":%d,\"bearing_after\":0,\"type\":\"arrive\"},"
                   "\"intersections\":[{\"in\":0,\"entry\":[true],\"bearings\":[%d],\"location\":",
                   before, (before + 180) % 360);
}

/* Bearings of an intersection are rising; one comes in by the opposite of the way one has come. */
static void write_turn(mu_text *text, int before, int after) {
    const char *modifier = modifier_of(before, after);
    const int   in = (before + 180) % 360, in_place = in > after;
    mu_text_format(
        text,
        "\"bearing_before\":%d,\"bearing_after\":%d,\"type\":\"%s\",\"modifier\":\"%s\"},"
        "\"intersections\":[{\"in\":%d,\"out\":%d,\"entry\":[%s],\"bearings\":[%d,%d],"
        "\"location\":",
        before, after, strcmp(modifier, "straight") == 0 ? "new name" : "turn", modifier, in_place,
        1 - in_place, in_place ? "true,false" : "false,true", in_place ? after : in,
        in_place ? in : after);
}

static const char *mode_of(const walk *w, uint32_t edge) {
    if (edge == MUSTER_BY_AIR) return "flying";
    return w->net->edge_class[edge] == MUSTER_ROAD_FERRY ? "ferry" : "driving";
}

/* A step from one point of the line to another; the last of all is of one point, twice. */
static void write_step(mu_text *text, const walk *w, const step *s, bool is_first, bool is_last) {
    const muster_route *route           = w->leg->route;
    const double       *lon_deg         = muster_route_lon_deg(route);
    const double       *lat_deg         = muster_route_lat_deg(route);
    const uint32_t      at              = s->first_point;
    const double        twice_lon_deg[] = {lon_deg[at], lon_deg[at]};
    const double        twice_lat_deg[] = {lat_deg[at], lat_deg[at]};
    mu_text_add(text, "{\"distance\":");
    mu_text_metres(text, s->distance_m);
    mu_text_add(text, ",\"duration\":");
    mu_text_seconds(text, s->duration_ms);
    mu_text_add(text, ",\"weight\":");
    mu_text_seconds(text, s->duration_ms);
    mu_text_add(text, ",\"name\":");
    mu_text_string(text, name_of(w, s->edge));
    mu_text_format(
        text, ",\"mode\":\"%s\",\"driving_side\":\"right\",\"geometry\":", mode_of(w, s->edge));
    if (s->last_point > at) {
        mu_line_write(text, w->leg->form, s->last_point - at + 1, lon_deg + at, lat_deg + at);
    } else {
        mu_line_write(text, w->leg->form, 2, twice_lon_deg, twice_lat_deg);
    }
    mu_text_add(text, ",\"maneuver\":{\"location\":");
    mu_text_position(text, lon_deg[at], lat_deg[at]);
    mu_text_add(text, ",");
    if (is_first) {
        write_depart(text, bearing_after(route, at));
    } else if (is_last) {
        write_arrive(text, bearing_before(route, at));
    } else {
        write_turn(text, bearing_before(route, at), bearing_after(route, at));
    }
    mu_text_position(text, lon_deg[at], lat_deg[at]);
    mu_text_add(text, "}]}");
}

static void write_steps(mu_text *text, const walk *w) {
    for (uint32_t i = 0; i < w->step_count; ++i) {
        write_step(text, w, &w->step[i], i == 0, false);
        mu_text_add(text, ",");
    }
    const step *last    = &w->step[w->step_count - 1];
    const step  arrival = {.first_point = muster_route_point_count(w->leg->route) - 1,
                           .last_point  = muster_route_point_count(w->leg->route) - 1,
                           .edge        = last->edge};
    write_step(text, w, &arrival, false, true);
}

/* The names of the two longest roads, as they come. */
static void write_summary(mu_text *text, const walk *w) {
    const step *longest[2] = {NULL, NULL};
    mu_text     names      = {0};
    for (uint32_t i = 0; i < w->step_count; ++i) {
        const step *s = &w->step[i];
        if (name_of(w, s->edge)[0] == 0) continue;
        if (!longest[0] || s->distance_m > longest[0]->distance_m) {
            longest[1] = longest[0];
            longest[0] = s;
        } else if (!longest[1] || s->distance_m > longest[1]->distance_m) {
            longest[1] = s;
        }
    }
    if (longest[1] && longest[1] < longest[0]) {
        const step *later = longest[0];
        longest[0]        = longest[1];
        longest[1]        = later;
    }
    for (int i = 0; i < 2 && longest[i]; ++i) {
        mu_text_format(&names, "%s%s", i > 0 ? ", " : "", name_of(w, longest[i]->edge));
    }
    text->is_broken |= names.is_broken;
    mu_text_string(text, names.bytes && !names.is_broken ? names.bytes : "");
    mu_text_free(&names);
}

static void write_leg(mu_text *text, const walk *w) {
    mu_text_add(text, "{\"distance\":");
    mu_text_metres(text, muster_route_distance_m(w->leg->route));
    mu_text_add(text, ",\"duration\":");
    mu_text_seconds(text, muster_route_duration_ms(w->leg->route));
    mu_text_add(text, ",\"weight\":");
    mu_text_seconds(text, muster_route_duration_ms(w->leg->route));
    mu_text_add(text, ",\"summary\":");
    write_summary(text, w);
    mu_text_add(text, ",\"steps\":[");
    if (w->leg->has_steps) write_steps(text, w);
    mu_text_add(text, "]}");
}

muster_status mu_leg_write(mu_text *text, const mu_leg *leg) {
    walk          w = {.leg = leg, .net = muster_network_view(muster_metric_network(leg->metric))};
    muster_status status = leg->has_steps ? find_steps(&w) : MUSTER_OK;
    if (status == MUSTER_OK) write_leg(text, &w);
    free(w.piece);
    free(w.step);
    return status;
}
