/* Lines on the map: where a route leads, and how that is written. */
#ifndef SERVICE_LINE_H
#define SERVICE_LINE_H

#include "service/text.h"

typedef struct mu_line {
    uint32_t count, room;
    double  *lon_deg, *lat_deg;
    bool     is_broken; /* memory has run out */
} mu_line;

void mu_line_free(mu_line *line);
/* Add points; a first one that is the line's last is left out. */
void mu_line_add(mu_line *line, uint32_t count, const double *lon_deg, const double *lat_deg);

/* Leave out what cannot be seen on a map that shows all of the line, a thousand points wide. */
void mu_line_simplify(mu_line *line);

typedef enum mu_line_form { MU_LINE_POLYLINE, MU_LINE_POLYLINE6, MU_LINE_GEOJSON } mu_line_form;

/* The form of a name, "polyline6" say; NULL is "polyline". */
mu_line_form mu_line_form_of(const char *name);
void         mu_line_write(mu_text *text, mu_line_form form, uint32_t count, const double *lon_deg,
                           const double *lat_deg);

#endif
