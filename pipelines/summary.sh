#!/bin/bash
# summary.sh BATCH SERIES [NOTE] - what a run of flow.mk came to, for people
#
# Exits 1 if the rows do not balance or the gate says no. Each figure comes
# from the receipt of the program that did the work, so that rows lost between
# two of them cannot hide.
set -euo pipefail

batch=$1 series=$2

for file in report.json good.csv new.csv dups.csv raw.gcs.json raw.bq.json prod.bq.json \
    split model.json metrics.json; do
    [ -e "$batch/$file" ] || { echo "flow: $batch/$file is missing" >&2 && exit 2; }
done

# The value of a key in one of our JSON files; of several, the first.
field() {
    sed -n "s/.*\"$2\": *\"\{0,1\}\([^,\"}]*\).*/\1/p" "$batch/$1" | head -n 1
}

# A number with so many decimals and its thousands apart: 72663 as 72,663
people() {
    awk -v number="$1" -v decimals="${2:-0}" 'BEGIN {
        number = sprintf("%." decimals "f", number)
        while (number ~ /^-?[0-9][0-9][0-9][0-9]/)
            sub(/[0-9][0-9][0-9]($|[.,])/, ",&", number)
        print number
    }'
}

rows() { # LABEL NUMBER REMARK
    printf '    %-24s %14s   %s\n' "$1" "$(people "$2")" "$3"
}

metric() { # NAME DECIMALS
    local model naive
    model=$(field metrics.json "$1") naive=$(field metrics.json "baseline_$1")
    printf '    %-24s %14s %14s\n' "$1" "$(people "$model" "$2")" "$(people "$naive" "$2")"
}

# The records of a file of candles, which have no line breaks.
records() {
    echo $(($(wc -l < "$batch/$1") - 1))
}

in=$(field report.json rows)
rejected=$(field report.json rejected)
known=$(($(records good.csv) - $(records new.csv)))
staged=$(field raw.bq.json rows_loaded)
duplicates=$(records dups.csv)
produced=$(field prod.bq.json rows_in)
new=$(field prod.bq.json rows_inserted)
changed=$(field prod.bq.json rows_updated)
kept=$(field prod.bq.json rows_unchanged)

printf '\n  %s, batch of %s%s\n\n  rows\n' "$series" "$(field raw.gcs.json created_at)" "${3:+: $3}"
rows 'extracted' "$in" 'extract.csv'
rows '- rejected' "$rejected" 'rejects.csv says why'
[ "$known" -eq 0 ] || rows '- known' "$known" 'in production already'
rows '= staged' "$staged" "staging.raw_$series"
rows '- duplicate' "$duplicates" 'dups.csv'
rows '= produced' "$produced" "production.klines: $(people "$new") new, $(people "$changed") changed"
if [ "$in" -ne $((rejected + known + staged)) ] || [ "$staged" -ne $((duplicates + produced)) ] ||
    [ "$produced" -ne $((new + changed + kept)) ]; then
    echo "flow: $batch: rows do not balance: $in extracted, $rejected rejected, $known known, $staged staged," \
        "$duplicates duplicate, $produced produced, $((new + changed + kept)) landed" >&2
    exit 1
fi
balance=
[ "$known" -eq 0 ] || balance=" + $(people "$known") known"
rows 'balance' "$in" "= $(people "$produced") produced + $(people "$rejected") rejected + $(people "$duplicates") duplicate$balance"

printf '\n  objects and tables\n'
for receipt in "$batch"/{raw,prod}.gcs.json; do
    # there is none of what the warehouse made where it is
    [ ! -e "$receipt" ] || printf '    %s\n' "$(field "${receipt##*/}" url)"
done
printf '    %s: staging.raw_%s, production.klines\n' "$SLUICE_WAREHOUSE" "$series"

printf '\n  model of %s on %s candles\n' "$(field model.json target)" "$(people "$(field model.json used)")"
sed -n 's/.*"name": "\([^"]*\)".*"coef": "\([^"]*\)".*/\1 \2/p' "$batch/model.json" |
    while read -r name coef; do
        [ "$name" != 1 ] || name='(intercept)'
        printf '    %-24s %14.6g\n' "$name" "$coef"
    done

printf '\n  test on the %s since %s\n' "$(people "$(field metrics.json rows)")" "$(cut -c1-10 "$batch/split")"
printf '    %-24s %14s %14s\n' '' model 'the last one'
metric r2_score 4
for name in mean_absolute_error median_absolute_error root_mean_squared_error; do
    metric $name 1
done
printf '    better than the last one by %.1f %% in mean absolute error\n' \
    "$(awk -v skill="$(field metrics.json mean_absolute_error_skill)" 'BEGIN { print 100 * skill }')"
printf '\n  gate: %s\n\n  files: %s\n\n' "$(field metrics.json gate)" "$batch"
[ "$(field metrics.json gate)" = pass ]
