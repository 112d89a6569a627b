/** @file muster/readiness.h
 *  Are we covered, and what breaks first? Who gets to each place in time, as things are and after
 *  what-ifs; and which single road, bridge, warehouse or unit hurts most (N-1).
 *
 *  A **standard** says how much of a kind has to be at a place within how long: two ambulances within
 *  15 minutes, twenty people for flood rescue within 30. A **place** meets it where that much arrives
 *  in time. Who counts is every resource of the kind that is not gone: it is ready after its turnout, or
 *  when it is available, whichever is later, drives by its own metric, and has to arrive before its
 *  shift ends. Goods count as if they left their warehouse by themselves, after its turnout. Nobody has
 *  to be asked (no escalation), and rules of the problem are not read.
 *
 *  docs/readiness.md has the definitions, with an example. */
#ifndef MUSTER_READINESS_H
#define MUSTER_READINESS_H

#include <muster/problem.h>
#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A place that has to be reached. */
typedef struct muster_readiness_place {
    const char *code; /**< For messages; kept, not copied. */
    muster_site site;
    int64_t     weight; /**< What a minute of it counts: people, say; 0 to MUSTER_MAX_QUANTITY. */
} muster_readiness_place;

typedef struct muster_readiness_standard {
    uint32_t kind;       /**< In muster_problem.kind. */
    uint32_t within_ms;  /**< 1 or more, and less than the horizon. */
    uint32_t unit_count; /**< Teams, vehicles, pools of machines or warehouses; 0: any number. */
    int64_t  quantity;   /**< People, vehicles, machines or items of them all; 0: any. */
} muster_readiness_standard;

typedef struct muster_readiness_options {
    size_t   struct_size;
    uint32_t thread_count; /**< 0: one per core. The result is the same for any number. */
    /** What comes later counts as if it came then, so that "never" can be added up. */
    uint32_t horizon_ms;
} muster_readiness_options;

#define MUSTER_READINESS_OPTIONS_INIT                                                              \
    { sizeof(muster_readiness_options), 0, 7200000 }

/** How one place stands to one standard. It is met where complete_ms <= within_ms. */
typedef struct muster_readiness_cell {
    uint32_t unit_count;  /**< Who is there in time, */
    int64_t  quantity;    /**< and how much that is. */
    uint32_t first_ms;    /**< When the first arrives; MUSTER_UNREACHABLE_MS: nobody ever. */
    uint32_t complete_ms; /**< When all that is asked for is there; MUSTER_UNREACHABLE_MS: never. */
} muster_readiness_cell;

/** How one place stands to all standards. */
typedef struct muster_readiness_state {
    uint32_t unmet_count; /**< Standards that it does not meet. */
    uint64_t late_ms;     /**< By how much in all: no later than the horizon. */
    uint32_t spare_ms;    /**< The least by which one is met; MUSTER_UNREACHABLE_MS: none is. */
} muster_readiness_state;

/** Who comes to a place, for one standard. */
typedef struct muster_readiness_unit {
    uint8_t  resource; /**< A muster_resource: which array of the problem `index` goes into. */
    uint32_t index;
    uint32_t arrival_ms;
    int64_t  quantity;
} muster_readiness_unit;

/** What is lost from one readiness to another. Gains are not set off against losses. */
typedef struct muster_readiness_loss {
    uint32_t fallen_count;  /**< Places that met a standard, and no longer do; */
    int64_t  fallen_weight; /**< what they weigh. */
    uint32_t beyond_count;  /**< Places where one was complete by the horizon, and no longer is. */
    uint32_t slower_count;  /**< Places where one is complete later. */
    /** How much later, of all places and standards, times the place's weight; up to the horizon. */
    int64_t lost_ms;
} muster_readiness_loss;

typedef struct muster_readiness muster_readiness;

