load helper

# Actual and predicted values, 10 rows; fair, but far from perfect.
sample() {
    printf 'y,predicted_y,note\n'
    printf '%s\n' 3,2.5,a 5,5.5,b 4,4,c 8,6,d 9,9.5,e 2,3,f 7,7.25,g 6,6,h 1,0,i 10,9,j
}

# The value of metric $2 in file $1.
metric() {
    sed -n "s/^  \"$2\": \([^,]*\),\{0,1\}$/\1/p" "$1"
}

@test "lr-eval: prints each metric on its line" {
    printf 'y,predicted_y\n1,2\n3,3\n2,5\n6,4\n0,0\n' | lr-eval -y y > out
    sed -i -E '/log|root|r2|explained|skill|p05|p95|baseline.*percentage_error/s/: .*[0-9]/: #/' out
    file_is out '{
  "rows": 5,
  "missing": 0,
  "mean_absolute_error": 1.2,
  "mean_squared_error": 2.8,
  "root_mean_squared_error": #,
  "mean_squared_log_error": #,
  "median_absolute_error": 1,
  "r2_score": #,
  "explained_variance": #,
  "mean_absolute_percentage_error": 0.7083333333333334,
  "percentage_rows": 4,
  "baseline_rows": 4,
  "baseline_mean_absolute_error": 3.25,
  "baseline_mean_squared_error": 14.25,
  "baseline_root_mean_squared_error": #,
  "baseline_mean_squared_log_error": #,
  "baseline_median_absolute_error": 3,
  "baseline_r2_score": #,
  "baseline_explained_variance": #,
  "baseline_mean_absolute_percentage_error": #,
  "baseline_percentage_rows": 3,
  "mean_absolute_error_skill": #,
  "mean_squared_error_skill": #,
  "residual_p05": #,
  "residual_q1": -1,
  "residual_median": 0,
  "residual_q3": 0,
  "residual_p95": #
}
'
}

