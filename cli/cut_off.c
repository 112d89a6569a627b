/* See cut_off.h. */
#include "cli/cut_off.h"

#include <inttypes.h>

enum { MOST_NAMED = 5 }; /* in one line */

static const char *before(uint32_t i, uint32_t count) {
    if (i == 0) return "";
    return i + 1 < count ? ", " : " and ";
}

static void print_causes(const muster_explanation *why, const closure_list *list, FILE *stream) {
    const uint32_t named = why->cause_count > MOST_NAMED ? MOST_NAMED : why->cause_count;
    const uint32_t items = named + (named < why->cause_count);
    for (uint32_t i = 0; i < named; ++i) {
        fputs(before(i, items), stream);
        closure_list_print(list, why->cause[i], stream);
    }
    if (named < items) fprintf(stream, " and %" PRIu32 " more", why->cause_count - named);
}

void cut_off_print(const muster_explanation *why, const closure_list *list, FILE *stream) {
    switch (why->cut) {
    case MUSTER_CUT_NOT:
        fputs("not cut off, but more than 24 days away", stream);
        return;
    case MUSTER_CUT_ALWAYS:
        fputs("no road leads there anyway", stream);
        return;
    case MUSTER_CUT_BY_EACH:
    case MUSTER_CUT_BY_ALL:
        break;
    }
    fprintf(stream, "cut off by closure%s ", why->cause_count == 1 ? "" : "s");
    print_causes(why, list, stream);
    if (why->cause_count == 1) return;
    fputs(why->cut == MUSTER_CUT_BY_EACH ? "; lifting one of them opens a way"
                                         : " together; lifting all of them opens a way",
          stream);
}

char *cut_off_text(const muster_explanation *why, const closure_list *list) {
    char  *text   = NULL;
    size_t size   = 0;
    FILE  *stream = open_memstream(&text, &size);
    if (!stream) return NULL;
    cut_off_print(why, list, stream);
    return fclose(stream) == 0 ? text : NULL;
}

void cut_off_print_cell(const muster_explanation *why, FILE *stream) {
    if (why->cut == MUSTER_CUT_ALWAYS) fputc('-', stream);
    for (uint32_t i = 0; i < why->cause_count; ++i) {
        if (i > 0) fputc(why->cut == MUSTER_CUT_BY_EACH ? '|' : '+', stream);
        fprintf(stream, "%" PRIu32, why->cause[i]);
    }
}

json_t *cut_off_json(const muster_explanation *why, const closure_list *list) {
    static const char *const KIND[] = {
        [MUSTER_CUT_BY_EACH] = "each", [MUSTER_CUT_BY_ALL] = "all", [MUSTER_CUT_ALWAYS] = "always"};
    if (why->cut == MUSTER_CUT_NOT) return json_null();
    json_t *closures = json_array();
    for (uint32_t i = 0; i < why->cause_count; ++i) {
        json_array_append_new(closures, closure_list_json(list, why->cause[i]));
    }
    return json_pack("{s:s, s:o}", "kind", KIND[why->cut], "closures", closures);
}
