load helper

# A model file "model" of target $1 with the terms that follow: NAME COEF...,
# where 1 is the constant and the others are columns of numbers.
model() {
    python3 - "$@" > model << 'END'
import json, sys
target, *rest = sys.argv[1:]
terms = [{"name": name, "coef": coef} for name, coef in zip(rest[::2], rest[1::2])]
columns = [{"name": term["name"], "type": "number"} for term in terms if term["name"] != "1"]
print(json.dumps({"format": "sluice-lr", "version": 2, "target": target, "columns": columns, "terms": terms}))
END
}

@test "lr-predict: appends the prediction and leaves other bytes alone" {
    model y 1 0.5 a 2 b -1
    printf 'b,note,a\n1,"x,\n""",2\n"3",,0.25\n' | lr-predict -m model > out
    file_is out 'b,note,a,predicted_y
1,"x,
""",2,3.5
"3",,0.25,-2
'
}

@test "lr-predict: undoes what lr-train learned" {
    printf 'x,y\n1,5\n2,8\n3,11\n4,14\n' > in
    lr-train -y y -x x in > model
    lr-predict -m model in > out
    awk -F, 'NR > 1 && ($3 - $2) ^ 2 > 1e-20 { exit 1 }' out
    [ "$(wc -l < out)" -eq 5 ]
}

@test "lr-predict: rounds once, to 17 digits, half to even" {
    model y x 1
    printf 'x\n0.1\n100000\n1e21\n-0\n0.1234567890123456789\n2.5e-7\n1234567890123456.75\n-12345678901234567.5\n12345678901234566.5\n12345678901234566.50001\n99999999999999999.9\n0.00001\n0.000001\n99999999999999999\n' |
        lr-predict -m model -c p | cut -d, -f2 > out
    file_is out 'p
0.1
100000
1e+21
0
0.12345678901234568
2.5e-07
1234567890123456.8
-12345678901234568
12345678901234566
12345678901234567
1e+17
0.00001
1e-06
99999999999999999
'
}

@test "lr-predict: is exact where doubles cancel" {
    model y a 1 b -1 c 1e-30
    printf 'a,b,c\n1e30,1000000000000000000000000000000,1e30\n1e40,1e40,7\n' | lr-predict -m model -c p | cut -d, -f4 > out
    file_is out 'p
1
7e-30
'
}

@test "lr-predict: equals rational arithmetic, powers, products and levels included" {
    python3 - > in << 'END'
import random
random.seed(4)
print("a,b,c,y")
for i in range(60):
    a, b, c = random.uniform(-9, 9), random.uniform(0, 500), random.choice("rst")
    print(f"{a:.4f},{b:.{random.randint(0, 6)}f},{c},{a ** 3 + b * a + random.gauss(0, 5):.3f}")
END
    lr-train -y y -x a,b -p a:4 -c 'a*b' -C c -c 'c*b' in > model 2> said
    lr-predict -m model -c p in > out
    python3 - out model << 'END'
import csv, json, sys
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
model = json.load(open(sys.argv[2]))
context = Context(prec=17, rounding=ROUND_HALF_EVEN)
def value(row, name):
    result = Fraction(1)
    for factor in name.split("*") if name != "1" else []:
        if "=" in factor:
            column, level = factor.split("=")
            result *= row[column] == level
        else:
            column, _, power = factor.partition("^")
            result *= Fraction(row[column]) ** int(power or 1)
    return result
for row in csv.DictReader(open(sys.argv[1])):
    exact = sum(Fraction(term["coef"]) * value(row, term["name"]) for term in model["terms"])
    scaled = exact * 10 ** 400
    assert scaled.denominator == 1
    want = context.plus(Decimal(scaled.numerator).scaleb(-400, Context(prec=1000)))
    assert Decimal(row["p"]) == want, (row, want)
assert len(model["terms"]) == 11, len(model["terms"])
END
}

@test "lr-predict: equals rational arithmetic whatever the spelling of values" {
    python3 - << 'END'
import json, random
random.seed(6)
coefs = ["-3.141592653589793238462643", "2.718281828459045235360287e-6", "1618.033988749894848204587", "-0.5772156649015328606065121", "1"]
names = ["1", "a", "b", "b*c=v", "c=w"]
columns = [{"name": "a", "type": "number", "min": "-5.25", "max": "5.125"}, {"name": "b", "type": "number"}, {"name": "c", "type": "category", "levels": ["u", "v", "w"]}]
terms = [{"name": name, "coef": coef} for name, coef in zip(names, coefs)]
json.dump({"format": "sluice-lr", "version": 2, "target": "y", "columns": columns, "terms": terms}, open("model", "w"))
def number():
    digits = "".join(random.choices("0123456789", k=random.randint(1, 24)))
    point = random.randint(0, len(digits))
    return random.choice(["", "-", "+"]) + digits[:point] + random.choice([".", "."]) * (point < len(digits)) + digits[point:] + random.choice(["", "", "", "e3", "E-7"])
with open("in", "w") as out:
    print("a,b,c", file=out)
    for a in ["6", "-6", "5.2", "-5.3", "5", "-5"] + [number() for _ in range(1994)]:
        print(a, number(), random.choice("uvw"), sep=",", file=out)
END
    lr-predict -m model -c p in > out 2> said
    python3 - << 'END'
import csv, re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
coefs = [Fraction(c) for c in ("-3.141592653589793238462643", "2.718281828459045235360287e-6", "1618.033988749894848204587", "-0.5772156649015328606065121", "1")]
context, outside = Context(prec=17, rounding=ROUND_HALF_EVEN), 0
for row in csv.DictReader(open("out")):
    a, b, c = Fraction(Decimal(row["a"])), Fraction(Decimal(row["b"])), row["c"]
    outside += not Fraction("-5.25") <= a <= Fraction("5.125")
    exact = coefs[0] + coefs[1] * a + coefs[2] * b + coefs[3] * b * (c == "v") + coefs[4] * (c == "w")
    scaled = exact * 10 ** 90
    assert scaled.denominator == 1
    want = context.plus(Decimal(scaled.numerator).scaleb(-90, Context(prec=1000)))
    assert Decimal(row["p"]) == want, (row, want)
assert open("said").read() == f"lr-predict: {outside} of 2000 predictions are outside the trained range: 'a' ({outside})\n"
END
}

@test "lr-predict: gives the intervals that the formulas give" {
    printf 'x,z,y\n1,3,2\n2,1,4\n3,2,5\n4,9,4\n5,4,5\n6,1,9\n' > in
    lr-train -y y -x x,z in > model
    lr-predict -m model -i prediction -c p in > new
    lr-predict -m model -i confidence -l 0.9 -c p in > mean
    [ "$(head -n 1 new)" = "x,z,y,p,p_low,p_high" ]
    python3 - << 'END'
import csv, math
from fractions import Fraction
rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open("new"))]
means = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open("mean"))]
X = [[1, row["x"], row["z"]] for row in rows]
n, p = 6, 3
A = [[Fraction(sum(x[i] * x[j] for x in X)) for j in range(p)] + [Fraction(i == j) for j in range(p)] for i in range(p)]
for k in range(p):
    A[k] = [v / A[k][k] for v in A[k]]
    for i in range(p):
        if i != k:
            A[i] = [a - A[i][k] * b for a, b in zip(A[i], A[k])]
s = math.sqrt(sum((row["y"] - row["p"]) ** 2 for row in rows) / (n - p))
for x, new, mean in zip(X, rows, means):
    h = float(sum(Fraction(x[i]) * A[i][p + j] * Fraction(x[j]) for i in range(p) for j in range(p)))
    # Student's quantiles for 3 degrees of freedom, from tables
    for row, width in ((new, 3.182446305283708 * s * math.sqrt(1 + h)), (mean, 2.353363434801823 * s * math.sqrt(h))):
        assert math.isclose(row["p"] - row["p_low"], width, rel_tol=1e-11), (row, width)
        assert math.isclose(row["p_high"] - row["p"], width, rel_tol=1e-11), (row, width)
END
    lr-train -N -y y -x x,z in > model
    run -2 --separate-stderr lr-predict -m model -i confidence in
    stderr_is "lr-predict: model: the model has nothing for intervals"
}

@test "lr-predict: warns, with counts, of values outside the trained range" {
    printf 'x,z,y\n1,3,2\n2,1,4\n3,2,5\n4,9,4\n' > in
    lr-train -y y -x x,z in > model
    run -0 --separate-stderr lr-predict -m model <<< $'x,z\n1,1\n0.99,9\n4.0,9.00001\n7e0,-1\n,100'
    stderr_is "lr-predict: 3 of 4 predictions are outside the trained range: 'x' (2), 'z' (2)"
    lr-gram -x all in | lr-train -f -y y -x x,z > model
    run -0 --separate-stderr lr-predict -m model <<< $'x,z\n0.99,9'
    [ -z "$stderr" ]
}

@test "lr-predict: refuses a level that was not in training, or leaves it empty" {
    printf 'c,y\na,1\nb,2\na,3\nc,9\n' > in
    lr-train -y y -C c in > model
    run -2 --separate-stderr lr-predict -m model -c p <<< $'c\na\nd\nb'
    stderr_is "lr-predict: standard input: line 3: record 3: column 'c': 'd' was not in training"
    [ "$output" = $'c,p\na,2' ]
    lr-predict -m model -c p -u na > out <<< $'c\na\nd\n""\nb'
    file_is out 'c,p
a,2
d,
"",
b,2
'
}

@test "lr-predict: -c names the column, quoted if need be" {
    model y x 1
    lr-predict -m model -c 'a,"b"' > out <<< $'x\n1'
    file_is out 'x,"a,""b"""
1,1
'
}

