/* Roads are compared in duration, parts of the network by their components. Of a component that
 * falls apart the largest piece is what is left of it, the others are cut off. */
#include "cli/closures_answer.h"

#include <math.h>
#include <stdlib.h>

#include "cli/command.h"

/* ---- roads ------------------------------------------------------------------------------- */

/* The share of its speed that an arc keeps, more than 1 where it gets faster, infinity where it was
 * closed before. */
static double share_of(const muster_metric *base, const muster_metric *changed, uint32_t arc) {
    const uint32_t before = muster_metric_duration_ms(base)[arc];
    const uint32_t now    = muster_metric_duration_ms(changed)[arc];
    if (before == now) return 1;
    if (before >= MUSTER_UNREACHABLE_MS) return INFINITY;
    return now >= MUSTER_UNREACHABLE_MS ? 0 : (double)before / now;
}

static closed_road compare(const muster_metric *base, const muster_metric *changed, uint32_t edge) {
    const double there = share_of(base, changed, 2 * edge);
    const double back  = share_of(base, changed, 2 * edge + 1);
    const double least = there < back ? there : back;
    closed_road  road  = {edge, ROAD_AS_BEFORE, least < 1 ? least : 1};
    if (least < 1) {
        road.state = least > 0 ? ROAD_SLOWED : ROAD_CLOSED;
    } else if (there > 1 || back > 1) {
        road.state = ROAD_OPENED;
    }
    return road;
}

/* Spared bridges count as such unless something else has closed them. */
static void mark_spared(uint8_t *is_spared, const muster_closure *closure) {
    uint32_t        count;
    const uint32_t *edge = muster_closure_spared(closure, &count);
    for (uint32_t i = 0; i < count; ++i) is_spared[edge[i]] = 1;
}

static void list_roads(closures_answer *a, const muster_metric *base, const muster_metric *changed,
                       const uint8_t *is_spared) {
    for (uint32_t e = 0; e < muster_network_view(a->network)->edge_count; ++e) {
        closed_road road = compare(base, changed, e);
        if (road.state == ROAD_AS_BEFORE && is_spared[e]) road.state = ROAD_SPARED;
        if (road.state != ROAD_AS_BEFORE) a->road[a->road_count++] = road;
    }
}

/* ---- parts ------------------------------------------------------------------------------- */

static int larger_first(const void *a, const void *b) {
    const cut_part *p = a, *q = b;
    if (p->node_count != q->node_count) return p->node_count > q->node_count ? -1 : 1;
    return p->node < q->node ? -1 : 1;
}

/* Components run from the largest on, so the first piece met of an old component is what is
 * left of it. `is_left`: by old component. */
static void list_parts(closures_answer *a, const muster_metric *base, const muster_metric *changed,
                       uint32_t *first_node, uint8_t *is_left) {
    const uint32_t *now = muster_metric_component(changed), *old = muster_metric_component(base);
    const uint32_t  nodes = muster_network_view(a->network)->node_count;
    for (uint32_t v = nodes; v-- > 0;) first_node[now[v]] = v;
    for (uint32_t c = 0; c < muster_metric_component_count(changed); ++c) {
        const uint32_t v = first_node[c];
        if (is_left[old[v]]) {
            a->part[a->part_count++] = (cut_part){muster_metric_component_size(changed)[c], v};
        }
        is_left[old[v]] = 1;
    }
    qsort(a->part, a->part_count, sizeof *a->part, larger_first);
}

/* ---- both -------------------------------------------------------------------------------- */

static bool fill(closures_answer *a, const muster_metric *base, const muster_metric *changed,
                 const muster_closure *closure) {
    const muster_network_data *v          = muster_network_view(a->network);
    const uint32_t             parts      = muster_metric_component_count(changed);
    uint8_t                   *is_spared  = calloc(v->edge_count + 1, 1);
    uint8_t                   *is_left    = calloc(muster_metric_component_count(base) + 1, 1);
    uint32_t                  *first_node = calloc(parts + 1, sizeof *first_node);
    a->road                               = malloc((v->edge_count + 1) * sizeof *a->road);
    a->part                               = malloc((parts + 1) * sizeof *a->part);
    const bool has_memory = is_spared && is_left && first_node && a->road && a->part;
    if (has_memory) {
        mark_spared(is_spared, closure);
        list_roads(a, base, changed, is_spared);
        list_parts(a, base, changed, first_node, is_left);
    }
    free(is_spared);
    free(is_left);
    free(first_node);
    return has_memory;
}

int closures_answer_init(closures_answer *a, const muster_metric *base,
                         const muster_metric *changed, const muster_closure *closure) {
    *a = (closures_answer){.network = muster_metric_network(base),
                           .profile = muster_metric_profile_name(base)};
    if (fill(a, base, changed, closure)) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

void closures_answer_fini(closures_answer *a) {
    free(a->road);
    free(a->part);
}

const char *road_state_name(road_state state) {
    static const char *const NAMES[ROAD_STATES] = {"as before", "closed", "slowed", "spared",
                                                   "opened"};
    return NAMES[state];
}
