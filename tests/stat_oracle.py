#!/usr/bin/env python3
"""stat_oracle.py FILE... | --random SEED COUNT - csv-stat against Python

Works out with csv, decimal and datetime what csv-stat --json says of files,
or of COUNT random ones, and prints the first difference and exits 1. What
the manual page calls exact must be; estimates must be within what it states.
"""
import csv
import io
import json
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal, getcontext

getcontext().prec = 120

EXACT = 2048   # values, and different ones, up to which nothing is estimated
TEXT = 40      # bytes of a frequent value that are kept
INTEGER = re.compile(r"[+-]?\d+\Z", re.A)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.A)
PLAIN = re.compile(r"-?(?=[\d.]{1,19}\Z)(\d{1,18}|(?!\d{19})\d+\.\d+)\Z", re.A)
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)"
                  r"(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d\d))?(Z|\+01:00)?)?\Z", re.A)
BOOLEANS = {"true", "false", "True", "False", "TRUE", "FALSE"}


def time_of(text):
    """The time of a text in one of the forms that are made here, or None."""
    match = TIME.match(text)
    if not match:
        return None
    *fields, hundredths, zone = match.groups(default="0")
    time = datetime(*map(int, fields), int(hundredths) * 10000)
    return time - timedelta(hours=1) if zone == "+01:00" else time


def type_of(texts):
    if not texts:
        return "empty"
    if all(map(INTEGER.match, texts)):
        return "integer"
    if all(map(NUMBER.match, texts)):
        return "decimal"
    if all(map(time_of, texts)):
        return "date" if max(map(len, texts)) == 10 else "datetime"
    return "boolean" if set(texts) <= BOOLEANS else "string"


def near(text, want, slack):
    return abs(Decimal(repr(text)) - want) <= slack


def between(values, share):
    """A quantile as in R's type 7."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def check_quartiles(said, values):
    values = sorted(values)
    size = max(abs(values[0]), abs(values[-1]))
    for name, share in ("q1", "0.25"), ("median", "0.5"), ("q3", "0.75"):
        if len(values) <= EXACT:
            good = near(said[name], between(values, Decimal(share)),
                        size * Decimal("5e-15"))
        else:
            off, one = Decimal(share) * len(values), len(values) / 100
            low = values[max(int(off - Decimal(one)), 0)]
            high = values[min(int(off + Decimal(one)) + 1, len(values) - 1)]
            good = float(low) <= said[name] <= float(high)
        yield name, good


def check_numbers(said, texts, values):
    count = len(values)
    mean = sum(values) / count
    size = sum(map(abs, values)) / count
    places = max(0, max(-value.as_tuple().exponent for value in values))
    slack = Decimal("5e-5").scaleb(-places) + abs(mean) * Decimal("1e-15")
    if not all(map(PLAIN.match, texts)):
        slack += (size + abs(mean)) * Decimal("5e-15")
    yield "mean", near(said["mean"], mean, slack)
    if count > 1:
        sd = (sum((value - mean) ** 2 for value in values) / (count - 1)).sqrt()
        yield "sd", near(said["sd"], sd, sd * Decimal("1e-9"))
    yield from check_quartiles(said, values)
    yield "histogram", sum(said["histogram"]) in (0, count)


def check_top(said, counts):
    top = [(entry["value"], entry["count"]) for entry in said["top"]]
    if said["top_exact"]:
        wanted = [n for _, n in counts.most_common(5) if n > 1]
        yield "top", [n for _, n in top] == wanted
        yield "values in top", all(
            counts[text] == n for text, n in top if len(text.encode()) <= TEXT)
    else:
        fifth = counts.most_common(5)[-1][1]
        yield "counts in top", all(n <= counts[text] for text, n in top)
        yield "top", all(counts[text] >= 0.9 * fifth for text, n in top)


def check_column(said, column):
    texts = [text for text in column if text]
    counts = Counter(texts)
    kind = type_of(texts)
    yield "type " + kind, said["type"] == kind
    yield "count", said["count"] == len(texts)
    yield "empty", said["empty"] == len(column) - len(texts)
    slack = 0 if len(counts) <= EXACT else 4 * 0.0081 * len(counts)
    yield "distinct", abs(said["distinct"] - len(counts)) <= slack
    if not texts:
        return
    order = {"integer": Decimal, "decimal": Decimal, "date": time_of,
             "datetime": time_of}.get(kind, str.encode)
    values = list(map(order, texts))
    yield "min", said["min"] in counts and order(said["min"]) == min(values)
    yield "max", said["max"] in counts and order(said["max"]) == max(values)
    if order is Decimal:
        yield from check_numbers(said, texts, values)
    yield from check_top(said, counts)


def check(data):
    """The number of columns, or exits."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    said = json.loads(subprocess.run(["csv-stat", "--json"], input=data,
                                     stdout=subprocess.PIPE, check=True).stdout)
    if [column["field"] for column in said] != rows[0]:
        sys.exit("other columns")
    for i, column in enumerate(said):
        for claim, good in check_column(column, [row[i] for row in rows[1:]]):
            if not good:
                with open("wrong.csv", "wb") as wrong:
                    wrong.write(data)
                sys.exit(f"{claim} is wrong, see wrong.csv: {column}")
    return len(said)


def number(rng):
    return rng.choice((
        lambda: str(rng.randrange(3)),
        lambda: str(rng.randrange(-10, 10)),
        lambda: str(rng.randrange(-10 ** rng.randrange(22),
                                  10 ** rng.randrange(22))),
        lambda: f"{rng.gauss(0, 10 ** rng.randrange(6)):.{rng.randrange(9)}f}",
        lambda: rng.choice(["-0", "00", "+1", "1.", ".5", "-.5", "-2.5E-3"]),
        lambda: f"{rng.randrange(10 ** 12)}.{rng.randrange(10 ** 8)}",
        lambda: repr(rng.random()),
    ))()


def text(rng):
    return "".join(rng.choices(["a", '"', ",", "\n", "\r\n", "é", "0", "-",
                                " ", "." * 20], k=rng.randrange(9)))


def date(rng):
    return (datetime(1, 1, 2) + timedelta(days=rng.randrange(3600000))).strftime(
        "%Y-%m-%d").zfill(10)


def time(rng):
    zone = rng.choice(["", "Z", "+01:00", ".25Z"])
    seconds = timedelta(seconds=rng.randrange(86400))
    return f"{date(rng)}T{datetime(1, 1, 1) + seconds:%H:%M:%S}{zone}"


def boolean(rng):
    return rng.choice(sorted(BOOLEANS))


def make(rng):
    """The bytes of a random file."""
    kinds = rng.choices([number, number, number, text, date, time, boolean],
                        k=rng.randrange(2, 6))
    dirt = [rng.choice([0, 0, 0, 0.001, 0.1]) for _ in kinds]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=rng.choice(["\n", "\r\n"]),
                        quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow([f"c{i}" for i in range(len(kinds))])
    for _ in range(rng.choice([0, 1, 2, 5, 20, 100, 1000, 3000])):
        writer.writerow([
            "" if rng.random() < 0.05 else
            (text if rng.random() < share else kind)(rng)
            for kind, share in zip(kinds, dirt)])
    return out.getvalue().encode()


def main():
    columns = 0
    if sys.argv[1] == "--random":
        rng = random.Random(int(sys.argv[2]))
        for _ in range(int(sys.argv[3])):
            columns += check(make(rng))
    else:
        for path in sys.argv[1:]:
            with open(path, "rb") as source:
                columns += check(source.read())
    print(columns, "columns agree")


main()
