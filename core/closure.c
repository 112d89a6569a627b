/* Which arcs a list, a line, a flood or a slow area concerns, and what becomes of them.
 *
 * A closure keeps for every edge that some reason concerns where in the list of changes its arcs are,
 * so that a second reason meets the first: the slower one stays. Water that carries a boat is a reason like any other,
 * but it may also open an arc or make it faster than it is dry, and a road that nobody drives on
 * can be closed all the same, so what the reasons say is kept beside what is listed. Who closed an
 * arc is kept as well, and there every cause counts, for an arc is open again only when all of
 * them are gone (explain.c). A call finds its edges first, and then takes memory for them: it either
 * is refused before it has changed anything, or cannot fail.
 *
 * A closure that is noted stops there: it keeps the edges, and what the call makes of them, for closure_since.c. */
#include "core/closure.h"

#include <math.h>
#include <muster/leave.h>

#include "core/alloc.h"
#include "core/polygon.h"
#include "core/snap.h"

/* As far as a site is snapped. */
static const double MOST_POINT_M = 5000;

/* What is known of an edge that some reason concerns; of its arcs, forward and backward. */
typedef struct concerned {
    uint32_t slowest[2];   /* the slowest of the arc's reasons, MUSTER_NONE: none yet */
    uint32_t where[2];     /* its place in change, MUSTER_NONE */
    uint32_t newest[2];    /* its last place in closing, MUSTER_NONE */
    bool     is_barred[2]; /* some reason closes the arc that may not be left */
    bool     is_spared;
} concerned;

struct muster_closure {
    const muster_metric *base;
    uint32_t             cause;     /* of the calls to come */
    bool                 may_leave; /* likewise */
    bool       is_noted; /* then of all that follows there are notes, scratch and memory alone */
    mu_notes   notes;
    uint32_t  *place; /* by edge: its place in concerned from 1 on; 0: it is in none */
    concerned *concerned;
    muster_arc_change  *change;
    mu_closing         *closing;
    uint32_t           *spared;
    uint8_t            *is_opened; /* by arc: some reason lets boats use it, whatever closes it */
    uint32_t           *edge;      /* scratch: those of the call */
    mu_area_edges       inside;    /* likewise, of an area */
    muster_area_memory *memory;    /* where areas are looked for; or NULL */
    uint32_t            change_count, spared_count;
    size_t              concerned_count, closing_count, edge_count;
    size_t concerned_capacity, change_capacity, closing_capacity, spared_capacity, edge_capacity;
};

/* ---- memory ------------------------------------------------------------------------------ */

static muster_status reserve(void *inout, size_t *capacity, size_t needed, size_t size) {
    const size_t larger = needed + needed / 2;
    if (needed <= *capacity) return MUSTER_OK;
    if (larger >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %zu closed arcs", larger);
    }
    MU_TRY(mu_realloc(inout, larger, size));
    *capacity = larger;
    return MUSTER_OK;
}

/* For so many more edges. A call puts an arc down to its cause once at most. */
static muster_status make_room(muster_closure *c, size_t edges) {
    MU_TRY(reserve(&c->concerned, &c->concerned_capacity, c->concerned_count + edges,
                   sizeof *c->concerned));
    MU_TRY(
        reserve(&c->change, &c->change_capacity, c->change_count + 2 * edges, sizeof *c->change));
    MU_TRY(reserve(&c->closing, &c->closing_capacity, c->closing_count + 2 * edges,
                   sizeof *c->closing));
    return reserve(&c->spared, &c->spared_capacity, c->spared_count + edges, sizeof *c->spared);
}

static concerned *concern(muster_closure *c, uint32_t edge) {
    if (c->place[edge] == 0) {
        c->concerned[c->concerned_count++] = (concerned){{MUSTER_NONE, MUSTER_NONE},
                                                         {MUSTER_NONE, MUSTER_NONE},
                                                         {MUSTER_NONE, MUSTER_NONE},
                                                         {false, false},
                                                         false};
        c->place[edge]                     = (uint32_t)c->concerned_count;
    }
    return &c->concerned[c->place[edge] - 1];
}

/* ---- one arc ----------------------------------------------------------------------------- */

static void note_closing(muster_closure *c, uint32_t *newest, uint32_t arc) {
    if (*newest != MUSTER_NONE && c->closing[*newest].cause == c->cause) return;
    *newest                        = (uint32_t)c->closing_count;
    c->closing[c->closing_count++] = (mu_closing){arc, c->cause};
}

