/* What a problem is refused for, found the short way and the plain one: stocks that lie together, items and codes
 * that are there twice, and what is on board of whom. The plain way compares everything with everything, in the
 * order in which the rules are. */
#include <muster/solve.h>

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/random_network.h"
#include "tests/support/rounds.h"

enum {
    KINDS      = 7, /* a vehicle, six items */
    VEHICLES   = 4,
    WAREHOUSES = 5,
    STOCKS     = 10,
    INCIDENTS  = 3,
    RULES      = 12
};

static struct {
    char            code[VEHICLES + WAREHOUSES][8];
    muster_vehicle  vehicle[VEHICLES];
    muster_stock    stock[STOCKS];
    muster_incident incident[INCIDENTS];
    muster_need     need[INCIDENTS];
    muster_rule     rule[RULES];
    muster_problem  problem;
} d;

static random_network  rows;
static muster_network *network;
static muster_metric  *metric;

static const muster_kind KIND[KINDS] = {
    {.code = "truck", .resource = MUSTER_VEHICLE}, {.code = "sandbag", .resource = MUSTER_ITEM},
    {.code = "tent", .resource = MUSTER_ITEM},     {.code = "hose", .resource = MUSTER_ITEM},
    {.code = "lamp", .resource = MUSTER_ITEM},     {.code = "rope", .resource = MUSTER_ITEM},
    {.code = "boat", .resource = MUSTER_ITEM}};

/* ---- drawing --------------------------------------------------------------------------- */

static muster_unit unit_of(uint32_t code) {
    snprintf(d.code[code], sizeof d.code[code], "C%u", code);
    return (muster_unit){.code = d.code[code], .site = {120.7 + 0.01 * code, 30.7}};
}

/* Warehouses in any order, some of which differ in one thing alone. */
static void draw_stocks(uint64_t *rng) {
    muster_unit place[WAREHOUSES];
    for (uint32_t w = 0; w < WAREHOUSES; ++w) place[w] = unit_of(VEHICLES + w);
    place[1]         = place[0];
    place[3]         = place[2];
    uint32_t *only[] = {&place[1].turnout_ms, &place[1].available_ms, &place[1].shift_end_ms};
    *only[random_below(rng, 3)] = 60000;
    if (random_below(rng, 2)) {
        place[3].site.lat_deg = 30.8;
    } else {
        place[2].site.lon_deg = 0, place[3].site.lon_deg = -0.0; /* one and the same */
    }
    for (uint32_t s = 0; s < STOCKS; ++s) {
        d.stock[s] = (muster_stock){.unit = place[random_below(rng, WAREHOUSES)], .quantity = 5};
    }
    for (uint32_t i = 0; i < STOCKS && random_below(rng, 2); ++i) {
        if (i > 0) d.stock[i].unit = d.stock[i - 1].unit;
    }
}

static bool is_one(const muster_unit *a, const muster_unit *b) {
    return strcmp(a->code, b->code) == 0 && a->site.lon_deg == b->site.lon_deg &&
           a->site.lat_deg == b->site.lat_deg && a->turnout_ms == b->turnout_ms &&
           a->authority == b->authority && a->available_ms == b->available_ms &&
           a->shift_end_ms == b->shift_end_ms;
}

/* Mostly another item for each row of a warehouse. */
static void draw_kinds(uint64_t *rng) {
    for (uint32_t s = 0; s < STOCKS; ++s) {
        uint32_t before = 0;
        for (uint32_t i = 0; i < s; ++i) before += is_one(&d.stock[i].unit, &d.stock[s].unit);
        d.stock[s].kind = 1 + before % (KINDS - 1);
        if (random_below(rng, 40) == 0) d.stock[s].kind = 1 + random_below(rng, KINDS - 1);
    }
}

static void add_rule(muster_rule rule) {
    if (d.problem.rule_count < RULES) d.rule[d.problem.rule_count++] = rule;
}

/* One warehouse is loaded as it should be. */
static void draw_load(uint64_t *rng, uint32_t vehicle) {
    const uint32_t warehouse = random_below(rng, STOCKS), incident = random_below(rng, INCIDENTS);
    for (uint32_t s = 0; s < STOCKS; ++s) {
        if (!is_one(&d.stock[s].unit, &d.stock[warehouse].unit)) continue;
        add_rule((muster_rule){.type     = MUSTER_EN_ROUTE,
                               .resource = MUSTER_ITEM,
                               .index    = s,
                               .incident = incident,
                               .vehicle  = vehicle});
    }
    if (random_below(rng, 3) > 0) return;
    add_rule((muster_rule){.type     = random_below(rng, 4) ? MUSTER_EN_ROUTE : MUSTER_LOCK,
                           .resource = MUSTER_VEHICLE,
                           .index    = random_below(rng, 4) ? vehicle : random_below(rng, VEHICLES),
                           .incident = random_below(rng, 4) ? incident : 0,
                           .need     = MUSTER_NONE});
}

