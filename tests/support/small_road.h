/* A problem that is small enough to be told in sentences: a road with five places, two kilometres apart,
 * that are passed one after the other, and room for a few units, incidents and needs. */
#ifndef TESTS_SUPPORT_SMALL_ROAD_H
#define TESTS_SUPPORT_SMALL_ROAD_H

#include <muster/metric.h>
#include <muster/problem.h>

#include "tests/support/cmocka_all.h"

enum { PLACES = 5, MEDICAL = 0, AMBULANCE, TRUCK, PUMP, SANDBAG, KINDS };

typedef struct small_road {
    double               lon[PLACES], lat[PLACES], length_m[PLACES - 1];
    uint32_t             source[PLACES - 1], target[PLACES - 1];
    muster_network      *network;
    muster_metric       *metric;
    const muster_metric *metric_of[1];
    muster_kind          kind[KINDS];
    uint32_t             medical[1];
    muster_team          team[4];
    muster_vehicle       vehicle[2];
    muster_machine       machine[1];
    muster_stock         stock[1];
    muster_incident      incident[3];
    muster_need          need[5];
    muster_rule          rule[2];
    muster_problem       problem; /* with these arrays; how many there are is the test's */
} small_road;

static inline muster_site small_road_place(const small_road *r, uint32_t place) {
    return (muster_site){r->lon[place], r->lat[place]};
}

static inline muster_unit small_road_unit(const small_road *r, const char *code, uint32_t place) {
    return (muster_unit){.code = code, .site = small_road_place(r, place), .turnout_ms = 60000};
}

/* Of medics. */
static inline muster_team small_road_team(const small_road *r, const char *code, uint32_t place,
                                          uint32_t people) {
    return (muster_team){.unit             = small_road_unit(r, code, place),
                         .people           = people,
                         .capability       = r->medical,
                         .capability_count = 1};
}

static inline void small_road_lay(small_road *r) {
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    muster_profile      profile;
    for (uint32_t p = 0; p < PLACES; ++p) {
        r->lon[p] = 120.7 + 0.02 * p;
        r->lat[p] = 30.7;
        if (p == PLACES - 1) break;
        r->source[p] = p, r->target[p] = p + 1, r->length_m[p] = 2000;
    }
    data.node_count = PLACES, data.node_lon_deg = r->lon, data.node_lat_deg = r->lat;
    data.edge_count = PLACES - 1, data.edge_source = r->source, data.edge_target = r->target;
    data.edge_length_m = r->length_m;
    assert_int_equal(muster_network_new(&r->network, &data), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    assert_int_equal(muster_metric_new(&r->metric, r->network, &profile), MUSTER_OK);
    r->metric_of[0] = r->metric;
}

static inline void small_road_init(small_road *r) {
    *r = (small_road){0};
    small_road_lay(r);
    r->kind[MEDICAL]   = (muster_kind){.code = "medical", .resource = MUSTER_PEOPLE};
    r->kind[AMBULANCE] = (muster_kind){.code = "ambulance", .resource = MUSTER_VEHICLE};
    r->kind[TRUCK]     = (muster_kind){.code = "truck", .resource = MUSTER_VEHICLE};
    r->kind[PUMP]      = (muster_kind){.code = "pump", .resource = MUSTER_MACHINE};
    r->kind[SANDBAG] =
        (muster_kind){.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 1, .volume_m3 = 0.001};
    r->problem = (muster_problem){.struct_size  = sizeof(muster_problem),
                                  .metric_count = 1,
                                  .metric       = r->metric_of,
                                  .kind_count   = KINDS,
                                  .kind         = r->kind,
                                  .team         = r->team,
                                  .vehicle      = r->vehicle,
                                  .machine      = r->machine,
                                  .stock        = r->stock,
                                  .incident     = r->incident,
                                  .need         = r->need,
                                  .rule         = r->rule};
}

static inline void small_road_fini(small_road *r) {
    muster_metric_free(r->metric);
    muster_network_free(r->network);
}

#endif
