#include "simulation/course.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/course_build.h"

enum { ID_BYTES = MUSTER_EVENT_ID_BYTES + 1 };

static const char AUTHOR[] = "scenario";

typedef struct owned_course {
    mu_course course;
    mu_arena  arena;
} owned_course;

/* ---- building ------------------------------------------------------------------------------ */

mu_stream mu_build_stream(const mu_course_build *b, mu_purpose purpose, const char *entity) {
    return mu_stream_of(b->seed, b->replication, purpose, entity);
}

int64_t mu_build_lateness(const mu_course_build *b, const char *hazard) {
    return hazard ? b->late_ms[mu_ground_hazard(b->ground, hazard)] : 0;
}

int64_t mu_draw_ms(const mu_distribution *d, mu_stream stream, uint64_t index) {
    return (int64_t)llround(mu_distribution_draw(d, stream, index));
}

muster_status mu_build_text(mu_course_build *b, const char **out, const char *format, ...) {
    va_list arguments, again;
    char   *text;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int     size   = vsnprintf(NULL, 0, format, arguments);
    muster_status status = mu_arena_take(b->arena, &text, (size_t)size + 1, 1);
    if (status == MUSTER_OK) vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    va_end(arguments);
    MU_TRY(status);
    *out = text;
    return MUSTER_OK;
}

muster_status mu_build_event(mu_course_build *b, mu_course_rank rank, muster_event_type type,
                             int64_t at_ms, const char *code, uint32_t number, bool is_end,
                             muster_event **out) {
    static const char *const  WORD[] = {"hazard", "quake",    "road", "unit",
                                        "call",   "severity", "needs"};
    static const muster_event NONE   = MUSTER_EVENT_INIT;
    MU_TRY(mu_grow(&b->draft, &b->draft_capacity, b->draft_count, sizeof *b->draft));
    mu_course_draft *d = &b->draft[b->draft_count];
    *d                 = (mu_course_draft){(uint8_t)rank, b->draft_count, NONE};
    d->event.type      = (uint8_t)type;
    d->event.time_ms   = b->ground->file->about.start_at_ms + at_ms;
    d->event.author    = AUTHOR;
    MU_TRY(mu_build_text(b, &d->event.id, "%s/%s/%u%s", WORD[rank], code, number,
                         is_end ? "/end" : ""));
    ++b->draft_count;
    *out = &d->event;
    return MUSTER_OK;
}

static muster_status draw_lateness(mu_course_build *b) {
    const muster_scenario_file *f = b->ground->file;
    MU_TRY(mu_arena_take(b->arena, &b->late_ms, f->hazard_count, sizeof *b->late_ms));
    for (uint32_t h = 0; h < f->hazard_count; ++h) {
        const mu_stream stream = mu_build_stream(b, MU_DRAW_HAZARD_LATE, f->hazard[h].code);
        if (f->hazard[h].may_be_late) b->late_ms[h] = mu_draw_ms(&f->hazard[h].late_ms, stream, 0);
    }
    return MUSTER_OK;
}

/* ---- putting in order ---------------------------------------------------------------------- */

static int by_time(const void *a, const void *b) {
    const mu_course_draft *x = a, *y = b;
    if (x->event.time_ms != y->event.time_ms) return x->event.time_ms < y->event.time_ms ? -1 : 1;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int by_code(const void *a, const void *b) {
    return strcmp(((const mu_course_incident *)a)->code, ((const mu_course_incident *)b)->code);
}

static muster_status put_in_order(mu_course_build *b, mu_course *course) {
    muster_event *event;
    if (b->draft_count > 0) qsort(b->draft, b->draft_count, sizeof *b->draft, by_time);
    if (b->incident_count > 0) qsort(b->incident, b->incident_count, sizeof *b->incident, by_code);
    MU_TRY(mu_arena_take(b->arena, &event, b->draft_count, sizeof *event));
    for (uint32_t d = 0; d < b->draft_count; ++d) event[d] = b->draft[d].event;
    MU_TRY(mu_arena_copy(b->arena, &course->incident, b->incident, b->incident_count,
                         sizeof *b->incident));
    course->event          = event;
    course->event_count    = b->draft_count;
    course->incident_count = b->incident_count;
    return MUSTER_OK;
}

static muster_status build(mu_course_build *b, mu_course *course) {
    MU_TRY(draw_lateness(b));
    MU_TRY(mu_build_hazards(b));
    MU_TRY(mu_build_earthquakes(b));
    MU_TRY(mu_build_road_failures(b));
    MU_TRY(mu_build_unit_failures(b));
    MU_TRY(mu_build_call_ups(b));
    MU_TRY(mu_build_calls(b));
    return put_in_order(b, course);
}

muster_status mu_course_draw(mu_course **out, const mu_ground *ground, uint64_t seed,
                             uint32_t replication) {
    const muster_scenario_file *f = ground->file;
    owned_course               *owned;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&owned, 1, sizeof *owned));
    mu_course_build b = {
        .ground = ground, .seed = seed, .replication = replication, .arena = &owned->arena};
    owned->course              = (mu_course){.seed              = seed,
                                             .replication       = replication,
                                             .start_at_ms       = f->about.start_at_ms,
                                             .end_at_ms         = f->about.start_at_ms + f->about.length_ms,
                                             .destination_count = f->destination_count,
                                             .destination       = f->destination,
                                             .units             = f->units};
    const muster_status status = build(&b, &owned->course);
    mu_free(b.draft);
    mu_free(b.incident);
    if (status != MUSTER_OK) {
        mu_course_free(&owned->course);
        return status;
    }
    *out = &owned->course;
    return MUSTER_OK;
}

/* The course is the first member of what owns it. */
void mu_course_free(mu_course *course) {
    owned_course *owned = (owned_course *)course;
    if (!owned) return;
    mu_arena_fini(&owned->arena);
    mu_free(owned);
}
