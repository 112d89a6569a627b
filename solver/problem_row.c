#include "solver/problem_row.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/stir.h"

muster_status mu_check_code(mu_row r) {
    if (r.code && r.code[0] != '\0') return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s %u has no code", r.noun, r.index);
}

muster_status mu_check_site(mu_row r, muster_site site) {
    if (site.lon_deg >= -180 && site.lon_deg <= 180 && site.lat_deg >= -90 && site.lat_deg <= 90) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       MU_ROW_FORMAT " is at longitude %g, latitude %g; expected -180 to 180 and "
                                     "-90 to 90 degrees, longitude first",
                       MU_ROW_ARGS(r), site.lon_deg, site.lat_deg);
}

muster_status mu_check_quantity(mu_row r, const char *field, int64_t quantity, int64_t least,
                                int64_t most) {
    if (quantity >= least && quantity <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, MU_ROW_FORMAT " has %s %lld; expected %lld to %lld",
                       MU_ROW_ARGS(r), field, (long long)quantity, (long long)least,
                       (long long)most);
}

muster_status mu_check_kind(const muster_problem *p, mu_row r, uint32_t kind,
                            muster_resource resource) {
    if (kind >= p->kind_count) {
        return muster_fail(MUSTER_E_INVALID,
                           MU_ROW_FORMAT " is of kind %u, but the problem has %u kinds",
                           MU_ROW_ARGS(r), kind, p->kind_count);
    }
    if (p->kind[kind].resource == resource) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       MU_ROW_FORMAT " is of kind \"%s\", a kind of %s; expected a kind of %s",
                       MU_ROW_ARGS(r), p->kind[kind].code,
                       muster_resource_name((muster_resource)p->kind[kind].resource),
                       muster_resource_name(resource));
}

muster_status mu_check_index(mu_row r, const char *field, uint32_t index, uint32_t count) {
    if (index < count) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       MU_ROW_FORMAT " has %s %u, but there are %u; expected less than that",
                       MU_ROW_ARGS(r), field, index, count);
}

muster_status mu_check_array(const char *nouns, uint32_t count, const void *array) {
    if (count == 0 || array) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "the problem has %u %s but no array of them", count,
                       nouns);
}

static int by_code(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In a scenario they mostly do. */
static bool do_ascend(const char *const *codes, uint32_t count) {
    uint32_t i = 1;
    while (i < count && strcmp(codes[i - 1], codes[i]) < 0) ++i;
    return i >= count;
}

/* Has any of them been met before? They are entered into a hash table, at most half full. */
static muster_status look_for_twins(const char *const *codes, uint32_t count, bool *out) {
    size_t    slots = 16;
    uint32_t *slot;
    *out = false;
    if (do_ascend(codes, count)) return MUSTER_OK;
    while (slots < 2 * (size_t)count) slots *= 2;
    MU_TRY(mu_alloc(&slot, slots, sizeof *slot));
    for (size_t s = 0; s < slots; ++s) slot[s] = MUSTER_NONE;
    for (uint32_t i = 0; i < count && !*out; ++i) {
        size_t at = mu_stir_text(0, codes[i]) & (slots - 1);
        while (slot[at] != MUSTER_NONE && strcmp(codes[slot[at]], codes[i]) != 0) {
            at = (at + 1) & (slots - 1);
        }
        *out     = slot[at] != MUSTER_NONE;
        slot[at] = i;
    }
    mu_free(slot);
    return MUSTER_OK;
}

/* The first, in the order of codes. */
static const char *name_twin(const char **codes, uint32_t count) {
    qsort(codes, count, sizeof *codes, by_code);
    for (uint32_t i = 1; i < count; ++i) {
        if (strcmp(codes[i - 1], codes[i]) == 0) return codes[i];
    }
    return NULL;
}

muster_status mu_check_unique(const char *nouns, uint32_t count, const void *first, size_t stride) {
    const char **codes;
    const char  *twin = NULL;
    bool         has_twins;
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&codes, count, sizeof *codes));
    for (uint32_t i = 0; i < count; ++i) {
        memcpy(&codes[i], (const char *)first + i * stride, sizeof *codes);
    }
    const muster_status status = look_for_twins(codes, count, &has_twins);
    if (status == MUSTER_OK && has_twins) twin = name_twin(codes, count);
    mu_free(codes);
    if (!twin) return status;
    return muster_fail(MUSTER_E_INVALID, "two %s have the code \"%s\"; expected unique codes",
                       nouns, twin);
}
