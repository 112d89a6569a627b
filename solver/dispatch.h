/* One resource, or some of one, sent to one need. */
#ifndef MU_SOLVER_DISPATCH_H
#define MU_SOLVER_DISPATCH_H

#include <stdint.h>

typedef struct mu_dispatch {
    uint8_t  resource; /* a muster_resource */
    uint32_t index, need;
    uint32_t eta_ms;
    int64_t  quantity;
    uint32_t carrier; /* the vehicle that brings an item; MUSTER_NONE: comes by itself */
} mu_dispatch;

#endif