@test "lr-predict: works with names of any characters" {
    printf '"a,""b""\n c",größe\t\\u,"{""x"": 1}"\n1,1,5\n2,0,7\n3,1,1\n4,7,2\n' > in
    lr-train -y '{"x": 1}' -x $'"a,""b""\n c",größe\t\\u' in > model
    lr-predict -m model in > out
    printf '"a,""b""\n c",größe\t\\u,"{""x"": 1}","predicted_{""x"": 1}"\n' | cmp - <(head -n 2 out)
    [ "$(wc -l < out)" -eq 6 ]
}

@test "lr-predict: gives an empty prediction where a value is missing" {
    model y a 1 b 1
    printf 'a,b,c\n1,,3\n"",2,3\n1,2,\n' | lr-predict -m model > out
    file_is out 'a,b,c,predicted_y
1,,3,
"",2,3,
1,2,,3
'
}

@test "lr-predict: refuses a cell that is not a number" {
    model y a 1
    printf 'a,b\n1,x\ntwo,x\n' > in
    run -2 --separate-stderr lr-predict -m model in
    stderr_is "lr-predict: in: line 3: record 3: column 'a': 'two' is not a number"
    [ "$output" = "a,b,predicted_y
1,x,1" ]
}

@test "lr-predict: refuses input without a column of the model, before any output" {
    model y a 1 b 2
    run -2 --separate-stderr lr-predict -m model <<< $'a,c\n1,2'
    stderr_is "lr-predict: standard input: no column 'b'; it has a, c"
    [ -z "$output" ]
}

@test "lr-predict: does not need a column that lr-train dropped" {
    lr-train -y y -x a,twice > model 2> /dev/null <<< $'a,twice,y\n0,0,1\n1,2,2\n2,4,3\n3,6,4'
    lr-predict -m model -c p <<< $'a\n10' | tail -n 1 > out
    awk -F, '{ exit ($2 - 11) ^ 2 > 1e-20 }' out
}

@test "lr-predict: refuses a column that exists" {
    model y a 1
    run -2 --separate-stderr lr-predict -m model <<< $'a,predicted_y\n1,2'
    stderr_is "lr-predict: standard input: line 1: record 1: column 'predicted_y' exists"
    [ -z "$output" ]
}

@test "lr-predict: predicts what no double holds" {
    model y a 1e300
    lr-predict -m model -c p > out <<< $'a\n1e300'
    file_is out 'a,p
1e300,1e+600
'
}

@test "lr-predict: reads header-only and empty input" {
    model y a 1
    lr-predict -m model > out <<< a
    file_is out 'a,predicted_y
'
    lr-predict -m model > out < /dev/null
    file_is out ''
}

@test "lr-predict: reads several files, CRLF and a byte order mark" {
    model y a 2
    printf '\357\273\277a\r\n1\r\n' > one
    printf 'a\n2' > two
    lr-predict -m model one two > out
    file_is out 'a,predicted_y
1,2
2,4
'
}

@test "lr-predict: refuses a file that is no model" {
    while read -r reason; do
        read -r text
        printf '%s' "$text" > model
        run -2 --separate-stderr lr-predict -m model <<< 'a'
        stderr_is "lr-predict: model: $reason"
        [ -z "$output" ]
    done << 'END'
not a model of lr-train
[]
not a model of lr-train
{"r2_score": {"min": 0.5}}
a model of another version
{"format": "sluice-lr", "version": 1, "target": "y", "terms": []}
a model without target, columns or terms
{"format": "sluice-lr", "version": 2, "columns": [], "terms": []}
a model without target, columns or terms
{"format": "sluice-lr", "version": 2, "target": "y", "columns": []}
a model without target, columns or terms
{"format": "sluice-lr", "version": 2, "target": "y", "terms": []}
a column has no name
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [{}], "terms": []}
a column stands twice
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [{"name": "a"}, {"name": "a"}], "terms": []}
a term has no name
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [{"coef": "1"}]}
a term's coef is not a decimal in a string
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [{"name": "1", "coef": 1}]}
a term's coef is not a decimal in a string
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [{"name": "1", "coef": "nan"}]}
a term stands twice
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [{"name": "1", "coef": "1"}, {"name": "1", "coef": "1"}]}
a term is of unknown columns
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [{"name": "b"}], "terms": [{"name": "a*b", "coef": "1"}]}
white is not of the terms
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [], "white": [["1"]]}
white is not of decimals in strings
{"format": "sluice-lr", "version": 2, "target": "y", "columns": [], "terms": [{"name": "1", "coef": "1"}], "white": [[1]]}
END
}

@test "lr-predict: says why it cannot read a model" {
    run -2 --separate-stderr lr-predict -m nowhere <<< 'a'
    stderr_is "lr-predict: nowhere: No such file or directory"
    printf '{"format": ' > model
    run -2 --separate-stderr lr-predict -m model <<< 'a'
    [[ $stderr == "lr-predict: model: not JSON: "* ]]
    run -2 --separate-stderr lr-predict <<< 'a'
    [ "${stderr_lines[0]}" = "lr-predict: -m MODEL is missing" ]
}

@test "lr-predict: shows a prediction as soon as its row is complete" {
    model y a 2
    mkfifo in out
    lr-predict -m model < in > out &
    exec 4> in 5< out
    printf 'a\n1\n' >&4
    read -r -t 5 header <&5
    read -r -t 5 row <&5
    exec 4>&- 5<&-
    wait
    [ "$header,$row" = "a,predicted_y,1,2" ]
}
