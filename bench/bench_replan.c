/* Planning again on the home scenario, after one event at a time.
 *
 * usage: bench_replan [--events N] [--limit MS] [--cold MS] [--pause MS] [--churn N]
 *                     [--items by-themselves] SCENARIO.gpkg CODE
 * Incidents come, change and are closed, units move, go away and come back, stocks grow and shrink,
 * roads are closed and opened. After each event one planner keeps the plan and another improves it
 * under a time limit; the former takes over the latter's plan before the next event. After every
 * twentieth the problem is solved from nothing as well, for comparison. Times are in milliseconds:
 * half of the events took no longer, 99 in 100 took no longer, and the longest. On a busy machine run it
 * at real-time priority (chrt -f 10), with a pause after each event: without one, Linux holds up for a
 * twentieth of a second whoever takes all of a second like that. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/random.h"

enum { MOST_EVENTS = 2000, COLD_EVERY = 20, ROOM = 400, MOST_METRICS = 16, CLOSED_ARCS = 20 };

static int failed(void) {
    fprintf(stderr, "bench_replan: %s\n", muster_error_message());
    return 1;
}

/* ---- a problem that changes ---------------------------------------------------------------- */

/* Arrays of the scenario's problem that events write to. */
typedef struct world {
    muster_problem       problem;
    muster_team         *team, lost_team[ROOM];
    muster_stock        *stock;
    muster_incident     *incident;
    muster_need         *need;
    uint32_t             lost_count, named_count;
    char                 code[MOST_EVENTS][16];
    const muster_metric *metric[MOST_METRICS];
    muster_metric       *changed[MOST_METRICS]; /* NULL: as it was */
    const muster_metric *base[MOST_METRICS];
    uint64_t             rng;
} world;

static void *copy_with_room(const void *rows, size_t count, size_t size) {
    char *copy = calloc(count + ROOM * 8, size);
    if (copy && count > 0) memcpy(copy, rows, count * size);
    return copy;
}

/* False without memory. */
static bool world_init(world *w, const muster_problem *p) {
    *w          = (world){.problem = *p, .rng = 1};
    w->team     = copy_with_room(p->team, p->team_count, sizeof *p->team);
    w->stock    = copy_with_room(p->stock, p->stock_count, sizeof *p->stock);
    w->incident = copy_with_room(p->incident, p->incident_count, sizeof *p->incident);
    w->need     = copy_with_room(p->need, p->need_count, sizeof *p->need);
    if (!w->team || !w->stock || !w->incident || !w->need) return false;
    for (uint32_t m = 0; m < p->metric_count; ++m) w->metric[m] = w->base[m] = p->metric[m];
    w->problem.metric   = w->metric;
    w->problem.team     = w->team;
    w->problem.stock    = w->stock;
    w->problem.incident = w->incident;
    w->problem.need     = w->need;
    return true;
}

static void world_fini(world *w) {
    for (int m = 0; m < MOST_METRICS; ++m) muster_metric_free(w->changed[m]);
    free(w->team);
    free(w->stock);
    free(w->incident);
    free(w->need);
}

static uint32_t below(world *w, uint32_t count) {
    return random_below(&w->rng, count);
}

/* ---- events -------------------------------------------------------------------------------- */

/* What another incident asks for, at the place of some team. */
static void open_incident(world *w) {
    const uint32_t like = below(w, w->problem.incident_count), at = w->problem.incident_count;
    snprintf(w->code[w->named_count], sizeof w->code[0], "new-%u", w->named_count);
    w->incident[at]      = w->incident[like];
    w->incident[at].code = w->code[w->named_count++];
    w->incident[at].site = w->team[below(w, w->problem.team_count)].unit.site;
    const uint32_t needs = w->problem.need_count;
    for (uint32_t n = 0; n < needs; ++n) {
        if (w->need[n].incident != like) continue;
        w->need[w->problem.need_count]            = w->need[n];
        w->need[w->problem.need_count++].incident = at;
    }
    ++w->problem.incident_count;
}

/* No rule may be about it, or about a later one. */
static void close_incident(world *w) {
    const uint32_t gone = below(w, w->problem.incident_count);
    for (uint32_t r = 0; r < w->problem.rule_count; ++r) {
        if (w->problem.rule[r].type != MUSTER_HOLD && w->problem.rule[r].incident >= gone) return;
    }
    uint32_t kept = 0;
    for (uint32_t n = 0; n < w->problem.need_count; ++n) {
        if (w->need[n].incident == gone) continue;
        w->need[kept] = w->need[n];
        if (w->need[kept].incident > gone) --w->need[kept].incident;
        ++kept;
    }
    w->problem.need_count = kept;
    memmove(&w->incident[gone], &w->incident[gone + 1],
            (--w->problem.incident_count - gone) * sizeof *w->incident);
}

