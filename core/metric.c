/* From a profile and what the road allows to a travel time for every arc.
 *
 * The rules, first that holds:
 *   - a class whose profile speed is 0, a maxheight below the profile's height, a maxwidth
 *     below its width, a maxweight below its weight, or no access bit in common: closed;
 *   - open only as contraflow: the duration times contraflow_factor, or closed if that is 0;
 *   - a stated duration is used as it stands;
 *   - else length over speed: the stated speed times speed_factor, or the class's, and
 *     never more than max_speed_kmh.
 * Turns cost nothing but where the network restricts them (graph_turns.c). */
#include "core/metric.h"

#include "core/alloc.h"
#include "core/graph_turns.h"
#include "core/metric_pool.h"
#include "core/threads.h"
#include "core/weights_many.h"

/* ---- one arc ------------------------------------------------------------------------- */

/* A limit of 0 is none. Limits are floats, so sizes are rounded to one as well: 3.8 m pass
 * under a sign of 3.8 m. */
static bool is_within(double size, float limit) {
    return !(limit > 0) || (float)size <= limit;
}

static bool fits(const muster_profile *p, const muster_network_data *v, uint32_t edge) {
    return p->speed_kmh[v->edge_class[edge]] > 0 &&
           is_within(p->height_m, v->edge_maxheight_m[edge]) &&
           is_within(p->width_m, v->edge_maxwidth_m[edge]) &&
           is_within(p->weight_t, v->edge_maxweight_t[edge]);
}

static double speed_kmh(const muster_profile *p, const muster_network_data *v, uint32_t arc) {
    const uint32_t edge = arc >> 1;
    const double   stated =
        (double)(arc & 1 ? v->edge_speed_backward_kmh[edge] : v->edge_speed_forward_kmh[edge]);
    const double free = stated > 0 ? stated * p->speed_factor : p->speed_kmh[v->edge_class[edge]];
    return p->max_speed_kmh > 0 && free > p->max_speed_kmh ? p->max_speed_kmh : free;
}

static double free_duration_ms(const muster_profile *p, const muster_network_data *v,
                               uint32_t arc) {
    const uint32_t edge = arc >> 1;
    const uint32_t stated =
        arc & 1 ? v->edge_duration_backward_ms[edge] : v->edge_duration_forward_ms[edge];
    if (stated != MUSTER_NONE) return stated;
    return v->edge_length_m[edge] * 3600.0 / speed_kmh(p, v, arc);
}

static uint32_t arc_duration_ms(const muster_profile *p, const muster_network *network,
                                uint32_t arc) {
    const muster_network_data *v      = &network->view;
    const uint8_t              access = mu_arc_access(network, arc);
    const bool is_contraflow = (access & p->access) == 0 && (access & MUSTER_ACCESS_CONTRAFLOW);
    if (!fits(p, v, arc >> 1) || ((access & p->access) == 0 && !is_contraflow)) {
        return MUSTER_UNREACHABLE_MS;
    }
    if (is_contraflow && !(p->contraflow_factor > 0)) return MUSTER_UNREACHABLE_MS;
    const double factor  = is_contraflow ? p->contraflow_factor : 1.0;
    const double rounded = free_duration_ms(p, v, arc) * factor + 0.5; /* down, by the cast */
    return rounded < MUSTER_UNREACHABLE_MS ? (uint32_t)rounded : MUSTER_UNREACHABLE_MS;
}

/* Then one duration is enough; most roads are. */
static bool is_the_same_back(const muster_network_data *v, uint32_t edge) {
    return v->edge_access_forward[edge] == v->edge_access_backward[edge] &&
           v->edge_speed_forward_kmh[edge] == v->edge_speed_backward_kmh[edge] &&
           v->edge_duration_forward_ms[edge] == v->edge_duration_backward_ms[edge];
}

/* ---- the whole metric ---------------------------------------------------------------- */

/* So few edges are no work for another thread. */
enum { EDGES_A_THREAD = 4096 };

static void find_edge_durations(muster_metric *metric, uint32_t edge) {
    uint32_t *out_ms = &metric->duration_ms[2 * (size_t)edge];
    out_ms[0]        = arc_duration_ms(&metric->profile, metric->network, 2 * edge);
    out_ms[1]        = is_the_same_back(&metric->network->view, edge)
                           ? out_ms[0]
                           : arc_duration_ms(&metric->profile, metric->network, 2 * edge + 1);
}

static void find_durations(muster_metric *metric, uint32_t asked_threads) {
    const mu_graph *graph = &metric->network->graph;
    if (mu_metric_flies(metric)) {
        for (uint32_t a = 0; a < graph->arc_count; ++a) {
            metric->duration_ms[a] = MUSTER_UNREACHABLE_MS;
        }
        return;
    }
    const uint32_t edges   = graph->road_arc_count / 2;
    const uint32_t threads = mu_thread_count(asked_threads, edges / EDGES_A_THREAD);
    (void)threads; /* without OpenMP */
#pragma omp parallel for num_threads(threads)
    for (uint32_t e = 0; e < edges; ++e) find_edge_durations(metric, e);
    mu_graph_turn_durations(graph, metric->profile.access, metric->profile.turn_ban_penalty_ms,
                            metric->duration_ms);
}

