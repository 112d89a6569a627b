/* The transposition of a tile. A sweep has a row of lanes a node, and trees are wanted as a row of
 * nodes a lane: entry by entry, that took several times as long as the sweep itself.
 *
 * A vector is put together from quarters of the rows of four nodes that lie four apart (halves, of
 * two nodes, for AVX2); then there are only squares to be turned round, each within a quarter, and
 * what comes out is in order of node. Durations and lengths are the same as portable code finds, to
 * the bit: a length is divided by 100, not multiplied by its inverse.
 *
 * The processor is asked at run time (isa.h). */
#include "core/tile.h"

#include <math.h>

#include "core/weights.h"

/* ---- portable -------------------------------------------------------------------------- */

static void turn_durations(const uint32_t *const *row, uint32_t lane_count, mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; ++lane) {
        uint32_t *to = &out.duration_ms[lane * out.stride];
        for (int i = 0; i < MU_TILE_NODES; ++i) to[i] = row[i][lane];
    }
}

static void turn_costs(const mu_cost *const *row, uint32_t lane_count, mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; ++lane) {
        uint32_t *ms = &out.duration_ms[lane * out.stride];
        double   *m  = &out.distance_m[lane * out.stride];
        for (int i = 0; i < MU_TILE_NODES; ++i) {
            const mu_cost cost    = row[i][lane];
            const bool    is_path = cost < MU_INFINITE_WEIGHT;
            ms[i]                 = mu_cost_ms(cost); /* infinite: just unreachable */
            m[i]                  = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
        }
    }
}

/* ---- x86 ------------------------------------------------------------------------------- */

#if MU_HAS_X86_VECTORS
#include <immintrin.h>

#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f")))

/* Sixteen bytes of two rows. */
AVX2 static inline __m256i halves(const void *low, const void *high) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)),
                                   _mm_loadu_si128(high), 1);
}

/* Eight nodes, four lanes. */
AVX2 static void turn_durations_8x4(const uint32_t *const *row, uint32_t lane, uint32_t *to,
                                    size_t stride) {
    __m256i v[4];
    for (int i = 0; i < 4; ++i) v[i] = halves(&row[i][lane], &row[i + 4][lane]);
    const __m256i low01  = _mm256_unpacklo_epi32(v[0], v[1]);
    const __m256i high01 = _mm256_unpackhi_epi32(v[0], v[1]);
    const __m256i low23  = _mm256_unpacklo_epi32(v[2], v[3]);
    const __m256i high23 = _mm256_unpackhi_epi32(v[2], v[3]);
    _mm256_storeu_si256((__m256i *)to, _mm256_unpacklo_epi64(low01, low23));
    _mm256_storeu_si256((__m256i *)(to + stride), _mm256_unpackhi_epi64(low01, low23));
    _mm256_storeu_si256((__m256i *)(to + 2 * stride), _mm256_unpacklo_epi64(high01, high23));
    _mm256_storeu_si256((__m256i *)(to + 3 * stride), _mm256_unpackhi_epi64(high01, high23));
}

AVX2 static void turn_durations_avx2(const uint32_t *const *row, uint32_t lane_count,
                                     mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; lane += 4) {
        uint32_t *to = &out.duration_ms[lane * out.stride];
        for (int i = 0; i < MU_TILE_NODES; i += 8) {
            turn_durations_8x4(row + i, lane, to + i, out.stride);
        }
    }
}

/* A 32-bit number below the mantissa of 2^52 is added to it. */
AVX2 static inline void put_costs_avx2(__m256i cost, uint32_t *ms, double *m) {
    const __m256i two52    = _mm256_set1_epi64x(0x4330000000000000);
    const __m256i low_half = _mm256_set1_epi64x(UINT32_MAX);
    const __m256i infinite = _mm256_set1_epi64x((long long)MU_INFINITE_WEIGHT);
    const __m256i evens    = _mm256_setr_epi32(1, 3, 5, 7, 0, 0, 0, 0);
    const __m256d cm =
        _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(_mm256_and_si256(cost, low_half), two52)),
                      _mm256_castsi256_pd(two52));
    const __m256d length  = _mm256_div_pd(cm, _mm256_set1_pd(100.0));
    const __m256d is_path = _mm256_castsi256_pd(_mm256_cmpgt_epi64(infinite, cost));
    _mm_storeu_si128((__m128i *)ms,
                     _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(cost, evens)));
    _mm256_storeu_pd(m, _mm256_blendv_pd(_mm256_set1_pd((double)NAN), length, is_path));
}

