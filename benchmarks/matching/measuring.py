"""Measuring: CPU time in interleaved rounds, so that a busy machine slows all alike; medians of the rounds."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np

Clock = Callable[[], float]


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of this process that some work took, all threads together."""
    started = time.process_time()
    work()
    return time.process_time() - started


def interleaved(works: Mapping[str, tuple[Callable[[], Any], int]], rounds: int = 5) -> dict[str, float]:
    """Median CPU seconds for one of the `count` things that each work does; one unmeasured round first."""
    for work, _ in works.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, count) in works.items():
            taken[name].append(cpu(work) / count)
    return {name: median(values) for name, values in taken.items()}


def read_bandwidth(size: int = 1 << 28) -> float:
    """Bytes a second that one core reads from memory, the best of ten passes over 256 MB."""
    values = np.ones(size // 8, np.int64)
    return size / min(cpu(lambda: int(np.bitwise_or.reduce(values))) for _ in range(10))
