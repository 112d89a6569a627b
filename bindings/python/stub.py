"""Write what type checkers know of the extension module: its functions and constants, from the public headers.

usage: stub.py CC INCLUDE_DIR OUT.pyi

A function that is misspelt in the package, or called with too few arguments, is so found before it runs. What
cffi calls a struct or a pointer is one type, CData: its fields are known at run time alone."""

import pathlib
import re
import sys

import cffi

import declare

HEAD = '''\
# Made by bindings/python/stub.py from the public headers.
from collections.abc import Callable, Iterator
from typing import Any

class CData:
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...
    def __getitem__(self, index: int) -> Any: ...
    def __setitem__(self, index: int, value: Any) -> None: ...
    def __add__(self, count: int) -> CData: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...

class _FFI:
    NULL: CData
    def new(self, kind: str, init: Any = ...) -> CData: ...
    def cast(self, kind: str, value: Any) -> CData: ...
    def gc(self, value: CData, destructor: Callable[[CData], None] | None, size: int = ...) -> CData: ...
    def addressof(self, value: CData, *fields: str | int) -> CData: ...
    def sizeof(self, kind: Any) -> int: ...
    def typeof(self, kind: Any) -> Any: ...
    def string(self, value: CData, most: int = ...) -> bytes: ...
    def unpack(self, value: CData, length: int) -> Any: ...
    def buffer(self, value: CData, size: int = ...) -> Any: ...
    def from_buffer(self, kind: str, value: Any) -> CData: ...
    def new_handle(self, value: Any) -> CData: ...
    def from_handle(self, value: CData) -> Any: ...
    def memmove(self, to: Any, source: Any, count: int) -> None: ...
    def def_extern(self, name: str = ..., error: Any = ...,
                   onerror: Callable[..., Any] | None = ...) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...

ffi: _FFI

class _Lib:
'''

BLOCK = re.compile(r"\{[^{}]*\}")
ENUM = re.compile(r"\benum\s*\w*\s*\{([^{}]*)\}")
FUNCTION = re.compile(r"(?:extern )?(\w[\w\s*]*[\s*])(muster_\w+)\s*\(([^()]*)\)")


def constants(text):
    """Names of enumerators."""
    return [part.split("=")[0].strip() for body in ENUM.findall(text) for part in body.split(",") if part.strip()]


def functions(text):
    """(result, name, parameters), as they stand in C."""
    while BLOCK.search(text):
        text = BLOCK.sub(" ", text)
    found = (FUNCTION.fullmatch(" ".join(statement.split())) for statement in text.split(";"))
    return [match.groups() for match in found if match and not match[1].startswith("typedef")]


def python_type(ctype, is_given):
    """Of a result, or of a parameter that is given: for which bytes will do where it is a text."""
    if ctype.kind == "primitive":
        return {"_Bool": "bool", "double": "float", "float": "float"}.get(ctype.cname, "int")
    if ctype.kind in ("void", "enum"):
        return {"void": "None", "enum": "int"}[ctype.kind]
    return "CData | bytes" if is_given and ctype.cname == "char *" else "CData"


def signature(builder, result, name, parameters):
    ctype = builder.typeof(f"{result} (*)({parameters})")
    listed = "".join(f", _{i}: {python_type(kind, True)}" for i, kind in enumerate(ctype.args))
    return f"    def {name}(self{listed}{', /' if listed else ''}) -> {python_type(ctype.result, False)}: ...\n"


def main(compiler, include, out):
    include = pathlib.Path(include)
    declared = declare.preprocessed(compiler, include)
    builder = cffi.FFI()
    builder.cdef(declared)
    lines = [f"    {name}: int\n" for name in (*declare.CONSTANTS, *constants(declared))]
    lines += [signature(builder, *function) for function in functions(declared)]
    lines += [f"    {match[1]}: CData\n" for match in re.finditer(r"\b(muster_py_\w+)\(", declare.CALLBACKS)]
    lines += [f"    def {declare.maker(name)}(self) -> CData: ...\n" for name in declare.made(declared, include)]
    pathlib.Path(out).write_text(HEAD + "".join(lines) + "\nlib: _Lib\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
