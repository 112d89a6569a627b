#include "solver/warehouse.h"

#include <string.h>

int mu_warehouse_compare(const muster_unit *a, const muster_unit *b) {
    const int by_code = strcmp(a->code, b->code);
    if (by_code != 0) return by_code;
    if (a->site.lon_deg != b->site.lon_deg) return a->site.lon_deg < b->site.lon_deg ? -1 : 1;
    if (a->site.lat_deg != b->site.lat_deg) return a->site.lat_deg < b->site.lat_deg ? -1 : 1;
    if (a->turnout_ms != b->turnout_ms) return a->turnout_ms < b->turnout_ms ? -1 : 1;
    if (a->authority != b->authority) return a->authority < b->authority ? -1 : 1;
    if (a->available_ms != b->available_ms) return a->available_ms < b->available_ms ? -1 : 1;
    if (a->shift_end_ms != b->shift_end_ms) return a->shift_end_ms < b->shift_end_ms ? -1 : 1;
    return 0;
}
