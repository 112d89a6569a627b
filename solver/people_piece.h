/* A piece of a large component: few enough needs and teams to be decided anew together. */
#ifndef MU_SOLVER_PEOPLE_PIECE_H
#define MU_SOLVER_PEOPLE_PIECE_H

#include "solver/people_model.h"

/* How large a piece may be. */
typedef struct mu_piece_size {
    uint32_t sinks, teams_a_sink;
} mu_piece_size;

/* Scratch for one choice at a time. */
typedef struct mu_piece {
    const mu_market *market;
    uint32_t        *sink;
    size_t          *arc;
    uint8_t         *is_chosen_sink;
    uint8_t         *is_chosen_team;
    mu_piece_size    size;
} mu_piece;

muster_status mu_piece_init(mu_piece *piece, const mu_market *market);
void          mu_piece_fini(mu_piece *piece);

/* The piece round the need `seed`: needs that use the teams near it, looking at every
 * `stride`-th of these, their own teams, and idle ones nearby. Valid until the next call. */
mu_people_choice mu_piece_choose(mu_piece *piece, mu_piece_size size, const uint32_t *team_of,
                                 uint32_t seed, uint32_t stride);

#endif
