/* Which turns are restricted after which arcs (Aho and Corasick, "Efficient string matching: an
 * aid to bibliographic search", CACM 1975).
 *
 * A restriction is a sequence of arcs: from, over some via arcs or none, and the arc that is then
 * forbidden, mandatory or slow. Whether a way contains such a sequence is told by an automaton
 * whose states are the beginnings of the sequences: at any time the state is the longest beginning
 * that the way so far ends with. A rule belongs to a state and holds in all states that end with
 * it, which the fallbacks lead through. So restrictions may overlap as they like, and most states
 * are of one arc: a restriction over a single junction has no others.
 *
 * A restriction takes effect when it is complete and its edges follow each other, every arc of it
 * being open to somebody. What the map says otherwise is kept, and has no effect. */
#include "core/turn_automaton.h"

#include <stdlib.h>

#include "core/alloc.h"

/* ---- from restrictions to sequences ------------------------------------------------------ */

/* One restriction with its directions: an edge that is a loop may be driven either way. */
typedef struct pattern {
    size_t          first;  /* into the pool, */
    const uint32_t *before; /* where the arcs before the turn are, once it has stopped growing */
    uint32_t        length; /* of them, 1 or more */
    uint32_t        to_arc;
    uint32_t        restriction, state;
} pattern;

typedef struct patterns {
    const muster_network *network;
    uint32_t             *pool;
    size_t                pool_count, pool_capacity;
    pattern              *pattern;
    uint32_t              count;
    size_t                capacity;
} patterns;

/* The arc of `edge` with its tail, or its head, at `node`, and `side` 1 for the other one of a
 * loop; MUSTER_NONE: there is none that anybody may drive. */
static uint32_t arc_at(const muster_network *net, uint32_t edge, uint32_t node, bool at_tail,
                       uint32_t side) {
    const uint32_t arc = 2 * edge + side;
    const uint32_t end = at_tail ? mu_arc_tail(net, arc) : mu_arc_head(net, arc);
    return end == node && mu_arc_access(net, arc) != 0 ? arc : MUSTER_NONE;
}

static muster_status push_arc(patterns *p, uint32_t arc) {
    MU_TRY(mu_grow(&p->pool, &p->pool_capacity, p->pool_count, sizeof *p->pool));
    p->pool[p->pool_count++] = arc;
    return MUSTER_OK;
}

/* Append the via arcs; *node goes with them, and becomes MUSTER_NONE where they do not follow each
 * other. A loop could be driven either way: the restriction does not say what it means. */
static muster_status push_via(patterns *p, uint32_t restriction, uint32_t *node) {
    const muster_network_data *v     = &p->network->view;
    const uint32_t            *first = v->restriction_first_via;
    for (uint32_t i = first[restriction]; i < first[restriction + 1]; ++i) {
        const uint32_t edge = v->restriction_via_edge[i];
        const uint32_t side = v->edge_source[edge] == *node ? 0 : 1;
        const uint32_t arc  = arc_at(p->network, edge, *node, true, side);
        *node               = MUSTER_NONE;
        if (arc == MUSTER_NONE || v->edge_source[edge] == v->edge_target[edge]) return MUSTER_OK;
        MU_TRY(push_arc(p, arc));
        *node = mu_arc_head(p->network, arc);
    }
    return MUSTER_OK;
}

static muster_status add_pattern(patterns *p, uint32_t restriction, uint32_t from_arc,
                                 uint32_t to_side) {
    const muster_turn_restriction *turn  = &p->network->view.restriction[restriction];
    const size_t                   first = p->pool_count;
    uint32_t                       node  = turn->via_node;
    MU_TRY(push_arc(p, from_arc));
    MU_TRY(push_via(p, restriction, &node));
    const uint32_t to_arc =
        node == MUSTER_NONE ? MUSTER_NONE : arc_at(p->network, turn->to_edge, node, true, to_side);
    if (to_arc == MUSTER_NONE) {
        p->pool_count = first;
        return MUSTER_OK;
    }
    MU_TRY(mu_grow(&p->pattern, &p->capacity, p->count, sizeof *p->pattern));
    p->pattern[p->count++] = (pattern){.first       = first,
                                       .length      = (uint32_t)(p->pool_count - first),
                                       .to_arc      = to_arc,
                                       .restriction = restriction};
    return MUSTER_OK;
}

