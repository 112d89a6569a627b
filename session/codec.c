#include "session/codec.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "session/text.h"

mu_codec mu_codec_reading(const char *bytes, size_t size) {
    return (mu_codec){.bytes = (char *)bytes, .size = size, .reads = true};
}

void mu_codec_fail(mu_codec *c, const char *why) {
    if (c->status != MUSTER_OK) return;
    c->status = muster_fail(MUSTER_E_FORMAT, "the bytes of the world are damaged at byte %zu: %s",
                            c->at, why);
}

muster_status mu_codec_end(mu_codec *c) {
    if (c->reads && c->at < c->size) mu_codec_fail(c, "there are more than belong to it");
    return c->status;
}

/* ---- bytes --------------------------------------------------------------------------------- */

/* Blocks of the same few sizes each time, asked for anew: so the next snapshot has those that the last one
 * has given back (core/block_pool.h). Grown in place, each left one more there. */
static bool make_room(mu_codec *c, size_t count) {
    char *bytes;
    if (c->capacity - c->size >= count) return true;
    size_t larger = c->capacity < 4096 ? 4096 : c->capacity;
    while (larger - c->size < count) larger *= 2;
    c->status = mu_alloc(&bytes, larger, 1);
    if (c->status != MUSTER_OK) return false;
    if (c->size > 0) memcpy(bytes, c->bytes, c->size);
    mu_free(c->bytes);
    c->bytes    = bytes;
    c->capacity = larger;
    return true;
}

/* The next `count` bytes, to be read or filled; NULL: there are none. */
static unsigned char *next(mu_codec *c, size_t count) {
    if (c->status != MUSTER_OK) return NULL;
    if (c->reads) {
        if (c->size - c->at < count) {
            mu_codec_fail(c, "they end too early");
            return NULL;
        }
        c->at += count;
        return (unsigned char *)c->bytes + c->at - count;
    }
    if (!make_room(c, count)) return NULL;
    c->size += count;
    c->at = c->size;
    return (unsigned char *)c->bytes + c->size - count;
}

/* Compilers make one load or store of each loop where a machine has its bytes in that order. */
static inline uint64_t load(const unsigned char *bytes, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; ++i) value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static inline void store(unsigned char *bytes, uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes[i] = (unsigned char)(value >> 8 * i);
}

void mu_code_u8(mu_codec *c, uint8_t *value) {
    unsigned char *bytes = next(c, 1);
    if (c->reads) {
        *value = bytes ? *bytes : 0;
    } else if (bytes) {
        *bytes = *value;
    }
}

void mu_code_u32(mu_codec *c, uint32_t *value) {
    unsigned char *bytes = next(c, 4);
    if (c->reads) {
        *value = bytes ? (uint32_t)load(bytes, 4) : 0;
    } else if (bytes) {
        store(bytes, *value, 4);
    }
}

void mu_code_u64(mu_codec *c, uint64_t *value) {
    unsigned char *bytes = next(c, 8);
    if (c->reads) {
        *value = bytes ? load(bytes, 8) : 0;
    } else if (bytes) {
        store(bytes, *value, 8);
    }
}

void mu_code_i64(mu_codec *c, int64_t *value) {
    uint64_t bits = (uint64_t)*value;
    mu_code_u64(c, &bits);
    if (c->reads) *value = (int64_t)bits;
}

void mu_code_bytes(mu_codec *c, void *values, size_t count) {
    unsigned char *bytes = next(c, count);
    if (c->reads) memset(values, 0, count);
    if (bytes && c->reads) memcpy(values, bytes, count);
    if (bytes && !c->reads) memcpy(bytes, values, count);
}

void mu_code_flag(mu_codec *c, bool *value) {
    uint8_t byte = *value;
    mu_code_u8(c, &byte);
    if (byte > 1) mu_codec_fail(c, "a flag is neither 0 nor 1");
    if (c->reads) *value = byte == 1;
}

void mu_code_real_or_nan(mu_codec *c, double *value) {
    static const uint64_t THE_NAN = UINT64_C(0x7FF8000000000000);
    uint64_t              bits;
    memcpy(&bits, value, sizeof bits);
    if (isnan(*value)) bits = THE_NAN;
    mu_code_u64(c, &bits);
    if (c->reads) memcpy(value, &bits, sizeof bits);
    if (isnan(*value) && bits != THE_NAN) mu_codec_fail(c, "a number is no number");
}

