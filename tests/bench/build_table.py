"""What the runs of build_bench say: the table of targets, and where time and memory go."""

import dataclasses
import statistics
from typing import Optional

from timed_process import MIB

BUDGET_MIB = 512
TAIL = "long tail, "


@dataclasses.dataclass
class Work:
    """One line of the table: a job, what it is compared with, and what it should reach."""

    name: str
    job: str
    rows: int
    against: Optional[tuple] = None  # (job, rows)
    faster: Optional[float] = None  # At least so many times as fast.
    smaller: Optional[float] = None  # At most the other's memory, divided by this.
    time_ratio: Optional[float] = None  # At most so many times the other's time.
    memory_ratio: Optional[float] = None
    peak_mib: Optional[float] = None


def short(rows):
    return f"{rows / 1e6:g}M" if rows >= 1e6 else f"{rows:,}"


def works(sizes):
    """The lines for logs of these sizes, the smallest first; what was not run is left out later."""
    lines = []
    for rows in sizes:
        times = 10 if rows >= 50_000_000 else 8
        duckdb, size = ("duckdb", rows), f"{short(rows)} rows"
        lines += [
            Work(f"DuckDB: the counts of `mine`, {size}", *duckdb),
            Work(f"`mine`, {size}, beside DuckDB", "mine", rows, duckdb, faster=times, smaller=times),
            Work(f"`mine`, {size}, two threads beside one", "mine, two threads", rows, ("mine", rows), faster=1.7),
            Work(f"`build`, {size}, beside DuckDB's counts", "build", rows, duckdb,
                 time_ratio=0.8, memory_ratio=1 / 3),
            Work(f"`mine`, {size} with a long tail, beside the plain log", TAIL + "mine", rows, ("mine", rows),
                 time_ratio=1.6),
            Work(f"`build`, {size} with a long tail, beside the plain log", TAIL + "build", rows, ("build", rows),
                 time_ratio=1.6),
            Work(f"`build`, {size}, in {BUDGET_MIB} MiB beside no such budget", "build, budget", rows, ("build", rows),
                 time_ratio=1.5, peak_mib=1.1 * BUDGET_MIB),
        ]
    for small, large in zip(sizes, sizes[1:]):
        if large < 10_000_000:  # There the start of the process counts.
            continue
        grown = large / small
        limit = grown * (1.05 if grown >= 10 else 1.1)
        lines += [
            Work(f"`{job}`, {short(large)} rows beside {short(small)}", job, large, (job, small), time_ratio=limit)
            for job in ("mine", "build")
        ]
    return lines


class Results:
    """Medians of runs, by job and rows."""

    def __init__(self, runs):
        self.runs = runs
        self.sizes = sorted({run.rows for run in runs})

    def of(self, job, rows):
        return [run for run in self.runs if (run.job, run.rows) == (job, rows)]

    def median(self, job, rows, field):
        return statistics.median(getattr(run, field) for run in self.of(job, rows))

    def seconds(self, job, rows):
        return self.median(job, rows, "seconds")

    def peak_mib(self, job, rows):
        return self.median(job, rows, "peak_bytes") / MIB

    def middle_run(self, job, rows):
        """The run whose time is the median, or next to it."""
        return sorted(self.of(job, rows), key=lambda run: run.seconds)[(len(self.of(job, rows)) - 1) // 2]

    def line(self, work):
        if any(run.exit_status for run in self.of(work.job, work.rows)):
            return [work.name, "failed", "", "", "", "", "no"]
        seconds, peak = self.seconds(work.job, work.rows), self.peak_mib(work.job, work.rows)
        ratio, target, met = [], [], []
        if work.against:
            time_ratio = seconds / self.seconds(*work.against)
            memory_ratio = peak / self.peak_mib(*work.against)
            for wanted, text, limit, holds in (
                (work.faster, f"{1 / time_ratio:.2f} times as fast", "{:g} times", lambda t: 1 / time_ratio >= t),
                (work.smaller, f"1/{1 / memory_ratio:.1f} of the memory", "1/{:g}", lambda t: 1 / memory_ratio >= t),
                (work.time_ratio, f"{time_ratio:.2f} of the time", "{:.3g}", lambda t: time_ratio <= t),
                (work.memory_ratio, f"{memory_ratio:.2f} of the memory", "{:.2f}", lambda t: memory_ratio <= t),
                (work.peak_mib, f"{peak:.0f} MiB", "{:.0f} MiB", lambda t: peak <= t),
            ):
                if wanted is not None:
                    ratio.append(text)
                    target.append(limit.format(wanted))
                    met.append("yes" if holds(wanted) else "no")
        cpu = self.median(work.job, work.rows, "cpu_seconds")
        return [work.name, f"{seconds:.2f}", f"{cpu:.2f}", f"{peak:.0f}", *map(", ".join, (ratio, target, met))]

    def table(self):
        head = ["work", "seconds", "CPU seconds", "peak MiB", "ratio", "target", "met"]
        return markdown(head, [self.line(work) for work in works(self.sizes)
                               if self.of(work.job, work.rows) and (not work.against or self.of(*work.against))])

    def stages(self, job, rows, memory, floors):
        """Seconds of each stage of a job and its memory, beside what the machine needs for reading and writing."""
        run = self.middle_run(job, rows)
        lines = []
        for name, seconds in run.stages.items():
            own, mapped = (memory.get(name, {}).get(key, 0) / MIB for key in ("own_bytes", "mapped_bytes"))
            lines.append([name, f"{seconds:.2f}", f"{seconds / run.seconds:.0%}", f"{own:.0f}", f"{mapped:.0f}"])
        rest = run.seconds - sum(run.stages.values())
        lines.append(["start and end", f"{rest:.2f}", f"{rest / run.seconds:.0%}", "", ""])
        lines += [[f"floor: {name}", f"{seconds:.2f}", f"{seconds / run.seconds:.1%}", "", ""]
                  for name, seconds in floors.items() if job == "build" or "index" not in name]
        return markdown(["stage", "seconds", "share", "own memory, MiB", "mapped files, MiB"], lines)

    def lines_by_rows(self, value):
        """For the chart: of each of three jobs, its (rows, value)."""
        names = {"duckdb": "DuckDB, counts", "mine": "mine, the same counts", "build": "build, the whole index"}
        return {
            f"{name}, one thread": [(rows, value(job, rows)) for rows in self.sizes if self.of(job, rows)]
            for job, name in names.items()
            if any(self.of(job, rows) for rows in self.sizes)
        }


def markdown(head, lines):
    widths = [max(map(len, column)) for column in zip(head, *lines)]
    rows = [head, ["-" * width for width in widths], *lines]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows)
