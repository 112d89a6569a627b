#include "cli/sweep_measures.h"

#include <math.h>
#include <stdlib.h>

static const double MS_PER_MIN = 60e3, MS_PER_H = 3600e3;

static int rising(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static bool measure_responses(double value[MEASURE_COUNT], const muster_replication *r) {
    uint32_t                         count = 0, reached = 0, with_standard = 0, within = 0;
    double                           sum     = 0;
    const muster_simulated_incident *i       = muster_simulation_incidents(r, &count);
    double                          *minutes = calloc((size_t)count + 1, sizeof *minutes);
    if (!minutes) return false;
    for (uint32_t n = 0; n < count; ++n) {
        const bool came = i[n].response_ms >= 0;
        with_standard += i[n].standard_ms > 0;
        within += came && i[n].standard_ms > 0 && i[n].response_ms <= i[n].standard_ms;
        if (!came) continue;
        minutes[reached] = (double)i[n].response_ms / MS_PER_MIN;
        sum += minutes[reached++];
    }
    qsort(minutes, reached, sizeof *minutes, rising);
    if (reached > 0) value[MEASURE_RESPONSE_MEAN] = sum / reached;
    value[MEASURE_RESPONSE_P50] = quantile(minutes, reached, 0.5);
    value[MEASURE_RESPONSE_P90] = quantile(minutes, reached, 0.9);
    value[MEASURE_UNREACHED]    = count - reached;
    if (with_standard > 0) value[MEASURE_WITHIN_STANDARD] = 100.0 * within / with_standard;
    free(minutes);
    return true;
}

static void measure_needs(double value[MEASURE_COUNT], const muster_replication *r) {
    static const measure_id MISSING[] = {
        [MUSTER_PEOPLE]  = MEASURE_UNMET_PEOPLE,
        [MUSTER_VEHICLE] = MEASURE_UNMET_VEHICLES,
        [MUSTER_MACHINE] = MEASURE_UNMET_MACHINES,
        [MUSTER_ITEM]    = MEASURE_UNMET_ITEMS,
    };
    uint32_t                     count = 0, asked = 0;
    double                       met = 0;
    const muster_simulated_need *n   = muster_simulation_needs(r, &count);
    for (uint32_t i = 0; i < count; ++i) {
        double *missing = &value[MISSING[n[i].resource]];
        *missing = (isnan(*missing) ? 0 : *missing) + (double)n[i].open_quantity_ms / MS_PER_H;
        if (n[i].quantity <= 0) continue; /* it was withdrawn */
        met += 100 * fmin(1, (double)n[i].met_quantity / (double)n[i].quantity);
        ++asked;
    }
    if (asked > 0) value[MEASURE_NEED_MET] = met / asked;
}

static void measure_orders(double value[MEASURE_COUNT], const muster_replication *r) {
    uint32_t                      count = 0;
    const muster_simulated_order *o     = muster_simulation_orders(r, &count);
    value[MEASURE_DISTANCE]             = 0;
    for (uint32_t i = 0; i < count; ++i) value[MEASURE_DISTANCE] += o[i].distance_m / 1000;
}

bool sweep_measure(double value[MEASURE_COUNT], const muster_replication *r) {
    for (int m = 0; m < MEASURE_COUNT; ++m) value[m] = (double)NAN;
    measure_needs(value, r);
    measure_orders(value, r);
    return measure_responses(value, r);
}
