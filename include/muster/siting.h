/** @file muster/siting.h
 *  Where units and stock should wait: which places to choose so that everybody is near one, and which
 *  of the units that are free now to move up.
 *
 *  All models choose among the same places, for the same demand, by one table of travel times. They are
 *  solved to a proven optimum where the limits leave time for it, else to a solution with a bound:
 *
 *  - **p-median** (Hakimi, Operations Research 12, 1964): open `count` more places so that the sum of
 *    weight times travel time to the nearest is least.
 *  - **p-center** (Hakimi 1964): so that the longest travel time to the nearest is least.
 *  - **maximal covering**, MCLP (Church and ReVelle, Papers of the Regional Science Association 32,
 *    1974): so that most weight is within `within_ms` of a place.
 *  - **location set covering**, LSCP (Toregas, Swain, ReVelle and Bergman, Operations Research 19,
 *    1971): the fewest more places so that everybody is within `within_ms` of one.
 *  - **expected covering**, MEXCLP (Daskin, Transportation Science 17, 1983): each unit is busy with the
 *    same probability, so a second and a third one within `within_ms` are worth something, too; several
 *    may wait at one place.
 *  - **move-up** (relocation; Gendreau, Laporte and Semet, Journal of the Operational Research Society
 *    57, 2006): of the units that are free now, move at most `move_count`, none farther than
 *    `move_limit_ms`, so that one of the goals above is best met afterwards.
 *
 *  How: every model is one Lagrangian relaxation (Cornuejols, Fisher and Nemhauser, Management Science
 *  23, 1977; for covering Galvao and ReVelle, European Journal of Operational Research 88, 1996), whose
 *  bound is computed in integers, with places fixed by what they would cost and a branch and bound behind
 *  it (Beasley, European Journal of Operational Research 21, 1985). First solutions are greedy and
 *  improved by exchange (Teitz and Bart, Operations Research 16, 1968; Resende and Werneck, Annals of
 *  Operations Research 150, 2007). */
#ifndef MUSTER_SITING_H
#define MUSTER_SITING_H

#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum muster_siting_model {
    MUSTER_P_MEDIAN,
    MUSTER_P_CENTER,
    MUSTER_MAX_COVER,
    MUSTER_SET_COVER,
    MUSTER_EXPECTED_COVER,
    MUSTER_MOVE_UP,
    MUSTER_SITING_MODEL_COUNT
} muster_siting_model;

/** "p-median", "p-center", "max-cover", "set-cover", "expected-cover", "move-up"; NULL for a number
 *  outside the enum. */
MUSTER_API const char *muster_siting_model_name(muster_siting_model model);
/** Which one has that name; MUSTER_SITING_MODEL_COUNT where none has. */
MUSTER_API muster_siting_model muster_siting_model_from_name(const char *name);

/** Probabilities are in millionths. */
#define MUSTER_MILLION 1000000

/** Heaviest demand. */
#define MUSTER_MAX_DEMAND_WEIGHT INT64_C(1000000000)

/** Start from `MUSTER_SITING_PROBLEM_INIT`. Every array is borrowed until the call returns. */
typedef struct muster_siting_problem {
    size_t   struct_size;
    uint8_t  model;       /**< A muster_siting_model. */
    uint32_t place_count; /**< Where units may wait. */
    uint32_t demand_count;
    /** [place_count * demand_count] as muster_matrix makes it: row by row from each place to each
     *  demand; MUSTER_UNREACHABLE_MS and above: never. */
    const uint32_t *travel_ms;
    /** [demand_count] 0 to MUSTER_MAX_DEMAND_WEIGHT; NULL: all 1. Where it is 0 nobody is: that demand
     *  need not be reached and counts in no model. */
    const int64_t *weight;
    /** [place_count] units that are there and stay; NULL: none. A place with one is open already. */
    const uint32_t *existing;
    /** [place_count] how many more may come; 0: nobody. NULL: 1 in models in which a place is open or
     *  is not, else as many as there are. Of move-up: how many of its free units the place holds; those
     *  that stand there may stay in any case. */
    const uint32_t *room;
    /** How many more, at most: places to open, or units of expected covering. One more that would gain
     *  nothing is not used. Set covering and move-up do not read it. */
    uint32_t count;
    uint32_t within_ms; /**< Covered is who is reached in this time at most. */
    /** [demand_count] the same for each demand; NULL: within_ms for all. */
    const uint32_t *within_of_demand_ms;
    /** The probability that a unit is busy, 0 to 999,999 millionths; of expected covering. */
    uint32_t busy_millionths;
    /** Of move-up: what the moves are to improve: MUSTER_P_MEDIAN, MUSTER_MAX_COVER or
     *  MUSTER_EXPECTED_COVER. */
    uint8_t         goal;
    uint32_t        unit_count;    /**< Of move-up: the units that are free now, */
    const uint32_t *unit_place;    /**< [unit_count] at which place each of them is, */
    const uint32_t *move_ms;       /**< [unit_count * place_count] and how long it takes to each. */
    uint32_t        move_count;    /**< How many may move, at most, */
    uint32_t        move_limit_ms; /**< and for how long. */
} muster_siting_problem;

