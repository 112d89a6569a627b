#include "cli/replay_answer.h"

#include <inttypes.h>
#include <string.h>

#include "cli/journal_text.h"
#include "cli/plan_words.h"
#include "cli/text_width.h"

/* ---- words --------------------------------------------------------------------------------- */

/* Formats, but for names. The library names states and outcomes in English. */
typedef struct words {
    const char *record, *incidents, *orders, *plan, *knew, *made_by, *quality, *order, *issued,
        *arrival, *state, *why;
    const char *record_form, *open_form, *of_state_form, *no_order;
    const char *no_commit, *commit_form, *authority_form, *knew_form, *made_form, *bound_form;
    const char *quantity_form, *kind_form, *incident_form, *need_form, *warehouse_form;
    const char *issued_form, *consent_form, *state_form, *reason_form;
    const char *nothing_missing;
    const char *order_state[MUSTER_ORDER_STATE_COUNT]; /* NULL: the library's */
} words;

static const words WORDS[MUSTER_LANGUAGE_COUNT] = {
    [MUSTER_ENGLISH] = {.record          = "record",
                        .incidents       = "incidents",
                        .orders          = "orders",
                        .plan            = "plan",
                        .knew            = "knew",
                        .made_by         = "made by",
                        .quality         = "quality",
                        .order           = "order",
                        .issued          = "issued",
                        .arrival         = "arrival",
                        .state           = "state",
                        .why             = "why",
                        .record_form     = "%" PRIu64 ", %s",
                        .open_form       = "%" PRIu32 " open",
                        .of_state_form   = "%" PRIu32 " %s",
                        .no_order        = "none",
                        .no_commit       = "none was committed by then",
                        .commit_form     = "record %" PRIu64 ", %s, by %s",
                        .authority_form  = " for %s",
                        .knew_form       = "up to record %" JSON_INTEGER_FORMAT ", %s",
                        .made_form       = "version %s in %" JSON_INTEGER_FORMAT " ms, %s",
                        .bound_form      = "no plan has less than %" JSON_INTEGER_FORMAT,
                        .quantity_form   = "%" PRIu64 ": %" PRId64 " of %s",
                        .kind_form       = " (%s)",
                        .incident_form   = " to %s",
                        .need_form       = " for %s",
                        .warehouse_form  = " by way of %s",
                        .issued_form     = "%s by %s",
                        .consent_form    = ", with the consent of %s",
                        .state_form      = "%s since %s by %s",
                        .reason_form     = ": %s",
                        .nothing_missing = "all that its incident needed was on its way or there"},
    [MUSTER_CHINESE] = {.record         = "记录",
                        .incidents      = "事件",
                        .orders         = "指令",
                        .plan           = "派遣计划",
                        .knew           = "依据",
                        .made_by        = "生成",
                        .quality        = "优劣",
                        .order          = "指令",
                        .issued         = "下达",
                        .arrival        = "到达",
                        .state          = "状态",
                        .why            = "原因",
                        .record_form    = "%" PRIu64 "，%s",
                        .open_form      = "%" PRIu32 " 起未结",
                        .of_state_form  = "%" PRIu32 " 条%s",
                        .no_order       = "无",
                        .no_commit      = "当时尚无派遣计划下达",
                        .commit_form    = "记录 %" PRIu64 "，%s，由 %s 下达",
                        .authority_form = "（代表 %s）",
                        .knew_form      = "截至记录 %" JSON_INTEGER_FORMAT "，%s",
                        .made_form      = "版本 %s，用时 %" JSON_INTEGER_FORMAT " 毫秒，%s",
                        .bound_form     = "下界 %" JSON_INTEGER_FORMAT,
                        .quantity_form  = "%" PRIu64 "：数量 %" PRId64 "，%s",
                        .kind_form      = "（%s）",
                        .incident_form  = "派往 %s",
                        .need_form      = "，需求 %s",
                        .warehouse_form = "，途经仓库 %s",
                        .issued_form    = "%s，由 %s",
                        .consent_form   = "，经 %s 同意",
                        .state_form     = "%s，自 %s 起，由 %s",
                        .reason_form    = "：%s",
                        .nothing_missing = "该事件所需均已在途或到位",
                        .order_state = {"已下达", "已接受", "途中", "已装载", "在现场", "已撤离",
                                        "已拒绝", "已过期", "已取消"}}};

const char *replay_answer_nothing_missing(muster_language language) {
    return WORDS[language].nothing_missing;
}

static const char *state_name(muster_language language, int state) {
    const char *name = WORDS[language].order_state[state];
    return name ? name : muster_order_state_name((muster_order_state)state);
}

