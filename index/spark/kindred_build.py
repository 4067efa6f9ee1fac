"""Builds an index of related keywords on a Spark cluster: the same index as `kindred-index build`.

    spark-submit index/spark/kindred_build.py --input LOG[,...] --output DIR [flags of kindred-index build]

Spark cuts the log, moves blocks between stages, and runs again what failed; `kindred-index stage` does the work, one
process a task (kindred-index stage --help tells its flags). No row becomes a Python object. No weights are learned, and
nothing is measured. docs/scale.md tells how to size a cluster.
"""

import argparse
import concurrent.futures
import glob
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from typing import Iterable, Iterator, NamedTuple

try:
    from pyspark import Accumulator, AccumulatorParam, SparkContext, SparkFiles, TaskContext
    from pyspark.sql import DataFrame, SparkSession, types
except ImportError:
    sys.exit("kindred_build: run it by spark-submit, or install PySpark: pip install pyspark")

PIECE_BYTES = 8 << 20  # Of a block that travels as one record.
SPLIT_BYTES = 128 << 20  # Of a log that a task reads, at most.
SHARE_BYTES = 256 << 20  # Of a log whose users a task visits, or whose keys it counts, about.
MOST_THREADS = 1024  # That kindred-index takes.
ERROR_MARK = "kindred-build-error: "

# A block's name, where the piece begins in it, and its bytes; or the path of the whole block, in a shared folder.
Piece = tuple[str, int, bytes | str]
Routed = tuple[int, Piece]  # With the number of the partition that it goes to.


class BuildError(Exception):
    """What went wrong, for the person who asked for the build."""


# What a process took: its stage, seconds of processor time, and the most MiB of memory that it held.
Use = tuple[str, float, int]


class Uses(AccumulatorParam):
    """Brings what the tasks' processes took to the driver, but for those of tasks that failed."""

    def zero(self, value: list[Use]) -> list[Use]:
        return []

    def addInPlace(self, value1: list[Use], value2: list[Use]) -> list[Use]:
        return value1 + value2


class Stages(NamedTuple):
    """Runs stages where the tasks are."""

    program: str
    flags: list[str]
    temp_dir: str
    shared_dir: str  # That all machines see; empty: there is none, and blocks travel through Spark.
    uses: Accumulator[list[Use]]

    def run_of(self, inputs: list[str], stage: str, *flags: str, folder: str = "") -> str:
        """Of a part of the log, whose files may be named from a folder. There may be more than a command line holds."""
        with tempfile.NamedTemporaryFile("w", prefix="kindred-inputs-", dir=self.temp_dir or None) as named:
            named.write(f"--input={','.join(inputs)}\n")
            named.flush()
            return self.run(stage, "--flagfile", named.name, *flags, folder=folder)

    def run(self, stage: str, *flags: str, stdin: str = "", folder: str = "") -> str:
        program = self.program
        if not os.path.exists(program):  # Sent along by spark-submit --files.
            program = SparkFiles.get(os.path.basename(program))
        try:
            done = subprocess.run([program, "stage", stage, *self.flags, *flags], input=stdin, text=True,
                                  capture_output=True, check=False, cwd=folder or None)
        except OSError as error:
            raise BuildError(f"{ERROR_MARK}cannot run {self.program}: {error.strerror}; it must be on every machine") \
                from None
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.startswith("kindred-index:")]
            how = f"ended by {signal.Signals(-done.returncode).name}" if done.returncode < 0 else \
                f"exit status {done.returncode}"
            what = lines[-1].removeprefix("kindred-index:").strip() if lines else how
            raise BuildError(f"{ERROR_MARK}stage {stage}: {what}")
        if used := re.search(r"^stage .*: (.*) s of processor time, (.*) MiB at most$", done.stderr, re.MULTILINE):
            self.uses.add([(stage, float(used[1]), int(used[2]))])
        return done.stdout

    def scratch(self) -> tempfile.TemporaryDirectory:
        """A folder of the task, gone with it."""
        local = os.environ.get("SPARK_LOCAL_DIRS", tempfile.gettempdir()).split(",")[0]
        return tempfile.TemporaryDirectory(prefix="kindred-", dir=self.temp_dir or local)


