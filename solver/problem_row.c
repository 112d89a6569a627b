#include "solver/problem_row.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

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

static const char *find_twin(const char **codes, uint32_t count) {
    qsort(codes, count, sizeof *codes, by_code);
    for (uint32_t i = 1; i < count; ++i) {
        if (strcmp(codes[i - 1], codes[i]) == 0) return codes[i];
    }
    return NULL;
}

muster_status mu_check_unique(const char *nouns, uint32_t count, const void *first, size_t stride) {
    const char **codes;
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&codes, count, sizeof *codes));
    for (uint32_t i = 0; i < count; ++i) {
        memcpy(&codes[i], (const char *)first + i * stride, sizeof *codes);
    }
    const char *twin = find_twin(codes, count);
    mu_free(codes);
    if (!twin) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "two %s have the code \"%s\"; expected unique codes",
                       nouns, twin);
}
