"""`muster matrix`: the table, and what it says of wrong CSV files."""

import signal
import subprocess
import time

import pytest

from muster_command import COMMAND, muster, read_csv, refuse, succeed, write_sites

SITES = [("station", 120.80, 30.75), ("market, old", 120.8042, 30.752), ("东桥", 120.808, 30.751)]


@pytest.fixture()
def sites(tmp_path):
    return write_sites(tmp_path / "sites.csv", SITES)


def test_rows_come_in_the_order_of_the_files_and_ids_unchanged(village, sites, tmp_path):
    others = write_sites(tmp_path / "others.csv", list(reversed(SITES)))
    out = tmp_path / "out.csv"
    succeed("matrix", village, "--from", sites, "--to", others, "--profile", "light", "-o", out)
    ids = [site[0] for site in SITES]
    assert [(r["from_id"], r["to_id"]) for r in read_csv(out)] == \
        [(a, b) for a in ids for b in reversed(ids)]


def test_standard_output_gets_the_same_whatever_the_threads(village, sites, tmp_path):
    arguments = ["matrix", village, "--from", sites, "--to", sites, "--profile", "light"]
    text = succeed(*arguments)
    assert text.splitlines()[0] == "from_id,to_id,duration_s,distance_m"
    assert text.splitlines()[1] == "station,station,0.000,0.00"
    assert '"market, old"' in text
    for threads in (1, 3):
        assert succeed(*arguments, "--threads", threads) == text


def test_columns_are_found_by_name(village, sites, tmp_path):
    other = tmp_path / "other.csv"
    other.write_bytes("\ufefflat,note,id,lon\r\n"
                      "30.75,\"a \"\"quoted\"\"\nnote\",station,120.80\r\n"
                      "\r\n"
                      "+30.752,,\"market, old\",1.208042e2\r\n"
                      "30.751,x,东桥,120.808\r\n".encode())
    tables = [succeed("matrix", village, "--from", path, "--to", path, "--profile", "light")
              for path in (sites, other)]
    assert tables[0] == tables[1]


def test_cells_without_a_way_are_empty(two_islands, tmp_path):
    path = write_sites(tmp_path / "s.csv", [("a", 120.70, 30.70), ("b", 120.80, 30.70)])
    rows = succeed("matrix", two_islands, "--from", path, "--to", path, "--profile",
                   "light").splitlines()
    assert rows[1:] == ["a,a,0.000,0.00", "a,b,,", "b,a,,", "b,b,0.000,0.00"]


def test_a_site_in_the_sea_has_empty_cells_and_is_named(village, sites, tmp_path):
    sea = write_sites(tmp_path / "sea.csv", [("near", 120.80, 30.75), ("boat", 122.5, 30.5)])
    done = muster("matrix", village, "--from", sites, "--to", sea, "--profile", "light")
    assert done.returncode == 0
    assert done.stdout.count(",boat,,\n") == 3 and done.stdout.count(",near,,\n") == 0
    assert len(done.stderr.splitlines()) == 1
    for word in (sea, '1 of 2 sites', '"boat" in row 3', "5 km", "light"):
        assert str(word) in done.stderr


def test_a_site_that_would_be_near_the_network_the_other_way_round_stops_the_work(malta, tmp_path):
    swapped = write_sites(tmp_path / "s.csv", [("a", 14.51, 35.90), ("b", 35.90, 14.50)])
    far = write_sites(tmp_path / "f.csv", [("a", 14.51, 35.90), ("b", 36.90, 14.50)])
    arguments = ["matrix", malta, "--profile", "light", "--to", swapped]
    refuse(3, *arguments, "--from", swapped,
           words=[swapped, "row 3", "longitude 35.9, latitude 14.5 looks swapped",
                  "expected longitude 14.50 to 14.51, latitude 35.90 to 35.90", "--swap"])
    done = muster(*arguments, "--from", swapped, "--keep-going")
    assert done.returncode == 0 and len(done.stderr.splitlines()) == 2  # once a side
    assert [row.endswith(",,") for row in done.stdout.splitlines()[1:]] == [False, True, True, True]
    done = muster("matrix", malta, "--profile", "light", "--from", far, "--to", far)
    assert done.returncode == 0 and "swapped" not in done.stderr
    assert all('"b" in row 3' in line for line in done.stderr.splitlines())


def test_a_site_in_the_sea_stops_a_strict_table(village, sites, tmp_path):
    sea = write_sites(tmp_path / "sea.csv", [("near", 120.80, 30.75), ("boat", 122.5, 30.5)])
    for sides in (("--from", sites, "--to", sea), ("--from", sea, "--to", sites)):
        refuse(3, "matrix", village, *sides, "--profile", "light", "--strict", "-o",
               tmp_path / "out.csv", words=[sea, '"boat" in row 3', "5 km", "--strict"])
    assert set(tmp_path.iterdir()) == {sea, sites}
    succeed("matrix", village, "--from", sites, "--to", sites, "--profile", "light", "--strict")


