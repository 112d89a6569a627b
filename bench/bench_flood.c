/* From a flood to a new plan, as a session does it: what the world says is copied, the roads of all
 * profiles are made anew, the situation becomes a problem, and a plan keeps what is ordered or improves
 * it under a time limit.
 *
 * usage: bench_flood [--rounds N] [--limit MS] SCENARIO.gpkg CODE
 * All incidents are reported and all that a first plan wants is ordered. Then water rises round one
 * incident after the other. Times are in milliseconds, the fastest of the rounds and the median. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/clock.h"
#include "session/issue_draft.h"

enum { CORNERS = 48, MOST_NEEDS = 64 };

static const double RADIUS_M = 3000, METRES_A_DEGREE = 111320;

typedef struct night {
    mu_road_base   *base;
    muster_roads   *roads;
    mu_world       *world;
    muster_planner *planner;
    int64_t         now_ms;
    unsigned        told;
    char            id[24];
} night;

static void stop(void) {
    fprintf(stderr, "bench_flood: %s\n", muster_error_message());
    exit(1);
}

static void check(muster_status status) {
    if (status != MUSTER_OK) stop();
}

static const char *next_id(night *n) {
    snprintf(n->id, sizeof n->id, "e-%u", ++n->told);
    return n->id;
}

static void tell(night *n, muster_event *e) {
    muster_event_answer answer;
    e->struct_size = sizeof *e;
    e->id          = next_id(n);
    e->time_ms     = n->now_ms;
    e->author      = "bench";
    check(mu_roads_check_event(n->base, e, &answer));
    if (answer.outcome == MUSTER_EVENT_APPLIED) check(mu_world_check(n->world, e, &answer));
    if (answer.outcome != MUSTER_EVENT_APPLIED) {
        fprintf(stderr, "bench_flood: %s\n", answer.message);
        exit(1);
    }
    check(mu_world_apply(n->world, e, n->world->sequence + 1));
}

static void report(night *n, const muster_problem *p, uint32_t i) {
    const muster_incident *from = &p->incident[i];
    muster_event_need      need[MOST_NEEDS];
    muster_event           e = {.type = MUSTER_EVENT_INCIDENT_REPORTED, .need = need};
    for (uint32_t k = 0; k < p->need_count && e.need_count < MOST_NEEDS; ++k) {
        if (p->need[k].incident != i) continue;
        need[e.need_count++] =
            (muster_event_need){p->kind[p->need[k].kind].code, p->need[k].quantity,
                                p->need[k].minimum, p->need[k].grade};
    }
    e.incident = (muster_event_incident){
        .code           = from->code,
        .name           = from->name,
        .lon_deg        = from->site.lon_deg,
        .lat_deg        = from->site.lat_deg,
        .severity       = from->severity,
        .deadline_at_ms = from->deadline_ms > 0 ? n->now_ms + from->deadline_ms : 0,
        .on_scene_ms    = from->on_scene_ms,
        .authority =
            from->authority < p->authority_count ? p->authority[from->authority].code : NULL,
        .all_or_nothing = from->all_or_nothing};
    tell(n, &e);
}

static void begin(night *n, const char *path, const char *code) {
    muster_scenario *scenario;
    mu_base         *base;
    uint32_t         count;
    *n = (night){.now_ms = INT64_C(1782864000000)};
    check(muster_scenario_load(&scenario, path, code));
    check(mu_road_base_of(&n->base, scenario, 0, NULL));
    const muster_problem *p       = muster_scenario_problem(scenario);
    const char *const    *profile = mu_road_base_profiles(n->base, &count);
    check(mu_base_new(&base, code, p, profile, mu_road_base_checksum(n->base)));
    check(mu_world_new(&n->world, base, p, n->now_ms));
    mu_base_release(base);
    check(muster_planner_new(&n->planner));
    for (uint32_t i = 0; i < p->incident_count; ++i) report(n, p, i);
    printf("%u incidents, %u needs, %u teams, %u vehicles, %u stocks, %u profiles\n",
           p->incident_count, p->need_count, p->team_count, p->vehicle_count, p->stock_count,
           count);
}

/* Water round an incident. */
static void flood(night *n, uint32_t at) {
    static const uint32_t    RING[] = {0, 1}, POINT[] = {0, CORNERS};
    double                   lon[CORNERS], lat[CORNERS];
    const mu_world_incident *incident = &n->world->incident[at % n->world->incident_count];
    muster_hazard            h        = MUSTER_HAZARD_INIT;
    for (int i = 0; i < CORNERS; ++i) {
        const double turn = 2 * 3.14159265358979 * i / CORNERS;
        lat[i]            = incident->lat_deg + RADIUS_M / METRES_A_DEGREE * sin(turn);
        lon[i]            = incident->lon_deg + RADIUS_M / METRES_A_DEGREE * cos(turn) /
                                         cos(incident->lat_deg * 3.14159265358979 / 180);
    }
    h.code         = "water";
    h.kind         = MUSTER_HAZARD_FLOOD;
    h.depth_m      = 0.8;
    h.area         = (muster_multipolygon){1, RING, POINT, lon, lat, 0};
    muster_event e = {.type = MUSTER_EVENT_HAZARD_GROWN, .hazard = &h};
    tell(n, &e);
}

