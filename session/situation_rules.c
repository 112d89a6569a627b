/* Commanders' words become rules of the rows that they are about, and rules that contradict each other
 * become fewer.
 *
 * A lock waits for who is under an order that counts: it holds once he is free. What of a pool goes there
 * under orders already is part of what is locked. A forbid or a hold concerns whoever is not on scene;
 * what is on board of a vehicle is not held by what holds the warehouse.
 *
 * Which locks cannot be obeyed, muster_problem_conflict tells, again and again, of a small problem: those
 * rows alone that are locked, and what is needed. Who stands at his incident needs no asking but whether
 * there is a road. The weakest of those that contradict each other is left out each time, of equals the
 * last; so it ends, and what remains can be obeyed. */
#include <inttypes.h>
#include <muster/snap.h>
#include <string.h>

#include "core/alloc.h"
#include "session/situation_build.h"

/* ---- rows of a unit ------------------------------------------------------------------------------- */

static uint32_t row_count(const muster_problem *p, unsigned resource) {
    const uint32_t COUNT[] = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    return COUNT[resource];
}

/* The world keeps those who have declined, or not answered, from being sent there again. Other parts of
 * the same pool are not meant. */
static bool is_answer(const mu_world_rule *word) {
    return strncmp(word->rule.code, "declined-", 9) == 0 ||
           strncmp(word->rule.code, "expired-", 8) == 0;
}

static bool is_about_part(const mu_situation_order *order) {
    return order->resource == MUSTER_MACHINE || order->resource == MUSTER_ITEM;
}

const char *mu_build_forbid(const mu_build *b, const mu_situation_order *order) {
    const mu_world *w        = b->world;
    const uint32_t  incident = w->order[b->world_order[order - b->s->order]].incident;
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        const mu_world_rule *word = &w->rule[i];
        if (word->rule.command == MUSTER_COMMAND_FORBID && word->incident == incident &&
            word->rule.unit.resource == order->resource && word->unit == order->unit &&
            !(is_answer(word) && is_about_part(order))) {
            return word->rule.code;
        }
    }
    return NULL;
}

/* The order that a row is under, of a load that of its trip; NULL: it is free. */
static const mu_situation_order *order_of(const mu_situation *s, uint8_t resource, uint32_t row) {
    const uint64_t            number = s->row[resource][row].order;
    const mu_situation_order *order  = number > 0 ? mu_situation_find_order(s, number) : NULL;
    return order && order->trip > 0 ? mu_situation_find_order(s, order->trip) : order;
}

/* ---- forbid and hold -------------------------------------------------------------------------------- */

static bool is_concerned(const mu_build *b, const mu_world_rule *word, uint32_t row) {
    const uint8_t             resource = word->rule.unit.resource;
    const bool                is_hold  = word->rule.command == MUSTER_COMMAND_HOLD;
    const mu_situation_order *order    = order_of(b->s, resource, row);
    if (b->s->row[resource][row].unit != word->unit) return false;
    if (!order) return true;
    if (order->state == MUSTER_ORDER_ON_SCENE) return false;
    if (is_hold && resource == MUSTER_ITEM && order->is_loaded) return false;
    return !(is_answer(word) && (resource == MUSTER_MACHINE || resource == MUSTER_ITEM));
}

static muster_status keep_away(mu_build *b, const mu_world_rule *word) {
    const bool              is_hold  = word->rule.command == MUSTER_COMMAND_HOLD;
    const uint8_t           resource = word->rule.unit.resource;
    const mu_situation_word said     = {.strength = is_hold ? MU_STRENGTH_HOLD : MU_STRENGTH_FORBID,
                                        .rule     = word->rule.code};
    muster_rule             rule     = {.type     = is_hold ? MUSTER_HOLD : MUSTER_FORBID,
                                        .resource = resource,
                                        .need     = MUSTER_NONE,
                                        .vehicle  = MUSTER_NONE};
    if (!is_hold) rule.incident = b->incident_row[word->incident];
    if (!is_hold && rule.incident == MUSTER_NONE) return MUSTER_OK;
    for (rule.index = 0; rule.index < row_count(&b->s->problem, resource); ++rule.index) {
        if (is_concerned(b, word, rule.index)) MU_TRY(mu_situation_add_rule(b->s, &rule, &said));
    }
    return MUSTER_OK;
}

