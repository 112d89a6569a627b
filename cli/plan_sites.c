/* See plan_sites.h. */
#include "cli/plan_sites.h"

#include <inttypes.h>
#include <string.h>

#include "cli/command.h"
#include "cli/plan_view.h"
#include "cli/site.h"

/* The sites of one table, and those of them that no road is near. */
typedef struct far_sites {
    const char          *table;
    uint32_t             count, far_count;
    const char          *far_code; /* of the first */
    muster_site          far_site;
    const muster_metric *far_metric;
} far_sites;

/* One more site, which any of the metrics may reach. */
static muster_status look_at(far_sites *f, const char *code, const muster_site *site,
                             uint32_t metric_count, const muster_metric *const *metric) {
    ++f->count;
    for (uint32_t m = 0; m < metric_count; ++m) {
        muster_snap         snap;
        const muster_status status =
            muster_snap_sites(metric[m], 1, &site->lon_deg, &site->lat_deg, NULL, &snap);
        if (status != MUSTER_OK || snap.edge != MUSTER_NONE) return status;
    }
    if (f->far_count++ == 0) {
        f->far_code   = code;
        f->far_site   = *site;
        f->far_metric = metric[0];
    }
    return MUSTER_OK;
}

static muster_status look_at_units(far_sites *f, const muster_problem *p,
                                   muster_resource resource) {
    const char   *before = NULL; /* a warehouse comes once an item, one after the other */
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; i < muster_problem_unit_count(p, resource) && status == MUSTER_OK; ++i) {
        const muster_unit *unit = muster_problem_unit(p, resource, i);
        if (before && strcmp(before, unit->code) == 0) continue;
        status = look_at(f, unit->code, &unit->site, 1, &p->metric[unit->metric]);
        before = unit->code;
    }
    return status;
}

static muster_status look_at_incidents(far_sites *f, const muster_problem *p) {
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; i < p->incident_count && status == MUSTER_OK; ++i) {
        const muster_incident *incident = &p->incident[i];
        status = look_at(f, incident->code, &incident->site, p->metric_count, p->metric);
    }
    return status;
}

static void warn(const far_sites *f, const char *path, const char *consequence) {
    char expected[EXTENT_TEXT_BYTES];
    if (f->far_count == 0) return;
    const bool is_swapped = site_looks_swapped(&f->far_site, f->far_metric, expected);
    command_fail(COMMAND_DONE,
                 "%s: table %s: %" PRIu32 " of %" PRIu32 " places, code '%s' at %.6f,%.6f first, "
                 "lie more than 5 km from any road they could use: %s%s%s%s",
                 path, f->table, f->far_count, f->count, f->far_code, f->far_site.lon_deg,
                 f->far_site.lat_deg, consequence, is_swapped ? "; " : "",
                 is_swapped ? expected : "",
                 is_swapped ? "; are longitude and latitude swapped?" : "");
}

int plan_sites_warn(const muster_problem *problem, const char *path) {
    static const char *const TABLE[MUSTER_RESOURCE_COUNT] = {"team", "vehicle", "machine",
                                                             "warehouse"};
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        far_sites           f      = {.table = TABLE[r]};
        const muster_status status = look_at_units(&f, problem, (muster_resource)r);
        if (status != MUSTER_OK) return command_fail_status(status);
        warn(&f, path, "nothing can be sent from there");
    }
    far_sites           f      = {.table = "incident"};
    const muster_status status = look_at_incidents(&f, problem);
    if (status != MUSTER_OK) return command_fail_status(status);
    warn(&f, path, "nothing can be sent there");
    return COMMAND_DONE;
}
