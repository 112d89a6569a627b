/* The plan as a duty officer reads it at three in the morning: how many incidents are looked
 * after, what is missing and why, when help arrives, what is still free, how good the plan
 * is. Eighty columns, no colours, the worst first. */
#include <inttypes.h>
#include <math.h>
#include <muster/plan.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/plan_after.h"
#include "cli/plan_compare.h"
#include "cli/plan_outputs.h"
#include "cli/plan_words.h"
#include "cli/text_width.h"
#include "cli/words.h"

enum { SHORTAGE_ROWS = 10, LABEL_COLUMNS = 16, KIND_COLUMNS = 24 };

/* ---- numbers ------------------------------------------------------------------------- */

/* 1234567 as "1,234,567", at the end of `buffer`. */
static const char *grouped(int64_t number, char buffer[32]) {
    char *c = &buffer[31];
    *c      = 0;
    for (int digits = 0; digits == 0 || number > 0; ++digits, number /= 10) {
        if (digits > 0 && digits % 3 == 0) *--c = ',';
        *--c = (char)('0' + number % 10);
    }
    return c;
}

static void print_number(FILE *stream, int width, int64_t number) {
    char buffer[32];
    fprintf(stream, "%*s", width, grouped(number, buffer));
}

/* Minutes round up: who says "12 min" is there by then. */
static void print_minutes(FILE *stream, const plan_words *in, uint32_t ms) {
    const uint32_t minutes = ms / 60000 + (ms % 60000 > 0);
    char           text[48];
    if (minutes < 100) {
        snprintf(text, sizeof text, in->minutes_form, minutes);
    } else {
        snprintf(text, sizeof text, in->hours_form, minutes / 60, minutes % 60);
    }
    text_print_right(stream, text, 12);
}

/* ---- words --------------------------------------------------------------------------- */

static const plan_words *words_of(const plan_view *view) {
    return &PLAN_WORDS[view->language];
}

/* The heads of a section's columns: its name, then up to five, ended by NULL. */
static void print_heads(FILE *stream, const char *name, const char *const *head) {
    fputc('\n', stream);
    text_print_padded(stream, name, LABEL_COLUMNS + 2);
    for (int h = 0; head[h]; ++h) text_print_right(stream, head[h], h == 0 ? 10 : 12);
    fputc('\n', stream);
}

static void print_label(FILE *stream, const char *label) {
    fputs("  ", stream);
    text_print_padded(stream, label, LABEL_COLUMNS);
}

static const char *severity_label(const plan_view *view, int severity) {
    return severity < 0 ? words_of(view)->all
                        : words_severity(view->language, (muster_severity)severity);
}

/* ---- sections ------------------------------------------------------------------------ */

static void print_title(FILE *stream, const plan_view *view) {
    const char *name = muster_scenario_name(view->scenario);
    const char *code = muster_scenario_code(view->scenario);
    text_print_cut(stream, name ? name : code, 60);
    fputs("  (", stream);
    text_print_cut(stream, code, 16);
    fputs(")\n", stream);
}

static void print_incident_row(FILE *stream, const char *label, const uint32_t *count) {
    print_label(stream, label);
    print_number(stream, 10,
                 count[PLAN_STATE_MET] + count[PLAN_STATE_PARTLY] + count[PLAN_STATE_UNMET]);
    for (int s = 0; s < PLAN_STATE_COUNT; ++s) print_number(stream, 12, count[s]);
    fputc('\n', stream);
}

static void print_incidents(FILE *stream, const plan_view *view) {
    uint32_t count[PLAN_GROUP_COUNT][PLAN_STATE_COUNT] = {0};
    for (uint32_t i = 0; i < view->problem->incident_count; ++i) {
        ++count[view->problem->incident[i].severity][view->state[i]];
        ++count[PLAN_EVERY_SEVERITY][view->state[i]];
    }
    const plan_words *in = words_of(view);
    print_heads(stream, in->incidents,
                (const char *[]){in->total, in->state[PLAN_STATE_MET], in->state[PLAN_STATE_PARTLY],
                                 in->state[PLAN_STATE_UNMET], NULL});
    for (int s = MUSTER_SEVERITY_COUNT - 1; s >= 0; --s) {
        print_incident_row(stream, severity_label(view, s), count[s]);
    }
    print_incident_row(stream, severity_label(view, -1), count[PLAN_EVERY_SEVERITY]);
}

