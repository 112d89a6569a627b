/* An output file that appears whole or not at all: written beside its target under a
 * temporary name, renamed when it is complete. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

typedef struct output {
    FILE *stream;
    char *path;      /* the target, for messages; "-" is standard output */
    char *temporary; /* NULL for standard output */
} output;

/* Open for writing. Returns COMMAND_DONE, or the exit code after saying why. */
int output_open(output *out, const char *path);
/* Flush, sync and take the target's place; what fails is said and nothing is left behind. */
int output_publish(output *out);
/* Give up: nothing is left behind. Harmless after output_publish, and on a zeroed output. */
void output_discard(output *out);

#endif
