/* What a scenario file holds and what one course of it brings, for people and for programs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/scenario.h"
#include "cli/text_width.h"

enum { TYPE_WIDTH = 24, COLUMNS = 12 };

static const int64_t HOUR_MS = 3600000;

/* Calls of one type, by hour from the start. */
typedef struct call_row {
    const char *type;
    uint32_t    count;
    uint32_t   *by_hour;
} call_row;

typedef struct call_table {
    uint32_t  row_count, hours;
    call_row *row; /* by type */
} call_table;

static void free_table(call_table *t) {
    for (uint32_t r = 0; r < t->row_count; ++r) free(t->row[r].by_hour);
    free(t->row);
}

/* Rows are found one after the other: there are few types. */
static call_row *row_of(call_table *t, const char *type) {
    for (uint32_t r = 0; r < t->row_count; ++r) {
        if (strcmp(t->row[r].type, type) == 0) return &t->row[r];
    }
    call_row *row = realloc(t->row, (t->row_count + 1) * sizeof *row);
    if (!row) return NULL;
    t->row            = row;
    row[t->row_count] = (call_row){type, 0, calloc(t->hours, sizeof *row->by_hour)};
    return row[t->row_count].by_hour ? &row[t->row_count++] : NULL;
}

static int by_type(const void *a, const void *b) {
    return strcmp(((const call_row *)a)->type, ((const call_row *)b)->type);
}

static int count_calls(const drawn_scenario *d, call_table *t) {
    const muster_scenario_about *about = muster_scenario_file_about(d->file);
    uint32_t                     count = 0;
    const muster_event          *event = d->course ? muster_course_events(d->course, &count) : NULL;
    t->hours                           = (uint32_t)((about->length_ms + HOUR_MS - 1) / HOUR_MS);
    for (uint32_t e = 0; e < count; ++e) {
        if (event[e].type != MUSTER_EVENT_INCIDENT_REPORTED) continue;
        call_row *row = row_of(t, muster_course_incident_type(d->course, event[e].incident.code));
        if (!row) return command_fail(COMMAND_ENVIRONMENT, "out of memory for a table of calls");
        ++row->count;
        ++row->by_hour[(event[e].time_ms - about->start_at_ms) / HOUR_MS];
    }
    if (t->row_count > 0) qsort(t->row, t->row_count, sizeof *t->row, by_type);
    return COMMAND_DONE;
}

static void count_events(const drawn_scenario *d, uint32_t count_of[MUSTER_EVENT_TYPE_TOLD]) {
    uint32_t            count = 0;
    const muster_event *event = d->course ? muster_course_events(d->course, &count) : NULL;
    for (uint32_t e = 0; e < count; ++e) ++count_of[event[e].type];
}

static uint64_t seed_of(const drawn_scenario *d, const scenario_options *o) {
    return o->has_seed ? o->seed : muster_scenario_file_about(d->file)->seed;
}

/* ---- text ---------------------------------------------------------------------------------- */

static void print_about(const drawn_scenario *d, const scenario_options *o) {
    const muster_scenario_about *a = muster_scenario_file_about(d->file);
    char                         moment[MUSTER_MOMENT_BYTES], store[256];
    if (muster_store_name(store, sizeof store, a->store) != MUSTER_OK) store[0] = 0;
    printf("%s: %s%s%s\n", a->code, a->name, a->name_zh ? ", " : "", a->name_zh ? a->name_zh : "");
    if (a->about) printf("  %s\n", a->about);
    printf("  store        %s%s%s\n", store, a->store_scenario ? ", " : "",
           a->store_scenario ? a->store_scenario : "");
    printf("  from         %s, for %g h\n",
           muster_moment_text_by(moment, a->start_at_ms / 1000, a->clock_offset_min),
           (double)a->length_ms / (double)HOUR_MS);
    printf("  seed         %" PRIu64 ", replication %" PRIu32 " of %" PRIu32 "\n", seed_of(d, o),
           o->replication, a->replication_count);
}

static void print_policies(const drawn_scenario *d) {
    uint32_t             count;
    const muster_policy *policy = muster_scenario_file_policies(d->file, &count);
    printf("  policies    ");
    for (uint32_t p = 0; p < count; ++p) printf("%s %s", p > 0 ? "," : "", policy[p].name);
    printf("\n");
}

static void print_standards(const drawn_scenario *d) {
    uint32_t               count;
    const muster_standard *s = muster_scenario_file_standards(d->file, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("  standard     %s%s%s: %g min\n", s[i].type ? s[i].type : "any call",
               s[i].severity < MUSTER_SEVERITY_COUNT ? ", " : "",
               s[i].severity < MUSTER_SEVERITY_COUNT
                   ? muster_severity_name((muster_severity)s[i].severity)
                   : "",
               (double)s[i].response_ms / 60000);
    }
}

