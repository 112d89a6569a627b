/* A session's nights, drawn at random, against a model that is too simple to be wrong: where units are,
 * what there is of everything, what has become of each order. Disks lose power, fill up and fail to
 * sync, events come twice and out of order, others take over, snapshots are damaged. After every step
 * what readers see is what the model says; nobody is sent twice and nothing is given that is not
 * there; what was acknowledged stays; and the journal from its first record on makes the same world,
 * byte for byte. */
#include <errno.h>

#include "core/alloc.h"
#include "session/pen.h"
#include "session/record.h"
#include "session/recovery.h"
#include "session/sync_times.h"
#include "session/writer.h"
#include "tests/support/rounds.h"
#include "tests/support/simulated_disk.h"
#include "tests/support/small_town.h"

enum {
    ROUNDS         = 200,
    STEPS          = 150,
    MOST_TOLD      = 1000,
    MOST_BATCH     = 4,
    MOST_INCIDENTS = 64,
    MOST_ORDERS    = 512,
    ROWS           = 8 /* of a resource at most */
};

typedef struct model_unit {
    double  lon_deg, lat_deg;
    int64_t seen_at_ms, quantity;
    bool    is_available;
} model_unit;

typedef struct model_order {
    uint8_t  state, resource;
    uint32_t unit, incident;
    uint64_t trip;
    int64_t  quantity;
} model_order;

typedef struct told {
    muster_event      event;
    char              id[16];
    muster_event_need need[2];
    uint64_t          sequence; /* 0: it was refused, or never acknowledged */
} told;

typedef struct night {
    small_town     *town;
    sim_disk       *disk;
    muster_session *session, *standby;
    uint64_t        rng;
    int64_t         now_ms;
    int64_t         clock_ms; /* the last tick or plan of this session; 0: it has not been ticked */
    uint64_t        last;     /* record that was acknowledged */
    told           *told;
    uint32_t        told_count;
    uint32_t        pending, pending_count; /* told, and nobody knows; 0: none */
    bool            may_have_issued;        /* orders, or let some expire: nobody knows either */
    model_unit      unit[MUSTER_RESOURCE_COUNT][ROWS];
    char            incident[MOST_INCIDENTS][16];
    bool            is_closed[MOST_INCIDENTS];
    uint32_t        incident_count;
    model_order     order[MOST_ORDERS + 1]; /* by number */
    uint64_t        order_last;
    uint32_t        crashes, take_overs, refusals, full_disks, planned;
} night;

static uint32_t draw(night *n, uint32_t bound) {
    return random_below(&n->rng, bound);
}

/* ---- opening ------------------------------------------------------------------------------- */

static muster_status open_sim(void *user, mu_disk *out, const char *path, bool makes) {
    (void)path;
    (void)makes;
    *out = sim_process_new(user);
    return MUSTER_OK;
}

static mu_disk_source source_of(night *n) {
    return (mu_disk_source){.open = open_sim, .user = n->disk};
}

static muster_status open_as(night *n, muster_session **out, uint8_t role) {
    const mu_disk_source   source  = source_of(n);
    const mu_session_parts parts   = town_parts(n->town, &source);
    muster_session_options options = town_options(role, n->now_ms);
    options.snapshot_events        = 20;
    options.order_timeout_ms       = 600000;
    return mu_session_start(out, &options, &parts);
}

/* ---- the model ----------------------------------------------------------------------------- */

static void model_init(night *n) {
    const small_town *t = n->town;
    for (uint32_t i = 0; i < TOWN_TEAMS; ++i) {
        const muster_site at = t->team[i].unit.site;
        n->unit[MUSTER_PEOPLE][i] =
            (model_unit){at.lon_deg, at.lat_deg, 0, t->team[i].people, true};
    }
    for (uint32_t i = 0; i < TOWN_VEHICLES; ++i) {
        const muster_site at       = t->vehicle[i].unit.site;
        n->unit[MUSTER_VEHICLE][i] = (model_unit){at.lon_deg, at.lat_deg, 0, 1, true};
    }
    for (uint32_t i = 0; i < TOWN_MACHINES; ++i) {
        const muster_site at = t->machine[i].unit.site;
        n->unit[MUSTER_MACHINE][i] =
            (model_unit){at.lon_deg, at.lat_deg, 0, t->machine[i].count, true};
    }
    for (uint32_t i = 0; i < TOWN_STOCKS; ++i) {
        const muster_site at = t->stock[i].unit.site;
        n->unit[MUSTER_ITEM][i] =
            (model_unit){at.lon_deg, at.lat_deg, 0, t->stock[i].quantity, true};
    }
}

static bool is_over(const model_order *o) {
    return muster_order_is_over((muster_order_state)o->state);
}

static void put_unit(night *n, const model_order *o, double lon_deg, double lat_deg,
                     int64_t time_ms) {
    model_unit *u = &n->unit[o->resource][o->unit];
    if (o->resource > MUSTER_VEHICLE || time_ms < u->seen_at_ms) return;
    *u = (model_unit){lon_deg, lat_deg, time_ms, u->quantity, u->is_available};
}

static double incident_lon(uint32_t incident) {
    return 120 + 0.0001 * (incident % 100);
}

/* Its loads go with a trip. */
static void model_set_order(night *n, uint64_t number, uint8_t state, int64_t time_ms) {
    for (uint64_t o = 1; o <= n->order_last; ++o) {
        model_order *order = &n->order[o];
        if (o != number && order->trip != number) continue;
        order->state = state;
        if (state != MUSTER_ORDER_ON_SCENE) continue;
        put_unit(n, order, incident_lon(order->incident), 30.005, time_ms);
        if (order->resource == MUSTER_ITEM) {
            n->unit[MUSTER_ITEM][order->unit].quantity -= order->quantity;
        }
    }
}

static void model_close(night *n, uint32_t incident, int64_t time_ms) {
    n->is_closed[incident] = true;
    for (uint64_t o = 1; o <= n->order_last; ++o) {
        const model_order *order = &n->order[o];
        if (order->incident != incident || order->trip != 0 || is_over(order)) continue;
        if (order->state < MUSTER_ORDER_ON_SCENE) {
            model_set_order(n, o, MUSTER_ORDER_CANCELLED, time_ms);
        }
    }
}

static uint32_t row_of(const night *n, const muster_event_unit *unit) {
    const uint32_t kind = unit->kind ? mu_base_find_kind(n->session->world->base, unit->kind) : 0;
    return mu_base_find_unit(n->session->world->base, unit->resource, unit->code, kind);
}

