/* Planners through random lives (tests/support/random_life.h), against plain rules: what can stay
 * stays; to improve is never worse than to keep; what is proven agrees with a solve from nothing; the
 * changes are exactly the difference of the two plans; travel times that are kept are those that
 * would be searched for. */
#include "core/alloc.h"
#include "solver/shipment_model.h"
#include "solver/solve.h"
#include "solver/travel.h"
#include "tests/support/random_life.h"
#include "tests/support/random_model.h"
#include "tests/support/rounds.h"
#include <muster/matrix.h>
#include <muster/replan.h>

enum { EVENTS = 12 };

static seeds lives(void) {
    return seeds_asked(150);
}

/* ---- plans in codes --------------------------------------------------------------------------- */

enum { MOST_ROWS = 200 };

typedef struct row {
    uint8_t     resource;
    const char *code, *incident, *kind, *vehicle; /* vehicle: "" where it comes by itself */
    int64_t     quantity;
    uint32_t    eta_ms;
} row;

/* Codes of random lives are static in the life, so they outlive the problem's arrays. */
typedef struct rows {
    row      row[MOST_ROWS];
    uint32_t count;
} rows;

static const muster_unit *unit_of(const muster_problem *p, uint8_t resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return &p->team[index].unit;
    if (resource == MUSTER_VEHICLE) return &p->vehicle[index].unit;
    if (resource == MUSTER_MACHINE) return &p->machine[index].unit;
    return &p->stock[index].unit;
}

static void read_plan(rows *out, const muster_plan *plan, const muster_problem *p) {
    uint32_t                 shipments;
    const muster_assignment *a    = muster_plan_assignments(plan, &out->count);
    const muster_shipment   *trip = muster_plan_shipments(plan, &shipments);
    assert_true(out->count <= MOST_ROWS);
    for (uint32_t i = 0; i < out->count; ++i) {
        const muster_need *need = &p->need[a[i].need];
        out->row[i]             = (row){
                        a[i].resource,
                        unit_of(p, a[i].resource, a[i].index)->code,
                        p->incident[need->incident].code,
                        p->kind[need->kind].code,
            a[i].shipment == MUSTER_NONE ? "" : p->vehicle[trip[a[i].shipment].vehicle].unit.code,
                        a[i].quantity,
                        a[i].eta_ms};
    }
}

static bool is_same_row(const row *a, const row *b) {
    return a->resource == b->resource && strcmp(a->code, b->code) == 0 &&
           strcmp(a->incident, b->incident) == 0 && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->vehicle, b->vehicle) == 0 && a->quantity == b->quantity &&
           a->eta_ms == b->eta_ms;
}

static bool has_row(const rows *list, const row *r) {
    uint32_t i = 0;
    while (i < list->count && !is_same_row(&list->row[i], r)) ++i;
    return i < list->count;
}

static void are_the_same(const rows *a, const rows *b) {
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; ++i) assert_true(is_same_row(&a->row[i], &b->row[i]));
}

/* ---- what can stay ------------------------------------------------------------------------------ */

static uint32_t find_need(const muster_problem *p, const row *r) {
    uint32_t n = 0;
    while (n < p->need_count && (strcmp(p->incident[p->need[n].incident].code, r->incident) != 0 ||
                                 strcmp(p->kind[p->need[n].kind].code, r->kind) != 0)) {
        ++n;
    }
    return n < p->need_count ? n : MUSTER_NONE;
}

static uint32_t count_of(const muster_problem *p, uint8_t resource) {
    const uint32_t count[] = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    return count[resource];
}

static uint32_t find_unit(const muster_problem *p, const row *r) {
    for (uint32_t i = 0; i < count_of(p, r->resource); ++i) {
        if (strcmp(unit_of(p, r->resource, i)->code, r->code) != 0) continue;
        if (r->resource != MUSTER_ITEM || strcmp(p->kind[p->stock[i].kind].code, r->kind) == 0) {
            return i;
        }
    }
    return MUSTER_NONE;
}

static int64_t amount_of(const muster_problem *p, uint8_t resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return p->team[index].people;
    if (resource == MUSTER_VEHICLE) return 1;
    return resource == MUSTER_MACHINE ? p->machine[index].count : p->stock[index].quantity;
}

static uint32_t eta_of(const muster_problem *p, const row *r, uint32_t unit, uint32_t need) {
    const muster_unit *u     = unit_of(p, r->resource, unit);
    const muster_site  at    = p->incident[p->need[need].incident].site;
    const double       lon[] = {u->site.lon_deg, at.lon_deg}, lat[] = {u->site.lat_deg, at.lat_deg};
    muster_snap        snap[2];
    uint32_t           ms;
    assert_int_equal(muster_snap_sites(p->metric[u->metric], 2, lon, lat, NULL, snap), MUSTER_OK);
    assert_int_equal(muster_matrix(p->metric[u->metric], 1, snap, 1, snap + 1, 1, &ms, NULL),
                     MUSTER_OK);
    return ms == MUSTER_UNREACHABLE_MS ? ms : u->turnout_ms + ms;
}

