/* All arrays are copied as they are, then the pointers in them are turned to copies of what they
 * pointed to: codes and names lie one after the other in one piece of memory, capabilities in another. */
#include "solver/past.h"

#include <string.h>

#include "core/alloc.h"
#include "core/metric_id.h"
#include "solver/travel.h"
#include "solver/weights.h"

/* ---- copying --------------------------------------------------------------------------- */

typedef void (*text_visitor)(void *user, const char **text);

/* Call `visit` with every code of the problem. */
static void visit_codes(muster_problem *p, text_visitor visit, void *user) {
    for (uint32_t i = 0; i < p->kind_count; ++i) visit(user, (const char **)&p->kind[i].code);
    for (uint32_t i = 0; i < p->team_count; ++i) visit(user, (const char **)&p->team[i].unit.code);
    for (uint32_t i = 0; i < p->vehicle_count; ++i)
        visit(user, (const char **)&p->vehicle[i].unit.code);
    for (uint32_t i = 0; i < p->machine_count; ++i)
        visit(user, (const char **)&p->machine[i].unit.code);
    for (uint32_t i = 0; i < p->stock_count; ++i)
        visit(user, (const char **)&p->stock[i].unit.code);
    for (uint32_t i = 0; i < p->incident_count; ++i)
        visit(user, (const char **)&p->incident[i].code);
    for (uint32_t i = 0; i < p->authority_count; ++i)
        visit(user, (const char **)&p->authority[i].code);
    for (uint32_t i = 0; i < p->zone_count; ++i) visit(user, (const char **)&p->zone[i].code);
}

/* With what those are called who can be sent, and what they can be sent to. */
static void visit_names(muster_problem *p, text_visitor visit, void *user) {
    for (uint32_t i = 0; i < p->kind_count; ++i) visit(user, (const char **)&p->kind[i].name);
    for (uint32_t i = 0; i < p->team_count; ++i) visit(user, (const char **)&p->team[i].unit.name);
    for (uint32_t i = 0; i < p->vehicle_count; ++i)
        visit(user, (const char **)&p->vehicle[i].unit.name);
    for (uint32_t i = 0; i < p->machine_count; ++i)
        visit(user, (const char **)&p->machine[i].unit.name);
    for (uint32_t i = 0; i < p->stock_count; ++i)
        visit(user, (const char **)&p->stock[i].unit.name);
    for (uint32_t i = 0; i < p->incident_count; ++i)
        visit(user, (const char **)&p->incident[i].name);
}

/* Rows in a row may have one text, as stocks of a warehouse do: so has their copy. */
typedef struct texts {
    const char *source; /* the last one, */
    char       *copy;   /* its copy */
    size_t      size;   /* bytes of the last one; where they are counted, of all */
} texts;

static void count_text(void *user, const char **text) {
    texts *t = user;
    if (!*text) return;
    if (*text != t->source) t->size += strlen(*text) + 1;
    t->source = *text;
}

static void copy_text(void *user, const char **text) {
    texts *t = user;
    if (!*text) return;
    if (*text != t->source) {
        t->source = *text;
        t->copy += t->size;
        t->size = strlen(*text) + 1;
        memcpy(t->copy, *text, t->size);
    }
    *text = t->copy;
}

static muster_status copy_texts(mu_past *past) {
    texts all = {0};
    visit_codes(&past->problem, count_text, &all);
    visit_names(&past->problem, count_text, &all);
    MU_TRY(mu_alloc(&past->text, all.size, 1));
    texts copies = {.copy = past->text};
    visit_codes(&past->problem, copy_text, &copies);
    visit_names(&past->problem, copy_text, &copies);
    return MUSTER_OK;
}

static muster_status copy_capabilities(mu_past *past, muster_team *team, uint32_t count) {
    size_t all = 0;
    for (uint32_t t = 0; t < count; ++t) all += team[t].capability_count;
    MU_TRY(mu_alloc(&past->capability, all, sizeof *past->capability));
    uint32_t *at = past->capability;
    for (uint32_t t = 0; t < count; ++t) {
        const size_t own = team[t].capability_count;
        if (own > 0) memcpy(at, team[t].capability, own * sizeof *at);
        team[t].capability = at;
        at += own;
    }
    return MUSTER_OK;
}