/* Hours in as many columns as a terminal takes: several together where there are more. */
static void print_calls(const call_table *t) {
    const uint32_t step = (t->hours + COLUMNS - 1) / COLUMNS;
    uint32_t       all  = 0;
    printf("\ncalls by type, and by hour from the start\n  %-*s %6s", TYPE_WIDTH, "", "all");
    for (uint32_t h = 0; h < t->hours; h += step) printf(" %4" PRIu32 "h", h);
    printf("\n");
    for (uint32_t r = 0; r < t->row_count; ++r) {
        printf("  ");
        text_print_padded(stdout, t->row[r].type, TYPE_WIDTH);
        printf(" %6" PRIu32, t->row[r].count);
        for (uint32_t h = 0; h < t->hours; h += step) {
            uint32_t sum = 0;
            for (uint32_t k = h; k < h + step && k < t->hours; ++k) sum += t->row[r].by_hour[k];
            printf(" %5" PRIu32, sum);
        }
        printf("\n");
        all += t->row[r].count;
    }
    printf("  %-*s %6" PRIu32 "\n", TYPE_WIDTH, "", all);
}

static void print_events(const drawn_scenario *d) {
    uint32_t count_of[MUSTER_EVENT_TYPE_TOLD] = {0};
    count_events(d, count_of);
    printf("\nevents\n");
    for (unsigned type = 0; type < MUSTER_EVENT_TYPE_TOLD; ++type) {
        if (count_of[type] == 0) continue;
        printf("  %-*s %6" PRIu32 "\n", TYPE_WIDTH, muster_event_type_name((muster_event_type)type),
               count_of[type]);
    }
}

static void print_notes(const muster_scenario_about *a) {
    for (uint32_t i = 0; i < a->assumption_count; ++i) {
        printf("%s%s\n", i == 0 ? "\nassumptions\n  " : "  ", a->assumption[i]);
    }
    for (uint32_t i = 0; i < a->source_count; ++i) {
        printf("%s%s\n", i == 0 ? "\nsources\n  " : "  ", a->source[i]);
    }
}

int scenario_summary_print(const drawn_scenario *d, const scenario_options *o) {
    call_table t    = {0};
    const int  code = count_calls(d, &t);
    if (code == COMMAND_DONE) {
        print_about(d, o);
        print_policies(d);
        print_standards(d);
        if (d->course) {
            print_calls(&t);
            print_events(d);
        }
        print_notes(muster_scenario_file_about(d->file));
    }
    free_table(&t);
    return code;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *json_of_texts(const char *const *text, uint32_t count) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; ++i) json_array_append_new(list, json_string(text[i]));
    return list;
}

static json_t *json_of_calls(const call_table *t) {
    json_t *list = json_array();
    for (uint32_t r = 0; r < t->row_count; ++r) {
        json_t *by_hour = json_array();
        for (uint32_t h = 0; h < t->hours; ++h) {
            json_array_append_new(by_hour, json_integer(t->row[r].by_hour[h]));
        }
        json_array_append_new(list, json_pack("{s:s, s:I, s:o}", "type", t->row[r].type, "count",
                                              (json_int_t)t->row[r].count, "by_hour", by_hour));
    }
    return list;
}

static json_t *json_of_events(const drawn_scenario *d) {
    uint32_t count_of[MUSTER_EVENT_TYPE_TOLD] = {0};
    json_t  *object                           = json_object();
    count_events(d, count_of);
    for (unsigned type = 0; type < MUSTER_EVENT_TYPE_TOLD; ++type) {
        if (count_of[type] == 0) continue;
        json_object_set_new(object, muster_event_type_name((muster_event_type)type),
                            json_integer(count_of[type]));
    }
    return object;
}

static json_t *json_of_policies(const drawn_scenario *d) {
    uint32_t             count;
    const muster_policy *policy = muster_scenario_file_policies(d->file, &count);
    json_t              *list   = json_array();
    for (uint32_t p = 0; p < count; ++p) json_array_append_new(list, json_string(policy[p].name));
    return list;
}

int scenario_summary_json(const drawn_scenario *d, const scenario_options *o) {
    const muster_scenario_about *a = muster_scenario_file_about(d->file);
    call_table                   t = {0};
    char                         moment[MUSTER_MOMENT_BYTES], store[256];
    if (muster_store_name(store, sizeof store, a->store) != MUSTER_OK) store[0] = 0;
    const int code = count_calls(d, &t);
    json_t   *answer =
        code != COMMAND_DONE
              ? NULL
              : json_pack(
                    "{s:s, s:s, s:s?, s:s, s:s?, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
                    "code", a->code, "name", a->name, "name_zh", a->name_zh, "store", store,
                    "store_scenario", a->store_scenario, "start_at",
                    muster_moment_text_by(moment, a->start_at_ms / 1000, a->clock_offset_min),
                    "length_ms", (json_int_t)a->length_ms, "seed", (json_int_t)seed_of(d, o),
                    "replication", (json_int_t)o->replication, "replications",
                    (json_int_t)a->replication_count, "policies", json_of_policies(d), "calls",
                    json_of_calls(&t), "events", json_of_events(d), "assumptions",
                    json_of_texts(a->assumption, a->assumption_count), "sources",
                    json_of_texts(a->source, a->source_count));
    free_table(&t);
    return code == COMMAND_DONE ? json_write(answer, "-") : code;
}
