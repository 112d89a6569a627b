/* From alerts to hazards: those that stand, in one language, area by area. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/alerts.h"
#include "gis/decimal.h"
#include "gis/hazards.h"
#include "gis/star_area.h"
#include "gis/utf8.h"

enum { CODE_BYTES = 300, SOURCE_BYTES = 300, FILE_BYTES = 160, SHOWN_BYTES = 80 };

static const muster_alert_options DEFAULTS = MUSTER_ALERT_OPTIONS_INIT;

/* ---- which blocks count ---------------------------------------------------------------- */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "zh" matches "zh-CN" and "ZH" (RFC 4647, basic filtering). */
static bool is_language(const char *language, const char *wanted) {
    size_t i = 0;
    while (wanted[i] != 0 && lower(language[i]) == lower(wanted[i])) ++i;
    return wanted[i] == 0 && (language[i] == 0 || language[i] == '-');
}

/* The language in which a message is read. */
static const char *language_of(const muster_alerts_data *data, const muster_alert *alert,
                               const char *wanted) {
    for (uint32_t i = 0; i < alert->info_count; ++i) {
        const char *language = data->info[alert->first_info + i].language;
        if (is_language(language, wanted)) return wanted;
    }
    return data->info[alert->first_info].language;
}

static bool stands(const muster_alert *alert, const muster_alert_options *options) {
    const bool is_status = alert->status == MUSTER_ALERT_ACTUAL ||
                           (options->takes_exercises && alert->status == MUSTER_ALERT_EXERCISE);
    const bool is_type = alert->type == MUSTER_ALERT_ALERT || alert->type == MUSTER_ALERT_UPDATE;
    return is_status && is_type && alert->replaced_by == MUSTER_NONE;
}

bool muster_alert_info_counts(const muster_alerts_data *data, uint32_t alert, uint32_t info,
                              const muster_alert_options *options) {
    const muster_alert *a = &data->alert[alert];
    if (!options) options = &DEFAULTS;
    return stands(a, options) &&
           is_language(data->info[info].language, language_of(data, a, options->language));
}

int64_t muster_alert_info_begins_s(const muster_alert *alert, const muster_alert_info *info) {
    if (info->onset_s > MUSTER_MOMENT_FIRST) return info->onset_s;
    return info->effective_s > MUSTER_MOMENT_FIRST ? info->effective_s : alert->sent_s;
}

/* ---- one area -------------------------------------------------------------------------- */

typedef struct alert_reader {
    muster_hazards           *hazards;
    const muster_alerts_data *data;
    mu_rings                  rings;
} alert_reader;

/* The value of a parameter of the block; NULL where it has none. */
static const char *parameter_of(const muster_alerts_data *data, const muster_alert_info *info,
                                const char *name) {
    for (uint32_t v = info->first_value; v < info->first_value + info->value_count; ++v) {
        const muster_alert_value *value = &data->value[v];
        if (value->kind == MUSTER_ALERT_PARAMETER && strcmp(value->name, name) == 0) {
            return value->value;
        }
    }
    return NULL;
}

static muster_status refuse(const muster_hazard *h, const char *name, const char *value,
                            const char *expected) {
    char shown[SHOWN_BYTES];
    mu_quote(shown, sizeof shown, value);
    return muster_fail(MUSTER_E_INVALID, "%s: parameter %s is %s; expected %s", h->source, name,
                       shown, expected);
}

static muster_status read_number(const alert_reader *r, const muster_alert_info *info,
                                 const muster_hazard *h, const char *name, double most,
                                 double *out) {
    const char *text = parameter_of(r->data, info, name);
    double      value;
    char        expected[48];
    if (!text) return MUSTER_OK;
    if (mu_decimal_parse(text, &value) && value >= 0 && value <= most) {
        *out = value;
        return MUSTER_OK;
    }
    snprintf(expected, sizeof expected, "a number from 0 to %g", most);
    return refuse(h, name, text, expected);
}

static muster_status read_parameters(const alert_reader *r, const muster_alert_info *info,
                                     muster_hazard *h) {
    const char *kind  = parameter_of(r->data, info, "muster.kind");
    double      force = 0;
    h->kind           = (uint8_t)(kind ? muster_hazard_kind_from_name(kind) : MUSTER_HAZARD_ALERT);
    if (h->kind == MUSTER_HAZARD_KIND_COUNT) {
        return refuse(h, "muster.kind", kind, "flood, wind, plume, closure or alert");
    }
    MU_TRY(read_number(r, info, h, "muster.depth_m", 12000, &h->depth_m));
    MU_TRY(read_number(r, info, h, "muster.speed_factor", 1, &h->speed_factor));
    MU_TRY(read_number(r, info, h, "muster.wind_force", MUSTER_WIND_FORCE_MOST, &force));
    h->wind_force = (uint8_t)force;
    return MUSTER_OK;
}