def pieces(stages: Stages, folder: str, name: str, sent_as: str) -> Iterator[Piece]:
    if stages.shared_dir:  # Under a name of its own, since a task may run twice.
        path = os.path.join(tempfile.mkdtemp(dir=stages.shared_dir), name)
        shutil.move(os.path.join(folder, name), path)
        yield sent_as, 0, path
        return
    with open(os.path.join(folder, name), "rb") as block:
        while piece := block.read(PIECE_BYTES):
            yield sent_as, block.tell() - len(piece), piece


def put(folder: str, piece: Piece) -> None:
    name, begin, content = piece
    if isinstance(content, str):
        os.symlink(content, os.path.join(folder, name))
        return
    with open(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o644), "wb") as block:
        block.seek(begin)
        block.write(content)


def put_all(folder: str, arrived: Iterable[Routed]) -> None:
    for _, piece in arrived:
        put(folder, piece)


# The tasks.


class Sizes(NamedTuple):
    """How many tasks each stage has."""

    splits: int
    groups: int
    parts: int
    dictionaries: int


def send_read(stages: Stages, folder: str, split: int, sizes: Sizes) -> Iterator[Routed]:
    """Groups of users go to the first partitions, dictionaries, in the log's order, to those behind them."""
    for piece in pieces(stages, folder, "dictionary", f"dictionary-{split:05}"):
        yield sizes.groups + split * sizes.dictionaries // sizes.splits, piece
    for group in range(sizes.groups):
        for piece in pieces(stages, folder, f"events-{group}", f"events-{split:05}"):
            yield group, piece


def read_files(stages: Stages, split: int, sizes: Sizes, paths: list[str], *flags: str,
               folder: str = "") -> Iterator[Routed]:
    with stages.scratch() as out:
        stages.run_of(paths, "read", "--groups", str(sizes.groups), "--blocks_out", out, *flags, folder=folder)
        yield from send_read(stages, out, split, sizes)


def merge_dictionaries(stages: Stages, index: int, arrived: Iterable[Routed]) -> Iterator[Piece]:
    with stages.scratch() as blocks, stages.scratch() as out:
        put_all(blocks, arrived)
        if os.listdir(blocks):
            stages.run("dictionary", "--nowhole", "--blocks", blocks, "--blocks_out", out)
            yield from pieces(stages, out, "dictionary", f"dictionary-{index:05}")


def visit_users(stages: Stages, group: int, arrived: Iterable[Routed], dictionary: str, parts: int) -> Iterator[Routed]:
    with stages.scratch() as blocks, stages.scratch() as out:
        put_all(blocks, arrived)
        stages.run("users", "--blocks", blocks, "--blocks_out", out, "--dictionary", SparkFiles.get(dictionary),
                   "--parts", str(parts))
        for part in range(parts):
            for piece in pieces(stages, out, f"records-{part}", f"records-{group:05}"):
                yield part, piece
        for piece in pieces(stages, out, "report", f"report-{group:05}"):
            yield parts, piece


def count_part(stages: Stages, part: int, arrived: Iterable[Routed]) -> Iterator[Routed]:
    with stages.scratch() as blocks, stages.scratch() as out:
        put_all(blocks, arrived)
        stages.run("count", "--blocks", blocks, "--blocks_out", out)
        for piece in pieces(stages, out, "counts", f"counts-{part:05}"):
            yield part, piece


def rank_part(stages: Stages, part: int, parts: int, dictionary: str, mined: str, *flags: str) -> Iterator[Routed]:
    with stages.scratch() as out:
        stages.run("rank", "--blocks_out", out, "--dictionary", SparkFiles.get(dictionary), "--mined",
                   SparkFiles.get(mined), "--part", str(part), "--parts", str(parts), *flags)
        for name in os.listdir(out):
            for piece in pieces(stages, out, name, name):
                yield part, piece


# Reading. Each gives an RDD of Routed.


def read_local(sc: SparkContext, stages: Stages, inputs: list[str], splits: list[list[str]], sizes: Sizes):
    tasks = [(i, [inputs[int(place)] for place in places], [] if byte_range == "all" else ["--byte_range", byte_range])
             for i, (byte_range, *places) in enumerate(splits)]
    return sc.parallelize(tasks, len(tasks)).flatMap(
        lambda task: read_files(stages, task[0], sizes, task[1], *task[2]))