HEADER = "id,lon,lat\n"


def test_wrong_rows_have_empty_cells_where_the_others_are_wanted(village, sites, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + "station,120.80,30.75\nnan,nan,30.75\nswapped,30.75,120.8\n"
                    "none,,\nboat,122.5,30.5\n")
    arguments = ["matrix", village, "--from", path, "--to", path, "--profile", "light"]
    refuse(3, *arguments, words=["row 3, column lon", '"nan"'])
    done = muster(*arguments, "--keep-going")
    assert done.returncode == 0
    rows = done.stdout.splitlines()[1:]
    assert len(rows) == 25
    assert rows[0] == "station,station,0.000,0.00"
    assert all(row.endswith(",,") for row in rows[1:])
    lines = done.stderr.splitlines()
    said = [["row 3, column lon", '"nan"'], ["row 4, column lat", "120.8", "swapped"],
            ["row 5, column lon", '""'], ["1 of 5 sites", '"boat" in row 6']]
    assert len(lines) == 2 * len(said)  # the file is read for either side
    for line, words in zip(lines, said[:3] + said[:3] + said[3:] * 2):
        assert all(word in line for word in words)


def test_a_table_by_air_keeps_going_and_is_strict_too(village, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + "station,120.80,30.75\nbad,x,30.75\nboat,122.5,30.5\n")
    arguments = ["matrix", village, "--from", path, "--to", path, "--profile", "helicopter"]
    done = muster(*arguments, "--keep-going")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 2  # nothing lies too far from a road
    rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
    assert [row[2] != "" for row in rows] == [i % 3 != 1 and i // 3 != 1 for i in range(9)]
    sea = write_sites(tmp_path / "sea.csv", [("station", 120.80, 30.75), ("boat", 122.5, 30.5)])
    alone = succeed("matrix", village, "--from", sea, "--to", sea, "--profile", "helicopter",
                    "--strict")
    assert [line.split(",") for line in alone.splitlines()[1:]] == [r for r in rows if r[2]]


def test_of_many_wrong_rows_the_first_are_named_and_all_are_counted(village, sites, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + "a,120.8,30.75\n" + "".join(f"b{i},x,y\n" for i in range(30)))
    done = muster("matrix", village, "--from", sites, "--to", path, "--profile", "light",
                  "--keep-going")
    assert done.returncode == 0 and len(done.stderr.splitlines()) == 21
    assert "30 rows have wrong coordinates; the first 20" in done.stderr.splitlines()[-1]


def test_a_file_of_the_wrong_shape_is_refused_all_the_same(village, sites, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + "a,120.8,30.75\nb,120.8\n")
    refuse(3, "matrix", village, "--from", path, "--to", sites, "--profile", "light",
           "--keep-going", words=["row 3", "2 columns", "expected 3"])
    refuse(2, "matrix", village, "--from", path, "--to", sites, "--profile", "light",
           "--keep-going", "--strict", words=["--strict", "--keep-going"])


@pytest.mark.parametrize("content, words", [
    ("", ["empty", "id,lon,lat"]),
    ("\n\n", ["empty", "id,lon,lat"]),
    (HEADER, ["no row", "one site"]),
    ("id,lon\na,120.8\n", ["row 1", 'no column "lat"', "id, lon and lat"]),
    ("ID,lon,lat\na,120.8,30.75\n", ["row 1", 'no column "id"']),
    ("id;lon;lat\na;120.8;30.75\n", ["row 1", 'no column "id"']),
    ("120.8,30.75\n", ["row 1", 'no column "id"']),
    ("id,lon,lon,lat\na,1,2,3\n", ["row 1", '"lon" twice']),
    (HEADER + "a,nan,30.75\n", ["row 2, column lon", '"nan"', "number"]),
    (HEADER + "a,120.8,NULL\n", ["row 2, column lat", '"NULL"', "number"]),
    (HEADER + "a,120.8,\n", ["row 2, column lat", '""', "number"]),
    (HEADER + "a,120.8,30.75\nb,120.8,1e999\n", ["row 3, column lat", '"1e999"', "number"]),
    (HEADER + 'a,"120,8","30,75"\n', ["row 2, column lon", '"120,8"', "number"]),
    (HEADER + "a,30.75,120.8\n", ["row 2, column lat", "120.8", "swapped"]),
    (HEADER + "a,181,30.75\n", ["row 2, column lon", "181", "-180 to 180"]),
    (HEADER + "a,120.8,95\n", ["row 2, column lat", "95", "-90 to 90"]),
    (HEADER + "a,120.8\n", ["row 2", "2 columns", "expected 3"]),
    (HEADER + "a,120.8,30.75,x\n", ["row 2", "4 columns", "expected 3"]),
    (HEADER + ",120.8,30.75\n", ["row 2, column id", "empty"]),
    (HEADER + "a,120.8,30.75\n\nb,120.8,30.75\na,120.8,30.75\n",
     ["row 5, column id", '"a"', "row 2", "unique"]),
    (HEADER + "z,1,2\na,1,2\nz,1,2\na,1,2\n", ["row 4, column id", '"z"', "row 2"]),
    (HEADER + '"a"b,120.8,30.75\n', ["row 2", "quote"]),
    (HEADER + 'a"b,120.8,30.75\n', ["row 2", "quote"]),
    (HEADER + '"a,120.8,30.75\n', ["row 2", "quote"]),
    (HEADER.encode() + b"caf\xe9,120.8,30.75\n", ["row 2, column 1", "UTF-8"]),
    (HEADER.encode("utf-16"), ["row 1", "UTF-8"]),
    (HEADER.encode() + b"a\0b,120.8,30.75\n", ["row 2", "NUL"]),
    (HEADER.replace("\n", "\r") + "a,120.8,30.75\r", ["row 1", "carriage return", "CR LF"]),
    (HEADER + "a,120.8,30.75\rb,120.8,30.75", ["row 2", "carriage return"]),
])
@pytest.mark.parametrize("side", ["--from", "--to"])
def test_a_wrong_file_is_named_by_row_column_and_value(village, sites, tmp_path, content, words,
                                                       side):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    other = "--to" if side == "--from" else "--from"
    refuse(3, "matrix", village, side, path, other, sites, "--profile", "light", "-o",
           tmp_path / "out.csv", words=[path, *words])
    assert set(tmp_path.iterdir()) == {path, sites}


def test_a_control_character_does_not_reach_the_terminal(village, sites, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + "a,\x1b[31m,30.75\n")
    assert "\x1b" not in refuse(3, "matrix", village, "--from", path, "--to", sites, "--profile",
                                "light")


@pytest.mark.parametrize("side", ["--from", "--to"])
def test_a_file_that_is_not_there_is_named(village, sites, tmp_path, side):
    path = tmp_path / "no.csv"
    other = "--to" if side == "--from" else "--from"
    refuse(4, "matrix", village, side, path, other, sites, "--profile", "light",
           words=[path, "No such file"])
    refuse(4, "matrix", village, side, tmp_path, other, sites, "--profile", "light",
           words=[tmp_path, "directory"])


def test_an_unknown_profile_is_named(village, sites):
    refuse(2, "matrix", village, "--from", sites, "--to", sites, "--profile", "tank",
           words=['"tank"', "light, heavy, emergency, boat, helicopter"])


@pytest.fixture()
def crowd(tmp_path):
    """2,500 starts and 2,000 ends: their cells do not fit into one block of 4,000,000."""
    spread = [(f"s{i}", 120.80 + (i % 50) * 0.00016, 30.75 + (i // 50) * 0.00002)
              for i in range(2500)]
    return (write_sites(tmp_path / "starts.csv", spread),
            write_sites(tmp_path / "ends.csv", spread[:2000]),
            write_sites(tmp_path / "last.csv", spread[-1:]))


def test_a_table_of_several_blocks_is_like_its_parts(village, crowd, tmp_path):
    """And one made with a hierarchy, for its size, like one made without."""
    starts, ends, last = crowd
    table = tmp_path / "table.csv"
    succeed("matrix", village, "--from", starts, "--to", ends, "--profile", "light", "-o", table)
    alone = succeed("matrix", village, "--from", last, "--to", ends, "--profile", "light")
    with open(table, encoding="utf-8") as stream:
        lines = stream.readlines()
    assert len(lines) == 2500 * 2000 + 1
    assert lines[-2000:] == alone.splitlines(keepends=True)[1:]


def test_a_table_by_air_of_several_blocks_is_like_its_parts(village, crowd, tmp_path):
    starts, ends, last = crowd
    table = tmp_path / "table.csv"
    succeed("matrix", village, "--from", starts, "--to", ends, "--profile", "drone", "-o", table)
    alone = succeed("matrix", village, "--from", last, "--to", ends, "--profile", "drone")
    with open(table, encoding="utf-8") as stream:
        lines = stream.readlines()
    assert len(lines) == 2500 * 2000 + 1
    assert lines[-2000:] == alone.splitlines(keepends=True)[1:]


def test_ctrl_c_leaves_no_table(village, crowd, tmp_path):
    starts, ends, last = crowd
    process = subprocess.Popen(
        [COMMAND, "matrix", village, "--from", starts, "--to", ends, "--profile", "light", "-o",
         tmp_path / "table.csv"], stderr=subprocess.PIPE, text=True)
    while len(list(tmp_path.iterdir())) == 3 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert (process.returncode, message) == (130, "muster: stopped; nothing was written\n")
    assert set(tmp_path.iterdir()) == {starts, ends, last}
