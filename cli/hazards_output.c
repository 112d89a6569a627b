/* Hazards for people, for programs, and as GeoJSON for their map. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/geojson.h"
#include "cli/hazards_answer.h"
#include "cli/text_width.h"

enum { NAME_WIDTH = 40, CODE_WIDTH = 32, MOST_NAMES = 8 };

static const char *kind_of(const muster_hazard *h) {
    return muster_hazard_kind_name((muster_hazard_kind)h->kind);
}

/* ---- text ------------------------------------------------------------------------------ */

static void print_time(FILE *stream, int64_t from_s, int64_t to_s) {
    char from[MUSTER_MOMENT_BYTES], to[MUSTER_MOMENT_BYTES];
    fprintf(stream, "%-20s to %-20s", muster_moment_text(from, from_s),
            muster_moment_text(to, to_s));
}

static void print_name(FILE *stream, const char *name) {
    if (!name) return;
    fputs("  ", stream);
    text_print_cut(stream, name, NAME_WIDTH);
}

static void print_count(FILE *stream, uint32_t count, const char *what) {
    if (count > 0) fprintf(stream, " %10" PRIu32 " %s%s", count, what, count == 1 ? " " : "s");
}

static void print_hazard(FILE *stream, const muster_hazard *h) {
    fprintf(stream, "  %-8s", kind_of(h));
    print_time(stream, h->starts_at_s, h->ends_at_s);
    if (h->area.polygon_count > 0) fprintf(stream, " %10.2f km2", h->area.area_m2 / 1e6);
    print_count(stream, h->lines.line_count, "line");
    print_count(stream, h->points.point_count, "point");
    print_count(stream, h->edge_count, "edge");
    if (h->kind == MUSTER_HAZARD_FLOOD && isfinite(h->depth_m)) {
        fprintf(stream, "  %.2f m", h->depth_m);
    }
    if (h->wind_force > 0) fprintf(stream, "  force %u", h->wind_force);
    if (!isnan(h->speed_factor)) fprintf(stream, "  x %g", h->speed_factor);
    if (h->severity < MUSTER_SEVERITY_COUNT) {
        fprintf(stream, "  %s", muster_severity_name((muster_severity)h->severity));
    }
    fputs("  ", stream);
    text_print_cut(stream, h->code, CODE_WIDTH);
    print_name(stream, h->name);
    fputc('\n', stream);
}

static void print_track(FILE *stream, const muster_track *t) {
    fprintf(stream, "  %-8s", "typhoon");
    print_time(stream, t->point[0].at_s, t->point[t->point_count - 1].at_s);
    fprintf(stream, " %10" PRIu32 " points  ", t->point_count);
    text_print_cut(stream, t->code, CODE_WIDTH);
    print_name(stream, t->name);
    fputc('\n', stream);
}

static void print_hazards(const hazards_answer *a, FILE *stream) {
    uint32_t             count, tracks;
    const muster_hazard *hazard = muster_hazards_list(a->files->hazards, &count);
    const muster_track  *track  = muster_hazards_tracks(a->files->hazards, &tracks);
    fprintf(stream, "%-10s%" PRIu32 "\n", "hazards", count + tracks);
    for (uint32_t i = 0; i < tracks; ++i) print_track(stream, &track[i]);
    for (uint32_t i = 0; i < count; ++i) print_hazard(stream, &hazard[i]);
}

static void print_messages(const hazards_answer *a, FILE *stream) {
    const muster_alerts_data d = muster_alerts_view(a->files->alerts);
    if (d.alert_count == 0) return;
    fprintf(stream, "%-10s%" PRIu32 "\n", "messages", d.alert_count);
    for (uint32_t i = 0; i < d.alert_count; ++i) {
        const muster_alert *m = &d.alert[i];
        char                sent[MUSTER_MOMENT_BYTES];
        fprintf(stream, "  %-6s %-8s %s  ", muster_alert_type_name((muster_alert_type)m->type),
                muster_alert_status_name((muster_alert_status)m->status),
                muster_moment_text(sent, m->sent_s));
        text_print_cut(stream, m->identifier, CODE_WIDTH);
        if (m->replaced_by != MUSTER_NONE) {
            const muster_alert *by = &d.alert[m->replaced_by];
            fprintf(stream, "  %s by %s",
                    by->type == MUSTER_ALERT_CANCEL ? "cancelled" : "replaced", by->identifier);
        }
        fputc('\n', stream);
    }
}