/* The last in the list takes the place that becomes free. */
static void take_off_list(muster_closure *c, uint32_t *where) {
    const muster_arc_change last                  = c->change[--c->change_count];
    concern(c, last.arc / 2)->where[last.arc % 2] = *where;
    c->change[*where]                             = last;
    *where                                        = MUSTER_NONE;
}

/* One reason makes `duration_ms` of the arc. Listed is what differs from the base. */
static void set_arc(muster_closure *c, uint32_t arc, uint32_t duration_ms) {
    concerned     *edge    = concern(c, arc / 2);
    uint32_t      *slowest = &edge->slowest[arc % 2], *where = &edge->where[arc % 2];
    const uint32_t base_ms = c->base->duration_ms[arc];
    if (duration_ms == MUSTER_UNREACHABLE_MS) {
        edge->is_barred[arc % 2] |= !c->may_leave;
        note_closing(c, &edge->newest[arc % 2], arc);
    } else if (base_ms == MUSTER_UNREACHABLE_MS) {
        c->is_opened[arc] = 1;
    }
    if (*slowest != MUSTER_NONE && duration_ms <= *slowest) return;
    *slowest = duration_ms;
    if (duration_ms == base_ms) {
        if (*where != MUSTER_NONE) take_off_list(c, where);
        return;
    }
    if (*where == MUSTER_NONE) *where = c->change_count++;
    c->change[*where] = (muster_arc_change){arc, duration_ms};
}

static void spare(muster_closure *c, uint32_t edge) {
    concerned *known = concern(c, edge);
    if (known->is_spared || !mu_metric_uses(c->base, edge)) return;
    known->is_spared             = true;
    c->spared[c->spared_count++] = edge;
}

static void treat_edge(muster_closure *c, const mu_effect *effect, uint32_t edge, bool is_whole) {
    const muster_network_data *v = &c->base->network->view;
    if (!mu_effect_concerns(effect, v, edge)) return;
    if (mu_effect_spares(effect, v, edge)) {
        spare(c, edge);
        return;
    }
    for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
        const uint32_t ms = mu_effect_ms(effect, c->base, arc, is_whole);
        if (ms != MUSTER_NONE) set_arc(c, arc, ms);
    }
}

/* Edges that a call names or has found, at a share of their speed; a factor of 0 closes. */
static muster_status slow_edges(muster_closure *c, size_t edge_count, const uint32_t *edge,
                                double speed_factor) {
    const mu_effect effect = {.speed_factor = speed_factor};
    if (c->is_noted) return mu_notes_add_edges(&c->notes, &effect, edge_count, edge);
    MU_TRY(make_room(c, edge_count));
    for (size_t i = 0; i < edge_count; ++i) treat_edge(c, &effect, edge[i], true);
    return MUSTER_OK;
}

static muster_status slow_found(muster_closure *c, double speed_factor) {
    return slow_edges(c, c->edge_count, c->edge, speed_factor);
}

/* ---- by list and by line ----------------------------------------------------------------- */

muster_status muster_closure_edges(muster_closure *c, uint32_t edge_count, const uint32_t *edge) {
    const uint32_t edges = c->base->network->view.edge_count;
    for (uint32_t i = 0; i < edge_count; ++i) {
        if (edge[i] < edges) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "edge %u is to be closed, but the network has %u edges", edge[i], edges);
    }
    return slow_edges(c, edge_count, edge, 0);
}

/* Where ids do not rise, halving finds nothing, or by chance the right one. */
static uint32_t find_edge(const muster_network_data *v, int64_t edge_id) {
    uint32_t first = 0, end = v->edge_count;
    while (first < end) {
        const uint32_t middle = first + (end - first) / 2;
        if (v->edge_id[middle] < edge_id) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    if (first < v->edge_count && v->edge_id[first] == edge_id) return first;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        if (v->edge_id[e] == edge_id) return e;
    }
    return MUSTER_NONE;
}

static muster_status note_edge(muster_closure *c, uint32_t edge) {
    MU_TRY(mu_grow(&c->edge, &c->edge_capacity, c->edge_count, sizeof *c->edge));
    c->edge[c->edge_count++] = edge;
    return MUSTER_OK;
}

