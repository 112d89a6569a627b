/* Named places from a CSV file with the columns id, lon and lat, or id, x and y. */
#ifndef CLI_SITES_CSV_H
#define CLI_SITES_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/coordinate_system.h"

/* In the order of the file, as parallel arrays. */
typedef struct sites {
    uint32_t  count;
    double   *lon_deg, *lat_deg;
    char    **id;
    uint32_t *row;    /* the line of the file, from 1 */
    int64_t  *weight; /* of the column "weight"; 1 where there is none */
    uint32_t  capacity;
} sites;

/* Read a file: UTF-8, a header that names the columns in any order, further columns ignored,
 * ids unique. One of these, weight, has whole numbers, 0 to 1,000,000,000: sites_read_weighted_csv reads
 * it, if it is there. Coordinates are those of `system`, in columns x and y where it has easting and
 * northing, and become WGS 84. Returns COMMAND_DONE, or the exit code after naming file, row, column, value and
 * what was expected; then there is nothing to free. With `keeps_going` a row whose coordinates are
 * wrong is named as well, and the site is kept, at NaN. */
int sites_read_csv(sites *out, const char *path, const coordinate_system *system, bool keeps_going);
int sites_read_weighted_csv(sites *out, const char *path, const coordinate_system *system);
void sites_free(sites *s);

#endif