#define MUSTER_SITING_PROBLEM_INIT                                                                 \
    { .struct_size = sizeof(muster_siting_problem), .goal = MUSTER_EXPECTED_COVER }

/** How good a siting is: an answer, not an error. */
typedef enum muster_siting_outcome {
    MUSTER_SITING_OPTIMAL,    /**< Proven best. */
    MUSTER_SITING_FEASIBLE,   /**< The best that was found within the limits. */
    MUSTER_SITING_INFEASIBLE, /**< Proven: nobody reaches some demand, or `count` is too small. */
    MUSTER_SITING_UNDECIDED,  /**< Neither found nor disproven within the limits. */
    MUSTER_SITING_OUTCOME_COUNT
} muster_siting_outcome;

/** "optimal", "feasible", "infeasible", "undecided"; NULL for a number outside the enum. */
MUSTER_API const char *muster_siting_outcome_name(muster_siting_outcome outcome);

/** What is known in the middle of the work. */
typedef struct muster_siting_state {
    const char *phase; /**< A short English noun: "exchanges", "branches". */
    uint32_t    elapsed_ms;
    uint64_t    work;
} muster_siting_state;

/** Called now and then on the thread that called muster_siting_solve. Return false to stop: the best
 *  so far is returned. */
typedef bool (*muster_siting_watcher)(void *user, const muster_siting_state *state);

typedef struct muster_siting_options {
    size_t   struct_size;
    uint32_t time_limit_ms; /**< Return the best found by then; 0: no limit. */
    /** Stop after so many steps, whatever the clock says; 0: no limit. Without a time limit beside it
     *  the result is the same for any number of threads on any machine. */
    uint64_t              work_limit;
    uint32_t              thread_count; /**< 0: one per core. */
    muster_siting_watcher watcher;      /**< May be NULL. */
    void                 *watcher_user;
    /** May be NULL. Any thread may set it to something else than 0, with an atomic store, to stop. */
    const int *cancel;
} muster_siting_options;

#define MUSTER_SITING_OPTIONS_INIT                                                                 \
    { .struct_size = sizeof(muster_siting_options), .time_limit_ms = 60000 }

/** What was decided. Arrays are the siting's. */
typedef struct muster_siting_result {
    uint8_t outcome; /**< A muster_siting_outcome. */
    /** Of a siting, which there is where the outcome is optimal or feasible; else 0.
     *  p-median: milliseconds times weight, to be small; p-center: milliseconds; maximal covering:
     *  weight, to be great; set covering: places that are opened; expected covering: millionths times
     *  weight, to be great, where the n-th unit of those within reach counts as
     *  floor(busy * (that of the one before)), the first 1 - busy. Move-up: those of its goal. */
    int64_t objective;
    int64_t bound; /**< Nothing has less, or, where it is to be great, more; 0 where infeasible. */
    double  gap;   /**< |objective - bound| / max(1, |objective|); 0: proven. */
    /** [place_count] how many are at each place afterwards, those that are there already included. */
    const uint32_t *unit_count;
    uint32_t        chosen_count; /**< Places opened, or units put up or moved. */
    /** [demand_count] the nearest place with a unit, of equally near ones the first; MUSTER_NONE: no
     *  way from any. And how long it takes from there. */
    const uint32_t *place_of_demand;
    const uint32_t *travel_ms;
    /** [unit_count] Of move-up: where each unit goes, or stays. */
    const uint32_t *place_of_unit;
    /** Demands of weight that no place which may be used reaches, within reach where the model has
     *  one. Where the model has to reach all, they are why there is no siting. */
    uint32_t        stranded_count;
    const uint32_t *stranded;
    /** Where p-median or p-center is infeasible though each demand can be reached: so many more places
     *  it takes at least; else 0. */
    uint32_t least_count;
    uint64_t work;
    uint32_t elapsed_ms;
} muster_siting_result;

typedef struct muster_siting muster_siting;

/** Decide. Ties go to what has the lower index at every step, so that the same problem has the same
 *  siting, for any number of threads.
 *  @param out      receives the siting, yours: muster_siting_free
 *  @param problem  only read
 *  @param options  may be NULL: MUSTER_SITING_OPTIONS_INIT
 *  @return MUSTER_E_INVALID naming the field, the item and what was expected; also for weights times
 *          travel times whose sum leaves 61 bits; MUSTER_E_NOMEM.
 *  Time is exponential in the worst case; 12 bytes for each pair of a place and a demand. */
MUSTER_API muster_status muster_siting_solve(muster_siting              **out,
                                             const muster_siting_problem *problem,
                                             const muster_siting_options *options);
MUSTER_API void          muster_siting_free(muster_siting *siting);
/** Lives as long as the siting. */
MUSTER_API const muster_siting_result *muster_siting_view(const muster_siting *siting);

#ifdef __cplusplus
}
#endif
#endif
