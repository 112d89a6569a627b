/* What run.json says is believed, once it has the shape that docs/simulation.md describes: the tables
 * are judged by it, row by row. */
#include "cli/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/api.h>

#include "cli/command.h"
#include "cli/json_file.h"

static const char FORMAT[] = "muster-simulation-1";

/* ---- paths --------------------------------------------------------------------------- */

char *results_path(const results *r, const char *name) {
    const size_t size = strlen(r->folder) + strlen(name) + 2;
    char        *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s", r->folder, name);
    return path;
}

static int fail_memory(const results *r) {
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
}

int results_read(const results *r, const char *table, uint32_t column_count,
                 const char *const *column, bool is_optional, table_visitor visit, void *user) {
    char *path = results_path(r, table);
    if (!path) return fail_memory(r);
    const int code = result_table_read(path, column_count, column, is_optional, visit, user);
    free(path);
    return code;
}

/* ---- run.json ------------------------------------------------------------------------ */

static int fail_member(const results *r, const char *member, const char *expected) {
    return command_fail(COMMAND_BAD_INPUT, "%s/run.json: %s is missing or wrong; expected %s",
                        r->folder, member, expected);
}

/* A whole number from `minimum` to `maximum`. */
static bool take_number(int64_t *out, const json_t *object, const char *name, int64_t minimum,
                        int64_t maximum) {
    const json_t *value = json_object_get(object, name);
    *out                = json_integer_value(value);
    return json_is_integer(value) && *out >= minimum && *out <= maximum;
}

static int take_scenario(results *r) {
    const json_t *scenario = json_object_get(r->run, "scenario");
    r->name                = json_string_value(json_object_get(scenario, "name"));
    r->sha256              = json_string_value(json_object_get(scenario, "sha256"));
    r->store               = json_string_value(json_object_get(scenario, "store"));
    if (!r->name) return fail_member(r, "scenario.name", "a text");
    if (!r->sha256) return fail_member(r, "scenario.sha256", "the hash of the scenario file");
    if (!take_number(&r->length_ms, scenario, "length_ms", 1, INT64_MAX)) {
        return fail_member(r, "scenario.length_ms", "a whole number from 1");
    }
    return COMMAND_DONE;
}

static int take_replications(results *r) {
    int64_t first = 0, count = 0;
    if (!take_number(&first, r->run, "first_replication", 0, UINT32_MAX)) {
        return fail_member(r, "first_replication", "a whole number from 0 to 4294967295");
    }
    if (!take_number(&count, r->run, "replications", 1, 1000000)) {
        return fail_member(r, "replications", "a whole number from 1 to 1000000");
    }
    if (!take_number(&r->seed, r->run, "seed", INT64_MIN, INT64_MAX)) {
        return fail_member(r, "seed", "a whole number");
    }
    r->first_replication = (uint32_t)first;
    r->replication_count = (uint32_t)count;
    return COMMAND_DONE;
}

static int take_policies(results *r) {
    const json_t *list  = json_object_get(r->run, "policies");
    const size_t  count = json_array_size(list);
    if (count == 0 || count > 64) return fail_member(r, "policies", "a list of 1 to 64 policies");
    r->policy = calloc(count, sizeof *r->policy);
    if (!r->policy) return fail_memory(r);
    for (size_t i = 0; i < count; ++i) {
        const char *name = json_string_value(json_object_get(json_array_get(list, i), "name"));
        if (!name) return fail_member(r, "policies", "a name in each");
        if (results_policy(r, name) != MUSTER_NONE) {
            return fail_member(r, "policies", "each name once");
        }
        r->policy[r->policy_count++] = name;
    }
    return COMMAND_DONE;
}

static int take_run(results *r) {
    const char *format = json_string_value(json_object_get(r->run, "format"));
    if (!format || strcmp(format, FORMAT) != 0) {
        return fail_member(r, "format", "\"muster-simulation-1\", as muster simulate writes it");
    }
    r->version = json_string_value(json_object_get(r->run, "version"));
    if (!r->version) return fail_member(r, "version", "a text");
    int code = take_scenario(r);
    if (code == COMMAND_DONE) code = take_replications(r);
    return code == COMMAND_DONE ? take_policies(r) : code;
}

int results_open(results *out, const char *folder) {
    *out        = (results){0};
    out->folder = strdup(folder);
    char *path  = out->folder ? results_path(out, "run.json") : NULL;
    int   code  = path ? json_read(&out->run, path, "a results folder of muster simulate")
                       : command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", folder);
    free(path);
    if (code == COMMAND_DONE) code = take_run(out);
    if (code != COMMAND_DONE) results_close(out);
    return code;
}

void results_close(results *r) {
    json_decref(r->run);
    free(r->policy);
    free(r->folder);
    *r = (results){0};
}

/* ---- rows ---------------------------------------------------------------------------- */

uint32_t results_policy(const results *r, const char *name) {
    for (uint32_t p = 0; p < r->policy_count; ++p) {
        if (strcmp(r->policy[p], name) == 0) return p;
    }
    return MUSTER_NONE;
}

int results_fail_policy(const results *r, const char *name) {
    char   has[512] = "";
    size_t length   = 0;
    for (uint32_t p = 0; p < r->policy_count && length < sizeof has; ++p) {
        const int more =
            snprintf(has + length, sizeof has - length, "%s%s", p > 0 ? ", " : "", r->policy[p]);
        length += more > 0 ? (size_t)more : 0;
    }
    return command_fail(COMMAND_USAGE, "%s has no policy \"%s\"; expected one of %s", r->folder,
                        name, has);
}

int results_place(row_place *out, const results *r, const table_row *row) {
    int64_t replication = 0;
    out->policy         = results_policy(r, row->cell[0]);
    if (out->policy == MUSTER_NONE) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: row %u, column policy: \"%s\"; expected a policy of run.json",
                            row->path, row->line, row->cell[0]);
    }
    const int code = table_integer(&replication, row, 1);
    if (code != COMMAND_DONE) return code;
    const int64_t first = r->first_replication;
    if (replication < first || replication >= first + r->replication_count) {
        return command_fail(
            COMMAND_BAD_INPUT,
            "%s: row %u, column replication: \"%s\"; expected %u to %llu, as in run.json",
            row->path, row->line, row->cell[1], r->first_replication,
            (unsigned long long)r->first_replication + r->replication_count - 1);
    }
    out->replication = (uint32_t)(replication - first);
    return COMMAND_DONE;
}
