"""What every place should have, in time and on the spot: standards of readiness, as frames, dicts, or the files of
`muster readiness --standard` (docs/readiness.md).

A file and a frame are taken at their word: what they name has to be there. Our own (readiness.json) goes with any
store, so what a store does not know is left out of it."""

from __future__ import annotations

import difflib
import importlib.resources
import json
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from muster._arguments import whole, words
from muster._errors import FormatError, InvalidError, StoreError
from muster._memory import plain
from muster._native import lib

DEFAULT_WITHIN_S = 1800
MOST_QUANTITY = 10**9
LISTS = ("reach", "site", "village", "per_thousand_people")
_OF_HOLDERS = ("kind", "at_least", "people_per_piece", "choice", "choice_least")
MEMBERS = {"reach": ("kind", "within_s", "units", "quantity"), "site": _OF_HOLDERS, "village": _OF_HOLDERS}


class Reach(NamedTuple):
    """How much of a kind has to be at a place within how long; numbers of the problem's."""

    kind: int
    within_ms: int
    units: int
    quantity: int


class Rule(NamedTuple):
    """What every holder has to keep at least."""

    kind: int
    least: int
    people_per_piece: int
    choice: int
    choice_least: int


class Document:
    """A standard with all its lists, not judged yet."""

    def __init__(self, what: str, is_ours: bool, content: Mapping[str, Any]):
        self.what, self.is_ours, self.content = what, is_ours, content

    def rows(self, name: str) -> list[tuple[str, Mapping[str, Any]]]:
        """(where it is, the row) of a list."""
        rows = self.content.get(name, [])
        is_frame = hasattr(rows, "to_dict")  # which may have columns for others
        if is_frame:
            rows = [{key: plain(value) for key, value in row.items() if not _is_gap(value)}
                    for row in rows.to_dict("records")]
        if not isinstance(rows, list):
            raise InvalidError(f"{self.what}: {name} is no list; expected rows with kind")
        for number, row in enumerate(rows, 1):
            if not isinstance(row, Mapping) or not isinstance(row.get("kind"), str):
                raise InvalidError(f"{self.what}: {name} {number}: it is {row!r}; expected the code of a kind, kind")
            if not is_frame:
                _check_members(f"{self.what}: {name} {number}", row, MEMBERS[name])
        return [(f"{self.what}: {name} {number}", row) for number, row in enumerate(rows, 1)]


def _check_members(where: str, content: Mapping[str, Any], known: Iterable[str]) -> None:
    """One that is spelled wrong would count as one that is not there."""
    for name in content:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            raise InvalidError(f"{where}: there is no member {name!r}; "
                               + (f"did you mean {near[0]!r}?" if near else f"expected {', '.join(known)}"))


