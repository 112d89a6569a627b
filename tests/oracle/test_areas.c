/* Edges in an area, found by boxes that are inside or outside as a whole, against asking each edge. Areas have
 * holes, cross themselves, and have sides along roads and corners on junctions; what is found has to rise. */
#include <string.h>

#include "core/closure.h"
#include "core/metric.h"
#include "core/polygon.h"
#include "tests/support/grid_network.h"
#include "tests/support/random_network.h"

enum { NETWORKS = 300, TOWN = 30, AREAS = 12, TOWN_AREAS = 500, MOST_RINGS = 3, MOST_POINTS = 40 };

typedef struct area {
    uint32_t       first[MOST_RINGS + 1];
    double         lon[MOST_RINGS * MOST_POINTS], lat[MOST_RINGS * MOST_POINTS];
    muster_polygon shape;
} area;

/* ---- areas ---------------------------------------------------------------------------------- */

static mu_box extent(const muster_network_data *v) {
    mu_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t n = 0; n < v->node_count; ++n) {
        box.min_x = fmin(box.min_x, v->node_lon_deg[n]);
        box.min_y = fmin(box.min_y, v->node_lat_deg[n]);
        box.max_x = fmax(box.max_x, v->node_lon_deg[n]);
        box.max_y = fmax(box.max_y, v->node_lat_deg[n]);
    }
    return box;
}

/* Somewhere in a box or round it; or a junction; or in line with two of them. */
static mu_point draw_point(const muster_network_data *v, const mu_box *box, uint64_t *rng) {
    const double   width = box->max_x - box->min_x, height = box->max_y - box->min_y;
    const uint32_t node  = random_below(rng, v->node_count),
                   other = random_below(rng, v->node_count);
    switch (random_below(rng, 4)) {
    case 0:
        return (mu_point){v->node_lon_deg[node], v->node_lat_deg[node]};
    case 1:
        return (mu_point){v->node_lon_deg[node], v->node_lat_deg[other]};
    default:
        return (mu_point){box->min_x + width * (1.4 * random_unit(rng) - 0.2),
                          box->min_y + height * (1.4 * random_unit(rng) - 0.2)};
    }
}

/* All of it, a part of it, or far more. */
static mu_box draw_box(const mu_box *all, uint64_t *rng) {
    static const double SCALE[] = {0.1, 0.4, 1, 3};
    const double        scale   = SCALE[random_below(rng, 4)];
    const double        width = all->max_x - all->min_x, height = all->max_y - all->min_y;
    const double        x = all->min_x + width * random_unit(rng);
    const double        y = all->min_y + height * random_unit(rng);
    return (mu_box){x - scale * width / 2, y - scale * height / 2, x + scale * width / 2,
                    y + scale * height / 2};
}

static void draw_area(area *a, const muster_network_data *v, uint64_t *rng) {
    const mu_box   all = extent(v), box = draw_box(&all, rng);
    const uint32_t rings = 1 + random_below(rng, MOST_RINGS);
    a->first[0]          = 0;
    for (uint32_t r = 0; r < rings; ++r) {
        a->first[r + 1] = a->first[r] + 3 + random_below(rng, random_below(rng, 2) ? 3 : 30);
        for (uint32_t p = a->first[r]; p < a->first[r + 1]; ++p) {
            const mu_point point = draw_point(v, &box, rng);
            a->lon[p]            = point.x;
            a->lat[p]            = point.y;
        }
    }
    a->shape = (muster_polygon){rings, a->first, a->lon, a->lat};
}

/* ---- both ways ------------------------------------------------------------------------------ */

typedef struct found {
    uint32_t *edge;
    uint32_t  count;
} found;

static void ask_each_edge(found *f, const muster_network *network, const mu_polygon *polygon) {
    f->count = 0;
    for (uint32_t e = 0; e < network->view.edge_count; ++e) {
        const mu_cover cover = mu_polygon_cover_of_edge(polygon, network, e);
        if (cover != MU_COVERS_NOTHING) f->edge[f->count++] = e;
    }
}

/* Each edge that an area closes is put down once for each of its arcs, in the order in which it is found. */
static void assert_found(const muster_metric *metric, const area *a, found *f) {
    mu_polygon      polygon;
    muster_closure *closure;
    size_t          closings;
    assert_int_equal(mu_polygon_init(&polygon, &a->shape), MUSTER_OK);
    ask_each_edge(f, metric->network, &polygon);
    assert_int_equal(muster_closure_new(&closure, metric), MUSTER_OK);
    assert_int_equal(muster_closure_slow(closure, &a->shape, 0, 0), MUSTER_OK);
    const mu_closing *closing = mu_closure_closings(closure, &closings);
    assert_int_equal(closings, 2 * f->count);
    for (uint32_t i = 0; i < closings; ++i) {
        assert_int_equal(closing[i].arc, 2 * f->edge[i / 2] + i % 2);
    }
    muster_closure_free(closure);
    mu_polygon_fini(&polygon);
}

static void assert_areas_found(const muster_network *network, uint32_t areas, uint64_t *rng) {
    static area    a;
    muster_metric *metric = random_network_metric(network, "light");
    found          f      = {.edge = malloc(network->view.edge_count * sizeof(uint32_t) + 1)};
    assert_non_null(f.edge);
    for (uint32_t i = 0; i < areas; ++i) {
        draw_area(&a, &network->view, rng);
        assert_found(metric, &a, &f);
    }
    free(f.edge);
    muster_metric_free(metric);
}

static void areas_of_random_networks_have_the_edges_that_say_so_themselves(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = random_network_new(&r, seed);
        assert_areas_found(network, AREAS, &rng);
        muster_network_free(network);
    }
}

static void areas_of_a_town_have_the_edges_that_say_so_themselves(void **state) {
    (void)state;
    uint64_t        rng     = 1;
    muster_network *network = grid_network(TOWN, &rng);
    assert_areas_found(network, TOWN_AREAS, &rng);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_of_random_networks_have_the_edges_that_say_so_themselves),
        cmocka_unit_test(areas_of_a_town_have_the_edges_that_say_so_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
