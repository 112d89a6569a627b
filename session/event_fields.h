/* Which fields of muster_event each type has: the one table that reader and writer of JSON go by. */
#ifndef MU_SESSION_EVENT_FIELDS_H
#define MU_SESSION_EVENT_FIELDS_H

#include <muster/event.h>

enum {
    MU_HAS_INCIDENT      = 1 << 0, /* all of it */
    MU_HAS_INCIDENT_SET  = 1 << 1, /* code, and what is set */
    MU_HAS_INCIDENT_CODE = 1 << 2, /* its code alone */
    MU_HAS_NEEDS         = 1 << 3,
    MU_HAS_UNIT          = 1 << 4,
    MU_HAS_PLACE         = 1 << 5,
    MU_HAS_AVAILABLE     = 1 << 6,
    MU_HAS_QUANTITY      = 1 << 7,
    MU_HAS_DESTINATION   = 1 << 8,
    MU_HAS_SHIFT         = 1 << 9,
    MU_HAS_ROAD          = 1 << 10,
    MU_HAS_SPEED         = 1 << 11, /* of the road */
    MU_HAS_ROAD_CODE     = 1 << 12,
    MU_HAS_HAZARD        = 1 << 13,
    MU_HAS_HAZARD_CODE   = 1 << 14,
    MU_HAS_RULE          = 1 << 15,
    MU_HAS_RULE_CODE     = 1 << 16,
    MU_HAS_ORDER         = 1 << 17,
    MU_HAS_CLAIM         = 1 << 18,
    MU_IS_EVENT          = 1 << 30 /* there is such a type, and it is told or added by itself */
};

/* MU_HAS_..., or'ed; 0: there is no such type. */
uint32_t mu_event_fields(uint8_t type);

#endif
