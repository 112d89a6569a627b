/* From a profile and what the road allows to a travel time for every arc.
 *
 * The rules, first that holds:
 *   - a class whose profile speed is 0, a maxheight below the profile's height, a maxweight
 *     below its weight, or no access bit in common: closed;
 *   - open only as contraflow: the duration times contraflow_factor, or closed if that is 0;
 *   - a stated duration is used as it stands;
 *   - else length over speed: the stated speed times speed_factor, or the class's, and
 *     never more than max_speed_kmh. */
#include "core/metric.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/hierarchy_scc.h"
#include "core/threads.h"
#include "core/weights_many.h"

/* ---- built-in profiles --------------------------------------------------------------- */

/* Class speeds of `light` are those at which ordinary traffic gets along where no limit is
 * signed, of the order that OSRM's and GraphHopper's car profiles use; `heavy` is a fire
 * engine or a loaded lorry; `emergency` a light vehicle with blue lights. A car floats or
 * stalls in 0.3 m of water (Pregnolato et al. 2017, see closure.c); lorries and raised
 * vehicles wade deeper. */
static const muster_profile BUILTIN[] = {
    {.struct_size    = sizeof(muster_profile),
     .name           = "light",
     .access         = MUSTER_ACCESS_LIGHT,
     .speed_kmh      = {110, 50, 90, 45, 70, 40, 60, 35, 50, 30, 40, 30, 15, 15, 12, 30, 15},
     .speed_factor   = 1.0,
     .max_speed_kmh  = 120,
     .height_m       = 2.5,
     .weight_t       = 3.5,
     .wading_depth_m = 0.3},
    {.struct_size    = sizeof(muster_profile),
     .name           = "heavy",
     .access         = MUSTER_ACCESS_HEAVY,
     .speed_kmh      = {85, 40, 75, 40, 60, 35, 50, 30, 40, 25, 30, 25, 10, 10, 6, 25, 15},
     .speed_factor   = 0.9,
     .max_speed_kmh  = 90,
     .height_m       = 3.8,
     .weight_t       = 18,
     .wading_depth_m = 0.6},
    {.struct_size       = sizeof(muster_profile),
     .name              = "emergency",
     .access            = MUSTER_ACCESS_LIGHT | MUSTER_ACCESS_EMERGENCY,
     .contraflow_factor = 2.0,
     .speed_kmh         = {120, 60, 105, 55, 90, 50, 75, 45, 65, 40, 50, 40, 20, 20, 15, 40, 15},
     .speed_factor      = 1.2,
     .max_speed_kmh     = 140,
     .height_m          = 2.9,
     .weight_t          = 5,
     .wading_depth_m    = 0.4},
};

enum { BUILTIN_COUNT = sizeof BUILTIN / sizeof *BUILTIN };

muster_status muster_profile_builtin(muster_profile *out, const char *name) {
    for (int i = 0; i < BUILTIN_COUNT; ++i) {
        if (strcmp(name, BUILTIN[i].name) == 0) {
            *out = BUILTIN[i];
            return MUSTER_OK;
        }
    }
    return muster_fail(MUSTER_E_INVALID,
                       "unknown profile \"%s\"; expected light, heavy or emergency", name);
}

/* ---- one arc ------------------------------------------------------------------------- */

static bool fits(const muster_profile *p, const muster_network_data *v, uint32_t edge) {
    const double maxheight_m = (double)v->edge_maxheight_m[edge];
    const double maxweight_t = (double)v->edge_maxweight_t[edge];
    return p->speed_kmh[v->edge_class[edge]] > 0 &&
           !(maxheight_m > 0 && p->height_m > maxheight_m) &&
           !(maxweight_t > 0 && p->weight_t > maxweight_t);
}

static double speed_kmh(const muster_profile *p, const muster_network_data *v, uint32_t arc) {
    const uint32_t edge = arc >> 1;
    const double   stated =
        (double)(arc & 1 ? v->edge_speed_backward_kmh[edge] : v->edge_speed_forward_kmh[edge]);
    const double free = stated > 0 ? stated * p->speed_factor : p->speed_kmh[v->edge_class[edge]];
    return p->max_speed_kmh > 0 ? fmin(free, p->max_speed_kmh) : free;
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
    const double factor      = is_contraflow ? p->contraflow_factor : 1.0;
    const double duration_ms = floor(free_duration_ms(p, v, arc) * factor + 0.5);
    return duration_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)duration_ms : MUSTER_UNREACHABLE_MS;
}

/* ---- the whole metric ---------------------------------------------------------------- */

static muster_status check_field(const muster_profile *p, const char *field, double value) {
    if (isfinite(value) && value >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has %s %g; expected 0 or more", p->name,
                       field, value);
}

