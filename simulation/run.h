/* One replication while it runs, for the files that are its parts. What happens is due at a moment
 * (agenda.h): the course (course_events.c), movers that have done what they were doing (movers.c), work at
 * scenes (scenes.c), deliveries (supplies.c), plans (decide.c). Each tells the centre what the centre would be
 * told live, and never changes what the centre knows in another way; nobody reads of the centre what a dispatcher
 * could not see there. */
#ifndef MU_SIMULATION_RUN_H
#define MU_SIMULATION_RUN_H

#include "simulation/agenda.h"
#include "simulation/atlas.h"
#include "simulation/centre.h"
#include "simulation/course.h"
#include "simulation/record.h"
#include "simulation/roads_ahead.h"

/* ---- movers -------------------------------------------------------------------------------- */

typedef enum mu_doing {
    MU_DOING_NOTHING, /* it stands where it waits */
    MU_DOING_TURNOUT, /* it has an order and makes ready */
    MU_DOING_TO_WAREHOUSE,
    MU_DOING_LOADING,
    MU_DOING_TO_SCENE,
    MU_DOING_WORK,      /* it is on scene */
    MU_DOING_TRANSPORT, /* to a destination */
    MU_DOING_HANDOVER,
    MU_DOING_RETURN, /* to its base, or with cargo to the warehouse that that is of */
    MU_DOING_WAIT,   /* it would return, but there is no way */
    MU_DOING_REPAIR, /* it stands where it broke down */
    MU_DOING_GONE,   /* a part that is where it came from, or was handed over */
    MU_DOING_COUNT
} mu_doing;

/* On board of a vehicle. What is not ordered is out of its warehouse's books. */
typedef struct mu_cargo {
    uint32_t stock; /* a row of the base */
    int64_t  quantity, ordered;
} mu_cargo;

/* A team, a vehicle, or a part of a pool or of a stock that travels by itself. Teams come first, then
 * vehicles, each for good; parts are made for an order. */
typedef struct mu_mover {
    uint8_t     resource;
    uint32_t    unit;
    int64_t     quantity;  /* of a part */
    uint8_t     doing;     /* a mu_doing */
    uint64_t    order;     /* 0: none */
    uint32_t    scene;     /* of its order */
    uint32_t    kind;      /* that it serves there; MUSTER_NONE: it brings things */
    uint32_t    warehouse; /* of a trip: a row of stock */
    int64_t     loading_ms;
    bool        is_cut;      /* its order was taken away and nothing has been made of it yet */
    bool        is_breaking; /* the step that is due is a breakdown */
    bool        is_told;     /* the centre knows where it is */
    bool        is_off, is_off_by_course; /* why it is not available */
    bool        is_on_call;               /* and that nobody has called it yet */
    bool        is_broken;                /* it repairs itself */
    uint32_t    stamp;
    muster_site site;          /* where it stands, or set out from */
    muster_site goal;          /* of its way */
    mu_way      way;           /* while it moves */
    mu_way      gone;          /* the one that has just ended, until it does something else */
    uint32_t    to_scene_ms;   /* from where it is told to be, see spare.c; 0: nobody has asked */
    int64_t     since_ms;      /* when it set out */
    int64_t     began_ms;      /* to do what it does */
    int64_t     duty_since_ms; /* 0: it is rested */
    int64_t     rest_until_ms;
    uint32_t    cargo_count;
    size_t      cargo_capacity;
    mu_cargo   *cargo;
} mu_mover;

/* ---- scenes -------------------------------------------------------------------------------- */

typedef struct mu_scene_need {
    uint32_t kind;
    int64_t  quantity, minimum; /* as it is now */
    uint32_t grade;
    int64_t  present;    /* people, vehicles, machines that are there; items that were brought */
    int64_t  coming;     /* under orders, when a plan was last thought of */
    int64_t  arrived_ms; /* somebody has, the last time */
    int64_t  since_ms;   /* up to then its row has what was missing */
    uint32_t row;        /* of the record */
} mu_scene_need;

/* An incident of the course. */
typedef struct mu_scene {
    const char               *code;
    const mu_course_incident *course; /* NULL: nothing is known of it but what was told */
    bool                      is_reported, is_closed;
    muster_site               site;
    uint32_t                  on_scene_ms, authority;         /* as it is planned with */
    int64_t                   work_left_ms, working_since_ms; /* MU_NEVER: nobody works */
    uint32_t                  stamp;
    uint32_t                  row; /* of the record */
    uint32_t                  need_count;
    size_t                    need_capacity;
    mu_scene_need            *need;
} mu_scene;

/* ---- the run ------------------------------------------------------------------------------- */

enum { MU_WORST_PARTS = 24 };