static void change_need(world *w) {
    muster_need *need = &w->need[below(w, w->problem.need_count)];
    need->quantity    = need->quantity / 2 + 1 + below(w, (uint32_t)need->quantity);
    if (need->minimum > need->quantity) need->minimum = need->quantity;
}

static void move_team(world *w) {
    muster_team *team = &w->team[below(w, w->problem.team_count)];
    team->unit.site   = w->incident[below(w, w->problem.incident_count)].site;
}

static bool has_rule(const world *w, uint8_t resource, uint32_t from) {
    for (uint32_t r = 0; r < w->problem.rule_count; ++r) {
        const muster_rule *rule = &w->problem.rule[r];
        if (rule->resource == resource && rule->index >= from) return true;
    }
    return false;
}

static void lose_team(world *w) {
    const uint32_t gone = below(w, w->problem.team_count);
    if (w->lost_count == ROOM || has_rule(w, MUSTER_PEOPLE, gone)) return;
    w->lost_team[w->lost_count++] = w->team[gone];
    memmove(&w->team[gone], &w->team[gone + 1], (--w->problem.team_count - gone) * sizeof *w->team);
}

static void find_team(world *w) {
    if (w->lost_count > 0) w->team[w->problem.team_count++] = w->lost_team[--w->lost_count];
}

static void change_stock(world *w) {
    muster_stock *stock = &w->stock[below(w, w->problem.stock_count)];
    stock->quantity     = stock->quantity / 2 + below(w, (uint32_t)stock->quantity + 1);
}

static void open_roads(world *w) {
    for (uint32_t m = 0; m < w->problem.metric_count; ++m) {
        muster_metric_free(w->changed[m]);
        w->changed[m] = NULL;
        w->metric[m]  = w->base[m];
    }
}

static muster_status close_roads(world *w) {
    muster_arc_change arc[CLOSED_ARCS];
    const uint32_t    arcs = 2 * muster_network_view(muster_metric_network(w->base[0]))->edge_count;
    open_roads(w);
    for (int i = 0; i < CLOSED_ARCS; ++i) {
        arc[i] = (muster_arc_change){below(w, arcs), MUSTER_UNREACHABLE_MS};
    }
    for (uint32_t m = 0; m < w->problem.metric_count; ++m) {
        if (muster_metric_flies(w->base[m])) continue;
        const muster_status status =
            muster_metric_change(&w->changed[m], w->base[m], CLOSED_ARCS, arc);
        if (status != MUSTER_OK) return status;
        w->metric[m] = w->changed[m];
    }
    return MUSTER_OK;
}

enum { OPEN, CLOSE, NEED, MOVE, LOSE, FIND, STOCK, ROADS, EVENT_COUNT };
static const char *const EVENT_NAME[] = {
    "incident opened", "incident closed", "need changed",  "team moved",
    "team lost",       "team back",       "stock changed", "roads"};

/* One of 20 cases; incidents stay about as many as they were. */
static muster_status happen(world *w, uint32_t incidents, int *out_event) {
    static const int LIKELY[20] = {OPEN,  OPEN,  OPEN,  OPEN, OPEN, CLOSE, CLOSE,
                                   CLOSE, CLOSE, CLOSE, NEED, NEED, NEED,  STOCK,
                                   STOCK, MOVE,  MOVE,  LOSE, FIND, ROADS};
    *out_event                  = LIKELY[below(w, 20)];
    if (w->problem.incident_count + 5 < incidents) *out_event = OPEN;
    if (w->problem.incident_count > incidents + 5) *out_event = CLOSE;
    switch (*out_event) {
    case OPEN:
        open_incident(w);
        break;
    case CLOSE:
        close_incident(w);
        break;
    case NEED:
        change_need(w);
        break;
    case MOVE:
        move_team(w);
        break;
    case LOSE:
        lose_team(w);
        break;
    case FIND:
        find_team(w);
        break;
    case STOCK:
        change_stock(w);
        break;
    default:
        if (below(w, 2)) return close_roads(w);
        open_roads(w);
    }
    return MUSTER_OK;
}

/* ---- times ---------------------------------------------------------------------------------- */

