/* Every resource there is, each in the file of its name; resources.c lists them. */
#ifndef SERVICE_RESOURCES_H
#define SERVICE_RESOURCES_H

#include "service/resource.h"

extern const mu_resource mu_resource_health, mu_resource_live, mu_resource_metrics,
    mu_resource_openapi, mu_resource_route, mu_resource_table, mu_resource_table_of_body,
    mu_resource_nearest, mu_resource_nearest_sites, mu_resource_isochrone;

#endif