def place_of(folder: str, name: str) -> str:
    """Where a task keeps what it reads, in its folder: by its name, which is told of its bad rows."""
    place = re.sub("^([a-z0-9]+:)?/*", "", re.sub("[%,\r\n]", lambda match: urllib.parse.quote(match[0]), name))
    os.makedirs(os.path.dirname(os.path.join(folder, place)), exist_ok=True)
    return place


def read_urls(sc: SparkContext, stages: Stages, inputs: list[str], sizes: Sizes):
    """Files that Spark fetches, each a task's."""

    def read(split: int, files: Iterable[tuple[str, bytes]]) -> Iterator[Routed]:
        with stages.scratch() as folder:
            places = []
            for url, content in files:
                places.append(place_of(folder, url))
                with open(os.path.join(folder, places[-1]), "wb") as file:
                    file.write(content)
            if places:
                yield from read_files(stages, split, sizes, places, folder=folder)

    return sc.binaryFiles(",".join(inputs)).mapPartitionsWithIndex(read)


def columns_by_role(stages: Stages, names: list[str]) -> dict[str, int]:
    """The places of the columns that the build uses."""
    told = stages.run("columns", stdin="\n".join(names) + "\n")
    return {role: int(place) for role, place in map(str.split, told.splitlines())}


def of_csv(stages: Stages, roles: Iterable[str]) -> Stages:
    """Reads what a table's columns were written as."""
    flags = [flag for flag in stages.flags if not re.match("--(format|columns)=", flag)]
    return stages._replace(flags=[*flags, "--format=csv", "--columns=" + ",".join(f"{role}={role}" for role in roles)])


def no_plain_value(role: str, name: str, kind: object) -> BuildError:
    return BuildError(f"column {name}, {role}, is {kind}, no plain value")


def write_csv(path: str, batches: Iterable["pyarrow.RecordBatch"]) -> bool:
    """False: there were no rows, and is no file."""
    import pyarrow.csv

    file = None
    for batch in batches:
        if batch.num_rows > 0:
            file = file or pyarrow.csv.CSVWriter(path, batch.schema)
            file.write_batch(batch)
    if file is not None:
        file.close()
    return file is not None


def folder_columns(path: str) -> dict[str, str | None]:
    """The columns that a file's folders name, market=tw/day=31/: as for Spark, the last that stand together."""
    columns = {}
    for folder in reversed(path.split("/")[:-1]):
        name, equals, value = map(urllib.parse.unquote, folder.partition("="))
        if name and equals:
            columns.setdefault(name, None if value == "__HIVE_DEFAULT_PARTITION__" else value)
        elif columns:
            break
    return columns


def column_of(schema: "pyarrow.Schema", of_folders: dict[str, str | None], role: str, name: str):
    """A column as text; without values where the file has none of this name."""
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    if schema.names.count(name) > 1 and name not in of_folders:
        raise BuildError(f"column {name}, {role}, is there more than once")
    kind = schema.field(name).type if name in schema.names and name not in of_folders else pyarrow.null()
    if pyarrow.types.is_null(kind):
        return pyarrow.dataset.scalar(pyarrow.scalar(of_folders.get(name), pyarrow.string()))
    if pyarrow.types.is_nested(kind):
        raise no_plain_value(role, name, kind)
    column = pyarrow.dataset.field(name)
    if pyarrow.types.is_timestamp(kind) or pyarrow.types.is_date(kind):
        # As text: of a number the reader has to guess the unit. Without its zone, UTC, which takes Arrow 30 times as long.
        column = column.cast(pyarrow.timestamp("ms"), safe=False)
    elif pyarrow.types.is_floating(kind) and role == "time":
        number = column.cast(pyarrow.decimal128(38, 3), safe=False)
        column = pyarrow.compute.if_else(pyarrow.compute.is_finite(column), number, None)
    return column.cast("string", safe=False)


