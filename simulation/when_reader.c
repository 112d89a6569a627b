/* When calls come and things break: moments, rates, or what a hazard's growth brings. */
#include <math.h>
#include <stdlib.h>

#include "simulation/scenario_tables.h"

enum { HOURS_OF_DAY = 24, HOUR_MS = 3600000, AT_MOST = 100000 };

static const double RATE_MOST = 100000; /* an hour */

static int by_time(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* at_min: a moment, or a list. */
static muster_status read_moments(mu_table *t, mu_when *w, int64_t length_ms) {
    const mu_toml *value = mu_table_ask(t, "at_min");
    const double   last  = (double)length_ms / MU_MINUTE_MS;
    const double  *minute;
    int64_t       *at_ms;
    double         one;
    uint32_t       count = 1;
    if (!value) return MUSTER_OK;
    if (value->kind == MU_TOML_LIST) {
        MU_TRY(mu_table_reals(t, "at_min", true, 1, 0, last, &minute, &count));
    } else {
        MU_TRY(mu_table_real(t, "at_min", true, 0, last, &one));
        minute = &one;
    }
    if (count > AT_MOST) return mu_table_refuse(t, "at_min", "at most %d moments", AT_MOST);
    MU_TRY(mu_table_room(t, &at_ms, count, sizeof *at_ms));
    for (uint32_t i = 0; i < count; ++i) at_ms[i] = (int64_t)llround(minute[i] * MU_MINUTE_MS);
    qsort(at_ms, count, sizeof *at_ms, by_time);
    w->at_ms    = at_ms;
    w->at_count = count;
    return MUSTER_OK;
}

/* ---- rates --------------------------------------------------------------------------------- */

static muster_status set_piece(mu_table *t, mu_when *w, double per_h) {
    mu_rate_piece *piece;
    MU_TRY(mu_table_room(t, &piece, 1, sizeof *piece));
    *piece         = (mu_rate_piece){0, per_h};
    w->piece       = piece;
    w->piece_count = 1;
    return MUSTER_OK;
}

static muster_status read_even(mu_table *t, mu_when *w) {
    double per_h = 0;
    MU_TRY(mu_table_real(t, "per_h", false, 0, RATE_MOST, &per_h));
    return per_h > 0 ? set_piece(t, w, per_h) : MUSTER_OK;
}

/* 24 rates by the clock on the wall, laid out over the scenario. */
static muster_status read_by_hour(mu_table *t, mu_when *w, const muster_scenario_about *about) {
    const double  *rate = NULL;
    uint32_t       count;
    mu_rate_piece *piece;
    MU_TRY(mu_table_reals(t, "per_h_by_hour", false, HOURS_OF_DAY, 0, RATE_MOST, &rate, &count));
    if (!rate) return MUSTER_OK;
    if (count != HOURS_OF_DAY) {
        return mu_table_refuse(t, "per_h_by_hour", "24 rates, from midnight on");
    }
    const int64_t  wall_ms = about->start_at_ms + (int64_t)about->clock_offset_min * 60000;
    const int64_t  first_h = wall_ms / HOUR_MS;
    const uint32_t hours   = (uint32_t)(about->length_ms / HOUR_MS) + 2;
    MU_TRY(mu_table_room(t, &piece, hours, sizeof *piece));
    for (uint32_t h = 0; h < hours; ++h) {
        const int64_t from_ms = (first_h + h) * HOUR_MS - wall_ms;
        piece[h] = (mu_rate_piece){from_ms > 0 ? from_ms : 0, rate[(first_h + h) % HOURS_OF_DAY]};
    }
    w->piece       = piece;
    w->piece_count = hours;
    return MUSTER_OK;
}

static muster_status read_piece(mu_table *t, const mu_toml *list, uint32_t index,
                                const mu_rate_piece *before, mu_rate_piece *out) {
    mu_table inside;
    MU_TRY(mu_table_item(t, "piece", list, index, &inside));
    MU_TRY(mu_table_duration(&inside, "from_min", true, MU_MINUTE_MS, 0, MU_MINUTES_MOST,
                             &out->from_ms));
    MU_TRY(mu_table_real(&inside, "per_h", true, 0, RATE_MOST, &out->per_h));
    MU_TRY(mu_table_end(&inside));
    if (!before || before->from_ms < out->from_ms) return MUSTER_OK;
    return mu_table_refuse(&inside, "from_min", "more than that of the piece before");
}

/* The first piece may begin late: before it nothing comes. */
static muster_status read_pieces(mu_table *t, mu_when *w) {
    const mu_toml *list;
    mu_rate_piece *piece;
    MU_TRY(mu_table_list(t, "piece", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &piece, list->count + 1, sizeof *piece));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_piece(t, list, i, i > 0 ? &piece[i] : NULL, &piece[i + 1]));
    }
    w->piece       = piece[1].from_ms > 0 ? piece : piece + 1;
    w->piece_count = list->count + (piece[1].from_ms > 0);
    return MUSTER_OK;
}

