/* Why does a need stay unmet? Whoever suits it is put before it, wherever he is now: how many of the
 * hurdles does he take, the road, the grade, the shift, the rules? Where nobody takes all of them, the
 * last that anybody came to is the reason. Who takes them all is in use, or idle for one of the
 * reasons that are left. (That those on their way elsewhere are better left to that, is believed: it
 * takes another plan to show that they are not.)
 *
 * Items that come by vehicle have hurdles of their own: see judge_unmet.c. */
#include <muster/matrix.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* What the hearing has brought to light, by need. */
typedef struct inquest {
    mu_judge *judge;
    uint32_t  need_count; /* of needs that are looked into: */
    uint32_t *need;       /* [need_count] unmet, and not of items that come by vehicle */
    uint32_t *first;      /* [kind_count + 1] of each kind, in: */
    uint32_t *of_kind;    /* [need_count] places in `need` */
    uint32_t  place_count;
    uint32_t *place;    /* [place_count] their incidents */
    uint32_t *place_of; /* [incident_count] and the other way round */
    uint8_t  *hurdle;   /* [need_count] the last one that somebody came to */
    bool     *is_taken; /* [need_count] somebody took all of them */
    int64_t  *idle;     /* [need_count] how many of those who did are idle */
} inquest;

typedef struct witness {
    muster_site site;
    uint32_t    index;
    uint32_t    row; /* many are at one place, which is one row of the table */
    uint8_t     resource;
} witness;

/* Those who travel by one metric, and how long it takes them to the places of the needs. */
typedef struct witnesses {
    uint32_t     count, row_count;
    witness     *witness;   /* [units] */
    double      *lon, *lat; /* [units or places] */
    muster_snap *from, *to; /* [units], [places] */
    uint32_t    *time_ms;   /* [units * places] */
} witnesses;

/* ---- hurdles ------------------------------------------------------------------------- */

static bool is_good_enough(const muster_problem *p, unsigned resource, uint32_t index,
                           uint32_t worst) {
    if (resource != MUSTER_PEOPLE || worst == 0) return true;
    return p->team[index].grade > 0 && p->team[index].grade <= worst;
}

/* What rules leave of a resource for an incident. */
static int64_t left_for(const muster_problem *p, unsigned resource, uint32_t index,
                        uint32_t incident) {
    int64_t left = mu_judge_amount(p, resource, index);
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (resource == MUSTER_VEHICLE && rule->type == MUSTER_EN_ROUTE &&
            rule->resource == MUSTER_ITEM && rule->vehicle == index) {
            return 0; /* it has something on board */
        }
        if (rule->resource != resource || rule->index != index) continue;
        if (rule->type == MUSTER_HOLD) return 0;
        if (rule->type == MUSTER_FORBID && rule->incident == incident) return 0;
        if (rule->type != MUSTER_LOCK) continue;
        left -= rule->quantity > 0 ? rule->quantity : mu_judge_amount(p, resource, index);
    }
    return left;
}

/* MUSTER_UNMET_EXHAUSTED where all are taken. */
static muster_unmet_reason last_hurdle(const mu_judge *j, unsigned resource, uint32_t index,
                                       uint32_t need, uint32_t travel_ms) {
    const muster_problem  *p      = j->problem;
    const muster_unit     *unit   = mu_judge_unit(p, resource, index);
    const uint32_t         where  = p->need[need].incident;
    const muster_incident *at     = &p->incident[where];
    const uint8_t          levels = mu_judge_escalation(p, where, unit);
    uint64_t eta_ms = (uint64_t)unit->turnout_ms + j->weights.escalation_delay_ms[levels];
    if (eta_ms < unit->available_ms) eta_ms = unit->available_ms;
    eta_ms += travel_ms;
    if (travel_ms == MUSTER_UNREACHABLE_MS || eta_ms >= MUSTER_UNREACHABLE_MS) {
        return MUSTER_UNMET_UNREACHABLE;
    }
    if (!is_good_enough(p, resource, index, p->need[need].grade)) return MUSTER_UNMET_GRADE;
    if (unit->shift_end_ms != 0 && eta_ms + at->on_scene_ms > unit->shift_end_ms) {
        return MUSTER_UNMET_SHIFT;
    }
    return left_for(p, resource, index, where) > 0 ? MUSTER_UNMET_EXHAUSTED
                                                   : MUSTER_UNMET_RULED_OUT;
}

static void hear(inquest *q, uint32_t n, unsigned resource, uint32_t index, uint32_t travel_ms) {
    const muster_problem     *p = q->judge->problem;
    const muster_unmet_reason hurdle =
        last_hurdle(q->judge, resource, index, q->need[n], travel_ms);
    if (hurdle != MUSTER_UNMET_EXHAUSTED) {
        if (hurdle > q->hurdle[n]) q->hurdle[n] = (uint8_t)hurdle;
        return;
    }
    q->is_taken[n] = true;
    q->idle[n] += mu_judge_amount(p, resource, index) - q->judge->used[resource][index];
}

/* ---- witnesses ----------------------------------------------------------------------- */

/* Is there a need that it suits? */
static bool suits_any(const inquest *q, unsigned resource, uint32_t index) {
    const muster_problem *p = q->judge->problem;
    if (mu_judge_amount(p, resource, index) == 0) return false;
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        if (q->first[k] < q->first[k + 1] && mu_judge_suits(p, resource, index, k)) return true;
    }
    return false;
}

static int by_site(const void *a, const void *b) {
    const muster_site *s = &((const witness *)a)->site, *t = &((const witness *)b)->site;
    if (s->lon_deg != t->lon_deg) return s->lon_deg < t->lon_deg ? -1 : 1;
    if (s->lat_deg != t->lat_deg) return s->lat_deg < t->lat_deg ? -1 : 1;
    return 0;
}

