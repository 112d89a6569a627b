/* A value on its way between stores: what a reader found, and whether it is what the column holds.
 *
 * A reader passes on what it met, also what is wrong (a text in a column of numbers), so that one
 * place alone judges, and says the same of every store. */
#ifndef MU_GIS_VALUE_H
#define MU_GIS_VALUE_H

#include <stddef.h>

#include "gis/geometry_blob.h"
#include "gis/schema_tables.h"

typedef enum mu_form {
    MU_FORM_NULL,
    MU_FORM_WHOLE, /* a whole number; 0 or 1; microseconds since 1970 */
    MU_FORM_REAL,
    MU_FORM_TEXT, /* `size` bytes, not ended by NUL */
    MU_FORM_WKB   /* `size` bytes of well-known binary, or whatever claims to be it */
} mu_form;

typedef struct mu_value {
    mu_form     form;
    int64_t     whole;
    double      real;
    const char *bytes; /* lives until the reader's next row */
    size_t      size;
    const char *fault; /* what the reader had expected instead; NULL: nothing */
} mu_value;

/* The bytes of a reason, and of a value that is shown, with their NUL. */
enum { MU_REASON_BYTES = 400, MU_SHOWN_BYTES = 80 };

/* Is it what the column holds? If not, `reason` says what was expected. The bounds of a geometry
 * are set. */
bool mu_value_judge(const mu_schema_column *column, const mu_value *value, mu_bounds *out_bounds,
                    char reason[MU_REASON_BYTES]);
/* The value as a message shows it. */
void mu_value_show(char out[MU_SHOWN_BYTES], const mu_schema_column *column, const mu_value *value);

/* What a column that a store lacks says. */
mu_value mu_value_fallback(const mu_schema_column *column);

/* A text becomes a moment where it is one; it stays what it is where not. */
void mu_value_read_moment(mu_value *value);

#endif
