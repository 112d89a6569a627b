/** @file muster/scenario_file.h
 *  What a planner writes to see what would happen: a TOML file that names a store with roads and units, and
 *  says what happens there from outside: calls, hazards, failures; what is expected of the answer, and by
 *  which policies it is given. docs/scenarios.md describes the file, docs/scenario.schema.json says
 *  exactly what is taken. Part of libmuster_simulation. */
#ifndef MUSTER_SCENARIO_FILE_H
#define MUSTER_SCENARIO_FILE_H

#include <muster/policy.h>
#include <muster/problem.h>
#include <muster/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A scenario file that was read. It is never changed, and may be used by several threads at once. */
typedef struct muster_scenario_file muster_scenario_file;

/** What a file says of itself. All texts are the file's. */
typedef struct muster_scenario_about {
    const char *path; /**< As it was given. */
    const char *code; /**< "plum-rain": 1 to 32 of a-z, 0-9, '-' and '_'. */
    const char *name;
    const char *name_zh, *about, *about_zh; /**< Each may be NULL. */
    /** Where roads and units are: a path, from the working directory, or a connection. */
    const char *store;
    const char
            *store_scenario; /**< Which of its scenarios says what they weigh; NULL: the default. */
    int64_t  start_at_ms;    /**< Since 1970, UTC. */
    int64_t  length_ms;      /**< 1 minute to 31 days. */
    int32_t  clock_offset_min; /**< Of the clock on the wall where it happens, before UTC. */
    uint64_t seed;
    uint32_t replication_count; /**< How often it is played where nobody says otherwise. */
    uint32_t assumption_count, assumption_zh_count, source_count;
    const char *const *assumption, *const *assumption_zh; /**< One sentence each. */
    const char *const *source; /**< Whose data and papers it stands on. */
} muster_scenario_about;

/** What is expected: that the first who is sent is on scene within `response_ms` of the report. Of
 *  several that are of an incident the first counts. */
typedef struct muster_standard {
    const char *type;     /**< Of calls of this type; NULL: of any. */
    uint8_t     severity; /**< Of this severity; MUSTER_SEVERITY_COUNT: of any. */
    int64_t     response_ms;
} muster_standard;

/** Read a scenario file.
 *  @param out    receives what it says, yours: muster_scenario_file_free
 *  @param path   the file
 *  @param store  the store to take instead of the one that the file names; NULL: that one, which is
 *                looked for from the file's folder. It is not opened.
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT with the line where it is no TOML, MUSTER_E_INVALID naming file,
 *          line, table, key, value and what was expected, MUSTER_E_NOMEM. O(size). */
MUSTER_API muster_status muster_scenario_file_read(muster_scenario_file **out, const char *path,
                                                   const char *store);
/** The same, with other values in the place of some of the file's, before anything is judged.
 *  @param out             as for muster_scenario_file_read
 *  @param path            the file
 *  @param store           as for muster_scenario_file_read
 *  @param override_count  how many overrides
 *  @param override        [override_count] "KEY=VALUE": the value as TOML writes it, the key a path
 *                         of names with dots between them, in which a table of a list goes by its
 *                         `code` (or `name`, or `type`): "call.cardiac.when.per_h=4",
 *                         "policy.muster.interval_min=5". What is not in the file is added; what no
 *                         file may have is refused as it would be in one.
 *  @return MUSTER_E_INVALID naming the override too. */
MUSTER_API muster_status muster_scenario_file_read_with(muster_scenario_file **out,
                                                        const char *path, const char *store,
                                                        uint32_t           override_count,
                                                        const char *const *override);
MUSTER_API void          muster_scenario_file_free(muster_scenario_file *file);

/** Read the scenario of the store that a file names: whole (muster_scenario_load_whole) where it calls up
 *  units that are not available, else as muster_scenario_load.
 *  @param out   receives the scenario, yours: muster_scenario_free
 *  @param file  only read
 *  @return as muster_scenario_load */
MUSTER_API muster_status muster_scenario_file_load(muster_scenario           **out,
                                                   const muster_scenario_file *file);

MUSTER_API const muster_scenario_about                                   *
muster_scenario_file_about(const muster_scenario_file *file);
MUSTER_API const muster_standard *muster_scenario_file_standards(const muster_scenario_file *file,
                                                                 uint32_t *out_count);
/** The built-in policies, as the file may have changed them, then its own in the order of the file. */
MUSTER_API const muster_policy *muster_scenario_file_policies(const muster_scenario_file *file,
                                                              uint32_t *out_count);
/** The policy of that name; NULL: there is none. */
MUSTER_API const muster_policy *muster_scenario_file_policy(const muster_scenario_file *file,
                                                            const char                 *name);

#ifdef __cplusplus
}
#endif
#endif
