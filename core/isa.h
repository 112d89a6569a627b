/* Which vectors the processor has: asked at run time, so that one package serves all. */
#ifndef MU_CORE_ISA_H
#define MU_CORE_ISA_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define MU_HAS_X86_VECTORS 1
#else
#define MU_HAS_X86_VECTORS 0
#endif

typedef enum mu_isa { MU_ISA_PORTABLE, MU_ISA_AVX2, MU_ISA_AVX512, MU_ISA_COUNT } mu_isa;

static inline mu_isa mu_isa_best(void) {
#if MU_HAS_X86_VECTORS
    if (__builtin_cpu_supports("avx512f")) return MU_ISA_AVX512;
    if (__builtin_cpu_supports("avx2")) return MU_ISA_AVX2;
#endif
    return MU_ISA_PORTABLE;
}

/* Bytes of a cache line, and of the largest vector. */
enum { MU_LINE_BYTES = 64 };

/* The first line that starts in `memory`, which has one to spare. */
static inline void *mu_align_to_line(void *memory) {
    const size_t past = (uintptr_t)memory % MU_LINE_BYTES;
    return (char *)memory + (past > 0 ? MU_LINE_BYTES - past : 0);
}

#endif
