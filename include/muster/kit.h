/** @file muster/kit.h
 *  What at-risk sites keep for themselves: the table `kit` of a store (docs/schema.md). The sites are in
 *  muster_named_sites_load (muster/hazard.h). Part of libmuster_gis. */
#ifndef MUSTER_KIT_H
#define MUSTER_KIT_H

#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_kit {
    const char *site; /**< The site's code. */
    const char *kind; /**< The kind's code: a machine or an item. */
    int64_t     quantity;
} muster_kit;

typedef struct muster_kits muster_kits;

/** Read the table, in order of site and kind. One that is absent holds nothing.
 *  @param out    receives the table, yours: muster_kits_free
 *  @param place  a path or a connection
 *  @return as muster_network_load. */
MUSTER_API muster_status     muster_kits_load(muster_kits **out, const char *place);
MUSTER_API void              muster_kits_free(muster_kits *kits);
MUSTER_API const muster_kit *muster_kits_list(const muster_kits *kits, uint32_t *out_count);

#ifdef __cplusplus
}
#endif
#endif
