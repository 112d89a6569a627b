/* PQconnectdb returns when the server is ready, and has read whatever else has come by then. If that is an
 * error (the server did not like the rest of a damaged greeting, say), libpq takes it for a notice, and
 * prints it, since nobody could tell it otherwise so far. So here libpq is told before it connects
 * (PQconnectStart), and the waiting that PQconnectdb does is ours.
 *
 * Where the time is up for one host of several, libpq alone can go on to the next: it begins anew with
 * PQreset, which waits as PQconnectdb does. */
#include "gis/postgis_connect.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEAST_TIMEOUT_S = 2 }; /* libpq's */

void mu_postgis_ignore_notice(void *unused, const PGresult *result) {
    (void)unused;
    (void)result;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *option(const PQconninfoOption *options, const char *keyword) {
    for (; options && options->keyword; ++options) {
        if (strcmp(options->keyword, keyword) == 0 && options->val) return options->val;
    }
    return "";
}

/* By when it has to stand, and whether there are other hosts to be tried then. */
static int64_t deadline_of(PGconn *pg, bool *out_has_more_hosts) {
    PQconninfoOption *options   = PQconninfo(pg);
    const long        timeout_s = strtol(option(options, "connect_timeout"), NULL, 10);
    *out_has_more_hosts =
        strchr(option(options, "host"), ',') || strchr(option(options, "hostaddr"), ',');
    PQconninfoFree(options);
    if (timeout_s <= 0) return INT64_MAX;
    return now_ms() + 1000 * (int64_t)(timeout_s < LEAST_TIMEOUT_S ? LEAST_TIMEOUT_S : timeout_s);
}

/* False: the time is up. */
static bool wait_for(PGconn *pg, PostgresPollingStatusType what, int64_t deadline_ms) {
    struct pollfd socket = {.fd     = PQsocket(pg),
                            .events = what == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    for (;;) {
        const int64_t left = deadline_ms == INT64_MAX ? -1 : deadline_ms - now_ms();
        if (deadline_ms != INT64_MAX && left <= 0) return false;
        const int count = poll(&socket, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (count > 0 || (count < 0 && errno != EINTR)) return true; /* libpq says what is wrong */
    }
}

const char *mu_postgis_connect(PGconn **out, const char *const *keyword, const char *const *value) {
    PostgresPollingStatusType next    = PGRES_POLLING_WRITING;
    bool                      is_late = false, has_more_hosts;
    PGconn                   *pg      = PQconnectStartParams(keyword, value, 1);
    *out                              = pg;
    if (!pg) return "out of memory";
    PQsetNoticeReceiver(pg, mu_postgis_ignore_notice, NULL);
    const int64_t deadline_ms = deadline_of(pg, &has_more_hosts);
    while (PQstatus(pg) != CONNECTION_BAD && next != PGRES_POLLING_OK && !is_late) {
        is_late = !wait_for(pg, next, deadline_ms);
        if (!is_late) next = PQconnectPoll(pg);
    }
    if (is_late && has_more_hosts) PQreset(pg);
    if (PQstatus(pg) == CONNECTION_OK) return NULL;
    return is_late && !has_more_hosts ? "timeout expired" : PQerrorMessage(pg);
}
