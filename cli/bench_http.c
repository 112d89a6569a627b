/* Questions over HTTP: a service in this process, by a socket file, and clients on threads that keep
 * their connections and ask the next question as soon as they have the last answer. They take their share
 * of the same machine. */
#define _GNU_SOURCE /* strcasestr */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/bench_parts.h"
#include "cli/stopwatch.h"
#include "service/service.h"

enum { CLIENTS = 8, PLACES = 500, ROUND_MS = 200, ROOM = 16384, QUESTION_BYTES = 160 };

typedef struct client {
    const char        *path; /* of the socket */
    const muster_snap *place;
    double             end_ms;
    uint32_t           first, answers;
    bool               has_failed;
    pthread_t          thread;
} client;

/* ---- one client -------------------------------------------------------------------------- */

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int          s       = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (s >= 0 && connect(s, (struct sockaddr *)&address, sizeof address) == 0) return s;
    if (s >= 0) (void)close(s);
    return -1;
}

/* The whole of one answer; false unless it is "200 OK". */
static bool read_answer(int s, char *buffer) {
    size_t size = 0, whole = 0;
    do {
        const ssize_t part = recv(s, buffer + size, ROOM - 1 - size, 0);
        if (part <= 0) return false;
        size += (size_t)part;
        buffer[size]       = 0;
        const char *end    = strstr(buffer, "\r\n\r\n");
        const char *length = end ? strcasestr(buffer, "content-length:") : NULL;
        if (end && !length) return false;
        if (end) whole = (size_t)(end + 4 - buffer) + strtoul(length + 15, NULL, 10);
        if (whole >= ROOM) return false;
    } while (whole == 0 || size < whole);
    return strncmp(buffer, "HTTP/1.1 200", 12) == 0;
}

static void *ask(void *user) {
    client *c = user;
    char    question[QUESTION_BYTES], buffer[ROOM];
    int     s = connect_to(c->path);
    for (uint32_t i = c->first; s >= 0 && stopwatch_now_ms() < c->end_ms; ++i) {
        const muster_snap *place = &c->place[i % PLACES];
        const int          length =
            snprintf(question, sizeof question,
                     "GET /v1/nearest/driving/%.6f,%.6f HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     place->lon_deg, place->lat_deg);
        if (send(s, question, (size_t)length, MSG_NOSIGNAL) != length || !read_answer(s, buffer)) {
            c->has_failed = true;
            break;
        }
        ++c->answers;
    }
    if (s < 0) c->has_failed = true;
    if (s >= 0) (void)close(s);
    return NULL;
}

/* ---- all of them ------------------------------------------------------------------------- */

static muster_status ask_all(const char *path, const muster_snap *place, double for_ms,
                             double *out_rate) {
    client        all[CLIENTS];
    uint32_t      started = 0, answers = 0;
    bool          has_failed = false;
    const double  start      = stopwatch_now_ms();
    muster_status status     = MUSTER_OK;
    for (; started < CLIENTS && status == MUSTER_OK; ++started) {
        all[started] = (client){.path   = path,
                                .place  = place,
                                .end_ms = start + for_ms,
                                .first  = started * (PLACES / CLIENTS)};
        if (pthread_create(&all[started].thread, NULL, ask, &all[started]) == 0) continue;
        status = muster_fail(MUSTER_E_NOMEM, "no thread for a client");
        break;
    }
    for (uint32_t i = 0; i < started; ++i) {
        (void)pthread_join(all[i].thread, NULL);
        answers += all[i].answers;
        has_failed |= all[i].has_failed;
    }
    *out_rate = answers / (stopwatch_now_ms() - start) * 1000;
    if (status != MUSTER_OK || !has_failed) return status;
    return muster_fail(MUSTER_E_INTERNAL, "the service on \"%s\" has not answered", path);
}

muster_status bench_http(bench_context *b) {
    char              listen[512];
    const char *const address[] = {listen};
    muster_snap       place[PLACES];
    mu_service       *service;
    double            rate;
    const int         length = snprintf(listen, sizeof listen, "unix:%s/nearest.sock", b->folder);
    const char       *path   = listen + strlen("unix:");
    if ((size_t)length >= sizeof listen ||
        strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\" is too long a name for a socket", path);
    }
    mu_service_options options             = {.limits = mu_limits_default()};
    options.listen                         = address;
    options.listen_count                   = 1;
    options.metric                         = (const muster_metric *const *)&b->metric;
    options.metric_count                   = 1;
    options.limits.connections_per_address = 2 * CLIENTS;
    muster_status status                   = bench_draw_places(b, PLACES, place);
    if (status == MUSTER_OK) status = mu_service_start(&service, &options);
    if (status != MUSTER_OK) return status;
    status = ask_all(path, place, ROUND_MS * b->rounds, &rate);
    mu_service_stop(service);
    if (status != MUSTER_OK) return status;
    bench_table_aim(b->table, "live", "/v1/nearest over HTTP, 8 clients on the same cores", rate,
                    "a second", BENCH_AT_LEAST, 5000);
    return MUSTER_OK;
}
