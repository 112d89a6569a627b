/* Does the judge bite? Good plans of random problems are changed in one place each: every field of
 * every row takes other values, rows are left out, doubled, split and exchanged. Each of these
 * mutants has to be refused.
 *
 * What is no mutant: who is sent in the place of his equal, and a bound that is lower. What the
 * judge does not know: which of several reasons keeps an item from coming by vehicle. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "solver/plan.h"
#include "tests/support/random_model.h"
#include "tests/support/random_shipments.h"
#include "tests/support/rounds.h"

/* ---- mutants ------------------------------------------------------------------------------- */

enum { MOST_KINDS = 256 };

/* How many of a kind there have been. */
typedef struct kind_of_mutant {
    char     name[48];
    uint64_t made, survived;
} kind_of_mutant;

static kind_of_mutant kinds[MOST_KINDS];
static uint64_t       seed_now;

static void note(const char *name, bool survived) {
    int i = 0;
    while (kinds[i].name[0] && strcmp(kinds[i].name, name) != 0) ++i;
    assert_true(i < MOST_KINDS - 1);
    snprintf(kinds[i].name, sizeof kinds[i].name, "%s", name);
    ++kinds[i].made;
    if (!survived) return;
    if (kinds[i].survived++ == 0 && strcmp(name, "nothing") != 0) {
        print_message("survived: %s, first in seed %llu\n", name, (unsigned long long)seed_now);
    }
}

/* A plan with lists of its own, and room for one row more in each. */
static void *copy_rows(const void *rows, uint32_t count, size_t size) {
    void *copy = calloc((size_t)count + 1, size);
    assert_non_null(copy);
    if (count > 0) memcpy(copy, rows, count * size);
    return copy;
}

static muster_plan copy_of(const muster_plan *plan) {
    muster_plan m = *plan;
    m.assignment  = copy_rows(plan->assignment, plan->assignment_count, sizeof *m.assignment);
    m.shipment    = copy_rows(plan->shipment, plan->shipment_count, sizeof *m.shipment);
    m.unmet       = copy_rows(plan->unmet, plan->unmet_count, sizeof *m.unmet);
    return m;
}

static bool is_refused(const muster_plan *m, const muster_problem *problem) {
    const muster_status verdict = muster_plan_check(m, problem);
    assert_true(verdict == MUSTER_OK || verdict == MUSTER_E_INTERNAL);
    return verdict == MUSTER_E_INTERNAL;
}

/* The end of a mutant. */
static void judge(muster_plan *m, const muster_problem *problem, const char *name) {
    note(name, !is_refused(m, problem));
    free(m->assignment);
    free(m->shipment);
    free(m->unmet);
}

/* ---- fields -------------------------------------------------------------------------------- */

typedef enum type { U8, U32, I64, F64 } type;

typedef struct field {
    const char *name;
    size_t      offset;
    type        type;
} field;

