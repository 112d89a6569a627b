/* TOML documents (toml.io, 1.0.0) as plain data: every value with its kind and the line it begins on.
 * Behind it stands toml++, which is C++; no exception passes this header. */
#ifndef MU_SIMULATION_TOML_DOCUMENT_H
#define MU_SIMULATION_TOML_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum mu_toml_kind {
    MU_TOML_TABLE,
    MU_TOML_LIST,
    MU_TOML_TEXT,
    MU_TOML_INTEGER,
    MU_TOML_REAL,
    MU_TOML_FLAG,
    MU_TOML_MOMENT, /* a date and time with an offset from UTC */
    MU_TOML_CLOCK   /* a date or a time, or both, without: of no place on earth */
} mu_toml_kind;

typedef struct mu_toml {
    uint8_t     kind;    /* a mu_toml_kind */
    uint32_t    line;    /* counted from 1 */
    const char *key;     /* of a member of a table; NULL: of none */
    const char *text;    /* UTF-8, of MU_TOML_TEXT; it may have control characters, but no NUL */
    int64_t     integer; /* also of a moment: milliseconds since 1970, UTC */
    double      real;
    bool        flag;
    int32_t     offset_min;     /* of a moment: how far its clock is before UTC */
    uint32_t    count;          /* of a table or list */
    const struct mu_toml *item; /* of a table, in order of their lines */
} mu_toml;

typedef struct mu_toml_document mu_toml_document;

/* Read a document, and set what `override` says: "KEY=VALUE" with the value in TOML, and the key a path of
 * names with dots between them. In a list of tables a name is the `code`, or else the `name` or `type`, of one. Tables that
 * are not there are made; a list has to be there.
 * MUSTER_E_IO where there is no such file, MUSTER_E_FORMAT with the line where it is no TOML, is larger
 * than 64 MiB or has a NUL in a text, MUSTER_E_INVALID naming the override that is wrong, MUSTER_E_NOMEM. */
muster_status  mu_toml_read(mu_toml_document **out, const char *path, uint32_t override_count,
                            const char *const *override);
const mu_toml *mu_toml_root(const mu_toml_document *document);
void           mu_toml_free(mu_toml_document *document);

#ifdef __cplusplus
}
#endif
#endif
