/* See row_checker.h.
 *
 * Every combination of columns that must be different in each row, or that others refer to, has a set
 * of the keys met so far. A row may refer to a later one of its own table (a county to its city), so
 * what was not found there is looked for again when the table ends.
 *
 * Some things no description of columns says: that kinds are of the resource that is asked for, that
 * an edge begins and ends at its nodes, that ranks are an order, that one scenario at most is the
 * default. They are here as well. */
#include "gis/row_checker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/key_set.h"
#include "gis/memory.h"
#include "gis/wkb.h"

enum { MAX_SETS = 160, SETS_OF_TABLE = MU_SCHEMA_UNIQUE + 2, KEY_COLUMNS = 4 };

static const double MAX_GAP_DEG =
    1e-6;                        /* as network_rows.c: 0.1 m between a line's end and its node */
static const double FAR_DEG = 1; /* about 100 km: nobody snaps a site from there to a road */

/* Keys of `table` that are made of `columns`. */
typedef struct named_set {
    const mu_schema_table *table;
    const char            *columns;
    bool                   is_unique;
    uint32_t               column_count, column[KEY_COLUMNS];
    mu_key_set             keys;
} named_set;

/* A reference into the table that is being read, which nothing has answered yet. */
typedef struct open_reference {
    const named_set *to;
    char            *key;
    size_t           size;
    mu_fault         fault;
} open_reference;

struct mu_row_checker {
    mu_fault_found        *found;
    void                  *user;
    bool                   looks_around;
    const mu_schema_table *table;
    uint32_t               set_count;
    named_set              set[MAX_SETS];
    named_set             *own[SETS_OF_TABLE]; /* of the table in hand; the key's comes first */
    bool                   is_bad[MU_SCHEMA_COLUMNS];
    char                  *key;
    size_t                 key_size, key_capacity;

    open_reference *open;
    size_t          open_count, open_capacity;

    /* By the number of a node in the set of their ids. */
    double   *node_lon, *node_lat;
    uint32_t *node_rank; /* MUSTER_NONE: none */
    size_t    lon_capacity, lat_capacity, rank_capacity;
    uint32_t  node_count, default_count;
    mu_bounds network;
};

/* ---- faults ---------------------------------------------------------------------------- */

static void name_row(const mu_row_checker *c, const mu_value *value, mu_fault *fault) {
    char key[MU_SHOWN_BYTES];
    mu_value_show(key, &c->table->column[0], &value[0]);
    snprintf(fault->row, sizeof fault->row, "%s %s", c->table->column[0].name, key);
}

static mu_fault fault_at(const mu_row_checker *c, const mu_value *value, uint32_t column) {
    mu_fault fault = {.table = c->table, .column = c->table->column[column].name};
    name_row(c, value, &fault);
    mu_value_show(fault.value, &c->table->column[column], &value[column]);
    return fault;
}

static muster_status report(mu_row_checker *c, const mu_value *value, uint32_t column,
                            const char *expected) {
    mu_fault fault = fault_at(c, value, column);
    snprintf(fault.expected, sizeof fault.expected, "%s", expected);
    return c->found(c->user, &fault);
}

/* ---- keys ------------------------------------------------------------------------------ */

static muster_status put_key(mu_row_checker *c, const void *bytes, size_t size) {
    if (c->key_capacity - c->key_size < size) {
        const size_t larger = c->key_capacity + c->key_capacity / 2 + size + 64;
        MU_TRY(mu_gis_realloc(&c->key, larger, 1));
        c->key_capacity = larger;
    }
    if (size > 0) memcpy(c->key + c->key_size, bytes, size);
    c->key_size += size;
    return MUSTER_OK;
}

/* A part of a key with its size before it, so that no two keys of several parts are alike. */
static muster_status put_part(mu_row_checker *c, const void *bytes, size_t size) {
    const uint64_t prefix = size;
    MU_TRY(put_key(c, &prefix, sizeof prefix));
    return put_key(c, bytes, size);
}

/* The key that `columns` of a row make; *out_is_one is false where one of them is NULL or wrong. */
static muster_status make_key(mu_row_checker *c, const mu_value *value, uint32_t column_count,
                              const uint32_t *column, bool *out_is_one) {
    c->key_size = 0;
    for (uint32_t i = 0; i < column_count; ++i) {
        const mu_value *v = &value[column[i]];
        *out_is_one       = v->form != MU_FORM_NULL && !c->is_bad[column[i]];
        if (!*out_is_one) return MUSTER_OK;
        MU_TRY(v->form == MU_FORM_TEXT ? put_part(c, v->bytes, v->size)
                                       : put_part(c, &v->whole, sizeof v->whole));
    }
    return MUSTER_OK;
}

