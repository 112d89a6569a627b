/* One pass over the nodes from the top: a node's row is the minimum, lane by lane, over its arcs of
 * the upper end's row plus what the arc costs. It is most of the time that a table takes, so it is
 * written for each instruction set by hand. What gcc 12 made of the loops in plain C depends on
 * their length: eight lanes of 64 bits went through memory at every arc, and 32 lanes of 32 bits
 * took fifteen times as long as these.
 *
 * Where no length is asked for, milliseconds alone go down: the least of pairs (ms, cm) has the
 * least ms, so the durations are the same, from half the memory and with a minimum that AVX2 has.
 * Of 64-bit numbers it only has a signed comparison: costs have their topmost bit turned over while
 * they are compared, which a sum does by itself when one of its parts has it turned over.
 *
 * A row is one cache line, or two where there are sources enough: an arc is loaded once for all
 * lanes. By measurement on New York, a lane and an arc: 1 line of durations 0.045 ns, 2 lines
 * 0.031; of costs 0.14 and 0.10 (AVX2), 0.11 and 0.07 (AVX-512).
 *
 * The processor is asked at run time (isa.h). */
#include "core/descent.h"

#include <string.h>

#include "core/weights.h"

/* ---- portable -------------------------------------------------------------------------- */

enum { LINE_MS = 16, LINE_COSTS = 8 };

static void descend_ms(const mu_down_arcs *arcs, uint8_t *is_seeded, void *rows) {
    uint32_t *restrict row = rows;
    for (uint32_t p = arcs->node_count; p-- > 0;) {
        uint32_t  best[LINE_MS];
        uint32_t *to = &row[(size_t)p * LINE_MS];
        for (int lane = 0; lane < LINE_MS; ++lane) best[lane] = MUSTER_UNREACHABLE_MS;
        if (is_seeded[p]) memcpy(best, to, sizeof best);
        is_seeded[p] = 0;
        for (uint32_t a = arcs->first[p]; a < arcs->first[p + 1]; ++a) {
            const uint32_t *from = &row[(size_t)arcs->from[a] * LINE_MS], step = arcs->ms[a];
            for (int lane = 0; lane < LINE_MS; ++lane) {
                const uint32_t through = from[lane] + step;
                best[lane]             = through < best[lane] ? through : best[lane];
            }
        }
        memcpy(to, best, sizeof best);
    }
}

static void descend_costs(const mu_down_arcs *arcs, uint8_t *is_seeded, void *rows) {
    mu_cost *restrict row = rows;
    for (uint32_t p = arcs->node_count; p-- > 0;) {
        mu_cost  best[LINE_COSTS];
        mu_cost *to = &row[(size_t)p * LINE_COSTS];
        for (int lane = 0; lane < LINE_COSTS; ++lane) best[lane] = MU_INFINITE_WEIGHT;
        if (is_seeded[p]) memcpy(best, to, sizeof best);
        is_seeded[p] = 0;
        for (uint32_t a = arcs->first[p]; a < arcs->first[p + 1]; ++a) {
            const mu_cost *from = &row[(size_t)arcs->from[a] * LINE_COSTS];
            const mu_cost  step = mu_cost_of(arcs->ms[a], arcs->cm[a]);
            for (int lane = 0; lane < LINE_COSTS; ++lane) {
                const mu_cost through = from[lane] + step;
                best[lane]            = through < best[lane] ? through : best[lane];
            }
        }
        memcpy(to, best, sizeof best);
    }
}

/* ---- x86 ------------------------------------------------------------------------------- */

#if MU_HAS_X86_VECTORS
#include <immintrin.h>

/* The pass for rows of COUNT vectors. STEP names their type and how one is filled, added to and
 * compared. Loops of constant length are unrolled, so that best[] stays in registers. */
#define DEFINE_DESCENT(NAME, ISA, COUNT, STEP)                                                     \
    __attribute__((target(ISA))) static void NAME(const mu_down_arcs *arcs, uint8_t *is_seeded,    \
                                                  void *rows) {                                    \
        STEP##_VECTOR *row = rows;                                                                 \
        for (uint32_t p = arcs->node_count; p-- > 0;) {                                            \
            STEP##_VECTOR  best[COUNT];                                                            \
            STEP##_VECTOR *to = &row[(size_t)p * (COUNT)];                                         \
            for (int i = 0; i < (COUNT); ++i)                                                      \
                best[i] = is_seeded[p] ? STEP##_TURN(to[i]) : STEP##_TURN(STEP##_INFINITE);        \
            is_seeded[p] = 0;                                                                      \
            for (uint32_t a = arcs->first[p]; a < arcs->first[p + 1]; ++a) {                       \
                const STEP##_VECTOR *from = &row[(size_t)arcs->from[a] * (COUNT)];                 \
                const STEP##_VECTOR  step = STEP##_OF(arcs, a);                                    \
                for (int i = 0; i < (COUNT); ++i)                                                  \
                    best[i] = STEP##_LESSER(best[i], STEP##_ADD(from[i], step));                   \
            }                                                                                      \
            for (int i = 0; i < (COUNT); ++i) to[i] = STEP##_TURN(best[i]);                        \
        }                                                                                          \
    }

