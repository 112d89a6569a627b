"""Bars of tqdm for what takes long, in a terminal or a notebook. tqdm is imported where a bar is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

Tell = Callable[[str, float], Any]


def _bar(**options: Any) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError("progress=True draws a bar of tqdm; pip install 'muster-dispatch[progress]'") from error
    return tqdm(**options)


@contextlib.contextmanager
def phases(is_wanted: bool, on_progress: Tell | None) -> Iterator[Tell | None]:
    """`on_progress` for what tells a phase and a fraction, with a bar if one is wanted."""
    if not is_wanted:
        yield on_progress
        return
    with _bar(total=100, unit="%", bar_format="{desc}{percentage:3.0f}%|{bar}| {elapsed}") as bar:
        def tell(phase: str, fraction: float) -> Any:
            bar.set_description(phase)
            bar.update(max(0, round(100 * fraction) - bar.n))
            return on_progress(phase, fraction) if on_progress else None
        yield tell


@contextlib.contextmanager
def rows(is_wanted: bool, count: int) -> Iterator[Callable[[int], Any]]:
    """A function that is told how many more rows are done."""
    if not is_wanted:
        yield lambda more: None
        return
    with _bar(total=count, unit=" rows", unit_scale=True) as bar:
        yield bar.update


@contextlib.contextmanager
def tasks(is_wanted: bool, count: int, done: int) -> Iterator[Callable[[int], Any]]:
    """A function that is told how many more tasks of a cluster are done."""
    if not is_wanted:
        yield lambda more: None
        return
    with _bar(total=count, initial=done, unit=" tasks") as bar:
        yield bar.update


@contextlib.contextmanager
def solving(is_wanted: bool, time_limit: float, work_limit: int,
            on_progress: Callable[[Any], Any] | None) -> Iterator[Callable[[Any], Any] | None]:
    """`on_progress` of a solve, which is told a Progress, or of a siting, with a bar along the time that it may take,
    or the work; without either it counts steps."""
    if not is_wanted:
        yield on_progress
        return
    along = {"total": time_limit, "unit": "s"} if time_limit else {"total": work_limit or None, "unit": " steps"}
    with _bar(unit_scale=True, **along) as bar:
        def tell(progress: Any) -> Any:
            done = min(progress.elapsed_ms / 1000, time_limit) if time_limit else progress.work
            bar.set_description(progress.phase, refresh=False)
            if getattr(progress, "unmet_need", None) is not None:
                bar.set_postfix(unmet_need=progress.unmet_need, bound=progress.unmet_need_bound, refresh=False)
            bar.update(max(0, done - bar.n))
            return on_progress(progress) if on_progress else None
        yield tell
