/* Turn restrictions as nodes and arcs, so that searches need not know of them.
 *
 * Buchhold, Wagner, Zeitz and Zuendorf ("Customizable contraction hierarchies with turn costs",
 * ATMOS 2020) expand all turns, and take the order from the network without them. That makes a
 * graph several times as large, and few turns are restricted. So only a junction at which one is
 * gets taken apart here, and the rest of the graph stays as it is:
 *
 *   start     where arcs arrive that no restriction begins with, and who sets out here
 *   state     one for each state of the automaton (turn_automaton.c) that is entered here
 *   exit      one for each arc that is not open to all who arrive: its tail
 *   end       the tail of all other arcs, and where everybody has arrived
 *
 *   start -> end, start -> exit; state -> end, state -> exit
 *
 * A turn from a state to an exit costs what its rules say; all others are free. Where a state has
 * more than one arc, its last arc has been driven after others: then it is a copy of that arc,
 * with an exit of its own that only those states lead to which it follows from. A place on an arc
 * with copies can be got to by each of them, so that their tails lead to one more node, from which
 * nothing leads on.
 *
 * Invariant: every arc of the network has one tail and one head here, and every way through the
 * network is one way through the graph, whose turns cost what they ought to. */
#include "core/graph_turns.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/turn_automaton.h"

/* An arc that not all who arrive may turn into at no cost, or that begins another state. */
typedef struct exit_arc {
    uint32_t arc, node;
    uint32_t arrival; /* MUSTER_NONE: it has no copies */
} exit_arc;

/* A junction that is taken apart. */
typedef struct crossing {
    uint32_t junction, end;
    uint32_t first_state, state_end; /* into state_at */
    uint32_t first_exit, exit_end;
} crossing;

/* An arc being made. */
typedef struct new_arc {
    uint32_t tail, head;
    uint32_t state, arc; /* of a turn that may cost something; of a copy, its state and its arc */
} new_arc;

typedef struct new_arcs {
    new_arc *arc;
    uint32_t count;
    size_t   capacity;
} new_arcs;

typedef struct expansion {
    mu_graph         *graph;
    const mu_graph   *roads;
    mu_turn_automaton automaton;
    uint32_t         *state_at;   /* [state_count - 1] by junction, then state */
    uint32_t         *state_node; /* by state: the node that its last arc leads to */
    uint32_t         *state_exit; /* by state of two arcs or more: the tail of its copy */
    crossing         *crossing;
    uint32_t          crossing_count;
    exit_arc         *exit;
    uint32_t          exit_count;
    size_t            exit_capacity;
    new_arcs          priced, plain, copies;
} expansion;

/* ---- crossings --------------------------------------------------------------------------- */

static uint32_t junction_of_state(const expansion *x, uint32_t state) {
    return mu_graph_head_junction(x->roads, x->automaton.state[state].last_arc);
}

static int by_value(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static muster_status sort_states(expansion *x) {
    const uint32_t count = x->automaton.state_count - 1;
    uint64_t      *key;
    MU_TRY(mu_alloc(&x->state_at, count, sizeof *x->state_at));
    MU_TRY(mu_alloc(&x->crossing, count, sizeof *x->crossing));
    MU_TRY(mu_alloc(&key, count, sizeof *key));
    for (uint32_t s = 1; s <= count; ++s) key[s - 1] = (uint64_t)junction_of_state(x, s) << 32 | s;
    qsort(key, count, sizeof *key, by_value);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t junction = (uint32_t)(key[i] >> 32);
        x->state_at[i]          = (uint32_t)key[i];
        if (i == 0 || junction != x->crossing[x->crossing_count - 1].junction) {
            x->crossing[x->crossing_count++] = (crossing){.junction = junction, .first_state = i};
        }
        x->crossing[x->crossing_count - 1].state_end = i + 1;
    }
    mu_free(key);
    return MUSTER_OK;
}

static muster_status add_exit(expansion *x, uint32_t arc, bool has_copies) {
    MU_TRY(mu_grow(&x->exit, &x->exit_capacity, x->exit_count, sizeof *x->exit));
    x->exit[x->exit_count++] = (exit_arc){.arc = arc, .arrival = has_copies ? 0 : MUSTER_NONE};
    return MUSTER_OK;
}

