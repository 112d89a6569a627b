/* Customization as in weights.c, of four metrics side by side.
 *
 * Where an up-arc's triangles lie is the same for all metrics, and looking for them is most of the
 * time: so the weights of four metrics, up and down, share a cache line, which one or two vector
 * operations lower at a time. The lines are split into the metrics' own arrays at the end, because
 * searches want each by itself. Three whole metrics take three fifths of the time that they take one
 * by one on the home scenario, and four fifths on New York (bench_customize); two would take about
 * as long, so they are done one by one, and so is everything where the processor has no vectors. */
#include "core/weights_many.h"

#include "core/alloc.h"
#include "core/isa.h"
#include "core/subtrees.h"
#include "core/threads.h"

enum { TOGETHER = 4, FEWEST_TOGETHER = 3 };

/* What an up-arc costs by metric. */
typedef struct line {
    mu_cost up[TOGETHER], down[TOGETHER];
} line;

typedef struct pass {
    const mu_hierarchy    *h;
    uint32_t               count;       /* of metrics, at most TOGETHER; the rest are infinite */
    const uint32_t *const *duration_ms; /* [count] */
    mu_weights            *weights;     /* [count] */
    line                  *line;        /* by up-arc */
    uint32_t              *arc_to;      /* [threads][node_count] */
    mu_isa                 isa;
} pass;

/* ---- arcs of the graph --------------------------------------------------------------------- */

/* See weights.c for all of this. */
enum { ARCS_AHEAD = 32 };

static void lower_to_arc(const pass *p, mu_cost weight[TOGETHER], uint32_t arc) {
    const uint32_t cm = mu_graph_length_cm(p->h->graph, arc);
    for (uint32_t k = 0; k < p->count; ++k) {
        const mu_cost cost = mu_cost_of(p->duration_ms[k][arc], cm);
        weight[k]          = cost < weight[k] ? cost : weight[k];
    }
}

static void lower_to_arcs(const pass *p, uint32_t first, uint32_t end) {
    const mu_hierarchy *h = p->h;
    const mu_graph     *g = h->graph;
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        const uint32_t ahead = a + ARCS_AHEAD < g->arc_count ? a + ARCS_AHEAD : a;
        const uint32_t u = h->up_of_arc[a], next = h->up_of_arc[ahead];
        if (next >= first && next < end) {
            __builtin_prefetch(&h->rank[mu_graph_tail(g, ahead)]);
            __builtin_prefetch(&h->rank[mu_graph_head(g, ahead)]);
            __builtin_prefetch(&p->line[next], 1);
        }
        if (u < first || u >= end) continue;
        lower_to_arc(p, mu_hierarchy_is_ascent(h, a) ? p->line[u].up : p->line[u].down, a);
    }
}

static void lower_to_edges(const pass *p, uint32_t first, uint32_t end) {
    const mu_hierarchy *h     = p->h;
    const mu_graph     *g     = h->graph;
    const uint32_t      edges = g->arc_count / 2;
    for (uint32_t e = 0; e < edges; ++e) {
        const uint32_t ahead = e + ARCS_AHEAD / 2 < edges ? e + ARCS_AHEAD / 2 : e;
        const uint32_t u = mu_hierarchy_up_of_edge(h, e), next = mu_hierarchy_up_of_edge(h, ahead);
        if (next >= first && next < end) {
            __builtin_prefetch(&h->rank[g->edge_end[0][ahead]]);
            __builtin_prefetch(&h->rank[g->edge_end[1][ahead]]);
            __builtin_prefetch(&p->line[next], 1);
        }
        if (u < first || u >= end) continue;
        const bool is_up = mu_hierarchy_is_ascent(h, 2 * e);
        lower_to_arc(p, is_up ? p->line[u].up : p->line[u].down, 2 * e);
        lower_to_arc(p, is_up ? p->line[u].down : p->line[u].up, 2 * e + 1);
    }
}

static void reset(const pass *p, uint32_t first, uint32_t end) {
    for (uint32_t u = first; u < end; ++u) {
        for (int k = 0; k < TOGETHER; ++k) {
            p->line[u].up[k] = p->line[u].down[k] = MU_INFINITE_WEIGHT;
        }
    }
    if (mu_graph_has_turns(p->h->graph)) {
        lower_to_arcs(p, first, end);
    } else {
        lower_to_edges(p, first, end);
    }
}

/* ---- triangles ----------------------------------------------------------------------------- */

#if MU_HAS_X86_VECTORS
#include <immintrin.h>

/* All ways x - v - y over one v below, as in weights.c; `vx` is the up-arc v - x. */
__attribute__((target("avx512f"))) static void relax_avx512(const pass *p, const uint32_t *arc_to,
                                                            uint32_t vx) {
    const mu_hierarchy *h       = p->h;
    const uint32_t      end     = h->first_up[h->up_tail[vx] + 1];
    const __m512i       via     = _mm512_load_si512(&p->line[vx]);
    const __m512i       swapped = _mm512_shuffle_i64x2(via, via, 0x4E); /* down, up */
    for (uint32_t vy = vx + 1; vy < end; ++vy) {
        line         *to      = &p->line[arc_to[h->up_head[vy]]];
        const __m512i through = _mm512_add_epi64(swapped, _mm512_load_si512(&p->line[vy]));
        _mm512_store_si512(to, _mm512_min_epu64(_mm512_load_si512(to), through));
    }
}

