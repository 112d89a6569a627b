/* CSV as RFC 4180 has it, read by libcsv, judged here.
 *
 * The file goes to the parser line by line, because the parser does not count lines and a
 * message has to name one; a quoted field may still run over several. Nothing is repaired:
 * a row that is wrong stops the reading, unless only its coordinates are and the caller would
 * rather have the others. */
#include "cli/sites_csv.h"

#include <csv.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/site.h"

enum { ID, LON, LAT, NEEDED_COUNT, WEIGHT = NEEDED_COUNT, COLUMN_COUNT };
enum { MAX_SITES = 10000000, MAX_WEIGHT = 1000000000 };

static const char *const DEGREES[COLUMN_COUNT] = {"id", "lon", "lat", "weight"};
static const char *const METRES[COLUMN_COUNT]  = {"id", "x", "y", "weight"};

typedef struct reader {
    const char              *path;
    sites                   *sites;
    const coordinate_system *system;
    const char *const       *column_name; /* DEGREES or METRES */
    uint32_t                 row;         /* the line in hand, from 1 */
    uint32_t                 ended_row;   /* the line in which the last row ended; 0: none has */
    bool                     has_header;
    uint32_t                 header_width;        /* columns of the header */
    uint32_t                 where[COLUMN_COUNT]; /* the column of each; MUSTER_NONE: not met */
    uint32_t                 column;              /* of the next field */
    double                   coordinate[NEEDED_COUNT];
    int64_t                  weight;
    char                    *id;
    bool                     has_weights; /* the column is asked for */
    bool                     keeps_going; /* past wrong coordinates */
    bool                     is_bad;      /* so are those of the row in hand */
    uint32_t                 bad_count;   /* of rows before */
    int                      code;        /* COMMAND_DONE until something is wrong */
} reader;

/* Only the first fault is said. */
#define FAULT(r, ...)                                                                              \
    do {                                                                                           \
        if ((r)->code == COMMAND_DONE) (r)->code = command_fail(COMMAND_BAD_INPUT, __VA_ARGS__);   \
    } while (0)

/* Wrong coordinates stop the reading, or are said and passed over: in one row once, in as many as
 * somebody may want to read. */
enum { MOST_SAID = 20 };

#define SITE_FAULT(r, ...)                                                                         \
    do {                                                                                           \
        if (!(r)->keeps_going) {                                                                   \
            FAULT(r, __VA_ARGS__);                                                                 \
        } else if (!(r)->is_bad && (r)->bad_count < MOST_SAID) {                                   \
            command_fail(COMMAND_DONE, __VA_ARGS__);                                               \
        }                                                                                          \
        (r)->is_bad = true;                                                                        \
    } while (0)

static void out_of_memory(reader *r) {
    if (r->code != COMMAND_DONE) return;
    r->code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", r->path, r->row);
}

/* ---- fields -------------------------------------------------------------------------- */

static bool is_utf8(const char *text, size_t length) {
    json_t *string = json_stringn(text, length); /* jansson refuses what is not UTF-8 */
    json_decref(string);
    return string != NULL;
}

static void take_header_field(reader *r, const char *text) {
    for (int c = 0; c < COLUMN_COUNT; ++c) {
        if (strcmp(text, r->column_name[c]) != 0 || (c == WEIGHT && !r->has_weights)) continue;
        if (r->where[c] != MUSTER_NONE) {
            FAULT(r, "%s: row %u: the header names the column \"%s\" twice; expected it once",
                  r->path, r->row, text);
        }
        r->where[c] = r->column;
    }
}

static void take_id(reader *r, const char *text) {
    free(r->id);
    r->id = strdup(text);
    if (!r->id) out_of_memory(r);
    if (*text == 0) {
        FAULT(r, "%s: row %u, column id: empty; expected a name for the site", r->path, r->row);
    }
}

static void take_coordinate(reader *r, int column, const char *text) {
    if (number_parse(&r->coordinate[column], text)) return;
    SITE_FAULT(r, "%s: row %u, column %s: \"%s\"; expected a number of %s", r->path, r->row,
               r->column_name[column], text, r->column_name == METRES ? "metres" : "degrees");
}

static void take_weight(reader *r, const char *text) {
    const size_t length    = strlen(text);
    const bool   is_number = length > 0 && length <= 10 && strspn(text, "0123456789") == length;
    r->weight              = is_number ? strtoll(text, NULL, 10) : -1;
    if (r->weight >= 0 && r->weight <= MAX_WEIGHT) return;
    FAULT(r, "%s: row %u, column weight: \"%s\"; expected a whole number, 0 to %d", r->path, r->row,
          text, MAX_WEIGHT);
}

