/* What who writes the answers as sentences has before him: a file each for English and Chinese. */
#ifndef MU_SOLVER_WHY_TEXT_H
#define MU_SOLVER_WHY_TEXT_H

#include "solver/candidates.h"
#include "solver/sentence.h"
#include "solver/why.h"

typedef struct mu_why_writer {
    const muster_why      *why;
    const muster_problem  *problem;
    const muster_need     *need;
    const muster_incident *incident;
    const muster_kind     *kind;
    muster_resource        resource; /* the kind's */
    mu_sentence            out;
} mu_why_writer;

/* Says nothing where there is nothing to say. */
typedef void (*mu_why_sayer)(mu_why_writer *writer);

extern const mu_why_sayer mu_why_english[MUSTER_QUESTION_COUNT];
extern const mu_why_sayer mu_why_chinese[MUSTER_QUESTION_COUNT];

#define say(w, ...) mu_say(&(w)->out, __VA_ARGS__)

static inline const muster_unit *mu_why_unit(const mu_why_writer *w, uint32_t index) {
    return muster_problem_unit(w->problem, w->resource, index);
}

static inline const muster_incident *mu_why_incident(const mu_why_writer *w, uint32_t need) {
    return &w->problem->incident[w->problem->need[need].incident];
}

/* Of a shortage's units, all in use: what goes beyond what was asked for. */
static inline int64_t mu_why_surplus(const mu_why_writer *w, const muster_shortage *s) {
    int64_t sum = s->supply - s->demand;
    for (uint32_t i = 0; i < s->need_count; ++i) sum += w->why->book->missing[s->need[i]];
    return sum;
}

/* Do vehicles both serve needs and carry items? */
static inline bool mu_why_may_carry(const mu_why_writer *w) {
    return w->resource == MUSTER_VEHICLE && w->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE;
}

#endif
