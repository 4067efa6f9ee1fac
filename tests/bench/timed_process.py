"""Runs a program as a whole process and says what it took."""

import dataclasses
import os
import re
import subprocess
import tempfile
import threading
import time

MIB = 2**20
STAGE = re.compile(r"^(\w+) +(\d+\.\d+) s\b")  # What kindred-index logs at the end of each stage.


@dataclasses.dataclass
class Run:
    job: str
    rows: int
    exit_status: int
    seconds: float  # Of wall time, start and end of the process included.
    cpu_seconds: float  # User and system, of all its threads.
    peak_bytes: int
    stages: dict  # Name to seconds, in order.
    errors: str  # The end of what it logged.


def run_timed(job, rows, command):
    """One run under /usr/bin/time. What an earlier run wrote is on disk before it begins."""
    os.sync()
    with tempfile.NamedTemporaryFile("r") as report:
        done = subprocess.run(
            ["/usr/bin/time", "-v", "-o", report.name, *map(str, command)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )
        said = dict(re.findall(r"^\s*(.+?): (\S+)$", report.read(), re.MULTILINE))
    seconds = 0.0
    for part in said["Elapsed (wall clock) time (h:mm:ss or m:ss)"].split(":"):
        seconds = seconds * 60 + float(part)
    return Run(
        job=job,
        rows=rows,
        exit_status=done.returncode,
        seconds=seconds,
        cpu_seconds=float(said["User time (seconds)"]) + float(said["System time (seconds)"]),
        peak_bytes=int(said["Maximum resident set size (kbytes)"]) * 1024,
        stages={m[1]: float(m[2]) for line in done.stderr.splitlines() if (m := STAGE.match(line))},
        errors=done.stderr[-2000:],
    )


def resident_bytes(pid):
    """Memory of the process itself, and what of files is mapped into it; zeros when it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            said = dict(re.findall(r"^(Rss\w+):\s+(\d+) kB", status.read(), re.MULTILINE))
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    return int(said.get("RssAnon", 0)) * 1024, int(said.get("RssFile", 0)) * 1024


def memory_by_stage(command):
    """Of each stage of kindred-index: its peak of own memory and of mapped files, looked at every 5 ms. Not timed."""
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    ended = []  # (time, name of the stage)

    def listen():
        for line in process.stderr:
            if found := STAGE.match(line):
                ended.append((time.monotonic(), found[1]))

    listener = threading.Thread(target=listen)
    listener.start()
    seen = []
    while process.poll() is None:
        seen.append((time.monotonic(), *resident_bytes(process.pid)))
        time.sleep(0.005)
    listener.join()
    stages, begin = {}, 0.0
    for end, name in ended:
        within = [sample for sample in seen if begin <= sample[0] <= end] or [(end, 0, 0)]
        stages[name] = {"own_bytes": max(s[1] for s in within), "mapped_bytes": max(s[2] for s in within)}
        begin = end
    return stages
