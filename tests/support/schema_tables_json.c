/* The description of the tables (gis/schema_tables.c) as JSON, for tests that compare it with the
 * catalogs of PostgreSQL and SQLite. */
#include <stdio.h>

#include "gis/schema_tables.h"

static void print_words(const char *key, const char *words) {
    printf(", \"%s\": ", key);
    if (words) {
        printf("\"%s\"", words);
    } else {
        fputs("null", stdout);
    }
}

static void print_column(const mu_schema_column *c) {
    static const char *const TYPE[] = {
        [MU_TYPE_BOOLEAN] = "boolean",  [MU_TYPE_INTEGER] = "integer",
        [MU_TYPE_BIGINT] = "bigint",    [MU_TYPE_REAL] = "real",
        [MU_TYPE_TEXT] = "text",        [MU_TYPE_JSON] = "json",
        [MU_TYPE_MOMENT] = "moment",    [MU_TYPE_INSTANT] = "instant",
        [MU_TYPE_GEOMETRY] = "geometry"};
    printf("{\"name\": \"%s\", \"type\": \"%s\", \"may_be_null\": %s", c->name, TYPE[c->type],
           c->may_be_null ? "true" : "false");
    print_words("words", c->words);
    print_words("digits", c->digits);
    if (c->is_bounded) printf(", \"least\": %.17g, \"most\": %.17g", c->least, c->most);
    printf(", \"excludes_least\": %s, \"shapes\": %u", c->excludes_least ? "true" : "false",
           c->shapes);
    if (c->has_fallback) printf(", \"fallback\": %lld", (long long)c->fallback);
    fputs("}", stdout);
}

static void print_references(const mu_schema_table *t) {
    fputs("], \"references\": [", stdout);
    for (int r = 0; r < MU_SCHEMA_REFERENCES && t->reference[r].columns; ++r) {
        printf("%s[\"%s\", \"%s\", \"%s\"]", r > 0 ? ", " : "", t->reference[r].columns,
               t->reference[r].table, t->reference[r].to);
    }
    fputs("], \"unique\": [", stdout);
    for (int u = 0; u < MU_SCHEMA_UNIQUE && t->unique[u]; ++u) {
        printf("%s\"%s\"", u > 0 ? ", " : "", t->unique[u]);
    }
}

int main(void) {
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count; ++t) {
        printf("%s{\"name\": \"%s\", \"title\": \"%s\", \"is_network\": %s, \"columns\": [",
               t == 0 ? "[" : ",\n", tables[t].name, tables[t].title,
               tables[t].is_network ? "true" : "false");
        for (uint32_t c = 0; c < tables[t].column_count; ++c) {
            if (c > 0) fputs(", ", stdout);
            print_column(&tables[t].column[c]);
        }
        print_references(&tables[t]);
        fputs("]}", stdout);
    }
    puts("]");
    return 0;
}
