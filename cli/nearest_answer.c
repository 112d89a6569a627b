/* See nearest_answer.h. */
#include "cli/nearest_answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/cut_off.h"
#include "cli/measure_text.h"
#include "cli/text_width.h"

enum { ID_WIDTH = 48, DURATION_WIDTH = 15, MOST_CUT = 10 };

/* ---- what is missing --------------------------------------------------------------------- */

static int explain_site(nearest_answer *a, const muster_snap *snap, uint32_t site) {
    cut_site          *cut  = &a->cut[a->cut_count];
    const muster_snap *from = a->is_reverse ? &snap[site] : &a->from.snap;
    const muster_snap *to   = a->is_reverse ? &a->from.snap : &snap[site];
    *cut                    = (cut_site){.site = site};
    const int code          = closed_roads_explain(&a->closed, from, to, &cut->why);
    if (code != COMMAND_DONE) return code;
    const size_t size = cut->why.cause_count * sizeof *cut->cause;
    cut->cause        = malloc(size + 1);
    if (!cut->cause) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    memcpy(cut->cause, cut->why.cause, size);
    cut->why.cause = cut->cause;
    ++a->cut_count;
    return COMMAND_DONE;
}

static int explain_rest(nearest_answer *a, const muster_snap *snap, uint8_t *is_found) {
    for (uint32_t i = 0; i < a->count; ++i) is_found[a->site[i]] = 1;
    for (uint32_t s = 0; s < a->sites.count; ++s) {
        if (is_found[s] || snap[s].edge == MUSTER_NONE) continue;
        const int code = explain_site(a, snap, s);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

int nearest_answer_explain(nearest_answer *a, const muster_snap *snap) {
    uint8_t *is_found = calloc(a->sites.count, 1);
    a->cut            = malloc(a->sites.count * sizeof *a->cut);
    const int code    = is_found && a->cut ? explain_rest(a, snap, is_found)
                                           : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    free(is_found);
    return code;
}

void nearest_answer_fini(nearest_answer *a) {
    for (uint32_t i = 0; i < a->cut_count; ++i) free(a->cut[i].cause);
    free(a->cut);
    closed_roads_free(&a->closed);
    sites_free(&a->sites);
    free(a->site);
    free(a->duration_ms);
    free(a->distance_m);
}

/* ---- output ------------------------------------------------------------------------------ */

static void print_cut(const nearest_answer *a, FILE *stream) {
    if (a->cut_count > 0) fputs("not reached\n", stream);
    for (uint32_t i = 0; i < a->cut_count && i < MOST_CUT; ++i) {
        fputs("  ", stream);
        text_print_cut(stream, a->sites.id[a->cut[i].site], ID_WIDTH);
        fputs(": ", stream);
        cut_off_print(&a->cut[i].why, &a->closed.list, stream);
        fputc('\n', stream);
    }
    if (a->cut_count > MOST_CUT) {
        fprintf(stream, "  and %" PRIu32 " more\n", a->cut_count - MOST_CUT);
    }
}

void nearest_answer_print(const nearest_answer *a, FILE *stream) {
    place_print(&a->from, a->is_reverse ? "to" : "from", stream);
    fprintf(stream, "%-9s %s\n", "profile", a->profile);
    for (uint32_t i = 0; i < a->count; ++i) {
        print_duration(stream, a->duration_ms[i], DURATION_WIDTH);
        fputs("  ", stream);
        print_distance(stream, a->distance_m[i]);
        fputs("  ", stream);
        text_print_cut(stream, a->sites.id[a->site[i]], ID_WIDTH);
        fputc('\n', stream);
    }
    print_cut(a, stream);
}

static json_t *json_of_cut(const nearest_answer *a) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < a->cut_count; ++i) {
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "id", a->sites.id[a->cut[i].site], "cut_off",
                                        cut_off_json(&a->cut[i].why, &a->closed.list)));
    }
    return list;
}

json_t *nearest_answer_json(const nearest_answer *a) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < a->count; ++i) {
        json_array_append_new(list, json_pack("{s:s, s:f, s:f}", "id", a->sites.id[a->site[i]],
                                              "duration_s", a->duration_ms[i] / 1000.0,
                                              "distance_m", a->distance_m[i]));
    }
    return json_pack("{s:s, s:o, s:o, s:o}", "profile", a->profile, a->is_reverse ? "to" : "from",
                     place_json(&a->from), "nearest", list, "not_reached", json_of_cut(a));
}
