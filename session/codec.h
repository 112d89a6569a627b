/* Values as bytes and back. One description serves both ways: whoever calls says of each field that it is
 * next, and it is written, or read into the same place. So writer and reader cannot disagree.
 *
 * Numbers are little-endian. What cannot be goes into `status` once, and everything after it does
 * nothing, so that callers need to ask only in the end; counts are then 0. Bytes are not trusted: no
 * more is asked for than they could fill. */
#ifndef MU_SESSION_CODEC_H
#define MU_SESSION_CODEC_H

#include "session/arena.h"

/* Start from zeros: it writes. `bytes` is then the codec's, to be taken over or given to mu_free. */
typedef struct mu_codec {
    char         *bytes;
    size_t        size, capacity; /* of what is written, or is to be read */
    bool          reads;
    uint32_t      version; /* of the format, as whoever describes it has found */
    size_t        at;
    muster_status status;
} mu_codec;

/* Read these bytes, which are only looked at. */
mu_codec mu_codec_reading(const char *bytes, size_t size);
/* MUSTER_E_FORMAT: "the bytes of the world are damaged at byte 12: ...". Does nothing when something
 * has failed before. */
void mu_codec_fail(mu_codec *codec, const char *why);
/* Is all read? */
muster_status mu_codec_end(mu_codec *codec);

void mu_code_u8(mu_codec *codec, uint8_t *value);
void mu_code_u32(mu_codec *codec, uint32_t *value);
void mu_code_u64(mu_codec *codec, uint64_t *value);
void mu_code_i64(mu_codec *codec, int64_t *value);
void mu_code_bytes(mu_codec *codec, void *values, size_t count);
void mu_code_flag(mu_codec *codec, bool *value);
void mu_code_real(mu_codec *codec, double *value);        /* not NaN */
void mu_code_real_or_nan(mu_codec *codec, double *value); /* always the same NaN */
/* How many things of at least so many bytes each come next. */
void mu_code_count(mu_codec *codec, uint32_t *count, size_t least_bytes);

/* NULL is kept. In an arena, or as a mu_text; the old value is not looked at. */
void mu_code_arena_text(mu_codec *codec, mu_arena *arena, const char **text);
void mu_code_text(mu_codec *codec, char **text);
/* Whole arrays in an arena. */
void mu_code_u32s(mu_codec *codec, mu_arena *arena, uint32_t count, const uint32_t **values);
void mu_code_i64s(mu_codec *codec, mu_arena *arena, uint32_t count, const int64_t **values);
void mu_code_reals(mu_codec *codec, mu_arena *arena, uint32_t count, const double **values);
/* Where each of `count` rows starts, from 0 on, and where the last one ends. */
void mu_code_starts(mu_codec *codec, mu_arena *arena, uint32_t count, const uint32_t **first);

/* Room in an arena for what is read next; NULL and a failure where there is none. When writing,
 * nothing. */
void mu_codec_take(mu_codec *codec, mu_arena *arena, void *out, size_t count, size_t size);

#endif
