#include "session/hash.h"

#include <nettle/sha2.h>

void mu_hash_two(uint8_t hash[MU_HASH_BYTES], const void *one, size_t one_size, const void *two,
                 size_t two_size) {
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, one_size, one);
    if (two_size > 0) sha256_update(&context, two_size, two);
    sha256_digest(&context, MU_HASH_BYTES, hash);
}