static uint32_t incident_of(const night *n, const char *code) {
    for (uint32_t i = 0; i < n->incident_count; ++i) {
        if (strcmp(n->incident[i], code) == 0) return i;
    }
    return n->incident_count;
}

/* An event that is in force. */
static void model_apply(night *n, const muster_event *e) {
    static const uint8_t STATE[] = {[MUSTER_EVENT_ORDER_ACCEPTED]  = MUSTER_ORDER_ACCEPTED,
                                    [MUSTER_EVENT_ORDER_DECLINED]  = MUSTER_ORDER_DECLINED,
                                    [MUSTER_EVENT_ORDER_EN_ROUTE]  = MUSTER_ORDER_EN_ROUTE,
                                    [MUSTER_EVENT_ORDER_ON_SCENE]  = MUSTER_ORDER_ON_SCENE,
                                    [MUSTER_EVENT_ORDER_RELEASED]  = MUSTER_ORDER_RELEASED,
                                    [MUSTER_EVENT_ORDER_CANCELLED] = MUSTER_ORDER_CANCELLED};
    switch (e->type) {
    case MUSTER_EVENT_INCIDENT_REPORTED:
        snprintf(n->incident[n->incident_count++], sizeof n->incident[0], "%s", e->incident.code);
        break;
    case MUSTER_EVENT_INCIDENT_CLOSED:
        model_close(n, incident_of(n, e->incident.code), e->time_ms);
        break;
    case MUSTER_EVENT_UNIT_MOVED: {
        model_unit *u = &n->unit[e->unit.resource][row_of(n, &e->unit)];
        u->lon_deg = e->lon_deg, u->lat_deg = e->lat_deg, u->seen_at_ms = e->time_ms;
        break;
    }
    case MUSTER_EVENT_UNIT_STATUS:
        n->unit[e->unit.resource][row_of(n, &e->unit)].is_available = e->is_available;
        break;
    case MUSTER_EVENT_STOCK_MOVED:
        n->unit[MUSTER_ITEM][row_of(n, &e->unit)].quantity += e->quantity;
        break;
    default:
        model_set_order(n, e->order, STATE[e->type], e->time_ms);
    }
}

/* May the order become that? What is over stays over, and nothing goes back. */
static bool model_may(const night *n, const muster_event *e) {
    const model_order *o = &n->order[e->order];
    if (e->order == 0 || e->order > n->order_last || o->trip != 0 || is_over(o)) return false;
    switch (e->type) {
    case MUSTER_EVENT_ORDER_ACCEPTED:
        return o->state < MUSTER_ORDER_ACCEPTED;
    case MUSTER_EVENT_ORDER_DECLINED:
        return o->state <= MUSTER_ORDER_ACCEPTED;
    case MUSTER_EVENT_ORDER_EN_ROUTE:
        return o->state < MUSTER_ORDER_EN_ROUTE;
    case MUSTER_EVENT_ORDER_CANCELLED:
        return o->state < MUSTER_ORDER_ON_SCENE;
    case MUSTER_EVENT_ORDER_ON_SCENE:
        return o->state < MUSTER_ORDER_ON_SCENE;
    default:
        return true;
    }
}

static int64_t model_ordered(const night *n, uint8_t resource, uint32_t unit) {
    int64_t sum = 0;
    for (uint64_t o = 1; o <= n->order_last; ++o) {
        const model_order *order = &n->order[o];
        if (order->resource != resource || order->unit != unit || is_over(order)) continue;
        if (resource == MUSTER_ITEM && order->state == MUSTER_ORDER_ON_SCENE) continue;
        sum += order->quantity;
    }
    return sum;
}

/* What the answer has to be; the model itself is asked. */
static bool model_expects(const night *n, const muster_event *e) {
    if (n->clock_ms > 0 && e->time_ms > n->clock_ms + 300000) return false;
    switch (e->type) {
    case MUSTER_EVENT_INCIDENT_REPORTED:
        return incident_of(n, e->incident.code) == n->incident_count;
    case MUSTER_EVENT_INCIDENT_CLOSED: {
        const uint32_t i = incident_of(n, e->incident.code);
        return i < n->incident_count && !n->is_closed[i];
    }
    case MUSTER_EVENT_UNIT_MOVED:
        return e->time_ms >= n->unit[e->unit.resource][row_of(n, &e->unit)].seen_at_ms;
    case MUSTER_EVENT_UNIT_STATUS:
        return true;
    case MUSTER_EVENT_STOCK_MOVED: {
        const uint32_t row = row_of(n, &e->unit);
        return n->unit[MUSTER_ITEM][row].quantity + e->quantity >=
               model_ordered(n, MUSTER_ITEM, row);
    }
    default:
        return model_may(n, e);
    }
}

/* ---- what has to hold ---------------------------------------------------------------------- */

static void assert_units(const night *n, const muster_view *view) {
    uint32_t                count, row[MUSTER_RESOURCE_COUNT] = {0};
    const muster_view_unit *unit = muster_view_units(view, &count);
    assert_int_equal(count, TOWN_TEAMS + TOWN_VEHICLES + TOWN_MACHINES + TOWN_STOCKS);
    for (uint32_t u = 0; u < count; ++u) {
        const uint8_t     r     = unit[u].resource;
        const uint32_t    at    = row[r]++;
        const model_unit *model = &n->unit[r][at];
        if (unit[u].lon_deg != model->lon_deg || unit[u].lat_deg != model->lat_deg)
            fail_msg("r %d at %u: %g %g at %lld, model %g %g %lld seq %d crashes %d", r, at,
                     unit[u].lon_deg, unit[u].lat_deg, (long long)unit[u].seen_at_ms,
                     model->lon_deg, model->lat_deg, (long long)model->seen_at_ms, (int)n->last,
                     (int)n->crashes);
        assert_int_equal(unit[u].seen_at_ms, model->seen_at_ms);
        assert_int_equal(unit[u].is_available, model->is_available);
        assert_int_equal(unit[u].quantity, model->quantity);
        assert_int_equal(unit[u].under_order, model_ordered(n, r, at));
        assert_true(unit[u].under_order <= unit[u].quantity && unit[u].quantity >= 0);
    }
}

