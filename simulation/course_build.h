/* A course in the making: each kind of thing that happens adds its events, which are put in order in the end. */
#ifndef MU_SIMULATION_COURSE_BUILD_H
#define MU_SIMULATION_COURSE_BUILD_H

#include "session/arena.h"
#include "simulation/course.h"
#include "simulation/ground.h"

/* Of things that happen at the same moment, these come in this order. */
typedef enum mu_course_rank {
    MU_RANK_HAZARD,
    MU_RANK_EARTHQUAKE,
    MU_RANK_ROAD,
    MU_RANK_UNIT,
    MU_RANK_CALL,
    MU_RANK_SEVERITY,
    MU_RANK_NEEDS
} mu_course_rank;

typedef struct mu_course_draft {
    uint8_t      rank;  /* a mu_course_rank */
    uint32_t     order; /* in which it was added */
    muster_event event;
} mu_course_draft;

typedef struct mu_course_build {
    const mu_ground    *ground;
    uint64_t            seed;
    uint32_t            replication;
    mu_arena           *arena;
    int64_t            *late_ms; /* of each hazard rule */
    uint32_t            draft_count, incident_count;
    mu_course_draft    *draft;
    mu_course_incident *incident;
    size_t              draft_capacity, incident_capacity;
} mu_course_build;

/* How much later a hazard of the file is in this course; NULL: none is meant. */
int64_t   mu_build_lateness(const mu_course_build *build, const char *hazard);
mu_stream mu_build_stream(const mu_course_build *build, mu_purpose purpose, const char *entity);

/* An event with type, time and id: "WORD/CODE/NUMBER", or with "/end" behind it. `at_ms` from the start.
 * *out is the build's, for the caller to fill in; it moves when the next one is added. Texts that it is
 * given have to outlive the course. */
muster_status mu_build_event(mu_course_build *build, mu_course_rank rank, muster_event_type type,
                             int64_t at_ms, const char *code, uint32_t number, bool is_end,
                             muster_event **out);
/* A text in the course's arena, as printf writes it. */
muster_status mu_build_text(mu_course_build *build, const char **out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A number of milliseconds that is drawn, rounded. */
int64_t mu_draw_ms(const mu_distribution *distribution, mu_stream stream, uint64_t index);

muster_status mu_build_hazards(mu_course_build *build);
muster_status mu_build_calls(mu_course_build *build);
muster_status mu_build_road_failures(mu_course_build *build);
muster_status mu_build_unit_failures(mu_course_build *build);
muster_status mu_build_call_ups(mu_course_build *build);
muster_status mu_build_earthquakes(mu_course_build *build);

#endif
