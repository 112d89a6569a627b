/* Changes in English, of codes as the problem has them. */
#include <inttypes.h>

#include "solver/changes_text.h"
#include "solver/english.h"

/* ---- what --------------------------------------------------------------------------------- */

static void say_amount(mu_sentence *w, const muster_change *c, int64_t quantity, const char *kind) {
    if (c->resource == MUSTER_PEOPLE) {
        mu_say(w, " (%" PRId64 " %s)", quantity, mu_english_of(quantity, "person", "people"));
    }
    if (c->resource == MUSTER_MACHINE || c->resource == MUSTER_ITEM) {
        mu_say(w, " (%" PRId64 " \"%s\")", quantity, kind);
    }
}

static void say_vehicle(mu_sentence *w, const char *vehicle) {
    if (vehicle) mu_say(w, " by %s", vehicle);
}

static void say_what(mu_sentence *w, const muster_change *c) {
    const bool is_now = c->incident != NULL;
    mu_say(w, "%s", c->code);
    say_amount(w, c, is_now ? c->quantity : c->quantity_before, is_now ? c->kind : c->kind_before);
    switch ((muster_change_type)c->type) {
    case MUSTER_CHANGE_SENT:
        mu_say(w, " goes to %s", c->incident);
        say_vehicle(w, c->vehicle);
        mu_say(w, ", there in %.1f min", mu_minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_TAKEN_BACK:
        mu_say(w, " no longer goes to %s", c->incident_before);
        return;
    case MUSTER_CHANGE_REDIRECTED:
        mu_say(w, " goes to %s for \"%s\" instead of %s for \"%s\", there in %.1f min", c->incident,
               c->kind, c->incident_before, c->kind_before, mu_minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_QUANTITY:
        mu_say(w, " to %s instead of %" PRId64, c->incident, c->quantity_before);
        say_vehicle(w, c->vehicle);
        return;
    case MUSTER_CHANGE_TIME:
        mu_say(w, " is at %s in %.1f min instead of %.1f", c->incident, mu_minutes(c->eta_ms),
               mu_minutes(c->eta_before_ms));
        return;
    default:
        mu_say(w, " to %s is brought by %s instead of %s", c->incident,
               c->vehicle ? c->vehicle : "nobody",
               c->vehicle_before ? c->vehicle_before : "nobody");
    }
}

/* ---- why ---------------------------------------------------------------------------------- */

static void say_why(mu_sentence *w, const muster_change *c) {
    const char *before = c->incident_before ? c->incident_before : c->incident;
    switch ((muster_change_reason)c->reason) {
    case MUSTER_BECAUSE_INCIDENT_CLOSED:
        mu_say(w, ": %s is closed.", before);
        return;
    case MUSTER_BECAUSE_UNIT_LOST:
        mu_say(w, c->index == MUSTER_NONE || c->resource <= MUSTER_VEHICLE
                      ? ": it is not there any more."
                      : ": there is less of it, or nobody to bring it.");
        return;
    case MUSTER_BECAUSE_NEED_CHANGED:
        if (c->type == MUSTER_CHANGE_REDIRECTED) mu_say(w, ": needs have changed.");
        if (c->type != MUSTER_CHANGE_REDIRECTED) mu_say(w, ": needs there have changed.");
        return;
    case MUSTER_BECAUSE_ORDERS:
        mu_say(w, ": rules say so.");
        return;
    case MUSTER_BECAUSE_UNIT_MOVED:
        mu_say(w, ": it comes from another place than before.");
        return;
    case MUSTER_BECAUSE_UNIT_CHANGED:
        mu_say(w, ": what it can do, or when, has changed.");
        return;
    case MUSTER_BECAUSE_ROADS:
        mu_say(w, ": roads to %s have changed.", before);
        return;
    case MUSTER_BECAUSE_UNFIT:
        mu_say(w, ": as things are there now, it would be of no use.");
        return;
    case MUSTER_BECAUSE_NEW_INCIDENT:
        mu_say(w, ": %s is new.", c->incident);
        return;
    case MUSTER_BECAUSE_REPLACEMENT:
        mu_say(w, ": it takes the place of %s.", c->replaced);
        return;
    case MUSTER_BECAUSE_GAP:
        mu_say(w, ": \"%s\" was lacking there.", c->kind);
        return;
    default:
        mu_say(w, ": all in all that is better.");
    }
}

void mu_change_say_english(mu_sentence *out, const muster_change *change,
                           const mu_change_names *name) {
    (void)name;
    say_what(out, change);
    say_why(out, change);
}