/* Goods that are locked are brought by whoever can. */
static bool is_wanted_for_cargo(const muster_problem *p, const row *r) {
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (p->rule[i].type == MUSTER_LOCK && p->rule[i].resource == MUSTER_ITEM) {
            return r->resource == MUSTER_VEHICLE && p->item_transport == MUSTER_ITEMS_BY_VEHICLE;
        }
    }
    return false;
}

/* By itself, without shipments: whoever a rule is about is not looked into. */
static bool could_stay(const muster_problem *p, const row *r) {
    const uint32_t need = find_need(p, r), unit = find_unit(p, r);
    if (need == MUSTER_NONE || unit == MUSTER_NONE || is_wanted_for_cargo(p, r)) return false;
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (p->rule[i].resource == r->resource && p->rule[i].index == unit) return false;
        if (p->rule[i].type == MUSTER_LOCK && p->rule[i].incident == p->need[need].incident) {
            return false;
        }
    }
    const muster_need *n      = &p->need[need];
    const uint32_t     eta_ms = eta_of(p, r, unit, need),
                   end_ms     = unit_of(p, r->resource, unit)->shift_end_ms;
    if (eta_ms == MUSTER_UNREACHABLE_MS) return false;
    if (end_ms > 0 && eta_ms + p->incident[n->incident].on_scene_ms > end_ms) return false;
    if (r->resource == MUSTER_PEOPLE && n->grade > 0 &&
        (p->team[unit].grade == 0 || p->team[unit].grade > n->grade)) {
        return false;
    }
    return r->resource == MUSTER_PEOPLE || amount_of(p, r->resource, unit) >= r->quantity;
}

typedef struct arrival {
    uint32_t eta_ms, unit;
    int64_t  quantity;
} arrival;

