/* What checks of events have in common: sentences that name what is wrong, and look-ups by code. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/utf8.h"
#include "session/moment_range.h"
#include "session/world_event.h"

bool mu_refuse(mu_check *c, muster_event_outcome outcome, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->answer->message, sizeof c->answer->message, format, arguments);
    va_end(arguments);
    c->answer->outcome = (uint8_t)outcome;
    return false;
}

const char *mu_show(char out[MU_SHOWN_BYTES], const char *code) {
    mu_quote(out, MU_SHOWN_BYTES, code ? code : "");
    return out;
}

/* ---- values -------------------------------------------------------------------------------- */

static bool has_control(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; ++c) {
        if (*c < 0x20 || *c == 0x7F) return true;
    }
    return false;
}

bool mu_check_id(mu_check *c, const char *id) {
    const size_t size = id ? strnlen(id, MUSTER_EVENT_ID_BYTES + 1) : 0;
    size_t       i    = 0;
    while (i < size && id[i] > 0x20 && id[i] < 0x7F) ++i;
    if (size > 0 && size <= MUSTER_EVENT_ID_BYTES && i == size) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG,
                     "id has %s%zu bytes%s; expected 1 to %d of visible ASCII",
                     size > MUSTER_EVENT_ID_BYTES ? "more than " : "",
                     size > MUSTER_EVENT_ID_BYTES ? (size_t)MUSTER_EVENT_ID_BYTES : size,
                     i < size ? ", not all of them visible ASCII" : "", MUSTER_EVENT_ID_BYTES);
}

bool mu_check_text(mu_check *c, const char *what, const char *text, size_t most) {
    const size_t size = text ? strnlen(text, most + 1) : 0;
    if (size == 0) return mu_refuse(c, MUSTER_EVENT_WRONG, "%s is missing; expected a text", what);
    if (size > most) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "%s has more than %zu bytes; expected 1 to %zu",
                         what, most, most);
    }
    if (mu_is_utf8(text, size) && !has_control(text)) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG,
                     "%s is not UTF-8, or has a control character; expected UTF-8 without", what);
}

bool mu_check_note(mu_check *c, const char *what, const char *text) {
    return !text || mu_check_text(c, what, text, MUSTER_EVENT_TEXT_BYTES);
}

bool mu_check_place(mu_check *c, const char *what, double lon_deg, double lat_deg) {
    if (lon_deg >= -180 && lon_deg <= 180 && lat_deg >= -90 && lat_deg <= 90) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG,
                     "%s is at lon_deg %g, lat_deg %g; expected -180 to 180 and -90 to 90, "
                     "longitude first",
                     what, lon_deg, lat_deg);
}

bool mu_check_moment(mu_check *c, const char *what, int64_t moment_ms) {
    if (mu_is_moment(moment_ms)) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG,
                     "%s is %lld; expected milliseconds since 1970, from 2000 on and before 2200",
                     what, (long long)moment_ms);
}

bool mu_check_range(mu_check *c, const char *what, int64_t value, int64_t least, int64_t most) {
    if (value >= least && value <= most) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG, "%s is %lld; expected %lld to %lld", what,
                     (long long)value, (long long)least, (long long)most);
}

/* ---- time ---------------------------------------------------------------------------------- */

bool mu_check_is_news(mu_check *c, const char *what, const char *code, int64_t told_at_ms) {
    if (c->event->time_ms >= told_at_ms) return true;
    return mu_refuse(c, MUSTER_EVENT_LATE,
                     "%s of %s is of %lld, but one of %lld is known; expected a later one", what,
                     MU_SHOW(code), (long long)c->event->time_ms, (long long)told_at_ms);
}

bool mu_check_not_ended(mu_check *c, muster_event_type ended_by, const char *what,
                        const char *code) {
    const mu_world *w = c->world;
    for (uint32_t i = w->ended_count; i-- > 0;) {
        const mu_world_ended *e = &w->ended[i];
        if (e->type != ended_by || strcmp(e->code, code) != 0) continue;
        if (c->event->time_ms >= e->at_ms) return true;
        return mu_refuse(
            c, MUSTER_EVENT_LATE,
            "%s %s is of %lld, but ended at %lld; tell it with a later time_ms if it is "
            "there again",
            what, MU_SHOW(code), (long long)c->event->time_ms, (long long)e->at_ms);
    }
    return true;
}

