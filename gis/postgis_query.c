/* See postgis_query.h. Fields become cells in place, all of a row before it is given on: whoever reads it
 * asks for most of them anyway. */
#include "gis/postgis_query.h"

#include "gis/postgis_cell.h"

typedef struct row_in_hand {
    mu_row            row; /* the first member: a row leads to its cells */
    const mu_postgis *postgis;
    mu_postgis_type   type[MU_COPY_COLUMNS];
    mu_cell           cell[MU_COPY_COLUMNS];
    char              moment[MU_COPY_COLUMNS][MU_INSTANT_BYTES];
} row_in_hand;

static muster_status take_cell(const mu_row *row, int column, mu_cell *out) {
    *out = ((const row_in_hand *)row)->cell[column];
    return MUSTER_OK;
}

static const char *column_name(const mu_row *row, int column) {
    return mu_postgis_column_name(((const row_in_hand *)row)->postgis, (uint32_t)column);
}

static void learn_types(row_in_hand *r, const mu_copy_out *queries) {
    const uint32_t geometry = mu_postgis_geometry_oid(r->postgis);
    for (uint32_t c = 0; c < queries->column_count; ++c) {
        r->type[c] = mu_postgis_type_of(mu_postgis_column_oid(r->postgis, c), geometry);
    }
}

static muster_status next(mu_copy_out *queries, row_in_hand *r, bool *out_row) {
    mu_copy_field field[MU_COPY_COLUMNS];
    MU_TRY(mu_copy_out_next(queries, field, out_row));
    for (uint32_t c = 0; *out_row && c < queries->column_count; ++c) {
        r->cell[c] = (mu_cell){.type = MU_CELL_NULL};
        if (!field[c].bytes) continue;
        if (!mu_postgis_cell(&r->cell[c], r->type[c], field[c].bytes, field[c].size,
                             r->moment[c])) {
            return mu_copy_out_damaged(queries, mu_postgis_column_name(r->postgis, c));
        }
    }
    return MUSTER_OK;
}

muster_status mu_postgis_read(mu_copy_out *queries, mu_read_row *read_row, void *user) {
    row_in_hand r = {.postgis = queries->postgis};
    MU_TRY(mu_copy_out_begin(queries));
    r.row =
        (mu_row){mu_postgis_name(queries->postgis), queries->doing.table, take_cell, column_name};
    learn_types(&r, queries);
    for (bool there;;) {
        MU_TRY(next(queries, &r, &there));
        if (!there) return MUSTER_OK;
        MU_TRY(read_row(user, &r.row));
    }
}

muster_status mu_postgis_query(mu_postgis *postgis, const char *table, const char *sql,
                               mu_read_row *read_row, void *user) {
    mu_copy_out   query  = {.postgis = postgis};
    muster_status status = mu_copy_out_ask(&query, table, sql);
    if (status == MUSTER_OK) status = mu_postgis_read(&query, read_row, user);
    mu_copy_out_fini(&query);
    return status;
}
