/* See database_report.h. */
#include "gis/database_report.h"

#include <string.h>

#include "gis/memory.h"

enum { MOST_OF_A_TABLE = 1000 };

struct muster_database_report {
    muster_database_table *table; /* [table_count] */
    uint32_t               table_count;
    muster_database_fault *fault;
    size_t                 fault_count, fault_capacity;
    uint64_t               all_fault_count;
    uint32_t               table_fault_count; /* kept, of the table in hand */
    mu_texts               texts;
};

muster_status mu_report_new(muster_database_report **out) {
    *out = NULL;
    muster_database_report *r;
    uint32_t                count;
    (void)mu_schema_tables(&count);
    MU_TRY(mu_gis_alloc_zeroed(&r, 1, sizeof *r));
    const muster_status status = mu_gis_alloc_zeroed(&r->table, count, sizeof *r->table);
    if (status != MUSTER_OK) {
        mu_gis_free(r);
        return status;
    }
    *out = r;
    return MUSTER_OK;
}

void mu_report_begin(muster_database_report *r, const mu_schema_table *table) {
    r->table[r->table_count++] = (muster_database_table){table->name, 0, false};
    r->table_fault_count       = 0;
}

void mu_report_is_there(muster_database_report *r, bool is_there) {
    r->table[r->table_count - 1].is_there = is_there;
}

void mu_report_row(muster_database_report *r) {
    ++r->table[r->table_count - 1].row_count;
}

muster_status mu_report_fault(muster_database_report *r, const mu_fault *fault) {
    ++r->all_fault_count;
    if (r->table_fault_count == MOST_OF_A_TABLE) return MUSTER_OK;
    muster_database_fault kept = {.table = fault->table->name, .column = fault->column};
    MU_TRY(mu_gis_grow(&r->fault, &r->fault_capacity, r->fault_count, sizeof *r->fault));
    MU_TRY(mu_texts_keep(&r->texts, fault->row, &kept.row));
    MU_TRY(mu_texts_keep(&r->texts, fault->value, &kept.value));
    MU_TRY(mu_texts_keep(&r->texts, fault->expected, &kept.expected));
    r->fault[r->fault_count++] = kept;
    ++r->table_fault_count;
    return MUSTER_OK;
}

void muster_database_report_free(muster_database_report *r) {
    if (!r) return;
    mu_texts_fini(&r->texts);
    mu_gis_free(r->table);
    mu_gis_free(r->fault);
    mu_gis_free(r);
}

const muster_database_table *muster_database_report_tables(const muster_database_report *r,
                                                           uint32_t *out_count) {
    *out_count = r->table_count;
    return r->table;
}

const muster_database_fault *muster_database_report_faults(const muster_database_report *r,
                                                           uint32_t *out_count) {
    *out_count = (uint32_t)r->fault_count;
    return r->fault;
}

uint64_t muster_database_report_fault_count(const muster_database_report *r) {
    return r->all_fault_count;
}
