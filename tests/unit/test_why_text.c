/* Whatever an explanation may have found, there is a sentence for it in every language. Answers are made up
 * here, one of each kind with each other, since no few problems have them all. */
#include <string.h>

#include "core/alloc.h"
#include "solver/why.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/sentence_check.h"

enum { NEEDS = 5, ITEM_NEED = 3 };

/* Codes have no letters here, so that a letter in a Chinese sentence is one of the writer's. */
static const muster_kind KIND[MUSTER_RESOURCE_COUNT] = {
    {.code = "1", .name = "医疗救护", .resource = MUSTER_PEOPLE},
    {.code = "2", .name = "救护车", .resource = MUSTER_VEHICLE},
    {.code = "3", .name = "水泵", .resource = MUSTER_MACHINE},
    {.code = "4", .resource = MUSTER_ITEM, .mass_kg = 1}};
static const muster_team    TEAM[2]    = {{{.code = "11", .name = "一队"}, .people = 8},
                                          {{.code = "12"}, .people = 10}};
static const muster_vehicle VEHICLE[2] = {{{.code = "21", .name = "一号车"}, .kind = 1},
                                          {{.code = "22"}, .kind = 1}};
static const muster_machine MACHINE[2] = {{{.code = "31"}, .kind = 2, .count = 2},
                                          {{.code = "32", .name = "泵站"}, .kind = 2, .count = 3}};
static const muster_stock STOCK[2] = {{{.code = "41", .name = "一库"}, .kind = 3, .quantity = 5},
                                      {{.code = "42", .name = ""}, .kind = 3, .quantity = 6}};
static const muster_incident INCIDENT[2] = {
    {.code = "7-1", .name = "储罐泄漏", .severity = MUSTER_EXTREME},
    {.code = "7-2", .severity = MUSTER_MINOR}};
static const muster_need NEED[NEEDS] = {
    {0, 0, 30, 4, 2}, {0, 1, 3, 2, 0}, {0, 2, 6, 0, 0}, {0, 3, 9, 3, 0}, {1, 0, 40, 0, 0}};

static muster_problem problem;
static int64_t        missing[NEEDS] = {20, 1, 2, 3, 4};
static muster_reasons book           = {.problem = &problem, .missing = missing};
static uint32_t       closed_need[2] = {0, 4}, closed_unit[2] = {0, 1};

static int set_up(void **state) {
    (void)state;
    problem = (muster_problem){.struct_size    = sizeof problem,
                               .kind_count     = MUSTER_RESOURCE_COUNT,
                               .kind           = KIND,
                               .team_count     = 2,
                               .team           = TEAM,
                               .vehicle_count  = 2,
                               .vehicle        = VEHICLE,
                               .machine_count  = 2,
                               .machine        = MACHINE,
                               .stock_count    = 2,
                               .stock          = STOCK,
                               .incident_count = 2,
                               .incident       = INCIDENT,
                               .need_count     = NEEDS,
                               .need           = NEED};
    return 0;
}

static const char *say(muster_why *why, muster_question question, muster_language language) {
    for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
        for (int q = 0; q < MUSTER_QUESTION_COUNT; ++q) {
            mu_free(why->text[l][q]);
            why->text[l][q] = NULL;
        }
    }
    why->book = &book;
    assert_int_equal(mu_why_write(why), MUSTER_OK);
    return muster_why_text_in(why, question, language);
}

static void forget(muster_why *why) {
    for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
        for (int q = 0; q < MUSTER_QUESTION_COUNT; ++q) mu_free(why->text[l][q]);
    }
}

static muster_why about(uint32_t need) {
    muster_why why         = {.need = need};
    why.shortage           = (muster_shortage){.missing    = missing[need],
                                               .need_count = 1,
                                               .need       = closed_need,
                                               .unit_count = 1,
                                               .unit       = closed_unit,
                                               .supply     = 8,
                                               .demand     = 30};
    why.nearest.verdict    = MUSTER_NEAREST_NONE;
    why.nearest.resource   = (uint8_t)KIND[NEED[need].kind].resource;
    why.nearest.index      = 0;
    why.nearest.other_need = MUSTER_NONE, why.nearest.replacement = MUSTER_NONE;
    why.nearest.last_eta_ms = MUSTER_UNREACHABLE_MS;
    return why;
}

static void every_reason_has_a_sentence_of_its_own_in_every_language(void **state) {
    (void)state;
    for (int language = 0; language < MUSTER_LANGUAGE_COUNT; ++language) {
        for (uint32_t need = 0; need < MUSTER_RESOURCE_COUNT; ++need) {
            muster_why why = about(need);
            char       told[MUSTER_REASON_IN_PLAN + 1][1024];
            int        count = 0;
            for (int reason = 0; reason <= MUSTER_REASON_IN_PLAN; ++reason) {
                if (!muster_unmet_reason_name((muster_unmet_reason)reason) &&
                    reason != MUSTER_REASON_IN_PLAN) {
                    continue;
                }
                why.shortage.reason = (uint8_t)reason;
                for (int proof = MUSTER_PROOF_SUPPLY; proof >= MUSTER_PROOF_NONE; --proof) {
                    why.shortage.proof = (uint8_t)proof;
                    check_sentence(say(&why, MUSTER_WHY_UNMET, (muster_language)language),
                                   (muster_language)language);
                }
                const char *text =
                    muster_why_text_in(&why, MUSTER_WHY_UNMET, (muster_language)language);
                assert_true(strlen(text) < sizeof told[0]);
                strcpy(told[count], text);
                for (int before = 0; before < count; ++before) {
                    assert_string_not_equal(told[before], told[count]);
                }
                ++count;
            }
            assert_int_equal(count, MUSTER_UNMET_NO_VEHICLE + 2);
            forget(&why);
        }
    }
}

