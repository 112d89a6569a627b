/* Durations as people type them: "500ms", "2s", "10min", "1h". */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* Parse a number with its unit (ms, s, m or min, h), from a millisecond to `most_ms`; false
 * for anything else. A bare number is refused: a planner who means seconds and gets
 * milliseconds would never know. */
bool duration_parse(uint32_t *out_ms, const char *text, uint32_t most_ms);

#endif