/* ---- lock and force --------------------------------------------------------------------------------- */

typedef struct wish {
    const mu_world_rule *word;
    uint8_t              resource;
    uint32_t             incident, need; /* rows, or MUSTER_NONE */
    uint32_t             kind;           /* of the need, or MUSTER_NONE */
    uint32_t             row;  /* what is free, or the whole unit; MUSTER_NONE: not there */
    uint32_t             own;  /* where an order sends it, or MUSTER_NONE */
    int64_t              kept; /* of a pool: what of the lock no order has */
} wish;

static muster_status wait(mu_build *b, const wish *w, const char *why) {
    const muster_event_rule *rule = &w->word->rule;
    return mu_situation_add_note(b->s, 0, rule->code, "rule \"%s\" of \"%s\" waits: %s", rule->code,
                                 rule->unit.code, why);
}

static muster_status say_lock(mu_build *b, const wish *w, int64_t quantity) {
    const bool              is_force = w->word->rule.command == MUSTER_COMMAND_FORCE;
    const muster_rule       rule     = {.type     = MUSTER_LOCK,
                                        .resource = w->resource,
                                        .index    = w->row,
                                        .incident = w->incident,
                                        .need     = w->need,
                                        .quantity = quantity,
                                        .vehicle  = MUSTER_NONE};
    const mu_situation_word said     = {.strength = is_force ? MU_STRENGTH_FORCE : MU_STRENGTH_LOCK,
                                        .rule     = w->word->rule.code,
                                        .own      = w->own,
                                        .kept     = w->kept < quantity ? w->kept : quantity};
    return mu_situation_add_rule(b->s, &rule, &said);
}

/* A row goes where its order sends it, or where it is locked to: to no third place. */
static muster_status go_nowhere_else(mu_situation *s, uint8_t resource, uint32_t row, uint32_t own,
                                     uint32_t incident, const char *code) {
    const mu_situation_word said = {.strength = MU_STRENGTH_FORBID, .rule = code};
    muster_rule             rule = {.type     = MUSTER_FORBID,
                                    .resource = resource,
                                    .index    = row,
                                    .need     = MUSTER_NONE,
                                    .vehicle  = MUSTER_NONE};
    if (row == MUSTER_NONE) return MUSTER_OK;
    for (rule.incident = 0; rule.incident < s->problem.incident_count; ++rule.incident) {
        if (rule.incident == own || rule.incident == incident) continue;
        MU_TRY(mu_situation_add_rule(s, &rule, &said));
    }
    return MUSTER_OK;
}

/* So much of a row is there for nobody else. */
static void keep_back(mu_situation *s, uint8_t resource, uint32_t row, int64_t quantity) {
    if (row == MUSTER_NONE) return;
    int64_t *left = resource == MUSTER_MACHINE ? &s->machine[row].count : &s->stock[row].quantity;
    *left -= quantity < *left ? quantity : *left;
}

static bool is_whole(uint8_t resource) {
    return resource == MUSTER_PEOPLE || resource == MUSTER_VEHICLE;
}

/* A lock that cannot be carried out yet keeps what it is about from everybody else. */
static muster_status reserve(mu_build *b, const wish *w, const char *why) {
    const char *code = w->word->rule.code;
    if (is_whole(w->resource)) {
        MU_TRY(go_nowhere_else(b->s, w->resource, w->row, w->own, w->incident, code));
    } else {
        keep_back(b->s, w->resource, w->row, w->kept);
    }
    return wait(b, w, why);
}

