#include "gis/change_queue.h"

#include "gis/packed_text.h"

struct mu_change_node {
    muster_live_change change;
    mu_change_node    *next;
    char               texts[];
};

muster_status mu_changes_put(mu_changes *changes, const muster_live_change *c) {
    const size_t size = mu_packed_bytes(c->subject) + mu_packed_bytes(c->operation) +
                        mu_packed_bytes(c->actor) + mu_packed_bytes(c->scenario) +
                        mu_packed_bytes(c->resource) + mu_packed_bytes(c->code);
    mu_change_node *node;
    MU_TRY(mu_gis_alloc(&node, 1, sizeof *node + size));
    char *at                                                  = node->texts;
    node->change                                              = *c;
    node->change.subject                                      = mu_packed_put(&at, c->subject);
    node->change.operation                                    = mu_packed_put(&at, c->operation);
    node->change.actor                                        = mu_packed_put(&at, c->actor);
    node->change.scenario                                     = mu_packed_put(&at, c->scenario);
    node->change.resource                                     = mu_packed_put(&at, c->resource);
    node->change.code                                         = mu_packed_put(&at, c->code);
    node->next                                                = NULL;
    *(changes->last ? &changes->last->next : &changes->first) = node;
    changes->last                                             = node;
    ++changes->count;
    return MUSTER_OK;
}

void mu_changes_append(mu_changes *changes, mu_changes *others) {
    if (!others->first) return;
    *(changes->last ? &changes->last->next : &changes->first) = others->first;
    changes->last                                             = others->last;
    changes->count += others->count;
    *others = (mu_changes){0};
}

const muster_live_change *mu_changes_take(mu_changes *changes) {
    mu_change_node *node = changes->first;
    mu_gis_free(changes->taken);
    changes->taken = node;
    if (!node) return NULL;
    changes->first = node->next;
    if (!changes->first) changes->last = NULL;
    --changes->count;
    return &node->change;
}

void mu_changes_clear(mu_changes *changes) {
    while (mu_changes_take(changes)) {
    }
}
