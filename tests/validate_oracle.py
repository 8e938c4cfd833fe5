#!/usr/bin/env python3
"""validate_oracle SEED ROWS - csv-validate against Python's decimal

Makes up records of numbers in all spellings, has csv-validate judge them, and
compares with what regular expressions and exact decimals say.
"""
import csv
import decimal
import json
import random
import re
import subprocess
import sys
from decimal import Decimal

seed, rows = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
decimal.getcontext().prec = 200
decimal.getcontext().Emax = 999999999
decimal.getcontext().Emin = -999999999

EDGES = """0 -0 +0 0.0 -0.00 00 1 -1 +1 .5 -.5 5. +5. . - + -. 1. 1e5 1E-5 -1e+5 1e
e1 1e+ 0e9 1e400 1e-400 007 0.10 0.1 0.100000000 10 100 99.5 99.50 100.0
9223372036854775807 9223372036854775808 -9223372036854775808
-9223372036854775809 999999999999999999 1000000000000000000
9999999999999999999 12345678901234567890 123456789012345678901
0.1234567890123456789 .12345678901234567 1234567890.12345678 12345678.1234567
1.000000000000000000 1.0000000000000000001 0.00000000000000000001
000000000000000000000001 1234567890123456 12345678901234567 1..2 1.2.3 --1 +-1
1,5 1_0 0x10 nan inf 1a a1 12345678a 1234567a 1/2 1:2 ٣ 1.5- 1\u00a0""".split()
EDGES += ["1 ", " 1", "1 2"]


def digits(most):
    return "".join(rng.choice("0123456789")
                   for _ in range(rng.randint(0, most)))


def number(scale):
    kind = rng.random()
    if kind < 0.04:
        return rng.choice(EDGES)
    if kind < 0.06:
        return ""
    if kind < 0.12:
        return (rng.choice(["", "-", "+"]) + digits(21) + rng.choice(["", "."])
                + digits(21) + rng.choice(["", "", "e3", "E-4"]))
    whole = str(rng.randint(0, 10 ** rng.randint(1, 7)))
    sign = "-" if rng.random() < 0.03 else ""
    return sign + whole + (f".{rng.randint(0, 10**scale - 1):0{scale}d}"
                           if scale else "")


# a scale that stays for some records, then another: as files have it
def column(scales):
    scale = scales[0]
    while True:
        if rng.random() < 0.02:
            scale = rng.choice(scales)
        yield number(scale)


def nearby(text):
    """Often the same value, or one next to it."""
    if rng.random() < 0.7 or not re.fullmatch(r"\d+\.\d+", text):
        return text
    places = len(text.split(".")[1])
    other = Decimal(text) + rng.choice([-1, 0, 1]) * Decimal(1).scaleb(-places)
    return f"{other + 0:.{places}f}" + rng.choice(["", "", "0"])


SCHEMA = {
    "fields": [
        {"name": "a", "type": "number", "constraints": {"minimum": 0}},
        {"name": "b", "type": "number", "constraints":
         {"exclusiveMinimum": "-2.50", "maximum": "9999999.125"}},
        {"name": "c", "type": "integer", "constraints":
         {"required": True, "minimum": -5, "exclusiveMaximum": 5000000}},
        {"name": "d", "type": "integer"},
        {"name": "e", "type": "number", "constraints":
         {"exclusiveMaximum": "1234567890123456789012.5"}},
    ],
    "x:rowConstraints": ["a <= b", "b != 7", "c < d", "e >= 0.5", "b = e",
                         "3 > c", "d > e"],
}
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
INTEGER = re.compile(r"[+-]?[0-9]+")


def value_of(text, kind):
    if not (INTEGER if kind == "integer" else NUMBER).fullmatch(text):
        return None
    value = Decimal(text)
    if kind == "integer" and not -2**63 <= value < 2**63:
        return None
    return value


BOUNDS = {"minimum": lambda x, y: x >= y, "maximum": lambda x, y: x <= y,
          "exclusiveMinimum": lambda x, y: x > y,
          "exclusiveMaximum": lambda x, y: x < y}
SIGNS = {"<=": lambda x, y: x <= y, "!=": lambda x, y: x != y,
         "<": lambda x, y: x < y, ">=": lambda x, y: x >= y,
         "=": lambda x, y: x == y, ">": lambda x, y: x > y}


def fits(record):
    values = {}
    good = True
    for field, text in zip(SCHEMA["fields"], record):
        rules = field.get("constraints", {})
        if text == "":
            good = good and not rules.get("required")
            continue
        value = value_of(text, field["type"])
        good = good and value is not None and all(
            BOUNDS[name](value, Decimal(bound))
            for name, bound in rules.items() if name in BOUNDS)
        values[field["name"]] = value
    for constraint in SCHEMA["x:rowConstraints"]:
        left, sign, right = constraint.split()
        sides = []
        for side in (left, right):
            if side in "abcde":
                sides.append(values.get(side))
            else:
                sides.append(Decimal(side))
        if good and None not in sides:
            good = SIGNS[sign](*sides)
    return good


def quoted(text):
    return f'"{text}"' if "," in text or rng.random() < quotes else text


quotes = rng.choice([0, 0, 0.3])
end = rng.choice(["\n", "\n", "\r\n"])
columns = [column([8, 2, 0, 14]), column([8, 8, 3, 0]), column([0]),
           column([0]), column([8, 1, 17])]
records = []
for _ in range(rows):
    record = [next(one) for one in columns]
    if rng.random() < 0.8:
        # what the constraints ask for, or nearly
        record[1] = record[4] = nearby(record[0])
        record[2] = str(rng.randint(-6, 4))
        record[3] = str(rng.randint(-6, 10**8))
    records.append(record)
with open("oracle.csv", "w", encoding="utf-8", newline="") as file:
    file.write("a,b,c,d,e" + end)
    for record in records:
        file.write(",".join(map(quoted, record)) + end)
with open("oracle.json", "w", encoding="utf-8") as file:
    json.dump(SCHEMA, file)
subprocess.run(["csv-validate", "-s", "oracle.json", "-m", "100%",
                "-r", "oracle.bad", "oracle.csv"],
               stdout=open("oracle.good", "wb"), check=True)
with open("oracle.bad", encoding="utf-8", newline="") as file:
    bad = {int(row["_row"]): row for row in csv.DictReader(file)}
wrong = 0
for at, record in enumerate(records, 2):
    if fits(record) == (at in bad):
        print(f"seed {seed}: record {at}:", record, "should be",
              "good," if at in bad else "bad,", bad.get(at))
        wrong += 1
accepted = len(records) - len(bad)
print(f"seed {seed}: {accepted} good, {len(bad)} bad, {wrong} wrong")
with open("oracle.good", "rb") as file:
    wrong += file.read().count(b"\n") != accepted + 1
# a test in which nothing passes tests nothing
sys.exit(wrong > 0 or accepted < rows // 20 or len(bad) < rows // 20)