#define OF(row, field, type)                                                                       \
    { #row "." #field, offsetof(muster_##row, field), type }

static const field ASSIGNMENT[] = {
    OF(assignment, resource, U8),    OF(assignment, index, U32),
    OF(assignment, need, U32),       OF(assignment, quantity, I64),
    OF(assignment, depart_ms, U32),  OF(assignment, eta_ms, U32),
    OF(assignment, distance_m, F64), OF(assignment, shipment, U32),
    OF(assignment, locked, I64),     OF(assignment, escalation, U8),
    OF(assignment, is_late, U8),     OF(assignment, is_diverted, U8),
};
static const field SHIPMENT[] = {
    OF(shipment, vehicle, U32),    OF(shipment, stock, U32),      OF(shipment, incident, U32),
    OF(shipment, depart_ms, U32),  OF(shipment, load_at_ms, U32), OF(shipment, eta_ms, U32),
    OF(shipment, distance_m, F64), OF(shipment, load_kg, F64),    OF(shipment, load_m3, F64),
    OF(shipment, is_diverted, U8),
};
static const field UNMET[] = {
    OF(unmet, need, U32),
    OF(unmet, quantity, I64),
    OF(unmet, reason, U8),
};

enum { VALUES = 14 };

/* Neighbours, small numbers, which are those of other rows, and the ends of the type. */
static int64_t whole_value(int64_t was, int k) {
    static const int64_t ENDS[] = {INT64_MAX, UINT32_MAX, INT64_MIN, UINT8_MAX};
    if (k < 2) return was + (k == 0 ? 1 : -1);
    return k < 10 ? k - 2 : ENDS[k - 10];
}

static double real_value(double was, int k) {
    const double values[VALUES] = {was + 0.01, was - 0.01, was * 2,      0,    -1, (double)NAN,
                                   INFINITY,   -INFINITY,  was + 1000.0, 1e300};
    return values[k];
}

/* False where it has that value already. */
static bool set(void *row, const field *f, int k) {
    unsigned char *at = (unsigned char *)row + f->offset;
    uint8_t        u8;
    uint32_t       u32;
    int64_t        i64;
    double         f64;
    switch (f->type) {
    case U8:
        u8  = *at;
        *at = (uint8_t)whole_value(u8, k);
        return *at != u8;
    case U32:
        memcpy(&u32, at, sizeof u32);
        const uint32_t other = (uint32_t)whole_value(u32, k);
        memcpy(at, &other, sizeof other);
        return other != u32;
    case I64:
        memcpy(&i64, at, sizeof i64);
        const int64_t whole = whole_value(i64, k);
        memcpy(at, &whole, sizeof whole);
        return whole != i64;
    case F64:
    default:
        memcpy(&f64, at, sizeof f64);
        const double real = real_value(f64, k);
        memcpy(at, &real, sizeof real);
        return !(real == f64);
    }
}

/* Somebody else, who is where he is, and no worse and no better. */
static bool is_equal_unit(const muster_problem *p, const muster_assignment *a,
                          const muster_assignment *b) {
    if (a->resource != b->resource) return false;
    const muster_unit *x = muster_problem_unit(p, (muster_resource)a->resource, a->index);
    const muster_unit *y = muster_problem_unit(p, (muster_resource)b->resource, b->index);
    return x->site.lon_deg == y->site.lon_deg && x->site.lat_deg == y->site.lat_deg &&
           x->metric == y->metric && x->turnout_ms == y->turnout_ms;
}

static void mutate_assignments(const muster_plan *plan, const muster_problem *problem) {
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        for (size_t f = 0; f < sizeof ASSIGNMENT / sizeof *ASSIGNMENT; ++f) {
            for (int k = 0; k < VALUES; ++k) {
                muster_plan        m        = copy_of(plan);
                muster_assignment *a        = &m.assignment[i];
                const bool         is_other = set(a, &ASSIGNMENT[f], k);
                const bool         is_equal =
                    is_other && ASSIGNMENT[f].offset == offsetof(muster_assignment, index) &&
                    a->index < muster_problem_unit_count(problem, (muster_resource)a->resource) &&
                    is_equal_unit(problem, a, &plan->assignment[i]);
                judge(&m, problem,
                      !is_other  ? "nothing"
                      : is_equal ? "assignment.index of an equal"
                                 : ASSIGNMENT[f].name);
            }
        }
    }
}

static void mutate_shipments(const muster_plan *plan, const muster_problem *problem) {
    for (uint32_t i = 0; i < plan->shipment_count; ++i) {
        for (size_t f = 0; f < sizeof SHIPMENT / sizeof *SHIPMENT; ++f) {
            for (int k = 0; k < VALUES; ++k) {
                muster_plan m        = copy_of(plan);
                const bool  is_other = set(&m.shipment[i], &SHIPMENT[f], k);
                judge(&m, problem, is_other ? SHIPMENT[f].name : "nothing");
            }
        }
    }
}

/* What could still bring an item here by vehicle is not worked out by the judge. */
static bool needs_tables(uint8_t reason) {
    return reason == MUSTER_UNMET_UNREACHABLE || reason == MUSTER_UNMET_RULED_OUT ||
           reason == MUSTER_UNMET_INCOMPLETE ||
           (reason >= MUSTER_UNMET_DIVERSION && reason <= MUSTER_UNMET_NO_VEHICLE);
}

static const char *name_of_reasons(const muster_problem *p, const muster_unmet *u, uint8_t is) {
    static char    name[48];
    const uint8_t  was  = u->reason;
    const uint32_t kind = p->need[u->need].kind;
    if (was == is) return "nothing";
    if (p->item_transport == MUSTER_ITEMS_BY_VEHICLE && p->kind[kind].resource == MUSTER_ITEM &&
        needs_tables(was) && needs_tables(is)) {
        return "another reason for an item by vehicle";
    }
    const char *from = muster_unmet_reason_name((muster_unmet_reason)was);
    const char *to   = muster_unmet_reason_name((muster_unmet_reason)is);
    snprintf(name, sizeof name, "%s for %s", to ? to : "no reason", from);
    return name;
}

static void mutate_unmet(const muster_plan *plan, const muster_problem *problem) {
    for (uint32_t i = 0; i < plan->unmet_count; ++i) {
        for (size_t f = 0; f < 2; ++f) {
            for (int k = 0; k < VALUES; ++k) {
                muster_plan m        = copy_of(plan);
                const bool  is_other = set(&m.unmet[i], &UNMET[f], k);
                judge(&m, problem, is_other ? UNMET[f].name : "nothing");
            }
        }
        for (uint8_t reason = 0; reason <= MUSTER_UNMET_NO_VEHICLE + 1; ++reason) {
            muster_plan m     = copy_of(plan);
            m.unmet[i].reason = reason;
            judge(&m, problem, name_of_reasons(problem, &plan->unmet[i], reason));
        }
    }
}

