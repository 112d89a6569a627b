/* Why, in English. */
#include <inttypes.h>

#include "solver/english.h"
#include "solver/weights.h"
#include "solver/why_text.h"

enum { MOST_INCIDENTS = 8 }; /* more names than that nobody reads */

static const char *code_of(const mu_why_writer *w, uint32_t index) {
    return mu_why_unit(w, index)->code;
}

/* ---- why is it unmet? --------------------------------------------------------------------- */

/* "9 teams with 163 people", "3 vehicles", "2 stocks with 5800 pieces in all". */
static void say_units(mu_why_writer *w, const muster_shortage *s) {
    static const char *const ONE[]  = {"team", "vehicle", "pool of machines", "stock"};
    static const char *const MANY[] = {"teams", "vehicles", "pools of machines", "stocks"};
    say(w, "%" PRIu32 " %s", s->unit_count,
        mu_english_of(s->unit_count, ONE[w->resource], MANY[w->resource]));
    if (w->resource == MUSTER_PEOPLE) {
        say(w, " with %" PRId64 " %s", s->supply, mu_english_of(s->supply, "person", "people"));
    } else if (w->resource != MUSTER_VEHICLE) {
        say(w, " with %" PRId64, s->supply);
    }
}

static void say_incidents(mu_why_writer *w, const muster_shortage *s) {
    uint32_t    named = 0, others = 0;
    const char *last = NULL;
    for (uint32_t i = 0; i < s->need_count; ++i) {
        const char *code = mu_why_incident(w, s->need[i])->code;
        if (last == code) continue; /* needs of one incident often lie together */
        last = code;
        if (named < MOST_INCIDENTS) {
            say(w, "%s%s", named++ > 0 ? ", " : "", code);
        } else {
            ++others;
        }
    }
    if (others > 0) say(w, " and others");
}

static void say_needs(mu_why_writer *w, const muster_shortage *s) {
    if (s->need_count == 1) {
        say(w, "this need");
        return;
    }
    say(w, "%" PRIu32 " needs (at ", s->need_count);
    say_incidents(w, s);
    say(w, ")");
}

static void say_surplus(mu_why_writer *w, const muster_shortage *s) {
    const int64_t surplus = mu_why_surplus(w, s);
    say(w, "Teams go whole: %" PRId64 " of %s people %s more than is asked for.", surplus,
        mu_english_of(s->unit_count, "its", "their"), mu_english_of(surplus, "is", "are"));
}

static void say_proof(mu_why_writer *w, const muster_shortage *s) {
    switch ((muster_proof)s->proof) {
    case MUSTER_PROOF_SUPPLY:
        say_units(w, s);
        say(w, " %s all that can serve ", mu_english_of(s->unit_count, "is", "are"));
        say_needs(w, s);
        say(w, ", and %" PRId64 " %s asked for there: no plan can send enough.", s->demand,
            mu_english_of(s->demand, "is", "are"));
        return;
    case MUSTER_PROOF_IN_USE:
        say_units(w, s);
        say(w, " %s all that can serve ", mu_english_of(s->unit_count, "is", "are"));
        say_needs(w, s);
        say(w, ", and %s in use there. ", mu_english_of(s->unit_count, "it is", "all of them are"));
        say_surplus(w, s);
        return;
    default:
        if (w->why->nearest.verdict == MUSTER_NEAREST_IDLE) {
            say(w, "some that could come are idle, %s first.", code_of(w, w->why->nearest.index));
        } else {
            say(w,
                "counted one by one there is enough, were others to change places. What stands "
                "in the way is that teams go whole, a minimum, items that vehicles carry, or that "
                "the search ended early.");
        }
    }
}

/* What is not with this need and who could serve it alone: a cut may be there besides. */
static void say_besides(mu_why_writer *w, const muster_shortage *s, const char *reason) {
    say(w, "%s", reason);
    if (s->proof != MUSTER_PROOF_SUPPLY) return;
    say(w, " Besides, ");
    say_proof(w, s);
}