static const char *outcome_name(muster_language language, const char *outcome) {
    if (language == MUSTER_ENGLISH) return outcome;
    return strcmp(outcome, "optimal") == 0 ? "最优" : "可行";
}

static const char *tier_name(muster_language language, const char *tier) {
    int t = 0;
    while (t < MUSTER_TIER_COUNT && strcmp(tier, muster_tier_name((muster_tier)t)) != 0) ++t;
    return language == MUSTER_ENGLISH || t == MUSTER_TIER_COUNT ? tier
                                                                : PLAN_WORDS[language].tier[t];
}

/* ---- text ---------------------------------------------------------------------------------- */

static void print_label(FILE *stream, const char *label) {
    text_print_padded(stream, label, 10);
}

static void print_counts(FILE *stream, const muster_view *view, muster_language language) {
    uint32_t                    count, open = 0, state[MUSTER_ORDER_STATE_COUNT] = {0};
    const words                *in       = &WORDS[language];
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    for (uint32_t i = 0; i < count; ++i) open += incident[i].closed_at_ms == 0;
    print_label(stream, in->incidents);
    fprintf(stream, in->open_form, open);
    fputc('\n', stream);
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t o = 0; o < count; ++o) ++state[order[o].state];
    print_label(stream, in->orders);
    const char *between = "";
    for (int s = 0; s < MUSTER_ORDER_STATE_COUNT; ++s) {
        if (state[s] == 0) continue;
        fputs(between, stream);
        fprintf(stream, in->of_state_form, state[s], state_name(language, s));
        between = " ";
    }
    fprintf(stream, "%s\n", count == 0 ? in->no_order : "");
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_quality(FILE *stream, const json_t *tiers, muster_language language) {
    size_t        index;
    const json_t *tier;
    json_array_foreach(tiers, index, tier) {
        print_label(stream, index == 0 ? WORDS[language].quality : "");
        text_print_padded(stream, tier_name(language, text_of(tier, "tier")), 24);
        fprintf(stream, " %18" JSON_INTEGER_FORMAT "   ",
                json_integer_value(json_object_get(tier, "value")));
        fprintf(stream, WORDS[language].bound_form,
                json_integer_value(json_object_get(tier, "bound")));
        fputc('\n', stream);
    }
}

static void print_commit(FILE *stream, const replay_commit *c, muster_language language) {
    char          moment[JOURNAL_MOMENT_BYTES];
    const json_t *plan = json_object_get(c->record, "plan");
    const words  *in   = &WORDS[language];
    print_label(stream, in->plan);
    if (c->sequence == 0) {
        fprintf(stream, "%s\n", in->no_commit);
        return;
    }
    fprintf(stream, in->commit_form, c->sequence, journal_moment(moment, c->at_ms),
            text_of(c->record, "author"));
    if (text_of(c->record, "authority")[0]) {
        fprintf(stream, in->authority_form, text_of(c->record, "authority"));
    }
    fputc('\n', stream);
    print_label(stream, in->knew);
    fprintf(stream, in->knew_form, json_integer_value(json_object_get(c->record, "plan_sequence")),
            journal_moment(moment, c->knew_at_ms));
    fputc('\n', stream);
    print_label(stream, in->made_by);
    fprintf(stream, in->made_form, text_of(plan, "version"),
            json_integer_value(json_object_get(plan, "elapsed_ms")),
            outcome_name(language, text_of(plan, "outcome")));
    fputc('\n', stream);
    print_quality(stream, json_object_get(plan, "tiers"), language);
}

static void print_order(FILE *stream, const muster_order *o, muster_language language) {
    char         moment[JOURNAL_MOMENT_BYTES];
    const words *in = &WORDS[language];
    print_label(stream, in->order);
    fprintf(stream, in->quantity_form, o->number, o->quantity, o->unit);
    if (o->kind) fprintf(stream, in->kind_form, o->kind);
    fprintf(stream, in->incident_form, o->incident);
    if (o->need) fprintf(stream, in->need_form, o->need);
    if (o->warehouse) fprintf(stream, in->warehouse_form, o->warehouse);
    fputc('\n', stream);
    print_label(stream, in->issued);
    fprintf(stream, in->issued_form, journal_moment(moment, o->issued_at_ms), o->issued_by);
    if (o->consent) fprintf(stream, in->consent_form, o->consent);
    fputc('\n', stream);
    print_label(stream, in->arrival);
    fprintf(stream, "%s\n", journal_moment(moment, o->eta_at_ms));
    print_label(stream, in->state);
    fprintf(stream, in->state_form, state_name(language, o->state),
            journal_moment(moment, o->changed_at_ms), o->changed_by);
    if (o->reason) fprintf(stream, in->reason_form, o->reason);
    fputc('\n', stream);
}