static muster_status lock_whole(mu_build *b, const wish *w) {
    const mu_situation       *s        = b->s;
    const uint32_t            at       = b->order_of[w->resource][w->word->unit];
    const mu_situation_order *order    = at == MUSTER_NONE ? NULL : &s->order[at];
    const bool                is_bound = order && !mu_build_is_told_alone(b, order);
    if (is_bound && order->incident == w->incident) {
        if (order->state == MUSTER_ORDER_ON_SCENE) return MUSTER_OK;
        if (order->kind != MUSTER_NONE && w->row != MUSTER_NONE) return say_lock(b, w, 0);
        return go_nowhere_else(b->s, w->resource, w->row, w->own, w->incident, w->word->rule.code);
    }
    if (is_bound) return reserve(b, w, "it is under another order");
    if (w->row == MUSTER_NONE) return wait(b, w, "it is not available");
    return say_lock(b, w, 0);
}

/* So much goes there anyway, and what of it is on board of a vehicle goes nowhere else. */
static muster_status find_ordered(mu_build *b, const wish *w, int64_t *out_there) {
    *out_there = 0;
    for (uint32_t i = 0; i < b->s->order_count; ++i) {
        const mu_situation_order *order = &b->s->order[i];
        if (order->resource != w->resource || order->unit != w->word->unit ||
            order->incident != w->incident || order->row == MUSTER_NONE ||
            (w->kind != MUSTER_NONE && order->kind != w->kind) ||
            mu_build_is_told_alone(b, order)) {
            continue;
        }
        *out_there += order->quantity;
        if (order->trip == 0) continue;
        MU_TRY(go_nowhere_else(b->s, w->resource, order->row, w->incident, w->incident,
                               w->word->rule.code));
    }
    return MUSTER_OK;
}

static muster_status lock_part(mu_build *b, wish *w) {
    const int64_t asked = w->word->rule.quantity;
    int64_t       there;
    MU_TRY(find_ordered(b, w, &there));
    if (asked > 0 && there >= asked) return MUSTER_OK;
    if (w->row == MUSTER_NONE) {
        return asked == 0 && there > 0 ? MUSTER_OK : wait(b, w, "nothing of it is free");
    }
    const int64_t left =
        w->resource == MUSTER_MACHINE ? b->s->machine[w->row].count : b->s->stock[w->row].quantity;
    if (left == 0) return wait(b, w, "nothing of it is free");
    if (asked - there > left) MU_TRY(wait(b, w, "there is less of it; what there is, is locked"));
    return say_lock(b, w, asked == 0 || asked - there > left ? left : asked - there);
}

/* Of a pool: what a lock keeps for its incident, beside what orders have. */
static int64_t kept_by(const mu_build *b, const mu_world_rule *word) {
    const mu_world_unit *unit  = &b->world->unit[word->rule.unit.resource][word->unit];
    const int64_t        free  = unit->quantity - unit->ordered;
    int64_t              asked = word->rule.quantity > 0 ? word->rule.quantity : unit->quantity;
    for (uint32_t i = 0; i < b->s->order_count; ++i) {
        const mu_situation_order *o     = &b->s->order[i];
        const mu_world_order     *order = &b->world->order[b->world_order[i]];
        const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (o->resource == word->rule.unit.resource && o->unit == word->unit &&
            order->incident == word->incident && !is_handed_over) {
            asked -= o->quantity;
        }
    }
    if (asked < 0) return 0;
    return asked < free ? asked : free;
}

static muster_status bind(mu_build *b, const mu_world_rule *word) {
    const muster_event_rule *rule = &word->rule;
    const uint32_t          *of   = b->order_of[rule->unit.resource];
    const uint32_t           at   = of ? of[word->unit] : MUSTER_NONE;
    wish                     w    = {.word     = word,
                                     .resource = rule->unit.resource,
                                     .incident = b->incident_row[word->incident],
                                     .need     = MUSTER_NONE,
                                     .kind = rule->need ? mu_base_find_kind(b->s->base, rule->need) : MUSTER_NONE,
                                     .row = b->free_row[rule->unit.resource][word->unit],
                                     .own = at == MUSTER_NONE ? MUSTER_NONE : b->s->order[at].incident};
    if (!is_whole(w.resource)) w.kept = kept_by(b, word);
    if (w.incident == MUSTER_NONE) return reserve(b, &w, "nothing is needed there");
    if (rule->need) w.need = mu_build_need(b, w.incident, w.kind);
    if (rule->need && w.need == MUSTER_NONE) {
        return reserve(b, &w, "none of that kind is needed there");
    }
    return is_whole(w.resource) ? lock_whole(b, &w) : lock_part(b, &w);
}