typedef struct mu_run_options {
    int64_t     series_ms;   /* from one row of the series to the next */
    bool        is_recorded; /* moves, stock, hazards and reasons too */
    bool        looks_ahead; /* another thread has time to make roads ahead */
    const char *journal;     /* as in mu_centre_open */
    /* Told how much time has passed in the scenario since it was told last; false: stop. Or NULL. */
    bool (*pass)(void *user, int64_t passed_ms);
    void *pass_user;
} mu_run_options;

typedef struct mu_run {
    const mu_stage      *stage;
    const muster_policy *policy;
    const mu_course     *course;
    mu_run_options       options;
    mu_centre           *centre;
    mu_roads_ahead      *ahead; /* or NULL */
    mu_agenda            agenda;
    mu_atlas             atlas;
    muster_replication  *record;
    int64_t              now_ms;
    uint32_t             told; /* ids that have been drawn */
    uint32_t             course_next;
    uint32_t             unit_count, mover_count; /* unit_count: teams and vehicles */
    size_t               mover_capacity;
    mu_mover            *mover;
    uint32_t             scene_count;
    mu_scene            *scene;         /* by code */
    int64_t             *away;          /* by machine pool: so many are on their way back */
    int64_t             *restock_at_ms; /* by row of stock: a delivery is due; 0: none */
    int64_t             *restocked;     /* likewise: so much has come in deliveries */
    int64_t              roads_until_ms;
    bool                 is_plan_due, is_turn_due;
    bool                 has_news; /* since the last plan: of more than that something is free */
    int64_t *spare[MUSTER_RESOURCE_COUNT]; /* that could be sent when one was last thought of */
    uint32_t orders_thought_of;            /* then: as many as there were */
    int64_t  thought_ms;                   /* when that was */
    /* Of a replication that is recorded: of each part of the scenario the plan that left most unmet. */
    muster_session_plan *worst[MU_WORST_PARTS];
} mu_run;

/* Play a course under a policy from its beginning to its end. All but the options that it has a copy of is
 * borrowed. MUSTER_E_INVALID for what a course cannot have, MUSTER_E_NOMEM, MUSTER_E_CANCELLED, what the
 * journal's disk says, and MUSTER_E_INTERNAL for what cannot be. */
muster_status mu_run_play(muster_replication **out, const mu_stage *stage,
                          const muster_policy *policy, const mu_course *course,
                          const mu_run_options *options);

/* For tests: the same, in steps. *out_is_over: there is nothing more to come. */
muster_status mu_run_open(mu_run *run, const mu_stage *stage, const muster_policy *policy,
                          const mu_course *course, const mu_run_options *options);
muster_status mu_run_step(mu_run *run, bool *out_is_over);
muster_status mu_run_end(mu_run *run);
void          mu_run_close(mu_run *run);

static inline const mu_world *mu_run_world(const mu_run *run) {
    return mu_centre_world(run->centre);
}
static inline int64_t mu_run_clock(const mu_run *run) { /* from the scenario's start */
    return run->now_ms - run->course->start_at_ms;
}

/* ---- telling (say.c) ----------------------------------------------------------------------- */

/* An event of the simulation's own, now. The session must take it: MUSTER_E_INTERNAL with its message. */
muster_status mu_run_say(mu_run *run, const muster_event *event);
/* Of an order: what has become of it. reason: or NULL. */
muster_status mu_run_say_order(mu_run *run, uint64_t order, muster_event_type type,
                               const char *reason);
muster_status mu_run_say_available(mu_run *run, const mu_mover *mover, bool is_available,
                                   const char *reason);
/* Where movers are, as far as it matters to a plan and is not known. */
muster_status mu_run_say_places(mu_run *run);
muster_status mu_run_say_place(mu_run *run, mu_mover *mover);
bool          mu_run_will_say_place(const mu_run *run, const mu_mover *mover); /* of those */
/* So much more, or less, of a row of stock. */
muster_status mu_run_say_stock(mu_run *run, uint32_t stock, int64_t change, const char *reason);

/* ---- movers (movers.c, orders.c) ----------------------------------------------------------- */

