"""Journals: what happened, in order, in files that are only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from muster._arguments import whole
from muster._errors import check
from muster._memory import encoded, made
from muster._native import ffi, lib

if TYPE_CHECKING:
    import pandas


class JournalRecord(NamedTuple):
    """One record: `sequence` (its number, from 1 on), `term` (of writing), `time_ms` (since 1970, UTC),
    `hash` (SHA-256 of it and the record before, in hexadecimal) and `content` (its bytes)."""

    sequence: int
    term: int
    time_ms: int
    hash: str
    content: bytes

    @property
    def event(self) -> dict[str, Any] | None:
        """What it says, as docs/session.md describes it; None of the first record, the world that the journal
        begins with, which is no JSON."""
        try:
            event: dict[str, Any] = json.loads(self.content)
        except ValueError:
            return None
        return event


class JournalSummary(NamedTuple):
    """What a journal has: numbers of `records`, of the `first` and `last` of them, of their `size_bytes` and of
    `terms` of writing; `earliest_ms` and `latest_ms` (since 1970, UTC); the `hash` of the last record, which
    stands for all before it: noted down elsewhere it tells later whether anything was changed or cut off; and
    `torn_bytes` behind it, which were never acknowledged. What an empty journal does not have is None."""

    records: int
    first: int | None
    last: int | None
    size_bytes: int
    terms: int
    earliest_ms: int | None
    latest_ms: int | None
    hash: str | None
    torn_bytes: int


class Journal:
    """Reads the journal in a folder, also while a session writes it (docs/journal.md). Every record is
    checked against its hash and the record before it.

    Any number of threads may use it. To see the state that follows from it: Session.replay."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """:param folder: where it is; nothing is opened until something is asked"""
        self.folder = folder

    def records(self, first: int = 0, last: int | None = None) -> Iterator[JournalRecord]:
        """The records in order, up to the end as it is now.

        :param first: number of the first; 0: the first there is
        :param last: number of the last; None: all
        :raises StoreError: no such folder
        :raises FormatError: no journal, or an acknowledged record is damaged: file, byte and record
        :raises InvalidError: no record of that number"""
        reader = self._reader(whole("first", first, 0, 2**63 - 1))
        for record in _rest(reader):
            if last is None or record.sequence <= last:
                yield record
            if last is not None and record.sequence >= last:  # the next is not looked at
                return

    def verify(self) -> JournalSummary:
        """Check every record against its hash and the one before it, and say what there is.

        :raises StoreError, FormatError: as for records"""
        reader = self._reader(0)
        records, size, terms = 0, 0, set()
        first = earliest_ms = latest_ms = 0
        last = None
        for last in _rest(reader):
            if records == 0:
                first, earliest_ms, latest_ms = last.sequence, last.time_ms, last.time_ms
            earliest_ms, latest_ms = min(earliest_ms, last.time_ms), max(latest_ms, last.time_ms)
            terms.add(last.term)
            records, size = records + 1, size + len(last.content)
        torn = lib.muster_journal_torn_bytes(reader)
        if last is None:
            return JournalSummary(0, None, None, 0, 0, None, None, None, torn)
        return JournalSummary(records, first, last.sequence, size, len(terms), earliest_ms, latest_ms, last.hash, torn)

    def events(self, first: int = 0, last: int | None = None) -> pandas.DataFrame:
        """The records as a DataFrame, a row each: sequence, term, time (UTC), type, id, author and whatever else
        they say, members of members after a dot: `unit.code`. Cells are empty where a record has no such
        member. The first record of a journal is of type `begun`.

        Session.tell takes such rows again, but those of what a session adds itself (opened, plan_committed,
        order_expired, claim_held, claim_lost).

        :raises InvalidError, StoreError, FormatError: as for records"""
        from muster._session_frames import events_frame
        return events_frame(list(self.records(first, last)))

    def _reader(self, first: int) -> Any:
        return ffi.gc(made("muster_journal_reader", lib.muster_journal_reader_new, encoded(self.folder), first),
                      lib.muster_journal_reader_free)

    def __repr__(self) -> str:
        return f"<muster.Journal {os.fspath(self.folder)}>"


def _rest(reader: Any) -> Iterator[JournalRecord]:
    """What a reader has not read yet."""
    found, is_there = ffi.new("muster_journal_record *"), ffi.new("bool *")
    while True:
        check(lib.muster_journal_next(reader, found, is_there))
        if not is_there[0]:
            return
        yield JournalRecord(found.sequence, found.term, found.time_ms,
                            bytes(ffi.buffer(found.hash)).hex(), bytes(ffi.buffer(found.bytes, found.size)))
