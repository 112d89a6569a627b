/* Numbers of 1 to 8 bytes as journals and snapshots have them. */
#ifndef MU_SESSION_LITTLE_ENDIAN_H
#define MU_SESSION_LITTLE_ENDIAN_H

#include <stdint.h>

static inline uint64_t mu_read_little_endian(const uint8_t *bytes, int count) {
    uint64_t value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

static inline void mu_write_little_endian(uint8_t *bytes, uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes[i] = (uint8_t)(value >> 8 * i);
}

#endif
