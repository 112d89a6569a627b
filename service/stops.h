/* Where a request wants to go: coordinates, and the places on the road that they stand for. */
#ifndef SERVICE_STOPS_H
#define SERVICE_STOPS_H

#include "service/coordinates.h"
#include "service/resource.h"

typedef struct mu_stops {
    uint32_t             number; /* of the metric */
    const muster_metric *metric;
    mu_coordinates       at;
    muster_snap         *snap; /* [at.count] */
} mu_stops;

/* Those of the path, moved to the nearest road that the profile may use: `radiuses`, or 5 km, at most.
 * @param most    how many there may be, by the limit `option`
 * Returns false after refusing: no such profile, more than `most`, nothing that can be read, off the
 * globe, no road that near. mu_stops_free whatever it returns. */
bool mu_stops_read(mu_stops *out, const mu_request *request, uint32_t most, const char *option,
                   mu_reply *reply);
/* The same for coordinates that have been read, which are taken over. */
bool mu_stops_take(mu_stops *out, const mu_request *request, mu_coordinates *at, mu_reply *reply);
void mu_stops_free(mu_stops *stops);

/* Refuse more of `what` than the limit `option` allows. */
bool mu_stops_limit(uint64_t count, uint32_t most, const char *what, const char *option,
                    mu_reply *reply);

/* OSRM's Waypoint without its last bracket: {"name":...,"location":...,"distance":... */
void mu_stops_write(mu_text *text, const muster_network *network, const muster_snap *snap);
/* The Waypoints of all of them, or of those that are listed. */
void mu_stops_write_all(mu_text *text, const mu_stops *stops, uint32_t count, const uint32_t *list);

#endif
