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

muster_status mu_text_new_of(char **out, const char *bytes, size_t size) {
    shared_text *shared;
    *out = NULL;
    MU_TRY(mu_alloc(&shared, 1, sizeof *shared + size + 1));
    atomic_init(&shared->holders, 1);
    memcpy(shared->text, bytes, size);
    shared->text[size] = 0;
    *out               = shared->text;
    return MUSTER_OK;
}

muster_status mu_text_new(char **out, const char *text) {
    *out = NULL;
    return text ? mu_text_new_of(out, text, strlen(text)) : MUSTER_OK;
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
