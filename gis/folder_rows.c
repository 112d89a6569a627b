/* A folder of tables: team.geojson where the rows have a geometry, stock.csv where they have none. A
 * table without a file is empty, but for those of a network.
 *
 * A new folder grows beside its target under another name and takes the target's when it is whole. One
 * that is replaced changes names with it in one step, and is then removed; it may hold nothing but our
 * files. muster_meta.csv says of which version the tables are. */
#define _GNU_SOURCE /* renameat2 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gis/csv_table.h"
#include "gis/geojson.h"
#include "gis/geopackage_version.h"
#include "gis/memory.h"
#include "gis/row_store.h"
#include "gis/utf8.h"

enum { SHOWN_PATH = 200, TEMPORARY_TRIES = 100 };

static const char VERSION_KEY[] = "schema_version";

static muster_status fail_with_errno(const char *path, const char *what) {
    const int number = errno;
    char      room[128], shown[SHOWN_PATH];
    mu_keep_end(shown, sizeof shown, path);
    return muster_fail(number == ENOMEM ? MUSTER_E_NOMEM : MUSTER_E_IO, "\"%s\" cannot be %s: %s",
                       shown, what, strerror_r(number, room, sizeof room)); /* GNU's, that is */
}

/* "FOLDER/team.geojson" */
static muster_status path_of(char out[PATH_MAX], const char *folder, const mu_schema_table *table) {
    const char *kind  = mu_schema_geometry(table) == MUSTER_NONE ? "csv" : "geojson";
    const int   bytes = snprintf(out, PATH_MAX, "%s/%s.%s", folder, table->name, kind);
    if (bytes > 0 && bytes < PATH_MAX) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "a path of %zu bytes is too long", strlen(folder));
}

/* ---- reading ------------------------------------------------------------------------- */

typedef struct folder_source {
    mu_row_source          base;
    char                  *path;
    char                   file_path[PATH_MAX];
    FILE                  *file;
    const mu_schema_table *table;
    mu_csv_reader         *csv;
    mu_geojson_reader     *geojson;
} folder_source;

static void end_reading(folder_source *s) {
    mu_csv_reader_free(s->csv);
    mu_geojson_reader_free(s->geojson);
    if (s->file) fclose(s->file);
    s->csv     = NULL;
    s->geojson = NULL;
    s->file    = NULL;
}

static muster_status open_file(folder_source *s, const mu_schema_table *table) {
    struct stat about;
    MU_TRY(path_of(s->file_path, s->path, table));
    if (stat(s->file_path, &about) != 0) {
        return errno == ENOENT ? MUSTER_OK : fail_with_errno(s->file_path, "opened");
    }
    if (!S_ISREG(about.st_mode)) { /* opening a pipe would wait for its other end */
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be opened: it is no regular file",
                           s->file_path);
    }
    s->file = fopen(s->file_path, "rbe");
    return s->file ? MUSTER_OK : fail_with_errno(s->file_path, "opened");
}

static muster_status begin_reading(mu_row_source *base, const mu_schema_table *table,
                                   bool *out_is_there) {
    folder_source *s = (folder_source *)base;
    end_reading(s);
    MU_TRY(open_file(s, table));
    *out_is_there = s->file != NULL;
    s->table      = table;
    if (!s->file) {
        const bool is_needed = strcmp(table->name, "node") == 0 || strcmp(table->name, "edge") == 0;
        if (!is_needed) return MUSTER_OK;
        return muster_fail(MUSTER_E_FORMAT, "%s holds no %s.geojson: no folder of muster's tables",
                           base->name, table->name);
    }
    return mu_schema_geometry(table) == MUSTER_NONE
               ? mu_csv_reader_new(&s->csv, s->file, s->file_path, table)
               : mu_geojson_reader_new(&s->geojson, s->file, s->file_path, table);
}

static muster_status next_row(folder_source *s, mu_value *value, bool *out_row) {
    *out_row = false;
    if (s->csv) return mu_csv_reader_next(s->csv, value, out_row);
    return s->geojson ? mu_geojson_reader_next(s->geojson, value, out_row) : MUSTER_OK;
}

static bool is_text(const mu_value *value, const char *text) {
    return value->form == MU_FORM_TEXT && value->size == strlen(text) &&
           memcmp(value->bytes, text, value->size) == 0;
}

