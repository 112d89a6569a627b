#include "solver/lp.h"

#include "core/alloc.h"

muster_status mu_lp_add_row(mu_lp *lp, double lower, double upper) {
    MU_TRY(mu_grow(&lp->row, &lp->row_capacity, lp->row_count, sizeof *lp->row));
    lp->row[lp->row_count++] = (mu_lp_range){lower, upper};
    return MUSTER_OK;
}

muster_status mu_lp_add_column(mu_lp *lp, mu_lp_column column) {
    MU_TRY(mu_grow(&lp->column, &lp->column_capacity, lp->column_count, sizeof *lp->column));
    lp->column[lp->column_count++] = column;
    return MUSTER_OK;
}

muster_status mu_lp_add_entry(mu_lp *lp, uint32_t row, uint32_t column, double value) {
    MU_TRY(mu_grow(&lp->entry, &lp->entry_capacity, lp->entry_count, sizeof *lp->entry));
    lp->entry[lp->entry_count++] = (mu_lp_entry){row, column, value};
    return MUSTER_OK;
}

void mu_lp_fini(mu_lp *lp) {
    mu_free(lp->row);
    mu_free(lp->column);
    mu_free(lp->entry);
    *lp = (mu_lp){0};
}
