/** @file muster/problem.h
 *  What is true this second: who and what is where, and what is needed where. */
#ifndef MUSTER_PROBLEM_H
#define MUSTER_PROBLEM_H

#include <muster/metric.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a kind is a kind of. */
typedef enum muster_resource {
    MUSTER_PEOPLE,  /**< A capability of people ("medical"), counted in people. */
    MUSTER_VEHICLE, /**< A type of vehicle ("ambulance"), counted in vehicles. */
    MUSTER_MACHINE, /**< A type of machine ("pump"), counted in machines. */
    MUSTER_ITEM,    /**< A stored item ("sandbag"), counted in its unit. */
    MUSTER_RESOURCE_COUNT
} muster_resource;

/** "people", "vehicle", "machine", "item"; NULL for a number outside the enum. */
MUSTER_API const char     *muster_resource_name(muster_resource resource);
MUSTER_API muster_resource muster_resource_from_name(const char *name); /**< or _COUNT */

/** How bad an incident is, in the words of CAP 1.2. Each level weighs twice the one below. */
typedef enum muster_severity {
    MUSTER_MINOR,
    MUSTER_MODERATE,
    MUSTER_SEVERE,
    MUSTER_EXTREME,
    MUSTER_SEVERITY_COUNT
} muster_severity;

/** "minor", "moderate", "severe", "extreme"; NULL for a number outside the enum. */
MUSTER_API const char     *muster_severity_name(muster_severity severity);
MUSTER_API muster_severity muster_severity_from_name(const char *name); /**< or _COUNT */
/** 1, 2, 4, 8: what one wholly unmet need of an incident of that severity weighs. */
MUSTER_API int64_t muster_severity_weight(muster_severity severity);

/** Something that can be needed. */
typedef struct muster_kind {
    const char *code;      /**< "pump": unique in the problem. */
    const char *name;      /**< For people to read; may be NULL. */
    uint8_t     resource;  /**< A muster_resource. */
    double      mass_kg;   /**< Of one unit of an item; 0: negligible. */
    double      volume_m3; /**< Of one unit of an item; 0: negligible. */
} muster_kind;

/** A place where something is or happens. */
typedef struct muster_site {
    double lon_deg;
    double lat_deg;
} muster_site;

/** What every resource has. `metric` is the index in muster_problem.metric of how it travels. */
typedef struct muster_unit {
    const char *code; /**< Unique among its resource. */
    const char *name; /**< May be NULL. */
    muster_site site; /**< Where it is now. */
    uint32_t    metric;
    uint32_t    turnout_ms; /**< From order to departure. */
} muster_unit;

/** People who go together or not at all. */
typedef struct muster_team {
    muster_unit     unit;
    uint32_t        people;     /**< 1 or more. */
    const uint32_t *capability; /**< [capability_count] Kinds of MUSTER_PEOPLE. */
    uint32_t        capability_count;
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
} muster_incident;

/** So much of a kind is needed at an incident. */
typedef struct muster_need {
    uint32_t incident;
    uint32_t kind;
    int64_t  quantity; /**< 1 or more. */
    int64_t  minimum;  /**< Less than this is useless and is not sent; 0: anything helps. */
} muster_need;

/** How items come to incidents. */
typedef enum muster_item_transport {
    MUSTER_ITEMS_BY_THEMSELVES, /**< From each warehouse, by the metric of its stock. */
    /** In shipments: one vehicle drives to one warehouse, loads one item or several while the
     *  warehouse's turnout passes, and brings them to one incident, by the vehicle's metric. A
     *  vehicle either makes one shipment or serves one vehicle need.
     *
     *  Stocks are of one warehouse where code, site and turnout are the same. Loads are counted
     *  in whole grams and cubic centimetres: those of a unit of an item rounded up, those that
     *  a vehicle carries rounded down, so that none is overloaded. (A millionth of a gram or
     *  cubic centimetre either way is taken for the noise of binary fractions.) */
    MUSTER_ITEMS_BY_VEHICLE,
    MUSTER_ITEM_TRANSPORT_COUNT
} muster_item_transport;

/** Warehouses that may ship to one incident where muster_problem.max_sources is 0. */
#define MUSTER_MAX_SOURCES_DEFAULT 3

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
    /** By vehicle: different warehouses that may ship to one incident; 0: the default. */
    uint32_t max_sources;
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

/** Check a problem without solving it: what muster_solve checks first.
 *  @return MUSTER_E_INVALID with the first wrong row named ("need 3 of incident 'I-7' asks
 *          for -2 of 'pump'; expected 1 to 1000000000"). O(size). */
MUSTER_API muster_status muster_problem_check(const muster_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
