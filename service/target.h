/* What a request asks for: the path and the options of its first line. */
#ifndef SERVICE_TARGET_H
#define SERVICE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

enum { MU_TARGET_MAX_SEGMENTS = 8, MU_TARGET_MAX_OPTIONS = 32 };

typedef struct mu_option {
    const char *name, *value;
} mu_option;

/* Everything points into the text that was parsed. */
typedef struct mu_target {
    uint32_t    segment_count; /* of "/v1/health": 2 */
    const char *segment[MU_TARGET_MAX_SEGMENTS];
    uint32_t    option_count;
    mu_option   option[MU_TARGET_MAX_OPTIONS]; /* no two of one name */
} mu_target;

/* What is wrong: NULL, or what was expected, and whether that concerns what follows the '?'. */
typedef struct mu_target_fault {
    const char *expected;
    bool        is_in_options;
} mu_target_fault;

/* Take "/v1/table/light/1,2;3,4?sources=0" apart, in place: percent signs are decoded, after
 * splitting, so that "%2F" is no separator. A plus sign is a plus sign. */
mu_target_fault mu_target_parse(mu_target *out, char *text);

/* The value of an option, or NULL where it is not given. */
const char *mu_target_option(const mu_target *target, const char *name);

/* Does a path follow a pattern, "/v1/nearest/{profile}/{coordinates}"? */
bool mu_target_matches(const mu_target *target, const char *pattern);
/* The segment in the place of {name} in a pattern that the path follows; NULL: none is called so. */
const char *mu_target_segment(const mu_target *target, const char *pattern, const char *name);

#endif
