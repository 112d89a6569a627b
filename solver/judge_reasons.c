/* Why does a need stay unmet? Whoever suits it is put before it, wherever he is now: how many of the
 * hurdles does he take, the road, the grade, the shift, the rules? Where nobody takes all of them, the
 * last that anybody came to is the reason. Who takes them all is in use, or idle for one of the
 * reasons that are left. (That those on their way elsewhere are better left to that, is believed: it
 * takes another plan to show that they are not.)
 *
 * Items that come by vehicle have hurdles of their own: see judge_unmet.c. */
#include "core/alloc.h"
#include "solver/judge.h"

/* What the hearing has brought to light, by need. */
typedef struct inquest {
    mu_judge *judge;
    uint32_t  need_count; /* of needs that are looked into: */
    uint32_t *need;       /* [need_count] unmet, and not of items that come by vehicle */
    uint32_t *first;      /* [kind_count + 1] of each kind, in: */
    uint32_t *of_kind;    /* [need_count] places in `need` */
    uint32_t *place;      /* [need_count] where they are */
    uint8_t  *hurdle;     /* [need_count] the last one that somebody came to */
    bool     *is_taken;   /* [need_count] somebody took all of them */
    int64_t  *idle;       /* [need_count] how many of those who did are idle */
} inquest;

/* Somebody who suits one of them, wherever he is now. */
typedef struct witness {
    uint8_t  resource;
    bool     may_go; /* rules leave something of him, if not for every incident */
    uint32_t index;
    int64_t  idle;
} witness;

/* Those who travel by one metric, and how long it takes them to the places of the needs. */
typedef struct witnesses {
    uint32_t              count;
    witness              *list; /* [count] */
    uint32_t             *from; /* [count] places */
    const mu_judge_table *table;
} witnesses;

/* ---- hurdles ------------------------------------------------------------------------- */

static bool is_good_enough(const muster_problem *p, const witness *w, uint32_t worst) {
    if (w->resource != MUSTER_PEOPLE || worst == 0) return true;
    return p->team[w->index].grade > 0 && p->team[w->index].grade <= worst;
}

/* MUSTER_UNMET_EXHAUSTED where all are taken. */
static muster_unmet_reason last_hurdle(const mu_judge *j, const witness *w, uint32_t need,
                                       uint32_t travel_ms) {
    const muster_problem  *p     = j->problem;
    const muster_unit     *unit  = mu_judge_unit(p, w->resource, w->index);
    const uint32_t         where = p->need[need].incident;
    const muster_incident *at    = &p->incident[where];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNMET_UNREACHABLE;
    const uint8_t levels = mu_judge_escalation(p, where, unit);
    uint64_t      eta_ms = (uint64_t)unit->turnout_ms + j->weights.escalation_delay_ms[levels];
    if (eta_ms < unit->available_ms) eta_ms = unit->available_ms;
    eta_ms += travel_ms;
    if (eta_ms >= MUSTER_UNREACHABLE_MS) return MUSTER_UNMET_UNREACHABLE;
    if (!is_good_enough(p, w, p->need[need].grade)) return MUSTER_UNMET_GRADE;
    if (unit->shift_end_ms != 0 && eta_ms + at->on_scene_ms > unit->shift_end_ms) {
        return MUSTER_UNMET_SHIFT;
    }
    return mu_judge_left(j, w->resource, w->index, where) > 0 ? MUSTER_UNMET_EXHAUSTED
                                                              : MUSTER_UNMET_RULED_OUT;
}

/* Could what he says of a need still matter? Whom rules let go nowhere takes no more hurdles than others
 * who are ruled out, and who is not idle is only one more who takes them all. */
static bool can_tell(const inquest *q, uint32_t n, const witness *w) {
    if (!w->may_go) return !q->is_taken[n] && q->hurdle[n] < MUSTER_UNMET_RULED_OUT;
    return !q->is_taken[n] || w->idle > 0;
}

static void hear(inquest *q, uint32_t n, const witness *w, uint32_t travel_ms) {
    const muster_unmet_reason hurdle = last_hurdle(q->judge, w, q->need[n], travel_ms);
    if (hurdle != MUSTER_UNMET_EXHAUSTED) {
        if (hurdle > q->hurdle[n]) q->hurdle[n] = (uint8_t)hurdle;
        return;
    }
    q->is_taken[n] = true;
    q->idle[n] += w->idle;
}

