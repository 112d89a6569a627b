/* muster matrix: travel times between many places, a block of rows at a time, so that memory
 * stays the same however long the table gets. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/matrix.h>

#include "cli/arguments.h"
#include "cli/closed_roads.h"
#include "cli/command.h"
#include "cli/csv_output.h"
#include "cli/cut_off.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/progress.h"
#include "cli/sites_extent.h"
#include "cli/sites_snap.h"

enum { KEY_FROM = 0x100, KEY_TO, KEY_THREADS, KEY_CLOSURES, KEY_STRICT, KEY_KEEP_GOING };

enum { MAX_THREADS = 1024 };

/* Cells computed at once, 12 bytes each: 48 MB. Without a hierarchy searches run from the smaller
 * side of a block, so few large blocks cost fewest of them. */
enum { BLOCK_CELLS = 4000000 };

typedef struct matrix_options {
    const char       *network, *from, *to, *closures, *output;
    uint32_t          thread_count;
    bool              is_strict, keeps_going;
    hazard_choice     hazards;
    profile_choice    profile;
    coordinate_system system;
} matrix_options;

/* One side of the table. */
typedef struct side {
    sites         sites;
    muster_snap  *snap;
    muster_leave *leave; /* of starts, where there are hazards; NULL: nobody need leave */
} side;

typedef struct block {
    uint32_t  row_count; /* as many as fit */
    uint32_t *duration_ms;
    double   *distance_m;
} block;

typedef struct table {
    const side   *from, *to;
    muster_table *rows;
    bool          has_closures;
    closed_roads *closed;
    block         block;
} table;

static const struct argp_option OPTIONS[] = {
    {"from", KEY_FROM, "A.csv", FILE_READ, "the starts: columns id, lon and lat, in any order", 0},
    {"to", KEY_TO, "B.csv", FILE_READ, "the ends, the same way", 0},
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "GeoJSON of what is closed: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"output", 'o', "M.csv", FILE_WRITTEN, "write to M.csv instead of standard output", 0},
    {"threads", KEY_THREADS, "N", 0, "how many threads to use; 0, the default: one per core", 0},
    {"strict", KEY_STRICT, NULL, 0, "stop where a site has no road within 5 km", 0},
    {"keep-going", KEY_KEEP_GOING, NULL, 0,
     "name rows whose coordinates are wrong, leave their cells empty and make the others", 0},
    {0}};

static error_t check_options(matrix_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (!o->from) return arguments_reject("no starts; expected --from A.csv");
    if (!o->to) return arguments_reject("no ends; expected --to B.csv");
    if (o->is_strict && o->keeps_going) {
        return arguments_reject("--strict and --keep-going; expected one of them");
    }
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    return hazard_choice_check(&o->hazards, o->network);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    matrix_options *o = state->input;
    switch (key) {
    case KEY_FROM:
        o->from = value;
        return 0;
    case KEY_TO:
        o->to = value;
        return 0;
    case KEY_CLOSURES:
        o->closures = value;
        return 0;
    case KEY_THREADS:
        return arguments_number(&o->thread_count, "--threads", value, 0, MAX_THREADS);
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, value);
    case KEY_STRICT:
        o->is_strict = true;
        return 0;
    case KEY_KEEP_GOING:
        o->keeps_going = true;
        return 0;
    case 'o':
        o->output = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return key >= KEY_CRS && key <= KEY_OUTPUT_CRS
                   ? coordinate_system_take(&o->system, key, value)
                   : profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg --from A.csv --to B.csv --profile NAME",
    .doc =
        "Make a table of travel times and distances from every start to every end.\v"
        "Writes from_id,to_id,duration_s,distance_m in the order of the two files; the "
        "last two are empty where there is no way, or no road within 5 km. With --closures or --hazards a "
        "fifth column, cut_off_by, has the numbers of the closures that leave no way. A row "
        "whose coordinates are wrong stops the work, unless it is to --keep-going. Memory "
        "stays the same however many starts there are."};

/* ---- sides --------------------------------------------------------------------------- */

