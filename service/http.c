/* See http.h. A daemon of libmicrohttpd for each thread, without a socket to listen to: each polls its
 * own connections, and answers what is quick at once. What takes longer goes to a worker, and the
 * connection is suspended meanwhile, so that nobody waits behind a long table.
 *
 * The library unescapes nothing and times nothing: addresses are taken apart in target.c, and deadlines
 * are those of connections.c. Requests that are no HTTP it refuses by itself, with a page of its own. */
#include "service/http.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "service/exchange.h"
#include "service/state.h"

enum { STREAM_BYTES = 16384 }; /* that are sent of a stream at once */

/* One thread that talks. */
typedef struct talker {
    mu_service        *service;
    uint32_t           slot;
    struct MHD_Daemon *daemon;
} talker;

struct mu_http {
    uint32_t         count;
    talker          *talker; /* [count] */
    _Atomic uint32_t turn;   /* whose turn it is to take a connection */
};

typedef enum stage { STAGE_HEADER, STAGE_BODY, STAGE_ANSWERED } stage;

/* What the library keeps for us from the first line of a request to its end. */
typedef struct conversation {
    mu_job                 job; /* the first member: a job is a conversation */
    mu_exchange            exchange;
    stage                  stage;
    mu_connection         *place;
    struct MHD_Connection *connection;
    const char            *origin;     /* that may read the answer, or NULL */
    bool                   is_counted; /* in flight */
    bool                   is_head;    /* asked for without its body */
} conversation;

/* ---- streams ---------------------------------------------------------------------------

 * An answer that goes on is written by workers, piece by piece. While there is nothing to write its
 * connection is suspended, and no thread waits. Whoever takes a piece in time gets time for the next, so
 * a stream lives for as long as somebody reads it; who does not is cut off by the deadline of requests,
 * and keeps nobody else waiting until then. */

typedef struct flow {
    mu_job                 job; /* the first member: a job is a flow */
    mu_waiter              waiter;
    mu_service            *service;
    mu_connection         *place;
    struct MHD_Connection *connection;
    mu_stream             *stream;
    mu_text                text; /* written, and sent up to `sent` */
    size_t                 sent;
    uint64_t               beats; /* heard so far */
    bool                   is_over;
} flow;

/* Write what there is, or wait until there is something. */
static void fill(mu_job *job, uint32_t worker) {
    flow       *f   = (flow *)(void *)job;
    mu_streams *all = &f->service->streams;
    uint64_t    woken;
    (void)worker;
    do {
        const uint64_t beats       = all->beats;
        const bool     is_stopping = all->is_stopping;
        woken                      = all->woken;
        f->is_over = !f->stream->read(f->stream, &f->text) || f->text.is_broken || is_stopping;
        if (f->text.size == 0 && beats != f->beats) mu_text_add(&f->text, ":\n\n");
        f->beats = beats;
        if (f->text.size > 0 || f->is_over) {
            MHD_resume_connection(f->connection);
            return;
        }
    } while (!mu_streams_wait(all, &f->waiter, woken));
}

/* Where no worker takes it the service has stopped. */
static void ask_worker(flow *f) {
    if (mu_workers_give(&f->service->workers, &f->job)) return;
    f->is_over = true;
    MHD_resume_connection(f->connection);
}

static void wake(mu_waiter *waiter) {
    ask_worker((flow *)(void *)((char *)waiter - offsetof(flow, waiter)));
}

static ssize_t send_piece(flow *f, char *bytes, size_t room) {
    const size_t left = f->text.size - f->sent, size = left < room ? left : room;
    if (!mu_connection_enter(f->place, MU_PHASE_BUSY, f->service->limits.request_ms)) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    memcpy(bytes, f->text.bytes + f->sent, size);
    f->sent += size;
    return (ssize_t)size;
}

/* The library can send more. */
static ssize_t on_room(void *user, uint64_t position, char *bytes, size_t room) {
    flow *f = user;
    (void)position;
    if (f->sent < f->text.size) return send_piece(f, bytes, room);
    if (f->is_over) return MHD_CONTENT_READER_END_OF_STREAM;
    mu_text_free(&f->text);
    f->text = (mu_text){0};
    f->sent = 0;
    MHD_suspend_connection(f->connection);
    ask_worker(f);
    return 0;
}

