/** @file muster/problem.h
 *  What is true this second: who and what is where, and what is needed where. */
#ifndef MUSTER_PROBLEM_H
#define MUSTER_PROBLEM_H

#include <muster/metric.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What can be needed is of one of these. */
typedef enum muster_resource {
    MUSTER_PEOPLE,  /**< A capability of people ("medical"), counted in people. */
    MUSTER_VEHICLE, /**< A type of vehicle ("ambulance"), counted in vehicles. */
    MUSTER_MACHINE, /**< A type of machine ("pump"), counted in machines. */
    MUSTER_ITEM,    /**< A stored item ("sandbag"), counted in its unit. */
    MUSTER_RESOURCE_COUNT
} muster_resource;

/** "people", "vehicle", "machine", "item"; NULL for a number outside the enum. */
MUSTER_API const char *muster_resource_name(muster_resource resource);
/** Which one has that name; MUSTER_RESOURCE_COUNT where none has. */
MUSTER_API muster_resource muster_resource_from_name(const char *name);

/** How bad an incident is, in the words of CAP 1.2. Each level weighs twice the one below,
 *  unless muster_weights says otherwise. */
typedef enum muster_severity {
    MUSTER_MINOR,
    MUSTER_MODERATE,
    MUSTER_SEVERE,
    MUSTER_EXTREME,
    MUSTER_SEVERITY_COUNT
} muster_severity;

/** "minor", "moderate", "severe", "extreme"; NULL for a number outside the enum. */
MUSTER_API const char *muster_severity_name(muster_severity severity);
/** Which one has that name; MUSTER_SEVERITY_COUNT where none has. */
MUSTER_API muster_severity muster_severity_from_name(const char *name);
/** 1, 2, 4, 8: what one wholly unmet need of an incident of that severity weighs by default. */
MUSTER_API int64_t muster_severity_weight(muster_severity severity);

/** Something that can be needed. */
typedef struct muster_kind {
    const char *code;      /**< "pump": unique in the problem. */
    const char *name;      /**< For people to read; may be NULL. */
    uint8_t     resource;  /**< A muster_resource. */
    double      mass_kg;   /**< Of one unit of an item; 0: negligible. */
    double      volume_m3; /**< Of one unit of an item; 0: negligible. */
    /** Of a kind of machine: people of `operator_kind`, a kind of people, that each machine
     *  keeps busy at its incident; 0: none. Those who count are the teams with that capability
     *  that the plan sends to the incident, whichever of its needs they serve; all machines
     *  there with the same `operator_kind` share them. */
    uint32_t operator_count;
    uint32_t operator_kind; /**< Read where operator_count is not 0. */
} muster_kind;

/** A place where something is or happens. */
typedef struct muster_site {
    double lon_deg;
    double lat_deg;
} muster_site;

/** Who decides over a unit or an incident, from near to far. */
typedef enum muster_level {
    MUSTER_VILLAGE,
    MUSTER_TOWN,
    MUSTER_COUNTY,
    MUSTER_CITY,
    MUSTER_MUTUAL_AID, /**< Above every city: neighbours, the province. */
    MUSTER_LEVEL_COUNT
} muster_level;

/** "village", "town", "county", "city", "mutual_aid"; NULL for a number outside the enum. */
MUSTER_API const char *muster_level_name(muster_level level);
/** Which one has that name; MUSTER_LEVEL_COUNT where none has. */
MUSTER_API muster_level muster_level_from_name(const char *name);

/** One node of the tree of command. */
typedef struct muster_authority {
    const char *code; /**< Unique. */
    const char *name; /**< May be NULL. */
    uint8_t     level;
    uint32_t    parent; /**< In muster_problem.authority, of a higher level; MUSTER_NONE: none. */
} muster_authority;

/** What every resource has. All times run from the moment of the plan. */
typedef struct muster_unit {
    const char *code;       /**< Unique among its resource. */
    const char *name;       /**< May be NULL. */
    muster_site site;       /**< Where it is now. */
    uint32_t    metric;     /**< In muster_problem.metric: how it travels. */
    uint32_t    turnout_ms; /**< From order to departure. */
    /** In muster_problem.authority, or MUSTER_NONE: nobody has to be asked for it. Read where
     *  the problem has authorities. */
    uint32_t authority;
    uint32_t available_ms; /**< It does not depart before: rest, repair; 0: it is ready. */
    uint32_t shift_end_ms; /**< By when it must be free again; 0: no end in sight. */
    uint32_t duty_ms;      /**< How long it has been on duty. */
} muster_unit;

