load helper

# The member $2 of the model file $1, without quotes.
member() {
    sed -n "s/^  \"$2\": \"\{0,1\}\([^,\"]*\).*/\1/p" "$1"
}

# The coefficient of term $2 in the model file $1.
coef() {
    sed -n "s/.*\"name\": \"$2\", \"coef\": \"\([^\"]*\)\".*/\1/p" "$1"
}

# Fails unless $1 is $2 up to the relative difference $3.
close() {
    awk -v a="$1" -v b="$2" -v r="$3" \
        'BEGIN { print a, b; exit !(b != 0 && (a - b) ^ 2 < (r * b) ^ 2) }'
}

# Fails unless the model file has at least so many right digits: see
# lr-exact.py. What it has is shown.
right() { # NAME MODEL CSV QUANTITY=DIGITS...
    local name=$1 digits
    shift
    digits=$(python3 "$BATS_TEST_DIRNAME/lr-exact.py" "$@")
    printf '# %-10s %s\n' "$name" "$digits" >&3
}

# Features of candles in canonical columns, as the pipeline makes them.
features() {
    awk -F, 'BEGIN { OFS = ","; print "volume,quote,taker,range,trades" }
        /^[0-9]/ { print $6, $8, $10, sprintf("%.8f", $3 - $4), $9 }' "$1"
}

# The first four fifths of the rows of file $1.
oldest() {
    head -n $((($(wc -l < "$1") - 1) * 4 / 5 + 1)) "$1"
}

@test "lr-train: writes a model, each member and each term on its line" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' | lr-train -y y -x x > model
    file_is model '{
  "format": "sluice-lr",
  "version": 2,
  "tool": "lr-train 0.1.0",
  "target": "y",
  "intercept": true,
  "columns": [
    {"name": "x", "type": "number", "min": "1", "max": "5"}
  ],
  "terms": [
    {"name": "1", "coef": "2.2", "se": "0.938083151964685910913126", "t": "2.345207879911714777282815", "p": 0.10074345608542004, "ci_low": "-0.78539926101891", "ci_high": "5.18539926101891", "beta_std": null, "vif": null},
    {"name": "x", "coef": "0.6", "se": "0.2828427124746190097603377", "t": "2.121320343559642573202533", "p": 0.12402706265755463, "ci_low": "-0.300131745291274", "ci_high": "1.50013174529127", "beta_std": "0.7745966692414833770358531", "vif": 1}
  ],
  "rows": {
    "read": 5,
    "used": 5,
    "missing": 0,
    "bad": 0
  },
  "n": 5,
  "sum_w": null,
  "df": 3,
  "rank": 2,
  "sse": "2.4",
  "sst": "6",
  "sst_kind": "centred",
  "rsd": "0.8944271909999158785636695",
  "rmse": "0.6928203230275509174109785",
  "r2": "0.6",
  "adj_r2": "0.4666666666666666666666667",
  "f": "4.5",
  "f_p": 0.12402706265755463,
  "loglik": -5.259769728322863,
  "aic": 16.519539456645724,
  "bic": 15.347853193948026,
  "level": 0.95,
  "tq": 3.1824463052837086,
  "perfect_fit": false,
  "dropped": [],
  "cond": 4.46653,
  "digits_at_risk": 0.64997,
  "certified_digits": 75,
  "means": {
    "x": "3"
  },
  "sds": {
    "x": "1.581138830084189665999447"
  },
  "weights": null,
  "ridge": null,
  "cv": null,
  "select": null,
  "white": [
    ["0.4472135954999579392818347"],
    ["-0.9486832980505137995996681", "0.3162277660168379331998894"]
  ]
}
'
}

@test "lr-train: writes what is certain as strings of 25 digits" {
    printf 'x,y\n1,2\n2,4\n3,5.5\n4,4\n5,5\n7,2\n' | lr-train -y y -x x > model
    python3 - model << 'END'
import json, sys
model = json.load(open(sys.argv[1]))
for text in [t[k] for t in model["terms"] for k in ("coef", "se", "t")] + [model["sse"], model["f"]]:
    assert 22 <= len(text.strip("-0.").replace(".", "")) <= 25, text
END
}

