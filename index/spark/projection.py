#!/usr/bin/env python3
"""What a Spark build of a larger log takes, from what one of ten million rows took (docs/scale.md).

    index/spark/projection.py [--cores 64] [--gigabits 10] [--machines 16]

Everything grows with the rows but the distinct queries, which grow with their 0.6th power, as they did from one to ten
and to fifty million rows. Change the figures below to those of your own log and machines.
"""

import argparse

# Measured at 10 million rows; by million rows where nothing else is said.
QUERIES_AT_10M = 199_801
QUERIES_POWER = 0.6
CPU_S = {"read": 1.3, "users": 1.2, "count": 1.1}  # With Spark's own, blocks through Spark: seconds times cores.
TABLES_S = 0.13  # Of ranking, in each rank task of one thread.
SOURCE_US = 11  # Of ranking one query.
MOVED_MB = {"events": 21.4, "dictionaries": 3.7, "records": 51.5, "counts": 7.0, "lists": 9.2}  # As Spark compresses it.
DICTIONARY_BYTES_A_QUERY = 73
COUNTS_MB = 15.4  # To every machine, with the dictionary.
RANK_MEMORY_MB = 35  # Of a rank task.


def project(millions: float, cores: int, machines: int, gigabits: float) -> list[str]:
    queries = QUERIES_AT_10M * (millions / 10) ** QUERIES_POWER
    moved_gb = millions * sum(MOVED_MB.values()) / 1000
    to_each_gb = (queries * DICTIONARY_BYTES_A_QUERY + millions * COUNTS_MB * 1e6) / 1e9
    parallel_s = millions * sum(CPU_S.values()) / cores
    network_s = (moved_gb * 8 / machines + to_each_gb * 8) / gigabits
    rank_s = millions * TABLES_S + queries * SOURCE_US / 1e6 / cores
    return [f"{millions / 1000:g}", f"{queries / 1e6:.1f}", f"{moved_gb:,.0f}", f"{to_each_gb:,.1f}",
            f"{millions * RANK_MEMORY_MB / 1000:,.0f}", f"{parallel_s / 60:,.0f}", f"{network_s / 60:,.0f}",
            f"{rank_s / 60:,.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cores", type=int, default=64)
    parser.add_argument("--machines", type=int, default=16)
    parser.add_argument("--gigabits", type=float, default=10, help="of each machine's network, a second")
    args = parser.parse_args()
    print("| billion rows | million queries | GB between stages | GB to each machine | GB of a rank task "
          "| minutes read to count | minutes of network | minutes of ranking |")
    print("| --- " * 8 + "|")
    for billions in (0.01, 1, 10, 100):
        print("| " + " | ".join(project(billions * 1000, args.cores, args.machines, args.gigabits)) + " |")


if __name__ == "__main__":
    main()
