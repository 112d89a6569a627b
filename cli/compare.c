/* muster compare: is one policy better than another, by how much, where, and how sure is that? */
#include <stdlib.h>
#include <string.h>

#include <muster/api.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/comparison_text.h"
#include "cli/json_file.h"
#include "cli/output.h"

enum { KEY_POLICIES = 0x100, KEY_CONFIDENCE, KEY_JSON, KEY_CSV };
enum { DEFAULT_CONFIDENCE = 95, MIN_CONFIDENCE = 50, MAX_CONFIDENCE = 99 };

typedef struct compare_options {
    const char *a, *b, *policies, *output;
    uint32_t    confidence; /* in percent */
    bool        is_json, is_csv;
} compare_options;

static const struct argp_option OPTIONS[] = {
    {"policies", KEY_POLICIES, "P,Q", 0, "compare Q with P; the two that there are by default", 0},
    {"confidence", KEY_CONFIDENCE, "PERCENT", 0, "of the intervals, 50 to 99; 95 by default", 0},
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {"csv", KEY_CSV, NULL, 0, "print the answer as CSV", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write to FILE instead of standard output", 0},
    {0}};

static error_t check_options(const compare_options *o) {
    if (!o->a) return arguments_reject("no results; expected a folder of muster simulate");
    if (o->is_json && o->is_csv) return arguments_reject("--json and --csv; expected one of them");
    return 0;
}

static error_t take_folder(compare_options *o, const char *value) {
    return arguments_take(o->a ? &o->b : &o->a, value, "two folders");
}

static error_t parse(int key, char *value, struct argp_state *state) {
    compare_options *o = state->input;
    switch (key) {
    case KEY_POLICIES:
        o->policies = value;
        return 0;
    case KEY_CONFIDENCE:
        return arguments_number(&o->confidence, "--confidence", value, MIN_CONFIDENCE,
                                MAX_CONFIDENCE);
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case KEY_CSV:
        o->is_csv = true;
        return 0;
    case 'o':
        o->output = value;
        return 0;
    case ARGP_KEY_ARG:
        return take_folder(o, value);
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "A [B]",
    .doc = "Compare two policies, of one results folder or of two, replication by replication.\v"
           "Both must come from the same scenario file, seed and replications, so that the same "
           "happens in both. Intervals: of the mean difference by Student's t, and of the median "
           "difference whatever the distribution."};

/* ---- which policies ------------------------------------------------------------------ */

static int find_policy(side *s, const char *name) {
    s->policy = results_policy(s->results, name);
    return s->policy == MUSTER_NONE ? results_fail_policy(s->results, name) : COMMAND_DONE;
}

static int find_named(side *a, side *b, const char *names) {
    const char *comma = strchr(names, ',');
    char       *first = comma ? strndup(names, (size_t)(comma - names)) : NULL;
    if (!comma || strchr(comma + 1, ',')) {
        free(first);
        return command_fail(COMMAND_USAGE,
                            "--policies is \"%s\"; expected two names, as in greedy,muster", names);
    }
    int code = first ? find_policy(a, first) : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    if (code == COMMAND_DONE) code = find_policy(b, comma + 1);
    free(first);
    return code;
}

static int find_policies(side *a, side *b, const compare_options *o) {
    const bool     is_one = !o->b;
    const uint32_t wanted = is_one ? 2 : 1;
    if (o->policies) return find_named(a, b, o->policies);
    const results *odd = a->results->policy_count != wanted   ? a->results
                         : b->results->policy_count != wanted ? b->results
                                                              : NULL;
    b->policy          = is_one ? 1 : 0;
    if (!odd) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE, "%s has %u policies; expected %u, or --policies P,Q",
                        odd->folder, odd->policy_count, wanted);
}

/* ---- the answer ---------------------------------------------------------------------- */

static int write_answer(const comparison *c, const results *r, const compare_options *o) {
    const char *path = o->output ? o->output : "-";
    output      out;
    if (o->is_json) return json_write(comparison_json(c, r), path);
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    if (o->is_csv) {
        comparison_write_csv(out.stream, c);
    } else {
        comparison_print(out.stream, c, r);
    }
    return output_publish(&out);
}

/* What is read of a folder. */
typedef struct tables {
    results  results;
    outcomes outcomes;
    measures measures;
} tables;

static int read_tables(tables *t, name_pool *pool) {
    const int code = outcomes_read(&t->outcomes, pool, &t->results);
    return code == COMMAND_DONE ? measures_read(&t->measures, &t->results, &t->outcomes) : code;
}

static void tables_free(tables *t) {
    measures_free(&t->measures);
    outcomes_free(&t->outcomes);
    results_close(&t->results);
}

static side side_of(const tables *t) {
    return (side){&t->results, &t->outcomes, &t->measures, 0};
}

/* `b` is `a` where there is one folder. */
static int compare(tables *a, tables *b, const compare_options *o, name_pool *pool) {
    side       side_a = side_of(a), side_b = side_of(b);
    comparison c;
    int        code = comparison_check(&a->results, &b->results);
    if (code == COMMAND_DONE) code = find_policies(&side_a, &side_b, o);
    if (code == COMMAND_DONE) code = read_tables(a, pool);
    if (code == COMMAND_DONE && b != a) code = read_tables(b, pool);
    if (code == COMMAND_DONE) {
        code = comparison_make(&c, &side_a, &side_b, pool, o->confidence / 100.0);
    }
    if (code != COMMAND_DONE) return code;
    code = write_answer(&c, &a->results, o);
    comparison_free(&c);
    return code;
}

int command_compare(int argc, char **argv) {
    compare_options o = {.confidence = DEFAULT_CONFIDENCE};
    tables          a = {0}, b = {0};
    name_pool       pool = {0};
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = results_open(&a.results, o.a);
    if (code == COMMAND_DONE && o.b) code = results_open(&b.results, o.b);
    if (code == COMMAND_DONE) code = compare(&a, o.b ? &b : &a, &o, &pool);
    tables_free(&a);
    tables_free(&b);
    name_pool_free(&pool);
    return code;
}
