/* See listener.h. */
#include "service/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 1024, FIRST_HANDED_OVER = 3 };

static const char EXPECTED[] = "expected ADDRESS:PORT, as in 127.0.0.1:5000, or unix:/PATH";

static muster_status fail(const char *name, const char *what) {
    return muster_fail(MUSTER_E_IO, "%s: %s: %s", name, what, strerror(errno));
}

static bool set_flags(int descriptor) {
    const int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

/* ---- what a socket is called ----------------------------------------------------------- */

static bool is_near(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_UNIX) return true;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *in = (const void *)address;
    return IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
}

static void write_name(mu_listener *l, const struct sockaddr_storage *address) {
    char text[INET6_ADDRSTRLEN] = "?";
    if (address->ss_family == AF_UNIX) {
        const struct sockaddr_un *un = (const void *)address;
        snprintf(l->name, sizeof l->name, "unix:%s", un->sun_path);
    } else if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        snprintf(l->name, sizeof l->name, "%s:%d", text, ntohs(in->sin_port));
    } else {
        const struct sockaddr_in6 *in = (const void *)address;
        inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
        snprintf(l->name, sizeof l->name, "[%s]:%d", text, ntohs(in->sin6_port));
    }
}

static muster_status describe(mu_listener *l, const char *name) {
    struct sockaddr_storage address = {0};
    socklen_t               size    = sizeof address;
    if (getsockname(l->descriptor, (struct sockaddr *)&address, &size) != 0) {
        return fail(name, "it is no socket");
    }
    if (address.ss_family != AF_UNIX && address.ss_family != AF_INET &&
        address.ss_family != AF_INET6) {
        return muster_fail(MUSTER_E_INVALID, "%s: it is no socket of TCP and no socket file", name);
    }
    l->is_near = is_near(&address);
    write_name(l, &address);
    return MUSTER_OK;
}

/* ---- TCP ------------------------------------------------------------------------------- */

/* "[::1]" -> "::1", "localhost" -> "127.0.0.1"; names are not looked up. */
static bool parse_address(struct sockaddr_storage *out, socklen_t *out_size, char *host,
                          uint16_t port) {
    struct sockaddr_in  *four = (void *)out;
    struct sockaddr_in6 *six  = (void *)out;
    const size_t         size = strlen(host);
    *out                      = (struct sockaddr_storage){0};
    if (size > 2 && host[0] == '[' && host[size - 1] == ']') {
        host[size - 1]   = 0;
        six->sin6_family = AF_INET6;
        six->sin6_port   = htons(port);
        *out_size        = sizeof *six;
        return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
    }
    four->sin_family = AF_INET;
    four->sin_port   = htons(port);
    *out_size        = sizeof *four;
    return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                     &four->sin_addr) == 1;
}

static bool parse_name(struct sockaddr_storage *out, socklen_t *out_size, const char *name) {
    char        host[64];
    const char *colon = strrchr(name, ':');
    char       *end;
    if (!colon || (size_t)(colon - name) >= sizeof host) return false;
    const unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != 0 || port > 65535) return false;
    memcpy(host, name, (size_t)(colon - name));
    host[colon - name] = 0;
    return parse_address(out, out_size, host, (uint16_t)port);
}

static muster_status bind_tcp(mu_listener *l, const char *name, bool may_be_far) {
    const int               yes = 1;
    struct sockaddr_storage address;
    socklen_t               size;
    if (!parse_name(&address, &size, name)) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\" cannot be listened to; %s", name, EXPECTED);
    }
    if (!may_be_far && !is_near(&address)) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s can be reached from other machines; expected 127.0.0.1, [::1] or "
                           "unix:/PATH, or --remote with --tokens",
                           name);
    }
    l->descriptor = socket(address.ss_family, SOCK_STREAM, 0);
    if (l->descriptor < 0) return fail(name, "no socket can be made");
    (void)setsockopt(l->descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(l->descriptor, (struct sockaddr *)&address, size) != 0) {
        return fail(name, "it cannot be listened to");
    }
    return MUSTER_OK;
}

