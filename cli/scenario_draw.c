/* muster scenario draw: the events of one replication, a line of JSON each. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/scenario.h"

static const struct argp_option OPTIONS[] = {
    SCENARIO_OPTIONS,
    {"output", 'o', "EVENTS", FILE_WRITTEN, "where events go to (standard output)", 0},
    {"geojson", SCENARIO_KEY_GEOJSON, "OUT", FILE_WRITTEN,
     "write calls, hazards and roads as GeoJSON", 0},
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = scenario_options_parse,
    .args_doc = "FILE",
    .doc      = "Draw one replication of a scenario: its events, in order, as lines of JSON.\v"
                "The same seed and replication give the same events. They are those of "
                "docs/session.md, so a live session can be told them, one line each."};

static int write_events(const drawn_scenario *drawn, FILE *stream) {
    uint32_t            count;
    const muster_event *event = muster_course_events(drawn->course, &count);
    for (uint32_t e = 0; e < count; ++e) {
        char               *json;
        size_t              size;
        const muster_status status = muster_event_write(&json, &size, &event[e]);
        if (status != MUSTER_OK) return command_fail_status(status);
        (void)fwrite(json, 1, size, stream); /* a failed write is met when it is flushed */
        (void)putc('\n', stream);
        muster_event_json_free(json);
    }
    return COMMAND_DONE;
}

int scenario_draw(int argc, char **argv) {
    scenario_options o     = {.output = "-"};
    drawn_scenario   drawn = {0};
    output           file  = {0};
    int              code  = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = scenario_draw_course(&drawn, &o);
    if (code == COMMAND_DONE && o.geojson) code = scenario_geojson(&drawn, o.geojson);
    if (code == COMMAND_DONE) code = output_open(&file, o.output);
    if (code == COMMAND_DONE) code = write_events(&drawn, file.stream);
    if (code == COMMAND_DONE) code = output_publish(&file);
    output_discard(&file);
    scenario_free(&drawn);
    return code;
}