typedef __m256i MS256_VECTOR, COST256_VECTOR;
typedef __m512i MS512_VECTOR, COST512_VECTOR;

#define ARC_COST(arcs, a) (long long)mu_cost_of((arcs)->ms[a], (arcs)->cm[a])
#define TOP_BIT           INT64_MIN

#define MS256_INFINITE     _mm256_set1_epi32((int)MUSTER_UNREACHABLE_MS)
#define MS256_OF(arcs, a)  _mm256_set1_epi32((int)(arcs)->ms[a])
#define MS256_ADD          _mm256_add_epi32
#define MS256_LESSER       _mm256_min_epu32
#define MS256_TURN(vector) (vector)

#define COST256_INFINITE     _mm256_set1_epi64x((long long)MU_INFINITE_WEIGHT)
#define COST256_OF(arcs, a)  _mm256_set1_epi64x(ARC_COST(arcs, a) ^ TOP_BIT)
#define COST256_ADD          _mm256_add_epi64
#define COST256_LESSER(x, y) _mm256_blendv_epi8(x, y, _mm256_cmpgt_epi64(x, y))
#define COST256_TURN(vector) _mm256_xor_si256(vector, _mm256_set1_epi64x(TOP_BIT))

#define MS512_INFINITE     _mm512_set1_epi32((int)MUSTER_UNREACHABLE_MS)
#define MS512_OF(arcs, a)  _mm512_set1_epi32((int)(arcs)->ms[a])
#define MS512_ADD          _mm512_add_epi32
#define MS512_LESSER       _mm512_min_epu32
#define MS512_TURN(vector) (vector)

#define COST512_INFINITE     _mm512_set1_epi64((long long)MU_INFINITE_WEIGHT)
#define COST512_OF(arcs, a)  _mm512_set1_epi64(ARC_COST(arcs, a))
#define COST512_ADD          _mm512_add_epi64
#define COST512_LESSER       _mm512_min_epu64
#define COST512_TURN(vector) (vector)

DEFINE_DESCENT(descend_ms_avx2, "avx2", 2, MS256)
DEFINE_DESCENT(descend_ms_avx2_wide, "avx2", 4, MS256)
DEFINE_DESCENT(descend_costs_avx2, "avx2", 2, COST256)
DEFINE_DESCENT(descend_costs_avx2_wide, "avx2", 4, COST256)
DEFINE_DESCENT(descend_ms_avx512, "avx512f", 1, MS512)
DEFINE_DESCENT(descend_ms_avx512_wide, "avx512f", 2, MS512)
DEFINE_DESCENT(descend_costs_avx512, "avx512f", 1, COST512)
DEFINE_DESCENT(descend_costs_avx512_wide, "avx512f", 2, COST512)

typedef struct kernel {
    void (*ms)(const mu_down_arcs *, uint8_t *, void *);
    void (*costs)(const mu_down_arcs *, uint8_t *, void *);
} kernel;

/* By instruction set, for rows of one line and of two. */
static const kernel KERNEL[MU_ISA_COUNT][2] = {
    {{descend_ms, descend_costs}, {NULL, NULL}},
    {{descend_ms_avx2, descend_costs_avx2}, {descend_ms_avx2_wide, descend_costs_avx2_wide}},
    {{descend_ms_avx512, descend_costs_avx512},
     {descend_ms_avx512_wide, descend_costs_avx512_wide}}};

mu_descent mu_descent_for(mu_isa isa, uint32_t source_count, bool has_lengths) {
    const uint32_t line    = has_lengths ? LINE_COSTS : LINE_MS;
    const bool     is_wide = source_count > line && isa != MU_ISA_PORTABLE;
    const kernel  *k       = &KERNEL[isa][is_wide];
    return (mu_descent){has_lengths, is_wide ? 2 * line : line, has_lengths ? k->costs : k->ms};
}

#else

mu_descent mu_descent_for(mu_isa isa, uint32_t source_count, bool has_lengths) {
    (void)isa;
    (void)source_count;
    return (mu_descent){has_lengths, has_lengths ? LINE_COSTS : LINE_MS,
                        has_lengths ? descend_costs : descend_ms};
}

#endif
