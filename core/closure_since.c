/* What has become of roads, from what has come and what has gone.
 *
 * What an arc takes is the longest that some reason makes it take, or what it takes in the base where none
 * does. So an arc can differ only where something has come or gone, and what it takes now is told by all that
 * concerns it now, whatever came first: it is never worked out from what it took before.
 *
 * A storm that moves on concerns nearly the same roads as an hour ago, and does the same to them. So a note that
 * has gone is laid beside one that has come and does the same, and only the edges that are in one of the two
 * are looked at.
 *
 * All lists rise, and are walked side by side: where one is far behind, it is searched by doubling steps (Bentley
 * and Yao, "An almost optimal algorithm for unbounded searching", 1976), so that one road beside a storm costs
 * a few steps. */
#include "core/alloc.h"
#include "core/closure.h"

/* Notes of so few edges are not laid beside others: it costs as much as it saves. */
enum { LEAST_BESIDE = 64 };

typedef struct side {
    uint32_t                     count;
    const muster_closure *const *closure;
} side;

/* Edges that are looked at. */
typedef struct touched {
    const muster_metric *base;
    uint64_t            *is_in; /* a bit by edge */
    size_t               words;
    uint32_t             count;
    uint32_t            *edge; /* [count] rising */
    uint32_t *longest;         /* [2 * count] by their arcs: of the reasons of now; MUSTER_NONE */
} touched;

/* ---- which edges ------------------------------------------------------------------------- */

static void touch(touched *t, uint32_t entry) {
    const uint32_t edge = entry / 2;
    t->is_in[edge / 64] |= UINT64_C(1) << edge % 64;
}

/* The edges that are in one of two notes, or in the water from end to end in one alone. */
static void touch_difference(touched *t, const mu_note *a, const mu_note *b) {
    if (a->edge == b->edge && a->count == b->count) return;
    size_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        const uint32_t x = a->edge[i], y = b->edge[j];
        if (x != y) touch(t, x < y ? x : y);
        i += x <= y;
        j += y <= x;
    }
    while (i < a->count) touch(t, a->edge[i++]);
    while (j < b->count) touch(t, b->edge[j++]);
}

static void touch_all(touched *t, const mu_note *note) {
    for (size_t i = 0; i < note->count; ++i) touch(t, note->edge[i]);
}

/* Of one side, a note after the other. */
typedef struct listed_note {
    const mu_note *note;
    bool           is_matched;
} listed_note;

static size_t count_notes(side s) {
    size_t all = 0;
    for (uint32_t i = 0; i < s.count; ++i) all += mu_closure_notes(s.closure[i])->count;
    return all;
}

static void list_notes(side s, listed_note *out) {
    for (uint32_t i = 0; i < s.count; ++i) {
        const mu_notes *notes = mu_closure_notes(s.closure[i]);
        for (size_t n = 0; n < notes->count; ++n) *out++ = (listed_note){&notes->note[n], false};
    }
}

/* The first of those that have come that does the same and lies beside none yet. */
static const mu_note *match(const mu_note *gone, listed_note *come, size_t count) {
    for (size_t i = 0; i < count && gone->count >= LEAST_BESIDE; ++i) {
        const mu_note *note = come[i].note;
        if (come[i].is_matched || note->count < LEAST_BESIDE) continue;
        if (!mu_is_same_effect(&note->effect, &gone->effect)) continue;
        come[i].is_matched = true;
        return note;
    }
    return NULL;
}

static muster_status touch_sides(touched *t, side gone, side come) {
    const size_t gone_count = count_notes(gone), come_count = count_notes(come);
    listed_note *left;
    MU_TRY(mu_alloc(&left, gone_count + come_count, sizeof *left));
    listed_note *arrived = left + gone_count;
    list_notes(gone, left);
    list_notes(come, arrived);
    for (size_t i = 0; i < gone_count; ++i) {
        const mu_note *beside = match(left[i].note, arrived, come_count);
        if (beside) {
            touch_difference(t, left[i].note, beside);
        } else {
            touch_all(t, left[i].note);
        }
    }
    for (size_t i = 0; i < come_count; ++i) {
        if (!arrived[i].is_matched) touch_all(t, arrived[i].note);
    }
    mu_free(left);
    return MUSTER_OK;
}

static muster_status list_touched(touched *t) {
    for (size_t w = 0; w < t->words; ++w) {
        t->count += (uint32_t)__builtin_popcountll(t->is_in[w]);
    }
    MU_TRY(mu_alloc(&t->edge, t->count, sizeof *t->edge));
    MU_TRY(mu_alloc(&t->longest, 2 * (size_t)t->count, sizeof *t->longest));
    uint32_t listed = 0;
    for (size_t w = 0; w < t->words; ++w) {
        for (uint64_t bits = t->is_in[w]; bits != 0; bits &= bits - 1) {
            t->edge[listed++] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
        }
    }
    for (size_t i = 0; i < 2 * (size_t)t->count; ++i) t->longest[i] = MUSTER_NONE;
    return MUSTER_OK;
}