/* Everything is there that was accepted, and in no other state. */
static void assert_orders(const night *n, const muster_view *view) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    assert_int_equal(count, n->order_last);
    for (uint32_t o = 0; o < count; ++o) {
        const model_order *model = &n->order[o + 1];
        assert_int_equal(order[o].number, o + 1);
        assert_int_equal(order[o].state, model->state);
        assert_int_equal(order[o].quantity, model->quantity);
        assert_string_equal(order[o].incident, n->incident[model->incident]);
        for (uint32_t b = 0; b < o && !is_over(model); ++b) { /* nobody twice */
            const bool is_same =
                order[b].resource == order[o].resource && strcmp(order[b].unit, order[o].unit) == 0;
            assert_false(is_same && order[o].resource <= MUSTER_VEHICLE &&
                         !muster_order_is_over((muster_order_state)order[b].state));
        }
    }
}

static void assert_incidents(const night *n, const muster_view *view) {
    uint32_t                    count, open = 0, seen = 0;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    for (uint32_t i = 0; i < n->incident_count; ++i) open += !n->is_closed[i];
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t at = incident_of(n, incident[i].code);
        assert_true(at < n->incident_count);
        assert_int_equal(incident[i].closed_at_ms > 0, n->is_closed[at]);
        seen += incident[i].closed_at_ms == 0;
    }
    assert_int_equal(seen, open);
}

static void assert_bytes_equal(const mu_world *a, const mu_world *b) {
    char  *x, *y;
    size_t x_size, y_size;
    town_ok(mu_world_write(a, &x, &x_size));
    town_ok(mu_world_write(b, &y, &y_size));
    assert_int_equal(x_size, y_size);
    assert_memory_equal(x, y, x_size);
    mu_free(x);
    mu_free(y);
}

/* From the first record on, whatever snapshots say. */
static mu_world *replay_all(night *n, uint64_t last) {
    const mu_disk_source   source = source_of(n);
    muster_journal_reader *reader;
    muster_journal_record  record;
    mu_world              *world    = NULL;
    bool                   is_there = true;
    town_ok(mu_recovery_reader(&reader, &source, "sim", 0));
    while (!world || world->sequence < last) {
        town_ok(muster_journal_next(reader, &record, &is_there));
        assert_true(is_there);
        if (!world) {
            town_ok(mu_record_read_world(&world, record.bytes, record.size));
        } else {
            town_ok(mu_record_apply(world, record.sequence, record.bytes, record.size));
        }
    }
    muster_journal_reader_free(reader);
    return world;
}

static void assert_replays(night *n) {
    mu_world *replayed = replay_all(n, n->session->world->sequence);
    assert_bytes_equal(replayed, n->session->world);
    mu_world_free(replayed);
    if (n->session->ahead) assert_bytes_equal(n->session->ahead, n->session->world);
    town_ok(mu_world_verify(n->session->world));
}

static void assert_all(night *n) {
    muster_view *view;
    town_ok(muster_session_look(&view, n->session, NULL));
    assert_int_equal(muster_view_sequence(view), n->last);
    assert_units(n, view);
    assert_orders(n, view);
    assert_incidents(n, view);
    muster_view_free(view);
}

/* ---- telling ------------------------------------------------------------------------------- */

static muster_event_unit draw_unit(night *n, uint8_t resource) {
    const small_town *t = n->town;
    switch (resource) {
    case MUSTER_PEOPLE:
        return (muster_event_unit){resource, t->team[draw(n, TOWN_TEAMS)].unit.code, NULL};
    case MUSTER_VEHICLE:
        return (muster_event_unit){resource, t->vehicle[draw(n, TOWN_VEHICLES)].unit.code, NULL};
    case MUSTER_MACHINE:
        return (muster_event_unit){resource, t->machine[draw(n, TOWN_MACHINES)].unit.code, NULL};
    default: {
        const muster_stock *stock = &t->stock[draw(n, TOWN_STOCKS)];
        return (muster_event_unit){resource, stock->unit.code, TOWN_KIND[stock->kind].code};
    }
    }
}

static void draw_report(night *n, told *t) {
    static char    code[MOST_TOLD][16];
    const bool     is_old = n->incident_count > 0 && draw(n, 8) == 0;
    const uint32_t i      = is_old ? draw(n, n->incident_count) : n->incident_count;
    snprintf(code[n->told_count], sizeof code[0], "I-%u", i);
    t->need[0]          = (muster_event_need){TOWN_KIND[draw(n, 3)].code, 1 + draw(n, 9), 0, 0};
    t->need[1]          = (muster_event_need){TOWN_KIND[3 + draw(n, 3)].code, 1 + draw(n, 9), 0, 0};
    t->event.incident   = (muster_event_incident){.code     = code[n->told_count],
                                                  .lon_deg  = incident_lon(i),
                                                  .lat_deg  = 30.005,
                                                  .severity = MUSTER_SEVERE};
    t->event.need_count = 2;
    t->event.need       = t->need;
}

static const uint8_t TYPE[] = {
    MUSTER_EVENT_INCIDENT_REPORTED, MUSTER_EVENT_INCIDENT_CLOSED, MUSTER_EVENT_UNIT_MOVED,
    MUSTER_EVENT_UNIT_MOVED,        MUSTER_EVENT_UNIT_STATUS,     MUSTER_EVENT_STOCK_MOVED,
    MUSTER_EVENT_ORDER_ACCEPTED,    MUSTER_EVENT_ORDER_ACCEPTED,  MUSTER_EVENT_ORDER_DECLINED,
    MUSTER_EVENT_ORDER_EN_ROUTE,    MUSTER_EVENT_ORDER_ON_SCENE,  MUSTER_EVENT_ORDER_RELEASED,
    MUSTER_EVENT_ORDER_CANCELLED};

/* A new one, or, now and then, one that was told before. */
static told *draw_event(night *n) {
    told         *t    = &n->told[n->told_count];
    muster_event *e    = &t->event;
    const uint8_t type = TYPE[draw(n, sizeof TYPE)];
    *t                 = (told){.event = MUSTER_EVENT_INIT};
    snprintf(t->id, sizeof t->id, "e-%u", n->told_count);
    e->id      = t->id;
    e->type    = type;
    e->author  = "desk";
    e->time_ms = n->now_ms - (int64_t)(draw(n, 3) ? 0 : draw(n, 60000));
    e->order   = n->order_last > 0 ? draw(n, (uint32_t)n->order_last + 2) : 1;
    e->reason  = "why not";
    if (type == MUSTER_EVENT_INCIDENT_REPORTED) draw_report(n, t);
    if (type == MUSTER_EVENT_INCIDENT_CLOSED) {
        e->incident.code = n->incident_count > 0 ? n->incident[draw(n, n->incident_count)] : "none";
    }
    if (type == MUSTER_EVENT_UNIT_MOVED) {
        const muster_site at = town_site(&n->rng);
        e->unit              = draw_unit(n, (uint8_t)draw(n, 2));
        e->lon_deg = at.lon_deg, e->lat_deg = at.lat_deg;
        if (draw(n, 20) == 0) e->time_ms += 3600000; /* a device whose clock is ahead */
    }
    if (type == MUSTER_EVENT_UNIT_STATUS) {
        e->unit         = draw_unit(n, (uint8_t)draw(n, 2));
        e->time_ms      = n->now_ms;
        e->is_available = draw(n, 3) > 0;
    }
    if (type == MUSTER_EVENT_STOCK_MOVED) {
        e->unit     = draw_unit(n, MUSTER_ITEM);
        e->quantity = (int64_t)draw(n, 120) - 70;
        if (e->quantity == 0) e->quantity = 1;
    }
    ++n->told_count;
    return t;
}

