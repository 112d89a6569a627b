/* What is said to differ is what Student's interval of the mean difference says; the interval that
 * supposes nothing stands beside it, so that a reader sees where both disagree. */
#include "cli/comparison_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/csv_output.h"
#include "cli/text_width.h"

/* ---- sentences ----------------------------------------------------------------------- */

/* What policy B does, where its value is below that of A, and above; %s is by how much. */
static const struct {
    const char *below, *above;
} PHRASES[MEASURE_COUNT] = {
    [MEASURE_RESPONSE_MEAN]   = {"responds %s min sooner on average",
                                 "responds %s min later on average"},
    [MEASURE_RESPONSE_P50]    = {"has reached half of the incidents %s min sooner",
                                 "has reached half of the incidents %s min later"},
    [MEASURE_RESPONSE_P90]    = {"has reached 90 %% of the incidents %s min sooner",
                                 "has reached 90 %% of the incidents %s min later"},
    [MEASURE_UNREACHED]       = {"leaves %s fewer incidents without anybody",
                                 "leaves %s more incidents without anybody"},
    [MEASURE_WITHIN_STANDARD] = {"is within the standard at %s points fewer of the incidents",
                                 "is within the standard at %s points more of the incidents"},
    [MEASURE_NEED_MET] = {"meets %s points less of the need", "meets %s points more of the need"},
    [MEASURE_UNMET_PEOPLE]   = {"lacks %s fewer people-hours", "lacks %s more people-hours"},
    [MEASURE_UNMET_VEHICLES] = {"lacks %s fewer vehicle-hours", "lacks %s more vehicle-hours"},
    [MEASURE_UNMET_MACHINES] = {"lacks %s fewer machine-hours", "lacks %s more machine-hours"},
    [MEASURE_UNMET_ITEMS]    = {"lacks %s fewer item-hours", "lacks %s more item-hours"},
    [MEASURE_DISTANCE]       = {"drives %s km less", "drives %s km more"},
};

enum { NUMBER_BYTES = 32 };

/* Three digits or so, as many decimals as `scale` has sense for. */
static const char *number_text(char out[NUMBER_BYTES], double value, double scale) {
    const int decimals = fabs(scale) >= 99.5 ? 0 : fabs(scale) >= 9.95 ? 1 : 2;
    snprintf(out, NUMBER_BYTES, "%.*f", decimals, value + 0.0);
    return strspn(out, "-0.") == strlen(out) && *out == '-' ? out + 1 : out; /* no -0.00 */
}

/* The phrases are ours, with one %s each. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void print_phrase(char *out, size_t size, const char *phrase, const char *amount) {
    snprintf(out, size, phrase, amount);
}
#pragma GCC diagnostic pop

bool comparison_conclude(char out[CONCLUSION_BYTES], const comparison *c, measure_id measure) {
    const paired_summary *s = &c->measure[measure];
    char                  phrase[128], amount[NUMBER_BYTES], low[NUMBER_BYTES], high[NUMBER_BYTES];
    if (!interval_excludes_zero(&s->student)) return false;
    const bool   is_below = s->difference < 0;
    const double from     = is_below ? -s->student.high : s->student.low;
    const double to       = is_below ? -s->student.low : s->student.high;
    print_phrase(phrase, sizeof phrase, is_below ? PHRASES[measure].below : PHRASES[measure].above,
                 number_text(amount, fabs(s->difference), to));
    snprintf(out, CONCLUSION_BYTES,
             "%.120s %s than %.120s (%g %%: %s to %s) over %" PRIu32 " replications", c->name_b,
             phrase, c->name_a, 100 * c->confidence, number_text(low, from, to),
             number_text(high, to, to), s->count);
    return true;
}

/* ---- text ---------------------------------------------------------------------------- */

static void print_number(FILE *stream, double value, double scale, int width) {
    char text[NUMBER_BYTES];
    fprintf(stream, "%*s", width, isnan(value) ? "-" : number_text(text, value, scale));
}

static void print_interval(FILE *stream, const interval *i, double scale, int width) {
    char text[2 * NUMBER_BYTES + 8] = "-", low[NUMBER_BYTES], high[NUMBER_BYTES];
    if (i->is_known) {
        snprintf(text, sizeof text, "%s to %s", number_text(low, i->low, scale),
                 number_text(high, i->high, scale));
    }
    fprintf(stream, "%*s", width, text);
}

static void print_measure(FILE *stream, const comparison *c, int m) {
    const paired_summary *s = &c->measure[m];
    if (s->count == 0) return;
    const double scale = fmax(fabs(s->mean_a), fabs(s->mean_b));
    text_print_padded(stream, MEASURE_WORDS[m].title, 20);
    print_number(stream, s->mean_a, scale, 9);
    print_number(stream, s->mean_b, scale, 9);
    print_number(stream, s->difference, scale, 8);
    print_interval(stream, &s->student, scale, 17);
    print_interval(stream, &s->order, scale, 17);
    fputc('\n', stream);
}

