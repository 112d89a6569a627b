/** @file muster/course.h
 *  The course of a scenario: all that happens from outside in one replication, drawn from its file. The same
 *  seed and replication make the same course, whoever dispatches and however (common random numbers). What
 *  it holds are events of muster/event.h, so it can be told to a live session too. Part of
 *  libmuster_simulation. */
#ifndef MUSTER_COURSE_H
#define MUSTER_COURSE_H

#include <muster/event.h>
#include <muster/scenario_file.h>
#include <muster/store.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_course muster_course;

/** Draw a course.
 *  @param out          receives the course, yours: muster_course_free
 *  @param file         what may happen; it must outlive the course
 *  @param scenario     where: the one that the file names (muster_scenario_file_load); only read
 *  @param seed         what it is drawn from
 *  @param replication  which of the courses of that seed
 *  @return MUSTER_E_INVALID where the file names what the scenario lacks, a place that there is not, an
 *          area that encloses nothing, or makes more than a million of anything; as
 *          muster_named_sites_load and muster_hazards_add_geojson; MUSTER_E_NOMEM.
 *  O(n log n) in events; areas of hazards and lists of places are made anew by each call. */
MUSTER_API muster_status muster_course_draw(muster_course **out, const muster_scenario_file *file,
                                            const muster_scenario *scenario, uint64_t seed,
                                            uint32_t replication);
MUSTER_API void          muster_course_free(muster_course *course);

/** By time, and at one time hazards first, then earthquakes, roads, units, calls and their growth. Ids are unique. They
 *  are the course's. */
MUSTER_API const muster_event *muster_course_events(const muster_course *course,
                                                    uint32_t            *out_count);
/** What the calls of an incident are called in the file (`type`); NULL: there is no such incident.
 *  O(log n). */
MUSTER_API const char *muster_course_incident_type(const muster_course *course,
                                                   const char          *incident_code);

#ifdef __cplusplus
}
#endif
#endif
