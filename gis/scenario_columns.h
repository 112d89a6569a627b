/* What the tables of a scenario share: a reader that knows the rows before, and its columns. */
#ifndef MU_GIS_SCENARIO_COLUMNS_H
#define MU_GIS_SCENARIO_COLUMNS_H

#include "gis/code_index.h"
#include "gis/scenario_rows.h"

/* A row that says something of two others: a capability of a team, a stock of an item... */
typedef struct mu_row_pair {
    const mu_coded *of, *kind;
} mu_row_pair;

typedef struct mu_scenario_table mu_scenario_table;

enum { MU_SCENARIO_TABLES = 16 }; /* more than there are */

typedef struct mu_scenario_reader {
    mu_store              *store;
    const muster_profiles *profiles;
    mu_scenario_rows      *rows;
    mu_code_index          authorities, kinds, teams, vehicles, machines, warehouses, incidents;
    /* By authority: the code of its parent, until all are known. */
    const char **parent;

    uint32_t     warehouse_count, pair_count;
    muster_unit *warehouse;
    mu_row_pair *pair; /* capabilities */
    size_t       kind_capacity, team_capacity, vehicle_capacity, machine_capacity, stock_capacity,
        incident_capacity, need_capacity, warehouse_capacity, pair_capacity, authority_capacity,
        parent_capacity, zone_capacity, rule_capacity, operator_capacity, profile_capacity,
        unavailable_capacity[MUSTER_RESOURCE_COUNT];
    /* By kind: the code of who operates it, until all are known; NULL: nobody. */
    const char **operator_kind;

    const char *last_code; /* of the row before, in tables with codes; NULL before the first */
    mu_row_pair last_pair; /* and in the others */

    /* Tables whose rows have been asked for, and how many of them have been read. */
    const mu_scenario_table *asked[MU_SCENARIO_TABLES];
    uint32_t                 asked_count, read_count;
} mu_scenario_reader;

/* A column that older files lack; `fallback` is what SQL gives in its place. */
typedef struct mu_optional_column {
    const char *name, *fallback;
} mu_optional_column;

enum { MU_OPTIONAL_COLUMNS = 6 };

struct mu_scenario_table {
    const char        *name, *columns;                /* the key first */
    mu_optional_column optional[MU_OPTIONAL_COLUMNS]; /* after these; unused: NULL */
    const char        *order;                         /* WHERE and ORDER BY */
    mu_read_row       *read_row;
    size_t             index; /* offset of the reader's index to be sorted afterwards, or 0 */
};

/* Ask for the rows of a table. `argument` is parameter 1; NULL where there is none. One that
 * `is_optional` may be missing. */
muster_status mu_scenario_ask(mu_scenario_reader *reader, const mu_scenario_table *table,
                              const char *argument, bool is_optional);
/* Read them, in the order of asking; nothing where the table is missing. */
muster_status mu_scenario_read_table(mu_scenario_reader *reader, const mu_scenario_table *table);

/* Room for one more row, in an array of `used`. */
muster_status mu_scenario_make_room(const mu_row *row, void *inout, size_t *capacity, uint32_t used,
                                    size_t size);
/* The key of a row, which no row before has. */
muster_status mu_scenario_code(mu_scenario_reader *reader, const mu_row *row, const char **out);
/* A text that may be NULL. */
muster_status mu_scenario_name(mu_scenario_reader *reader, const mu_row *row, int column,
                               const char **out);
/* Seconds as milliseconds. */
muster_status mu_scenario_seconds(const mu_row *row, int column, uint32_t *out_ms);
/* The same, 0 where it is NULL. */
muster_status mu_scenario_seconds_or_0(const mu_row *row, int column, uint32_t *out_ms);
/* A reference to a row of `table`. */
muster_status mu_scenario_reference(const mu_row *row, int column, const char *table,
                                    const mu_code_index *index, const mu_coded **out);
muster_status mu_scenario_kind(const mu_scenario_reader *reader, const mu_row *row, int column,
                               muster_resource resource, uint32_t *out);
/* Both references of a row, columns 1 and 2; the same two must not have been those of the row
 * before. */
muster_status mu_scenario_pair(mu_scenario_reader *reader, const mu_row *row, const char *table,
                               const mu_code_index *index, mu_row_pair *out);
/* Who is over a unit or incident at the place named in a column, which may be NULL, and kept by
 * `tier`: NULL, or a column with one of our levels or with anything else. */
muster_status mu_scenario_authority(const mu_scenario_reader *reader, const mu_row *row,
                                    int place_column, int tier_column, uint32_t *out);

#endif