muster_status muster_closure_edge_ids(muster_closure *c, uint32_t edge_count,
                                      const int64_t *edge_id) {
    c->edge_count = 0;
    for (uint32_t i = 0; i < edge_count; ++i) {
        const uint32_t edge = find_edge(&c->base->network->view, edge_id[i]);
        if (edge == MUSTER_NONE) {
            return muster_fail(MUSTER_E_INVALID,
                               "edge %lld is to be closed, but no edge of the network has that id",
                               (long long)edge_id[i]);
        }
        MU_TRY(note_edge(c, edge));
    }
    return slow_found(c, 0);
}

/* Edges that a search in the index meets, those that touch a piece of a line. */
typedef struct gathering {
    muster_closure   *closure;
    const mu_segment *piece;
    muster_status     status;
} gathering;

static bool is_touched(const gathering *g, uint32_t edge) {
    const muster_network *network = g->closure->base->network;
    const uint32_t        pieces  = mu_edge_point_count(network, edge) - 1;
    for (uint32_t i = 0; i < pieces; ++i) {
        const mu_segment road = mu_edge_segment(network, edge, i);
        if (mu_segments_touch(&road, g->piece)) return true;
    }
    return false;
}

static bool gather_edge(void *user, uint32_t edge) {
    gathering      *g = user;
    muster_closure *c = g->closure;
    if (!is_touched(g, edge)) return true;
    g->status = note_edge(c, edge);
    return g->status == MUSTER_OK;
}

static muster_status gather(muster_closure *c, const mu_segment *piece) {
    const mu_box box = mu_segment_box(piece);
    gathering    g   = {c, piece, MUSTER_OK};
    mu_rtree_search(&c->base->network->edges, &box, gather_edge, &g);
    return g.status;
}

static muster_status check_line(uint32_t point_count, const double *lon_deg,
                                const double *lat_deg) {
    if (point_count < 2) {
        return muster_fail(MUSTER_E_INVALID, "the line has %u points; expected 2 or more",
                           point_count);
    }
    for (uint32_t p = 0; p < point_count; ++p) {
        if (!(fabs(lon_deg[p]) <= 180 && fabs(lat_deg[p]) <= 90)) {
            return muster_fail(MUSTER_E_INVALID,
                               "point %u of the line is %g,%g; expected a longitude from -180 to "
                               "180 and a latitude from -90 to 90",
                               p, lon_deg[p], lat_deg[p]);
        }
        if (p > 0 && mu_goes_round(lon_deg[p - 1], lon_deg[p])) {
            return muster_fail(MUSTER_E_INVALID,
                               "points %u and %u of the line are at longitude %g and %g; expected "
                               "one that is cut where it reaches over 180 degrees",
                               p - 1, p, lon_deg[p - 1], lon_deg[p]);
        }
    }
    return MUSTER_OK;
}

static muster_status gather_line(muster_closure *c, uint32_t point_count, const double *lon_deg,
                                 const double *lat_deg) {
    MU_TRY(check_line(point_count, lon_deg, lat_deg));
    c->edge_count = 0;
    for (uint32_t p = 0; p + 1 < point_count; ++p) {
        const mu_segment piece = {{lon_deg[p], lat_deg[p]}, {lon_deg[p + 1], lat_deg[p + 1]}};
        MU_TRY(gather(c, &piece));
    }
    return MUSTER_OK;
}

muster_status muster_closure_line(muster_closure *c, uint32_t point_count, const double *lon_deg,
                                  const double *lat_deg) {
    MU_TRY(gather_line(c, point_count, lon_deg, lat_deg));
    return slow_found(c, 0);
}

static muster_status find_road(muster_closure *c, uint32_t point, double lon_deg, double lat_deg) {
    uint32_t edge;
    if (!(fabs(lon_deg) <= 180 && fabs(lat_deg) <= 90)) { /* or it is NaN */
        return muster_fail(MUSTER_E_INVALID,
                           "point %u is at longitude %g, latitude %g; expected -180 to 180 and -90 "
                           "to 90, longitude first",
                           point, lon_deg, lat_deg);
    }
    MU_TRY(mu_snap_any_road(c->base->network, lon_deg, lat_deg, MOST_POINT_M, &edge));
    if (edge == MUSTER_NONE) {
        return muster_fail(MUSTER_E_INVALID,
                           "point %u at %.10g,%.10g has no road near it; expected one within %g km",
                           point, lon_deg, lat_deg, MOST_POINT_M / 1000);
    }
    return note_edge(c, edge);
}

