/* A thin, safe layer over SQLite.
 *
 * Reading: the file is somebody else's and may be damaged or hostile. It is opened for
 * reading only, as one snapshot, and nothing is created beside it. Values of a row are judged
 * in row.h.
 *
 * Writing: a new file grows beside its target and takes the target's name only when it is
 * whole. A file that is live changes in place, by transactions. */
#ifndef MU_GIS_DATABASE_H
#define MU_GIS_DATABASE_H

#include "gis/row.h"

typedef struct mu_database mu_database;

/* Open for reading. MUSTER_E_IO: not there, not readable; MUSTER_E_FORMAT: not SQLite. */
muster_status mu_database_open(mu_database **out, const char *path);

/* Open for reading and writing while others read and write it: a log beside the file (SQLite's WAL)
 * lets everybody read on meanwhile, and what has been committed is on disk. Outside of BEGIN IMMEDIATE
 * and COMMIT each statement is a transaction of its own; who finds the file locked waits two seconds.
 * The last to close it takes the file out of WAL mode, with nothing left beside it; a process that is
 * killed leaves the log, which the next to open the file works in. No triggers run. A failure is
 * MUSTER_E_IO where the file, or its file system, cannot be written so. */
muster_status mu_database_open_live(mu_database **out, const char *path);

/* Start a new file in one transaction; mu_database_publish makes it appear. */
muster_status mu_database_create(mu_database **out, const char *path);
/* Start a new file as a copy of what `source` holds now, of everything in it, in one
 * transaction. The copy is as little trusted as the source. Triggers do not run. */
muster_status mu_database_copy(mu_database **out, mu_database *source, const char *path);
/* Finish, sync to disk, and take the target's place. Only mu_database_close may follow. */
muster_status mu_database_publish(mu_database *database);

/* Give back. What a live database has not committed is undone. A created file that was not published is removed. NULL is welcome. */
void mu_database_close(mu_database *database);

/* The path for error messages: as it was given, but for a very long one's beginning. */
const char *mu_database_name(const mu_database *database);

/* Run statements that return nothing. `table` is for the error message. */
muster_status mu_database_execute(mu_database *database, const char *table, const char *sql);
/* Is there an ordinary table (no view, no virtual table) of that name? */
muster_status mu_database_has_table(mu_database *database, const char *table, bool *out);

/* Has that table a column of that name which holds values of its own (not generated)? */
muster_status mu_database_has_column(mu_database *database, const char *table, const char *column,
                                     bool *out);

/* One prepared statement, and the row that it is at. By convention the first column
 * that is selected, or bound, is the row's key: it names the row in messages. */
typedef struct mu_statement mu_statement;

/* The database must outlive the statement. `table` is static; it is for messages. */
muster_status mu_statement_new(mu_statement **out, mu_database *database, const char *table,
                               const char *sql);
void          mu_statement_free(mu_statement *statement);

/* Parameters count from 1. What fails here is reported by the next run or next. Texts and
 * blobs are borrowed until the statement is run, bound anew or freed. */
void mu_bind_null(mu_statement *statement, int parameter);
void mu_bind_int(mu_statement *statement, int parameter, int64_t value);
void mu_bind_real(mu_statement *statement, int parameter, double value);
void mu_bind_text(mu_statement *statement, int parameter, const char *text);
void mu_bind_blob(mu_statement *statement, int parameter, const void *blob, size_t size);
/* A text of `size` bytes, of which a copy is made. */
void mu_bind_text_copy(mu_statement *statement, int parameter, const char *text, size_t size);

/* Run a statement that returns no row, and make it ready to be bound again. */
muster_status mu_statement_run(mu_statement *statement);
/* Go to the next row; *out_row is false behind the last. */
muster_status mu_statement_next(mu_statement *statement, bool *out_row);

/* The row that the statement is at. */
const mu_row *mu_statement_row(const mu_statement *statement);
/* Whatever a column of it is; a blob as MU_FORM_WKB. */
struct mu_value;
muster_status mu_column_value(const mu_statement *statement, int column, struct mu_value *out);

#endif
