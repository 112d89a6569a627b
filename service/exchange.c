/* See exchange.h. What is refused first is what costs least to refuse. */
#include "service/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/clock.h"
#include "service/state.h"

bool mu_exchange_begin(mu_exchange *x, mu_service *service, const char *address) {
    *x         = (mu_exchange){.service = service, .number = service->resource_count};
    x->address = strdup(address);
    return x->address != NULL;
}

void mu_exchange_fini(mu_exchange *x) {
    free(x->address);
    mu_text_free(&x->reply.body);
    if (x->reply.stream) x->reply.stream->free(x->reply.stream);
    mu_text_free(&x->body);
}

/* ---- finding the resource -------------------------------------------------------------- */

static const char *pattern_of(const mu_resource *resource, const mu_target *target) {
    if (mu_target_matches(target, resource->path)) return resource->path;
    if (resource->other_path && mu_target_matches(target, resource->other_path)) {
        return resource->other_path;
    }
    return NULL;
}

static bool is_method(const mu_resource *resource, const char *method) {
    return strcmp(resource->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(resource->method, "GET") == 0);
}

/* "GET, HEAD, POST" */
static void add_method(mu_exchange *x, const char *method) {
    const size_t length = strlen(x->allow);
    snprintf(x->allow + length, sizeof x->allow - length, "%s%s%s", length > 0 ? ", " : "", method,
             strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

static bool find_resource(mu_exchange *x, const char *method) {
    const mu_service *s = x->service;
    for (uint32_t i = 0; i < s->resource_count; ++i) {
        const char *pattern = pattern_of(s->resource[i], &x->target);
        if (!pattern) continue;
        if (is_method(s->resource[i], method)) {
            x->number           = i;
            x->request.resource = s->resource[i];
            x->request.pattern  = pattern;
            return true;
        }
        add_method(x, s->resource[i]->method);
    }
    if (x->allow[0] == 0) {
        return mu_reply_refuse(&x->reply, MU_STATUS_NOT_FOUND, "NotFound",
                               "there is nothing at this path; expected one of those in "
                               "/v1/openapi.json");
    }
    return mu_reply_refuse(&x->reply, MU_STATUS_WRONG_METHOD, "WrongMethod",
                           "the method is %.20s; expected one of %s", method, x->allow);
}

static bool parse(mu_exchange *x) {
    const mu_target_fault fault = mu_target_parse(&x->target, x->address);
    if (!fault.expected) return true;
    return mu_reply_refuse(&x->reply, MU_STATUS_BAD_REQUEST,
                           fault.is_in_options ? "InvalidQuery" : "InvalidUrl",
                           "the %s cannot be read; expected %s",
                           fault.is_in_options ? "options after ?" : "address", fault.expected);
}

/* ---- letting in ------------------------------------------------------------------------ */

/* A page of an origin that may ask asks whether it may. */
static bool is_preflight(const mu_exchange *x, const mu_head *head) {
    return strcmp(head->method, "OPTIONS") == 0 && head->origin &&
           mu_guard_knows_origin(&x->service->guard, head->origin);
}

bool mu_exchange_admit(mu_exchange *x, const mu_head *head) {
    const mu_service *s = x->service;
    x->began_us         = mu_clock_us();
    if (!mu_guard_admit(&s->guard, head, &x->reply)) return false;
    if (is_preflight(x, head)) {
        x->reply.status = MU_STATUS_NO_CONTENT;
        return false;
    }
    if (!parse(x) || !find_resource(x, head->method)) return false;
    const mu_resource *resource = x->request.resource;
    x->request.service          = x->service;
    x->request.target           = &x->target;
    x->request.desk             = s->extension ? s->extension->user : NULL;
    x->request.last_event_id    = head->last_event_id;
    x->request.idempotency_key  = head->idempotency_key;
    return mu_guard_permit(&s->guard, head, resource->needs, resource->takes_body,
                           &x->request.token, &x->reply) &&
           mu_description_check(s->description, x->number, &x->target, &x->reply);
}

void mu_exchange_take(mu_exchange *x, const void *bytes, size_t size) {
    if (x->is_too_large) return; /* read to its end and thrown away: then the answer can be read */
    x->is_too_large = size > x->service->limits.body_bytes - x->body.size;
    if (x->is_too_large) {
        mu_text_free(&x->body);
    } else {
        mu_text_add_bytes(&x->body, bytes, size);
    }
}

/* ---- answering ------------------------------------------------------------------------- */

static bool check_body(mu_exchange *x) {
    if (x->is_too_large) {
        return mu_reply_refuse(&x->reply, MU_STATUS_TOO_LARGE, "BodyTooLarge",
                               "the body has more than %" PRIu32 " bytes; expected fewer "
                               "(--max-body-bytes)",
                               x->service->limits.body_bytes);
    }
    if (x->body.is_broken) {
        return mu_reply_refuse(&x->reply, MU_STATUS_BUSY, "OutOfMemory",
                               "there is no memory for the body; ask again");
    }
    x->request.body      = x->body.bytes;
    x->request.body_size = x->body.size;
    return true;
}

static bool check_time(mu_exchange *x) {
    if (x->service->is_out_of_time) {
        return mu_reply_refuse(
            &x->reply, MU_STATUS_BUSY, "Stopping",
            "the service is stopping, and its time for that is over (--stop-ms); "
            "ask again, or another");
    }
    const int64_t waited_ms = (mu_clock_us() - x->began_us) / 1000;
    if (waited_ms <= x->service->limits.request_ms) return true;
    return mu_reply_refuse(&x->reply, MU_STATUS_BUSY, "Busy",
                           "no thread was free within %" PRIu32 " ms (--request-ms); ask again",
                           x->service->limits.request_ms);
}

bool mu_exchange_is_long(const mu_exchange *x) {
    const mu_resource *resource = x->request.resource;
    mu_request         request  = x->request;
    request.body_size           = x->body.size;
    return resource->is_slow || (resource->is_long && resource->is_long(&request));
}

void mu_exchange_answer(mu_exchange *x, uint32_t slot) {
    mu_service *s = x->service;
    if (!check_body(x) || !check_time(x)) return;
    x->request.slot  = slot;
    x->request.roads = mu_road_board_hold(&s->board, slot);
    x->request.resource->answer(&x->request, &x->reply);
    mu_road_board_let_go(&s->board, slot);
    if (x->reply.status == 0) x->reply.status = MU_STATUS_OK;
}

void mu_exchange_note(mu_exchange *x) {
    mu_counters_note(&x->service->counters, x->number, x->reply.status,
                     mu_clock_us() - x->began_us);
}

/* ---- for who answers ------------------------------------------------------------------- */

const char *mu_request_option(const mu_request *request, const char *name) {
    return mu_target_option(request->target, name);
}

const char *mu_request_part(const mu_request *request, const char *name) {
    return mu_target_segment(request->target, request->pattern, name);
}

const mu_limits *mu_request_limits(const mu_request *request) {
    return &request->service->limits;
}

bool mu_request_is_true(const mu_request *request, const char *name) {
    const char *value = mu_request_option(request, name);
    return value && strcmp(value, "true") == 0;
}
