"""Live dispatch: events in, orders out, around the clock.

The library wants every call to have returned when a session is closed. Threads of Python do not wait for each
other by themselves, so a session counts who is inside: to close it lets nobody in any more, has the plan that is
being made cut short, and waits for the rest."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, overload

import numpy as np

from muster import _bars, _events
from muster._arguments import milliseconds, one_of, whole
from muster._callbacks import watcher
from muster._errors import InvalidError, check, text
from muster._memory import encoded, made
from muster._moments import LAST_MS, moment_ms
from muster._native import ffi, lib
from muster._refusals import WRONG, Answer, raise_first
from muster.journal import Journal
from muster.metric import Metric
from muster.plan import METHODS, Progress
from muster.problem import _BorrowedNetwork
from muster.session_plan import Committed, SessionPlan
from muster.view import View

if TYPE_CHECKING:
    import pandas
    from _typeshed import DataclassInstance

ROLES = {text(lib.muster_session_role_name(role)) or "": role for role in range(lib.MUSTER_SESSION_ROLE_COUNT)}
MODES = {text(lib.muster_replan_name(mode)) or "": mode for mode in range(lib.MUSTER_REPLAN_COUNT)}
STEPS = ("accepted", "declined", "en_route", "loaded", "on_scene", "released", "cancelled")

MOST_S = 2**31 // 1000
"""The longest duration, 24 days."""

# How long one wait for news may take: Ctrl-C, and whoever closes the session, wait no longer.
_WAIT_MS = 100


class News(NamedTuple):
    """One record of the journal: `sequence`, its number, and `event`, what it says, as docs/session.md describes
    it; of the first, the world that the journal begins with, {"type": "begun"}."""

    sequence: int
    event: dict[str, Any]


class SessionState(NamedTuple):
    """How a session stands: `sequence`, its last record; `term` of writing the journal, 0 for a standby; `role`
    (write, take_over, standby); how many incidents and orders are open, and how many claims pending; whether the
    journal is lost (`journal_is_lost`), because another session has taken it over or its disk has failed, as of the
    last call that asked it, a tick for instance; whether the central database is away (`central_is_away`), or another
    session has taken this dispatcher over (`central_is_fenced`); how old the database's last answer is, None: there was
    none; and `trouble`, what the session last ran into, None: nothing."""

    sequence: int
    term: int
    role: str
    incident_count: int
    order_count: int
    claim_pending_count: int
    journal_is_lost: bool
    central_is_away: bool
    central_is_fenced: bool
    central_age_s: float | None
    trouble: str | None


class Syncs(NamedTuple):
    """How long syncs of the journal to the disk have taken since the session was opened: a histogram, `counts` (16,) of
    those that took up to `up_to_ms` (16,), each counted in the first bin that it fits, the last one infinite; their
    sum; the longest; and how many failed."""

    up_to_ms: np.ndarray
    counts: np.ndarray
    sum_ms: float
    longest_ms: float
    failed_count: int


class _RoadsMetric(Metric):
    """A metric that belongs to the roads of a session, which it keeps alive."""

    def __init__(self, pointer: Any, roads: Any) -> None:
        self._pointer, self._profile = pointer, roads
        self.network = _BorrowedNetwork(lib.muster_metric_network(pointer), roads)


def _system_clock() -> int:
    return time.time_ns() // 1_000_000


def _author() -> str:
    return f"python {os.getpid()} on {socket.gethostname()}"


class Session:
    """What is known of units, incidents, orders and roads, and the journal that it follows from. What a call has
    acknowledged is on the disk; a session that was killed is opened again, and is as it was (docs/session.md).

        with muster.Session.open("night", "jiaxing.gpkg") as session:
            session.tell({"type": "incident_reported", "incident": {"code": "I-1", "lon_deg": 120.77,
                          "lat_deg": 30.76, "severity": "severe"}, "need": [{"kind": "boat", "quantity": 2}]})
            session.commit(session.plan(time_limit=1))
            session.view().orders

    A moment is a datetime with a time zone, a text like 2026-07-01T06:30:00Z, or whole milliseconds since 1970; where
    it is left out it is that of the session's clock. Any number of threads may use a session: who tells or commits
    waits for the disk, and nobody waits for a plan that is being made. A process that was forked off has no part in
    it: every call is refused there. Whatever was got from a session may outlive it."""

    # ---- opening --------------------------------------------------------------------------

    @classmethod
    def open(cls, journal: str | os.PathLike[str], store: str | os.PathLike[str], *, scenario: str | None = None,
             with_incidents: bool = False, role: str = "write", author: str | None = None, now: Any = None,
             clock: Callable[[], Any] | None = None, threads: int = 0, order_timeout_s: float = 300,
             clock_ahead_s: float = 300, churn_unmet_need: int = 0, churn_response_time: int = 0, churn_most: int = 0,
             snapshot_events: int = 20_000, central: str | None = None, schema: str | None = None,
             dispatcher: str | None = None) -> Session:
        """Begin a journal, or go on with one.

        :param journal: its folder; made if it is not there
        :param store: a GeoPackage, or a PostGIS (`postgresql://...`): roads always come from it, and have to be
            those that the journal was begun with. A new journal begins with its units, authorities, zones and weights
        :param scenario: of a new journal: whose weights and zones hold; None: the store's default one
        :param with_incidents: of a new journal: begin with the scenario's incidents too, as reported now
        :param role: "write", refused while another process writes; "take_over": whoever writes now is shut out;
            "standby": read along (follow) until it is to write (promote)
        :param author: which program this is, for people to read
        :param now: when it is opened
        :param clock: called without arguments, returns the moment that is now; None: the system's clock
        :param threads: for plans; 0: one for each core
        :param order_timeout_s: an order that nobody answers for so long expires; 0: never
        :param clock_ahead_s: an event from further ahead than this is refused; 0: none is
        :param churn_unmet_need, churn_response_time: what a plan has to gain to take back an order, for each change
        :param churn_most: a commit takes back at most so many orders; 0: any
        :param snapshot_events: a snapshot is written after so many events
        :param central: a connection to the dispatch centre's PostgreSQL, where units are claimed before they are
            ordered; None: this session is the only dispatcher
        :param schema: where its tables are; None: muster
        :param dispatcher: who this session claims for, a code that no other session uses
        :raises StoreError: another process writes the journal; no such store
        :raises FormatError: the journal is damaged, or the store is none
        :raises InvalidError: roads that are not those of the journal, or a wrong option"""
        with _options(journal, store, locals()) as options:
            pointer = made("muster_session", lib.muster_session_open, options)
        return cls(pointer, journal, author, clock)

    @classmethod
    def replay(cls, journal: str | os.PathLike[str], store: str | os.PathLike[str], *, sequence: int | None = None,
               at: Any = None, threads: int = 0) -> Session:
        """The state as it was after a record, or at a moment, where its clock stands. It can be looked at and planned
        from, and told nothing; whoever writes the journal is not disturbed.

        :param sequence: number of the record; None: the last that is not after `at`
        :param at: a moment; None, and no sequence: as it is by now
        :raises StoreError, FormatError, InvalidError: as for open; no such record"""
        if sequence is not None and at is not None:
            raise InvalidError(f"sequence is {sequence!r} and at is {at!r}; expected one of them")
        number = 0 if sequence is None else whole("sequence", sequence, 1, 2**63 - 1)
        at_ms = LAST_MS if at is None else moment_ms(at, "at")
        with _options(journal, store, {"threads": threads, "role": "standby"}) as options:
            pointer = made("muster_session", lib.muster_session_replay, options, number, at_ms)
        session = cls(pointer, journal, None, None)
        stands_at = _time_of(journal, session.state.sequence) if at is None else at_ms
        session._clock = lambda: stands_at
        return session

    def __init__(self, pointer: Any, journal: str | os.PathLike[str], author: str | None,
                 clock: Callable[[], Any] | None) -> None:
        self.journal = os.fspath(journal)
        self.author = author or _author()
        self._clock = clock or _system_clock
        self._process = os.getpid()
        self._pointer: Any = ffi.gc(pointer, lib.muster_session_close)
        self._cancel = ffi.new("int *")
        self._planning = threading.Lock()
        self._planner: int | None = None  # thread that has it
        self._gate = threading.Condition()
        self._inside: list[int] = []  # threads
        self._is_closing = False

    # ---- closing --------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of the journal. A plan that is being made on another thread is cut short, and what else other threads
        have asked for is waited for. A second time does nothing, and so does a process that was forked off.

        :raises InvalidError: asked for by a callback of the session's own"""
        if os.getpid() != self._process:
            return
        with self._gate:
            if threading.get_ident() in self._inside:
                raise InvalidError(f"the session on {self.journal!r} is to be closed while this thread is in a call "
                                   "of it; expected when the call has returned")
            self._is_closing, self._cancel[0] = True, 1
            while self._inside:
                self._gate.wait()
            pointer, self._pointer = self._pointer, None
            if pointer is not None:
                ffi.gc(pointer, None)
                lib.muster_session_close(pointer)

    @property
    def is_closed(self) -> bool:
        return self._is_closing

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("Session lives in this process, as a journal has one writer; open a standby or a replay on it "
                        "where it is needed")

    @contextlib.contextmanager
    def _call(self) -> Iterator[Any]:
        """The session, for one call that nobody closes it under."""
        if os.getpid() != self._process and self._pointer is not None:
            # Locks are as the parent's threads had them, and are not touched. The library says no.
            check(lib.muster_session_look(ffi.new("muster_view **"), self._pointer, ffi.NULL))
        with self._gate:
            if self._is_closing:
                raise InvalidError(f"the session on {self.journal!r} is closed; expected an open one")
            self._inside.append(threading.get_ident())
        try:
            yield self._pointer
        finally:
            with self._gate:
                self._inside.remove(threading.get_ident())
                self._gate.notify_all()

    def _now(self, now: Any) -> int:
        return moment_ms(self._clock(), "the clock") if now is None else moment_ms(now, "now")

    # ---- telling --------------------------------------------------------------------------

    @overload
    def tell(self, events: Mapping[str, Any] | DataclassInstance | pandas.Series, *, refused: str = ..., now: Any = ...,
             author: str | None = ..., authority: str | None = ...) -> Answer: ...
    @overload
    def tell(self, events: Iterable[Mapping[str, Any] | DataclassInstance] | pandas.DataFrame, *, refused: str = ...,
             now: Any = ..., author: str | None = ..., authority: str | None = ...) -> list[Answer]: ...

    def tell(self, events: Any, *, refused: str = "raise", now: Any = None, author: str | None = None,
             authority: str | None = None) -> Answer | list[Answer]:
        """Tell what has happened. When it returns, what was applied is on the disk. Events are applied in their order,
        each by itself: one that is refused changes nothing and keeps no other from being applied.

        An event is what docs/session.md describes, as a dict, a dataclass, or a row of a DataFrame whose columns are
        its members, those of members after a dot (`unit.code`), empty cells left out. What it does not say is filled
        in: `id` (drawn; give one, and to tell it again changes nothing), `time_ms`, `author`, `authority`. Moments may
        be datetimes, and durations timedeltas, without their units in the name: `time`, `shift_end_at`,
        `incident.deadline_at`. Places may be shapely's, in degrees, as `geometry`, or the geometry of a GeoDataFrame:
        of an incident and a unit a point; of a road a line, a polygon or points; of a hazard polygons, and of a
        closure lines or points.

        :param events: one, or a list, or a frame of them
        :param refused: "raise": once all are told, the first refusal is raised; "return": answers say it
        :param now: when it happened, where an event does not say so
        :param author: who says so, where an event does not; None: the session's author
        :param authority: in whose name, where an event does not say so; None: whose word counts for everything
        :returns: an Answer; of a list or a frame, a list of them
        :raises WrongEventError, UnknownEventError, ConflictError, LateError, ForbiddenError: what was refused, as a
            RefusedError that has all answers
        :raises StoreError: the disk has not taken it, or another process has taken over: nothing was applied
        :raises InvalidError: what is no event at all, or a standby"""
        one_of("refused", refused, ("raise", "return"))
        now_ms, author = self._now(now), author or self.author
        told = [_events.completed(event, now_ms, author, authority) for event in _events.listed(events)]
        answers = self._tell(told)
        if refused == "raise":
            raise_first(answers)
        return answers[0] if _events.is_one(events) else answers

    def _tell(self, events: list[dict[str, Any]]) -> list[Answer]:
        """What cannot be read is answered here, and keeps nothing else from being told."""
        answers: list[Answer | None] = []
        texts = []
        for event in events:
            try:
                texts.append(_events.read(event))
                answers.append(None)
            except InvalidError as error:
                answers.append(Answer(event["id"], WRONG, None, str(error)))
        with self._call() as session:
            told = iter(_events.tell(session, texts))
        return [answer or _answer(event["id"], *next(told)) for event, answer in zip(events, answers)]

    def tell_order(self, number: int, step: str, *, id: str | None = None, now: Any = None,
                   author: str | None = None, authority: str | None = None, reason: str | None = None) -> Answer:
        """An order goes a step forward.

        :param number: of the order; of what a trip brings, the trip's
        :param step: accepted, declined, en_route, loaded, on_scene, released or cancelled
        :returns, raises: as tell"""
        return self.tell({"type": f"order_{one_of('step', step, STEPS)}", "order": number, "id": id, "reason": reason},
                         now=now, author=author, authority=authority)

    def tick(self, now: Any = None) -> int:
        """Let time pass: orders that nobody has answered expire, hazards begin and end, shifts end. To be called every
        second or so: a session whose ticks have stopped refuses events after a while, as coming from the future.

        :returns: how many changes there were
        :raises StoreError: as tell"""
        count = ffi.new("uint32_t *")
        with self._call() as session:
            check(lib.muster_session_tick(session, self._now(now), count))
        return int(count[0])

    # ---- planning -------------------------------------------------------------------------

    def plan(self, *, mode: str = "improve", now: Any = None, time_limit: float = 2.0, work_limit: int = 0,
             method: str = "optimize", on_progress: Callable[[Progress], Any] | None = None,
             progress: bool = False) -> SessionPlan:
        """Plan for what is known now, on a copy: nobody who tells or reads waits for it. One plan is made at a time; a
        second call waits for the first. Ctrl-C, and closing the session, stop it: the best plan so far is returned.

        :param mode: "improve": who is under orders stays so unless something is gained; "keep": nothing is taken back
        :param now: the moment that the plan's times run from
        :param time_limit: seconds; 0: until it is proven, or `work_limit` is used up
        :param work_limit: steps; with no time limit the plan is the same on any machine
        :param method: "optimize" or "greedy"
        :param on_progress: called with a Progress now and then; False stops
        :param progress: draw a bar (tqdm)
        :raises InvalidError: a standby, or a wrong option"""
        options = lib.muster_py_new_solve_options()
        options.time_limit_ms = milliseconds("time_limit", time_limit, 0, MOST_S)
        options.work_limit = whole("work_limit", work_limit, 0, 2**63 - 1)
        options.method = METHODS[one_of("method", method, METHODS)]
        options.cancel = self._cancel
        replan = MODES[one_of("mode", mode, MODES)]
        with (self._call() as session, self._turn_to_plan(),
              _bars.solving(progress, time_limit, work_limit, on_progress) as told,
              watcher(None if told is None else lambda state: told(Progress(state))) as (callback, user, call)):
            options.watcher, options.watcher_user = callback, user
            plan = SessionPlan(made("muster_session_plan", lib.muster_session_plan_make, session, self._now(now),
                                    ffi.addressof(options), replan), self)
        if call.error is not None and not isinstance(call.error, KeyboardInterrupt):
            raise call.error
        return plan

    @contextlib.contextmanager
    def _turn_to_plan(self) -> Iterator[None]:
        """Ctrl-C reaches who waits for a lock of Python's, not who waits for one of the library's."""
        if self._planner == threading.get_ident():
            raise InvalidError("a plan is asked for by the on_progress of another; expected when that is made")
        with self._planning:
            self._planner = threading.get_ident()
            try:
                yield
            finally:
                self._planner = None

    def commit(self, plan: SessionPlan, *, id: str | None = None, now: Any = None, author: str | None = None,
               authority: str | None = None, claim_timeout_s: float = 0.1) -> Committed:
        """Issue the orders of a plan, and take back those that it takes back or redirects. All that can be is ordered;
        what cannot is skipped, with the reason. When it returns, the orders are on the disk.

        :param id: what was committed under it before is not committed again, and the answer is that record's with its
            orders as they are now; None: it is drawn
        :param authority: in whose name; None: whose word counts for everything
        :param claim_timeout_s: how long to wait for the central database; then orders are issued with claims pending
        :raises InvalidError: a plan of another session, or a standby
        :raises StoreError: as tell"""
        if not isinstance(plan, SessionPlan) or plan._made_by is not self:
            raise InvalidError(f"the plan is {plan!r}; expected one that this session has made")
        commit = lib.muster_py_new_commit()
        texts = [_text(id or uuid.uuid4().hex, "id"), _text(author or self.author, "author"),
                 _text(authority, "authority")]
        commit.id, commit.author, commit.authority = texts
        commit.now_ms = self._now(now)
        commit.claim_timeout_ms = milliseconds("claim_timeout_s", claim_timeout_s, 0, MOST_S)
        with self._call() as session:
            return Committed(made("muster_committed", lib.muster_session_commit, session, plan._owner,
                                  ffi.addressof(commit)))

    # ---- reading --------------------------------------------------------------------------

    def view(self, authority: str | None = None) -> View:
        """The state as it is now, or what an authority sees of it: its own units and incidents and those below it,
        the orders that concern them, roads and hazards.

        :param authority: its code; None: everything
        :raises InvalidError: no such authority"""
        with self._call() as session:
            return View(made("muster_view", lib.muster_session_look, session, _text(authority, "authority")))

    def metric(self, profile: str, *, heed_closures: bool = True) -> Metric:
        """The roads as they are now, closures and hazards included, for one of the profiles that units travel by: for
        tables and routes beside plans. It stays as it is, whatever is told after that.

        :param heed_closures: False: as if nothing were closed or slow
        :raises InvalidError: no such profile; the text lists those there are"""
        with self._call() as session:
            roads = ffi.gc(made("muster_roads", lib.muster_session_roads, session), lib.muster_roads_free)
        find = lib.muster_roads_metric if heed_closures else lib.muster_roads_open_metric
        pointer = find(roads, _text(profile, "profile"))
        if pointer == ffi.NULL:
            count = ffi.new("uint32_t *")
            names = lib.muster_roads_profiles(roads, count)
            raise InvalidError(f"there is no profile {profile!r}; expected one of "
                               f"{', '.join(text(names[i]) or '' for i in range(count[0]))}")
        return _RoadsMetric(pointer, roads)

    @property
    def state(self) -> SessionState:
        """How it stands: what is open, its role, the central database, its last trouble."""
        with self._call() as session:
            s = lib.muster_session_get_state(session)
            trouble = text(s.trouble) or None  # of this thread, until its next call
        return SessionState(
            s.sequence, s.term, text(lib.muster_session_role_name(s.role)) or "", s.incident_count, s.order_count,
            s.claim_pending_count, bool(s.journal_is_lost), bool(s.central_is_away), bool(s.central_is_fenced),
            None if s.central_age_ms == 2**64 - 1 else s.central_age_ms / 1000, trouble)

    @property
    def syncs(self) -> Syncs:
        """How long the journal takes to be on the disk, which is what a call of `tell` waits for."""
        with self._call() as session:
            s = lib.muster_session_get_syncs(session)
        up_to_ms = lib.MUSTER_SYNC_FIRST_US / 1000 * 2.0 ** np.arange(lib.MUSTER_SYNC_BUCKETS)
        up_to_ms[-1] = np.inf
        return Syncs(up_to_ms, np.array(list(s.count), np.int64), s.sum_us / 1000, s.most_us / 1000, s.failed_count)

    # ---- subscribing ----------------------------------------------------------------------

    def news(self, after: int | None = None, *, timeout_s: float | None = None) -> Iterator[News]:
        """What happens, as it happens: an iterator that waits for the next record, and ends when the session is closed.
        The journal remembers everything, so whoever was away misses nothing.

        :param after: number of the last record that is known already; 0: everything since the beginning; None: what
            happens from now on
        :param timeout_s: end when nothing has happened for so long; 0: do not wait; None: wait for ever"""
        wait_ms = None if timeout_s is None else milliseconds("timeout_s", timeout_s, 0, MOST_S)
        after = self.state.sequence if after is None else whole("after", after, 0, 2**63 - 1)
        return self._news(after, wait_ms)

    def _news(self, after: int, wait_ms: int | None) -> Iterator[News]:
        quiet_since = time.monotonic()
        while not self._is_closing:
            left_ms = None if wait_ms is None else wait_ms - 1000 * (time.monotonic() - quiet_since)
            records = self._records_after(after, _WAIT_MS if left_ms is None else max(0, min(_WAIT_MS, int(left_ms))))
            for news in records:
                yield news
                after, quiet_since = news.sequence, time.monotonic()
            if not records and left_ms is not None and left_ms <= 0:
                return

    def _records_after(self, after: int, timeout_ms: int) -> list[News]:
        count = ffi.new("uint32_t *")
        try:
            with self._call() as session:
                news = ffi.gc(made("muster_news", lib.muster_session_news, session, after, 256, timeout_ms, count),
                              lib.muster_news_free)
        except InvalidError:
            if self._is_closing:
                return []
            raise
        size = ffi.new("size_t *")
        return [News(lib.muster_news_sequence(news, row),
                     json.loads(ffi.string(lib.muster_news_json(news, row, size)))) for row in range(count[0])]

    def fileno(self) -> int:
        """A descriptor for event loops (selectors, asyncio): readable from when something happens until somebody has
        asked for news and got to the end of it. It is the session's: do not read or close it."""
        with self._call() as session:
            return int(lib.muster_session_descriptor(session))

    # ---- continuity -----------------------------------------------------------------------

    def follow(self) -> int:
        """Of a standby: apply what the writer has added by now.

        :returns: how many records
        :raises InvalidError: one that writes, or a replay
        :raises StoreError, FormatError: the journal cannot be read"""
        count = ffi.new("uint32_t *")
        with self._call() as session:
            check(lib.muster_session_follow(session, count))
        return int(count[0])

    def promote(self, now: Any = None) -> None:
        """Of a standby: become the writer. Whoever was is shut out from then on; everything that was acknowledged to
        anybody is there.

        :raises InvalidError: one that writes, or a replay
        :raises StoreError: as open"""
        with self._call() as session:
            check(lib.muster_session_promote(session, self._now(now)))

    def __repr__(self) -> str:
        if os.getpid() != self._process:
            return f"<muster.Session on {self.journal}: of process {self._process}>"
        if self._is_closing:
            return f"<muster.Session on {self.journal}: closed>"
        state = self.state
        return (f"<muster.Session on {self.journal}: {state.role}, record {state.sequence}, {state.incident_count} "
                f"incidents and {state.order_count} orders open>")


