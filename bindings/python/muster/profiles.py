"""How kinds of units travel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from muster._errors import check, word
from muster._memory import Handle, encoded, made
from muster._native import ffi, lib

if TYPE_CHECKING:
    from muster._native import CData
    from muster._types import Path


class Profile:
    """One kind of traveller: speeds, size, weight, how deep it wades. See docs/profiles.md."""

    def __init__(self, data: CData, owner: Any = None) -> None:
        self._data, self._owner = data, owner

    @classmethod
    def builtin(cls, name: str) -> Profile:
        """`light`, `heavy`, `emergency`, `boat`, `helicopter` or `drone`.

        :raises InvalidError: another name; the text lists those there are"""
        data = ffi.new("muster_profile *")
        check(lib.muster_profile_builtin(data, encoded(name)))
        return cls(data)

    @property
    def name(self) -> str:
        return word(self._data.name)

    def __repr__(self) -> str:
        return f"<muster.Profile {self.name}>"


class Profiles(Handle):
    """The profiles of a JSON file (docs/profiles.md), and the built-in ones that it does not replace."""

    _free = lib.muster_profiles_free

    @classmethod
    def read(cls, path: Path) -> Profiles:
        """:raises InvalidError: naming file, profile, field, value and what was expected"""
        return cls(made("muster_profiles", lib.muster_profiles_read, encoded(path)))

    def __getitem__(self, name: str) -> Profile:
        out = ffi.new("const muster_profile **")
        check(lib.muster_profiles_find(out, self._pointer, encoded(name)))
        return Profile(out[0], self)

    def __iter__(self) -> Iterator[str]:
        count = ffi.new("uint32_t *")
        listed = lib.muster_profiles_list(self._pointer, count, ffi.NULL)
        return iter([word(listed[i].name) for i in range(count[0])])


def as_profile(profile: str | Profile) -> Profile:
    """A Profile of a name, or as it is."""
    return profile if isinstance(profile, Profile) else Profile.builtin(profile)
