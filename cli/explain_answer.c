#include "cli/explain_answer.h"

#include <inttypes.h>
#include <muster/api.h>
#include <stdbool.h>
#include <stdlib.h>

#include "cli/plan_view.h"
#include "cli/plan_words.h"
#include "cli/text_width.h"
#include "cli/words.h"

static muster_resource resource_of(const muster_problem *p, uint32_t need) {
    return (muster_resource)p->kind[p->need[need].kind].resource;
}

static const char *code_of(const muster_problem *p, uint32_t need, uint32_t index) {
    return muster_problem_unit(p, resource_of(p, need), index)->code;
}

/* ---- text --------------------------------------------------------------------------------- */

enum { COLUMNS = 80 };

/* Whatever is no sentence of the library's. Labels take as many columns as each other. */
typedef struct words {
    const char *asked, *minimum, *missing; /* formats of a quantity */
    const char *arrival;                   /* of a quantity and minutes */
    const char *label[MUSTER_QUESTION_COUNT];
    int         label_width;
    const char *told_form, *told_nothing; /* of what the plan says: of a quantity and a reason */
} words;

static const words WORDS[MUSTER_LANGUAGE_COUNT] = {
    [MUSTER_ENGLISH] = {.asked        = ": %" PRId64 " asked for",
                        .minimum      = ", at least %" PRId64,
                        .missing      = ", %" PRId64 " missing",
                        .arrival      = "%8" PRId64 "%8.1f min\n",
                        .label        = {"unmet:   ", "nearest: ", "help:    "},
                        .label_width  = 9,
                        .told_form    = "differs: the plan says %" PRId64 " missing, %s\n",
                        .told_nothing = "differs: the plan says nothing missing\n"},
    [MUSTER_CHINESE] = {.asked        = "：需 %" PRId64,
                        .minimum      = "，至少 %" PRId64,
                        .missing      = "，缺 %" PRId64,
                        .arrival      = "%8" PRId64 "%8.1f 分钟\n",
                        .label        = {"缺口：", "最近：", "增援："},
                        .label_width  = 6,
                        .told_form    = "不符：派遣计划中缺 %" PRId64 "，%s\n",
                        .told_nothing = "不符：派遣计划中不缺\n"}};

/* NULL: the plan does not say that it is unmet. */
static const muster_unmet *told_of(const explain_answer *a, uint32_t n) {
    for (uint32_t i = 0; i < a->told_count; ++i) {
        if (a->told[i].need == n) return &a->told[i];
    }
    return NULL;
}

/* Why somebody is idle who could come, only the plan can know; the sentence names who it is. */
static bool is_for_plan_to_say(const muster_why *why) {
    return muster_why_shortage(why)->proof == MUSTER_PROOF_NONE &&
           muster_why_exchange(why)->verdict == MUSTER_NEAREST_IDLE;
}

/* Does the plan say something else than what follows from its assignments? */
static bool is_told_otherwise(const explain_answer *a, uint32_t n) {
    const muster_shortage *s    = muster_why_shortage(a->why[n]);
    const muster_unmet    *told = told_of(a, n);
    if (!a->told || (!told && s->missing == 0)) return false;
    if (!told || told->quantity != s->missing) return true;
    return told->reason != s->reason && !is_for_plan_to_say(a->why[n]);
}

static void print_told(FILE *stream, const explain_answer *a, uint32_t n) {
    const words        *in   = &WORDS[a->language];
    const muster_unmet *told = told_of(a, n);
    fputs("    ", stream);
    if (told) {
        fprintf(stream, in->told_form, told->quantity,
                PLAN_WORDS[a->language].reason[told->reason]);
    } else {
        fputs(in->told_nothing, stream);
    }
}

