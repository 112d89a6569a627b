/* A night's dispatching through a session: what happens is told, planned for, ordered, and written down.
 *
 * usage: bench_session [--rounds N] [--events N] [--seconds N] [--speed N] SCENARIO.gpkg CODE
 * The journal is in a folder of its own under $TMPDIR (/tmp), which is removed in the end: times of the
 * disk are those of the file system there. Parts:
 *   tell       threads that tell one event at a time, each waiting for the disk
 *   order      a new incident, told, planned for (keep) and its orders committed, with all incidents
 *              of the scenario open and under orders
 *   flood      a flood polygon, told, and the plan (keep) on the roads as they are then
 *   positions  events told in batches of 50 while another thread plans (improve) all the time
 *   recovery   opening the session after N events (100,000), beside reading its store alone
 *   night      24 hours at so many times the speed of the clock (--speed 200; 0: left out): units move
 *              each minute, incidents come and are closed, and what is planned each minute is ordered,
 *              accepted, arrives and is released. Memory is that of the process, each six hours. */
#define _DEFAULT_SOURCE /* usleep */
#include <math.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <muster/session.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/clock.h"
#include "tests/support/random.h"

#define BEGIN_MS INT64_C(1782864000000) /* 2026-07-01T00:00:00Z */

enum { BATCH = 50, MOST_THREADS = 16 };

typedef struct bench {
    const char     *scenario, *code;
    char            folder[512];
    muster_session *session;
    int64_t         now_ms;
    uint64_t        next_id, rng;
    uint32_t        rounds, events, seconds, speed;
} bench;

/* ---- small things -------------------------------------------------------------------------- */

static int failed(void) {
    fprintf(stderr, "bench_session: %s\n", muster_error_message());
    return 1;
}

static double percentile_ms(bench_times *times, int percent) {
    qsort(times->ms, (size_t)times->count, sizeof *times->ms, bench_by_size);
    const int at = times->count * percent / 100;
    return times->ms[at < times->count ? at : times->count - 1];
}

static void print_times(const char *what, bench_times *times) {
    printf("%-34s median %7.1f ms   p99 %7.1f ms   worst %7.1f ms   (%d)\n", what,
           bench_median_ms(times), percentile_ms(times, 99), percentile_ms(times, 100),
           times->count);
    fflush(stdout);
}

static muster_status open_session(bench *b, bool with_incidents) {
    muster_session_options o = MUSTER_SESSION_OPTIONS_INIT;
    o.journal                = b->folder;
    o.store                  = b->scenario;
    o.scenario               = b->code;
    o.with_incidents         = with_incidents;
    o.author                 = "bench";
    o.now_ms                 = b->now_ms;
    return muster_session_open(&b->session, &o);
}

static void remove_folder(const char *folder) {
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) fprintf(stderr, "bench_session: \"%s\" is left over\n", folder);
}

static muster_event event_of(bench *b, uint8_t type, char id[32]) {
    muster_event event = MUSTER_EVENT_INIT;
    snprintf(id, 32, "b-%llu", (unsigned long long)b->next_id++);
    event.id      = id;
    event.type    = type;
    event.time_ms = b->now_ms;
    event.author  = "bench";
    return event;
}

static muster_status tell(bench *b, const muster_event *event) {
    muster_event_answer answer;
    const muster_status status = muster_session_tell(b->session, 1, event, &answer);
    if (status != MUSTER_OK || answer.outcome == MUSTER_EVENT_APPLIED) return status;
    fprintf(stderr, "bench_session: %s: %s\n",
            muster_event_outcome_name((muster_event_outcome)answer.outcome), answer.message);
    return status;
}