/* What is not copied yet is not there, so that a failure gives back only what is ours. */
static muster_status copy_arrays(muster_problem *to, const muster_problem *p) {
    MU_TRY(mu_alloc_copy(&to->kind, p->kind, p->kind_count, sizeof *p->kind));
    MU_TRY(mu_alloc_copy(&to->team, p->team, p->team_count, sizeof *p->team));
    MU_TRY(mu_alloc_copy(&to->vehicle, p->vehicle, p->vehicle_count, sizeof *p->vehicle));
    MU_TRY(mu_alloc_copy(&to->machine, p->machine, p->machine_count, sizeof *p->machine));
    MU_TRY(mu_alloc_copy(&to->stock, p->stock, p->stock_count, sizeof *p->stock));
    MU_TRY(mu_alloc_copy(&to->incident, p->incident, p->incident_count, sizeof *p->incident));
    MU_TRY(mu_alloc_copy(&to->need, p->need, p->need_count, sizeof *p->need));
    MU_TRY(mu_alloc_copy(&to->authority, p->authority, p->authority_count, sizeof *p->authority));
    MU_TRY(mu_alloc_copy(&to->zone, p->zone, p->zone_count, sizeof *p->zone));
    return mu_alloc_copy(&to->rule, p->rule, p->rule_count, sizeof *p->rule);
}

static muster_status copy_problem(mu_past *past, const muster_problem *p) {
    muster_problem *to = &past->problem;
    *to                = *p;
    to->metric = NULL, to->kind = NULL, to->team = NULL, to->vehicle = NULL, to->machine = NULL;
    to->stock = NULL, to->incident = NULL, to->need = NULL, to->authority = NULL;
    to->zone = NULL, to->rule = NULL;
    past->weights = *mu_weights(p);
    to->weights   = &past->weights;
    MU_TRY(copy_arrays(to, p));
    MU_TRY(mu_alloc(&past->metric_id, p->metric_count, sizeof *past->metric_id));
    for (uint32_t m = 0; m < p->metric_count; ++m) past->metric_id[m] = mu_metric_id(p->metric[m]);
    MU_TRY(copy_texts(past));
    return copy_capabilities(past, (muster_team *)to->team, p->team_count);
}

static muster_status count_missing(mu_past *past) {
    const muster_problem *p = &past->problem;
    MU_TRY(mu_alloc(&past->missing, p->need_count, sizeof *past->missing));
    for (uint32_t n = 0; n < p->need_count; ++n) past->missing[n] = p->need[n].quantity;
    for (uint32_t i = 0; i < past->assignment_count; ++i) {
        const muster_assignment *a       = &past->assignment[i];
        int64_t                 *missing = &past->missing[a->need];
        *missing -= a->quantity < *missing ? a->quantity : *missing;
    }
    return MUSTER_OK;
}

static muster_status fill(mu_past *past, const muster_problem *problem,
                          const muster_assignment *assignment, const muster_shipment *shipment) {
    MU_TRY(copy_problem(past, problem));
    MU_TRY(mu_alloc_copy(&past->assignment, assignment, past->assignment_count,
                         sizeof *past->assignment));
    MU_TRY(mu_alloc_copy(&past->shipment, shipment, past->shipment_count, sizeof *past->shipment));
    return count_missing(past);
}

muster_status mu_past_init(mu_past *past, const muster_problem *problem, uint32_t assignment_count,
                           const muster_assignment *assignment, uint32_t shipment_count,
                           const muster_shipment *shipment) {
    *past = (mu_past){.assignment_count = assignment_count, .shipment_count = shipment_count};
    const muster_status status = fill(past, problem, assignment, shipment);
    if (status != MUSTER_OK) mu_past_fini(past);
    return status;
}