static int by_arrival(const void *a, const void *b) {
    const arrival *x = a, *y = b;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* Is all that the past sent to a need still possible, of use, and enough to be of use? */
static bool could_need_stay(const muster_problem *p, const rows *past, uint32_t need) {
    arrival  list[MOST_ROWS];
    uint32_t count = 0;
    int64_t  sum   = 0;
    for (uint32_t i = 0; i < past->count; ++i) {
        const row *r = &past->row[i];
        if (find_need(p, r) != need) continue;
        if (r->vehicle[0] || !could_stay(p, r)) return false;
        /* Of a pool that now has less than all that it sent in all, some has to go. */
        int64_t        sent = 0;
        const uint32_t unit = find_unit(p, r);
        for (uint32_t k = 0; k < past->count; ++k) {
            if (past->row[k].resource == r->resource && find_unit(p, &past->row[k]) == unit) {
                sent += past->row[k].quantity;
            }
        }
        const int64_t has = amount_of(p, r->resource, unit);
        if (r->resource != MUSTER_PEOPLE && sent > has) return false;
        list[count++] = (arrival){eta_of(p, r, unit, need), unit,
                                  r->resource == MUSTER_PEOPLE ? has : r->quantity};
    }
    if (count > 0) qsort(list, count, sizeof *list, by_arrival);
    for (uint32_t i = 0; i < count; ++i) {
        if (sum >= p->need[need].quantity) return false;
        sum += list[i].quantity;
    }
    if (p->kind[p->need[need].kind].resource != MUSTER_PEOPLE && sum > p->need[need].quantity) {
        return false;
    }
    const bool    is_whole = p->incident[p->need[need].incident].all_or_nothing;
    const int64_t minimum =
        is_whole && p->need[need].minimum == 0 ? p->need[need].quantity : p->need[need].minimum;
    return is_whole ? sum >= minimum : sum == 0 || sum >= minimum;
}

/* Where machines need operators, or everything is needed, all needs of the incident have to. */
static bool is_bound(const muster_problem *p, uint32_t need) {
    return p->incident[p->need[need].incident].all_or_nothing ||
           p->kind[p->need[need].kind].operator_count > 0;
}

/* What a lock sent may have gone without operators. */
static bool has_operators(const muster_problem *p, const rows *past, uint32_t need) {
    const muster_kind *kind = &p->kind[p->need[need].kind];
    int64_t            lack = 0;
    for (uint32_t i = 0; i < past->count && kind->operator_count > 0; ++i) {
        const row     *r = &past->row[i];
        const uint32_t n = find_need(p, r), unit = find_unit(p, r);
        if (n == MUSTER_NONE || unit == MUSTER_NONE) continue;
        if (p->need[n].incident != p->need[need].incident) continue;
        if (p->kind[p->need[n].kind].operator_count > 0) {
            lack += r->quantity * p->kind[p->need[n].kind].operator_count;
        }
        if (r->resource != MUSTER_PEOPLE) continue;
        const muster_team *team = &p->team[unit];
        for (uint32_t c = 0; c < team->capability_count; ++c) {
            if (team->capability[c] == kind->operator_kind) lack -= team->people;
        }
    }
    return lack <= 0;
}

static bool must_stay(const muster_problem *p, const rows *past, uint32_t need) {
    if (!could_need_stay(p, past, need) || !has_operators(p, past, need)) return false;
    for (uint32_t n = 0; n < p->need_count && is_bound(p, need); ++n) {
        if (p->need[n].incident == p->need[need].incident && !could_need_stay(p, past, n)) {
            return false;
        }
    }
    return true;
}

static uint64_t g_stayed;

static void what_can_stay_stays(const muster_problem *p, const rows *past, const rows *now) {
    for (uint32_t i = 0; i < past->count; ++i) {
        const row     *r    = &past->row[i];
        const uint32_t need = find_need(p, r);
        if (need == MUSTER_NONE || !must_stay(p, past, need)) continue;
        uint32_t k = 0;
        while (k < now->count &&
               (now->row[k].resource != r->resource || strcmp(now->row[k].code, r->code) != 0 ||
                strcmp(now->row[k].incident, r->incident) != 0 ||
                strcmp(now->row[k].kind, r->kind) != 0)) {
            ++k;
        }
        if (k == now->count) fail_msg("\"%s\" no longer goes to \"%s\"", r->code, r->incident);
        if (r->resource != MUSTER_PEOPLE) assert_true(now->row[k].quantity >= r->quantity);
        ++g_stayed;
    }
}

/* ---- changes ------------------------------------------------------------------------------------ */

static row before_of(const muster_change *c) {
    return (row){c->resource,
                 c->code,
                 c->incident_before,
                 c->kind_before,
                 c->vehicle_before ? c->vehicle_before : "",
                 c->quantity_before,
                 c->eta_before_ms};
}

static row after_of(const muster_change *c) {
    return (row){c->resource, c->code,  c->incident, c->kind, c->vehicle ? c->vehicle : "",
                 c->quantity, c->eta_ms};
}

/* Taking out of the past what changes say was, and putting in what they say is, gives the plan. */
static void changes_are_the_difference(const muster_planner *planner, const rows *past,
                                       const rows *now) {
    uint32_t             count, kept = 0;
    const muster_change *c = muster_planner_changes(planner, &count);
    for (uint32_t i = 0; i < count; ++i) {
        assert_true(c[i].text[MUSTER_ENGLISH] && c[i].text[MUSTER_CHINESE] &&
                    c[i].reason < MUSTER_BECAUSE_COUNT);
        const row before = before_of(&c[i]), after = after_of(&c[i]);
        assert_true(c[i].incident_before || c[i].incident);
        if (c[i].incident_before) assert_true(has_row(past, &before));
        if (c[i].incident) assert_true(has_row(now, &after));
        assert_false(c[i].incident_before && c[i].incident && is_same_row(&before, &after));
    }
    for (uint32_t i = 0; i < past->count; ++i) kept += has_row(now, &past->row[i]);
    uint32_t before = 0, after = 0;
    for (uint32_t i = 0; i < count; ++i) {
        before += c[i].incident_before != NULL;
        after += c[i].incident != NULL;
    }
    assert_int_equal(past->count - before, kept);
    assert_int_equal(now->count - after, kept);
}

static uint32_t change_count(const muster_planner *planner) {
    uint32_t count;
    (void)muster_planner_changes(planner, &count);
    return count;
}

/* ---- values -------------------------------------------------------------------------------------- */

static int compare(const muster_plan *a, const muster_plan *b) {
    muster_tier order[MUSTER_TIER_COUNT];
    muster_plan_tier_order(a, order);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t x = muster_plan_tier(a, order[t]).value;
        const int64_t y = muster_plan_tier(b, order[t]).value;
        if (x != y) return x < y ? -1 : 1;
    }
    return 0;
}

static bool is_proven(const muster_plan *plan) {
    bool is_all = true;
    for (int t = 0; t < 2; ++t) {
        const muster_tier_result r = muster_plan_tier(plan, (muster_tier)t);
        is_all &= r.value == r.bound;
    }
    return is_all;
}

static uint64_t g_proven;