void replay_answer_print(FILE *stream, const replay_answer *a) {
    char         moment[JOURNAL_MOMENT_BYTES];
    const words *in = &WORDS[a->language];
    print_label(stream, in->record);
    fprintf(stream, in->record_form, muster_view_sequence(a->view),
            journal_moment(moment, a->at_ms));
    fputc('\n', stream);
    print_counts(stream, a->view, a->language);
    print_commit(stream, a->commit, a->language);
    if (a->order) print_order(stream, a->order, a->language);
    if (a->no_why) {
        print_label(stream, in->why);
        fprintf(stream, "%s\n", a->no_why);
    }
    if (!a->why) return;
    fputc('\n', stream);
    explain_answer_print(stream, a->why);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *moment_json(int64_t time_ms) {
    char moment[JOURNAL_MOMENT_BYTES];
    return json_string(journal_moment(moment, time_ms));
}

static json_t *complete(json_t *array, bool ok) {
    if (ok) return array;
    json_decref(array);
    return NULL;
}

static json_t *order_json(const muster_order *o) {
    return json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:s*, s:s, s:s*, s:I, s:I, s:s*, s:o, s:o, s:o, s:o, s:s, s:s, s:s*, s:s*}",
        "number", (json_int_t)o->number, "sequence", (json_int_t)o->sequence, "state",
        muster_order_state_name((muster_order_state)o->state), "resource",
        muster_resource_name((muster_resource)o->resource), "unit", o->unit, "kind", o->kind,
        "incident", o->incident, "need", o->need, "quantity", (json_int_t)o->quantity, "trip",
        (json_int_t)o->trip, "warehouse", o->warehouse, "issued_at", moment_json(o->issued_at_ms),
        "changed_at", moment_json(o->changed_at_ms), "depart_at", moment_json(o->depart_at_ms),
        "eta_at", moment_json(o->eta_at_ms), "issued_by", o->issued_by, "changed_by", o->changed_by,
        "consent", o->consent, "reason", o->reason);
}

static json_t *orders_json(const muster_view *view) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    json_t             *array = json_array();
    bool                ok    = array != NULL;
    for (uint32_t o = 0; ok && o < count; ++o) {
        ok = json_array_append_new(array, order_json(&order[o])) == 0;
    }
    return complete(array, ok);
}

static json_t *needs_json(const muster_view_incident *incident) {
    json_t *array = json_array();
    bool    ok    = array != NULL;
    for (uint32_t n = 0; ok && n < incident->need_count; ++n) {
        const muster_view_need *need = &incident->need[n];
        ok                           = json_array_append_new(
                                           array,
                                           json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "kind", need->kind, "quantity",
                                                     (json_int_t)need->quantity, "minimum", (json_int_t)need->minimum,
                                                     "delivered", (json_int_t)need->delivered, "on_scene",
                                                     (json_int_t)need->on_scene, "coming", (json_int_t)need->coming)) == 0;
    }
    return complete(array, ok);
}

static json_t *incidents_json(const muster_view *view) {
    uint32_t                    count;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    json_t                     *array    = json_array();
    bool                        ok       = array != NULL;
    for (uint32_t i = 0; ok && i < count; ++i) {
        const muster_view_incident *one = &incident[i];
        ok =
            json_array_append_new(
                array, json_pack("{s:s, s:s*, s:f, s:f, s:s, s:s*, s:o, s:b, s:o}", "code",
                                 one->code, "name", one->name, "lon_deg", one->lon_deg, "lat_deg",
                                 one->lat_deg, "severity",
                                 muster_severity_name((muster_severity)one->severity), "authority",
                                 one->authority, "reported_at", moment_json(one->reported_at_ms),
                                 "is_open", one->closed_at_ms == 0, "needs", needs_json(one))) == 0;
    }
    return complete(array, ok);
}

static json_t *commit_json(const replay_commit *c) {
    if (c->sequence == 0) return json_null();
    return json_pack("{s:I, s:o, s:o, s:O}", "sequence", (json_int_t)c->sequence, "at",
                     moment_json(c->at_ms), "knew_at", moment_json(c->knew_at_ms), "record",
                     c->record);
}

json_t *replay_answer_json(const replay_answer *a) {
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s*}", "sequence",
                     (json_int_t)muster_view_sequence(a->view), "at", moment_json(a->at_ms),
                     "incidents", incidents_json(a->view), "orders", orders_json(a->view), "plan",
                     commit_json(a->commit), "order", a->order ? order_json(a->order) : json_null(),
                     "why", a->why ? explain_answer_needs_json(a->why) : json_null(), "no_why",
                     a->no_why);
}