@test "lr-train: -I leaves the intercept out and takes R2 about zero" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' > in
    lr-train -I -y y -x x in > model
    [ "$(member model intercept) $(member model sst_kind) $(member model rank)" = "false uncentred 1" ]
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=15 se=15 rsd=15 r2=15
}

@test "lr-train: gives the same bytes for the same rows" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' | lr-train -y y -x x > one
    printf '\357\273\277x,note,y\r\n1,"a\n",2\r\n2,,4\r\n3,"""",5\r\n4,b,4\r\n"5",c,"5"' |
        lr-train -y y -x x > two
    cmp one two
}

@test "lr-train: reads several files under one header" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' | lr-train -y y -x x > whole
    printf 'x,y\n1,2\n2,4\n' > one
    printf 'x,y\n3,5\n4,4\n5,5\n' > two
    lr-train -y y -x x one two > parts
    cmp whole parts
}

@test "lr-train: leaves rows with a missing value out, and counts them" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' | lr-train -y y -x x > full
    printf 'x,y\n1,2\n2,4\n,9\n3,5\n9,\n4,4\n"",7\n5,5\n' | lr-train -y y -x x > gaps
    diff full gaps > difference || true
    grep '^[<>]' difference > lines
    file_is lines '<     "read": 5,
>     "read": 8,
<     "missing": 0,
>     "missing": 3,
'
}

@test "lr-train: -M error stops at a missing value" {
    run -2 --separate-stderr lr-train -M error -y y -x x <<< $'x,y\n1,2\n,4'
    stderr_is "lr-train: standard input: line 3: record 3: column 'x': the value is missing"
    [ -z "$output" ]
}

@test "lr-train: -M knows only error and drop" {
    run -2 --separate-stderr lr-train -M skip -y y -x x <<< $'x,y\n1,2\n2,4'
    stderr_is "lr-train: -M: 'skip': want error or drop"
}

@test "lr-train: refuses a cell that is not a number" {
    for cell in abc 0x10 nan inf ' 1' 1e99999; do
        printf 'x,y\n1,2\n2,%s\n3,4\n' "$cell" > in
        run -2 --separate-stderr lr-train -y y -x x in
        stderr_is "lr-train: in: line 3: record 3: column 'y': '$cell' is no number"
        [ -z "$output" ]
    done
}

@test "lr-train: refuses a target that does not vary" {
    run -2 --separate-stderr lr-train -y y -x x <<< $'x,y\n1,2\n2,2.0\n3,2'
    stderr_is "lr-train: cannot fit 'y': the target is constant"
    run -2 --separate-stderr lr-train -I -y y -x x <<< $'x,y\n1,0\n2,0'
    stderr_is "lr-train: cannot fit 'y': the target is zero"
}

@test "lr-train: no input at all is an error" {
    run -2 --separate-stderr lr-train -y y -x x < /dev/null
    stderr_is "lr-train: standard input: empty, without a header"
}

@test "lr-train: refuses too few rows" {
    run -2 --separate-stderr lr-train -y y -x x <<< 'x,y'
    stderr_is "lr-train: cannot fit 'y': no rows"
    run -2 --separate-stderr lr-train -y y -x x,z <<< $'x,y,z\n1,2,3\n4,5,7'
    stderr_is "lr-train: cannot fit 'y': 2 rows for 3 columns"
}

@test "lr-train: fits as many rows as coefficients without errors to tell" {
    lr-train -y y -x x > model <<< $'x,y\n1,2\n2,4'
    [ "$(member model df) $(member model r2) $(member model rsd)" = "0 1 null" ]
    [ "$(grep -c '"se": null, "t": null, "p": null, "ci_low": null' model)" -eq 2 ]
}

@test "lr-train: fits values whose squares no double holds" {
    lr-train -y y -x x > model <<< $'x,y\n1,1e300\n2,-1e300\n3,1e300'
    [ "$(coef model x) $(member model rsd | cut -c1-10)" = "0 1.63299316" ]
}

