/* See layer_styles.h; what is drawn how is in layer_styles.sql. */
#include "gis/layer_styles.h"

extern const char mu_layer_styles_sql[];

muster_status mu_layer_styles_write(mu_database *database) {
    return mu_database_execute(database, "layer_styles", mu_layer_styles_sql);
}
