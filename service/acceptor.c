/* See acceptor.h. Connections are let in here and not by the HTTP library, because who comes too often
 * is to be turned away before anything is spent on him, and whoever is served is to be watched. */
#include "service/acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LISTENERS = 16 };

static void close_all(mu_acceptor *a) {
    for (uint32_t i = 0; i < a->listener_count; ++i) mu_listener_close(&a->listener[i]);
    free(a->listener);
    a->listener       = NULL;
    a->listener_count = 0;
}

muster_status mu_acceptor_open(mu_acceptor *a, const char *const *name, uint32_t count,
                               bool may_be_far) {
    const int handed_over = count == 0 ? mu_listener_handed_over() : 0;
    *a                    = (mu_acceptor){.wake = {-1, -1}};
    if (count + (uint32_t)handed_over == 0 || count + (uint32_t)handed_over > MAX_LISTENERS) {
        return muster_fail(MUSTER_E_INVALID, "%u addresses to listen to; expected 1 to %d",
                           count + (uint32_t)handed_over, MAX_LISTENERS);
    }
    a->listener = calloc(MAX_LISTENERS, sizeof *a->listener);
    if (!a->listener) return muster_fail(MUSTER_E_NOMEM, "out of memory for addresses");
    for (uint32_t i = 0; i < count + (uint32_t)handed_over; ++i) {
        const muster_status status = i < count
                                         ? mu_listener_open(&a->listener[i], name[i], may_be_far)
                                         : mu_listener_adopt(&a->listener[i], 3 + (int)(i - count));
        if (status != MUSTER_OK) {
            close_all(a);
            return status;
        }
        ++a->listener_count;
    }
    return MUSTER_OK;
}

bool mu_acceptor_is_far(const mu_acceptor *a) {
    for (uint32_t i = 0; i < a->listener_count; ++i) {
        if (!a->listener[i].is_near) return true;
    }
    return false;
}

/* ---- letting in ------------------------------------------------------------------------ */

/* In a word, without reading what was asked. */
static void turn_away(int descriptor, mu_refusal refusal, const mu_limits *limits) {
    const bool     is_address = refusal == MU_REFUSED_ADDRESS;
    const uint32_t most       = is_address ? limits->connections_per_address : limits->connections;
    char           body[240], text[480];
    const int      size = snprintf(
             body, sizeof body,
             "{\"code\":\"TooManyConnections\",\"message\":\"there are %u connections%s already; "
                  "close some, or wait (--%s)\"}",
             most, is_address ? " from this address" : "",
        is_address ? "max-connections-per-address" : "max-connections");
    const int all = snprintf(text, sizeof text,
                             "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                             "Content-Type: application/json\r\nRetry-After: 1\r\n"
                             "Content-Length: %d\r\n\r\n%s",
                             size, body);
    (void)send(descriptor, text, (size_t)all, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(descriptor, SHUT_WR);
    close(descriptor);
}

static void let_in(mu_acceptor *a, int descriptor, const struct sockaddr *address, socklen_t size) {
    const int        yes  = 1;
    const mu_peer    peer = mu_peer_of(descriptor, address);
    mu_connection   *connection;
    const mu_refusal refusal = mu_connections_admit(a->connections, descriptor, &peer, &connection);
    if (refusal != MU_REFUSED_NOT) {
        turn_away(descriptor, refusal, a->connections->limits);
        return;
    }
    if (peer.family != AF_UNIX) {
        (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    if (!a->take(a->user, descriptor, address, size)) {
        mu_connections_release(a->connections, connection);
    }
}

/* Everybody who has connected. Returns false where none can be let in for now. */
static bool accept_all(mu_acceptor *a, int listener) {
    for (;;) {
        struct sockaddr_storage address    = {0};
        socklen_t               size       = sizeof address;
        const int               descriptor = accept(listener, (struct sockaddr *)&address, &size);
        if (descriptor >= 0) {
            const int flags = fcntl(descriptor, F_GETFL);
            (void)fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
            (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
            let_in(a, descriptor, (const struct sockaddr *)&address, size);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return true;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return false; /* no descriptor, no memory */
        }
    }
}

static void *run(void *user) {
    static const struct timespec WHILE = {0, 50 * 1000000L};
    mu_acceptor                 *a     = user;
    struct pollfd                entry[MAX_LISTENERS + 1];
    for (uint32_t i = 0; i < a->listener_count; ++i) {
        entry[i] = (struct pollfd){.fd = a->listener[i].descriptor, .events = POLLIN};
    }
    entry[a->listener_count] = (struct pollfd){.fd = a->wake[0], .events = POLLIN};
    do {
        (void)poll(entry, a->listener_count + 1, -1);
        for (uint32_t i = 0; i < a->listener_count; ++i) {
            if (!accept_all(a, a->listener[i].descriptor)) nanosleep(&WHILE, NULL);
        }
    } while (entry[a->listener_count].revents == 0);
    return NULL;
}

muster_status mu_acceptor_start(mu_acceptor *a, mu_connections *connections,
                                mu_take_connection take, void *user) {
    a->connections = connections;
    a->take        = take;
    a->user        = user;
    if (pipe(a->wake) != 0) {
        return muster_fail(MUSTER_E_IO, "no pipe can be made: %s", strerror(errno));
    }
    a->is_running = pthread_create(&a->thread, NULL, run, a) == 0;
    return a->is_running ? MUSTER_OK
                         : muster_fail(MUSTER_E_NOMEM, "no thread can be started that accepts");
}

void mu_acceptor_stop(mu_acceptor *a) {
    if (!a->listener) return;
    if (a->is_running) {
        close(a->wake[1]);
        a->wake[1] = -1;
        pthread_join(a->thread, NULL);
    }
    for (int end = 0; end < 2; ++end) {
        if (a->wake[end] >= 0) close(a->wake[end]);
    }
    close_all(a);
    a->is_running = false;
}
