/* An order depends on which nodes are neighbours and on nothing else. What it was made from is
 * written into the table's comment, where it survives a dump and needs no second table: how many
 * nodes there were and a sum over them and over the open edges between them, which does not depend
 * on the order of the rows, on costs, or on the ids of edges. The comment also tells our tables from
 * others: only ours are emptied. */
#include "gis/postgis_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/memory.h"
#include "gis/postgis_copy_in.h"
#include "gis/postgis_query.h"

static const char MARK[] = "muster node order: ";

enum { COMMENT_BYTES = 128 };

/* ---- what an order was made from --------------------------------------------------------- */

/* The finalizer of splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t mix(uint64_t z) {
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t fingerprint(const muster_network_data *n) {
    uint64_t sum = 0;
    for (uint32_t v = 0; v < n->node_count; ++v) sum += mix((uint64_t)n->node_id[v]);
    for (uint32_t e = 0; e < n->edge_count; ++e) {
        const uint32_t s = n->edge_source[e], t = n->edge_target[e];
        if (s == t || (n->edge_access_forward[e] | n->edge_access_backward[e]) == 0) continue;
        const int64_t low = n->node_id[s < t ? s : t], high = n->node_id[s < t ? t : s];
        sum += mix(mix((uint64_t)low) ^ (uint64_t)high);
    }
    return sum;
}

static void describe(char comment[COMMENT_BYTES], const muster_network_data *n) {
    snprintf(comment, COMMENT_BYTES, "%s%u nodes, topology %016llx", MARK, n->node_count,
             (unsigned long long)fingerprint(n));
}

/* ---- statements -------------------------------------------------------------------------- */

/* `format` has one or two %s. */
static muster_status run(mu_postgis *p, const char *format, const char *first, const char *second,
                         const char *what) {
    char *sql;
    MU_TRY(mu_gis_alloc(&sql, strlen(format) + strlen(first) + strlen(second) + 1, 1));
    sprintf(sql, format, first, second);
    const muster_status status = mu_postgis_run(p, sql, what);
    mu_gis_free(sql);
    return status;
}

/* Whether the table is there, and its comment or "". */
typedef struct comment_reader {
    bool is_there;
    char comment[COMMENT_BYTES];
} comment_reader;

static muster_status take_comment(void *user, const mu_row *row) {
    comment_reader *r = user;
    int64_t         found;
    const char     *text;
    MU_TRY(mu_column_int(row, 0, 0, 1, &found));
    MU_TRY(mu_column_text(row, 1, &text));
    r->is_there = found != 0;
    snprintf(r->comment, sizeof r->comment, "%s", text);
    return MUSTER_OK;
}

static muster_status read_comment(mu_postgis *p, const char *quoted, comment_reader *out) {
    static const char SELECT[] =
        "SELECT count(oid) AS found, coalesce(max(obj_description(oid, 'pg_class')), '') AS comment "
        "FROM (SELECT to_regclass(%s)::oid AS oid) AS t";
    char *literal, *sql = NULL;
    MU_TRY(mu_postgis_quote_text(p, &literal, quoted));
    muster_status status = mu_gis_alloc(&sql, sizeof SELECT + strlen(literal), 1);
    if (status == MUSTER_OK) {
        sprintf(sql, SELECT, literal);
        status = mu_postgis_query(p, "pg_class", sql, take_comment, out);
    }
    mu_gis_free(literal);
    mu_gis_free(sql);
    return status;
}

static bool is_ours(const char *comment) {
    return strncmp(comment, MARK, sizeof MARK - 1) == 0;
}

static muster_status set_comment(mu_postgis *p, const char *quoted, const char *comment) {
    char *literal;
    MU_TRY(mu_postgis_quote_text(p, &literal, comment));
    const muster_status status = run(p, "COMMENT ON TABLE %s IS %s", quoted, literal,
                                     "cannot say in a comment what the order is of");
    mu_gis_free(literal);
    return status;
}

/* ---- writing ----------------------------------------------------------------------------- */

static muster_status prepare(mu_postgis *p, const char *table, const char *quoted) {
    comment_reader found = {0};
    MU_TRY(read_comment(p, quoted, &found));
    if (found.is_there && !is_ours(found.comment)) {
        return muster_fail(MUSTER_E_INVALID,
                           "table \"%s\" is there already and holds no order by muster; expected "
                           "another name",
                           table);
    }
    if (!found.is_there) {
        MU_TRY(run(p, "CREATE TABLE %s (node bigint PRIMARY KEY, rank integer NOT NULL)%s", quoted,
                   "", "cannot make the table"));
    }
    return set_comment(p, quoted, MARK); /* only its owner may, who may do all else too */
}

muster_status mu_postgis_order_prepare(mu_postgis *p, const char *table) {
    char *quoted;
    MU_TRY(mu_postgis_quote_table(p, &quoted, table));
    const muster_status status = prepare(p, table, quoted);
    mu_gis_free(quoted);
    return status;
}

