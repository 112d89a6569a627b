/* POST /v1/events: what has happened, one event or a list, as docs/session.md has them; and
 * POST /v1/orders/{number}/{step}, the same for who has only to say that an order is accepted. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/body.h"
#include "service/desk_state.h"
#include "service/json_memory.h"
#include "service/members.h"

extern const char mu_api_events[], mu_api_order_step[];

enum { MOST_EVENTS = 10000 };

/* What came, and what becomes of it. Only what could be read is told. */
typedef struct told {
    uint32_t             count, read_count;
    muster_event_text  **text;        /* [read_count] */
    muster_event        *event;       /* [read_count] */
    uint32_t            *place;       /* [read_count] in what came */
    muster_event_answer *read_answer; /* [read_count] */
    muster_event_answer *answer;      /* [count] */
} told;

static void free_told(told *t) {
    for (uint32_t i = 0; i < t->read_count; ++i) muster_event_text_free(t->text[i]);
    free(t->text);
    free(t->event);
    free(t->place);
    free(t->read_answer);
    free(t->answer);
}

static muster_status make_room(told *t, size_t count) {
    t->count       = (uint32_t)count;
    t->text        = calloc(count, sizeof(muster_event_text *));
    t->event       = calloc(count, sizeof *t->event);
    t->place       = calloc(count, sizeof *t->place);
    t->read_answer = calloc(count, sizeof *t->read_answer);
    t->answer      = calloc(count, sizeof *t->answer);
    if (t->text && t->event && t->place && t->read_answer && t->answer) return MUSTER_OK;
    return muster_fail(MUSTER_E_NOMEM, "out of memory for %zu events", count);
}

/* ---- reading --------------------------------------------------------------------------- */

/* Who tells it and when may be left out: then it is whose token it is, and now. */
static int complete(json_t *event, const mu_request *request) {
    int failed = 0;
    if (!json_object_get(event, "author")) {
        failed |= json_object_set_new(event, "author", json_string(mu_desk_author(request)));
    }
    if (!json_object_get(event, "time_ms")) {
        failed |= json_object_set_new(event, "time_ms", json_integer(mu_desk_now_ms()));
    }
    return failed;
}

static muster_status fail_memory(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory for an event");
}

static muster_status read_text(muster_event_text **out, json_t *event, const mu_request *request) {
    *out = NULL;
    if (!json_is_object(event)) {
        return muster_fail(MUSTER_E_INVALID, "the event is no object; expected one");
    }
    (void)mu_json_memory_ran_out();
    char *json = complete(event, request) == 0 ? json_dumps(event, JSON_COMPACT) : NULL;
    const muster_status status = json ? muster_event_read(out, json, strlen(json)) : MUSTER_OK;
    free(json);
    if (json && !mu_json_memory_ran_out()) return status;
    muster_event_text_free(*out);
    *out = NULL;
    return fail_memory();
}

/* One that cannot be read is answered as one that is wrong, and keeps no other from being told. */
static muster_status read_one(told *t, uint32_t place, json_t *event, const mu_request *request) {
    const muster_status status = read_text(&t->text[t->read_count], event, request);
    if (status == MUSTER_E_INVALID) {
        muster_event_answer *answer = &t->answer[place];
        answer->outcome             = MUSTER_EVENT_WRONG;
        snprintf(answer->message, sizeof answer->message, "%s", muster_error_message());
        return MUSTER_OK;
    }
    if (status != MUSTER_OK) return status;
    t->event[t->read_count]   = *muster_event_of(t->text[t->read_count]);
    t->place[t->read_count++] = place;
    return MUSTER_OK;
}

/* ---- telling --------------------------------------------------------------------------- */

static bool is_of_roads(uint8_t type) {
    return type >= MUSTER_EVENT_ROAD_CLOSED && type <= MUSTER_EVENT_HAZARD_ENDED;
}

static void note(mu_desk *desk, const told *t) {
    bool are_roads_new = false;
    for (uint32_t i = 0; i < t->read_count; ++i) {
        are_roads_new |= is_of_roads(t->event[i].type);
    }
    for (uint32_t i = 0; i < t->count; ++i) {
        const uint8_t outcome = t->answer[i].outcome;
        desk->applied += outcome == MUSTER_EVENT_APPLIED;
        desk->refused += outcome != MUSTER_EVENT_APPLIED && outcome != MUSTER_EVENT_REPEATED;
    }
    if (are_roads_new) mu_desk_look_at_roads(desk);
}

static muster_status tell(told *t, mu_desk *desk) {
    muster_status status = MUSTER_OK;
    if (t->read_count > 0) {
        status = muster_session_tell(desk->session, t->read_count, t->event, t->read_answer);
    }
    if (status != MUSTER_OK) return status;
    for (uint32_t i = 0; i < t->read_count; ++i) t->answer[t->place[i]] = t->read_answer[i];
    note(desk, t);
    return MUSTER_OK;
}

/* ---- POST /v1/events ------------------------------------------------------------------- */

static void write_answers(mu_text *text, const told *t) {
    mu_text_add(text, "{\"code\":\"Ok\",\"answers\":[");
    for (uint32_t i = 0; i < t->count; ++i) {
        const muster_event_answer *a = &t->answer[i];
        mu_next(text);
        mu_text_add(text, "{");
        mu_member_string(text, "outcome",
                         muster_event_outcome_name((muster_event_outcome)a->outcome));
        if (a->sequence > 0) mu_member_number(text, "sequence", (int64_t)a->sequence);
        mu_member_string(text, "message", a->message);
        mu_text_add(text, "}");
    }
    mu_text_add(text, "]}");
}

