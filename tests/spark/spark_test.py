"""A Spark build is the single process's, whatever the log's format, and whoever dies on the way; bad input is told."""

import csv
import fcntl
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.parse
from datetime import datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet

PROGRAM = os.environ["KINDRED_INDEX"]
SCRIPT = Path(__file__).resolve().parents[2] / "index" / "spark" / "kindred_build.py"
ROWS = 20_000


def checksum(text: str) -> str:
    return re.search("checksum ([0-9a-f]{32})", text).group(1)


class Cluster:
    """A master and two workers on loopback, each worker in a process group of its own, with its executors."""

    def __init__(self, folder: str):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.processes = f"spark://127.0.0.1:{port}", []
        self.log = open(os.path.join(folder, "cluster.log"), "w")
        self.start("master.Master", "--port", str(port))
        self.workers = [self.start("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir",
                                   os.path.join(folder, f"work-{i}"), self.url) for i in range(2)]

    def start(self, name: str, *arguments: str) -> subprocess.Popen:
        home = subprocess.check_output(["find_spark_home.py"], text=True).strip()
        command = [f"{home}/bin/spark-class", f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", "--webui-port",
                   "0", *arguments]
        self.processes.append(subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True))
        return self.processes[-1]

    def kill(self, process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
        self.log.close()


class SparkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix="kindred-spark-test-")
        cls.log = cls.file("log.tsv")
        with open(cls.log, "w") as log:
            subprocess.run([PROGRAM, "sample", "--rows", str(ROWS), "--seed", "1"], stdout=log, check=True)
        with open(cls.log, newline="") as log:
            cls.rows = list(csv.DictReader(log, delimiter="\t", quoting=csv.QUOTE_NONE))
        cls.wanted = checksum(cls.build_at_once(cls.log, "at-once"))

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    @classmethod
    def file(cls, name: str) -> str:
        return os.path.join(cls.temp.name, name)

    @classmethod
    def build_at_once(cls, log: str, index: str) -> str:
        return subprocess.run([PROGRAM, "build", "--input", log, "--index", cls.file(index), "--measure=false",
                               "--weights=default"], check=True, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout

    def start(self, *arguments: str, index: str = "", master: str = "local[2]",
              own_group: bool = False) -> subprocess.Popen:
        """What is told and what is wrong come as one, as spark-submit passes them on."""
        command = ["spark-submit", "--master", master, "--conf", "spark.ui.enabled=false", "--conf",
                   "spark.driver.host=127.0.0.1", "--conf", "spark.executor.memory=512m",
                   # On a cluster, no stage begins before both workers have their executor, however slow the machine.
                   "--conf", "spark.cores.max=2", "--conf", "spark.scheduler.minRegisteredResourcesRatio=1",
                   "--conf", "spark.scheduler.maxRegisteredResourcesWaitingTime=1h", str(SCRIPT),
                   "--kindred_index", PROGRAM, "--output", index or self.file("index-" + self.id().split(".")[-1]),
                   *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                start_new_session=own_group)

    def build(self, *arguments: str, **options: str) -> tuple[int, str]:
        process = self.start(*arguments, **options)
        told, _ = process.communicate()
        return process.returncode, told

    def expect_the_same(self, *arguments: str) -> str:
        status, told = self.build(*arguments)
        self.assertEqual(status, 0, told)
        self.assertEqual(checksum(told), self.wanted)
        for stage in "read", "dictionary", "users", "count", "mined", "rank":
            self.assertRegex(told, rf"{stage} +[0-9]+ processes, +[0-9.]+ s of processor time")
        return told

    def test_tsv_in_many_parts(self):
        self.expect_the_same("--input", self.log, "--split_bytes", "150000", "--groups", "5", "--parts", "7",
                             "--rank_parts", "3")

    def test_a_folder_of_files(self):
        os.mkdir(self.file("days"))
        header, *lines = Path(self.log).read_text().splitlines(keepends=True)
        # As many names as no command line holds.
        for part in range(600):
            Path(self.file(f"days/{part:0240}.tsv")).write_text(header + "".join(lines[part::600]))
        self.expect_the_same("--input", self.file("days"))

    def test_ndjson_by_url_and_compressed(self):
        os.mkdir(self.file("ndjson"))
        for part, name in enumerate(["a,b.ndjson.gz", "a_b.ndjson.gz"]):
            with gzip.open(self.file(f"ndjson/{name}"), "wt") as log:
                for row in self.rows[part::2]:
                    log.write(json.dumps({name: value for name, value in row.items() if value}) + "\n")
        self.expect_the_same("--format", "ndjson", "--input", f"file://{self.file('ndjson')}")

    def table(self, rows: list[dict[str, str]], kind: pyarrow.DataType | None = None) -> pyarrow.Table:
        texts = {name: pyarrow.array([row[name] or None for row in rows], kind) for name in self.rows[0]}
        return pyarrow.table({**texts, "of no use": pyarrow.array([[1]] * len(rows))})

    @staticmethod
    def with_times(table: pyarrow.Table, kind: pyarrow.DataType) -> pyarrow.Table:
        times = [datetime.fromisoformat(time.as_py()) for time in table["time"]]
        if pyarrow.types.is_floating(kind):
            times = [time.timestamp() for time in times]
        return table.set_column(table.column_names.index("time"), "time", pyarrow.array(times, kind))

    def write_parquet(self, name: str, table: pyarrow.Table) -> None:
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        pyarrow.parquet.write_table(table, self.file(name), row_group_size=4_000)

    def test_parquet(self):
        """Files of one log differ in columns, their order and their types, and are cut."""
        of_japan, of_taiwan = ([row for row in self.rows if row["market"] == market] for market in ("jp", "tw"))
        searches = self.table([row for row in of_japan if not row["item"]])
        clicks = self.table([row for row in of_japan if row["item"]])
        japan, taiwan = "user_id=nobody/parquet/market=jp", "user_id=nobody/parquet/market=tw"
        self.write_parquet(f"{japan}/0.parquet", self.with_times(searches, pyarrow.float64()).drop(["item", "market"]))
        clicks = clicks.select(sorted(clicks.column_names)).drop("market")
        self.write_parquet(f"{japan}/1.parquet", self.with_times(clicks, pyarrow.timestamp("ns", tz="UTC")))
        self.write_parquet(f"{taiwan}/0.parquet", clicks.slice(0, 0))
        table = self.table(of_taiwan).drop("market")
        table = table.set_column(table.column_names.index("item"), "item", table["item"].dictionary_encode())
        self.write_parquet(f"{taiwan}/1.parquet", self.with_times(table, pyarrow.timestamp("ms", tz="Asia/Taipei")))
        told = self.expect_the_same("--format", "parquet", "--input", self.file("user_id=nobody/parquet"), "--split_bytes", "100000")
        self.assertGreater(int(re.search("read +([0-9]+) processes", told).group(1)), 2)

    def test_parquet_by_url_and_flags_of_a_file(self):
        text = pyarrow.string()
        searches = self.table([row for row in self.rows if not row["item"]], text).drop("item")
        clicks = self.table([row for row in self.rows if row["item"]], text)
        self.write_parquet("by-url/0.parquet", self.with_times(searches, pyarrow.timestamp("ms", tz="UTC")))
        self.write_parquet("by-url/1.parquet", self.with_times(clicks, pyarrow.timestamp("ms", tz="UTC")))
        Path(self.file("flags")).write_text("--max_bad_rows=0\n")
        self.expect_the_same("--format", "parquet", "--input", "file://" + self.file("by-url"),
                             "--flagfile=" + os.path.relpath(self.file("flags")))

    def test_parquet_by_url_in_folders_of_percent_encoded_names(self):
        rows = [{**row, "market": {"tw": "台灣"}.get(row["market"], row["market"])} for row in self.rows]
        with open(self.file("taiwan.tsv"), "w") as log:
            writer = csv.DictWriter(log, rows[0], delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
            writer.writeheader()
            writer.writerows(rows)
        self.wanted = checksum(self.build_at_once(self.file("taiwan.tsv"), "taiwan"))
        for market in {row["market"] for row in rows}:
            table = self.table([row for row in rows if row["market"] == market], pyarrow.string()).drop("market")
            self.write_parquet(f"encoded/market={urllib.parse.quote(market)}/0.parquet", table)
        self.expect_the_same("--format", "parquet", "--input", "file://" + self.file("encoded"))

    def test_a_parquet_file_with_two_columns_of_one_name_is_named(self):
        table = self.table(self.rows[:100])
        pyarrow.parquet.write_table(table.append_column("query", table["query"]), self.file("twice.parquet"))
        status, told = self.build("--input", self.file("twice.parquet"))
        self.assertEqual(status, 1, told)
        self.assertIn(f"\nkindred_build: {self.file('twice.parquet')}: column query, query, is there more than once\n",
                      told)

    def test_a_damaged_parquet_file_is_named(self):
        self.write_parquet("whole.parquet", self.table(self.rows[:3_000]))
        damaged = bytearray(Path(self.file("whole.parquet")).read_bytes())
        damaged[100:2_000] = b"x" * 1_900
        Path(self.file("damaged.parquet")).write_bytes(damaged)
        status, told = self.build("--input", f"{self.file('whole.parquet')},{self.file('damaged.parquet')}")
        self.assertEqual(status, 1, told)
        _, cause = told.split("\nkindred_build: ")
        self.assertTrue(cause.startswith(self.file("damaged.parquet") + ": "), told)
        self.assertNotIn("kindred-index: ", cause)

    def test_parquet_by_its_name_and_what_a_killed_driver_left(self):
        table = self.table(self.rows)
        bad = table.slice(0, 1).set_column(table.column_names.index("time"), "time", [["never"]])
        pyarrow.parquet.write_table(pyarrow.concat_tables([table, bad]), self.file("log.parquet"))
        index, shared = self.file("killed"), self.file("shared")
        os.mkdir(shared)
        process = self.start("--input", self.file("log.parquet"), "--shared_dir", os.path.relpath(shared), index=index,
                             own_group=True)
        with process.stdout:
            for line in process.stdout:
                if re.match("read +[0-9.]+ s", line):
                    os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        left = os.listdir(shared)
        self.assertEqual(len(left), 1)
        status, told = self.build("--input", self.file("log.parquet"), "--shared_dir", shared, index=index)
        self.assertEqual(status, 0, told)
        self.assertEqual(checksum(told), self.wanted)
        self.assertRegex(told, rf"bad: 1 row, time, first at .*/log.parquet:{ROWS + 2} \"never\"")
        self.assertEqual(os.listdir(shared), [])

    def test_a_worker_killed_in_the_middle(self):
        cluster = Cluster(self.temp.name)
        self.addCleanup(cluster.stop)
        process = self.start("--input", self.log, "--split_bytes", "300000", "--groups", "6", "--parts", "4", "--cores",
                             "2", master=cluster.url)
        told = ""
        with process.stdout:
            for line in process.stdout:
                told += line
                if re.match("read +[0-9.]+ s", line):  # What it read is lost with it.
                    cluster.kill(cluster.workers[0])
        self.assertEqual(process.wait(), 0, told)
        self.assertIn("Lost executor", told)
        self.assertEqual(checksum(told), self.wanted)

    def test_a_part_that_fails_is_told_and_the_last_version_stays(self):
        self.build_at_once(self.log, "kept")
        before = Path(self.file("kept/ACTIVE")).read_text()
        with open(self.file("cut.tsv.gz"), "wb") as cut:
            cut.write(gzip.compress(Path(self.log).read_bytes())[:-20_000])
        status, told = self.build("--input", f"{self.log},{self.file('cut.tsv.gz')}", index=self.file("kept"))
        self.assertEqual(status, 1, told)
        self.assertRegex(told, r"kindred_build: stage read: .*cut.tsv.gz: .*truncated")
        self.assertEqual(Path(self.file("kept/ACTIVE")).read_text(), before)
        self.assertEqual([name for name in os.listdir(self.file("kept")) if name.startswith(".building")], [])

    def test_a_second_build_ends_at_once(self):
        os.mkdir(self.file("locked"))
        with open(self.file("locked/.LOCK"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            status, told = self.build("--input", self.log, index=self.file("locked"))
        self.assertEqual(status, 1)
        self.assertIn("another process", told)

    def test_bad_usage_is_told_before_spark_starts(self):
        status, told = self.build("--input", self.log, "--session_gap=never")
        self.assertEqual(status, 2)
        self.assertIn("session_gap", told)


if __name__ == "__main__":
    unittest.main()