/** Work out who gets where.
 *  @param out             receives the readiness, yours: muster_readiness_free
 *  @param problem         borrowed, as its metrics are, until the readiness is freed; its
 *                         incidents, needs, zones, rules and weights are not looked at
 *  @param place_count     how many places
 *  @param places          copied
 *  @param standard_count  how many standards
 *  @param standards       copied; 1 or more
 *  @param options         may be NULL: MUSTER_READINESS_OPTIONS_INIT
 *  One table for each metric, from each different place of units to all places (muster_matrix), then
 *  O(places * (units of the standards' kinds + those that it takes to complete * log)).
 *  @return MUSTER_E_INVALID naming the row, the value and what was expected; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_readiness_new(muster_readiness **out, const muster_problem *problem,
                                              uint32_t                         place_count,
                                              const muster_readiness_place    *places,
                                              uint32_t                         standard_count,
                                              const muster_readiness_standard *standards,
                                              const muster_readiness_options  *options);
MUSTER_API void          muster_readiness_free(muster_readiness *readiness);

/** A resource that is not there. */
typedef struct muster_gone {
    uint8_t  resource; /**< A muster_resource. */
    uint32_t index;
    int64_t  quantity; /**< Of machines and items: so many; 0, or more than there are: all. */
} muster_gone;

/** Changes that hold together. Start from zeros. */
typedef struct muster_what_if {
    uint32_t           edge_count; /**< Roads that are closed, both ways, to all that drive. */
    const uint32_t    *edge;
    uint32_t           gone_count;
    const muster_gone *gone;
    /** The same problem otherwise: in a flood, say, with closed metrics and with units that have left
     *  the water first. As many metrics in the same order, of the same network, and the same kinds;
     *  what is gone already is not gone from it. NULL: the base's. */
    const muster_problem *problem;
} muster_what_if;

/** A readiness that is like @p base, which must outlive it, but for some changes. Places are on the
 *  nearest road that is open; what is an island is decided as if nothing were closed, so a place
 *  behind a closed bridge stays there (muster_snap_options.island_metric). A place or a unit on a
 *  closed road is moved to another.
 *  @return as muster_readiness_new; MUSTER_E_INVALID naming an edge or a resource that is not there. */
MUSTER_API muster_status muster_readiness_change(muster_readiness      **out,
                                                 const muster_readiness *base,
                                                 const muster_what_if   *change);

MUSTER_API uint32_t muster_readiness_place_count(const muster_readiness *readiness);
MUSTER_API uint32_t muster_readiness_standard_count(const muster_readiness *readiness);
/** [place_count * standard_count], place by place. */
MUSTER_API const muster_readiness_cell *muster_readiness_cells(const muster_readiness *readiness);
/** [place_count] */
MUSTER_API const muster_readiness_state *muster_readiness_states(const muster_readiness *readiness);
/** Places, the weakest first: by standards that are not met, by how late, by how little is spare where
 *  all are met, by weight, and then as they were given. [place_count] */
MUSTER_API const uint32_t *muster_readiness_weakest(const muster_readiness *readiness);

/** Who comes to a place for a standard, in order of arrival, then resource and index.
 *  @param readiness  only read
 *  @param place      which place
 *  @param standard   which standard
 *  @param most       room in @p out
 *  @param out_count  how many of @p out were filled; all who can come where that is less than @p
 *                    most
 *  @param out        [most]
 *  @return MUSTER_E_INVALID for a place or a standard that is not there; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_readiness_units(const muster_readiness *readiness, uint32_t place,
                                                uint32_t standard, uint32_t most,
                                                uint32_t *out_count, muster_readiness_unit *out);

/** What is lost from @p before to @p after, which have the same places and standards.
 *  @param before      how it was
 *  @param after       how it is
 *  @param out         receives what is lost
 *  @param out_fallen  [place_count] which places have fallen; may be NULL
 *  @return MUSTER_E_INVALID where they have not. */
MUSTER_API muster_status muster_readiness_compare(const muster_readiness *before,
                                                  const muster_readiness *after,
                                                  muster_readiness_loss *out, bool *out_fallen);

