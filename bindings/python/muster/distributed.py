"""More than one machine can do: tables and sweeps on a Dask cluster.

    import dask.distributed, muster.distributed

    client = dask.distributed.Client(...)                     # any cluster
    roads = muster.distributed.share(client, network)         # once to each worker, also to those that come later
    table = muster.distributed.matrix(roads, "light", origins, destinations)     # a dask array
    done = muster.distributed.sweep(client, points, plan_one, "results", roads=roads)
    result = muster.distributed.replications(client, muster.ScenarioFile.load("typhoon.toml"), "played")

A worker keeps the network as a file, mapped and shared by its processes, and the metrics that it has made of it.
Every task gives the same answer whoever does it, however often: one that was lost is done again, and one that is
done twice does no harm."""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import os
import pathlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from muster import _bars
from muster._errors import InvalidError
from muster._places import lon_lat
from muster.network import Network

if TYPE_CHECKING:
    from muster._bundle import Bundle
    from muster._types import Floats, Frame, Numbers, Path, PlacesLike
    from muster.metric import Metric
    from muster.scenario_file import ScenarioFile
    from muster.simulation import SimulationResult

    Point = dict[str, Any]
    OnDone = Callable[[int, int], Any]

METRICS_KEPT = 8
"""Metrics that a worker keeps of its networks, the last used: 16 bytes a shortcut each."""

_lock = threading.Lock()


class Roads:
    """A network that the workers of a cluster have, by the SHA-256 of its snapshot. It can be pickled."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def __repr__(self) -> str:
        return f"<muster.distributed.Roads {self.digest[:12]}>"

    # ---- on a worker ----------------------------------------------------------------------

    def network(self) -> Network:
        """The network, opened from this worker's file."""
        with _lock:
            return _network(self.digest)

    def metric(self, profile: str, closing: dict[str, Any] | None = None) -> Metric:
        """The metric of a profile with what is closed (arguments of Metric.close), made once."""
        with _lock:
            return _metric(self.digest, profile, _Closing(closing))


class _Closing:
    """Arguments of Metric.close that a cache can look up, by what they are pickled to."""

    def __init__(self, arguments: dict[str, Any] | None) -> None:
        import pickle
        self.arguments = arguments
        self._key = pickle.dumps(arguments, protocol=5)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Closing) and self._key == other._key


@functools.lru_cache(maxsize=4)
def _network(digest: str) -> Network:
    path = _file_of(digest)
    if not path.exists():
        raise InvalidError(f"this worker has no network {digest[:12]}; share it with the client of this cluster")
    return Network.from_store(path)


@functools.lru_cache(maxsize=METRICS_KEPT)
def _metric(digest: str, profile: str, closing: _Closing) -> Metric:
    if closing.arguments:
        return _metric(digest, profile, _Closing(None)).close(**closing.arguments)
    return _network(digest).metric(profile)


def _folder() -> pathlib.Path:
    """Processes of one user on one machine share it."""
    folder = pathlib.Path(os.environ.get("MUSTER_SHARED_NETWORKS", tempfile.gettempdir())) / f"muster-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _file_of(digest: str) -> pathlib.Path:
    return _folder() / f"{digest}.mnet"


def _keep(path: pathlib.Path, content: bytes) -> None:
    """Write the file if it is not there; it appears whole or not at all."""
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)


# ---- sharing -----------------------------------------------------------------------------

def share(client: Any, network: Network) -> Roads:
    """Bring a network to each worker of a cluster once, also to those that join later.

    :returns: Roads, to be given to `matrix` and `sweep`"""
    from distributed.diagnostics.plugin import WorkerPlugin

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "network.mnet"
        network.snapshot(path)
        content = path.read_bytes()
    roads = Roads(hashlib.sha256(content).hexdigest())

    class _Bringing(WorkerPlugin):
        name = f"muster-{roads.digest}"

        def __init__(self) -> None:
            self.digest, self.content = roads.digest, content

        def setup(self, worker: Any) -> None:
            _keep(_file_of(self.digest), self.content)

    client.register_plugin(_Bringing())
    return roads


# ---- tables ------------------------------------------------------------------------------

def _block(roads: Roads, profile: str, closing: dict[str, Any] | None, origins: Floats,
           destinations: Floats) -> Numbers:
    return roads.metric(profile, closing).matrix(origins, destinations, threads=1).duration_ms


