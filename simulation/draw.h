/* Random numbers without a state: each is a function of what it is for. What is drawn for one purpose and
 * one entity never depends on what else is drawn, in which order, or on which thread, so a call type that is
 * added to a scenario changes nothing of the others, and two policies meet the same course (common random
 * numbers; Law, "Simulation Modeling and Analysis", 2015, chapter 11).
 *
 * Behind it stands Philox 4x32 with 10 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011): a keyed bijection of 128-bit counters that passes BigCrush. */
#ifndef MU_SIMULATION_DRAW_H
#define MU_SIMULATION_DRAW_H

#include <stddef.h>
#include <stdint.h>

/* What is drawn. A new purpose gets a new number, so that no course changes because of it. */
typedef enum mu_purpose {
    MU_DRAW_CALL_TIME     = 1,
    MU_DRAW_CALL_PLACE    = 2,
    MU_DRAW_CALL_SEVERITY = 3,
    MU_DRAW_CALL_DELAY    = 4, /* until it is reported */
    MU_DRAW_CALL_WORK     = 5,
    MU_DRAW_CALL_DEADLINE = 6,
    MU_DRAW_CALL_WHOLE    = 7, /* all or nothing */
    MU_DRAW_CALL_BROUGHT  = 8, /* transported */
    MU_DRAW_CALL_HANDOVER = 9,
    MU_DRAW_CALL_GROWS    = 13,
    MU_DRAW_CALL_GROWN_AT = 14,
    MU_DRAW_CALL_GROWN_BY = 15,
    MU_DRAW_NEED_ASKED    = 10, /* entity: the call's code and the kind */
    MU_DRAW_NEED_QUANTITY = 11,
    MU_DRAW_NEED_MINIMUM  = 12,
    MU_DRAW_ROAD_TIME     = 20,
    MU_DRAW_ROAD_WHICH    = 21,
    MU_DRAW_ROAD_LASTS    = 22,
    MU_DRAW_UNIT_TIME     = 30, /* entity: the failure's code and the unit's */
    MU_DRAW_UNIT_LASTS    = 31,
    MU_DRAW_CALL_UP_TIME  = 32,
    MU_DRAW_CALL_UP_LEAD  = 33, /* entity: the call-up's code and the unit's */
    MU_DRAW_BRIDGE_FALLS  = 40, /* entity: the earthquake's code; index: the bridge's edge */
    MU_DRAW_BRIDGE_LASTS  = 41,
    MU_DRAW_SHOCK_TIME    = 42,
    MU_DRAW_SHOCK_SIZE    = 43,
    MU_DRAW_SHOCK_PLACE   = 44,
    MU_DRAW_HAZARD_LATE   = 50,
    /* Of the simulation, from here on. */
    MU_DRAW_TURNOUT  = 100,
    MU_DRAW_DECLINED = 101,
    MU_DRAW_BREAKS   = 102
} mu_purpose;

typedef struct mu_stream {
    uint64_t key;
} mu_stream;

/* `entity` may be NULL: none. O(its length). */
mu_stream mu_stream_of(uint64_t seed, uint32_t replication, mu_purpose purpose, const char *entity);
/* The same of two entities together: an order's unit and its incident. */
mu_stream mu_stream_of_two(uint64_t seed, uint32_t replication, mu_purpose purpose,
                           const char *entity, const char *other);

/* 64 random bits: number `index` of the stream; `lane`: of several that one thing takes. */
uint64_t mu_draw(mu_stream stream, uint64_t index, uint32_t lane);
/* More than 0 and less than 1. */
double mu_draw_unit(mu_stream stream, uint64_t index, uint32_t lane);
/* 0 to count - 1, each as likely as any other (Lemire, ACM TOMACS 2019, whose bias of count / 2^64 is left
 * in: it is not seen in the life of the universe). */
uint64_t mu_draw_below(mu_stream stream, uint64_t index, uint32_t lane, uint64_t count);

/* Philox itself, for tests: counter and key to 128 random bits. */
void mu_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