def read_parquet(sc: SparkContext, stages: Stages, args: argparse.Namespace, paths: list[str], cores: int):
    """By Arrow, which is faster than Spark: that makes rows of a file's columns, and columns again."""
    try:
        import pyarrow
        import pyarrow.dataset
        import pyarrow.fs
    except ImportError:
        raise BuildError("Parquet needs pyarrow on every machine: pip install pyarrow==18.1.0") from None

    def open_file(path: str) -> pyarrow.dataset.Fragment:
        fragment = pyarrow.dataset.ParquetFileFormat().make_fragment(path, pyarrow.fs.LocalFileSystem())
        try:
            fragment.ensure_complete_metadata()
        except (OSError, pyarrow.ArrowException) as error:
            raise BuildError(f"{path}: {error}") from None
        return fragment

    with concurrent.futures.ThreadPoolExecutor() as threads:
        files = list(threads.map(open_file, paths))
    log_bytes = sum(os.path.getsize(file.path) for file in files)
    split_bytes = split_bytes_of(args, log_bytes, cores)
    splits, room, names = [], 0, {}
    for file in files:
        groups, of_folders = file.split_by_row_group(), folder_columns(file.path)
        names.update(dict.fromkeys([*file.physical_schema.names, *of_folders]))
        for i, group in enumerate(groups):
            if room <= 0:
                splits.append([])
                room = split_bytes
            name = f"{file.path}/row group {i}" if len(groups) > 1 else file.path
            splits[-1].append((name, group, of_folders))
            room -= os.path.getsize(file.path) / len(groups)
    if not splits:
        raise BuildError(f"{args.input}: no rows")
    names = list(names)
    columns = {role: names[place] for role, place in columns_by_role(stages, names).items()}
    sizes = sizes_of(args, log_bytes, len(splits), cores)

    def read(split: int, groups: list[tuple[str, pyarrow.dataset.Fragment, dict]]) -> Iterator[Routed]:
        with stages.scratch() as folder:
            places = []
            for name, group, of_folders in groups:
                place = place_of(folder, name)
                try:
                    wanted = {role: column_of(group.physical_schema, of_folders, role, column)
                              for role, column in columns.items()}
                    if write_csv(os.path.join(folder, place),
                                 group.scanner(columns=wanted, use_threads=False).to_batches()):
                        places.append(place)
                except (OSError, pyarrow.ArrowException, BuildError) as error:
                    raise BuildError(f"{ERROR_MARK}{name}: {error}") from None
            if places:
                yield from read_files(of_csv(stages, columns), split, sizes, places, folder=folder)

    return sc.parallelize(enumerate(splits), len(splits)).flatMap(lambda task: read(*task)), sizes


def misread_values(frame: DataFrame) -> dict[str, dict[str, str]]:
    """Of columns that folders name, what Spark makes of a value in percent-encoded UTF-8: a character of each byte."""
    misread = {}
    for folder in {os.path.dirname(urllib.parse.unquote(url)) for url in frame.inputFiles()}:
        for name, value in folder_columns(f"{folder}/").items():
            if value is not None and not value.isascii():
                misread.setdefault(name, {})[value.encode().decode("latin-1")] = value
    return misread


def read_frame(stages: Stages, frame: DataFrame, sizes: Sizes):
    """Rows of a table leave Spark in Arrow's columns, and become a file that the stage reads."""
    columns, misread, mended = [], misread_values(frame), {}
    for role, place in columns_by_role(stages, frame.columns).items():
        field = frame.schema[place]
        if isinstance(field.dataType, (types.ArrayType, types.MapType, types.StructType)):
            raise no_plain_value(role, field.name, field.dataType.simpleString())
        columns.append(frame[f"`{field.name}`"].alias(role))
        mended[role] = misread.get(field.name, {})
    rows = frame.select(*columns)
    for role, values in mended.items():
        rows = rows.replace(values, subset=[role]) if values else rows
    csv_stages = of_csv(stages, rows.columns)
    # Below a limit of bytes, Spark adds up all of a batch's after each row, which takes a quarter of its reading.
    frame.sparkSession.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(2**31 - 1))

    def as_text(batches):  # Spark takes longer for the text of times than for the rest of its reading.
        import pyarrow.dataset

        for batch in batches:
            wanted = {role: column_of(batch.schema, {}, role, role) for role in batch.schema.names}
            yield from pyarrow.dataset.dataset(batch).scanner(columns=wanted, use_threads=False).to_batches()

    def read(batches):
        import pyarrow

        split = TaskContext.get().partitionId()
        place = f"partition-{split:05}.csv"
        with stages.scratch() as folder:
            if not write_csv(os.path.join(folder, place), as_text(batches)):
                return
            for to, (name, begin, content) in read_files(csv_stages, split, sizes, [place], folder=folder):
                is_path = isinstance(content, str)
                yield pyarrow.RecordBatch.from_arrays(
                    [pyarrow.array([to], pyarrow.int32()), pyarrow.array([name]),
                     pyarrow.array([begin], pyarrow.int64()),
                     pyarrow.array([None if is_path else content], pyarrow.binary()),
                     pyarrow.array([content if is_path else None], pyarrow.string())],
                    ["to", "name", "begin", "content", "path"])

    blocks = rows.mapInArrow(read, "to int, name string, begin long, content binary, path string")
    return blocks.rdd.map(lambda row: (row.to, (row.name, row.begin, row.path or bytes(row.content))))


