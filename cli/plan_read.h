/* The assignments of a plan.json, and what it leaves unmet, read back. */
#ifndef CLI_PLAN_READ_H
#define CLI_PLAN_READ_H

#include <jansson.h>
#include <muster/plan.h>

/* The code of the scenario that the document is a plan for; the document's own. Returns the exit
 * code. */
int plan_read_scenario(const char **out, const json_t *plan, const char *path);

/* How the plan's items come, where it says; else `otherwise`: a muster_item_transport. */
uint8_t plan_read_transport(const json_t *plan, uint8_t otherwise);

/* What muster_reasons_new wants of a plan. */
typedef struct plan_moves {
    muster_assignment *assignment;
    uint32_t           assignment_count;
    muster_shipment   *shipment; /* only who carries */
    uint32_t           shipment_count;
} plan_moves;

/* Who goes where and when, as muster_reasons_new wants it; what the file says of roads and
 * departures is not read. Codes become rows of `problem`. Whether it all fits is not judged here.
 * Returns the exit code; plan_moves_free is due in either case. */
int  plan_read_moves(plan_moves *out, const json_t *plan, const char *path,
                     const muster_problem *problem);
void plan_moves_free(plan_moves *moves);

/* What the document says is unmet, and why, as muster_reasons_tell wants it; `*out` is NULL where it says
 * nothing of that, and else to be freed. Returns the exit code. */
int plan_read_unmet(muster_unmet **out, uint32_t *out_count, const json_t *plan, const char *path,
                    const muster_problem *problem);

#endif
