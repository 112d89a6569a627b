/* Every open connection, whose it is, and until when it may take its time. */
#ifndef SERVICE_CONNECTIONS_H
#define SERVICE_CONNECTIONS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include <muster/error.h>

#include "service/limits.h"

/* What a connection is doing, each with a deadline of its own. */
typedef enum mu_phase {
    MU_PHASE_FREE,    /* there is no connection */
    MU_PHASE_NEW,     /* accepted, and not yet with the thread that will serve it */
    MU_PHASE_HEADER,  /* its first header is on its way */
    MU_PHASE_BODY,    /* a body is on its way */
    MU_PHASE_BUSY,    /* it is answered */
    MU_PHASE_IDLE,    /* it has been answered: the next header is on its way, or nothing */
    MU_PHASE_EXPIRED, /* it took too long, has been told so, and is being closed */
    MU_PHASE_COUNT
} mu_phase;

/* Whom a connection counts for: an address, or the user at the other end of a socket file. */
typedef struct mu_peer {
    int     family;
    uint8_t address[16]; /* of IPv6 the first half, for one host has that many */
    bool    is_near;     /* on this machine */
} mu_peer;

mu_peer mu_peer_of(int descriptor, const struct sockaddr *address);

typedef struct mu_connection {
    _Atomic int     phase;
    _Atomic int64_t deadline_ms; /* of mu_clock_ms */
    int             descriptor;
    mu_peer         peer;
} mu_connection;

typedef enum mu_refusal {
    MU_REFUSED_NOT,
    MU_REFUSED_ALL,     /* too many connections */
    MU_REFUSED_ADDRESS, /* too many of that address */
    MU_REFUSAL_COUNT
} mu_refusal;

/* Called now and then by the thread that watches the deadlines. */
typedef void (*mu_tick)(void *user);

typedef struct mu_connections {
    const mu_limits *limits;
    pthread_mutex_t  lock;       /* of who is there; phases and deadlines need none */
    mu_connection   *connection; /* [limits->connections] */
    uint32_t         count;      /* guarded by lock */
    pthread_t        watcher;
    mu_tick          tick;
    void            *tick_user;
    _Atomic bool     is_stopping;
    _Atomic uint64_t refused[MU_REFUSAL_COUNT], expired[MU_PHASE_COUNT];
} mu_connections;

/* Starts the thread that ends what takes too long. */
muster_status mu_connections_start(mu_connections *all, const mu_limits *limits, mu_tick tick,
                                   void *tick_user);
void          mu_connections_stop(mu_connections *all);
uint32_t      mu_connections_count(mu_connections *all);
/* Is there one whose first header may be on its way? */
bool mu_connections_are_coming(mu_connections *all);

/* A place for a fresh connection, or why there is none. */
mu_refusal mu_connections_admit(mu_connections *all, int descriptor, const mu_peer *peer,
                                mu_connection **out);
/* The one of a descriptor is now with a thread; NULL where there is none. */
mu_connection *mu_connections_find(mu_connections *all, int descriptor);
/* Gone. To be called before the descriptor is closed, for then it may be another's at once. */
void mu_connections_release(mu_connections *all, mu_connection *connection);

/* Go on to a phase with a deadline of so many milliseconds from now; false where it has expired. */
bool mu_connection_enter(mu_connection *connection, mu_phase phase, uint32_t time_ms);

#endif
