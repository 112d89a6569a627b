/* What is known of a closure beside its changes: which cause closes which arc, or what it was told. */
#ifndef MU_CORE_CLOSURE_H
#define MU_CORE_CLOSURE_H

#include "core/closure_notes.h"

typedef struct mu_closing {
    uint32_t arc;
    uint32_t cause;
} mu_closing;

/* In the order of the calls; the same one may come again. */
const mu_closing    *mu_closure_closings(const muster_closure *closure, size_t *out_count);
const muster_metric *mu_closure_base(const muster_closure *closure);
/* NULL: it is not noted. Of one that is, none of the rest is known. */
const mu_notes *mu_closure_notes(const muster_closure *closure);
/* MUSTER_E_INVALID of one that is noted. */
muster_status mu_closure_check_carried_out(const muster_closure *closure);
/* [2 * edge_count] by arc: not 0 where the base may not use it, but a boat could, if nothing closed
 * it. */
const uint8_t *mu_closure_opened(const muster_closure *closure);
/* Does something close the arc that may not be left? */
bool mu_closure_bars(const muster_closure *closure, uint32_t arc);

#endif
