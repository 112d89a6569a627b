"""`muster db load` and `muster db dump` over a connection that is cut, delayed or corrupted: all of it is
there or nothing, what went before stays, and it is said in one line. MUSTER_FAULT_STEP says at which of the
bytes (./run long: at each); an ordinary run takes a few of them, others each time what is sent changes."""

import os
import pathlib
import random
import subprocess
import tempfile

import fault_proxy
import pytest

from muster_command import SOURCE, succeed
from tables import TABLE, OddCity, geopackage_rows

MUSTER = os.environ["MUSTER_COMMAND"]
STEP = int(os.environ.get("MUSTER_FAULT_STEP", "0"))  # 0: a few
FEW = 2
SCHEMA = "faulty_load"
FAULTS = [(direction, kind, flip) for direction in (fault_proxy.TO_SERVER, fault_proxy.TO_CLIENT)
          for kind, flip in (("cut", 0), ("delay", 0), ("corrupt", 0xFF), ("corrupt", 0x01))]


def offsets(size, seed):
    chance = random.Random(f"{seed} {size}")
    if STEP:
        return range(chance.randrange(STEP), size, STEP)
    return sorted(chance.sample(range(size), FEW))


def fault_at(direction, offset, kind, flip):
    """A length that was made longer is waited for until the connection ends."""
    return fault_proxy.Fault(direction, offset, kind, flip, ends_after=0.3 if kind == "corrupt" else None)


def run(*arguments):
    return subprocess.run([MUSTER, "db", *map(str, arguments), "--schema", SCHEMA], capture_output=True,
                          text=True, timeout=60)


class Tables:
    """What is in the database, asked over one session that has no fault."""

    def __init__(self, server):
        names = [name for name in TABLE if name not in ("muster_meta", "event")]
        rows = [f"(SELECT count(*) || ':' || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) "
                f"FROM {SCHEMA}.{name} AS t)" for name in names]
        self.question = f"SELECT {' || chr(32) || '.join(rows)};\n"
        self.session = subprocess.Popen(server.psql("postgres"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, cwd=server.folder)

    def look(self):
        """(rows, their sum) of each table."""
        self.session.stdin.write(self.question)
        self.session.stdin.flush()
        return [tuple(cell.split(":")) for cell in self.session.stdout.readline().split()]

    def close(self):
        self.session.communicate()


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Two that differ in every table, so that nothing of the one passes for the other."""
    folder = tmp_path_factory.mktemp("stores")
    succeed("import", "osm", SOURCE / "data/samples/village.osm", "-o", folder / "village.gpkg")
    OddCity(3).write(folder / "city.gpkg", SOURCE)
    return folder / "village.gpkg", folder / "city.gpkg"


@pytest.fixture(scope="module")
def faulty(server):
    proxy = fault_proxy.Proxy(server.folder)
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def folder():
    """In memory, where a file is on its disk at once."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as path:
        yield pathlib.Path(path)


class Desk:
    """A schema that holds one of the two stores, and what each looks like in it."""

    def __init__(self, server, proxy, stores):
        self.server, self.proxy, self.stores = server, proxy, stores
        server.sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;")
        assert run("init", server.connection).returncode == 0
        self.tables = Tables(server)
        self.known, self.sizes = [], []
        for which in (0, 1):
            assert self.load(which, None).returncode == 0
            self.known.append(self.tables.look())
            self.sizes.append(dict(proxy.sent))

    def load(self, which, fault):
        self.proxy.fault = fault
        return run("load", self.stores[which], self.proxy.connection, "--replace")

    def dump(self, path, fault):
        self.proxy.fault = fault
        return run("dump", self.proxy.connection, path)

    def there(self, is_corrupt=False):
        """Which of the two; without TLS nobody knows that a letter was another one."""
        state = self.tables.look()
        if is_corrupt:
            return [rows for rows, _ in state], [[rows for rows, _ in one] for one in self.known]
        return state, self.known


@pytest.fixture(scope="module")
def desk(server, faulty, stores):
    desk = Desk(server, faulty, stores)
    yield desk
    desk.tables.close()


def check_words(done, fault):
    assert done.returncode in (0, 3, 4), (fault, done)
    assert len(done.stderr.splitlines()) == (done.returncode != 0), (fault, done)
    assert fault.kind != "delay" or done.returncode == 0, (fault, done)


@pytest.mark.parametrize("direction, kind, flip", FAULTS)
def test_a_load_leaves_all_or_what_was_there(desk, direction, kind, flip):
    """What is loaded is the store that is not there: only a load that worked changes that."""
    assert desk.load(1, None).returncode == 0
    is_there, size = 1, min(sizes[direction] for sizes in desk.sizes)
    for offset in offsets(size, f"load {direction} {kind} {flip}"):
        fault = fault_at(direction, offset, kind, flip)
        done = desk.load(1 - is_there, fault)
        check_words(done, fault)
        found, known = desk.there(kind == "corrupt")
        assert found in known, (fault, done)
        assert done.returncode != 0 or found == known[1 - is_there], (fault, done)
        is_there = known.index(found)


@pytest.mark.parametrize("direction, kind, flip", FAULTS)
def test_a_dump_is_whole_or_not_there(desk, folder, direction, kind, flip):
    assert desk.load(0, None).returncode == 0
    whole, dump = folder / "whole.gpkg", folder / "dump.gpkg"
    assert desk.dump(whole, None).returncode == 0
    for offset in offsets(desk.proxy.sent[direction], f"dump {direction} {kind} {flip}"):
        fault = fault_at(direction, offset, kind, flip)
        done = desk.dump(dump, fault)
        check_words(done, fault)
        assert sorted(folder.iterdir()) == ([dump, whole] if done.returncode == 0 else [whole]), (fault, done)
        if done.returncode == 0:
            assert kind == "corrupt" or all(geopackage_rows(dump, name) == geopackage_rows(whole, name)
                                            for name in TABLE), fault
            dump.unlink()
    whole.unlink()
