#!/usr/bin/env python3
"""duckdb_mine.py LOG OUTPUT THREADS: what `kindred-index mine` counts, in DuckDB; the rival of build_bench.

Writes `a b users sessions sessions_a_first users_a users_b` for each pair of distinct queries that at least two people
searched in one session. As fast as we could make it: users, which may be any text, and queries are numbers before
anything is joined, each spelling is folded once, and a pair is counted for each user first and over users then, which
takes less time and memory than count(DISTINCT) there. Its whole memory is its own: by default DuckDB takes up to four fifths
of the machine's.
"""

import sys

import duckdb

READ = """
CREATE TEMP TABLE log AS
SELECT user_id, time_ms, query AS spelling
FROM read_csv($log, delim = '\t', header = false, quote = '', escape = '', auto_detect = false, columns = {
    'user_id': 'VARCHAR', 'time_ms': 'BIGINT', 'query': 'VARCHAR', 'product': 'VARCHAR'})
"""
FOLD = """
CREATE TEMP TABLE folded AS
SELECT spelling, trim(regexp_replace(lower(spelling), ' +', ' ', 'g')) AS query FROM (SELECT DISTINCT spelling FROM log)
"""
QUERIES = """
CREATE TEMP TABLE queries AS
SELECT query, (row_number() OVER (ORDER BY query))::INT AS id FROM (SELECT DISTINCT query FROM folded)
"""
SPELLINGS = "CREATE TEMP TABLE spellings AS SELECT spelling, id FROM folded JOIN queries USING (query)"
USERS = "CREATE TEMP TABLE users AS SELECT user_id, (row_number() OVER ())::INT AS id FROM (SELECT DISTINCT user_id FROM log)"
SESSIONS = """
CREATE TEMP TABLE searched AS
WITH searches AS (
    SELECT users.id AS user_id, time_ms, spellings.id AS query FROM log JOIN spellings USING (spelling) JOIN users USING (user_id)
), begun AS (
    SELECT *, coalesce(time_ms - lag(time_ms) OVER (PARTITION BY user_id ORDER BY time_ms) > 1800000, true) AS begins
    FROM searches
), numbered AS (
    SELECT user_id, time_ms, query,
        (sum(begins::INT) OVER (PARTITION BY user_id ORDER BY time_ms ROWS UNBOUNDED PRECEDING))::INT AS session
    FROM begun
)
SELECT user_id, session, query, min(time_ms) AS first_ms FROM numbered GROUP BY ALL
"""
PAIRS = """
CREATE TEMP TABLE pairs AS
SELECT a, b, count(*) AS users, sum(sessions)::BIGINT AS sessions, sum(a_first)::BIGINT AS sessions_a_first
FROM (
    SELECT x.query AS a, y.query AS b, x.user_id, count(*) AS sessions, sum((x.first_ms <= y.first_ms)::INT) AS a_first
    FROM searched x JOIN searched y ON x.user_id = y.user_id AND x.session = y.session AND x.query < y.query
    GROUP BY ALL
)
GROUP BY a, b HAVING count(*) >= 2
"""
PEOPLE = """
CREATE TEMP TABLE people AS
SELECT query AS id, count(DISTINCT user_id) AS users FROM searched GROUP BY ALL
"""
WRITE = """
COPY (
    SELECT x.query, y.query, pairs.users, sessions, sessions_a_first, people_x.users, people_y.users
    FROM pairs
    JOIN queries x ON x.id = a JOIN people people_x ON people_x.id = a
    JOIN queries y ON y.id = b JOIN people people_y ON people_y.id = b
) TO '{output}' (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '')
"""


def main():
    log, output, threads = sys.argv[1:]
    database = duckdb.connect(config={"threads": int(threads), "preserve_insertion_order": False})
    database.execute(READ, {"log": log})
    for step in (FOLD, QUERIES, SPELLINGS, USERS, SESSIONS, "DROP TABLE log; DROP TABLE users", PEOPLE, PAIRS):
        database.execute(step)
    database.execute(WRITE.format(output=output.replace("'", "''")))


if __name__ == "__main__":
    main()