muster_status mu_build_words(mu_build *b) {
    for (uint32_t i = 0; i < b->world->rule_count; ++i) {
        const mu_world_rule *word    = &b->world->rule[i];
        const uint8_t        command = word->rule.command;
        const bool is_lock = command == MUSTER_COMMAND_LOCK || command == MUSTER_COMMAND_FORCE;
        MU_TRY(is_lock ? bind(b, word) : keep_away(b, word));
    }
    return MUSTER_OK;
}

/* ---- whether there is a road at all -------------------------------------------------------------------- */

/* By incident and metric, as far as it has been asked. */
typedef enum ground { GROUND_UNKNOWN, GROUND_ROAD, GROUND_NO_ROAD } ground;

static muster_status look_at_ground(const mu_situation *s, uint32_t incident, uint32_t metric,
                                    uint8_t *known) {
    const muster_site site = s->problem.incident[incident].site;
    muster_snap       snap;
    if (*known != GROUND_UNKNOWN) return MUSTER_OK;
    MU_TRY(
        muster_snap_sites(s->problem.metric[metric], 1, &site.lon_deg, &site.lat_deg, NULL, &snap));
    *known = snap.edge == MUSTER_NONE ? GROUND_NO_ROAD : GROUND_ROAD;
    return MUSTER_OK;
}

static const muster_unit *unit_of(const muster_problem *p, uint8_t resource, uint32_t row) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return &p->team[row].unit;
    case MUSTER_VEHICLE:
        return &p->vehicle[row].unit;
    case MUSTER_MACHINE:
        return &p->machine[row].unit;
    default:
        return &p->stock[row].unit;
    }
}

/* Who stands where no road is as far as he is concerned, cannot be locked there: he stays, and does not
 * count. */
static muster_status settle_on_scene(mu_situation *s, uint32_t r, uint8_t *grounds) {
    muster_rule             *rule = &s->rule[r];
    const mu_situation_word *word = &s->word[r];
    if (rule->type != MUSTER_LOCK || word->strength != MU_STRENGTH_ON_SCENE) return MUSTER_OK;
    const muster_unit *unit = unit_of(&s->problem, rule->resource, rule->index);
    uint8_t *known = &grounds[(size_t)rule->incident * s->problem.metric_count + unit->metric];
    MU_TRY(look_at_ground(s, rule->incident, unit->metric, known));
    if (*known == GROUND_ROAD) return MUSTER_OK;
    rule->type = MUSTER_HOLD;
    return mu_situation_add_note(
        s, word->order, NULL,
        "\"%s\" is on scene at \"%s\", where no road is near: it does not count there", unit->code,
        s->problem.incident[rule->incident].code);
}

static muster_status settle_all_on_scene(mu_situation *s) {
    uint8_t *grounds;
    MU_TRY(
        mu_alloc_zeroed(&grounds, (size_t)s->problem.incident_count * s->problem.metric_count, 1));
    muster_status status = MUSTER_OK;
    for (uint32_t r = 0; status == MUSTER_OK && r < s->problem.rule_count; ++r) {
        status = settle_on_scene(s, r, grounds);
    }
    mu_free(grounds);
    return status;
}

/* ---- which contradict each other ------------------------------------------------------------------------- */

/* The rows that are locked and not on scene, with what rules say of them; or everything, where stock is
 * locked that vehicles have to bring. */
typedef struct trial {
    muster_problem  problem;
    muster_team    *team;
    muster_vehicle *vehicle;
    muster_machine *machine;
    muster_stock   *stock;
    uint32_t       *row[MUSTER_RESOURCE_COUNT]; /* by row of the situation; MUSTER_NONE: left out */
    muster_rule    *rule;
    uint32_t       *rule_of; /* in the situation */
    uint32_t       *guilty;
} trial;

static bool is_doubtful(const mu_situation *s, uint32_t r) {
    return s->rule[r].type == MUSTER_LOCK && s->word[r].strength != MU_STRENGTH_ON_SCENE;
}