static void print_words(FILE *stream, const char *label, uint32_t bits, const char *const *word,
                        uint32_t count) {
    fprintf(stream, "  %s", label);
    for (uint32_t w = 0; w < count; ++w) {
        if (bits >> w & 1) fprintf(stream, " %s", word[w]);
    }
    fputc('\n', stream);
}

static void print_readiness(const hazards_answer *a, FILE *stream) {
    uint32_t                 count, recipients, channels;
    const muster_signal     *s         = muster_signals_list(a->table, &count);
    const muster_alerts_data d         = muster_alerts_view(a->files->alerts);
    const char *const       *recipient = muster_signals_recipients(a->table, &recipients);
    const char *const       *channel   = muster_signals_channels(a->table, &channels);
    if (d.alert_count == 0) return;
    fprintf(stream, "%-10s%" PRIu32 "\n", "signals", a->signal_count);
    for (uint32_t i = 0; i < a->signal_count; ++i) {
        const muster_signal     *one  = &s[a->signal[i]];
        const muster_alert_info *info = &d.info[a->signal_info[i]];
        fprintf(stream, "  %s %s (%s)", one->code,
                muster_signal_colour_name((muster_signal_colour)one->colour), one->name);
        print_name(stream, info->headline ? info->headline : info->event);
        fputc('\n', stream);
    }
    if (a->readiness.level == 0) return;
    fprintf(stream, "%-10slevel %u\n", "readiness", a->readiness.level);
    print_words(stream, "recipients", a->readiness.recipients, recipient, recipients);
    print_words(stream, "channels  ", a->readiness.channels, channel, channels);
}

static void print_inside(const hazards_answer *a, const hazard_effect *e, FILE *stream) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(a->sites, &count);
    fprintf(stream, "      inside %" PRIu32, e->inside_count);
    for (uint32_t i = 0; i < e->inside_count && i < MOST_NAMES; ++i) {
        fprintf(stream, "%s %s", i == 0 ? ":" : ",", site[e->inside[i]].name);
    }
    if (e->inside_count > MOST_NAMES) fprintf(stream, ", ...");
    fputc('\n', stream);
}

static void print_active(const hazards_answer *a, FILE *stream) {
    uint32_t             count;
    const muster_hazard *hazard = muster_hazards_list(a->active, &count);
    char                 when[MUSTER_MOMENT_BYTES];
    fprintf(stream, "%-10s%s: %" PRIu32 " hold", "at", muster_moment_text(when, a->at_s), count);
    fprintf(stream, a->profile ? ", for %s\n" : "\n", a->profile);
    for (uint32_t i = 0; i < count; ++i) {
        const hazard_effect *e = &a->effect[i];
        print_hazard(stream, &hazard[i]);
        if (a->profile) {
            fprintf(stream,
                    "      closed %" PRIu32 " edges, %.2f km; slowed %" PRIu32
                    ", %.2f km; spared %" PRIu32 "\n",
                    e->closed_count, e->closed_m / 1000, e->slowed_count, e->slowed_m / 1000,
                    e->spared_count);
        }
        if (a->sites) print_inside(a, e, stream);
    }
}

void hazards_answer_print(const hazards_answer *a, FILE *stream) {
    print_hazards(a, stream);
    print_messages(a, stream);
    print_readiness(a, stream);
    if (a->at) print_active(a, stream);
}

