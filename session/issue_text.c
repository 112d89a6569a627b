#include "session/issue_text.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/event_json.h"

static const char BEGINNING[] = "{\"type\":\"plan_committed\",";

bool mu_issue_is(const char *json, size_t size) {
    return size >= sizeof BEGINNING - 1 && memcmp(json, BEGINNING, sizeof BEGINNING - 1) == 0;
}

/* ---- the plan ------------------------------------------------------------------------------- */

static int put(const char *bytes, size_t size, void *writer) {
    mu_write_bytes(writer, bytes, size);
    return 0;
}

/* An object of the caller's, in the one way in which jansson writes it: reading and writing it again
 * changes nothing any more. Give it to mu_free. (jansson's own texts may lack a key's end where memory runs
 * out, and it does not say so: 2.14, do_dump.) */
static muster_status write_plan(char **out, json_t *plan) {
    mu_json_writer writer = {0};
    *out                  = NULL;
    if (!json_is_object(plan)) {
        return muster_fail(MUSTER_E_INVALID, "plan is no object; expected {...}");
    }
    const int failed =
        json_dump_callback(plan, put, &writer, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (failed == 0 && writer.status == MUSTER_OK) {
        *out = writer.text;
        return MUSTER_OK;
    }
    mu_free(writer.text);
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the text of a plan");
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_authority(mu_json_writer *w, const mu_base *b, const char *key, uint32_t row) {
    if (row != MUSTER_NONE) mu_write_text(w, key, b->authority[row].code);
}

static void write_trip(mu_json_writer *w, const mu_base *b, const mu_world_order *o) {
    mu_write_text(w, "warehouse", b->unit[MUSTER_ITEM][o->warehouse].code);
    if (o->is_loaded) mu_write_flag(w, "is_loaded", true);
    mu_write_int(w, "load_at_ms", o->load_at_ms);
}

static void write_order(mu_json_writer *w, const mu_world *world, const mu_world_order *o) {
    const mu_base          *b    = world->base;
    const mu_base_unit     *u    = &b->unit[o->resource][o->unit];
    const muster_event_unit unit = {o->resource, u->code,
                                    o->resource == MUSTER_ITEM ? b->kind[u->kind].code : NULL};
    mu_write_open(w, NULL, '{');
    mu_write_unit(w, &unit);
    mu_write_text(w, "incident", world->incident[o->incident].code);
    if (o->need != MUSTER_NONE) mu_write_text(w, "need", b->kind[o->need].code);
    mu_write_int(w, "quantity", o->quantity);
    if (o->trip != 0) mu_write_int(w, "trip", (int64_t)o->trip);
    if (o->need == MUSTER_NONE) write_trip(w, b, o);
    mu_write_int(w, "depart_at_ms", o->depart_at_ms);
    mu_write_int(w, "eta_at_ms", o->eta_at_ms);
    mu_write_real(w, "distance_m", o->distance_m);
    write_authority(w, b, "consent", o->consent);
    if (o->claim != MUSTER_CLAIM_STATE_NONE) {
        mu_write_text(w, "claim", muster_claim_state_name((muster_claim_state)o->claim));
    }
    if (o->claim_number != 0) mu_write_int(w, "claim_number", o->claim_number);
    if (o->dispatch_order != 0) mu_write_int(w, "dispatch_order", o->dispatch_order);
    mu_write_close(w, '}');
}

static void write_issue(mu_json_writer *w, const mu_world *world, const mu_issue *issue,
                        const char *plan) {
    mu_write_open(w, NULL, '{');
    mu_write_text(w, "type", muster_event_type_name(MUSTER_EVENT_PLAN_COMMITTED));
    mu_write_text(w, "id", issue->id);
    mu_write_int(w, "time_ms", issue->at_ms);
    mu_write_text(w, "author", issue->author);
    mu_write_note(w, "authority", issue->authority);
    mu_write_int(w, "plan_sequence", (int64_t)issue->plan_sequence);
    mu_write_open(w, "cancelled", '[');
    for (uint32_t i = 0; i < issue->cancelled_count; ++i) {
        mu_write_int(w, NULL, (int64_t)issue->cancelled[i]);
    }
    mu_write_close(w, ']');
    mu_write_open(w, "order", '[');
    for (uint32_t i = 0; i < issue->order_count; ++i) write_order(w, world, &issue->order[i]);
    mu_write_close(w, ']');
    mu_write_json(w, "plan", plan);
    mu_write_close(w, '}');
}

/* What mu_world_check_issue has allowed can be written, but for the plan. */
muster_status mu_issue_write(char **out, size_t *out_size, const mu_world *world,
                             const mu_issue *issue) {
    mu_json_writer writer = {0};
    json_t        *plan;
    char          *text = NULL;
    *out                = NULL;
    *out_size           = 0;
    MU_TRY(mu_json_parse(&plan, "the plan", issue->plan_json, strlen(issue->plan_json)));
    const muster_status status = write_plan(&text, plan);
    json_decref(plan);
    if (status != MUSTER_OK) return status;
    write_issue(&writer, world, issue, text);
    mu_free(text);
    if (writer.status != MUSTER_OK) {
        mu_free(writer.text);
        return writer.status;
    }
    *out      = writer.text;
    *out_size = writer.size;
    return MUSTER_OK;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct mu_issue_text {
    mu_issue        issue;
    const mu_world *world; /* while it is read */
    mu_arena        arena;
};

static const char *claim_name(unsigned i) {
    return muster_claim_state_name((muster_claim_state)i);
}

static muster_status read_row(mu_issue_text *t, mu_fields *f, const char *key, bool needed,
                              uint32_t (*find)(const mu_world *, const char *), uint32_t *out) {
    const char *code = NULL;
    MU_TRY(mu_fields_text(f, key, needed, &t->arena, &code));
    if (!code) return MUSTER_OK;
    *out = find(t->world, code);
    return *out != MUSTER_NONE ? MUSTER_OK : mu_fields_refuse(f, key, "a code that is there");
}

static uint32_t find_kind(const mu_world *w, const char *code) {
    return mu_base_find_kind(w->base, code);
}

static uint32_t find_authority(const mu_world *w, const char *code) {
    return mu_base_find_authority(w->base, code);
}

/* The first row of a warehouse. */
static uint32_t find_warehouse(const mu_world *w, const char *code) {
    const mu_base *b   = w->base;
    uint32_t       row = 0;
    while (row < b->unit_count[MUSTER_ITEM] && strcmp(b->unit[MUSTER_ITEM][row].code, code) != 0) {
        ++row;
    }
    return row < b->unit_count[MUSTER_ITEM] ? row : MUSTER_NONE;
}

static muster_status read_unit(mu_issue_text *t, mu_fields *f, mu_world_order *o) {
    const mu_base    *b    = t->world->base;
    muster_event_unit unit = {0};
    MU_TRY(mu_read_unit(f, &t->arena, &unit));
    const uint32_t kind = unit.kind ? mu_base_find_kind(b, unit.kind) : MUSTER_NONE;
    o->resource         = unit.resource;
    o->unit             = mu_base_find_unit(b, unit.resource, unit.code, kind);
    return o->unit != MUSTER_NONE ? MUSTER_OK : mu_fields_refuse(f, "unit", "one that is there");
}

static muster_status read_trip(mu_issue_text *t, mu_fields *f, mu_world_order *o) {
    uint8_t is_loaded = 0;
    MU_TRY(read_row(t, f, "warehouse", true, find_warehouse, &o->warehouse));
    MU_TRY(mu_fields_flag(f, "is_loaded", false, &is_loaded));
    o->is_loaded = is_loaded != 0;
    return mu_fields_int(f, "load_at_ms", true, INT64_MIN, INT64_MAX, &o->load_at_ms);
}

static muster_status read_order(mu_issue_text *t, const char *path, json_t *value,
                                mu_world_order *o) {
    mu_fields f;
    int64_t   trip = 0;
    *o = (mu_world_order){.need = MUSTER_NONE, .consent = MUSTER_NONE, .warehouse = MUSTER_NONE};
    MU_TRY(mu_fields_init(&f, path, value));
    MU_TRY(read_unit(t, &f, o));
    MU_TRY(read_row(t, &f, "incident", true, mu_world_find_incident, &o->incident));
    MU_TRY(read_row(t, &f, "need", false, find_kind, &o->need));
    MU_TRY(mu_fields_int(&f, "quantity", true, 1, MUSTER_MAX_QUANTITY, &o->quantity));
    MU_TRY(mu_fields_int(&f, "trip", false, 1, UINT32_MAX, &trip));
    o->trip = (uint64_t)trip;
    if (o->need == MUSTER_NONE) MU_TRY(read_trip(t, &f, o));
    MU_TRY(mu_fields_int(&f, "depart_at_ms", true, INT64_MIN, INT64_MAX, &o->depart_at_ms));
    MU_TRY(mu_fields_int(&f, "eta_at_ms", true, INT64_MIN, INT64_MAX, &o->eta_at_ms));
    MU_TRY(mu_fields_real(&f, "distance_m", true, &o->distance_m));
    MU_TRY(read_row(t, &f, "consent", false, find_authority, &o->consent));
    MU_TRY(mu_fields_word(&f, "claim", false, claim_name, MUSTER_CLAIM_STATE_COUNT, &o->claim));
    MU_TRY(mu_fields_int(&f, "claim_number", false, 0, INT64_MAX, &o->claim_number));
    MU_TRY(mu_fields_int(&f, "dispatch_order", false, 0, INT64_MAX, &o->dispatch_order));
    return mu_fields_end(&f);
}

static muster_status read_orders(mu_issue_text *t, mu_fields *in) {
    mu_world_order *order;
    json_t         *list, *value;
    size_t          i;
    MU_TRY(mu_fields_list(in, "order", true, &list));
    MU_TRY(mu_arena_take(&t->arena, &order, json_array_size(list), sizeof *order));
    json_array_foreach(list, i, value) {
        char path[MU_PATH_BYTES];
        snprintf(path, sizeof path, "order[%zu]", i);
        MU_TRY(read_order(t, path, value, &order[i]));
    }
    t->issue.order       = order;
    t->issue.order_count = (uint32_t)json_array_size(list);
    return MUSTER_OK;
}

static muster_status read_cancelled(mu_issue_text *t, mu_fields *in) {
    uint64_t *number;
    json_t   *list, *value;
    size_t    i;
    MU_TRY(mu_fields_list(in, "cancelled", true, &list));
    MU_TRY(mu_arena_take(&t->arena, &number, json_array_size(list), sizeof *number));
    json_array_foreach(list, i, value) {
        if (!json_is_integer(value) || json_integer_value(value) < 1) {
            return mu_fields_refuse(in, "cancelled", "numbers of orders, 1 or more");
        }
        number[i] = (uint64_t)json_integer_value(value);
    }
    t->issue.cancelled       = number;
    t->issue.cancelled_count = (uint32_t)json_array_size(list);
    return MUSTER_OK;
}

static muster_status read_plan(mu_issue_text *t, mu_fields *in) {
    char *text;
    MU_TRY(write_plan(&text, mu_fields_ask(in, "plan")));
    const muster_status status = mu_arena_text(&t->arena, &t->issue.plan_json, text);
    mu_free(text);
    return status;
}

static muster_status read_issue(mu_issue_text *t, json_t *document) {
    mu_issue   *issue    = &t->issue;
    const char *type     = NULL;
    int64_t     sequence = 0;
    mu_fields   f;
    MU_TRY(mu_fields_init(&f, "", document));
    MU_TRY(mu_fields_text(&f, "type", true, &t->arena, &type));
    if (strcmp(type, muster_event_type_name(MUSTER_EVENT_PLAN_COMMITTED)) != 0) {
        return mu_fields_refuse(&f, "type", "plan_committed");
    }
    MU_TRY(mu_fields_text(&f, "id", true, &t->arena, &issue->id));
    MU_TRY(mu_fields_int(&f, "time_ms", true, INT64_MIN, INT64_MAX, &issue->at_ms));
    MU_TRY(mu_fields_text(&f, "author", true, &t->arena, &issue->author));
    MU_TRY(mu_fields_text(&f, "authority", false, &t->arena, &issue->authority));
    MU_TRY(mu_fields_int(&f, "plan_sequence", true, 0, INT64_MAX, &sequence));
    issue->plan_sequence = (uint64_t)sequence;
    MU_TRY(read_cancelled(t, &f));
    MU_TRY(read_orders(t, &f));
    MU_TRY(read_plan(t, &f));
    return mu_fields_end(&f);
}

muster_status mu_issue_read(mu_issue_text **out, const mu_world *world, const char *json,
                            size_t size) {
    mu_issue_text *text;
    json_t        *document;
    *out = NULL;
    MU_TRY(mu_json_parse(&document, "the record", json, size));
    muster_status status = mu_alloc_zeroed(&text, 1, sizeof *text);
    if (status == MUSTER_OK) {
        text->world = world;
        status      = read_issue(text, document);
        text->world = NULL;
        if (status == MUSTER_OK) {
            *out = text;
        } else {
            mu_issue_text_free(text);
        }
    }
    json_decref(document);
    return status;
}

const mu_issue *mu_issue_of(const mu_issue_text *text) {
    return &text->issue;
}

void mu_issue_text_free(mu_issue_text *text) {
    if (!text) return;
    mu_arena_fini(&text->arena);
    mu_free(text);
}
