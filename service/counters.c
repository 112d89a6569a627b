/* See counters.h. Counting is one addition each to three numbers, so that it disturbs nobody. Each kind
 * of status there is has a place of its own; what would have none counts as the one before. */
#include "service/counters.h"

#include <inttypes.h>
#include <stdlib.h>

#include "service/reply.h"

static const int STATUSES[] = {MU_STATUS_OK,
                               MU_STATUS_NO_CONTENT,
                               MU_STATUS_BAD_REQUEST,
                               MU_STATUS_UNAUTHORIZED,
                               MU_STATUS_FORBIDDEN,
                               MU_STATUS_NOT_FOUND,
                               MU_STATUS_WRONG_METHOD,
                               MU_STATUS_TOO_SLOW,
                               MU_STATUS_CONFLICT,
                               MU_STATUS_TOO_LARGE,
                               MU_STATUS_WRONG_TYPE,
                               MU_STATUS_MISDIRECTED,
                               MU_STATUS_HEADER_TOO_LARGE,
                               MU_STATUS_INTERNAL,
                               MU_STATUS_BUSY};

enum { STATUS_COUNT = sizeof STATUSES / sizeof *STATUSES };

_Static_assert((int)STATUS_COUNT <= (int)MU_STATUS_KINDS, "each status has its counter");

/* From what a nearest road takes up to what a request may take by default. */
static const int64_t BOUND_US[MU_LATENCY_BUCKETS - 1] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 10000000};

muster_status mu_counters_init(mu_counters *counters, uint32_t count) {
    *counters = (mu_counters){.count = count,
                              .name  = calloc(count, sizeof *counters->name),
                              .tally = calloc(count, sizeof *counters->tally)};
    if (counters->name && counters->tally) return MUSTER_OK;
    mu_counters_fini(counters);
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the counters of a service");
}

void mu_counters_fini(mu_counters *counters) {
    free(counters->name);
    free(counters->tally);
    *counters = (mu_counters){0};
}

static void add(_Atomic uint64_t *counter, uint64_t value) {
    atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

static uint64_t read_one(_Atomic uint64_t *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void mu_counters_note(mu_counters *counters, uint32_t resource, int status, int64_t latency_us) {
    mu_tally *tally = &counters->tally[resource];
    int       kind = 0, bucket = 0;
    while (kind + 1 < STATUS_COUNT && STATUSES[kind + 1] <= status) ++kind;
    while (bucket + 1 < MU_LATENCY_BUCKETS && latency_us > BOUND_US[bucket]) ++bucket;
    add(&tally->by_status[kind], 1);
    add(&tally->by_latency[bucket], 1);
    add(&tally->microseconds, (uint64_t)latency_us);
}

/* ---- the page -------------------------------------------------------------------------- */

static void write_statuses(mu_counters *c, mu_text *text) {
    mu_text_add(text, "# HELP muster_http_requests_total Requests that were answered.\n"
                      "# TYPE muster_http_requests_total counter\n");
    for (uint32_t r = 0; r < c->count; ++r) {
        for (int kind = 0; kind < STATUS_COUNT; ++kind) {
            const uint64_t value = read_one(&c->tally[r].by_status[kind]);
            if (value == 0) continue;
            mu_text_format(
                text, "muster_http_requests_total{resource=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                c->name[r], STATUSES[kind], value);
        }
    }
}

static void write_latency(mu_tally *tally, const char *name, mu_text *text) {
    static const char METRIC[] = "muster_http_request_duration_seconds";
    uint64_t          sum      = 0;
    for (int b = 0; b < MU_LATENCY_BUCKETS; ++b) {
        sum += read_one(&tally->by_latency[b]);
        mu_text_format(text, "%s_bucket{resource=\"%s\",le=\"", METRIC, name);
        if (b + 1 < MU_LATENCY_BUCKETS) {
            mu_text_format(text, "%g", (double)BOUND_US[b] / 1e6);
        } else {
            mu_text_add(text, "+Inf");
        }
        mu_text_format(text, "\"} %" PRIu64 "\n", sum);
    }
    mu_text_format(text, "%s_sum{resource=\"%s\"} %.6f\n%s_count{resource=\"%s\"} %" PRIu64 "\n",
                   METRIC, name, (double)read_one(&tally->microseconds) / 1e6, METRIC, name, sum);
}

void mu_counters_write(mu_counters *c, mu_text *text) {
    write_statuses(c, text);
    mu_text_add(text, "# HELP muster_http_request_duration_seconds From the end of the header to "
                      "the beginning of the answer.\n"
                      "# TYPE muster_http_request_duration_seconds histogram\n");
    for (uint32_t r = 0; r < c->count; ++r) write_latency(&c->tally[r], c->name[r], text);
    mu_text_format(text,
                   "# HELP muster_http_requests_in_flight Requests that are being answered.\n"
                   "# TYPE muster_http_requests_in_flight gauge\n"
                   "muster_http_requests_in_flight %" PRIu32 "\n"
                   "# HELP muster_http_requests_refused_total Requests refused, for too many were "
                   "in flight.\n"
                   "# TYPE muster_http_requests_refused_total counter\n"
                   "muster_http_requests_refused_total %" PRIu64 "\n",
                   atomic_load(&c->in_flight), read_one(&c->refused));
}
