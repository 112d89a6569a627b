/* Common random numbers: what happens in replication 7 is the same whatever the policy, so what differs
 * is the policy's doing, and the differences vary far less than the replications do (Law 2015, 11.2). */
#include "cli/comparison.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

/* ---- what belongs together ----------------------------------------------------------- */

static int fail_apart(const results *a, const results *b, const char *what, const char *in_a,
                      const char *in_b) {
    return command_fail(COMMAND_BAD_INPUT,
                        "%s and %s do not belong together: %s is %s and %s; expected the same",
                        a->folder, b->folder, what, in_a, in_b);
}

static int check_number(const results *a, const results *b, const char *what, int64_t in_a,
                        int64_t in_b) {
    char text[2][32];
    if (in_a == in_b) return COMMAND_DONE;
    snprintf(text[0], sizeof text[0], "%" PRId64, in_a);
    snprintf(text[1], sizeof text[1], "%" PRId64, in_b);
    return fail_apart(a, b, what, text[0], text[1]);
}

int comparison_check(const results *a, const results *b) {
    if (strcmp(a->sha256, b->sha256) != 0) {
        return fail_apart(a, b, "the scenario file's sha256", a->sha256, b->sha256);
    }
    int code = check_number(a, b, "the seed", a->seed, b->seed);
    if (code == COMMAND_DONE) {
        code =
            check_number(a, b, "the first replication", a->first_replication, b->first_replication);
    }
    if (code == COMMAND_DONE) {
        code = check_number(a, b, "the number of replications", a->replication_count,
                            b->replication_count);
    }
    return code;
}

/* ---- pairs of incidents -------------------------------------------------------------- */

static int by_replication_incident(const void *x, const void *y) {
    const outcome *a = *(const outcome *const *)x, *b = *(const outcome *const *)y;
    if (a->replication != b->replication) return a->replication < b->replication ? -1 : 1;
    return (a->incident > b->incident) - (a->incident < b->incident);
}

/* The outcomes of the side, sorted; *count how many. NULL where memory ran out. */
static const outcome **sorted_side(uint32_t *count, const side *s) {
    const outcome **list = malloc((s->outcomes->count + 1) * sizeof(void *));
    *count               = 0;
    if (!list) return NULL;
    for (uint32_t i = 0; i < s->outcomes->count; ++i) {
        if (s->outcomes->list[i].policy == s->policy) list[(*count)++] = &s->outcomes->list[i];
    }
    qsort(list, *count, sizeof(void *), by_replication_incident);
    return list;
}

static void count_pair(compared_group *g, const outcome *a, const outcome *b) {
    const bool came_a = a->response_ms != TABLE_NEVER, came_b = b->response_ms != TABLE_NEVER;
    ++g->count;
    g->won += came_b && (!came_a || b->response_ms < a->response_ms);
    g->lost += came_a && (!came_b || a->response_ms < b->response_ms);
    if (came_a && came_b) {
        ++g->reached;
        g->sum_a_min += (double)a->response_ms / 60e3;
        g->sum_b_min += (double)b->response_ms / 60e3;
    }
    g->with_standard += a->standard_ms > 0;
    g->within_a += outcome_is_within(a);
    g->within_b += outcome_is_within(b);
}

static int fail_alone(const side *a, const side *b, const outcome *o, const name_pool *pool) {
    return command_fail(COMMAND_BAD_INPUT,
                        "incidents.csv of %s and %s: incident %s of replication %" PRIu64
                        " is in one of both alone; expected the same incidents under %s and %s",
                        a->results->folder, b->results->folder, pool->text[o->incident],
                        (uint64_t)o->replication + a->results->first_replication,
                        a->results->policy[a->policy], b->results->policy[b->policy]);
}

typedef struct pair_list {
    uint32_t        count;
    const outcome **a, **b;
} pair_list;

static int check_pairs(const pair_list *p, uint32_t count_b, const side *a, const side *b,
                       const name_pool *pool) {
    for (uint32_t i = 0; i < p->count || i < count_b; ++i) {
        if (i == p->count) return fail_alone(a, b, p->b[i], pool);
        if (i == count_b) return fail_alone(a, b, p->a[i], pool);
        const int order = by_replication_incident(&p->a[i], &p->b[i]);
        if (order != 0) return fail_alone(a, b, order < 0 ? p->a[i] : p->b[i], pool);
    }
    return COMMAND_DONE;
}

/* ---- groups -------------------------------------------------------------------------- */

static int best_first(const void *x, const void *y) {
    const compared_group *a = x, *b = y;
    const int64_t         net_a = (int64_t)a->won - a->lost, net_b = (int64_t)b->won - b->lost;
    if (net_a != net_b) return net_a > net_b ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Leave out the names that are no group's. */
static void pack(compared_groups *out) {
    uint32_t kept = 0;
    for (uint32_t g = 0; g < out->count; ++g) {
        if (out->group[g].count > 0) out->group[kept++] = out->group[g];
    }
    out->count = kept;
    qsort(out->group, kept, sizeof *out->group, best_first);
}

static bool make_groups(compared_groups *out, const pair_list *p, const name_pool *pool,
                        bool by_severity) {
    *out = (compared_groups){pool->count, calloc(pool->count + 1, sizeof *out->group)};
    if (!out->group) return false;
    for (uint32_t g = 0; g < pool->count; ++g) out->group[g].name = pool->text[g];
    for (uint32_t i = 0; i < p->count; ++i) {
        const uint32_t g = by_severity ? p->a[i]->severity : p->a[i]->authority;
        count_pair(&out->group[g], p->a[i], p->b[i]);
    }
    pack(out);
    return true;
}

/* ---- all ----------------------------------------------------------------------------- */

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while comparing");
}

static int compare_incidents(comparison *c, const side *a, const side *b, const name_pool *pool) {
    uint32_t  count_b = 0;
    pair_list p       = {0};
    p.a               = sorted_side(&p.count, a);
    p.b               = sorted_side(&count_b, b);
    int code          = p.a && p.b ? check_pairs(&p, count_b, a, b, pool) : fail_memory();
    if (code == COMMAND_DONE && !(make_groups(&c->severity, &p, pool, true) &&
                                  make_groups(&c->authority, &p, pool, false))) {
        code = fail_memory();
    }
    free(p.a);
    free(p.b);
    return code;
}

int comparison_make(comparison *out, const side *a, const side *b, const name_pool *pool,
                    double confidence) {
    *out    = (comparison){.confidence        = confidence,
                           .replication_count = a->results->replication_count,
                           .name_a            = a->results->policy[a->policy],
                           .name_b            = b->results->policy[b->policy]};
    bool ok = true;
    for (int m = 0; m < MEASURE_COUNT && ok; ++m) {
        ok = paired_summarize(&out->measure[m], out->replication_count,
                              measures_of(a->measures, a->policy, (measure_id)m),
                              measures_of(b->measures, b->policy, (measure_id)m), confidence);
    }
    const int code = ok ? compare_incidents(out, a, b, pool) : fail_memory();
    if (code != COMMAND_DONE) comparison_free(out);
    return code;
}

void comparison_free(comparison *c) {
    free(c->severity.group);
    free(c->authority.group);
    *c = (comparison){0};
}
