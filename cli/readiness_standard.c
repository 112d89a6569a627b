/* A file is taken at its word: what it names has to be there. Our own (data/readiness.json) goes with any
 * store, so what a store does not know is left out of it. */
#include "cli/readiness_standard.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/suggest.h"

extern const char readiness_json[];

static const uint32_t DEFAULT_WITHIN_MS = 1800000;

typedef struct reader {
    const char           *path;
    bool                  is_ours;
    const muster_problem *problem;
    const char           *list; /* "reach", "site", ... */
    size_t                number;
    const json_t         *row;
} reader;

static int fail(const reader *r, const char *member, const json_t *value, const char *expected) {
    char     *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const int code =
        command_fail(COMMAND_BAD_INPUT, "%s: %s %zu: %s is %.60s; expected %s", r->path, r->list,
                     r->number, member, text ? text : "missing", expected);
    free(text);
    return code;
}

/* A member that is spelled wrong would count as one that is not there. `known` ends with NULL. */
static int check_members(const reader *r, const json_t *object, const char *const *known) {
    const char   *name;
    const json_t *value;
    char          place[64] = "", expected[256] = "";
    json_object_foreach((json_t *)object, name, value) {
        suggestion best = suggestion_start(name);
        size_t     k    = 0;
        for (; known[k] && strcmp(known[k], name) != 0; ++k) suggestion_offer(&best, known[k]);
        if (known[k]) continue;
        if (r->list) snprintf(place, sizeof place, " %s %zu:", r->list, r->number);
        for (k = 0; !best.word && known[k]; ++k) {
            const size_t length = strlen(expected);
            snprintf(expected + length, sizeof expected - length, "%s%s",
                     k == 0         ? ""
                     : known[k + 1] ? ", "
                                    : " or ",
                     known[k]);
        }
        return command_fail(COMMAND_BAD_INPUT, "%s:%s there is no member \"%.60s\"; %s%s%s",
                            r->path, place, name, best.word ? "did you mean \"" : "expected ",
                            best.word ? best.word : expected, best.word ? "\"?" : "");
    }
    return COMMAND_DONE;
}

/* A whole number from `least` to `most`; `missing` where there is none. */
static int take_number(const reader *r, const char *member, int64_t least, int64_t most,
                       int64_t missing, const char *expected, int64_t *out) {
    const json_t *value = json_object_get(r->row, member);
    *out                = value ? json_integer_value(value) : missing;
    if (!value || (json_is_integer(value) && *out >= least && *out <= most)) return COMMAND_DONE;
    return fail(r, member, value, expected);
}

/* ---- kinds ---------------------------------------------------------------------------------- */

/* kind_count: there is none. */
static uint32_t find_kind(const muster_problem *p, const char *code) {
    uint32_t k = 0;
    while (k < p->kind_count && strcmp(p->kind[k].code, code) != 0) ++k;
    return k;
}

static int fail_kind(const muster_problem *p, const char *where, const char *code) {
    suggestion best = suggestion_start(code);
    for (uint32_t k = 0; k < p->kind_count; ++k) suggestion_offer(&best, p->kind[k].code);
    if (best.word) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: the store has no kind \"%s\"; did you mean \"%s\"?", where, code,
                            best.word);
    }
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: the store has no kind \"%s\"; expected one of its table kind", where,
                        code);
}

/* *out is kind_count where our own standard names one that the store lacks. */
static int take_kind(const reader *r, const char *code, uint32_t *out) {
    char where[512];
    *out = find_kind(r->problem, code);
    if (*out < r->problem->kind_count || r->is_ours) return COMMAND_DONE;
    snprintf(where, sizeof where, "%s: %s %zu", r->path, r->list, r->number);
    return fail_kind(r->problem, where, code);
}

