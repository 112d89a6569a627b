#include "session/text.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"

/* The count stands before the text. */
typedef struct shared_text {
    atomic_uint holders;
    char        text[];
} shared_text;

static shared_text *head_of(char *text) {
    return (shared_text *)(void *)(text - offsetof(shared_text, text));
}

muster_status mu_text_new(char **out, const char *text) {
    shared_text *shared;
    *out = NULL;
    if (!text) return MUSTER_OK;
    const size_t bytes = strlen(text) + 1;
    MU_TRY(mu_alloc(&shared, 1, sizeof *shared + bytes));
    atomic_init(&shared->holders, 1);
    memcpy(shared->text, text, bytes);
    *out = shared->text;
    return MUSTER_OK;
}

char *mu_text_hold(char *text) {
    if (text) atomic_fetch_add_explicit(&head_of(text)->holders, 1, memory_order_relaxed);
    return text;
}

void mu_text_release(char *text) {
    if (!text) return;
    shared_text *shared = head_of(text);
    if (atomic_fetch_sub_explicit(&shared->holders, 1, memory_order_acq_rel) == 1) mu_free(shared);
}