void mu_past_fini(mu_past *past) {
    muster_problem *p = &past->problem;
    mu_free((void *)p->kind);
    mu_free((void *)p->team);
    mu_free((void *)p->vehicle);
    mu_free((void *)p->machine);
    mu_free((void *)p->stock);
    mu_free((void *)p->incident);
    mu_free((void *)p->need);
    mu_free((void *)p->authority);
    mu_free((void *)p->zone);
    mu_free((void *)p->rule);
    mu_free(past->metric_id);
    mu_free(past->text);
    mu_free(past->capability);
    mu_free(past->assignment);
    mu_free(past->shipment);
    mu_free(past->missing);
    *past = (mu_past){0};
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool is_same_site(muster_site a, muster_site b) {
    return a.lon_deg == b.lon_deg && a.lat_deg == b.lat_deg;
}

static bool is_same_unit(const muster_unit *a, const muster_unit *b) {
    return strcmp(a->code, b->code) == 0 && is_same_site(a->site, b->site) &&
           a->metric == b->metric && a->turnout_ms == b->turnout_ms &&
           a->authority == b->authority && a->available_ms == b->available_ms &&
           a->shift_end_ms == b->shift_end_ms && a->duty_ms == b->duty_ms;
}

static bool is_same_kind(const muster_kind *a, const muster_kind *b) {
    return strcmp(a->code, b->code) == 0 && a->resource == b->resource &&
           a->mass_kg == b->mass_kg && a->volume_m3 == b->volume_m3 &&
           a->operator_count == b->operator_count && a->operator_kind == b->operator_kind;
}

static bool is_same_team(const muster_team *a, const muster_team *b) {
    if (!is_same_unit(&a->unit, &b->unit) || a->people != b->people || a->grade != b->grade ||
        a->capability_count != b->capability_count) {
        return false;
    }
    return a->capability_count == 0 ||
           memcmp(a->capability, b->capability, a->capability_count * sizeof *a->capability) == 0;
}

static bool is_same_vehicle(const muster_vehicle *a, const muster_vehicle *b) {
    return is_same_unit(&a->unit, &b->unit) && a->kind == b->kind &&
           a->payload_kg == b->payload_kg && a->volume_m3 == b->volume_m3;
}

static bool is_same_machine(const muster_machine *a, const muster_machine *b) {
    return is_same_unit(&a->unit, &b->unit) && a->kind == b->kind && a->count == b->count;
}

static bool is_same_stock(const muster_stock *a, const muster_stock *b) {
    return is_same_unit(&a->unit, &b->unit) && a->kind == b->kind && a->quantity == b->quantity;
}

static bool is_same_incident(const muster_incident *a, const muster_incident *b) {
    return strcmp(a->code, b->code) == 0 && is_same_site(a->site, b->site) &&
           a->severity == b->severity && a->deadline_ms == b->deadline_ms &&
           a->on_scene_ms == b->on_scene_ms && a->authority == b->authority &&
           (a->all_or_nothing != 0) == (b->all_or_nothing != 0);
}

static bool is_same_need(const muster_need *a, const muster_need *b) {
    return a->incident == b->incident && a->kind == b->kind && a->quantity == b->quantity &&
           a->minimum == b->minimum && a->grade == b->grade;
}

static bool is_same_authority(const muster_authority *a, const muster_authority *b) {
    return strcmp(a->code, b->code) == 0 && a->level == b->level && a->parent == b->parent;
}

static bool is_same_zone(const muster_zone *a, const muster_zone *b) {
    return strcmp(a->code, b->code) == 0 && is_same_site(a->site, b->site) && a->kind == b->kind &&
           a->radius_ms == b->radius_ms && a->required == b->required && a->weight == b->weight;
}

static bool is_same_rule(const muster_rule *a, const muster_rule *b) {
    return a->type == b->type && a->resource == b->resource && a->index == b->index &&
           a->incident == b->incident && a->need == b->need && a->quantity == b->quantity &&
           a->vehicle == b->vehicle;
}

static bool are_weights_same(const muster_weights *a, const muster_weights *b) {
    return memcmp(a->severity, b->severity, sizeof a->severity) == 0 &&
           memcmp(a->escalation_delay_ms, b->escalation_delay_ms, sizeof a->escalation_delay_ms) ==
               0 &&
           a->lateness_step_ms == b->lateness_step_ms && a->lateness_step_s == b->lateness_step_s &&
           a->diversion_unmet_need == b->diversion_unmet_need &&
           a->diversion_response_time == b->diversion_response_time &&
           a->reserve_before_response == b->reserve_before_response;
}

static bool are_counts_same(const muster_problem *a, const muster_problem *b) {
    return a->metric_count == b->metric_count && a->kind_count == b->kind_count &&
           a->team_count == b->team_count && a->vehicle_count == b->vehicle_count &&
           a->machine_count == b->machine_count && a->stock_count == b->stock_count &&
           a->incident_count == b->incident_count && a->need_count == b->need_count &&
           a->authority_count == b->authority_count && a->zone_count == b->zone_count &&
           a->rule_count == b->rule_count && a->item_transport == b->item_transport &&
           a->max_sources == b->max_sources;
}

/* All rows of an array, which both problems have as many of. */
#define ARE_SAME(noun, count)                                                                      \
    for (uint32_t i = 0; i < a->count; ++i)                                                        \
        if (!is_same_##noun(&a->noun[i], &b->noun[i])) return false

bool mu_past_is_same(const mu_past *past, const muster_problem *b) {
    const muster_problem *a = &past->problem;
    if (!are_counts_same(a, b) || !are_weights_same(&past->weights, mu_weights(b))) return false;
    for (uint32_t m = 0; m < b->metric_count; ++m) {
        if (past->metric_id[m] != mu_metric_id(b->metric[m])) return false;
    }
    ARE_SAME(kind, kind_count);
    ARE_SAME(team, team_count);
    ARE_SAME(vehicle, vehicle_count);
    ARE_SAME(machine, machine_count);
    ARE_SAME(stock, stock_count);
    ARE_SAME(incident, incident_count);
    ARE_SAME(need, need_count);
    ARE_SAME(authority, authority_count);
    ARE_SAME(zone, zone_count);
    ARE_SAME(rule, rule_count);
    return true;
}
