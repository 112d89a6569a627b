/* Any bytes as a CAP message: what is read becomes hazards whose areas are valid and on the globe, and is
 * the same when it is read again. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/alert.h>

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_area(const muster_hazard *h) {
    const muster_multipolygon *a = &h->area;
    assert(a->polygon_count > 0 && a->area_m2 > 0);
    for (uint32_t p = 0; p < a->first_point[a->first_ring[a->polygon_count]]; ++p) {
        assert(fabs(a->lon_deg[p]) <= 180 && fabs(a->lat_deg[p]) <= 90);
    }
    assert(h->starts_at_s < h->ends_at_s);
}

static void check_hazards(const muster_alerts *alerts) {
    muster_hazards      *hazards = NULL, *at = NULL;
    uint32_t             count, still;
    muster_alert_options options = MUSTER_ALERT_OPTIONS_INIT;
    options.takes_exercises      = true;
    assert(muster_hazards_new(&hazards) == MUSTER_OK);
    if (muster_hazards_add_alerts(hazards, alerts, &options) == MUSTER_OK) {
        const muster_hazard *h = muster_hazards_list(hazards, &count);
        for (uint32_t i = 0; i < count; ++i) check_area(&h[i]);
        for (uint32_t i = 0; i < count && i < 2; ++i) {
            if (muster_hazards_at(&at, hazards, h[i].starts_at_s) != MUSTER_OK) continue;
            (void)muster_hazards_list(at, &still);
            assert(still >= 1);
            muster_hazards_free(at);
        }
    } else {
        assert(muster_error_message()[0] != 0);
    }
    muster_hazards_free(hazards);
}

static void check_signals(const muster_alerts *alerts) {
    static muster_signals   *signals; /* once for all */
    uint32_t                 count;
    const muster_alerts_data d = muster_alerts_view(alerts);
    if (!signals) assert(muster_signals_read(&signals, NULL) == MUSTER_OK);
    (void)muster_signals_list(signals, &count);
    for (uint32_t i = 0; i < d.alert[0].info_count; ++i) {
        const uint32_t found = muster_signals_of_info(signals, &d, i);
        assert(found == MUSTER_NONE || found < count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char    path[64];
    muster_alerts *alerts = NULL;
    snprintf(path, sizeof path, "/tmp/muster-fuzz-cap-%ld", (long)getpid());
    write_file(path, data, size);
    assert(muster_alerts_new(&alerts) == MUSTER_OK);
    const muster_status status = muster_alerts_add(alerts, path);
    assert((status == MUSTER_OK) == (muster_alerts_view(alerts).alert_count == 1));
    if (status == MUSTER_OK) {
        check_hazards(alerts);
        check_signals(alerts);
        assert(muster_alerts_add(alerts, path) == MUSTER_OK);
        assert(muster_alerts_view(alerts).alert_count == 1);
    } else {
        assert(muster_error_message()[0] != 0);
    }
    muster_alerts_free(alerts);
    remove(path);
    return 0;
}
