/* The tables of a muster database, described once for all the stores that hold them: PostGIS
 * (schema.sql and gis/migrations), GeoPackage (geopackage.sql and geopackage_scenario.sql) and
 * folders of CSV and GeoJSON. What moves rows and what checks them works from here and knows no
 * table by name; tests compare this description with both catalogs. */
#ifndef MU_GIS_SCHEMA_TABLES_H
#define MU_GIS_SCHEMA_TABLES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum mu_column_type {
    MU_TYPE_BOOLEAN, /* boolean; 0 or 1 in a GeoPackage */
    MU_TYPE_INTEGER, /* integer */
    MU_TYPE_BIGINT,  /* bigint */
    MU_TYPE_REAL,    /* double precision: any finite number */
    MU_TYPE_TEXT,    /* text: UTF-8 without NUL */
    MU_TYPE_JSON,    /* json: a text that is a JSON object */
    MU_TYPE_MOMENT,  /* timestamptz(0); ISO 8601 to the second elsewhere */
    MU_TYPE_INSTANT, /* timestamptz, to the microsecond */
    MU_TYPE_GEOMETRY /* in WGS 84 */
} mu_column_type;

/* Types of a geometry by their number in well-known binary, as bits. */
enum {
    MU_SHAPE_POINT   = 1 << 1,
    MU_SHAPE_LINE    = 1 << 2,
    MU_SHAPE_POLYGON = 1 << 3,
    MU_SHAPE_POINTS  = 1 << 4, /* MULTIPOINT */
    MU_SHAPE_LINES   = 1 << 5, /* MULTILINESTRING */
    MU_SHAPE_AREAS   = 1 << 6, /* MULTIPOLYGON */
    MU_SHAPE_AREA    = MU_SHAPE_POLYGON | MU_SHAPE_AREAS,
    MU_SHAPE_ANY = MU_SHAPE_POINT | MU_SHAPE_LINE | MU_SHAPE_AREA | MU_SHAPE_POINTS | MU_SHAPE_LINES
};

typedef struct mu_schema_column {
    const char    *name;
    mu_column_type type;
    bool           may_be_null;
    bool           is_bounded;  /* by the next two, ends included */
    double         least, most; /* a number's, or the bytes of a text */
    bool           excludes_least;
    const char    *words;        /* "no only penalty": the values there are; NULL: any */
    const char    *digits;       /* "6 9 12": a text of so many digits; NULL: any */
    uint32_t       shapes;       /* of a geometry: what it may be */
    bool           has_fallback; /* older files lack the column, which then is `fallback` */
    int64_t        fallback;     /* ... unless it may be NULL: then it is that */
} mu_schema_column;

/* Columns that together lead to the columns of a row of `table`, or are NULL, one or all. */
typedef struct mu_schema_reference {
    const char *columns; /* "scenario incident" */
    const char *table;
    const char *to;        /* "scenario code" */
    const char *resources; /* of a kind: "people vehicle", the resources it may be of; NULL: any */
} mu_schema_reference;

enum { MU_SCHEMA_REFERENCES = 4, MU_SCHEMA_UNIQUE = 2, MU_SCHEMA_COLUMNS = 24 };

/* What a value of a row must be because of another; NULL where nothing is wrong, else what was
 * expected of *out_column. A row is as mu_row_value gives it. */
struct mu_value;
struct mu_schema_table;
typedef const char *mu_schema_rule(const struct mu_schema_table *table, const struct mu_value *row,
                                   uint32_t *out_column);

/* A table. Its first column is its primary key. Those that it refers to come before it. */
typedef struct mu_schema_table {
    const char             *name;
    const char             *title;        /* one line about it */
    bool                    is_network;   /* a GeoPackage of a network alone has it, too */
    bool                    is_site;      /* its points should be near the network */
    bool                    has_resource; /* its columns resource and code name a unit */
    uint32_t                column_count;
    const mu_schema_column *column;
    const char             *unique[MU_SCHEMA_UNIQUE]; /* "scenario code", beside the key; or NULL */
    mu_schema_reference     reference[MU_SCHEMA_REFERENCES];
    mu_schema_rule         *rule; /* NULL: none */
} mu_schema_table;

const mu_schema_table *mu_schema_tables(uint32_t *out_count);
/* NULL where there is none of that name. */
const mu_schema_table *mu_schema_table_find(const char *name);
/* The position of a column, or MUSTER_NONE. */
uint32_t mu_schema_column_find(const mu_schema_table *table, const char *name);
/* The position of the geometry column, or MUSTER_NONE. */
uint32_t mu_schema_geometry(const mu_schema_table *table);

/* The positions of the columns that `names` lists, up to `room` of them. */
uint32_t mu_schema_columns(const mu_schema_table *table, const char *names, uint32_t room,
                           uint32_t *out);
/* Is the word of that length one of those in `words`? */
bool mu_schema_has_word(const char *words, const char *word, uint64_t length);

#endif