static void take_field(void *bytes, size_t length, void *user) {
    reader     *r    = user;
    const char *text = bytes ? bytes : "";
    if (!is_utf8(text, length)) {
        FAULT(r, "%s: row %u, column %u: not UTF-8; expected UTF-8 text", r->path, r->row,
              r->column + 1);
    }
    if (!r->has_header) {
        take_header_field(r, text);
    } else if (r->column == r->where[ID]) {
        take_id(r, text);
    } else if (r->column == r->where[LON]) {
        take_coordinate(r, LON, text);
    } else if (r->column == r->where[LAT]) {
        take_coordinate(r, LAT, text);
    } else if (r->has_weights && r->column == r->where[WEIGHT]) {
        take_weight(r, text);
    }
    ++r->column;
}

/* ---- rows ---------------------------------------------------------------------------- */

static void check_header(reader *r) {
    r->has_header   = true;
    r->header_width = r->column;
    for (int c = 0; c < NEEDED_COUNT; ++c) {
        if (r->where[c] != MUSTER_NONE) continue;
        FAULT(r, "%s: row %u: the header has no column \"%s\"; expected id, %s and %s", r->path,
              r->row, r->column_name[c], r->column_name[LON], r->column_name[LAT]);
    }
}

static bool grow(void **array, size_t count, size_t size) {
    void *larger = realloc(*array, count * size);
    if (larger) *array = larger;
    return larger != NULL;
}

static bool reserve(sites *s) {
    if (s->count < s->capacity) return true;
    const uint32_t larger = s->capacity < 64 ? 64 : 2 * s->capacity;
    void      *id = s->id, *row = s->row, *lon = s->lon_deg, *lat = s->lat_deg, *weight = s->weight;
    const bool is_grown = grow(&id, larger, sizeof *s->id) && grow(&row, larger, sizeof *s->row) &&
                          grow(&lon, larger, sizeof *s->lon_deg) &&
                          grow(&lat, larger, sizeof *s->lat_deg) &&
                          grow(&weight, larger, sizeof *s->weight);
    s->id      = id;
    s->row     = row;
    s->lon_deg = lon;
    s->lat_deg = lat;
    s->weight  = weight;
    if (is_grown) s->capacity = larger;
    return is_grown;
}

static void check_degree(reader *r, int column, double degrees, const char *expected) {
    if (!expected) return;
    SITE_FAULT(r, "%s: row %u, column %s: %.15g; expected %s", r->path, r->row,
               r->column_name[column], degrees, expected);
}

/* The pair in hand becomes WGS 84. */
static void take_position(reader *r) {
    double *lon_deg = &r->coordinate[LON], *lat_deg = &r->coordinate[LAT];
    if (coordinate_system_convert(r->system, 1, lon_deg, lat_deg) != MUSTER_OK) {
        SITE_FAULT(r, "%s: row %u: %s", r->path, r->row, muster_error_message());
        return;
    }
    check_degree(r, r->system->is_swapped ? LAT : LON, *lon_deg, longitude_expected(*lon_deg));
    check_degree(r, r->system->is_swapped ? LON : LAT, *lat_deg,
                 latitude_expected(*lat_deg, *lon_deg));
}

/* A bad site keeps its place and its id, and is nowhere. */
static void add_site(reader *r) {
    sites *s = r->sites;
    if (s->count == MAX_SITES) {
        FAULT(r, "%s: row %u: more than %d sites; expected no more", r->path, r->row, MAX_SITES);
        return;
    }
    if (!reserve(s)) {
        out_of_memory(r);
        return;
    }
    s->id[s->count]      = r->id;
    s->row[s->count]     = r->row;
    s->lon_deg[s->count] = r->is_bad ? (double)NAN : r->coordinate[LON];
    s->lat_deg[s->count] = r->is_bad ? (double)NAN : r->coordinate[LAT];
    s->weight[s->count]  = r->weight;
    r->id                = NULL;
    ++s->count;
}

static void take_row(int terminator, void *user) {
    reader *r = user;
    (void)terminator;
    if (r->ended_row == r->row) { /* to the parser a carriage return alone ends a row as well */
        FAULT(r,
              "%s: row %u: a carriage return within it; expected lines that end with LF or CR LF",
              r->path, r->row);
    }
    r->ended_row = r->row;
    if (!r->has_header) {
        check_header(r);
    } else if (r->column != r->header_width) {
        FAULT(r, "%s: row %u: %u columns; expected %u, as in the header", r->path, r->row,
              r->column, r->header_width);
    } else {
        if (r->code == COMMAND_DONE && !r->is_bad) take_position(r);
        if (r->code == COMMAND_DONE) add_site(r);
    }
    r->bad_count += r->is_bad;
    r->is_bad = false;
    r->column = 0;
}

/* ---- ids ----------------------------------------------------------------------------- */

typedef struct named_row {
    const char *id;
    uint32_t    row;
} named_row;

static int by_id_then_row(const void *a, const void *b) {
    const named_row *x = a, *y = b;
    const int        order = strcmp(x->id, y->id);
    return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row;
}

