"""The library's rows as numpy's: structured arrays with the layout that cffi knows."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from muster._errors import text
from muster._native import ffi

_PRIMITIVES = {"double": "f8", "float": "f4", "_Bool": "?", "int": "i4", "size_t": "u8", "char": "S1",
               **{f"{sign}int{bits}_t": f"{sign or 'i'}{bits // 8}" for sign in ("", "u") for bits in (8, 16, 32, 64)}}


def _dtype(kind: Any) -> np.dtype:
    if kind.kind == "primitive":
        return np.dtype(_PRIMITIVES[kind.cname])
    if kind.kind == "enum":
        return np.dtype("u4")
    if kind.kind in ("pointer", "function"):
        return np.dtype(np.uintp)
    if kind.kind == "array":
        return np.dtype((_dtype(kind.item), (kind.length,)))
    names, fields = zip(*kind.fields)
    return np.dtype({"names": names, "formats": [_dtype(field.type) for field in fields],
                     "offsets": [field.offset for field in fields], "itemsize": ffi.sizeof(kind)})


@functools.cache
def layout(name: str) -> np.dtype:
    """The dtype of a C struct; a pointer in it is a number."""
    return _dtype(ffi.typeof(name))


def rows(name: str, pointer: Any, count: int) -> np.ndarray:
    """A copy of so many structs of that name."""
    dtype = layout(name)
    if count == 0:
        return np.empty(0, dtype)
    return np.frombuffer(ffi.buffer(pointer, count * dtype.itemsize), dtype).copy()


def listed(name: str, function: Any, owner: Any) -> np.ndarray:
    """A copy of what `function(owner, &count)` lists."""
    count = ffi.new("uint32_t *")
    pointer = function(owner, count)
    return rows(name, pointer, count[0])


def texts(addresses: np.ndarray) -> np.ndarray:
    """Of pointers to text: the texts, None for NULL."""
    unique, inverse = np.unique(addresses, return_inverse=True)
    words = np.empty(len(unique), object)
    words[:] = [text(ffi.cast("const char *", int(address))) for address in unique]
    return words[inverse]


def names_of(function: Any, count: int) -> np.ndarray:
    """The names of an enum's values, by number."""
    return np.array([text(function(number)) for number in range(count)], object)