/** People who go together or not at all. */
typedef struct muster_team {
    muster_unit     unit;
    uint32_t        people;     /**< 1 or more. */
    const uint32_t *capability; /**< [capability_count] Kinds of MUSTER_PEOPLE. */
    uint32_t        capability_count;
    /** How well trained and equipped, as YJ/T 1 grades teams: 1 is the best; 0: not graded. */
    uint32_t grade;
} muster_team;

typedef struct muster_vehicle {
    muster_unit unit;
    uint32_t    kind;       /**< Of MUSTER_VEHICLE. */
    double      payload_kg; /**< Items it carries; where this or volume_m3 is 0: none. */
    double      volume_m3;
} muster_vehicle;

/** A pool of identical machines at one site. */
typedef struct muster_machine {
    muster_unit unit;
    uint32_t    kind;  /**< Of MUSTER_MACHINE. */
    int64_t     count; /**< 0 or more. */
} muster_machine;

/** What a warehouse holds of one item. Goods leave after the warehouse's turnout, or are
 *  loaded for so long: see muster_item_transport. */
typedef struct muster_stock {
    muster_unit unit;     /**< The warehouse; its code may recur, once an item. */
    uint32_t    kind;     /**< Of MUSTER_ITEM. */
    int64_t     quantity; /**< 0 or more. */
} muster_stock;

typedef struct muster_incident {
    const char *code; /**< Unique. */
    const char *name; /**< May be NULL. */
    muster_site site;
    uint8_t     severity; /**< A muster_severity. */
    /** Help is wanted by then; what arrives later costs more (muster_weights); 0: none. */
    uint32_t deadline_ms;
    uint32_t on_scene_ms; /**< How long whoever is sent stays. */
    uint32_t authority;   /**< As in muster_unit. */
    /** Not 0: part of what is needed is worth nothing. Each need has to get its minimum, or
     *  its quantity where it has no minimum, or nothing is sent. */
    uint8_t all_or_nothing;
} muster_incident;

/** So much of a kind is needed at an incident. */
typedef struct muster_need {
    uint32_t incident;
    uint32_t kind;
    int64_t  quantity; /**< 1 or more. */
    int64_t  minimum;  /**< Less than this is useless and is not sent; 0: anything helps. */
    uint32_t grade;    /**< Of people: the worst that will do, 1 or more; 0: any, graded or not. */
} muster_need;

/** How items come to incidents. */
typedef enum muster_item_transport {
    MUSTER_ITEMS_BY_THEMSELVES, /**< From each warehouse, by the metric of its stock. */
    /** In shipments: one vehicle drives to one warehouse, loads one item or several while the
     *  warehouse's turnout passes, and brings them to one incident, by the vehicle's metric. A
     *  vehicle either makes one shipment or serves one vehicle need.
     *
     *  The vehicle departs after its turnout, or when it is available; loading takes as long as
     *  the warehouse would take to depart by itself: its turnout and whoever has to be asked for
     *  what is in it, or until it is available, from when the vehicle is there. Escalation and
     *  duty are those of the stock; both shifts, the vehicle's and the stock's, have to last.
     *
     *  A vehicle that is locked or on hold makes no shipment, and one that is forbidden at an
     *  incident brings nothing there. Stock on hold is not shipped, stock that is forbidden at an
     *  incident not to there. What of a stock is locked comes to its incident by whichever vehicles
     *  serve best, together with other things or not; that there are vehicles which can bring all
     *  that is locked, is part of what muster_problem_conflict asks. To send a vehicle that is on its
     *  way to one incident to another is one diversion, whatever it brings there; see muster_rule.vehicle
     *  for what it may have on board already.
     *
     *  With reserve_before_response, trips are chosen as without it: only who serves a need himself
     *  makes way for cover.
     *
     *  Stocks are of one warehouse where code, site, turnout, authority, availability and end of
     *  shift are the same. Loads are counted in whole grams and cubic centimetres: those of a
     *  unit of an item rounded up, those that a vehicle carries rounded down, so that none is
     *  overloaded. (A millionth of a gram or cubic centimetre either way is taken for the noise
     *  of binary fractions.) */
    MUSTER_ITEMS_BY_VEHICLE,
    MUSTER_ITEM_TRANSPORT_COUNT
} muster_item_transport;

