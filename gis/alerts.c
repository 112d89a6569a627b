/* A set of CAP messages: which are read, and which of them stand.
 *
 * A message is read to the end of the arrays, and the counts go back to what they were if it cannot be.
 * A message that is replaced or cancelled stays in the set and says by which: what holds depends on
 * all messages together, not on the order in which they come in. */
#include "gis/alerts.h"

#include <stdio.h>
#include <string.h>

#include "gis/file.h"
#include "gis/utf8.h"

muster_status muster_alerts_new(muster_alerts **out) {
    *out = NULL;
    return mu_gis_alloc_zeroed(out, 1, sizeof **out);
}

void muster_alerts_free(muster_alerts *a) {
    if (!a) return;
    mu_gis_free(a->alert);
    mu_gis_free(a->info);
    mu_gis_free(a->area);
    mu_gis_free(a->value);
    mu_gis_free(a->circle);
    mu_gis_free(a->reference);
    mu_parts_fini(&a->rings);
    mu_texts_fini(&a->texts);
    mu_gis_free(a);
}

muster_alerts_data muster_alerts_view(const muster_alerts *a) {
    static const uint32_t NOTHING[1] = {0};
    return (muster_alerts_data){.alert_count = a->alert_count,
                                .alert       = a->alert,
                                .info        = a->info,
                                .area        = a->area,
                                .value       = a->value,
                                .circle      = a->circle,
                                .reference   = a->reference,
                                .ring_first_point =
                                    a->rings.first_point ? a->rings.first_point : NOTHING,
                                .ring_lon_deg = a->rings.lon_deg,
                                .ring_lat_deg = a->rings.lat_deg};
}

/* ---- which stand ----------------------------------------------------------------------- */

static bool refers_to(const muster_alert_reference *r, const muster_alert *alert) {
    return r->sent_s == alert->sent_s && strcmp(r->identifier, alert->identifier) == 0 &&
           strcmp(r->sender, alert->sender) == 0;
}

static bool is_same(const muster_alert *a, const muster_alert *b) {
    return a->sent_s == b->sent_s && strcmp(a->identifier, b->identifier) == 0 &&
           strcmp(a->sender, b->sender) == 0;
}

/* An exercise cancels no actual alert. */
static bool may_replace(const muster_alert *by, const muster_alert *alert) {
    return by != alert && by->status == alert->status &&
           (by->type == MUSTER_ALERT_UPDATE || by->type == MUSTER_ALERT_CANCEL);
}

/* Message `by` replaces `index` where one of its references says so. */
static void follow(muster_alerts *a, uint32_t by, uint32_t index) {
    const muster_alert *newer = &a->alert[by];
    muster_alert       *older = &a->alert[index];
    if (!may_replace(newer, older)) return;
    for (uint32_t r = 0; r < newer->reference_count; ++r) {
        if (!refers_to(&a->reference[newer->first_reference + r], older)) continue;
        const bool is_last = older->replaced_by == MUSTER_NONE ||
                             a->alert[older->replaced_by].sent_s < newer->sent_s;
        if (is_last) older->replaced_by = by;
        return;
    }
}

/* What the last message does to the others, and they to it. */
static void follow_last(muster_alerts *a) {
    const uint32_t last = a->alert_count - 1;
    for (uint32_t i = 0; i < last; ++i) {
        follow(a, last, i);
        follow(a, i, last);
    }
}

static bool is_there_already(const muster_alerts *a) {
    const muster_alert *last = &a->alert[a->alert_count - 1];
    for (uint32_t i = 0; i + 1 < a->alert_count; ++i) {
        if (is_same(&a->alert[i], last)) return true;
    }
    return false;
}

/* ---- reading --------------------------------------------------------------------------- */

/* Back to an earlier state of the same set. Arrays may have moved, so counts alone go back. */
static void go_back(muster_alerts *a, const muster_alerts *before) {
    a->alert_count       = before->alert_count;
    a->info_count        = before->info_count;
    a->area_count        = before->area_count;
    a->value_count       = before->value_count;
    a->circle_count      = before->circle_count;
    a->reference_count   = before->reference_count;
    a->rings.count       = before->rings.count;
    a->rings.point_count = before->rings.point_count;
}

/* As many bytes as the file has at first. */
static muster_status read_bytes(const char *path, char **out, size_t *out_size) {
    char          name[160];
    unsigned char first;
    int64_t       file_bytes;
    mu_keep_end(name, sizeof name, path);
    MU_TRY(mu_file_peek(path, name, &first, 1, out_size, &file_bytes));
    if (file_bytes > MUSTER_ALERT_MOST_BYTES) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\" has %lld bytes; expected at most %d", name,
                           (long long)file_bytes, MUSTER_ALERT_MOST_BYTES);
    }
    MU_TRY(mu_gis_alloc(out, (size_t)file_bytes, 1));
    return mu_file_peek(path, name, (unsigned char *)*out, (size_t)file_bytes, out_size,
                        &file_bytes);
}

muster_status muster_alerts_add(muster_alerts *alerts, const char *path) {
    const muster_alerts before = *alerts;
    char               *text   = NULL;
    size_t              size   = 0;
    muster_status       status = read_bytes(path, &text, &size);
    if (status == MUSTER_OK) status = mu_cap_read(alerts, path, text, size);
    mu_gis_free(text);
    if (status != MUSTER_OK || is_there_already(alerts)) {
        go_back(alerts, &before);
        return status;
    }
    follow_last(alerts);
    return MUSTER_OK;
}
