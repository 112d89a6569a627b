/* How much of anything one request, one address or all of them may take. */
#ifndef SERVICE_LIMITS_H
#define SERVICE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct mu_limits {
    /* Of a request. */
    uint32_t header_bytes, body_bytes, json_depth;
    uint32_t coordinates, route_coordinates, table_cells, isochrone_s;
    /* In time, each from a fixed moment, whatever trickles in meanwhile. */
    uint32_t header_ms, body_ms, request_ms, idle_ms, stop_ms;
    /* At once. */
    uint32_t connections, connections_per_address, requests;
    /* Threads: who talk and answer what is quick, and who work on what takes longer. */
    uint32_t talkers, workers;
} mu_limits;

/* One of them as an option of the command: "max-body-bytes". */
typedef struct mu_limit {
    const char *option;
    size_t      offset; /* in mu_limits */
    uint32_t    normally, least, most;
    const char *about;
} mu_limit;

/* All of them, *out_count. */
const mu_limit *mu_limits_list(uint32_t *out_count);
/* As they are unless somebody says otherwise. */
mu_limits mu_limits_default(void);
uint32_t *mu_limits_field(mu_limits *limits, const mu_limit *limit);

#endif