@test "lr-train: refuses values whose sums no memory should hold" {
    run -2 --separate-stderr lr-train -y y -x x <<< $'x,y\n1,1e4000\n2,-1e4000\n3,1e4000'
    [[ $stderr == "lr-train: "*" large"* || $stderr == "lr-train: "*"pass"* ]]
    [ -z "$output" ]
}

@test "lr-train: refuses columns that are not there" {
    run -2 --separate-stderr lr-train -y z -x x <<< $'x,y\n1,2'
    stderr_is "lr-train: standard input: no column 'z'; it has x, y"
    run -2 --separate-stderr lr-train -y y -x x,z <<< $'x,y\n1,2'
    stderr_is "lr-train: standard input: no column 'z'; it has x, y"
}

@test "lr-train: refuses names that a model cannot have" {
    run -2 --separate-stderr lr-train -y y -x x,y <<< $'x,y\n1,2'
    stderr_is "lr-train: column 'y' has two parts"
    run -2 --separate-stderr lr-train -y y -x 1 <<< $'1,y\n1,2'
    stderr_is "lr-train: column '1': the intercept has this name"
    run -2 --separate-stderr lr-train -y y -x $'caf\351' <<< $'caf\351,y\n1,2\n2,3\n3,3'
    stderr_is "lr-train: column 'caf"$'\351'"': not UTF-8"
}

@test "lr-train: wants -y, and columns" {
    run -2 --separate-stderr lr-train -x x
    [ "${stderr_lines[0]}" = "lr-train: -y COL is missing" ]
    run -2 --separate-stderr lr-train -y y <<< $'x,y\n1,2'
    [[ $stderr == "lr-train: "* ]]
}

