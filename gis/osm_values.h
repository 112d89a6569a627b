/* Quantities as mappers write them: "30 mph", "11'6\"", "16000 lbs", "DE:zone:30".
 *
 * Each function returns false where it does not understand the text, and leaves 0 (or
 * MUSTER_NONE, for a duration) in *out. An understood text may also give 0: "none" and
 * "signals" state no limit that we could use. Lists ("50;60") give the lowest value. */
#ifndef MU_GIS_OSM_VALUES_H
#define MU_GIS_OSM_VALUES_H

#include <stdbool.h>
#include <stdint.h>

bool mu_osm_parse_speed(const char *text, float *out_kmh);
/* Of a height, and of a width just as well. */
bool mu_osm_parse_height(const char *text, float *out_m);
bool mu_osm_parse_weight(const char *text, float *out_t);
bool mu_osm_parse_duration(const char *text, uint32_t *out_ms);
/* The first whole number in the text, held within -128..127; 0 where there is none. */
int8_t mu_osm_parse_layer(const char *text);

#endif