static muster_status add_restriction(patterns *p, uint32_t restriction) {
    const muster_turn_restriction *turn = &p->network->view.restriction[restriction];
    if (turn->from_edge == MUSTER_NONE || turn->via_node == MUSTER_NONE ||
        turn->to_edge == MUSTER_NONE) {
        return MUSTER_OK;
    }
    for (uint32_t side = 0; side < 4; ++side) {
        const uint32_t from = arc_at(p->network, turn->from_edge, turn->via_node, false, side & 1);
        if (from != MUSTER_NONE) MU_TRY(add_pattern(p, restriction, from, side >> 1));
    }
    return MUSTER_OK;
}

/* Restrictions come one after the other, and so do their patterns. */
static muster_status collect(patterns *p, uint32_t *out_applied_count) {
    const muster_network_data *v = &p->network->view;
    for (uint32_t r = 0; r < v->restriction_count; ++r) {
        const uint32_t before = p->count;
        MU_TRY(add_restriction(p, r));
        *out_applied_count += p->count > before;
    }
    for (uint32_t i = 0; i < p->count; ++i) p->pattern[i].before = p->pool + p->pattern[i].first;
    return MUSTER_OK;
}

static void patterns_fini(patterns *p) {
    mu_free(p->pool);
    mu_free(p->pattern);
}

/* ---- states ------------------------------------------------------------------------------ */

static int compare(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

/* A sequence goes before those that it begins. */
static int by_sequence(const void *a, const void *b) {
    const pattern *x = a, *y = b;
    for (uint32_t i = 0; i < x->length && i < y->length; ++i) {
        if (x->before[i] != y->before[i]) return compare(x->before[i], y->before[i]);
    }
    if (x->length != y->length) return compare(x->length, y->length);
    if (x->to_arc != y->to_arc) return compare(x->to_arc, y->to_arc);
    return compare(x->restriction, y->restriction);
}

static muster_status add_state(mu_turn_automaton *m, size_t *capacity, uint32_t parent,
                               uint32_t arc) {
    if (m->state_count >= INT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "the turn restrictions have over %d arcs", INT32_MAX);
    }
    MU_TRY(mu_grow(&m->state, capacity, m->state_count, sizeof *m->state));
    const uint32_t depth       = m->state_count > 0 ? m->state[parent].depth + 1 : 0;
    m->state[m->state_count++] = (mu_turn_state){.parent = parent, .last_arc = arc, .depth = depth};
    return MUSTER_OK;
}

/* Give the patterns that are longer than `depth`, listed in `active`, their state of
 * one arc more. They are sorted, so that equal beginnings lie side by side. */
static muster_status add_level(mu_turn_automaton *m, size_t *capacity, patterns *p,
                               const uint32_t *active, uint32_t count, uint32_t depth) {
    uint32_t parent = MUSTER_NONE, arc = MUSTER_NONE;
    for (uint32_t i = 0; i < count; ++i) {
        pattern *one = &p->pattern[active[i]];
        if (one->state != parent || one->before[depth] != arc) {
            parent = one->state;
            arc    = one->before[depth];
            MU_TRY(add_state(m, capacity, parent, arc));
        }
        one->state = m->state_count - 1;
    }
    return MUSTER_OK;
}

static uint32_t keep_longer(const patterns *p, uint32_t *active, uint32_t count, uint32_t depth) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (p->pattern[active[i]].length > depth) active[kept++] = active[i];
    }
    return kept;
}