@test "lr-train: leaves out the first level of a category" {
    printf 'x,c,y\n1,b,2\n2.5,a,3\n3,c,7\n4,a,8\n9,b,3\n8,c,1\n' > in
    lr-train -y y -x x -C c in > model
    [ "$(sed -n 's/.*"name": "\([^"]*\)", "coef.*/\1/p' model | tr '\n' ' ')" = "1 x c=b c=c " ]
    grep -qF '{"name": "c", "type": "category", "levels": ["a", "b", "c"], "reference": "a"}' model
    awk -F, -v OFS=, 'NR > 1 { $2 = ($2 == "b") "," ($2 == "c") } NR == 1 { $2 = "b,c" } { print }' in > dummies
    lr-train -y y -x x,b,c dummies > plain
    for pair in 1:1 x:x c=b:b c=c:c; do
        [ "$(coef model "${pair%:*}")" = "$(coef plain "${pair#*:}")" ]
    done
}

@test "lr-train: -I keeps all levels of the first category taken" {
    printf 'c,d,y\na,u,1\na,v,2\nb,u,3\nb,v,5\nb,u,4\na,v,9\n' > in
    lr-gram -y y -C c -C d in > state
    lr-train -f -I -y y -C d state > model
    [ "$(sed -n 's/.*"name": "\([^"]*\)", "coef": "\([^"]*\)".*/\1 \2/p' model | tr '\n' ' ')" = "d=u 2.666666666666666666666667 d=v 5.333333333333333333333333 " ]
    lr-train -I -y y -C c -C d in > model
    [ "$(sed -n 's/.*"name": "\([^"]*\)", "coef.*/\1/p' model | tr '\n' ' ')" = "c=a c=b d=v " ]
}

@test "lr-train: drops the later of dependent columns and says exactly why" {
    awk 'BEGIN { print "high,low,range,x,five,y"
        for (i = 0; i < 1000; i++) {
            low = 43000 + i * 37 % 101 / 100; range = i * 53 % 89 / 100
            printf "%.2f,%.2f,%.2f,%d,5,%d\n", low + range, low, range, i % 7, i * 29 % 31
        } }' > in
    run -0 --separate-stderr lr-train -y y -x high,low,range,five,x in
    [ "$stderr" = "lr-train: column 'range' depends on others and is dropped: range = high - low
lr-train: column 'five' depends on others and is dropped: five = 5" ]
    printf '%s\n' "$output" > model
    sed -n '/dropped/,/]/p' model > dropped
    file_is dropped '  "dropped": [
    {"name": "range", "relation": "range = high - low"},
    {"name": "five", "relation": "five = 5"}
  ],
'
    [ "$(member model rank)" -eq 4 ]
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=15 se=15 rsd=15 r2=15
}

@test "lr-train: tells a relation of long fractions to 12 digits, with ~" {
    python3 - > in << 'END'
import random
from fractions import Fraction
from decimal import Decimal, getcontext
getcontext().prec = 400
random.seed(1)
k = Decimal(random.randrange(10 ** 150)) / 10 ** 150
print("a,b,c,y")
for i in range(12):
    a, b = random.randrange(99), random.randrange(99)
    print(a, b, format(k * a + k * k * b, "f"), random.randrange(9), sep=",")
END
    run -0 --separate-stderr lr-train -y y -x a,b,c in
    [[ $stderr =~ ^"lr-train: column 'c' depends on others and is dropped: c ~ "0\.[0-9]+" a + "0\.[0-9]+" b"$ ]]
}

@test "lr-train: warns of near-collinearity, and -S makes it an error" {
    printf 'x,z,y\n1,1,1\n2,2,4\n3,3,2\n4,4.0000000001,7\n5,5,5\n' > in
    run -0 --separate-stderr lr-train -y y -x x,z in
    [[ $stderr == "lr-train: nearly collinear: condition number "*", VIF of 'x' "*", VIF of 'z' "* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    run -2 --separate-stderr lr-train -S -y y -x x,z in
    [[ $stderr == "lr-train: nearly collinear: "* ]]
    [ -z "$output" ]
}

@test "lr-train: has all 15 digits on all NIST sets" {
    need_data nist
    printf '# %-10s digits of 15, the least\n' set >&3
    for set in Norris Pontius NoInt1 NoInt2 Filip Longley Wampler{1..5}; do
        options=(-x all)
        case $set in
        NoInt*) options+=(-I) ;;
        Filip) options+=(-p x:10) ;;
        Pontius) options+=(-p x:2) ;;
        Wampler*) options+=(-p x:5) ;;
        esac
        lr-train -y y "${options[@]}" "$DATA/nist/$set.csv" > model 2> said
        right "$set" model "$DATA/nist/$set.certified.json" coef=15 se=15 rsd=15 r2=15
    done
}

@test "lr-train: has all 15 on the Wampler polynomials" {
    for set in 1 2 3 4 5; do
        python3 - $set > in << 'END'
import sys
from decimal import Decimal
set = int(sys.argv[1])
delta = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048]
delta += delta[-2::-1]
print("y,x1,x2,x3,x4,x5")
for x in range(21):
    y = sum((Decimal("0.1") if set == 2 else 1) ** k * x ** k for k in range(6))
    y += {3: 1, 4: 100, 5: 10000}.get(set, 0) * delta[x]
    print(y, *(x ** k for k in range(1, 6)), sep=",")
END
        lr-train -y y -x x1,x2,x3,x4,x5 in > model 2> said
        right "Wampler$set" model in coef=15 se=15 rsd=15 r2=15
        cut -d, -f1,2 in | lr-train -y y -p x1:5 > powers 2> said
        [ "$(coef powers 'x1^5')" = "$(coef model x5)" ]
    done
}

@test "lr-train: says that a fit is perfect" {
    printf 'x,y\n1,3\n2,5\n3,7\n4,9\n' | lr-train -y y -x x > model
    [ "$(member model perfect_fit) $(member model sse) $(member model rsd)" = "true 0 0" ]
    [ "$(coef model 1) $(coef model x) $(grep -c '"se": "0", "t": null, "p": null' model)" = "1 2 2" ]
}

@test "lr-train: has them without an intercept" {
    awk 'BEGIN { print "y,x"; for (x = 60; x <= 70; x++) print x + 70 "," x }' > in
    lr-train -I -y y -x x in > model
    right NoInt1 model in coef=15 se=15 rsd=15 r2=15
    printf 'y,x\n3,4\n4,5\n4,6\n' > in
    lr-train -I -y y -x x in > model
    right NoInt2 model in coef=15 se=15 rsd=15 r2=15
}

# Problems $1 to $2, each a file of CSV whose columns nearly depend on others.
ill_conditioned() {
    python3 - "$1" "$2" << 'END'
import random, sys
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    random.seed(seed)
    p = random.randint(2, 5)
    with open(f"in{seed}", "w") as out:
        print(*(f"x{j}" for j in range(p)), "y", sep=",", file=out)
        for _ in range(random.randint(p + 2, 25)):
            row = [random.randrange(-999, 999) + 10 ** random.randint(0, 9) for _ in range(p - 1)]
            tiny = random.randrange(-9, 10)
            print(*row, f"{sum(row)}.{'0' * random.randint(3, 9)}{tiny * tiny}", random.randrange(-99, 99), sep=",", file=out)
END
}

@test "lr-train: equals rational arithmetic on 200 ill-conditioned problems" {
    ill_conditioned 0 200
    for seed in {0..199}; do
        names=$(head -n 1 "in$seed")
        intercept=-I
        [ $((seed % 2)) -eq 0 ] || intercept=-Mdrop
        lr-train $intercept -y y -x "${names%,y}" "in$seed" > "model$seed" 2> said
    done
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" --all 200 > digits
    file_is digits 'coef 15.0 se 15.0 rsd 15.0 r2 15.0
'
}

@test "lr-train: finds the known coefficients of real candles" {
    while read -r file intercept volume quote taker range r2; do
        need_data "klines/$file"
        features "$DATA/klines/$file" > in
        oldest in | lr-train -y trades -x volume,quote,taker,range > model
        for pair in "1 $intercept" "volume $volume" "quote $quote" "taker $taker" "range $range"; do
            close "$(coef model "${pair% *}")" "${pair#* }" 1e-10
        done
        [ "$(printf '%.10f' "$(member model r2)")" = "$r2" ]
    done << 'END'
BTCUSDT-1h.csv 11092.8652337 5.27330511359 0.000704233148705 0.0258904640188 -59.9923927086 0.8812431746
FILUSDT-1m-futures.csv -3.11402851644 0.000694068427047 0.00100406022621 0.000631817042518 18546.301305 0.9229044022
END
}

@test "lr-train: gives the same bytes whatever the order of rows" {
    need_data klines/FILUSDT-1m-futures.csv
    features "$DATA/klines/FILUSDT-1m-futures.csv" > in
    lr-train -y trades -x volume,quote,taker,range in > forth 2> said
    { head -n 1 in; sed 1d in | tac; } | lr-train -y trades -x volume,quote,taker,range > back 2> said
    cmp forth back
}

@test "lr-train: gives the same bytes from states of any split" {
    kline-sim -s BTCUSDT -i 1m -n 3000 > in
    lr-train -y num_of_trades -x open_time,close,volume in 2> said | sed 's/, "min".*}/}/' > whole
    for seed in 1 2 3; do
        python3 - $seed << 'END'
import random, sys
random.seed(sys.argv[1])
header, *rows = open("in")
random.shuffle(rows)
parts = random.randint(2, 9)
for part in range(parts):
    with open(f"part{part}", "w") as out:
        out.writelines([header] + rows[part::parts])
END
        for part in part?; do
            lr-gram -x all "$part" > "$part.state"
        done
        cat part?.state | lr-train -f -y num_of_trades -x open_time,close,volume > parts 2> said
        cmp whole parts
        rm part*
    done
}

@test "lr-train: -f takes any column of a state for the target" {
    printf 'a,b,c\n1,2,3\n2,4,5\n3,5,9\n4,4,1\n5,5,0\n' > in
    lr-gram -x all in > state
    for target in a b c; do
        lr-train -y $target -x all in 2> said | sed 's/, "min".*}/}/' > rows
        lr-train -f -y $target -x all state > sums 2> said
        cmp rows sums
    done
    run -2 --separate-stderr lr-train -f -y d -x a state
    stderr_is "lr-train: no term 'd' in the state; it has 1, a, b, c"
    run -2 --separate-stderr lr-train -f -y c -x a -p a:2 state
    stderr_is "lr-train: no term 'a^2' in the state; it has 1, a, b, c"
}

@test "lr-train: -f takes folds and weights from the states, not from options" {
    run -2 --separate-stderr lr-train -f -K 3 -B block -y y -x x <<< 'a,b,sum'
    [ "${stderr_lines[0]}" = "lr-train: -f: states have folds and weights already" ]
    run -2 --separate-stderr lr-train -f -w w -y y -x x <<< 'a,b,sum'
    [ "${stderr_lines[0]}" = "lr-train: -f: states have folds and weights already" ]
}

@test "lr-train: -w weights rows as rational arithmetic does" {
    printf 'x,w,y\n1,2,2\n2,0.5,4\n3,1,5\n4,3.25,4\n5,1,5\n9,0,1000\n' > in
    lr-train -w w -y y -x x in > model
    python3 - << 'END'
import json, math
from fractions import Fraction as F
rows = [(F(x), F(w), F(y)) for x, w, y in (("1", "2", "2"), ("2", "0.5", "4"), ("3", "1", "5"), ("4", "3.25", "4"), ("5", "1", "5"))]
s = lambda f: sum(w * f(x, y) for x, w, y in rows)
n, sx, sy, sxx, sxy = s(lambda x, y: 1), s(lambda x, y: x), s(lambda x, y: y), s(lambda x, y: x * x), s(lambda x, y: x * y)
b = (n * sxy - sx * sy) / (n * sxx - sx * sx)
a = (sy - b * sx) / n
sse = s(lambda x, y: (y - a - b * x) ** 2)
model = json.load(open("model"))
for text, value in ((model["terms"][0]["coef"], a), (model["terms"][1]["coef"], b), (model["sse"], sse), (model["sum_w"], n)):
    assert abs(F(text) - value) < abs(value) / 10 ** 23, (text, float(value))
assert math.isclose(float(model["rsd"]), math.sqrt(sse / 3)) and model["df"] == 3 and model["n"] == 5
assert model["aic"] is None and model["weights"] == {"column": "w", "kind": "precision"}
END
}

@test "lr-train: -N leaves out what intervals need" {
    printf 'x,y\n1,2\n2,4\n3,5\n' | lr-train -N -y y -x x > model
    run -1 grep white model
}

@test "lr-train: -l sets the level of the intervals" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' > in
    lr-train -l 0.99 -y y -x x in > model
    [ "$(member model level) $(member model tq | cut -c1-12)" = "0.99 5.8409093097" ]
    run -2 --separate-stderr lr-train -l 1 -y y -x x in
    stderr_is "lr-train: -l: '1' is not between 0 and 1"
}

# Rows of x, z, c and y, and a key.
noisy() {
    python3 - > in << 'END'
import random
random.seed(2)
print("key,x,z,c,y")
for i in range(60):
    x, z, c = random.gauss(5, 1), random.gauss(0, 3), random.choice("ab")
    print(i, f"{x:.3f}", f"{z:.2f}", c, f"{2 * x + (c == 'b') + random.gauss(0, 1):.3f}", sep=",")
END
}

# Solves (C + lambda diag(C)) b = c in rational arithmetic, for the tests below.
rational() {
    cat > rational.py << 'END'
import csv, json
from fractions import Fraction
def fit(rows, names, lam=Fraction(0)):
    means = {k: sum(r[k] for r in rows) / len(rows) for k in names + ["y"]}
    c = [[sum((r[a] - means[a]) * (r[b] - means[b]) for r in rows) for b in names + ["y"]] for a in names]
    for i in range(len(names)):
        c[i][i] *= 1 + lam
    for k in range(len(names)):
        c[k] = [v / c[k][k] for v in c[k]]
        for i in range(len(names)):
            if i != k:
                c[i] = [a - c[i][k] * b for a, b in zip(c[i], c[k])]
    b = {name: c[i][-1] for i, name in enumerate(names)}
    return dict(b, **{"1": means["y"] - sum(b[k] * means[k] for k in names)})
def sse(rows, b):
    return sum((r["y"] - sum(v * (r[k] if k != "1" else 1) for k, v in b.items())) ** 2 for r in rows)
def read(path):
    return [{k: Fraction(v) for k, v in r.items() if k != "c"} | {"c=b": Fraction(r["c"] == "b")} for r in csv.DictReader(open(path))]
def same(text, value):
    return abs(Fraction(text) - value) <= abs(value) / 10 ** 24
END
}

@test "lr-train: -r gives the ridge that rational arithmetic gives" {
    noisy
    rational
    lr-train -r 0.1 -y y -x x,z -C c in > model
    python3 - << 'END'
from rational import *
model, rows = json.load(open("model")), read("in")
b = fit(rows, ["x", "z", "c=b"], Fraction(1, 10))
assert all(same(t["coef"], b[t["name"]]) and t["se"] is None for t in model["terms"])
assert same(model["sse"], sse(rows, b)) and "white" not in model and model["ridge"]["lambda"] == "0.1"
END
    lr-train -r 0 -y y -x x,z -C c in > zero
    lr-train -y y -x x,z -C c in > none
    for term in 1 x z c=b; do
        [ "$(coef zero $term)" = "$(coef none $term)" ]
    done
    run -2 --separate-stderr lr-train -r -1 -y y -x x in
    stderr_is "lr-train: -r: '-1' is no number from 0 on"
    run -2 --separate-stderr lr-train -r 1,2 -y y -x x in
    stderr_is "lr-train: -r: choosing among several needs folds; see -K"
}

@test "lr-train: -K gives the error that models of the rows give, exactly, and the best ridge" {
    noisy
    rational
    lr-train -K 5 -B block -r 0,0.01,0.1,1 -y y -x x,z -C c in > model
    python3 - << 'END'
from rational import *
model, rows = json.load(open("model")), read("in")
folds = [rows[k * 12:(k + 1) * 12] for k in range(5)]
for each in model["cv"]["tries"]:
    total = 0
    for fold in folds:
        rest = [row for row in rows if row not in fold]
        total += sse(fold, fit(rest, ["x", "z", "c=b"], Fraction(each["lambda"])))
    assert same(str(Fraction(each["rmse"]) ** 2), total / 60), each
best = min(model["cv"]["tries"], key=lambda each: Fraction(each["rmse"]))
assert best["lambda"] == model["ridge"]["lambda"] and best["rmse"] == model["cv"]["rmse"]
END
    lr-gram -K 5 -B block -y y -x x,z -C c in | lr-train -f -r 0,0.01,0.1,1 -y y -x x,z -C c > state
    sed 's/, "min".*}/}/' model | cmp - state
}

@test "lr-train: -s leaves out, one by one, what makes the criterion less" {
    noisy
    lr-train -s bic -y y -x x,z,key -C c in > model
    python3 - << 'END'
import json, subprocess
def bic(x):
    command = ["lr-train", "-y", "y"] + (["-x", ",".join(n for n in x if n != "c")] if x != ["c"] else [])
    command += ["-C", "c"] * ("c" in x) + ["in"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["bic"]
left, removed = ["x", "z", "key", "c"], []
value = bic(left)
while len(left) > 1:
    tries = [(bic([n for n in left if n != name]), name) for name in left]
    least = min(tries)
    if least[0] > value:
        break
    value = least[0]
    left.remove(least[1])
    removed.append(least[1].replace("c", "c=b"))
model = json.load(open("model"))
assert removed and model["select"] == {"criterion": "bic", "removed": removed}, (removed, model["select"])
assert abs(model["bic"] - value) < 1e-9
END
    run -2 --separate-stderr lr-train -s r2 -y y -x x in
    stderr_is "lr-train: -s: 'r2': want aic or bic"
}
