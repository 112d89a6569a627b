#include "gis/store.h"

#include <muster/database.h>
#include <muster/store.h>

#include "gis/connection_string.h"
#include "gis/geopackage_store.h"
#include "gis/postgis_store.h"
#include "gis/utf8.h"

muster_status muster_store_name(char *out, size_t room, const char *place) {
    if (muster_database_is_server(place)) return mu_connection_name(out, room, place);
    mu_keep_end(out, room, place);
    return MUSTER_OK;
}

muster_status mu_store_open(mu_store **out, const char *place) {
    return muster_database_is_server(place) ? mu_postgis_store_open(out, place)
                                            : mu_geopackage_store_open(out, place);
}

void mu_store_close(mu_store *store) {
    if (store) store->close(store);
}

muster_status mu_store_has_table(mu_store *store, const char *table, bool *out) {
    return store->has_table(store, table, out);
}

muster_status mu_store_has_column(mu_store *store, const char *table, const char *column,
                                  bool *out) {
    return store->has_column(store, table, column, out);
}

muster_status mu_store_ask(mu_store *store, const mu_query *query) {
    return store->ask(store, query);
}

muster_status mu_store_read(mu_store *store, mu_read_row *read_row, void *user) {
    return store->read(store, read_row, user);
}

muster_status mu_store_query(mu_store *store, const mu_query *query, mu_read_row *read_row,
                             void *user) {
    MU_TRY(mu_store_ask(store, query));
    return mu_store_read(store, read_row, user);
}
