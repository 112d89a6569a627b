/* Any bytes as a CSV file of sites. The first byte says in which system, whether latitude comes
 * first, and whether wrong rows are passed over. What is read is on the globe or, passed over, at
 * NaN, and every id is text of its own. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/sites_csv.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SYSTEM = 3, SWAP = 4, KEEP_GOING = 8 }; /* bits of the first byte */

/* Made once: PROJ takes its time over one. */
static muster_crs *crs_of(unsigned number) {
    static const char *const NAME[] = {NULL, "GCJ-02", "EPSG:4528", "CGCS2000"};
    static muster_crs       *crs[4];
    if (NAME[number] && !crs[number] && muster_crs_new(&crs[number], NAME[number]) != MUSTER_OK) {
        abort();
    }
    return crs[number];
}

static void check(const sites *s, bool keeps_going) {
    assert(s->count > 0);
    for (uint32_t i = 0; i < s->count; ++i) {
        const bool is_nowhere = isnan(s->lon_deg[i]) && isnan(s->lat_deg[i]);
        assert(is_nowhere ? keeps_going : fabs(s->lon_deg[i]) <= 180 && fabs(s->lat_deg[i]) <= 90);
        assert(s->id[i][0] != 0 && s->row[i] > 1);
        assert(i == 0 || s->row[i] >= s->row[i - 1]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64];
    sites       s;
    if (size == 0) return 0;
    const coordinate_system system = {.crs        = crs_of(data[0] & SYSTEM),
                                      .is_swapped = (data[0] & SWAP) != 0};
    snprintf(path, sizeof path, "/tmp/muster-fuzz-sites-%ld", (long)getpid());
    write_file(path, data + 1, size - 1);
    const bool keeps_going = (data[0] & KEEP_GOING) != 0;
    if (sites_read_csv(&s, path, &system, keeps_going) == COMMAND_DONE) {
        check(&s, keeps_going);
        sites_free(&s);
    } else {
        assert(muster_error_message()[0] != 0);
    }
    remove(path);
    return 0;
}
