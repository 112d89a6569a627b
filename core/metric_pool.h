/* Metrics that were freed, kept for whoever changes one that is nearly the same.
 *
 * In a typhoon roads change by the minute, and most often by one road; where each road of many is closed on trial,
 * that is all there is. Working out what a road changes takes microseconds, copying the weights of all others
 * a millisecond. But a metric that is freed is mostly one from which, or from whose own, the one at hand was
 * changed; what has been changed is known (mu_lineage), so undoing or doing that again makes a copy of it.
 *
 * The pool is the process's, bounded, and holds nothing that anybody reads. Any thread may call; nobody ever
 * waits: who finds it in use does without, also in a child forked meanwhile. */
#ifndef MU_CORE_METRIC_POOL_H
#define MU_CORE_METRIC_POOL_H

#include "core/metric.h"

/* Take over durations, weights and lineage of a metric that is being freed, or none of them: of one that was
 * changed from another alone, and is not too large. */
void mu_metric_pool_keep(muster_metric *metric);
/* Durations and weights that are those of `base`, to the bit, for `metric`. False: there are none. */
bool mu_metric_pool_take(muster_metric *metric, const muster_metric *base);
/* The network is about to be freed. */
void mu_metric_pool_forget(const muster_network *network);

/* For tests: how many are kept, and how often one was taken. */
void mu_metric_pool_count(uint32_t *out_kept, uint64_t *out_taken);

#endif
