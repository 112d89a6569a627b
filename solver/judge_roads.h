/* What the judge has asked the road engine so far. */
#ifndef MU_SOLVER_JUDGE_ROADS_H
#define MU_SOLVER_JUDGE_ROADS_H

#include <muster/problem.h>
#include <muster/snap.h>

#include "core/error.h"
#include "solver/judge_places.h"

/* From place to place by a metric, and how long and far that is. */
typedef struct mu_judge_way {
    uint32_t metric, from, to;
    uint32_t ms; /* MUSTER_UNREACHABLE_MS: no way */
    double   m;  /* NaN: no way */
} mu_judge_way;

/* A cell of a table, by numbers of its row and column. */
typedef struct mu_judge_cell {
    uint32_t row, column;
} mu_judge_cell;

/* Travel times from many places to many: rows and columns, each place once. See judge_tables.h. */
typedef struct mu_judge_table {
    uint32_t  row_count, column_count;
    uint32_t *row_of, *column_of; /* [places.count] MUSTER_NONE: it has none */
    uint32_t *row, *column;       /* [row_count], [column_count] places */
    uint32_t *ms;                 /* [row_count * column_count] */
    uint8_t  *state;              /* the same shape: is it known? */
    uint32_t
        *summit; /* [column_count] of places that are cut off (core/query.h); else MUSTER_NONE */
    mu_judge_cell *wanted; /* [wanted_count] */
    size_t         wanted_count, wanted_capacity;
} mu_judge_table;

/* What a table is for: of one metric there are several. */
typedef enum mu_judge_table_use {
    MU_JUDGE_REASONS,
    MU_JUDGE_COVER,
    MU_JUDGE_TABLE_USES
} mu_judge_table_use;

/* Start from zeros. */
typedef struct mu_judge_roads {
    const muster_problem *problem; /* NULL: none, for now */
    uint32_t              thread_count;
    uint32_t              metric_count;
    uint64_t             *metric_id; /* [metric_count] see core/metric_id.h */
    mu_judge_places       places;
    uint32_t       *number; /* [place * metric_count + metric] in snap; MUSTER_NONE: not yet */
    muster_snap    *snap;
    size_t          snap_count, snap_capacity;
    mu_judge_way   *way; /* [way_count] in order */
    uint32_t        way_count;
    mu_judge_table *table[MU_JUDGE_TABLE_USES]; /* [metric_count] */
} mu_judge_roads;

/* From now on about this problem, which has passed muster_problem_check and stays as it is. What is known of
 * it already is kept, and of the problem before, what the two have in common: where places that are still there
 * are on the road, and ways between them, by metrics that are. `thread_count` (0: one per core) is for many questions at once.
 * MUSTER_E_NOMEM: nothing is known. */
muster_status mu_judge_roads_open(mu_judge_roads *roads, const muster_problem *problem,
                                  uint32_t thread_count);
/* The problem may change or go. The next one is compared with it by sites and metrics. */
void mu_judge_roads_leave(mu_judge_roads *roads);
void mu_judge_roads_fini(mu_judge_roads *roads);

/* Where a metric has a place on the road. */
muster_status mu_judge_snap(mu_judge_roads *roads, uint32_t metric, uint32_t place,
                            muster_snap *out);
/* How long and far each of the ways is, whose ends and metric are set. */
muster_status mu_judge_measure(mu_judge_roads *roads, uint32_t count, mu_judge_way *way);

#endif