static named_set *find_set(mu_row_checker *c, const mu_schema_table *table, const char *columns) {
    for (uint32_t i = 0; i < c->set_count; ++i) {
        named_set *set = &c->set[i];
        if (set->table == table && strcmp(set->columns, columns) == 0) return set;
    }
    return NULL;
}

static muster_status add_set(mu_row_checker *c, const mu_schema_table *table, const char *columns,
                             bool is_unique) {
    if (c->set_count == MAX_SETS) {
        return muster_fail(MUSTER_E_INTERNAL, "over %d sets of keys", MAX_SETS);
    }
    named_set *set    = &c->set[c->set_count++];
    *set              = (named_set){.table = table, .columns = columns, .is_unique = is_unique};
    set->column_count = mu_schema_columns(table, columns, KEY_COLUMNS, set->column);
    return MUSTER_OK;
}

/* What a kind is of is asked for by its code and a resource. */
static const char CODE_AND_RESOURCE[] = "code resource";

static muster_status add_sets(mu_row_checker *c) {
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count; ++t) {
        MU_TRY(add_set(c, &tables[t], tables[t].column[0].name, true));
        for (int u = 0; u < MU_SCHEMA_UNIQUE && tables[t].unique[u]; ++u) {
            MU_TRY(add_set(c, &tables[t], tables[t].unique[u], true));
        }
    }
    return add_set(c, mu_schema_table_find("kind"), CODE_AND_RESOURCE, false);
}

static void write_list(char *out, size_t room, const char *names) {
    size_t used = 0;
    for (; *names && used + 2 < room; ++names) {
        if (*names == ' ') out[used++] = ',';
        out[used++] = *names;
    }
    out[used] = 0;
}

/* *out_number is that of the row's own key. */
static muster_status take_keys(mu_row_checker *c, const mu_value *value, uint32_t *out_number) {
    char list[100], expected[160];
    *out_number = MUSTER_NONE;
    for (int i = 0; i < SETS_OF_TABLE && c->own[i]; ++i) {
        named_set *set    = c->own[i];
        uint32_t   number = 0;
        bool       is_one = false, is_new = false;
        MU_TRY(make_key(c, value, set->column_count, set->column, &is_one));
        if (!is_one) continue;
        MU_TRY(mu_key_set_add(&set->keys, c->key, c->key_size, &number, &is_new));
        if (i == 0 && is_new) *out_number = number;
        if (is_new || !set->is_unique) continue;
        write_list(list, sizeof list, set->columns);
        snprintf(expected, sizeof expected, "no two rows with the same %s", list);
        MU_TRY(report(c, value, set->column[set->column_count - 1], expected));
    }
    return MUSTER_OK;
}

/* ---- references ------------------------------------------------------------------------- */

static muster_status keep_open(mu_row_checker *c, const named_set *to, const mu_fault *fault) {
    char *copy;
    MU_TRY(mu_gis_grow(&c->open, &c->open_capacity, c->open_count, sizeof *c->open));
    MU_TRY(mu_gis_alloc(&copy, c->key_size, 1));
    memcpy(copy, c->key, c->key_size);
    c->open[c->open_count++] =
        (open_reference){.to = to, .key = copy, .size = c->key_size, .fault = *fault};
    return MUSTER_OK;
}

static void close_all(mu_row_checker *c) {
    for (size_t i = 0; i < c->open_count; ++i) mu_gis_free(c->open[i].key);
    c->open_count = 0;
}

static muster_status look_up(mu_row_checker *c, const named_set *to, const mu_fault *fault) {
    if (mu_key_set_find(&to->keys, c->key, c->key_size) != MUSTER_NONE) return MUSTER_OK;
    return to->table == c->table ? keep_open(c, to, fault) : c->found(c->user, fault);
}