static muster_status check_version(const folder_source *s, const mu_value *value) {
    char text[16] = "", *end;
    if (value->form == MU_FORM_TEXT && value->size < sizeof text) {
        memcpy(text, value->bytes, value->size);
    }
    const long version = strtol(text, &end, 10);
    if (end != text && *end == 0 && version >= 1 && version <= MU_GEOPACKAGE_VERSION)
        return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\": %s is \"%s\"; this muster (%s) reads versions 1 to %d",
                       s->file_path, VERSION_KEY, text, muster_version(), MU_GEOPACKAGE_VERSION);
}

/* The version is the folder's and no row of the table's. */
static muster_status read_row(mu_row_source *base, mu_value *value, bool *out_row) {
    folder_source *s = (folder_source *)base;
    MU_TRY(next_row(s, value, out_row));
    if (!*out_row || strcmp(s->table->name, "muster_meta") != 0) return MUSTER_OK;
    if (!is_text(&value[0], VERSION_KEY)) return MUSTER_OK;
    MU_TRY(check_version(s, &value[1]));
    return next_row(s, value, out_row);
}

/* What a file lacks is said where it is begun, with its path. */
static muster_status inspect(mu_row_source *base, const mu_schema_table *table, bool only_columns,
                             mu_fault_found *found, void *user) {
    (void)base;
    (void)table;
    (void)only_columns;
    (void)found;
    (void)user;
    return MUSTER_OK;
}

static void close_source(mu_row_source *base) {
    folder_source *s = (folder_source *)base;
    end_reading(s);
    mu_gis_free(s->path);
    mu_gis_free(s);
}

/* Without the '/' that may be behind it. */
static muster_status copy_path(char **out, const char *path) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') --length;
    MU_TRY(mu_gis_alloc(out, length + 1, 1));
    memcpy(*out, path, length);
    (*out)[length] = 0;
    return MUSTER_OK;
}

static void write_name(char name[MU_STORE_NAME_BYTES], const char *path) {
    char shown[SHOWN_PATH];
    mu_keep_end(shown, sizeof shown, path);
    snprintf(name, MU_STORE_NAME_BYTES, "\"%s\"", shown);
}

muster_status mu_folder_source_open(mu_row_source **out, const char *path) {
    static const mu_row_source_class CLASS = {inspect, begin_reading, read_row, close_source};
    folder_source                   *s;
    struct stat                      about;
    *out = NULL;
    if (stat(path, &about) != 0) return fail_with_errno(path, "opened");
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    s->base.class              = &CLASS;
    const muster_status status = copy_path(&s->path, path);
    if (status != MUSTER_OK) {
        mu_gis_free(s);
        return status;
    }
    write_name(s->base.name, s->path);
    *out = &s->base;
    return MUSTER_OK;
}

/* ---- writing ------------------------------------------------------------------------- */

typedef struct folder_target {
    mu_row_target          base;
    char                  *path;
    char                   temporary[PATH_MAX]; /* "": none is there */
    char                   file_path[PATH_MAX];
    FILE                  *file;
    const mu_schema_table *table;
    bool                   is_replacing, has_row;
} folder_target;

static bool has_geometry(const mu_schema_table *table) {
    return mu_schema_geometry(table) != MUSTER_NONE;
}

static muster_status begin_writing(mu_row_target *base, const mu_schema_table *table) {
    folder_target *t = (folder_target *)base;
    MU_TRY(path_of(t->file_path, t->temporary, table));
    t->table   = table;
    t->has_row = false;
    t->file    = fopen(t->file_path, "wxe");
    if (!t->file) return fail_with_errno(t->file_path, "written");
    if (has_geometry(table)) {
        mu_geojson_write_beginning(t->file, table->name);
    } else {
        mu_csv_write_header(t->file, table);
    }
    if (strcmp(table->name, "muster_meta") == 0) {
        fprintf(t->file, "\"%s\",\"%d\"\n", VERSION_KEY, MU_GEOPACKAGE_VERSION);
    }
    return MUSTER_OK;
}

static muster_status put_row(mu_row_target *base, const mu_value *value, const mu_bounds *bounds) {
    folder_target *t = (folder_target *)base;
    (void)bounds; /* GeoJSON has none of the single feature's */
    if (has_geometry(t->table)) {
        mu_geojson_write_feature(t->file, t->table, value, !t->has_row);
    } else {
        mu_csv_write_row(t->file, t->table, value);
    }
    t->has_row = true;
    return ferror(t->file) ? fail_with_errno(t->file_path, "written") : MUSTER_OK;
}