/* ---- witnesses ----------------------------------------------------------------------- */

/* Is there a need that it suits? */
static bool suits_any(const inquest *q, unsigned resource, uint32_t index) {
    uint32_t        count, k = 0;
    const uint32_t *kind = mu_judge_kinds(q->judge->problem, resource, index, &count);
    while (k < count && q->first[kind[k]] == q->first[kind[k] + 1]) ++k;
    return k < count && mu_judge_amount(q->judge->problem, resource, index) > 0;
}

static void call(witnesses *w, const inquest *q, uint32_t metric) {
    const mu_judge       *j = q->judge;
    const muster_problem *p = j->problem;
    w->count                = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            if (mu_judge_unit(p, r, i)->metric != metric || !suits_any(q, r, i)) continue;
            w->from[w->count]   = j->roads->places.of_unit[r][i];
            w->list[w->count++] = (witness){.resource = (uint8_t)r,
                                            .may_go   = mu_judge_left(j, r, i, MUSTER_NONE) > 0,
                                            .index    = i,
                                            .idle     = mu_judge_amount(p, r, i) - j->used[r][i]};
        }
    }
}

static muster_status summon(witnesses *w, const inquest *q) {
    const muster_problem *p     = q->judge->problem;
    size_t                units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) units += suits_any(q, r, i);
    }
    MU_TRY(mu_alloc(&w->list, units, sizeof *w->list));
    return mu_alloc(&w->from, units, sizeof *w->from);
}

/* Is it there twice, and was the first? */
static bool is_named_before(const uint32_t *kind, uint32_t at) {
    uint32_t i = 0;
    while (kind[i] != kind[at]) ++i;
    return i < at;
}

static void hear_witness(inquest *q, const witnesses *w, uint32_t k) {
    const witness  *who = &w->list[k];
    const uint32_t *ms  = mu_judge_table_row(w->table, w->from[k]);
    uint32_t        count;
    const uint32_t *kind = mu_judge_kinds(q->judge->problem, who->resource, who->index, &count);
    for (uint32_t c = 0; c < count; ++c) {
        if (is_named_before(kind, c)) continue;
        for (uint32_t i = q->first[kind[c]]; i < q->first[kind[c] + 1]; ++i) {
            const uint32_t n = q->of_kind[i];
            if (can_tell(q, n, who)) hear(q, n, who, ms[w->table->column_of[q->place[n]]]);
        }
    }
}

static muster_status hear_all(inquest *q, witnesses *w) {
    const muster_problem *p = q->judge->problem;
    MU_TRY(summon(w, q));
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        call(w, q, m);
        if (w->count == 0) continue;
        MU_TRY(mu_judge_tabulate(q->judge->roads, MU_JUDGE_REASONS, m, w->count, w->from,
                                 q->need_count, q->place, &w->table));
        for (uint32_t k = 0; k < w->count; ++k) hear_witness(q, w, k);
    }
    return MUSTER_OK;
}

/* ---- the reason ---------------------------------------------------------------------- */

/* How many more can be operated there; INT64_MAX for what nobody has to operate. */
static int64_t count_room(const mu_judge *j, uint32_t need) {
    const muster_need *n    = &j->problem->need[need];
    const muster_kind *kind = &j->problem->kind[n->kind];
    if (kind->operator_count == 0) return INT64_MAX;
    const int64_t spare = mu_judge_spare_operators(j, n->incident, kind->operator_kind);
    return spare > 0 ? spare / kind->operator_count : 0;
}

/* Could so many who are idle be of use? */
static bool is_enough(const mu_judge *j, uint32_t need, int64_t idle) {
    const int64_t room = count_room(j, need), more = idle < room ? idle : room;
    return more > 0 && j->sent[need] + more >= j->problem->need[need].minimum;
}

