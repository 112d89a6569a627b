/* A course with its ground, for whoever draws one alone. */
#include <muster/course.h>

#include <string.h>

#include "core/alloc.h"
#include "simulation/course.h"
#include "simulation/ground.h"

struct muster_course {
    mu_ground *ground;
    mu_course *course;
};

muster_status muster_course_draw(muster_course **out, const muster_scenario_file *file,
                                 const muster_scenario *scenario, uint64_t seed,
                                 uint32_t replication) {
    muster_course *c;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&c, 1, sizeof *c));
    muster_status status = mu_ground_new(&c->ground, file, scenario);
    if (status == MUSTER_OK) status = mu_course_draw(&c->course, c->ground, seed, replication);
    if (status != MUSTER_OK) {
        muster_course_free(c);
        return status;
    }
    *out = c;
    return MUSTER_OK;
}

void muster_course_free(muster_course *c) {
    if (!c) return;
    mu_course_free(c->course);
    mu_ground_free(c->ground);
    mu_free(c);
}

const muster_event *muster_course_events(const muster_course *c, uint32_t *out_count) {
    *out_count = c->course->event_count;
    return c->course->event;
}

const char *muster_course_incident_type(const muster_course *c, const char *incident_code) {
    uint32_t low = 0, high = c->course->incident_count;
    while (low < high) {
        const uint32_t            middle = low + (high - low) / 2;
        const mu_course_incident *one    = &c->course->incident[middle];
        const int                 order  = strcmp(one->code, incident_code);
        if (order == 0) return one->type;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
