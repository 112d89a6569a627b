/* What muster_database_check and muster_database_copy tell. */
#ifndef MU_GIS_DATABASE_REPORT_H
#define MU_GIS_DATABASE_REPORT_H

#include <muster/database.h>

#include "gis/row_checker.h"

muster_status mu_report_new(muster_database_report **out);
/* Begin a table; rows and faults are its from now on. */
void mu_report_begin(muster_database_report *report, const mu_schema_table *table);
void mu_report_is_there(muster_database_report *report, bool is_there);
void mu_report_row(muster_database_report *report);
/* Of each table the first 1,000 are kept, all are counted. */
muster_status mu_report_fault(muster_database_report *report, const mu_fault *fault);

#endif