/* A kind of one of the resources: (code, resource) is there for one of them. */
static muster_status look_up_kind(mu_row_checker *c, const mu_schema_reference *reference,
                                  const named_set *to, const mu_fault *fault) {
    const size_t code_size = c->key_size;
    const char  *word      = reference->resources;
    while (*word) {
        const size_t length = strcspn(word, " ");
        c->key_size         = code_size;
        MU_TRY(put_part(c, word, length));
        if (mu_key_set_find(&to->keys, c->key, c->key_size) != MUSTER_NONE) return MUSTER_OK;
        word += length + (word[length] == ' ');
    }
    /* Where it may be a later row, it is of one resource alone, and the key is whole. */
    return to->table == c->table ? keep_open(c, to, fault) : c->found(c->user, fault);
}

static muster_status check_reference(mu_row_checker *c, const mu_schema_reference *reference,
                                     const mu_value *value) {
    const mu_schema_table *table = mu_schema_table_find(reference->table);
    const bool             is_of = reference->resources != NULL;
    const named_set       *to    = find_set(c, table, is_of ? CODE_AND_RESOURCE : reference->to);
    uint32_t               column[KEY_COLUMNS];
    bool                   is_one = false;
    char                   list[100];
    const uint32_t count = mu_schema_columns(c->table, reference->columns, KEY_COLUMNS, column);
    MU_TRY(make_key(c, value, count, column, &is_one));
    if (!is_one || !to) return MUSTER_OK;
    mu_fault fault = fault_at(c, value, column[count - 1]);
    write_list(list, sizeof list, reference->to);
    snprintf(fault.expected, sizeof fault.expected, "the %s of a row in table %s%s%s", list,
             table->name, is_of ? ", of resource " : "", is_of ? reference->resources : "");
    return is_of ? look_up_kind(c, reference, to, &fault) : look_up(c, to, &fault);
}

/* What the columns resource and code name. */
static muster_status check_resource(mu_row_checker *c, const mu_value *value) {
    static const char *const TABLE[][2] = {
        {"people", "team"}, {"vehicle", "vehicle"}, {"machine", "machine"}, {"item", "warehouse"}};
    const uint32_t  code     = mu_schema_column_find(c->table, "code");
    const uint32_t  resource = mu_schema_column_find(c->table, "resource");
    const mu_value *word     = &value[resource];
    bool            is_one   = false;
    MU_TRY(make_key(c, value, 1, &code, &is_one));
    if (!is_one || word->form != MU_FORM_TEXT || c->is_bad[resource]) return MUSTER_OK;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; ++i) {
        if (!mu_schema_has_word(TABLE[i][0], word->bytes, word->size)) continue;
        mu_fault fault = fault_at(c, value, code);
        snprintf(fault.expected, sizeof fault.expected, "the code of a row in table %s",
                 TABLE[i][1]);
        return look_up(c, find_set(c, mu_schema_table_find(TABLE[i][1]), "code"), &fault);
    }
    return MUSTER_OK;
}

static muster_status check_references(mu_row_checker *c, const mu_value *value) {
    for (int i = 0; i < MU_SCHEMA_REFERENCES && c->table->reference[i].columns; ++i) {
        MU_TRY(check_reference(c, &c->table->reference[i], value));
    }
    return c->table->has_resource ? check_resource(c, value) : MUSTER_OK;
}

/* ---- the network ------------------------------------------------------------------------ */

static muster_status note_node(mu_row_checker *c, const mu_value *value, uint32_t number,
                               const mu_bounds *place) {
    const uint32_t geometry = mu_schema_geometry(c->table);
    const uint32_t rank     = mu_schema_column_find(c->table, "rank");
    if (number == MUSTER_NONE) return MUSTER_OK;
    MU_TRY(mu_gis_grow(&c->node_lon, &c->lon_capacity, number, sizeof *c->node_lon));
    MU_TRY(mu_gis_grow(&c->node_lat, &c->lat_capacity, number, sizeof *c->node_lat));
    MU_TRY(mu_gis_grow(&c->node_rank, &c->rank_capacity, number, sizeof *c->node_rank));
    c->node_count        = number + 1;
    const bool is_there  = value[geometry].form == MU_FORM_WKB && !c->is_bad[geometry];
    const bool is_ranked = value[rank].form == MU_FORM_WHOLE && !c->is_bad[rank];
    c->node_lon[number]  = is_there ? place->min_lon : (double)NAN;
    c->node_lat[number]  = is_there ? place->min_lat : (double)NAN;
    c->node_rank[number] = is_ranked ? (uint32_t)value[rank].whole : MUSTER_NONE;
    c->network.min_lon   = fmin(c->network.min_lon, c->node_lon[number]);
    c->network.min_lat   = fmin(c->network.min_lat, c->node_lat[number]);
    c->network.max_lon   = fmax(c->network.max_lon, c->node_lon[number]);
    c->network.max_lat   = fmax(c->network.max_lat, c->node_lat[number]);
    return MUSTER_OK;
}

