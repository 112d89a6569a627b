/* Numbers of 1 to 8 bytes in network byte order, as PostgreSQL and SQLite's R-tree have them. */
#ifndef MU_GIS_BIG_ENDIAN_H
#define MU_GIS_BIG_ENDIAN_H

#include <stdint.h>

static inline uint64_t mu_read_big_endian(const unsigned char *bytes, uint32_t count) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
    return value;
}

/* Returns what is behind it. */
static inline unsigned char *mu_write_big_endian(unsigned char *at, uint64_t value,
                                                 uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) at[i] = (unsigned char)(value >> 8 * (count - 1 - i));
    return at + count;
}

#endif