static void print_need(FILE *stream, const explain_answer *a, uint32_t n) {
    const muster_problem *p    = a->problem;
    const muster_need    *need = &p->need[n];
    const muster_kind    *kind = &p->kind[need->kind];
    const words          *in   = &WORDS[a->language];
    fputs("\n  ", stream);
    text_print_cut(stream, kind->code, 40);
    if (kind->name) {
        fputs("  ", stream);
        text_print_cut(stream, kind->name, 30);
    }
    fprintf(stream, in->asked, need->quantity);
    if (need->minimum > 1) fprintf(stream, in->minimum, need->minimum);
    const int64_t missing = muster_why_shortage(a->why[n])->missing;
    if (missing > 0) fprintf(stream, in->missing, missing);
    fputc('\n', stream);
    for (uint32_t i = 0; i < a->assignment_count; ++i) {
        const muster_assignment *go = &a->assignment[i];
        if (go->need != n) continue;
        fputs("    ", stream);
        text_print_padded(stream, code_of(p, n, go->index), 20);
        fprintf(stream, in->arrival, go->quantity, go->eta_ms / 60000.0);
    }
    for (int q = 0; q < MUSTER_QUESTION_COUNT; ++q) {
        const char *text = muster_why_text_in(a->why[n], (muster_question)q, a->language);
        if (!text) continue;
        fprintf(stream, "    %s", in->label[q]);
        text_print_paragraph(stream, text, 4 + in->label_width, COLUMNS);
    }
    if (is_told_otherwise(a, n)) print_told(stream, a, n);
}

void explain_answer_print(FILE *stream, const explain_answer *a) {
    const muster_problem  *p        = a->problem;
    const muster_incident *incident = &p->incident[a->incident];
    text_print_cut(stream, incident->code, 30);
    if (incident->name) {
        fputs("  ", stream);
        text_print_cut(stream, incident->name, 36);
    }
    fprintf(stream, "  (%s)\n", words_severity(a->language, (muster_severity)incident->severity));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (a->why[n]) print_need(stream, a, n);
    }
}

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *seconds(uint32_t ms) {
    return ms == MUSTER_UNREACHABLE_MS ? json_null() : json_real(ms / 1000.0);
}

static json_t *need_json(const muster_problem *p, uint32_t need) {
    return json_pack("{s:s, s:s}", "incident", p->incident[p->need[need].incident].code, "kind",
                     p->kind[p->need[need].kind].code);
}

/* The array if everything could be appended to it, else nothing. */
static json_t *complete(json_t *array, bool ok) {
    if (ok) return array;
    json_decref(array);
    return NULL;
}

static json_t *unit_codes(const muster_problem *p, uint32_t need, const muster_shortage *s) {
    json_t *array = json_array();
    bool    ok    = array != NULL;
    for (uint32_t i = 0; ok && i < s->unit_count; ++i) {
        ok = json_array_append_new(array, json_string(code_of(p, need, s->unit[i]))) == 0;
    }
    return complete(array, ok);
}

static json_t *needs_json(const muster_problem *p, const muster_shortage *s) {
    json_t *array = json_array();
    bool    ok    = array != NULL;
    for (uint32_t i = 0; ok && i < s->need_count; ++i) {
        ok = json_array_append_new(array, need_json(p, s->need[i])) == 0;
    }
    return complete(array, ok);
}

static json_t *told_json(const explain_answer *a, uint32_t n) {
    const muster_unmet *told = told_of(a, n);
    if (!told) return json_null();
    return json_pack("{s:I, s:s}", "quantity", (json_int_t)told->quantity, "reason",
                     muster_unmet_reason_name((muster_unmet_reason)told->reason));
}

static json_t *unmet_json(const explain_answer *a, uint32_t n) {
    const muster_problem  *p   = a->problem;
    const muster_why      *why = a->why[n];
    const muster_shortage *s   = muster_why_shortage(why);
    if (s->missing == 0) return json_null();
    return json_pack(
        "{s:I, s:s?, s:s, s:o, s:o, s:I, s:I, s:s}", "quantity", (json_int_t)s->missing, "reason",
        muster_unmet_reason_name((muster_unmet_reason)s->reason), "proof",
        muster_proof_name((muster_proof)s->proof), "units", unit_codes(p, n, s), "needs",
        needs_json(p, s), "supply", (json_int_t)s->supply, "demand", (json_int_t)s->demand, "text",
        muster_why_text_in(why, MUSTER_WHY_UNMET, a->language));
}