static muster_status find_roads(muster_closure *c, uint32_t point_count, const double *lon_deg,
                                const double *lat_deg) {
    c->edge_count = 0;
    for (uint32_t p = 0; p < point_count; ++p) MU_TRY(find_road(c, p, lon_deg[p], lat_deg[p]));
    return MUSTER_OK;
}

muster_status muster_closure_points(muster_closure *c, uint32_t point_count, const double *lon_deg,
                                    const double *lat_deg) {
    MU_TRY(find_roads(c, point_count, lon_deg, lat_deg));
    return slow_found(c, 0);
}

/* ---- by area ----------------------------------------------------------------------------- */

static muster_status treat_inside(muster_closure *c, const mu_effect *effect,
                                  const mu_area_edges *inside) {
    if (c->is_noted) return mu_notes_add_area(&c->notes, effect, inside);
    MU_TRY(make_room(c, inside->count));
    for (size_t i = 0; i < inside->count; ++i) {
        treat_edge(c, effect, inside->edge[i] / 2, inside->edge[i] % 2);
    }
    return MUSTER_OK;
}

static muster_status treat_known(muster_closure *c, const mu_effect *effect,
                                 const muster_polygon *shape) {
    mu_known_area *known;
    MU_TRY(mu_area_memory_ask(c->memory, shape, &known));
    if (c->is_noted) return mu_notes_add_known(&c->notes, effect, c->memory, known);
    const muster_status status = treat_inside(c, effect, mu_known_area_edges(known));
    mu_area_memory_give_back(c->memory, known);
    return status;
}

static muster_status treat_area(muster_closure *c, const mu_effect *effect,
                                const muster_polygon *shape) {
    if (c->memory) return treat_known(c, effect, shape);
    MU_TRY(mu_area_edges_find(&c->inside, c->base->network, shape));
    return treat_inside(c, effect, &c->inside);
}

static muster_status treat_everything(muster_closure *c, const mu_effect *effect) {
    const uint32_t edges = c->base->network->view.edge_count;
    if (c->is_noted) return mu_notes_add_all(&c->notes, effect, edges);
    MU_TRY(make_room(c, edges));
    for (uint32_t e = 0; e < edges; ++e) treat_edge(c, effect, e, true);
    return MUSTER_OK;
}

/* The speed that is left, as a share; 0: the water is too deep. See muster_closure_flood. */
static double speed_in_water(const muster_profile *profile, double depth_m) {
    const double wading_depth_m =
        profile->water == MUSTER_WATER_BLOCKED ? 0 : profile->wading_depth_m;
    if (depth_m > wading_depth_m) return 0;
    const double left = wading_depth_m > 0 ? 1 - depth_m / wading_depth_m : 1;
    return fmax(left * left, 0.025);
}

muster_status muster_closure_flood(muster_closure *c, const muster_polygon *shape, double depth_m) {
    if (!(depth_m >= 0)) {
        return muster_fail(MUSTER_E_INVALID, "the water is %g m deep; expected 0 or more", depth_m);
    }
    const muster_profile *profile = &c->base->profile;
    const bool            floats  = profile->water == MUSTER_WATER_FLOAT && depth_m > 0 &&
                        depth_m >= profile->boat_depth_m && !mu_metric_flies(c->base);
    const mu_effect effect = {.spares = depth_m > 0, /* else there is nothing to be spared from */
                              .speed_factor   = speed_in_water(profile, depth_m),
                              .boat_speed_kmh = floats ? profile->boat_speed_kmh : 0};
    return treat_area(c, &effect, shape);
}

static muster_status check_factor(double speed_factor) {
    if (speed_factor >= 0 && speed_factor <= 1) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "the speed factor is %g; expected 0 to 1", speed_factor);
}

muster_status muster_closure_slow(muster_closure *c, const muster_polygon *shape,
                                  uint32_t class_bits, double speed_factor) {
    MU_TRY(check_factor(speed_factor));
    const mu_effect effect = {.class_bits = class_bits, .speed_factor = speed_factor};
    return shape ? treat_area(c, &effect, shape) : treat_everything(c, &effect);
}

/* ---- slow, by list, by line and by place --------------------------------------------------- */