static void print_needs(FILE *stream, const plan_view *view) {
    int64_t asked[MUSTER_RESOURCE_COUNT] = {0}, sent[MUSTER_RESOURCE_COUNT] = {0},
            missing[MUSTER_RESOURCE_COUNT] = {0};
    for (uint32_t n = 0; n < view->problem->need_count; ++n) {
        const muster_need *need     = &view->problem->need[n];
        const uint8_t      resource = view->problem->kind[need->kind].resource;
        asked[resource] += need->quantity;
        sent[resource] += view->sent[n];
        missing[resource] += view->missing[n];
    }
    const plan_words *in = words_of(view);
    print_heads(stream, in->needs,
                (const char *[]){in->asked, in->sent, in->missing, in->met, NULL});
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (asked[r] == 0) continue;
        print_label(stream, words_resource(view->language, (muster_resource)r));
        print_number(stream, 10, asked[r]);
        print_number(stream, 12, sent[r]);
        print_number(stream, 12, missing[r]);
        fprintf(stream, "%11.1f%%\n", 100.0 * (double)(asked[r] - missing[r]) / (double)asked[r]);
    }
}

static void print_arrivals(FILE *stream, const plan_view *view) {
    const plan_words *in = words_of(view);
    print_heads(stream, in->arrivals,
                (const char *[]){in->count, in->median, in->most_by, in->last, in->late, NULL});
    for (int g = MUSTER_SEVERITY_COUNT - 1; g >= -1; --g) {
        const plan_arrivals *group = &view->arrivals[g >= 0 ? g : PLAN_EVERY_SEVERITY];
        if (group->count == 0) continue;
        print_label(stream, severity_label(view, g));
        print_number(stream, 10, group->count);
        print_minutes(stream, in, plan_arrivals_percentile(group, 50));
        print_minutes(stream, in, plan_arrivals_percentile(group, 90));
        print_minutes(stream, in, plan_arrivals_percentile(group, 100));
        print_number(stream, 12, group->late);
        fputc('\n', stream);
    }
}

static void print_free(FILE *stream, const plan_view *view) {
    const plan_free   left = plan_free_count(view);
    const plan_words *in   = words_of(view);
    char              a[32], b[32], c[32];
    fputc('\n', stream);
    text_print_padded(stream, in->free, LABEL_COLUMNS + 2);
    fprintf(stream, in->free_people_form, grouped(left.teams, a), grouped(left.people, b));
    fprintf(stream, "\n%*s", LABEL_COLUMNS + 2, "");
    fprintf(stream, in->free_things_form, grouped(left.vehicles, a), grouped(left.machines, b),
            grouped(left.items, c));
    fputc('\n', stream);
}

static void print_shipments(FILE *stream, const plan_view *view) {
    double kg = 0, m3 = 0;
    if (view->shipment_count == 0) return;
    for (uint32_t s = 0; s < view->shipment_count; ++s) {
        kg += view->shipment[s].load_kg;
        m3 += view->shipment[s].load_m3;
    }
    char number[32];
    text_print_padded(stream, words_of(view)->shipments, LABEL_COLUMNS + 2);
    fprintf(stream, words_of(view)->shipments_form, grouped(view->shipment_count, number),
            kg / 1000, m3);
    fputc('\n', stream);
}

/* ---- shortages ----------------------------------------------------------------------- */

/* All that one kind lacks for one reason. */
typedef struct shortage {
    uint32_t kind;
    uint8_t  reason;
    int64_t  asked, sent, missing; /* of the needs that are short */
} shortage;

/* The largest share of what was asked for first: quantities of different kinds have
 * different units. */
static int worst_first(const void *a, const void *b) {
    const shortage *x = a, *y = b;
    const double    share_x = (double)x->missing / (double)x->asked;
    const double    share_y = (double)y->missing / (double)y->asked;
    if (share_x != share_y) return share_x > share_y ? -1 : 1;
    if (x->missing != y->missing) return x->missing > y->missing ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return x->reason < y->reason ? -1 : x->reason > y->reason;
}

static shortage *find_shortage(shortage *list, uint32_t *count, uint32_t kind, uint8_t reason) {
    for (uint32_t i = 0; i < *count; ++i) {
        if (list[i].kind == kind && list[i].reason == reason) return &list[i];
    }
    list[*count] = (shortage){.kind = kind, .reason = reason};
    return &list[(*count)++];
}

