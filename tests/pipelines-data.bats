# The flow on real candles, in files and from the exchange.
load helper
load flow

@test "flow: 72,663 hourly candles, no key twice, better than the naive guess" {
    need_data klines/BTCUSDT-1h.csv
    flow SOURCE="$DATA/klines/BTCUSDT-1h.csv" INTERVAL=1h
    [ "$(count production.klines)" -eq 72663 ]
    [ "$(bq-query 'SELECT COUNT(DISTINCT open_time) AS n FROM production.klines' | sed 1d)" -eq 72663 ]
    below 0 "$(metric mean_absolute_error_skill)"
    below 0.85 "$(metric r2_score)"
}

@test "flow: a year of futures minutes, R2 above 0.85 on the last fifth" {
    need_data klines/FILUSDT-1m-futures.csv
    flow SOURCE="$DATA/klines/FILUSDT-1m-futures.csv" SYMBOL=FILUSDT
    [ "$(count production.klines)" -eq 175680 ]
    below 0.85 "$(metric r2_score)"
    below "$(metric mean_absolute_error)" "$(metric baseline_mean_absolute_error)"
}

@test "flow: an archive in microseconds is the same candles" {
    need_data klines/BTCUSDT-1h-2025-01.archive.csv
    flow SOURCE="$DATA/klines/BTCUSDT-1h-2025-01.archive.csv" INTERVAL=1h
    [ "$(count production.klines)" -eq 744 ]
    grep '^17[34]' "$DATA/klines/BTCUSDT-1h.csv" | awk -F, '$1 >= 1735689600000 && $1 < 1738368000000' |
        cut -d, -f1-11 > want
    cut -d, -f1-11 var/flow/btcusdt_1h/*/raw.csv | sed 1d | cmp - want
}

@test "flow: a longer archive adds just its new candles" {
    need_data klines/BTCUSDT-1h-2024-12.archive.csv
    flow SOURCE="$DATA/klines/BTCUSDT-1h-2024-12.archive.csv" INTERVAL=1h
    flow SOURCE="$DATA/klines/BTCUSDT-1h-2024-12.archive.csv $DATA/klines/BTCUSDT-1h-2025-01.archive.csv" INTERVAL=1h
    [ "$(count production.klines)" -eq 1488 ]
    [ "$(count staging.raw_btcusdt_1h)" -eq 1488 ]
}

# Serves an answer of the exchange for an interval; $url leads to it.
serve() {
    mkfifo port
    python3 "$ROOT/tests/servers/klines.py" --interval "$2" "$DATA/klines/rest/$1" > port 3>&- &
    server=$!
    read -r number < port
    url=http://127.0.0.1:$number
}

teardown() {
    [ -z "${server:-}" ] || kill "$server"
}

@test "flow: candles from the exchange's REST interface, and nothing twice" {
    need_data klines/rest/BTCUSDT-1h-2026-03.json
    serve BTCUSDT-1h-2026-03.json 1h
    flow SOURCE=rest INTERVAL=1h GET="-u $url"
    rows=$(grep -c '^ *\[[0-9]' "$DATA/klines/rest/BTCUSDT-1h-2026-03.json")
    [ "$rows" -gt 700 ]
    [ "$(count production.klines)" -eq "$rows" ]
    flow SOURCE=rest INTERVAL=1h GET="-u $url"
    grep 'nothing new' out
    [ "$(count staging.raw_btcusdt_1h)" -eq "$rows" ]
}

@test "flow: a new SINCE is asked for, the same one goes on behind production" {
    need_data klines/rest/BTCUSDT-1h-2026-03.json
    serve BTCUSDT-1h-2026-03.json 1h
    rest() {
        flow SOURCE=rest INTERVAL=1h GET="-u $url" "$@"
    }
    rest SINCE=2026-03-20
    later=$(count production.klines)
    rest SINCE=2026-03-20
    grep 'nothing new' out
    rest SINCE=2026-03-10
    [ "$(count production.klines)" -eq $((later + 240)) ]
    [ "$(count staging.raw_btcusdt_1h)" -eq $((later + 240)) ]
    rest
    grep 'nothing new' out
    [ "$(count production.klines)" -eq $((later + 240)) ]
}

@test "flow: a SINCE whose batch was refused is asked for again" {
    need_data klines/rest/BTCUSDT-1h-2026-03.json
    serve BTCUSDT-1h-2026-03.json 1h
    flow SOURCE=rest INTERVAL=1h GET="-u $url" SINCE=2026-03-20
    later=$(count production.klines)
    # an exchange that says nonsense, for once
    mkdir bin
    printf '#!/bin/bash\n%s "$@" | sed "5,60s/,/,-/"\n' "$(command -v kline-get)" > bin/kline-get
    chmod +x bin/kline-get
    PATH=$PWD/bin:$PATH run -2 flow SOURCE=rest INTERVAL=1h GET="-u $url" SINCE=2026-03-10
    flow SOURCE=rest INTERVAL=1h GET="-u $url" SINCE=2026-03-10
    [ "$(count production.klines)" -eq $((later + 240)) ]
}

@test "flow: the exchange corrects a newest candle that was not final" {
    need_data klines/rest/BTCUSDT-1h-2026-03.json
    serve BTCUSDT-1h-2026-03.json 1h
    kline-get -s BTCUSDT -i 1h -u "$url" --since 2026-03-01 | sed 1d > whole.csv
    echo '{"r2_score": {"max": 1}}' > any
    { head -n 99 whole.csv; sed -n 100p whole.csv | awk -F, -v OFS=, '{ $9 = 1; print }'; } > hourly.csv
    hourly
    flow SOURCE=rest INTERVAL=1h GET="-u $url"
    grep ' new, 1 changed' out
    [ "$(bq-query 'SELECT MIN(num_of_trades) AS n FROM production.klines' | sed 1d)" -gt 1 ]
}

@test "flow: calendar months from the exchange" {
    need_data klines/rest/BTCUSDT-1M-2010-01-01.json
    serve BTCUSDT-1M-2010-01-01.json 1M
    flow SOURCE=rest INTERVAL=1M GET="-u $url" GATE="$BATS_TEST_TMPDIR/gate.json" || true
    [ "$(count production.klines)" -eq "$(grep -c '^ *\[[0-9]' "$DATA/klines/rest/BTCUSDT-1M-2010-01-01.json")" ]
}

@test "flow: a drifted header is refused with the reason, and nothing is loaded" {
    need_data klines/BTCUSDT_1h-drifted-schema-noignore.csv
    run -2 flow SOURCE="$DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv" INTERVAL=1h
    grep "kline-read: .*column 2 is 'datetime'" err
    [ "$(count production.klines)" -eq 0 ]
}

@test "flow: the frozen last candle is dropped by the time the file was made" {
    need_data klines/BTCUSDT_1h-frozen-partial-last.csv
    flow SOURCE="$DATA/klines/BTCUSDT_1h-frozen-partial-last.csv" INTERVAL=1h CLOSED_BY=2025-09-21T02:30:00Z
    [ "$(count production.klines)" -eq 2999 ]
}

@test "flow: conflicting pairs keep the final candle" {
    need_data klines/BTCUSDT-1m-dupes.csv
    csv-dedup -k timestamp --keep last --dups dups.csv < "$DATA/klines/BTCUSDT-1m-dupes.csv" > clean.csv
    [ "$(sed 1d clean.csv | wc -l)" -eq 30900 ]
    [ "$(sed 1d dups.csv | wc -l)" -eq 54 ]
    # a partial candle has less volume than the final one of its minute
    sed 1d dups.csv | while IFS=, read -r time _ _ _ _ volume; do
        below "$(grep "^$time," clean.csv | cut -d, -f6)" "$volume" && exit 1
        true
    done
}