def matrix(roads: Roads, profile: str, origins: PlacesLike, destinations: PlacesLike, *,
           closing: dict[str, Any] | None = None, rows: int = 1000) -> Any:
    """A table of travel times that need not fit into anybody's memory.

    :param profile: its name
    :param closing: what is closed: a dict of arguments of Metric.close
    :param rows: rows of a block; a block has all columns
    :returns: a dask array of uint32, (origins, destinations), in milliseconds; UNREACHABLE_MS: no way"""
    import dask.array
    from dask.delayed import delayed

    origins = np.column_stack(lon_lat(origins, "origins"))
    destinations = np.column_stack(lon_lat(destinations, "destinations"))
    if rows < 1:
        raise InvalidError(f"rows are {rows}; expected 1 or more")
    if len(origins) == 0:
        return dask.array.empty((0, len(destinations)), np.uint32)
    block, to = delayed(_block, pure=True), delayed(destinations, pure=True)
    blocks = [dask.array.from_delayed(block(roads, profile, closing, origins[at:at + rows], to),
                                      (min(rows, len(origins) - at), len(destinations)), np.uint32)
              for at in range(0, len(origins), rows)]
    return dask.array.concatenate(blocks)


# ---- sweeps ------------------------------------------------------------------------------

def _name_of(point: Point) -> str:
    """A file's name that is the point's alone."""
    text = json.dumps(point, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32] + ".parquet"


def _key(kind: str, path: pathlib.Path) -> str:
    """A task's name, by which a scheduler knows it: that of what it writes, wherever that is, so that another folder
    is not thought to be filled already."""
    return f"muster-{kind}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}"


def _write(frame: Frame, path: pathlib.Path) -> None:
    """Whole or not at all: a worker that is killed while it writes leaves nothing that counts."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        frame.to_parquet(file.name)
    os.replace(file.name, path)


def _bound(function: Callable[..., Any], roads: Roads | None) -> Callable[[Point], Any]:
    """What is called for each point, as a task of its own: what comes with a function may be large, and so
    each worker is sent it once."""
    return function if roads is None else functools.partial(function, roads)


def _do_one(point: Point, path: pathlib.Path, function: Callable[[Point], Any]) -> pathlib.Path:
    import pandas
    frame = function(point)
    if not isinstance(frame, pandas.DataFrame):
        frame = pandas.DataFrame(frame if isinstance(frame, list) else [frame])
    for name, value in point.items():
        if name not in frame.columns:
            frame.insert(0, name, value)
    _write(frame, path)
    return path


def _submit(client: Any, waiting: dict[pathlib.Path, Point], function: Callable[..., Any], roads: Roads | None,
            retries: int) -> list[Any]:
    """A future for each of {path: point}."""
    bound = client.submit(_bound, function, roads, retries=retries, pure=False)
    futures: list[Any] = client.map(_do_one, [*waiting.values()], [*waiting], function=bound, retries=retries,
                                    pure=False, key=[_key("sweep", path) for path in waiting])
    return futures


def _results(futures: Sequence[Any], count: int, on_done: OnDone | None, progress: bool) -> Iterator[Any]:
    """What each gives, as soon as it is done; what one raises comes out. What is not among them is done already."""
    import distributed
    done = count - len(futures)
    with _bars.tasks(progress, count, done) as tell:
        for future in distributed.as_completed(futures):
            yield future.result()
            done += 1
            tell(1)
            if on_done:
                on_done(done, count)


def sweep(client: Any, points: Iterable[Point], function: Callable[..., Any], folder: Path, *,
          roads: Roads | None = None, retries: int = 3, on_done: OnDone | None = None, progress: bool = False) -> Frame:
    """Call a function for each point of a sweep, on the workers, and keep each answer as a Parquet file.

    What is there already is not done again, so a sweep that was stopped goes on where it was. A worker that is
    killed costs the tasks it was at.

    :param points: dicts of plain values, each a point; the same twice counts once
    :param function: called with the point, or with `roads` and the point; gives a dict, a list of them, or a
        DataFrame. Its answer follows from its arguments alone. What comes with it (as with functools.partial) each
        worker is sent once. Dask gives a worker process one thread of OpenMP, so that `threads` can be left out.
    :param folder: for the files, which all workers can write to
    :param retries: how often a task that fails is tried again
    :param on_done: called with (done, all) after each
    :param progress: draw a bar (tqdm)
    :returns: a DataFrame of all answers, with the points' values as columns, in the order of the points"""
    import pandas

    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / _name_of(point): point for point in points}
    waiting = {path: point for path, point in paths.items() if not path.exists()}
    futures = _submit(client, waiting, function, roads, retries) if waiting else []
    frames = {path: pandas.read_parquet(path) for path in paths if path not in waiting}
    for path in _results(futures, len(paths), on_done, progress):
        frames[path] = pandas.read_parquet(path)  # now, while the workers are at the next
    return pandas.concat([frames[path] for path in paths], ignore_index=True) if frames else pandas.DataFrame()