static int take_kind_of_row(const reader *r, const char *const *known, uint32_t *out) {
    const json_t *kind = json_object_get(r->row, "kind");
    if (!json_is_object(r->row)) return fail(r, "it", r->row, "an object");
    const int code = check_members(r, r->row, known);
    if (code != COMMAND_DONE) return code;
    if (!json_is_string(kind)) return fail(r, "kind", kind, "the code of a kind");
    return take_kind(r, json_string_value(kind), out);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static int take_reach(reader *r, readiness_standard *out) {
    static const char *const KNOWN[]  = {"kind", "within_s", "units", "quantity", NULL};
    int64_t                  within_s = 0, units = 0, quantity = 0;
    uint32_t                 kind;
    int                      code = take_kind_of_row(r, KNOWN, &kind);
    if (code == COMMAND_DONE) {
        code = take_number(r, "within_s", 1, 86400, DEFAULT_WITHIN_MS / 1000, "1 to 86400 seconds",
                           &within_s);
    }
    if (code == COMMAND_DONE) {
        code = take_number(r, "units", 0, 1000000, 1, "0 to 1000000", &units);
    }
    if (code == COMMAND_DONE) {
        code = take_number(r, "quantity", 0, MUSTER_MAX_QUANTITY, 0, "0 to 1000000000", &quantity);
    }
    if (code != COMMAND_DONE || kind == r->problem->kind_count) return code;
    if (units == 0 && quantity == 0) {
        return fail(r, "units", json_object_get(r->row, "units"), "1 or more, or a quantity");
    }
    out->reach[out->reach_count++] =
        (muster_readiness_standard){kind, (uint32_t)within_s * 1000, (uint32_t)units, quantity};
    return COMMAND_DONE;
}

/* Choices are texts in the file; a number each, in the order in which they are met. */
typedef struct choices {
    const char **name;
    uint32_t     count;
} choices;

static int take_choice(const reader *r, choices *known, muster_equipment_rule *rule) {
    const json_t *choice = json_object_get(r->row, "choice");
    int64_t       least;
    if (!choice) return COMMAND_DONE;
    if (!json_is_string(choice)) return fail(r, "choice", choice, "a text");
    const int code =
        take_number(r, "choice_least", 1, 1000000, 1, "1 or more of the choice", &least);
    while (rule->choice < known->count &&
           strcmp(known->name[rule->choice], json_string_value(choice)) != 0) {
        ++rule->choice;
    }
    if (rule->choice == known->count) known->name[known->count++] = json_string_value(choice);
    ++rule->choice; /* 0 is none */
    rule->choice_least = (uint32_t)least;
    return code;
}

static int take_rule(reader *r, choices *known, muster_equipment_rule *rules, uint32_t *count) {
    static const char *const KNOWN[] = {"kind",   "at_least",     "people_per_piece",
                                        "choice", "choice_least", NULL};
    muster_equipment_rule    rule    = {0};
    int                      code    = take_kind_of_row(r, KNOWN, &rule.kind);
    if (code == COMMAND_DONE) {
        code =
            take_number(r, "at_least", 0, MUSTER_MAX_QUANTITY, 0, "0 to 1000000000", &rule.least);
    }
    if (code == COMMAND_DONE) {
        code = take_number(r, "people_per_piece", 1, MUSTER_MAX_QUANTITY, 0, "1 to 1000000000",
                           &rule.people_per_piece);
    }
    if (code == COMMAND_DONE) code = take_choice(r, known, &rule);
    if (code == COMMAND_DONE && rule.kind < r->problem->kind_count) rules[(*count)++] = rule;
    return code;
}

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

static int take_rules(reader *r, const json_t *list, muster_equipment_rule **out, uint32_t *count) {
    choices known = {.name = malloc((json_array_size(list) + 1) * sizeof *known.name)};
    int     code  = COMMAND_DONE;
    size_t  i;
    *out = malloc((json_array_size(list) + 1) * sizeof **out);
    if (!known.name || !*out) code = fail_memory();
    json_array_foreach(list, i, r->row) {
        r->number = i + 1;
        if (code == COMMAND_DONE) code = take_rule(r, &known, *out, count);
    }
    free(known.name);
    return code;
}

static int take_needs(reader *r, json_t *table, int64_t *per_thousand) {
    const char *kind;
    json_t     *value;
    r->number = 0;
    json_object_foreach(table, kind, value) {
        uint32_t      k;
        const int64_t quantity = json_integer_value(value);
        const int     code     = take_kind(r, kind, &k);
        ++r->number;
        if (code != COMMAND_DONE) return code;
        if (!json_is_integer(value) || quantity < 0 || quantity > 1000000) {
            return fail(r, kind, value, "0 to 1000000");
        }
        if (k == r->problem->kind_count) continue;
        if (r->problem->kind[k].resource != MUSTER_ITEM) {
            return fail(r, kind, value, "a kind of item");
        }
        per_thousand[k] = quantity;
    }
    return COMMAND_DONE;
}

/* NULL where the document has none, which is an empty one. */
static int take_list(reader *r, const json_t *document, const char *name, json_t **out) {
    *out    = json_object_get(document, name);
    r->list = name;
    if (!*out || json_is_array(*out)) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT, "%s: %s is no list; expected an array of objects",
                        r->path, name);
}

