/* Coordinates and lists of numbers as OSRM writes them in an address. */
#ifndef SERVICE_COORDINATES_H
#define SERVICE_COORDINATES_H

#include <muster/error.h>

typedef struct mu_coordinates {
    uint32_t count;
    double  *lon_deg, *lat_deg; /* [count] */
} mu_coordinates;

void mu_coordinates_free(mu_coordinates *coordinates);

/* How many coordinates a text may hold at most: what to make room for. */
uint32_t mu_coordinates_bound(const char *text);

/* "120.76,30.75;121.08,30.60", "polyline(...)" or "polyline6(...)", with or without ".json" at the
 * end; whether they are on the globe is another question.
 * @return MUSTER_E_INVALID naming what cannot be read, MUSTER_E_NOMEM */
muster_status mu_coordinates_parse(mu_coordinates *out, const char *text);

/* @return MUSTER_E_INVALID naming the first that is off the globe */
muster_status mu_coordinates_check(const mu_coordinates *coordinates);

/* A plain decimal number that fills `text`, whatever the locale; false for anything else. */
bool mu_number_parse(double *out, const char *text);

/* Numbers between ';' or `separator`. A list has an iterator so that nothing is kept. */
typedef struct mu_list {
    const char *rest; /* NULL at the end */
    char        separator;
} mu_list;

mu_list mu_list_start(const char *text, char separator);
/* The next element, which may be empty; false at the end or, with *out_fits false, where one does
 * not fit into `out`. */
bool mu_list_next(mu_list *list, char out[32], bool *out_fits);

#endif
