/* Roads are compared in duration, parts of the network by their components. Of a component that
 * falls apart the largest piece is what is left of it, the others are cut off. */
#include "cli/closures_answer.h"

#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/cut_off.h"

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
 * left of it. `left`: by old component, a node of that piece, MUSTER_NONE before. */
static void list_parts(closures_answer *a, const muster_metric *base, const muster_metric *changed,
                       uint32_t *first_node, uint32_t *left) {
    const uint32_t *now = muster_metric_component(changed), *old = muster_metric_component(base);
    const uint32_t  nodes = muster_network_view(a->network)->node_count;
    for (uint32_t v = nodes; v-- > 0;) first_node[now[v]] = v;
    for (uint32_t c = 0; c < muster_metric_component_count(changed); ++c) {
        const uint32_t v = first_node[c];
        if (left[old[v]] == MUSTER_NONE) {
            left[old[v]] = v;
        } else {
            a->part[a->part_count++] =
                (cut_part){.node_count = muster_metric_component_size(changed)[c],
                           .node       = v,
                           .rest       = left[old[v]]};
        }
    }
    qsort(a->part, a->part_count, sizeof *a->part, larger_first);
}

/* ---- why ---------------------------------------------------------------------------------- */

/* The node as a place: an end of one of its edges. */
static muster_snap place_at(const muster_network_data *v, const uint32_t *edge_of, uint32_t node) {
    const uint32_t edge = edge_of[node];
    return (muster_snap){.edge = edge, .fraction = v->edge_source[edge] == node ? 0 : 1};
}

static void find_edges(const muster_network_data *v, uint32_t *edge_of) {
    for (uint32_t e = v->edge_count; e-- > 0;) {
        edge_of[v->edge_source[e]] = e;
        edge_of[v->edge_target[e]] = e;
    }
}

static int explain_way(muster_explainer *explainer, const closure_list *list,
                       const muster_snap *from, const muster_snap *to, char **text, json_t **json) {
    muster_explanation  why;
    const muster_status status = muster_explainer_ask(explainer, from, to, &why);
    if (status != MUSTER_OK) return command_fail_status(status);
    *json = cut_off_json(&why, list);
    if (why.cut != MUSTER_CUT_NOT) *text = cut_off_text(&why, list);
    if (*json && (*text || why.cut == MUSTER_CUT_NOT)) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

static int explain_parts(closures_answer *a, muster_explainer *explainer, const closure_list *list,
                         uint32_t part_count, uint32_t *edge_of) {
    const muster_network_data *v = muster_network_view(a->network);
    find_edges(v, edge_of);
    for (uint32_t i = 0; i < part_count; ++i) {
        cut_part         *p    = &a->part[i];
        const muster_snap part = place_at(v, edge_of, p->node);
        const muster_snap rest = place_at(v, edge_of, p->rest);
        int code = explain_way(explainer, list, &rest, &part, &p->no_way_in, &p->json_in);
        if (code == COMMAND_DONE) {
            code = explain_way(explainer, list, &part, &rest, &p->no_way_out, &p->json_out);
        }
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

static int explain(closures_answer *a, const closures_target *target, uint32_t part_count) {
    muster_explainer   *explainer;
    const muster_status status = muster_explainer_new(&explainer, target->closure);
    if (status != MUSTER_OK) return command_fail_status(status);
    uint32_t *edge_of = malloc(muster_network_view(a->network)->node_count * sizeof *edge_of);
    const int code    = edge_of ? explain_parts(a, explainer, target->list, part_count, edge_of)
                                : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    free(edge_of);
    muster_explainer_free(explainer);
    return code;
}

/* ---- all of it --------------------------------------------------------------------------- */

static bool fill(closures_answer *a, const muster_metric *base, const muster_metric *changed,
                 const muster_closure *closure) {
    const muster_network_data *v          = muster_network_view(a->network);
    const uint32_t             old        = muster_metric_component_count(base);
    const uint32_t             parts      = muster_metric_component_count(changed);
    uint8_t                   *is_spared  = calloc(v->edge_count + 1, 1);
    uint32_t                  *left       = malloc((old + 1) * sizeof *left);
    uint32_t                  *first_node = calloc(parts + 1, sizeof *first_node);
    a->road                               = malloc((v->edge_count + 1) * sizeof *a->road);
    a->part                               = malloc((parts + 1) * sizeof *a->part);
    const bool has_memory                 = is_spared && left && first_node && a->road && a->part;
    if (has_memory) {
        for (uint32_t c = 0; c < old; ++c) left[c] = MUSTER_NONE;
        mark_spared(is_spared, closure);
        list_roads(a, base, changed, is_spared);
        list_parts(a, base, changed, first_node, left);
    }
    free(is_spared);
    free(left);
    free(first_node);
    return has_memory;
}

int closures_answer_init(closures_answer *a, const closures_target *target,
                         const muster_metric *changed, bool explains_all) {
    *a = (closures_answer){.network = muster_metric_network(changed),
                           .profile = muster_metric_profile_name(changed)};
    if (!fill(a, target->metric, changed, target->closure)) {
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    const bool takes_all = explains_all || a->part_count < MOST_PARTS_IN_TEXT;
    return explain(a, target, takes_all ? a->part_count : MOST_PARTS_IN_TEXT);
}

void closures_answer_fini(closures_answer *a) {
    for (uint32_t i = 0; i < a->part_count; ++i) {
        free(a->part[i].no_way_in);
        free(a->part[i].no_way_out);
        json_decref(a->part[i].json_in);
        json_decref(a->part[i].json_out);
    }
    free(a->road);
    free(a->part);
}

const char *road_state_name(road_state state) {
    static const char *const NAMES[ROAD_STATES] = {"as before", "closed", "slowed", "spared",
                                                   "opened"};
    return NAMES[state];
}