/* ---- JSON ------------------------------------------------------------------------------ */

/* null for what has no beginning, or no end. */
static json_t *json_of_moment(int64_t moment_s) {
    char text[MUSTER_MOMENT_BYTES];
    if (moment_s == MUSTER_MOMENT_FIRST || moment_s == MUSTER_MOMENT_LAST) return json_null();
    return json_string(muster_moment_text(text, moment_s));
}

static json_t *json_of_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_of_edges(const muster_hazard *h) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < h->edge_count; ++i) {
        json_array_append_new(list, json_integer((json_int_t)h->edge_id[i]));
    }
    return list;
}

static json_t *json_of_hazard(const muster_hazard *h) {
    return json_pack("{s:s, s:s?, s:s?, s:s, s:s?, s:s?, s:s?, s:o, s:o, s:i, s:o, s:o, s:f, s:o}",
                     "code", h->code, "name", h->name, "source", h->source, "kind", kind_of(h),
                     "severity", muster_severity_name((muster_severity)h->severity), "urgency",
                     muster_urgency_name((muster_urgency)h->urgency), "certainty",
                     muster_certainty_name((muster_certainty)h->certainty), "depth_m",
                     h->kind == MUSTER_HAZARD_FLOOD ? json_of_number(h->depth_m) : json_null(),
                     "speed_factor", json_of_number(h->speed_factor), "wind_force", h->wind_force,
                     "starts_at", json_of_moment(h->starts_at_s), "ends_at",
                     json_of_moment(h->ends_at_s), "area_m2", h->area.area_m2, "edges",
                     json_of_edges(h));
}

static json_t *json_of_hazards(const muster_hazards *set) {
    uint32_t             count;
    const muster_hazard *hazard = muster_hazards_list(set, &count);
    json_t              *list   = json_array();
    for (uint32_t i = 0; i < count; ++i) json_array_append_new(list, json_of_hazard(&hazard[i]));
    return list;
}

static json_t *json_of_tracks(const muster_hazards *set) {
    uint32_t            count;
    const muster_track *track = muster_hazards_tracks(set, &count);
    json_t             *list  = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        const muster_track *t = &track[i];
        json_array_append_new(list, json_pack("{s:s, s:s?, s:s?, s:o, s:o, s:I}", "code", t->code,
                                              "name", t->name, "source", t->source, "starts_at",
                                              json_of_moment(t->point[0].at_s), "ends_at",
                                              json_of_moment(t->point[t->point_count - 1].at_s),
                                              "points", (json_int_t)t->point_count));
    }
    return list;
}

static json_t *json_of_notes(const muster_hazards *set) {
    uint32_t                  count;
    const muster_hazard_note *note   = muster_hazards_notes(set, &count);
    static const char *const  KIND[] = {"repaired", "cut", "left out"};
    json_t                   *list   = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:f, s:f}", "kind", KIND[note[i].kind],
                                              "text", note[i].text, "before_m2", note[i].before_m2,
                                              "after_m2", note[i].after_m2));
    }
    return list;
}

static json_t *json_of_messages(const muster_alerts *alerts) {
    const muster_alerts_data d    = muster_alerts_view(alerts);
    json_t                  *list = json_array();
    for (uint32_t i = 0; i < d.alert_count; ++i) {
        const muster_alert *m = &d.alert[i];
        const char *by = m->replaced_by == MUSTER_NONE ? NULL : d.alert[m->replaced_by].identifier;
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:s?}", "file", m->file, "identifier",
                      m->identifier, "sender", m->sender, "sent", json_of_moment(m->sent_s),
                      "status", muster_alert_status_name((muster_alert_status)m->status), "type",
                      muster_alert_type_name((muster_alert_type)m->type), "replaced_by", by));
    }
    return list;
}

static json_t *json_of_words(uint32_t bits, const char *const *word, uint32_t count) {
    json_t *list = json_array();
    for (uint32_t w = 0; w < count; ++w) {
        if (bits >> w & 1) json_array_append_new(list, json_string(word[w]));
    }
    return list;
}

