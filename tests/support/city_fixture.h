/* The roads of all cities of a test program, laid for its group of tests. */
#ifndef TESTS_SUPPORT_CITY_FIXTURE_H
#define TESTS_SUPPORT_CITY_FIXTURE_H

#include "tests/support/random_city.h"

static city_roads roads;

static inline int lay_roads(void **state) {
    (void)state;
    city_roads_init(&roads);
    return 0;
}

static inline int lift_roads(void **state) {
    (void)state;
    city_roads_fini(&roads);
    return 0;
}

#endif
