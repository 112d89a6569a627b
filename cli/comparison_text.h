/* A comparison for people and for programs. */
#ifndef CLI_COMPARISON_TEXT_H
#define CLI_COMPARISON_TEXT_H

#include <stdio.h>

#include <jansson.h>

#include "cli/comparison.h"

/* Room for a sentence, its end included. */
enum { CONCLUSION_BYTES = 512 };

/* "muster meets 4.1 points more of the need than greedy (95 %: 2.9 to 5.3) over 30 replications":
 * false where nothing is shown about the measure. */
bool comparison_conclude(char out[CONCLUSION_BYTES], const comparison *c, measure_id measure);

void comparison_print(FILE *stream, const comparison *c, const results *r);
void comparison_write_csv(FILE *stream, const comparison *c);
/* A new reference; NULL where memory ran out. */
json_t *comparison_json(const comparison *c, const results *r);

#endif