static muster_status read_growth(mu_table *t, mu_when *w) {
    MU_TRY(mu_table_code(t, "hazard", false, &w->hazard));
    MU_TRY(mu_table_real(t, "per_km2", w->hazard != NULL, 0, RATE_MOST, &w->per_km2));
    if (w->hazard || w->per_km2 == 0) return MUSTER_OK;
    return mu_table_refuse(t, "hazard", "the code of a hazard beside per_km2");
}

/* ---- all of it ----------------------------------------------------------------------------- */

static muster_status read_limits(mu_table *t, mu_when *w, int64_t length_ms) {
    const double last = (double)length_ms / MU_MINUTE_MS;
    w->until_ms       = length_ms;
    MU_TRY(mu_table_duration(t, "from_min", false, MU_MINUTE_MS, 0, last, &w->from_ms));
    MU_TRY(mu_table_duration(t, "until_min", false, MU_MINUTE_MS, 0, last, &w->until_ms));
    if (w->from_ms < w->until_ms) return MUSTER_OK;
    return mu_table_refuse_it(t, "is from minute %g to %g; expected an end after the beginning",
                              (double)w->from_ms / MU_MINUTE_MS,
                              (double)w->until_ms / MU_MINUTE_MS);
}

static muster_status check_one(mu_table *t, const mu_when *w) {
    static const char *const KEY[] = {"at_min", "per_h", "per_h_by_hour", "piece", "hazard"};
    int                      given = 0;
    for (size_t k = 0; k < sizeof KEY / sizeof *KEY; ++k) given += mu_table_ask(t, KEY[k]) != NULL;
    if (given == 1 && !(w->at_count > 0 && w->count > 0)) return MUSTER_OK;
    if (given == 0 && w->count > 0) return MUSTER_OK;
    return mu_table_refuse_it(t,
                              "has %d of at_min, per_h, per_h_by_hour, piece and hazard; expected "
                              "one, or count, which goes with all but at_min",
                              given);
}

muster_status mu_read_when(mu_table *table, const char *key, const muster_scenario_file *file,
                           mu_when *out) {
    const muster_scenario_about *about = &file->about;
    const mu_toml               *value;
    mu_table                     t;
    char                         way[MU_WAY_BYTES];
    int64_t                      count = 0;
    MU_TRY(mu_table_table(table, key, true, &value));
    MU_TRY(mu_table_init(&t, table->reading, mu_table_way(table, key, MUSTER_NONE, way), value));
    MU_TRY(read_moments(&t, out, about->length_ms));
    MU_TRY(read_even(&t, out));
    MU_TRY(read_by_hour(&t, out, about));
    MU_TRY(read_pieces(&t, out));
    MU_TRY(read_growth(&t, out));
    MU_TRY(mu_table_int(&t, "count", false, 1, AT_MOST, &count));
    MU_TRY(read_limits(&t, out, about->length_ms));
    MU_TRY(mu_table_end(&t));
    out->count = (uint32_t)count;
    MU_TRY(check_one(&t, out));
    return out->count > 0 && out->piece_count == 0 && !out->hazard ? set_piece(&t, out, 1)
                                                                   : MUSTER_OK;
}