uint64_t mu_metric_next_id(void) {
    static uint64_t last;
    return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

static muster_status allocate(muster_metric **out, const muster_network *network,
                              const muster_profile *profile) {
    muster_metric *metric;
    MU_TRY(mu_alloc_zeroed(&metric, 1, sizeof *metric));
    *out            = metric;
    metric->id      = mu_metric_next_id();
    metric->network = network;
    metric->profile = *profile;
    return mu_alloc(&metric->duration_ms, network->graph.arc_count, sizeof *metric->duration_ms);
}

/* ---- several metrics ----------------------------------------------------------------- */

/* Of those that drive. Returns how many. */
static uint32_t list_durations(muster_metric **metrics, uint32_t count,
                               const uint32_t **duration_ms) {
    uint32_t driving = 0;
    for (uint32_t m = 0; m < count; ++m) {
        if (!mu_metric_flies(metrics[m])) duration_ms[driving++] = metrics[m]->duration_ms;
    }
    return driving;
}

static muster_status customize_all(muster_metric **metrics, uint32_t count, uint32_t thread_count) {
    const mu_hierarchy *hierarchy = metrics[0]->network->hierarchy;
    const uint32_t    **duration_ms;
    mu_weights         *weights = NULL;
    if (!hierarchy) return MUSTER_OK;
    MU_TRY(mu_alloc(&duration_ms, count, sizeof *duration_ms));
    const uint32_t driving = list_durations(metrics, count, duration_ms);
    muster_status  status  = mu_alloc(&weights, driving, sizeof *weights);
    if (status == MUSTER_OK) {
        status = mu_weights_init_many(weights, driving, hierarchy, duration_ms, thread_count);
    }
    for (uint32_t m = 0, d = 0; m < count && status == MUSTER_OK; ++m) {
        if (!mu_metric_flies(metrics[m])) metrics[m]->weights = weights[d++];
    }
    mu_free(weights);
    mu_free(duration_ms);
    return status;
}

/* A message belongs to the thread that it arose on, hence a new one for the caller's. */
static muster_status find_all_components(muster_metric **metrics, uint32_t count,
                                         uint32_t threads) {
    muster_status all = MUSTER_OK;
    if (count == 1) return mu_metric_find_components(metrics[0]);
    (void)threads; /* without OpenMP */
#pragma omp        parallel for num_threads(threads) schedule(dynamic)
    for (uint32_t m = 0; m < count; ++m) {
               const muster_status status = mu_metric_find_components(metrics[m]);
               if (status == MUSTER_OK) continue;
#pragma omp atomic write
        all = status;
    }
    if (all == MUSTER_OK) return MUSTER_OK;
    return muster_fail(all, "out of memory for the components of %u metrics", count);
}

static muster_status fill_all(muster_metric **metrics, const muster_network *network,
                              uint32_t count, const muster_profile *profiles,
                              uint32_t thread_count) {
    const uint32_t threads = mu_thread_count(thread_count, count);
    for (uint32_t m = 0; m < count; ++m) {
        MU_TRY(allocate(&metrics[m], network, &profiles[m]));
    }
    for (uint32_t m = 0; m < count; ++m) find_durations(metrics[m], thread_count);
    MU_TRY(customize_all(metrics, count, thread_count));
    return find_all_components(metrics, count, threads);
}

muster_status muster_metrics_new(muster_metric **out, const muster_network *network, uint32_t count,
                                 const muster_profile *profiles, uint32_t thread_count) {
    for (uint32_t m = 0; m < count; ++m) out[m] = NULL;
    for (uint32_t m = 0; m < count; ++m) MU_TRY(muster_profile_check(&profiles[m]));
    if (count == 0) return MUSTER_OK;
    const muster_status status = fill_all(out, network, count, profiles, thread_count);
    for (uint32_t m = 0; m < count && status != MUSTER_OK; ++m) {
        muster_metric_free(out[m]);
        out[m] = NULL;
    }
    return status;
}

muster_status muster_metric_new(muster_metric **out, const muster_network *network,
                                const muster_profile *profile) {
    return muster_metrics_new(out, network, 1, profile, 0);
}

muster_status muster_metric_perfect(muster_metric *metric, uint32_t thread_count) {
    if (!metric->weights.hierarchy || metric->perfect.ascent) return MUSTER_OK;
    return mu_perfect_init(&metric->perfect, &metric->weights, thread_count);
}

void mu_lineage_fini(mu_lineage *lineage) {
    mu_free(lineage->arc);
    mu_free(lineage->up);
    *lineage = (mu_lineage){0};
}

void muster_metric_free(muster_metric *metric) {
    if (!metric) return;
    mu_metric_pool_keep(metric);
    mu_free(metric->duration_ms);
    mu_scc_fini(&metric->scc);
    mu_scc_fini(&metric->graph_scc);
    mu_weights_fini(&metric->weights);
    mu_perfect_fini(&metric->perfect);
    mu_lineage_fini(&metric->lineage);
    mu_free(metric);
}

uint64_t mu_metric_id(const muster_metric *metric) {
    return metric->id;
}

const muster_network *muster_metric_network(const muster_metric *metric) {
    return metric->network;
}

const char *muster_metric_profile_name(const muster_metric *metric) {
    return metric->profile.name;
}

bool muster_metric_flies(const muster_metric *metric) {
    return mu_metric_flies(metric);
}

const uint32_t *muster_metric_duration_ms(const muster_metric *metric) {
    return metric->duration_ms;
}

uint32_t muster_metric_turn_count(const muster_metric *metric) {
    return metric->network->graph.turn_count;
}

muster_turn muster_metric_turn(const muster_metric *metric, uint32_t index) {
    const mu_graph *g     = &metric->network->graph;
    const uint32_t  first = g->first_turn_arc[index];
    return (muster_turn){.arc_count   = g->first_turn_arc[index + 1] - first,
                         .arc         = g->turn_arc + first,
                         .duration_ms = metric->duration_ms[g->road_arc_count + index]};
}

const uint32_t *muster_metric_component(const muster_metric *metric) {
    return metric->scc.component;
}

const uint32_t *muster_metric_component_size(const muster_metric *metric) {
    return metric->scc.size;
}

uint32_t muster_metric_component_count(const muster_metric *metric) {
    return metric->scc.count;
}