static void call(witnesses *w, const inquest *q, uint32_t metric) {
    const muster_problem *p = q->judge->problem;
    w->count = w->row_count = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            const muster_unit *unit = mu_judge_unit(p, r, i);
            if (unit->metric != metric || !suits_any(q, r, i)) continue;
            w->witness[w->count++] = (witness){unit->site, i, 0, (uint8_t)r};
        }
    }
    if (w->count > 0) qsort(w->witness, w->count, sizeof *w->witness, by_site);
    for (uint32_t k = 0; k < w->count; ++k) {
        if (k == 0 || by_site(&w->witness[k - 1], &w->witness[k]) != 0) {
            w->lon[w->row_count]   = w->witness[k].site.lon_deg;
            w->lat[w->row_count++] = w->witness[k].site.lat_deg;
        }
        w->witness[k].row = w->row_count - 1;
    }
}

static muster_status measure(witnesses *w, const inquest *q, const muster_metric *metric) {
    const muster_problem *p = q->judge->problem;
    MU_TRY(muster_snap_sites(metric, w->row_count, w->lon, w->lat, NULL, w->from));
    for (uint32_t i = 0; i < q->place_count; ++i) {
        w->lon[i] = p->incident[q->place[i]].site.lon_deg;
        w->lat[i] = p->incident[q->place[i]].site.lat_deg;
    }
    MU_TRY(muster_snap_sites(metric, q->place_count, w->lon, w->lat, NULL, w->to));
    return muster_matrix(metric, w->row_count, w->from, q->place_count, w->to, 1, w->time_ms, NULL);
}

static muster_status summon(witnesses *w, const inquest *q) {
    const muster_problem *p     = q->judge->problem;
    size_t                units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) units += suits_any(q, r, i);
    }
    const size_t sites = units > q->place_count ? units : q->place_count;
    MU_TRY(mu_alloc(&w->witness, units, sizeof *w->witness));
    MU_TRY(mu_alloc(&w->lon, sites, sizeof *w->lon));
    MU_TRY(mu_alloc(&w->lat, sites, sizeof *w->lat));
    MU_TRY(mu_alloc(&w->from, units, sizeof *w->from));
    MU_TRY(mu_alloc(&w->to, q->place_count, sizeof *w->to));
    return mu_alloc(&w->time_ms, units * q->place_count, sizeof *w->time_ms);
}

static void hear_witness(inquest *q, const witnesses *w, const witness *one) {
    const muster_problem *p       = q->judge->problem;
    const uint32_t       *time_ms = w->time_ms + (size_t)one->row * q->place_count;
    for (uint32_t kind = 0; kind < p->kind_count; ++kind) {
        if (q->first[kind] == q->first[kind + 1]) continue;
        if (!mu_judge_suits(p, one->resource, one->index, kind)) continue;
        for (uint32_t i = q->first[kind]; i < q->first[kind + 1]; ++i) {
            const uint32_t n        = q->of_kind[i];
            const uint32_t incident = p->need[q->need[n]].incident;
            hear(q, n, one->resource, one->index, time_ms[q->place_of[incident]]);
        }
    }
}

static muster_status hear_all(inquest *q, witnesses *w) {
    const muster_problem *p = q->judge->problem;
    MU_TRY(summon(w, q));
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        call(w, q, m);
        if (w->count == 0) continue;
        MU_TRY(measure(w, q, p->metric[m]));
        for (uint32_t k = 0; k < w->count; ++k) hear_witness(q, w, &w->witness[k]);
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

static void list_places(inquest *q) {
    const muster_problem *p = q->judge->problem;
    for (uint32_t i = 0; i < p->incident_count; ++i) q->place_of[i] = MUSTER_NONE;
    for (uint32_t n = 0; n < q->need_count; ++n) {
        const uint32_t incident = p->need[q->need[n]].incident;
        if (q->place_of[incident] != MUSTER_NONE) continue;
        q->place_of[incident]      = q->place_count;
        q->place[q->place_count++] = incident;
    }
}

static muster_status open_inquest(inquest *q) {
    const mu_judge *j = q->judge;
    MU_TRY(mu_alloc(&q->need, j->unmet_count, sizeof *q->need));
    MU_TRY(mu_alloc(&q->hurdle, j->unmet_count, sizeof *q->hurdle));
    MU_TRY(mu_alloc_zeroed(&q->is_taken, j->unmet_count, sizeof *q->is_taken));
    MU_TRY(mu_alloc_zeroed(&q->idle, j->unmet_count, sizeof *q->idle));
    MU_TRY(mu_alloc_zeroed(&q->first, (size_t)j->problem->kind_count + 1, sizeof *q->first));
    MU_TRY(mu_alloc(&q->of_kind, j->unmet_count, sizeof *q->of_kind));
    MU_TRY(mu_alloc(&q->place, j->problem->incident_count, sizeof *q->place));
    MU_TRY(mu_alloc(&q->place_of, j->problem->incident_count, sizeof *q->place_of));
    for (uint32_t u = 0; u < j->unmet_count; ++u) {
        if (is_looked_into(j, j->unmet[u].need)) q->need[q->need_count++] = j->unmet[u].need;
    }
    for (uint32_t n = 0; n < q->need_count; ++n) q->hurdle[n] = MUSTER_UNMET_NONE_EXIST;
    group_by_kind(q);
    list_places(q);
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
    mu_free(w.witness);
    mu_free(w.lon);
    mu_free(w.lat);
    mu_free(w.from);
    mu_free(w.to);
    mu_free(w.time_ms);
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
    mu_free(q.place_of);
    return status;
}
