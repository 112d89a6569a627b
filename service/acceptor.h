/* The thread that lets connections in. */
#ifndef SERVICE_ACCEPTOR_H
#define SERVICE_ACCEPTOR_H

#include <pthread.h>

#include "service/connections.h"
#include "service/listener.h"

/* Takes over a descriptor; false where it could not, and has closed it. */
typedef bool (*mu_take_connection)(void *user, int descriptor, const struct sockaddr *address,
                                   socklen_t size);

typedef struct mu_acceptor {
    mu_connections    *connections;
    mu_take_connection take;
    void              *user;
    uint32_t           listener_count;
    mu_listener       *listener; /* [listener_count] */
    int                wake[2];  /* a pipe: closing one end wakes the thread */
    pthread_t          thread;
    bool               is_running;
} mu_acceptor;

/* Open so many addresses, or where there are none take over what systemd has opened.
 * @return as mu_listener_open; MUSTER_E_INVALID where there is nothing to listen to */
muster_status mu_acceptor_open(mu_acceptor *acceptor, const char *const *name, uint32_t count,
                               bool may_be_far);
/* Is there one that other machines reach? */
bool          mu_acceptor_is_far(const mu_acceptor *acceptor);
muster_status mu_acceptor_start(mu_acceptor *acceptor, mu_connections *connections,
                                mu_take_connection take, void *user);
/* Let in who has connected already, and nobody else; close. Harmless on a zeroed one. */
void mu_acceptor_stop(mu_acceptor *acceptor);

#endif
