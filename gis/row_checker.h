/* Are the rows of a store right? One table after the other, in the order of mu_schema_tables, every row
 * once: what a row refers to has then been met before. */
#ifndef MU_GIS_ROW_CHECKER_H
#define MU_GIS_ROW_CHECKER_H

#include "gis/value.h"

#include "core/error.h"

enum { MU_ROW_NAME_BYTES = 120 };

typedef struct mu_fault {
    const mu_schema_table *table;
    const char            *column;                 /* "" where no single one is wrong */
    char                   row[MU_ROW_NAME_BYTES]; /* "fid 17"; "" of the whole table */
    char                   value[MU_SHOWN_BYTES];
    char                   expected[MU_REASON_BYTES];
} mu_fault;

/* Told of every fault; a failure ends the checking. */
typedef muster_status mu_fault_found(void *user, const mu_fault *fault);

typedef struct mu_row_checker mu_row_checker;

/* @param looks_around  sites that are far from the network are faults */
muster_status mu_row_checker_new(mu_row_checker **out, mu_fault_found *found, void *user,
                                 bool looks_around);
void          mu_row_checker_free(mu_row_checker *checker); /* NULL is welcome */

muster_status mu_row_checker_begin(mu_row_checker *checker, const mu_schema_table *table);
/* The bounds of the row's geometry are set. */
muster_status mu_row_checker_row(mu_row_checker *checker, const mu_value *value,
                                 mu_bounds *out_bounds);
muster_status mu_row_checker_end(mu_row_checker *checker);

#endif