/* Of all repeated ids, name the one whose repetition comes first in the file. */
static void check_ids(reader *r) {
    const sites *s      = r->sites;
    named_row   *sorted = malloc((s->count + 1) * sizeof *sorted);
    uint32_t     second = MUSTER_NONE;
    if (!sorted) {
        out_of_memory(r);
        return;
    }
    for (uint32_t i = 0; i < s->count; ++i) sorted[i] = (named_row){s->id[i], s->row[i]};
    qsort(sorted, s->count, sizeof *sorted, by_id_then_row);
    for (uint32_t i = 1; i < s->count; ++i) {
        if (strcmp(sorted[i - 1].id, sorted[i].id) != 0) continue;
        if (second == MUSTER_NONE || sorted[i].row < sorted[second].row) second = i;
    }
    if (second != MUSTER_NONE) {
        FAULT(r, "%s: row %u, column id: \"%s\" is also the id of row %u; expected unique ids",
              r->path, sorted[second].row, sorted[second].id, sorted[second - 1].row);
    }
    free(sorted);
}

/* ---- file ---------------------------------------------------------------------------- */

static void parse_line(reader *r, struct csv_parser *parser, const char *line, size_t length) {
    ++r->row;
    if (memchr(line, 0, length)) {
        FAULT(r, "%s: row %u: a NUL byte; expected UTF-8 text", r->path, r->row);
    } else if (csv_parse(parser, line, length, take_field, take_row, r) == length) {
        return;
    } else if (csv_error(parser) == CSV_EPARSE) {
        FAULT(r,
              "%s: row %u: a quote inside a value; expected \"\" for it, and the value in quotes",
              r->path, r->row);
    } else {
        out_of_memory(r);
    }
}

static void parse_lines(reader *r, struct csv_parser *parser, FILE *file) {
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF"; /* spreadsheets put it there */
    char             *line              = NULL;
    size_t            room              = 0;
    ssize_t           length;
    while (r->code == COMMAND_DONE && (length = getline(&line, &room, file)) >= 0) {
        const bool has_mark = r->row == 0 && strncmp(line, BYTE_ORDER_MARK, 3) == 0;
        parse_line(r, parser, line + (has_mark ? 3 : 0), (size_t)length - (has_mark ? 3 : 0));
    }
    if (r->code == COMMAND_DONE && !feof(file)) {
        r->code =
            command_fail(COMMAND_ENVIRONMENT, "%s: cannot be read: %s", r->path, strerror(errno));
    }
    free(line);
    if (r->code == COMMAND_DONE && csv_fini(parser, take_field, take_row, r) != 0) {
        FAULT(r, "%s: row %u: the file ends inside quotes; expected a closing quote", r->path,
              r->row);
    }
}

static void check_sites(reader *r) {
    if (r->code != COMMAND_DONE) return;
    if (!r->has_header) {
        FAULT(r, "%s: the file is empty; expected the header id,%s,%s and rows below it", r->path,
              r->column_name[LON], r->column_name[LAT]);
    } else if (r->sites->count == 0) {
        FAULT(r, "%s: no row below the header; expected one site or more", r->path);
    } else {
        check_ids(r);
    }
}

static void read_file(reader *r, FILE *file) {
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        out_of_memory(r);
        return;
    }
    parse_lines(r, &parser, file);
    check_sites(r);
    csv_free(&parser);
}

static void count_bad(const reader *r) {
    if (r->code != COMMAND_DONE || r->bad_count <= MOST_SAID) return;
    command_fail(COMMAND_DONE, "%s: %u rows have wrong coordinates; the first %d are named above",
                 r->path, r->bad_count, MOST_SAID);
}

static int read_csv(sites *out, const char *path, const coordinate_system *system, bool keeps_going,
                    bool has_weights) {
    *out       = (sites){0};
    FILE *file = fopen(path, "r");
    if (!file) {
        return command_fail(COMMAND_ENVIRONMENT, "%s: cannot be opened: %s", path, strerror(errno));
    }
    reader r = {.path        = path,
                .sites       = out,
                .system      = system,
                .column_name = coordinate_system_is_projected(system) ? METRES : DEGREES,
                .where       = {MUSTER_NONE, MUSTER_NONE, MUSTER_NONE, MUSTER_NONE},
                .weight      = 1,
                .has_weights = has_weights,
                .keeps_going = keeps_going};
    read_file(&r, file);
    count_bad(&r);
    fclose(file);
    free(r.id);
    if (r.code != COMMAND_DONE) sites_free(out);
    return r.code;
}

int sites_read_csv(sites *out, const char *path, const coordinate_system *system,
                   bool keeps_going) {
    return read_csv(out, path, system, keeps_going, false);
}

int sites_read_weighted_csv(sites *out, const char *path, const coordinate_system *system) {
    return read_csv(out, path, system, false, true);
}

void sites_free(sites *s) {
    for (uint32_t i = 0; i < s->count; ++i) free(s->id[i]);
    free(s->id);
    free(s->row);
    free(s->lon_deg);
    free(s->lat_deg);
    free(s->weight);
    *s = (sites){0};
}
