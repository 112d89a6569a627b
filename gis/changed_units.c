/* An array that is ordered by unit: there is no more in it than units have rows, and most of those are
 * changed again and again. */
#include "gis/changed_units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gis/decimal.h"
#include "gis/packed_text.h"

static const char *const ASPECT[MUSTER_ASPECT_COUNT] = {"position", "status", "crew", "shift",
                                                        "stock"};

const char *muster_aspect_name(muster_aspect aspect) {
    return (unsigned)aspect < MUSTER_ASPECT_COUNT ? ASPECT[aspect] : NULL;
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool read_aspect(const char *text, uint8_t *out) {
    for (*out = 0; *out < MUSTER_ASPECT_COUNT; ++*out) {
        if (strcmp(text, ASPECT[*out]) == 0) return true;
    }
    return false;
}

/* NULL is 0. */
static bool read_int_or_0(const char *text, int64_t *out) {
    *out = 0;
    return !*text || mu_whole_parse(text, out);
}

/* Sixteen digits, the sign first; NULL is 0. */
static bool read_bits(const char *text, double *out) {
    char *end;
    errno               = 0;
    const uint64_t bits = strtoull(text, &end, 16);
    memcpy(out, &bits, sizeof bits);
    return !*text || (strlen(text) == 16 && *end == 0 && errno == 0);
}

static bool read_boolean(const char *text, uint8_t *out) {
    *out = strcmp(text, "true") == 0;
    return *out || strcmp(text, "false") == 0;
}

bool mu_changed_read(const char *const *column, muster_changed_unit *out) {
    const muster_resource resource = muster_resource_from_name(column[0]);
    *out                           = (muster_changed_unit){.resource = (uint8_t)resource,
                                                           .code     = column[1],
                                                           .kind     = *column[2] ? column[2] : NULL,
                                                           .actor    = column[5]};
    return resource < MUSTER_RESOURCE_COUNT && read_aspect(column[3], &out->aspect) &&
           mu_whole_parse(column[4], &out->at_us) && read_boolean(column[6], &out->is_there) &&
           read_bits(column[7], &out->lon_deg) && read_bits(column[8], &out->lat_deg) &&
           read_boolean(column[9], &out->is_available) &&
           mu_whole_parse(column[10], &out->quantity) &&
           read_int_or_0(column[11], &out->ready_ms) &&
           read_int_or_0(column[12], &out->shift_end_ms) &&
           read_int_or_0(column[13], &out->duty_ms);
}

/* ---- the list ------------------------------------------------------------------------------ */

static int compare_texts(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "");
}

static int compare(const muster_changed_unit *a, const muster_changed_unit *b) {
    if (a->resource != b->resource) return a->resource < b->resource ? -1 : 1;
    const int code = strcmp(a->code, b->code), kind = compare_texts(a->kind, b->kind);
    if (code != 0) return code;
    return kind != 0 ? kind : (int)a->aspect - (int)b->aspect;
}

/* The first that is not before it. */
static size_t position_of(const mu_changed_list *list, const muster_changed_unit *unit) {
    size_t low = 0, high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&list->unit[middle], unit) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static muster_status copy(muster_changed_unit *out, char **out_texts,
                          const muster_changed_unit *unit) {
    const size_t size =
        mu_packed_bytes(unit->code) + mu_packed_bytes(unit->kind) + mu_packed_bytes(unit->actor);
    MU_TRY(mu_gis_alloc(out_texts, size, 1));
    char *at   = *out_texts;
    *out       = *unit;
    out->code  = mu_packed_put(&at, unit->code);
    out->kind  = mu_packed_put(&at, unit->kind);
    out->actor = mu_packed_put(&at, unit->actor);
    return MUSTER_OK;
}

muster_status mu_changed_put(mu_changed_list *list, const muster_changed_unit *unit) {
    const size_t        at = position_of(list, unit);
    muster_changed_unit mine;
    char               *texts;
    MU_TRY(mu_gis_grow(&list->unit, &list->capacity, list->count, sizeof *list->unit));
    MU_TRY(mu_gis_grow(&list->texts, &list->texts_capacity, list->count, sizeof *list->texts));
    MU_TRY(copy(&mine, &texts, unit));
    if (at < list->count && compare(&list->unit[at], unit) == 0) {
        mu_gis_free(list->texts[at]);
    } else {
        const size_t after = list->count - at;
        memmove(list->unit + at + 1, list->unit + at, after * sizeof *list->unit);
        memmove(list->texts + at + 1, list->texts + at, after * sizeof *list->texts);
        ++list->count;
    }
    list->unit[at]  = mine;
    list->texts[at] = texts;
    return MUSTER_OK;
}

void mu_changed_fini(mu_changed_list *list) {
    for (size_t i = 0; i < list->count; ++i) mu_gis_free(list->texts[i]);
    mu_gis_free(list->unit);
    mu_gis_free(list->texts);
    memset(list, 0, sizeof *list);
}
