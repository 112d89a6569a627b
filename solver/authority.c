#include "solver/authority.h"

/* A parent is of a higher level than its children, so whichever of two is lower cannot be
 * over the other: it goes up, until they meet or one of them is at the top of its tree. */
uint32_t mu_escalation(const muster_problem *p, uint32_t incident_authority,
                       uint32_t unit_authority) {
    if (p->authority_count == 0) return 0;
    if (incident_authority == MUSTER_NONE || unit_authority == MUSTER_NONE) return 0;
    const uint8_t own_level = p->authority[incident_authority].level;
    uint32_t      a = incident_authority, b = unit_authority;
    while (a != b) {
        uint32_t *lower = p->authority[a].level <= p->authority[b].level ? &a : &b;
        *lower          = p->authority[*lower].parent;
        if (*lower == MUSTER_NONE) return (uint32_t)MUSTER_MUTUAL_AID - own_level;
    }
    return (uint32_t)p->authority[a].level - own_level;
}
