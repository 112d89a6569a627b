/* Changes as sentences: what happens, then why. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/alloc.h"
#include "solver/changes.h"

typedef struct writer {
    char         *text;
    size_t        length, capacity;
    muster_status status; /* the first failure; nothing is written after it */
} writer;

__attribute__((format(printf, 2, 3))) static void say(writer *w, const char *format, ...) {
    va_list arguments, again;
    if (w->status != MUSTER_OK) return;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    while (w->status == MUSTER_OK && w->capacity < w->length + (size_t)length + 1) {
        w->status = mu_grow(&w->text, &w->capacity, w->capacity, 1);
    }
    if (w->status == MUSTER_OK) {
        (void)vsnprintf(w->text + w->length, (size_t)length + 1, format, again);
        w->length += (size_t)length;
    }
    va_end(again);
}

static double minutes(uint32_t ms) {
    return ms / 60000.0;
}

/* ---- what --------------------------------------------------------------------------------- */

static void say_amount(writer *w, const muster_change *c, int64_t quantity, const char *kind) {
    if (c->resource == MUSTER_PEOPLE) say(w, " (%" PRId64 " people)", quantity);
    if (c->resource == MUSTER_MACHINE || c->resource == MUSTER_ITEM) {
        say(w, " (%" PRId64 " \"%s\")", quantity, kind);
    }
}

static void say_vehicle(writer *w, const char *vehicle) {
    if (vehicle) say(w, " by %s", vehicle);
}

static void say_what(writer *w, const muster_change *c) {
    const bool is_now = c->incident != NULL;
    say(w, "%s", c->code);
    say_amount(w, c, is_now ? c->quantity : c->quantity_before, is_now ? c->kind : c->kind_before);
    switch ((muster_change_type)c->type) {
    case MUSTER_CHANGE_SENT:
        say(w, " goes to %s", c->incident);
        say_vehicle(w, c->vehicle);
        say(w, ", there in %.1f min", minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_TAKEN_BACK:
        say(w, " no longer goes to %s", c->incident_before);
        return;
    case MUSTER_CHANGE_REDIRECTED:
        say(w, " goes to %s for \"%s\" instead of %s for \"%s\", there in %.1f min", c->incident,
            c->kind, c->incident_before, c->kind_before, minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_QUANTITY:
        say(w, " to %s instead of %" PRId64, c->incident, c->quantity_before);
        say_vehicle(w, c->vehicle);
        return;
    case MUSTER_CHANGE_TIME:
        say(w, " is at %s in %.1f min instead of %.1f", c->incident, minutes(c->eta_ms),
            minutes(c->eta_before_ms));
        return;
    default:
        say(w, " to %s is brought by %s instead of %s", c->incident,
            c->vehicle ? c->vehicle : "nobody", c->vehicle_before ? c->vehicle_before : "nobody");
    }
}

/* ---- why ---------------------------------------------------------------------------------- */

static void say_why(writer *w, const muster_change *c) {
    const char *before = c->incident_before ? c->incident_before : c->incident;
    switch ((muster_change_reason)c->reason) {
    case MUSTER_BECAUSE_INCIDENT_CLOSED:
        say(w, ": %s is closed.", before);
        return;
    case MUSTER_BECAUSE_UNIT_LOST:
        say(w, c->index == MUSTER_NONE || c->resource <= MUSTER_VEHICLE
                   ? ": it is not there any more."
                   : ": there is less of it, or nobody to bring it.");
        return;
    case MUSTER_BECAUSE_NEED_CHANGED:
        if (c->type == MUSTER_CHANGE_REDIRECTED) say(w, ": needs have changed.");
        if (c->type != MUSTER_CHANGE_REDIRECTED) say(w, ": needs there have changed.");
        return;
    case MUSTER_BECAUSE_ORDERS:
        say(w, ": rules say so.");
        return;
    case MUSTER_BECAUSE_UNIT_MOVED:
        say(w, ": it comes from another place than before.");
        return;
    case MUSTER_BECAUSE_UNIT_CHANGED:
        say(w, ": what it can do, or when, has changed.");
        return;
    case MUSTER_BECAUSE_ROADS:
        say(w, ": roads to %s have changed.", before);
        return;
    case MUSTER_BECAUSE_UNFIT:
        say(w, ": as things are there now, it would be of no use.");
        return;
    case MUSTER_BECAUSE_NEW_INCIDENT:
        say(w, ": %s is new.", c->incident);
        return;
    case MUSTER_BECAUSE_REPLACEMENT:
        say(w, ": it takes the place of %s.", c->replaced);
        return;
    case MUSTER_BECAUSE_GAP:
        say(w, ": \"%s\" was lacking there.", c->kind);
        return;
    default:
        say(w, ": all in all that is better.");
    }
}

/* Sentences lie one after the other; where each begins is known once none moves any more. */
muster_status mu_changes_write(mu_changes *changes) {
    writer  w = {.status = MUSTER_OK};
    size_t *begin;
    MU_TRY(mu_alloc(&begin, changes->count, sizeof *begin));
    for (uint32_t i = 0; i < changes->count; ++i) {
        begin[i] = w.length;
        say_what(&w, &changes->change[i]);
        say_why(&w, &changes->change[i]);
        if (w.status == MUSTER_OK) ++w.length; /* past its end */
    }
    changes->text = w.text;
    for (uint32_t i = 0; w.status == MUSTER_OK && i < changes->count; ++i) {
        changes->change[i].text = w.text + begin[i];
    }
    mu_free(begin);
    return w.status;
}