static void print_measures(FILE *stream, const comparison *c) {
    fprintf(stream, "\n%-20s", "");
    text_print_right(stream, c->name_a, 9);
    text_print_right(stream, c->name_b, 9);
    fprintf(stream, "%8s%10g %% mean%8g %% median\n", "differ", 100 * c->confidence,
            100 * c->confidence);
    for (int m = 0; m < MEASURE_COUNT; ++m) print_measure(stream, c, m);
}

static void print_group(FILE *stream, const compared_group *g) {
    const double none = (double)NAN;
    const double a    = g->reached > 0 ? g->sum_a_min / g->reached : none;
    const double b    = g->reached > 0 ? g->sum_b_min / g->reached : none;
    fputs("  ", stream);
    text_print_padded(stream, *g->name ? g->name : "(none)", 28);
    fprintf(stream, "%8" PRIu32 "%8" PRIu32 "%8" PRIu32, g->won, g->lost,
            g->count - g->won - g->lost);
    print_number(stream, a, fmax(a, b), 13);
    print_number(stream, b, fmax(a, b), 13);
    fputc('\n', stream);
}

/* Of many groups the best and the worst: the rest is in the JSON and the CSV. */
enum { SHOWN_AT_AN_END = 6 };

static void print_groups(FILE *stream, const char *title, const compared_groups *g) {
    fprintf(stream, "\n%-30s%8s%8s%8s%13s%13s\n", title, "won", "lost", "equal", "first, min",
            "second, min");
    for (uint32_t i = 0; i < g->count; ++i) {
        const bool is_inner = i >= SHOWN_AT_AN_END && i + SHOWN_AT_AN_END < g->count;
        if (!is_inner || g->count == 2 * SHOWN_AT_AN_END + 1) {
            print_group(stream, &g->group[i]);
        } else if (i == SHOWN_AT_AN_END) {
            fprintf(stream, "  ... %" PRIu32 " more\n", g->count - 2 * SHOWN_AT_AN_END);
        }
    }
}

static void print_conclusions(FILE *stream, const comparison *c) {
    char sentence[CONCLUSION_BYTES];
    bool has_rest = false;
    fputc('\n', stream);
    for (int m = 0; m < MEASURE_COUNT; ++m) {
        if (comparison_conclude(sentence, c, (measure_id)m)) fprintf(stream, "%s\n", sentence);
    }
    for (int m = 0; m < MEASURE_COUNT; ++m) {
        if (c->measure[m].count == 0 || interval_excludes_zero(&c->measure[m].student)) continue;
        fprintf(stream, "%s%s",
                has_rest ? "; " : "no difference is shown in: ", MEASURE_WORDS[m].title);
        has_rest = true;
    }
    if (has_rest) fputc('\n', stream);
}

void comparison_print(FILE *stream, const comparison *c, const results *r) {
    fprintf(stream, "scenario  %s\n", r->name);
    fprintf(stream, "policies  %s and %s\n", c->name_a, c->name_b);
    fprintf(stream,
            "runs      replications %" PRIu32 ", seed %" PRId64 ", each once under either\n",
            c->replication_count, r->seed);
    print_measures(stream, c);
    print_groups(stream, "severity", &c->severity);
    print_groups(stream, "authority", &c->authority);
    print_conclusions(stream, c);
}

/* ---- CSV ----------------------------------------------------------------------------- */

static void write_number(FILE *stream, double value) {
    fputc(',', stream);
    if (!isnan(value)) csv_print_exact(stream, value);
}

static void write_interval(FILE *stream, const interval *i) {
    write_number(stream, i->is_known ? i->low : (double)NAN);
    write_number(stream, i->is_known ? i->high : (double)NAN);
}

static void write_name(FILE *stream, const char *table, const char *name, const char *unit,
                       const comparison *c) {
    fprintf(stream, "%s,", table);
    csv_print_text(stream, name);
    fprintf(stream, ",%s,", unit);
    csv_print_text(stream, c->name_a);
    fputc(',', stream);
    csv_print_text(stream, c->name_b);
}

/* Won by B: above where more is better. */
static uint32_t won(const paired_summary *s, int m) {
    return MEASURE_WORDS[m].is_lower_better ? s->below : s->above;
}
static uint32_t lost(const paired_summary *s, int m) {
    return MEASURE_WORDS[m].is_lower_better ? s->above : s->below;
}

