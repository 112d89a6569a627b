/* What has to be remembered of the way so far to obey turn restrictions. */
#ifndef MU_CORE_TURN_AUTOMATON_H
#define MU_CORE_TURN_AUTOMATON_H

#include "core/network.h"

/* A sequence of arcs with which some restriction begins. State 0 is the empty one. */
typedef struct mu_turn_state {
    uint32_t parent; /* without the last arc */
    uint32_t last_arc;
    uint32_t depth;    /* arcs */
    uint32_t fallback; /* the longest shorter state that it ends with */
    uint32_t first_child, first_rule;
} mu_turn_state;

/* Driving onto `arc` in `state`. */
typedef struct mu_state_rule {
    uint32_t state, arc;
    uint32_t delay_ms; /* MUSTER_UNREACHABLE_MS: forbidden */
    uint32_t binds;    /* bit b: a profile whose access bits are b is bound */
} mu_state_rule;

typedef struct mu_turn_automaton {
    uint32_t       state_count;
    mu_turn_state *state; /* [state_count + 1], the last one ends the lists; by depth. Children of
                           * a state lie side by side, by last_arc. */
    uint32_t       rule_count;
    mu_state_rule *rule;          /* by state, then arc */
    uint32_t       applied_count; /* restrictions that take effect */
} mu_turn_automaton;

/* From the network's restrictions and `roads`, its graph of junctions. O(n log n) in the arcs of
 * the restrictions, and of `only` ones in the arcs of their last junction. */
muster_status mu_turn_automaton_init(mu_turn_automaton *automaton, const muster_network *network);
void          mu_turn_automaton_fini(mu_turn_automaton *automaton);

/* The state after driving onto `arc` in `state`. */
uint32_t mu_turn_automaton_next(const mu_turn_automaton *automaton, uint32_t state, uint32_t arc);

/* The state's own rules for `arc`: from the returned one to *out_end - 1. */
uint32_t mu_turn_automaton_rules(const mu_turn_automaton *automaton, uint32_t state, uint32_t arc,
                                 uint32_t *out_end);

#endif