static muster_status check_profile(const muster_profile *p) {
    if (p->struct_size != sizeof *p) {
        return muster_fail(MUSTER_E_INVALID, "profile has struct_size %zu; expected %zu",
                           p->struct_size, sizeof *p);
    }
    if (!p->name) return muster_fail(MUSTER_E_INVALID, "profile has no name");
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        MU_TRY(check_field(p, muster_road_class_name((muster_road_class)c), p->speed_kmh[c]));
    }
    MU_TRY(check_field(p, "contraflow_factor", p->contraflow_factor));
    MU_TRY(check_field(p, "max_speed_kmh", p->max_speed_kmh));
    MU_TRY(check_field(p, "height_m", p->height_m));
    MU_TRY(check_field(p, "weight_t", p->weight_t));
    MU_TRY(check_field(p, "wading_depth_m", p->wading_depth_m));
    MU_TRY(check_field(p, "speed_factor", p->speed_factor));
    if (p->speed_factor > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has speed_factor 0; expected more than 0",
                       p->name);
}

static muster_status search_components(muster_metric *metric) {
    const uint32_t arcs = 2 * metric->network->view.edge_count;
    uint8_t       *usable;
    MU_TRY(mu_alloc(&usable, arcs, 1));
    for (uint32_t a = 0; a < arcs; ++a) {
        usable[a] = metric->duration_ms[a] < MUSTER_UNREACHABLE_MS;
    }
    const muster_status status = mu_scc_init(&metric->scc, metric->network, usable);
    mu_free(usable);
    return status;
}

muster_status mu_metric_find_components(muster_metric *metric) {
    if (!metric->weights.hierarchy) return search_components(metric);
    MU_TRY(mu_hierarchy_scc(&metric->scc, &metric->weights, &metric->has_far));
    if (!metric->has_far) return MUSTER_OK;
    mu_scc_fini(&metric->scc);
    return search_components(metric);
}

static muster_status allocate(muster_metric **out, const muster_network *network,
                              const muster_profile *profile) {
    muster_metric *metric;
    MU_TRY(mu_alloc_zeroed(&metric, 1, sizeof *metric));
    *out                   = metric;
    metric->network        = network;
    metric->profile_name   = profile->name;
    metric->wading_depth_m = profile->wading_depth_m;
    return mu_alloc(&metric->duration_ms, 2 * (size_t)network->view.edge_count,
                    sizeof *metric->duration_ms);
}

static void find_durations(muster_metric *metric, const muster_profile *profile) {
    for (uint32_t a = 0; a < 2 * metric->network->view.edge_count; ++a) {
        metric->duration_ms[a] = arc_duration_ms(profile, metric->network, a);
    }
}

/* ---- several metrics ----------------------------------------------------------------- */

static muster_status customize_all(muster_metric **metrics, uint32_t count, uint32_t thread_count) {
    const mu_hierarchy *hierarchy = metrics[0]->network->hierarchy;
    const uint32_t    **duration_ms;
    mu_weights         *weights = NULL;
    if (!hierarchy) return MUSTER_OK;
    MU_TRY(mu_alloc(&duration_ms, count, sizeof *duration_ms));
    for (uint32_t m = 0; m < count; ++m) duration_ms[m] = metrics[m]->duration_ms;
    muster_status status = mu_alloc(&weights, count, sizeof *weights);
    if (status == MUSTER_OK) {
        status = mu_weights_init_many(weights, count, hierarchy, duration_ms, thread_count);
    }
    for (uint32_t m = 0; m < count && status == MUSTER_OK; ++m) metrics[m]->weights = weights[m];
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
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (uint32_t m = 0; m < count; ++m) find_durations(metrics[m], &profiles[m]);
    MU_TRY(customize_all(metrics, count, thread_count));
    return find_all_components(metrics, count, threads);
}

muster_status muster_metrics_new(muster_metric **out, const muster_network *network, uint32_t count,
                                 const muster_profile *profiles, uint32_t thread_count) {
    for (uint32_t m = 0; m < count; ++m) out[m] = NULL;
    for (uint32_t m = 0; m < count; ++m) MU_TRY(check_profile(&profiles[m]));
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

void muster_metric_free(muster_metric *metric) {
    if (!metric) return;
    mu_free(metric->duration_ms);
    mu_scc_fini(&metric->scc);
    mu_weights_fini(&metric->weights);
    mu_perfect_fini(&metric->perfect);
    mu_free(metric);
}

const muster_network *muster_metric_network(const muster_metric *metric) {
    return metric->network;
}

const char *muster_metric_profile_name(const muster_metric *metric) {
    return metric->profile_name;
}

const uint32_t *muster_metric_duration_ms(const muster_metric *metric) {
    return metric->duration_ms;
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
