load helper

START=1704067200000 # 2024-01-01
MINUTE=60000

sim() {
    kline-sim -s BTCUSDT -i 1m "$@"
}

# Prints the records of standard input that are no candles, by the rules of
# pipelines/schemas/klines.raw.schema.json.
no_candles() {
    python3 -c '
import re, sys
from decimal import Decimal
for line in sys.stdin.read().splitlines()[1:]:
    row = line.split(",")
    good = len(row) == 11 and all(re.fullmatch("[0-9]{13}", row[i]) for i in (0, 6))
    good = good and all(re.fullmatch(r"[0-9]+\.[0-9]{8}", row[i]) for i in (1, 2, 3, 4, 5, 7, 9, 10))
    if good and re.fullmatch("[0-9]+", row[8]):
        start, open, high, low, close, volume, end, quote, _, taker, taker_quote = map(Decimal, row)
        good = 0 < low <= min(open, close) <= max(open, close) <= high
        good = good and start < end and taker <= volume and taker_quote <= quote
    if not good:
        print(line)'
}

@test "kline-sim: makes as many candles as asked for, from 2024 on, none missing" {
    sim -n 2000 > out
    [ "$(wc -l < out)" -eq 2001 ]
    [ "$(head -n 1 out)" = open_time,open,high,low,close,volume,close_time,quote_asset_volume,num_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume ]
    sed 1d out | cut -d, -f1 | cmp - <(seq $START $MINUTE $((START + 1999 * MINUTE)))
    sed 1d out | cut -d, -f7 | cmp - <(seq $((START + MINUTE - 1)) $MINUTE $((START + 2000 * MINUTE - 1)))
}

@test "kline-sim: the same seed, symbol and interval make the same candles, others do not" {
    sim -n 100 > one
    sim -n 100 --seed 1 | cmp one -
    run ! cmp -s one <(sim -n 100 --seed 2)
    run ! cmp -s one <(kline-sim -s ETHUSDT -i 1m -n 100)
    run ! cmp -s one <(kline-sim -s BTCUSDT -i 3m -n 100)
}

@test "kline-sim: makes these very candles on every machine" {
    sim -n 100000 --dirty | sha256sum > got
    file_is got "906436d79a94e8ddab786f04e338060c9ef6669add4d9a4bed907fe240b5e4a8  -
"
}

@test "kline-sim: fewer candles are the beginning of more" {
    for dirt in '' '--dirty --no-open'; do
        # shellcheck disable=SC2086 # none or two words
        sim -n 3000 $dirt > whole
        for n in 0 1 383 384 385 1000 2999; do
            # shellcheck disable=SC2086
            sim -n $n $dirt > fewer
            head -c "$(wc -c < fewer)" whole | cmp - fewer
        done
    done
}

@test "kline-sim: --after gives the tail" {
    sim -n 2000 --dirty > whole
    for after in 200 256 300 700 1999; do
        time=$((START + after * MINUTE))
        sim -n 2000 --dirty --after $time | sed 1d > rest
        [ -s rest ]
        awk -F, -v after=$time 'NR > 1 && substr($1, 1, 13) > after' whole | cmp - rest
    done
    sim -n 2000 --after 2030-01-01 > out
    [ "$(wc -l < out)" -eq 1 ]
}

@test "kline-sim: --since begins at the first candle that opens then or later" {
    kline-sim -s BTCUSDT -i 1w -n 2 --since 2024-01-02 | sed 1d | cut -d, -f1,7 > out
    file_is out "1704672000000,1705276799999
1705276800000,1705881599999
"
    kline-sim -s BTCUSDT -i 1M -n 2 --since 2024-01-31T12:00:00.0001Z | sed 1d | cut -d, -f1,7 > out
    file_is out "1706745600000,1709251199999
1709251200000,1711929599999
"
    sim -n 1 --since 2024-01-01T00:00:00.000001Z | sed 1d | cut -d, -f1 > out
    file_is out "1704067260000
"
}

@test "kline-sim: candles are candles, at every interval" {
    for interval in 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M; do
        for symbol in A B C; do
            kline-sim -s $symbol -i $interval -n 500 | no_candles > out
            [ ! -s out ]
        done
    done
}

@test "kline-sim: trades follow from volume and range, but not wholly" {
    for seed in 1 2; do
        sim -n 10000 --seed $seed > out
        python3 - out <<'END'
import csv, sys

rows = list(csv.DictReader(open(sys.argv[1])))
names = 'volume', 'quote_asset_volume', 'taker_buy_base_asset_volume'
x = [[1] + [float(row[name]) for name in names] + [float(row['high']) - float(row['low'])] for row in rows]
y = [float(row['num_of_trades']) for row in rows]
size = len(x[0])
scale = [max(row[i] for row in x) for i in range(size)]
x = [[value / most for value, most in zip(row, scale)] for row in x]
a = [[sum(row[i] * row[j] for row in x) for j in range(size)] +
     [sum(row[i] * value for row, value in zip(x, y))] for i in range(size)]
for i in range(size):
    for j in range(size):
        if i != j:
            factor = a[j][i] / a[i][i]
            a[j] = [p - factor * q for p, q in zip(a[j], a[i])]
fit = [sum(a[i][size] / a[i][i] * row[i] for i in range(size)) for row in x]
mean = sum(y) / len(y)
r2 = 1 - sum((p - q) ** 2 for p, q in zip(y, fit)) / sum((p - mean) ** 2 for p in y)
assert 0.75 < r2 < 0.95, r2
END
    done
}

