"""lr-exact.py MODEL CSV [QUANTITY=DIGITS]... - right digits of a model

Solves the least-squares problem of a model file again, in rational
arithmetic from the decimal text of the CSV, and prints for the coefficients,
standard errors, residual standard deviation and R2 how many digits of the
model are right (log relative error, at most 15, the worst of several).
CSV may be a file of certified values (*.certified.json) instead. Exits 1 if
a quantity has fewer digits than wanted. With --all N instead, does so for
model0 and in0 to N - 1, and prints the worst of all.
"""
import csv
import json
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def invert(matrix):
    """The inverse of a positive definite matrix, by Gauss-Jordan."""
    n = len(matrix)
    rows = [row + [Fraction(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for k in range(n):
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(n):
            if i != k:
                factor = rows[i][k]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    return [row[n:] for row in rows]


def solve(path, model):
    names = [term["name"] for term in model["terms"]]
    xs, y = [], []
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            xs.append([Fraction(1 if name == "1" and model["intercept"] else row[name]) for name in names])
            y.append(Fraction(row[model["target"]]))
    p, n = len(names), len(y)
    inverse = invert([[sum(x[i] * x[j] for x in xs) for j in range(p)] for i in range(p)])
    xy = [sum(x[i] * v for x, v in zip(xs, y)) for i in range(p)]
    coef = [sum(a * b for a, b in zip(row, xy)) for row in inverse]
    sse = sum((v - sum(b * c for b, c in zip(coef, x))) ** 2 for x, v in zip(xs, y))
    mean = sum(y) / n if model["intercept"] else 0
    sst = sum((v - mean) ** 2 for v in y)
    return {
        "coef": [decimal(c) for c in coef],
        "se": [decimal(sse / (n - p) * inverse[i][i]).sqrt() for i in range(p)],
        "rsd": [decimal(sse / (n - p)).sqrt()],
        "r2": [decimal(1 - sse / sst)],
    }


def certified(path):
    with open(path) as file:
        values = json.load(file)["mp100"]
    listed = {key: values[key] if isinstance(values[key], list) else [values[key]] for key in ("coef", "se", "rsd", "r2")}
    return {key: [Decimal(text) for text in texts] for key, texts in listed.items()}


def digits(have, want):
    error = abs(Decimal(have) - want)
    if want:
        error /= abs(want)
    return min(15.0, float(-error.log10())) if error else 15.0


def compare(path, source):
    with open(path) as file:
        model = json.load(file)
    right = certified(source) if source.endswith(".certified.json") else solve(source, model)
    have = {key: [term[key] for term in model["terms"]] for key in ("coef", "se")}
    have |= {key: [model[key]] for key in ("rsd", "r2")}
    assert all(len(have[key]) == len(right[key]) for key in have)
    return {key: min(map(digits, have[key], right[key])) for key in have}


def main():
    if sys.argv[1] == "--all":
        all_found = [compare(f"model{i}", f"in{i}") for i in range(int(sys.argv[2]))]
        found = {key: min(each[key] for each in all_found) for key in all_found[0]}
    else:
        found = compare(sys.argv[1], sys.argv[2])
    print(" ".join(f"{key} {value:4.1f}" for key, value in found.items()))
    for wish in sys.argv[3:]:
        key, least = wish.split("=")
        if found[key] < float(least):
            sys.exit(f"{key}: {found[key]:.2f} digits, not {least}")


main()
