"""What the library says when it could not do its job: one exception for each status of the C API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from muster._native import ffi, lib

if TYPE_CHECKING:
    from muster._native import CData


class MusterError(Exception):
    """Base of all. The text names the item, its value and what was expected."""


class InvalidError(MusterError, ValueError):
    """A value is wrong (MUSTER_E_INVALID)."""


class NoMemoryError(MusterError, MemoryError):
    """Memory ran out; every object is as it was (MUSTER_E_NOMEM)."""


class StoreError(MusterError, OSError):
    """A file or database could not be opened, read or written (MUSTER_E_IO)."""


class FormatError(MusterError, ValueError):
    """A file is not of the format that was expected (MUSTER_E_FORMAT)."""


class SolverError(MusterError, RuntimeError):
    """The LP solver failed on a valid problem (MUSTER_E_SOLVER)."""


class CancelledError(MusterError):
    """The progress callback, or Ctrl-C, asked to stop (MUSTER_E_CANCELLED)."""


class InternalError(MusterError, RuntimeError):
    """A check of muster's own failed: a bug in muster (MUSTER_E_INTERNAL)."""


_BY_STATUS = {
    lib.MUSTER_E_INVALID: InvalidError,
    lib.MUSTER_E_NOMEM: NoMemoryError,
    lib.MUSTER_E_IO: StoreError,
    lib.MUSTER_E_FORMAT: FormatError,
    lib.MUSTER_E_SOLVER: SolverError,
    lib.MUSTER_E_CANCELLED: CancelledError,
    lib.MUSTER_E_INTERNAL: InternalError,
}


def text(pointer: CData) -> str | None:
    """A C string as str; None for NULL."""
    return None if pointer == ffi.NULL else ffi.string(pointer).decode("utf-8")


def word(pointer: CData) -> str:
    """A C string that is never NULL: a name, a code."""
    return ffi.string(pointer).decode("utf-8")


def check(status: int) -> None:
    """Raise what a failed call of this thread has to say."""
    if status != lib.MUSTER_OK:
        raise _BY_STATUS.get(status, MusterError)(text(lib.muster_error_message()))