/* Every way a write can fail late is looked for. */
static muster_status end_writing(mu_row_target *base) {
    folder_target *t = (folder_target *)base;
    if (has_geometry(t->table)) mu_geojson_write_end(t->file);
    const bool is_ok  = fflush(t->file) == 0 && !ferror(t->file) && fsync(fileno(t->file)) == 0;
    const int  number = errno;
    const bool closed = fclose(t->file) == 0;
    t->file           = NULL;
    if (is_ok && closed) return MUSTER_OK;
    if (!is_ok) errno = number;
    return fail_with_errno(t->file_path, "written");
}

/* ---- names ----------------------------------------------------------------------------- */

static bool is_ours(const char *name) {
    char                   expected[80];
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return true;
    for (uint32_t t = 0; t < count; ++t) {
        snprintf(expected, sizeof expected, "%s.%s", tables[t].name,
                 has_geometry(&tables[t]) ? "geojson" : "csv");
        if (strcmp(name, expected) == 0) return true;
    }
    return false;
}

static muster_status check_replaceable(const char *path) {
    DIR *folder = opendir(path);
    if (!folder && errno == ENOENT) return MUSTER_OK;
    if (!folder) return fail_with_errno(path, "replaced");
    const struct dirent *entry = readdir(folder);
    while (entry && is_ours(entry->d_name)) entry = readdir(folder);
    const muster_status status =
        entry ? muster_fail(MUSTER_E_IO,
                            "\"%s\" cannot be replaced: it holds \"%.100s\", which is no table",
                            path, entry->d_name)
              : MUSTER_OK;
    closedir(folder);
    return status;
}

/* Our files, and the folder if nothing else is in it. */
static void remove_folder(const char *path) {
    char                   file[PATH_MAX];
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count; ++t) {
        const bool has_path = path_of(file, path, &tables[t]) == MUSTER_OK;
        if (has_path) (void)unlink(file);
    }
    (void)rmdir(path);
}

static muster_status make_temporary(folder_target *t) {
    int made = -1;
    for (int number = 0; made != 0 && number < TEMPORARY_TRIES; ++number) {
        const int bytes = snprintf(t->temporary, sizeof t->temporary, "%s.tmp-%ld-%d", t->path,
                                   (long)getpid(), number);
        if (bytes >= (int)sizeof t->temporary) errno = ENAMETOOLONG;
        made = bytes < (int)sizeof t->temporary ? mkdir(t->temporary, 0777) : -1;
        if (made != 0 && errno != EEXIST) break;
    }
    if (made == 0) return MUSTER_OK;
    t->temporary[0] = 0;
    return fail_with_errno(t->path, "written");
}

/* So that the new name survives a power cut, where the file system can do that. */
static void sync_folder(const char *path) {
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    (void)fsync(folder);
    close(folder);
}

static void sync_parent(const char *path) {
    char        parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) + 1 : 1,
             slash ? path : ".");
    sync_folder(parent);
}

static muster_status publish(mu_row_target *base) {
    folder_target *t = (folder_target *)base;
    sync_folder(t->temporary);
    const bool is_new = renameat2(AT_FDCWD, t->temporary, AT_FDCWD, t->path, RENAME_NOREPLACE) == 0;
    if (!is_new) {
        if (errno != EEXIST || !t->is_replacing) return fail_with_errno(t->path, "written");
        MU_TRY(check_replaceable(t->path));
        if (renameat2(AT_FDCWD, t->temporary, AT_FDCWD, t->path, RENAME_EXCHANGE) != 0) {
            return fail_with_errno(t->path, "replaced");
        }
        remove_folder(t->temporary); /* which is now the old one */
    }
    t->temporary[0] = 0;
    sync_parent(t->path);
    return MUSTER_OK;
}

static void close_target(mu_row_target *base) {
    folder_target *t = (folder_target *)base;
    if (t->file) fclose(t->file);
    if (t->temporary[0]) remove_folder(t->temporary);
    mu_gis_free(t->path);
    mu_gis_free(t);
}

muster_status mu_folder_target_open(mu_row_target **out, const char *path, bool is_replacing) {
    static const mu_row_target_class CLASS = {begin_writing, put_row, end_writing, publish,
                                              close_target};
    folder_target                   *t;
    *out = NULL;
    MU_TRY(mu_store_check_free(path, is_replacing));
    MU_TRY(check_replaceable(path));
    MU_TRY(mu_gis_alloc_zeroed(&t, 1, sizeof *t));
    t->base.class        = &CLASS;
    t->is_replacing      = is_replacing;
    muster_status status = copy_path(&t->path, path);
    if (status == MUSTER_OK) status = make_temporary(t);
    if (status != MUSTER_OK) {
        close_target(&t->base);
        return status;
    }
    write_name(t->base.name, t->path);
    *out = &t->base;
    return MUSTER_OK;
}