/* Rules in another order, and one of them about something else, or about nothing. */
static void disturb(uint64_t *rng) {
    const uint32_t count = d.problem.rule_count;
    for (uint32_t i = count; i-- > 1;) {
        const uint32_t    k    = random_below(rng, i + 1);
        const muster_rule kept = d.rule[i];
        d.rule[i]              = d.rule[k];
        d.rule[k]              = kept;
    }
    if (count == 0 || random_below(rng, 2)) return;
    muster_rule *rule = &d.rule[random_below(rng, count)];
    switch (random_below(rng, 4)) {
    case 0:
        rule->vehicle = random_below(rng, VEHICLES + 1);
        break;
    case 1:
        rule->incident = random_below(rng, INCIDENTS);
        break;
    case 2:
        rule->index = random_below(rng, STOCKS + 1);
        break;
    default:
        *rule = d.rule[--d.problem.rule_count];
    }
}

static void draw(uint64_t seed) {
    uint64_t rng = ~seed * 31;
    memset(&d, 0, sizeof d);
    for (uint32_t v = 0; v < VEHICLES; ++v) {
        d.vehicle[v] = (muster_vehicle){.unit = unit_of(v), .payload_kg = 100, .volume_m3 = 1};
    }
    if (random_below(&rng, 2)) { /* codes that do not come in order */
        const muster_unit first = d.vehicle[0].unit;
        d.vehicle[0].unit       = d.vehicle[2].unit;
        d.vehicle[2].unit       = first;
    }
    if (random_below(&rng, 8) == 0) {
        d.vehicle[random_below(&rng, VEHICLES)].unit.code = d.code[random_below(&rng, VEHICLES)];
    }
    for (uint32_t i = 0; i < INCIDENTS; ++i) {
        d.incident[i] = (muster_incident){.code = KIND[i].code, .site = {120.7, 30.7}};
        d.need[i]     = (muster_need){.incident = i, .kind = 1, .quantity = 1};
    }
    d.problem = (muster_problem){.struct_size    = sizeof d.problem,
                                 .metric_count   = 1,
                                 .metric         = (const muster_metric *const *)&metric,
                                 .kind_count     = KINDS,
                                 .kind           = KIND,
                                 .vehicle_count  = VEHICLES,
                                 .vehicle        = d.vehicle,
                                 .stock_count    = STOCKS,
                                 .stock          = d.stock,
                                 .incident_count = INCIDENTS,
                                 .incident       = d.incident,
                                 .need_count     = INCIDENTS,
                                 .need           = d.need,
                                 .rule           = d.rule,
                                 .item_transport = MUSTER_ITEMS_BY_VEHICLE};
    draw_stocks(&rng);
    draw_kinds(&rng);
    for (uint32_t v = 0; v < VEHICLES; ++v) {
        if (random_below(&rng, 3) == 0) draw_load(&rng, v);
    }
    disturb(&rng);
}

/* ---- the plain way --------------------------------------------------------------------- */

static char expected[256];

