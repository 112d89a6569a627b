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
#include "cli/text_width.h"

enum { SHORTAGE_ROWS = 10, KIND_COLUMNS = 24 };

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
static void print_minutes(FILE *stream, int width, uint32_t ms) {
    const uint32_t minutes = ms / 60000 + (ms % 60000 > 0);
    char           text[32];
    if (minutes < 100) {
        snprintf(text, sizeof text, "%" PRIu32 " min", minutes);
    } else {
        snprintf(text, sizeof text, "%" PRIu32 " h %02" PRIu32, minutes / 60, minutes % 60);
    }
    fprintf(stream, "%*s", width, text);
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
    fprintf(stream, "  %-16s", label);
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
    fprintf(stream, "\n%-18s%10s%12s%12s%12s\n", "Incidents", "total", "fully met", "partly",
            "not at all");
    for (int s = MUSTER_SEVERITY_COUNT - 1; s >= 0; --s) {
        print_incident_row(stream, muster_severity_name((muster_severity)s), count[s]);
    }
    print_incident_row(stream, "all", count[PLAN_EVERY_SEVERITY]);
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
    fprintf(stream, "\n%-18s%10s%12s%12s%12s\n", "Needs", "asked", "sent", "missing", "met");
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (asked[r] == 0) continue;
        fprintf(stream, "  %-16s", muster_resource_name((muster_resource)r));
        print_number(stream, 10, asked[r]);
        print_number(stream, 12, sent[r]);
        print_number(stream, 12, missing[r]);
        fprintf(stream, "%11.1f%%\n", 100.0 * (double)(asked[r] - missing[r]) / (double)asked[r]);
    }
}

static void print_arrivals(FILE *stream, const plan_view *view) {
    fprintf(stream, "\n%-18s%10s%12s%12s%12s%12s\n", "Arrivals", "count", "median", "90% by",
            "last", "late");
    for (int g = MUSTER_SEVERITY_COUNT - 1; g >= -1; --g) {
        const plan_arrivals *group = &view->arrivals[g >= 0 ? g : PLAN_EVERY_SEVERITY];
        if (group->count == 0) continue;
        fprintf(stream, "  %-16s", g >= 0 ? muster_severity_name((muster_severity)g) : "all");
        print_number(stream, 10, group->count);
        print_minutes(stream, 12, plan_arrivals_percentile(group, 50));
        print_minutes(stream, 12, plan_arrivals_percentile(group, 90));
        print_minutes(stream, 12, plan_arrivals_percentile(group, 100));
        print_number(stream, 12, group->late);
        fputc('\n', stream);
    }
}

static void print_free(FILE *stream, const plan_view *view) {
    const plan_free left = plan_free_count(view);
    fprintf(stream, "\n%-18s", "Still free");
    print_number(stream, 0, left.teams);
    fputs(" teams (", stream);
    print_number(stream, 0, left.people);
    fprintf(stream, " people)\n%-18s", "");
    print_number(stream, 0, left.vehicles);
    fputs(" vehicles, ", stream);
    print_number(stream, 0, left.machines);
    fputs(" machines, ", stream);
    print_number(stream, 0, left.items);
    fputs(" items\n", stream);
}

static void print_shipments(FILE *stream, const plan_view *view) {
    double kg = 0, m3 = 0;
    if (view->shipment_count == 0) return;
    for (uint32_t s = 0; s < view->shipment_count; ++s) {
        kg += view->shipment[s].load_kg;
        m3 += view->shipment[s].load_m3;
    }
    fprintf(stream, "%-18s", "Shipments");
    print_number(stream, 0, view->shipment_count);
    fprintf(stream, " vehicles carry %.1f t and %.1f m3 of items\n", kg / 1000, m3);
}

/* ---- shortages ----------------------------------------------------------------------- */

/* All that one kind lacks for one reason. */
typedef struct shortage {
    uint32_t kind;
    uint8_t  reason;
    int64_t  asked, sent, missing; /* of the needs that are short */
} shortage;