/* Of all threads: what a busy machine leaves as it is. */
static double cpu_ms(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

/* ---- threads that tell --------------------------------------------------------------------- */

typedef struct teller {
    bench        *bench;
    muster_view  *view;
    uint32_t      number, batch, told;
    atomic_bool  *is_over;
    bench_times   times;
    muster_status status;
    pthread_t     thread;
} teller;

/* A unit that moves is the teller's alone. */
static muster_status move_units(teller *t) {
    muster_event            event[BATCH];
    muster_event_answer     answer[BATCH];
    char                    id[BATCH][32];
    uint32_t                count;
    const muster_view_unit *unit = muster_view_units(t->view, &count);
    for (uint32_t i = 0; i < t->batch; ++i) {
        const muster_view_unit *u = &unit[(t->number + 37 * (t->told + i)) % 600];
        event[i]                  = (muster_event)MUSTER_EVENT_INIT;
        snprintf(id[i], sizeof id[i], "m-%u-%u-%llu", t->number, t->told + i,
                 (unsigned long long)t->bench->next_id);
        event[i].id            = id[i];
        event[i].type          = MUSTER_EVENT_UNIT_MOVED;
        event[i].time_ms       = t->bench->now_ms;
        event[i].author        = "tracker";
        event[i].unit.resource = u->resource;
        event[i].unit.code     = u->code;
        event[i].lon_deg       = u->lon_deg + 1e-6 * (t->told % 100);
        event[i].lat_deg       = u->lat_deg;
    }
    const muster_status status = muster_session_tell(t->bench->session, t->batch, event, answer);
    t->told += t->batch;
    return status;
}

static void *tell_until_over(void *user) {
    teller *t = user;
    while (!atomic_load(t->is_over) && t->status == MUSTER_OK) {
        const double start_ms = bench_now_ms();
        t->status             = move_units(t);
        bench_add(&t->times, bench_now_ms() - start_ms);
    }
    return NULL;
}

/* So many threads for so long; how many events a second they told. */
static muster_status run_tellers(bench *b, uint32_t count, uint32_t batch, double seconds,
                                 bench_times *times, double *out_rate) {
    static teller t[MOST_THREADS];
    atomic_bool   is_over  = false;
    const double  start_ms = bench_now_ms();
    uint64_t      told     = 0;
    muster_view  *view;
    muster_status status = muster_session_look(&view, b->session, NULL);
    if (status != MUSTER_OK) return status;
    ++b->next_id;
    for (uint32_t i = 0; i < count; ++i) {
        t[i] = (teller){.bench = b, .view = view, .number = i, .batch = batch, .is_over = &is_over};
        if (pthread_create(&t[i].thread, NULL, tell_until_over, &t[i]) != 0) return MUSTER_E_NOMEM;
    }
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&is_over, true);
    for (uint32_t i = 0; i < count; ++i) {
        (void)pthread_join(t[i].thread, NULL);
        told += t[i].told;
        if (t[i].status != MUSTER_OK) status = t[i].status;
        for (int k = 0; k < t[i].times.count; ++k) bench_add(times, t[i].times.ms[k]);
    }
    *out_rate = (double)told / (bench_now_ms() - start_ms) * 1000;
    muster_view_free(view);
    return status;
}

static muster_status bench_tell(bench *b) {
    for (uint32_t threads = 1; threads <= MOST_THREADS; threads *= 4) {
        bench_times         times = {0};
        double              rate;
        const muster_status status = run_tellers(b, threads, 1, 2, &times, &rate);
        if (status != MUSTER_OK) return status;
        printf("tell, %2u thread%s %19s median %7.1f ms   %8.0f events/s\n", threads,
               threads == 1 ? "" : "s", "", bench_median_ms(&times), rate);
        fflush(stdout);
    }
    return MUSTER_OK;
}

/* ---- planning and ordering ----------------------------------------------------------------- */

/* What a plan and a commit took, beside the whole; may be NULL. */
typedef struct shares {
    bench_times plan, commit;
} shares;