/* The last one ends the lists of children and rules of the one before. */
static muster_status add_states(mu_turn_automaton *m, patterns *p) {
    size_t    capacity = 0;
    uint32_t *active;
    MU_TRY(mu_alloc(&active, p->count, sizeof *active));
    for (uint32_t i = 0; i < p->count; ++i) active[i] = i;
    muster_status status = add_state(m, &capacity, 0, MUSTER_NONE);
    uint32_t      count  = p->count;
    for (uint32_t depth = 0; count > 0 && status == MUSTER_OK; ++depth) {
        status = add_level(m, &capacity, p, active, count, depth);
        count  = keep_longer(p, active, count, depth + 1);
    }
    mu_free(active);
    if (status == MUSTER_OK) status = add_state(m, &capacity, 0, MUSTER_NONE);
    if (status == MUSTER_OK) --m->state_count;
    return status;
}

/* Levels follow each other, and in each the states are in order of their parents. */
static void find_children(mu_turn_automaton *m) {
    uint32_t child = 1;
    for (uint32_t s = 0; s <= m->state_count; ++s) {
        while (child < m->state_count && m->state[child].parent < s) ++child;
        m->state[s].first_child = child;
    }
}

/* MUSTER_NONE where there is none. */
static uint32_t find_child(const mu_turn_automaton *m, uint32_t state, uint32_t arc) {
    uint32_t       low = m->state[state].first_child, high = m->state[state + 1].first_child;
    const uint32_t end = high;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (m->state[middle].last_arc < arc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && m->state[low].last_arc == arc ? low : MUSTER_NONE;
}

uint32_t mu_turn_automaton_next(const mu_turn_automaton *m, uint32_t state, uint32_t arc) {
    for (uint32_t s = state;; s = m->state[s].fallback) {
        const uint32_t child = find_child(m, s, arc);
        if (child != MUSTER_NONE) return child;
        if (s == 0) return 0;
    }
}

/* Shorter states have theirs already. */
static void find_fallbacks(mu_turn_automaton *m) {
    for (uint32_t s = 1; s < m->state_count; ++s) {
        mu_turn_state *state = &m->state[s];
        if (state->depth == 1) continue; /* 0: nothing */
        state->fallback =
            mu_turn_automaton_next(m, m->state[state->parent].fallback, state->last_arc);
    }
}

/* ---- rules ------------------------------------------------------------------------------- */

/* Bit b for all sets b of access bits of which none is excepted. */
static uint32_t bound_by(uint8_t except) {
    uint32_t binds = 0;
    for (uint32_t access = 0; access <= (MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW); ++access) {
        if ((access & except) == 0) binds |= UINT32_C(1) << access;
    }
    return binds;
}

typedef struct rule_list {
    mu_turn_automaton *m;
    const patterns    *patterns;
    size_t             capacity;
} rule_list;

static muster_status add_rule(rule_list *l, mu_state_rule rule) {
    if (rule.binds == 0) return MUSTER_OK;
    if (l->m->rule_count >= INT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "the turn restrictions concern over %d turns",
                           INT32_MAX);
    }
    MU_TRY(mu_grow(&l->m->rule, &l->capacity, l->m->rule_count, sizeof *l->m->rule));
    l->m->rule[l->m->rule_count++] = rule;
    return MUSTER_OK;
}

static const muster_turn_restriction *restriction_of(const rule_list *l, const pattern *p) {
    return &l->patterns->network->view.restriction[p->restriction];
}

/* Of mandatory turns from the same arcs one has to be taken. What is not among those that somebody
 * has to obey is forbidden to him, the way back too. */
