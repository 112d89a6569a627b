/* Calls of a course. Everything about one is drawn by its number among those of its rule, each thing from a
 * stream of its own, so a rule that changes the severities does not move a place. */
#include "simulation/course_build.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/arrivals.h"
#include "simulation/where_ground.h"

static const char PLACE_MARK[] = "{place}";

/* The streams of one rule. */
typedef struct caller {
    mu_course_build    *build;
    const mu_call_rule *rule;
    uint32_t            index;   /* of the rule */
    int64_t             late_ms; /* of the hazard that it comes from */
    mu_stream           place, severity, delay, work, deadline, whole, brought, handover;
    mu_stream           grows, grown_at, grown_by;
} caller;

static caller caller_of(mu_course_build *b, uint32_t index) {
    const mu_call_rule *rule = &b->ground->file->call[index];
    const char         *code = rule->code;
    return (caller){
        .build    = b,
        .rule     = rule,
        .index    = index,
        .late_ms  = mu_build_lateness(b, rule->where.hazard),
        .place    = mu_build_stream(b, MU_DRAW_CALL_PLACE, code),
        .severity = mu_build_stream(b, MU_DRAW_CALL_SEVERITY, code),
        .delay    = mu_build_stream(b, MU_DRAW_CALL_DELAY, code),
        .work     = mu_build_stream(b, MU_DRAW_CALL_WORK, code),
        .deadline = mu_build_stream(b, MU_DRAW_CALL_DEADLINE, code),
        .whole    = mu_build_stream(b, MU_DRAW_CALL_WHOLE, code),
        .brought  = mu_build_stream(b, MU_DRAW_CALL_BROUGHT, code),
        .handover = mu_build_stream(b, MU_DRAW_CALL_HANDOVER, code),
        .grows    = mu_build_stream(b, MU_DRAW_CALL_GROWS, code),
        .grown_at = mu_build_stream(b, MU_DRAW_CALL_GROWN_AT, code),
        .grown_by = mu_build_stream(b, MU_DRAW_CALL_GROWN_BY, code),
    };
}

/* ---- what it is ---------------------------------------------------------------------------- */

static uint8_t draw_severity(const caller *c, uint32_t n) {
    double sum = 0, so_far = 0;
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) sum += c->rule->severity_weight[s];
    const double aim  = sum * mu_draw_unit(c->severity, n, 0);
    uint8_t      last = 0;
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) {
        if (c->rule->severity_weight[s] == 0) continue;
        so_far += c->rule->severity_weight[s];
        last = (uint8_t)s;
        if (so_far > aim) break;
    }
    return last;
}

static bool happens(mu_stream stream, uint64_t n, double share) {
    return mu_draw_unit(stream, n, 0) < share;
}

static int64_t standard_of(const muster_scenario_file *f, const char *type, uint8_t severity) {
    for (uint32_t s = 0; s < f->standard_count; ++s) {
        const muster_standard *standard = &f->standard[s];
        if (standard->type && strcmp(standard->type, type) != 0) continue;
        if (standard->severity != MUSTER_SEVERITY_COUNT && standard->severity != severity) continue;
        return standard->response_ms;
    }
    return 0;
}

/* The rule's name with the nearest place in it. */
static muster_status name_of(caller *c, const mu_named_place *place, const char **out) {
    const char *mark = c->rule->name ? strstr(c->rule->name, PLACE_MARK) : NULL;
    *out             = c->rule->name;
    if (!mark) return MUSTER_OK;
    const char *where = place && place->name ? place->name : "";
    return mu_build_text(c->build, out, "%.*s%s%s", (int)(mark - c->rule->name), c->rule->name,
                         where, mark + sizeof PLACE_MARK - 1);
}

/* ---- what it needs ------------------------------------------------------------------------- */

static int64_t quantity_of(const mu_need_rule *need, double drawn, double scale) {
    const double scaled = round(drawn * scale);
    return (int64_t)fmin(fmax(scaled, fmax(1, ceil(need->quantity.least))), need->quantity.most);
}