static json_t *json_of_readiness(const hazards_answer *a) {
    uint32_t             count, recipients, channels;
    const muster_signal *s         = muster_signals_list(a->table, &count);
    const char *const   *recipient = muster_signals_recipients(a->table, &recipients);
    const char *const   *channel   = muster_signals_channels(a->table, &channels);
    json_t              *signals   = json_array();
    for (uint32_t i = 0; i < a->signal_count; ++i) {
        const muster_signal *one = &s[a->signal[i]];
        json_array_append_new(
            signals,
            json_pack("{s:s, s:s, s:s, s:i}", "code", one->code, "name", one->name, "colour",
                      muster_signal_colour_name((muster_signal_colour)one->colour), "readiness",
                      one->readiness));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "level",
                     a->readiness.level > 0 ? json_integer(a->readiness.level) : json_null(),
                     "signals", signals, "recipients",
                     json_of_words(a->readiness.recipients, recipient, recipients), "channels",
                     json_of_words(a->readiness.channels, channel, channels));
}

static json_t *json_of_inside(const hazards_answer *a, const hazard_effect *e) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(a->sites, &count);
    json_t                  *list = json_array();
    for (uint32_t i = 0; i < e->inside_count; ++i) {
        const muster_named_site *s = &site[e->inside[i]];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:o}", "table", s->table, "level", s->level,
                            "code", s->code, "name", s->name, "population",
                            s->population < 0 ? json_null() : json_integer(s->population)));
    }
    return list;
}

static json_t *json_of_effect(const hazards_answer *a, uint32_t index, const muster_hazard *h) {
    const hazard_effect *e    = &a->effect[index];
    json_t              *json = json_pack("{s:s, s:s}", "code", h->code, "kind", kind_of(h));
    if (a->profile) {
        json_object_set_new(json, "roads",
                            json_pack("{s:I, s:f, s:I, s:f, s:I}", "closed_edges",
                                      (json_int_t)e->closed_count, "closed_m", e->closed_m,
                                      "slowed_edges", (json_int_t)e->slowed_count, "slowed_m",
                                      e->slowed_m, "spared_edges", (json_int_t)e->spared_count));
    }
    if (a->sites) json_object_set_new(json, "inside", json_of_inside(a, e));
    return json;
}

static json_t *json_of_active(const hazards_answer *a) {
    uint32_t             count;
    const muster_hazard *hazard = muster_hazards_list(a->active, &count);
    json_t              *list   = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(list, json_of_effect(a, i, &hazard[i]));
    }
    return json_pack("{s:o, s:s?, s:o}", "moment", json_of_moment(a->at_s), "profile", a->profile,
                     "hazards", list);
}

json_t *hazards_answer_json(const hazards_answer *a) {
    json_t *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "hazards", json_of_hazards(a->files->hazards), "tracks",
        json_of_tracks(a->files->hazards), "notes", json_of_notes(a->files->hazards), "messages",
        json_of_messages(a->files->alerts), "readiness", json_of_readiness(a));
    if (json && a->at && json_object_set_new(json, "at", json_of_active(a)) != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* Edges alone have none: their ids are among the properties. */
static json_t *geometry_of(const muster_hazard *h) {
    if (h->area.polygon_count > 0) return geojson_multipolygon(&h->area);
    if (h->lines.line_count > 0) return geojson_multiline(&h->lines);
    return h->points.point_count > 0 ? geojson_multipoint(&h->points) : json_null();
}

json_t *hazards_answer_geojson(const hazards_answer *a) {
    uint32_t             count;
    const muster_hazard *hazard =
        muster_hazards_list(a->at ? a->active : a->files->hazards, &count);
    json_t *features = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(features,
                              geojson_feature(geometry_of(&hazard[i]), json_of_hazard(&hazard[i])));
    }
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
}
