/* The points of a sweep: one value for each key, in all combinations. */
#ifndef CLI_SWEEP_GRID_H
#define CLI_SWEEP_GRID_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

enum { GRID_MOST_AXES = 16, GRID_MOST_VALUES = 1000, GRID_MOST_POINTS = 100000 };

typedef struct grid_axis {
    char    *key;
    uint32_t count;
    char   **value; /* as TOML writes them, without the spaces around */
} grid_axis;

/* Start from zero. */
typedef struct sweep_grid {
    uint32_t  axis_count;
    grid_axis axis[GRID_MOST_AXES];
} sweep_grid;

/* Add "KEY=V1,V2,...": commas within quotes, brackets and braces are the value's own. For parsers: what
 * arguments_reject returns, where it is wrong. */
error_t sweep_grid_add(sweep_grid *grid, const char *text);

/* How many points; 1 of a grid without axes. */
uint32_t sweep_grid_count(const sweep_grid *grid);

/* The value of an axis at a point; the last axis runs fastest. */
const char *sweep_grid_value(const sweep_grid *grid, uint32_t point, uint32_t axis);

void sweep_grid_free(sweep_grid *grid);

#endif