static muster_unmet_reason reason_of(const inquest *q, uint32_t n) {
    const mu_judge    *j    = q->judge;
    const muster_need *need = &j->problem->need[q->need[n]];
    if (!j->has_road[need->incident]) return MUSTER_UNMET_UNSNAPPED;
    if (!q->is_taken[n]) return (muster_unmet_reason)q->hurdle[n];
    if (j->problem->incident[need->incident].all_or_nothing &&
        !mu_judge_is_complete(j, need->incident)) {
        return MUSTER_UNMET_INCOMPLETE;
    }
    if (count_room(j, q->need[n]) == 0) return MUSTER_UNMET_NO_OPERATORS;
    if (q->idle[n] == 0) return MUSTER_UNMET_EXHAUSTED;
    return is_enough(j, q->need[n], q->idle[n]) ? MUSTER_UNMET_DIVERSION
                                                : MUSTER_UNMET_BELOW_MINIMUM;
}

static muster_status judge_reason(const inquest *q, uint32_t n, const muster_unmet *u) {
    const muster_unmet_reason reason = reason_of(q, n);
    if (u->reason != reason) {
        const char *said = muster_unmet_reason_name((muster_unmet_reason)u->reason);
        MU_REFUSE("need %u is unmet for the reason \"%s\", not \"%s\"", u->need,
                  muster_unmet_reason_name(reason), said ? said : "none");
    }
    return MUSTER_OK;
}

static bool is_looked_into(const mu_judge *j, uint32_t need) {
    return j->problem->item_transport != MUSTER_ITEMS_BY_VEHICLE ||
           j->problem->kind[j->problem->need[need].kind].resource != MUSTER_ITEM;
}

/* Fills from the front: first[kind] runs ahead and is set back afterwards. */
static void group_by_kind(inquest *q) {
    const muster_problem *p = q->judge->problem;
    for (uint32_t n = 0; n < q->need_count; ++n) ++q->first[p->need[q->need[n]].kind + 1];
    for (uint32_t k = 0; k < p->kind_count; ++k) q->first[k + 1] += q->first[k];
    for (uint32_t n = 0; n < q->need_count; ++n) {
        q->of_kind[q->first[p->need[q->need[n]].kind]++] = n;
    }
    for (uint32_t k = p->kind_count; k > 0; --k) q->first[k] = q->first[k - 1];
    q->first[0] = 0;
}

static muster_status open_inquest(inquest *q) {
    const mu_judge *j = q->judge;
    MU_TRY(mu_alloc(&q->need, j->unmet_count, sizeof *q->need));
    MU_TRY(mu_alloc(&q->hurdle, j->unmet_count, sizeof *q->hurdle));
    MU_TRY(mu_alloc_zeroed(&q->is_taken, j->unmet_count, sizeof *q->is_taken));
    MU_TRY(mu_alloc_zeroed(&q->idle, j->unmet_count, sizeof *q->idle));
    MU_TRY(mu_alloc_zeroed(&q->first, (size_t)j->problem->kind_count + 1, sizeof *q->first));
    MU_TRY(mu_alloc(&q->of_kind, j->unmet_count, sizeof *q->of_kind));
    MU_TRY(mu_alloc(&q->place, j->unmet_count, sizeof *q->place));
    for (uint32_t u = 0; u < j->unmet_count; ++u) {
        if (is_looked_into(j, j->unmet[u].need)) q->need[q->need_count++] = j->unmet[u].need;
    }
    for (uint32_t n = 0; n < q->need_count; ++n) {
        q->hurdle[n] = MUSTER_UNMET_NONE_EXIST;
        q->place[n]  = j->roads->places.of_incident[j->problem->need[q->need[n]].incident];
    }
    group_by_kind(q);
    return MUSTER_OK;
}

static muster_status judge_all(inquest *q) {
    const mu_judge *j = q->judge;
    witnesses       w = {0};
    MU_TRY(open_inquest(q));
    muster_status status = q->need_count > 0 ? hear_all(q, &w) : MUSTER_OK;
    for (uint32_t u = 0, n = 0; status == MUSTER_OK && u < j->unmet_count; ++u) {
        if (is_looked_into(j, j->unmet[u].need)) status = judge_reason(q, n++, &j->unmet[u]);
    }
    mu_free(w.list);
    mu_free(w.from);
    return status;
}

muster_status mu_judge_reasons(mu_judge *j) {
    inquest             q      = {.judge = j};
    const muster_status status = judge_all(&q);
    mu_free(q.need);
    mu_free(q.hurdle);
    mu_free(q.is_taken);
    mu_free(q.idle);
    mu_free(q.first);
    mu_free(q.of_kind);
    mu_free(q.place);
    return status;
}