/* The stream of a need: that of the rule and the kind, so that another need changes nothing of it. */
static mu_stream need_stream(const caller *c, mu_purpose purpose, const mu_need_rule *need) {
    return mu_stream_of_two(c->build->seed, c->build->replication, purpose, c->rule->code,
                            need->kind);
}

static muster_status add_needs(caller *c, uint32_t n, uint8_t severity, muster_event *e) {
    muster_event_need *list;
    MU_TRY(mu_arena_take(c->build->arena, &list, c->rule->need_count, sizeof *list));
    e->need = list;
    for (uint32_t i = 0; i < c->rule->need_count; ++i) {
        const mu_need_rule *need = &c->rule->need[i];
        if (!happens(need_stream(c, MU_DRAW_NEED_ASKED, need), n, need->chance)) continue;
        const double drawn =
            mu_distribution_draw(&need->quantity, need_stream(c, MU_DRAW_NEED_QUANTITY, need), n);
        muster_event_need *one = &list[e->need_count++];
        one->kind              = need->kind;
        one->quantity          = quantity_of(need, drawn, c->rule->scale[severity]);
        one->minimum           = (int64_t)ceil((double)one->quantity * need->minimum_share);
        one->grade             = need->grade;
    }
    return MUSTER_OK;
}

/* ---- what becomes of it -------------------------------------------------------------------- */

static muster_status add_severity(caller *c, uint32_t n, int64_t at_ms,
                                  const muster_event_incident *i) {
    const uint32_t up      = i->severity + c->rule->growth->severity_up;
    const uint8_t severity = (uint8_t)(up < MUSTER_SEVERITY_COUNT ? up : MUSTER_SEVERITY_COUNT - 1);
    muster_event *e;
    if (severity == i->severity) return MUSTER_OK;
    MU_TRY(mu_build_event(c->build, MU_RANK_SEVERITY, MUSTER_EVENT_INCIDENT_UPDATED, at_ms,
                          c->rule->code, n + 1, false, &e));
    e->incident =
        (muster_event_incident){.code = i->code, .set = MUSTER_SET_SEVERITY, .severity = severity};
    return MUSTER_OK;
}

/* One at least of each is needed still; minimums are what makes the first of use, and stay. */
static muster_event_need grown(const muster_event_need *need, double factor) {
    muster_event_need g = *need;
    g.quantity =
        (int64_t)fmin(fmax(round((double)need->quantity * factor), 1), MUSTER_MAX_QUANTITY);
    if (g.minimum > g.quantity) g.minimum = g.quantity;
    return g;
}

static muster_status add_grown_needs(caller *c, uint32_t n, int64_t at_ms, const char *incident,
                                     uint32_t need_count, const muster_event_need *need) {
    const double       factor = mu_distribution_draw(&c->rule->growth->factor, c->grown_by, n);
    muster_event_need *list;
    muster_event      *e;
    uint32_t           count = 0;
    MU_TRY(mu_arena_take(c->build->arena, &list, need_count, sizeof *list));
    for (uint32_t i = 0; i < need_count; ++i) {
        list[count] = grown(&need[i], factor);
        count += list[count].quantity != need[i].quantity;
    }
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_build_event(c->build, MU_RANK_NEEDS, MUSTER_EVENT_NEED_CHANGED, at_ms, c->rule->code,
                          n + 1, false, &e));
    e->incident.code = incident;
    e->need          = list;
    e->need_count    = count;
    return MUSTER_OK;
}

/* Of the call that `reported` is the report of, which moves when events are added. */
static muster_status add_growth(caller *c, uint32_t n, int64_t reported_ms,
                                const muster_event *reported) {
    const mu_call_growth       *g          = c->rule->growth;
    const muster_event_incident i          = reported->incident;
    const muster_event_need    *need       = reported->need;
    const uint32_t              need_count = reported->need_count;
    if (!g || !happens(c->grows, n, g->chance)) return MUSTER_OK;
    const int64_t at_ms = reported_ms + mu_draw_ms(&g->after_ms, c->grown_at, n);
    if (at_ms >= c->build->ground->file->about.length_ms) return MUSTER_OK;
    MU_TRY(add_severity(c, n, at_ms, &i));
    return add_grown_needs(c, n, at_ms, i.code, need_count, need);
}

/* ---- the call ------------------------------------------------------------------------------ */

