/* People, sandbags and pumps are not added up: the need that is met is the mean share over all needs,
 * each counting alike, and what is missing is counted in hours for each kind of resource by itself.
 * Response times are those of incidents to which somebody came; how many had nobody stands beside
 * them, lest a policy look quick that leaves out what is far away. */
#include "cli/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

static const double MS_PER_MIN = 60e3, MS_PER_H = 3600e3;

const measure_words MEASURE_WORDS[MEASURE_COUNT] = {
    [MEASURE_RESPONSE_MEAN]   = {"response_mean", "min", "mean response, min", true},
    [MEASURE_RESPONSE_P50]    = {"response_p50", "min", "half reached, min", true},
    [MEASURE_RESPONSE_P90]    = {"response_p90", "min", "90 % reached, min", true},
    [MEASURE_UNREACHED]       = {"unreached", "incidents", "nobody came, times", true},
    [MEASURE_WITHIN_STANDARD] = {"within_standard", "%", "within standard, %", false},
    [MEASURE_NEED_MET]        = {"need_met", "%", "need met, %", false},
    [MEASURE_UNMET_PEOPLE]    = {"unmet_people", "people h", "people missing, h", true},
    [MEASURE_UNMET_VEHICLES]  = {"unmet_vehicles", "vehicle h", "vehicles missing, h", true},
    [MEASURE_UNMET_MACHINES]  = {"unmet_machines", "machine h", "machines missing, h", true},
    [MEASURE_UNMET_ITEMS]     = {"unmet_items", "item h", "items missing, h", true},
    [MEASURE_DISTANCE]        = {"distance", "km", "distance driven, km", true},
};

double *measures_of(const measures *m, uint32_t policy, measure_id measure) {
    return m->value + ((size_t)policy * MEASURE_COUNT + measure) * m->replication_count;
}

double quantile(const double *rising, size_t count, double share) {
    const double rank = ceil((double)count * share - 1e-9);
    return count == 0 ? (double)NAN : rising[rank < 1 ? 0 : (size_t)rank - 1];
}

/* ---- incidents ----------------------------------------------------------------------- */

static int by_policy_replication_response(const void *x, const void *y) {
    const outcome *a = *(const outcome *const *)x, *b = *(const outcome *const *)y;
    if (a->policy != b->policy) return a->policy < b->policy ? -1 : 1;
    if (a->replication != b->replication) return a->replication < b->replication ? -1 : 1;
    return (a->response_ms > b->response_ms) - (a->response_ms < b->response_ms);
}

/* Of one replication under one policy, sorted by response: those to whom nobody came are first, since
 * TABLE_NEVER is the least. `minutes` has room for all. */
static void measure_responses(measures *m, const outcome *const *list, uint32_t count,
                              double *minutes) {
    uint32_t reached = 0, with_standard = 0, within = 0;
    double   sum = 0;
    for (uint32_t i = 0; i < count; ++i) {
        with_standard += list[i]->standard_ms > 0;
        within += outcome_is_within(list[i]);
        if (list[i]->response_ms == TABLE_NEVER) continue;
        minutes[reached] = (double)list[i]->response_ms / MS_PER_MIN;
        sum += minutes[reached++];
    }
    const uint32_t policy = list[0]->policy, replication = list[0]->replication;
    const double   none                                        = (double)NAN;
    measures_of(m, policy, MEASURE_UNREACHED)[replication]     = count - reached;
    measures_of(m, policy, MEASURE_RESPONSE_MEAN)[replication] = reached > 0 ? sum / reached : none;
    measures_of(m, policy, MEASURE_RESPONSE_P50)[replication]  = quantile(minutes, reached, 0.5);
    measures_of(m, policy, MEASURE_RESPONSE_P90)[replication]  = quantile(minutes, reached, 0.9);
    measures_of(m, policy, MEASURE_WITHIN_STANDARD)[replication] =
        with_standard > 0 ? 100.0 * within / with_standard : none;
}

static bool measure_incidents(measures *m, const outcomes *o) {
    const outcome **sorted  = malloc((o->count + 1) * sizeof(void *));
    double         *minutes = malloc((o->count + 1) * sizeof *minutes);
    const bool      ok      = sorted && minutes;
    for (uint32_t i = 0; ok && i < o->count; ++i) sorted[i] = &o->list[i];
    if (ok) qsort(sorted, o->count, sizeof(void *), by_policy_replication_response);
    for (uint32_t first = 0, end = 0; ok && first < o->count; first = end) {
        while (end < o->count && sorted[end]->policy == sorted[first]->policy &&
               sorted[end]->replication == sorted[first]->replication) {
            ++end;
        }
        measure_responses(m, sorted + first, end - first, minutes);
    }
    free(sorted);
    free(minutes);
    return ok;
}

/* ---- needs and orders ---------------------------------------------------------------- */

enum { POLICY, REPLICATION, RESOURCE, QUANTITY, MET, OPEN, NEED_COLUMNS, DISTANCE = RESOURCE };

static const char *const NEED_COLUMN[NEED_COLUMNS] = {
    "policy", "replication", "resource", "quantity", "met_quantity", "open_quantity_ms"};
