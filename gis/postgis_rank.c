/* See postgis_rank.h.
 *
 * Ordering takes as long as it takes, so nothing is locked meanwhile: the network was read in one
 * transaction and ranks are written in another. An order of some of the nodes is none, and whoever met
 * one would refuse the table; so what was ordered and what is there are compared while nobody else may
 * write. Roads that are new, and nodes that have moved, only make the order less good. */
#include "gis/postgis_rank.h"

#include "gis/postgis_copy_in.h"
#include "gis/postgis_query.h"

static muster_status open_nodes(mu_postgis **out, const char *connection) {
    return mu_postgis_open(out, connection, "muster", MU_POSTGIS_WRITES);
}

muster_status mu_postgis_rank_try(const char *connection) {
    mu_postgis *p;
    MU_TRY(open_nodes(&p, connection));
    const muster_status status =
        mu_postgis_run(p, "UPDATE node SET rank = rank WHERE false", "cannot write node.rank");
    mu_postgis_close(p);
    return status;
}

static muster_status copy_ranks(mu_copy_in *copy, const muster_network_data *n) {
    MU_TRY(mu_copy_in_begin(copy, "pg_temp.node_rank"));
    for (uint32_t v = 0; v < n->node_count; ++v) {
        MU_TRY(mu_copy_in_row(copy, 2));
        MU_TRY(mu_copy_in_number(copy, (uint64_t)n->node_id[v], sizeof(int64_t)));
        MU_TRY(mu_copy_in_number(copy, n->node_rank[v], sizeof(int32_t)));
    }
    return mu_copy_in_end(copy);
}

static muster_status send(mu_postgis *p, const muster_network_data *n) {
    mu_copy_in copy = {.postgis = p};
    MU_TRY(mu_postgis_run(p,
                          "CREATE TEMPORARY TABLE node_rank (node bigint PRIMARY KEY, "
                          "rank integer NOT NULL) ON COMMIT DROP",
                          "cannot make a table for the ranks"));
    const muster_status status = copy_ranks(&copy, n);
    mu_copy_in_fini(&copy);
    return status;
}

typedef struct node_counts {
    int64_t all, there; /* nodes that were ordered or are there; that are there */
} node_counts;

static muster_status take_counts(void *user, const mu_row *row) {
    node_counts *counts = user;
    MU_TRY(mu_column_int(row, 0, 0, INT64_MAX, &counts->all));
    return mu_column_int(row, 1, 0, INT64_MAX, &counts->there);
}

static muster_status compare(mu_postgis *p, const muster_network_data *n) {
    node_counts counts = {0};
    MU_TRY(mu_postgis_query(p, "node",
                            "SELECT count(*) AS nodes, count(n.id) AS there FROM node AS n "
                            "FULL JOIN pg_temp.node_rank AS r ON r.node = n.id",
                            take_counts, &counts));
    if (counts.all == n->node_count && counts.there == n->node_count) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": table node: %lld nodes are new and %lld have gone since they were "
                       "read; order them again",
                       mu_postgis_name(p), (long long)(counts.all - n->node_count),
                       (long long)(counts.all - counts.there));
}

static muster_status write(mu_postgis *p, const muster_network_data *n) {
    MU_TRY(send(p, n));
    MU_TRY(mu_postgis_run(p, "LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE",
                          "cannot keep others from writing table node"));
    MU_TRY(compare(p, n));
    MU_TRY(mu_postgis_run(p,
                          "UPDATE node SET rank = r.rank FROM pg_temp.node_rank AS r "
                          "WHERE r.node = node.id",
                          "cannot write node.rank"));
    return mu_postgis_commit(p);
}

muster_status mu_postgis_rank_write(const char *connection, const muster_network *network) {
    mu_postgis *p;
    MU_TRY(open_nodes(&p, connection));
    const muster_status status = write(p, muster_network_view(network));
    mu_postgis_close(p);
    return status;
}
