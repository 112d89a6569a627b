/* --hazards and --at: which hazards, and at which moment. */
#ifndef CLI_HAZARD_CHOICE_H
#define CLI_HAZARD_CHOICE_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/named_files.h"

enum { KEY_HAZARDS = 0x300, KEY_AT };
enum { HAZARD_MOST_FILES = 64 };

/* For the list of a command's options. */
#define HAZARD_OPTIONS                                                                             \
    {"hazards",                                                                                    \
     KEY_HAZARDS,                                                                                  \
     "FILE",                                                                                       \
     FILE_READ,                                                                                    \
     "what holds at that moment: GeoJSON, a CAP message, a GeoPackage or a database; as often as " \
     "needed (the hazards and closures of the network itself)",                                    \
     0},                                                                                           \
    {                                                                                              \
        "at", KEY_AT, "MOMENT", 0, "roads as they are then: 2026-07-01T14:30:00+08:00, or now", 0  \
    }

typedef struct hazard_choice {
    uint32_t    file_count;
    const char *file[HAZARD_MOST_FILES];
    const char *at; /* as it was typed; NULL: not at all */
    int64_t     at_s;
} hazard_choice;

/* For parsers: keep the value of one of the two options; ARGP_ERR_UNKNOWN for another key. */
error_t hazard_choice_take(hazard_choice *choice, int key, const char *value);
/* The moment that `value` is; false: it is none. */
bool    hazard_choice_set_moment(hazard_choice *choice, const char *value);
error_t hazard_choice_add_file(hazard_choice *choice, const char *path);
/* For parsers at the end: reject --hazards without --at; --at alone is about the hazards of the store
 * that the command is about. */
error_t hazard_choice_check(hazard_choice *choice, const char *store);

#endif
