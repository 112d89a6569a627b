/* The answer of `muster site` for people: what was asked, how sure it is, before and after, and then the
 * places that change. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/measure_text.h"
#include "cli/siting_answer.h"
#include "cli/text_width.h"

enum { NAME_WIDTH = 32, ID_WIDTH = 14, DURATION_WIDTH = 15, MOST_NAMED = 10 };

static void print_point(const siting_point *p, FILE *stream) {
    text_print_padded(stream, p->id, ID_WIDTH);
    fputs("  ", stream);
    text_print_padded(stream, p->name, NAME_WIDTH);
}

/* ---- what was asked ------------------------------------------------------------------------ */

static void print_asked(const siting_answer *a, FILE *stream) {
    const siting_options        *o = a->options;
    const muster_siting_problem *p = &a->problem;
    fprintf(stream, "%-12s %s", "model", muster_siting_model_name(o->model));
    if (o->model == MUSTER_MOVE_UP) {
        fprintf(stream, " for %s, %" PRIu32 " of %" PRIu32 " units at most",
                muster_siting_model_name(o->goal), p->move_count, p->unit_count);
    } else if (o->model != MUSTER_SET_COVER) {
        fprintf(stream, ", %" PRIu32 " more at most", p->count);
    }
    fprintf(stream, "\n%-12s %s\n", "profile", o->profile.name);
    fprintf(stream, "%-12s %" PRIu32 " where units may wait, %" PRIu32 " with some\n", "places",
            a->candidate_count, a->places.count - a->candidate_count);
    fprintf(stream, "%-12s %" PRIu32 " demands that weigh %" PRId64 "\n", "demand", a->demand.count,
            a->before.weight);
}

/* ---- how sure it is ------------------------------------------------------------------------ */

static void print_objective(const siting_answer *a, int64_t value, FILE *stream) {
    const siting_options     *o    = a->options;
    const muster_siting_model goal = o->model == MUSTER_MOVE_UP ? o->goal : o->model;
    const double              all  = a->before.weight > 0 ? (double)a->before.weight : 1;
    switch (goal) {
    case MUSTER_P_MEDIAN:
        print_duration(stream, (uint32_t)((double)value / all + 0.5), 0);
        fputs(" on average", stream);
        return;
    case MUSTER_P_CENTER:
        print_duration(stream, (uint32_t)value, 0);
        fputs(" at the longest", stream);
        return;
    case MUSTER_SET_COVER:
        fprintf(stream, "%" PRId64 " more places", value);
        return;
    case MUSTER_MAX_COVER:
        fprintf(stream, "%.2f %% of the weight", 100 * (double)value / all);
        return;
    default:
        fprintf(stream, "%.2f %% of the weight with a free unit within reach",
                100 * (double)value / all / MUSTER_MILLION);
    }
}

static void print_stranded(const siting_answer *a, uint32_t count, const uint32_t *index,
                           FILE *stream) {
    for (uint32_t i = 0; i < count && i < MOST_NAMED; ++i) {
        fputs("  ", stream);
        print_point(&a->demand.point[index[i]], stream);
        fputc('\n', stream);
    }
    if (count > MOST_NAMED) fprintf(stream, "  and %" PRIu32 " more\n", count - MOST_NAMED);
}

static void print_outcome(const siting_answer *a, FILE *stream) {
    const muster_siting_result *r = a->result;
    fprintf(stream, "%-12s %s", "outcome",
            muster_siting_outcome_name((muster_siting_outcome)r->outcome));
    if (siting_answer_is_found(a)) {
        fputs(": ", stream);
        print_objective(a, r->objective, stream);
    }
    if (r->outcome == MUSTER_SITING_FEASIBLE) {
        fputs("; nothing has ", stream);
        fputs(r->bound > r->objective ? "more than " : "less than ", stream);
        print_objective(a, r->bound, stream);
    }
    if (r->least_count > 0) {
        fprintf(stream, ": to reach everybody takes %" PRIu32 " more places at least",
                r->least_count);
    }
    fprintf(stream, " (%.2f s)\n", r->elapsed_ms / 1000.0);
    if (a->left_out_count > 0) {
        fprintf(stream, "left out     %" PRIu32 " demands that no place reaches\n",
                a->left_out_count);
        print_stranded(a, a->left_out_count, a->left_out, stream);
    }
    if (r->stranded_count == 0) return;
    fprintf(stream, "out of reach %" PRIu32 " demands, of every place\n", r->stranded_count);
    print_stranded(a, r->stranded_count, r->stranded, stream);
}