static void take_answer(night *n, told *t, const muster_event_answer *answer) {
    const bool is_expected = model_expects(n, &t->event);
    if (is_expected != (answer->outcome == MUSTER_EVENT_APPLIED)) {
        fail_msg("%s, order %d: %s: %s", muster_event_type_name((muster_event_type)t->event.type),
                 (int)t->event.order,
                 muster_event_outcome_name((muster_event_outcome)answer->outcome), answer->message);
    }
    if (!is_expected) {
        assert_true(answer->outcome > MUSTER_EVENT_REPEATED && answer->message[0]);
        ++n->refusals;
        return;
    }
    assert_int_equal(answer->sequence, ++n->last);
    t->sequence = answer->sequence;
    model_apply(n, &t->event);
}

/* The disk has refused: nothing was applied, or nobody knows. */
static void take_failure(night *n, uint32_t first, uint32_t count) {
    const bool is_full = strstr(muster_error_message(), "tried again") != NULL;
    n->full_disks += is_full;
    if (is_full) return;
    n->pending         = first;
    n->pending_count   = count;
    n->may_have_issued = count == 0;
}

static void tell_new(night *n) {
    muster_event        event[MOST_BATCH];
    muster_event_answer answer[MOST_BATCH];
    const uint32_t      first = n->told_count, count = 1 + draw(n, MOST_BATCH);
    if (first + count > MOST_TOLD || n->incident_count + count > MOST_INCIDENTS) return;
    for (uint32_t i = 0; i < count; ++i) event[i] = draw_event(n)->event;
    const muster_status status = muster_session_tell(n->session, count, event, answer);
    if (status == MUSTER_OK) {
        for (uint32_t i = 0; i < count; ++i) take_answer(n, &n->told[first + i], &answer[i]);
    } else {
        assert_int_equal(status, MUSTER_E_IO);
        take_failure(n, first, count);
    }
}

/* The same id is answered as the first time. */
static void tell_again(night *n) {
    muster_event_answer answer;
    if (n->told_count == 0) return;
    const told *t = &n->told[draw(n, n->told_count)];
    if (t->sequence == 0) return;
    if (muster_session_tell(n->session, 1, &t->event, &answer) != MUSTER_OK) return;
    assert_int_equal(answer.outcome, MUSTER_EVENT_REPEATED);
    assert_int_equal(answer.sequence, t->sequence);
}

/* ---- ordering ------------------------------------------------------------------------------ */

typedef struct issuing {
    mu_job         job; /* first */
    const mu_issue issue;
    bool           is_issued;
    uint64_t       sequence;
} issuing;

static muster_status issue_now(muster_session *s, mu_job *job) {
    issuing            *i = (issuing *)job;
    muster_event_answer answer;
    uint32_t            order;
    i->is_issued = false;
    MU_TRY(mu_writer_begin(s));
    MU_TRY(mu_world_check_issue(s->ahead, &i->issue, &answer, &order));
    if (answer.outcome != MUSTER_EVENT_APPLIED) return MUSTER_OK;
    i->is_issued = true;
    return mu_writer_issue(s, &i->issue, &i->sequence);
}

static mu_world_order draw_order(night *n, uint32_t incident) {
    const mu_world          *w    = n->session->world;
    const mu_world_incident *i    = &w->incident[incident];
    const uint32_t           kind = i->need[draw(n, i->need_count)].kind;
    const uint8_t            r    = w->base->kind[kind].resource;
    const muster_event_unit  unit = draw_unit(n, r);
    mu_world_order           o    = {.resource     = r,
                                     .unit         = row_of(n, &unit),
                                     .incident     = incident,
                                     .need         = kind,
                                     .warehouse    = MUSTER_NONE,
                                     .depart_at_ms = n->now_ms,
                                     .eta_at_ms    = n->now_ms + 300000,
                                     .distance_m   = 1000};
    o.quantity = r <= MUSTER_VEHICLE ? w->unit[r][o.unit].quantity : 1 + (int64_t)draw(n, 5);
    o.consent  = mu_base_consent(w->base, w->base->unit[r][o.unit].authority, i->authority);
    return o;
}

/* A vehicle that brings what the second order says. */
static void draw_trip(night *n, mu_world_order order[2]) {
    const mu_base          *b    = n->session->world->base;
    const muster_event_unit unit = draw_unit(n, MUSTER_VEHICLE);
    order[0]                     = order[1];
    order[0].resource            = MUSTER_VEHICLE;
    order[0].unit                = row_of(n, &unit);
    order[0].need                = MUSTER_NONE;
    order[0].quantity            = 1;
    order[0].warehouse           = order[1].unit;
    order[0].load_at_ms          = n->now_ms + 60000;
    order[0].consent = mu_base_consent(b, b->unit[MUSTER_VEHICLE][order[0].unit].authority,
                                       n->session->world->incident[order[1].incident].authority);
    order[1].trip    = 1;
}

static void note_orders(night *n, const mu_issue *issue) {
    const uint64_t first = n->order_last;
    for (uint32_t i = 0; i < issue->cancelled_count; ++i) {
        model_set_order(n, issue->cancelled[i], MUSTER_ORDER_CANCELLED, issue->at_ms);
    }
    for (uint32_t i = 0; i < issue->order_count; ++i) {
        const mu_world_order *o        = &issue->order[i];
        const char           *incident = n->session->world->incident[o->incident].code;
        n->order[++n->order_last]      = (model_order){.state    = MUSTER_ORDER_ISSUED,
                                                       .resource = o->resource,
                                                       .unit     = o->unit,
                                                       .incident = incident_of(n, incident),
                                                       .trip     = o->trip ? first + o->trip : 0,
                                                       .quantity = o->quantity};
    }
}

