/* The inside of a set of alerts: the arrays that the reader fills. */
#ifndef MU_GIS_ALERTS_H
#define MU_GIS_ALERTS_H

#include <muster/alert.h>

#include "gis/parts.h"

struct muster_alerts {
    mu_texts      texts;
    uint32_t      alert_count, info_count, area_count, value_count, circle_count, reference_count;
    muster_alert *alert;
    muster_alert_info      *info;
    muster_alert_area      *area;
    muster_alert_value     *value;
    muster_alert_circle    *circle;
    muster_alert_reference *reference;
    mu_parts                rings;
    size_t alert_capacity, info_capacity, area_capacity, value_capacity, circle_capacity,
        reference_capacity;
};

/* Read the message of `size` bytes to the end of the arrays: one alert, which comes last. On failure
 * there may be parts of one behind what was there. `file` names it in messages and is kept. */
muster_status mu_cap_read(muster_alerts *alerts, const char *file, const char *text, size_t size);

#endif
