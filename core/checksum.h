/* A checksum against damage, not against malice. */
#ifndef MU_CORE_CHECKSUM_H
#define MU_CORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* XXH64 with seed 0, which `xxhsum -H1` prints too. */
uint64_t mu_checksum(const void *bytes, size_t count);

#endif
