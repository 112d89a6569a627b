/* A local HTTP service on a network: what `muster serve` starts. docs/serve.md describes it. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include <muster/metric.h>

#include "service/limits.h"
#include "service/roads.h"

typedef struct mu_service mu_service;

/* Everything is borrowed, and outlives the service. */
typedef struct mu_service_options {
    /* [listen_count] "127.0.0.1:5000", "unix:/run/muster.sock"; none: what systemd hands over. */
    const char *const *listen;
    uint32_t           listen_count;
    bool               may_be_far;  /* addresses that other machines reach, which takes tokens */
    const char        *tokens;      /* a file (service/tokens.h), or NULL */
    bool               needs_token; /* for reading from this machine too */
    const char *const *host;        /* [host_count] names that it is called by, beside localhost */
    uint32_t           host_count;
    const char *const *origin; /* [origin_count] pages that may ask */
    uint32_t           origin_count;
    mu_limits          limits; /* mu_limits_default() */
    /* [metric_count] One or more, of one network; the first is "driving" and "car" as well. */
    const muster_metric *const *metric;
    uint32_t                    metric_count;
    const struct mu_extension  *extension; /* service/resource.h; NULL: roads alone */
} mu_service_options;

/* Start it; it answers from now on, on threads of its own, which take no signals of the caller's that
 * are blocked now.
 * @return MUSTER_E_INVALID for what makes no sense or is not safe; MUSTER_E_IO for an address that
 *         cannot be had; MUSTER_E_NOMEM */
muster_status mu_service_start(mu_service **out, const mu_service_options *options);

/* Where it listens: *out_count names, with the ports that were found. */
const char *mu_service_address(const mu_service *service, uint32_t index);
uint32_t    mu_service_address_count(const mu_service *service);

/* Search other metrics from now on, [metric_count] of the same network and profiles, with roads closed
 * or slowed. They are taken over, whatever is returned. Requests that run keep what they began with.
 * From any thread. */
muster_status mu_service_replace_metrics(mu_service *service, muster_metric *const *changed);

/* The same for metrics that are lent: given back when no request uses them any more, whatever is
 * returned. */
muster_status mu_service_borrow_metrics(mu_service *service, const muster_metric *const *metric,
                                        mu_lender lender);

/* Something has happened: whoever streams looks whether it is news to him. From any thread. */
void mu_service_wake_streams(mu_service *service);

/* Accept nothing any more, answer what is in flight, end what streams, and take the socket files away. After limits.stop_ms
 * only searches that have begun are finished, and others refused. NULL is harmless. */
void mu_service_stop(mu_service *service);

#endif
