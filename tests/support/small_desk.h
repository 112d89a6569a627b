/* A dispatch desk in this process, on a socket file: a small scenario that is served, and requests as a
 * program would send them. The token of "desk" may dispatch. */
#ifndef TESTS_SUPPORT_SMALL_DESK_H
#define TESTS_SUPPORT_SMALL_DESK_H

#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "service/desk.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

enum { DESK_ROOM = 1 << 18, DESK_REQUEST = 1 << 14 };

static const char DESK_TOKENS[] =
    "desk dispatch d3f1287751e9d44bfaff8b38902093782f3c52c7a698962861e80d9b4af303a4\n";

typedef struct small_desk {
    char        store[128], journal[128], tokens[128], listen[160];
    mu_desk    *desk;
    mu_service *service;
} small_desk;

/* Where its files are; the store and the tokens are written. */
static inline void desk_prepare(small_desk *d, const char *name) {
    memset(d, 0, sizeof *d);
    snprintf(d->store, sizeof d->store, "%s.gpkg", path_of(name));
    snprintf(d->journal, sizeof d->journal, "%s.journal", path_of(name));
    snprintf(d->tokens, sizeof d->tokens, "%s.tokens", path_of(name));
    snprintf(d->listen, sizeof d->listen, "unix:%s.sock", path_of(name));
    small_scenario_write(d->store, NULL);
    write_text(d->tokens, DESK_TOKENS);
    assert_int_equal(chmod(d->tokens, 0600), 0);
}

static inline muster_status desk_try_open(small_desk *d) {
    muster_session_options options = MUSTER_SESSION_OPTIONS_INIT;
    options.journal                = d->journal;
    options.store                  = d->store;
    options.author                 = "small_desk";
    options.now_ms                 = (int64_t)time(NULL) * 1000;
    options.thread_count           = 1;
    options.with_incidents         = 1;
    return mu_desk_open(&d->desk, &options, NULL, 0);
}

/* What has been started is stopped by desk_stop, also where this fails. */
static inline muster_status desk_try_start(small_desk *d) {
    const char        *listen  = d->listen;
    mu_service_options options = {.listen       = &listen,
                                  .listen_count = 1,
                                  .tokens       = d->tokens,
                                  .limits       = mu_limits_default(),
                                  .extension    = mu_desk_extension(d->desk)};
    options.metric             = mu_desk_metrics(d->desk, &options.metric_count);
    options.limits.talkers = options.limits.workers = 2;
    const muster_status status                      = mu_service_start(&d->service, &options);
    return status == MUSTER_OK ? mu_desk_start(d->desk, d->service) : status;
}

static inline void desk_start(small_desk *d) {
    if (desk_try_open(d) != MUSTER_OK || desk_try_start(d) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
}

static inline void desk_stop(small_desk *d) {
    mu_desk_stop(d->desk);
    mu_service_stop(d->service);
    mu_desk_close(d->desk);
    d->desk    = NULL;
    d->service = NULL;
}

static inline void desk_remove(const small_desk *d) {
    DIR *folder = opendir(d->journal);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') assert_int_equal(unlinkat(dirfd(folder), entry->d_name, 0), 0);
    }
    closedir(folder);
    assert_int_equal(rmdir(d->journal), 0);
}

/* ---- asking, from any thread ----------------------------------------------------------- */

static inline int desk_connect(const small_desk *d) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int          plain   = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", d->listen + 5);
    if (connect(plain, (struct sockaddr *)&address, sizeof address) == 0) return plain;
    close(plain);
    return -1;
}

static inline bool desk_send(int plain, const char *method, const char *target, const char *body) {
    char      text[DESK_REQUEST];
    const int size = snprintf(text, sizeof text,
                              "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                              "Authorization: Bearer desk-secret\r\n"
                              "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                              method, target, strlen(body), body);
    return send(plain, text, (size_t)size, MSG_NOSIGNAL) == size;
}

/* One request, on a connection of its own; the status, and all of the answer in `out`, which has
 * DESK_ROOM bytes. -1: there was no answer. */
static inline int desk_ask(const small_desk *d, char *out, const char *method, const char *target,
                           const char *body) {
    size_t    size  = 0;
    const int plain = desk_connect(d);
    out[0]          = 0;
    if (plain < 0) return -1;
    if (desk_send(plain, method, target, body)) {
        for (ssize_t part; size < DESK_ROOM - 1 &&
                           (part = recv(plain, out + size, DESK_ROOM - 1 - size, 0)) > 0;) {
            size += (size_t)part;
        }
    }
    out[size] = 0;
    close(plain);
    return size > 12 ? (int)strtol(out + 9, NULL, 10) : -1;
}

/* The text or the number of a member, by its name with quotes and colon, from `from` on; empty where
 * there is none. */
static inline const char *desk_member(char out[64], const char *from, const char *name) {
    const char *at = from ? strstr(from, name) : NULL;
    out[0]         = 0;
    if (!at) return out;
    at += strlen(name);
    if (*at == '"') ++at;
    snprintf(out, 64, "%.*s", (int)strcspn(at, "\",}]"), at);
    return out;
}

#endif