/* ---- socket files ---------------------------------------------------------------------- */

/* Is a service listening to the file? */
static bool is_in_use(const struct sockaddr_un *address) {
    const int  descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    const bool answers    = descriptor >= 0 && connect(descriptor, (const struct sockaddr *)address,
                                                       sizeof *address) == 0;
    if (descriptor >= 0) close(descriptor);
    return answers;
}

static muster_status clear_path(const struct sockaddr_un *address, const char *name) {
    struct stat facts;
    if (lstat(address->sun_path, &facts) != 0) return MUSTER_OK;
    if (!S_ISSOCK(facts.st_mode)) {
        return muster_fail(MUSTER_E_IO, "%s: there is a file that is no socket; expected none",
                           name);
    }
    if (is_in_use(address)) {
        return muster_fail(MUSTER_E_IO, "%s: another service listens there", name);
    }
    return unlink(address->sun_path) == 0 ? MUSTER_OK : fail(name, "an old one cannot be removed");
}

static muster_status bind_path(mu_listener *l, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat        facts;
    const char        *path = name + 5;
    if (*path != '/' || strlen(path) >= sizeof address.sun_path) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\" cannot be listened to; expected unix: and a path from the root "
                           "of at most %zu bytes",
                           name, sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    const muster_status status = clear_path(&address, name);
    if (status != MUSTER_OK) return status;
    l->descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (l->descriptor < 0) return fail(name, "no socket can be made");
    const mode_t mask = umask(S_IRWXO | S_IXUSR | S_IXGRP);
    const int    done = bind(l->descriptor, (struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (done != 0 || lstat(path, &facts) != 0) return fail(name, "it cannot be listened to");
    memcpy(l->path, address.sun_path, sizeof l->path);
    l->device = facts.st_dev;
    l->file   = facts.st_ino;
    return MUSTER_OK;
}

/* ---- both ------------------------------------------------------------------------------ */

muster_status mu_listener_open(mu_listener *out, const char *name, bool may_be_far) {
    *out = (mu_listener){.descriptor = -1};
    muster_status status =
        strncmp(name, "unix:", 5) == 0 ? bind_path(out, name) : bind_tcp(out, name, may_be_far);
    if (status == MUSTER_OK &&
        (!set_flags(out->descriptor) || listen(out->descriptor, BACKLOG) != 0)) {
        status = fail(name, "it cannot be listened to");
    }
    if (status == MUSTER_OK) status = describe(out, name);
    if (status != MUSTER_OK) mu_listener_close(out);
    return status;
}

muster_status mu_listener_adopt(mu_listener *out, int descriptor) {
    char name[32];
    snprintf(name, sizeof name, "descriptor %d", descriptor);
    *out                 = (mu_listener){.descriptor = descriptor};
    muster_status status = describe(out, name);
    if (status == MUSTER_OK && !set_flags(descriptor)) status = fail(name, "it cannot be used");
    return status;
}

int mu_listener_handed_over(void) {
    const char *process = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    if (!process || !count || strtol(process, NULL, 10) != (long)getpid()) return 0;
    const long descriptors = strtol(count, NULL, 10);
    return descriptors > 0 && descriptors < 64 ? (int)descriptors : 0;
}

/* Somebody may have put another in its place. */
static void remove_path(const mu_listener *l) {
    struct stat facts;
    if (l->path[0] == 0 || lstat(l->path, &facts) != 0) return;
    if (facts.st_dev == l->device && facts.st_ino == l->file) unlink(l->path);
}

void mu_listener_close(mu_listener *listener) {
    remove_path(listener);
    if (listener->descriptor >= 0) close(listener->descriptor);
    listener->descriptor = -1;
    listener->path[0]    = 0;
}
