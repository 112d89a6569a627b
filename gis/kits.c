/* What at-risk sites keep for themselves. */
#include <muster/kit.h>
#include <muster/problem.h>

#include "gis/memory.h"
#include "gis/network_store.h"
#include "gis/store.h"

struct muster_kits {
    mu_texts    texts;
    uint32_t    count;
    size_t      capacity;
    muster_kit *kit;
};

static muster_status keep(muster_kits *kits, const mu_row *row, int column, const char **out) {
    const char *text;
    MU_TRY(mu_column_text(row, column, &text));
    return mu_texts_keep(&kits->texts, text, out);
}

static muster_status read_row(void *user, const mu_row *row) {
    muster_kits *kits = user;
    muster_kit   kit;
    if (kits->count == INT32_MAX) return mu_column_fail(row, 0, "more than %d rows", INT32_MAX);
    MU_TRY(keep(kits, row, 0, &kit.site));
    MU_TRY(keep(kits, row, 1, &kit.kind));
    MU_TRY(mu_column_int(row, 2, 0, MUSTER_MAX_QUANTITY, &kit.quantity));
    MU_TRY(mu_gis_grow(&kits->kit, &kits->capacity, kits->count, sizeof *kits->kit));
    kits->kit[kits->count++] = kit;
    return MUSTER_OK;
}

static muster_status read_table(muster_kits *kits, mu_store *store) {
    static const mu_query QUERY = {"kit",
                                   "SELECT site, kind, quantity FROM kit ORDER BY site COLLATE "
                                   "BINARY, kind COLLATE BINARY",
                                   NULL};
    bool                  there;
    MU_TRY(mu_network_check_tables(store));
    MU_TRY(mu_store_has_table(store, "kit", &there));
    return there ? mu_store_query(store, &QUERY, read_row, kits) : MUSTER_OK;
}

static muster_status read_store(muster_kits *kits, const char *place) {
    mu_store *store;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_table(kits, store);
    mu_store_close(store);
    return status;
}

muster_status muster_kits_load(muster_kits **out, const char *place) {
    muster_kits *kits;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&kits, 1, sizeof *kits));
    const muster_status status = read_store(kits, place);
    if (status != MUSTER_OK) {
        muster_kits_free(kits);
        return status;
    }
    *out = kits;
    return MUSTER_OK;
}

void muster_kits_free(muster_kits *kits) {
    if (!kits) return;
    mu_gis_free(kits->kit);
    mu_texts_fini(&kits->texts);
    mu_gis_free(kits);
}

const muster_kit *muster_kits_list(const muster_kits *kits, uint32_t *out_count) {
    *out_count = kits->count;
    return kits->kit;
}
