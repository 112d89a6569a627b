/* Hazards of a course: the changes of the ground, as much later as was drawn. What would have been before
 * the start is as it is then. */
#include "simulation/course_build.h"

#include <string.h>

/* Is it overtaken, before the start, by a later change of the same code? */
static bool is_overtaken(const mu_hazard_ground *h, uint32_t c, int64_t late_ms) {
    for (uint32_t next = c + 1; next < h->change_count; ++next) {
        if (h->change[next].at_ms + late_ms > 0) return false;
        if (strcmp(h->change[next].code, h->change[c].code) == 0) return true;
    }
    return false;
}

static muster_status add_change(mu_course_build *b, const char *code, const mu_hazard_change *c,
                                uint32_t number, int64_t at_ms) {
    muster_event *e;
    MU_TRY(mu_build_event(b, MU_RANK_HAZARD,
                          c->hazard ? MUSTER_EVENT_HAZARD_GROWN : MUSTER_EVENT_HAZARD_ENDED, at_ms,
                          code, number, false, &e));
    e->hazard = c->hazard;
    if (c->hazard) return MUSTER_OK;
    muster_hazard *ended, none = MUSTER_HAZARD_INIT; /* its code alone is read */
    none.code = c->code;
    MU_TRY(mu_arena_copy(b->arena, &ended, &none, 1, sizeof none));
    e->hazard = ended;
    return MUSTER_OK;
}

/* What has ended before the start has never been there. */
static bool is_never(const mu_hazard_change *c, int64_t at_ms) {
    return at_ms <= 0 && !c->hazard;
}

static muster_status add_rule(mu_course_build *b, uint32_t rule) {
    const mu_hazard_ground *h         = &b->ground->hazard[rule];
    const char             *code      = b->ground->file->hazard[rule].code;
    const int64_t           length_ms = b->ground->file->about.length_ms;
    uint32_t                number    = 0;
    for (uint32_t c = 0; c < h->change_count; ++c) {
        const int64_t at_ms = h->change[c].at_ms + b->late_ms[rule];
        if (at_ms >= length_ms) break;
        if (at_ms <= 0 && is_overtaken(h, c, b->late_ms[rule])) continue;
        if (is_never(&h->change[c], at_ms)) continue;
        MU_TRY(add_change(b, code, &h->change[c], ++number, at_ms > 0 ? at_ms : 0));
    }
    return MUSTER_OK;
}

muster_status mu_build_hazards(mu_course_build *b) {
    for (uint32_t h = 0; h < b->ground->file->hazard_count; ++h) MU_TRY(add_rule(b, h));
    return MUSTER_OK;
}