/* ---- before and after ---------------------------------------------------------------------- */

typedef struct columns {
    const siting_answer  *answer;
    const siting_service *service[2]; /* NULL: there is nothing to say */
} columns;

static void print_service(const columns *c, FILE *stream) {
    const siting_options *o = c->answer->options;
    fprintf(stream, "\n%-24s %15s %15s\n", "", "before", "after");
    for (int line = o->within_ms > 0 ? 0 : 1; line < 4; ++line) {
        static const char *const LABEL[] = {"covered", "on average", "at the longest",
                                            "not reached"};
        fprintf(stream, "%-24s", LABEL[line]);
        for (int k = 0; k < 2; ++k) {
            const siting_service *s = c->service[k];
            fputc(' ', stream);
            if (!s || (line < 3 && line > 0 && s->reached == 0)) {
                fprintf(stream, "%*s", DURATION_WIDTH, "-");
            } else if (line == 0) {
                const double all = s->weight > 0 ? (double)s->weight : 1;
                fprintf(stream, "%*.2f %%", DURATION_WIDTH - 2, 100 * (double)s->covered / all);
            } else if (line == 3) {
                fprintf(stream, "%*" PRIu32, DURATION_WIDTH, s->unreached);
            } else {
                print_duration(stream, line == 1 ? (uint32_t)(s->mean_ms + 0.5) : s->longest_ms,
                               DURATION_WIDTH);
            }
        }
        fputc('\n', stream);
    }
}

/* ---- places -------------------------------------------------------------------------------- */

/* How many demands, and how much weight, each place serves. */
typedef struct served {
    uint32_t count;
    int64_t  weight;
    uint32_t longest_ms;
} served;

static served *count_served(const siting_answer *a) {
    served *s = calloc(a->places.count + (size_t)1, sizeof *s);
    for (uint32_t j = 0; s && j < a->demand.count; ++j) {
        const uint32_t place = a->result->place_of_demand[j];
        if (place == MUSTER_NONE || a->demand.point[j].weight == 0) continue;
        ++s[place].count;
        s[place].weight += a->demand.point[j].weight;
        if (a->result->travel_ms[j] > s[place].longest_ms) {
            s[place].longest_ms = a->result->travel_ms[j];
        }
    }
    return s;
}

static void print_places(const siting_answer *a, const served *s, FILE *stream) {
    fprintf(stream, "\n%-*s  %-*s %6s %8s %12s %*s\n", ID_WIDTH, "place", NAME_WIDTH, "name",
            "units", "demands", "weight", DURATION_WIDTH, "longest");
    for (uint32_t i = 0; i < a->places.count; ++i) {
        const int64_t added = siting_answer_added(a, i);
        if (added == 0) continue;
        print_point(&a->places.point[i], stream);
        fprintf(stream, " %+6" PRId64 " %8" PRIu32 " %12" PRId64 " ", added, s[i].count,
                s[i].weight);
        print_duration(stream, s[i].longest_ms, DURATION_WIDTH);
        fputc('\n', stream);
    }
}

static void print_moves(const siting_answer *a, FILE *stream) {
    const muster_siting_problem *p = &a->problem;
    fputs("\nmoves\n", stream);
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        const uint32_t to = a->result->place_of_unit[u];
        if (to == a->unit_place[u]) continue;
        fputs("  ", stream);
        print_point(&a->places.point[a->unit_place[u]], stream);
        fputs(" to ", stream);
        print_point(&a->places.point[to], stream);
        print_duration(stream, a->move_ms[(size_t)u * p->place_count + to], DURATION_WIDTH);
        fputc('\n', stream);
    }
}

int siting_answer_print(const siting_answer *a, FILE *stream) {
    const bool is_found = siting_answer_is_found(a);
    served    *s        = is_found ? count_served(a) : NULL;
    if (is_found && !s) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    print_asked(a, stream);
    print_outcome(a, stream);
    const columns c = {a, {a->has_before ? &a->before : NULL, is_found ? &a->after : NULL}};
    print_service(&c, stream);
    if (is_found && a->result->chosen_count > 0) {
        print_places(a, s, stream);
        if (a->problem.model == MUSTER_MOVE_UP) print_moves(a, stream);
    }
    free(s);
    return COMMAND_DONE;
}
