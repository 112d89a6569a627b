/* See connections.h. An HTTP library counts how long a connection has been silent, which a peer that
 * sends a byte now and then never is: 250 such connections locked a service out that allowed 200.
 * So each phase has a deadline that nothing moves, and a thread looks for those that are over, twenty
 * times a second. It cannot close a descriptor that another thread polls; it shuts it down, which
 * wakes that thread, who closes it. While an entry is there its descriptor is open: it is taken out,
 * under the lock, before that.
 *
 * Whoever goes on to the next phase does it by exchanging the one it knows of, so that a connection
 * is either told that it was too slow or answered, never both. */
#define _GNU_SOURCE /* struct ucred */
#include "service/connections.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "service/clock.h"

enum { LOOK_EVERY_MS = 50 };

/* ---- peers ----------------------------------------------------------------------------- */

static mu_peer user_peer(int descriptor) {
    mu_peer      peer = {.family = AF_UNIX, .is_near = true};
    struct ucred who  = {0};
    socklen_t    size = sizeof who;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0) {
        memcpy(peer.address, &who.uid, sizeof who.uid);
    }
    return peer;
}

static mu_peer peer_4(const struct in_addr *address) {
    mu_peer peer = {.family = AF_INET, .is_near = ntohl(address->s_addr) >> 24 == 127};
    memcpy(peer.address, address, sizeof *address);
    return peer;
}

static mu_peer peer_6(const struct in6_addr *address) {
    mu_peer peer = {.family = AF_INET6, .is_near = IN6_IS_ADDR_LOOPBACK(address)};
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        struct in_addr inner;
        memcpy(&inner, address->s6_addr + 12, sizeof inner);
        return peer_4(&inner);
    }
    memcpy(peer.address, address, 8);
    return peer;
}

mu_peer mu_peer_of(int descriptor, const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return peer_4(&in.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        return peer_6(&in.sin6_addr);
    }
    return user_peer(descriptor);
}

static bool is_same_peer(const mu_peer *a, const mu_peer *b) {
    return a->family == b->family && memcmp(a->address, b->address, sizeof a->address) == 0;
}

/* ---- the list -------------------------------------------------------------------------- */

static mu_connection *find_place(mu_connections *all) {
    for (uint32_t i = 0; i < all->limits->connections; ++i) {
        if (all->connection[i].phase == MU_PHASE_FREE) return &all->connection[i];
    }
    return NULL;
}

static uint32_t count_of_peer(const mu_connections *all, const mu_peer *peer) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->limits->connections; ++i) {
        const mu_connection *c = &all->connection[i];
        count += c->phase != MU_PHASE_FREE && is_same_peer(&c->peer, peer);
    }
    return count;
}

mu_refusal mu_connections_admit(mu_connections *all, int descriptor, const mu_peer *peer,
                                mu_connection **out) {
    mu_refusal refusal = MU_REFUSED_NOT;
    *out               = NULL;
    pthread_mutex_lock(&all->lock);
    if (count_of_peer(all, peer) >= all->limits->connections_per_address) {
        refusal = MU_REFUSED_ADDRESS;
    } else if (!(*out = find_place(all))) {
        refusal = MU_REFUSED_ALL;
    } else {
        (*out)->descriptor  = descriptor;
        (*out)->peer        = *peer;
        (*out)->deadline_ms = mu_clock_ms() + all->limits->header_ms;
        (*out)->phase       = MU_PHASE_NEW;
        ++all->count;
    }
    pthread_mutex_unlock(&all->lock);
    if (refusal != MU_REFUSED_NOT) ++all->refused[refusal];
    return refusal;
}

mu_connection *mu_connections_find(mu_connections *all, int descriptor) {
    mu_connection *found = NULL;
    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->limits->connections && !found; ++i) {
        mu_connection *c = &all->connection[i];
        if (c->phase != MU_PHASE_FREE && c->descriptor == descriptor) found = c;
    }
    if (found) found->phase = MU_PHASE_HEADER; /* its deadline is that of its beginning */
    pthread_mutex_unlock(&all->lock);
    return found;
}

