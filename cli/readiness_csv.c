/* A row for each place and standard, in the order of places and standards. */
#include <inttypes.h>

#include "cli/csv_output.h"
#include "cli/readiness_answer.h"

static void print_seconds(FILE *stream, uint32_t ms) {
    fputc(',', stream);
    if (ms < MUSTER_UNREACHABLE_MS) csv_print_exact(stream, ms / 1000.0);
}

void readiness_print_csv(FILE *stream, const readiness_answer *a) {
    const muster_readiness_cell *cell = muster_readiness_cells(readiness_shown(a));
    fputs("code,name,place,lon,lat,people,kind,within_s,units,quantity,first_s,complete_s,met\n",
          stream);
    for (uint32_t p = 0; p < a->places.count; ++p) {
        const muster_named_site *site = a->places.named[p];
        for (uint32_t s = 0; s < a->standard.reach_count; ++s, ++cell) {
            const muster_readiness_standard *standard = &a->standard.reach[s];
            csv_print_text(stream, site->code);
            fputc(',', stream);
            csv_print_text(stream, site->name);
            fprintf(stream, ",%s,", readiness_is_site(a, p) ? "site" : "village");
            csv_print_exact(stream, site->lon_deg);
            fputc(',', stream);
            csv_print_exact(stream, site->lat_deg);
            fprintf(stream, ",%" PRId64 ",", a->places.people[p]);
            csv_print_text(stream, a->problem->kind[standard->kind].code);
            print_seconds(stream, standard->within_ms);
            fprintf(stream, ",%" PRIu32 ",%" PRId64, cell->unit_count, cell->quantity);
            print_seconds(stream, cell->first_ms);
            print_seconds(stream, cell->complete_ms);
            fprintf(stream, ",%d\n", cell->complete_ms <= standard->within_ms);
        }
    }
}
