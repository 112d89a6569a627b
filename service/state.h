/* The inside of a service. */
#ifndef SERVICE_STATE_H
#define SERVICE_STATE_H

#include "service/acceptor.h"
#include "service/connections.h"
#include "service/counters.h"
#include "service/description.h"
#include "service/guard.h"
#include "service/service.h"
#include "service/workers.h"

struct mu_service {
    mu_limits           limits;
    mu_tokens           tokens;
    mu_guard            guard;
    const mu_extension *extension; /* or NULL */
    const mu_resource **resource;  /* [resource_count] of the roads, then of the extension */
    uint32_t            resource_count;
    mu_description     *description;
    uint32_t            profile_count;
    const char **profile; /* [profile_count] the metrics' names, and what else they are called */
    uint32_t    *profile_metric; /* [profile_count] which metric that is */
    uint32_t     metric_count;
    const muster_metric **before; /* [metric_count] without closures */
    mu_road_board         board;
    mu_counters           counters; /* one more than there are resources: what matches none */
    mu_connections        connections;
    mu_workers            workers, slow; /* `slow` is one thread */
    mu_streams            streams;
    struct mu_http       *http;
    mu_acceptor           acceptor;
    uint32_t              slot_count; /* talkers, then workers, then the slow one */
    int64_t               started_ms; /* of mu_clock_ms */
    _Atomic bool          is_stopping, is_out_of_time; /* in this order */
};

#endif
