/* An array that is ordered by claim: claims get higher numbers as time goes on, so most are put at the
 * end, and some thousands are held at a time. */
#include "gis/held.h"

#include <string.h>

#include "gis/packed_text.h"

/* The first with this claim or a later one. */
static size_t position_of(const mu_held_list *list, int64_t claim) {
    size_t low = 0, high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->held[middle].claim < claim) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static muster_status copy(muster_held *out, char **out_texts, const muster_held *h) {
    const size_t size = mu_packed_bytes(h->code) + mu_packed_bytes(h->kind) +
                        mu_packed_bytes(h->dispatcher) + mu_packed_bytes(h->scenario) +
                        mu_packed_bytes(h->incident) + mu_packed_bytes(h->need);
    MU_TRY(mu_gis_alloc(out_texts, size, 1));
    char *at        = *out_texts;
    *out            = *h;
    out->code       = mu_packed_put(&at, h->code);
    out->kind       = mu_packed_put(&at, h->kind);
    out->dispatcher = mu_packed_put(&at, h->dispatcher);
    out->scenario   = mu_packed_put(&at, h->scenario);
    out->incident   = mu_packed_put(&at, h->incident);
    out->need       = mu_packed_put(&at, h->need);
    return MUSTER_OK;
}

muster_status mu_held_put(mu_held_list *list, const muster_held *held) {
    const size_t at = position_of(list, held->claim);
    muster_held  mine;
    char        *texts;
    MU_TRY(mu_gis_grow(&list->held, &list->capacity, list->count, sizeof *list->held));
    MU_TRY(mu_gis_grow(&list->texts, &list->texts_capacity, list->count, sizeof *list->texts));
    MU_TRY(copy(&mine, &texts, held));
    if (at < list->count && list->held[at].claim == held->claim) {
        mu_gis_free(list->texts[at]);
    } else {
        const size_t after = list->count - at;
        memmove(list->held + at + 1, list->held + at, after * sizeof *list->held);
        memmove(list->texts + at + 1, list->texts + at, after * sizeof *list->texts);
        ++list->count;
    }
    list->held[at]  = mine;
    list->texts[at] = texts;
    return MUSTER_OK;
}

void mu_held_remove(mu_held_list *list, int64_t claim) {
    const size_t at = position_of(list, claim);
    if (at == list->count || list->held[at].claim != claim) return;
    const size_t after = --list->count - at;
    mu_gis_free(list->texts[at]);
    memmove(list->held + at, list->held + at + 1, after * sizeof *list->held);
    memmove(list->texts + at, list->texts + at + 1, after * sizeof *list->texts);
}

void mu_held_clear(mu_held_list *list) {
    for (size_t i = 0; i < list->count; ++i) mu_gis_free(list->texts[i]);
    list->count = 0;
}

void mu_held_fini(mu_held_list *list) {
    mu_held_clear(list);
    mu_gis_free(list->held);
    mu_gis_free(list->texts);
    memset(list, 0, sizeof *list);
}