static bool has_doubt(const mu_situation *s) {
    uint32_t r = 0;
    while (r < s->problem.rule_count && !is_doubtful(s, r)) ++r;
    return r < s->problem.rule_count;
}

static bool needs_vehicles(const mu_situation *s) {
    if (s->problem.item_transport != MUSTER_ITEMS_BY_VEHICLE) return false;
    for (uint32_t r = 0; r < s->problem.rule_count; ++r) {
        if (s->rule[r].type == MUSTER_LOCK && s->rule[r].resource == MUSTER_ITEM) return true;
    }
    return false;
}

static muster_status trial_alloc(trial *t, const mu_situation *s) {
    const muster_problem *p = &s->problem;
    MU_TRY(mu_alloc(&t->team, p->team_count, sizeof *t->team));
    MU_TRY(mu_alloc(&t->vehicle, p->vehicle_count, sizeof *t->vehicle));
    MU_TRY(mu_alloc(&t->machine, p->machine_count, sizeof *t->machine));
    MU_TRY(mu_alloc(&t->stock, p->stock_count, sizeof *t->stock));
    MU_TRY(mu_alloc(&t->rule, p->rule_count, sizeof *t->rule));
    MU_TRY(mu_alloc(&t->rule_of, p->rule_count, sizeof *t->rule_of));
    MU_TRY(mu_alloc(&t->guilty, p->rule_count, sizeof *t->guilty));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc(&t->row[r], row_count(p, r), sizeof(uint32_t)));
    }
    return MUSTER_OK;
}

static void trial_fini(trial *t) {
    mu_free(t->team);
    mu_free(t->vehicle);
    mu_free(t->machine);
    mu_free(t->stock);
    mu_free(t->rule);
    mu_free(t->rule_of);
    mu_free(t->guilty);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(t->row[r]);
}

static void choose_rows(trial *t, const mu_situation *s) {
    const bool is_all = needs_vehicles(s);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < row_count(&s->problem, r); ++i) {
            t->row[r][i] = is_all ? 0 : MUSTER_NONE;
        }
    }
    for (uint32_t r = 0; r < s->problem.rule_count; ++r) {
        if (is_doubtful(s, r)) t->row[s->rule[r].resource][s->rule[r].index] = 0;
    }
}

static void copy_row(trial *t, const muster_problem *p, unsigned resource, uint32_t from,
                     uint32_t to) {
    if (resource == MUSTER_PEOPLE) {
        t->team[to] = p->team[from];
    } else if (resource == MUSTER_VEHICLE) {
        t->vehicle[to] = p->vehicle[from];
    } else if (resource == MUSTER_MACHINE) {
        t->machine[to] = p->machine[from];
    } else {
        t->stock[to] = p->stock[from];
    }
}

/* Cover does not matter here. */
static void set_rows(trial *t, const mu_situation *s) {
    muster_problem *p       = &t->problem;
    uint32_t *const COUNT[] = {&p->team_count, &p->vehicle_count, &p->machine_count,
                               &p->stock_count};
    *p                      = s->problem;
    choose_rows(t, s);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        *COUNT[r] = 0;
        for (uint32_t i = 0; i < row_count(&s->problem, r); ++i) {
            if (t->row[r][i] == MUSTER_NONE) continue;
            copy_row(t, &s->problem, r, i, *COUNT[r]);
            t->row[r][i] = (*COUNT[r])++;
        }
    }
    p->team       = t->team;
    p->vehicle    = t->vehicle;
    p->machine    = t->machine;
    p->stock      = t->stock;
    p->zone_count = 0;
}

/* What is on its way has no part in it, unless vehicles have: then all rows are there. */
static void set_rules(trial *t, const mu_situation *s) {
    const bool is_all     = needs_vehicles(s);
    t->problem.rule       = t->rule;
    t->problem.rule_count = 0;
    for (uint32_t r = 0; r < s->problem.rule_count; ++r) {
        muster_rule rule = s->rule[r];
        rule.index       = t->row[rule.resource][rule.index];
        if (rule.index == MUSTER_NONE || (rule.type == MUSTER_EN_ROUTE && !is_all)) continue;
        t->rule_of[t->problem.rule_count] = r;
        t->rule[t->problem.rule_count++]  = rule;
    }
}