/* Orders that a plan might give. Whether they can be given, the session says: what it gives is in
 * the model, and there every sum is looked at. */
static void give_orders(night *n) {
    static char     id[16];
    mu_world_order  order[2];
    uint64_t        taken_back = n->order_last > 0 ? 1 + draw(n, (uint32_t)n->order_last) : 0;
    const mu_world *w          = n->session->world;
    if (w->incident_count == 0 || n->order_last + 2 > MOST_ORDERS) return;
    const uint32_t incident = draw(n, w->incident_count);
    order[0] = order[1] = draw_order(n, incident);
    const bool is_trip  = order[0].resource == MUSTER_ITEM;
    if (is_trip) draw_trip(n, order);
    snprintf(id, sizeof id, "plan-%u", draw(n, UINT32_MAX));
    issuing             give   = {.job   = {.run = issue_now},
                                  .issue = {.id              = id,
                                            .at_ms           = n->now_ms,
                                            .author          = "planner",
                                            .plan_sequence   = n->last,
                                            .cancelled_count = taken_back > 0 && draw(n, 4) == 0,
                                            .cancelled       = &taken_back,
                                            .order_count     = is_trip ? 2 : 1,
                                            .order           = order,
                                            .plan_json       = "{}"}};
    const muster_status status = mu_job_do(n->session, &give.job);
    if (status != MUSTER_OK) {
        assert_int_equal(status, MUSTER_E_IO);
        take_failure(n, 0, 0);
        return;
    }
    if (!give.is_issued) return;
    assert_int_equal(give.sequence, ++n->last);
    note_orders(n, &give.issue);
}

static void note_committed(night *n, const muster_committed *committed) {
    uint32_t            order_count, cancelled_count;
    const muster_order *order     = muster_committed_orders(committed, &order_count);
    const uint64_t     *cancelled = muster_committed_cancelled(committed, &cancelled_count);
    for (uint32_t i = 0; i < cancelled_count; ++i) {
        model_set_order(n, cancelled[i], MUSTER_ORDER_CANCELLED, n->now_ms);
    }
    for (uint32_t i = 0; i < order_count; ++i) {
        const muster_event_unit unit = {order[i].resource, order[i].unit, order[i].kind};
        assert_int_equal(order[i].number, ++n->order_last);
        n->order[n->order_last] = (model_order){.state    = MUSTER_ORDER_ISSUED,
                                                .resource = order[i].resource,
                                                .unit     = row_of(n, &unit),
                                                .incident = incident_of(n, order[i].incident),
                                                .trip     = order[i].trip,
                                                .quantity = order[i].quantity};
    }
    if (muster_committed_sequence(committed) > 0) {
        assert_int_equal(muster_committed_sequence(committed), ++n->last);
    }
    n->planned += order_count;
}

/* Plan, let something happen or not, and commit. */
static void plan_and_commit(night *n) {
    static char          id[24];
    muster_session_plan *plan;
    muster_committed    *committed;
    muster_commit        commit = MUSTER_COMMIT_INIT;
    if (n->order_last + 2 * TOWN_STOCKS + 40 > MOST_ORDERS) return;
    town_ok(muster_session_plan_make(&plan, n->session, n->now_ms, NULL, MUSTER_REPLAN_KEEP));
    if (n->clock_ms > 0) n->clock_ms = n->now_ms;
    assert_int_equal(muster_session_plan_sequence(plan), n->last);
    if (draw(n, 2)) tell_new(n);
    snprintf(id, sizeof id, "commit-%u", draw(n, UINT32_MAX));
    commit.id                  = id;
    commit.now_ms              = n->now_ms;
    commit.author              = "planner";
    const muster_status status = muster_session_commit(&committed, n->session, plan, &commit);
    if (status == MUSTER_OK) {
        note_committed(n, committed);
        muster_committed_free(committed);
    } else {
        assert_int_equal(status, MUSTER_E_IO);
        if (n->pending_count == 0) take_failure(n, 0, 0);
        n->may_have_issued = n->may_have_issued || n->pending_count > 0;
    }
    muster_session_plan_free(plan);
}

/* Orders that nobody has answered for ten minutes. */
static void let_time_pass(night *n) {
    uint32_t changes, expired = 0;
    n->now_ms += 1000 * (int64_t)draw(n, 400);
    n->clock_ms = n->now_ms; /* whatever the disk says */
    if (muster_session_tick(n->session, n->now_ms, &changes) != MUSTER_OK) {
        take_failure(n, 0, 0);
        return;
    }
    const mu_world *w = n->session->world;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        const model_order *order = &n->order[w->order[o].number];
        if (order->trip != 0 || order->state != MUSTER_ORDER_ISSUED) continue;
        if (w->order[o].issued_at_ms > n->now_ms - 600000) continue;
        model_set_order(n, w->order[o].number, MUSTER_ORDER_EXPIRED, n->now_ms);
        ++expired;
    }
    assert_int_equal(changes, expired);
    n->last += expired;
}

/* ---- faults -------------------------------------------------------------------------------- */

/* After a crash or a failure: what of it has got to the disk before, and is in force. */
static void find_out(night *n) {
    const mu_world *w = n->session->world;
    for (uint32_t i = n->pending; i < n->pending + n->pending_count; ++i) {
        told             *t   = &n->told[i];
        const mu_told_key key = mu_told_key_of(t->id);
        if (!mu_told_find(w->told, &key, &t->sequence)) continue;
        assert_true(model_expects(n, &t->event));
        model_apply(n, &t->event);
    }
    n->pending_count = 0;
}

/* Orders and expiries that nobody was told of: readers see them, and the model takes them over. */
static void find_out_orders(night *n) {
    const mu_world *w = n->session->world;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (o->number <= n->order_last) continue;
        n->order[++n->order_last] =
            (model_order){.state    = o->state,
                          .resource = o->resource,
                          .unit     = o->unit,
                          .incident = incident_of(n, w->incident[o->incident].code),
                          .trip     = o->trip,
                          .quantity = o->quantity};
    }
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o     = &w->order[i];
        model_order          *model = &n->order[o->number];
        /* Nothing that was accepted is lost: only what nobody has answered may have expired, and what
         * a plan took back may be cancelled. */
        const bool may_differ =
            o->state == MUSTER_ORDER_EXPIRED || o->state == MUSTER_ORDER_CANCELLED;
        assert_true(model->state == o->state || (n->may_have_issued && may_differ));
        model->state = o->state;
    }
    n->may_have_issued = false;
}