static muster_status plan_and_commit(bench *b, muster_replan mode, uint32_t limit_ms,
                                     uint32_t *out_orders, shares *took) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_commit        commit  = MUSTER_COMMIT_INIT;
    muster_session_plan *plan;
    muster_committed    *committed;
    char                 id[32];
    options.time_limit_ms  = limit_ms;
    const double  start_ms = bench_now_ms();
    muster_status status   = muster_session_plan_make(&plan, b->session, b->now_ms, &options, mode);
    if (status != MUSTER_OK) return status;
    const double planned_ms = bench_now_ms();
    snprintf(id, sizeof id, "c-%llu", (unsigned long long)b->next_id++);
    commit.id     = id;
    commit.now_ms = b->now_ms;
    commit.author = "planner";
    status        = muster_session_commit(&committed, b->session, plan, &commit);
    if (took) bench_add(&took->plan, planned_ms - start_ms);
    if (took) bench_add(&took->commit, bench_now_ms() - planned_ms);
    muster_session_plan_free(plan);
    if (status != MUSTER_OK) return status;
    (void)muster_committed_orders(committed, out_orders);
    muster_committed_free(committed);
    return MUSTER_OK;
}

/* Kinds of people that a team of the scenario has. */
static muster_status report(bench *b, const char *code, uint32_t at) {
    char                id[32];
    uint32_t            unit_count, count;
    muster_view        *view;
    muster_event        e      = event_of(b, MUSTER_EVENT_INCIDENT_REPORTED, id);
    const muster_status status = muster_session_look(&view, b->session, NULL);
    if (status != MUSTER_OK) return status;
    const muster_view_unit     *unit     = muster_view_units(view, &unit_count);
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    const muster_view_unit     *near     = &unit[(at * 131) % unit_count];
    const muster_view_need     *like     = incident[at % count].need;
    const muster_event_need     need     = {like->kind, 1 + like->quantity / 4, 0, 0};
    e.incident.code                      = code;
    e.incident.lon_deg                   = near->lon_deg;
    e.incident.lat_deg                   = near->lat_deg;
    e.incident.severity                  = MUSTER_SEVERE;
    e.incident.on_scene_ms               = 3600000;
    e.need_count                         = 1;
    e.need                               = &need;
    const muster_status told             = tell(b, &e);
    muster_view_free(view);
    return told;
}

static muster_status close_incident(bench *b, const char *code) {
    char         id[32];
    muster_event e  = event_of(b, MUSTER_EVENT_INCIDENT_CLOSED, id);
    e.incident.code = code;
    return tell(b, &e);
}

static muster_status bench_order(bench *b) {
    bench_times   whole = {0}, telling = {0};
    static shares took;
    uint32_t      orders = 0, all = 0;
    const double  before_ms = cpu_ms();
    for (uint32_t i = 0; i < b->rounds; ++i) {
        char code[32];
        snprintf(code, sizeof code, "B-%u", i);
        b->now_ms += 1000;
        const double  start_ms = bench_now_ms();
        muster_status status   = report(b, code, i);
        if (status != MUSTER_OK) return status;
        bench_add(&telling, bench_now_ms() - start_ms);
        status = plan_and_commit(b, MUSTER_REPLAN_KEEP, 0, &orders, &took);
        if (status != MUSTER_OK) return status;
        bench_add(&whole, bench_now_ms() - start_ms);
        all += orders;
        status = close_incident(b, code);
        if (status != MUSTER_OK) return status;
    }
    print_times("order: event told", &telling);
    print_times("order: planned", &took.plan);
    print_times("order: committed", &took.commit);
    print_times("order: event to committed order", &whole);
    printf("%-34s %u in %u rounds, each with %.1f ms of the processors\n", "order: orders issued",
           all, b->rounds, (cpu_ms() - before_ms) / b->rounds);
    return MUSTER_OK;
}

/* ---- floods -------------------------------------------------------------------------------- */

