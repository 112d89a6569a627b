/* The inside of an explanation of one need, and who answers which part of it. */
#ifndef MU_SOLVER_WHY_H
#define MU_SOLVER_WHY_H

#include "solver/why_book.h"

struct muster_why {
    const muster_reasons *book;
    uint32_t              need;
    muster_shortage       shortage; /* its lists are those below */
    uint32_t             *closed_need, *closed_unit;
    muster_exchange       nearest;
    muster_help           help;
    char                 *text[MUSTER_LANGUAGE_COUNT][MUSTER_QUESTION_COUNT];
};

muster_status mu_why_find_cut(muster_why *why);
muster_status mu_why_find_exchange(muster_why *why);
muster_status mu_why_find_help(muster_why *why);
/* After the others. */
muster_status mu_why_write(muster_why *why);

#endif
