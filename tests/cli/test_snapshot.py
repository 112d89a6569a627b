"""`muster snapshot`: every command answers the same from a snapshot as from its GeoPackage."""

import json

import pytest

from muster_command import refuse, succeed, write_sites


@pytest.fixture(scope="module")
def snapshot(village, tmp_path_factory):
    path = tmp_path_factory.mktemp("snapshot") / "village.mnet"
    text = succeed("snapshot", village, "-o", path)
    assert text.startswith(f"{path}\n\nhierarchy\n")
    return path


def test_routes_are_the_same(village, snapshot):
    ends = ["--from", "120.8000,30.7501", "--to", "120.8061,30.7522", "--profile", "light"]
    for form in ([], ["--json"], ["--geojson"]):
        assert succeed("route", snapshot, *ends, *form) == succeed("route", village, *ends, *form)


def test_tables_are_the_same(village, snapshot, tmp_path):
    sites = write_sites(tmp_path / "s.csv", [(i, 120.8 + i / 5000, 30.7501) for i in range(12)])
    arguments = ["--from", sites, "--to", sites, "--profile", "emergency"]
    assert succeed("matrix", snapshot, *arguments) == succeed("matrix", village, *arguments)


def test_exported_graphs_are_the_same(village, snapshot, tmp_path):
    files = {}
    for network in (village, snapshot):
        nodes, arcs = tmp_path / f"{network.name}.n", tmp_path / f"{network.name}.a"
        succeed("export", network, "--nodes", nodes, "--arcs", arcs, "--profile", "heavy")
        files[network] = nodes.read_text(), arcs.read_text()
    assert files[village] == files[snapshot]


def test_the_census_is_the_same(village, snapshot):
    assert succeed("info", snapshot) == succeed("info", village)


def test_the_fast_ways_agree_with_the_plain_one(village, snapshot):
    assert succeed("check", snapshot).splitlines()[1:] == \
        succeed("check", village).splitlines()[1:]


def test_a_snapshot_of_a_snapshot_has_the_same_bytes(snapshot, tmp_path):
    summary = json.loads(succeed("snapshot", snapshot, "-o", tmp_path / "again.mnet", "--json"))
    assert summary["file"] == str(tmp_path / "again.mnet")
    assert (tmp_path / "again.mnet").read_bytes() == snapshot.read_bytes()


def test_what_is_damaged_is_refused(snapshot, tmp_path):
    damaged, whole = tmp_path / "damaged.mnet", snapshot.read_bytes()
    damaged.write_bytes(whole[:-64])
    refuse(3, "info", damaged, words=[damaged, f"{len(whole) - 64} bytes; expected {len(whole)}"])
    changed = bytearray(whole)
    changed[next(i for i in range(len(whole) // 2, len(whole)) if whole[i])] = 0  # no padding
    damaged.write_bytes(changed)
    refuse(3, "info", damaged, words=["damaged"])
    refuse(3, "plan", snapshot, words=["a snapshot; expected the file that it was made of"])
    refuse(3, "order", snapshot, words=["a snapshot; expected the file that it was made of"])


def test_what_cannot_be_written_is_refused(village, tmp_path):
    refuse(2, "snapshot", village, words=["no output"])
    refuse(2, "snapshot", "-o", "x", words=["no network"])
    refuse(2, "snapshot", village, "-o", "-", words=["no stream"])
    refuse(4, "snapshot", village, "-o", tmp_path / "nowhere/n.mnet", words=["No such file"])
    assert list(tmp_path.iterdir()) == []