static muster_status add_incident(caller *c, const mu_course_incident *incident) {
    mu_course_build *b = c->build;
    MU_TRY(mu_grow(&b->incident, &b->incident_capacity, b->incident_count, sizeof *b->incident));
    b->incident[b->incident_count++] = *incident;
    return MUSTER_OK;
}

static muster_status fill(caller *c, uint32_t n, muster_event *e, double lon_deg, double lat_deg) {
    const mu_call_rule   *rule  = c->rule;
    const mu_named_place *place = mu_ground_nearest(c->build->ground, lon_deg, lat_deg);
    muster_event_incident i     = {.lon_deg = lon_deg, .lat_deg = lat_deg};
    i.severity                  = draw_severity(c, n);
    i.on_scene_ms               = rule->on_scene_ms;
    i.authority      = rule->is_of_nearest ? (place ? place->authority : NULL) : rule->authority;
    i.all_or_nothing = happens(c->whole, n, rule->all_or_nothing_share);
    if (rule->has_deadline) {
        i.deadline_at_ms = e->time_ms + mu_draw_ms(&rule->deadline_ms, c->deadline, n);
    }
    MU_TRY(mu_build_text(c->build, &i.code, "%s-%u", rule->code, n + 1));
    MU_TRY(name_of(c, place, &i.name));
    e->incident = i;
    return add_needs(c, n, i.severity, e);
}

static mu_course_incident incident_of(const caller *c, uint32_t n, const muster_event *e,
                                      int64_t happened_ms) {
    const mu_call_rule         *rule = c->rule;
    const muster_scenario_file *f    = c->build->ground->file;
    return (mu_course_incident){.code           = e->incident.code,
                                .type           = rule->type,
                                .happened_ms    = f->about.start_at_ms + happened_ms,
                                .standard_ms    = standard_of(f, rule->type, e->incident.severity),
                                .work_ms        = mu_draw_ms(&rule->work_ms, c->work, n),
                                .is_transported = happens(c->brought, n, rule->transport_share),
                                .handover_ms    = mu_draw_ms(&rule->handover_ms, c->handover, n)};
}

/* Number n of the rule. One that is reported after the end, or from nowhere, is left out. */
static muster_status add_call(caller *c, uint32_t n, int64_t happened_ms) {
    const muster_scenario_file *f = c->build->ground->file;
    const int64_t reported_ms     = happened_ms + mu_draw_ms(&c->rule->delay_ms, c->delay, n);
    double        lon_deg, lat_deg;
    muster_event *e;
    if (reported_ms >= f->about.length_ms) return MUSTER_OK;
    if (!mu_where_draw(c->build->ground, c->index, c->place, n, happened_ms - c->late_ms, &lon_deg,
                       &lat_deg)) {
        return MUSTER_OK;
    }
    MU_TRY(mu_build_event(c->build, MU_RANK_CALL, MUSTER_EVENT_INCIDENT_REPORTED, reported_ms,
                          c->rule->code, n + 1, false, &e));
    MU_TRY(fill(c, n, e, lon_deg, lat_deg));
    const mu_course_incident incident = incident_of(c, n, e, happened_ms);
    MU_TRY(add_incident(c, &incident));
    return add_growth(c, n, reported_ms, e);
}

static muster_status add_calls(mu_course_build *b, uint32_t index) {
    caller        c       = caller_of(b, index);
    const int64_t late_ms = mu_build_lateness(b, c.rule->when.hazard);
    int64_t      *at_ms;
    uint32_t      count;
    MU_TRY(mu_arrivals_draw(b->ground, &c.rule->when,
                            mu_build_stream(b, MU_DRAW_CALL_TIME, c.rule->code), late_ms, &at_ms,
                            &count));
    muster_status status = MUSTER_OK;
    for (uint32_t n = 0; n < count && status == MUSTER_OK; ++n) status = add_call(&c, n, at_ms[n]);
    mu_free(at_ms);
    return status;
}

muster_status mu_build_calls(mu_course_build *b) {
    for (uint32_t c = 0; c < b->ground->file->call_count; ++c) MU_TRY(add_calls(b, c));
    return MUSTER_OK;
}