/* ---- what they take now ------------------------------------------------------------------ */

static void lengthen(uint32_t *longest, uint32_t duration_ms) {
    if (duration_ms == MUSTER_NONE) return;
    if (*longest == MUSTER_NONE || duration_ms > *longest) *longest = duration_ms;
}

static void meet_edge(touched *t, const mu_effect *effect, uint32_t place, bool is_whole) {
    const muster_network_data *v    = &t->base->network->view;
    const uint32_t             edge = t->edge[place];
    if (!mu_effect_concerns(effect, v, edge) || mu_effect_spares(effect, v, edge)) return;
    for (uint32_t way = 0; way < 2; ++way) {
        lengthen(&t->longest[2 * (size_t)place + way],
                 mu_effect_ms(effect, t->base, 2 * edge + way, is_whole));
    }
}

/* The first place from `from` on whose entry, divided by `by`, is `wanted` or more. */
static size_t leap(const uint32_t *list, size_t count, size_t from, uint32_t wanted, uint32_t by) {
    size_t step = 1, low = from;
    while (low + step < count && list[low + step] / by < wanted) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < count ? low + step : count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list[middle] / by < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void meet_note(touched *t, const mu_note *note) {
    size_t i = 0, place = 0;
    while (i < note->count && place < t->count) {
        const uint32_t here = note->edge[i] / 2, there = t->edge[place];
        if (here < there) {
            i = leap(note->edge, note->count, i, there, 2);
        } else if (there < here) {
            place = leap(t->edge, t->count, place, here, 1);
        } else {
            meet_edge(t, &note->effect, (uint32_t)place++, note->edge[i++] % 2);
        }
    }
}

static void meet_all(touched *t, side now) {
    for (uint32_t i = 0; i < now.count && t->count > 0; ++i) {
        const mu_notes *notes = mu_closure_notes(now.closure[i]);
        for (size_t n = 0; n < notes->count; ++n) meet_note(t, &notes->note[n]);
    }
}

static uint32_t tell_changes(const touched *t, const muster_metric *before,
                             muster_arc_change *out) {
    uint32_t found = 0;
    for (size_t i = 0; i < 2 * (size_t)t->count; ++i) {
        const uint32_t arc = 2 * t->edge[i / 2] + (uint32_t)(i % 2);
        const uint32_t now_ms =
            t->longest[i] == MUSTER_NONE ? t->base->duration_ms[arc] : t->longest[i];
        if (now_ms != before->duration_ms[arc]) out[found++] = (muster_arc_change){arc, now_ms};
    }
    return found;
}

/* ---- the whole --------------------------------------------------------------------------- */

static muster_status check_side(side s, const muster_metric *base) {
    for (uint32_t i = 0; i < s.count; ++i) {
        if (!mu_closure_notes(s.closure[i])) {
            return muster_fail(MUSTER_E_INVALID,
                               "closure %u has carried out what it was told; expected one of "
                               "muster_closure_new_noted",
                               i);
        }
        if (mu_closure_base(s.closure[i]) != base) {
            return muster_fail(MUSTER_E_INVALID,
                               "closure %u has another base; expected the one that was given", i);
        }
    }
    return MUSTER_OK;
}

static muster_status check(const muster_metric *base, const muster_metric *before, side gone,
                           side now, uint32_t come_count) {
    if (before->network != base->network) {
        return muster_fail(MUSTER_E_INVALID,
                           "the metric of before is of another network; expected the base's");
    }
    if (come_count > now.count) {
        return muster_fail(MUSTER_E_INVALID, "%u closures have come, but there are %u", come_count,
                           now.count);
    }
    MU_TRY(check_side(gone, base));
    return check_side(now, base);
}

static muster_status find(touched *t, side gone, side come) {
    t->words = (size_t)t->base->network->view.edge_count / 64 + 1;
    MU_TRY(mu_alloc_zeroed(&t->is_in, t->words, sizeof *t->is_in));
    MU_TRY(touch_sides(t, gone, come));
    return list_touched(t);
}

muster_status muster_closure_since(muster_arc_change *out, uint32_t *out_count,
                                   const muster_metric *base, const muster_metric *before,
                                   uint32_t gone_count, const muster_closure *const *gone,
                                   uint32_t now_count, const muster_closure *const *now,
                                   uint32_t come_count) {
    const side left = {gone_count, gone}, all = {now_count, now};
    *out_count = 0;
    MU_TRY(check(base, before, left, all, come_count));
    const side come = {come_count, come_count > 0 ? now + (now_count - come_count) : NULL};
    touched    t    = {.base = base};

    muster_status status = find(&t, left, come);
    if (status == MUSTER_OK) {
        meet_all(&t, all);
        *out_count = tell_changes(&t, before, out);
    }
    mu_free(t.is_in);
    mu_free(t.edge);
    mu_free(t.longest);
    return status;
}