static const char *const ORDER_COLUMN[] = {"policy", "replication", "distance_m"};

typedef struct measuring {
    const results *results;
    measures      *out;
    uint32_t      *need_count; /* by policy and replication */
} measuring;

/* In JSON and CSV resources have these names; the measure of each. */
static const struct {
    const char *name;
    measure_id  measure;
} RESOURCES[] = {{"people", MEASURE_UNMET_PEOPLE},
                 {"vehicle", MEASURE_UNMET_VEHICLES},
                 {"machine", MEASURE_UNMET_MACHINES},
                 {"item", MEASURE_UNMET_ITEMS}};

static int measure_named(measure_id *out, const table_row *row) {
    for (size_t i = 0; i < sizeof RESOURCES / sizeof *RESOURCES; ++i) {
        if (strcmp(RESOURCES[i].name, row->cell[RESOURCE]) != 0) continue;
        *out = RESOURCES[i].measure;
        return COMMAND_DONE;
    }
    return command_fail(
        COMMAND_BAD_INPUT,
        "%s: row %u, column resource: \"%s\"; expected people, vehicle, machine or item", row->path,
        row->line, row->cell[RESOURCE]);
}

/* NaN is nothing yet. */
static void add(double *sum, double more) {
    *sum = isnan(*sum) ? more : *sum + more;
}

static int take_need(const table_row *row, void *user) {
    measuring *reading  = user;
    measure_id missing  = MEASURE_UNMET_PEOPLE;
    double     quantity = 0, met = 0, open = 0;
    row_place  place;
    int        code = results_place(&place, reading->results, row);
    if (code == COMMAND_DONE) code = measure_named(&missing, row);
    if (code == COMMAND_DONE) code = table_number(&quantity, row, QUANTITY);
    if (code == COMMAND_DONE) code = table_number(&met, row, MET);
    if (code == COMMAND_DONE) code = table_number(&open, row, OPEN);
    if (code != COMMAND_DONE) return code;
    add(&measures_of(reading->out, place.policy, missing)[place.replication],
        isnan(open) ? 0 : open / MS_PER_H);
    if (!(quantity > 0)) return COMMAND_DONE; /* it was withdrawn: nothing to be met */
    add(&measures_of(reading->out, place.policy, MEASURE_NEED_MET)[place.replication],
        isnan(met) ? 0 : 100 * fmin(1, met / quantity));
    ++reading->need_count[place.policy * reading->out->replication_count + place.replication];
    return COMMAND_DONE;
}

static int take_order(const table_row *row, void *user) {
    const measuring *reading = user;
    double           m       = 0;
    row_place        place;
    int              code = results_place(&place, reading->results, row);
    if (code == COMMAND_DONE) code = table_number(&m, row, DISTANCE);
    if (code != COMMAND_DONE || isnan(m)) return code;
    add(&measures_of(reading->out, place.policy, MEASURE_DISTANCE)[place.replication], m / 1000);
    return COMMAND_DONE;
}

static void divide_needs(const measuring *reading) {
    for (uint32_t p = 0; p < reading->results->policy_count; ++p) {
        double *met = measures_of(reading->out, p, MEASURE_NEED_MET);
        for (uint32_t i = 0; i < reading->out->replication_count; ++i) {
            met[i] /= reading->need_count[p * reading->out->replication_count + i];
        }
    }
}

static int measure_tables(measuring *reading) {
    int code = results_read(reading->results, "needs.csv", NEED_COLUMNS, NEED_COLUMN, false,
                            take_need, reading);
    if (code != COMMAND_DONE) return code;
    divide_needs(reading);
    return results_read(reading->results, "orders.csv", 3, ORDER_COLUMN, false, take_order,
                        reading);
}

/* ---- all ----------------------------------------------------------------------------- */

/* Who sends nobody has driven nothing, and without incidents nobody waits in vain. */
static void clear(measures *m, uint32_t policy_count) {
    for (uint32_t p = 0; p < policy_count; ++p) {
        for (int each = 0; each < MEASURE_COUNT; ++each) {
            const bool begins_at_0 = each == MEASURE_DISTANCE || each == MEASURE_UNREACHED;
            double    *value       = measures_of(m, p, (measure_id)each);
            for (uint32_t i = 0; i < m->replication_count; ++i) {
                value[i] = begins_at_0 ? 0 : (double)NAN;
            }
        }
    }
}

int measures_read(measures *out, const results *r, const outcomes *o) {
    const size_t places = (size_t)r->policy_count * r->replication_count;
    *out                = (measures){.replication_count = r->replication_count,
                                     .value             = malloc(places * MEASURE_COUNT * sizeof *out->value)};
    measuring reading   = {r, out, calloc(places, sizeof *reading.need_count)};
    int       code      = COMMAND_DONE;
    if (!out->value || !reading.need_count) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    }
    if (code == COMMAND_DONE) clear(out, r->policy_count);
    if (code == COMMAND_DONE && !measure_incidents(out, o)) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    }
    if (code == COMMAND_DONE) code = measure_tables(&reading);
    free(reading.need_count);
    if (code != COMMAND_DONE) measures_free(out);
    return code;
}

void measures_free(measures *m) {
    free(m->value);
    *m = (measures){0};
}
