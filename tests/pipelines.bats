# The flow on candles that it makes up.
load helper
load flow

@test "flow: simulated candles arrive clean, and the summary balances" {
    flow ROWS=2000
    [ "$(count production.klines)" -gt 1900 ]
    [ "$(count staging.raw_simbtcusdt_1m)" -gt "$(count production.klines)" ]
    bq-query 'SELECT symbol, `interval`, open_time FROM production.klines' > keys
    sort keys | uniq -d > twice
    [ ! -s twice ]
    grep 'balance .* rejected .* duplicate' out
    grep 'gate: pass' out
    [ "$(wc -l < var/flow/simbtcusdt_1m/*/rejects.csv)" -gt 1 ]
}

@test "flow: with nothing new, running again changes nothing" {
    flow ROWS=500
    state staging.raw_simbtcusdt_1m > before
    find var -type f -name '*.json' -printf '%p %T@\n' | sort >> before
    flow ROWS=500
    state staging.raw_simbtcusdt_1m > after
    find var -type f -name '*.json' -printf '%p %T@\n' | sort >> after
    diff before after
    ls var/flow/simbtcusdt_1m > batches
    [ "$(grep -c Z batches)" -eq 1 ]
}

@test "flow: with nothing new and its working files lost, it says so" {
    flow ROWS=300
    rm -r var/flow
    flow ROWS=300
    grep 'nothing new, and no earlier batch' out
}

@test "flow: a source without candles is an error, and so is none, or an empty file" {
    kline-sim -s BTCUSDT -i 1m -n 0 > none.csv
    run -2 flow SOURCE=none.csv
    grep 'the source has no candles' err
    run -2 flow SOURCE=
    grep 'SOURCE is empty' err
    : > empty.csv
    run -2 flow SOURCE=empty.csv
    grep 'flow: empty.csv is empty' err
}

@test "flow: no variable is a command" {
    for variable in SINCE CLOSED_BY MAX_REJECTS NOW TARGET FEATURES; do
        flow ROWS=300 "$variable=x'; touch pwned; '" || true
    done
    [ ! -e pwned ]
}

@test "flow: refuses a symbol that cannot be a name, before anything is made" {
    for symbol in BTC-USD '' btc 'A B' "A'B" 'A$$B' 'A$$(touch var)' 'A`touch var`' '../A'; do
        run -2 flow SYMBOL="$symbol"
        grep "SYMBOL: '.*' is not of capital letters and digits" err
        [ ! -e var ]
    done
}

@test "flow: refuses paths, intervals and shares that cannot be" {
    for path in 'a b' a:b "it's" ''; do
        run -2 flow VAR="$path"
        grep "VAR: '.*' is not a path of letters" err
    done
    for interval in 1x 1H '' '1h 1m' "1h'; touch var; '"; do
        run -2 flow INTERVAL="$interval"
        grep "INTERVAL: '.*' is none of 1s 1m" err
    done
    for percent in 0 100 80% many '80 20'; do
        run -2 flow TRAIN_PERCENT="$percent"
        grep "TRAIN_PERCENT: '$percent' is not a number from 1 to 99" err
    done
    [ ! -e var ]
}

@test "flow: more rows add just the new candles" {
    flow ROWS=500
    bq-query 'SELECT * FROM production.klines' | sort > before
    flow ROWS=800
    bq-query 'SELECT * FROM production.klines' | sort > after
    [ -z "$(comm -23 before after)" ]
    flow ROWS=800 VAR=other SLUICE_STORE=file:other/store SLUICE_WAREHOUSE=sqlite:other/warehouse
    SLUICE_WAREHOUSE=sqlite:other/warehouse bq-query 'SELECT open_time, num_of_trades FROM production.klines ORDER BY 1' > whole
    bq-query 'SELECT open_time, num_of_trades FROM production.klines ORDER BY 1' > parts
    cmp whole parts
    [ "$(bq-query 'SELECT COUNT(DISTINCT created_at) AS n FROM production.klines' | sed 1d)" -eq 2 ]
}

