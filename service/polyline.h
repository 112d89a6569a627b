/* Lines as short text: Google's encoded polyline, which OSRM's clients read. */
#ifndef SERVICE_POLYLINE_H
#define SERVICE_POLYLINE_H

#include "service/text.h"

/* Add a line, not quoted. Coordinates are rounded to so many decimals, 5 or 6. */
void mu_polyline_add(mu_text *text, uint32_t count, const double *lon_deg, const double *lat_deg,
                     int decimals);

/* Read a line of so many decimals; false for text that is none: a byte out of range, a number that
 * is cut short or too long, a latitude without its longitude, or more than `room` points.
 * @param out_lon_deg,out_lat_deg  [room] */
bool mu_polyline_read(const char *text, size_t size, int decimals, uint32_t room,
                      uint32_t *out_count, double *out_lon_deg, double *out_lat_deg);

#endif
