/* /v1/table: travel times between many places; by GET as OSRM's clients ask, and by POST where the
 * coordinates are too many for an address. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <muster/matrix.h>

#include "service/body.h"
#include "service/resources.h"
#include "service/stops.h"

extern const char mu_api_table[], mu_api_table_of_body[];

/* About a hundred coordinates in an address or a body: ten thousand cells take some milliseconds. */
enum { LONG_BYTES = 2000 };

typedef struct asked {
    mu_stops  stops;
    uint32_t  source_count, target_count;
    uint32_t *source, *target; /* indices of stops */
    bool      has_durations, has_distances;
} asked;

static void free_asked(asked *a) {
    mu_stops_free(&a->stops);
    free(a->source);
    free(a->target);
}

/* ---- the address ----------------------------------------------------------------------- */

/* "0;5;7" or "all", each number below `limit`; NULL after refusing. */
static uint32_t *read_indices(const mu_request *request, const char *name, uint32_t limit,
                              uint32_t *out_count, mu_reply *reply) {
    const char *text  = mu_request_option(request, name);
    const bool  all   = !text || strcmp(text, "all") == 0;
    uint32_t   *list  = malloc(((all ? limit : strlen(text)) + 1) * sizeof *list);
    mu_list     items = mu_list_start(all ? NULL : text, ';');
    char        item[32];
    bool        fits = true;
    *out_count       = 0;
    if (!list) {
        mu_reply_refuse_status(reply, muster_fail(MUSTER_E_NOMEM, "out of memory for a list"));
        return NULL;
    }
    for (uint32_t i = 0; all && i < limit; ++i) list[(*out_count)++] = i;
    while (mu_list_next(&items, item, &fits)) {
        char               *end;
        const unsigned long number = strtoul(item, &end, 10);
        fits                       = *item >= '0' && *item <= '9' && *end == 0 && number < limit;
        if (!fits) break;
        list[(*out_count)++] = (uint32_t)number;
    }
    if (fits && *out_count > 0) return list;
    free(list);
    mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                    "%s is \"%.80s\"; expected all, or numbers of coordinates from 0 to %" PRIu32
                    " with ; between",
                    name, text, limit - 1);
    return NULL;
}

/* What is asked for; durations where nothing is said. The description knows the words. */
static void read_annotations(asked *a, const char *text) {
    a->has_distances = text && strstr(text, "distance");
    a->has_durations = !text || strstr(text, "duration");
}

static bool read_address(asked *a, const mu_request *request, mu_reply *reply) {
    const mu_limits *limits = mu_request_limits(request);
    if (!mu_stops_read(&a->stops, request, limits->coordinates, "max-coordinates", reply)) {
        return false;
    }
    const uint32_t count = a->stops.at.count;
    a->source            = read_indices(request, "sources", count, &a->source_count, reply);
    if (!a->source) return false;
    a->target = read_indices(request, "destinations", count, &a->target_count, reply);
    read_annotations(a, mu_request_option(request, "annotations"));
    return a->target != NULL;
}

/* ---- the body -------------------------------------------------------------------------- */

static bool read_annotations_of(asked *a, const json_t *body, mu_reply *reply) {
    const json_t *list = json_object_get(body, "annotations"), *one;
    size_t        i;
    a->has_durations = !list;
    json_array_foreach(list, i, one) {
        const char *word = json_string_value(one);
        a->has_durations |= word && strcmp(word, "duration") == 0;
        a->has_distances |= word && strcmp(word, "distance") == 0;
        if (!word || (strcmp(word, "duration") != 0 && strcmp(word, "distance") != 0)) {
            a->has_durations = a->has_distances = false;
            break;
        }
    }
    if (a->has_durations || a->has_distances) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                           "the body, member \"annotations\", is wrong; expected a list of "
                           "\"duration\" and \"distance\"");
}

static bool read_members(asked *a, const mu_request *request, const json_t *body, mu_reply *reply) {
    const uint32_t most = mu_request_limits(request)->coordinates;
    mu_coordinates at;
    if (!mu_body_positions(&at, body, "coordinates", most, reply) ||
        !mu_stops_take(&a->stops, request, &at, reply)) {
        return false;
    }
    const uint32_t count = a->stops.at.count;
    a->source            = mu_body_indices(body, "sources", count, &a->source_count, reply);
    if (!a->source) return false;
    a->target = mu_body_indices(body, "destinations", count, &a->target_count, reply);
    return a->target && read_annotations_of(a, body, reply);
}

static bool read_body(asked *a, const mu_request *request, mu_reply *reply) {
    static const char *const KNOWN[] = {"coordinates", "sources", "destinations", "annotations",
                                        NULL};
    json_t                  *body    = mu_body_read(request, KNOWN, reply);
    const bool               is_read = body && read_members(a, request, body, reply);
    json_decref(body);
    return is_read;
}