static void take_over_the_model(night *n) {
    assert_true(n->session->world->sequence > n->last); /* it was opened */
    n->clock_ms = 0;
    find_out(n);
    find_out_orders(n);
    n->last = n->session->world->sequence;
    assert_all(n);
    assert_replays(n);
}

/* A snapshot that was torn is passed over, and said to be. */
static bool damage_a_snapshot(night *n) {
    for (int e = 0; e < SIM_ENTRIES; ++e) {
        if (!strstr(n->disk->now[e].name, ".world")) continue;
        sim_file *f = &n->disk->file[n->disk->now[e].file];
        if (f->size == 0) continue;
        f->now[draw(n, (uint32_t)f->size)] ^= 0x10;
        return true;
    }
    return false;
}

static void open_again(night *n) {
    n->disk->room       = UINT64_MAX;
    n->disk->sync_fails = 0;
    if (draw(n, 4) == 0) (void)damage_a_snapshot(n);
    town_ok(open_as(n, &n->session, MUSTER_SESSION_WRITE));
    take_over_the_model(n);
}

static void close_all(night *n) {
    muster_session_close(n->session);
    muster_session_close(n->standby);
    n->session = n->standby = NULL;
}

static void crash(night *n) {
    close_all(n);
    if (draw(n, 2)) sim_lose_power(n->disk);
    ++n->crashes;
    open_again(n);
}

/* Is the writer done for? Then it has to be opened anew. */
static bool is_broken(night *n) {
    return n->pending_count > 0 || n->may_have_issued ||
           strstr(muster_session_get_state(n->session).trouble, "brought to the disk") != NULL;
}

static void stand_by(night *n) {
    uint32_t applied;
    if (!n->standby) town_ok(open_as(n, &n->standby, MUSTER_SESSION_STANDBY));
    town_ok(muster_session_follow(n->standby, &applied));
    muster_event        event = MUSTER_EVENT_INIT;
    muster_event_answer answer;
    assert_int_equal(muster_session_tell(n->standby, 1, &event, &answer), MUSTER_E_INVALID);
    assert_bytes_equal(n->standby->world, n->session->world);
}

/* Whoever wrote is shut out: nothing that it is told from then on is acknowledged. */
static void take_over(night *n) {
    muster_session     *old   = n->session;
    muster_event        event = MUSTER_EVENT_INIT;
    muster_event_answer answer;
    n->disk->room       = UINT64_MAX;
    n->disk->sync_fails = 0;
    if (n->standby && draw(n, 2)) {
        town_ok(muster_session_promote(n->standby, n->now_ms));
        n->session = n->standby;
        n->standby = NULL;
    } else {
        town_ok(open_as(n, &n->session, MUSTER_SESSION_TAKE_OVER));
    }
    event.id      = "too-late";
    event.type    = MUSTER_EVENT_UNIT_MOVED;
    event.time_ms = n->now_ms;
    event.author  = "desk";
    event.unit    = draw_unit(n, MUSTER_PEOPLE);
    event.lon_deg = event.lat_deg = 30;
    event.time_ms                 = n->now_ms + 3600000;
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(muster_session_tell(old, 1, &event, &answer), MUSTER_E_IO);
        assert_non_null(strstr(muster_error_message(), "another process has taken over"));
    }
    muster_session_close(old);
    ++n->take_overs;
    take_over_the_model(n);
}

/* ---- nights -------------------------------------------------------------------------------- */

static void something_happens(night *n) {
    n->now_ms += draw(n, 20000);
    switch (draw(n, 40)) {
    case 0:
        crash(n);
        break;
    case 1:
        take_over(n);
        break;
    case 2:
        n->disk->room = draw(n, 1500);
        break;
    case 3:
    case 4:
        n->disk->room = UINT64_MAX;
        break;
    case 5:
        n->disk->sync_fails = 1;
        break;
    case 6:
    case 7:
        stand_by(n);
        break;
    case 8:
    case 9:
    case 10:
        tell_again(n);
        break;
    case 11:
    case 12:
        let_time_pass(n);
        break;
    case 13:
        assert_replays(n);
        break;
    default:
        if (draw(n, 3) == 0) {
            give_orders(n);
        } else if (draw(n, 8) == 0) {
            plan_and_commit(n);
        } else {
            tell_new(n);
        }
    }
    if (is_broken(n)) crash(n);
    assert_all(n);
}

static void live_through(small_town *town, uint64_t seed, night *n) {
    *n      = (night){.town = town, .rng = seed * 2 + 1, .now_ms = TOWN_BEGIN_MS};
    n->told = calloc(MOST_TOLD, sizeof *n->told);
    n->disk = sim_disk_new(seed);
    assert_non_null(n->told);
    model_init(n);
    open_again(n);
    for (int step = 0; step < STEPS; ++step) something_happens(n);
    crash(n);
    close_all(n);
    sim_disk_free(n->disk);
    free(n->told);
}

static void nothing_is_lost_and_nothing_is_given_twice(void **state) {
    (void)state;
    static small_town town;
    static night      n;
    const seeds       asked  = seeds_asked(ROUNDS);
    uint64_t          orders = 0, refusals = 0, crashes = 0, take_overs = 0, full = 0, planned = 0;
    small_town_init(&town);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        live_through(&town, seed, &n);
        orders += n.order_last, refusals += n.refusals, crashes += n.crashes;
        take_overs += n.take_overs, full += n.full_disks, planned += n.planned;
    }
    /* Nights in which nothing of it happened would prove nothing. */
    if (asked.count >= 40) {
        assert_true(orders > 4 * asked.count && refusals > asked.count && crashes > asked.count);
        assert_true(take_overs > asked.count && full > asked.count / 4);
        assert_true(planned > asked.count);
    }
    small_town_fini(&town);
}

/* Found among the first 10,000: two writes on a full disk, one over the other, left a header that seemed to say
 * that an acknowledged record was lost. */
static void nights_that_have_been_wrong_are_right(void **state) {
    (void)state;
    static small_town town;
    static night      n;
    small_town_init(&town);
    live_through(&town, 638, &n);
    small_town_fini(&town);
}

/* ---- how long it takes --------------------------------------------------------------------- */

static uint64_t count_syncs(const muster_session_syncs *syncs) {
    uint64_t count = 0;
    for (int b = 0; b < MUSTER_SYNC_BUCKETS; ++b) count += syncs->count[b];
    return count;
}