static void agrees_with_a_solve_from_nothing(const muster_plan *improved, const muster_problem *p) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *cold;
    options.time_limit_ms = 0, options.thread_count = 1;
    if (muster_solve(&cold, p, &options)) fail_msg("%s", muster_error_message());
    const int64_t value[] = {muster_plan_tier(improved, MUSTER_TIER_UNMET_NEED).value,
                             muster_plan_tier(cold, MUSTER_TIER_UNMET_NEED).value};
    assert_true(muster_plan_tier(cold, MUSTER_TIER_UNMET_NEED).bound <= value[0]);
    assert_true(muster_plan_tier(improved, MUSTER_TIER_UNMET_NEED).bound <= value[1]);
    if (is_proven(improved) && is_proven(cold)) {
        for (int t = 0; t < 2; ++t) {
            assert_int_equal(muster_plan_tier(improved, (muster_tier)t).value,
                             muster_plan_tier(cold, (muster_tier)t).value);
        }
        ++g_proven;
    }
    muster_plan_free(cold);
}

/* ---- lives ---------------------------------------------------------------------------------------- */

static muster_plan *plan_with(muster_planner *planner, const muster_problem *p, muster_replan mode,
                              uint64_t work_limit, uint32_t threads) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms = 0, options.work_limit = work_limit, options.thread_count = threads;
    if (muster_planner_plan(&plan, planner, p, &options, mode) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    assert_int_equal(muster_plan_check(plan, p), MUSTER_OK);
    return plan;
}

/* The improver takes over what the keeper had before the event. */
static void take_over(muster_planner *planner, const muster_plan *plan, const muster_problem *p) {
    uint32_t                 assignments, shipments;
    const muster_assignment *a    = muster_plan_assignments(plan, &assignments);
    const muster_shipment   *trip = muster_plan_shipments(plan, &shipments);
    assert_int_equal(muster_planner_adopt(planner, p, assignments, a, shipments, trip), MUSTER_OK);
    assert_int_equal(change_count(planner), 0);
}

/* What has been filled up is asked for as what is kept now: whoever has asked so once knows it all. */
static void the_same_again_changes_nothing(muster_planner *planner, const rows *now,
                                           const muster_problem *p) {
    rows again;
    for (int time = 0; time < 2; ++time) {
        muster_plan *plan = plan_with(planner, p, MUSTER_REPLAN_KEEP, 0, 1);
        read_plan(&again, plan, p);
        assert_int_equal(change_count(planner), 0);
        are_the_same(&again, now);
        muster_plan_free(plan);
    }
    assert_int_equal(muster_planner_last_times(planner).searched, 0);
}

static void live(uint64_t seed) {
    static random_life l;
    static rows        past, now, improved;
    muster_planner    *keeper, *improver;
    random_life_new(&l, seed);
    assert_int_equal(muster_planner_new(&keeper), MUSTER_OK);
    assert_int_equal(muster_planner_new(&improver), MUSTER_OK);
    muster_plan *kept = plan_with(keeper, &l.problem, MUSTER_REPLAN_KEEP, 0, 1);
    assert_int_equal(change_count(keeper), 0);
    for (int e = 0; e < EVENTS; ++e) {
        read_plan(&past, kept, &l.problem);
        take_over(improver, kept, &l.problem);
        life_event(&l);
        muster_plan_free(kept);
        kept = plan_with(keeper, &l.problem, MUSTER_REPLAN_KEEP, 0, 1);
        read_plan(&now, kept, &l.problem);
        what_can_stay_stays(&l.problem, &past, &now);
        changes_are_the_difference(keeper, &past, &now);
        the_same_again_changes_nothing(keeper, &now, &l.problem);
        muster_plan *better = plan_with(improver, &l.problem, MUSTER_REPLAN_IMPROVE, 0, 1);
        read_plan(&improved, better, &l.problem);
        changes_are_the_difference(improver, &past, &improved);
        assert_true(compare(better, kept) <= 0);
        if (compare(better, kept) == 0) are_the_same(&improved, &now);
        agrees_with_a_solve_from_nothing(better, &l.problem);
        muster_plan_free(better);
    }
    muster_plan_free(kept);
    muster_planner_free(keeper);
    muster_planner_free(improver);
    random_life_free(&l);
}

static void planners_live_by_the_rules(void **state) {
    (void)state;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) live(seed);
    print_message("%llu assignments had to stay, %llu plans were proven twice\n",
                  (unsigned long long)g_stayed, (unsigned long long)g_proven);
    assert_true(g_stayed > lives().count * EVENTS && g_proven > lives().count);
}

/* ---- prices --------------------------------------------------------------------------------------- */

static int64_t random_price(uint64_t *rng) {
    static const int64_t WILD[] = {MU_NO_PRICE, INT64_MIN + 1, INT64_MAX, -1, 0};
    return random_below(rng, 2) ? (int64_t)random_below(rng, 1u << 31) * random_below(rng, 1u << 20)
                                : WILD[random_below(rng, 5)];
}

/* Whatever vehicles and stocks are said to have been worth, nobody is worse off, and no bound is
 * above a plan. */
