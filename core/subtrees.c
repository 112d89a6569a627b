/* Disjoint subtrees of the elimination tree are independent work. Ranks are a post-order, so a
 * subtree is a range that ends with its root, and what is below a root is a row of such ranges.
 *
 * Subtrees of some thousand nodes are one task each. Above them are the large separators: chains
 * of nodes with one large child each, which end where the tree branches. Branches are tasks again,
 * and a chain waits for what is below it; so only the topmost separator keeps the other threads
 * waiting, and nobody waits for a level. */
#include "core/subtrees.h"

#include "core/threads.h"

/* From this many nodes on a subtree is more than one task. Chosen so that a city gives some
 * dozens. */
enum { TASK_NODES = 2048 };

/* So few nodes are done at once: they take no longer than handing them on. */
enum { TINY_NODES = 64 };

typedef struct job {
    const mu_hierarchy *h;
    mu_do_ranks        *work;
    void               *user;
    bool                ascends;
} job;

static bool is_large(const job *j, uint32_t root) {
    return root - j->h->first_descendant[root] >= TASK_NODES;
}

static void do_tree(const job *j, uint32_t root);

/* ---- one row of subtrees ------------------------------------------------------------------ */

/* Small subtrees that lie side by side. */
static void start_ranks(const job *j, uint32_t first, uint32_t end) {
    if (first == end) return;
    if (end - first < TINY_NODES) {
        j->work(j->user, first, end - 1);
        return;
    }
#pragma omp task firstprivate(j, first, end)
    j->work(j->user, first, end - 1);
}

static uint32_t count_large(const job *j, uint32_t first, uint32_t end, uint32_t *last_large) {
    uint32_t count = 0;
    for (uint32_t next = end; next > first; next = j->h->first_descendant[next - 1]) {
        if (!is_large(j, next - 1)) continue;
        *last_large = next - 1;
        ++count;
    }
    return count;
}

/* The subtrees that make up ranks first .. end - 1, but for a large one with root `except`. */
static void start_row(const job *j, uint32_t first, uint32_t end, uint32_t except) {
    uint32_t run_end = end; /* of small subtrees not yet started */
    for (uint32_t next = end; next > first;) {
        const uint32_t root = next - 1, low = j->h->first_descendant[root];
        if (is_large(j, root)) {
            start_ranks(j, next, run_end);
            if (root != except) {
#pragma omp task firstprivate(j, root)
                do_tree(j, root);
            }
            run_end = low;
        } else if (run_end - low >= TASK_NODES) {
            start_ranks(j, low, run_end);
            run_end = low;
        }
        next = low;
    }
    start_ranks(j, first, run_end);
}

/* ---- one large subtree --------------------------------------------------------------------- */

static void ascend_chain(const job *j, uint32_t bottom, uint32_t root) {
#pragma omp taskwait
    for (uint32_t x = bottom; x != root; x = j->h->parent[x]) j->work(j->user, x, x);
    j->work(j->user, root, root);
}

static void do_tree(const job *j, uint32_t root) {
    uint32_t x = root, below = root, large;
    do {
        const uint32_t first = j->h->first_descendant[x = below];
        large                = count_large(j, first, x, &below);
        if (!j->ascends) j->work(j->user, x, x);
        start_row(j, first, x, large == 1 ? below : MUSTER_NONE);
    } while (large == 1);
    if (j->ascends) ascend_chain(j, x, root);
}

/* ---- public -------------------------------------------------------------------------------- */

uint32_t mu_subtrees_threads(const mu_hierarchy *h, uint32_t asked) {
    return mu_thread_count(asked, h->node_count / TASK_NODES + 1);
}

static void do_all(const job *j, uint32_t threads) {
    (void)threads; /* without OpenMP */
#pragma omp parallel num_threads(threads)
#pragma omp          single
    start_row(j, 0, j->h->node_count, MUSTER_NONE);
}

void mu_subtrees_ascend(const mu_hierarchy *h, uint32_t thread_count, mu_do_ranks *work,
                        void *user) {
    do_all(&(job){h, work, user, true}, thread_count);
}

void mu_subtrees_descend(const mu_hierarchy *h, uint32_t thread_count, mu_do_ranks *work,
                         void *user) {
    do_all(&(job){h, work, user, false}, thread_count);
}
