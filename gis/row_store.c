/* See row_store.h. */
#define _XOPEN_SOURCE 700 /* S_ISDIR and its like */
#include "gis/row_store.h"

#include <string.h>
#include <sys/stat.h>

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), bytes = strlen(end);
    return length >= bytes && strcmp(text + length - bytes, end) == 0;
}

static bool begins_with(const char *text, const char *begin) {
    return strncmp(text, begin, strlen(begin)) == 0;
}

/* "host=... dbname=...", as libpq has it: a lower-case word before the first '='. */
static bool is_keyword_list(const char *location) {
    const size_t length = strspn(location, "abcdefghijklmnopqrstuvwxyz_");
    return length > 0 && location[length] == '=';
}

mu_store_kind mu_store_kind_of(const char *location) {
    struct stat about;
    const bool  is_there = stat(location, &about) == 0;
    if (is_there) return S_ISDIR(about.st_mode) ? MU_STORE_FOLDER : MU_STORE_GEOPACKAGE;
    if (begins_with(location, "postgresql://") || begins_with(location, "postgres://") ||
        is_keyword_list(location)) {
        return MU_STORE_POSTGIS;
    }
    return ends_with(location, ".gpkg") ? MU_STORE_GEOPACKAGE : MU_STORE_FOLDER;
}

muster_status mu_row_source_open(mu_row_source **out, const char *location, const char *schema) {
    *out = NULL;
    switch (mu_store_kind_of(location)) {
    case MU_STORE_POSTGIS:
        return mu_postgis_source_open(out, location, schema);
    case MU_STORE_FOLDER:
        return mu_folder_source_open(out, location);
    default:
        return mu_geopackage_source_open(out, location);
    }
}

void mu_row_source_close(mu_row_source *source) {
    if (source) source->class->close(source);
}

muster_status mu_row_target_open(mu_row_target **out, const char *location, const char *schema,
                                 bool is_replacing) {
    *out = NULL;
    switch (mu_store_kind_of(location)) {
    case MU_STORE_POSTGIS:
        return mu_postgis_target_open(out, location, schema, is_replacing);
    case MU_STORE_FOLDER:
        return mu_folder_target_open(out, location, is_replacing);
    default:
        return mu_geopackage_target_open(out, location, is_replacing);
    }
}

void mu_row_target_close(mu_row_target *target) {
    if (target) target->class->close(target);
}

muster_status mu_store_check_free(const char *path, bool is_replacing) {
    struct stat about;
    if (is_replacing || stat(path, &about) != 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "\"%s\" is there already; expected a new name, or --replace",
                       path);
}