AVX2 static void turn_costs_avx2(const mu_cost *const *row, uint32_t lane_count, mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; lane += 2) {
        uint32_t *ms = &out.duration_ms[lane * out.stride];
        double   *m  = &out.distance_m[lane * out.stride];
        for (int i = 0; i < MU_TILE_NODES; i += 4) {
            const __m256i even = halves(&row[i][lane], &row[i + 2][lane]);
            const __m256i odd  = halves(&row[i + 1][lane], &row[i + 3][lane]);
            put_costs_avx2(_mm256_unpacklo_epi64(even, odd), ms + i, m + i);
            put_costs_avx2(_mm256_unpackhi_epi64(even, odd), ms + out.stride + i,
                           m + out.stride + i);
        }
    }
}

/* Sixteen bytes of four rows. */
AVX512 static inline __m512i quarters(const void *first, const void *second, const void *third,
                                      const void *fourth) {
    const __m512i a = _mm512_broadcast_i32x4(_mm_loadu_si128(first));
    const __m512i b = _mm512_mask_broadcast_i32x4(a, 0x00F0, _mm_loadu_si128(second));
    const __m512i c = _mm512_mask_broadcast_i32x4(b, 0x0F00, _mm_loadu_si128(third));
    return _mm512_mask_broadcast_i32x4(c, 0xF000, _mm_loadu_si128(fourth));
}

AVX512 static void turn_durations_avx512(const uint32_t *const *row, uint32_t lane_count,
                                         mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; lane += 4) {
        uint32_t *to = &out.duration_ms[lane * out.stride];
        __m512i   v[4];
        for (int i = 0; i < 4; ++i) {
            v[i] =
                quarters(&row[i][lane], &row[i + 4][lane], &row[i + 8][lane], &row[i + 12][lane]);
        }
        const __m512i low01  = _mm512_unpacklo_epi32(v[0], v[1]);
        const __m512i high01 = _mm512_unpackhi_epi32(v[0], v[1]);
        const __m512i low23  = _mm512_unpacklo_epi32(v[2], v[3]);
        const __m512i high23 = _mm512_unpackhi_epi32(v[2], v[3]);
        _mm512_storeu_si512(to, _mm512_unpacklo_epi64(low01, low23));
        _mm512_storeu_si512(to + out.stride, _mm512_unpackhi_epi64(low01, low23));
        _mm512_storeu_si512(to + 2 * out.stride, _mm512_unpacklo_epi64(high01, high23));
        _mm512_storeu_si512(to + 3 * out.stride, _mm512_unpackhi_epi64(high01, high23));
    }
}

AVX512 static inline void put_costs_avx512(__m512i cost, uint32_t *ms, double *m) {
    const __m512i  infinite = _mm512_set1_epi64((long long)MU_INFINITE_WEIGHT);
    const __mmask8 is_path  = _mm512_cmplt_epu64_mask(cost, infinite);
    const __m512d  cm       = _mm512_cvtepu32_pd(_mm512_cvtepi64_epi32(cost));
    const __m512d  no_way   = _mm512_set1_pd((double)NAN);
    const __m512d  length   = _mm512_mask_div_pd(no_way, is_path, cm, _mm512_set1_pd(100.0));
    _mm256_storeu_si256((__m256i *)ms, _mm512_cvtepi64_epi32(_mm512_srli_epi64(cost, 32)));
    _mm512_storeu_pd(m, length);
}

AVX512 static void turn_costs_avx512(const mu_cost *const *row, uint32_t lane_count,
                                     mu_tile_out out) {
    for (uint32_t lane = 0; lane < lane_count; lane += 2) {
        uint32_t *ms = &out.duration_ms[lane * out.stride];
        double   *m  = &out.distance_m[lane * out.stride];
        for (int i = 0; i < MU_TILE_NODES; i += 8) {
            const __m512i even =
                quarters(&row[i][lane], &row[i + 2][lane], &row[i + 4][lane], &row[i + 6][lane]);
            const __m512i odd = quarters(&row[i + 1][lane], &row[i + 3][lane], &row[i + 5][lane],
                                         &row[i + 7][lane]);
            put_costs_avx512(_mm512_unpacklo_epi64(even, odd), ms + i, m + i);
            put_costs_avx512(_mm512_unpackhi_epi64(even, odd), ms + out.stride + i,
                             m + out.stride + i);
        }
    }
}

static const mu_tile TILE[MU_ISA_COUNT] = {{turn_durations, turn_costs},
                                           {turn_durations_avx2, turn_costs_avx2},
                                           {turn_durations_avx512, turn_costs_avx512}};

mu_tile mu_tile_for(mu_isa isa) {
    return TILE[isa];
}

#else

mu_tile mu_tile_for(mu_isa isa) {
    (void)isa;
    return (mu_tile){turn_durations, turn_costs};
}

#endif