static bool check_count(size_t count, mu_reply *reply) {
    if (count == 0) {
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                               "there is no event; expected one or more");
    }
    if (count <= MOST_EVENTS) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "TooBig",
                           "there are %zu events; expected at most %d a request", count,
                           MOST_EVENTS);
}

static void answer_events(const mu_request *request, mu_reply *reply) {
    json_t      *body   = mu_body_load(request, reply);
    const bool   is_one = json_is_object(body);
    const size_t count  = is_one ? 1 : json_array_size(body);
    told         t      = {0};
    if (body && check_count(count, reply)) {
        muster_status status = make_room(&t, count);
        for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
            status = read_one(&t, i, is_one ? body : json_array_get(body, i), request);
        }
        if (status == MUSTER_OK) status = tell(&t, request->desk);
        if (status == MUSTER_OK) {
            write_answers(&reply->body, &t);
        } else {
            mu_desk_refuse(reply, status);
        }
        free_told(&t);
    }
    json_decref(body);
}

/* ---- POST /v1/orders/{number}/{step} --------------------------------------------------- */

/* False after refusing. */
static bool set(json_t *event, const char *name, json_t *value, mu_reply *reply) {
    return json_object_set_new(event, name, value) == 0 ||
           mu_reply_refuse_status(reply, fail_memory());
}

/* "accepted": false after refusing. */
static bool read_step(json_t *event, const char *step, mu_reply *reply) {
    char name[32];
    snprintf(name, sizeof name, "order_%.20s", step);
    const muster_event_type type = muster_event_type_from_name(name);
    if (type >= MUSTER_EVENT_ORDER_ACCEPTED && type <= MUSTER_EVENT_ORDER_CANCELLED) {
        return set(event, "type", json_string(name), reply);
    }
    return mu_reply_refuse(reply, MU_STATUS_NOT_FOUND, "NotFound",
                           "there is no step \"%.40s\" of an order; expected accepted, declined, "
                           "en_route, loaded, on_scene, released or cancelled",
                           step);
}

static bool read_number(json_t *event, const char *text, mu_reply *reply) {
    char                    *end;
    const unsigned long long number = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == 0 && number > 0 && number < INT64_MAX) {
        return set(event, "order", json_integer((json_int_t)number), reply);
    }
    return mu_reply_refuse(reply, MU_STATUS_NOT_FOUND, "NotFound",
                           "there is no order \"%.40s\"; expected its number, from 1 on", text);
}

/* One event has one answer, which the status says. */
static void write_outcome(mu_reply *reply, const muster_event_answer *a) {
    static const struct {
        int         status;
        const char *code;
    } SAID[MUSTER_EVENT_OUTCOME_COUNT] = {
        [MUSTER_EVENT_WRONG]     = {MU_STATUS_BAD_REQUEST, "InvalidBody"},
        [MUSTER_EVENT_UNKNOWN]   = {MU_STATUS_NOT_FOUND, "NotFound"},
        [MUSTER_EVENT_CONFLICT]  = {MU_STATUS_CONFLICT, "Conflict"},
        [MUSTER_EVENT_LATE]      = {MU_STATUS_CONFLICT, "Late"},
        [MUSTER_EVENT_FORBIDDEN] = {MU_STATUS_FORBIDDEN, "Forbidden"},
    };
    if (SAID[a->outcome].code) {
        mu_reply_refuse(reply, SAID[a->outcome].status, SAID[a->outcome].code, "%s", a->message);
        return;
    }
    mu_text_add(&reply->body, "{\"code\":\"Ok\"");
    mu_member_string(&reply->body, "outcome",
                     muster_event_outcome_name((muster_event_outcome)a->outcome));
    mu_member_number(&reply->body, "sequence", (int64_t)a->sequence);
    mu_text_add(&reply->body, "}");
}

static void answer_order_step(const mu_request *request, mu_reply *reply) {
    static const char *const KNOWN[] = {"id", "time_ms", "author", "authority", "reason", NULL};
    json_t                  *body    = mu_body_read(request, KNOWN, reply);
    if (body && read_step(body, mu_request_part(request, "step"), reply) &&
        read_number(body, mu_request_part(request, "number"), reply)) {
        told          t      = {0};
        muster_status status = make_room(&t, 1);
        if (status == MUSTER_OK) status = read_one(&t, 0, body, request);
        if (status == MUSTER_OK) status = tell(&t, request->desk);
        if (status == MUSTER_OK) {
            write_outcome(reply, &t.answer[0]);
        } else {
            mu_desk_refuse(reply, status);
        }
        free_told(&t);
    }
    json_decref(body);
}

/* It waits for the disk. */
static bool always(const mu_request *request) {
    (void)request;
    return true;
}

const mu_resource mu_resource_events = {
    .name        = "events",
    .method      = "POST",
    .path        = "/v1/events",
    .needs       = MU_ROLE_DISPATCH,
    .takes_body  = true,
    .description = mu_api_events,
    .is_long     = always,
    .answer      = answer_events,
};

const mu_resource mu_resource_order_step = {
    .name        = "order_step",
    .method      = "POST",
    .path        = "/v1/orders/{number}/{step}",
    .needs       = MU_ROLE_DISPATCH,
    .takes_body  = true,
    .description = mu_api_order_step,
    .is_long     = always,
    .answer      = answer_order_step,
};