/* The weakest of those that are guilty; of equals the last. */
static uint32_t choose_victim(const trial *t, const mu_situation *s, uint32_t count) {
    uint32_t victim = MUSTER_NONE;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t r = t->rule_of[t->guilty[i]];
        if (victim == MUSTER_NONE || s->word[r].strength < s->word[victim].strength ||
            (s->word[r].strength == s->word[victim].strength && r > victim)) {
            victim = r;
        }
    }
    return victim;
}

static const char *why(muster_conflict conflict) {
    static const char *const WHY[] = {
        [MUSTER_CONFLICT_UNSUITABLE]  = "nothing that it could serve is needed there",
        [MUSTER_CONFLICT_UNREACHABLE] = "no road leads there any more",
        [MUSTER_CONFLICT_SHIFT]       = "its shift ends first",
        [MUSTER_CONFLICT_FORBIDDEN]   = "it is forbidden to go there",
        [MUSTER_CONFLICT_HELD]        = "it is on hold",
        [MUSTER_CONFLICT_TOO_MANY]    = "more is locked than there is",
        [MUSTER_CONFLICT_NO_VEHICLE]  = "no vehicles can bring all that is locked"};
    return WHY[conflict];
}

static muster_status leave_out(mu_situation *s, uint32_t victim, muster_conflict conflict) {
    const muster_rule       *rule     = &s->rule[victim];
    const mu_situation_word *word     = &s->word[victim];
    const bool               is_place = rule->type == MUSTER_LOCK || rule->type == MUSTER_FORBID;
    const char              *incident = is_place ? s->problem.incident[rule->incident].code : "";
    const char              *code     = unit_of(&s->problem, rule->resource, rule->index)->code;
    if (word->order > 0) {
        MU_TRY(mu_situation_add_note(
            s, word->order, NULL, "order %" PRIu64 " of \"%s\" to \"%s\" cannot stay as it is: %s",
            word->order, code, incident, why(conflict)));
    } else {
        MU_TRY(mu_situation_add_note(s, 0, word->rule,
                                     "rule \"%s\" of \"%s\" to \"%s\" cannot be obeyed: %s",
                                     word->rule, code, incident, why(conflict)));
    }
    const muster_rule       gone  = *rule;
    const mu_situation_word said  = *word;
    const size_t            after = s->problem.rule_count - victim - (size_t)1;
    memmove(&s->rule[victim], &s->rule[victim + 1], after * sizeof *s->rule);
    memmove(&s->word[victim], &s->word[victim + 1], after * sizeof *s->word);
    --s->problem.rule_count;
    if (said.order > 0 || gone.type != MUSTER_LOCK) return MUSTER_OK;
    if (is_whole(gone.resource)) {
        return go_nowhere_else(s, gone.resource, gone.index, said.own, gone.incident, said.rule);
    }
    keep_back(s, gone.resource, gone.index, said.kept);
    return MUSTER_OK;
}

static muster_status settle_one(mu_situation *s, trial *t, muster_conflict *out) {
    uint32_t count;
    MU_TRY(trial_alloc(t, s));
    set_rows(t, s);
    set_rules(t, s);
    MU_TRY(muster_problem_conflict(&t->problem, out, t->guilty, &count));
    if (*out == MUSTER_NO_CONFLICT) return MUSTER_OK;
    return leave_out(s, choose_victim(t, s, count), *out);
}

/* One after the other, as long as there is something in doubt. */
static muster_status settle_locks(mu_situation *s) {
    muster_conflict conflict = MUSTER_CONFLICT_UNSUITABLE;
    while (conflict != MUSTER_NO_CONFLICT && has_doubt(s)) {
        trial               t      = {0};
        const muster_status status = settle_one(s, &t, &conflict);
        trial_fini(&t);
        MU_TRY(status);
    }
    return MUSTER_OK;
}

muster_status mu_situation_settle(mu_situation *s) {
    MU_TRY(settle_all_on_scene(s));
    return settle_locks(s);
}
