"""Why a plan does what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas

from muster._errors import InvalidError, check, text
from muster._memory import made
from muster._native import ffi, lib

if TYPE_CHECKING:
    from muster._native import CData
    from muster._types import Frame
    from muster.plan import Plan

QUESTIONS = {"why_unmet": lib.MUSTER_WHY_UNMET, "why_not_nearest": lib.MUSTER_WHY_NOT_NEAREST,
             "what_would_help": lib.MUSTER_WHAT_WOULD_HELP}


def _books(plan: Plan) -> CData:
    count, shipment_count = ffi.new("uint32_t *"), ffi.new("uint32_t *")
    assignment = lib.muster_plan_assignments(plan._pointer, count)
    shipment = lib.muster_plan_shipments(plan._pointer, shipment_count)
    out = ffi.new("muster_reasons **")
    check(lib.muster_reasons_new(out, plan.problem._data, count[0], assignment, shipment_count[0], shipment, 0))
    books = ffi.gc(out[0], lib.muster_reasons_free)
    unmet = lib.muster_plan_unmet(plan._pointer, count)
    check(lib.muster_reasons_tell(books, count[0], unmet))
    return books


def _answers(books: CData, need: int, language: int) -> dict[str, str | None]:
    why = ffi.gc(made("muster_why", lib.muster_why_new, books, need), lib.muster_why_free)
    return {name: text(lib.muster_why_text_in(why, question, language)) for name, question in QUESTIONS.items()}


def reasons_frame(plan: Plan, incident: str | None, language: str) -> Frame:
    tongue = lib.muster_language_from_name(language.encode())
    if tongue == lib.MUSTER_LANGUAGE_COUNT:
        raise InvalidError(f"language is {language!r}; expected 'en' or 'zh'")
    codes, kinds, d = plan._codes["incident"], plan._codes["kind"], plan.problem._data
    if incident is not None and incident not in codes:
        raise InvalidError(f"there is no incident {incident!r}; expected one of "
                           f"{', '.join(codes[:10])}{', ...' if len(codes) > 10 else ''}")
    books = _books(plan)
    rows = [{"incident": codes[d.need[n].incident], "need": kinds[d.need[n].kind], **_answers(books, n, tongue)}
            for n in range(d.need_count) if incident in (None, codes[d.need[n].incident])]
    return pandas.DataFrame(rows, columns=["incident", "need", *QUESTIONS])
