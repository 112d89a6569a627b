"""Between numpy's memory and the library's, without copying either way."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from muster._errors import InvalidError, check
from muster._native import ffi

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike, NDArray

    from muster._native import CData


class Handle:
    """Base of what wraps one object of the library: freed when nobody refers to it any more.

    An object whose C side points into another's keeps that one alive in a Python attribute."""

    _free: Callable[[CData], None] | None = None  # of the C API
    _instead = "save it to a store, and load it there where it is needed"  # of sending it to another process

    def __init__(self, pointer: CData) -> None:
        self._pointer = ffi.gc(pointer, type(self)._free)

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(f"{type(self).__name__} lives in this process; {self._instead}")


def made(kind: str, function: Callable[..., int], *arguments: Any) -> CData:
    """What a `muster_..._new(out, ...)` makes: a pointer that the caller owns."""
    out = ffi.new(f"{kind} **")
    check(function(out, *arguments))
    pointer: CData = out[0]
    return pointer


class _Memory:
    """The array interface of memory that an owner keeps alive: who views it keeps the owner."""

    def __init__(self, owner: Any, pointer: CData, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.owner = owner
        self.__array_interface__ = {
            "version": 3, "shape": shape, "typestr": np.dtype(dtype).str,
            "data": (address_of(pointer), True), "descr": np.dtype(dtype).descr}


def address_of(pointer: CData) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def view(owner: Any, pointer: CData, count: int, dtype: DTypeLike) -> NDArray[Any]:
    """A read-only array on the library's memory, which lives as long as the array does."""
    if count == 0 or pointer == ffi.NULL:
        return np.empty(0, dtype)
    return np.asarray(_Memory(owner, pointer, (count,), dtype))


def given(values: ArrayLike, dtype: DTypeLike, what: str, length: int | None = None) -> NDArray[Any]:
    """A contiguous array of that type, the caller's own where it is one already.

    Raises InvalidError naming `what`: not one-dimensional, another length, or values that the type
    cannot hold."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidError(f"{what} has {array.ndim} dimensions; expected 1")
    if length is not None and len(array) != length:
        raise InvalidError(f"{what} has {len(array)} values; expected {length}")
    if array.dtype != dtype:
        array = _converted(array, np.dtype(dtype), what)
    return np.ascontiguousarray(array)


def _converted(array: NDArray[Any], dtype: np.dtype[Any], what: str) -> NDArray[Any]:
    """Another type is welcome where every value stays what it is."""
    if array.size == 0:
        return array.astype(dtype)
    try:
        if np.issubdtype(dtype, np.integer) and not np.issubdtype(array.dtype, np.integer):
            floats = array.astype(np.float64)
            wrong = np.flatnonzero(~(np.isfinite(floats) & (floats == np.floor(floats))))
            if wrong.size:
                raise InvalidError(f"{what} has {plain(array[wrong[0]])!r} in row {wrong[0]}; expected a whole number")
            array = floats
        if np.issubdtype(dtype, np.integer):
            limits = np.iinfo(dtype)
            # The largest whole number of 64 bits is no float: the next one would be taken for it.
            is_above = array >= float(limits.max) + 1 if array.dtype.kind == "f" else array > limits.max
            wrong = np.flatnonzero((array < limits.min) | is_above)
            if wrong.size:
                raise InvalidError(f"{what} has {array[wrong[0]]} in row {wrong[0]}; expected "
                                   f"{limits.min} to {limits.max}")
        return array.astype(dtype)
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidError):
            raise
        raise InvalidError(f"{what} is of type {array.dtype}; expected {dtype}") from error


def pointer_to(array: NDArray[Any] | None, kind: str) -> CData:
    """The address of a contiguous array's first value, as a pointer of that C type; of None: NULL. The caller
    keeps the array."""
    if array is None:
        return ffi.NULL
    return ffi.from_buffer(f"{kind} *", array)  # `array.ctypes` takes ten times as long


def plain(value: Any) -> Any:
    """A value of numpy's as one of Python's, for messages."""
    return value.item() if isinstance(value, np.generic) else value


def encoded(path_or_text: Any) -> bytes:
    """A path or a text as bytes for C."""
    return os.fsencode(path_or_text) if isinstance(path_or_text, os.PathLike) else str(path_or_text).encode()