/* Teams and vehicles, where the stage has them. */
muster_status mu_movers_init(mu_run *run);
void          mu_movers_fini(mu_run *run);
muster_status mu_mover_step(mu_run *run, uint32_t mover);
/* Where it is now. */
muster_status mu_mover_place(mu_run *run, mu_mover *mover, muster_site *out);
bool          mu_mover_is_moving(const mu_mover *mover);
/* It stands where it is now, with the order that it had; what it has gone is written down. */
muster_status mu_mover_stop(mu_run *run, mu_mover *mover);
/* The same, and it does something else from now on. */
muster_status mu_mover_halt(mu_run *run, mu_mover *mover, mu_doing doing);
/* Its order has just become over: it goes back, with what it has on board. */
muster_status mu_mover_turn_back(mu_run *run, mu_mover *mover);
/* The work at its scene is done. */
muster_status mu_mover_leave(mu_run *run, mu_mover *mover);
/* The course says that it is available, or not. */
muster_status mu_mover_set_off(mu_run *run, mu_mover *mover, bool is_off);
/* Roads are others than before: whoever moves finds a new way. */
muster_status mu_movers_take_roads(mu_run *run, muster_roads *roads);
/* What it does for an order, up to now, is time that it was busy. */
void mu_mover_count_busy(mu_run *run, const mu_mover *mover);
/* It makes ready for an order, to set out at a moment. */
muster_status mu_mover_prepare(mu_run *run, mu_mover *mover, int64_t depart_at_ms);

/* What has become of orders: those that are over by now are not followed any more; those of record
 * `issued`, where it is not 0, are taken on. */
muster_status mu_orders_follow(mu_run *run, uint64_t issued);
/* The row of an order. */
muster_simulated_order *mu_order_row(const mu_run *run, uint64_t number);
/* An order is over: written down with all that is part of it. */
void          mu_order_end(mu_run *run, uint64_t number, muster_order_state state);
muster_status mu_order_end_for(mu_run *run, uint64_t number, muster_order_state state,
                               const char *reason);
/* At the end: what trips brought has the times of the trip. */
void mu_orders_copy_trips(mu_run *run);

/* ---- scenes (scenes.c) --------------------------------------------------------------------- */

muster_status mu_scenes_init(mu_run *run);
void          mu_scenes_fini(mu_run *run);
uint32_t      mu_scene_find(const mu_run *run, const char *code); /* MUSTER_NONE: none */
/* It was reported, or its needs have been told anew. */
muster_status mu_scene_look(mu_run *run, uint32_t scene);
/* So much more of a kind is there, or less. */
muster_status mu_scene_count(mu_run *run, uint32_t scene, uint32_t kind, int64_t change);
/* Its work is done. */
muster_status mu_scene_done(mu_run *run, uint32_t scene);
/* It is closed, by whomever: those who are there leave. */
muster_status mu_scene_close(mu_run *run, uint32_t scene);
/* Up to now all rows have what was missing. */
void mu_scenes_settle(mu_run *run);
/* Of those that are open. */
void mu_scenes_sum(const mu_run *run, muster_simulated_moment *out);

/* ---- stock (supplies.c) -------------------------------------------------------------------- */

/* So much is there now, where the replication is recorded. */
muster_status mu_stock_write(mu_run *run, uint32_t stock);
muster_status mu_stock_changed(mu_run *run, uint32_t stock);
muster_status mu_stock_arrived(mu_run *run, uint32_t stock);
/* So many machines of a pool set out on their way back; or are back. */
muster_status mu_pool_changed(mu_run *run, uint32_t pool, int64_t change);

/* ---- the course (course_events.c) ---------------------------------------------------------- */

muster_status mu_course_check(const mu_course *course);
muster_status mu_course_next(mu_run *run);
muster_status mu_course_wait(mu_run *run); /* for the next event */

/* ---- decisions (decide.c) ------------------------------------------------------------------ */

/* Something has happened that a plan may answer; or somebody or something is free again, or roads are others, and no
 * more. */
muster_status mu_wish_plan(mu_run *run);
muster_status mu_wish_use(mu_run *run);
muster_status mu_decide(mu_run *run);
muster_status mu_take_turn(mu_run *run); /* an interval is over */
muster_status mu_start_turns(mu_run *run);

/* ---- what a plan could change (spare.c, new_ways.c, under_way.c) ------------------------------ */

muster_status mu_spare_init(mu_run *run);
void          mu_spare_fini(mu_run *run);
/* Of what is free now, and ordered, and of the roads of now, a plan has been thought. */
void mu_spare_note(mu_run *run);
/* Less than that, where some has been ordered since. What was called back has not been thought of. */
void mu_spare_note_less(mu_run *run);
/* Where nothing has happened since then but that something is free again: could a plan that keeps what is
 * ordered send anything? What is coming to needs has been counted. */
muster_status mu_spare_is_of_use(mu_run *run, bool *out);
/* Likewise, as roads are others. Without anything to do where they are not. */
muster_status mu_new_ways_are_of_use(mu_run *run, bool *out);
/* Likewise: could it take back an order, or add to one? */
muster_status mu_under_way_is_changed(mu_run *run, bool *out);

/* Why it was so at the worst moments. */
muster_status mu_explain_worst(mu_run *run);

#endif
