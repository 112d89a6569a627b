/* Why does a need stay unmet? Whoever suits it is put before it, wherever he is now: how many of the
 * hurdles does he take, the road, the grade, the shift, the rules? Where nobody takes all of them, the
 * last that anybody came to is the reason. Who takes them all is in use, or idle for one of the
 * reasons that are left. (That those on their way elsewhere are better left to that, is believed: it
 * takes another plan to show that they are not.)
 *
 * Nobody is heard who cannot tell anything new. Of those who are idle so many are enough as make the need's
 * minimum; of those who are in use one who takes all hurdles; of those whom rules let go nowhere one who fails at
 * nothing else. So they are heard in that order, whose way is known first, and of the others a few at a time: only
 * then the roads are asked.
 *
 * Items that come by vehicle have hurdles of their own: see judge_unmet.c. */
#include "core/alloc.h"
#include "solver/judge.h"
#include "solver/judge_tables.h"

/* What the hearing has brought to light, by need. */
typedef struct inquest {
    mu_judge *judge;
    uint32_t  need_count; /* of needs that are looked into: */
    uint32_t *need;       /* [need_count] unmet, and not of items that come by vehicle */
    bool     *is_asked;   /* [kind_count] one is of that kind */
    uint32_t *place;      /* [need_count] where they are */
    uint8_t  *hurdle;     /* [need_count] the last one that somebody came to */
    bool     *is_taken;   /* [need_count] somebody took all of them */
    int64_t  *idle;       /* [need_count] how many of those who did are idle, ... */
    int64_t  *enough;     /* [need_count] ... of which so many tell as much as all */
    int64_t  *room;       /* [need_count] how many more can be operated there */
} inquest;

/* Who is heard when. */
enum {
    IDLE,
    BUSY,
    BOUND, /* rules leave nothing of him for any incident */
    PANELS
};

/* Somebody who suits one of them, wherever he is now. */
typedef struct witness {
    uint8_t  resource, panel;
    uint32_t index, metric, place;
    int64_t  idle;
} witness;

/* Whom a need has open, and of those whom it asks next. */
typedef struct docket {
    size_t next, asked, end;
} docket;

/* On benches, one for each metric, panel and kind, in that order. */
typedef struct witnesses {
    uint32_t  count, seat_count;
    witness  *list;  /* [count] */
    uint32_t *bench; /* [metric_count * PANELS * kind_count + 1] where each begins in: */
    uint32_t *seat;  /* [seat_count] witnesses; who is good for several kinds has several */
    uint32_t *from;  /* [seat_count] their places */
    uint32_t *open;  /* [open_count] witnesses whose answer takes the roads, need by need */
    size_t    open_count, open_capacity;
    docket   *docket; /* [need_count] */
} witnesses;

/* ---- what the plan leaves open -------------------------------------------------------- */

/* How many more can be operated there; INT64_MAX for what nobody has to operate. */
static int64_t count_room(const mu_judge *j, uint32_t need) {
    const muster_need *n    = &j->problem->need[need];
    const muster_kind *kind = &j->problem->kind[n->kind];
    if (kind->operator_count == 0) return INT64_MAX;
    const int64_t spare = mu_judge_spare_operators(j, n->incident, kind->operator_kind);
    return spare > 0 ? spare / kind->operator_count : 0;
}

static bool is_incomplete(const mu_judge *j, uint32_t incident) {
    return j->problem->incident[incident].all_or_nothing && !mu_judge_is_complete(j, incident);
}

/* How many idle ones tell as much as all who are: as many as would make the minimum; where there is no room for
 * so many, somebody; and where something else is the reason, nobody. */
static int64_t count_enough(const mu_judge *j, uint32_t need, int64_t room) {
    const int64_t lacking = j->problem->need[need].minimum - j->sent[need];
    const int64_t least   = lacking > 1 ? lacking : 1;
    if (room == 0 || is_incomplete(j, j->problem->need[need].incident)) return 0;
    return room < least ? 1 : least;
}

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