static muster_status put_rows(mu_copy_in *rows, const char *quoted, const muster_network_data *n) {
    MU_TRY(mu_copy_in_begin(rows, quoted));
    for (uint32_t v = 0; v < n->node_count; ++v) {
        MU_TRY(mu_copy_in_row(rows, 2));
        MU_TRY(mu_copy_in_number(rows, (uint64_t)n->node_id[v], 8));
        MU_TRY(mu_copy_in_number(rows, n->node_rank[v], 4));
    }
    return mu_copy_in_end(rows);
}

static muster_status put_ranks(mu_postgis *p, const char *quoted, const muster_network_data *n) {
    mu_copy_in          rows   = {.postgis = p};
    const muster_status status = put_rows(&rows, quoted, n);
    mu_copy_in_fini(&rows);
    return status;
}

/* Deleting, unlike TRUNCATE, leaves the old rows to those who are reading them. */
static muster_status fill(mu_postgis *p, const char *quoted, const muster_network_data *n) {
    char comment[COMMENT_BYTES];
    MU_TRY(run(p, "DELETE FROM %s%s", quoted, "", "cannot empty the table of the old order"));
    MU_TRY(put_ranks(p, quoted, n));
    describe(comment, n);
    return set_comment(p, quoted, comment);
}

muster_status mu_postgis_order_write(mu_postgis *p, const char *table,
                                     const muster_network_data *network) {
    char *quoted;
    MU_TRY(mu_postgis_quote_table(p, &quoted, table));
    muster_status status = prepare(p, table, quoted);
    if (status == MUSTER_OK) status = fill(p, quoted, network);
    if (status == MUSTER_OK) status = mu_postgis_commit(p);
    mu_gis_free(quoted);
    return status;
}

/* ---- reading ----------------------------------------------------------------------------- */

static muster_status check_comment(const char *table, bool is_there, const char *comment,
                                   const muster_network_data *network) {
    char expected[COMMENT_BYTES];
    if (!is_there) {
        return muster_fail(MUSTER_E_INVALID,
                           "there is no table \"%s\"; expected one that muster order has made",
                           table);
    }
    if (!is_ours(comment)) {
        return muster_fail(MUSTER_E_INVALID,
                           "table \"%s\" is no order of muster's; expected one that muster order "
                           "has made",
                           table);
    }
    describe(expected, network);
    if (strcmp(comment, expected) == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the order in table \"%s\" is stale: it is of %s, and the query yields %s; "
                       "make it again with muster order",
                       table, comment + sizeof MARK - 1, expected + sizeof MARK - 1);
}

typedef struct rank_reader {
    const char                *table;
    const muster_network_data *network;
    uint32_t                   count; /* of rows so far: the node whose rank comes next */
    uint32_t                  *rank;
    uint8_t                   *is_taken; /* by rank */
} rank_reader;

static muster_status take_rank(void *user, const mu_row *row) {
    rank_reader               *r       = user;
    const muster_network_data *network = r->network;
    const uint32_t             v       = r->count;
    int64_t                    node, value;
    MU_TRY(mu_column_int(row, 0, INT64_MIN, INT64_MAX, &node));
    MU_TRY(mu_column_int(row, 1, INT64_MIN, INT64_MAX, &value));
    if (v < network->node_count && node == network->node_id[v] && value >= 0 &&
        value < network->node_count && !r->is_taken[value]) {
        r->rank[v]         = (uint32_t)value;
        r->is_taken[value] = 1;
        r->count += 1;
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       "table \"%s\", node %lld: rank %lld; expected each node of the query once, "
                       "and 0 to %u once each",
                       r->table, (long long)node, (long long)value, network->node_count - 1);
}

static muster_status take_ranks(mu_postgis *p, const char *sql, rank_reader *r) {
    MU_TRY(mu_postgis_query(p, "of the order", sql, take_rank, r));
    if (r->count == r->network->node_count) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "table \"%s\" has %u rows; expected one for each of %u nodes", r->table,
                       r->count, r->network->node_count);
}

static muster_status copy_rows(mu_postgis *p, const char *table, const char *quoted,
                               const muster_network_data *network, uint32_t *rank) {
    static const char SELECT[] = "SELECT node::int8, rank::int8 FROM %s ORDER BY 1";
    rank_reader       r        = {.table = table, .network = network, .rank = rank};
    char             *sql;
    MU_TRY(mu_gis_alloc(&sql, sizeof SELECT + strlen(quoted), 1));
    sprintf(sql, SELECT, quoted);
    muster_status status = mu_gis_alloc_zeroed(&r.is_taken, network->node_count, 1);
    if (status == MUSTER_OK) status = take_ranks(p, sql, &r);
    mu_gis_free(sql);
    mu_gis_free(r.is_taken);
    return status;
}

muster_status mu_postgis_order_read(mu_postgis *p, const char *table,
                                    const muster_network_data *network, uint32_t *rank) {
    char          *quoted;
    comment_reader found = {0};
    MU_TRY(mu_postgis_quote_table(p, &quoted, table));
    muster_status status = read_comment(p, quoted, &found);
    if (status == MUSTER_OK) status = check_comment(table, found.is_there, found.comment, network);
    if (status == MUSTER_OK) status = copy_rows(p, table, quoted, network, rank);
    mu_gis_free(quoted);
    return status;
}
