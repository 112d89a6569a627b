/* What holders keep on the spot against what they have to. Rules of one choice stand for each other, so
 * they are judged in two rounds: each by itself first, and then those that are not kept again, where
 * enough others of their choice are. */
#include <string.h>

#include <muster/readiness.h>

#include "core/alloc.h"
#include "core/error.h"

const char *muster_equipment_state_name(muster_equipment_state state) {
    static const char *const NAMES[] = {"missing", "short", "enough", "surplus", "optional"};
    return (unsigned)state <= MUSTER_EQUIPMENT_OPTIONAL ? NAMES[state] : NULL;
}

/* ---- checks -------------------------------------------------------------------------------- */

static muster_status check_range(const char *noun, uint32_t index, const char *field, int64_t value,
                                 int64_t most) {
    if (value >= 0 && value <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s %u has %s %lld; expected 0 to %lld", noun, index,
                       field, (long long)value, (long long)most);
}

static muster_status check_rules(uint32_t count, const muster_equipment_rule *rule) {
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(check_range("rule", i, "least", rule[i].least, MUSTER_MAX_QUANTITY));
        MU_TRY(check_range("rule", i, "people_per_piece", rule[i].people_per_piece,
                           MUSTER_MAX_QUANTITY));
        for (uint32_t j = 0; j < i && rule[i].choice != 0; ++j) {
            if (rule[j].choice != rule[i].choice || rule[j].choice_least == rule[i].choice_least) {
                continue;
            }
            return muster_fail(MUSTER_E_INVALID,
                               "rules %u and %u of choice %u ask for %u and %u of it; expected the "
                               "same number",
                               j, i, rule[i].choice, rule[j].choice_least, rule[i].choice_least);
        }
    }
    return MUSTER_OK;
}

static muster_status check_holdings(uint32_t holder_count, uint32_t count,
                                    const muster_holding *holding) {
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(check_range("holding", i, "quantity", holding[i].quantity, MUSTER_MAX_QUANTITY));
        if (holding[i].holder < holder_count) continue;
        return muster_fail(MUSTER_E_INVALID, "holding %u is of holder %u, but there are %u", i,
                           holding[i].holder, holder_count);
    }
    return MUSTER_OK;
}

/* ---- judging ------------------------------------------------------------------------------- */

static int64_t required_by(const muster_equipment_rule *rule, int64_t people) {
    const int64_t per = rule->people_per_piece;
    return rule->least + (per == 0 ? 0 : people / per + (people % per > 0));
}

static uint8_t judge(const muster_equipment *e) {
    if (e->held > e->required) return MUSTER_EQUIPMENT_SURPLUS;
    if (e->held == e->required) return MUSTER_EQUIPMENT_ENOUGH;
    return e->held == 0 ? MUSTER_EQUIPMENT_MISSING : MUSTER_EQUIPMENT_SHORT;
}

static bool is_kept(const muster_equipment *e) {
    return e->state == MUSTER_EQUIPMENT_ENOUGH || e->state == MUSTER_EQUIPMENT_SURPLUS;
}

/* A rule of a choice that requires nothing is kept by nobody: it asks for one piece at least. */
static bool counts(const muster_equipment *e) {
    return is_kept(e) && e->held > 0;
}

static void release_choices(uint32_t count, const muster_equipment_rule *rule,
                            muster_equipment *of_holder) {
    for (uint32_t i = 0; i < count; ++i) {
        uint32_t kept = 0;
        if (rule[i].choice == 0 || counts(&of_holder[i])) continue;
        for (uint32_t j = 0; j < count; ++j) {
            kept += rule[j].choice == rule[i].choice && counts(&of_holder[j]);
        }
        if (kept >= rule[i].choice_least) of_holder[i].state = MUSTER_EQUIPMENT_OPTIONAL;
    }
}

muster_status muster_equipment_check(uint32_t holder_count, const int64_t *people,
                                     uint32_t rule_count, const muster_equipment_rule *rules,
                                     uint32_t holding_count, const muster_holding *holdings,
                                     muster_equipment *out) {
    MU_TRY(check_rules(rule_count, rules));
    MU_TRY(check_holdings(holder_count, holding_count, holdings));
    for (uint32_t h = 0; h < holder_count; ++h) {
        MU_TRY(check_range("holder", h, "people", people[h], INT64_C(1000000000000)));
        for (uint32_t i = 0; i < rule_count; ++i) {
            out[(size_t)h * rule_count + i] =
                (muster_equipment){.required = required_by(&rules[i], people[h])};
        }
    }
    for (uint32_t k = 0; k < holding_count; ++k) {
        muster_equipment *of_holder = &out[(size_t)holdings[k].holder * rule_count];
        for (uint32_t i = 0; i < rule_count; ++i) {
            if (rules[i].kind == holdings[k].kind) of_holder[i].held += holdings[k].quantity;
        }
    }
    for (uint32_t h = 0; h < holder_count; ++h) {
        muster_equipment *of_holder = &out[(size_t)h * rule_count];
        for (uint32_t i = 0; i < rule_count; ++i) of_holder[i].state = judge(&of_holder[i]);
        release_choices(rule_count, rules, of_holder);
    }
    return MUSTER_OK;
}
