"""What a session knows at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from muster._memory import Handle
from muster._native import ffi, lib

if TYPE_CHECKING:
    import geopandas
    import pandas


class View(Handle):
    """The state of a session as it was at one moment, which does not change any more. Made by Session.view; it
    may outlive the session. Any number of threads may read it.

    Each table is made when it is asked for. Moments are in UTC, NaT where there is none; places are in WGS 84;
    what is named by a code and is not there is missing (None or NaN)."""

    _free = lib.muster_view_free
    _instead = "send its tables, or open a replay there"

    @property
    def sequence(self) -> int:
        """The record of the journal up to which it knows what has happened."""
        return int(lib.muster_view_sequence(self._pointer))

    @property
    def units(self) -> geopandas.GeoDataFrame:
        """Teams (`people`), vehicles, pools of machines and stocks of warehouses (`item`), by resource, then in the
        store's order: resource, code, name, kind, authority, seen_at (when it was said to be there), is_available,
        reason (why it is not), quantity (people, 1, machines, items), under_order (how many of them orders have),
        ready_at, shift_end_at, duty_since and the point."""
        from muster._session_frames import units_frame
        return units_frame(self._pointer)

    @property
    def stock(self) -> geopandas.GeoDataFrame:
        """What warehouses have, a row for each kind of each: warehouse, kind, quantity, under_order,
        is_available, reason, authority and the point."""
        from muster._session_frames import stock_frame
        return stock_frame(self._pointer)

    @property
    def incidents(self) -> geopandas.GeoDataFrame:
        """As they were reported, closed ones for as long as orders that are known speak of them: code, name,
        severity, reported_at, deadline_at, closed_at (NaT: it is open), on_scene_s, authority,
        all_or_nothing and the point."""
        from muster._session_frames import incidents_frame
        return incidents_frame(self._pointer)

    @property
    def needs(self) -> pandas.DataFrame:
        """incident, kind, quantity, minimum, grade, delivered (items that were handed over), on_scene (who and
        what is there), coming (under orders that have not arrived)."""
        from muster._session_frames import needs_frame
        return needs_frame(self._pointer)

    @property
    def orders(self) -> pandas.DataFrame:
        """By number, those that are not over and the last 1,000 that are: number, state (issued, accepted,
        en_route, loaded, on_scene, released, declined, expired, cancelled), claim (none, pending, held), resource,
        unit, kind, incident, need (missing: it is a trip), quantity, trip (the order of the vehicle that brings
        it), warehouse, issued_at, changed_at, depart_at, load_at, eta_at (as planned), distance_m, issued_by,
        changed_by, consent, reason, claim_number, sequence (the record with which it was issued)."""
        from muster._session_frames import orders_frame
        return orders_frame(lib.muster_view_orders, self._pointer)

    @property
    def roads(self) -> geopandas.GeoDataFrame:
        """What is closed (speed_factor 0) or slow, by code: code, speed_factor, edge_id (a list) and the line,
        points or polygon, None of roads that are told by their edges."""
        from muster._session_frames import roads_frame
        return roads_frame(self._pointer)

    @property
    def hazards(self) -> geopandas.GeoDataFrame:
        """By code: code, name, source, kind (flood, wind, plume, closure, alert), severity, urgency, certainty,
        wind_force (0: not known), depth_m (infinite: not known), speed_factor (NaN: by its kind), starts_at and
        ends_at (NaT: without beginning or end), edge_id (a list) and the multipolygon; of a closure with lines or
        points, those, or a collection."""
        from muster._session_frames import hazards_frame
        return hazards_frame(self._pointer)

    @property
    def rules(self) -> pandas.DataFrame:
        """What commanders have said, and who has declined what, by code: code, command (lock, forbid, hold,
        force), resource, unit, kind, incident, need, quantity (0: all)."""
        from muster._session_frames import rules_frame
        return rules_frame(self._pointer)

    def _count(self, function: Any) -> int:
        count = ffi.new("uint32_t *")
        function(self._pointer, count)
        return int(count[0])

    def __repr__(self) -> str:
        return (f"<muster.View after record {self.sequence}: {self._count(lib.muster_view_units)} units, "
                f"{self._count(lib.muster_view_incidents)} incidents, {self._count(lib.muster_view_orders)} orders>")

