/* muster scenario check */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/scenario.h"

static const struct argp_option OPTIONS[] = {
    SCENARIO_OPTIONS,
    {"file-only", SCENARIO_KEY_FILE_ONLY, NULL, 0, "look at the file alone, not at its store", 0},
    {"json", 'j', NULL, 0, "print the answer as JSON", 0},
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = scenario_options_parse,
    .args_doc = "FILE",
    .doc      = "Read a scenario file, and say what is in it.\v"
                "Whatever is wrong is named: file, line, table, key, value, and what was expected. Then "
                "the store is opened and one replication drawn: calls by type and hour, hazards, "
                "failures. docs/scenarios.md describes the file."};

int scenario_check(int argc, char **argv) {
    scenario_options o     = {0};
    drawn_scenario   drawn = {0};
    int              code  = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = scenario_draw_course(&drawn, &o);
    if (code == COMMAND_DONE) {
        code = o.is_json ? scenario_summary_json(&drawn, &o) : scenario_summary_print(&drawn, &o);
    }
    scenario_free(&drawn);
    return code;
}
