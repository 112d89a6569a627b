"""Answers that cannot be written are failures, and half an answer is never left behind."""

import os
import signal
import subprocess
import time

import pytest

from muster_command import COMMAND, VILLAGE, refuse, succeed, write_sites

ENDS = ["--from", "120.80,30.75", "--to", "120.808,30.751", "--profile", "light"]
PLACE = ["--from", "120.80,30.75", "--limit", "1min", "--profile", "light"]


@pytest.fixture()
def sites(tmp_path):
    return write_sites(tmp_path / "sites.csv", [("a", 120.80, 30.75), ("b", 120.808, 30.751)])


def arguments_of(command, network, sites):
    return {"version": ["--version"],
            "help": ["--help"],
            "help of one": ["serve", "--help"],
            "info": ["info", network],
            "info json": ["info", network, "--json"],
            "route": ["route", network, *ENDS],
            "geojson": ["route", network, *ENDS, "--geojson"],
            "isochrone": ["isochrone", network, *PLACE],
            "areas": ["isochrone", network, *PLACE, "-o", "-"],
            "matrix": ["matrix", network, "--from", sites, "--to", sites, "--profile", "light"],
            "export": ["export", network, "--nodes", "-", "--arcs", "/dev/null", "--profile", "light"],
            }[command]


COMMANDS = ["version", "help", "help of one", "info", "info json", "route", "geojson", "isochrone", "areas",
            "matrix", "export"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said(village, sites, command):
    with open("/dev/full", "w") as full:
        done = subprocess.run([COMMAND, *arguments_of(command, village, sites)], stdout=full,
                              stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert done.stderr == "muster: standard output: cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_pipe_is_said(village, sites, command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([COMMAND, *arguments_of(command, village, sites)], stdout=writing,
                          stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert done.returncode == 4
    assert done.stderr == "muster: standard output: cannot be written: Broken pipe\n"


@pytest.mark.parametrize("command", ["route", "matrix"])
def test_a_file_on_a_full_device_is_said(village, sites, command):
    refuse(4, *arguments_of(command, village, sites), "-o", "/dev/full", words=["/dev/full"])


@pytest.mark.parametrize("command", ["route", "geojson", "matrix"])
def test_a_folder_that_is_not_there_is_said(village, sites, tmp_path, command):
    path = tmp_path / "no/out"
    refuse(4, *arguments_of(command, village, sites), "-o", path, words=[path, "No such file"])
    assert list(tmp_path.iterdir()) == [sites]


def test_a_target_that_cannot_be_replaced_is_said(village, sites, tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    refuse(4, *arguments_of("matrix", village, sites), "-o", path, words=[path])
    assert set(tmp_path.iterdir()) == {sites, path}


def test_the_second_of_two_files_cannot_be_opened_and_the_first_is_not_left(village, tmp_path):
    arcs = tmp_path / "no/arcs.csv"
    refuse(4, "export", village, "--nodes", tmp_path / "nodes.csv", "--arcs", arcs, "--profile",
           "light", words=[arcs])
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_is_replaced_and_keeps_the_usual_permissions(village, sites, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    mask = os.umask(0o027)
    try:
        succeed(*arguments_of("matrix", village, sites), "-o", path)
    finally:
        os.umask(mask)
    assert path.read_text().startswith("from_id,")
    assert path.stat().st_mode & 0o777 == 0o640
    assert set(tmp_path.iterdir()) == {sites, path}


def test_a_failed_import_keeps_the_old_network(tmp_path):
    network, source = tmp_path / "n.gpkg", tmp_path / "torn.osm"
    succeed("import", "osm", VILLAGE, "-o", network)
    before = network.read_bytes()
    source.write_bytes(VILLAGE.read_bytes()[:2000])
    refuse(3, "import", "osm", source, "-o", network, words=[source])
    assert network.read_bytes() == before


def test_an_input_is_not_written_over(village, sites, tmp_path):
    network = tmp_path / "n.gpkg"
    network.write_bytes(village.read_bytes())
    before, spelled = network.read_bytes(), f"{tmp_path}/./n.gpkg"
    link = tmp_path / "link.gpkg"
    link.symlink_to(network)
    for target in network, spelled, link:
        said = refuse(2, *arguments_of("route", network, sites), "-o", target)
        assert said == f'muster: -o is "{target}", which is read; expected another file'
    refuse(2, "snapshot", network, "-o", network, words=["which is read"])
    refuse(2, "export", network, "--nodes", tmp_path / "nodes.csv", f"--arcs={network}",
           "--profile", "light", words=["--arcs", "which is read"])
    assert network.read_bytes() == before
    said = refuse(2, *arguments_of("matrix", network, sites), f"-o{sites}")
    assert said == f'muster: -o is "{sites}", which --from reads; expected another file'
    assert set(tmp_path.iterdir()) == {network, sites, link}


def test_two_outputs_are_two_files(village, tmp_path):
    def export(nodes, arcs):
        return ["export", village, "--nodes", nodes, "--arcs", arcs, "--profile", "light"]

    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    old.write_text("old")
    for file in new, old:
        for spelled in file, f"{tmp_path}/../{tmp_path.name}/{file.name}":
            said = refuse(2, *export(file, spelled))
            assert said == f'muster: --nodes and --arcs are both "{spelled}"; expected two files'
    refuse(2, *export("-", "-"), words=['--nodes and --arcs are both "-"'])
    assert old.read_text() == "old" and list(tmp_path.iterdir()) == [old]
    succeed(*export("/dev/null", "/dev/null"))


def test_what_a_killed_command_of_the_same_number_has_left_is_in_nobodys_way(village, tmp_path):
    path = tmp_path / "out.json"
    arguments = ["route", village, *ENDS, "--json", "-o", path]
    script = 'touch "$0.$$.part" "$0.tmp-$$-0" && exec "$@"'
    done = subprocess.run(["sh", "-c", script, path, COMMAND, *arguments], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert path.read_text().startswith("{")


def stop(arguments, folder, signals):
    """Start the command, whose second file is a FIFO that nobody reads, so that it waits with the
    first one begun; send it the signals, and return what it ends with."""
    fifo = folder / "fifo"
    os.mkfifo(fifo)
    started = subprocess.Popen([COMMAND, *arguments, fifo], stderr=subprocess.PIPE)
    while len(list(folder.iterdir())) < 2 and started.poll() is None:
        time.sleep(0.001)
    for number in signals:
        time.sleep(0.2)
        started.send_signal(number)
    started.communicate(timeout=60)
    fifo.unlink()
    return started.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_half_written(village, tmp_path, number):
    areas = tmp_path / "areas.geojson"
    code = stop(["isochrone", village, *PLACE, "-o", areas, "--arcs"], tmp_path, [number])
    assert code == -number and list(tmp_path.iterdir()) == []


def test_nor_does_a_second_one(village, tmp_path):
    nodes = tmp_path / "nodes.csv"
    code = stop(["export", village, "--profile", "light", "--nodes", nodes, "--arcs"], tmp_path,
                [signal.SIGINT, signal.SIGINT])
    assert code == -signal.SIGINT and list(tmp_path.iterdir()) == []