/* ---- look-ups ------------------------------------------------------------------------------ */

static bool refuse_unknown(mu_check *c, const char *what, const char *code) {
    return mu_refuse(c, MUSTER_EVENT_UNKNOWN, "there is no %s %s; expected a code of the scenario",
                     what, MU_SHOW(code));
}

bool mu_check_find_authority(mu_check *c, const char *code, uint32_t *out) {
    *out = code ? mu_base_find_authority(c->world->base, code) : MUSTER_NONE;
    return !code || *out != MUSTER_NONE || refuse_unknown(c, "authority", code);
}

bool mu_check_find_kind(mu_check *c, const char *code, uint32_t *out) {
    if (!code) return mu_refuse(c, MUSTER_EVENT_WRONG, "kind is missing; expected a code");
    *out = mu_base_find_kind(c->world->base, code);
    return *out != MUSTER_NONE || refuse_unknown(c, "kind", code);
}

static bool find_stock(mu_check *c, const muster_event_unit *unit, uint32_t *out) {
    uint32_t kind = MUSTER_NONE;
    if (!mu_check_find_kind(c, unit->kind, &kind)) return false;
    *out = mu_base_find_unit(c->world->base, MUSTER_ITEM, unit->code, kind);
    if (*out != MUSTER_NONE) return true;
    return mu_refuse(
        c, MUSTER_EVENT_UNKNOWN,
        "warehouse %s has no stock of %s; expected a row of the scenario, empty or not",
        MU_SHOW(unit->code), MU_SHOW(unit->kind));
}

bool mu_check_find_unit(mu_check *c, const muster_event_unit *unit, uint32_t *out) {
    static const char *const NOUN[] = {"team", "vehicle", "machine pool"};
    if (unit->resource >= MUSTER_RESOURCE_COUNT) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "unit.resource is %u; expected 0 to %d",
                         unit->resource, MUSTER_RESOURCE_COUNT - 1);
    }
    if (!unit->code) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "unit.code is missing; expected a code");
    }
    if (unit->resource == MUSTER_ITEM) return find_stock(c, unit, out);
    *out = mu_base_find_unit(c->world->base, unit->resource, unit->code, 0);
    return *out != MUSTER_NONE || refuse_unknown(c, NOUN[unit->resource], unit->code);
}

bool mu_check_find_incident(mu_check *c, const char *code, uint32_t *out) {
    if (!code) return mu_refuse(c, MUSTER_EVENT_WRONG, "incident is missing; expected a code");
    *out = mu_world_find_incident(c->world, code);
    if (*out == MUSTER_NONE) {
        bool is_there;
        (void)mu_sorted_place(c->world->closed, sizeof *c->world->closed, c->world->closed_count,
                              code, &is_there);
        if (!is_there) {
            return mu_refuse(c, MUSTER_EVENT_UNKNOWN,
                             "there is no incident %s; expected one that was reported",
                             MU_SHOW(code));
        }
    } else if (c->world->incident[*out].closed_at_ms == 0) {
        return true;
    }
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "incident %s is closed; expected an open one: report it anew, by another code",
                     MU_SHOW(code));
}

/* ---- command ------------------------------------------------------------------------------- */

bool mu_check_is_over(mu_check *c, uint32_t authority, const char *what, const char *code) {
    const mu_base *b = c->world->base;
    if (mu_base_is_over(b, c->authority, authority)) return true;
    return mu_refuse(c, MUSTER_EVENT_FORBIDDEN,
                     "%s %s is %s's, which authority %s is not over; expected that or one above",
                     what, MU_SHOW(code), MU_SHOW(b->authority[authority].code),
                     MU_SHOW(b->authority[c->authority].code));
}