@test "lr-eval: agrees with an independent computation" {
    cat > check.py << 'END'
import json, random, statistics as st, subprocess
from math import fsum, log, sqrt

def scores(pairs):
    ys, ps = zip(*pairs)
    es = [y - p for y, p in pairs]
    sst = fsum((y - st.fmean(ys)) ** 2 for y in ys)
    return {
        "mean_absolute_error": fsum(map(abs, es)) / len(es),
        "mean_squared_error": fsum(e * e for e in es) / len(es),
        "root_mean_squared_error": sqrt(fsum(e * e for e in es) / len(es)),
        "mean_squared_log_error": fsum((log(1 + y) - log(1 + p)) ** 2 for y, p in pairs) / len(es),
        "median_absolute_error": st.median(map(abs, es)),
        "r2_score": 1 - fsum(e * e for e in es) / sst,
        "explained_variance": 1 - fsum((e - st.fmean(es)) ** 2 for e in es) / sst,
        "mean_absolute_percentage_error": st.fmean(abs(y - p) / abs(y) for y, p in pairs if y),
        "percentage_rows": sum(y != 0 for y, p in pairs),
    }

for seed in range(10):
    random.seed(seed)
    offset = 10 ** (seed % 7)
    rows = [(round(offset + random.random() * 9, 3), round(offset + random.random() * 9, 6)) for _ in range(40 + seed)]
    rows[5] = (0, rows[5][1])
    rows[7] = (rows[7][0], None)
    rows[9] = (None, rows[9][1])
    text = "t,y,p\n" + "".join(f"0,{'' if y is None else y},{'' if p is None else p}\n" for y, p in rows)
    have = json.loads(subprocess.run(["lr-eval", "-y", "y", "-p", "p"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout)
    full, naive, beside, previous = [], [], [], None
    for y, p in rows:
        if y is not None and p is not None:
            full.append((y, p))
            if previous is not None:
                naive.append((y, previous))
                beside.append((y, p))
        previous = previous if y is None else y
    want = {"rows": len(full), "missing": 2, **scores(full), "baseline_rows": len(naive)}
    want |= {"baseline_" + key: value for key, value in scores(naive).items()}
    for key in "mean_absolute_error", "mean_squared_error":
        want[key + "_skill"] = 1 - scores(beside)[key] / scores(naive)[key]
    es = [y - p for y, p in full]
    twenty, four = st.quantiles(es, n=20, method="inclusive"), st.quantiles(es, n=4, method="inclusive")
    want |= {"residual_p05": twenty[0], "residual_q1": four[0], "residual_median": four[1], "residual_q3": four[2], "residual_p95": twenty[-1]}
    assert list(have) == list(want), have
    for key in want:
        assert abs(have[key] - want[key]) <= 1e-9 * max(1, abs(want[key])), (seed, key, have[key], want[key])
END
    python3 check.py
}

@test "lr-eval: finds the known metrics of real candles" {
    need_data klines/FILUSDT-1m-futures.csv
    awk -F, 'BEGIN { OFS = ","; print "volume,quote,taker,range,trades" }
        /^[0-9]/ { print $6, $8, $10, sprintf("%.8f", $3 - $4), $9 }' "$DATA/klines/FILUSDT-1m-futures.csv" > in
    n=$((($(wc -l < in) - 1) * 4 / 5 + 1))
    head -n $n in | lr-train -y trades -x volume,quote,taker,range > model
    { head -n 1 in; sed "1,${n}d" in; } | lr-predict -m model | lr-eval -y trades > out
    [ "$(metric out rows)" -eq 35136 ]
    [ "$(printf '%.10f' "$(metric out r2_score)")" = 0.8755236918 ]
    [ "$(printf '%.4f' "$(metric out mean_absolute_error)")" = 81.2447 ]
    [ "$(printf '%.1f' "$(metric out baseline_mean_absolute_error)")" = 146.1 ]
    [ "$(printf '%.4f' "$(metric out baseline_r2_score)")" = 0.5106 ]
}

@test "lr-eval: takes the column of -p for the predictions" {
    sample | lr-eval -y y > one
    sample | sed '1s/predicted_y/guess/' | lr-eval -y y -p guess > two
    cmp one two
}

@test "lr-eval: counts rows with a missing value and leaves them out" {
    printf 'y,predicted_y\n1,2\n3,\n,4\n"",""\n4,4\n' | lr-eval -y y > out
    [ "$(metric out rows) $(metric out missing)" = "2 3" ]
    [ "$(metric out mean_absolute_error)" = 0.5 ]
    # the row without prediction is still the one before the last
    [ "$(metric out baseline_mean_absolute_error)" = 1 ]
}

@test "lr-eval: prints null for what is undefined" {
    lr-eval -y y <<< y,predicted_y > out
    [ "$(metric out rows)" = 0 ]
    [ "$(grep -c ': null,\{0,1\}$' out)" -eq 23 ]
    lr-eval -y y > out <<< $'y,predicted_y\n3,2'
    [ "$(metric out mean_absolute_error) $(metric out r2_score)" = "1 null" ]
    lr-eval -y y > out <<< $'y,predicted_y\n3,2\n4,-1'
    [ "$(metric out mean_squared_log_error)" = null ]
}

@test "lr-eval: refuses columns that are not there and cells that are no numbers" {
    run -2 --separate-stderr lr-eval -y y <<< 'y,p'
    stderr_is "lr-eval: standard input: no column 'predicted_y'; it has y, p"
    run -2 --separate-stderr lr-eval -y y -p p <<< $'y,p\n1,2\n3,x'
    stderr_is "lr-eval: standard input: line 3: record 3: column 'p': 'x' is not a number"
    [ -z "$output" ]
    run -2 --separate-stderr lr-eval
    [ "${stderr_lines[0]}" = "lr-eval: -y COL is missing" ]
}

@test "lr-eval: leaves rows whose actual value is 0 out of the percentage error, and counts the others" {
    lr-eval -y y > out <<< $'y,predicted_y\n0,5\n-4,-3\n0.00,0\n2,1'
    [ "$(metric out mean_absolute_percentage_error) $(metric out percentage_rows) $(metric out rows)" = "0.375 2 4" ]
    lr-eval -y y > out <<< $'y,predicted_y\n0,5'
    [ "$(metric out mean_absolute_percentage_error) $(metric out percentage_rows)" = "null 0" ]
}

@test "lr-eval: takes no more memory for more than a million rows, and its percentiles are near" {
    ! grep -q __asan_init "$(command -v lr-eval)" || skip 'the sanitizer takes memory of its own'
    cat > check.py << 'END'
import json, resource, subprocess

def run(count):
    """Residuals 0 to count - 1, out of order: the metrics, and KiB at the peak so far."""
    with open("in", "w") as rows:
        rows.write("y,p\n")
        rows.writelines(f"{i * 7368787 % count},0\n" for i in range(count))
    with open("in") as rows:
        done = subprocess.run(["lr-eval", "-y", "y", "-p", "p"], stdin=rows, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

names = {"residual_p05": .05, "residual_q1": .25, "residual_median": .5, "residual_q3": .75, "residual_p95": .95, "median_absolute_error": .5}
few, before = run(1 << 20)
for name, share in names.items():
    assert abs(few[name] - share * ((1 << 20) - 1)) < 1e-6, (name, few[name])
many, after = run(2500000)
for name, share in names.items():
    assert abs(many[name] - share * 2499999) < 25000, (name, many[name])
assert before < 48 * 1024 and after - before < 1024, (before, after)
END
    python3 check.py
}

@test "lr-eval: passes a gate that the metrics keep" {
    echo '{"r2_score": {"min": 0.5, "max": 1}, "mean_absolute_error": {"max": 0.675}, "rows": {"min": 10}}' > gate
    sample | lr-eval -y y --gate gate > out
    [ "$(metric out mean_absolute_error)" = 0.675 ]
    tail -n 3 out > end
    file_is end '  "gate": "pass",
  "failed": []
}
'
}

@test "lr-eval: fails a gate with one line for each bound, and prints the metrics" {
    echo '{"r2_score": {"min": 0.95, "max": 0.5}, "mean_absolute_error": {"max": 0.5}, "rows": {"min": 10}}' > gate
    sample > in
    run -1 --separate-stderr lr-eval -y y -g gate in
    r2=$(metric - r2_score <<< "$output")
    [ "$stderr" = "lr-eval: gate: mean_absolute_error 0.675 is above max 0.5
lr-eval: gate: r2_score $r2 is below min 0.95
lr-eval: gate: r2_score $r2 is above max 0.5" ]
    [ "${lines[-3]}" = '  "gate": "fail",' ]
    [ "${lines[-2]}" = "  \"failed\": [\"mean_absolute_error 0.675 is above max 0.5\", \"r2_score $r2 is below min 0.95\", \"r2_score $r2 is above max 0.5\"]" ]
    lr-eval -y y in > plain
    diff <(head -n 28 plain) <(head -n 28 <<< "$output")
}

@test "lr-eval: fails a gate on what cannot be compared" {
    while read -r reason; do
        read -r gate
        echo "$gate" > gate
        run -1 --separate-stderr lr-eval -y y -g gate <<< $'y,predicted_y\n3,2'
        stderr_is "lr-eval: gate: $reason"
        [ "${lines[-3]}" = '  "gate": "fail",' ]
    done << 'END'
r2_score is undefined
{"r2_score": {"min": -9e99}}
r2scores is no metric
{"r2scores": {"min": 0}}
mean_absolute_error: max is not a number
{"mean_absolute_error": {"max": "5"}}
mean_absolute_error: max is not a number
{"mean_absolute_error": {"max": null}}
mean_absolute_error: max is not a number
{"mean_absolute_error": {"max": nan}}
END
}

@test "lr-eval: fails a gate when there are no rows" {
    echo '{"mean_absolute_error": {"max": 100}}' > gate
    run -1 --separate-stderr lr-eval -y y -g gate <<< 'y,predicted_y'
    stderr_is "lr-eval: gate: mean_absolute_error is undefined"
}

@test "lr-eval: no input at all is an error" {
    run -2 --separate-stderr lr-eval -y y < /dev/null
    stderr_is "lr-eval: standard input: empty, without a header"
    [ -z "$output" ]
}

@test "lr-eval: refuses a gate file that is none" {
    while read -r reason; do
        read -r gate
        echo "$gate" > gate
        run -2 --separate-stderr lr-eval -y y -g gate < /dev/null
        stderr_is "lr-eval: gate: $reason"
        [ -z "$output" ]
    done << 'END'
want an object with a rule for each metric
[]
want an object with a rule for each metric
{}
'r2_score': want an object with min, max, max_drop_abs or max_drop_rel
{"r2_score": 0.5}
'r2_score': want an object with min, max, max_drop_abs or max_drop_rel
{"r2_score": {}}
'r2_score': a key is none of min, max, max_drop_abs, max_drop_rel
{"r2_score": {"min": 0.5, "max_drop": 0.1}}
'r2_score': a drop needs the previous metrics
{"r2_score": {"max_drop_abs": 0.1}}
END
    run -2 --separate-stderr lr-eval -y y -g nowhere < /dev/null
    stderr_is "lr-eval: nowhere: No such file or directory"
}

@test "lr-eval: passes drops up to the bound, and fails beyond it" {
    # what the metric was, its rule, and the verdict
    sample > in
    while read -r name before rule verdict; do
        echo "{\"$name\": $before}" > old
        echo "{\"$name\": {$rule}}" > gate
        run --separate-stderr lr-eval -y y -g gate -P old in
        [ "${lines[-3]}" = "  \"gate\": \"$verdict\"," ] || { echo "$name $before $rule" && false; }
        [ "$status" -eq $((${#verdict} == 4 && ${#stderr} > 0)) ]
    done << 'END'
mean_absolute_error 0.5 "max_drop_abs":0.176 pass
mean_absolute_error 0.5 "max_drop_abs":0.174 fail
mean_absolute_error 0.5 "max_drop_rel":0.36 pass
mean_absolute_error 0.5 "max_drop_rel":0.34 fail
mean_absolute_error 0.9 "max_drop_abs":0 pass
mean_absolute_error 0 "max_drop_rel":9 fail
mean_absolute_error 0.7 "max_drop_abs":-0.1 fail
mean_absolute_error 0.8 "max_drop_abs":-0.1 pass
rows 12 "max_drop_abs":2 pass
rows 12 "max_drop_abs":1 fail
rows 8 "max_drop_rel":0 pass
missing 1 "max_drop_abs":0 pass
missing -1 "max_drop_abs":0 fail
r2_score 0.99 "max_drop_abs":0.5 pass
r2_score 0.99 "max_drop_abs":0.01 fail
r2_score 0.5 "max_drop_rel":0 pass
r2_score 0.99 "max_drop_rel":0.5 pass
r2_score 0.99 "max_drop_rel":0.01 fail
residual_q3 0.75 "max_drop_abs":0.125 pass
residual_q3 0.75 "max_drop_abs":0.124 fail
residual_q3 -0.9 "max_drop_abs":0 pass
residual_q3 -0.8 "max_drop_abs":0 fail
END
}

@test "lr-eval: says what is worse, and than what" {
    sample > in
    echo '{"mean_absolute_error": 0.5, "rows": 10, "gate": "pass", "failed": []}' > old
    echo '{"mean_absolute_error": {"max_drop_abs": 0.125, "max_drop_rel": 0.25}, "rows": {"max_drop_abs": 0}}' > gate
    run -1 --separate-stderr lr-eval -y y -g gate --previous old in
    [ "$stderr" = "lr-eval: gate: mean_absolute_error 0.675 is worse than 0.5 by more than max_drop_abs 0.125
lr-eval: gate: mean_absolute_error 0.675 is worse than 0.5 by more than max_drop_rel 0.25" ]
}

@test "lr-eval: no metric is worse than itself" {
    sample > in
    lr-eval -y y in > old
    sed -n 's/^  "\(.*\)": -\{0,1\}[0-9].*/"\1": {"max_drop_abs": 0, "max_drop_rel": 0}/p' old | paste -s -d , | sed 's/.*/{&}/' > gate
    grep -q explained_variance gate
    lr-eval -y y -g gate -P old in > new
    grep -q '"gate": "pass"' new
}

@test "lr-eval: fails a drop on previous metrics that have no such number" {
    echo '{"rows": {"max_drop_abs": 1}}' > gate
    while read -r reason; do
        read -r old
        echo "$old" > old
        run -1 --separate-stderr lr-eval -y y -g gate -P old <<< $'y,predicted_y\n3,2'
        stderr_is "lr-eval: gate: rows is $reason in the previous metrics"
    done << 'END'
missing
{"rowes": 1}
undefined
{"rows": null}
undefined
{"rows": "1"}
undefined
{"rows": nan}
END
}

@test "lr-eval: refuses previous metrics that are none" {
    echo '{"rows": {"min": 1}}' > gate
    echo '[]' > old
    run -2 --separate-stderr lr-eval -y y -g gate -P old < /dev/null
    stderr_is "lr-eval: old: want an object with metrics"
    run -2 --separate-stderr lr-eval -y y -g gate -P nowhere < /dev/null
    stderr_is "lr-eval: nowhere: No such file or directory"
    run -2 --separate-stderr lr-eval -y y -P old < /dev/null
    [ "${stderr_lines[0]}" = "lr-eval: -P without -g" ]
}

@test "lr-eval: gives each group what lr-eval gives its rows alone, behind the whole" {
    cat > check.py << 'END'
import json, random, subprocess

def run(rows, *options):
    text = "g,y,p\n" + "".join('"%s",%s,%s\n' % (g.replace('"', '""'), y, p) for g, y, p in rows)
    done = subprocess.run(["lr-eval", "-y", "y", "-p", "p", *options], input=text.encode(), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)

random.seed(1)
names = ["a", "", "b,\n\"c", "é", "z"]
rows = [(random.choice(names), random.choice(["", 0, 1, 2.5, -3]), random.choice(["", 1, 7])) for _ in range(300)]
rows += [("alone", 3, 4)]
have = run(rows, "--group", "g")
groups = have.pop("groups")
assert have == run(rows)
assert [one["group"] for one in groups] == list(dict.fromkeys(g for g, y, p in rows))
for one in groups:
    name = one.pop("group")
    assert one == run([row for row in rows if row[0] == name]), name
END
    python3 check.py
}

@test "lr-eval: prints each group on its line, behind the gate's word" {
    echo '{"rows": {"min": 1}}' > gate
    sample | lr-eval -y y > whole
    sample | lr-eval -y y -g gate -G note > out
    cmp <(head -n 28 whole) <(head -n 28 out)
    [ "$(sed -n '30,31p;32s/.*"groups"/"groups"/p' out)" = '  "gate": "pass",
  "failed": [],
"groups": [' ]
    [ "$(grep -c '^    {"group": "[a-j]", "rows": 1, .*},\{0,1\}$' out)" = 10 ]
    [ "$(tail -n 2 out)" = '  ]
}' ]
}

@test "lr-eval: an input without rows has no groups" {
    lr-eval -y y -G g > out <<< 'g,y,predicted_y'
    [ "$(tail -n 2 out)" = '  "groups": []
}' ]
}

@test "lr-eval: takes 1000 groups, and refuses one more with its line" {
    { echo g,y,p && seq -f '%g,1,2' 1000 && echo 7,1,2; } > in
    [ "$(lr-eval -y y -p p -G g in | grep -c '"group": ')" = 1000 ]
    echo 1001,1,2 >> in
    run -2 --separate-stderr lr-eval -y y -p p -G g in
    stderr_is "lr-eval: in: line 1003: record 1003: column 'g': more than 1000 groups"
    run -2 --separate-stderr lr-eval -y y -p p -G h in
    stderr_is "lr-eval: in: no column 'h'; it has g, y, p"
}