@test "kline-sim: --dirty adds 0.4 % of repeated, partial and malformed records, and a gap" {
    sim -n 20000 > clean
    sim -n 20000 --dirty --no-open > dirty
    # all that is clean is there, but for one gap of at most seven
    comm -23 <(sort clean) <(sort dirty) > absent
    [ "$(wc -l < absent)" -ge 1 ]
    [ "$(wc -l < absent)" -le 7 ]
    cut -d, -f1 absent | cmp - <(seq "$(head -n 1 absent | cut -d, -f1)" $MINUTE "$(tail -n 1 absent | cut -d, -f1)")
    # what is repeated stands side by side
    uniq -d dirty > repeated
    sort dirty | uniq -d | cmp - repeated
    [ "$(wc -l < repeated)" -eq 26 ]
    no_candles < dirty > malformed
    [ "$(wc -l < malformed)" -eq 26 ]
    # what is left over is partial: followed at once by its candle, with more trades
    comm -13 <(sort clean) <(sort dirty) | grep -vxFf malformed | grep -vxFf repeated > partial
    [ "$(wc -l < partial)" -eq 26 ]
    grep -xFf partial -A 1 --no-group-separator dirty |
        awk -F, 'NR % 2 == 0 && ($1 != time || $9 <= trades) { bad = 1 }
            { time = $1; trades = $9 } END { exit NR != 52 || bad }'
}

@test "kline-sim: malformed records are of six kinds" {
    sim -n 5000 --dirty --no-open | no_candles > out
    [ "$(wc -l < out)" -eq 6 ]
    grep -c ',n/a,' out
    grep -c ',,' out
    grep -c ',-' out
    grep -c ',9[0-9]*\.[0-9]*,[0-9]*\.' out
    grep -c '^[0-9]\{16\},' out
    [ "$(awk -F, 'NF == 12' out | wc -l)" -eq 1 ]
}

@test "kline-sim: csv-validate rejects the malformed records and no other" {
    sim -n 20000 --dirty > dirty
    no_candles < dirty > malformed
    csv-validate -s "$ROOT/pipelines/schemas/klines.raw.schema.json" --max-rejects 26 --rejects rejects < dirty > good
    [ "$(sed 1d rejects | wc -l)" -eq 26 ]
    grep -vxFf malformed dirty | cmp - good
}

@test "kline-sim: --dirty ends with the next candle, still open" {
    sim -n 10 --dirty > open
    sim -n 10 --dirty --no-open > closed
    head -n 11 open | cmp - closed
    [ "$(wc -l < open)" -eq 12 ]
    sim -n 11 | tail -n 1 > final
    tail -n 1 open | paste -d, - final | awk -F, '{ exit !($1 == $12 && $6 < $17 && $9 < $20) }'
}

@test "kline-sim: times without 13 digits are refused" {
    run -2 --separate-stderr sim -n 1 --since 2001-09-09
    stderr_is "kline-sim: candles would open before 2001-09-09T01:46:40 or after 2286-11-20"
    run -2 --separate-stderr kline-sim -s BTCUSDT -i 1M -n 9223372036854775807
    stderr_is "kline-sim: candles would open before 2001-09-09T01:46:40 or after 2286-11-20"
    kline-sim -s BTCUSDT -i 1M -n 3087 > out
    [ "$(wc -l < out)" -eq 3088 ]
    run -2 kline-sim -s BTCUSDT -i 1M -n 3098
}

@test "kline-sim: wants a symbol, an interval and a number, and no operand" {
    run -2 --separate-stderr kline-sim -i 1h -n 1
    [ "${stderr_lines[0]}" = "kline-sim: -s SYMBOL is missing" ]
    run -2 --separate-stderr kline-sim -s BTCUSDT -n 1
    [ "${stderr_lines[0]}" = "kline-sim: -i INTERVAL is missing" ]
    run -2 --separate-stderr kline-sim -s BTCUSDT -i 1h
    [ "${stderr_lines[0]}" = "kline-sim: -n ROWS is missing" ]
    run -2 --separate-stderr kline-sim -s BTCUSDT -i 1h -n 1 more
    [ "${stderr_lines[0]}" = "kline-sim: unexpected operand 'more'" ]
    run -2 --separate-stderr kline-sim -s BTCUSDT -i 1h -n -1
    stderr_is "kline-sim: -n: '-1' is not a whole number from 0 to 9223372036854775807"
}
