/* The order of the nodes, added to a file that is there already.
 *
 * Whoever cannot run METIS (a generator in Python, a map that was drawn in QGIS) leaves
 * node.rank empty, and every program that loads the file would have to order its nodes again.
 * Here it is done once. The file may hold more than we know of, so it is not written anew from
 * what was read but copied as a whole, and only the one column is set. In a database it is set where it
 * is (postgis_rank.c). */
#include <muster/database.h>
#include <muster/store.h>

#include "gis/file.h"
#include "gis/geopackage_store.h"
#include "gis/memory.h"
#include "gis/network_store.h"
#include "gis/postgis_rank.h"

enum { ROWS_BETWEEN_PROGRESS = 8192, NAME_BYTES = 256 };

typedef struct order_job {
    mu_database    *source, *copy;
    muster_network *network;
    const char     *path, *out_path;
    char            name[NAME_BYTES]; /* of the store, for messages */
    muster_progress progress;
    void           *progress_user;
} order_job;

static muster_status report(const order_job *job, const char *phase, double fraction) {
    if (!job->progress || job->progress(job->progress_user, phase, fraction)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "ordering \"%s\" was cancelled", job->name);
}

static muster_status read_network(order_job *job) {
    mu_store *store;
    MU_TRY(mu_geopackage_store_new(&store, job->source));
    const muster_status status = mu_network_read(&job->network, store);
    mu_store_close(store);
    return status;
}

static muster_status add_column(mu_database *database) {
    bool has_rank;
    MU_TRY(mu_database_has_column(database, "node", "rank", &has_rank));
    if (has_rank) return MUSTER_OK;
    return mu_database_execute(database, "node", "ALTER TABLE node ADD COLUMN rank INTEGER");
}

static muster_status set_ranks(const order_job *job, mu_statement *update) {
    const muster_network_data *net = muster_network_view(job->network);
    for (uint32_t v = 0; v < net->node_count; ++v) {
        if (v % ROWS_BETWEEN_PROGRESS == 0) {
            MU_TRY(report(job, "writing ranks", (double)v / net->node_count));
        }
        mu_bind_int(update, 1, net->node_id[v]);
        mu_bind_int(update, 2, net->node_rank[v]);
        MU_TRY(mu_statement_run(update));
    }
    return report(job, "writing ranks", 1);
}

static muster_status write_ranks(order_job *job) {
    mu_statement *update;
    MU_TRY(add_column(job->copy));
    MU_TRY(mu_statement_new(&update, job->copy, "node", "UPDATE node SET rank = ?2 WHERE id = ?1"));
    const muster_status status = set_ranks(job, update);
    mu_statement_free(update);
    return status;
}

static muster_status order(order_job *job, muster_hierarchy_info *out_info) {
    MU_TRY(report(job, "ordering nodes", 0));
    MU_TRY(muster_network_build_hierarchy(job->network));
    return out_info ? muster_network_hierarchy_info(job->network, out_info) : MUSTER_OK;
}

static muster_status order_file(order_job *job, muster_hierarchy_info *out_info) {
    MU_TRY(report(job, "reading", 0));
    MU_TRY(mu_database_open(&job->source, job->path));
    MU_TRY(read_network(job));
    MU_TRY(order(job, out_info));
    MU_TRY(report(job, "copying", 0));
    MU_TRY(mu_database_copy(&job->copy, job->source, job->out_path));
    MU_TRY(write_ranks(job));
    return mu_database_publish(job->copy);
}

/* Nothing is written where there is an order already. */
static muster_status order_database(order_job *job, muster_hierarchy_info *out_info) {
    if (job->out_path) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\" is a database, which keeps its order itself; expected no other "
                           "file to write it to",
                           job->name);
    }
    MU_TRY(report(job, "reading", 0));
    MU_TRY(muster_network_load(&job->network, job->path));
    const bool is_ordered = muster_network_view(job->network)->node_rank != NULL;
    if (!is_ordered) MU_TRY(mu_postgis_rank_try(job->path));
    MU_TRY(order(job, out_info));
    if (is_ordered) return MUSTER_OK;
    MU_TRY(report(job, "writing ranks", 0));
    return mu_postgis_rank_write(job->path, job->network);
}

static muster_status order_store(order_job *job, muster_hierarchy_info *out_info) {
    char *target; /* a link to the file is kept, and what it leads to replaced */
    MU_TRY(muster_store_name(job->name, sizeof job->name, job->path));
    if (muster_database_is_server(job->path)) return order_database(job, out_info);
    MU_TRY(mu_file_follow(&target, job->out_path ? job->out_path : job->path));
    job->out_path              = target;
    const muster_status status = order_file(job, out_info);
    mu_gis_free(target);
    return status;
}

muster_status muster_network_order(const char *path, const char *out_path,
                                   muster_hierarchy_info *out_info, muster_progress progress,
                                   void *progress_user) {
    order_job job = {
        .path = path, .out_path = out_path, .progress = progress, .progress_user = progress_user};
    const muster_status status = order_store(&job, out_info);
    mu_database_close(job.copy);
    mu_database_close(job.source);
    muster_network_free(job.network);
    return status;
}