/* ---- N-1 ------------------------------------------------------------------------------- */

/** What may be missing. */
typedef enum muster_part {
    MUSTER_PART_ROAD,      /**< Edges that are one road, both ways: see muster_criticals_edges. */
    MUSTER_PART_BRIDGE,    /**< Such a road that is a bridge. */
    MUSTER_PART_WAREHOUSE, /**< All stock with one code. */
    MUSTER_PART_UNIT,      /**< A team, a vehicle or a pool of machines. */
    MUSTER_PART_COUNT
} muster_part;

/** "road", "bridge", "warehouse", "unit"; NULL for a number outside the enum. */
MUSTER_API const char *muster_part_name(muster_part part);

/** What is lost without one thing. */
typedef struct muster_critical {
    uint32_t              edge;     /**< Of a road or a bridge the first; else MUSTER_NONE. */
    uint8_t               resource; /**< Else a muster_resource, and */
    uint32_t              index;    /**< its row; of a warehouse the first of its code
                                     *   that a standard asks for. */
    muster_readiness_loss loss;
} muster_critical;

typedef struct muster_criticals muster_criticals;

/** Which single parts hurt most when they are missing: by places that fall, by lost_ms, then by edge,
 *  or resource and index. What muster_readiness_change and muster_readiness_compare would say of each,
 *  and no part that is left out would come before the last in the list; those without any loss are not
 *  in it.
 *
 *  Exact and not by trying everything. Of roads only those matter that lie on a fastest path which a
 *  standard is completed by. For each, what it can do at most is known from the way round it: from one
 *  end to the other without any of its edges, which puts a bound on how much later everybody is (an arc in a path
 *  replaced by the way round is still a path). Roads are tried in order of their bounds, and the first
 *  whose bound does not reach the list ends the search. Cut edges (Tarjan, "A note on finding the
 *  bridges of a graph", Information Processing Letters 2, 1974) have no way round.
 *  @param out        receives the list, yours: muster_criticals_free
 *  @param readiness  how things are with all of them
 *  @param part       which parts are tried
 *  @param most       how long the list may be, 1 or more
 *  @param progress       may be NULL
 *  @param progress_user  given to @p progress as it is
 *  @return MUSTER_E_INVALID, MUSTER_E_NOMEM; MUSTER_E_CANCELLED where @p progress returned false. */
MUSTER_API muster_status          muster_criticals_find(muster_criticals      **out,
                                                        const muster_readiness *readiness, muster_part part,
                                                        uint32_t most, muster_progress progress,
                                                        void *progress_user);
MUSTER_API void                   muster_criticals_free(muster_criticals *criticals);
MUSTER_API const muster_critical *muster_criticals_list(const muster_criticals *criticals,
                                                        uint32_t               *out_count);

/** What is closed together, as one road. Its edges are
 *  - **halves**: one-way edges of the same class, name, layer and flags that are driven in opposite
 *    directions within 25 degrees, where the middle of the shorter one is at most 40 m from the longer
 *    one; each is the other half of the nearest such edge;
 *  - **spans**: bridges of the same name, layer and flags that meet at a node where nothing else does;
 *  and what is linked so by any number of steps. Most roads are one edge.
 *  @param criticals  only read
 *  @param i          which of the list
 *  @param out_count  how many edges; 0 where it is no road
 *  @return the edges, rising, the first of which is muster_critical.edge; the list's. NULL where it is no
 *          road, or is not there. */
MUSTER_API const uint32_t *muster_criticals_edges(const muster_criticals *criticals, uint32_t i,
                                                  uint32_t *out_count);

/** How the list was found. */
typedef struct muster_criticals_effort {
    uint32_t part_count;      /**< Parts that there are. */
    uint32_t candidate_count; /**< Of them, those that somebody in time depends on. */
    uint32_t
        tried_count; /**< Of them, those that were tried; all others are proven to be no worse. */
} muster_criticals_effort;
MUSTER_API muster_criticals_effort muster_criticals_effort_of(const muster_criticals *criticals);