# The driver.


class Clock:
    def __init__(self):
        self.start = self.last = time.monotonic()

    def tell(self, stage: str, summary: str = "") -> None:
        now = time.monotonic()
        print(f"{stage:<12}{now - self.last:7.2f} s  {summary}", file=sys.stderr, flush=True)
        self.last = now


def tell_uses(uses: list[Use]) -> None:
    for stage in dict.fromkeys(stage for stage, _, _ in uses):
        seconds, mib = zip(*(use[1:] for use in uses if use[0] == stage))
        print(f"  {stage:<12}{len(seconds):4} processes, {sum(seconds):8.2f} s of processor time in all, "
              f"{max(seconds):7.2f} s and {max(mib):6} MiB at most", file=sys.stderr, flush=True)


class Publisher:
    """Holds the index's lock from beginning to end, so that a second build ends at once."""

    def __init__(self, program: str, flags: list[str], output: str):
        self.process = subprocess.Popen([program, "stage", "publish", *flags, "--index", output],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.folder = self.process.stdout.readline().rstrip("\n")
        if not self.folder:
            sys.exit(self.process.wait())  # It has told why.

    def publish(self, parts: int) -> int:
        told, _ = self.process.communicate(f"publish {parts}\n")
        print(told, end="")
        return self.process.returncode

    def give_up(self) -> None:
        """Nothing, where it has published."""
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait()


def round_up(tasks: float, cores: int) -> int:
    return max(1, -(-int(tasks + 1) // cores)) * cores


def sizes_of(args: argparse.Namespace, log_bytes: int, splits: int, cores: int) -> Sizes:
    share = round_up(log_bytes / SHARE_BYTES, cores)
    return Sizes(splits=splits, groups=args.groups or share, parts=args.parts or share,
                 dictionaries=1 + int(splits**0.5 / 2))


def list_files(stages: Stages) -> list[str]:
    return [os.path.abspath(path) for path in stages.run("files").split("\n")[:-1]]


def is_parquet(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def split_bytes_of(args: argparse.Namespace, log_bytes: int, cores: int) -> int:
    return args.split_bytes or -(-log_bytes // round_up(log_bytes / SPLIT_BYTES, cores)) or 1


def read_log(spark: SparkSession, stages: Stages, args: argparse.Namespace):
    """The RDD of what was read, and the sizes of what follows."""
    sc, inputs, cores = spark.sparkContext, args.input.split(","), args.cores or spark.sparkContext.defaultParallelism
    is_url = ["://" in path for path in inputs]
    if any(is_url):
        if not all(is_url) or args.format not in ("parquet", "tsv", "csv", "ndjson"):
            raise BuildError("--input with URLs needs URLs only, and --format parquet, tsv, csv or ndjson")
        frame = spark.read.parquet(*inputs, mergeSchema=True) if args.format == "parquet" else None
        splits = (sc.binaryFiles(args.input) if frame is None else frame.rdd).getNumPartitions()
        sizes = sizes_of(args, splits * SPLIT_BYTES, splits, cores)
        return (read_urls(sc, stages, inputs, sizes) if frame is None else read_frame(stages, frame, sizes)), sizes
    inputs = list_files(stages)
    if args.format == "parquet" or (args.format == "auto" and inputs and is_parquet(inputs[0])):
        return read_parquet(sc, stages, args, inputs, cores)
    log_bytes = sum(os.path.getsize(path) for path in inputs if os.path.exists(path))
    told = stages.run_of(inputs, "plan", "--split_bytes", str(split_bytes_of(args, log_bytes, cores)))
    splits = [line.split() for line in told.splitlines()]
    sizes = sizes_of(args, log_bytes, len(splits), cores)
    return read_local(sc, stages, inputs, splits, sizes), sizes


def is_local(sc: SparkContext) -> bool:
    """All tasks are on one machine."""
    return sc.master.startswith("local") and not sc.master.startswith("local-")


def share_file(sc: SparkContext, folder: str, name: str) -> str:
    """Sends a file to all executors, under a name of its own."""
    shared = f"{name}-{os.getpid()}-{time.time_ns()}"
    os.link(os.path.join(folder, name), os.path.join(folder, shared))
    sc.addFile(os.path.join(folder, shared))
    return shared


def fetch(rdd, folder: str) -> None:
    """Brings blocks to the driver, a partition at a time."""
    for _, (name, begin, content) in rdd.toLocalIterator():
        if isinstance(content, str):
            shutil.move(content, os.path.join(folder, name))
        else:
            put(folder, (name, begin, content))


def build(spark: SparkSession, stages: Stages, args: argparse.Namespace, folder: str) -> int:
    """Leaves what publish needs in the folder; the number of ranked parts."""
    sc, clock = spark.sparkContext, Clock()
    here = stages._replace(temp_dir=folder)  # On the driver.
    reads, sizes = read_log(spark, stages, args)
    _, groups, parts, dictionaries = sizes
    blocks = reads.partitionBy(groups + dictionaries, lambda to: to)
    merged = sc.runJob(blocks.mapPartitionsWithIndex(lambda i, arrived: merge_dictionaries(stages, i, arrived)),
                       list, partitions=list(range(groups, groups + dictionaries)))
    if not merged:
        raise BuildError(f"{args.input}: no rows")
    with here.scratch() as some:
        for piece in merged:
            put(some, piece)
        here.run("dictionary", "--whole", "--blocks", some, "--blocks_out", folder)
    dictionary = share_file(sc, folder, "dictionary")
    clock.tell("read", f"dictionary of {os.path.getsize(os.path.join(folder, 'dictionary')) >> 20} MiB")

    def users(group: int, arrived: Iterable[Routed]) -> Iterator[Routed]:
        return visit_users(stages, group, arrived, dictionary, parts) if group < groups else iter(())

    def count(part: int, arrived: Iterable[Routed]) -> Iterator[Routed]:
        return count_part(stages, part, arrived) if part < parts else iter(arrived)

    records = blocks.mapPartitionsWithIndex(users).partitionBy(parts + 1, lambda to: to)
    counts = records.mapPartitionsWithIndex(count).partitionBy(1 + parts // 8, lambda part: part % (1 + parts // 8))
    with here.scratch() as some:
        fetch(counts, some)
        here.run("mined", "--blocks", some, "--blocks_out", folder, "--dictionary", os.path.join(folder, "dictionary"))
    mined = share_file(sc, folder, "mined")
    clock.tell("mine", f"counts of {os.path.getsize(os.path.join(folder, 'mined')) >> 20} MiB")

    cores = args.cores or sc.defaultParallelism
    ranked, threads = args.rank_parts or cores, []
    if is_local(sc) and not args.rank_parts:  # One task on all cores: each makes its own tables.
        ranked, threads = 1, [] if args.threads else [f"--threads={min(cores, MOST_THREADS)}"]
    fetch(sc.parallelize(range(ranked), ranked).flatMap(
        lambda part: rank_part(stages, part, ranked, dictionary, mined, *threads)).partitionBy(
            ranked, lambda part: part), folder)
    clock.tell("rank", f"{ranked} parts")
    return ranked


def build_in(spark: SparkSession, stages: Stages, args: argparse.Namespace, folder: str) -> int:
    """With a shared folder, where there is one."""
    parent = args.shared_dir or (args.temp_dir or tempfile.gettempdir() if is_local(spark.sparkContext) else "none")
    if parent == "none":
        return build(spark, stages, args, folder)
    # What a driver that was killed left here: this build holds the lock of this output.
    output = f"{socket.gethostname()}:{os.path.realpath(args.output)}"
    prefix = f"kindred-shared-{hashlib.sha256(output.encode()).hexdigest()[:16]}-"
    for left in glob.glob(os.path.join(glob.escape(parent), prefix + "*")):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as shared:
        return build(spark, stages._replace(shared_dir=shared), args, folder)


def cause_of(error: Exception) -> str:
    text = str(error)
    marked = re.findall(ERROR_MARK + "(.*)", text)
    of_python = re.findall(r"Traceback \(most recent call last\):\n(?: .*\n)*(\S.*)", text)
    of_java = re.findall(r"Caused by: (?:[\w.$]+: )?(.*)", text) if hasattr(error, "java_exception") else []
    return (marked or of_python or of_java or [text])[-1]


def whole_number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, 0 or above")
    return int(text)


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False)
    parser.add_argument("--input", required=True, help="log files, folders and globs, or URLs, comma-separated; paths "
                        "are the same on all machines, URLs such as s3a://bucket/log.parquet are Spark's to read")
    parser.add_argument("--output", required=True, help="the index's folder, on the driver")
    parser.add_argument("--format", default="auto", help="auto, tsv, csv, ndjson, ubi or parquet; auto: by the "
                        "files' beginnings, of URLs parquet where their names end so")
    parser.add_argument("--kindred_index", default="kindred-index", help="the program's path, the same on all machines")
    parser.add_argument("--temp_dir", default="", help="folder for a task's files; empty: Spark's own")
    parser.add_argument("--shared_dir", default="", help="folder that all machines see, for the blocks between stages; "
                        "none: they travel through Spark; empty: likewise, but where all tasks are on one machine (local[N])")
    parser.add_argument("--cores", type=whole_number, default=0,
                        help="tasks at a time; 0: as many as the cluster has cores")
    parser.add_argument("--groups", type=whole_number, default=0,
                        help="groups of users; 0: by the log's size")
    parser.add_argument("--parts", type=whole_number, default=0,
                        help="parts of the keys that are counted; 0: by the log's size")
    parser.add_argument("--rank_parts", type=whole_number, default=0,
                        help="parts of the queries that are ranked, each by a task; "
                        "0: --cores, but where all tasks are on one machine (local[N]) one, of as many threads")
    parser.add_argument("--threads", type=whole_number, default=0,
                        help="threads of a task; 0: one")
    parser.add_argument("--split_bytes", type=whole_number, default=0,
                        help="of a file that a task reads; 0: by the log's size")
    args, flags = parser.parse_known_args(arguments)
    for flag in flags:
        if not flag.startswith("--"):
            parser.error(f"{flag}: write flags of kindred-index as --name=value")
    # Tasks work in folders of their own.
    flags = [f"--flagfile={os.path.abspath(flag.removeprefix('--flagfile='))}" if flag.startswith("--flagfile=") else
             flag for flag in flags]
    args.temp_dir = args.temp_dir and os.path.abspath(args.temp_dir)
    args.shared_dir = args.shared_dir if args.shared_dir in ("", "none") else os.path.abspath(args.shared_dir)
    for name, folder in ("temp_dir", args.temp_dir), ("shared_dir", args.shared_dir):
        if folder not in ("", "none") and not os.path.isdir(folder):
            parser.error(f"--{name} {folder}: no such folder; make it first")
    if args.format == "auto" and all("://" in path and path.endswith(".parquet") for path in args.input.split(",")):
        args.format = "parquet"
    return args, flags


def find_program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sys.exit(f"kindred_build: {name}: no such program; give --kindred_index PATH")
    return os.path.abspath(found)


def main() -> int:
    args, flags = parse(sys.argv[1:])
    log_format = "csv" if args.format == "parquet" else args.format
    flags = ["--weights=default", *flags, f"--threads={args.threads or 1}", f"--input={args.input}",
             f"--format={log_format}", f"--now_ms={time.time_ns() // 1_000_000}"]
    program = find_program(args.kindred_index)
    publisher = Publisher(program, flags, args.output)
    clock = Clock()
    try:
        spark = SparkSession.builder.appName("kindred").config("spark.sql.session.timeZone", "UTC").config(
            "spark.sql.sources.partitionColumnTypeInference.enabled", "false").getOrCreate()
        clock.tell("start")
        stages = Stages(program, flags, args.temp_dir, "", spark.sparkContext.accumulator([], Uses()))
        parts = build_in(spark, stages, args, publisher.folder)
        tell_uses(stages.uses.value)
        clock = Clock()
        status = publisher.publish(parts)
        clock.tell("publish")
        spark.stop()
        return status
    except Exception as error:
        publisher.give_up()  # Before, so that the cause is what was told last.
        print(f"kindred_build: {cause_of(error)}", file=sys.stderr, flush=True)
        return 1
    finally:
        publisher.give_up()


if __name__ == "__main__":
    sys.exit(main())
