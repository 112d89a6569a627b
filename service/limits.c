/* See limits.h. The table is what the command's options, their defaults and the page on them come
 * from. */
#include "service/limits.h"

#define LIMIT(option, field, normally, least, most, about)                                         \
    { option, offsetof(mu_limits, field), normally, least, most, about }

static const mu_limit LIMITS[] = {
    LIMIT("max-header-bytes", header_bytes, 16384, 256, 1048576, "address and header of a request"),
    LIMIT("max-body-bytes", body_bytes, 4194304, 0, 1073741824, "body of a request"),
    LIMIT("max-json-depth", json_depth, 32, 1, 1000, "brackets within brackets in a body"),
    LIMIT("max-coordinates", coordinates, 10000, 1, 10000000, "coordinates of a request"),
    LIMIT("max-route-coordinates", route_coordinates, 500, 2, 1000000, "coordinates of a route"),
    LIMIT("max-table-cells", table_cells, 1000000, 1, 1000000000,
          "sources times destinations of a table"),
    LIMIT("max-isochrone-seconds", isochrone_s, 14400, 1, 604800, "travel time of an isochrone"),
    LIMIT("header-ms", header_ms, 5000, 10, 600000, "time for a connection's first header"),
    LIMIT("body-ms", body_ms, 15000, 10, 600000, "time for a body, from the end of its header on"),
    LIMIT("request-ms", request_ms, 60000, 10, 3600000,
          "time for all of a request, from the end of its header to the end of its answer"),
    LIMIT("idle-ms", idle_ms, 30000, 10, 3600000,
          "time from the end of an answer to the end of the next header on a connection"),
    LIMIT("stop-ms", stop_ms, 10000, 0, 600000, "time for what is in flight when it is to stop"),
    LIMIT("max-connections", connections, 512, 1, 100000, "connections at once"),
    LIMIT("max-connections-per-address", connections_per_address, 128, 1, 100000,
          "connections at once from one address, or one user of a socket file"),
    LIMIT("max-requests", requests, 256, 1, 100000, "requests in flight at once"),
    LIMIT("threads", talkers, 0, 0, 256,
          "threads that read, and answer what is quick; 0: one a core"),
    LIMIT("workers", workers, 0, 0, 256, "threads for long tables and isochrones; 0: one a core"),
};

enum { LIMIT_COUNT = sizeof LIMITS / sizeof *LIMITS };

const mu_limit *mu_limits_list(uint32_t *out_count) {
    *out_count = LIMIT_COUNT;
    return LIMITS;
}

uint32_t *mu_limits_field(mu_limits *limits, const mu_limit *limit) {
    return (uint32_t *)(void *)((char *)limits + limit->offset);
}

mu_limits mu_limits_default(void) {
    mu_limits limits;
    for (uint32_t i = 0; i < LIMIT_COUNT; ++i) {
        *mu_limits_field(&limits, &LIMITS[i]) = LIMITS[i].normally;
    }
    return limits;
}