typedef struct laps {
    bench_times tell, state, roads, take, settle, keep, improve, all;
} laps;

static double lap(bench_times *times, double since) {
    const double now = bench_now_ms();
    if (times) bench_add(times, now - since);
    return now;
}

static mu_situation *look(night *n, laps *t) {
    mu_situation  *situation;
    mu_road_state *state;
    muster_roads  *roads;
    double         at = bench_now_ms();
    if (!mu_roads_are_of(n->roads, n->world, n->now_ms)) {
        check(mu_road_state_take(&state, n->world, n->now_ms));
        at = lap(t ? &t->state : NULL, at);
        check(mu_roads_new(&roads, n->base, state, n->roads, 0));
        at = lap(t ? &t->roads : NULL, at);
        mu_road_state_free(state);
        muster_roads_free(n->roads);
        n->roads = roads;
    }
    check(mu_situation_take(&situation, n->world, NULL, n->roads, n->now_ms));
    at = lap(t ? &t->take : NULL, at);
    check(mu_situation_settle(situation));
    (void)lap(t ? &t->settle : NULL, at);
    return situation;
}

static muster_session_plan *plan(night *n, muster_replan mode, uint32_t limit_ms, laps *t) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_session_plan *made;
    options.time_limit_ms   = limit_ms;
    mu_situation *situation = look(n, t);
    const double  at        = bench_now_ms();
    check(mu_plan_make(&made, situation, n->planner, &options, mode));
    if (t) (void)lap(mode == MUSTER_REPLAN_KEEP ? &t->keep : &t->improve, at);
    return made;
}

static void order(night *n, const muster_session_plan *made) {
    muster_commit       commit = MUSTER_COMMIT_INIT;
    muster_event_answer answer;
    mu_issue_draft     *draft;
    commit.id       = next_id(n);
    commit.now_ms   = n->now_ms;
    commit.author   = "bench";
    const double at = bench_now_ms();
    check(mu_issue_draft_new(&draft, &answer, made, n->world, &commit, 0, 0, NULL));
    printf("first plan: %u orders, drafted in %.1f ms\n", draft->issue.order_count,
           bench_now_ms() - at);
    check(mu_world_apply_issue(n->world, &draft->issue, n->world->sequence + 1));
    mu_issue_draft_free(draft);
}

static void print(const char *what, bench_times *times) {
    if (times->count == 0) return;
    const double median_ms = bench_median_ms(times);
    printf("%-34s %8.1f %8.1f\n", what, bench_fastest_ms(times), median_ms);
}

static void run(night *n, int rounds, uint32_t limit_ms) {
    static laps t;
    for (int i = 0; i < rounds; ++i) {
        const double at = bench_now_ms();
        n->now_ms += 1000;
        flood(n, (uint32_t)i * 7);
        (void)lap(&t.tell, at);
        muster_session_plan_free(plan(n, MUSTER_REPLAN_KEEP, 0, &t));
        (void)lap(&t.all, at);
        muster_session_plan_free(plan(n, MUSTER_REPLAN_IMPROVE, limit_ms, &t));
    }
    printf("%-34s %8s %8s\n", "ms", "fastest", "median");
    print("hear of it", &t.tell);
    print("copy what the world says of roads", &t.state);
    print("new roads of all profiles", &t.roads);
    print("copy the situation", &t.take);
    print("settle it", &t.settle);
    print("plan that keeps what is ordered", &t.keep);
    print("all of that", &t.all);
    print("plan that improves it", &t.improve);
}

int main(int argc, char **argv) {
    int      rounds = 20, at = 1;
    uint32_t limit_ms = 150;
    night    n;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--rounds") == 0) rounds = atoi(argv[at + 1]);
        if (strcmp(argv[at], "--limit") == 0) limit_ms = (uint32_t)atoi(argv[at + 1]);
    }
    if (argc - at != 2) {
        fprintf(stderr, "usage: bench_flood [--rounds N] [--limit MS] SCENARIO.gpkg CODE\n");
        return 2;
    }
    begin(&n, argv[at], argv[at + 1]);
    muster_session_plan *first = plan(&n, MUSTER_REPLAN_IMPROVE, 2000, NULL);
    order(&n, first);
    muster_session_plan_free(first);
    run(&n, rounds, limit_ms);
    muster_planner_free(n.planner);
    muster_roads_free(n.roads);
    mu_world_free(n.world);
    mu_road_base_release(n.base);
    return 0;
}
