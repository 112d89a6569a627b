/* Units and warehouses: only those who complete a standard somewhere can be missed, and without one of
 * them the cell is simply judged again. */
#include "core/alloc.h"
#include "solver/critical.h"

typedef struct missing {
    const muster_readiness  *r;
    muster_critical         *critical;     /* [part_count] */
    mu_place_loss           *here;         /* [part_count] at the place in hand */
    uint32_t                *touched;      /* parts with something in `here` */
    uint32_t                *taken;        /* parts that complete the cell in hand */
    bool                    *is_candidate; /* [part_count] somebody is complete with it */
    uint32_t                 touched_count;
    bool                     are_warehouses;
    const mu_critical_watch *watch;
} missing;

/* What each part is: its first row, as suppliers come in order of resource and index within kinds. */
static void name_parts(const missing *m) {
    const muster_readiness *r = m->r;
    for (uint32_t i = 0; i < r->part_count; ++i) {
        m->critical[i] = (muster_critical){.edge = MUSTER_NONE, .index = MUSTER_NONE};
    }
    for (size_t i = 0; i < r->first_supplier[r->problem->kind_count]; ++i) {
        muster_critical *c = &m->critical[r->supplier[i].part];
        c->resource        = r->supplier[i].resource;
        if (r->supplier[i].index < c->index) c->index = r->supplier[i].index;
    }
}

/* Parts of the kind in question that complete a cell, each once. */
static uint32_t list_taken(missing *m, uint32_t s, const mu_queue *queue) {
    const muster_readiness *r     = m->r;
    const size_t            first = r->first_supplier[r->standard[s].kind];
    uint32_t                count = 0;
    for (uint32_t i = queue->left; i < queue->count; ++i) {
        const mu_supplier *supplier = &r->supplier[first + mu_queue_supplier(queue->key[i])];
        if ((supplier->resource == MUSTER_ITEM) != m->are_warehouses) continue;
        uint32_t known = 0;
        while (known < count && m->taken[known] != supplier->part) ++known;
        if (known == count) m->taken[count++] = supplier->part;
        m->is_candidate[supplier->part] = true;
    }
    return count;
}

static void miss_in_cell(missing *m, uint32_t place, uint32_t s, mu_queue *queue) {
    const muster_readiness *r         = m->r;
    const uint32_t         *row_ms    = r->travel_ms + (size_t)place * r->row_count;
    const uint32_t          before_ms = r->cell[(size_t)place * r->standard_count + s].complete_ms;
    if (before_ms >= r->horizon_ms) return;
    (void)mu_readiness_judge(r, row_ms, s, MUSTER_NONE, queue);
    const uint32_t count = list_taken(m, s, queue);
    for (uint32_t i = 0; i < count; ++i) {
        mu_place_loss *loss     = &m->here[m->taken[i]];
        const bool     is_fresh = !loss->is_slower;
        mu_lose_time(loss, r, s, before_ms,
                     mu_readiness_judge(r, row_ms, s, m->taken[i], queue).complete_ms);
        if (is_fresh && loss->is_slower) m->touched[m->touched_count++] = m->taken[i];
    }
}

static void miss_at_place(missing *m, uint32_t place, mu_queue *queue) {
    const muster_readiness *r = m->r;
    m->touched_count          = 0;
    for (uint32_t s = 0; s < r->standard_count; ++s) miss_in_cell(m, place, s, queue);
    for (uint32_t i = 0; i < m->touched_count; ++i) {
        mu_place_loss *loss = &m->here[m->touched[i]];
        mu_lose_place(&m->critical[m->touched[i]].loss, loss, r->place[place].weight);
        *loss = (mu_place_loss){0};
    }
}

static muster_status miss_all(missing *m) {
    mu_queue queue;
    name_parts(m);
    MU_TRY(mu_queue_init(&queue, m->r));
    muster_status status = MUSTER_OK;
    for (uint32_t p = 0; status == MUSTER_OK && p < m->r->place_count; ++p) {
        miss_at_place(m, p, &queue);
        status = mu_critical_report(m->watch, "leaving out", (p + 1.0) / m->r->place_count);
    }
    mu_queue_fini(&queue);
    return status;
}

static muster_status make_room(missing *m) {
    const uint32_t parts = m->r->part_count;
    MU_TRY(mu_alloc(&m->critical, parts, sizeof *m->critical));
    MU_TRY(mu_alloc_zeroed(&m->here, parts, sizeof *m->here));
    MU_TRY(mu_alloc_zeroed(&m->is_candidate, parts, sizeof *m->is_candidate));
    MU_TRY(mu_alloc(&m->touched, parts, sizeof *m->touched));
    return mu_alloc(&m->taken, parts, sizeof *m->taken);
}

muster_status mu_critical_parts(muster_criticals *list, const muster_readiness *r,
                                bool are_warehouses, const mu_critical_watch *watch) {
    missing       m      = {.r = r, .are_warehouses = are_warehouses, .watch = watch};
    muster_status status = make_room(&m);
    if (status == MUSTER_OK) status = miss_all(&m);
    for (uint32_t i = 0; status == MUSTER_OK && i < r->part_count; ++i) {
        list->effort.candidate_count += m.is_candidate[i];
        mu_criticals_offer(list, &m.critical[i]);
    }
    list->effort.tried_count = list->effort.candidate_count;
    mu_free(m.critical);
    mu_free(m.here);
    mu_free(m.is_candidate);
    mu_free(m.touched);
    mu_free(m.taken);
    return status;
}
