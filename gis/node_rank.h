/* The column node.rank: in which order a hierarchy eliminates the nodes. All rows have one,
 * then they are 0, 1, 2... in some order, or none has. */
#ifndef MU_GIS_NODE_RANK_H
#define MU_GIS_NODE_RANK_H

#include "gis/row.h"

/* Read rank[v], MUSTER_NONE for NULL; a number where the rows before have none, or the other
 * way round, is MUSTER_E_INVALID. */
muster_status mu_rank_read(const mu_row *row, int column, uint32_t *rank, uint32_t v);

/* MUSTER_E_INVALID naming the first row whose rank is too large or another's as well. */
muster_status mu_ranks_check(uint32_t count, const int64_t *node_id, const uint32_t *rank,
                             const char *file_name);

#endif
