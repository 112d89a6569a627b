/* Questions over HTTP: how many a second a service answers on connections that are kept, each the next
 * question as soon as it has the last answer. The client is on the same machine and takes its share.
 *
 * usage: bench_serve NAME PORT nearest|route|table SECONDS CONNECTIONS WEST SOUTH EAST NORTH
 * Places are drawn in the box from a fixed seed, the same for whoever is asked. A service that ends a
 * connection after some answers, as OSRM's does, is connected to anew. */
#define _GNU_SOURCE /* strcasestr */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { MAX_CONNECTIONS = 64, MAX_SAMPLES = 2000000, ROOM = 1 << 16, TABLE_PLACES = 10 };

typedef struct question {
    const char *kind;
    int         port;
    double      seconds, box[4]; /* west, south, east, north */
} question;

typedef struct asker {
    const question *q;
    pthread_t       thread;
    uint64_t        rng;
    uint32_t        count, refused, failed;
    float          *latency_ms; /* [MAX_SAMPLES] */
} asker;

/* ---- one question ----------------------------------------------------------------------- */

static int connect_to(int port) {
    const int          yes     = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int          s       = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr    = htonl(INADDR_LOOPBACK);
    if (s < 0) return -1;
    (void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(s, (struct sockaddr *)&address, sizeof address) == 0) return s;
    close(s);
    return -1;
}

static int write_question(char *out, size_t room, asker *a) {
    const question *q      = a->q;
    const bool      is_one = strcmp(q->kind, "nearest") == 0;
    const int       places = is_one ? 1 : strcmp(q->kind, "route") == 0 ? 2 : TABLE_PLACES;
    int             length = snprintf(out, room, "GET /%s/v1/driving/", q->kind);
    for (int i = 0; i < places; ++i) {
        const double lon = q->box[0] + (q->box[2] - q->box[0]) * random_unit(&a->rng);
        const double lat = q->box[1] + (q->box[3] - q->box[1]) * random_unit(&a->rng);
        length += snprintf(out + length, room - (size_t)length, "%s%.6f,%.6f", i > 0 ? ";" : "",
                           lon, lat);
    }
    length += snprintf(out + length, room - (size_t)length,
                       "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n",
                       strcmp(q->kind, "route") == 0 ? "?overview=false" : "");
    return length;
}

/* A server that waits for our word before it sends the rest of an answer (Nagle's algorithm) gets it at
 * once, and not after the 40 ms that a system likes to wait. To be said again after each part. */
static ssize_t receive(int s, char *out, size_t room) {
    const int     yes  = 1;
    const ssize_t size = recv(s, out, room, 0);
    (void)setsockopt(s, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
    return size;
}

/* Read one answer; its status, or 0 where the connection has ended before. */
static int read_answer(int s, char *buffer) {
    size_t size = 0, whole = 0;
    do {
        const ssize_t part = receive(s, buffer + size, ROOM - 1 - size);
        if (part <= 0) return 0;
        size += (size_t)part;
        buffer[size]    = 0;
        const char *end = strstr(buffer, "\r\n\r\n");
        if (whole == 0 && end) {
            const char *length = strcasestr(buffer, "content-length:");
            if (!length) return 0;
            whole = (size_t)(end + 4 - buffer) + strtoul(length + 15, NULL, 10);
            if (whole >= ROOM) return 0;
        }
    } while (whole == 0 || size < whole);
    return (int)strtol(buffer + 9, NULL, 10);
}

static void *ask(void *user) {
    asker       *a      = user;
    char        *buffer = malloc(ROOM), text[1024];
    const double end_ms = bench_now_ms() + 1000 * a->q->seconds;
    int          s      = connect_to(a->q->port);
    while (buffer && a->count < MAX_SAMPLES) {
        const double began = bench_now_ms();
        if (began >= end_ms || s < 0) break;
        const int length = write_question(text, sizeof text, a);
        int       status =
            send(s, text, (size_t)length, MSG_NOSIGNAL) == length ? read_answer(s, buffer) : 0;
        if (status == 0) { /* it has been ended: the same again, and the time counts */
            close(s);
            s = connect_to(a->q->port);
            if (s >= 0 && send(s, text, (size_t)length, MSG_NOSIGNAL) == length)
                status = read_answer(s, buffer);
        }
        a->failed += status == 0 || status >= 500;
        a->refused += status >= 400 && status < 500;
        a->latency_ms[a->count++] = (float)(bench_now_ms() - began);
    }
    if (s >= 0) close(s);
    free(buffer);
    return NULL;
}

/* ---- all of them ------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void say(const char *name, const question *q, asker *all, int count) {
    size_t   total = 0, at = 0;
    uint32_t refused = 0, failed = 0;
    for (int i = 0; i < count; ++i) total += all[i].count;
    float *latency_ms = malloc((total + 1) * sizeof *latency_ms);
    for (int i = 0; latency_ms && i < count; ++i) {
        memcpy(latency_ms + at, all[i].latency_ms, all[i].count * sizeof *latency_ms);
        at += all[i].count;
        refused += all[i].refused;
        failed += all[i].failed;
    }
    if (latency_ms && total > 0) {
        qsort(latency_ms, total, sizeof *latency_ms, by_value);
        printf("%s %s %.0f %.3f %.3f %u %u\n", name, q->kind, (double)total / q->seconds,
               (double)latency_ms[total / 2], (double)latency_ms[total * 99 / 100], refused,
               failed);
    }
    free(latency_ms);
}

int main(int argc, char **argv) {
    static asker all[MAX_CONNECTIONS];
    if (argc != 10 || atoi(argv[5]) < 1 || atoi(argv[5]) > MAX_CONNECTIONS) {
        fprintf(stderr,
                "usage: bench_serve NAME PORT nearest|route|table SECONDS CONNECTIONS WEST SOUTH "
                "EAST NORTH\n");
        return 2;
    }
    const int count = atoi(argv[5]);
    question  q     = {.kind = argv[3], .port = atoi(argv[2]), .seconds = atof(argv[4])};
    for (int i = 0; i < 4; ++i) q.box[i] = atof(argv[6 + i]);
    for (int i = 0; i < count; ++i) {
        all[i] = (asker){
            .q = &q, .rng = (uint64_t)i + 1, .latency_ms = malloc(MAX_SAMPLES * sizeof(float))};
        if (!all[i].latency_ms || pthread_create(&all[i].thread, NULL, ask, &all[i]) != 0) return 4;
    }
    for (int i = 0; i < count; ++i) pthread_join(all[i].thread, NULL);
    say(argv[1], &q, all, count);
    for (int i = 0; i < count; ++i) free(all[i].latency_ms);
    return 0;
}
