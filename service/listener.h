/* Where a service can be reached: addresses of TCP and socket files. */
#ifndef SERVICE_LISTENER_H
#define SERVICE_LISTENER_H

#include <sys/socket.h>
#include <sys/un.h>

#include <muster/error.h>

enum { MU_LISTEN_NAME_BYTES = 128 };

typedef struct mu_listener {
    int  descriptor;
    char name[MU_LISTEN_NAME_BYTES]; /* "127.0.0.1:5000", "unix:/run/muster.sock" */
    bool is_near;                    /* nobody but this machine gets there */
    /* A socket file that we have made, and which file that is. */
    char  path[sizeof((struct sockaddr_un *)NULL)->sun_path];
    dev_t device;
    ino_t file;
} mu_listener;

/* Open "127.0.0.1:5000", "[::1]:5000", "localhost:5000" (port 0: any that is free) or
 * "unix:/run/muster.sock", a file that its owner and group may use, and that is made anew where no
 * service listens to the one that is there.
 * @param may_be_far  addresses that other machines reach are not refused
 * @return MUSTER_E_INVALID for what is no such name; MUSTER_E_IO */
muster_status mu_listener_open(mu_listener *out, const char *name, bool may_be_far);

/* Take over a descriptor that is bound and listens already, as systemd hands them over. */
muster_status mu_listener_adopt(mu_listener *out, int descriptor);
/* How many of those there are for this process, from descriptor 3 on (sd_listen_fds(3)). */
int mu_listener_handed_over(void);

/* Take the socket file away and close. */
void mu_listener_close(mu_listener *listener);

#endif
