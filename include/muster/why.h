/** @file muster/why.h
 *  Why a plan is as it is: why a need stays unmet, why the nearest is not sent, what would help.
 *
 *  Everything is worked out from the problem and the assignments alone, in integers, so that an
 *  answer is true of any plan that muster_plan_check passes, whoever made it. */
#ifndef MUSTER_WHY_H
#define MUSTER_WHY_H

#include <muster/language.h>
#include <muster/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The books of one plan: who could go where, who does, what is left. */
typedef struct muster_reasons muster_reasons;

/** Open the books.
 *  @param out               receives the books, yours: muster_reasons_free
 *  @param problem           borrowed until muster_reasons_free
 *  @param assignment_count  how many assignments
 *  @param assignment        in any order; only what is sent where and when is read: resource,
 *                           index, need, quantity, eta_ms, and shipment where items come by
 *                           vehicle, which then says when. Of a plan: muster_plan_assignments. Not
 *                           kept.
 *  @param shipment_count    how many shipments
 *  @param shipment          where items come by vehicle, the trips that assignments name; only
 *                           `vehicle` is read. Of a plan: muster_plan_shipments. Not kept.
 *  @param thread_count      0: one per core
 *  @return MUSTER_E_INVALID where the problem is wrong, or with the first assignment named that
 *          does not fit it (who is sent is not there, does not suit, sends more than there is,
 *          arrives at another time, serves nobody or less than the minimum); MUSTER_E_NOMEM.
 *          As long as the travel times take, and O(needs * resources). */
MUSTER_API muster_status muster_reasons_new(muster_reasons **out, const muster_problem *problem,
                                            uint32_t                 assignment_count,
                                            const muster_assignment *assignment,
                                            uint32_t                 shipment_count,
                                            const muster_shipment *shipment, uint32_t thread_count);
MUSTER_API void          muster_reasons_free(muster_reasons *reasons);

/** Tell the books what the plan itself says of what it leaves unmet: it is then the reason where they
 *  would have to say MUSTER_REASON_IN_PLAN. Before anybody asks.
 *  @param reasons      the books
 *  @param unmet_count  how many
 *  @param unmet        of a plan: muster_plan_unmet; only need and reason are read. Not kept.
 *  @return MUSTER_E_INVALID with the first named that is about no need or for no reason; then nothing
 *          has changed. */
MUSTER_API muster_status muster_reasons_tell(muster_reasons *reasons, uint32_t unmet_count,
                                             const muster_unmet *unmet);

/** What is known of a shortage beside its reason. */
typedef enum muster_proof {
    /** Nothing: counted one by one, there is enough for this need without taking from others. What
     *  stands in the way is that teams go whole, a minimum, or that the search ended early. */
    MUSTER_PROOF_NONE,
    /** A fact of this plan: `unit` are all that can serve the needs in `need`, every one of them is
     *  in use, and only there. Teams go whole, so more people are there than were asked for. */
    MUSTER_PROOF_IN_USE,
    /** A proof for every plan: `unit` are all that can serve the needs in `need`, and they have
     *  less (`supply`) than is asked for there (`demand`): a minimum cut. Of items that come by
     *  vehicle, all stocks are taken for such that can. */
    MUSTER_PROOF_SUPPLY
} muster_proof;

/** "none", "in_use", "supply"; NULL for a number outside the enum. */
MUSTER_API const char *muster_proof_name(muster_proof proof);

/** The reason is not one that the books know: see muster_plan_unmet. */
#define MUSTER_REASON_IN_PLAN 255

/** Why a need is unmet. */
typedef struct muster_shortage {
    int64_t missing; /**< 0: it is met, and nothing else here means anything. */
    /** A muster_unmet_reason; MUSTER_REASON_IN_PLAN where it is not with this need and who could
     *  serve it alone (items that come by vehicle and are not used up, incidents that get all or
     *  nothing, machines and their operators, diversions), and muster_reasons_tell has not told it. */
    uint8_t         reason;
    uint8_t         proof; /**< A muster_proof. */
    uint32_t        need_count;
    const uint32_t *need; /**< [need_count] Rising; the one asked about is one of them. */
    uint32_t        unit_count;
    const uint32_t *unit;   /**< [unit_count] Rising: rows of the need's resource. */
    int64_t         supply; /**< What the units have in all, ... */
    int64_t         demand; /**< ... and what the needs ask for in all. */
} muster_shortage;

/** What the nearest that is not (wholly) sent here does instead. */
typedef enum muster_nearest_verdict {
    MUSTER_NEAREST_NONE,      /**< Nobody else who suits can reach here. */
    MUSTER_NEAREST_NO_SOONER, /**< The need is met, and the nearest other would not be here before
                                   the last of those who are sent. */
    MUSTER_NEAREST_IDLE,      /**< It could come, and is idle. */
    MUSTER_NEAREST_ELSEWHERE, /**< It serves `other_need`. */
    MUSTER_NEAREST_CARRYING, /**< A vehicle that carries items. What the trip is worth is not known. */
    MUSTER_NEAREST_SHIPPED /**< Items that come by vehicle: it depends on the vehicle who is near,
                                   and the question is not asked. */
} muster_nearest_verdict;

/** "none", "no_sooner", "idle", "elsewhere", "carrying", "shipped"; NULL for a number outside the enum. */
MUSTER_API const char *muster_nearest_verdict_name(muster_nearest_verdict verdict);