static const char *reason_text(uint8_t reason) {
    static const char *const text[] = {
        [MUSTER_UNMET_UNSNAPPED]     = "no road near",
        [MUSTER_UNMET_NONE_EXIST]    = "there are none",
        [MUSTER_UNMET_UNREACHABLE]   = "no road from them",
        [MUSTER_UNMET_GRADE]         = "none is good enough",
        [MUSTER_UNMET_SHIFT]         = "their shift ends",
        [MUSTER_UNMET_RULED_OUT]     = "ruled out",
        [MUSTER_UNMET_INCOMPLETE]    = "all or nothing",
        [MUSTER_UNMET_NO_OPERATORS]  = "nobody to operate",
        [MUSTER_UNMET_DIVERSION]     = "under way elsewhere",
        [MUSTER_UNMET_BELOW_MINIMUM] = "under the minimum",
        [MUSTER_UNMET_EXHAUSTED]     = "all in use",
        [MUSTER_UNMET_MAX_SOURCES]   = "enough sources",
        [MUSTER_UNMET_NO_VEHICLE]    = "no vehicle free",
    };
    return text[reason];
}

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
    fprintf(stream, "  %s\n", reason_text(s->reason));
}

static int print_shortages(FILE *stream, const plan_view *view) {
    if (view->unmet_count == 0) return COMMAND_DONE;
    shortage *list = calloc(view->unmet_count, sizeof *list);
    if (!list) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    const uint32_t count = collect_shortages(list, view);
    fprintf(stream, "\n%-*s%11s%11s%11s  why\n", KIND_COLUMNS + 2, "Short of", "asked", "sent",
            "missing");
    for (uint32_t i = 0; i < count && i < SHORTAGE_ROWS; ++i) {
        print_shortage(stream, view, &list[i]);
    }
    if (count > SHORTAGE_ROWS) {
        fprintf(stream, "  ... and %" PRIu32 " more: see the report (--report)\n",
                count - SHORTAGE_ROWS);
    }
    free(list);
    return COMMAND_DONE;
}

/* ---- quality ------------------------------------------------------------------------- */

/* "unmet_need" as "unmet need". */
static void print_tier_name(FILE *stream, muster_tier t) {
    char text[17];
    snprintf(text, sizeof text, "%s", muster_tier_name(t));
    for (char *c = text; *c; ++c) *c = *c == '_' ? ' ' : *c;
    fprintf(stream, "  %-16s", text);
}

static void print_tier(FILE *stream, const plan_view *view, muster_tier t) {
    const muster_tier_result tier = muster_plan_tier(view->plan, t);
    const double             gap  = plan_tier_gap(view->plan, t);
    print_tier_name(stream, t);
    print_number(stream, 19, tier.value);
    if (isnan(gap)) {
        fputs("   no bound\n", stream);
    } else if (gap == 0) {
        fputs("   proven optimal\n", stream);
    } else {
        fputs("   bound ", stream);
        print_number(stream, 0, tier.bound);
        fprintf(stream, ", gap %.2f%%\n", 100 * gap);
    }
}

static void print_quality(FILE *stream, const plan_view *view) {
    muster_tier order[MUSTER_TIER_COUNT];
    fputs("\nQuality\n", stream);
    muster_plan_tier_order(view->plan, order);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        /* What the scenario says nothing of is not worth a line. */
        const muster_tier_result tier      = muster_plan_tier(view->plan, order[t]);
        const bool               is_always = order[t] <= MUSTER_TIER_RESPONSE_TIME;
        if (is_always || tier.value > 0) print_tier(stream, view, order[t]);
    }
    fprintf(stream, "  %-16s first plan after %.2f s, this one after %.2f s\n", "time",
            muster_plan_first_feasible_ms(view->plan) / 1000.0,
            muster_plan_elapsed_ms(view->plan) / 1000.0);
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