static int side_snap(side *s, const matrix_options *o, const char *path,
                     const muster_metric *metric, const muster_metric *before) {
    const int code =
        sites_check_extent(&s->sites, path, muster_metric_network(metric), o->keeps_going);
    if (code != COMMAND_DONE) return code;
    return sites_snap(&s->snap, &s->sites, path, metric, before,
                      o->is_strict ? NULL : "their cells are empty");
}

/* Those inside a hazard start where their way out ends; those who have none reach nothing. */
static int side_leave(side *s, const char *path, const closed_roads *closed,
                      const muster_metric *metric, bool is_strict) {
    uint32_t     stuck = 0, first = 0;
    muster_snap *before;
    if (!closed->has_hazards) return COMMAND_DONE;
    s->leave = malloc(s->sites.count * sizeof *s->leave);
    before   = malloc(s->sites.count * sizeof *before);
    int code = s->leave && before
                   ? closed_roads_leave(closed, metric, s->sites.count, s->sites.lon_deg,
                                        s->sites.lat_deg, before, s->leave)
                   : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t i = s->sites.count; i-- > 0 && code == COMMAND_DONE;) {
        if (before[i].edge == MUSTER_NONE) s->leave[i].outcome = MUSTER_LEAVE_NOT_NEEDED;
        if (s->leave[i].outcome != MUSTER_LEAVE_NOT_NEEDED) s->snap[i] = s->leave[i].place;
        if (s->leave[i].outcome == MUSTER_LEAVE_NO_WAY) ++stuck, first = i;
    }
    free(before);
    if (code != COMMAND_DONE || stuck == 0) return code;
    return command_fail(is_strict ? COMMAND_BAD_INPUT : COMMAND_DONE,
                        "%s: %" PRIu32 " sites, \"%s\" in row %" PRIu32
                        " first, lie inside a hazard with no way out: %s",
                        path, stuck, s->sites.id[first], s->sites.row[first],
                        is_strict ? "expected none, with --strict" : "their cells are empty");
}

static void side_fini(side *s) {
    sites_free(&s->sites);
    free(s->snap);
    free(s->leave);
}

/* ---- table --------------------------------------------------------------------------- */

static int block_init(block *b, uint32_t from_count, uint32_t to_count) {
    b->row_count = BLOCK_CELLS / to_count;
    if (b->row_count > from_count) b->row_count = from_count;
    if (b->row_count == 0) b->row_count = 1;
    const size_t cells = (size_t)b->row_count * to_count;
    b->duration_ms     = malloc(cells * sizeof *b->duration_ms);
    b->distance_m      = malloc(cells * sizeof *b->distance_m);
    if (b->duration_ms && b->distance_m) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory for a block of %zu cells", cells);
}

/* With the way out of a hazard before it, if there is one. */
static void write_cell(FILE *stream, uint32_t duration_ms, double distance_m,
                       const muster_leave *leave) {
    if (duration_ms == MUSTER_UNREACHABLE_MS) {
        fputs(",,", stream);
    } else {
        if (leave && leave->outcome == MUSTER_LEAVE_BY_ROAD) {
            duration_ms += leave->duration_ms;
            distance_m += leave->distance_m;
        }
        fprintf(stream, ",%" PRIu32 ".%03" PRIu32 ",%.2f", duration_ms / 1000, duration_ms % 1000,
                distance_m);
    }
}

static int write_why(FILE *stream, closed_roads *closed, const muster_snap *from,
                     const muster_snap *to, uint32_t duration_ms) {
    muster_explanation why;
    fputc(',', stream);
    if (duration_ms < MUSTER_UNREACHABLE_MS) return COMMAND_DONE;
    const int code = closed_roads_explain(closed, from, to, &why);
    if (code == COMMAND_DONE) cut_off_print_cell(&why, stream);
    return code;
}

static int write_rows(FILE *stream, const table *t, uint32_t first, uint32_t count) {
    for (uint32_t row = 0; row < count && !progress_is_stopped(); ++row) {
        for (uint32_t column = 0; column < t->to->sites.count; ++column) {
            const size_t cell = (size_t)row * t->to->sites.count + column;
            csv_print_text(stream, t->from->sites.id[first + row]);
            fputc(',', stream);
            csv_print_text(stream, t->to->sites.id[column]);
            write_cell(stream, t->block.duration_ms[cell], t->block.distance_m[cell],
                       t->from->leave ? &t->from->leave[first + row] : NULL);
            if (t->has_closures) {
                const int code = write_why(stream, t->closed, &t->from->snap[first + row],
                                           &t->to->snap[column], t->block.duration_ms[cell]);
                if (code != COMMAND_DONE) return code;
            }
            fputc('\n', stream);
        }
    }
    return COMMAND_DONE;
}

