#include "solver/people_piece.h"

#include <string.h>

#include "core/alloc.h"

static void choose_sink(mu_piece *p, mu_people_choice *c, uint32_t sink) {
    if (p->is_chosen_sink[sink] || c->sink_count == p->size.sinks) return;
    p->is_chosen_sink[sink]  = true;
    p->sink[c->sink_count++] = sink;
}

/* The needs that use, or are nearest to use, the teams near `seed`; `stride` reaches farther
 * from round to round, so that rounds differ. */
static void choose_sinks(mu_piece *p, mu_people_choice *c, const uint32_t *team_of, uint32_t seed,
                         uint32_t stride) {
    const mu_market *m = p->market;
    choose_sink(p, c, seed);
    for (size_t a = p->market->first_arc[seed]; a < p->market->first_arc[seed + 1]; a += stride) {
        const uint32_t user = team_of[m->arc[a].source];
        if (user != MUSTER_NONE) choose_sink(p, c, user);
        if (c->sink_count == p->size.sinks) return;
    }
}

/* For each need its own teams, and the nearest that are idle or of another chosen need. */
static void choose_teams(mu_piece *p, const mu_people_choice *c, const uint32_t *team_of) {
    const mu_market *m = p->market;
    for (uint32_t i = 0; i < c->sink_count; ++i) {
        const uint32_t j     = c->sink[i];
        uint32_t       count = 0;
        for (size_t a = p->market->first_arc[j]; a < p->market->first_arc[j + 1]; ++a) {
            const uint32_t team = m->arc[a].source, user = team_of[team];
            if (user != MUSTER_NONE && !p->is_chosen_sink[user]) continue;
            if (user != j && count >= p->size.teams_a_sink) continue;
            p->is_chosen_team[team] = true;
            ++count;
        }
    }
}

/* All pairs between chosen needs and teams, but for needs far from a team: a pair counts
 * where the team is one of the need's own or of its nearest chosen ones. */
static void choose_pairs(mu_piece *p, mu_people_choice *c, const uint32_t *team_of) {
    const mu_market *m = p->market;
    for (uint32_t i = 0; i < c->sink_count; ++i) {
        const uint32_t j     = c->sink[i];
        uint32_t       count = 0;
        for (size_t a = p->market->first_arc[j]; a < p->market->first_arc[j + 1]; ++a) {
            const uint32_t team = m->arc[a].source;
            if (!p->is_chosen_team[team]) continue;
            if (team_of[team] != j && count >= 2 * p->size.teams_a_sink) continue;
            p->arc[c->arc_count++] = a;
            ++count;
        }
    }
}

mu_people_choice mu_piece_choose(mu_piece *p, mu_piece_size size, const uint32_t *team_of,
                                 uint32_t seed, uint32_t stride) {
    p->size            = size;
    mu_people_choice c = {.market = p->market, .sink = p->sink, .arc = p->arc};
    choose_sinks(p, &c, team_of, seed, stride);
    choose_teams(p, &c, team_of);
    choose_pairs(p, &c, team_of);
    for (uint32_t i = 0; i < c.sink_count; ++i) p->is_chosen_sink[p->sink[i]] = false;
    memset(p->is_chosen_team, 0, p->market->source_count);
    return c;
}

muster_status mu_piece_init(mu_piece *p, const mu_market *m) {
    *p = (mu_piece){.market = m};
    MU_TRY(mu_alloc(&p->sink, m->sink_count, sizeof *p->sink));
    MU_TRY(mu_alloc(&p->arc, m->arc_count, sizeof *p->arc));
    MU_TRY(mu_alloc_zeroed(&p->is_chosen_sink, m->sink_count, sizeof *p->is_chosen_sink));
    return mu_alloc_zeroed(&p->is_chosen_team, m->source_count, sizeof *p->is_chosen_team);
}

void mu_piece_fini(mu_piece *p) {
    mu_free(p->sink);
    mu_free(p->arc);
    mu_free(p->is_chosen_sink);
    mu_free(p->is_chosen_team);
    *p = (mu_piece){0};
}