/* Could what somebody of a panel says of a need still matter? */
static bool can_tell(const inquest *q, uint32_t n, unsigned panel) {
    if (!q->is_taken[n]) return panel != BOUND || q->hurdle[n] < MUSTER_UNMET_RULED_OUT;
    return panel == IDLE && q->idle[n] < q->enough[n];
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

static witness witness_of(const mu_judge *j, unsigned resource, uint32_t index) {
    const int64_t idle   = mu_judge_amount(j->problem, resource, index) - j->used[resource][index];
    const bool    may_go = mu_judge_left(j, resource, index, MUSTER_NONE) > 0;
    return (witness){.resource = (uint8_t)resource,
                     .panel    = !may_go ? BOUND : (idle > 0 ? IDLE : BUSY),
                     .index    = index,
                     .metric   = mu_judge_unit(j->problem, resource, index)->metric,
                     .place    = j->roads->places.of_unit[resource][index],
                     .idle     = idle};
}

/* Is there a need that it suits? */
static bool suits_any(const inquest *q, unsigned resource, uint32_t index) {
    uint32_t        count, k = 0;
    const uint32_t *kind = mu_judge_kinds(q->judge->problem, resource, index, &count);
    while (k < count && !q->is_asked[kind[k]]) ++k;
    return k < count && mu_judge_amount(q->judge->problem, resource, index) > 0;
}

static muster_status call(witnesses *w, const inquest *q) {
    const muster_problem *p     = q->judge->problem;
    size_t                units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) units += mu_judge_rows(p, r);
    MU_TRY(mu_alloc(&w->list, units, sizeof *w->list));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            if (suits_any(q, r, i)) w->list[w->count++] = witness_of(q->judge, r, i);
        }
    }
    return MUSTER_OK;
}

static uint32_t *bench_of(const witnesses *w, const inquest *q, uint32_t metric, unsigned panel,
                          uint32_t kind) {
    return &w->bench[((size_t)metric * PANELS + panel) * q->judge->problem->kind_count + kind];
}

/* Is it there twice, and was the first? */
static bool is_named_before(const uint32_t *kind, uint32_t at) {
    uint32_t i = 0;
    while (kind[i] != kind[at]) ++i;
    return i < at;
}

/* Where a witness begins to sit down, or (is_seated) sits down: on a bench for each kind that is asked for. */
static void go_to_benches(witnesses *w, const inquest *q, uint32_t i, bool is_seated) {
    const witness  *who = &w->list[i];
    uint32_t        count;
    const uint32_t *kind = mu_judge_kinds(q->judge->problem, who->resource, who->index, &count);
    for (uint32_t c = 0; c < count; ++c) {
        if (!q->is_asked[kind[c]] || is_named_before(kind, c)) continue;
        uint32_t *bench = bench_of(w, q, who->metric, who->panel, kind[c]);
        if (is_seated) {
            w->seat[*bench] = i;
            w->from[*bench] = who->place;
            ++*bench;
        } else {
            ++bench[1];
        }
    }
}

/* Fills from the front: each bench's begin runs ahead and is set back afterwards. */
static muster_status seat(witnesses *w, const inquest *q) {
    const muster_problem *p       = q->judge->problem;
    const size_t          benches = (size_t)p->metric_count * PANELS * p->kind_count;
    MU_TRY(mu_alloc_zeroed(&w->bench, benches + 1, sizeof *w->bench));
    for (uint32_t i = 0; i < w->count; ++i) go_to_benches(w, q, i, false);
    for (size_t b = 0; b < benches; ++b) w->bench[b + 1] += w->bench[b];
    w->seat_count = w->bench[benches];
    MU_TRY(mu_alloc(&w->seat, w->seat_count, sizeof *w->seat));
    MU_TRY(mu_alloc(&w->from, w->seat_count, sizeof *w->from));
    for (uint32_t i = 0; i < w->count; ++i) go_to_benches(w, q, i, true);
    for (size_t b = benches; b > 0; --b) w->bench[b] = w->bench[b - 1];
    w->bench[0] = 0;
    return MUSTER_OK;
}

