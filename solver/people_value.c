#include "solver/people_value.h"

mu_objective mu_people_settle(const mu_market *m, uint32_t sink, uint32_t *team_of) {
    const int64_t minimum = m->candidates->minimum[m->need[sink]];
    int64_t       sent    = 0;
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        if (team_of[m->arc[a].source] == sink) sent += m->supply[m->arc[a].source];
    }
    int64_t      missing = m->demand[sink];
    mu_objective value   = 0;
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        const uint32_t team = m->arc[a].source;
        if (team_of[team] != sink) continue;
        if (missing == 0 || sent < minimum) {
            team_of[team] = MUSTER_NONE;
            continue;
        }
        const int64_t served = m->supply[team] < missing ? m->supply[team] : missing;
        value += served * m->arc[a].cost + m->fixed_cost[a];
        missing -= served;
    }
    return value + missing * m->short_cost[sink];
}