@test "flow: a row in production leads to its staging object" {
    flow ROWS=300
    created=$(bq-query 'SELECT created_at FROM production.klines LIMIT 1' | sed '1d; s/T/:/; s/\.\(...\).*/:\1/')
    object=$(gcs-ls staging/ | grep "$created" | cut -d, -f1)
    gcs-get "$object" > copy
    cmp copy var/flow/simbtcusdt_1m/*/raw.csv
}

@test "flow: a gate that says no fails the run and keeps the data" {
    echo '{"r2_score": {"min": 1}}' > gate.json
    run -2 flow ROWS=300 GATE=gate.json
    grep 'gate: fail' out
    [ "$(count production.klines)" -gt 250 ]
}

@test "flow: too many rejects stop the batch before anything is published" {
    run -2 flow ROWS=2000 MAX_REJECTS=0
    [ "$(count production.klines)" -eq 0 ]
    [ "$(gcs-ls | wc -l)" -eq 1 ]
    grep 'see var/flow/simbtcusdt_1m/.*Z.refused/rejects.csv' err
    [ "$(wc -l < var/flow/simbtcusdt_1m/*.refused/rejects.csv)" -gt 1 ]
    flow ROWS=2000
    [ "$(count production.klines)" -gt 1900 ]
}

# Hourly candles as an archive has them: FROM TO, counted from 0.
archive() {
    seq "$1" "$2" | awk '{
        t = 1704067200 + 3600 * $1; v = 2 + ($1 * 7919) % 101
        printf "%d000,5,9,1,%d,%d.50,%d999,%d,%d,1.0,2,0\n", t, 1 + $1 * 5 % 9, v, t + 3599, 4 * v + 1, 3 * v + $1 % 3
    }'
}

@test "flow: older candles that a later file has are loaded too" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 50 99 > hourly.csv
    hourly
    archive 0 99 | sed 20,30d > hourly.csv
    hourly
    [ "$(count production.klines)" -eq 89 ]
    archive 0 99 > hourly.csv
    hourly
    [ "$(count production.klines)" -eq 100 ]
    [ "$(count staging.raw_btcusdt_1h)" -eq 100 ]
    hourly
    grep 'nothing new' out
    [ "$(count staging.raw_btcusdt_1h)" -eq 100 ]
}

@test "flow: a candle that the source restates replaces the old one" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    sed -i '10s/,5,9,/,6,9,/' hourly.csv
    hourly
    grep 'production.klines: 0 new, 1 changed' out
    open_of() { bq-query 'SELECT open FROM production.klines ORDER BY open_time' | sed -n "$1p"; }
    [ "$(open_of 11)" = 6 ]
    [ "$(count production.klines)" -eq 60 ]
    hourly
    grep 'nothing new' out
    # and takes back what it said
    archive 0 59 > hourly.csv
    hourly
    [ "$(open_of 11)" = 5 ]
    hourly
    grep 'nothing new' out
}

@test "flow: of two versions in one source the one with more trades counts, and that settles it" {
    echo '{"r2_score": {"max": 1}}' > any
    { archive 0 59; archive 20 20 | awk -F, -v OFS=, '{ $9 += 1000; print }'; archive 30 30; } > hourly.csv
    hourly
    [ "$(count staging.raw_btcusdt_1h)" -eq 62 ]
    [ "$(count production.klines)" -eq 60 ]
    [ "$(bq-query 'SELECT MAX(num_of_trades) AS n FROM production.klines' | sed 1d)" -gt 1000 ]
    hourly
    grep 'nothing new' out
}

@test "flow: what production has lost is loaded again, working files or not" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    sqlite3 var/warehouse/production.sqlite 'DELETE FROM klines WHERE rowid % 2'
    hourly
    [ "$(count production.klines)" -eq 60 ]
    rm var/warehouse/production.sqlite
    hourly
    [ "$(count production.klines)" -eq 60 ]
    rm -r var/flow var/warehouse/production.sqlite
    hourly
    [ "$(count production.klines)" -eq 60 ]
}

@test "flow: a table that was dropped is made again" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    sqlite3 var/warehouse/staging.sqlite 'DROP TABLE raw_btcusdt_1h'
    hourly
    sqlite3 var/warehouse/production.sqlite 'DROP TABLE klines'
    hourly
    [ "$(count production.klines)" -eq 60 ]
    [ "$(count staging.raw_btcusdt_1h)" -eq 60 ]
}

@test "flow: a batch that is staged and whose folder is lost still gets to production" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    # dies before the load into production
    mkdir bin
    printf '#!/bin/bash\ncase "$*" in *merge*--source*) exit 75 ;; esac\nexec %s "$@"\n' "$(command -v bq-load)" > bin/bq-load
    chmod +x bin/bq-load
    PATH=$PWD/bin:$PATH run -2 hourly
    [ "$(count staging.raw_btcusdt_1h)" -eq 60 ]
    rm -r var/flow/btcusdt_1h/*Z
    hourly
    [ "$(count production.klines)" -eq 60 ]
}

@test "flow: the times of working files undo nothing" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    state staging.raw_btcusdt_1h > before
    touch var/flow/btcusdt_1h/*Z/{extract,good,new,raw}.csv
    hourly
    touch var/flow/btcusdt_1h/*Z/extract.csv
    hourly --always-make
    state staging.raw_btcusdt_1h | diff before -
}

@test "flow: a clock that was set back is refused, with the time it shows" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly NOW=2026-01-02T00:00:00.000Z
    archive 0 69 > hourly.csv
    run -2 hourly NOW=2026-01-01T00:00:00.000Z
    grep 'the clock says 2026-01-01T00:00:00.000Z, which is before the last batch' err
    rm -r var/flow
    run -2 hourly NOW=2026-01-01T00:00:00.000Z
    grep 'the clock says 2026-01-01T00:00:00.000Z, but production was updated at 2026-01-02' err
    hourly NOW=2026-01-03T00:00:00.000Z
    [ "$(count production.klines)" -eq 70 ]
}

@test "flow: sums made by the warehouse give the model of the rows, byte for byte" {
    flow ROWS=2000
    batch=$(echo var/flow/*/*Z)
    features=$(sed -n 's/^FEATURES = //p' "$FLOW")
    lr-gram -y num_of_trades -x "$features" "$batch/train.csv" > rows.state
    lr-train --from-state -y num_of_trades -x "$features" rows.state > rows.json
    cp "$batch/predictions.csv" before.csv
    flow ROWS=2000 TRAIN=sql
    cmp rows.state "$batch/train.state"
    cmp rows.json "$batch/model.json"
    cmp before.csv "$batch/predictions.csv"
}

