#include "solver/sentence.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/alloc.h"

void mu_say(mu_sentence *s, const char *format, ...) {
    va_list arguments, again;
    if (s->status != MUSTER_OK) return;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    while (s->status == MUSTER_OK && s->capacity < s->length + (size_t)length + 1) {
        s->status = mu_grow(&s->text, &s->capacity, s->capacity, 1);
    }
    if (s->status == MUSTER_OK) {
        (void)vsnprintf(s->text + s->length, (size_t)length + 1, format, again);
        s->length += (size_t)length;
    }
    va_end(again);
}