static void say_reason(mu_why_writer *w, const muster_shortage *s) {
    switch ((muster_unmet_reason)s->reason) {
    case MUSTER_UNMET_UNSNAPPED:
        say(w, "no road that could be used is near it.");
        return;
    case MUSTER_UNMET_NONE_EXIST:
        say(w, "nobody has any.");
        return;
    case MUSTER_UNMET_UNREACHABLE:
        say(w, "there are some, but no road leads from them to it.");
        return;
    case MUSTER_UNMET_GRADE:
        say(w, "nobody who can reach it is graded %" PRIu32 " or better.", w->need->grade);
        return;
    case MUSTER_UNMET_SHIFT:
        say(w, "the shift of all who could come ends first.");
        return;
    case MUSTER_UNMET_RULED_OUT:
        say(w, "rules keep all away who could come.");
        return;
    case MUSTER_UNMET_INCOMPLETE:
        say_besides(w, s,
                    "all that is needed there has to come or nothing, and all cannot be sent.");
        return;
    case MUSTER_UNMET_NO_OPERATORS:
        say_besides(w, s, "nobody there could operate more of them.");
        return;
    case MUSTER_UNMET_DIVERSION:
        say_besides(w, s, "those left are on their way elsewhere, and better so.");
        return;
    case MUSTER_UNMET_BELOW_MINIMUM:
        say(w, "what could still come is less than the minimum of %" PRId64 ". ", w->need->minimum);
        if (s->proof != MUSTER_PROOF_NONE) say_proof(w, s);
        return;
    case MUSTER_UNMET_EXHAUSTED:
        say_proof(w, s);
        return;
    case MUSTER_UNMET_MAX_SOURCES:
        say_besides(
            w, s,
            "some are left, but only in warehouses that may not ship there, because as many "
            "others do as may.");
        return;
    case MUSTER_UNMET_NO_VEHICLE:
        say_besides(w, s, "some are left, but no vehicle is free that can carry one.");
        return;
    }
    say_besides(w, s,
                "the reason is with rules, other needs of the incident, or trips of vehicles: the "
                "plan names it.");
}

static void say_unmet(mu_why_writer *w) {
    const muster_shortage *s = &w->why->shortage;
    if (s->missing == 0) return;
    say(w, "%s lacks %" PRId64 " of %" PRId64 " \"%s\": ", w->incident->code, s->missing,
        w->need->quantity, w->kind->code);
    say_reason(w, s);
}

/* ---- why is the nearest not sent? ----------------------------------------------------------- */

static void say_arrival(mu_why_writer *w, const muster_exchange *n) {
    say(w, "%s would be at %s for \"%s\" in %.1f min", code_of(w, n->index), w->incident->code,
        w->kind->code, mu_minutes(n->eta_ms));
    if (n->last_eta_ms == MUSTER_UNREACHABLE_MS) {
        say(w, "; none is sent");
    } else if (n->eta_ms < n->last_eta_ms) {
        say(w, ", %.1f min before the last that is sent", mu_minutes(n->last_eta_ms - n->eta_ms));
    } else {
        say(w, ", %.1f min after the last that is sent", mu_minutes(n->eta_ms - n->last_eta_ms));
    }
}

static void say_replacement(mu_why_writer *w, const muster_exchange *n) {
    if (n->replacement == MUSTER_NONE) {
        say(w, "nobody would take its place");
    } else {
        const bool     is_later = n->replacement_eta_ms >= n->other_eta_ms;
        const uint32_t apart    = is_later ? n->replacement_eta_ms - n->other_eta_ms
                                           : n->other_eta_ms - n->replacement_eta_ms;
        say(w, "%s would take its place %.1f min %s", code_of(w, n->replacement), mu_minutes(apart),
            is_later ? "later" : "sooner");
    }
    if (n->other_missing > 0)
        say(w, ", and %" PRId64 " more would be missing there", n->other_missing);
    if (n->other_missing < 0)
        say(w, ", and %" PRId64 " fewer would be missing there", -n->other_missing);
    say(w, ". ");
}