static void on_stream_end(void *user) {
    flow *f = user;
    --f->service->streams.count;
    f->stream->free(f->stream);
    mu_text_free(&f->text);
    free(f);
}

static flow *make_flow(conversation *c) {
    flow       *f = calloc(1, sizeof *f);
    mu_service *s = c->exchange.service;
    if (!f) return NULL;
    *f                       = (flow){.job.run     = fill,
                                      .waiter.wake = wake,
                                      .service     = s,
                                      .place       = c->place,
                                      .connection  = c->connection,
                                      .stream      = c->exchange.reply.stream,
                                      .beats       = s->streams.beats};
    c->exchange.reply.stream = NULL;
    ++s->streams.count;
    mu_text_add(&f->text, ":\n\n"); /* so that it is seen to have begun */
    return f;
}

/* ---- answers --------------------------------------------------------------------------- */

static void add_header(struct MHD_Response *response, const char *name, const char *value) {
    (void)MHD_add_response_header(response, name, value);
}

static void add_headers(const conversation *c, struct MHD_Response *response) {
    const mu_exchange *x = &c->exchange;
    if (x->reply.status != MU_STATUS_NO_CONTENT) {
        add_header(response, "Content-Type",
                   x->reply.content_type ? x->reply.content_type : "application/json");
    }
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "X-Content-Type-Options", "nosniff");
    if (x->reply.status == MU_STATUS_UNAUTHORIZED) {
        add_header(response, "WWW-Authenticate", "Bearer realm=\"muster\"");
    }
    if (x->reply.status == MU_STATUS_WRONG_METHOD) add_header(response, "Allow", x->allow);
    if (x->reply.status == MU_STATUS_BUSY) add_header(response, "Retry-After", "1");
    if (x->service->guard.origin_count > 0) add_header(response, "Vary", "Origin");
    if (c->origin) add_header(response, "Access-Control-Allow-Origin", c->origin);
    if (c->origin && x->reply.status == MU_STATUS_NO_CONTENT) {
        add_header(response, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE");
        add_header(response, "Access-Control-Allow-Headers",
                   "Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
        add_header(response, "Access-Control-Max-Age", "600");
    }
    if (x->service->is_stopping) add_header(response, "Connection", "close");
}

static enum MHD_Result queue(conversation *c, struct MHD_Response *response) {
    if (!response) return MHD_NO; /* closes the connection, which is all that is left to say */
    add_headers(c, response);
    const enum MHD_Result done =
        MHD_queue_response(c->connection, (unsigned)c->exchange.reply.status, response);
    MHD_destroy_response(response);
    return done;
}

/* From here on it counts as a stream, and no longer as a request in flight. */
static enum MHD_Result send_stream(conversation *c) {
    flow *f = make_flow(c);
    if (!f) return MHD_NO;
    mu_exchange_note(&c->exchange);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BYTES, on_room, f, on_stream_end);
    if (!response) on_stream_end(f);
    if (c->is_counted) --c->exchange.service->counters.in_flight;
    c->is_counted = false;
    return queue(c, response);
}

