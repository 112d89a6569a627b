/* Each need counts alike, however many people or sandbags it asks for (as in measures.c). A need is asked for
 * when its incident is reported and met at its met_ms, so a moment of a replication is two counts: both are
 * noted at the first moment of the chart that is not before, and added up along it. */
#include "cli/report_needs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <muster/api.h>

#include "cli/command.h"
#include "cli/measures.h"

enum { MOMENTS = 97 }; /* a quarter of an hour of a day */
enum { POLICY, REPLICATION, INCIDENT, MET, COLUMNS };

static const char *const COLUMN[COLUMNS] = {"policy", "replication", "incident", "met_ms"};

typedef struct counting {
    const results  *results;
    name_pool      *pool;
    const outcome **sorted; /* by policy, replication, incident */
    uint32_t        outcome_count;
    uint32_t       *asked, *met; /* by policy, replication, moment */
} counting;

static int by_place(const void *x, const void *y) {
    const outcome *a = *(const outcome *const *)x, *b = *(const outcome *const *)y;
    if (a->policy != b->policy) return a->policy < b->policy ? -1 : 1;
    if (a->replication != b->replication) return a->replication < b->replication ? -1 : 1;
    return (a->incident > b->incident) - (a->incident < b->incident);
}

/* The first moment that is not before; MOMENTS: after the end. */
static uint32_t moment_of(const results *r, int64_t ms) {
    const double at = ceil((double)ms * (MOMENTS - 1) / (double)r->length_ms);
    return at < 0 ? 0 : at >= MOMENTS ? MOMENTS : (uint32_t)at;
}

static size_t row_of(const counting *c, uint32_t policy, uint32_t replication) {
    return ((size_t)policy * c->results->replication_count + replication) * MOMENTS;
}

static int take_need(const table_row *row, void *user) {
    const counting *c   = user;
    int64_t         met = 0;
    row_place       place;
    int             code = results_place(&place, c->results, row);
    if (code == COMMAND_DONE) code = table_integer(&met, row, MET);
    if (code != COMMAND_DONE) return code;
    const outcome  key    = {.policy      = place.policy,
                             .replication = place.replication,
                             .incident    = name_pool_add(c->pool, row->cell[INCIDENT])};
    const outcome *wanted = &key, *const *found = bsearch(&wanted, c->sorted, c->outcome_count,
                                                          sizeof(void *), by_place);
    if (!found) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: row %u, column incident: \"%s\"; expected one of incidents.csv",
                            row->path, row->line, row->cell[INCIDENT]);
    }
    const size_t   at    = row_of(c, place.policy, place.replication);
    const uint32_t asked = moment_of(c->results, (*found)->reported_ms);
    if (asked < MOMENTS) ++c->asked[at + asked];
    if (met != TABLE_NEVER && moment_of(c->results, met) < MOMENTS) {
        ++c->met[at + moment_of(c->results, met)];
    }
    return COMMAND_DONE;
}

/* Counts become those of all moments before, too. */
static void add_up(const counting *c) {
    const size_t places = (size_t)c->results->policy_count * c->results->replication_count;
    for (size_t i = 0; i < places; ++i) {
        for (size_t m = 1; m < MOMENTS; ++m) {
            c->asked[i * MOMENTS + m] += c->asked[i * MOMENTS + m - 1];
            c->met[i * MOMENTS + m] += c->met[i * MOMENTS + m - 1];
        }
    }
}

static int rising(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static json_t *number_json(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

typedef struct curve {
    json_t *asked, *met, *share, *low, *high;
} curve;

static void add_moment(curve *out, const counting *c, uint32_t policy, uint32_t moment,
                       double *percent) {
    const uint32_t count = c->results->replication_count;
    uint32_t       known = 0;
    double         asked = 0, met = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const size_t at = row_of(c, policy, i) + moment;
        asked += c->asked[at];
        met += c->met[at];
        if (c->asked[at] > 0) percent[known++] = 100.0 * c->met[at] / c->asked[at];
    }
    qsort(percent, known, sizeof *percent, rising);
    json_array_append_new(out->asked, json_real(asked / count));
    json_array_append_new(out->met, json_real(met / count));
    json_array_append_new(out->share, number_json(asked > 0 ? 100 * met / asked : (double)NAN));
    json_array_append_new(out->low, number_json(quantile(percent, known, 0.05)));
    json_array_append_new(out->high, number_json(quantile(percent, known, 0.95)));
}

static json_t *policy_new(const counting *c, uint32_t policy, double *percent) {
    curve lines = {json_array(), json_array(), json_array(), json_array(), json_array()};
    for (uint32_t m = 0; m < MOMENTS; ++m) add_moment(&lines, c, policy, m, percent);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "asked", lines.asked, "met", lines.met, "share",
                     lines.share, "low", lines.low, "high", lines.high);
}

static json_t *curves_new(const counting *c) {
    double *percent  = malloc(c->results->replication_count * sizeof *percent);
    json_t *policies = percent ? json_array() : NULL, *times = json_array();
    for (uint32_t p = 0; policies && p < c->results->policy_count; ++p) {
        json_array_append_new(policies, policy_new(c, p, percent));
    }
    for (int m = 0; m < MOMENTS; ++m) {
        json_array_append_new(
            times, json_integer((json_int_t)((double)c->results->length_ms * m / (MOMENTS - 1))));
    }
    free(percent);
    return json_pack("{s:o, s:o}", "time_ms", times, "policies", policies);
}

static int count_needs(counting *c, const outcomes *o) {
    const size_t places = (size_t)c->results->policy_count * c->results->replication_count;
    c->sorted           = malloc((o->count + 1) * sizeof(void *));
    c->asked            = calloc(places * MOMENTS, sizeof *c->asked);
    c->met              = calloc(places * MOMENTS, sizeof *c->met);
    if (!c->sorted || !c->asked || !c->met) {
        return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", c->results->folder);
    }
    for (uint32_t i = 0; i < o->count; ++i) c->sorted[i] = &o->list[i];
    qsort(c->sorted, o->count, sizeof(void *), by_place);
    const int code = results_read(c->results, "needs.csv", COLUMNS, COLUMN, false, take_need, c);
    add_up(c);
    return code;
}

int report_needs_new(json_t **out, const results *r, const outcomes *o, name_pool *pool) {
    counting c    = {.results = r, .pool = pool, .outcome_count = o->count};
    int      code = count_needs(&c, o);
    *out          = code == COMMAND_DONE ? curves_new(&c) : NULL;
    if (code == COMMAND_DONE && !*out) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    }
    free(c.sorted);
    free(c.asked);
    free(c.met);
    return code;
}
