"""How long a piece of work takes, how many queries it asks and how much memory it needs at most.

Times are taken without any counting; the queries are counted and the memory is read in a run of their own.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import django
from django.db import connection

Work = Callable[[], Any]
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
HEADS = ["what", "runs", "median ms", "p95 ms", "SQL", "peak MB", "CPU ms", "size"]


@dataclass(frozen=True)
class Figure:
    what: str
    runs: int
    median_ms: float
    p95_ms: float
    sql: int
    peak_mb: float
    size: str = ""
    # What this process itself worked, the median too: whatever else the machine does hardly shows in it.
    cpu_ms: float = 0


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def count(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield asked


def forget_peak() -> None:
    """Let Linux count the peak anew; elsewhere the peak is that of the whole process."""
    if CLEAR.exists():
        CLEAR.write_text("5")


def peak_mb() -> float:
    """The most memory this process had since `forget_peak`."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def measure(what: str, work: Work, *, runs: int = 20, warm_up: int = 2, size: str = "") -> Figure:
    """For work that may be repeated; for what happens once, such as an import, ask `measure_once`."""
    for _ in range(warm_up):
        work()
    times, worked = zip(*(timed_twice(work) for _ in range(runs)), strict=True)
    return replace(figure(what, list(times), work, size), cpu_ms=round(statistics.median(worked), 1))


def measure_once(what: str, work: Work, *, size: str = "") -> Figure:
    forget_peak()
    with counted() as asked:
        spent = timed(work)
    return Figure(what, 1, round(spent, 1), round(spent, 1), len(asked), round(peak_mb(), 1), size)


def timed(work: Work) -> float:
    return timed_twice(work)[0]


def timed_twice(work: Work) -> tuple[float, float]:
    """By the clock, and as processor time of this process alone."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def figure(what: str, times: list[float], work: Work, size: str) -> Figure:
    forget_peak()
    with counted() as asked:
        work()
    median = statistics.median(times)
    return Figure(
        what, len(times), round(median, 1), round(p95(times), 1), len(asked), round(peak_mb(), 1), size
    )


def as_json(figures: list[Figure]) -> str:
    ground = {
        "database": connection.vendor,
        "python": platform.python_version(),
        "django": django.get_version(),
        "machine": platform.machine(),
    }
    return json.dumps(
        {**ground, "figures": [asdict(figure) for figure in figures]}, ensure_ascii=False, indent=2
    )


def as_table(figures: list[Figure]) -> str:
    rows = [HEADS] + [
        [
            f.what,
            str(f.runs),
            f"{f.median_ms:,.1f}",
            f"{f.p95_ms:,.1f}",
            str(f.sql),
            f"{f.peak_mb:,.0f}",
            f"{f.cpu_ms:,.1f}" if f.cpu_ms else "",
            f.size,
        ]
        for f in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in {0, 7} else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