# ---- replications ------------------------------------------------------------------------

def _share_bundle(client: Any, bundle: Bundle, content: dict[str, bytes]) -> None:
    from distributed.diagnostics.plugin import WorkerPlugin

    class _Bringing(WorkerPlugin):
        name = f"muster-{bundle.digest}"

        def __init__(self) -> None:
            self.digest, self.content = bundle.digest, content

        def setup(self, worker: Any) -> None:
            for name, part in self.content.items():
                _keep(_folder() / self.digest / name, part)

    client.register_plugin(_Bringing())


def _play_one(bundle: Bundle, policies: Sequence[str], number: int, seed: int, is_recorded: bool, series_s: float,
              target: pathlib.Path) -> None:
    """One replication under each policy, as a folder of Parquet files that is there whole or not at all."""
    with _lock:
        file = bundle.file(_folder() / bundle.digest)
    result = file.simulate(policies, replications=1, first=number, seed=seed, threads=1,
                           record=[number] if is_recorded else [], series_s=series_s)
    part = pathlib.Path(tempfile.mkdtemp(dir=target.parent, suffix=".part"))
    try:
        for table in result.tables():
            result.table(table).to_parquet(part / f"{table}.parquet")
        os.rename(part, target)
    except FileExistsError:
        pass  # somebody else has done the same
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _read_table(table: str, folders: Sequence[pathlib.Path], policies: Sequence[str]) -> Frame:
    """A table of all replications, in the order in which one run gives it: by policy, then by replication."""
    import geopandas
    import pandas
    read = geopandas.read_parquet if table in ("incidents", "moves", "hazards") else pandas.read_parquet
    frame = pandas.concat([read(folder / f"{table}.parquet") for folder in folders], ignore_index=True)
    if "policy" not in frame.columns:
        return frame
    order = np.argsort(frame["policy"].map({name: number for number, name in enumerate(policies)}), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def replications(client: Any, file: ScenarioFile, folder: Path, policies: str | Iterable[str] = ("greedy", "muster"), *,
                 replications: int | None = None, first: int = 0, seed: int | None = None,
                 record: Iterable[int] = (0,), series_s: float = 300, retries: int = 3, on_done: OnDone | None = None,
                 progress: bool = False) -> SimulationResult:
    """Play a scenario file on the workers of a cluster: ScenarioFile.simulate with a replication a task, and the same
    result to the last bit. The file, all files that it names and its store are brought to each worker once.

    Each replication is a folder of Parquet files, there whole or not at all, so that what was stopped goes on where it
    was, a worker that is killed costs the tasks it was at, and what is done twice does no harm.

    :param file: a ScenarioFile. A store that is a server, and files that it names by absolute paths, all workers must
        be able to read.
    :param folder: for the files, which all workers can write to
    :param retries: how often a task that fails is tried again
    :param on_done: called with (done, all) after each
    :param progress: draw a bar (tqdm)
    :returns: SimulationResult, which reads a table when it is asked for
    :raises InvalidError: as ScenarioFile.simulate"""
    from muster._bundle import pack
    from muster.scenario_file import Wanted, run_of
    from muster.simulation import SimulationResult

    replications = file.replications if replications is None else replications
    wanted = Wanted(file, policies, replications, first, seed, 1, record, series_s)
    run = run_of(file, wanted)
    bundle, content = pack(file)
    _share_bundle(client, bundle, content)
    asked = json.dumps([bundle.digest, bundle.overrides, wanted.policies, wanted.seed, wanted.series_ms,
                        run["version"]])
    key = hashlib.sha256(asked.encode()).hexdigest()[:16]
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    recorded, paths = set(wanted.recorded), {}
    for number in range(wanted.first, wanted.first + wanted.replications):
        paths[folder / f"{key}-{number:06}{'-recorded' if number in recorded else ''}"] = number
    waiting = {path: number for path, number in paths.items() if not path.exists()}
    futures = [client.submit(_play_one, bundle, wanted.policies, number, wanted.seed, number in recorded,
                             wanted.series_ms / 1000, path, retries=retries, pure=False,
                             key=_key("replication", path)) for path, number in waiting.items()]
    for _ in _results(futures, len(paths), on_done, progress):
        pass
    return SimulationResult(run, functools.partial(_read_table, folders=list(paths), policies=wanted.policies))
