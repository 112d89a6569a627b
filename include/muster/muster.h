/** @file muster/muster.h
 *  Decide which teams, vehicles, machines and stocks go to which emergency, on a road
 *  network, in real time.
 *
 *  A network is built once and shared; a metric says how fast one profile travels it; a
 *  problem is what is true this second; a plan is who goes where. Files and databases
 *  are in muster/gis.h, which lives in a library of its own (muster_gis).
 *
 *  Blocks of 64 KB to 16 MB that the library frees may be kept for what it does next, 48 MB in all
 *  and for the whole process, and so may metrics up to 16 MB that were changed from others, likewise
 *  48 MB, until their network is freed; they go back to the system when it is unloaded. */
#ifndef MUSTER_MUSTER_H
#define MUSTER_MUSTER_H

#include <muster/api.h>
#include <muster/closure.h>
#include <muster/error.h>
#include <muster/explain.h>
#include <muster/great_circle.h>
#include <muster/hierarchy.h>
#include <muster/isochrone.h>
#include <muster/language.h>
#include <muster/leave.h>
#include <muster/matrix.h>
#include <muster/metric.h>
#include <muster/network.h>
#include <muster/one_to_all.h>
#include <muster/plan.h>
#include <muster/problem.h>
#include <muster/profile.h>
#include <muster/query.h>
#include <muster/reach.h>
#include <muster/readiness.h>
#include <muster/replan.h>
#include <muster/route.h>
#include <muster/siting.h>
#include <muster/snap.h>
#include <muster/snapshot.h>
#include <muster/solve.h>
#include <muster/why.h>

#endif
