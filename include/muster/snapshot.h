/** @file muster/snapshot.h
 *  A network with its hierarchy as one file that is mapped, not read: it opens in
 *  milliseconds, and processes that open the same file share its memory.
 *
 *  A snapshot is for speed, a GeoPackage (muster/store.h) for keeping: snapshots are of one
 *  version and one byte order, and others are refused; make them again from the GeoPackage. */
#ifndef MUSTER_SNAPSHOT_H
#define MUSTER_SNAPSHOT_H

#include <muster/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Write @p network, which must have a hierarchy, to a snapshot. The file appears whole or not
 *  at all: it is written beside @p path and renamed; who has the old one open keeps it.
 *  @return MUSTER_E_INVALID (no hierarchy; call muster_network_build_hierarchy), MUSTER_E_IO,
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_network_snapshot_write(const muster_network *network,
                                                       const char           *path);

/** Open a snapshot. The arrays stay in the file, mapped read-only and shared; the network is
 *  used and freed like any other, and must not be changed in place meanwhile: a file that is
 *  cut short while it is mapped ends the process (SIGBUS). Replacing it by a rename is safe.
 *
 *  The file is not trusted. Checked here, whatever its contents: magic, byte order, version,
 *  the size and place of every array, a checksum over the header and the table of arrays; and
 *  every index and offset that a search follows, so that no query can leave the arrays or run
 *  for ever. Not checked here: values that can only make answers wrong (coordinates, lengths,
 *  speeds, limits, names' letters) and the arrays' own checksums: muster_network_snapshot_check.
 *  O(nodes + arcs of the hierarchy).
 *  @return MUSTER_E_IO (no such file), MUSTER_E_FORMAT naming what is wrong, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_network_snapshot_open(muster_network **out, const char *path);

/** Check all of an opened snapshot: the checksum (XXH64) of every array, and that the hierarchy
 *  belongs to the network. O(size of the file).
 *  @return MUSTER_E_FORMAT naming the array; MUSTER_E_INVALID where @p network was not opened
 *          from a snapshot. */
MUSTER_API muster_status muster_network_snapshot_check(const muster_network *network);

/** Does the file begin like a snapshot? False also where it cannot be read. */
MUSTER_API bool muster_network_snapshot_is(const char *path);

#ifdef __cplusplus
}
#endif
#endif
