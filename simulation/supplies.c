/* What warehouses have, and pools. Stock that has fallen low is ordered anew, from outside of what is
 * simulated; machines that are on their way back are not in their pool. */
#include "simulation/run.h"

static int64_t quantity_of(const mu_run *run, uint32_t stock) {
    return mu_run_world(run)->unit[MUSTER_ITEM][stock].quantity;
}

static int64_t first_quantity(const mu_run *run, uint32_t stock) {
    return run->stage->problem->stock[stock].quantity;
}

muster_status mu_stock_write(mu_run *run, uint32_t stock) {
    const mu_base_unit     *u = &run->stage->base->unit[MUSTER_ITEM][stock];
    muster_simulated_stock *row;
    if (!run->record->is_recorded) return MUSTER_OK;
    MU_TRY(MU_TABLE_ADD(&run->record->stock, &row));
    row->time_ms  = mu_run_clock(run);
    row->quantity = quantity_of(run, stock);
    MU_TRY(mu_record_text(run->record, &row->warehouse, u->code));
    return mu_record_text(run->record, &row->kind, run->stage->base->kind[u->kind].code);
}

/* Small shares of large quantities: no product overflows, as a quantity is at most 10^9. */
static bool is_low(const mu_run *run, uint32_t stock) {
    return quantity_of(run, stock) * 100 <=
           first_quantity(run, stock) * (int64_t)run->policy->restock_percent;
}

muster_status mu_stock_changed(mu_run *run, uint32_t stock) {
    MU_TRY(mu_stock_write(run, stock));
    if (run->policy->restock_percent == 0 || run->restock_at_ms[stock] != 0) return MUSTER_OK;
    if (!is_low(run, stock) || quantity_of(run, stock) >= first_quantity(run, stock)) {
        return MUSTER_OK;
    }
    run->restock_at_ms[stock] = run->now_ms + run->policy->restock_delay_ms;
    return mu_agenda_add(&run->agenda, run->restock_at_ms[stock], MU_DUE_STOCK, stock, 0);
}

/* Up to what there was at the beginning. */
muster_status mu_stock_arrived(mu_run *run, uint32_t stock) {
    const int64_t missing     = first_quantity(run, stock) - quantity_of(run, stock);
    run->restock_at_ms[stock] = 0;
    if (missing <= 0) return MUSTER_OK;
    run->restocked[stock] += missing;
    MU_TRY(mu_run_say_stock(run, stock, missing, "it was ordered anew"));
    return mu_wish_use(run);
}

muster_status mu_pool_changed(mu_run *run, uint32_t pool, int64_t change) {
    const mu_base_unit *u     = &run->stage->base->unit[MUSTER_MACHINE][pool];
    muster_event        event = {.type = MUSTER_EVENT_UNIT_CREW,
                                 .unit = {MUSTER_MACHINE, u->code, NULL},
                                 .quantity =
                                     mu_run_world(run)->unit[MUSTER_MACHINE][pool].quantity - change};
    run->away[pool] += change;
    MU_TRY(mu_run_say(run, &event));
    return change < 0 ? mu_wish_use(run) : MUSTER_OK;
}
