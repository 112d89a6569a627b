/* See body.h. jansson parses depth by recursion: how deep a text goes is counted before. */
#include "service/body.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "service/json_memory.h"
#include "service/stops.h"

uint32_t mu_body_depth(const char *text, size_t size) {
    uint32_t depth = 0, most = 0;
    bool     is_string = false;
    for (size_t i = 0; i < size; ++i) {
        const char c = text[i];
        if (is_string) {
            if (c == '\\') ++i;
            is_string = c != '"';
        } else if (c == '"') {
            is_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > most) most = depth;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return most;
}

static json_t *refuse(json_t *body, mu_reply *reply, const char *name, const char *expected) {
    json_decref(body);
    mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody", "the body%s%s%s; expected %s",
                    *name != 0 ? ", member \"" : "", name,
                    *name != 0 ? "\", is wrong" : " is wrong", expected);
    return NULL;
}

static bool is_known(const char *name, const char *const *known) {
    for (; *known; ++known) {
        if (strcmp(name, *known) == 0) return true;
    }
    return false;
}

json_t *mu_body_load(const mu_request *request, mu_reply *reply) {
    const uint32_t most  = mu_request_limits(request)->json_depth;
    const uint32_t depth = mu_body_depth(request->body, request->body_size);
    json_error_t   why;
    if (depth > most) {
        mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                        "the body has brackets %" PRIu32 " deep; expected at most %" PRIu32
                        " (--max-json-depth)",
                        depth, most);
        return NULL;
    }
    if (request->body_size == 0) {
        mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                        "the body is empty; expected JSON");
        return NULL;
    }
    (void)mu_json_memory_ran_out();
    json_t *body = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, &why);
    if (mu_json_memory_ran_out()) {
        json_decref(body);
        mu_reply_refuse_status(reply,
                               muster_fail(MUSTER_E_NOMEM, "out of memory for a body of %zu bytes",
                                           request->body_size));
        return NULL;
    }
    if (!body) {
        for (char *c = why.text; *c; ++c) { /* a message is one line */
            if ((unsigned char)*c < 0x20) *c = ' ';
        }
        mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                        "the body is no JSON: line %d, column %d: %s", why.line, why.column,
                        why.text);
    }
    return body;
}

json_t *mu_body_read(const mu_request *request, const char *const *known, mu_reply *reply) {
    json_t *body = mu_body_load(request, reply);
    if (!body) return NULL;
    if (!json_is_object(body)) return refuse(body, reply, "", "an object");
    const char *name;
    json_t     *value;
    json_object_foreach(body, name, value) {
        if (is_known(name, known)) continue;
        mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                        "the body has a member \"%.80s\"; expected those of /v1/openapi.json",
                        name);
        json_decref(body);
        return NULL;
    }
    return body;
}

/* ---- lists ----------------------------------------------------------------------------- */

static bool read_position(const json_t *value, double *out_lon_deg, double *out_lat_deg) {
    const json_t *lon = json_array_get(value, 0), *lat = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_number(lon) || !json_is_number(lat)) return false;
    *out_lon_deg = json_number_value(lon);
    *out_lat_deg = json_number_value(lat);
    return true;
}

bool mu_body_positions(mu_coordinates *out, const json_t *body, const char *name, uint32_t most,
                       mu_reply *reply) {
    const json_t *list  = json_object_get(body, name);
    const size_t  count = json_array_size(list);
    *out                = (mu_coordinates){0};
    if (count == 0) {
        return refuse(NULL, reply, name, "a list of [longitude, latitude] with one or more") !=
               NULL;
    }
    if (!mu_stops_limit(count, most, "coordinates", "max-coordinates", reply)) return false;
    out->lon_deg = malloc(count * sizeof *out->lon_deg);
    out->lat_deg = malloc(count * sizeof *out->lat_deg);
    if (!out->lon_deg || !out->lat_deg) {
        mu_coordinates_free(out);
        return mu_reply_refuse_status(
            reply, muster_fail(MUSTER_E_NOMEM, "out of memory for %zu coordinates", count));
    }
    for (; out->count < count; ++out->count) {
        if (read_position(json_array_get(list, out->count), &out->lon_deg[out->count],
                          &out->lat_deg[out->count])) {
            continue;
        }
        mu_coordinates_free(out);
        return refuse(NULL, reply, name, "a list of [longitude, latitude], two numbers each") !=
               NULL;
    }
    return true;
}

static uint32_t *all_indices(uint32_t limit, uint32_t *out_count, uint32_t *list) {
    for (uint32_t i = 0; i < limit; ++i) list[i] = i;
    *out_count = limit;
    return list;
}

uint32_t *mu_body_indices(const json_t *body, const char *name, uint32_t limit, uint32_t *out_count,
                          mu_reply *reply) {
    const json_t *value = json_object_get(body, name);
    const char   *text  = json_string_value(value);
    const size_t  count = json_array_size(value), room = count > limit ? count : limit;
    uint32_t     *list = malloc((room + 1) * sizeof *list);
    *out_count         = 0;
    if (!list) {
        mu_reply_refuse_status(reply,
                               muster_fail(MUSTER_E_NOMEM, "out of memory for %zu indices", room));
        return NULL;
    }
    if (!value || (text && strcmp(text, "all") == 0)) return all_indices(limit, out_count, list);
    for (; *out_count < count; ++*out_count) {
        const json_t    *one    = json_array_get(value, *out_count);
        const json_int_t number = json_is_integer(one) ? json_integer_value(one) : -1;
        if (number < 0 || number >= (json_int_t)limit) break;
        list[*out_count] = (uint32_t)number;
    }
    if (count > 0 && *out_count == count) return list;
    free(list);
    refuse(NULL, reply, name, "\"all\", or a list of numbers of coordinates, from 0 on");
    return NULL;
}
