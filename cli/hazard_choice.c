/* See hazard_choice.h. */
#include "cli/hazard_choice.h"

#include <muster/moment.h>
#include <string.h>
#include <time.h>

#include "cli/arguments.h"

bool hazard_choice_set_moment(hazard_choice *choice, const char *value) {
    choice->at = value;
    if (strcmp(value, "now") != 0) return muster_moment_parse(value, &choice->at_s);
    choice->at_s = (int64_t)time(NULL);
    return true;
}

static error_t take_moment(hazard_choice *choice, const char *value) {
    if (hazard_choice_set_moment(choice, value)) return 0;
    return arguments_reject(
        "--at is \"%s\"; expected a moment with Z or its offset from UTC, as in "
        "2026-07-01T14:30:00+08:00, or now",
        value);
}

error_t hazard_choice_add_file(hazard_choice *choice, const char *path) {
    if (choice->file_count == HAZARD_MOST_FILES) {
        return arguments_reject("more than %d files of hazards", HAZARD_MOST_FILES);
    }
    choice->file[choice->file_count++] = path;
    return 0;
}

error_t hazard_choice_take(hazard_choice *choice, int key, const char *value) {
    switch (key) {
    case KEY_HAZARDS:
        return hazard_choice_add_file(choice, value);
    case KEY_AT:
        return take_moment(choice, value);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

error_t hazard_choice_check(hazard_choice *choice, const char *store) {
    if (choice->file_count > 0 && !choice->at) {
        return arguments_reject(
            "--hazards without --at; expected the moment at which they hold, or "
            "--at now");
    }
    return choice->at && choice->file_count == 0 ? hazard_choice_add_file(choice, store) : 0;
}
