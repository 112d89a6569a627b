/* Travelling by air. See docs/profiles.md: a flight takes its setup and the great circle's length
 * at the profile's speed, rounded once to the millisecond, also from a place to itself. */
#include "core/flight.h"

#include <math.h>

#include "core/alloc.h"
#include "core/edge_line.h"
#include "core/threads.h"

mu_cost mu_flight_cost_of(const muster_metric *metric, double way_m) {
    const muster_profile *p  = &metric->profile;
    const double          ms = floor(p->setup_ms + way_m * 3600.0 / p->flight_speed_kmh + 0.5);
    const uint32_t        cm = (uint32_t)floor(way_m * 100.0 + 0.5);
    return ms < MUSTER_UNREACHABLE_MS ? mu_cost_of((uint32_t)ms, cm) : MU_NO_PATH;
}

mu_cost mu_flight_cost(const muster_metric *metric, const muster_snap *from,
                       const muster_snap *to) {
    if (from->edge == MUSTER_NONE || to->edge == MUSTER_NONE) return MU_NO_PATH;
    return mu_flight_cost_of(
        metric, muster_great_circle_m(from->lon_deg, from->lat_deg, to->lon_deg, to->lat_deg));
}

/* ---- tables ---------------------------------------------------------------------------- */

muster_status mu_flight_table_init(mu_flight_table *table, const muster_metric *metric,
                                   uint32_t to_count, const muster_snap *to) {
    *table = (mu_flight_table){.metric = metric, .to_count = to_count, .to = to};
    MU_TRY(mu_alloc(&table->to_direction, to_count, sizeof *table->to_direction));
    for (uint32_t i = 0; i < to_count; ++i) {
        table->to_direction[i] = mu_direction_of(to[i].lon_deg, to[i].lat_deg);
    }
    return MUSTER_OK;
}

void mu_flight_table_fini(mu_flight_table *table) {
    mu_free(table->to_direction);
    *table = (mu_flight_table){0};
}

static void fill_row(const mu_flight_table *t, const muster_snap *from, uint32_t *duration_ms,
                     double *distance_m) {
    const mu_direction direction = mu_direction_of(from->lon_deg, from->lat_deg);
    for (uint32_t i = 0; i < t->to_count; ++i) {
        const bool    is_flight = from->edge != MUSTER_NONE && t->to[i].edge != MUSTER_NONE;
        const mu_cost cost =
            is_flight
                ? mu_flight_cost_of(t->metric, mu_great_circle_m(&direction, &t->to_direction[i]))
                : MU_NO_PATH;
        const bool is_way = cost != MU_NO_PATH;
        duration_ms[i]    = is_way ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
        if (distance_m) distance_m[i] = is_way ? mu_cost_cm(cost) / 100.0 : (double)NAN;
    }
}

typedef struct filling {
    const mu_flight_table *table;
    const muster_snap     *from;
    uint32_t              *duration_ms;
    double                *distance_m;
} filling;

static void do_row(void *user, uint32_t row, uint32_t worker) {
    const filling *f    = user;
    const size_t   cell = (size_t)row * f->table->to_count;
    (void)worker;
    fill_row(f->table, &f->from[row], f->duration_ms + cell,
             f->distance_m ? f->distance_m + cell : NULL);
}

void mu_flight_table_rows(const mu_flight_table *t, uint32_t from_count, const muster_snap *from,
                          uint32_t thread_count, uint32_t *out_duration_ms,
                          double *out_distance_m) {
    filling work = {t, from, out_duration_ms, out_distance_m};
    mu_share_jobs(from_count, thread_count, do_row, &work);
}

muster_status mu_flight_one_to_all(const muster_metric *metric, uint32_t origin_count,
                                   const muster_snap *origins, uint32_t thread_count,
                                   uint32_t *out_duration_ms, double *out_distance_m) {
    const muster_network_data *v = &metric->network->view;
    muster_snap               *node;
    MU_TRY(mu_alloc(&node, v->node_count, sizeof *node));
    for (uint32_t n = 0; n < v->node_count; ++n) {
        node[n] = (muster_snap){MUSTER_BY_AIR, 0, v->node_lon_deg[n], v->node_lat_deg[n], 0};
    }
    mu_flight_table     table;
    const muster_status status = mu_flight_table_init(&table, metric, v->node_count, node);
    if (status == MUSTER_OK) {
        mu_flight_table_rows(&table, origin_count, origins, thread_count, out_duration_ms,
                             out_distance_m);
    }
    mu_flight_table_fini(&table);
    mu_free(node);
    return status;
}

/* ---- within a radius --------------------------------------------------------------------- */

double mu_flight_radius_m(const muster_metric *metric, uint32_t limit_ms) {
    const muster_profile *p = &metric->profile;
    return ((double)limit_ms - p->setup_ms) * p->flight_speed_kmh / 3600.0;
}

/* A straight piece of an edge's line, short enough for distances along it to fall and then rise;
 * places on it are told by 0 to 1. Its length is a little too long rather than too short. */
