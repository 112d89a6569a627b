/* SHA-256, to tell whether what has arrived is what was sent: not for secrets. */
#ifndef MU_GIS_SHA256_H
#define MU_GIS_SHA256_H

#include <stddef.h>

enum { MU_SHA256_HEX_BYTES = 65 };

/* In hexadecimal, lower case, as PostgreSQL's encode(sha256(...), 'hex') has it. */
void mu_sha256_hex(char out[MU_SHA256_HEX_BYTES], const void *bytes, size_t size);

#endif