static muster_status check_end(mu_row_checker *c, const mu_value *value, const char *column,
                               uint32_t geometry, uint32_t point) {
    const uint32_t end = mu_schema_column_find(c->table, column);
    char           expected[MU_REASON_BYTES];
    double         lon, lat;
    bool           is_one = false;
    MU_TRY(make_key(c, value, 1, &end, &is_one));
    const named_set *nodes = find_set(c, mu_schema_table_find("node"), "id");
    const uint32_t node = is_one ? mu_key_set_find(&nodes->keys, c->key, c->key_size) : MUSTER_NONE;
    if (node == MUSTER_NONE || node >= c->node_count || isnan(c->node_lon[node])) return MUSTER_OK;
    mu_wkb_point(value[geometry].bytes, point, &lon, &lat);
    if (fabs(lon - c->node_lon[node]) <= MAX_GAP_DEG &&
        fabs(lat - c->node_lat[node]) <= MAX_GAP_DEG) {
        return MUSTER_OK;
    }
    snprintf(expected, sizeof expected,
             "a line whose point %u is at its %s, (%.9g, %.9g), and not at (%.9g, %.9g)", point,
             column, c->node_lon[node], c->node_lat[node], lon, lat);
    return report(c, value, geometry, expected);
}

static muster_status check_line(mu_row_checker *c, const mu_value *value) {
    const uint32_t geometry = mu_schema_geometry(c->table);
    if (value[geometry].form != MU_FORM_WKB || c->is_bad[geometry]) return MUSTER_OK;
    MU_TRY(check_end(c, value, "source", geometry, 0));
    return check_end(c, value, "target", geometry, mu_wkb_point_count(value[geometry].bytes) - 1);
}

static bool is_near(const mu_bounds *b, double lon, double lat, double margin_deg) {
    return lon >= b->min_lon - margin_deg && lon <= b->max_lon + margin_deg &&
           lat >= b->min_lat - margin_deg && lat <= b->max_lat + margin_deg;
}

static muster_status check_site(mu_row_checker *c, const mu_value *value, const mu_bounds *place) {
    const uint32_t   geometry = mu_schema_geometry(c->table);
    const mu_bounds *network  = &c->network;
    char             expected[MU_REASON_BYTES];
    if (!c->looks_around || !(network->min_lon <= network->max_lon) || c->is_bad[geometry] ||
        value[geometry].form != MU_FORM_WKB ||
        is_near(network, place->min_lon, place->min_lat, FAR_DEG)) {
        return MUSTER_OK;
    }
    const bool is_swapped = is_near(network, place->min_lat, place->min_lon, FAR_DEG);
    snprintf(expected, sizeof expected,
             "%sa place within %g degree of the network, which is between (%.9g, %.9g) and (%.9g, "
             "%.9g)",
             is_swapped ? "longitude first, it looks swapped: " : "", FAR_DEG, network->min_lon,
             network->min_lat, network->max_lon, network->max_lat);
    return report(c, value, geometry, expected);
}

/* 0, 1, 2... each once, or none at all. */
static muster_status check_ranks(mu_row_checker *c) {
    mu_fault fault  = {.table = c->table, .column = "rank"};
    uint32_t ranked = 0, wrong = 0;
    uint8_t *is_taken;
    MU_TRY(mu_gis_alloc_zeroed(&is_taken, c->node_count, 1));
    for (uint32_t v = 0; v < c->node_count; ++v) {
        const uint32_t rank = c->node_rank[v];
        if (rank == MUSTER_NONE) continue;
        ++ranked;
        if (rank >= c->node_count || is_taken[rank]) {
            ++wrong;
        } else {
            is_taken[rank] = 1;
        }
    }
    mu_gis_free(is_taken);
    if (wrong == 0 && (ranked == 0 || ranked == c->node_count)) return MUSTER_OK;
    snprintf(fault.value, sizeof fault.value, "%u of %u nodes have one, %u a wrong one", ranked,
             c->node_count, wrong);
    snprintf(fault.expected, sizeof fault.expected,
             "0, 1, 2... once each, or NULL everywhere; muster order makes an order");
    return c->found(c->user, &fault);
}