static muster_status open_tables(const witnesses *w, const inquest *q) {
    for (uint32_t m = 0; m < q->judge->problem->metric_count; ++m) {
        const uint32_t first = *bench_of(w, q, m, 0, 0), end = *bench_of(w, q, m + 1, 0, 0);
        MU_TRY(mu_judge_table_open(q->judge->roads, MU_JUDGE_REASONS, m, end - first,
                                   w->from + first, q->need_count, q->place));
    }
    return MUSTER_OK;
}

static muster_status summon(witnesses *w, const inquest *q) {
    MU_TRY(call(w, q));
    MU_TRY(seat(w, q));
    MU_TRY(mu_alloc(&w->docket, q->need_count, sizeof *w->docket));
    return open_tables(w, q);
}

static void dismiss(witnesses *w) {
    mu_free(w->list);
    mu_free(w->bench);
    mu_free(w->seat);
    mu_free(w->from);
    mu_free(w->open);
    mu_free(w->docket);
}

/* ---- hearing ------------------------------------------------------------------------- */

/* The benches of a panel, who travels by one metric. */
typedef struct session {
    uint32_t        metric;
    unsigned        panel;
    mu_judge_table *table;
} session;

/* Whose way is known, is heard; the others are left open. */
static muster_status hear_known(inquest *q, witnesses *w, const session *s, uint32_t n) {
    const muster_problem *p      = q->judge->problem;
    const muster_need    *need   = &p->need[q->need[n]];
    const uint32_t       *bench  = bench_of(w, q, s->metric, s->panel, need->kind);
    const uint32_t        column = s->table->column_of[q->place[n]];
    for (uint32_t i = bench[0]; i < bench[1] && can_tell(q, n, s->panel); ++i) {
        const witness *who = &w->list[w->seat[i]];
        const uint32_t row = s->table->row_of[who->place];
        if (mu_judge_table_knows(s->table, row, column)) {
            hear(q, n, who, mu_judge_table_cell(s->table, row, column));
            continue;
        }
        MU_TRY(mu_grow(&w->open, &w->open_capacity, w->open_count, sizeof *w->open));
        w->open[w->open_count++] = w->seat[i];
    }
    return MUSTER_OK;
}

static muster_status file(inquest *q, witnesses *w, const session *s) {
    w->open_count = 0;
    for (uint32_t n = 0; n < q->need_count; ++n) {
        w->docket[n].next = w->open_count;
        if (q->judge->has_road[q->judge->problem->need[q->need[n]].incident]) {
            MU_TRY(hear_known(q, w, s, n));
        }
        w->docket[n].end = w->open_count;
    }
    return MUSTER_OK;
}

/* *out_any: somebody is asked for. */
static muster_status ask_some(inquest *q, witnesses *w, const session *s, size_t most,
                              bool *out_any) {
    *out_any = false;
    for (uint32_t n = 0; n < q->need_count; ++n) {
        docket        *d      = &w->docket[n];
        const uint32_t column = s->table->column_of[q->place[n]];
        if (!can_tell(q, n, s->panel)) d->end = d->next;
        d->asked = d->end - d->next < most ? d->end : d->next + most;
        for (size_t i = d->next; i < d->asked; ++i) {
            const uint32_t row = s->table->row_of[w->list[w->open[i]].place];
            MU_TRY(mu_judge_table_want(s->table, row, column));
            *out_any = true;
        }
    }
    return mu_judge_table_ask(q->judge->roads, s->metric, s->table);
}

static void hear_asked(inquest *q, witnesses *w, const session *s) {
    for (uint32_t n = 0; n < q->need_count; ++n) {
        docket        *d      = &w->docket[n];
        const uint32_t column = s->table->column_of[q->place[n]];
        for (; d->next < d->asked; ++d->next) {
            const witness *who = &w->list[w->open[d->next]];
            hear(q, n, who, mu_judge_table_cell(s->table, s->table->row_of[who->place], column));
        }
    }
}