/* In a text that is there already. */
static enum MHD_Result send_out_of_memory(conversation *c) {
    static char TEXT[] =
        "{\"code\":\"OutOfMemory\",\"message\":\"there is no memory for the answer; ask "
        "for less, or again\"}";
    mu_reply *reply = &c->exchange.reply;
    mu_text_free(&reply->body);
    reply->status       = MU_STATUS_BUSY;
    reply->content_type = NULL;
    mu_exchange_note(&c->exchange);
    return queue(c, MHD_create_response_from_buffer(sizeof TEXT - 1, TEXT, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result send_answer(conversation *c) {
    mu_exchange *x = &c->exchange;
    /* Of a stream that is asked for without its body the library would send the end all the same. */
    if (x->reply.stream && !c->is_head) return send_stream(c);
    if (!x->reply.body.bytes) mu_text_add(&x->reply.body, "");
    if (x->reply.body.is_broken) return send_out_of_memory(c);
    mu_exchange_note(x);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        x->reply.body.size, x->reply.body.bytes, MHD_RESPMEM_MUST_FREE);
    if (response) x->reply.body = (mu_text){0};
    return queue(c, response);
}

/* ---- headers --------------------------------------------------------------------------- */

static enum MHD_Result take_field(void *user, enum MHD_ValueKind kind, const char *name,
                                  const char *value) {
    (void)kind;
    mu_head_take(user, name, value);
    return MHD_YES;
}

static mu_head read_head(const conversation *c, const char *method) {
    mu_head                         head = {.method = method, .is_near = c->place->peer.is_near};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info) head.bytes = info->header_size;
    MHD_get_connection_values(c->connection, MHD_HEADER_KIND, take_field, &head);
    return head;
}

/* How the service is can be asked for at any time: a probe that is refused would have it restarted. */
static bool is_too_busy(conversation *c) {
    mu_service        *s        = c->exchange.service;
    const mu_resource *resource = c->exchange.request.resource;
    c->is_counted               = true;
    if (++s->counters.in_flight <= s->limits.requests) return false;
    if (resource && resource->needs == MU_ROLE_ANYBODY) return false;
    ++s->counters.refused;
    mu_reply_refuse(&c->exchange.reply, MU_STATUS_BUSY, "Busy",
                    "%" PRIu32
                    " requests are in flight; expected fewer (--max-requests): ask again",
                    s->limits.requests);
    return true;
}

/* The header is complete. Who is refused before his body has come is answered at once, which ends the
 * connection after the answer. */
static enum MHD_Result meet(conversation *c, const char *method) {
    const mu_limits *limits  = &c->exchange.service->limits;
    const mu_head    head    = read_head(c, method);
    const bool       goes_on = head.has_body
                                   ? mu_connection_enter(c->place, MU_PHASE_BODY, limits->body_ms)
                                   : mu_connection_enter(c->place, MU_PHASE_BUSY, limits->request_ms);
    if (!goes_on) return MHD_NO;
    if (head.origin && mu_guard_knows_origin(&c->exchange.service->guard, head.origin)) {
        c->origin = head.origin;
    }
    const bool is_admitted = mu_exchange_admit(&c->exchange, &head);
    const bool is_answered = is_too_busy(c) || !is_admitted;
    c->stage               = is_answered ? STAGE_ANSWERED : STAGE_BODY;
    c->is_head             = strcmp(method, "HEAD") == 0;
    return is_answered && head.has_body ? send_answer(c) : MHD_YES;
}

/* ---- answering ------------------------------------------------------------------------- */

static void work(mu_job *job, uint32_t worker) {
    conversation     *c = (conversation *)(void *)job;
    const mu_service *s = c->exchange.service;
    mu_exchange_answer(&c->exchange, s->limits.talkers + worker);
    c->stage = STAGE_ANSWERED;
    MHD_resume_connection(c->connection);
}

static void work_slowly(mu_job *job, uint32_t worker) {
    const mu_service *s = ((conversation *)(void *)job)->exchange.service;
    work(job, s->limits.workers + worker);
}

/* The connection is suspended first, for a worker may be done before this returns. Where no worker takes
 * it the service has stopped, which is said at once. */
static enum MHD_Result hand_over(conversation *c, const talker *t) {
    const bool is_slow = c->exchange.request.resource->is_slow;
    c->job.run         = is_slow ? work_slowly : work;
    MHD_suspend_connection(c->connection);
    if (mu_workers_give(is_slow ? &t->service->slow : &t->service->workers, &c->job)) {
        return MHD_YES;
    }
    mu_exchange_answer(&c->exchange, t->slot);
    c->stage = STAGE_ANSWERED;
    MHD_resume_connection(c->connection);
    return MHD_YES;
}

static enum MHD_Result answer(conversation *c, const talker *t) {
    if (!mu_connection_enter(c->place, MU_PHASE_BUSY, t->service->limits.request_ms)) return MHD_NO;
    if (mu_exchange_is_long(&c->exchange)) return hand_over(c, t);
    mu_exchange_answer(&c->exchange, t->slot);
    c->stage = STAGE_ANSWERED;
    return send_answer(c);
}

/* ---- what the library calls ------------------------------------------------------------ */

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_size, void **context) {
    conversation *c = *context;
    (void)url;
    (void)version;
    if (!c || !c->place) return MHD_NO;
    c->connection = connection;
    if (c->stage == STAGE_HEADER) return meet(c, method);
    if (*body_size > 0) {
        if (c->stage == STAGE_BODY) mu_exchange_take(&c->exchange, body, *body_size);
        *body_size = 0;
        return MHD_YES;
    }
    return c->stage == STAGE_BODY ? answer(c, user) : send_answer(c);
}