/* ---- tiers --------------------------------------------------------------------------------- */

static void mutate_tiers(const muster_plan *plan, const muster_problem *problem) {
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t            value = plan->tier[t].value, bound = plan->tier[t].bound;
        const muster_tier_result other[] = {
            {value + 1, bound}, {value - 1, bound}, {2 * value + 1, bound}, {INT64_MAX, bound},
            {INT64_MIN, bound}, {-1, bound},        {value, value + 1},     {value, -1},
            {value, INT64_MAX}, {value, INT64_MIN}};
        for (size_t k = 0; k < sizeof other / sizeof *other; ++k) {
            muster_plan m = copy_of(plan);
            m.tier[t]     = other[k];
            judge(&m, problem, k < 6 ? "tier.value" : "tier.bound");
        }
        for (int u = 0; u <= MUSTER_TIER_COUNT; ++u) {
            muster_plan m = copy_of(plan);
            m.order[t]    = (muster_tier)u;
            judge(&m, problem, m.order[t] == plan->order[t] ? "nothing" : "tier order");
        }
    }
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Row `at` is left out of, or put twice into, a list. */
static void leave_out(void *rows, uint32_t *count, uint32_t at, size_t size) {
    unsigned char *row = rows;
    memmove(row + at * size, row + (at + 1) * size, (*count - at - 1) * size);
    --*count;
}

static void put_twice(void *rows, uint32_t *count, uint32_t at, size_t size) {
    unsigned char *row = rows;
    memmove(row + (at + 1) * size, row + at * size, (*count - at) * size);
    ++*count;
}

static void exchange(void *rows, uint32_t a, uint32_t b, size_t size) {
    unsigned char  keep[sizeof(muster_assignment) + sizeof(muster_shipment)];
    unsigned char *row = rows;
    memcpy(keep, row + a * size, size);
    memcpy(row + a * size, row + b * size, size);
    memcpy(row + b * size, keep, size);
}

/* People who are there beside him are enough without him. */
static bool is_made_up_for(const muster_plan *plan, const muster_problem *problem, uint32_t at) {
    const uint32_t need  = plan->assignment[at].need;
    int64_t        other = -plan->assignment[at].quantity;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        if (plan->assignment[i].need == need) other += plan->assignment[i].quantity;
    }
    return other >= problem->need[need].quantity;
}

static void mutate_assignment_rows(const muster_plan *plan, const muster_problem *problem) {
    const size_t size = sizeof *plan->assignment;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        muster_plan m = copy_of(plan);
        leave_out(m.assignment, &m.assignment_count, i, size);
        judge(&m, problem,
              is_made_up_for(plan, problem, i) ? "assignment others make up for"
                                               : "assignment left out");
        m = copy_of(plan);
        put_twice(m.assignment, &m.assignment_count, i, size);
        judge(&m, problem, "assignment twice");
        for (uint32_t k = 0; k < i; ++k) {
            m = copy_of(plan);
            exchange(m.assignment, i, k, size);
            judge(&m, problem, "assignments exchanged");
            const muster_assignment *a = &plan->assignment[i], *b = &plan->assignment[k];
            if (is_equal_unit(problem, a, b)) continue;
            m                     = copy_of(plan);
            m.assignment[i].index = b->index;
            m.assignment[k].index = a->index;
            judge(&m, problem, a->index == b->index ? "nothing" : "units exchanged");
        }
        if (plan->assignment[i].quantity < 2) continue;
        m = copy_of(plan);
        put_twice(m.assignment, &m.assignment_count, i, size);
        m.assignment[i].quantity     = 1;
        m.assignment[i + 1].quantity = plan->assignment[i].quantity - 1;
        judge(&m, problem, "assignment in two parts");
    }
}

static void mutate_shipment_rows(const muster_plan *plan, const muster_problem *problem) {
    const size_t size = sizeof *plan->shipment;
    for (uint32_t i = 0; i < plan->shipment_count; ++i) {
        muster_plan m = copy_of(plan);
        leave_out(m.shipment, &m.shipment_count, i, size);
        judge(&m, problem, "shipment left out");
        m = copy_of(plan);
        put_twice(m.shipment, &m.shipment_count, i, size);
        judge(&m, problem, "shipment twice");
        for (uint32_t k = 0; k < i; ++k) {
            m = copy_of(plan);
            exchange(m.shipment, i, k, size);
            judge(&m, problem, "shipments exchanged");
        }
    }
}

