#include "cli/replay_answer.h"

#include <inttypes.h>
#include <string.h>

#include "cli/journal_text.h"
#include "cli/text_width.h"

/* ---- text ---------------------------------------------------------------------------------- */

static void print_counts(FILE *stream, const muster_view *view) {
    uint32_t                    count, open = 0, state[MUSTER_ORDER_STATE_COUNT] = {0};
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    for (uint32_t i = 0; i < count; ++i) open += incident[i].closed_at_ms == 0;
    fprintf(stream, "incidents %" PRIu32 " open\n", open);
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t o = 0; o < count; ++o) ++state[order[o].state];
    fputs("orders   ", stream);
    for (int s = 0; s < MUSTER_ORDER_STATE_COUNT; ++s) {
        if (state[s] == 0) continue;
        fprintf(stream, " %" PRIu32 " %s", state[s],
                muster_order_state_name((muster_order_state)s));
    }
    fputs(count == 0 ? " none\n" : "\n", stream);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_commit(FILE *stream, const replay_commit *c) {
    char          moment[JOURNAL_MOMENT_BYTES];
    size_t        index;
    const json_t *tier, *plan = json_object_get(c->record, "plan");
    if (c->sequence == 0) {
        fputs("plan      none was committed by then\n", stream);
        return;
    }
    fprintf(stream, "plan      record %" PRIu64 ", %s, by %s", c->sequence,
            journal_moment(moment, c->at_ms), text_of(c->record, "author"));
    if (text_of(c->record, "authority")[0]) {
        fprintf(stream, " for %s", text_of(c->record, "authority"));
    }
    fprintf(stream, "\nknew      up to record %" JSON_INTEGER_FORMAT ", %s\n",
            json_integer_value(json_object_get(c->record, "plan_sequence")),
            journal_moment(moment, c->knew_at_ms));
    fprintf(stream, "made by   version %s in %" JSON_INTEGER_FORMAT " ms, %s\n",
            text_of(plan, "version"), json_integer_value(json_object_get(plan, "elapsed_ms")),
            text_of(plan, "outcome"));
    json_array_foreach(json_object_get(plan, "tiers"), index, tier) {
        fprintf(stream,
                "%-9s %-24s %18" JSON_INTEGER_FORMAT
                "   no plan has less than %" JSON_INTEGER_FORMAT "\n",
                index == 0 ? "quality" : "", text_of(tier, "tier"),
                json_integer_value(json_object_get(tier, "value")),
                json_integer_value(json_object_get(tier, "bound")));
    }
}

static void print_order(FILE *stream, const muster_order *o) {
    char moment[JOURNAL_MOMENT_BYTES];
    fprintf(stream, "order     %" PRIu64 ": %" PRId64 " of %s", o->number, o->quantity, o->unit);
    if (o->kind) fprintf(stream, " (%s)", o->kind);
    fprintf(stream, " to %s", o->incident);
    if (o->need) fprintf(stream, " for %s", o->need);
    if (o->warehouse) fprintf(stream, " by way of %s", o->warehouse);
    fprintf(stream, "\nissued    %s by %s", journal_moment(moment, o->issued_at_ms), o->issued_by);
    if (o->consent) fprintf(stream, ", with the consent of %s", o->consent);
    fprintf(stream, "\narrival   %s\n", journal_moment(moment, o->eta_at_ms));
    fprintf(stream, "state     %s since ", muster_order_state_name((muster_order_state)o->state));
    fprintf(stream, "%s by %s", journal_moment(moment, o->changed_at_ms), o->changed_by);
    if (o->reason) fprintf(stream, ": %s", o->reason);
    fputc('\n', stream);
}

