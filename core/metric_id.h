/* Which metric it is. An address may be used again once a metric has been freed; its id is not. */
#ifndef MU_CORE_METRIC_ID_H
#define MU_CORE_METRIC_ID_H

#include <muster/metric.h>

/* From 1 on; no two metrics of a process have the same. */
uint64_t mu_metric_id(const muster_metric *metric);

#endif
