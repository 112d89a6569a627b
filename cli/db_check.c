/* muster db check: what is wrong in a store, a line for each. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/db.h"
#include "cli/json_file.h"
#include "cli/progress.h"

static const struct argp_option OPTIONS[] = {DB_SCHEMA_OPTION, DB_JSON_OPTION, {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    return db_option(state->input, key, value, state);
}

static void print_fault(const muster_database_fault *f) {
    printf("%s%s%s%s%s: %s; expected %s\n", f->table, f->row[0] ? ", row " : "", f->row,
           f->column[0] ? ", column " : "", f->column, f->value, f->expected);
}

static void print_text(const muster_database_report *report) {
    uint32_t                     table_count, fault_count;
    uint64_t                     rows  = 0;
    const muster_database_table *table = muster_database_report_tables(report, &table_count);
    const muster_database_fault *fault = muster_database_report_faults(report, &fault_count);
    const uint64_t               all   = muster_database_report_fault_count(report);
    for (uint32_t t = 0; t < table_count; ++t) rows += table[t].row_count;
    for (uint32_t f = 0; f < fault_count; ++f) print_fault(&fault[f]);
    if (all > fault_count) printf("and %" PRIu64 " more\n", all - fault_count);
    printf("%" PRIu64 " rows, %" PRIu64 " wrong\n", rows, all);
}

static json_t *tables_json(const muster_database_report *report) {
    uint32_t                     count;
    const muster_database_table *table = muster_database_report_tables(report, &count);
    json_t                      *rows  = json_object();
    for (uint32_t t = 0; t < count; ++t) {
        if (!table[t].is_there) continue;
        json_object_set_new(rows, table[t].name, json_integer((json_int_t)table[t].row_count));
    }
    return rows;
}

static json_t *faults_json(const muster_database_report *report) {
    uint32_t                     count;
    const muster_database_fault *f    = muster_database_report_faults(report, &count);
    json_t                      *list = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "table", f[i].table,
                                              "row", f[i].row, "column", f[i].column, "value",
                                              f[i].value, "expected", f[i].expected));
    }
    return list;
}

static int print(const db_options *o, const muster_database_report *report) {
    const uint64_t all = muster_database_report_fault_count(report);
    if (o->is_json) {
        const int code =
            json_write(json_pack("{s:o, s:I, s:o}", "rows", tables_json(report), "fault_count",
                                 (json_int_t)all, "faults", faults_json(report)),
                       "-");
        if (code != COMMAND_DONE) return code;
    } else {
        print_text(report);
    }
    return all == 0 ? COMMAND_DONE : COMMAND_NO;
}

int db_check(int argc, char **argv) {
    static const struct argp ARGP = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "STORE",
        .doc = "Compare a store with the schema, and look at every row: types, ranges, codes that "
               "are there twice, references that lead nowhere, sites far from the network.\v"
               "Exit status 1: something is wrong. Nothing is changed."};
    db_options              o = {0};
    progress                bar;
    muster_database_report *report;
    int                     code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    muster_database_options options = db_library_options(&o);
    options.progress                = progress_report;
    options.progress_user           = &bar;
    progress_start(&bar);
    const muster_status status = muster_database_check(&report, o.from, &options);
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    code = print(&o, report);
    muster_database_report_free(report);
    return code;
}