static void wrong_prices_spoil_neither_plans_nor_bounds(void **state) {
    (void)state;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) {
        static random_life   l;
        uint64_t             rng     = seed + 1;
        muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
        options.time_limit_ms = 0, options.thread_count = 1;
        random_life_new(&l, seed);
        for (int e = 0; e < 4; ++e, life_event(&l)) {
            mu_warm_fleet        fleet;
            const mu_solve_start start = {.fleet = &fleet};
            muster_plan         *plan;
            assert_int_equal(
                mu_warm_fleet_init(&fleet, l.problem.vehicle_count, l.problem.stock_count),
                MUSTER_OK);
            for (uint32_t v = 0; v < fleet.vehicle_count; ++v)
                fleet.vehicle[v] = random_price(&rng);
            for (uint32_t s = 0; s < fleet.stock_count; ++s) fleet.stock[s] = random_price(&rng);
            for (int twice = 0; twice < 2; ++twice) { /* and with what has been learnt from that */
                if (mu_solve_from(&plan, &l.problem, &options, &start)) {
                    fail_msg("%s", muster_error_message());
                }
                agrees_with_a_solve_from_nothing(plan, &l.problem);
                muster_plan_free(plan);
            }
            mu_warm_fleet_fini(&fleet);
        }
        random_life_free(&l);
    }
}

static void prices_of_vehicles_are_found_again_by_code(void **state) {
    (void)state;
    static random_life l;
    uint32_t           found = 0;
    random_life_new(&l, 3);
    for (int e = 0; e < 40; ++e) {
        mu_past       past;
        mu_past_match match;
        mu_warm_fleet before, now;
        assert_int_equal(mu_past_init(&past, &l.problem, 0, NULL, 0, NULL), MUSTER_OK);
        assert_int_equal(
            mu_warm_fleet_init(&before, l.problem.vehicle_count, l.problem.stock_count), MUSTER_OK);
        for (uint32_t v = 0; v < before.vehicle_count; ++v) before.vehicle[v] = 1000 + v;
        life_event(&l);
        assert_int_equal(mu_past_match_init(&match, &past, &l.problem), MUSTER_OK);
        assert_int_equal(mu_warm_fleet_match(&now, &before, &match, &l.problem), MUSTER_OK);
        for (uint32_t v = 0; v < l.problem.vehicle_count; ++v) {
            if (now.vehicle[v] == MU_NO_PRICE) continue;
            const uint32_t was = (uint32_t)(now.vehicle[v] - 1000);
            assert_string_equal(l.problem.vehicle[v].unit.code,
                                past.problem.vehicle[was].unit.code);
            ++found;
        }
        for (uint32_t s = 0; s < l.problem.stock_count; ++s) {
            assert_true(now.stock[s] == MU_NO_PRICE);
        }
        mu_warm_fleet_fini(&before);
        mu_warm_fleet_fini(&now);
        mu_past_match_fini(&match);
        mu_past_fini(&past);
    }
    assert_true(found > 40);
    random_life_free(&l);
}

/* ---- travel times --------------------------------------------------------------------------------- */

static void compare_travel(const mu_travel *a, const mu_travel *b) {
    const size_t cells = (size_t)a->row_count * a->column_count;
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->column_count, b->column_count);
    if (cells > 0) {
        assert_memory_equal(a->duration_ms, b->duration_ms, cells * sizeof *a->duration_ms);
    }
    for (uint32_t i = 0; i < a->problem->incident_count; ++i) {
        assert_int_equal(a->incident_has_road[i], b->incident_has_road[i]);
    }
}

static void kept_travel_times_are_those_of_a_search(void **state) {
    (void)state;
    uint64_t known = 0;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) {
        static random_life l;
        mu_travel_memory   memory = {0};
        random_life_new(&l, seed);
        for (int e = 0; e < EVENTS; ++e, life_event(&l)) {
            mu_travel kept, searched;
            assert_int_equal(mu_travel_init_from(&kept, &l.problem, 1, &memory), MUSTER_OK);
            assert_int_equal(mu_travel_init(&searched, &l.problem, 1), MUSTER_OK);
            compare_travel(&kept, &searched);
            mu_travel_fini(&kept);
            mu_travel_fini(&searched);
            mu_travel_memory_forget(&memory);
        }
        known += memory.known;
        mu_travel_memory_fini(&memory);
        random_life_free(&l);
    }
    assert_true(known > lives().count * EVENTS);
}

/* All that can be asked for, in any order, some of it expected: whoever asks for few cells learns of each what whoever
 * has the table whole knows, and the two share a memory. */
static void assert_same_way(const mu_travel *open, const mu_travel *whole, muster_resource r,
                            uint32_t unit, uint32_t column) {
    const muster_problem *p = whole->problem;
    if (column < p->incident_count) {
        assert_int_equal(mu_travel_eta_ms(open, r, unit, column),
                         mu_travel_eta_ms(whole, r, unit, column));
    } else {
        const uint32_t zone = column - p->incident_count;
        assert_int_equal(mu_travel_cover_ms(open, r, unit, zone),
                         mu_travel_cover_ms(whole, r, unit, zone));
    }
}