def _is_gap(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def read(standards: Any) -> Document:
    """:param standards: a path, a dict with the lists of such a file, a DataFrame or a list of rows of `reach`; None:
        our own"""
    if standards is None:
        ours = importlib.resources.files("muster").joinpath("readiness.json").read_text(encoding="utf-8")
        return Document("readiness.json", True, json.loads(ours))
    if isinstance(standards, (str, os.PathLike)):
        return _read_file(pathlib.Path(standards))
    content = standards if isinstance(standards, Mapping) else {"reach": standards}
    _check_members("standards", content, LISTS)
    return Document("standards", False, content)


def _read_file(path: pathlib.Path) -> Document:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise StoreError(f"cannot open {str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise FormatError(f"{path}: {error}; expected a standard of readiness") from error
    if not isinstance(content, dict):
        raise InvalidError(f"{path}: no JSON object; expected a standard")
    _check_members(str(path), content, LISTS)
    return Document(str(path), False, content)


# ---- kinds -------------------------------------------------------------------------------

def kind_number(kinds: Mapping[str, int], where: str, code: str) -> int:
    if code in kinds:
        return kinds[code]
    near = difflib.get_close_matches(code, kinds, 1)
    raise InvalidError(f"{where}: there is no kind {code!r}; "
                       + (f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(kinds)}"))


def _known(document: Document, kinds: Mapping[str, int], name: str) -> Iterable[tuple[str, Mapping[str, Any], int]]:
    """(where it is, the row, its kind) of a list."""
    for where, row in document.rows(name):
        if row["kind"] in kinds or not document.is_ours:
            yield where, row, kind_number(kinds, where, row["kind"])


# ---- lists -------------------------------------------------------------------------------

def reach_of(document: Document, kinds: Mapping[str, int]) -> list[Reach]:
    found = []
    for where, row, kind in _known(document, kinds, "reach"):
        units = whole(f"{where}: units", row.get("units", 1), 0, 1_000_000)
        quantity = whole(f"{where}: quantity", row.get("quantity", 0), 0, MOST_QUANTITY)
        within_s = whole(f"{where}: within_s", row.get("within_s", DEFAULT_WITHIN_S), 1, 86400)
        if units == quantity == 0:
            raise InvalidError(f"{where}: units and quantity are 0; expected 1 or more of one of them")
        found.append(Reach(kind, 1000 * within_s, units, quantity))
    return found


def asked_reach(kinds: Mapping[str, int], standards: Any, capability: Any, within_s: Any, k: Any,
                quantity: Any) -> list[Reach]:
    """The standards of `readiness`: `within_s`, `k` and `quantity` hold for all."""
    if capability is not None and standards is not None:
        raise InvalidError("capability and standards are given; expected one of them")
    if capability is not None:
        found = [Reach(kind_number(kinds, "capability", code), 1000 * DEFAULT_WITHIN_S, 1, 0)
                 for code in words("capability", capability)]
    else:
        found = reach_of(read(standards), kinds)
    if within_s is not None:
        within_ms = 1000 * whole("within_s", within_s, 1, 86400)
        found = [reach._replace(within_ms=within_ms) for reach in found]
    if k is not None:
        found = [reach._replace(units=whole("k", k, 1, 1_000_000), quantity=0) for reach in found]
    if quantity is not None:
        found = [reach._replace(quantity=whole("quantity", quantity, 0, MOST_QUANTITY)) for reach in found]
    if not found:
        raise InvalidError("the standards ask for nothing that the problem knows; expected a capability, or standards "
                           f"with rows of reach; kinds are {', '.join(kinds)}")
    return found


def rules_of(document: Document, kinds: Mapping[str, int], name: str) -> list[Rule]:
    """Of "site" or "village"."""
    found: list[Rule] = []
    choices: dict[str, Any] = {}
    for where, row, kind in _known(document, kinds, name):
        choice = row.get("choice")
        if choice is not None and not isinstance(choice, str):
            raise InvalidError(f"{where}: choice is {choice!r}; expected a text")
        people = row.get("people_per_piece")
        found.append(Rule(
            kind, whole(f"{where}: at_least", row.get("at_least", 0), 0, MOST_QUANTITY),
            0 if people is None else whole(f"{where}: people_per_piece", people, 1, MOST_QUANTITY),
            0 if choice is None else choices.setdefault(choice, len(choices) + 1),  # 0 is none
            0 if choice is None else whole(f"{where}: choice_least", row.get("choice_least", 1), 1, 1_000_000)))
    return found


def per_thousand_of(document: Document, kinds: Mapping[str, int], problem: Any) -> np.ndarray:
    """[kinds] what a thousand people need of each."""
    found = np.zeros(len(kinds), np.int64)
    for code, value in document.content.get("per_thousand_people", {}).items():
        if document.is_ours and code not in kinds:
            continue
        where = f"{document.what}: per_thousand_people"
        kind = kind_number(kinds, where, code)
        found[kind] = whole(f"{where}: {code}", value, 0, 1_000_000)
        if problem.kind[kind].resource != lib.MUSTER_ITEM:
            raise InvalidError(f"{where}: {code} is no kind of item; expected one")
    return found