/* ---- what is kept on the spot ------------------------------------------------------------- */

/** What every holder has to keep at least: `least` pieces, and one more for each `people_per_piece`
 *  that have begun; 0: people do not matter. */
typedef struct muster_equipment_rule {
    uint32_t kind; /**< Any numbers of the caller's: kinds are only compared. */
    int64_t  least;
    int64_t  people_per_piece;
    /** 0: the rule stands alone. Else a choice: of all rules with the same number `choice_least`
     *  have to be kept, whichever ("5 + X"). */
    uint32_t choice;
    uint32_t choice_least;
} muster_equipment_rule;

typedef enum muster_equipment_state {
    MUSTER_EQUIPMENT_MISSING, /**< None of it. */
    MUSTER_EQUIPMENT_SHORT,   /**< Some, but not enough. */
    MUSTER_EQUIPMENT_ENOUGH,  /**< Exactly what is required. */
    MUSTER_EQUIPMENT_SURPLUS, /**< More. */
    MUSTER_EQUIPMENT_OPTIONAL /**< Not enough, but its choice is kept by others. */
} muster_equipment_state;

/** "missing", "short", "enough", "surplus", "optional"; NULL for a number outside the enum. */
MUSTER_API const char *muster_equipment_state_name(muster_equipment_state state);

/** So much of a kind is held by somebody. Several rows of one holder and kind add up. */
typedef struct muster_holding {
    uint32_t holder;
    uint32_t kind;
    int64_t  quantity; /**< 0 to MUSTER_MAX_QUANTITY. */
} muster_holding;

/** What one holder has of what one rule asks. */
typedef struct muster_equipment {
    int64_t required, held;
    uint8_t state; /**< A muster_equipment_state. */
} muster_equipment;

/** Compare what is held with what has to be.
 *  @param holder_count   how many holders
 *  @param people         [holder_count] who they keep it for; 0 where it is not known
 *  @param rule_count     how many rules
 *  @param rules          what has to be held
 *  @param holding_count  how many holdings
 *  @param holdings       what is held
 *  @param out            [holder_count * rule_count], holder by holder
 *  O(holders * rules + holdings * rules).
 *  @return MUSTER_E_INVALID naming the rule, the holder or the holding. */
MUSTER_API muster_status muster_equipment_check(uint32_t holder_count, const int64_t *people,
                                                uint32_t                     rule_count,
                                                const muster_equipment_rule *rules,
                                                uint32_t                     holding_count,
                                                const muster_holding        *holdings,
                                                muster_equipment            *out);

/** Stock of one item against what the people of one level's places need of it. */
typedef struct muster_stock_tier {
    uint32_t place_count; /**< Authorities of the level. */
    int64_t  required;    /**< What their people need, place by place rounded up. */
    int64_t  own;         /**< What they keep themselves. */
    int64_t  below;       /**< What those below them keep. */
    int64_t  above;       /**< What all of higher levels keep. */
    uint32_t short_count; /**< Places whose own and below are less than they need. */
    uint32_t weakest;     /**< Of all the one with the least share of it, in
                           *   muster_problem.authority; MUSTER_NONE: nobody needs any. */
} muster_stock_tier;

/** The stock of a problem, level by level of its tree of command (village, town, county, city).
 *  @param problem       only read
 *  @param people        [authority_count] of the problem
 *  @param per_thousand  [kind_count] what a thousand people need of each item; 0: it is left out
 *  @param out           [kind_count * MUSTER_LEVEL_COUNT], kind by kind; for what is left out zeros
 *  O(kinds * authorities + stocks * levels).
 *  @return MUSTER_E_INVALID for a wrong problem or a negative number; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_stock_tiers(const muster_problem *problem, const int64_t *people,
                                            const int64_t *per_thousand, muster_stock_tier *out);

#ifdef __cplusplus
}
#endif
#endif
