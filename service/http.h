/* HTTP itself, by libmicrohttpd. */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include <sys/socket.h>

#include <muster/error.h>

struct mu_service;
typedef struct mu_http mu_http;

/* Threads that talk, service->limits.talkers of them, to whoever mu_http_take brings. */
muster_status mu_http_start(mu_http **out, struct mu_service *service);
/* A connection to be served; a mu_take_connection. */
bool mu_http_take(void *http, int descriptor, const struct sockaddr *address, socklen_t size);
/* Ends all connections. No job of the workers may be under way. NULL is harmless. */
void mu_http_stop(mu_http *http);

#endif