/* The first line has been read. */
static void *on_address(void *user, const char *address, struct MHD_Connection *connection) {
    const talker                   *t = user;
    conversation                   *c = calloc(1, sizeof *c);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (!c || !mu_exchange_begin(&c->exchange, t->service, address)) {
        free(c);
        return NULL;
    }
    c->place = info ? info->socket_context : NULL;
    return c;
}

static void on_end(void *user, struct MHD_Connection *connection, void **context,
                   enum MHD_RequestTerminationCode code) {
    const talker *t = user;
    conversation *c = *context;
    (void)connection;
    (void)code;
    if (!c) return;
    if (c->is_counted) --t->service->counters.in_flight;
    if (c->place) (void)mu_connection_enter(c->place, MU_PHASE_IDLE, t->service->limits.idle_ms);
    mu_exchange_fini(&c->exchange);
    free(c);
    *context = NULL;
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code) {
    const talker   *t   = user;
    mu_connections *all = &t->service->connections;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = info ? mu_connections_find(all, info->connect_fd) : NULL;
    } else if (*context) {
        mu_connections_release(all, *context);
        *context = NULL;
    }
}

static size_t leave_escaped(void *user, struct MHD_Connection *connection, char *text) {
    (void)user;
    (void)connection;
    return strlen(text);
}

/* ---- life ------------------------------------------------------------------------------ */

/* Room for a header that is too long by our limit, so that it is refused by us, and for what the
 * library makes of its fields. */
static size_t memory_of(const mu_limits *limits) {
    return 4 * (size_t)limits->header_bytes + 32768;
}

/* Polled by poll(): with epoll the library of 2022 (0.9.75) overlooks that the other side has closed
 * while a request was answered, and keeps the connection until it has been silent for too long. */
static struct MHD_Daemon *start_daemon(talker *t) {
    const mu_limits *limits = &t->service->limits;
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ITC,
        0, NULL, NULL, on_request, t, MHD_OPTION_NOTIFY_COMPLETED, on_end, t,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, t, MHD_OPTION_URI_LOG_CALLBACK, on_address, t,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)limits->connections + 8, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory_of(limits),
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

void mu_http_stop(mu_http *http) {
    if (!http) return;
    for (uint32_t i = 0; i < http->count; ++i) {
        if (http->talker[i].daemon) MHD_stop_daemon(http->talker[i].daemon);
    }
    free(http->talker);
    free(http);
}

muster_status mu_http_start(mu_http **out, mu_service *service) {
    mu_http *http = calloc(1, sizeof *http);
    *out          = NULL;
    if (http) http->talker = calloc(service->limits.talkers, sizeof *http->talker);
    if (!http || !http->talker) {
        free(http);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for the threads of a service");
    }
    for (; http->count < service->limits.talkers; ++http->count) {
        talker *t = &http->talker[http->count];
        *t        = (talker){.service = service, .slot = http->count};
        t->daemon = start_daemon(t);
        if (!t->daemon) {
            const uint32_t number = http->count;
            mu_http_stop(http);
            return muster_fail(MUSTER_E_NOMEM, "thread %u of the service cannot be started",
                               number);
        }
    }
    *out = http;
    return MUSTER_OK;
}

bool mu_http_take(void *user, int descriptor, const struct sockaddr *address, socklen_t size) {
    mu_http *http = user;
    talker  *t    = &http->talker[http->turn++ % http->count];
    return MHD_add_connection(t->daemon, descriptor, address, size) == MHD_YES;
}