typedef struct piece {
    const mu_direction *place;
    double              x0, y0, x1, y1;
    double              length_m;
} piece;

static double away_m(const piece *p, double t) {
    const mu_direction at =
        mu_direction_of(p->x0 + t * (p->x1 - p->x0), p->y0 + t * (p->y1 - p->y0));
    return mu_great_circle_m(p->place, &at);
}

enum { HALVINGS = 60, SECTIONS = 60 };

/* The last place within the radius on the way from one that is to one that is not. */
static double find_border(const piece *p, double radius_m, double within, double beyond) {
    for (int i = 0; i < HALVINGS; ++i) {
        const double middle = (within + beyond) / 2;
        if (away_m(p, middle) <= radius_m) {
            within = middle;
        } else {
            beyond = middle;
        }
    }
    return within;
}

/* Where the piece is nearest: golden section search (Kiefer 1953). */
static double find_nearest(const piece *p) {
    const double golden = 0.6180339887498949;
    double       low = 0, high = 1;
    for (int i = 0; i < SECTIONS; ++i) {
        const double a = high - golden * (high - low), b = low + golden * (high - low);
        if (away_m(p, a) <= away_m(p, b)) {
            high = b;
        } else {
            low = a;
        }
    }
    return (low + high) / 2;
}

/* False where nothing of the piece is within the radius. */
static bool find_within(const piece *p, double radius_m, double *from, double *to) {
    const double start_m = away_m(p, 0), end_m = away_m(p, 1);
    double       inside = start_m <= end_m ? 0 : 1;
    if (fmin(start_m, end_m) > radius_m) {
        if (fmin(start_m, end_m) > radius_m + p->length_m) return false;
        inside = find_nearest(p);
        if (away_m(p, inside) > radius_m) return false;
    }
    *from = start_m <= radius_m ? 0 : find_border(p, radius_m, inside, 0);
    *to   = end_m <= radius_m ? 1 : find_border(p, radius_m, inside, 1);
    return true;
}

static const double LONGEST_PIECE_M = 10000;

/* One straight segment of the line, from `so_far_m` on of all `whole_m`, in pieces. */
static muster_status add_segment(mu_part_list *list, uint32_t edge, const piece *segment,
                                 double radius_m, double so_far_m, double whole_m) {
    const uint32_t pieces = 1 + (uint32_t)(segment->length_m / LONGEST_PIECE_M);
    const double   dx = segment->x1 - segment->x0, dy = segment->y1 - segment->y0;
    for (uint32_t i = 0; i < pieces; ++i) {
        const double start = (double)i / pieces, end = (i + 1.0) / pieces;
        piece        p = *segment;
        double       from, to;
        p.x0       = segment->x0 + start * dx;
        p.y0       = segment->y0 + start * dy;
        p.x1       = segment->x0 + end * dx;
        p.y1       = segment->y0 + end * dy;
        p.length_m = 1.01 * segment->length_m / pieces;
        if (!find_within(&p, radius_m, &from, &to) || from >= to) continue;
        from = (so_far_m + (i + from) / pieces * segment->length_m) / whole_m;
        to   = (so_far_m + (i + to) / pieces * segment->length_m) / whole_m;
        MU_TRY(mu_grow(&list->part, &list->capacity, list->count, sizeof *list->part));
        list->part[list->count++] = (muster_edge_part){edge, from, fmin(to, 1)};
    }
    return MUSTER_OK;
}

/* A line without length is its node, and reached from end to end or not at all. */
static muster_status add_point(mu_part_list *list, uint32_t edge, const piece *point,
                               double radius_m) {
    if (away_m(point, 0) > radius_m) return MUSTER_OK;
    MU_TRY(mu_grow(&list->part, &list->capacity, list->count, sizeof *list->part));
    list->part[list->count++] = (muster_edge_part){edge, 0, 1};
    return MUSTER_OK;
}

muster_status mu_flight_add_parts(mu_part_list *list, const muster_network *network, uint32_t edge,
                                  const mu_direction *place, double radius_m) {
    mu_plane     plane;
    const double whole_m  = mu_edge_plane_length_m(network, edge, &plane);
    double       so_far_m = 0;
    piece        segment  = {.place = place};
    mu_edge_point(network, edge, 0, &segment.x0, &segment.y0);
    segment.x1 = segment.x0, segment.y1 = segment.y0;
    if (!(whole_m > 0)) return add_point(list, edge, &segment, radius_m);
    for (uint32_t i = 1; i < mu_edge_point_count(network, edge); ++i) {
        mu_edge_point(network, edge, i, &segment.x1, &segment.y1);
        segment.length_m =
            mu_plane_distance_m(&plane, segment.x1 - segment.x0, segment.y1 - segment.y0);
        if (segment.length_m > 0) {
            MU_TRY(add_segment(list, edge, &segment, radius_m, so_far_m, whole_m));
        }
        so_far_m += segment.length_m;
        segment.x0 = segment.x1, segment.y0 = segment.y1;
    }
    return MUSTER_OK;
}
