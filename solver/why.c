#include "solver/why.h"

#include "core/alloc.h"

const char *muster_proof_name(muster_proof proof) {
    static const char *const NAME[] = {"none", "in_use", "supply"};
    return (unsigned)proof < sizeof NAME / sizeof *NAME ? NAME[proof] : NULL;
}

const char *muster_nearest_verdict_name(muster_nearest_verdict verdict) {
    static const char *const NAME[] = {"none",      "no_sooner", "idle",
                                       "elsewhere", "carrying",  "shipped"};
    return (unsigned)verdict < sizeof NAME / sizeof *NAME ? NAME[verdict] : NULL;
}

static muster_status answer(muster_why *why) {
    MU_TRY(mu_why_find_cut(why));
    MU_TRY(mu_why_find_exchange(why));
    MU_TRY(mu_why_find_help(why));
    return mu_why_write(why);
}

muster_status muster_why_new(muster_why **out, const muster_reasons *reasons, uint32_t need) {
    muster_why *why;
    *out = NULL;
    if (need >= reasons->problem->need_count) {
        return muster_fail(MUSTER_E_INVALID, "need %u, but the problem has %u", need,
                           reasons->problem->need_count);
    }
    MU_TRY(mu_alloc_zeroed(&why, 1, sizeof *why));
    why->book                  = reasons;
    why->need                  = need;
    const muster_status status = answer(why);
    if (status == MUSTER_OK) {
        *out = why;
    } else {
        muster_why_free(why);
    }
    return status;
}

void muster_why_free(muster_why *why) {
    if (!why) return;
    mu_free(why->closed_need);
    mu_free(why->closed_unit);
    for (int language = 0; language < MUSTER_LANGUAGE_COUNT; ++language) {
        for (int q = 0; q < MUSTER_QUESTION_COUNT; ++q) mu_free(why->text[language][q]);
    }
    mu_free(why);
}

const muster_shortage *muster_why_shortage(const muster_why *why) {
    return &why->shortage;
}

const muster_exchange *muster_why_exchange(const muster_why *why) {
    return &why->nearest;
}

const muster_help *muster_why_help(const muster_why *why) {
    return &why->help;
}

const char *muster_why_text_in(const muster_why *why, muster_question question,
                               muster_language language) {
    if ((unsigned)question >= MUSTER_QUESTION_COUNT) return NULL;
    return (unsigned)language < MUSTER_LANGUAGE_COUNT ? why->text[language][question] : NULL;
}

const char *muster_why_text(const muster_why *why, muster_question question) {
    return muster_why_text_in(why, question, MUSTER_ENGLISH);
}
