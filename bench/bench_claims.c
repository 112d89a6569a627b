/* How fast plans are committed, and how soon others see it.
 *
 * usage: bench_claims CONNECTION SCHEMA UNITS [DISPATCHERS] [SECONDS] [LINES] [swap]
 * Each of so many processes (8) commits plans of so many lines (4) and releases them again, for so many
 * seconds (10), of the vehicles V1 to V<UNITS>, drawn at random: some are the others', and the commit is
 * lost. With `swap` each plan gives back what the one before had, in the same transaction. Then one commits, and a live handle waits until it sees that. bench/claims.py starts a server for
 * it, and counts double bookings afterwards. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/clock.h"

enum { MAX_LINES = 64, PATIENCE_MS = 60000, LIVE_RUNS = 50 };

typedef struct tally {
    uint64_t claims, plans, lost;
} tally;

typedef struct desk {
    muster_dispatcher *dispatcher;
    uint64_t           random;
    uint32_t           units, lines, held_count;
    int64_t            held[MAX_LINES]; /* claims that the next plan gives back */
    tally              tally;
} desk;

static muster_link_options link_options;
static bool                swaps; /* a plan gives back what the one before had */

static void fail(const char *what) {
    fprintf(stderr, "bench_claims: %s: %s\n", what, muster_error_message());
    exit(1);
}

static const muster_claim_answer *answer_of(muster_dispatcher *d, muster_status started) {
    const muster_claim_answer *answer;
    if (started != MUSTER_OK) fail("cannot ask");
    if (muster_dispatcher_run(d, PATIENCE_MS, &answer) != MUSTER_OK) fail("cannot wait");
    if (!answer || answer->outcome > MUSTER_CLAIM_LOST) {
        fprintf(stderr, "bench_claims: %s\n",
                answer ? answer->message : muster_dispatcher_trouble(d));
        exit(1);
    }
    return answer;
}

static muster_dispatcher *dispatcher_new(const char *code) {
    muster_dispatcher *d;
    if (muster_dispatcher_new(&d, code, "bench_claims", &link_options) != MUSTER_OK) {
        fail("cannot begin");
    }
    answer_of(d, muster_dispatcher_take_over(d));
    return d;
}

/* A linear congruential generator (Knuth, MMIX) will do to draw vehicles. */
static uint32_t draw(desk *d) {
    d->random = d->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(d->random >> 33) % d->units;
}

/* `lines` vehicles that lie together, wherever the first is. */
static const muster_claim_answer *commit(desk *d) {
    char              code[MAX_LINES][16], request[MUSTER_REQUEST_BYTES];
    muster_claim_line line[MAX_LINES];
    muster_claim_plan plan  = MUSTER_CLAIM_PLAN_INIT;
    const uint32_t    first = draw(d);
    for (uint32_t i = 0; i < d->lines; ++i) {
        snprintf(code[i], sizeof code[i], "V%u", (first + i) % d->units + 1);
        line[i] = (muster_claim_line){.resource   = MUSTER_VEHICLE,
                                      .code       = code[i],
                                      .quantity   = 1,
                                      .depart_ms  = MUSTER_NONE,
                                      .eta_ms     = MUSTER_NONE,
                                      .distance_m = -1};
    }
    plan.line          = line;
    plan.line_count    = d->lines;
    plan.release       = d->held;
    plan.release_count = d->held_count;
    if (muster_request_draw(request) != MUSTER_OK) fail("no id");
    return answer_of(d->dispatcher, muster_dispatcher_commit(d->dispatcher, request, &plan));
}

static void release(desk *d) {
    char request[MUSTER_REQUEST_BYTES];
    if (muster_request_draw(request) != MUSTER_OK) fail("no id");
    answer_of(d->dispatcher,
              muster_dispatcher_release(d->dispatcher, request, d->held_count, d->held));
    d->held_count = 0;
}

static void commit_and_count(desk *d) {
    const muster_claim_answer *answer = commit(d);
    if (answer->outcome == MUSTER_CLAIM_LOST) {
        ++d->tally.lost;
        return;
    }
    ++d->tally.plans;
    d->tally.claims += d->lines;
    d->held_count = d->lines;
    for (uint32_t i = 0; i < d->lines; ++i) d->held[i] = answer->claimed[i].claim;
}

static void commit_and_release(desk *d) {
    commit_and_count(d);
    if (d->held_count > 0) release(d);
}

