/* Rows into a table of PostgreSQL by binary COPY. A row is its number of columns, then each of them: a
 * number, NULL, or bytes in one piece or several, with the size of all of them first. */
#ifndef MU_GIS_POSTGIS_COPY_IN_H
#define MU_GIS_POSTGIS_COPY_IN_H

#include "gis/postgis_connection.h"

/* Start from zeros and a connection; give back with mu_copy_in_fini, before it is closed or behind. */
typedef struct mu_copy_in {
    mu_postgis    *postgis;
    unsigned char *waiting; /* bytes that are on their way to the server */
    size_t         waiting_bytes;
} mu_copy_in;

void mu_copy_in_fini(mu_copy_in *copy);

/* `table` is quoted, and may have columns behind it: "name (column, ...)". */
muster_status mu_copy_in_begin(mu_copy_in *copy, const char *table);
muster_status mu_copy_in_row(mu_copy_in *copy, uint16_t column_count);
muster_status mu_copy_in_null(mu_copy_in *copy);
/* A number of `size` bytes: an integer of that size, or the bits of a float. */
muster_status mu_copy_in_number(mu_copy_in *copy, uint64_t value, uint32_t size);
muster_status mu_copy_in_size(mu_copy_in *copy, uint32_t size);
muster_status mu_copy_in_bytes(mu_copy_in *copy, const void *bytes, size_t size);
/* Only now it is known whether the server has taken them all. Another table may be begun. */
muster_status mu_copy_in_end(mu_copy_in *copy);

#endif