/* AVX2 compares signed numbers only. */
__attribute__((target("avx2"))) static inline void lower_avx2(mu_cost *to, __m256i through) {
    const __m256i top = _mm256_set1_epi64x(INT64_MIN);
    const __m256i old = _mm256_load_si256((const __m256i *)to);
    const __m256i is_more =
        _mm256_cmpgt_epi64(_mm256_xor_si256(old, top), _mm256_xor_si256(through, top));
    _mm256_store_si256((__m256i *)to, _mm256_blendv_epi8(old, through, is_more));
}

__attribute__((target("avx2"))) static void relax_avx2(const pass *p, const uint32_t *arc_to,
                                                       uint32_t vx) {
    const mu_hierarchy *h      = p->h;
    const uint32_t      end    = h->first_up[h->up_tail[vx] + 1];
    const __m256i       to_v   = _mm256_load_si256((const __m256i *)p->line[vx].down);
    const __m256i       from_v = _mm256_load_si256((const __m256i *)p->line[vx].up);
    for (uint32_t vy = vx + 1; vy < end; ++vy) {
        const __m256i *by = (const __m256i *)&p->line[vy];
        line          *to = &p->line[arc_to[h->up_head[vy]]];
        lower_avx2(to->up, _mm256_add_epi64(to_v, _mm256_load_si256(by)));
        lower_avx2(to->down, _mm256_add_epi64(from_v, _mm256_load_si256(by + 1)));
    }
}

static void relax_triangles(const pass *p, const uint32_t *arc_to, uint32_t vx) {
    if (p->isa == MU_ISA_AVX512) {
        relax_avx512(p, arc_to, vx);
    } else {
        relax_avx2(p, arc_to, vx);
    }
}

#else

static void relax_triangles(const pass *p, const uint32_t *arc_to, uint32_t vx) {
    (void)p; /* never called: see can_be_together() */
    (void)arc_to;
    (void)vx;
}

#endif

static void customize_ranks(void *user, uint32_t first, uint32_t last) {
    const pass         *p      = user;
    const mu_hierarchy *h      = p->h;
    uint32_t           *arc_to = p->arc_to + (size_t)mu_thread_number() * h->node_count;
    for (uint32_t x = first; x <= last; ++x) {
        for (uint32_t u = h->first_up[x]; u < h->first_up[x + 1]; ++u) arc_to[h->up_head[u]] = u;
        for (uint32_t i = h->first_down[x]; i < h->first_down[x + 1]; ++i) {
            relax_triangles(p, arc_to, h->down_arc[i]);
        }
    }
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void split(const pass *p, uint32_t first, uint32_t end) {
    for (uint32_t u = first; u < end; ++u) {
        for (uint32_t k = 0; k < p->count; ++k) {
            p->weights[k].up[u]   = p->line[u].up[k];
            p->weights[k].down[u] = p->line[u].down[k];
        }
    }
}

/* Each thread some of the up-arcs. */
static void for_parts(const pass *p, uint32_t threads,
                      void (*work)(const pass *, uint32_t, uint32_t)) {
    const uint64_t count = p->h->up_count;
#pragma omp parallel for num_threads(threads)
    for (uint32_t t = 0; t < threads; ++t) {
        work(p, (uint32_t)(count * t / threads), (uint32_t)(count * (t + 1) / threads));
    }
}

static muster_status allocate(pass *p, uint32_t threads, void **memory) {
    for (uint32_t k = 0; k < p->count; ++k) {
        MU_TRY(mu_alloc_huge(&p->weights[k].up, p->h->up_count, sizeof(mu_cost)));
        MU_TRY(mu_alloc_huge(&p->weights[k].down, p->h->up_count, sizeof(mu_cost)));
    }
    MU_TRY(mu_alloc(&p->arc_to, (size_t)threads * p->h->node_count, sizeof *p->arc_to));
    MU_TRY(mu_alloc_huge(memory, (size_t)p->h->up_count + 1, sizeof *p->line));
    p->line = mu_align_to_line(*memory);
    return MUSTER_OK;
}

static muster_status customize_together(mu_weights *weights, uint32_t count, const mu_hierarchy *h,
                                        const uint32_t *const *duration_ms, uint32_t threads) {
    pass                p      = {.h           = h,
                                  .count       = count,
                                  .duration_ms = duration_ms,
                                  .weights     = weights,
                                  .isa         = mu_isa_best()};
    void               *memory = NULL;
    const muster_status status = allocate(&p, threads, &memory);
    if (status == MUSTER_OK) {
        for_parts(&p, threads, reset);
        mu_subtrees_ascend(h, threads, customize_ranks, &p);
        for_parts(&p, threads, split);
    }
    mu_free(p.arc_to);
    mu_free(memory);
    return status;
}

static bool can_be_together(uint32_t count) {
    return count >= FEWEST_TOGETHER && mu_isa_best() != MU_ISA_PORTABLE;
}

muster_status mu_weights_init_many(mu_weights *weights, uint32_t count, const mu_hierarchy *h,
                                   const uint32_t *const *duration_ms, uint32_t thread_count) {
    const uint32_t threads = mu_subtrees_threads(h, thread_count);
    muster_status  status  = MUSTER_OK;
    for (uint32_t k = 0; k < count; ++k) weights[k] = (mu_weights){.hierarchy = h};
    for (uint32_t k = 0; k < count && status == MUSTER_OK;) {
        const uint32_t left = count - k, some = left < TOGETHER ? left : TOGETHER;
        const bool     together = can_be_together(some);
        status = together ? customize_together(&weights[k], some, h, &duration_ms[k], threads)
                          : mu_weights_init(&weights[k], h, duration_ms[k], threads);
        k += together ? some : 1;
    }
    for (uint32_t k = 0; k < count && status != MUSTER_OK; ++k) mu_weights_fini(&weights[k]);
    return status;
}