static bool expect(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool expect(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    return false;
}

static bool are_items_single(void) {
    for (uint32_t s = 0; s < STOCKS; ++s) {
        for (uint32_t i = 0; i < s; ++i) {
            if (d.stock[i].kind == d.stock[s].kind && is_one(&d.stock[i].unit, &d.stock[s].unit)) {
                return expect("expected one where items come by vehicle");
            }
        }
    }
    return true;
}

static bool are_codes_single(void) {
    for (uint32_t v = 0; v < VEHICLES; ++v) {
        for (uint32_t i = 0; i < v; ++i) {
            if (strcmp(d.vehicle[i].unit.code, d.vehicle[v].unit.code) == 0) {
                return expect("two vehicles have the code \"%s\"", d.vehicle[v].unit.code);
            }
        }
    }
    return true;
}

static bool is_load(const muster_rule *rule) {
    return rule->type == MUSTER_EN_ROUTE && rule->resource == MUSTER_ITEM;
}

static bool is_loaded_as(const muster_rule *load, uint32_t stock) {
    for (uint32_t k = 0; k < d.problem.rule_count; ++k) {
        const muster_rule *other = &d.rule[k];
        if (is_load(other) && other->index == stock && other->vehicle == load->vehicle &&
            other->incident == load->incident) {
            return true;
        }
    }
    return false;
}

/* Does it contradict a load? What it should be. */
static const char *contradiction(const muster_rule *load, const muster_rule *other) {
    if (is_load(other)) {
        const bool is_elsewhere = other->vehicle == load->vehicle && other->index < STOCKS &&
                                  !is_one(&d.stock[other->index].unit, &d.stock[load->index].unit);
        return is_elsewhere ? "nothing else on board of it" : NULL;
    }
    if (other->resource != MUSTER_VEHICLE || other->index != load->vehicle) return NULL;
    if (other->type == MUSTER_LOCK) return "a vehicle that is not locked";
    return other->incident != load->incident ? "the incident that it is on its way to" : NULL;
}

static bool is_load_sound(uint32_t i) {
    const muster_rule *load = &d.rule[i];
    const char        *why  = NULL;
    if (load->vehicle >= VEHICLES) return expect("rule %u has vehicle", i);
    for (uint32_t s = 0; s < STOCKS && !why; ++s) {
        if (is_one(&d.stock[load->index].unit, &d.stock[s].unit) && !is_loaded_as(load, s)) {
            why = "the same of all that is in the same warehouse";
        }
    }
    for (uint32_t k = 0; k < d.problem.rule_count && !why; ++k) {
        why = contradiction(load, &d.rule[k]);
    }
    if (!why) return true;
    return expect("rule %u has stock %u (\"%s\") on board of vehicle %u (\"%s\"); expected %s", i,
                  load->index, d.stock[load->index].unit.code, load->vehicle,
                  d.vehicle[load->vehicle].unit.code, why);
}

static bool are_rules_sound(void) {
    for (uint32_t i = 0; i < d.problem.rule_count; ++i) {
        const muster_rule *rule  = &d.rule[i];
        const uint32_t     units = rule->resource == MUSTER_ITEM ? STOCKS : VEHICLES;
        if (rule->index >= units) return expect("rule %u is about resource %u", i, rule->index);
        if (is_load(rule) && !is_load_sound(i)) return false;
    }
    for (uint32_t i = 0; i < d.problem.rule_count; ++i) {
        for (uint32_t k = 0; k < i; ++k) {
            if (d.rule[i].type == MUSTER_EN_ROUTE && d.rule[k].type == MUSTER_EN_ROUTE &&
                d.rule[i].resource == d.rule[k].resource && d.rule[i].index == d.rule[k].index) {
                return expect("on its way; expected one");
            }
        }
    }
    return true;
}

/* ---- tests ----------------------------------------------------------------------------- */

static void a_problem_is_refused_for_what_is_wrong_with_it_and_for_nothing_else(void **state) {
    (void)state;
    const seeds asked   = seeds_asked(20000);
    uint64_t    refused = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        draw(seed);
        const bool is_sound        = are_items_single() && are_codes_single() && are_rules_sound();
        const muster_status status = muster_problem_check(&d.problem);
        if (status != (is_sound ? MUSTER_OK : MUSTER_E_INVALID) ||
            (!is_sound && !strstr(muster_error_message(), expected))) {
            fail_msg("seed %llu: %d \"%s\", expected \"%s\"", (unsigned long long)seed, (int)status,
                     muster_error_message(), is_sound ? "nothing" : expected);
        }
        refused += !is_sound;
    }
    if (asked.count < 1000) return;
    assert_true(refused > asked.count / 4);
    assert_true(refused < asked.count * 3 / 4);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    uint64_t      seed    = 0;
    int64_t       failing = 0;
    muster_status status;
    do {
        draw(seed++);
    } while (d.problem.rule_count < 5 || muster_problem_check(&d.problem) != MUSTER_OK);
    do {
        (void)mu_alloc_fail_after(failing++);
        status = muster_problem_check(&d.problem);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
    } while (status != MUSTER_OK);
    assert_true(failing > 15);
}

static int set_up(void **state) {
    (void)state;
    network = random_network_new(&rows, 1);
    metric  = random_network_metric(network, "light");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    muster_metric_free(metric);
    muster_network_free(network);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_is_refused_for_what_is_wrong_with_it_and_for_nothing_else),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
