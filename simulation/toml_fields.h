/* Tables of a scenario file, key by key. Who reads asks for what he knows; what is left is something that
 * was meant and would be passed over, so it is refused, and the key that was probably meant is named.
 * Failures are MUSTER_E_INVALID with file, line, the way to the key, its value and what was expected. */
#ifndef MU_SIMULATION_TOML_FIELDS_H
#define MU_SIMULATION_TOML_FIELDS_H

#include "session/arena.h"
#include "simulation/toml_document.h"

enum { MU_KEYS_MOST = 32, MU_WAY_BYTES = 120 };

/* What all of one reading share. */
typedef struct mu_reading {
    const char *path;  /* of the file */
    mu_arena   *arena; /* where what is read is kept */
} mu_reading;

typedef struct mu_table {
    const mu_reading *reading;
    const mu_toml    *toml;
    char        way[MU_WAY_BYTES]; /* "", "call[2]", "call[2].where"; items are counted from 1 */
    const char *asked[MU_KEYS_MOST];
    uint32_t    asked_count;
} mu_table;

/* The value at `way`, which has to be a table. */
muster_status mu_table_init(mu_table *table, const mu_reading *reading, const char *way,
                            const mu_toml *value);
/* Nothing is left that was not asked for. */
muster_status mu_table_end(const mu_table *table);

/* "floods.toml", line 7: call[2].count is -3; expected ... */
muster_status mu_table_refuse(const mu_table *table, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of the table as a whole: "floods.toml", line 5: call[2] has ... */
muster_status mu_table_refuse_it(const mu_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same of a value that belongs to no key, an item of the list at `key`. */
muster_status mu_table_refuse_item(const mu_table *table, const char *key, uint32_t index,
                                   const mu_toml *item, const char *expected);

/* NULL where it is missing. */
const mu_toml *mu_table_ask(mu_table *table, const char *key);
/* The way to a key, and, where `index` is not MUSTER_NONE, to an item of its list. */
const char *mu_table_way(const mu_table *table, const char *key, uint32_t index,
                         char out[MU_WAY_BYTES]);

/* Each leaves *out as it is where the key is missing; `needed`: it may not be. Texts are kept in the
 * reading's arena; they have no control characters and `most` bytes at most. */
muster_status mu_table_text(mu_table *table, const char *key, bool needed, size_t most,
                            const char **out);
/* A text that things are called by: 1 to 32 of a-z, 0-9, '-' and '_', a letter or digit first. */
muster_status mu_table_code(mu_table *table, const char *key, bool needed, const char **out);
muster_status mu_table_int(mu_table *table, const char *key, bool needed, int64_t least,
                           int64_t most, int64_t *out);
/* A number, whole or not, that is finite. */
muster_status mu_table_real(mu_table *table, const char *key, bool needed, double least,
                            double most, double *out);
muster_status mu_table_flag(mu_table *table, const char *key, bool needed, bool *out);
/* One of the words name(0) to name(count - 1). */
typedef const char *mu_table_word_name(unsigned index);
muster_status mu_table_word(mu_table *table, const char *key, bool needed, mu_table_word_name *name,
                            unsigned count, uint8_t *out);
/* 2026-07-01T06:30:00+08:00, as a text or as TOML has it, of 2000 to 2199. *out_offset_min: of its clock. */
muster_status mu_table_moment(mu_table *table, const char *key, bool needed, int64_t *out_ms,
                              int32_t *out_offset_min);
/* A number of minutes, hours, seconds: of `unit_ms` each, rounded to the millisecond. */
muster_status mu_table_duration(mu_table *table, const char *key, bool needed, double unit_ms,
                                double least, double most, int64_t *out_ms);
/* NULL where it is missing; else a table, or a list of `least` items or more. */
muster_status mu_table_table(mu_table *table, const char *key, bool needed, const mu_toml **out);
muster_status mu_table_list(mu_table *table, const char *key, bool needed, uint32_t least,
                            const mu_toml **out);
/* A list of texts, `out_count` of them. */
muster_status mu_table_texts(mu_table *table, const char *key, const char *const **out,
                             uint32_t *out_count);
/* A list of numbers. */
muster_status mu_table_reals(mu_table *table, const char *key, bool needed, uint32_t least,
                             double low, double high, const double **out, uint32_t *out_count);

/* A number from a value, whole or not. */
bool mu_toml_number(const mu_toml *value, double *out);

/* Room for `count` things of `size` bytes each, which the items of a list become. */
muster_status mu_table_room(const mu_table *table, void *out, uint32_t count, size_t size);

#endif
