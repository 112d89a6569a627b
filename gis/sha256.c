#include "gis/sha256.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>

void mu_sha256_hex(char out[MU_SHA256_HEX_BYTES], const void *bytes, size_t size) {
    struct sha256_ctx context;
    uint8_t           hash[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, size, bytes);
    sha256_digest(&context, sizeof hash, hash);
    for (size_t i = 0; i < sizeof hash; ++i) snprintf(out + 2 * i, 3, "%02x", hash[i]);
}