enum { TRAVEL, SOLVE, CHECK, CHANGE, TOTAL, PART_COUNT };
static const char *const PART_NAME[] = {"travel", "solve", "check", "changes", "total"};

typedef struct series {
    uint32_t us[PART_COUNT][MOST_EVENTS];
    int      event[MOST_EVENTS];
    uint32_t count;
    uint64_t changes;
} series;

static void record(series *s, const muster_planner *planner, int event) {
    const muster_planner_times t      = muster_planner_last_times(planner);
    const uint32_t             part[] = {t.travel_us, t.solve_us, t.check_us, t.change_us};
    uint32_t                   total  = 0, changes;
    for (int p = 0; p < TOTAL; ++p) total += s->us[p][s->count] = part[p];
    s->us[TOTAL][s->count] = total;
    s->event[s->count++]   = event;
    (void)muster_planner_changes(planner, &changes);
    s->changes += changes;
}

static int by_value(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Of those events, or of all where `event` is EVENT_COUNT. */
static void print_part(const series *s, const char *mode, int part, int event) {
    static uint32_t sorted[MOST_EVENTS];
    uint32_t        count = 0;
    for (uint32_t i = 0; i < s->count; ++i) {
        if (event == EVENT_COUNT || s->event[i] == event) sorted[count++] = s->us[part][i];
    }
    if (count == 0) return;
    qsort(sorted, count, sizeof *sorted, by_value);
    printf("%-8s %-16s %-8s %6u %9.2f %9.2f %9.2f\n", mode,
           event == EVENT_COUNT ? "all" : EVENT_NAME[event], PART_NAME[part], count,
           sorted[(count - 1) / 2] / 1e3, sorted[(count * 99 + 99) / 100 - 1] / 1e3,
           sorted[count - 1] / 1e3);
}

static void print_series(const series *s, const char *mode) {
    for (int part = 0; part < PART_COUNT; ++part) print_part(s, mode, part, EVENT_COUNT);
    for (int event = 0; event < EVENT_COUNT; ++event) {
        print_part(s, mode, SOLVE, event);
        print_part(s, mode, TOTAL, event);
    }
}

/* ---- quality -------------------------------------------------------------------------------- */

typedef struct quality {
    double   unmet, response, bound; /* bound: of response time */
    uint32_t count;
} quality;

static void add_quality(quality *q, const muster_plan *plan) {
    q->unmet += (double)muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value;
    q->response += (double)muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).value;
    q->bound += (double)muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).bound;
    ++q->count;
}

static void print_quality(const char *name, const quality *q) {
    printf("%-8s %18.0f %22.0f %22.0f\n", name, q->unmet / q->count, q->response / q->count,
           q->bound / q->count);
}

/* ---- all of it ------------------------------------------------------------------------------ */

typedef struct bench {
    uint32_t        events, limit_ms, cold_ms, pause_ms;
    int64_t         churn; /* of response time */
    muster_planner *keeper, *improver;
    muster_plan    *plan; /* the improver's last */
    series          keep, improve;
    quality         kept, improved, cold;
} bench;

static muster_status adopt(bench *b, const world *w) {
    uint32_t                 assignments, shipments;
    const muster_assignment *assignment = muster_plan_assignments(b->plan, &assignments);
    const muster_shipment   *shipment   = muster_plan_shipments(b->plan, &shipments);
    return muster_planner_adopt(b->keeper, &w->problem, assignments, assignment, shipments,
                                shipment);
}

static muster_status solve_cold(bench *b, const world *w, const muster_plan *kept) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.time_limit_ms      = b->cold_ms;
    const muster_status status = muster_solve(&plan, &w->problem, &options);
    if (status != MUSTER_OK) return status;
    add_quality(&b->kept, kept);
    add_quality(&b->improved, b->plan);
    add_quality(&b->cold, plan);
    muster_plan_free(plan);
    return MUSTER_OK;
}

static muster_status one_event(bench *b, world *w, uint32_t number, uint32_t incidents) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *kept    = NULL;
    int                  event;
    options.time_limit_ms       = b->limit_ms;
    options.churn_response_time = b->churn;
    muster_status status        = adopt(b, w);
    if (status == MUSTER_OK) status = happen(w, incidents, &event);
    if (status == MUSTER_OK) {
        status = muster_planner_plan(&kept, b->keeper, &w->problem, &options, MUSTER_REPLAN_KEEP);
    }
    if (status != MUSTER_OK) return status;
    record(&b->keep, b->keeper, event);
    muster_plan_free(b->plan);
    status =
        muster_planner_plan(&b->plan, b->improver, &w->problem, &options, MUSTER_REPLAN_IMPROVE);
    if (status == MUSTER_OK) record(&b->improve, b->improver, event);
    if (status == MUSTER_OK && number % COLD_EVERY == COLD_EVERY - 1) {
        status = solve_cold(b, w, kept);
    }
    muster_plan_free(kept);
    return status;
}

