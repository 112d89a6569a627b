/* A row is one write to a file opened for appending, and then fsync: what a kill leaves is whole rows, and at
 * most one that has no end of line. Each row says whose it is, so a table can be read without anything
 * beside it, and rows of another scenario are found wherever they are. */
#include "cli/sweep_table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <muster/api.h>

#include "cli/command.h"
#include "cli/csv_output.h"

/* Columns beside those of the grid, which stand behind the policy and the replication. */
enum { POLICY, REPLICATION, SHA256, STORE, SEED, VERSION, OWN_COLUMNS };
static const char *const OWN_COLUMN[OWN_COLUMNS] = {"policy", "replication", "sha256",
                                                    "store",  "seed",        "version"};

static int fail_file(const sweep_table *t, const char *what) {
    return command_fail(COMMAND_ENVIRONMENT, "%s: cannot be %s: %s", t->path, what,
                        strerror(errno));
}

static size_t place_of(const sweep_table *t, uint32_t point, uint32_t policy,
                       uint32_t replication) {
    const sweep_extent *e = t->extent;
    return ((size_t)point * e->policy_count + policy) * e->count + (replication - e->first);
}

bool sweep_table_has(const sweep_table *t, uint32_t point, uint32_t policy, uint32_t replication) {
    return t->is_done[place_of(t, point, policy, replication)];
}

/* ---- rows ---------------------------------------------------------------------------- */

static void write_header(FILE *stream, const sweep_grid *g) {
    fputs("policy,replication", stream);
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        fputc(',', stream);
        csv_print_text(stream, g->axis[a].key);
    }
    for (int m = 0; m < MEASURE_COUNT; ++m) fprintf(stream, ",%s", MEASURE_WORDS[m].name);
    fputs(",sha256,store,seed,version\n", stream);
}

static void write_row(FILE *stream, const sweep_table *t, uint32_t point, uint32_t policy,
                      uint32_t replication, const double value[MEASURE_COUNT]) {
    csv_print_text(stream, t->extent->policy[policy]);
    fprintf(stream, ",%" PRIu32, replication);
    for (uint32_t a = 0; a < t->grid->axis_count; ++a) {
        fputc(',', stream);
        csv_print_text(stream, sweep_grid_value(t->grid, point, a));
    }
    for (int m = 0; m < MEASURE_COUNT; ++m) {
        fputc(',', stream);
        if (!isnan(value[m])) csv_print_exact(stream, value[m]);
    }
    fprintf(stream, ",%s,", t->identity->sha256);
    csv_print_text(stream, t->identity->store);
    fprintf(stream, ",%" PRIu64 ",%s\n", t->identity->seed, t->identity->version);
}

/* ---- appending ----------------------------------------------------------------------- */

static int append(const sweep_table *t, const char *bytes, size_t size) {
    while (size > 0) {
        const ssize_t written = write(t->descriptor, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_file(t, "written");
        bytes += written;
        size -= (size_t)written;
    }
    return fsync(t->descriptor) == 0 ? COMMAND_DONE : fail_file(t, "written");
}

/* One text, made in memory. */
typedef struct line {
    char  *bytes;
    size_t size;
    FILE  *stream;
} line;

static bool line_open(line *l) {
    *l        = (line){0};
    l->stream = open_memstream(&l->bytes, &l->size);
    return l->stream != NULL;
}

static int line_append(line *l, const sweep_table *t) {
    const bool is_whole = fclose(l->stream) == 0;
    const int  code     = is_whole ? append(t, l->bytes, l->size)
                                   : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    free(l->bytes);
    return code;
}

int sweep_table_add(sweep_table *t, uint32_t point, uint32_t policy, uint32_t replication,
                    const double value[MEASURE_COUNT]) {
    line l;
    if (!line_open(&l)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    write_row(l.stream, t, point, policy, replication, value);
    const int code = line_append(&l, t);
    if (code != COMMAND_DONE) return code;
    t->is_done[place_of(t, point, policy, replication)] = true;
    ++t->done_count;
    return COMMAND_DONE;
}

/* ---- what is there already ----------------------------------------------------------- */

static int fail_other(const table_row *row, uint32_t column, const char *expected) {
    return command_fail(
        COMMAND_BAD_INPUT,
        "%s: row %u is of another sweep: its %s is \"%s\"; expected \"%s\", or another "
        "file for this sweep",
        row->path, row->line, row->column[column], row->cell[column], expected);
}

static int check_identity(const sweep_table *t, const table_row *row) {
    const sweep_identity *own = t->identity;
    char                  seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, own->seed);
    const char *const wanted[] = {own->sha256, own->store, seed, own->version};
    for (uint32_t c = SHA256; c <= VERSION; ++c) {
        if (strcmp(row->cell[c], wanted[c - SHA256]) != 0)
            return fail_other(row, c, wanted[c - SHA256]);
    }
    return COMMAND_DONE;
}

/* The point whose values the row has; MUSTER_NONE: none of this grid. */
static uint32_t find_point(const sweep_grid *g, const table_row *row) {
    uint32_t point = 0;
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        uint32_t i = 0;
        while (i < g->axis[a].count && strcmp(g->axis[a].value[i], row->cell[OWN_COLUMNS + a]) != 0)
            ++i;
        if (i == g->axis[a].count) return MUSTER_NONE;
        point = point * g->axis[a].count + i;
    }
    return point;
}