static muster_status forbid_others(rule_list *l, const pattern *group, uint32_t count) {
    const mu_graph *roads = &l->patterns->network->roads;
    const uint32_t  node  = mu_graph_head_junction(roads, group->before[group->length - 1]);
    uint32_t        binds = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const muster_turn_restriction *turn = restriction_of(l, &group[i]);
        if (turn->kind == MUSTER_RESTRICTION_ONLY) binds |= bound_by(turn->except);
    }
    if (binds == 0) return MUSTER_OK;
    for (uint32_t i = roads->first_out[node]; i < roads->first_out[node + 1]; ++i) {
        const uint32_t arc    = roads->out_arc[i];
        uint32_t       chosen = 0;
        for (uint32_t k = 0; k < count; ++k) {
            const muster_turn_restriction *turn = restriction_of(l, &group[k]);
            if (turn->kind == MUSTER_RESTRICTION_ONLY && group[k].to_arc == arc) {
                chosen |= bound_by(turn->except);
            }
        }
        MU_TRY(add_rule(
            l, (mu_state_rule){group->state, arc, MUSTER_UNREACHABLE_MS, binds & ~chosen}));
    }
    return MUSTER_OK;
}

/* Patterns of one state. */
static muster_status add_group(rule_list *l, const pattern *group, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        const muster_turn_restriction *turn = restriction_of(l, &group[i]);
        if (turn->kind == MUSTER_RESTRICTION_ONLY) continue;
        const uint32_t delay_ms =
            turn->kind == MUSTER_RESTRICTION_NO ? MUSTER_UNREACHABLE_MS : turn->penalty_ms;
        MU_TRY(add_rule(
            l, (mu_state_rule){group->state, group[i].to_arc, delay_ms, bound_by(turn->except)}));
    }
    return forbid_others(l, group, count);
}

static int by_state(const void *a, const void *b) {
    const mu_state_rule *x = a, *y = b;
    if (x->state != y->state) return compare(x->state, y->state);
    if (x->arc != y->arc) return compare(x->arc, y->arc);
    if (x->delay_ms != y->delay_ms) return compare(x->delay_ms, y->delay_ms);
    return compare(x->binds, y->binds);
}

static muster_status add_rules(mu_turn_automaton *m, const patterns *p) {
    rule_list l = {m, p, 0};
    for (uint32_t i = 0, end; i < p->count; i = end) {
        for (end = i + 1; end < p->count && p->pattern[end].state == p->pattern[i].state;) ++end;
        MU_TRY(add_group(&l, &p->pattern[i], end - i));
    }
    if (m->rule_count > 0) qsort(m->rule, m->rule_count, sizeof *m->rule, by_state);
    uint32_t rule = 0;
    for (uint32_t s = 0; s <= m->state_count; ++s) {
        while (rule < m->rule_count && m->rule[rule].state < s) ++rule;
        m->state[s].first_rule = rule;
    }
    return MUSTER_OK;
}

uint32_t mu_turn_automaton_rules(const mu_turn_automaton *m, uint32_t state, uint32_t arc,
                                 uint32_t *out_end) {
    uint32_t       low = m->state[state].first_rule, high = m->state[state + 1].first_rule;
    const uint32_t end = high;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (m->rule[middle].arc < arc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out_end = low;
    while (*out_end < end && m->rule[*out_end].arc == arc) ++*out_end;
    return low;
}

/* ---- life -------------------------------------------------------------------------------- */

static muster_status build(mu_turn_automaton *m, patterns *p) {
    MU_TRY(collect(p, &m->applied_count));
    if (p->count > 0) qsort(p->pattern, p->count, sizeof *p->pattern, by_sequence);
    MU_TRY(add_states(m, p));
    find_children(m);
    find_fallbacks(m);
    return add_rules(m, p);
}

muster_status mu_turn_automaton_init(mu_turn_automaton *m, const muster_network *network) {
    patterns p                 = {.network = network};
    *m                         = (mu_turn_automaton){0};
    const muster_status status = build(m, &p);
    patterns_fini(&p);
    if (status != MUSTER_OK) mu_turn_automaton_fini(m);
    return status;
}

void mu_turn_automaton_fini(mu_turn_automaton *m) {
    mu_free(m->state);
    mu_free(m->rule);
    *m = (mu_turn_automaton){0};
}
