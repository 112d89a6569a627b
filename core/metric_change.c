/* A metric from another one and some changes. Everything that the changes cannot reach is
 * copied, or taken from a metric that was freed and is nearly the same (metric_pool.h): the base is never touched,
 * so whoever searches it is not disturbed.
 *
 * Components follow from which arcs may be used: as long as none is closed or opened, they stay.
 * Where some are, a hierarchy tells which nodes change (hierarchy_scc_update.c): most closures
 * leave a way round. */
#include <muster/closure.h>

#include "core/alloc.h"
#include "core/metric_pool.h"
#include "core/recustomize.h"

static muster_status check_change(const muster_metric *metric, uint32_t index,
                                  const muster_arc_change *change) {
    const muster_network *network = metric->network;
    const uint32_t        arcs    = 2 * network->view.edge_count;
    if (change->arc >= arcs) {
        return muster_fail(MUSTER_E_INVALID, "change %u is of arc %u, but the network has %u arcs",
                           index, change->arc, arcs);
    }
    if (change->duration_ms > MUSTER_UNREACHABLE_MS) {
        return muster_fail(MUSTER_E_INVALID, "change %u sets arc %u to %u ms; expected 0 to %u",
                           index, change->arc, change->duration_ms, MUSTER_UNREACHABLE_MS);
    }
    if (change->duration_ms < MUSTER_UNREACHABLE_MS && mu_arc_access(network, change->arc) == 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "change %u opens arc %u, which the network gives to nobody; expected an "
                           "arc with an access bit",
                           index, change->arc);
    }
    if (change->duration_ms < MUSTER_UNREACHABLE_MS && mu_metric_flies(metric)) {
        return muster_fail(MUSTER_E_INVALID,
                           "change %u opens arc %u to \"%s\", which flies and uses none", index,
                           change->arc, metric->profile.name);
    }
    return MUSTER_OK;
}

/* The arcs that may differ from the base: an arc that is changed more than once may be listed
 * again, and be the same in the end. */
typedef struct difference {
    uint32_t *arc;
    uint32_t  count;
    bool      has_flips; /* some arc is closed or opened */
} difference;

/* An arc and its copies take the same time: what has not yet is listed too, each copy once. */
static void add_copies(muster_metric *metric, difference *d) {
    const uint32_t roads = d->count;
    for (uint32_t i = 0; i < roads; ++i) {
        uint32_t end, copy = mu_graph_copies(&metric->network->graph, d->arc[i], &end);
        for (; copy < end; ++copy) {
            if (metric->duration_ms[copy] == metric->duration_ms[d->arc[i]]) continue;
            metric->duration_ms[copy] = metric->duration_ms[d->arc[i]];
            d->arc[d->count++]        = copy;
        }
    }
}

static muster_status apply(muster_metric *metric, const muster_metric *base, uint32_t count,
                           const muster_arc_change *change, difference *d) {
    const mu_graph *g = &metric->network->graph;
    MU_TRY(mu_alloc(&d->arc, (size_t)count + (g->arc_count - g->first_copy), sizeof *d->arc));
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(check_change(metric, i, &change[i]));
        const uint32_t arc = change[i].arc, old = base->duration_ms[arc];
        if (metric->duration_ms[arc] == old && change[i].duration_ms != old) {
            d->arc[d->count++] = arc;
        }
        metric->duration_ms[arc] = change[i].duration_ms;
    }
    add_copies(metric, d);
    for (uint32_t i = 0; i < d->count; ++i) {
        d->has_flips |= (metric->duration_ms[d->arc[i]] < MUSTER_UNREACHABLE_MS) !=
                        (base->duration_ms[d->arc[i]] < MUSTER_UNREACHABLE_MS);
    }
    return MUSTER_OK;
}

/* After the weights: `r` is what was done to them. */
static muster_status follow_components(muster_metric *metric, const muster_metric *base,
                                       const difference *d, const mu_recustomized *r) {
    if (!d->has_flips) return mu_metric_copy_components(metric, base);
    if (!metric->weights.hierarchy || metric->has_far) {
        return mu_metric_find_components(metric);
    }
    return mu_metric_update_components(metric, base, r->flip_count, r->flipped);
}

/* For metrics that follow from this one. */
static muster_status remember(muster_metric *metric, const difference *d,
                              const mu_recustomized *r) {
    mu_lineage *l = &metric->lineage;
    if (r->is_full || !metric->weights.hierarchy) return MUSTER_OK;
    l->arc_count = d->count;
    l->up_count  = r->changed_count;
    MU_TRY(mu_alloc_copy(&l->arc, d->arc, d->count, sizeof *l->arc));
    MU_TRY(mu_alloc_copy(&l->up, r->changed, r->changed_count, sizeof *l->up));
    l->is_known = true;
    return MUSTER_OK;
}

static muster_status update_weights(muster_metric *metric, const muster_metric *base,
                                    const difference *d, mu_recustomized *r) {
    if (!base->weights.hierarchy) return MUSTER_OK;
    return mu_weights_update(&metric->weights, &base->weights, metric->duration_ms, d->count,
                             d->arc, r);
}

static muster_status follow(muster_metric *metric, const muster_metric *base, const difference *d) {
    mu_recustomized r      = {0};
    muster_status   status = update_weights(metric, base, d, &r);
    /* What a customization from the start has made is not known until somebody looks. */
    metric->has_far = base->has_far || r.has_far || r.is_full;
    if (status == MUSTER_OK) status = follow_components(metric, base, d, &r);
    if (status == MUSTER_OK) status = remember(metric, d, &r);
    mu_recustomized_fini(&r);
    return status;
}

static muster_status fill(muster_metric *metric, const muster_metric *base, uint32_t count,
                          const muster_arc_change *change) {
    difference   d    = {0};
    const size_t arcs = base->network->graph.arc_count;
    if (!mu_metric_pool_take(metric, base)) {
        MU_TRY(mu_alloc_copy(&metric->duration_ms, base->duration_ms, arcs,
                             sizeof *metric->duration_ms));
    }
    muster_status status = apply(metric, base, count, change, &d);
    if (status == MUSTER_OK) status = follow(metric, base, &d);
    mu_free(d.arc);
    return status;
}

muster_status muster_metric_change(muster_metric **out, const muster_metric *base,
                                   uint32_t change_count, const muster_arc_change *change) {
    *out = NULL;
    muster_metric *metric;
    MU_TRY(mu_alloc_zeroed(&metric, 1, sizeof *metric));
    metric->id                 = mu_metric_next_id();
    metric->network            = base->network;
    metric->profile            = base->profile;
    const muster_status status = fill(metric, base, change_count, change);
    if (status != MUSTER_OK) {
        muster_metric_free(metric);
        return status;
    }
    metric->lineage.parent = base->id; /* from now on it is one to be kept when it is freed */
    *out                   = metric;
    return MUSTER_OK;
}
