/* Names of road classes: the words of OpenStreetMap, in one table. */
#include <string.h>

#include <muster/network.h>

static const char *const NAMES[MUSTER_ROAD_CLASS_COUNT] = {
    "motorway",      "motorway_link",  "trunk",    "trunk_link",    "primary",      "primary_link",
    "secondary",     "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
    "living_street", "service",        "track",    "road",          "ferry"};

const char *muster_road_class_name(muster_road_class road_class) {
    return (unsigned)road_class < MUSTER_ROAD_CLASS_COUNT ? NAMES[road_class] : NULL;
}

muster_road_class muster_road_class_from_name(const char *name) {
    int i = 0;
    while (i < MUSTER_ROAD_CLASS_COUNT && strcmp(name, NAMES[i]) != 0) ++i;
    return (muster_road_class)i;
}
