/* What is counted, and the page on it that Prometheus reads. */
#ifndef SERVICE_COUNTERS_H
#define SERVICE_COUNTERS_H

#include <stdatomic.h>

#include <muster/error.h>

#include "service/text.h"

enum { MU_STATUS_KINDS = 16, MU_LATENCY_BUCKETS = 14 };

/* Of one resource. */
typedef struct mu_tally {
    _Atomic uint64_t by_status[MU_STATUS_KINDS];     /* in the order of counters.c */
    _Atomic uint64_t by_latency[MU_LATENCY_BUCKETS]; /* the last: longer than all bounds */
    _Atomic uint64_t microseconds;
} mu_tally;

typedef struct mu_counters {
    uint32_t         count;
    const char     **name;  /* [count] what a resource is called */
    mu_tally        *tally; /* [count] */
    _Atomic uint32_t in_flight;
    _Atomic uint64_t refused; /* for too many were in flight */
} mu_counters;

muster_status mu_counters_init(mu_counters *counters, uint32_t count);
void          mu_counters_fini(mu_counters *counters);

/* A request has been answered. */
void mu_counters_note(mu_counters *counters, uint32_t resource, int status, int64_t latency_us);

/* Requests by resource and status, their latencies, and how many are in flight, in Prometheus' text
 * format (version 0.0.4). */
void mu_counters_write(mu_counters *counters, mu_text *text);

#endif
