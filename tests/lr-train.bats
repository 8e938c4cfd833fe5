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
    sed -E 's/"-?[0-9][0-9.e+-]*"/"#"/g; s/"#", "coef/"1", "coef/' model > shape
    file_is shape '{
  "format": "sluice-lr",
  "version": 1,
  "tool": "lr-train 0.1.0",
  "target": "y",
  "intercept": true,
  "terms": [
    {"name": "1", "coef": "#", "se": "#", "t": "#"},
    {"name": "x", "coef": "#", "se": "#", "t": "#"}
  ],
  "rows": {
    "read": 5,
    "used": 5,
    "missing": 0
  },
  "n": 5,
  "rank": 2,
  "df": 3,
  "sse": "#",
  "sst": "#",
  "sst_kind": "centred",
  "rsd": "#",
  "r2": "#",
  "adj_r2": "#",
  "f": "#",
  "dropped": []
}
'
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' > in
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=14 se=14 rsd=14 r2=14
}

@test "lr-train: writes 17 digits, so that coefficients read back" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' | lr-train -y y -x x > model
    python3 - model << 'END'
import json, sys
model = json.load(open(sys.argv[1]))
for text in [t[k] for t in model["terms"] for k in ("coef", "se", "t")] + [model["sse"], model["f"]]:
    assert isinstance(text, str) and "%.17g" % float(text) == text, text
END
}

@test "lr-train: -I leaves the intercept out and takes R2 about zero" {
    printf 'x,y\n1,2\n2,4\n3,5\n4,4\n5,5\n' > in
    lr-train -I -y y -x x in > model
    [ "$(member model intercept) $(member model sst_kind) $(member model rank)" = "false uncentred 1" ]
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=14 se=14 rsd=14 r2=14
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
    run -1 diff full gaps
    [ "$output" = '12c12
<     "read": 5,
---
>     "read": 8,
14c14
<     "missing": 0
---
>     "missing": 3' ]
}

@test "lr-train: -M error stops at a missing value" {
    run -2 --separate-stderr lr-train -M error -y y -x x <<< $'x,y\n1,2\n,4'
    stderr_is "lr-train: standard input: line 3: record 3: column 'x' is empty"
    [ -z "$output" ]
}

@test "lr-train: -M knows only error and drop" {
    run -2 --separate-stderr lr-train -M skip -y y -x x <<< $'x,y\n1,2\n2,4'
    stderr_is "lr-train: -M: 'skip': want error or drop"
}

@test "lr-train: refuses a cell that is not a number" {
    for cell in abc 0x10 nan inf ' 1' 1e999; do
        printf 'x,y\n1,2\n2,%s\n3,4\n' "$cell" > in
        run -2 --separate-stderr lr-train -y y -x x in
        stderr_is "lr-train: in: line 3: record 3: column 'y': '$cell' is not a number"
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
    stderr_is "lr-train: cannot fit 'y': no complete row"
    run -2 --separate-stderr lr-train -y y -x x,z <<< $'x,y,z\n1,2,3\n4,5,7'
    stderr_is "lr-train: cannot fit 'y': fewer complete rows (2) than coefficients (3)"
}

@test "lr-train: fits as many rows as coefficients without errors to tell" {
    lr-train -y y -x x > model <<< $'x,y\n1,2\n2,4'
    [ "$(member model df) $(member model r2) $(member model rsd)" = "0 1 null" ]
    [ "$(grep -c '"se": null, "t": null}' model)" -eq 2 ]
}

@test "lr-train: refuses values whose squares no double holds" {
    run -2 --separate-stderr lr-train -y y -x x <<< $'x,y\n1,1e300\n2,-1e300\n3,1e300'
    stderr_is "lr-train: cannot fit 'y': values too large for double precision"
    for rows in 3 300 2000; do
        python3 - $rows > in << 'END'
import random, sys
random.seed(1)
print("a,b,y")
for i in range(int(sys.argv[1])):
    print(random.choice(["", "-"]) + "1.7e308", random.choice(["2", "1e308", "-1.5e308"]), random.choice([i % 7, "1e308"]), sep=",")
END
        run -2 --separate-stderr lr-train -I -y y -x a,b in
        stderr_is "lr-train: cannot fit 'y': values too large for double precision"
    done
}

@test "lr-train: refuses columns that are not there" {
    run -2 --separate-stderr lr-train -y z -x x <<< $'x,y\n1,2'
    stderr_is "lr-train: standard input: no column 'z'; it has x, y"
    run -2 --separate-stderr lr-train -y y -x x,z <<< $'x,y\n1,2'
    stderr_is "lr-train: standard input: no column 'z'; it has x, y"
}

@test "lr-train: refuses names that a model cannot have" {
    run -2 --separate-stderr lr-train -y y -x x,y <<< $'x,y\n1,2'
    stderr_is "lr-train: 'y' is both -x and -y"
    run -2 --separate-stderr lr-train -y y -x 1 <<< $'1,y\n1,2'
    stderr_is "lr-train: column '1': the intercept has this name"
    run -2 --separate-stderr lr-train -y y -x $'caf\351' <<< $'caf\351,y\n1,2'
    stderr_is "lr-train: column 'caf"$'\351'"': not UTF-8"
}

@test "lr-train: wants -x and -y" {
    run -2 --separate-stderr lr-train -x x
    [ "${stderr_lines[0]}" = "lr-train: -y COL and -x COL are needed" ]
    run -2 --separate-stderr lr-train -y y
    [ "${stderr_lines[0]}" = "lr-train: -y COL and -x COL are needed" ]
}

@test "lr-train: drops the later of dependent columns and says so" {
    awk 'BEGIN { print "high,low,range,x,five,y"
        for (i = 0; i < 1000; i++) {
            low = 43000 + i * 37 % 101 / 100; range = i * 53 % 89 / 100
            printf "%.2f,%.2f,%.2f,%d,5,%d\n", low + range, low, range, i % 7, i * 29 % 31
        } }' > in
    run -0 --separate-stderr lr-train -y y -x high,low,range,five,x in
    [ "$stderr" = "lr-train: column 'range' depends on others: dropped
lr-train: column 'five' depends on others: dropped" ]
    printf '%s\n' "$output" > model
    tail -n 5 model > end
    file_is end '  "dropped": [
    {"name": "range"},
    {"name": "five"}
  ]
}
'
    [ "$(member model rank)" -eq 4 ]
    python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=8 se=10 rsd=12 r2=8
}

