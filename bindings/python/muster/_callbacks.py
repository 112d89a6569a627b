"""From the library back into Python while it works: progress, and Ctrl-C.

The library calls on the thread that has called it, without the GIL, which cffi takes for the time of the
callback. An exception in a callback stops the work, and comes out where the work was asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from muster._native import ffi, lib

if TYPE_CHECKING:
    from muster._native import CData


class _Call:
    """What one call of the library may call back."""

    def __init__(self, function: Callable[..., Any] | None) -> None:
        self.function = function
        self.error: BaseException | None = None


def _called(call: _Call, *arguments: Any) -> bool:
    """False asks the library to stop."""
    if call.error is not None:
        return False
    try:
        answer = call.function(*arguments) if call.function else None
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt too: raised again by the caller
        call.error = error
        return False
    return answer is not False


def _missed(_kind: Any, error: BaseException, traceback: Any) -> None:
    """Ctrl-C comes between any two steps, also before the `try` of `_called`; cffi hands over what got past it."""
    call = ffi.from_handle(traceback.tb_frame.f_locals["user"])
    call.error = call.error or error


@ffi.def_extern(onerror=_missed, error=False)
def muster_py_progress(user: CData, phase: CData, fraction: float) -> bool:
    return _called(ffi.from_handle(user), ffi.string(phase).decode(), fraction)


@ffi.def_extern(onerror=_missed, error=False)
def muster_py_watch(user: CData, state: CData) -> bool:
    return _called(ffi.from_handle(user), state)


@ffi.def_extern(onerror=_missed, error=False)
def muster_py_watch_siting(user: CData, state: CData) -> bool:
    return _called(ffi.from_handle(user), state)


@contextlib.contextmanager
def progress(function: Callable[[str, float], Any] | None) -> Iterator[tuple[CData, CData]]:
    """(callback, user) for a muster_progress; `function(phase, fraction)` may return False to stop."""
    call = _Call(function)
    handle = ffi.new_handle(call)
    try:
        yield lib.muster_py_progress, handle
    finally:
        if call.error is not None:
            raise call.error


@contextlib.contextmanager
def watcher(function: Callable[[CData], Any] | None,
            callback: CData = lib.muster_py_watch) -> Iterator[tuple[CData, CData, _Call]]:
    """(callback, user, call) for a muster_solve_watcher, or another. What `function` raises is kept in
    `call.error`, for the caller to judge."""
    call = _Call(function)
    handle = ffi.new_handle(call)
    yield callback, handle, call


@ffi.def_extern(onerror=_missed, error=lib.MUSTER_E_CANCELLED)
def muster_py_take(user: CData, replication: CData) -> int:
    return lib.MUSTER_OK if _called(ffi.from_handle(user), replication) else lib.MUSTER_E_CANCELLED


@contextlib.contextmanager
def taker(function: Callable[[CData], Any] | None) -> Iterator[tuple[CData, CData]]:
    """(taker, user) for a muster_simulation_taker; what `function(replication)` raises comes out."""
    call = _Call(function)
    handle = ffi.new_handle(call)
    try:
        yield lib.muster_py_take, handle
    finally:
        if call.error is not None:
            raise call.error