/* A ring of so many corners around a unit, some kilometres wide. */
static muster_status flood(bench *b, uint32_t round) {
    enum { CORNERS = 24 };
    char                id[32];
    double              lon_deg[CORNERS + 1], lat_deg[CORNERS + 1];
    const uint32_t      first_ring[] = {0, 1}, first_point[] = {0, CORNERS + 1};
    muster_hazard       hazard = MUSTER_HAZARD_INIT;
    muster_event        e      = event_of(b, MUSTER_EVENT_HAZARD_GROWN, id);
    muster_view        *view;
    uint32_t            count;
    const muster_status status = muster_session_look(&view, b->session, NULL);
    if (status != MUSTER_OK) return status;
    const muster_view_unit *unit = &muster_view_units(view, &count)[round * 53 % 600];
    for (int c = 0; c <= CORNERS; ++c) {
        const double turn = c % CORNERS * (2 * 3.14159265358979 / CORNERS);
        lon_deg[c]        = unit->lon_deg + 0.03 * cos(turn);
        lat_deg[c]        = unit->lat_deg + 0.02 * sin(turn);
    }
    muster_view_free(view);
    hazard.code    = "flood";
    hazard.kind    = MUSTER_HAZARD_FLOOD;
    hazard.depth_m = 0.8;
    hazard.area    = (muster_multipolygon){.polygon_count = 1,
                                           .first_ring    = first_ring,
                                           .first_point   = first_point,
                                           .lon_deg       = lon_deg,
                                           .lat_deg       = lat_deg};
    e.hazard       = &hazard;
    return tell(b, &e);
}

static muster_status bench_flood(bench *b) {
    bench_times  times     = {0};
    const double before_ms = cpu_ms();
    for (uint32_t i = 0; i < b->rounds / 5 + 1; ++i) {
        muster_session_plan *plan;
        b->now_ms += 1000;
        const double  start_ms = bench_now_ms();
        muster_status status   = flood(b, i);
        if (status == MUSTER_OK) {
            status =
                muster_session_plan_make(&plan, b->session, b->now_ms, NULL, MUSTER_REPLAN_KEEP);
        }
        if (status != MUSTER_OK) return status;
        bench_add(&times, bench_now_ms() - start_ms);
        muster_session_plan_free(plan);
    }
    print_times("flood: polygon to new plan", &times);
    printf("%-34s %.1f ms of the processors\n", "flood: each with",
           (cpu_ms() - before_ms) / times.count);
    return MUSTER_OK;
}

/* ---- positions ----------------------------------------------------------------------------- */

typedef struct planning {
    bench        *bench;
    atomic_bool  *is_over;
    uint32_t      plans;
    muster_status status;
} planning;

static void *plan_until_over(void *user) {
    planning            *p       = user;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 500;
    while (!atomic_load(p->is_over) && p->status == MUSTER_OK) {
        muster_session_plan *plan;
        p->status = muster_session_plan_make(&plan, p->bench->session, p->bench->now_ms, &options,
                                             MUSTER_REPLAN_IMPROVE);
        if (p->status == MUSTER_OK) muster_session_plan_free(plan);
        ++p->plans;
    }
    return NULL;
}

static muster_status bench_positions(bench *b) {
    bench_times times   = {0};
    atomic_bool is_over = false;
    planning    p       = {.bench = b, .is_over = &is_over};
    pthread_t   thread;
    double      rate;
    if (pthread_create(&thread, NULL, plan_until_over, &p) != 0) return MUSTER_E_NOMEM;
    const muster_status status = run_tellers(b, 1, BATCH, b->seconds, &times, &rate);
    atomic_store(&is_over, true);
    (void)pthread_join(thread, NULL);
    if (status != MUSTER_OK) return status;
    print_times("positions: a batch of 50", &times);
    printf("%-34s %.0f events/s beside %u plans\n", "positions: while planning", rate, p.plans);
    return p.status;
}

/* ---- recovery ------------------------------------------------------------------------------ */

static muster_status bench_recovery(bench *b) {
    const uint64_t   first = muster_session_get_state(b->session).sequence;
    muster_scenario *scenario;
    muster_view     *view;
    atomic_bool      never  = false;
    muster_status    status = muster_session_look(&view, b->session, NULL);
    static teller    t;
    t = (teller){.bench = b, .view = view, .batch = BATCH, .is_over = &never};
    ++b->next_id;
    while (status == MUSTER_OK && t.told < b->events) status = move_units(&t);
    muster_view_free(view);
    if (status != MUSTER_OK) return status;
    muster_session_close(b->session);
    b->session      = NULL;
    double start_ms = bench_now_ms();
    status          = muster_scenario_load(&scenario, b->scenario, b->code);
    if (status != MUSTER_OK) return status;
    const double store_ms = bench_now_ms() - start_ms;
    muster_scenario_free(scenario);
    start_ms = bench_now_ms();
    status   = open_session(b, false);
    if (status != MUSTER_OK) return status;
    printf("%-34s %.0f ms after %u events (record %llu on), of which the store takes %.0f ms\n",
           "recovery: opening", bench_now_ms() - start_ms, b->events, (unsigned long long)first,
           store_ms);
    fflush(stdout);
    return MUSTER_OK;
}