static int take_document(reader *r, const json_t *document, readiness_standard *out) {
    static const char *const HOLDER[HOLDER_COUNT] = {"site", "village"};
    static const char *const KNOWN[] = {"reach", "site", "village", "per_thousand_people", NULL};
    json_t                  *list;
    size_t                   i;
    int                      code = check_members(r, document, KNOWN);
    if (code == COMMAND_DONE) code = take_list(r, document, "reach", &list);
    if (code != COMMAND_DONE) return code;
    out->reach = malloc((json_array_size(list) + 1) * sizeof *out->reach);
    if (!out->reach) return fail_memory();
    json_array_foreach(list, i, r->row) {
        r->number = i + 1;
        code      = take_reach(r, out);
        if (code != COMMAND_DONE) return code;
    }
    for (int h = 0; h < HOLDER_COUNT && code == COMMAND_DONE; ++h) {
        code = take_list(r, document, HOLDER[h], &list);
        if (code == COMMAND_DONE) {
            code = take_rules(r, list, &out->rule[h], &out->rule_count[h]);
        }
    }
    r->list = "per_thousand_people";
    return code == COMMAND_DONE
               ? take_needs(r, json_object_get(document, r->list), out->per_thousand)
               : code;
}

/* ---- options --------------------------------------------------------------------------------- */

static int take_capabilities(readiness_standard *out, const readiness_options *o,
                             const muster_problem *p) {
    free(out->reach);
    out->reach_count = 0;
    out->reach       = malloc(o->kind_count * sizeof *out->reach);
    if (!out->reach) return fail_memory();
    for (uint32_t i = 0; i < o->kind_count; ++i) {
        const uint32_t kind = find_kind(p, o->kind[i]);
        if (kind == p->kind_count) return fail_kind(p, "--capability", o->kind[i]);
        out->reach[out->reach_count++] = (muster_readiness_standard){kind, DEFAULT_WITHIN_MS, 1, 0};
    }
    return COMMAND_DONE;
}

static int apply_options(readiness_standard *out, const readiness_options *o,
                         const muster_problem *p) {
    const int code = o->kind_count > 0 ? take_capabilities(out, o, p) : COMMAND_DONE;
    if (code != COMMAND_DONE) return code;
    for (uint32_t s = 0; s < out->reach_count; ++s) {
        if (o->within_ms > 0) out->reach[s].within_ms = o->within_ms;
        if (o->unit_count == 0) continue;
        out->reach[s].unit_count = o->unit_count;
        out->reach[s].quantity   = 0;
    }
    if (out->reach_count > 0) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT,
                        "the standard asks for nothing that the store knows; expected --capability "
                        "KIND, or --standard FILE with a list \"reach\"");
}

static int read_document(json_t **out, const readiness_options *o) {
    if (o->standard_path) return json_read(out, o->standard_path, "a standard of readiness");
    *out = json_loads(readiness_json, JSON_REJECT_DUPLICATES, NULL);
    return *out ? COMMAND_DONE : fail_memory();
}

int readiness_standard_read(readiness_standard *out, const readiness_options *o,
                            const muster_problem *problem) {
    json_t *document = NULL;
    reader  r        = {.path    = o->standard_path ? o->standard_path : "data/readiness.json",
                        .is_ours = !o->standard_path,
                        .problem = problem};
    *out             = (readiness_standard){.per_thousand =
                                                calloc((size_t)problem->kind_count + 1, sizeof(int64_t))};
    if (!out->per_thousand) return fail_memory();
    int code = read_document(&document, o);
    if (code == COMMAND_DONE && !json_is_object(document)) {
        code = command_fail(COMMAND_BAD_INPUT, "%s: no JSON object; expected a standard", r.path);
    }
    if (code == COMMAND_DONE) code = take_document(&r, document, out);
    if (code == COMMAND_DONE) code = apply_options(out, o, problem);
    json_decref(document);
    return code;
}

void readiness_standard_free(readiness_standard *standard) {
    free(standard->reach);
    for (int h = 0; h < HOLDER_COUNT; ++h) free(standard->rule[h]);
    free(standard->per_thousand);
    *standard = (readiness_standard){0};
}