@test "flow: one statement of the warehouse makes the production of the filters, row for row" {
    all='SELECT symbol, open_time, open, close_time, volume, num_of_trades, taker_buy_quote_asset_volume, created_at
        FROM production.klines ORDER BY open_time'
    flow ROWS=2000 NOW=2024-02-01T00:00:00.000Z
    bq-query "$all" > rows.csv
    cp var/flow/*/*Z/dups.csv rows.dups.csv
    rm -r var
    flow ROWS=2000 NOW=2024-02-01T00:00:00.000Z STAGE=sql
    bq-query "$all" | cmp rows.csv -
    [ "$(wc -l < var/flow/*/*Z/dups.csv)" = "$(wc -l < rows.dups.csv)" ]
    [ "$(gcs-ls production/ | wc -l)" -eq 1 ]
    grep 'balance' out
    flow ROWS=2000 STAGE=sql
    bq-query "$all" | cmp rows.csv -
}

@test "flow: the gate that is named is the one that judges" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    echo '{"r2_score": {"min": 1}}' > strict
    touch -d 2000-01-01 strict
    run -2 hourly GATE=strict
    grep 'gate: fail' out
    hourly
    grep 'gate: pass' out
}

@test "flow: two runs of a series wait for each other, with another VAR too" {
    flow ROWS=1000 VAR=one & 
    env -u MAKEFLAGS -u MAKELEVEL make -f "$FLOW" ROWS=1000 VAR=two > out2 2> err2
    wait $!
    [ "$(count staging.raw_simbtcusdt_1m)" -lt 1010 ]
}

@test "flow: a value that is none is kept apart, and loaded once it is mended" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 | sed '10s/,5,9,/,n\/a,9,/' > hourly.csv
    hourly MAX_REJECTS=2
    [ "$(count production.klines)" -eq 59 ]
    grep "'n/a' is not a number" var/flow/btcusdt_1h/*/rejects.csv
    hourly MAX_REJECTS=2
    grep 'nothing new, .* wrong is in var/flow/btcusdt_1h/rejects.csv' out
    grep "'n/a' is not a number" var/flow/btcusdt_1h/rejects.csv
    archive 0 59 > hourly.csv
    hourly
    [ "$(count production.klines)" -eq 60 ]
}

@test "flow: a refused batch does not stand in the way of a mended source" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 | sed '10s/,5,9,/,n\/a,9,/' > hourly.csv
    run -2 hourly MAX_REJECTS=0
    archive 0 59 > hourly.csv
    hourly MAX_REJECTS=0
    [ "$(count production.klines)" -eq 60 ]
}

@test "flow: the wrong interval is refused, and nothing is loaded" {
    archive 0 59 > hourly.csv
    for interval in 1m 1d; do
        run -2 flow SOURCE=hourly.csv INTERVAL=$interval
        grep "kline-read: .* interval of $interval" err
    done
    [ "$(count production.klines)" -eq 0 ]
}

@test "flow: made up candles stay apart from real ones of the same symbol" {
    echo '{"r2_score": {"max": 1}}' > any
    archive 0 59 > hourly.csv
    hourly
    flow INTERVAL=1h ROWS=300
    bq-query 'SELECT symbol, COUNT(*) AS n FROM production.klines GROUP BY symbol ORDER BY symbol' > symbols
    head -n 2 symbols | tail -n 1 | grep -x 'BTCUSDT,60'
    grep SIMBTCUSDT symbols
}

@test "flow: a millisecond that another series took is left to it" {
    # a clock that ticks once in a call
    cat > tick <<< 'n=$(($(cat n) + 1)); echo $n > n; printf "2026-01-01T00:00:00.%03dZ\n" $n'
    for n in {001..006}; do
        gcs-put "production/klines/created_at=2026-01-01:00:00:00:$n" <<< another > /dev/null
    done
    echo 0 > n
    flow ROWS=300 NOW='$(shell bash tick)'
    [ "$(gcs-ls production/ | wc -l)" -eq 8 ]
    object=$(gcs-ls production/ | tail -n 1 | cut -d, -f1)
    gcs-get "$object" > copy
    cmp copy var/flow/simbtcusdt_1m/*/prod.csv
    grep -q "${object#*created_at=2026-01-01:00:00:00:}" <<< "$(bq-query 'SELECT updated_at FROM production.klines LIMIT 1')"
}

@test "flow: a month and a minute do not share a table" {
    flow SYMBOL=BTCUSDT INTERVAL=1M ROWS=40 GATE=/dev/stdin <<< '{}' || true
    [ "$(count staging.raw_simbtcusdt_1mo)" -ge 40 ]
}