static bool draw_way(const mu_travel *t, uint64_t *rng, muster_resource *r, uint32_t *unit,
                     uint32_t *column) {
    *r                   = (muster_resource)random_below(rng, MUSTER_RESOURCE_COUNT);
    const uint32_t units = muster_problem_unit_count(t->problem, *r);
    if (units == 0 || t->column_count == 0) return false;
    *unit   = random_below(rng, units);
    *column = random_below(rng, t->column_count);
    return true;
}

static void compare_open(const mu_travel *open, const mu_travel *whole, uint64_t *rng) {
    enum { ASKED = 40 };
    const uint32_t  expected = random_below(rng, 2) ? random_below(rng, 400) : 0;
    muster_resource r;
    uint32_t        unit, column;
    for (uint32_t i = 0; i < expected; ++i) {
        if (!draw_way(open, rng, &r, &unit, &column)) continue;
        assert_int_equal(mu_travel_expect(open, r, unit, column), MUSTER_OK);
        if (random_below(rng, 50) == 0) assert_same_way(open, whole, r, unit, column);
    }
    assert_int_equal(mu_travel_search(open), MUSTER_OK);
    for (uint32_t i = 0; i < ASKED; ++i) {
        if (draw_way(open, rng, &r, &unit, &column)) assert_same_way(open, whole, r, unit, column);
    }
    for (uint32_t i = 0; i < whole->problem->incident_count; ++i) {
        assert_int_equal(open->incident_has_road[i], whole->incident_has_road[i]);
    }
}

static void cells_that_are_asked_for_are_those_of_a_table(void **state) {
    (void)state;
    uint64_t opened = 0, known = 0;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) {
        static random_life l;
        mu_travel_memory   memory = {0};
        uint64_t           rng    = seed;
        random_life_new(&l, seed);
        for (int e = 0; e < EVENTS; ++e, life_event(&l)) {
            mu_travel open, whole, kept;
            assert_int_equal(mu_travel_init(&whole, &l.problem, 1), MUSTER_OK);
            assert_int_equal(mu_travel_init_open(&open, &l.problem, 1, &memory), MUSTER_OK);
            compare_open(&open, &whole, &rng);
            opened += open.open != NULL;
            mu_travel_fini(&open);
            if (random_below(&rng, 3) == 0) {
                assert_int_equal(mu_travel_init_from(&kept, &l.problem, 1, &memory), MUSTER_OK);
                compare_travel(&kept, &whole);
                mu_travel_fini(&kept);
            }
            mu_travel_fini(&whole);
            if (random_below(&rng, 4) > 0) mu_travel_memory_forget(&memory);
        }
        known += memory.known;
        mu_travel_memory_fini(&memory);
        random_life_free(&l);
    }
    assert_true(opened > lives().count * EVENTS / 3 && known > lives().count * EVENTS);
}

/* Some of what is going to be asked about a warehouse. */
static void expect_some(const mu_shipment_model *open, uint32_t warehouse, uint64_t *rng) {
    for (uint32_t v = 0; v < open->problem->vehicle_count; ++v) {
        if (open->base_of[v] == MUSTER_NONE) continue;
        assert_int_equal(mu_shipment_model_expect(open, v, warehouse), MUSTER_OK);
        if (open->destination_count == 0 || random_below(rng, 3) > 0) continue;
        const uint32_t d = random_below(rng, open->destination_count);
        assert_int_equal(mu_shipment_model_expect_trip(open, v, warehouse, d), MUSTER_OK);
    }
    for (uint32_t d = 0; d < open->destination_count; ++d) {
        if (random_below(rng, 2)) continue;
        assert_int_equal(mu_shipment_model_expect_deliveries(open, warehouse, d), MUSTER_OK);
    }
}

/* The same of what vehicles collect: when each is where, and whether anybody gets there at all. */
static void compare_shipping(const mu_shipment_model *open, const mu_shipment_model *whole,
                             uint64_t *rng) {
    assert_int_equal(open->warehouse_count, whole->warehouse_count);
    for (uint32_t w = 0; w < whole->warehouse_count; ++w) {
        for (uint32_t d = 0; d < whole->destination_count; ++d) {
            if (random_below(rng, 2)) continue;
            assert_int_equal(mu_shipment_can_ship(open, w, d), mu_shipment_can_ship(whole, w, d));
        }
        if (random_below(rng, 2) == 0) expect_some(open, w, rng);
        assert_int_equal(mu_shipment_model_search(open), MUSTER_OK);
        for (uint32_t v = 0; v < whole->problem->vehicle_count; ++v) {
            if (whole->base_of[v] == MUSTER_NONE || random_below(rng, 3) == 0) continue;
            assert_int_equal(mu_shipment_load_at_ms(open, v, w),
                             mu_shipment_load_at_ms(whole, v, w));
            for (uint32_t d = 0; d < whole->destination_count; ++d) {
                assert_int_equal(mu_shipment_loading_ms(open, w, d),
                                 mu_shipment_loading_ms(whole, w, d));
                assert_int_equal(mu_shipment_eta_ms(open, v, w, d),
                                 mu_shipment_eta_ms(whole, v, w, d));
            }
        }
    }
}

