/* Whatever may become of an assignment, for whatever reason, there is a sentence for it in every language. */
#include <string.h>

#include "core/alloc.h"
#include "solver/changes_text.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/sentence_check.h"

/* Codes have no letters here, so that a letter in a Chinese sentence is one of the writer's. */
static const mu_change_names NAMED   = {"一队", "储罐泄漏", "医疗救护", "河堤决口",
                                        "水泵", "一号车",   "二号车",   "三队"};
static const mu_change_names UNNAMED = {.unit = ""};

/* As one can be: of what was or is not there, nothing is known. */
static muster_change change_of(muster_change_type type, muster_change_reason reason,
                               muster_resource resource) {
    muster_change c = {.type            = (uint8_t)type,
                       .reason          = (uint8_t)reason,
                       .resource        = (uint8_t)resource,
                       .index           = reason == MUSTER_BECAUSE_UNIT_LOST ? MUSTER_NONE : 3,
                       .code            = "11",
                       .incident_before = "7-1",
                       .kind_before     = "2",
                       .incident        = "7-2",
                       .kind            = "3",
                       .quantity_before = 8,
                       .quantity        = 5,
                       .eta_before_ms   = 90000,
                       .eta_ms          = 600000,
                       .vehicle_before  = "21",
                       .vehicle         = "22",
                       .replaced        = "13"};
    if (type == MUSTER_CHANGE_SENT) c.incident_before = c.kind_before = c.vehicle_before = NULL;
    if (type == MUSTER_CHANGE_TAKEN_BACK) c.incident = c.kind = c.vehicle = NULL;
    return c;
}

/* Can a change of this type be for this reason at all? Who is taken back is not sent for anything. */
static bool can_be(muster_change_type type, muster_change_reason reason) {
    const bool is_sent = reason >= MUSTER_BECAUSE_NEW_INCIDENT && reason <= MUSTER_BECAUSE_GAP;
    return !is_sent || type != MUSTER_CHANGE_TAKEN_BACK;
}

static const char *say(mu_changes *changes, const muster_change *change,
                       const mu_change_names *names, muster_language language) {
    static muster_change copy;
    mu_free(changes->text);
    copy     = *change;
    *changes = (mu_changes){.change = &copy, .count = 1};
    assert_int_equal(mu_changes_write(changes, names), MUSTER_OK);
    return copy.text[language];
}

static void every_change_has_a_sentence_in_every_language(void **state) {
    (void)state;
    mu_changes changes = {0};
    for (int type = 0; type < MUSTER_CHANGE_TYPE_COUNT; ++type) {
        for (int reason = 0; reason < MUSTER_BECAUSE_COUNT; ++reason) {
            if (!can_be((muster_change_type)type, (muster_change_reason)reason)) continue;
            for (int resource = 0; resource < MUSTER_RESOURCE_COUNT; ++resource) {
                const muster_change c =
                    change_of((muster_change_type)type, (muster_change_reason)reason,
                              (muster_resource)resource);
                for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
                    const muster_language in = (muster_language)l;
                    check_sentence(say(&changes, &c, &NAMED, in), in);
                    check_sentence(say(&changes, &c, &UNNAMED, in), in);
                }
            }
        }
    }
    mu_free(changes.text);
}

static void sentence_is(muster_change c, const mu_change_names *names, const char *english,
                        const char *chinese) {
    mu_changes changes = {0};
    assert_string_equal(say(&changes, &c, names, MUSTER_ENGLISH), english);
    assert_string_equal(say(&changes, &c, names, MUSTER_CHINESE), chinese);
    mu_free(changes.text);
}

static void chinese_has_names_and_english_has_codes(void **state) {
    (void)state;
    sentence_is(
        change_of(MUSTER_CHANGE_REDIRECTED, MUSTER_BECAUSE_INCIDENT_CLOSED, MUSTER_PEOPLE), &NAMED,
        "11 (5 people) goes to 7-2 for \"3\" instead of 7-1 for \"2\", there in 10.0 min: 7-1 is "
        "closed.",
        "一队（11，5 人）由储罐泄漏（7-1，“医疗救护”）改派往河堤决口（7-2，“水泵”），10.0 分钟后到达："
        "原事件已结束。");
    sentence_is(change_of(MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_ROADS, MUSTER_VEHICLE), &NAMED,
                "11 no longer goes to 7-1: roads to 7-1 have changed.",
                "一队（11）不再派往储罐泄漏（7-1）：通往该事件的道路有变化。");
    sentence_is(
        change_of(MUSTER_CHANGE_CARRIER, MUSTER_BECAUSE_UNIT_LOST, MUSTER_ITEM), &NAMED,
        "11 (5 \"3\") to 7-2 is brought by 22 instead of 21: it is not there any more.",
        "一队（11，“水泵” 5 件）派往河堤决口（7-2），改由二号车（22）运送，原由一号车（21）运送："
        "已不可调用。");
    sentence_is(change_of(MUSTER_CHANGE_SENT, MUSTER_BECAUSE_REPLACEMENT, MUSTER_MACHINE), &UNNAMED,
                "11 (5 \"3\") goes to 7-2 by 22, there in 10.0 min: it takes the place of 13.",
                "11（“3” 5 台）派往7-2，由22运送，10.0 分钟后到达：顶替13。");
}

/* Of items that come by themselves there is no vehicle to name. */
static void who_comes_without_a_vehicle_is_not_said_to_have_one(void **state) {
    (void)state;
    muster_change c = change_of(MUSTER_CHANGE_CARRIER, MUSTER_BECAUSE_ORDERS, MUSTER_ITEM);
    c.vehicle       = NULL;
    sentence_is(c, &NAMED, "11 (5 \"3\") to 7-2 is brought by nobody instead of 21: rules say so.",
                "一队（11，“水泵” 5 件）派往河堤决口（7-2），不再由车辆运送，原由一号车（21）运送："
                "规则要求如此。");
    c.vehicle = "22", c.vehicle_before = NULL;
    sentence_is(c, &NAMED, "11 (5 \"3\") to 7-2 is brought by 22 instead of nobody: rules say so.",
                "一队（11，“水泵” 5 件）派往河堤决口（7-2），改由二号车（22）运送，原不由车辆运送："
                "规则要求如此。");
}

static void one_person_is_no_people(void **state) {
    (void)state;
    muster_change c = change_of(MUSTER_CHANGE_QUANTITY, MUSTER_BECAUSE_UNIT_CHANGED, MUSTER_PEOPLE);
    c.quantity      = 1;
    c.vehicle       = NULL;
    sentence_is(c, &NAMED,
                "11 (1 person) to 7-2 instead of 8: what it can do, or when, has changed.",
                "一队（11，1 人）派往河堤决口（7-2），原为 8 人：其能力或可用时间有变化。");
    c          = change_of(MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_ORDERS, MUSTER_PEOPLE);
    c.quantity = 5, c.quantity_before = 1; /* the one who was sent is who is spoken of */
    sentence_is(c, &NAMED, "11 (1 person) no longer goes to 7-1: rules say so.",
                "一队（11，1 人）不再派往储罐泄漏（7-1）：规则要求如此。");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_has_a_sentence_in_every_language),
        cmocka_unit_test(chinese_has_names_and_english_has_codes),
        cmocka_unit_test(who_comes_without_a_vehicle_is_not_said_to_have_one),
        cmocka_unit_test(one_person_is_no_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
