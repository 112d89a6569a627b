"""A scenario file with all that it reads, as bytes that travel to the workers of a cluster."""

from __future__ import annotations

import functools
import hashlib
import os
import pathlib
import tomllib
from collections.abc import Iterator
from typing import Any

from muster._native import lib
from muster.scenario_file import ScenarioFile

STORE = "store.gpkg"


def _files(value: Any) -> Iterator[str]:
    """What a document's keys `file` name, however deep they lie."""
    if isinstance(value, list):
        for part in value:
            yield from _files(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key == "file" and isinstance(part, str):
                yield part
            else:
                yield from _files(part)


def _named_files(content: bytes, overrides: list[str]) -> set[str]:
    """Paths from the scenario's folder. Those that are absolute are for each worker to have."""
    found = set(_files(tomllib.loads(content.decode())))
    for override in overrides:
        key, _, value = override.partition("=")
        found.update(_files({key.strip().rpartition(".")[2]: tomllib.loads(f"value={value}")["value"]}))
    return {os.path.normpath(path) for path in found if not os.path.isabs(path)}


class Bundle:
    """A scenario file that workers have, by the SHA-256 of all that it reads. It can be pickled.

    A store that is a server is not brought: each worker connects to it."""

    def __init__(self, digest: str, name: str, store: str | None, overrides: tuple[str, ...]):
        self.digest, self.name, self.store, self.overrides = digest, name, store, overrides

    def file(self, folder: pathlib.Path) -> ScenarioFile:
        """The scenario file in the folder that has the content, opened once."""
        return _opened(str(folder / self.name), self.store or str(folder / STORE), self.overrides)


@functools.lru_cache(maxsize=2)
def _opened(path: str, store: str, overrides: tuple[str, ...]) -> ScenarioFile:
    return ScenarioFile.load(path, store=store, overrides=overrides)


def pack(file: ScenarioFile) -> tuple[Bundle, dict[str, bytes]]:
    """(bundle, {path in a folder: content})"""
    path = pathlib.Path(file.path)
    toml = path.read_bytes()
    named = _named_files(toml, file.overrides)
    up = max((pathlib.PurePath(name).parts.count("..") for name in named), default=0)
    inside = pathlib.PurePath(*["in"] * up)  # so deep that the paths of the file stay in the folder
    content = {os.path.normpath(inside / name): (path.parent / name).read_bytes() for name in named}
    content[str(inside / path.name)] = toml
    is_server = lib.muster_database_is_server(file.store.encode())
    if not is_server:
        content[STORE] = pathlib.Path(file.store).read_bytes()
    digest = hashlib.sha256()
    for name in sorted(content):
        digest.update(f"{name} {len(content[name])}\n".encode() + content[name])
    store = file.store if is_server else None
    return Bundle(digest.hexdigest(), str(inside / path.name), store, tuple(file.overrides)), content