/** Warehouses that may ship to one incident where muster_problem.max_sources is 0. */
#define MUSTER_MAX_SOURCES_DEFAULT 3

/** Cover to be kept: so many of a kind that stay free and could be at a place in time. They
 *  count where their ETA there is at most `radius_ms`, and before their shift ends; those on
 *  hold count too. */
typedef struct muster_zone {
    const char *code; /**< Unique. */
    muster_site site;
    uint32_t    kind; /**< Of people, vehicles or machines; people are counted one by one. */
    uint32_t    radius_ms;
    int64_t     required; /**< 1 or more. */
    int64_t     weight;   /**< What each that is lacking counts, 0 or more. */
} muster_zone;

/** What a muster_rule says. */
typedef enum muster_rule_type {
    MUSTER_LOCK,   /**< It goes to that incident, and a need there counts it as served. */
    MUSTER_FORBID, /**< It does not go to that incident. */
    MUSTER_HOLD,   /**< It goes nowhere. `incident` is not read. */
    /** It is on its way to that incident; to send it to another is a diversion, which muster_weights
     *  prices. Teams and vehicles, once each; and where items come by vehicle, what one has on board:
     *  see muster_rule.vehicle. */
    MUSTER_EN_ROUTE,
    MUSTER_RULE_TYPE_COUNT
} muster_rule_type;

/** What has been decided about one resource. A lock comes before everything else: what is
 *  locked goes though a need has enough of it, or less than its minimum, or nobody to operate
 *  it; a need counts it first, and those who are sent beside it have to obey the rest. */
typedef struct muster_rule {
    uint8_t  type;     /**< A muster_rule_type. */
    uint8_t  resource; /**< A muster_resource: which array `index` goes into. */
    uint32_t index;
    uint32_t incident;
    /** Of a lock: the need that it serves, one of that incident; MUSTER_NONE: any of them. */
    uint32_t need;
    /** Of a lock on machines or items: at least so many; 0: all there are. */
    int64_t quantity;
    /** Of items that are on their way: the vehicle that has them on board, all that the stock has.
     *  Nobody else brings them, and it does nothing else: it takes them to that incident, or, for a
     *  gain, to another, or nowhere. The vehicle itself is not locked, and if it has a rule of its own
     *  that it is on its way, then to the same incident. What it has on board is a warehouse of its
     *  own, where it is now, with a turnout of 0, and all of that has such a rule. It is not one of the
     *  warehouses that muster_problem.max_sources counts: so many others may ship there beside it, and
     *  however many are on their way, nobody has to turn back for it. (Is the site another, the vehicle
     *  passes by there first.) */
    uint32_t vehicle;
} muster_rule;

/** What things are worth. Start from `MUSTER_WEIGHTS_INIT`. */
typedef struct muster_weights {
    /** What one wholly unmet need weighs, in millions of tier 1; 1 to 1,000,000. */
    int64_t severity[MUSTER_SEVERITY_COUNT];
    /** Whoever arrives after the deadline counts as `lateness_step_s` seconds later still for
     *  each step of this length that has begun; 0: deadlines do not matter. */
    uint32_t lateness_step_ms;
    uint32_t lateness_step_s;
    /** How long it takes to get a unit from so many levels up; [0]: of one's own. */
    uint32_t escalation_delay_ms[MUSTER_LEVEL_COUNT];
    /** What a diversion costs in tier 1 and tier 2, so that one is made only for a gain. */
    int64_t diversion_unmet_need;
    int64_t diversion_response_time;
    /** Not 0: tier 3, reserve, comes before tier 2, response time. */
    uint8_t reserve_before_response;
} muster_weights;

#define MUSTER_WEIGHTS_INIT                                                                        \
    { .severity = {1, 2, 4, 8}, .lateness_step_ms = 600000, .lateness_step_s = 600 }

/** Start from `MUSTER_PROBLEM_INIT`. Every array is borrowed until the call returns;
 *  a NULL array goes with a zero count. Each incident has at least one need. */
