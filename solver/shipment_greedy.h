/* The first plan of shipments, and the last touch of every other. */
#ifndef MU_SOLVER_SHIPMENT_GREEDY_H
#define MU_SOLVER_SHIPMENT_GREEDY_H

#include "solver/fleet.h"

/* Decide from nothing about shipments and vehicles whose kind carries, by severity: each incident
 * gets what is brought soonest for its weight, then the vehicles it needs, nearest first. A vehicle
 * of a kind of which there are no more than incidents need goes on a trip only where no other can.
 * A need that would get less than its minimum gets nothing. */
muster_status mu_shipment_start(mu_fleet *fleet, const mu_candidates *candidates);

/* Let free vehicles bring all that can still be brought, but nothing to incidents that are all or
 * nothing and get nothing. */
muster_status mu_shipment_fill(mu_fleet *fleet);

#endif
