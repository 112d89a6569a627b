/* Two intervals, because each knows something that the other does not. Student's is that of the mean,
 * and right where differences are about normal, or many. The other is that of the median and supposes
 * nothing: if d(1) <= ... <= d(n) are the sorted differences and X counts heads in n fair tosses, the
 * median lies outside [d(k), d(n + 1 - k)] with probability 2 P(X < k) at most (David and Nagaraja 2003,
 * 7.1), which is the sign test turned round. Below six pairs no k is good for 95 %. */
#include "cli/paired.h"

#include <math.h>
#include <stdlib.h>

#include "cli/student.h"

static int rising(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

bool interval_excludes_zero(const interval *i) {
    return i->is_known && (i->low > 0 || i->high < 0);
}

static void count_signs(paired_summary *s, const double *difference) {
    for (uint32_t i = 0; i < s->count; ++i) {
        s->above += difference[i] > 0;
        s->below += difference[i] < 0;
    }
    s->equal            = s->count - s->above - s->below;
    const uint32_t less = s->above < s->below ? s->above : s->below;
    double         tail = 0; /* ties say nothing either way (Dixon and Mood 1946) */
    for (uint32_t k = 0; k <= less; ++k) tail += fair_binomial(k, s->above + s->below);
    s->sign_p = fmin(1, 2 * tail);
}

static void summarize_mean(paired_summary *s, const double *difference, double confidence) {
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < s->count; ++i) sum += difference[i];
    s->difference = sum / s->count;
    for (uint32_t i = 0; i < s->count; ++i) squares += pow(difference[i] - s->difference, 2);
    if (s->count < 2) return;
    s->deviation      = sqrt(squares / (s->count - 1));
    const double half = student_two_sided(confidence, s->count - 1) * s->deviation / sqrt(s->count);
    s->student        = (interval){true, s->difference - half, s->difference + half};
}

/* `sorted` rises. */
static void summarize_median(paired_summary *s, const double *sorted, double confidence) {
    const uint32_t n    = s->count;
    uint32_t       k    = 0;
    double         tail = fair_binomial(0, n); /* P(X <= k) */
    s->median           = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    while (k < n / 2 && 2 * tail <= 1 - confidence) tail += fair_binomial(++k, n);
    if (k > 0) s->order = (interval){true, sorted[k - 1], sorted[n - k]};
}

bool paired_summarize(paired_summary *out, uint32_t count, const double *a, const double *b,
                      double confidence) {
    const double none       = (double)NAN;
    double      *difference = calloc((size_t)count + 1, sizeof *difference);
    *out                    = (paired_summary){.mean_a     = none,
                                               .mean_b     = none,
                                               .difference = none,
                                               .deviation  = none,
                                               .median     = none,
                                               .sign_p     = none};
    if (!difference) return false;
    double sum_a = 0, sum_b = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (isnan(a[i]) || isnan(b[i])) continue;
        sum_a += a[i];
        sum_b += b[i];
        difference[out->count++] = b[i] - a[i];
    }
    if (out->count > 0) {
        out->mean_a = sum_a / out->count;
        out->mean_b = sum_b / out->count;
        summarize_mean(out, difference, confidence);
        qsort(difference, out->count, sizeof *difference, rising);
        count_signs(out, difference);
        summarize_median(out, difference, confidence);
    }
    free(difference);
    return true;
}
