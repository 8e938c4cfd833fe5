#!/usr/bin/env python3
"""csvin_oracle.py SEED COUNT - csv-stamp against Python's csv module

Makes COUNT files of random records, stamps each, and reads both with Python:
the rows must be equal but for our column, and each record that went in must
have come out as the bytes it was. Prints the first difference and exits 1.
"""
import csv
import io
import operator
import random
import subprocess
import sys

STAMP = "2024-01-26T15:00:00.300000Z"
BOM = "\ufeff"
PIECES = ["", "a", "b c", " ", "0.5", "é", ",", '""', "\n", "\r\n", "x" * 70,
          "'", ";", "\t"]


def field(rng, quotes):
    """A field as it stands in a file: with quotes, or with none and plain."""
    pieces = rng.choices(PIECES, k=rng.choice((0, 1, 1, 2, 3)))
    if rng.random() * 100 < quotes:
        return '"' + "".join(pieces) + '"'
    return "".join(piece for piece in pieces
                   if not set(piece) & set(',"\r\n'))


def make(rng):
    """A file, and its records without their line ends."""
    columns = rng.randint(1, 9)
    quotes = rng.choice((0, 10, 60))
    kinds = rng.choice((["\n"], ["\r\n"], ["\n", "\r\n"]))
    records = [",".join(f"c{i}" for i in range(columns))]
    for _ in range(rng.randint(0, 40)):
        record = ",".join(field(rng, quotes) for _ in range(columns))
        # Python has no row for an empty line
        records.append(record or '""')
    ends = rng.choices(kinds, k=len(records))
    if rng.random() < 0.3:
        ends[-1] = ""
    text = "".join(map(operator.add, records, ends))
    return (BOM if rng.random() < 0.3 else "") + text, records


def rows(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def check(text, records):
    """What is wrong with our output for a file, or None."""
    done = subprocess.run(["csv-stamp", "-c", "t", "-t", STAMP],
                          input=text.encode(), capture_output=True)
    if done.returncode or done.stderr:
        return done.stderr.decode()
    out = done.stdout.decode()
    bytes_wanted = "".join(f"{record},{STAMP if i else 't'}\n"
                           for i, record in enumerate(records))
    if out != bytes_wanted:
        return f"wrote {out!r}"
    want = rows(text.removeprefix(BOM))
    for i, row in enumerate(want):
        row.append(STAMP if i else "t")
    if rows(out) != want:
        return f"rows {rows(out)!r}, not {want!r}"
    return None


def main(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        text, records = make(rng)
        wrong = check(text, records)
        if wrong:
            sys.exit(f"{text!r}\n{wrong}")


main(int(sys.argv[1]), int(sys.argv[2]))
