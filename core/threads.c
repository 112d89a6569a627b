#include "core/threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

uint32_t mu_thread_count(uint32_t asked, uint32_t jobs) {
#ifdef _OPENMP
    const uint32_t available = asked > 0 ? asked : (uint32_t)omp_get_max_threads();
#else
    const uint32_t available = 1;
    (void)asked;
#endif
    const uint32_t most = jobs > 0 ? jobs : 1;
    return available < most ? available : most;
}

uint32_t mu_thread_number(void) {
#ifdef _OPENMP
    return (uint32_t)omp_get_thread_num();
#else
    return 0;
#endif
}
