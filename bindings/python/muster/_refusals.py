"""What becomes of an event that a session was told: an answer, and where it was refused an exception."""

from __future__ import annotations

from typing import Any, NamedTuple

from muster._errors import MusterError, text
from muster._native import lib

APPLIED, REPEATED, WRONG = (text(lib.muster_event_outcome_name(outcome)) or "" for outcome in (
    lib.MUSTER_EVENT_APPLIED, lib.MUSTER_EVENT_REPEATED, lib.MUSTER_EVENT_WRONG))


class Answer(NamedTuple):
    """What has become of an event: its `id`; `outcome`, applied, repeated (it was told before, nothing was
    changed), wrong, unknown, conflict, late or forbidden; `sequence`, the record that it is, None of one that was
    refused; and `message`, why it was refused, or None."""

    id: str | None
    outcome: str
    sequence: int | None
    message: str | None

    @property
    def is_refused(self) -> bool:
        """All but applied and repeated: nothing was changed."""
        return self.outcome not in (APPLIED, REPEATED)


class RefusedError(MusterError):
    """A session has refused an event, and the text says why. `answer` is of that event, the first that was refused,
    `answers` of all that were told with it: those that were not refused are in force."""

    def __init__(self, message: str, answer: Answer, answers: list[Answer]) -> None:
        super().__init__(message)
        self.answer, self.answers = answer, answers

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0], self.answer, self.answers)


class WrongEventError(RefusedError, ValueError):
    """A value of an event cannot be, or it is from the future."""


class UnknownEventError(RefusedError, LookupError):
    """An event speaks of a unit, kind, incident, authority, rule, road or order that is not there."""


class ConflictError(RefusedError):
    """What an event says cannot be as things are: an order on scene that is declined, a code that is taken."""


class LateError(RefusedError):
    """Something later of the same kind is known already."""


class ForbiddenError(RefusedError, PermissionError):
    """Its authority may not say so."""


_BY_OUTCOME = {"wrong": WrongEventError, "unknown": UnknownEventError, "conflict": ConflictError,
               "late": LateError, "forbidden": ForbiddenError}


def raise_first(answers: list[Answer]) -> None:
    """The first refusal of all, if there is one."""
    refused = [row for row, answer in enumerate(answers) if answer.is_refused]
    if not refused:
        return
    first = answers[refused[0]]
    where = f" (event {refused[0]}, {first.id!r}; {len(refused)} of {len(answers)} were refused)"
    where = where if len(answers) > 1 else ""
    raise _BY_OUTCOME[first.outcome](f"{first.message}{where}", first, answers)
