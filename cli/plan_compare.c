/* Greedy is what dispatchers do today, and it is made in milliseconds: whoever doubts that planning
 * is worth while sees both side by side. */
#include "cli/plan_compare.h"

#include <inttypes.h>
#include <muster/solve.h>
#include <string.h>

#include "cli/command.h"
#include "cli/plan_words.h"
#include "cli/text_width.h"
#include "cli/words.h"

int plan_compare_init(plan_compare *out, plan_view *view, uint32_t thread_count) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.method               = MUSTER_METHOD_GREEDY;
    options.time_limit_ms        = 0;
    options.thread_count         = thread_count;
    muster_status status         = muster_solve(&out->plan, view->problem, &options);
    if (status == MUSTER_OK) status = muster_plan_check(out->plan, view->problem);
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = plan_view_init(&out->view, view->scenario, view->problem, out->plan);
    if (code == COMMAND_DONE) view->compared = &out->view;
    return code;
}

void plan_compare_fini(plan_compare *compare) {
    plan_view_fini(&compare->view);
    muster_plan_free(compare->plan);
}

/* ---- what is compared ------------------------------------------------------------------------- */

static int64_t missing_of(const plan_view *view, muster_resource resource) {
    int64_t sum = 0;
    for (uint32_t n = 0; n < view->problem->need_count; ++n) {
        if (view->problem->kind[view->problem->need[n].kind].resource == resource) {
            sum += view->missing[n];
        }
    }
    return sum;
}

static int64_t tier_of(const plan_view *view, int tier) {
    return muster_plan_tier(view->plan, (muster_tier)tier).value;
}

static bool is_asked_for(const plan_view *view, muster_resource resource) {
    for (uint32_t n = 0; n < view->problem->need_count; ++n) {
        if (view->problem->kind[view->problem->need[n].kind].resource == resource) return true;
    }
    return false;
}

static const plan_arrivals *arrivals_of(const plan_view *view) {
    return &view->arrivals[PLAN_EVERY_SEVERITY];
}

/* ---- text ------------------------------------------------------------------------------------- */

enum { LABEL_COLUMNS = 18, COLUMNS = 20 };

static void print_label(FILE *stream, const char *label) {
    fputs("  ", stream);
    text_print_padded(stream, label, LABEL_COLUMNS);
}

static void print_row(FILE *stream, const char *label, int64_t own, int64_t other) {
    print_label(stream, label);
    fprintf(stream, "%*" PRId64 "%*" PRId64 "%+*" PRId64 "\n", COLUMNS, own, COLUMNS, other,
            COLUMNS, own - other);
}

static void print_missing(FILE *stream, const plan_view *view, muster_resource resource) {
    char label[64];
    snprintf(label, sizeof label, PLAN_WORDS[view->language].missing_of_form,
             words_resource(view->language, resource));
    print_row(stream, label, missing_of(view, resource), missing_of(view->compared, resource));
}

static void print_minutes(FILE *stream, const plan_view *view, const char *form, double minutes) {
    char text[48], number[32];
    snprintf(number, sizeof number, form, minutes);
    snprintf(text, sizeof text, "%s %s", number, PLAN_WORDS[view->language].minutes);
    text_print_right(stream, text, COLUMNS);
}

static void print_arrival(FILE *stream, const char *label, const plan_view *view,
                          uint32_t percent) {
    const double own   = plan_arrivals_percentile(arrivals_of(view), percent) / 60000.0;
    const double other = plan_arrivals_percentile(arrivals_of(view->compared), percent) / 60000.0;
    print_label(stream, label);
    print_minutes(stream, view, "%.1f", own);
    print_minutes(stream, view, "%.1f", other);
    print_minutes(stream, view, "%+.1f", own - other);
    fputc('\n', stream);
}

void plan_compare_print(FILE *stream, const plan_view *view) {
    const plan_words *in = &PLAN_WORDS[view->language];
    muster_tier       order[MUSTER_TIER_COUNT];
    muster_plan_tier_order(view->plan, order);
    fputc('\n', stream);
    text_print_padded(stream, in->compared, LABEL_COLUMNS + 2);
    text_print_right(stream, in->this_plan, COLUMNS);
    text_print_right(stream, in->greedy, COLUMNS);
    text_print_right(stream, in->difference, COLUMNS);
    fputc('\n', stream);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t own   = tier_of(view, (int)order[t]);
        const int64_t other = tier_of(view->compared, (int)order[t]);
        if (t < 2 || own != 0 || other != 0) print_row(stream, in->tier[order[t]], own, other);
    }
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const muster_resource resource = (muster_resource)r;
        if (is_asked_for(view, resource)) print_missing(stream, view, resource);
    }
    if (arrivals_of(view)->late > 0 || arrivals_of(view->compared)->late > 0) {
        print_row(stream, in->late, arrivals_of(view)->late, arrivals_of(view->compared)->late);
    }
    if (arrivals_of(view)->count == 0 || arrivals_of(view->compared)->count == 0) return;
    print_arrival(stream, in->median_arrival, view, 50);
    print_arrival(stream, in->most_by, view, 90);
    print_arrival(stream, in->last, view, 100);
}

/* ---- JSON --------------------------------------------------------------------------------------- */

static json_t *tiers_json(const plan_view *view) {
    json_t *tiers = json_object();
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t other = tier_of(view->compared, t);
        json_t       *tier  = json_pack("{s:I, s:I}", "value", (json_int_t)other, "difference",
                                        (json_int_t)(tier_of(view, t) - other));
        if (json_object_set_new(tiers, muster_tier_name((muster_tier)t), tier) == 0) continue;
        json_decref(tiers);
        return NULL;
    }
    return tiers;
}

static json_t *missing_json(const plan_view *view) {
    json_t *missing = json_object();
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const muster_resource resource = (muster_resource)r;
        const int64_t         other    = missing_of(view->compared, resource);
        json_t *one = json_pack("{s:I, s:I}", "value", (json_int_t)other, "difference",
                                (json_int_t)(missing_of(view, resource) - other));
        if (json_object_set_new(missing, muster_resource_name(resource), one) == 0) continue;
        json_decref(missing);
        return NULL;
    }
    return missing;
}

/* Null where one of the plans sends nobody. */
static json_t *arrival_json(const plan_view *view, uint32_t percent) {
    if (arrivals_of(view)->count == 0 || arrivals_of(view->compared)->count == 0)
        return json_null();
    const double own   = plan_arrivals_percentile(arrivals_of(view), percent) / 1000.0;
    const double other = plan_arrivals_percentile(arrivals_of(view->compared), percent) / 1000.0;
    return json_pack("{s:f, s:f}", "value_s", other, "difference_s", own - other);
}

json_t *plan_compare_json(const plan_view *view) {
    const json_int_t late = arrivals_of(view->compared)->late;
    return json_pack("{s:s, s:I, s:o, s:o, s:{s:I, s:I}, s:o, s:o, s:o}", "method", "greedy",
                     "elapsed_ms", (json_int_t)muster_plan_elapsed_ms(view->compared->plan),
                     "tiers", tiers_json(view), "missing", missing_json(view), "late", "value",
                     late, "difference", (json_int_t)arrivals_of(view)->late - late, "median",
                     arrival_json(view, 50), "p90", arrival_json(view, 90), "last",
                     arrival_json(view, 100));
}