typedef struct muster_problem {
    size_t                      struct_size;
    uint32_t                    metric_count; /**< All on the same network. */
    const muster_metric *const *metric;
    uint32_t                    kind_count;
    const muster_kind          *kind;
    uint32_t                    team_count;
    const muster_team          *team;
    uint32_t                    vehicle_count;
    const muster_vehicle       *vehicle;
    uint32_t                    machine_count;
    const muster_machine       *machine;
    uint32_t                    stock_count;
    const muster_stock         *stock;
    uint32_t                    incident_count;
    const muster_incident      *incident;
    uint32_t                    need_count;
    const muster_need          *need;
    uint8_t                     item_transport; /**< A muster_item_transport. */
    /** By vehicle: different warehouses that may ship to one incident, beside what vehicles have on board
     *  already (muster_rule.vehicle); 0: the default. */
    uint32_t                max_sources;
    uint32_t                authority_count;
    const muster_authority *authority;
    uint32_t                zone_count;
    const muster_zone      *zone;
    uint32_t                rule_count;
    const muster_rule      *rule;
    const muster_weights   *weights; /**< NULL: MUSTER_WEIGHTS_INIT. */
} muster_problem;

#define MUSTER_PROBLEM_INIT                                                                        \
    { .struct_size = sizeof(muster_problem) }

/** Largest quantity, count or number of people in one row, so that no sum overflows. */
#define MUSTER_MAX_QUANTITY INT64_C(1000000000)

/** Heaviest and largest unit of an item, and the most that a vehicle can be said to carry. */
#define MUSTER_MAX_UNIT_KG    1000000.0
#define MUSTER_MAX_UNIT_M3    1000.0
#define MUSTER_MAX_PAYLOAD_KG 1000000000.0
#define MUSTER_MAX_VOLUME_M3  1000000.0

/** What all resources have, of row @p index of one of them; and how many rows it has. The row is the problem's.
 *  @param problem   only read
 *  @param resource  a resource: not MUSTER_RESOURCE_COUNT
 *  @param index     a row of it */
MUSTER_API const muster_unit *muster_problem_unit(const muster_problem *problem,
                                                  muster_resource resource, uint32_t index);
MUSTER_API uint32_t           muster_problem_unit_count(const muster_problem *problem,
                                                        muster_resource       resource);

/** Check a problem without solving it: what muster_solve checks first.
 *  @return MUSTER_E_INVALID with the first wrong row named ("need 3 of incident 'I-7' asks
 *          for -2 of 'pump'; expected 1 to 1000000000"). O(size). */
MUSTER_API muster_status muster_problem_check(const muster_problem *problem);

/** Why rules cannot be obeyed. */
typedef enum muster_conflict {
    MUSTER_NO_CONFLICT,
    MUSTER_CONFLICT_UNSUITABLE,  /**< A lock: no need of the incident can use it. */
    MUSTER_CONFLICT_UNREACHABLE, /**< A lock: no road leads from it to the incident. */
    MUSTER_CONFLICT_SHIFT,       /**< A lock: its shift ends first. */
    MUSTER_CONFLICT_FORBIDDEN,   /**< A lock, and a forbid of the same. */
    MUSTER_CONFLICT_HELD,        /**< A lock, and a hold of the same. */
    MUSTER_CONFLICT_TOO_MANY,    /**< Locks that together ask for more than there is. */
    /** Locks on items that come by vehicle: no vehicles are found that bring all of it, with what
     *  other rules leave of them, before shifts end, and from no more than
     *  muster_problem.max_sources warehouses to an incident. */
    MUSTER_CONFLICT_NO_VEHICLE
} muster_conflict;

/** "none", "unsuitable", "unreachable", ...; NULL for a number outside the enum. */
MUSTER_API const char *muster_conflict_name(muster_conflict conflict);

/** Can the rules of a problem all be obeyed? muster_solve refuses those that cannot. Who is on his way
 *  with what on board (MUSTER_EN_ROUTE) is taken as it is.
 *  @param problem         only read
 *  @param out_conflict    MUSTER_NO_CONFLICT, or why not
 *  @param out_rule        [rule_count] the first `*out_rule_count` are the rules that contradict
 *                         each other or the problem: without any one of them they do not
 *  @param out_rule_count  receives how many of @p out_rule were filled
 *  @return MUSTER_E_INVALID for a wrong problem, MUSTER_E_NOMEM. As long as the travel times
 *          from every resource to every incident take; where items come by vehicle and some are locked,
 *          those by way of warehouses as well, and the search for vehicles: it is given up
 *          after a number of steps, and then says that there are none. */
MUSTER_API muster_status muster_problem_conflict(const muster_problem *problem,
                                                 muster_conflict *out_conflict, uint32_t *out_rule,
                                                 uint32_t *out_rule_count);

#ifdef __cplusplus
}
#endif
#endif