typedef struct shipping_stage {
    mu_travel         travel;
    mu_rules          rules;
    mu_cover          cover;
    mu_candidates     candidates;
    mu_shipment_model model;
} shipping_stage;

static void set_stage(shipping_stage *s, const muster_problem *p, mu_travel_memory *memory) {
    assert_int_equal(memory ? mu_travel_init_open(&s->travel, p, 1, memory)
                            : mu_travel_init(&s->travel, p, 1),
                     MUSTER_OK);
    assert_int_equal(mu_rules_init(&s->rules, &s->travel), MUSTER_OK);
    assert_int_equal(mu_rules_lock(&s->rules), MUSTER_OK);
    assert_int_equal(mu_cover_init(&s->cover, &s->travel), MUSTER_OK);
    assert_int_equal(mu_candidates_init(&s->candidates, &s->travel, &s->rules, &s->cover, 1),
                     MUSTER_OK);
    assert_int_equal(memory ? mu_shipment_model_init_open(&s->model, &s->candidates, 1, memory)
                            : mu_shipment_model_init(&s->model, &s->candidates, 1),
                     MUSTER_OK);
}

static void clear_stage(shipping_stage *s) {
    mu_shipment_model_fini(&s->model);
    mu_candidates_fini(&s->candidates);
    mu_cover_fini(&s->cover);
    mu_rules_fini(&s->rules);
    mu_travel_fini(&s->travel);
}

static void compare_candidates(const mu_candidates *a, const mu_candidates *b) {
    const uint32_t needs = a->travel->problem->need_count;
    assert_memory_equal(a->first, b->first, ((size_t)needs + 1) * sizeof *a->first);
    if (needs > 0) assert_memory_equal(a->reason, b->reason, needs);
    for (size_t i = 0; i < a->first[needs]; ++i) {
        assert_int_equal(a->candidate[i].index, b->candidate[i].index);
        assert_int_equal(a->candidate[i].eta_ms, b->candidate[i].eta_ms);
    }
}

static void what_is_asked_of_shipments_is_that_of_the_whole(void **state) {
    (void)state;
    uint64_t opened = 0;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) {
        static random_life l;
        mu_travel_memory   memory = {0};
        uint64_t           rng    = seed;
        random_life_new(&l, seed);
        for (int e = 0; e < EVENTS; ++e, life_event(&l)) {
            shipping_stage open, whole;
            if (l.problem.item_transport != MUSTER_ITEMS_BY_VEHICLE) continue;
            set_stage(&whole, &l.problem, NULL);
            set_stage(&open, &l.problem, &memory);
            compare_candidates(&open.candidates, &whole.candidates);
            compare_shipping(&open.model, &whole.model, &rng);
            opened += mu_shipment_model_is_open(&open.model);
            clear_stage(&open);
            clear_stage(&whole);
            mu_travel_memory_forget(&memory);
        }
        mu_travel_memory_fini(&memory);
        random_life_free(&l);
    }
    assert_true(opened > lives().count);
}

/* ---- cover ---------------------------------------------------------------------------------------- */

/* What is locked as a whole is left out of the cover, and the judge, who leaves out nobody, finds the same reserve. */
static void cover_without_the_locked_is_the_judges(void **state) {
    (void)state;
    uint64_t planned = 0, locked = 0;
    for (uint64_t seed = 0; seed < 500; ++seed) {
        static random_model m;
        muster_planner     *planner;
        muster_plan        *plan;
        random_model_new(&m, seed, MODEL_EVERYTHING & ~(seed % 2 ? MODEL_SWAP : 0));
        assert_int_equal(muster_planner_new(&planner), MUSTER_OK);
        for (int time = 0; time < 3; ++time) {
            if (time > 0)
                m.base.team[0].unit.site = m.base.incident[(seed + (uint64_t)time) % 2].site;
            const muster_status status =
                muster_planner_plan(&plan, planner, &m.problem, NULL, MUSTER_REPLAN_KEEP);
            if (status == MUSTER_E_INVALID) continue; /* rules contradict each other */
            if (status) fail_msg("seed %llu: %s", (unsigned long long)seed, muster_error_message());
            assert_int_equal(muster_plan_check(plan, &m.problem), MUSTER_OK);
            for (uint32_t r = 0; r < m.problem.rule_count; ++r) {
                locked += m.rule[r].type == MUSTER_LOCK && m.rule[r].quantity == 0;
            }
            ++planned;
            muster_plan_free(plan);
        }
        muster_planner_free(planner);
        random_model_free(&m);
    }
    assert_true(planned > 500 && locked > 30);
}

