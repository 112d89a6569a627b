/* Tells the courses of a scenario file to a session each, for tests in Python.
 *
 * usage: course_teller FILE STORE FOLDER REPLICATIONS
 * FOLDER is made and left behind with a journal in it for each replication. Prints "R EVENTS", or what was refused. */
#include <muster/course.h>
#include <muster/session.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void must(muster_status status) {
    if (status == MUSTER_OK) return;
    fprintf(stderr, "course_teller: %s\n", muster_error_message());
    exit(1);
}

static int tell(const muster_course *course, const char *store, const char *journal,
                int64_t start_at_ms, uint32_t replication) {
    muster_session        *session;
    muster_session_options open = MUSTER_SESSION_OPTIONS_INIT;
    uint32_t               count;
    const muster_event    *event  = muster_course_events(course, &count);
    muster_event_answer   *answer = calloc(count + 1, sizeof *answer);
    int                    code   = 0;
    if (!answer) return 1;
    open.store   = store;
    open.journal = journal;
    open.author  = "course_teller";
    open.now_ms  = start_at_ms;
    must(muster_session_open(&session, &open));
    must(muster_session_tell(session, count, event, answer));
    for (uint32_t e = 0; e < count; ++e) {
        if (answer[e].outcome == MUSTER_EVENT_APPLIED) continue;
        printf("%s: %s\n", event[e].id, answer[e].message);
        code = 1;
    }
    printf("%" PRIu32 " %" PRIu32 "\n", replication, count);
    muster_session_close(session);
    free(answer);
    return code;
}

int main(int argc, char **argv) {
    muster_scenario_file *file;
    muster_scenario      *scenario;
    int                   code = 0;
    if (argc != 5) return 2;
    must(muster_scenario_file_read(&file, argv[1], argv[2]));
    const muster_scenario_about *about = muster_scenario_file_about(file);
    must(muster_scenario_file_load(&scenario, file));
    if (mkdir(argv[3], 0700) != 0) return 1;
    for (uint32_t r = 0; r < (uint32_t)strtoul(argv[4], NULL, 10); ++r) {
        muster_course *course;
        char           journal[1000];
        snprintf(journal, sizeof journal, "%s/%" PRIu32, argv[3], r);
        must(muster_course_draw(&course, file, scenario, about->seed, r));
        code |= tell(course, about->store, journal, about->start_at_ms, r);
        muster_course_free(course);
    }
    muster_scenario_free(scenario);
    muster_scenario_file_free(file);
    return code;
}