/* A few about each need first, who mostly are enough, then four times as many, and so on. */
static muster_status hear_panel(inquest *q, witnesses *w, const session *s) {
    enum { FEW = 4, MORE = 4 };
    bool is_any = true;
    MU_TRY(file(q, w, s));
    for (size_t most = FEW; is_any; most *= MORE) {
        MU_TRY(ask_some(q, w, s, most, &is_any));
        hear_asked(q, w, s);
    }
    return MUSTER_OK;
}

static muster_status hear_all(inquest *q, witnesses *w) {
    mu_judge_roads *roads = q->judge->roads;
    MU_TRY(summon(w, q));
    for (unsigned panel = IDLE; panel < PANELS; ++panel) {
        for (uint32_t m = 0; m < roads->metric_count; ++m) {
            const session s = {m, panel, &roads->table[MU_JUDGE_REASONS][m]};
            MU_TRY(hear_panel(q, w, &s));
        }
    }
    return MUSTER_OK;
}

/* ---- the reason ---------------------------------------------------------------------- */

/* Could those who are idle be of use? */
static bool is_enough(const inquest *q, uint32_t n) {
    const uint32_t need = q->need[n];
    const int64_t  more = q->idle[n] < q->room[n] ? q->idle[n] : q->room[n];
    return more > 0 && q->judge->sent[need] + more >= q->judge->problem->need[need].minimum;
}

static muster_unmet_reason reason_of(const inquest *q, uint32_t n) {
    const mu_judge    *j    = q->judge;
    const muster_need *need = &j->problem->need[q->need[n]];
    if (!j->has_road[need->incident]) return MUSTER_UNMET_UNSNAPPED;
    if (!q->is_taken[n]) return (muster_unmet_reason)q->hurdle[n];
    if (is_incomplete(j, need->incident)) return MUSTER_UNMET_INCOMPLETE;
    if (q->room[n] == 0) return MUSTER_UNMET_NO_OPERATORS;
    if (q->idle[n] == 0) return MUSTER_UNMET_EXHAUSTED;
    return is_enough(q, n) ? MUSTER_UNMET_DIVERSION : MUSTER_UNMET_BELOW_MINIMUM;
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

static muster_status open_inquest(inquest *q) {
    const mu_judge *j = q->judge;
    MU_TRY(mu_alloc(&q->need, j->unmet_count, sizeof *q->need));
    MU_TRY(mu_alloc(&q->hurdle, j->unmet_count, sizeof *q->hurdle));
    MU_TRY(mu_alloc_zeroed(&q->is_taken, j->unmet_count, sizeof *q->is_taken));
    MU_TRY(mu_alloc_zeroed(&q->idle, j->unmet_count, sizeof *q->idle));
    MU_TRY(mu_alloc(&q->enough, j->unmet_count, sizeof *q->enough));
    MU_TRY(mu_alloc(&q->room, j->unmet_count, sizeof *q->room));
    MU_TRY(mu_alloc_zeroed(&q->is_asked, j->problem->kind_count, sizeof *q->is_asked));
    MU_TRY(mu_alloc(&q->place, j->unmet_count, sizeof *q->place));
    for (uint32_t u = 0; u < j->unmet_count; ++u) {
        if (is_looked_into(j, j->unmet[u].need)) q->need[q->need_count++] = j->unmet[u].need;
    }
    for (uint32_t n = 0; n < q->need_count; ++n) {
        const muster_need *need = &j->problem->need[q->need[n]];
        q->hurdle[n]            = MUSTER_UNMET_NONE_EXIST;
        q->place[n]             = j->roads->places.of_incident[need->incident];
        q->room[n]              = count_room(j, q->need[n]);
        q->enough[n]            = count_enough(j, q->need[n], q->room[n]);
        q->is_asked[need->kind] = true;
    }
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
    dismiss(&w);
    return status;
}

muster_status mu_judge_reasons(mu_judge *j) {
    inquest             q      = {.judge = j};
    const muster_status status = judge_all(&q);
    mu_free(q.need);
    mu_free(q.hurdle);
    mu_free(q.is_taken);
    mu_free(q.idle);
    mu_free(q.enough);
    mu_free(q.room);
    mu_free(q.is_asked);
    mu_free(q.place);
    return status;
}