/* In a process of its own; what it did goes into the pipe. */
static void work(uint32_t number, uint32_t units, uint32_t lines, double seconds, int pipe_end) {
    char code[16];
    desk d = {.random = number, .units = units, .lines = lines};
    snprintf(code, sizeof code, "bench%u", number);
    d.dispatcher       = dispatcher_new(code);
    const double start = bench_now_ms();
    while (bench_now_ms() - start < seconds * 1000) {
        (swaps ? commit_and_count : commit_and_release)(&d);
    }
    if (d.held_count > 0) release(&d);
    muster_dispatcher_free(d.dispatcher);
    if (write(pipe_end, &d.tally, sizeof d.tally) != (ssize_t)sizeof d.tally) exit(1);
    exit(0);
}

static void bench_throughput(uint32_t desks, uint32_t units, uint32_t lines, double seconds) {
    int   ends[2], status;
    tally sum = {0}, one;
    if (pipe(ends) != 0) fail("no pipe");
    for (uint32_t i = 0; i < desks; ++i) {
        if (fork() == 0) work(i, units, lines, seconds, ends[1]);
    }
    close(ends[1]);
    while (read(ends[0], &one, sizeof one) == (ssize_t)sizeof one) {
        sum.claims += one.claims;
        sum.plans += one.plans;
        sum.lost += one.lost;
    }
    while (wait(&status) > 0) {
        if (status != 0) exit(1);
    }
    printf(
        "%u dispatchers, %u lines a plan, %s: %.0f claims/s, %.0f plans/s; %.0f/s lost to others\n",
        desks, lines, swaps ? "which gives back the last one's" : "then released",
        (double)sum.claims / seconds, (double)sum.plans / seconds, (double)sum.lost / seconds);
}

static void drain(muster_live *live) {
    while (muster_live_take_change(live)) {
    }
}

static void bench_live(uint32_t units) {
    muster_live *live;
    bench_times  seen = {0}, whole = {0};
    desk         d = {.units = units, .lines = 1, .dispatcher = dispatcher_new("bench live")};
    if (muster_live_new(&live, &link_options, NULL) != MUSTER_OK) fail("cannot follow");
    while (muster_live_get_state(live).phase != MUSTER_LIVE_FOLLOWING) {
        if (muster_live_run(live, 10) != MUSTER_OK) fail("cannot follow");
        drain(live);
    }
    for (int run = 0; run < LIVE_RUNS; ++run) {
        const double start = bench_now_ms();
        commit_and_release(&d);
        const double answered = bench_now_ms();
        if (muster_live_run(live, 10000) != MUSTER_OK) fail("cannot follow");
        bench_add(&seen, bench_now_ms() - answered);
        bench_add(&whole, bench_now_ms() - start);
        if (muster_live_run(live, 50) != MUSTER_OK) fail("cannot follow");
        drain(live);
    }
    printf("%-34s %4d %12.3f %12.3f\n", "commit and release", whole.count, bench_fastest_ms(&whole),
           bench_median_ms(&whole));
    printf("%-34s %4d %12.3f %12.3f\n", "from then until it is seen live", seen.count,
           bench_fastest_ms(&seen), bench_median_ms(&seen));
    printf("%-34s %4d %12s %12.3f\n", "the longest until it is seen", seen.count, "",
           seen.ms[seen.count - 1]);
    muster_live_free(live);
    muster_dispatcher_free(d.dispatcher);
}

int main(int count, char **argument) {
    const uint32_t units   = count > 3 ? (uint32_t)atoi(argument[3]) : 0;
    const uint32_t desks   = count > 4 ? (uint32_t)atoi(argument[4]) : 8;
    const double   seconds = count > 5 ? atof(argument[5]) : 10;
    const uint32_t lines   = count > 6 ? (uint32_t)atoi(argument[6]) : 4;
    swaps                  = count > 7 && strcmp(argument[7], "swap") == 0;
    if (units == 0 || lines == 0 || lines > MAX_LINES || lines > units || (count > 7 && !swaps)) {
        fprintf(stderr, "usage: bench_claims CONNECTION SCHEMA UNITS [DISPATCHERS] [SECONDS] "
                        "[LINES] [swap]\n");
        return 2;
    }
    link_options            = (muster_link_options)MUSTER_LINK_OPTIONS_INIT;
    link_options.connection = argument[1];
    link_options.schema     = argument[2];
    fflush(stdout);
    bench_throughput(desks, units, lines, seconds);
    if (!swaps) bench_live(units);
    return 0;
}