/* ---- a night ------------------------------------------------------------------------------- */

static double resident_mb(void) {
    long  pages = 0;
    FILE *file  = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

/* Of an order in that state; MUSTER_EVENT_TYPE_TOLD: there is nothing more to say. */
static uint8_t next_of(uint8_t state) {
    switch (state) {
    case MUSTER_ORDER_ISSUED:
        return MUSTER_EVENT_ORDER_ACCEPTED;
    case MUSTER_ORDER_ACCEPTED:
        return MUSTER_EVENT_ORDER_EN_ROUTE;
    case MUSTER_ORDER_EN_ROUTE:
    case MUSTER_ORDER_LOADED:
        return MUSTER_EVENT_ORDER_ON_SCENE;
    case MUSTER_ORDER_ON_SCENE:
        return MUSTER_EVENT_ORDER_RELEASED;
    default:
        return MUSTER_EVENT_TYPE_TOLD;
    }
}

/* Half of those who are asked answer within a minute; the others go one step on each ten minutes or
 * so. Some are refused: their incident has been closed meanwhile. */
static muster_status go_on(bench *b, const muster_view *view) {
    muster_event        event[BATCH];
    muster_event_answer answer[BATCH];
    char                id[BATCH][32];
    uint32_t            count, waiting = 0;
    const muster_order *order  = muster_view_orders(view, &count);
    muster_status       status = MUSTER_OK;
    for (uint32_t o = 0; status == MUSTER_OK && o < count; ++o) {
        const uint8_t  type = next_of(order[o].state);
        const uint32_t rare = order[o].state == MUSTER_ORDER_ISSUED ? 2 : 10;
        if (type == MUSTER_EVENT_TYPE_TOLD || order[o].trip != 0) continue;
        if (random_below(&b->rng, rare) > 0) continue;
        event[waiting]         = event_of(b, type, id[waiting]);
        event[waiting++].order = order[o].number;
        if (waiting < BATCH) continue;
        status  = muster_session_tell(b->session, waiting, event, answer);
        waiting = 0;
    }
    if (status != MUSTER_OK || waiting == 0) return status;
    return muster_session_tell(b->session, waiting, event, answer);
}

/* One incident more each quarter of an hour, the oldest closed when there are a hundred. */
static muster_status come_and_go(bench *b, uint32_t minute, const muster_view *view) {
    char                        code[32];
    uint32_t                    count;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    if (minute % 15 > 0) return MUSTER_OK;
    snprintf(code, sizeof code, "N-%u", minute);
    const muster_status status = report(b, code, minute);
    for (uint32_t i = 0; status == MUSTER_OK && i < count; ++i) {
        if (incident[i].closed_at_ms == 0) return close_incident(b, incident[i].code);
    }
    return status;
}

static muster_status live_a_minute(bench *b, uint32_t minute, teller *mover, bench_times *plans) {
    muster_view  *view;
    uint32_t      orders, units;
    muster_status status = muster_session_look(&view, b->session, NULL);
    if (status != MUSTER_OK) return status;
    (void)muster_view_units(view, &units);
    for (uint32_t moved = 0; status == MUSTER_OK && moved < 600; moved += BATCH) {
        mover->view = view;
        status      = move_units(mover);
    }
    if (status == MUSTER_OK) status = come_and_go(b, minute, view);
    if (status == MUSTER_OK) status = go_on(b, view);
    muster_view_free(view);
    const double start_ms = bench_now_ms();
    if (status == MUSTER_OK) status = muster_session_tick(b->session, b->now_ms, NULL);
    if (status == MUSTER_OK) status = plan_and_commit(b, MUSTER_REPLAN_KEEP, 0, &orders, NULL);
    bench_add(plans, bench_now_ms() - start_ms);
    return status;
}

static muster_status bench_night(bench *b) {
    enum { MINUTES = 24 * 60, WARM = 60 };
    const double  minute_ms = 60000.0 / b->speed;
    static teller mover;
    bench_times   plans    = {0};
    double        first_mb = 0, start_ms = bench_now_ms();
    uint32_t      late = 0;
    mover              = (teller){.bench = b, .batch = BATCH};
    for (uint32_t minute = 0; minute < MINUTES; ++minute) {
        b->now_ms += 60000;
        ++b->next_id;
        const muster_status status = live_a_minute(b, minute, &mover, &plans);
        if (status != MUSTER_OK) return status;
        if (minute == WARM) first_mb = resident_mb();
        const double left_ms = start_ms + minute_ms * (minute + 1) - bench_now_ms();
        late += left_ms < 0;
        if (left_ms < 0) start_ms -= left_ms; /* the next one has its time all the same */
        if (left_ms > 0) usleep((useconds_t)(left_ms * 1000));
        if (minute % 360 == 359) {
            printf("night: %2u h  %6.1f MB  record %llu\n", (minute + 1) / 60, resident_mb(),
                   (unsigned long long)muster_session_get_state(b->session).sequence);
            fflush(stdout);
        }
    }
    print_times("night: a minute's plan, committed", &plans);
    printf("%-34s %.2f MB/h after the first hour, %u of %d minutes late\n", "night: memory",
           (resident_mb() - first_mb) / ((MINUTES - WARM) / 60.0), late, MINUTES);
    return MUSTER_OK;
}

/* ---- all ----------------------------------------------------------------------------------- */

static muster_status run(bench *b) {
    uint32_t      orders;
    const double  start_ms = bench_now_ms();
    muster_status status   = open_session(b, true);
    if (status != MUSTER_OK) return status;
    printf("%-34s %.0f ms\n", "open: a new journal", bench_now_ms() - start_ms);
    status = bench_tell(b);
    if (status == MUSTER_OK)
        status = plan_and_commit(b, MUSTER_REPLAN_IMPROVE, 2000, &orders, NULL);
    if (status == MUSTER_OK) printf("%-34s %u\n", "first plan: orders", orders);
    if (status == MUSTER_OK) status = bench_order(b);
    if (status == MUSTER_OK) status = bench_flood(b);
    if (status == MUSTER_OK) status = bench_positions(b);
    if (status == MUSTER_OK) status = bench_recovery(b);
    if (status == MUSTER_OK && b->speed > 0) status = bench_night(b);
    return status;
}

static bool read_option(bench *b, const char *name, const char *value) {
    const struct {
        const char *name;
        uint32_t   *number;
    } option[] = {{"--rounds", &b->rounds},
                  {"--events", &b->events},
                  {"--seconds", &b->seconds},
                  {"--speed", &b->speed}};
    for (size_t i = 0; i < sizeof option / sizeof *option; ++i) {
        if (strcmp(name, option[i].name) != 0) continue;
        *option[i].number = (uint32_t)strtoul(value, NULL, 10);
        return true;
    }
    return false;
}

int main(int argc, char **argv) {
    bench b = {
        .now_ms = BEGIN_MS, .rng = 1, .rounds = 100, .events = 100000, .seconds = 5, .speed = 200};
    int at = 1;
    while (at + 2 < argc && read_option(&b, argv[at], argv[at + 1])) at += 2;
    if (argc - at != 2) {
        fprintf(stderr, "usage: bench_session [--rounds N] [--events N] [--seconds N] [--speed N] "
                        "SCENARIO.gpkg CODE\n");
        return 2;
    }
    b.scenario             = argv[at];
    b.code                 = argv[at + 1];
    const char *const base = getenv("TMPDIR");
    snprintf(b.folder, sizeof b.folder, "%s/muster-bench-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(b.folder)) {
        fprintf(stderr, "bench_session: no folder \"%s\"\n", b.folder);
        return 1;
    }
    const muster_status status = run(&b);
    const int           result = status == MUSTER_OK ? 0 : failed();
    muster_session_close(b.session);
    remove_folder(b.folder);
    return result;
}