static void write_measure(FILE *stream, const comparison *c, int m) {
    const paired_summary *s = &c->measure[m];
    write_name(stream, "measure", MEASURE_WORDS[m].name, MEASURE_WORDS[m].unit, c);
    fprintf(stream, ",%" PRIu32, s->count);
    write_number(stream, s->mean_a);
    write_number(stream, s->mean_b);
    write_number(stream, s->difference);
    write_interval(stream, &s->student);
    write_number(stream, s->median);
    write_interval(stream, &s->order);
    write_number(stream, s->sign_p);
    fprintf(stream, ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", won(s, m), lost(s, m), s->equal);
}

static void write_group(FILE *stream, const comparison *c, const char *table,
                        const compared_group *g) {
    const double none = (double)NAN;
    const double a    = g->reached > 0 ? g->sum_a_min / g->reached : none;
    const double b    = g->reached > 0 ? g->sum_b_min / g->reached : none;
    write_name(stream, table, g->name, "min", c);
    fprintf(stream, ",%" PRIu32, g->count);
    write_number(stream, a);
    write_number(stream, b);
    write_number(stream, b - a);
    fprintf(stream, ",,,,,,,%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", g->won, g->lost,
            g->count - g->won - g->lost);
}

void comparison_write_csv(FILE *stream, const comparison *c) {
    fputs("table,name,unit,policy_a,policy_b,count,mean_a,mean_b,difference,low,high,median,"
          "median_low,median_high,sign_p,won,lost,equal\n",
          stream);
    for (int m = 0; m < MEASURE_COUNT; ++m) write_measure(stream, c, m);
    for (uint32_t g = 0; g < c->severity.count; ++g) {
        write_group(stream, c, "severity", &c->severity.group[g]);
    }
    for (uint32_t g = 0; g < c->authority.count; ++g) {
        write_group(stream, c, "authority", &c->authority.group[g]);
    }
}

/* ---- JSON ---------------------------------------------------------------------------- */

static json_t *number_json(double value) {
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *interval_json(const interval *i) {
    return i->is_known ? json_pack("[f, f]", i->low, i->high) : json_null();
}

static json_t *measure_json(const comparison *c, int m) {
    const paired_summary *s = &c->measure[m];
    char                  sentence[CONCLUSION_BYTES];
    const bool            is_shown = comparison_conclude(sentence, c, (measure_id)m);
    return json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:s?}", "name",
        MEASURE_WORDS[m].name, "unit", MEASURE_WORDS[m].unit, "better",
        MEASURE_WORDS[m].is_lower_better ? "lower" : "higher", "count", (json_int_t)s->count,
        "mean_a", number_json(s->mean_a), "mean_b", number_json(s->mean_b), "difference",
        number_json(s->difference), "deviation", number_json(s->deviation), "interval",
        interval_json(&s->student), "median", number_json(s->median), "median_interval",
        interval_json(&s->order), "sign_p", number_json(s->sign_p), "won", (json_int_t)won(s, m),
        "lost", (json_int_t)lost(s, m), "equal", (json_int_t)s->equal, "conclusion",
        is_shown ? sentence : NULL);
}

static json_t *group_json(const compared_group *g) {
    const double none = (double)NAN;
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:I, s:I}", "name", g->name, "count",
        (json_int_t)g->count, "won", (json_int_t)g->won, "lost", (json_int_t)g->lost, "equal",
        (json_int_t)g->count - g->won - g->lost, "reached", (json_int_t)g->reached,
        "response_a_min", number_json(g->reached > 0 ? g->sum_a_min / g->reached : none),
        "response_b_min", number_json(g->reached > 0 ? g->sum_b_min / g->reached : none),
        "with_standard", (json_int_t)g->with_standard, "within_a", (json_int_t)g->within_a,
        "within_b", (json_int_t)g->within_b);
}

/* NULL where one of the items could not be made. */
static json_t *append(json_t *list, json_t *item) {
    if (list && json_array_append_new(list, item) == 0) return list;
    json_decref(list);
    return NULL;
}

static json_t *groups_json(const compared_groups *g) {
    json_t *list = json_array();
    for (uint32_t i = 0; list && i < g->count; ++i) list = append(list, group_json(&g->group[i]));
    return list;
}

json_t *comparison_json(const comparison *c, const results *r) {
    json_t *list = json_array();
    for (int m = 0; list && m < MEASURE_COUNT; ++m) {
        list = append(list, measure_json(c, m));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:I, s:I, s:o, s:o, s:o}", "scenario", r->name,
                     "sha256", r->sha256, "policy_a", c->name_a, "policy_b", c->name_b,
                     "confidence", c->confidence, "replications", (json_int_t)c->replication_count,
                     "seed", (json_int_t)r->seed, "measures", list, "severity",
                     groups_json(&c->severity), "authority", groups_json(&c->authority));
}