/* ---- all of it --------------------------------------------------------------------------- */

static bool is_table(const mu_row_checker *c, const char *name) {
    return strcmp(c->table->name, name) == 0;
}

static muster_status check_default(mu_row_checker *c, const mu_value *value) {
    const uint32_t column = mu_schema_column_find(c->table, "is_default");
    if (value[column].form != MU_FORM_WHOLE || value[column].whole != 1) return MUSTER_OK;
    if (++c->default_count <= 1) return MUSTER_OK;
    return report(c, value, column, "0: another scenario is the default");
}

static muster_status judge_columns(mu_row_checker *c, const mu_value *value,
                                   mu_bounds *out_bounds) {
    char reason[MU_REASON_BYTES];
    for (uint32_t i = 0; i < c->table->column_count; ++i) {
        c->is_bad[i] = !mu_value_judge(&c->table->column[i], &value[i], out_bounds, reason);
        if (c->is_bad[i]) MU_TRY(report(c, value, i, reason));
    }
    return MUSTER_OK;
}

/* What more than one column says. */
static muster_status check_whole(mu_row_checker *c, const mu_value *value, uint32_t number,
                                 const mu_bounds *bounds) {
    uint32_t    column;
    const char *expected = c->table->rule ? c->table->rule(c->table, value, &column) : NULL;
    if (expected && !c->is_bad[column]) MU_TRY(report(c, value, column, expected));
    if (is_table(c, "node")) return note_node(c, value, number, bounds);
    if (is_table(c, "edge")) return check_line(c, value);
    if (is_table(c, "scenario")) return check_default(c, value);
    return c->table->is_site ? check_site(c, value, bounds) : MUSTER_OK;
}

muster_status mu_row_checker_new(mu_row_checker **out, mu_fault_found *found, void *user,
                                 bool looks_around) {
    *out = NULL;
    mu_row_checker *c;
    MU_TRY(mu_gis_alloc_zeroed(&c, 1, sizeof *c));
    c->found                   = found;
    c->user                    = user;
    c->looks_around            = looks_around;
    c->network                 = (mu_bounds){INFINITY, INFINITY, -INFINITY, -INFINITY};
    const muster_status status = add_sets(c);
    if (status != MUSTER_OK) {
        mu_row_checker_free(c);
        return status;
    }
    *out = c;
    return MUSTER_OK;
}

void mu_row_checker_free(mu_row_checker *c) {
    if (!c) return;
    close_all(c);
    for (uint32_t i = 0; i < c->set_count; ++i) mu_key_set_fini(&c->set[i].keys);
    mu_gis_free(c->open);
    mu_gis_free(c->key);
    mu_gis_free(c->node_lon);
    mu_gis_free(c->node_lat);
    mu_gis_free(c->node_rank);
    mu_gis_free(c);
}

muster_status mu_row_checker_begin(mu_row_checker *c, const mu_schema_table *table) {
    uint32_t own = 0;
    c->table     = table;
    for (int i = 0; i < SETS_OF_TABLE; ++i) c->own[i] = NULL;
    for (uint32_t i = 0; i < c->set_count && own < SETS_OF_TABLE; ++i) {
        if (c->set[i].table == table) c->own[own++] = &c->set[i];
    }
    return MUSTER_OK;
}

muster_status mu_row_checker_row(mu_row_checker *c, const mu_value *value, mu_bounds *out_bounds) {
    uint32_t number;
    *out_bounds = (mu_bounds){0};
    MU_TRY(judge_columns(c, value, out_bounds));
    MU_TRY(take_keys(c, value, &number));
    MU_TRY(check_references(c, value));
    return check_whole(c, value, number, out_bounds);
}

muster_status mu_row_checker_end(mu_row_checker *c) {
    for (size_t i = 0; i < c->open_count; ++i) {
        const open_reference *o = &c->open[i];
        if (mu_key_set_find(&o->to->keys, o->key, o->size) != MUSTER_NONE) continue;
        MU_TRY(c->found(c->user, &o->fault));
    }
    close_all(c);
    return is_table(c, "node") ? check_ranks(c) : MUSTER_OK;
}
