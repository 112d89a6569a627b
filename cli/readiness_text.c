/* Readiness as a planner reads it: which standards are missed and by how many, the weakest places, what
 * changes, what breaks first, and what is not on the spot. Eighty columns, the worst first. */
#include <inttypes.h>

#include "cli/readiness_answer.h"
#include "cli/text_width.h"

enum { KIND_COLUMNS = 20, NAME_COLUMNS = 26, WHAT_IF_COLUMNS = 30 };

/* Minutes round up: who says "12 min" is there by then. */
static void print_minutes(FILE *stream, int width, uint64_t ms) {
    const uint64_t minutes = ms / 60000 + (ms % 60000 > 0);
    char           text[32];
    if (ms >= MUSTER_UNREACHABLE_MS) {
        snprintf(text, sizeof text, "never");
    } else {
        snprintf(text, sizeof text, "%" PRIu64 " min", minutes);
    }
    fprintf(stream, "%*s", width, text);
}

static uint32_t count_of(const readiness_answer *a, uint32_t length) {
    return length < a->options->worst ? length : a->options->worst;
}

/* ---- standards -------------------------------------------------------------------------------- */

static void print_standards(FILE *stream, const readiness_answer *a) {
    fprintf(stream, "\n%-22s%8s%7s%9s%12s%8s%12s\n", "Standard", "within", "units", "quantity",
            "places met", "below", "people");
    for (uint32_t s = 0; s < a->standard.reach_count; ++s) {
        const muster_readiness_standard *standard = &a->standard.reach[s];
        const readiness_below            below    = readiness_below_of(a, s);
        fputs("  ", stream);
        text_print_padded(stream, a->problem->kind[standard->kind].code, KIND_COLUMNS);
        print_minutes(stream, 8, standard->within_ms);
        fprintf(stream, "%7" PRIu32 "%9" PRId64 "%12" PRIu32 "%8" PRIu32 "%12" PRId64 "\n",
                standard->unit_count, standard->quantity, a->places.count - below.places,
                below.places, below.people);
    }
}

/* ---- places ------------------------------------------------------------------------------------ */

/* The kinds that are missing, as many as there is room for. */
static void print_missed(FILE *stream, const readiness_answer *a, uint32_t place) {
    const uint32_t               all = a->standard.reach_count;
    const muster_readiness_cell *cell =
        muster_readiness_cells(readiness_shown(a)) + (size_t)place * all;
    char   text[256] = "";
    size_t used      = 0;
    for (uint32_t s = 0; s < all && used + 1 < sizeof text; ++s) {
        if (cell[s].complete_ms <= a->standard.reach[s].within_ms) continue;
        const int added = snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ", " : "",
                                   a->problem->kind[a->standard.reach[s].kind].code);
        used += added > 0 ? (size_t)added : 0;
    }
    text_print_cut(stream, text, NAME_COLUMNS);
}

static void print_place(FILE *stream, const readiness_answer *a, uint32_t place) {
    const muster_readiness_state *state = &muster_readiness_states(readiness_shown(a))[place];
    fputs("  ", stream);
    text_print_padded(stream, a->places.named[place]->code, 13);
    fputc(' ', stream);
    text_print_padded(stream, a->places.named[place]->name, NAME_COLUMNS);
    fprintf(stream, "%7" PRIu32, state->unmet_count);
    if (state->unmet_count > 0) {
        print_minutes(stream, 9, state->late_ms);
    } else {
        fprintf(stream, "%9s", "");
    }
    fputs("  ", stream);
    print_missed(stream, a, place);
    fputc('\n', stream);
}

static void print_weakest(FILE *stream, const readiness_answer *a) {
    const uint32_t *weakest = muster_readiness_weakest(readiness_shown(a));
    fprintf(stream, "\n%-42s%7s%9s\n", "Weakest", "missed", "late");
    for (uint32_t i = 0; i < count_of(a, a->places.count); ++i) print_place(stream, a, weakest[i]);
}

/* ---- losses ------------------------------------------------------------------------------------- */

static void print_loss_head(FILE *stream, const char *title) {
    fprintf(stream, "\n%-32s%8s%10s%8s%8s%12s\n", title, "fall", "people", "beyond", "slower",
            "lost h");
}

/* People times hours. */
static void print_loss(FILE *stream, const muster_readiness_loss *loss) {
    fprintf(stream, "%8" PRIu32 "%10" PRId64 "%8" PRIu32 "%8" PRIu32 "%12.0f\n", loss->fallen_count,
            loss->fallen_weight, loss->beyond_count, loss->slower_count,
            (double)loss->lost_ms / 3.6e6);
}

static void print_named_loss(FILE *stream, const char *name, const muster_readiness_loss *loss) {
    fputs("  ", stream);
    text_print_padded(stream, name, WHAT_IF_COLUMNS);
    print_loss(stream, loss);
}

static void print_what_ifs(FILE *stream, const readiness_answer *a) {
    if (!a->state && a->what_if_count == 0) return;
    print_loss_head(stream, "What if");
    if (a->state) print_named_loss(stream, "as asked, beside now", &a->loss);
    for (uint32_t i = 0; i < a->what_if_count; ++i) {
        print_named_loss(stream, a->what_if[i].name, &a->what_if[i].loss);
    }
}