/** The nearest that is not sent here, and the best single exchange that would send it: it comes
 *  here; of those sent here one may be released (of counted things: as many of the last as are no
 *  longer needed); where it came from, one that is idle or was just released may take its place (of
 *  counted things: as many as were taken away, nearest first). All else stays as it is. The changes
 *  of tiers 1 and 2 are those of the plan so changed, exactly; later tiers are not looked at. Who has
 *  a rule of its own neither is released nor takes a place. */
typedef struct muster_exchange {
    uint8_t  verdict;  /**< A muster_nearest_verdict. */
    uint8_t  resource; /**< A muster_resource. */
    uint32_t index;    /**< Who; MUSTER_NONE for MUSTER_NEAREST_NONE. */
    uint32_t eta_ms;   /**< When it would be here. */
    uint32_t
        last_eta_ms; /**< When the last of those who are sent is; MUSTER_UNREACHABLE_MS: nobody is. */
    /** The rest is of MUSTER_NEAREST_IDLE and MUSTER_NEAREST_ELSEWHERE. */
    /** 1: the exchange is not worked out, since it is about somebody who has a rule of its own, or
     *  about a need that depends on others (all or nothing, machines and their operators). */
    uint8_t  is_bound;
    uint8_t  is_possible;  /**< 0: less than the minimum would be here even so. No changes then. */
    int64_t  quantity;     /**< How much of it the exchange moves. */
    uint32_t other_need;   /**< MUSTER_NONE where it is idle. */
    uint32_t other_eta_ms; /**< When it is there as planned. */
    uint32_t replacement;  /**< The last to take its place there; MUSTER_NONE: nobody. */
    uint32_t replacement_eta_ms;   /**< When that would be there. */
    int64_t  other_missing;        /**< What would be missing there beyond what is missing now. */
    int64_t  unmet_need_change;    /**< Of tier 1; negative: the exchange is better. */
    int64_t  response_time_change; /**< Of tier 2. */
} muster_exchange;

/** What one more would be worth, as muster_tier counts.
 *
 *  The gains compare two optima of a relaxation, in which teams may be split and neither minimums
 *  nor locks, operators and diversions count, for all needs that share resources with this one: as things are, and with one person,
 *  vehicle, machine or item more, already standing at the incident and serving this need alone.
 *  Vehicles that carry items count as free. For items that come by vehicle all is 0.
 *  They say nothing of the plan at hand, and are an estimate where `is_exact` is 0: the true gain
 *  may be more or less. The bounds are the prices of the same linear program: no gain in it is
 *  more, tier by tier. */
typedef struct muster_help {
    int64_t unmet_need_gain,
        response_time_gain; /**< The second may be negative beside the first. */
    int64_t unmet_need_bound, response_time_bound;
    /** Who of those that suit and can come is scarcest: one more of it is worth at most
     *  `source_unmet_need` and `source_response_time` in the relaxation. MUSTER_NONE: nobody. */
    uint32_t source;
    int64_t  source_unmet_need, source_response_time;
    /** 1: nothing was relaxed (no people, no minimum above 1, no rules, no needs that depend on
     *  others, no vehicles that may carry items instead): the gains are those of best plans. */
    uint8_t is_exact;
} muster_help;

/** What a muster_why can say. */
typedef enum muster_question {
    MUSTER_WHY_UNMET,       /**< Why is it unmet? */
    MUSTER_WHY_NOT_NEAREST, /**< Why is the nearest not sent? */
    MUSTER_WHAT_WOULD_HELP, /**< What would one more be worth? */
    MUSTER_QUESTION_COUNT
} muster_question;

/** The three answers about one need. */
typedef struct muster_why muster_why;

/** Explain one need.
 *
 *  The cut is the residual one of Ford and Fulkerson (1956) around the need, from the plan's own
 *  flow: O(arcs) for each path that is found; arcs are pairs of a need and who can serve it. The
 *  exchange is found by trying all: O((idle + sent here) * sent) for people. What would help takes
 *  two runs of the network simplex. The books are only read: any number of threads may ask.
 *  @return MUSTER_E_INVALID for a need that is not there, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_why_new(muster_why **out, const muster_reasons *reasons,
                                        uint32_t need);
MUSTER_API void          muster_why_free(muster_why *why);
/** The answers; they live as long as @p why. */
MUSTER_API const muster_shortage *muster_why_shortage(const muster_why *why);
MUSTER_API const muster_exchange *muster_why_exchange(const muster_why *why);
MUSTER_API const muster_help     *muster_why_help(const muster_why *why);
/** The same as English sentences in UTF-8, of codes as the problem has them; NULL where there is
 *  nothing to say (the need is met, or items come by vehicle). It lives as long as @p why. */
MUSTER_API const char *muster_why_text(const muster_why *why, muster_question question);
/** The same in a language. In Chinese kinds are called by their names, units and incidents by name and
 *  code, where they have names: "储罐泄漏（tank-1）缺少“危化品处置” 20 人".
 *  @param why       the answers
 *  @param question  one of the three
 *  @param language  NULL comes back for a number outside the enum, as for a question outside of it */
MUSTER_API const char *muster_why_text_in(const muster_why *why, muster_question question,
                                          muster_language language);

#ifdef __cplusplus
}
#endif
#endif