void mu_connections_release(mu_connections *all, mu_connection *connection) {
    pthread_mutex_lock(&all->lock);
    if (connection->phase != MU_PHASE_FREE) --all->count;
    connection->phase = MU_PHASE_FREE;
    pthread_mutex_unlock(&all->lock);
}

uint32_t mu_connections_count(mu_connections *all) {
    pthread_mutex_lock(&all->lock);
    const uint32_t count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

bool mu_connections_are_coming(mu_connections *all) {
    bool are_coming = false;
    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->limits->connections && !are_coming; ++i) {
        const int phase = all->connection[i].phase;
        are_coming      = phase == MU_PHASE_NEW || phase == MU_PHASE_HEADER;
    }
    pthread_mutex_unlock(&all->lock);
    return are_coming;
}

bool mu_connection_enter(mu_connection *connection, mu_phase phase, uint32_t time_ms) {
    int now = connection->phase;
    if (now == MU_PHASE_EXPIRED) return false;
    /* The deadline first: who sees the new phase must not see the old deadline. One that sees the old
     * phase with the new deadline lets it live a look longer. */
    connection->deadline_ms = mu_clock_ms() + time_ms;
    return atomic_compare_exchange_strong(&connection->phase, &now, (int)phase);
}

/* ---- deadlines ------------------------------------------------------------------------- */

static void say_too_slow(const mu_connection *c, const char *what, const char *option,
                         uint32_t time_ms) {
    char      body[200], text[400];
    const int size = snprintf(body, sizeof body,
                              "{\"code\":\"TooSlow\",\"message\":\"%s was not complete in time; "
                              "expected it within %u ms (--%s)\"}",
                              what, time_ms, option);
    const int all  = snprintf(text, sizeof text,
                              "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                               "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                              size, body);
    (void)send(c->descriptor, text, (size_t)all, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void end(mu_connections *all, mu_connection *c) {
    int phase = c->phase;
    if (phase == MU_PHASE_FREE || phase == MU_PHASE_EXPIRED) return;
    if (mu_clock_ms() < c->deadline_ms) return;
    if (phase == MU_PHASE_NEW) { /* the thread that was to take it has not: nobody's descriptor */
        c->phase = MU_PHASE_FREE;
        --all->count;
        return;
    }
    if (!atomic_compare_exchange_strong(&c->phase, &phase, MU_PHASE_EXPIRED)) return;
    ++all->expired[phase];
    const mu_limits *limits = all->limits;
    if (phase == MU_PHASE_HEADER) say_too_slow(c, "the header", "header-ms", limits->header_ms);
    if (phase == MU_PHASE_BODY) say_too_slow(c, "the body", "body-ms", limits->body_ms);
    shutdown(c->descriptor, SHUT_RDWR);
}

static void *watch(void *user) {
    mu_connections       *all   = user;
    const struct timespec pause = {0, LOOK_EVERY_MS * 1000000L};
    while (!all->is_stopping) {
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&all->lock);
        for (uint32_t i = 0; all->count > 0 && i < all->limits->connections; ++i) {
            end(all, &all->connection[i]);
        }
        pthread_mutex_unlock(&all->lock);
        all->tick(all->tick_user);
    }
    return NULL;
}

muster_status mu_connections_start(mu_connections *all, const mu_limits *limits, mu_tick tick,
                                   void *tick_user) {
    *all            = (mu_connections){.limits = limits, .tick = tick, .tick_user = tick_user};
    all->connection = calloc(limits->connections, sizeof *all->connection);
    if (!all->connection) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %u connections", limits->connections);
    }
    pthread_mutex_init(&all->lock, NULL);
    if (pthread_create(&all->watcher, NULL, watch, all) == 0) return MUSTER_OK;
    free(all->connection);
    all->connection = NULL;
    pthread_mutex_destroy(&all->lock);
    return muster_fail(MUSTER_E_NOMEM, "no thread can be started that watches connections");
}

void mu_connections_stop(mu_connections *all) {
    if (!all->connection) return;
    all->is_stopping = true;
    pthread_join(all->watcher, NULL);
    pthread_mutex_destroy(&all->lock);
    free(all->connection);
    all->connection = NULL;
}
