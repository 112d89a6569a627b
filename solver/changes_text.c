/* Sentences lie one after the other; where each begins is known once none moves any more. */
#include "solver/changes_text.h"

#include "core/alloc.h"

muster_status mu_changes_write(mu_changes *changes, const mu_change_names *names) {
    static const mu_change_sayer SAY[MUSTER_LANGUAGE_COUNT] = {mu_change_say_english,
                                                               mu_change_say_chinese};
    mu_sentence                  w                          = {.status = MUSTER_OK};
    size_t(*begin)[MUSTER_LANGUAGE_COUNT];
    MU_TRY(mu_alloc(&begin, changes->count, sizeof *begin));
    for (uint32_t i = 0; i < changes->count; ++i) {
        for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
            begin[i][l] = w.length;
            SAY[l](&w, &changes->change[i], &names[i]);
            if (w.status == MUSTER_OK) ++w.length; /* past its end */
        }
    }
    changes->text = w.text;
    for (uint32_t i = 0; w.status == MUSTER_OK && i < changes->count; ++i) {
        for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
            changes->change[i].text[l] = w.text + begin[i][l];
        }
    }
    mu_free(begin);
    return w.status;
}
