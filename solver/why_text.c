/* The answers as sentences, in each language. Every number in them is one of the answer's, or a
 * difference of two; minutes have one decimal, since rounding up would make differences look wrong. */
#include "solver/why_text.h"

muster_status mu_why_write(muster_why *why) {
    static const mu_why_sayer *const SAY[MUSTER_LANGUAGE_COUNT] = {mu_why_english, mu_why_chinese};
    const muster_problem            *p                          = why->book->problem;
    const muster_need               *need                       = &p->need[why->need];
    for (int language = 0; language < MUSTER_LANGUAGE_COUNT; ++language) {
        for (int q = 0; q < MUSTER_QUESTION_COUNT; ++q) {
            mu_why_writer w = {.why      = why,
                               .problem  = p,
                               .need     = need,
                               .incident = &p->incident[need->incident],
                               .kind     = &p->kind[need->kind],
                               .resource = mu_need_resource(p, why->need)};
            SAY[language][q](&w);
            why->text[language][q] = w.out.text;
            MU_TRY(w.out.status);
        }
    }
    return MUSTER_OK;
}
