/** @file muster/gis.h
 *  Files and maps: everything in libmuster_gis. */
#ifndef MUSTER_GIS_H
#define MUSTER_GIS_H

#include <muster/alert.h>
#include <muster/claim.h>
#include <muster/coordinates.h>
#include <muster/database.h>
#include <muster/hazard.h>
#include <muster/import.h>
#include <muster/isochrone_polygon.h>
#include <muster/kit.h>
#include <muster/layer_file.h>
#include <muster/live.h>
#include <muster/map.h>
#include <muster/moment.h>
#include <muster/profile_file.h>
#include <muster/store.h>

#endif