/* Number i of a list. */
static void print_critical(FILE *stream, const readiness_answer *a, const muster_criticals *list,
                           uint32_t i) {
    const muster_network_data *v = muster_network_view(muster_scenario_network(a->scenario));
    uint32_t                   count;
    const muster_critical     *c = muster_criticals_list(list, &count) + i;
    char                       name[96], more[24] = "";
    if (c->edge == MUSTER_NONE) {
        print_named_loss(stream, readiness_code_of(a, c), &c->loss);
        return;
    }
    const bool is_named = v->edge_name[c->edge] != MUSTER_NONE;
    (void)muster_criticals_edges(list, i, &count);
    if (count > 1) snprintf(more, sizeof more, " +%" PRIu32, count - 1);
    snprintf(name, sizeof name, "%" PRId64 "%s %s", v->edge_id[c->edge], more,
             is_named ? v->names + v->edge_name[c->edge]
                      : muster_road_class_name((muster_road_class)v->edge_class[c->edge]));
    print_named_loss(stream, name, &c->loss);
}

static void print_critical_parts(FILE *stream, const readiness_answer *a) {
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        if (!a->critical[part]) continue;
        const muster_criticals_effort effort = muster_criticals_effort_of(a->critical[part]);
        uint32_t                      count;
        char                          title[40];
        snprintf(title, sizeof title, "Without one of the %ss",
                 muster_part_name((muster_part)part));
        print_loss_head(stream, title);
        (void)muster_criticals_list(a->critical[part], &count);
        for (uint32_t i = 0; i < count; ++i) print_critical(stream, a, a->critical[part], i);
        fprintf(stream,
                "  %" PRIu32 " there are, somebody depends on %" PRIu32 ", %" PRIu32
                " were tried; no other is worse\n",
                effort.part_count, effort.candidate_count, effort.tried_count);
    }
}

/* ---- on the spot ---------------------------------------------------------------------------------- */

static void print_equipment(FILE *stream, const readiness_answer *a, int holder,
                            const char *title) {
    const uint32_t count = a->places.holder_count[holder], rules = a->standard.rule_count[holder];
    if (count == 0 || rules == 0) return;
    fprintf(stream, "\n%-22s%9s%9s%9s%9s%9s%9s\n", title, "missing", "short", "enough", "surplus",
            "optional", "lacking");
    for (uint32_t i = 0; i < rules; ++i) {
        const uint32_t kind                                 = a->standard.rule[holder][i].kind;
        uint32_t       state[MUSTER_EQUIPMENT_OPTIONAL + 1] = {0};
        int64_t        lacking                              = 0;
        for (uint32_t h = 0; h < count; ++h) {
            const muster_equipment *e = &a->places.equipment[holder][(size_t)h * rules + i];
            ++state[e->state];
            if (e->state == MUSTER_EQUIPMENT_MISSING || e->state == MUSTER_EQUIPMENT_SHORT) {
                lacking += e->required - e->held;
            }
        }
        fputs("  ", stream);
        text_print_padded(stream, a->problem->kind[kind].code, KIND_COLUMNS);
        for (int s = 0; s <= MUSTER_EQUIPMENT_OPTIONAL; ++s) {
            fprintf(stream, "%9" PRIu32, state[s]);
        }
        if (a->standard.rule[holder][i].choice != 0) {
            fprintf(stream, "%9s\n", "-"); /* one of the choice will do */
        } else {
            fprintf(stream, "%9" PRId64 "\n", lacking);
        }
    }
}

static void print_tiers(FILE *stream, const readiness_answer *a) {
    bool has_head = false;
    for (uint32_t k = 0; k < a->problem->kind_count; ++k) {
        for (unsigned level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
            const muster_stock_tier *t = &a->tier[(size_t)k * MUSTER_LEVEL_COUNT + level];
            if (t->place_count == 0) continue;
            if (!has_head) {
                fprintf(stream, "\n%-20s%-9s%8s%10s%9s%9s%9s%7s\n", "Stock", "tier", "places",
                        "needed", "own", "below", "above", "short");
            }
            has_head = true;
            fputs("  ", stream);
            text_print_padded(stream, a->problem->kind[k].code, 18);
            fprintf(stream,
                    "%-9s%8" PRIu32 "%10" PRId64 "%9" PRId64 "%9" PRId64 "%9" PRId64 "%7" PRIu32
                    "\n",
                    muster_level_name((muster_level)level), t->place_count, t->required, t->own,
                    t->below, t->above, t->short_count);
        }
    }
}

void readiness_print(FILE *stream, const readiness_answer *a) {
    uint32_t grade[READINESS_UNREACHED + 1] = {0};
    for (uint32_t p = 0; p < a->places.count; ++p) ++grade[readiness_grade_of(a, p)];
    fprintf(stream,
            "%" PRIu32 " at-risk sites and %" PRIu32 " villages: %" PRIu32
            " meet every standard, %" PRIu32 " do not, %" PRIu32 " of them not at all reached\n",
            a->places.holder_count[HOLDER_SITES], a->places.holder_count[HOLDER_VILLAGES],
            grade[READINESS_READY], grade[READINESS_BELOW] + grade[READINESS_UNREACHED],
            grade[READINESS_UNREACHED]);
    print_standards(stream, a);
    print_weakest(stream, a);
    print_what_ifs(stream, a);
    print_critical_parts(stream, a);
    print_equipment(stream, a, HOLDER_SITES, "Kits of sites");
    print_equipment(stream, a, HOLDER_VILLAGES, "Kept by villages");
    print_tiers(stream, a);
}