static uint32_t find_policy(const sweep_extent *e, const char *name) {
    uint32_t p = 0;
    while (p < e->policy_count && strcmp(e->policy[p], name) != 0) ++p;
    return p < e->policy_count ? p : MUSTER_NONE;
}

/* Rows of other points, policies or replications of the same sweep stay where they are. */
static int take_row(const table_row *row, void *user) {
    sweep_table        *t           = user;
    const sweep_extent *e           = t->extent;
    int64_t             replication = 0;
    int                 code        = check_identity(t, row);
    if (code == COMMAND_DONE) code = table_integer(&replication, row, REPLICATION);
    if (code != COMMAND_DONE) return code;
    const uint32_t point = find_point(t->grid, row), policy = find_policy(e, row->cell[POLICY]);
    if (point == MUSTER_NONE || policy == MUSTER_NONE || replication < e->first ||
        replication >= (int64_t)e->first + e->count) {
        return COMMAND_DONE;
    }
    bool *is_done = &t->is_done[place_of(t, point, policy, (uint32_t)replication)];
    t->done_count += !*is_done;
    *is_done = true;
    return COMMAND_DONE;
}

static int read_rows(sweep_table *t) {
    const char *column[OWN_COLUMNS + GRID_MOST_AXES];
    for (uint32_t c = 0; c < OWN_COLUMNS; ++c) column[c] = OWN_COLUMN[c];
    for (uint32_t a = 0; a < t->grid->axis_count; ++a)
        column[OWN_COLUMNS + a] = t->grid->axis[a].key;
    return result_table_read(t->path, OWN_COLUMNS + t->grid->axis_count, column, false, take_row,
                             t);
}

/* The first line is this sweep's header; else the columns are another grid's. */
static int check_header(const sweep_table *t, const char *bytes, size_t size) {
    line l;
    if (!line_open(&l)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    write_header(l.stream, t->grid);
    fclose(l.stream);
    const bool is_ours = size >= l.size && memcmp(bytes, l.bytes, l.size) == 0;
    free(l.bytes);
    if (is_ours) return COMMAND_DONE;
    return command_fail(
        COMMAND_BAD_INPUT,
        "%s: its columns are not those of this sweep; expected the same --grid keys in the "
        "same order, or another file",
        t->path);
}

/* ---- opening ------------------------------------------------------------------------- */

static char *read_bytes(const sweep_table *t, size_t size) {
    char *bytes = malloc(size + 1);
    if (bytes && pread(t->descriptor, bytes, size, 0) == (ssize_t)size) return bytes;
    free(bytes);
    return NULL;
}

static int begin(const sweep_table *t) {
    line l;
    if (!line_open(&l)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    write_header(l.stream, t->grid);
    return line_append(&l, t);
}

/* Takes away a row that has no end; *size is what is left. */
static int cut_torn_row(const sweep_table *t, const char *bytes, size_t *size) {
    size_t whole = *size;
    while (whole > 0 && bytes[whole - 1] != '\n') --whole;
    const bool is_torn = whole < *size;
    *size              = whole;
    if (!is_torn || (ftruncate(t->descriptor, (off_t)whole) == 0 && fsync(t->descriptor) == 0)) {
        return COMMAND_DONE;
    }
    return fail_file(t, "written");
}

static int go_on(sweep_table *t, size_t size) {
    char *bytes = read_bytes(t, size);
    if (!bytes) return fail_file(t, "read");
    int code = cut_torn_row(t, bytes, &size);
    if (code == COMMAND_DONE) code = size == 0 ? begin(t) : check_header(t, bytes, size);
    free(bytes);
    return code == COMMAND_DONE ? read_rows(t) : code;
}

/* One sweep at a time writes a table: two would each do what the other has done. */
static int lock(const sweep_table *t) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(t->descriptor, F_SETLK, &whole) == 0) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT,
                        "%s: another sweep writes it; expected to be the only one", t->path);
}

static int open_table(sweep_table *t) {
    struct stat about;
    t->descriptor = open(t->path, O_RDWR | O_CREAT | O_APPEND, 0666);
    if (t->descriptor < 0) return fail_file(t, "opened");
    const int code = lock(t);
    if (code != COMMAND_DONE) return code;
    if (fstat(t->descriptor, &about) != 0) return fail_file(t, "read");
    return about.st_size == 0 ? begin(t) : go_on(t, (size_t)about.st_size);
}

int sweep_table_open(sweep_table *out, const char *path, const sweep_grid *grid,
                     const sweep_identity *identity, const sweep_extent *extent) {
    *out = (sweep_table){path, grid, identity, extent, -1, NULL, 0};
    out->is_done =
        calloc((size_t)extent->point_count * extent->policy_count * extent->count + 1, 1);
    const int code =
        out->is_done ? open_table(out) : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    if (code != COMMAND_DONE) sweep_table_close(out);
    return code;
}

void sweep_table_close(sweep_table *t) {
    if (t->descriptor >= 0) close(t->descriptor);
    free(t->is_done);
    *t = (sweep_table){.descriptor = -1};
}