def _answer(event_id: str, outcome: int, sequence: int, message: str) -> Answer:
    return Answer(event_id, text(lib.muster_event_outcome_name(outcome)) or "", sequence or None, message or None)


def _time_of(journal: str | os.PathLike[str], sequence: int) -> int:
    return next(Journal(journal).records(sequence, sequence)).time_ms


def _text(value: Any, what: str) -> Any:
    """A text or a path for C, which the caller keeps; of None: NULL."""
    if value is None:
        return ffi.NULL
    try:
        content = encoded(value)
    except UnicodeEncodeError as error:
        raise InvalidError(f"{what} is {value!r}; expected a text that UTF-8 has") from error
    if b"\0" in content:
        raise InvalidError(f"{what} is {value!r}; expected a text without NUL")
    return ffi.new("char[]", content)


# ---- options ----------------------------------------------------------------------------------

_WHOLE = {"threads": ("thread_count", 2**32 - 1), "churn_unmet_need": ("churn_unmet_need", 2**63 - 1),
          "churn_response_time": ("churn_response_time", 2**63 - 1), "churn_most": ("churn_most", 2**32 - 1),
          "snapshot_events": ("snapshot_events", 2**32 - 1)}


@contextlib.contextmanager
def _options(journal: str | os.PathLike[str], store: str | os.PathLike[str], given: dict[str, Any]) -> Iterator[Any]:
    """A muster_session_options of what is given by the names of Session.open, for the time of the call."""
    names = ("scenario", "author", "central", "schema", "dispatcher")
    kept = {"journal": _text(journal, "journal"), "store": _text(store, "store"),
            **{name: _text(given.get(name), name) for name in names}}
    role = one_of("role", given["role"], ROLES)
    options = lib.muster_py_new_session_options()
    for name in ("journal", "store", "scenario", "dispatcher"):
        setattr(options, name, kept[name])
    author = kept["author"] or _text(_author(), "author")
    options.author = author
    options.role, options.with_incidents = ROLES[role], bool(given.get("with_incidents"))
    for name, (field, most) in _WHOLE.items():
        if name in given:
            setattr(options, field, whole(name, given[name], 0, most))
    for name in ("order_timeout", "clock_ahead"):
        if f"{name}_s" in given:
            setattr(options, f"{name}_ms", milliseconds(f"{name}_s", given[f"{name}_s"], 0, MOST_S))
    options.now_ms = _opened_at(given)
    if given.get("central") is not None:
        link = lib.muster_py_new_link_options()
        link.connection, link.schema = kept["central"], kept["schema"]
        options.central = ffi.addressof(link)
    yield ffi.addressof(options)


def _opened_at(given: dict[str, Any]) -> int:
    if given.get("now") is not None:
        return moment_ms(given["now"], "now")
    return moment_ms((given.get("clock") or _system_clock)(), "the clock")
