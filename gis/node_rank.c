/* See node_rank.h. How many nodes there are is known behind the last row only, so whether a
 * rank is too large is asked there, of all rows at once. */
#include "gis/node_rank.h"

#include "gis/memory.h"

enum { MOST_NODES = INT32_MAX - 1 };

muster_status mu_rank_read(const mu_row *row, int column, uint32_t *rank, uint32_t v) {
    int64_t    value   = MUSTER_NONE;
    const bool is_null = mu_column_is_null(row, column);
    if (v > 0 && is_null != (rank[0] == MUSTER_NONE)) {
        return mu_column_unexpected(row, column, "%s, as in the rows before",
                                    is_null ? "a whole number" : "NULL");
    }
    if (!is_null) MU_TRY(mu_column_int(row, column, 0, MOST_NODES, &value));
    rank[v] = (uint32_t)value;
    return MUSTER_OK;
}

static muster_status check_all(uint32_t count, const int64_t *node_id, const uint32_t *rank,
                               const char *file_name, uint8_t *is_taken) {
    for (uint32_t v = 0; v < count; ++v) {
        if (rank[v] >= count) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": table node, row id %lld, column rank: %u; expected a whole "
                               "number from 0 to %u",
                               file_name, (long long)node_id[v], rank[v], count - 1);
        }
        if (is_taken[rank[v]]) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": table node, row id %lld, column rank: there are two rows "
                               "of rank %u",
                               file_name, (long long)node_id[v], rank[v]);
        }
        is_taken[rank[v]] = 1;
    }
    return MUSTER_OK;
}

muster_status mu_ranks_check(uint32_t count, const int64_t *node_id, const uint32_t *rank,
                             const char *file_name) {
    uint8_t *is_taken;
    MU_TRY(mu_gis_alloc_zeroed(&is_taken, count, 1));
    const muster_status status = check_all(count, node_id, rank, file_name, is_taken);
    mu_gis_free(is_taken);
    return status;
}