static void say_changes(mu_why_writer *w, const muster_exchange *n) {
    const int64_t first = n->unmet_need_change, second = n->response_time_change;
    if (n->is_bound) {
        say(w, "Rules, or other needs of an incident, bind what could be exchanged.");
        return;
    }
    if (!n->is_possible) {
        say(w, "Even with it there would be less than the minimum of %" PRId64 ".",
            w->need->minimum);
        return;
    }
    if (n->verdict == MUSTER_NEAREST_ELSEWHERE) {
        say(w, "If %s%s came here, ", n->resource > MUSTER_VEHICLE ? "some of " : "",
            n->resource > MUSTER_VEHICLE ? code_of(w, n->index) : "it");
        say_replacement(w, n);
    }
    if (first == 0 && second == 0) {
        say(w, "Neither unmet need nor response time would change.");
        return;
    }
    say(w, "In all, unmet need would change by %+" PRId64 " and response time by %+" PRId64, first,
        second);
    if (first == 0 && mu_weights(w->problem)->reserve_before_response) {
        say(w, ", reserve aside, which comes first.");
    } else {
        say(w, ": %s.",
            first < 0 || (first == 0 && second < 0)
                ? "that would be better, so this plan is not the best"
                : "that would be worse");
    }
}

static void say_nearest(mu_why_writer *w) {
    const muster_exchange *n     = &w->why->nearest;
    const uint32_t         other = n->other_need;
    switch ((muster_nearest_verdict)n->verdict) {
    case MUSTER_NEAREST_NONE:
        if (n->last_eta_ms == MUSTER_UNREACHABLE_MS) return; /* then it is unmet, which says why */
        say(w, "All \"%s\" that can reach %s are sent there.", w->kind->code, w->incident->code);
        return;
    case MUSTER_NEAREST_NO_SOONER:
        say(w,
            "Nobody else would be at %s for \"%s\" before the last that is sent, in %.1f min: the "
            "nearest, %s, takes %.1f min.",
            w->incident->code, w->kind->code, mu_minutes(n->last_eta_ms), code_of(w, n->index),
            mu_minutes(n->eta_ms));
        return;
    case MUSTER_NEAREST_IDLE:
        say_arrival(w, n);
        say(w, ". It is idle. ");
        break;
    case MUSTER_NEAREST_ELSEWHERE:
        say_arrival(w, n);
        say(w, ", but it serves %s (%s, \"%s\"), where it is in %.1f min. ",
            mu_why_incident(w, other)->code,
            muster_severity_name(
                (muster_severity)w->problem->incident[w->problem->need[other].incident].severity),
            w->problem->kind[w->problem->need[other].kind].code, mu_minutes(n->other_eta_ms));
        break;
    case MUSTER_NEAREST_CARRYING:
        say_arrival(w, n);
        say(w, ", but it carries items.");
        return;
    case MUSTER_NEAREST_SHIPPED:
        return;
    }
    say_changes(w, n);
}

/* ---- what would help? ------------------------------------------------------------------------- */

static void say_help(mu_why_writer *w) {
    const muster_help       *h     = &w->why->help;
    const double             price = (double)mu_price(w->problem, w->why->need);
    static const char *const ONE[] = {"person", "vehicle", "machine", "piece"};
    if (mu_is_shipped(w->problem, w->why->need)) return;
    say(w, "One more %s of \"%s\", already at %s, ", ONE[w->resource], w->kind->code,
        w->incident->code);
    if (h->unmet_need_gain == 0 && h->response_time_gain == 0) say(w, "would change nothing");
    if (h->unmet_need_gain != 0) {
        say(w, "would save %" PRId64 " of unmet need (as much as %.2f more met here)",
            h->unmet_need_gain, (double)h->unmet_need_gain / price);
    }
    if (h->unmet_need_gain != 0 && h->response_time_gain != 0) say(w, " and ");
    if (h->response_time_gain > 0) {
        say(w, "would save %" PRId64 " of response time (as much as one here %.1f min sooner)",
            h->response_time_gain, (double)h->response_time_gain / price / 60);
    } else if (h->response_time_gain < 0) {
        say(w, "would add %" PRId64 " of response time, since more are served",
            -h->response_time_gain);
    }
    say(w,
        h->is_exact ? ", between the best plans with it and without."
        : mu_why_may_carry(w)
            ? ", were vehicles not to carry items, and neither minimums nor rules to count: an estimate."
            : ", were teams to be split, and neither minimums nor rules to count: an estimate.");
}

const mu_why_sayer mu_why_english[MUSTER_QUESTION_COUNT] = {say_unmet, say_nearest, say_help};
