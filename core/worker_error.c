/* Of the public functions alone, so that every library may have its own copy: the message is libmuster's. */
#include <string.h>

#include "core/error.h"

void mu_worker_error_keep(mu_worker_error *slot, muster_status status) {
    if (status == MUSTER_OK || slot->status != MUSTER_OK) return;
    const char  *message = muster_error_message();
    const size_t length  = strnlen(message, sizeof slot->message - 1);
    slot->status         = status;
    memcpy(slot->message, message, length);
    slot->message[length] = 0;
}

muster_status mu_worker_error_raise(const mu_worker_error *slot) {
    if (slot->status == MUSTER_OK) return MUSTER_OK;
    return muster_fail(slot->status, "%s", slot->message);
}