static muster_status take_ring(alert_reader *r, uint32_t ring) {
    const uint32_t *first = r->data->ring_first_point;
    double         *lon, *lat;
    const uint32_t  count = first[ring + 1] - first[ring];
    MU_TRY(mu_parts_add_points(&r->rings.parts, count, &lon, &lat));
    memcpy(lon, r->data->ring_lon_deg + first[ring], count * sizeof *lon);
    memcpy(lat, r->data->ring_lat_deg + first[ring], count * sizeof *lat);
    MU_TRY(mu_parts_end(&r->rings.parts));
    return mu_rings_end_polygon(&r->rings);
}

static muster_status take_circle(alert_reader *r, const muster_alert_circle *c) {
    const mu_star_arc arc = {0, 360, c->radius_m};
    MU_TRY(mu_star_ring(&r->rings.parts, c->lon_deg, c->lat_deg, 1, &arc));
    return mu_rings_end_polygon(&r->rings);
}

static muster_status take_area(alert_reader *r, const muster_alert_area *area,
                               const muster_hazard *h) {
    mu_rings_clear(&r->rings);
    for (uint32_t i = 0; i < area->ring_count; ++i) MU_TRY(take_ring(r, area->first_ring + i));
    for (uint32_t i = 0; i < area->circle_count; ++i) {
        MU_TRY(take_circle(r, &r->data->circle[area->first_circle + i]));
    }
    if (area->ring_count + area->circle_count == 0) {
        return mu_hazards_note_left_out(r->hazards, h, "has neither polygon nor circle");
    }
    if (h->starts_at_s >= h->ends_at_s) {
        return mu_hazards_note_left_out(r->hazards, h, "expires before it begins");
    }
    return mu_hazards_add_rings(r->hazards, h, &r->rings);
}

/* ---- one message ----------------------------------------------------------------------- */

static void tell_source(char out[SOURCE_BYTES], const muster_alert *alert, const char *area) {
    char file[FILE_BYTES], quoted[SHOWN_BYTES];
    mu_keep_end(file, sizeof file, alert->file);
    mu_quote(quoted, sizeof quoted, area ? area : "");
    snprintf(out, SOURCE_BYTES, "\"%s\", area %s", file, quoted);
}

/* The code of a message's only area is its identifier. */
static muster_status add_area(alert_reader *r, const muster_alert *alert, uint32_t info_index,
                              uint32_t area_index, bool is_only) {
    const muster_alert_info *info = &r->data->info[alert->first_info + info_index];
    const muster_alert_area *area = &r->data->area[info->first_area + area_index];
    muster_hazard            h    = MUSTER_HAZARD_INIT;
    char                     code[CODE_BYTES], source[SOURCE_BYTES], name[CODE_BYTES - 40];
    mu_keep_end(name, sizeof name, alert->identifier);
    if (is_only) {
        snprintf(code, sizeof code, "%s", name);
    } else {
        snprintf(code, sizeof code, "%s/%u/%u", name, info_index + 1, area_index + 1);
    }
    tell_source(source, alert, area->description);
    h.code        = code;
    h.name        = info->headline ? info->headline : info->event;
    h.source      = source;
    h.severity    = info->severity;
    h.urgency     = info->urgency;
    h.certainty   = info->certainty;
    h.starts_at_s = muster_alert_info_begins_s(alert, info);
    h.ends_at_s   = info->expires_s;
    MU_TRY(read_parameters(r, info, &h));
    return take_area(r, area, &h);
}

static uint32_t count_areas(const muster_alerts_data *data, uint32_t alert,
                            const muster_alert_options *options) {
    const muster_alert *a     = &data->alert[alert];
    uint32_t            count = 0;
    for (uint32_t i = a->first_info; i < a->first_info + a->info_count; ++i) {
        if (muster_alert_info_counts(data, alert, i, options)) count += data->info[i].area_count;
    }
    return count;
}

static muster_status add_alert(alert_reader *r, uint32_t alert,
                               const muster_alert_options *options) {
    const muster_alert *a     = &r->data->alert[alert];
    const uint32_t      areas = count_areas(r->data, alert, options);
    for (uint32_t i = 0; i < a->info_count; ++i) {
        if (!muster_alert_info_counts(r->data, alert, a->first_info + i, options)) continue;
        for (uint32_t k = 0; k < r->data->info[a->first_info + i].area_count; ++k) {
            MU_TRY(add_area(r, a, i, k, areas == 1));
        }
    }
    return MUSTER_OK;
}

muster_status muster_hazards_add_alerts(muster_hazards *hazards, const muster_alerts *alerts,
                                        const muster_alert_options *options) {
    const muster_alerts_data data = muster_alerts_view(alerts);
    alert_reader             r    = {.hazards = hazards, .data = &data, .rings.may_overlap = true};
    muster_status            status = MUSTER_OK;
    if (!options) options = &DEFAULTS;
    if (options->struct_size != sizeof *options || !options->language) {
        return muster_fail(MUSTER_E_INVALID,
                           "alert options have struct_size %zu; expected %zu, and a language",
                           options->struct_size, sizeof *options);
    }
    for (uint32_t i = 0; i < data.alert_count && status == MUSTER_OK; ++i) {
        status = add_alert(&r, i, options);
    }
    mu_rings_fini(&r.rings);
    return status;
}
