#include "cli/report_moves.h"

#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/polyline.h"
#include "cli/track.h"

/* Two pixels at a zoom that shows a county. */
static const double TOLERANCE_M = 30;

enum { POLICY, REPLICATION, UNIT, RESOURCE, LEG, START, POLYLINE, OFFSETS, COLUMNS };

static const char *const COLUMN[COLUMNS] = {"policy", "replication", "unit",     "resource",
                                            "leg",    "start_ms",    "polyline", "offsets_ms"};

typedef struct collecting {
    const results  *results;
    uint32_t        replication;
    json_t         *moves;
    polyline_writer lines;
    track           track;
} collecting;

/* ---- rows ---------------------------------------------------------------------------- */

static json_t *seconds_new(const track *t) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->count; ++i) {
        json_array_append_new(list, json_integer((json_int_t)llround(t->at_ms[i] / 1000)));
    }
    return list;
}

static int add_move(collecting *c, const table_row *row, uint32_t policy) {
    track_simplify(&c->track, TOLERANCE_M);
    polyline_add_all(&c->lines, c->track.count, c->track.lon_deg, c->track.lat_deg);
    json_t *move = json_pack("{s:I, s:s, s:s, s:s, s:o}", "policy", (json_int_t)policy, "unit",
                             row->cell[UNIT], "resource", row->cell[RESOURCE], "leg",
                             row->cell[LEG], "at_s", seconds_new(&c->track));
    if (json_array_append_new(c->moves, move) == 0) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", row->path, row->line);
}

static int take_row(const table_row *row, void *user) {
    collecting *c     = user;
    int64_t     start = 0;
    row_place   place;
    int         code = results_place(&place, c->results, row);
    if (code != COMMAND_DONE || place.replication != c->replication) return code;
    code = table_integer(&start, row, START);
    if (code == COMMAND_DONE) code = track_read(&c->track, row, POLYLINE, OFFSETS, start);
    return code == COMMAND_DONE ? add_move(c, row, place.policy) : code;
}

int report_moves_new(json_t **out, const results *r, uint32_t replication) {
    collecting c    = {.results = r, .replication = replication, .moves = json_array()};
    int        code = results_read(r, "moves.csv", COLUMNS, COLUMN, true, take_row, &c);
    char      *text = polyline_base64(&c.lines);
    *out            = json_pack("{s:s, s:o}", "lines", text ? text : "", "moves", c.moves);
    if (code == COMMAND_DONE && (!text || !*out)) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", r->folder);
    }
    free(text);
    polyline_fini(&c.lines);
    track_free(&c.track);
    if (code == COMMAND_DONE) return code;
    json_decref(*out);
    *out = NULL;
    return code;
}