/* A writer in a town, on a disk that can be told to fail. */
typedef struct writing {
    small_town      town;
    sim_disk       *disk;
    muster_session *session;
} writing;

static void writing_begin(writing *w, const muster_session_options *options) {
    small_town_init(&w->town);
    w->disk                       = sim_disk_new(1);
    const mu_disk_source   source = {.open = open_sim, .user = w->disk};
    const mu_session_parts parts  = town_parts(&w->town, &source);
    town_ok(mu_session_start(&w->session, options, &parts));
}

static void writing_end(writing *w) {
    muster_session_close(w->session);
    sim_disk_free(w->disk);
    small_town_fini(&w->town);
}

/* Each event that is told alone is one; what is refused or repeated writes nothing. */
static void syncs_are_counted_and_so_are_those_that_fail(void **state) {
    (void)state;
    static writing               w;
    const muster_session_options options = town_options(MUSTER_SESSION_WRITE, TOWN_BEGIN_MS);
    muster_event                 event   = MUSTER_EVENT_INIT;
    muster_event_answer          answer;
    writing_begin(&w, &options);
    muster_session            *session = w.session;
    const muster_session_syncs opened  = muster_session_get_syncs(session);
    assert_int_equal(count_syncs(&opened), 1);
    event.id        = "one";
    event.type      = MUSTER_EVENT_UNIT_MOVED;
    event.time_ms   = TOWN_BEGIN_MS;
    event.author    = "desk";
    event.unit.code = w.town.team[0].unit.code;
    for (int times = 0; times < 3; ++times)
        town_ok(muster_session_tell(session, 1, &event, &answer));
    const muster_session_syncs after = muster_session_get_syncs(session);
    assert_int_equal(count_syncs(&after), 2);
    assert_int_equal(after.failed_count, 0);
    assert_true(after.sum_us >= after.most_us && after.sum_us >= opened.sum_us);
    w.disk->sync_fails = 1;
    event.id           = "two";
    event.time_ms      = TOWN_BEGIN_MS + 1;
    assert_int_equal(muster_session_tell(session, 1, &event, &answer), MUSTER_E_IO);
    const muster_session_syncs failed = muster_session_get_syncs(session);
    assert_int_equal(failed.failed_count, 1);
    assert_int_equal(count_syncs(&failed), 2);
    writing_end(&w);
}

static void each_time_has_its_bucket(void **state) {
    (void)state;
    static const struct {
        uint64_t took_us;
        int      bucket;
    } CASES[] = {{0, 0},   {125, 0},      {126, 1},      {250, 1},
                 {251, 2}, {2048000, 14}, {2048001, 15}, {UINT32_MAX, 15}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; ++i) {
        muster_session_syncs syncs = {.sum_us = 0};
        mu_sync_times_add(&syncs, CASES[i].took_us);
        assert_int_equal(syncs.count[CASES[i].bucket], 1);
        assert_int_equal(syncs.sum_us, CASES[i].took_us);
        assert_int_equal(syncs.most_us, CASES[i].took_us);
    }
}

/* ---- ticks --------------------------------------------------------------------------------- */

/* A tick that the disk has refused has not been: what began in its time is told by the next one. */
static void what_a_refused_tick_would_have_said_the_next_one_says(void **state) {
    (void)state;
    static writing         w;
    muster_session_options options = town_options(MUSTER_SESSION_WRITE, TOWN_BEGIN_MS);
    muster_session_plan   *plan;
    muster_committed      *committed;
    muster_event_need      need   = {"rescue", 5, 0, 0};
    muster_commit          commit = MUSTER_COMMIT_INIT;
    muster_event           event  = MUSTER_EVENT_INIT;
    muster_event_answer    answer;
    uint32_t               changes;
    options.order_timeout_ms = 60000;
    writing_begin(&w, &options);
    muster_session *session = w.session;
    event.id                = "shift";
    event.type              = MUSTER_EVENT_UNIT_SHIFT;
    event.time_ms           = TOWN_BEGIN_MS;
    event.author            = "desk";
    event.unit            = (muster_event_unit){MUSTER_VEHICLE, w.town.vehicle[0].unit.code, NULL};
    event.shift_end_at_ms = TOWN_BEGIN_MS + 70000;
    town_ok(muster_session_tell(session, 1, &event, &answer));
    assert_int_equal(answer.outcome, MUSTER_EVENT_APPLIED);
    event          = (muster_event)MUSTER_EVENT_INIT;
    event.id       = "incident";
    event.type     = MUSTER_EVENT_INCIDENT_REPORTED;
    event.time_ms  = TOWN_BEGIN_MS;
    event.author   = "desk";
    event.incident = (muster_event_incident){.code = "I-1", .lon_deg = 120.002, .lat_deg = 30.002};
    event.need     = &need;
    event.need_count = 1;
    town_ok(muster_session_tell(session, 1, &event, &answer));
    assert_int_equal(answer.outcome, MUSTER_EVENT_APPLIED);
    town_ok(muster_session_plan_make(&plan, session, TOWN_BEGIN_MS, NULL, MUSTER_REPLAN_KEEP));
    commit.id     = "c-1";
    commit.now_ms = TOWN_BEGIN_MS;
    commit.author = "desk";
    town_ok(muster_session_commit(&committed, session, plan, &commit));
    const uint32_t orders = muster_session_get_state(session).order_count;
    assert_true(orders > 0);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 1000, &changes));
    w.disk->room = 0;
    assert_int_equal(muster_session_tick(session, TOWN_BEGIN_MS + 80000, &changes), MUSTER_E_IO);
    assert_int_equal(changes, 0);
    w.disk->room = UINT64_MAX;
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 81000, &changes));
    assert_int_equal(changes, orders + 1);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 82000, &changes));
    assert_int_equal(changes, 0);
    muster_committed_free(committed);
    muster_session_plan_free(plan);
    writing_end(&w);
}

/* ---- withdrawn ----------------------------------------------------------------------------- */

typedef struct overtaking {
    small_town     *town;
    mu_disk_source  source;
    muster_session *first, *standby, *second;
    bool            is_read; /* what the first has told and nobody has acknowledged */
} overtaking;

static muster_session *open_for(const overtaking *o, uint8_t role) {
    const mu_session_parts       parts   = town_parts(o->town, &o->source);
    const muster_session_options options = town_options(role, TOWN_BEGIN_MS);
    muster_session              *session;
    town_ok(mu_session_start(&session, &options, &parts));
    return session;
}

