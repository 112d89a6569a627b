/* A JSON document that is written from left to right, on one line: the same values always as the same
 * bytes. Numbers have as few digits as bring them back to the last bit. */
#ifndef MU_SESSION_JSON_WRITER_H
#define MU_SESSION_JSON_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Start from zeros. What cannot be written goes into `status` once, and nothing is written after it, so
 * that callers need to ask only in the end. `text` is then the writer's, to be taken over or given to
 * mu_free; it ends with a zero that is not in `size`. */
typedef struct mu_json_writer {
    char         *text;
    size_t        size, capacity;
    muster_status status;
} mu_json_writer;

/* `mark` is one of { [ } ]; a comma is put where one is needed, here and below. `key` is NULL in a
 * list. */
void mu_write_open(mu_json_writer *writer, const char *key, char mark);
void mu_write_close(mu_json_writer *writer, char mark);
/* MUSTER_E_INVALID where it is missing or not UTF-8. */
void mu_write_text(mu_json_writer *writer, const char *key, const char *text);
void mu_write_note(mu_json_writer *writer, const char *key, const char *text); /* NULL: nothing */
void mu_write_null(mu_json_writer *writer, const char *key);
void mu_write_int(mu_json_writer *writer, const char *key, int64_t value);
void mu_write_flag(mu_json_writer *writer, const char *key, bool value);
/* MUSTER_E_INVALID where it is not finite. */
void mu_write_real(mu_json_writer *writer, const char *key, double value);
/* Bytes of it that are written already, as they are. */
void mu_write_bytes(mu_json_writer *writer, const char *bytes, size_t count);
/* JSON that is written already. */
void mu_write_json(mu_json_writer *writer, const char *key, const char *json);
/* MUSTER_E_INVALID, unless something has failed before. */
void mu_write_refuse(mu_json_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
