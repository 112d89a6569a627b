/* One resource, or some of one, sent to one need. */
#ifndef MU_SOLVER_DISPATCH_H
#define MU_SOLVER_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct mu_dispatch {
    uint8_t  resource; /* a muster_resource */
    uint32_t index, need;
    uint32_t eta_ms;
    int64_t  quantity;
    uint32_t carrier;   /* the vehicle that brings an item; MUSTER_NONE: comes by itself */
    bool     is_locked; /* of an item that a vehicle brings: because a lock says so */
} mu_dispatch;

#endif