/* Ends early when a write has failed, which output_publish then says. */
static int write_table(output *out, table *t, progress *bar) {
    const side *from = t->from;
    fprintf(out->stream, "from_id,to_id,duration_s,distance_m%s\n",
            t->has_closures ? ",cut_off_by" : "");
    for (uint32_t first = 0; first < from->sites.count && !ferror(out->stream);) {
        const uint32_t      left   = from->sites.count - first;
        const uint32_t      count  = left < t->block.row_count ? left : t->block.row_count;
        const muster_status status = muster_table_rows(t->rows, count, from->snap + first,
                                                       t->block.duration_ms, t->block.distance_m);
        if (status != MUSTER_OK) return command_fail_status(status);
        const int code = write_rows(out->stream, t, first, count);
        if (code != COMMAND_DONE) return code;
        first += count;
        if (bar) progress_report(bar, "rows", (double)first / from->sites.count);
        if (progress_is_stopped()) return progress_fail_stopped();
    }
    return output_publish(out);
}

static int make_blocks(output *out, const matrix_options *o, table *t) {
    progress  bar;
    const int is_file = o->output && strcmp(o->output, "-") != 0; /* rows on show are a bar too */
    int       code    = block_init(&t->block, t->from->sites.count, t->to->sites.count);
    progress_start(&bar);
    if (code == COMMAND_DONE) code = output_open(out, o->output ? o->output : "-");
    if (code == COMMAND_DONE) code = write_table(out, t, is_file ? &bar : NULL);
    progress_end(&bar);
    free(t->block.duration_ms);
    free(t->block.distance_m);
    return code;
}

static int make_table(const matrix_options *o, table *t, const muster_metric *metric) {
    output               out     = {0};
    muster_table_options options = MUSTER_TABLE_OPTIONS_INIT;
    options.thread_count         = o->thread_count;
    options.row_count            = t->from->sites.count;
    options.has_distances        = true;
    const muster_status status =
        muster_table_new(&t->rows, metric, t->to->sites.count, t->to->snap, &options);
    const int code = status == MUSTER_OK ? make_blocks(&out, o, t) : command_fail_status(status);
    output_discard(&out);
    muster_table_free(t->rows);
    return code;
}

/* ---- the command --------------------------------------------------------------------- */

static int load_and_make(const matrix_options *o, side *from, side *to) {
    const uint32_t searches =
        from->sites.count < to->sites.count ? from->sites.count : to->sites.count;
    profile_network loaded;
    closed_roads    closed;
    int             code = profile_network_load(&loaded, o->network, o->profile.profile, searches);
    if (code != COMMAND_DONE) return code;
    code    = closed_roads_apply(&closed, &loaded, o->profile.profile, o->closures, &o->system,
                                 &o->hazards);
    table t = {.from         = from,
               .to           = to,
               .has_closures = o->closures != NULL || o->hazards.file_count > 0,
               .closed       = &closed};
    if (code == COMMAND_DONE) code = side_snap(from, o, o->from, loaded.metric, closed.before);
    if (code == COMMAND_DONE) {
        code = side_leave(from, o->from, &closed, loaded.metric, o->is_strict);
    }
    if (code == COMMAND_DONE) code = side_snap(to, o, o->to, loaded.metric, closed.before);
    if (code == COMMAND_DONE) code = make_table(o, &t, loaded.metric);
    closed_roads_free(&closed);
    profile_network_free(&loaded);
    return code;
}

int command_matrix(int argc, char **argv) {
    matrix_options o    = {0};
    side           from = {0}, to = {0};
    int            code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = sites_read_csv(&from.sites, o.from, &o.system, o.keeps_going);
    if (code == COMMAND_DONE) code = sites_read_csv(&to.sites, o.to, &o.system, o.keeps_going);
    if (code == COMMAND_DONE) code = load_and_make(&o, &from, &to);
    side_fini(&from);
    side_fini(&to);
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    return code;
}