void mu_code_real(mu_codec *c, double *value) {
    mu_code_real_or_nan(c, value);
    if (isnan(*value)) mu_codec_fail(c, "a number is no number");
}

void mu_code_count(mu_codec *c, uint32_t *count, size_t least_bytes) {
    mu_code_u32(c, count);
    if (!c->reads) return;
    if (c->status == MUSTER_OK && *count > (c->size - c->at) / least_bytes) {
        mu_codec_fail(c, "it counts more than there are bytes for");
    }
    if (c->status != MUSTER_OK) *count = 0;
}

/* ---- texts --------------------------------------------------------------------------------- */

/* How many bytes, 0 for none at all, and the text without its end. */
static const unsigned char *code_text(mu_codec *c, const char *text, uint32_t *size) {
    *size = text ? (uint32_t)strlen(text) + 1 : 0;
    mu_code_u32(c, size);
    if (*size == 0 || c->status != MUSTER_OK) {
        *size = 0;
        return NULL;
    }
    unsigned char *bytes = next(c, *size - 1);
    if (bytes && !c->reads) memcpy(bytes, text, *size - 1);
    if (bytes && c->reads && memchr(bytes, 0, *size - 1)) {
        mu_codec_fail(c, "a text has a zero in it");
        return NULL;
    }
    return bytes;
}

void mu_codec_take(mu_codec *c, mu_arena *arena, void *out, size_t count, size_t size) {
    void *memory = NULL;
    if (!c->reads) return;
    if (c->status == MUSTER_OK) c->status = mu_arena_take(arena, &memory, count, size);
    memcpy(out, &memory, sizeof memory);
}

void mu_code_arena_text(mu_codec *c, mu_arena *arena, const char **text) {
    uint32_t             size;
    const unsigned char *bytes = code_text(c, c->reads ? NULL : *text, &size);
    if (!c->reads) return;
    char *copy = NULL;
    if (bytes) mu_codec_take(c, arena, &copy, size, 1); /* zeros: it ends */
    if (copy) memcpy(copy, bytes, size - 1);
    *text = copy;
}

void mu_code_text(mu_codec *c, char **text) {
    uint32_t             size;
    const unsigned char *bytes = code_text(c, c->reads ? NULL : *text, &size);
    if (!c->reads) return;
    *text = NULL;
    if (bytes) c->status = mu_text_new_of(text, (const char *)bytes, size - 1);
}

/* ---- arrays -------------------------------------------------------------------------------- */

void mu_code_u32s(mu_codec *c, mu_arena *arena, uint32_t count, const uint32_t **values) {
    uint32_t *own = (uint32_t *)*values;
    mu_codec_take(c, arena, &own, count, sizeof *own);
    for (uint32_t i = 0; own && i < count; ++i) mu_code_u32(c, &own[i]);
    if (c->reads) *values = own;
}

void mu_code_i64s(mu_codec *c, mu_arena *arena, uint32_t count, const int64_t **values) {
    int64_t *own = (int64_t *)*values;
    mu_codec_take(c, arena, &own, count, sizeof *own);
    for (uint32_t i = 0; own && i < count; ++i) mu_code_i64(c, &own[i]);
    if (c->reads) *values = own;
}

void mu_code_reals(mu_codec *c, mu_arena *arena, uint32_t count, const double **values) {
    double *own = (double *)*values;
    mu_codec_take(c, arena, &own, count, sizeof *own);
    for (uint32_t i = 0; own && i < count; ++i) mu_code_real(c, &own[i]);
    if (c->reads) *values = own;
}

void mu_code_starts(mu_codec *c, mu_arena *arena, uint32_t count, const uint32_t **first) {
    uint32_t *own = (uint32_t *)*first;
    mu_codec_take(c, arena, &own, (size_t)count + 1, sizeof *own);
    for (uint32_t i = 0; own && i < count; ++i) {
        uint32_t length = c->reads ? 0 : own[i + 1] - own[i];
        mu_code_u32(c, &length);
        if (!c->reads) continue;
        if (length > UINT32_MAX - own[i]) {
            mu_codec_fail(c, "rows have too many things");
            length = 0;
        }
        own[i + 1] = own[i] + length;
    }
    if (c->reads) *first = own;
}
