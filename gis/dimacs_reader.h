/* The text files of the DIMACS challenges, line by line, gzipped or not. Every failure
 * names file, line and value. */
#ifndef MU_GIS_DIMACS_READER_H
#define MU_GIS_DIMACS_READER_H

#include "core/error.h"

enum { MU_DIMACS_LINE_BYTES = 256 };

typedef struct mu_dimacs_file {
    const char     *path;
    const char     *phase;
    void           *gz;
    uint64_t        line;         /* of the line in hand, from 1 */
    double          stored_bytes; /* size on disk; 0 where unknown */
    muster_progress progress;
    void           *progress_user;
    const char     *cursor; /* what is left of the line in hand */
    char            text[MU_DIMACS_LINE_BYTES];
} mu_dimacs_file;

muster_status mu_dimacs_open(mu_dimacs_file *file, const char *path, const char *phase,
                             muster_progress progress, void *progress_user);
void          mu_dimacs_close(mu_dimacs_file *file);

/* Go to the next line that is neither blank nor a comment; *out is false at the end of
 * the file, else the cursor stands at the line's first letter. */
muster_status mu_dimacs_next_line(mu_dimacs_file *file, bool *out);

/* Read a word that must be there, a whole number within bounds, and the end of the line.
 * `what` names the field in the message. */
muster_status mu_dimacs_expect_word(mu_dimacs_file *file, const char *word);
muster_status mu_dimacs_read_integer(mu_dimacs_file *file, const char *what, int64_t min,
                                     int64_t max, int64_t *out);
muster_status mu_dimacs_end_line(mu_dimacs_file *file);

#endif