/* The keeper measures its first table before the first event. */
static muster_status start(bench *b, const world *w) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *first   = NULL;
    options.time_limit_ms        = b->cold_ms;
    muster_status status         = muster_planner_new(&b->keeper);
    if (status == MUSTER_OK) status = muster_planner_new(&b->improver);
    if (status == MUSTER_OK) {
        status = muster_planner_plan(&first, b->keeper, &w->problem, &options, MUSTER_REPLAN_KEEP);
    }
    muster_plan_free(first);
    if (status != MUSTER_OK) return status;
    return muster_planner_plan(&b->plan, b->improver, &w->problem, &options, MUSTER_REPLAN_IMPROVE);
}

static void pause_for(uint32_t ms) {
    const struct timespec length = {ms / 1000, (long)(ms % 1000) * 1000000};
    (void)nanosleep(&length, NULL);
}

static muster_status run(bench *b, world *w) {
    const uint32_t incidents = w->problem.incident_count;
    muster_status  status    = start(b, w);
    for (uint32_t i = 0; status == MUSTER_OK && i < b->events; ++i) {
        status = one_event(b, w, i, incidents);
        pause_for(b->pause_ms);
    }
    return status;
}

static void print(const bench *b, const char *code) {
    printf("%s, %u events, %u ms to improve\n", code, b->events, b->limit_ms);
    printf("%-8s %-16s %-8s %6s %9s %9s %9s\n", "mode", "event", "part", "events", "half ms",
           "99 % ms", "most ms");
    print_series(&b->keep, "keep");
    print_series(&b->improve, "improve");
    printf("changes an event: keep %.1f, improve %.1f\n", (double)b->keep.changes / b->events,
           (double)b->improve.changes / b->events);
    if (b->cold.count == 0) return;
    printf("%-8s %18s %22s %22s   (mean of %u events; cold: %u ms)\n", "mode", "unmet need",
           "response time", "its bound", b->cold.count, b->cold_ms);
    print_quality("keep", &b->kept);
    print_quality("improve", &b->improved);
    print_quality("cold", &b->cold);
}

int main(int argc, char **argv) {
    static world     w;
    static bench     b             = {.events = 200, .limit_ms = 50, .cold_ms = 2000};
    bool             by_themselves = false;
    muster_scenario *scenario;
    while (argc > 2 && strncmp(argv[1], "--", 2) == 0) {
        const uint32_t number = (uint32_t)strtoul(argv[2], NULL, 10);
        if (strcmp(argv[1], "--events") == 0)
            b.events = number < MOST_EVENTS ? number : MOST_EVENTS;
        if (strcmp(argv[1], "--limit") == 0) b.limit_ms = number;
        if (strcmp(argv[1], "--cold") == 0) b.cold_ms = number;
        if (strcmp(argv[1], "--pause") == 0) b.pause_ms = number;
        if (strcmp(argv[1], "--churn") == 0) b.churn = strtoll(argv[2], NULL, 10);
        if (strcmp(argv[1], "--items") == 0) by_themselves = strcmp(argv[2], "by-themselves") == 0;
        argc -= 2, argv += 2;
    }
    if (argc != 3) {
        fprintf(
            stderr,
            "usage: bench_replan [--events N] [--limit MS] [--cold MS] [--pause MS] [--churn N] "
            "[--items by-themselves] SCENARIO.gpkg CODE\n");
        return 2;
    }
    if (muster_scenario_load(&scenario, argv[1], argv[2])) return failed();
    if (!world_init(&w, muster_scenario_problem(scenario))) return 1;
    if (by_themselves) w.problem.item_transport = MUSTER_ITEMS_BY_THEMSELVES;
    const muster_status status = run(&b, &w);
    if (status == MUSTER_OK) print(&b, argv[2]);
    muster_plan_free(b.plan);
    muster_planner_free(b.keeper);
    muster_planner_free(b.improver);
    world_fini(&w);
    muster_scenario_free(scenario);
    return status == MUSTER_OK ? 0 : failed();
}
