/* Rows of the table `profile` are profiles of a profile file, in order: each may extend one before. */
#include "gis/profile_store.h"

#include <string.h>

#include "gis/profile_file.h"
#include "gis/utf8.h"

enum { FID_COLUMN, NAME_COLUMN, DOCUMENT_COLUMN };

enum { SHOWN_BYTES = 80 };

typedef struct profile_rows {
    muster_profiles *profiles;
    const char      *store;
} profile_rows;

static muster_status read_row(void *user, const mu_row *row) {
    const profile_rows *rows = user;
    const char         *name, *document, *own_name;
    int64_t             fid;
    char                shown[SHOWN_BYTES];
    MU_TRY(mu_column_int(row, FID_COLUMN, INT64_MIN, INT64_MAX, &fid));
    MU_TRY(mu_column_text(row, DOCUMENT_COLUMN, &document));
    MU_TRY(mu_profiles_add(rows->profiles, rows->store, document, &own_name));
    MU_TRY(mu_column_text(row, NAME_COLUMN, &name));
    if (strcmp(name, own_name) == 0) return MUSTER_OK;
    mu_quote(shown, sizeof shown, own_name);
    return mu_column_unexpected(row, NAME_COLUMN, "the name in its document, %s", shown);
}

static muster_status read_table(muster_profiles *profiles, mu_store *store) {
    static const mu_query ALL = {
        "profile", "SELECT fid, name, CAST(document AS TEXT) FROM profile ORDER BY fid", NULL};
    profile_rows rows = {profiles, store->name};
    bool         there;
    MU_TRY(mu_store_has_table(store, "profile", &there));
    if (there) MU_TRY(mu_store_query(store, &ALL, read_row, &rows));
    return mu_profiles_end(profiles);
}

muster_status mu_profiles_of_store(muster_profiles **out, mu_store *store) {
    muster_profiles *profiles;
    *out = NULL;
    MU_TRY(mu_profiles_new(&profiles));
    const muster_status status = read_table(profiles, store);
    if (status != MUSTER_OK) {
        muster_profiles_free(profiles);
        return status;
    }
    *out = profiles;
    return MUSTER_OK;
}