/* ---- the answer ------------------------------------------------------------------------ */

static void write_rows(mu_text *text, const asked *a, const uint32_t *duration_ms,
                       const double *distance_m) {
    for (size_t i = 0, cell = 0; i < a->source_count; ++i) {
        mu_text_add(text, i > 0 ? ",[" : "[");
        for (uint32_t j = 0; j < a->target_count; ++j, ++cell) {
            if (j > 0) mu_text_add_bytes(text, ",", 1);
            if (distance_m) {
                mu_text_metres(text, distance_m[cell]);
            } else if (duration_ms[cell] == MUSTER_UNREACHABLE_MS) {
                mu_text_add(text, "null");
            } else {
                mu_text_seconds(text, duration_ms[cell]);
            }
        }
        mu_text_add(text, "]");
    }
}

static void write(mu_text *text, const asked *a, const uint32_t *duration_ms,
                  const double *distance_m) {
    mu_text_add(text, "{\"code\":\"Ok\"");
    if (a->has_durations) {
        mu_text_add(text, ",\"durations\":[");
        write_rows(text, a, duration_ms, NULL);
        mu_text_add(text, "]");
    }
    if (a->has_distances) {
        mu_text_add(text, ",\"distances\":[");
        write_rows(text, a, duration_ms, distance_m);
        mu_text_add(text, "]");
    }
    mu_text_add(text, ",\"sources\":");
    mu_stops_write_all(text, &a->stops, a->source_count, a->source);
    mu_text_add(text, ",\"destinations\":");
    mu_stops_write_all(text, &a->stops, a->target_count, a->target);
    mu_text_add(text, "}");
}

/* A thread for each request: who asks for many tables asks for them at once. */
static muster_status compute(const asked *a, const muster_snap *from, const muster_snap *to,
                             uint32_t *duration_ms, double *distance_m) {
    if (!from || !to || !duration_ms || (a->has_distances && !distance_m)) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for a table of %" PRIu32 " by %" PRIu32,
                           a->source_count, a->target_count);
    }
    return muster_matrix(a->stops.metric, a->source_count, from, a->target_count, to, 1,
                         duration_ms, distance_m);
}

static muster_snap *gather(const asked *a, uint32_t count, const uint32_t *list) {
    muster_snap *snap = malloc(((size_t)count + 1) * sizeof *snap);
    for (uint32_t i = 0; snap && i < count; ++i) snap[i] = a->stops.snap[list[i]];
    return snap;
}

static void answer_asked(const asked *a, const mu_request *request, mu_reply *reply) {
    const uint64_t cells = (uint64_t)a->source_count * a->target_count;
    if (!mu_stops_limit(cells, mu_request_limits(request)->table_cells, "cells", "max-table-cells",
                        reply)) {
        return;
    }
    muster_snap *from          = gather(a, a->source_count, a->source);
    muster_snap *to            = gather(a, a->target_count, a->target);
    uint32_t    *duration_ms   = malloc((cells + 1) * sizeof *duration_ms);
    double      *distance_m    = a->has_distances ? malloc((cells + 1) * sizeof *distance_m) : NULL;
    const muster_status status = compute(a, from, to, duration_ms, distance_m);
    if (status == MUSTER_OK) {
        write(&reply->body, a, duration_ms, distance_m);
    } else {
        mu_reply_refuse_status(reply, status);
    }
    free(from);
    free(to);
    free(duration_ms);
    free(distance_m);
}

static void answer_address(const mu_request *request, mu_reply *reply) {
    asked a = {0};
    if (read_address(&a, request, reply)) answer_asked(&a, request, reply);
    free_asked(&a);
}

static void answer_body(const mu_request *request, mu_reply *reply) {
    asked a = {0};
    if (read_body(&a, request, reply)) answer_asked(&a, request, reply);
    free_asked(&a);
}

static bool is_long_address(const mu_request *request) {
    return strlen(mu_request_part(request, "coordinates")) > LONG_BYTES;
}

static bool is_long_body(const mu_request *request) {
    return request->body_size > LONG_BYTES;
}

const mu_resource mu_resource_table = {
    .name        = "table",
    .method      = "GET",
    .path        = "/v1/table/{profile}/{coordinates}",
    .other_path  = "/table/v1/{profile}/{coordinates}",
    .needs       = MU_ROLE_READ,
    .description = mu_api_table,
    .is_long     = is_long_address,
    .answer      = answer_address,
};

const mu_resource mu_resource_table_of_body = {
    .name        = "table_of_body",
    .method      = "POST",
    .path        = "/v1/table/{profile}",
    .other_path  = "/table/v1/{profile}",
    .needs       = MU_ROLE_READ,
    .takes_body  = true,
    .description = mu_api_table_of_body,
    .is_long     = is_long_body,
    .answer      = answer_body,
};
