#include "session/changed_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the rows of the world ----------------------------------------------------------------- */

/* A warehouse without a kind is all that it has. */
static bool is_of(const mu_base *b, const muster_changed_unit *row, uint32_t unit) {
    const mu_base_unit *u = &b->unit[row->resource][unit];
    if (strcmp(u->code, row->code) != 0) return false;
    return !row->kind || strcmp(b->kind[u->kind].code, row->kind) == 0;
}

/* From `unit` on; MUSTER_NONE: there is none. */
static uint32_t next_unit(const mu_base *b, const muster_changed_unit *row, uint32_t unit) {
    const bool is_whole_warehouse = row->resource == MUSTER_ITEM && !row->kind;
    if (!is_whole_warehouse) {
        const uint32_t kind  = row->kind ? mu_base_find_kind(b, row->kind) : MUSTER_NONE;
        const bool     is_no = row->resource == MUSTER_ITEM && kind == MUSTER_NONE;
        const uint32_t one =
            is_no ? MUSTER_NONE : mu_base_find_unit(b, row->resource, row->code, kind);
        return unit <= one ? one : MUSTER_NONE;
    }
    while (unit < b->unit_count[MUSTER_ITEM] && !is_of(b, row, unit)) ++unit;
    return unit < b->unit_count[MUSTER_ITEM] ? unit : MUSTER_NONE;
}

/* ---- what differs -------------------------------------------------------------------------- */

/* Each fills in what its event says more; false: it is so, or something later is known. */

static bool has_moved(muster_event *e, const muster_changed_unit *row, const mu_world_unit *u) {
    e->type    = MUSTER_EVENT_UNIT_MOVED;
    e->lon_deg = row->lon_deg;
    e->lat_deg = row->lat_deg;
    return row->is_there && e->time_ms >= u->seen_at_ms &&
           (e->lon_deg != u->lon_deg || e->lat_deg != u->lat_deg);
}

static bool has_another_status(muster_event *e, const muster_changed_unit *row,
                               const mu_world_unit *u) {
    e->type         = MUSTER_EVENT_UNIT_STATUS;
    e->is_available = row->is_there && row->is_available;
    return e->time_ms >= u->status_at_ms && (e->is_available != 0) != u->is_available;
}

static bool has_another_crew(muster_event *e, const muster_changed_unit *row,
                             const mu_world_unit *u) {
    e->type     = MUSTER_EVENT_UNIT_CREW;
    e->quantity = row->quantity;
    return row->is_there && e->time_ms >= u->crew_at_ms && e->quantity != u->quantity;
}

/* Its numbers run from when they were written. */
static bool has_another_shift(muster_event *e, const muster_changed_unit *row,
                              const mu_world_unit *u) {
    e->type            = MUSTER_EVENT_UNIT_SHIFT;
    e->ready_at_ms     = row->ready_ms > 0 ? e->time_ms + row->ready_ms : 0;
    e->shift_end_at_ms = row->shift_end_ms > 0 ? e->time_ms + row->shift_end_ms : 0;
    e->duty_since_ms   = row->duty_ms > 0 ? e->time_ms - row->duty_ms : 0;
    return row->is_there && e->time_ms >= u->shift_at_ms &&
           (e->ready_at_ms != u->ready_at_ms || e->shift_end_at_ms != u->shift_end_at_ms ||
            e->duty_since_ms != u->duty_since_ms);
}

static bool has_another_stock(muster_event *e, const muster_changed_unit *row,
                              const mu_world_unit *u, int64_t unsettled) {
    const int64_t there = row->is_there ? row->quantity : 0;
    e->type             = MUSTER_EVENT_STOCK_MOVED;
    e->quantity         = (there > unsettled ? there - unsettled : 0) - u->quantity;
    return e->time_ms >= u->crew_at_ms && e->quantity != 0;
}

static bool differs(muster_event *e, const muster_changed_unit *row, const mu_world_unit *u,
                    int64_t unsettled) {
    switch (row->aspect) {
    case MUSTER_ASPECT_POSITION:
        return has_moved(e, row, u);
    case MUSTER_ASPECT_STATUS:
        return has_another_status(e, row, u);
    case MUSTER_ASPECT_CREW:
        return has_another_crew(e, row, u);
    case MUSTER_ASPECT_SHIFT:
        return has_another_shift(e, row, u);
    default:
        return has_another_stock(e, row, u, unsettled);
    }
}

/* ---- the event ----------------------------------------------------------------------------- */

/* FNV-1a (Fowler, Noll and Vo, 1991): the same on all machines, as the journal is. */
static uint64_t add_text(uint64_t hash, const char *text) {
    for (; text && *text; ++text) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static void write_id(mu_row_event *out, const muster_changed_unit *row) {
    uint64_t hash = add_text(UINT64_C(0xcbf29ce484222325),
                             muster_resource_name((muster_resource)row->resource));
    hash          = add_text(add_text(hash, row->code), row->kind);
    snprintf(out->id, sizeof out->id, "session:row-%s-%" PRId64 "-%016" PRIx64,
             muster_aspect_name((muster_aspect)row->aspect), row->at_us, hash);
}

/* The name of a role may have anything in it. */
static void write_author(mu_row_event *out, const char *actor) {
    snprintf(out->author, sizeof out->author, "%s", *actor ? actor : "database");
    for (char *c = out->author; *c; ++c) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) *c = '?';
    }
}

static void write_reason(mu_row_event *out, const muster_changed_unit *row) {
    out->reason[0] = 0;
    if (!row->is_there) {
        snprintf(out->reason, sizeof out->reason, "its row in the database has been deleted");
    } else if (row->aspect == MUSTER_ASPECT_STATUS) {
        snprintf(out->reason, sizeof out->reason, "not available in the database");
    } else if (row->aspect == MUSTER_ASPECT_STOCK) {
        snprintf(out->reason, sizeof out->reason, "the database has %" PRId64, row->quantity);
    }
    const bool is_back = out->event.type == MUSTER_EVENT_UNIT_STATUS && out->event.is_available;
    out->event.reason  = *out->reason && !is_back ? out->reason : NULL;
}

bool mu_row_event_of(mu_row_event *out, const mu_world *w, const muster_changed_unit *row,
                     int64_t unsettled) {
    muster_event *e = &out->event;
    *e              = (muster_event)MUSTER_EVENT_INIT;
    e->time_ms      = row->at_us / 1000;
    e->unit         = (muster_event_unit){row->resource, row->code, row->kind};
    uint32_t u      = next_unit(w->base, row, 0);
    while (u != MUSTER_NONE && !differs(e, row, &w->unit[row->resource][u], unsettled)) {
        u = next_unit(w->base, row, u + 1);
    }
    if (u == MUSTER_NONE) return false;
    write_id(out, row);
    write_author(out, row->actor);
    write_reason(out, row);
    e->id     = out->id;
    e->author = out->author;
    return true;
}