static int by_arc(const void *a, const void *b) {
    const exit_arc *x = a, *y = b;
    if (x->arc != y->arc) return x->arc < y->arc ? -1 : 1;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

/* Arcs that have a rule or a copy, each once. */
static muster_status find_exits(expansion *x, crossing *c) {
    const mu_turn_automaton *m = &x->automaton;
    c->first_exit              = x->exit_count;
    for (uint32_t i = c->first_state; i < c->state_end; ++i) {
        const mu_turn_state *s = &m->state[x->state_at[i]];
        for (uint32_t r = s->first_rule; r < s[1].first_rule; ++r) {
            MU_TRY(add_exit(x, m->rule[r].arc, false));
        }
        for (uint32_t child = s->first_child; child < s[1].first_child; ++child) {
            MU_TRY(add_exit(x, m->state[child].last_arc, true));
        }
    }
    exit_arc *list = x->exit + c->first_exit;
    uint32_t  kept = 0, count = x->exit_count - c->first_exit;
    if (count > 0) qsort(list, count, sizeof *list, by_arc); /* with copies first */
    for (uint32_t i = 0; i < count; ++i) {
        if (kept == 0 || list[kept - 1].arc != list[i].arc) list[kept++] = list[i];
    }
    c->exit_end = x->exit_count = c->first_exit + kept;
    return MUSTER_OK;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static uint32_t add_node(mu_graph *g) {
    return g->node_count++;
}

/* In the order in which a hierarchy eliminates them, before the junction: those with the fewest
 * neighbours first. */
static void number_crossing(expansion *x, crossing *c) {
    const mu_turn_automaton *m = &x->automaton;
    for (uint32_t e = c->first_exit; e < c->exit_end; ++e) {
        if (x->exit[e].arrival != MUSTER_NONE) x->exit[e].arrival = add_node(x->graph);
    }
    for (uint32_t i = c->first_state; i < c->state_end; ++i) {
        x->state_node[x->state_at[i]] = add_node(x->graph);
    }
    for (uint32_t i = c->first_state; i < c->state_end; ++i) {
        const mu_turn_state *s = &m->state[x->state_at[i]];
        for (uint32_t child = s->first_child; child < s[1].first_child; ++child) {
            x->state_exit[child] = add_node(x->graph);
        }
    }
    for (uint32_t e = c->first_exit; e < c->exit_end; ++e) x->exit[e].node = add_node(x->graph);
    c->end = add_node(x->graph);
}

static muster_status check_size(uint64_t nodes, uint64_t arcs) {
    if (nodes < INT32_MAX && arcs < UINT32_MAX) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "turn restrictions make %llu nodes and %llu arcs; expected fewer than %d "
                       "and %u",
                       (unsigned long long)nodes, (unsigned long long)arcs, INT32_MAX, UINT32_MAX);
}

static muster_status number_nodes(expansion *x) {
    const size_t states = x->automaton.state_count;
    MU_TRY(mu_alloc(&x->state_node, states, sizeof *x->state_node));
    MU_TRY(mu_alloc(&x->state_exit, states, sizeof *x->state_exit));
    for (uint32_t i = 0; i < x->crossing_count; ++i) MU_TRY(find_exits(x, &x->crossing[i]));
    MU_TRY(check_size(x->graph->node_count + 2 * (uint64_t)states + 2 * (uint64_t)x->exit_count +
                          x->crossing_count,
                      0));
    for (uint32_t i = 0; i < x->crossing_count; ++i) number_crossing(x, &x->crossing[i]);
    return MUSTER_OK;
}

/* ---- arcs -------------------------------------------------------------------------------- */

static muster_status add_arc(new_arcs *list, uint32_t tail, uint32_t head, uint32_t state,
                             uint32_t arc) {
    MU_TRY(check_size(0, (uint64_t)list->count + 1));
    MU_TRY(mu_grow(&list->arc, &list->capacity, list->count, sizeof *list->arc));
    list->arc[list->count++] = (new_arc){tail, head, state, arc};
    return MUSTER_OK;
}

static bool has_rule(const mu_turn_automaton *m, uint32_t state, uint32_t arc) {
    for (uint32_t s = state; s != 0; s = m->state[s].fallback) {
        uint32_t       end;
        const uint32_t first = mu_turn_automaton_rules(m, s, arc, &end);
        if (first < end) return true;
    }
    return false;
}

static muster_status add_turns_of_state(expansion *x, const crossing *c, uint32_t state) {
    const mu_turn_automaton *m    = &x->automaton;
    const uint32_t           node = x->state_node[state];
    MU_TRY(add_arc(&x->plain, node, c->end, 0, 0));
    for (uint32_t e = c->first_exit; e < c->exit_end; ++e) {
        const exit_arc *out   = &x->exit[e];
        const uint32_t  next  = mu_turn_automaton_next(m, state, out->arc);
        const uint32_t  to    = m->state[next].depth > 1 ? x->state_exit[next] : out->node;
        new_arcs       *turns = has_rule(m, state, out->arc) ? &x->priced : &x->plain;
        MU_TRY(add_arc(turns, node, to, state, out->arc));
    }
    return MUSTER_OK;
}

static const exit_arc *exit_of(const expansion *x, const crossing *c, uint32_t arc) {
    const exit_arc key = {.arc = arc};
    uint32_t       low = c->first_exit, high = c->exit_end;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (x->exit[middle].arc < key.arc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &x->exit[low];
}

/* The copies that states at the crossing begin. */
static muster_status add_copies_of_state(expansion *x, const crossing *c, uint32_t state) {
    const mu_turn_automaton *m = &x->automaton;
    const mu_turn_state     *s = &m->state[state];
    for (uint32_t child = s->first_child; child < s[1].first_child; ++child) {
        const uint32_t arc  = m->state[child].last_arc;
        const uint32_t tail = x->state_exit[child];
        MU_TRY(add_arc(&x->plain, tail, exit_of(x, c, arc)->arrival, 0, 0));
        MU_TRY(add_arc(&x->copies, tail, x->state_node[child], child, arc));
    }
    return MUSTER_OK;
}

static muster_status add_arcs_at(expansion *x, const crossing *c) {
    MU_TRY(add_arc(&x->plain, c->junction, c->end, 0, 0));
    for (uint32_t e = c->first_exit; e < c->exit_end; ++e) {
        const exit_arc *out = &x->exit[e];
        MU_TRY(add_arc(&x->plain, c->junction, out->node, 0, 0));
        if (out->arrival != MUSTER_NONE) {
            MU_TRY(add_arc(&x->plain, out->node, out->arrival, 0, 0));
        }
    }
    for (uint32_t i = c->first_state; i < c->state_end; ++i) {
        MU_TRY(add_turns_of_state(x, c, x->state_at[i]));
        MU_TRY(add_copies_of_state(x, c, x->state_at[i]));
    }
    return MUSTER_OK;
}

static int by_road(const void *a, const void *b) {
    const new_arc *x = a, *y = b;
    if (x->arc != y->arc) return x->arc < y->arc ? -1 : 1;
    return (x->state > y->state) - (x->state < y->state);
}

static muster_status make_arcs(expansion *x) {
    mu_graph *g = x->graph;
    for (uint32_t i = 0; i < x->crossing_count; ++i) MU_TRY(add_arcs_at(x, &x->crossing[i]));
    if (x->copies.count > 0) {
        qsort(x->copies.arc, x->copies.count, sizeof *x->copies.arc, by_road);
    }
    MU_TRY(check_size(0, (uint64_t)g->road_arc_count + x->priced.count + x->plain.count +
                             x->copies.count));
    g->turn_count = x->priced.count;
    g->first_copy = g->road_arc_count + x->priced.count + x->plain.count;
    g->arc_count  = g->first_copy + x->copies.count;
    return MUSTER_OK;
}

/* ---- the arrays of the graph ------------------------------------------------------------- */

static muster_status fill_junctions(expansion *x) {
    mu_graph *g = x->graph;
    MU_TRY(mu_alloc(&g->end, g->junction_count, sizeof *g->end));
    MU_TRY(mu_alloc(&g->junction_of, g->node_count - g->junction_count, sizeof *g->junction_of));
    for (uint32_t v = 0; v < g->junction_count; ++v) g->end[v] = v;
    uint32_t node = g->junction_count;
    for (uint32_t i = 0; i < x->crossing_count; ++i) { /* each one's end is its last */
        const crossing *c   = &x->crossing[i];
        g->end[c->junction] = c->end;
        while (node <= c->end) g->junction_of[node++ - g->junction_count] = c->junction;
    }
    return MUSTER_OK;
}

static void fill_list(mu_graph *g, uint32_t first, const new_arcs *list) {
    for (uint32_t i = 0; i < list->count; ++i) {
        g->tail[first + i] = list->arc[i].tail;
        g->head[first + i] = list->arc[i].head;
    }
}

static muster_status fill_ends(expansion *x) {
    mu_graph *g = x->graph;
    MU_TRY(mu_alloc(&g->tail, g->arc_count, sizeof *g->tail));
    MU_TRY(mu_alloc(&g->head, g->arc_count, sizeof *g->head));
    for (uint32_t a = 0; a < g->road_arc_count; ++a) {
        g->tail[a] = g->end[mu_graph_tail_junction(g, a)];
        g->head[a] = mu_graph_head_junction(g, a);
    }
    for (uint32_t e = 0; e < x->exit_count; ++e) g->tail[x->exit[e].arc] = x->exit[e].node;
    for (uint32_t s = 1; s < x->automaton.state_count; ++s) {
        const mu_turn_state *state = &x->automaton.state[s];
        if (state->depth == 1) g->head[state->last_arc] = x->state_node[s];
    }
    fill_list(g, g->road_arc_count, &x->priced);
    fill_list(g, g->road_arc_count + x->priced.count, &x->plain);
    fill_list(g, g->first_copy, &x->copies);
    return MUSTER_OK;
}

/* All copies of an arc begin at one crossing, whose exit for the arc knows where they come
 * together. */
static muster_status fill_copies(expansion *x) {
    mu_graph      *g     = x->graph;
    const uint32_t count = x->copies.count;
    MU_TRY(mu_alloc(&g->copy_of, count, sizeof *g->copy_of));
    MU_TRY(mu_alloc(&g->copy_end, count, sizeof *g->copy_end));
    for (uint32_t i = 0; i < count; ++i) g->copy_of[i] = x->copies.arc[i].arc;
    for (uint32_t i = 0; i < x->crossing_count; ++i) {
        const crossing *c = &x->crossing[i];
        for (uint32_t e = c->first_exit; e < c->exit_end; ++e) {
            uint32_t       end;
            const uint32_t first = mu_graph_copies(g, x->exit[e].arc, &end);
            for (uint32_t a = first; a < end; ++a)
                g->copy_end[a - g->first_copy] = x->exit[e].arrival;
        }
    }
    return MUSTER_OK;
}

typedef struct turn_filler {
    mu_graph                *graph;
    const mu_turn_automaton *automaton;
    size_t                   arc_count, arc_capacity, rule_capacity;
} turn_filler;

/* Of the last arcs in front, then the one turned into. */
static muster_status add_sequence(turn_filler *f, uint32_t state, uint32_t arc) {
    const mu_turn_state *s     = f->automaton->state;
    mu_graph            *g     = f->graph;
    const uint32_t       depth = s[state].depth;
    MU_TRY(check_size(0, (uint64_t)f->arc_count + depth + 1));
    for (uint32_t i = 0; i <= depth; ++i) {
        MU_TRY(mu_grow(&g->turn_arc, &f->arc_capacity, f->arc_count + i, sizeof *g->turn_arc));
    }
    g->turn_arc[f->arc_count + depth] = arc;
    for (uint32_t i = depth; i-- > 0; state = s[state].parent) {
        g->turn_arc[f->arc_count + i] = s[state].last_arc;
    }
    f->arc_count += depth + 1;
    return MUSTER_OK;
}

static muster_status add_rules(turn_filler *f, uint32_t turn, uint32_t state, uint32_t arc) {
    const mu_turn_automaton *m = f->automaton;
    mu_graph                *g = f->graph;
    for (uint32_t s = state; s != 0; s = m->state[s].fallback) {
        uint32_t end;
        for (uint32_t r = mu_turn_automaton_rules(m, s, arc, &end); r < end; ++r) {
            MU_TRY(mu_grow(&g->rule, &f->rule_capacity, g->rule_count, sizeof *g->rule));
            g->rule[g->rule_count++] = (mu_turn_rule){turn, m->rule[r].delay_ms, m->rule[r].binds};
        }
    }
    return MUSTER_OK;
}

static muster_status fill_turns(expansion *x) {
    mu_graph   *g = x->graph;
    turn_filler f = {.graph = g, .automaton = &x->automaton};
    MU_TRY(mu_alloc(&g->first_turn_arc, (size_t)g->turn_count + 1, sizeof *g->first_turn_arc));
    for (uint32_t t = 0; t < g->turn_count; ++t) {
        const new_arc *turn  = &x->priced.arc[t];
        g->first_turn_arc[t] = (uint32_t)f.arc_count;
        MU_TRY(add_sequence(&f, turn->state, turn->arc));
        MU_TRY(add_rules(&f, t, turn->state, turn->arc));
    }
    g->first_turn_arc[g->turn_count] = (uint32_t)f.arc_count;
    return MUSTER_OK;
}

/* ---- life -------------------------------------------------------------------------------- */

static muster_status build(expansion *x) {
    MU_TRY(sort_states(x));
    MU_TRY(number_nodes(x));
    MU_TRY(make_arcs(x));
    MU_TRY(fill_junctions(x));
    MU_TRY(fill_ends(x));
    MU_TRY(fill_copies(x));
    MU_TRY(fill_turns(x));
    return mu_graph_index(x->graph);
}

static void expansion_fini(expansion *x) {
    mu_turn_automaton_fini(&x->automaton);
    mu_free(x->state_at);
    mu_free(x->state_node);
    mu_free(x->state_exit);
    mu_free(x->crossing);
    mu_free(x->exit);
    mu_free(x->priced.arc);
    mu_free(x->plain.arc);
    mu_free(x->copies.arc);
}

/* What the roads' graph has and an expanded one makes for itself. */
static mu_graph without_lists(const mu_graph *roads) {
    mu_graph graph  = *roads;
    graph.first_out = graph.out_arc = graph.first_in = graph.in_arc = NULL;
    return graph;
}

muster_status mu_graph_turns_init(mu_graph *graph, const muster_network *network) {
    expansion x = {.graph = graph, .roads = &network->roads};
    *graph      = network->roads;
    if (network->view.restriction_count == 0) return MUSTER_OK;
    MU_TRY(mu_turn_automaton_init(&x.automaton, network));
    muster_status status = MUSTER_OK;
    if (x.automaton.state_count > 1) {
        *graph = without_lists(&network->roads);
        status = build(&x);
    }
    graph->applied_count = x.automaton.applied_count;
    expansion_fini(&x);
    if (status != MUSTER_OK) mu_graph_fini(graph);
    return status;
}

void mu_graph_turn_durations(const mu_graph *g, uint8_t access, uint32_t ban_ms,
                             uint32_t *duration_ms) {
    const unsigned known   = access & (MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW);
    uint32_t      *turn_ms = duration_ms + g->road_arc_count;
    for (uint32_t t = 0; t < g->first_copy - g->road_arc_count; ++t) turn_ms[t] = 0;
    for (uint32_t r = 0, end; r < g->rule_count; r = end) {
        uint64_t sum_ms    = 0;
        bool     is_banned = false;
        for (end = r; end < g->rule_count && g->rule[end].turn == g->rule[r].turn; ++end) {
            if ((g->rule[end].binds >> known & 1) == 0) continue;
            if (g->rule[end].delay_ms >= MUSTER_UNREACHABLE_MS) {
                is_banned = true; /* once, however many forbid it */
            } else {
                sum_ms += g->rule[end].delay_ms;
            }
        }
        if (is_banned) sum_ms += ban_ms;
        turn_ms[g->rule[r].turn] =
            sum_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)sum_ms : MUSTER_UNREACHABLE_MS;
    }
    for (uint32_t a = g->first_copy; a < g->arc_count; ++a) {
        duration_ms[a] = duration_ms[g->copy_of[a - g->first_copy]];
    }
}