static void every_verdict_has_a_sentence_in_every_language(void **state) {
    (void)state;
    for (uint32_t need = 0; need < MUSTER_RESOURCE_COUNT; ++need) {
        for (unsigned v = 0; muster_nearest_verdict_name((muster_nearest_verdict)v); ++v) {
            for (unsigned bits = 0; bits < 256; ++bits) {
                muster_why       why    = about(need);
                muster_exchange *n      = &why.nearest;
                n->verdict              = (uint8_t)v;
                n->eta_ms               = 60000;
                n->last_eta_ms          = bits & 1 ? 90000 : 30000;
                n->is_bound             = (bits & 6) == 6;
                n->is_possible          = (bits & 6) != 4;
                n->replacement          = bits & 8 ? 1 : MUSTER_NONE;
                n->replacement_eta_ms   = bits & 16 ? 70000 : 50000;
                n->other_eta_ms         = 60000;
                n->other_missing        = bits & 32 ? 2 : bits & 64 ? -2 : 0;
                n->unmet_need_change    = bits & 64 ? 5 : 0;
                n->response_time_change = bits & 128 ? -3 : 0;
                const bool has_other    = v == MUSTER_NEAREST_ELSEWHERE;
                n->other_need           = has_other ? 4 : MUSTER_NONE;
                const bool is_said      = v != MUSTER_NEAREST_SHIPPED;
                for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
                    const char *text = say(&why, MUSTER_WHY_NOT_NEAREST, (muster_language)l);
                    if (is_said) check_sentence(text, (muster_language)l);
                    if (!is_said) assert_null(text);
                }
                forget(&why);
            }
        }
    }
}

static void help_is_told_in_every_language(void **state) {
    (void)state;
    static const int64_t GAIN[] = {0, 5, -5};
    for (int by_vehicle = 0; by_vehicle < 2; ++by_vehicle) {
        problem.item_transport = by_vehicle ? MUSTER_ITEMS_BY_VEHICLE : MUSTER_ITEMS_BY_THEMSELVES;
        for (uint32_t need = 0; need < MUSTER_RESOURCE_COUNT; ++need) {
            for (unsigned i = 0; i < 12; ++i) {
                muster_why why = about(need);
                why.help       = (muster_help){.unmet_need_gain    = GAIN[i % 2],
                                               .response_time_gain = GAIN[i / 2 % 3],
                                               .is_exact           = i >= 6};
                for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
                    const char *text = say(&why, MUSTER_WHAT_WOULD_HELP, (muster_language)l);
                    if (by_vehicle && need == ITEM_NEED) {
                        assert_null(text);
                    } else {
                        check_sentence(text, (muster_language)l);
                    }
                }
                forget(&why);
            }
        }
    }
}

/* ---- as they are read ------------------------------------------------------------------------ */

static void says(muster_why *why, muster_question question, const char *expected) {
    assert_string_equal(say(why, question, MUSTER_CHINESE), expected);
    forget(why);
}

static void a_shortage_is_told_with_names_codes_and_what_is_counted(void **state) {
    (void)state;
    muster_why why      = about(0);
    why.shortage.reason = MUSTER_UNMET_EXHAUSTED, why.shortage.proof = MUSTER_PROOF_SUPPLY;
    why.shortage.need_count = 2, why.shortage.unit_count = 2;
    why.shortage.supply = 18, why.shortage.demand = 70;
    says(&why, MUSTER_WHY_UNMET,
         "储罐泄漏（7-1）缺少“医疗救护” 20 人（共需 30 人）：可用于储罐泄漏（7-1）、7-2共 2 "
         "项需求的全部力量为 2 支队伍共 18 人，而需求合计 70 人，无论如何调派都不够。");
    why                 = about(ITEM_NEED);
    why.shortage.reason = MUSTER_UNMET_NO_VEHICLE;
    says(&why, MUSTER_WHY_UNMET,
         "储罐泄漏（7-1）缺少“4” 3 件（共需 9 件）：尚有库存，但没有空闲车辆可以装运。");
    why                 = about(2);
    why.shortage.reason = MUSTER_UNMET_NO_OPERATORS, why.shortage.proof = MUSTER_PROOF_SUPPLY;
    says(&why, MUSTER_WHY_UNMET,
         "储罐泄漏（7-1）缺少“水泵” 2 台（共需 6 台）：现场没有更多人员可操作此类机械。此外，"
         "可用于该需求的全部力量为 1 处机械共 8 台，而需求为 30 台，无论如何调派都不够。");
}