static uint32_t collect_shortages(shortage *list, const plan_view *view) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->unmet_count; ++i) {
        const muster_unmet *unmet = &view->unmet[i];
        const muster_need  *need  = &view->problem->need[unmet->need];
        shortage           *s     = find_shortage(list, &count, need->kind, unmet->reason);
        s->asked += need->quantity;
        s->sent += view->sent[unmet->need];
        s->missing += unmet->quantity;
    }
    qsort(list, count, sizeof *list, worst_first);
    return count;
}

static void print_shortage(FILE *stream, const plan_view *view, const shortage *s) {
    const muster_kind *kind = &view->problem->kind[s->kind];
    fputs("  ", stream);
    text_print_padded(stream, kind->name ? kind->name : kind->code, KIND_COLUMNS);
    print_number(stream, 11, s->asked);
    print_number(stream, 11, s->sent);
    print_number(stream, 11, s->missing);
    fprintf(stream, "  %s\n", words_of(view)->reason[s->reason]);
}

static int print_shortages(FILE *stream, const plan_view *view) {
    if (view->unmet_count == 0) return COMMAND_DONE;
    shortage *list = calloc(view->unmet_count, sizeof *list);
    if (!list) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    const uint32_t    count = collect_shortages(list, view);
    const plan_words *in    = words_of(view);
    fputc('\n', stream);
    text_print_padded(stream, in->shortages, KIND_COLUMNS + 2);
    text_print_right(stream, in->asked, 11);
    text_print_right(stream, in->sent, 11);
    text_print_right(stream, in->missing, 11);
    fprintf(stream, "  %s\n", in->why);
    for (uint32_t i = 0; i < count && i < SHORTAGE_ROWS; ++i) {
        print_shortage(stream, view, &list[i]);
    }
    if (count > SHORTAGE_ROWS) {
        fputs("  ", stream);
        fprintf(stream, in->more_form, count - SHORTAGE_ROWS);
        fputc('\n', stream);
    }
    free(list);
    return COMMAND_DONE;
}

/* ---- quality ------------------------------------------------------------------------- */

static void print_tier(FILE *stream, const plan_view *view, muster_tier t) {
    const muster_tier_result tier = muster_plan_tier(view->plan, t);
    const double             gap  = plan_tier_gap(view->plan, t);
    const plan_words        *in   = words_of(view);
    char                     number[32];
    print_label(stream, in->tier[t]);
    print_number(stream, 19, tier.value);
    fputs("   ", stream);
    if (isnan(gap) || gap == 0) {
        fputs(isnan(gap) ? in->no_bound : in->proven, stream);
    } else {
        fprintf(stream, in->bound_form, grouped(tier.bound, number), 100 * gap);
    }
    fputc('\n', stream);
}

static void print_quality(FILE *stream, const plan_view *view) {
    muster_tier       order[MUSTER_TIER_COUNT];
    const plan_words *in = words_of(view);
    fprintf(stream, "\n%s\n", in->quality);
    muster_plan_tier_order(view->plan, order);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        /* What the scenario says nothing of is not worth a line. */
        const muster_tier_result tier      = muster_plan_tier(view->plan, order[t]);
        const bool               is_always = order[t] <= MUSTER_TIER_RESPONSE_TIME;
        if (is_always || tier.value > 0) print_tier(stream, view, order[t]);
    }
    print_label(stream, in->time);
    fputc(' ', stream);
    fprintf(stream, in->time_form, muster_plan_first_feasible_ms(view->plan) / 1000.0,
            muster_plan_elapsed_ms(view->plan) / 1000.0);
    fputc('\n', stream);
}

int plan_summary_print(FILE *stream, const plan_view *view) {
    print_title(stream, view);
    print_incidents(stream, view);
    print_needs(stream, view);
    const int code = print_shortages(stream, view);
    if (code != COMMAND_DONE) return code;
    print_arrivals(stream, view);
    print_free(stream, view);
    print_shipments(stream, view);
    print_quality(stream, view);
    if (view->compared) plan_compare_print(stream, view);
    if (view->planner) plan_after_print(stream, view);
    return COMMAND_DONE;
}
