/* A value as PostgreSQL sends it, in its binary format, becomes a cell. */
#ifndef MU_GIS_POSTGIS_CELL_H
#define MU_GIS_POSTGIS_CELL_H

#include "gis/instant.h"
#include "gis/postgis_copy_format.h"
#include "gis/row.h"

/* What is told apart; anything else is bytes. */
typedef enum mu_postgis_type {
    MU_POSTGIS_BYTES,
    MU_POSTGIS_BOOLEAN, /* 1 or 0, as in a GeoPackage */
    MU_POSTGIS_INT,     /* of 2, 4 or 8 bytes */
    MU_POSTGIS_FLOAT,   /* of 4 or 8 bytes */
    MU_POSTGIS_NUMERIC, /* whole ones become whole numbers */
    MU_POSTGIS_TEXT,
    MU_POSTGIS_MOMENT, /* a text, to the second: "2026-07-01T06:30:00Z" */
    MU_POSTGIS_GEOMETRY
} mu_postgis_type;

/* By the type's object identifier; that of PostGIS's geometry differs from database to database. */
mu_postgis_type mu_postgis_type_of(uint32_t oid, uint32_t geometry_oid);

/* False where the bytes are no value of that type. They are changed, and so are the
 * MU_COPY_LENGTH_BYTES before them; texts and blobs lie there, moments in `moment`. */
bool mu_postgis_cell(mu_cell *out, mu_postgis_type type, unsigned char *data, uint32_t size,
                     char moment[MU_INSTANT_BYTES]);

#endif