static void an_exchange_is_told_with_both_ends(void **state) {
    (void)state;
    muster_why why = about(0);
    why.nearest    = (muster_exchange){.verdict              = MUSTER_NEAREST_ELSEWHERE,
                                       .resource             = MUSTER_PEOPLE,
                                       .eta_ms               = 60000,
                                       .last_eta_ms          = 600000,
                                       .is_possible          = 1,
                                       .other_need           = 4,
                                       .other_eta_ms         = 90000,
                                       .replacement          = 1,
                                       .replacement_eta_ms   = 630000,
                                       .other_missing        = 2,
                                       .unmet_need_change    = 66666,
                                       .response_time_change = -40};
    says(&why, MUSTER_WHY_NOT_NEAREST,
         "一队（11）可在 1.0 分钟后到达储罐泄漏（7-1，“医疗救护”），比所派力量中最后到达的早 9.0 "
         "分钟，但已派往7-2（一般，“医疗救护”），1.5 分钟后到达。若将其改派此处，原处由12顶替，晚 "
         "9.0 分钟到达，且多缺 2 人。合计（加权）：未满足需求变化 +66666，响应时间变化 "
         "-40，比现在更差。");
    why      = about(1);
    why.help = (muster_help){.unmet_need_gain = 2666666, .response_time_gain = -7};
    says(&why, MUSTER_WHAT_WOULD_HELP,
         "若储罐泄漏（7-1）现场增援“救护车” 1 辆，未满足需求（加权）可减少 2666666，"
         "相当于此处多满足 1.00 辆；因满足的需求更多，响应时间（加权）增加 7（估计值："
         "假定队伍可以拆分，且不计最低数量和规则）。");
}

static void proof_is(uint32_t units, int64_t supply, int64_t demand, muster_proof proof,
                     const char *expected) {
    muster_why why          = about(0);
    why.shortage.reason     = MUSTER_UNMET_EXHAUSTED;
    why.shortage.proof      = (uint8_t)proof;
    why.shortage.unit_count = units;
    why.shortage.supply = supply, why.shortage.demand = demand;
    const char *text = say(&why, MUSTER_WHY_UNMET, MUSTER_ENGLISH);
    assert_string_equal(strchr(text, ':') + 2, expected);
    forget(&why);
}

/* The need lacks 20, so that of a supply of 15 and a demand of 34 one is more than is asked for. */
static void in_english_one_is_not_told_as_many(void **state) {
    (void)state;
    proof_is(1, 1, 30, MUSTER_PROOF_SUPPLY,
             "1 team with 1 person is all that can serve this need, and 30 are asked for there: no "
             "plan can send enough.");
    proof_is(2, 0, 1, MUSTER_PROOF_SUPPLY,
             "2 teams with 0 people are all that can serve this need, and 1 is asked for there: no "
             "plan can send enough.");
    proof_is(1, 15, 34, MUSTER_PROOF_IN_USE,
             "1 team with 15 people is all that can serve this need, and it is in use there. Teams "
             "go whole: 1 of its people is more than is asked for.");
    proof_is(2, 18, 30, MUSTER_PROOF_IN_USE,
             "2 teams with 18 people are all that can serve this need, and all of them are in use "
             "there. Teams go whole: 8 of their people are more than is asked for.");
}

static void languages_have_names(void **state) {
    (void)state;
    for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
        assert_int_equal(muster_language_from_name(muster_language_name((muster_language)l)), l);
    }
    assert_null(muster_language_name(MUSTER_LANGUAGE_COUNT));
    assert_int_equal(muster_language_from_name("de"), MUSTER_LANGUAGE_COUNT);
    assert_int_equal(muster_language_from_name(""), MUSTER_LANGUAGE_COUNT);
}

static void what_is_no_question_or_language_has_no_sentence(void **state) {
    (void)state;
    muster_why why      = about(0);
    why.shortage.reason = MUSTER_UNMET_SHIFT;
    assert_non_null(say(&why, MUSTER_WHY_UNMET, MUSTER_CHINESE));
    assert_null(muster_why_text_in(&why, MUSTER_WHY_UNMET, MUSTER_LANGUAGE_COUNT));
    assert_null(muster_why_text_in(&why, MUSTER_QUESTION_COUNT, MUSTER_CHINESE));
    assert_ptr_equal(muster_why_text(&why, MUSTER_WHY_UNMET),
                     muster_why_text_in(&why, MUSTER_WHY_UNMET, MUSTER_ENGLISH));
    forget(&why);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_reason_has_a_sentence_of_its_own_in_every_language),
        TEST(every_verdict_has_a_sentence_in_every_language),
        TEST(help_is_told_in_every_language),
        TEST(a_shortage_is_told_with_names_codes_and_what_is_counted),
        TEST(an_exchange_is_told_with_both_ends),
        TEST(in_english_one_is_not_told_as_many),
        TEST(languages_have_names),
        TEST(what_is_no_question_or_language_has_no_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
