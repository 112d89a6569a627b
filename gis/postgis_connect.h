/* Connecting to PostgreSQL and waiting until it is done, without a word on standard error. */
#ifndef MU_GIS_POSTGIS_CONNECT_H
#define MU_GIS_POSTGIS_CONNECT_H

#include <libpq-fe.h>

/* As PQconnectdbParams with expand_dbname, connect_timeout included. *out is for PQfinish, also where it
 * has failed; NULL: there is no memory.
 * @return NULL: it is connected; else why it is not, which lives as long as *out */
const char *mu_postgis_connect(PGconn **out, const char *const *keyword, const char *const *value);

/* For PQsetNoticeReceiver, where a connection is made in another way: libpq would print it. */
void mu_postgis_ignore_notice(void *unused, const PGresult *result);

#endif
