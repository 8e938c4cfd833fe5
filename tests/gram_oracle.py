#!/usr/bin/env python3
"""gram_oracle - the state of rows, in rational arithmetic

usage: gram_oracle.py COLUMNS TARGET [OPTION VALUE]... < CSV

COLUMNS and TARGET as for lr-gram's -x and -y ('' for none); the options are
--poly, --cross, --cat and --weight. Written apart from lr-gram: each row is
a table of terms, and each pair of terms is multiplied.
"""
import csv
import sys
from fractions import Fraction


def plain(value):
    """A fraction whose denominator is made of 2 and 5, as a plain decimal."""
    sign = "-" if value < 0 else ""
    value = abs(value)
    places, power = 0, 1
    while value.denominator > 1 and power % value.denominator:
        places, power = places + 1, power * 10
    digits = str(value.numerator * (power // value.denominator))
    if not places:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return (sign + digits[:-places] + "." + digits[-places:])


def number(text):
    if "e" in text or "E" in text:
        digits, exponent = text.lower().split("e")
        return number(digits) * Fraction(10) ** int(exponent)
    return Fraction("0" + text if text[0] == "." else
                    text.replace("-.", "-0.").replace("+.", "+0."))


def main():
    columns = sys.argv[1].split(",") if sys.argv[1] else []
    target = [sys.argv[2]] if sys.argv[2] else []
    options = list(zip(sys.argv[3::2], sys.argv[4::2]))
    polys = [v.split(":") for o, v in options if o == "--poly"]
    crosses = [v.split("*") for o, v in options if o == "--cross"]
    cats = [v for o, v in options if o == "--cat"]
    weight = next((v for o, v in options if o == "--weight"), None)

    numbers = columns + target
    dense = ["1", *numbers]
    for name, degree in polys:
        dense += [f"{name}^{k}" for k in range(2, int(degree) + 1)]
    dense += [f"{a}*{b}" for a, b in crosses if not {a, b} & set(cats)]
    sums = {}
    rows = {"read": 0, "used": 0, "missing": 0, "bad": 0}
    weightless, squares = 0, Fraction(0)
    for row in csv.DictReader(sys.stdin):
        rows["read"] += 1
        needed = numbers + cats + ([weight] if weight else [])
        if any(row[name] == "" for name in needed):
            rows["missing"] += 1
            continue
        w = number(row[weight]) if weight else Fraction(1)
        if w == 0:
            weightless += 1
            continue
        rows["used"] += 1
        squares += w * w
        values = {name: number(row[name]) for name in numbers}
        terms = {"1": Fraction(1), **values}
        for name, degree in polys:
            for k in range(2, int(degree) + 1):
                terms[f"{name}^{k}"] = values[name] ** k
        for cat in cats:
            terms[f"{cat}={row[cat]}"] = Fraction(1)
        for a, b in crosses:
            if a in cats and b in cats:
                terms[f"{a}={row[a]}*{b}={row[b]}"] = Fraction(1)
            elif a in cats:
                terms[f"{b}*{a}={row[a]}"] = values[b]
            elif b in cats:
                terms[f"{a}*{b}={row[b]}"] = values[a]
            else:
                terms[f"{a}*{b}"] = values[a] * values[b]
        names = list(terms)
        for i, a in enumerate(names):
            for b in names[i:]:
                key = frozenset((a, b))
                sums[key] = sums.get(key, 0) + w * terms[a] * terms[b]

    levels = sorted({name for key in sums for name in key} - set(dense),
                    key=lambda name: name.encode())
    notes = [(":count", name, rows["used"]) for name in numbers + cats]
    notes += [(":rows", name, count) for name, count in rows.items()]
    notes.append((":state", "1", 1))
    if weight:
        notes += [(":rows", "weightless", weightless), (":w2", "", squares),
                  (":weight", weight, rows["used"])]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["a", "b", "sum"])
    for a, b, value in sorted(notes, key=lambda n: (n[0].encode(),
                                                    n[1].encode())):
        out.writerow([a, b, plain(Fraction(value))])
    order = dense + levels
    for i, a in enumerate(order):
        for b in order[i:]:
            value = sums.get(frozenset((a, b)), Fraction(0))
            if value or (a in dense and b in dense):
                out.writerow([a, b, plain(value)])


main()
