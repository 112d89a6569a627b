/* What can be asked for. */
#include "service/resources.h"

static const mu_resource *const RESOURCES[] = {
    &mu_resource_route,   &mu_resource_table,         &mu_resource_table_of_body,
    &mu_resource_nearest, &mu_resource_nearest_sites, &mu_resource_isochrone,
    &mu_resource_health,  &mu_resource_live,          &mu_resource_metrics,
    &mu_resource_openapi,
};

const mu_resource *const *mu_resources_list(uint32_t *out_count) {
    *out_count = sizeof RESOURCES / sizeof(mu_resource *);
    return RESOURCES;
}