/* ---- reproducible --------------------------------------------------------------------------------- */

static void a_work_limit_gives_the_same_plan_for_any_number_of_threads(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        static random_life l;
        static rows        one, two;
        muster_planner    *planner[2];
        random_life_new(&l, seed);
        for (int k = 0; k < 2; ++k) assert_int_equal(muster_planner_new(&planner[k]), MUSTER_OK);
        for (int e = 0; e < EVENTS; ++e, life_event(&l)) {
            const muster_replan mode = e % 2 ? MUSTER_REPLAN_IMPROVE : MUSTER_REPLAN_KEEP;
            muster_plan        *a    = plan_with(planner[0], &l.problem, mode, 20000, 1);
            muster_plan        *b    = plan_with(planner[1], &l.problem, mode, 20000, 2);
            read_plan(&one, a, &l.problem);
            read_plan(&two, b, &l.problem);
            are_the_same(&one, &two);
            assert_int_equal(change_count(planner[0]), change_count(planner[1]));
            muster_plan_free(a);
            muster_plan_free(b);
        }
        for (int k = 0; k < 2; ++k) muster_planner_free(planner[k]);
        random_life_free(&l);
    }
}

/* ---- memory --------------------------------------------------------------------------------------- */

/* A call that fails leaves the planner as it was: the next one says the same changes. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t seed = 2; seed < 6; ++seed) {
        static random_life l;
        static rows        past, now;
        muster_planner    *planner;
        random_life_new(&l, seed);
        assert_int_equal(muster_planner_new(&planner), MUSTER_OK);
        for (int e = 0; e < 4; ++e) {
            muster_plan *first = plan_with(planner, &l.problem, MUSTER_REPLAN_KEEP, 0, 1);
            read_plan(&past, first, &l.problem);
            muster_plan_free(first);
            life_event(&l);
            const muster_replan  mode    = e % 2 ? MUSTER_REPLAN_IMPROVE : MUSTER_REPLAN_KEEP;
            muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
            muster_plan         *plan    = NULL;
            muster_status        status  = MUSTER_E_NOMEM;
            options.time_limit_ms = 0, options.work_limit = 20000, options.thread_count = 1;
            for (int64_t n = 0; status != MUSTER_OK; ++n) {
                (void)mu_alloc_fail_after(n);
                status = muster_planner_plan(&plan, planner, &l.problem, &options, mode);
                (void)mu_alloc_fail_after(-1);
                if (status == MUSTER_OK) break;
                assert_int_equal(status, MUSTER_E_NOMEM);
                assert_null(plan);
            }
            read_plan(&now, plan, &l.problem);
            changes_are_the_difference(planner, &past, &now);
            muster_plan_free(plan);
        }
        muster_planner_free(planner);
        random_life_free(&l);
    }
}

/* One failure alone is not swallowed either. */
static void a_single_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t seed = 2; seed < 6; ++seed) {
        static random_life l;
        muster_planner    *planner;
        random_life_new(&l, seed);
        assert_int_equal(muster_planner_new(&planner), MUSTER_OK);
        muster_plan_free(plan_with(planner, &l.problem, MUSTER_REPLAN_KEEP, 0, 1));
        life_event(&l);
        for (int64_t n = 0;; ++n) {
            muster_plan *plan = NULL;
            (void)mu_alloc_fail_once_after(n);
            const muster_status status =
                muster_planner_plan(&plan, planner, &l.problem, NULL, MUSTER_REPLAN_KEEP);
            const bool has_failed = mu_alloc_fail_once_after(-1) > n;
            muster_plan_free(plan);
            if (!has_failed) break;
            assert_int_equal(status, MUSTER_E_NOMEM);
        }
        muster_planner_free(planner);
        random_life_free(&l);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planners_live_by_the_rules),
        cmocka_unit_test(wrong_prices_spoil_neither_plans_nor_bounds),
        cmocka_unit_test(prices_of_vehicles_are_found_again_by_code),
        cmocka_unit_test(kept_travel_times_are_those_of_a_search),
        cmocka_unit_test(cells_that_are_asked_for_are_those_of_a_table),
        cmocka_unit_test(what_is_asked_of_shipments_is_that_of_the_whole),
        cmocka_unit_test(cover_without_the_locked_is_the_judges),
        cmocka_unit_test(a_work_limit_gives_the_same_plan_for_any_number_of_threads),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_single_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
