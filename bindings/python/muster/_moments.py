"""Moments: what Python and pandas have for them, and the milliseconds of the C API."""

import datetime
import numbers
from typing import Any

from muster._errors import InvalidError

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MILLISECOND = datetime.timedelta(milliseconds=1)
# What libmuster_session takes for a moment (session/moment_range.h): a clock without battery says 1970.
FIRST_MS, LAST_MS = 946_684_800_000, 7_258_118_399_999


def moment_ms(moment: Any, what: str) -> int:
    """Milliseconds since 1970, UTC, of a datetime with a time zone (pandas' Timestamp is one), an ISO 8601
    text with one, or whole milliseconds.

    Raises InvalidError naming `what`: no moment, one without a time zone, one before 2000 or after 2199."""
    ms = _whole_ms(moment, what)
    if not FIRST_MS <= ms <= LAST_MS:
        raise InvalidError(f"{what} is {moment!r}; expected a moment from 2000 on and before 2200, as a number "
                           "milliseconds since 1970")
    return ms


def _whole_ms(moment: Any, what: str) -> int:
    if isinstance(moment, str):
        try:
            moment = datetime.datetime.fromisoformat(moment)
        except ValueError as error:
            raise InvalidError(f"{what} is {moment!r}; expected one like 2026-07-01T06:30:00Z") from error
    if isinstance(moment, datetime.datetime):
        if moment.tzinfo is None:
            raise InvalidError(f"{what} is {moment!s}, which has no time zone; expected one with it")
        return int((moment - EPOCH) // _MILLISECOND)
    if isinstance(moment, numbers.Integral) and not isinstance(moment, bool):
        return int(moment)
    raise InvalidError(f"{what} is {moment!r}; expected a datetime with a time zone, a text like "
                       "2026-07-01T06:30:00Z, or whole milliseconds since 1970")


def moment_of(ms: int) -> datetime.datetime:
    """The datetime, UTC, of milliseconds since 1970."""
    return EPOCH + datetime.timedelta(milliseconds=ms)