@test "lr-train: has the digits of an orthogonal method on the NIST sets" {
    need_data nist
    while read -r set digits; do
        names=$(head -n 1 "$DATA/nist/$set.exact.csv")
        lr-train -y y -x "${names#y,}" "$DATA/nist/$set.exact.csv" > model
        # shellcheck disable=SC2086 # a list of words
        right "$set" model "$DATA/nist/$set.certified.json" $digits
    done << 'END'
Norris coef=11.5 se=12 rsd=12 r2=14
Pontius coef=11 se=11 rsd=11 r2=14
Longley coef=10.5 se=11 rsd=12 r2=13
Filip coef=6.5 se=6.5 rsd=7 r2=9
END
}

@test "lr-train: has them on the Wampler polynomials" {
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
        case $set in
        1) digits='coef=8.5 rsd=8' ;;
        2) digits='coef=11 rsd=12' ;;
        3) digits='coef=8.5 se=12 rsd=13' ;;
        4) digits='coef=7 se=12 rsd=13' ;;
        5) digits='coef=5 se=12 rsd=13' ;;
        esac
        lr-train -y y -x x1,x2,x3,x4,x5 in > model
        # shellcheck disable=SC2086 # a list of words
        right "Wampler$set" model in $digits
    done
}

@test "lr-train: has them without an intercept" {
    awk 'BEGIN { print "y,x"; for (x = 60; x <= 70; x++) print x + 70 "," x }' > in
    lr-train -I -y y -x x in > model
    right NoInt1 model in coef=14 se=14 rsd=14 r2=14
    printf 'y,x\n3,4\n4,5\n4,6\n' > in
    lr-train -I -y y -x x in > model
    right NoInt2 model in coef=14 se=14 rsd=14 r2=14
}

@test "lr-train: agrees with rational arithmetic on random problems" {
    for seed in {1..20}; do
        python3 - "$seed" > in << 'END'
import random, sys
random.seed(sys.argv[1])
p = random.randint(1, 5)
print(*(f"x{j}" for j in range(p)), "y", sep=",")
for _ in range(random.randint(2 * p + 2, 700 if p == 2 else 40)):
    row = [f"{random.gauss(0, 1) * 10 ** (2 * j):.{random.randint(1, 6)}f}" for j in range(p)]
    print(*row, f"{random.gauss(0, 9) + sum(float(x) / 100 ** j for j, x in enumerate(row)):.3f}", sep=",")
END
        names=$(head -n 1 in)
        intercept=-I
        [ $((seed % 2)) -eq 0 ] || intercept=-Mdrop
        lr-train $intercept -y y -x "${names%,y}" in > model
        python3 "$BATS_TEST_DIRNAME/lr-exact.py" model in coef=11 se=13 rsd=13 r2=12
    done
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

@test "lr-train: finds the same whatever the order of rows" {
    need_data klines/FILUSDT-1m-futures.csv
    features "$DATA/klines/FILUSDT-1m-futures.csv" > in
    lr-train -y trades -x volume,quote,taker,range in > forth
    { head -n 1 in; sed 1d in | tac; } | lr-train -y trades -x volume,quote,taker,range > back
    for term in 1 volume quote taker range; do
        close "$(coef forth $term)" "$(coef back $term)" 1e-9
    done
}

@test "lr-train: memory does not grow with the rows" {
    cat > peak.py << 'END'
import resource, subprocess, sys
rows = """BEGIN { print "a,b,c,d,e,f,y"
    for (i = 0; i < %s; i++) print i, i %% 7, i %% 11, i %% 13, i %% 17, i %% 19, i %% 23 }"""
with subprocess.Popen(["awk", "-vOFS=,", rows % sys.argv[1]], stdout=subprocess.PIPE) as awk:
    subprocess.run(["lr-train", "-y", "y", "-x", "a,b,c,d,e,f"], stdin=awk.stdout, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
    few=$(python3 peak.py 50000)
    many=$(python3 peak.py 500000)
    [ "$many" -le $((few + 1024)) ]
}
