/* The words of what `muster plan` prints, by language. */
#ifndef CLI_PLAN_WORDS_H
#define CLI_PLAN_WORDS_H

#include <muster/language.h>
#include <muster/plan.h>

#include "cli/plan_view.h"

/* Those that end in _form are formats: of numbers that are grouped for reading (%s), or as they are. */
typedef struct plan_words {
    const char *all;
    const char *incidents, *total, *state[PLAN_STATE_COUNT];
    const char *needs, *asked, *sent, *missing, *met;
    const char *arrivals, *count, *median, *most_by, *last, *late;
    const char *minutes_form, *hours_form;  /* of minutes; of hours and minutes */
    const char *free, *free_people_form;    /* of teams and people, ... */
    const char *free_things_form;           /* ... of vehicles, machines and items */
    const char *shipments, *shipments_form; /* of vehicles, tonnes and cubic metres */
    const char *shortages, *why, *more_form;
    const char *reason[MUSTER_UNMET_NO_VEHICLE + 1];
    const char *quality, *tier[MUSTER_TIER_COUNT];
    const char *no_bound, *proven, *bound_form; /* of a bound and a percentage */
    const char *time, *time_form;               /* of seconds until the first plan, and this one */
    const char *compared, *this_plan, *greedy, *difference;
    const char *missing_of_form; /* of a resource */
    const char *median_arrival, *minutes;
    const char *changes;
} plan_words;

extern const plan_words PLAN_WORDS[MUSTER_LANGUAGE_COUNT];

#endif
