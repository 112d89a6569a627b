/* What PostgreSQL's binary COPY consists of (PostgreSQL manual, COPY, "Binary Format"): a header, rows of a
 * number of columns and, for each, its length and bytes, and a trailer. Numbers are big-endian. */
#ifndef MU_GIS_POSTGIS_COPY_FORMAT_H
#define MU_GIS_POSTGIS_COPY_FORMAT_H

/* With the NUL behind it. */
#define MU_COPY_SIGNATURE "PGCOPY\n\377\r\n"

enum {
    MU_COPY_SIGNATURE_BYTES = sizeof MU_COPY_SIGNATURE,
    MU_COPY_FLAGS_BYTES     = 4,
    MU_COPY_EXTENSION_BYTES = 4,      /* the length of what follows them */
    MU_COPY_COUNT_BYTES     = 2,      /* before a row */
    MU_COPY_TRAILER         = 0xFFFF, /* in place of a count */
    MU_COPY_LENGTH_BYTES    = 4       /* before a value */
};

/* The length of what is NULL. */
#define MU_COPY_NULL UINT32_MAX

#endif