static void mutate_unmet_rows(const muster_plan *plan, const muster_problem *problem) {
    const size_t size = sizeof *plan->unmet;
    for (uint32_t i = 0; i < plan->unmet_count; ++i) {
        muster_plan m = copy_of(plan);
        leave_out(m.unmet, &m.unmet_count, i, size);
        judge(&m, problem, "unmet left out");
        m = copy_of(plan);
        put_twice(m.unmet, &m.unmet_count, i, size);
        judge(&m, problem, "unmet twice");
        for (uint32_t k = 0; k < i; ++k) {
            m = copy_of(plan);
            exchange(m.unmet, i, k, size);
            judge(&m, problem, "unmet exchanged");
        }
    }
    for (uint32_t n = 0, next = 0; n < problem->need_count; ++n) {
        if (next < plan->unmet_count && plan->unmet[next].need == n) {
            ++next;
            continue;
        }
        muster_plan m = copy_of(plan); /* a need that is met */
        put_twice(m.unmet, &m.unmet_count, next, size);
        m.unmet[next] = (muster_unmet){n, 1, MUSTER_UNMET_EXHAUSTED};
        judge(&m, problem, "unmet though met");
    }
}

/* ---- tests --------------------------------------------------------------------------------- */

static void mutate(const muster_problem *problem) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.time_limit_ms = 0;
    options.work_limit    = 100000;
    options.thread_count  = 1;
    if (muster_solve(&plan, problem, &options) != MUSTER_OK) fail_msg("%s", muster_error_message());
    mutate_assignments(plan, problem);
    mutate_shipments(plan, problem);
    mutate_unmet(plan, problem);
    mutate_tiers(plan, problem);
    mutate_assignment_rows(plan, problem);
    mutate_shipment_rows(plan, problem);
    mutate_unmet_rows(plan, problem);
    muster_plan_free(plan);
}

/* Kinds that may pass for plans because they may be. */
static const char *const HARMLESS[] = {"assignment.index of an equal",
                                       "assignment others make up for",
                                       "another reason for an item by vehicle"};

static bool is_harmless(const char *name) {
    for (size_t i = 0; i < sizeof HARMLESS / sizeof *HARMLESS; ++i) {
        if (strcmp(name, HARMLESS[i]) == 0) return true;
    }
    return false;
}

/* All of a kind are refused; what is not changed is not. */
static void tell(void) {
    uint64_t made = 0, survived = 0, unchanged = 0;
    for (int i = 0; kinds[i].name[0]; ++i) {
        const kind_of_mutant *k = &kinds[i];
        if (strcmp(k->name, "nothing") == 0) {
            unchanged = k->made - k->survived;
            continue;
        }
        if (k->survived > 0) {
            print_message("%llu of %llu survived: %s\n", (unsigned long long)k->survived,
                          (unsigned long long)k->made, k->name);
        }
        if (is_harmless(k->name)) continue;
        made += k->made;
        survived += k->survived;
    }
    print_message("%llu mutants, %llu survived\n", (unsigned long long)made,
                  (unsigned long long)survived);
    memset(kinds, 0, sizeof kinds);
    assert_int_equal(survived, 0);
    assert_int_equal(unchanged, 0);
    assert_true(made > 1000);
}

static bool has_conflict(const muster_problem *problem) {
    muster_conflict conflict;
    uint32_t        rule[MODEL_RULES + SHIP_RULES + SHIP_ORDERS], count;
    assert_int_equal(muster_problem_conflict(problem, &conflict, rule, &count), MUSTER_OK);
    return conflict != MUSTER_NO_CONFLICT;
}

static void plans_of_everything(void **state) {
    (void)state;
    const seeds asked = seeds_asked(80);
    for (seed_now = asked.first; seed_now < asked.end; ++seed_now) {
        static random_model m;
        random_model_new(&m, seed_now, MODEL_EVERYTHING);
        if (!has_conflict(&m.problem)) mutate(&m.problem);
        random_model_free(&m);
    }
    tell();
}

static void plans_with_shipments(void **state) {
    (void)state;
    const seeds asked = seeds_asked(120);
    for (seed_now = asked.first; seed_now < asked.end; ++seed_now) {
        static random_shipments r;
        random_shipments_new(&r, seed_now);
        if (seed_now % 2) random_shipments_command(&r, seed_now);
        if (seed_now % 3) random_shipments_orders(&r, seed_now);
        if (!has_conflict(&r.problem)) mutate(&r.problem);
        random_shipments_free(&r);
    }
    tell();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_of_everything),
        cmocka_unit_test(plans_with_shipments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
