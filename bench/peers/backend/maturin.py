"""Stands in for the build backend of routingkit-cch while pip downloads its sources.

pip asks a source package for its metadata before it hands it over. The real backend wants a
Rust compiler for that; the package's own PKG-INFO says the same, and only the sources of
RoutingKit, which are C++, are wanted."""

import pathlib


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    about = pathlib.Path("PKG-INFO").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in about.split("\n\n")[0].splitlines()
                  if ": " in line)
    info = pathlib.Path(folder, f"{fields['Name']}-{fields['Version']}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(about, encoding="utf-8")
    return info.name
