#include "cli/simulate_summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text_width.h"

enum { LABEL_WIDTH = 22, COLUMN_WIDTH = 14 };

/* ---- adding up ----------------------------------------------------------------------------- */

static bool add_response(simulate_sum *s, int64_t response_ms) {
    if (s->response_count == s->response_capacity) {
        const size_t capacity = s->response_capacity * 2 + 256;
        int64_t     *grown    = realloc(s->response_ms, capacity * sizeof *grown);
        if (!grown) return false;
        s->response_ms       = grown;
        s->response_capacity = capacity;
    }
    s->response_ms[s->response_count++] = response_ms;
    return true;
}

static void add_totals(muster_simulated_totals *sum, const muster_simulated_totals *t) {
    sum->incident_count += t->incident_count;
    sum->closed_count += t->closed_count;
    sum->plan_count += t->plan_count;
    sum->order_count += t->order_count;
    sum->standard_count += t->standard_count;
    sum->within_count += t->within_count;
    sum->need_quantity += t->need_quantity;
    sum->met_quantity += t->met_quantity;
    sum->open_quantity_ms += t->open_quantity_ms;
    sum->distance_m += t->distance_m;
    sum->busy_ms += t->busy_ms;
    sum->unit_ms += t->unit_ms;
}

bool simulate_summary_add(simulate_summary *summary, const muster_replication *r) {
    simulate_sum *s = summary->sum;
    uint32_t      count, refusals;
    while (strcmp(s->policy, muster_simulation_policy(r)) != 0) ++s;
    const muster_simulated_totals    totals   = muster_simulation_totals(r);
    const muster_simulated_incident *incident = muster_simulation_incidents(r, &count);
    (void)muster_simulation_refusals(r, &refusals);
    add_totals(&s->totals, &totals);
    ++s->replications;
    s->refusals += refusals;
    for (uint32_t i = 0; i < count; ++i) {
        if (incident[i].response_ms >= 0 && !add_response(s, incident[i].response_ms)) return false;
    }
    return true;
}

/* ---- printing ------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The smallest that so many percent are at most (the nearest rank). */
static void print_percentile(FILE *f, const simulate_sum *s, unsigned percent) {
    char text[32] = "-";
    if (s->response_count > 0) {
        const size_t  rank = (s->response_count * percent + 99) / 100;
        const int64_t ms   = s->response_ms[rank > 0 ? rank - 1 : 0];
        snprintf(text, sizeof text, "%.1f min", (double)ms / 60000);
    }
    fprintf(f, "%*s", COLUMN_WIDTH, text);
}

static void print_share(FILE *f, double part, double whole) {
    char text[32] = "-";
    if (whole > 0) snprintf(text, sizeof text, "%.1f %%", 100 * part / whole);
    fprintf(f, "%*s", COLUMN_WIDTH, text);
}

static void print_mean(FILE *f, const simulate_sum *s, double sum, const char *unit) {
    char text[32];
    snprintf(text, sizeof text, "%.1f%s", sum / s->replications, unit);
    fprintf(f, "%*s", COLUMN_WIDTH, text);
}

enum {
    ROW_REPLICATIONS,
    ROW_INCIDENTS,
    ROW_REACHED,
    ROW_P50,
    ROW_P90,
    ROW_WITHIN,
    ROW_MET,
    ROW_UNMET,
    ROW_DISTANCE,
    ROW_BUSY,
    ROW_PLANS,
    ROW_ORDERS,
    ROW_COUNT
};

static const char *const LABEL[ROW_COUNT] = {
    "replications",      "incidents",       "reached",  "response, half",
    "response, 9 of 10", "within standard", "need met", "unmet, unit hours",
    "distance",          "units busy",      "plans",    "orders"};

static void print_cell(FILE *f, const simulate_sum *s, int row) {
    const muster_simulated_totals *t = &s->totals;
    switch (row) {
    case ROW_REPLICATIONS:
        fprintf(f, "%*" PRIu32, COLUMN_WIDTH, s->replications);
        break;
    case ROW_INCIDENTS:
        print_mean(f, s, t->incident_count, "");
        break;
    case ROW_REACHED:
        print_share(f, (double)s->response_count, t->incident_count);
        break;
    case ROW_P50:
    case ROW_P90:
        print_percentile(f, s, row == ROW_P50 ? 50 : 90);
        break;
    case ROW_WITHIN:
        print_share(f, t->within_count, t->standard_count);
        break;
    case ROW_MET:
        print_share(f, (double)t->met_quantity, (double)t->need_quantity);
        break;
    case ROW_UNMET:
        print_mean(f, s, (double)t->open_quantity_ms / 3600000, "");
        break;
    case ROW_DISTANCE:
        print_mean(f, s, t->distance_m / 1000, " km");
        break;
    case ROW_BUSY:
        print_share(f, (double)t->busy_ms, (double)t->unit_ms);
        break;
    case ROW_PLANS:
        print_mean(f, s, t->plan_count, "");
        break;
    default:
        print_mean(f, s, t->order_count, "");
    }
}

void simulate_summary_print(simulate_summary *summary, FILE *f) {
    fprintf(f, "%-*s", LABEL_WIDTH, "policy");
    for (uint32_t p = 0; p < summary->policy_count; ++p) {
        simulate_sum *s = &summary->sum[p];
        if (s->response_count > 0) {
            qsort(s->response_ms, s->response_count, sizeof *s->response_ms, by_value);
        }
        putc(' ', f);
        text_print_right(f, s->policy, COLUMN_WIDTH - 1);
    }
    putc('\n', f);
    for (int row = 0; row < ROW_COUNT; ++row) {
        fprintf(f, "%-*s", LABEL_WIDTH, LABEL[row]);
        for (uint32_t p = 0; p < summary->policy_count; ++p) print_cell(f, &summary->sum[p], row);
        putc('\n', f);
    }
    uint32_t refusals = 0;
    for (uint32_t p = 0; p < summary->policy_count; ++p) refusals += summary->sum[p].refusals;
    if (refusals == 0) return;
    fprintf(f, "%" PRIu32 " event%s of the courses could not be as things were: refusals.csv\n",
            refusals, refusals == 1 ? "" : "s");
}

void simulate_summary_fini(simulate_summary *summary) {
    for (uint32_t p = 0; p < summary->policy_count; ++p) free(summary->sum[p].response_ms);
    free(summary->sum);
}
