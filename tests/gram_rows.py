#!/usr/bin/env python3
"""gram_rows - rows that try the parser of numbers and exact sums

usage: gram_rows.py SEED COUNT

Columns a, b and y hold decimals of every spelling, 1 to 300 digits, scales
that change from row to row, values about 10^18 and 2^63, some of them
missing; s and t are categories, w a weight.
"""
import random
import sys

r = random.Random(int(sys.argv[1]))
EDGES = ["999999999999999999", "-999999999999999999", "1000000000000000000",
         "9223372036854775807", "-9223372036854775808",
         "18446744073709551616", "0.999999999999999999", "0", "-0", ".5", "5.",
         "+5", "-0.0", "00012.500", "1e5", "1e-5", "-.25E+3", "1E0", "-7."]


def digits(count):
    return "".join(r.choice("0123456789") for _ in range(count))


def number():
    kind = r.randrange(20)
    if kind < 7:
        return "%.*f" % (r.randint(0, 8), r.uniform(-1e5, 1e5))
    if kind < 10:
        return str(r.randint(-10**r.randint(1, 17), 10**r.randint(1, 17)))
    if kind < 13:
        return r.choice(EDGES)
    if kind < 15:
        return r.choice(["-", "", "+"]) + digits(r.randint(16, 20))
    if kind < 17:
        return digits(r.randint(1, 20)) + "." + digits(r.choice([1, 5, 17, 40]))
    if kind < 18:
        return "%de%d" % (r.randint(-10**9, 10**9), r.randint(-30, 30))
    if kind < 19:
        return digits(r.randint(1, 300))
    return "0." + digits(r.randint(1, 300))


print("a,b,s,t,w,y")
for _ in range(int(sys.argv[2])):
    weight = r.choice(["0", "1", "2.5", "0.125", "1e-3", number().lstrip("-+")])
    row = [number(), number(), r.choice("uvw"),
           r.choice(["p", "q", "\u00e9", "x y", '"a,b"']), weight, number()]
    if r.random() < 0.05:
        row[r.randrange(6)] = ""
    if r.random() < 0.1:
        row[0] = f'"{row[0]}"'
    print(",".join(row))