/* Null where no exchange is in question. */
static json_t *exchange_json(const muster_problem *p, uint32_t n, const muster_exchange *nearest) {
    if (!nearest->is_possible) return json_null();
    const uint32_t other = nearest->other_need, replacement = nearest->replacement;
    return json_pack(
        "{s:I, s:o, s:o, s:s?, s:o, s:I, s:I, s:I}", "quantity", (json_int_t)nearest->quantity,
        "from", other == MUSTER_NONE ? json_null() : need_json(p, other), "from_eta_s",
        seconds(nearest->other_eta_ms), "replacement",
        replacement == MUSTER_NONE ? NULL : code_of(p, n, replacement), "replacement_eta_s",
        seconds(nearest->replacement_eta_ms), "missing_change", (json_int_t)nearest->other_missing,
        "unmet_need_change", (json_int_t)nearest->unmet_need_change, "response_time_change",
        (json_int_t)nearest->response_time_change);
}

static json_t *nearest_json(const explain_answer *a, uint32_t n) {
    const muster_problem  *p       = a->problem;
    const muster_why      *why     = a->why[n];
    const muster_exchange *nearest = muster_why_exchange(why);
    return json_pack("{s:s, s:s?, s:o, s:o, s:o, s:s?}", "verdict",
                     muster_nearest_verdict_name((muster_nearest_verdict)nearest->verdict), "code",
                     nearest->index == MUSTER_NONE ? NULL : code_of(p, n, nearest->index), "eta_s",
                     seconds(nearest->eta_ms), "last_eta_s", seconds(nearest->last_eta_ms),
                     "exchange", exchange_json(p, n, nearest), "text",
                     muster_why_text_in(why, MUSTER_WHY_NOT_NEAREST, a->language));
}

static json_t *help_json(const explain_answer *a, uint32_t n) {
    const muster_problem *p = a->problem;
    const muster_help    *h = muster_why_help(a->why[n]);
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:s?, s:b, s:s?}", "unmet_need_gain", (json_int_t)h->unmet_need_gain,
        "response_time_gain", (json_int_t)h->response_time_gain, "unmet_need_bound",
        (json_int_t)h->unmet_need_bound, "response_time_bound", (json_int_t)h->response_time_bound,
        "scarcest", h->source == MUSTER_NONE ? NULL : code_of(p, n, h->source), "exact",
        h->is_exact, "text", muster_why_text_in(a->why[n], MUSTER_WHAT_WOULD_HELP, a->language));
}

static json_t *assignments_json(const explain_answer *a, uint32_t n) {
    json_t *array = json_array();
    bool    ok    = array != NULL;
    for (uint32_t i = 0; ok && i < a->assignment_count; ++i) {
        const muster_assignment *go = &a->assignment[i];
        if (go->need != n) continue;
        json_t *one = json_pack("{s:s, s:I, s:o}", "code", code_of(a->problem, n, go->index),
                                "quantity", (json_int_t)go->quantity, "eta_s", seconds(go->eta_ms));
        ok          = json_array_append_new(array, one) == 0;
    }
    return complete(array, ok);
}

json_t *explain_answer_needs_json(const explain_answer *a) {
    const muster_problem *p     = a->problem;
    json_t               *array = json_array();
    bool                  ok    = array != NULL;
    for (uint32_t n = 0; ok && n < p->need_count; ++n) {
        if (!a->why[n]) continue;
        const muster_need *need = &p->need[n];
        json_t            *one =
            json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "kind",
                      p->kind[need->kind].code, "resource", muster_resource_name(resource_of(p, n)),
                      "quantity", (json_int_t)need->quantity, "minimum", (json_int_t)need->minimum,
                      "assignments", assignments_json(a, n), "unmet", unmet_json(a, n), "told",
                      told_json(a, n), "nearest", nearest_json(a, n), "help", help_json(a, n));
        ok = json_array_append_new(array, one) == 0;
    }
    return complete(array, ok);
}

json_t *explain_answer_json(const explain_answer *a) {
    const muster_incident *incident = &a->problem->incident[a->incident];
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s, s:o}", "muster", muster_version(),
                     "scenario", muster_scenario_code(a->scenario), "plan", a->plan_path,
                     "incident", incident->code, "name", incident->name, "severity",
                     muster_severity_name((muster_severity)incident->severity), "needs",
                     explain_answer_needs_json(a));
}