static muster_event closure(const char *id, const int64_t *edge_id) {
    muster_event event    = MUSTER_EVENT_INIT;
    event.id              = id;
    event.type            = MUSTER_EVENT_ROAD_CLOSED;
    event.time_ms         = TOWN_BEGIN_MS + 1000;
    event.author          = "desk";
    event.road.code       = id;
    event.road.edge_count = 1;
    event.road.edge_id    = edge_id;
    return event;
}

/* By the only profile that there is. */
static bool is_closed(muster_session *session, uint32_t edge) {
    muster_roads *roads;
    uint32_t      count;
    town_ok(muster_session_roads(&roads, session));
    const char *const *profile  = muster_roads_profiles(roads, &count);
    const uint32_t *duration_ms = muster_metric_duration_ms(muster_roads_metric(roads, profile[0]));
    const bool      is          = duration_ms[2 * edge] == MUSTER_UNREACHABLE_MS;
    muster_roads_free(roads);
    return is;
}

static bool shows(muster_session *session, const char *road) {
    muster_view *view;
    uint32_t     count;
    town_ok(muster_session_look(&view, session, NULL));
    const muster_event_road *list = muster_view_roads(view, &count);
    bool                     is   = false;
    for (uint32_t i = 0; i < count; ++i) is = is || strcmp(list[i].code, road) == 0;
    muster_view_free(view);
    return is;
}

static void tell_while_overtaken(void *user, void *process) {
    static const int64_t EDGE  = 1;
    overtaking          *o     = user;
    const muster_event   event = closure("first", &EDGE);
    muster_event_answer  answer;
    uint32_t             applied;
    (void)process;
    (void)muster_session_tell(o->first, 1, &event, &answer);
    town_ok(muster_session_follow(o->standby, &applied));
    o->is_read = shows(o->standby, "first") && is_closed(o->standby, 0);
}

/* A standby reads along what a writer has written and is not told to be there, for at each of his calls in
 * turn somebody else is taking over, who writes as much instead. Whatever the standby was asked before is
 * not the answer after. */
static void what_is_withdrawn_is_shown_by_no_standby(void **state) {
    (void)state;
    static const int64_t EDGE = 2;
    static small_town    town;
    bool                 is_interrupted = true;
    int                  withdrawn      = 0;
    small_town_init(&town);
    for (int call = 1; is_interrupted; ++call) {
        sim_disk           *disk  = sim_disk_new(1);
        overtaking          o     = {.town = &town, .source = {.open = open_sim, .user = disk}};
        const muster_event  event = closure("second", &EDGE);
        muster_event_answer answer;
        uint32_t            applied;
        o.first            = open_for(&o, MUSTER_SESSION_WRITE);
        o.standby          = open_for(&o, MUSTER_SESSION_STANDBY);
        disk->calls_left   = call;
        disk->happens      = tell_while_overtaken;
        disk->happens_user = &o;
        o.second           = open_for(&o, MUSTER_SESSION_TAKE_OVER);
        is_interrupted     = disk->calls_left == 0;
        disk->calls_left   = 0;
        const bool is_kept = shows(o.second, "first");
        withdrawn += o.is_read && !is_kept;
        town_ok(muster_session_follow(o.standby, &applied));
        assert_bytes_equal(o.standby->world, o.second->world);
        assert_true(shows(o.standby, "first") == is_kept);
        assert_true(is_closed(o.standby, 0) == is_kept);
        town_ok(muster_session_tell(o.second, 1, &event, &answer));
        town_ok(muster_session_follow(o.standby, &applied));
        assert_true(is_closed(o.standby, 0) == is_kept);
        assert_true(is_closed(o.standby, 1));
        muster_session_close(o.first);
        muster_session_close(o.standby);
        muster_session_close(o.second);
        sim_disk_free(disk);
    }
    assert_true(withdrawn > 0);
    small_town_fini(&town);
}

/* ---- memory -------------------------------------------------------------------------------- */

static muster_status use_once(small_town *town, sim_disk *disk, uint32_t step) {
    const mu_disk_source   source  = {.open = open_sim, .user = disk};
    const mu_session_parts parts   = town_parts(town, &source);
    muster_session_options options = town_options(MUSTER_SESSION_WRITE, TOWN_BEGIN_MS);
    muster_session        *session;
    muster_view           *view  = NULL;
    muster_news           *news  = NULL;
    muster_event           event = MUSTER_EVENT_INIT;
    muster_event_answer    answer;
    uint32_t               count;
    options.snapshot_events = 1;
    event.id                = step == 1 ? "one" : "two";
    event.type              = MUSTER_EVENT_UNIT_MOVED;
    event.time_ms           = TOWN_BEGIN_MS + step;
    event.author            = "desk";
    event.unit.code         = town->team[0].unit.code;
    muster_status status    = mu_session_start(&session, &options, &parts);
    if (status != MUSTER_OK) return status;
    status = muster_session_tell(session, 1, &event, &answer);
    if (status == MUSTER_OK) assert_true(answer.outcome <= MUSTER_EVENT_REPEATED);
    if (status == MUSTER_OK) status = muster_session_look(&view, session, NULL);
    if (status == MUSTER_OK) status = muster_session_news(&news, session, 0, 3, 0, &count);
    muster_view_free(view);
    muster_news_free(news);
    muster_session_close(session);
    return status;
}

/* Whatever fails for want of memory, everything is given back, and who comes next finds all that was
 * acknowledged. */
static void memory_runs_out_anywhere(void **state) {
    (void)state;
    static small_town town;
    muster_status     status = MUSTER_E_NOMEM;
    small_town_init(&town);
    for (int after = 0; status != MUSTER_OK; ++after) {
        sim_disk *disk = sim_disk_new(1);
        town_ok(use_once(&town, disk, 1));
        mu_alloc_fail_after(after);
        status = use_once(&town, disk, 2);
        mu_alloc_fail_after(-1);
        if (status != MUSTER_OK && status != MUSTER_E_NOMEM) fail_msg("%s", muster_error_message());
        town_ok(use_once(&town, disk, 2));
        sim_disk_free(disk);
        assert_true(after < 100000);
    }
    small_town_fini(&town);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_refused_tick_would_have_said_the_next_one_says),
        cmocka_unit_test(what_is_withdrawn_is_shown_by_no_standby),
        cmocka_unit_test(nothing_is_lost_and_nothing_is_given_twice),
        cmocka_unit_test(nights_that_have_been_wrong_are_right),
        cmocka_unit_test(syncs_are_counted_and_so_are_those_that_fail),
        cmocka_unit_test(each_time_has_its_bucket),
        cmocka_unit_test(memory_runs_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
