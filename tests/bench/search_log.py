"""A seeded search log of any size for build_bench: TSV without header, `user time_ms query product`.

Popularity is Zipf's, queries lie in topics and most steps of a session stay in one, users are Pareto's, four rows in ten
have no product. Rows are sorted by time, as a shop's log is.

What is typed varies only in ways that lower() and a fold of spaces undo, so that SQL and the normal form of Kindred agree
to the digit: case, doubled and outer spaces. Hence no punctuation; Chinese characters have one form for Traditional and
Simplified; and no two Chinese words stand side by side, since the space between them would not count.
"""

import hashlib
import pathlib

import numpy as np

DAYS = 90
DAY_MS = 86_400_000
FIRST_DAY_MS = 1_750_000_000_000
CHINESE = "水火山木石土日月田米牛羊花草竹衣袋包杯盒鞋帽袖布毛皮巾手耳口牙眼唇香茶酒果菜肉奶糖刀瓶碗盆床枕被"
TAIL_WORDS = 20_000
ROWS_A_WRITE = 500_000


class Popularity:
    """Queries laid out by topic, so that one uniform number draws a query of all, or of one topic."""

    def __init__(self, rng, queries):
        topics = max(1, queries // 100)
        topic = rng.integers(0, topics, queries)
        self.order = np.argsort(topic, kind="stable")  # From place to query.
        self.topic = topic[self.order]  # Of each place.
        weight = 1.0 / np.arange(1, queries + 1) ** 0.95
        self.cumulated = np.concatenate([[0.0], np.cumsum(weight[self.order])])
        self.cumulated /= self.cumulated[-1]
        bounds = np.searchsorted(self.topic, np.arange(topics + 1))
        self.low, self.high = self.cumulated[bounds[:-1]], self.cumulated[bounds[1:]]

    def draw(self, rng, count):
        return self._places(rng.random(count))

    def draw_in_topics(self, rng, topics):
        low = self.low[topics]
        return self._places(low + rng.random(len(topics)) * (self.high[topics] - low))

    def _places(self, uniform):
        return np.clip(np.searchsorted(self.cumulated, uniform, side="right") - 1, 0, len(self.order) - 1)


def make_words(rng, parts, count, shortest, longest):
    """At most `count` distinct words of `shortest` to `longest` parts."""
    length = rng.integers(shortest, longest + 1, count)
    chosen = rng.integers(0, len(parts), (count, longest))
    return list(dict.fromkeys("".join(parts[p] for p in row[:n]) for row, n in zip(chosen.tolist(), length.tolist())))


def make_queries(rng, count):
    """`count` distinct queries in normal form, most of English words, some of a Chinese word, some of both."""
    syllables = [c + v + e for c in "bcdfghklmnprstvw" for v in "aeiou" for e in ("", "n", "r", "s", "l", "x")]
    english = make_words(rng, syllables, 20_000, 1, 3)
    chinese = make_words(rng, CHINESE, 60_000, 2, 4)
    queries = {}
    while len(queries) < count:
        batch = count - len(queries) + 1000
        words = rng.choice([1, 2, 3, 4, 5], batch, p=[0.15, 0.35, 0.28, 0.14, 0.08]).tolist()
        # Half a normal distribution: some words stand in many queries.
        drawn = (np.abs(rng.normal(0, len(english) / 3, (batch, 5))).astype(np.int64) % len(english)).tolist()
        han = rng.integers(0, len(chinese), batch).tolist()
        kind = rng.random(batch).tolist()
        for row in range(batch):
            latin = [english[w] for w in drawn[row][: words[row]]]
            if kind[row] < 0.65:
                query = latin
            elif kind[row] < 0.75:
                query = [chinese[han[row]]]
            else:
                at = han[row] % (len(latin) + 1)
                query = latin[:at] + [chinese[han[row]]] + latin[at:]
            queries[" ".join(query)] = None
    return list(queries)[:count]


def spellings(queries):
    """Each query as it is, in Title Case, and with needless spaces: three lists, one after the other."""
    return np.array(
        queries + [q.title() for q in queries] + [" " + q.replace(" ", "  ") + " " for q in queries], dtype=object
    )


def session_rows(rng, rows, users, mean_length):
    """Of each row, in order of sessions: the number of its session, user, time, and whether it is a session's first."""
    sessions = int(rows / mean_length * 1.05) + 100
    length = rng.geometric(1 / mean_length, sessions)
    last = int(np.searchsorted(np.cumsum(length), rows))
    length = length[: last + 1]
    length[-1] -= length.sum() - rows
    sessions = len(length)
    activity = np.cumsum(np.minimum(rng.pareto(1.25, users) + 1, 400))
    session_user = np.searchsorted(activity / activity[-1], rng.random(sessions))
    session_start = FIRST_DAY_MS + rng.integers(0, DAYS * DAY_MS, sessions)
    session = np.repeat(np.arange(sessions), length)
    starts = np.cumsum(length) - length
    first = np.zeros(rows, bool)
    first[starts] = True
    pause = np.minimum(rng.exponential(60_000, rows), 1_700_000).astype(np.int64) + 1
    pause[first] = 0
    since = np.cumsum(pause)
    time = session_start[session] + since - since[starts][session]
    return session, session_user[session], time, first


def searched_queries(rng, popularity, session, first):
    """Of each row, the number of its query: seven steps in ten stay in the session's topic, some repeat the last."""
    place = popularity.draw(rng, len(session))
    session_topic = popularity.topic[place[first]]
    stays = np.flatnonzero((rng.random(len(session)) < 0.7) & ~first)
    place[stays] = popularity.draw_in_topics(rng, session_topic[session[stays]])
    query = popularity.order[place]
    again = np.flatnonzero((rng.random(len(session)) < 0.08) & ~first)
    query[again] = query[again - 1]
    return query


def write_rows(path, user, time, query, product):
    """Arrays of the same length, of str but `time`."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for begin in range(0, len(time), ROWS_A_WRITE):
            part = slice(begin, begin + ROWS_A_WRITE)
            lines = zip(user(part), map(str, time[part].tolist()), query(part), product(part))
            file.write("\n".join(map("\t".join, lines)) + "\n")


def generate(path, rows, seed, long_tail):
    """Writes a log to `path`. The long tail is the same log, with a word more in 15% of its rows."""
    rng = np.random.default_rng(seed)
    vocabulary = int(200_000 * (rows / 1e7) ** 0.6)
    users = max(10, rows // 12)
    spelled = spellings(make_queries(rng, vocabulary))
    session, who, time, first = session_rows(rng, rows, users, mean_length=2.5)
    query = searched_queries(rng, Popularity(rng, vocabulary), session, first)
    by_time = np.argsort(time, kind="stable")
    who, time, query = who[by_time], time[by_time], query[by_time]
    del session, first, by_time

    products = max(1000, rows // 100)
    product_name = np.array([f"p{p:08d}" for p in range(products)] + [""], dtype=object)
    product = np.where(rng.random(rows) < 0.4, products, (query * 7919 + rng.integers(0, 5, rows)) % products)
    spelling = query + vocabulary * rng.choice(3, rows, p=[0.85, 0.10, 0.05])
    user_name = np.array([f"{(u + 1) * 0x9E3779B97F4A7C15 % 2**64:016x}" for u in range(users)], dtype=object)
    tail = np.zeros(rows, np.int32)  # 0: no word more.
    if long_tail:
        tail = np.where(rng.random(rows) < 0.15, np.exp(rng.random(rows) * np.log(TAIL_WORDS)).astype(np.int32), 0)
    tail_word = np.array([""] + [f" m{w}" for w in range(1, TAIL_WORDS + 1)], dtype=object)
    write_rows(
        path,
        lambda part: user_name[who[part]],
        time,
        lambda part: spelled[spelling[part]] + tail_word[tail[part]],
        lambda part: product_name[product[part]],
    )


def cached(folder, rows, seed, long_tail=False):
    """The path of such a log below `folder`, where an earlier call of the same code may have left it."""
    code = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:8]
    path = pathlib.Path(folder) / f"log-{rows}-{seed}{'-tail' if long_tail else ''}-{code}.tsv"
    if not path.exists():
        part = path.with_suffix(".part")
        generate(part, rows, seed, long_tail)
        part.rename(path)
    return path