muster_status muster_closure_slow_edges(muster_closure *c, uint32_t edge_count,
                                        const uint32_t *edge, double speed_factor) {
    const uint32_t edges = c->base->network->view.edge_count;
    MU_TRY(check_factor(speed_factor));
    for (uint32_t i = 0; i < edge_count; ++i) {
        if (edge[i] < edges) continue;
        return muster_fail(MUSTER_E_INVALID, "edge %u is to be slow, but the network has %u edges",
                           edge[i], edges);
    }
    return slow_edges(c, edge_count, edge, speed_factor);
}

muster_status muster_closure_slow_line(muster_closure *c, uint32_t point_count,
                                       const double *lon_deg, const double *lat_deg,
                                       double speed_factor) {
    MU_TRY(check_factor(speed_factor));
    MU_TRY(gather_line(c, point_count, lon_deg, lat_deg));
    return slow_found(c, speed_factor);
}

muster_status muster_closure_slow_points(muster_closure *c, uint32_t point_count,
                                         const double *lon_deg, const double *lat_deg,
                                         double speed_factor) {
    MU_TRY(check_factor(speed_factor));
    MU_TRY(find_roads(c, point_count, lon_deg, lat_deg));
    return slow_found(c, speed_factor);
}

/* ---- life -------------------------------------------------------------------------------- */

static muster_status take_memory(muster_closure *c) {
    const size_t edges = c->base->network->view.edge_count;
    MU_TRY(mu_alloc_zeroed(&c->place, edges, sizeof *c->place));
    MU_TRY(mu_alloc_zeroed(&c->is_opened, 2 * edges, 1));
    return make_room(c, 1); /* so that no list is NULL, and an empty one can be copied */
}

static muster_status new_closure(muster_closure **out, const muster_metric *base, bool is_noted) {
    muster_closure *c;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&c, 1, sizeof *c));
    c->base                    = base;
    c->is_noted                = is_noted;
    const muster_status status = is_noted ? MUSTER_OK : take_memory(c);
    if (status != MUSTER_OK) {
        muster_closure_free(c);
        return status;
    }
    *out = c;
    return MUSTER_OK;
}

muster_status muster_closure_new(muster_closure **out, const muster_metric *base) {
    return new_closure(out, base, false);
}

muster_status muster_closure_new_noted(muster_closure **out, const muster_metric *base) {
    return new_closure(out, base, true);
}

void muster_closure_free(muster_closure *c) {
    if (!c) return;
    mu_free(c->place);
    mu_free(c->concerned);
    mu_free(c->change);
    mu_free(c->closing);
    mu_free(c->spared);
    mu_free(c->is_opened);
    mu_free(c->edge);
    mu_area_edges_fini(&c->inside);
    mu_notes_fini(&c->notes);
    mu_free(c);
}

void muster_closure_set_cause(muster_closure *c, uint32_t cause) {
    c->cause = cause;
}

muster_status muster_closure_set_memory(muster_closure *c, muster_area_memory *memory) {
    if (memory && mu_area_memory_network(memory) != c->base->network) {
        return muster_fail(MUSTER_E_INVALID,
                           "the memory of areas is of another network; expected the closure's");
    }
    c->memory = memory;
    return MUSTER_OK;
}

void muster_closure_set_leaving(muster_closure *c, bool may_leave) {
    c->may_leave = may_leave;
}

const muster_arc_change *muster_closure_changes(const muster_closure *c, uint32_t *out_count) {
    *out_count = c->change_count;
    return c->change;
}

const uint32_t *muster_closure_spared(const muster_closure *c, uint32_t *out_count) {
    *out_count = c->spared_count;
    return c->spared;
}

const mu_closing *mu_closure_closings(const muster_closure *c, size_t *out_count) {
    *out_count = c->closing_count;
    return c->closing;
}

const muster_metric *mu_closure_base(const muster_closure *c) {
    return c->base;
}

const mu_notes *mu_closure_notes(const muster_closure *c) {
    return c->is_noted ? &c->notes : NULL;
}

muster_status mu_closure_check_carried_out(const muster_closure *c) {
    if (!c->is_noted) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the closure is noted alone; expected one of muster_closure_new");
}

const uint8_t *mu_closure_opened(const muster_closure *c) {
    return c->is_opened;
}

bool mu_closure_bars(const muster_closure *c, uint32_t arc) {
    const uint32_t place = c->place[arc / 2];
    return place != 0 && c->concerned[place - 1].is_barred[arc % 2];
}
