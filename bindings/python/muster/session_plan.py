"""Plans of a session, and what is ordered of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from muster._errors import text
from muster._memory import Handle
from muster._moments import moment_of
from muster._native import ffi, lib
from muster.plan import Plan
from muster.problem import Problem, codes_of

if TYPE_CHECKING:
    import pandas


class SessionPlan(Plan):
    """A plan that a session has made for what it knew at one moment. It orders nothing: Session.commit does.
    It may outlive the session.

    Incidents and needs are those that were open. A part of a pool or stock that is under an order which was
    accepted is a row of its own, whose code ends in '#' and the number of that order."""

    def __init__(self, pointer: Any, session: Any) -> None:
        self._owner = ffi.gc(pointer, lib.muster_session_plan_free)
        self._pointer = lib.muster_session_plan_plan(self._owner)
        self.problem = Problem(lib.muster_session_plan_problem(self._owner), self._owner)
        self._codes = codes_of(self.problem)
        self._made_by = session

    @property
    def at(self) -> datetime.datetime:
        """The moment, UTC, that its times run from."""
        return moment_of(lib.muster_session_plan_at_ms(self._owner))

    @property
    def sequence(self) -> int:
        """The record of the journal up to which it knows what has happened."""
        return int(lib.muster_session_plan_sequence(self._owner))

    @property
    def assignments(self) -> pandas.DataFrame:
        """As those of a Plan, and: order, the number of the order that is carried on, or NA where it is new or
        another one than before; and consent, the authority without whose consent it is not ordered, None where the
        incident's own is enough."""
        import pandas
        frame = super().assignments
        order = [lib.muster_session_plan_order(self._owner, row) or None for row in range(len(frame))]
        consent = [text(lib.muster_session_plan_consent(self._owner, row)) for row in range(len(frame))]
        return frame.assign(order=pandas.array(order, dtype="Int64"), consent=np.array(consent, object))

    @property
    def changes(self) -> pandas.DataFrame:
        """What is other than what is ordered, ordered by resource and unit: type (sent, taken_back, redirected,
        quantity, time, carrier), reason (new_incident, roads, better, ...), resource, unit, incident_before,
        need_before, incident, need, quantity_before, quantity, eta_before_s, eta_s (NaN where it was or is
        sent nowhere), vehicle_before, vehicle, replaced, and text and text_zh, the same as a sentence in English and in
        Chinese."""
        from muster._session_frames import changes_frame
        return changes_frame(self._owner)

    def __repr__(self) -> str:
        return super().__repr__().replace("muster.Plan", "muster.SessionPlan")


class Committed(Handle):
    """What a commit has done: which orders there are, which were taken back, and what was skipped and why."""

    _free = lib.muster_committed_free
    _instead = "send its tables"

    @property
    def sequence(self) -> int | None:
        """The record with which the orders were issued; None: there was nothing to issue or take back."""
        return lib.muster_committed_sequence(self._pointer) or None

    @property
    def orders(self) -> pandas.DataFrame:
        """The orders that were issued, with the columns of View.orders; of a commit that was made before under the
        same id, as they are now."""
        from muster._session_frames import orders_frame
        return orders_frame(lib.muster_committed_orders, self._pointer)

    @property
    def cancelled(self) -> np.ndarray:
        """(n,) numbers of the orders that were taken back."""
        count = ffi.new("uint32_t *")
        numbers = lib.muster_committed_cancelled(self._pointer, count)
        return np.array([numbers[i] for i in range(count[0])], np.int64)

    @property
    def skipped(self) -> pandas.DataFrame:
        """What was not ordered: assignment (its row in SessionPlan.assignments), skip (carried_on, consent,
        changed, claimed, kept, useless) and message."""
        from muster._session_frames import skipped_frame
        return skipped_frame(self._pointer)

    def __repr__(self) -> str:
        count = [ffi.new("uint32_t *") for _ in range(3)]
        for function, out in zip((lib.muster_committed_orders, lib.muster_committed_cancelled,
                                  lib.muster_committed_skipped), count):
            function(self._pointer, out)
        return f"<muster.Committed: {count[0][0]} orders, {count[1][0]} taken back, {count[2][0]} skipped>"