void replay_answer_print(FILE *stream, const replay_answer *a) {
    char moment[JOURNAL_MOMENT_BYTES];
    fprintf(stream, "record    %" PRIu64 ", %s\n", muster_view_sequence(a->view),
            journal_moment(moment, a->at_ms));
    print_counts(stream, a->view);
    print_commit(stream, a->commit);
    if (a->order) print_order(stream, a->order);
    if (a->no_why) fprintf(stream, "why       %s\n", a->no_why);
    if (!a->why) return;
    fputc('\n', stream);
    explain_answer_print(stream, a->why);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *moment_json(int64_t time_ms) {
    char moment[JOURNAL_MOMENT_BYTES];
    return json_string(journal_moment(moment, time_ms));
}

static json_t *complete(json_t *array, bool ok) {
    if (ok) return array;
    json_decref(array);
    return NULL;
}

static json_t *order_json(const muster_order *o) {
    return json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:s*, s:s, s:s*, s:I, s:I, s:s*, s:o, s:o, s:o, s:o, s:s, s:s, s:s*, s:s*}",
        "number", (json_int_t)o->number, "sequence", (json_int_t)o->sequence, "state",
        muster_order_state_name((muster_order_state)o->state), "resource",
        muster_resource_name((muster_resource)o->resource), "unit", o->unit, "kind", o->kind,
        "incident", o->incident, "need", o->need, "quantity", (json_int_t)o->quantity, "trip",
        (json_int_t)o->trip, "warehouse", o->warehouse, "issued_at", moment_json(o->issued_at_ms),
        "changed_at", moment_json(o->changed_at_ms), "depart_at", moment_json(o->depart_at_ms),
        "eta_at", moment_json(o->eta_at_ms), "issued_by", o->issued_by, "changed_by", o->changed_by,
        "consent", o->consent, "reason", o->reason);
}

static json_t *orders_json(const muster_view *view) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    json_t             *array = json_array();
    bool                ok    = array != NULL;
    for (uint32_t o = 0; ok && o < count; ++o) {
        ok = json_array_append_new(array, order_json(&order[o])) == 0;
    }
    return complete(array, ok);
}

static json_t *needs_json(const muster_view_incident *incident) {
    json_t *array = json_array();
    bool    ok    = array != NULL;
    for (uint32_t n = 0; ok && n < incident->need_count; ++n) {
        const muster_view_need *need = &incident->need[n];
        ok                           = json_array_append_new(
                                           array,
                                           json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "kind", need->kind, "quantity",
                                                     (json_int_t)need->quantity, "minimum", (json_int_t)need->minimum,
                                                     "delivered", (json_int_t)need->delivered, "on_scene",
                                                     (json_int_t)need->on_scene, "coming", (json_int_t)need->coming)) == 0;
    }
    return complete(array, ok);
}

static json_t *incidents_json(const muster_view *view) {
    uint32_t                    count;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    json_t                     *array    = json_array();
    bool                        ok       = array != NULL;
    for (uint32_t i = 0; ok && i < count; ++i) {
        const muster_view_incident *one = &incident[i];
        ok =
            json_array_append_new(
                array, json_pack("{s:s, s:s*, s:f, s:f, s:s, s:s*, s:o, s:b, s:o}", "code",
                                 one->code, "name", one->name, "lon_deg", one->lon_deg, "lat_deg",
                                 one->lat_deg, "severity",
                                 muster_severity_name((muster_severity)one->severity), "authority",
                                 one->authority, "reported_at", moment_json(one->reported_at_ms),
                                 "is_open", one->closed_at_ms == 0, "needs", needs_json(one))) == 0;
    }
    return complete(array, ok);
}

static json_t *commit_json(const replay_commit *c) {
    if (c->sequence == 0) return json_null();
    return json_pack("{s:I, s:o, s:o, s:O}", "sequence", (json_int_t)c->sequence, "at",
                     moment_json(c->at_ms), "knew_at", moment_json(c->knew_at_ms), "record",
                     c->record);
}

json_t *replay_answer_json(const replay_answer *a) {
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s*}", "sequence",
                     (json_int_t)muster_view_sequence(a->view), "at", moment_json(a->at_ms),
                     "incidents", incidents_json(a->view), "orders", orders_json(a->view), "plan",
                     commit_json(a->commit), "order", a->order ? order_json(a->order) : json_null(),
                     "why", a->why ? explain_answer_needs_json(a->why) : json_null(), "no_why",
                     a->no_why);
}
