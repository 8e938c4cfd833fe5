load helper

# 2,500 hourly candles from 2024-01-01 on, with a gap, as an exchange has them.
candles() {
    kline-sim -s BTCUSDT -i 1h -n 2510 | sed 900,909d > candles.csv
    sed 1d candles.csv > archive.csv
}

# Starts the exchange with the given arguments; $url leads to it.
serve() {
    rm -f fifo
    mkfifo fifo
    python3 "$ROOT/tests/servers/klines.py" --log log "$@" > fifo 3>&- &
    server=$!
    read -r port < fifo
    url=http://127.0.0.1:$port
}

teardown() {
    [ -z "${server:-}" ] || kill "$server"
    [ -z "${second:-}" ] || kill "$second"
}

requests() { # how many were made
    wc -l < log
}

get() {
    kline-get -s BTCUSDT -i 1h -u "$url" "$@"
}

@test "kline-get: pages through a series with a gap, nothing lost, nothing twice" {
    candles
    serve archive.csv
    get > out
    cmp candles.csv out
    [ "$(requests)" -eq 3 ]
    grep '^ok symbol=BTCUSDT&interval=1h&startTime=0&limit=1000$' log
}

@test "kline-get: a page that ends with the series is followed by an empty one" {
    candles
    head -n 2000 archive.csv > two.csv
    serve two.csv
    get > out
    head -n 2001 candles.csv | cmp - out
    [ "$(requests)" -eq 3 ]
}

@test "kline-get: asks for nothing behind the end" {
    candles
    serve archive.csv
    last=$(sed -n 1001p candles.csv | cut -d, -f1)
    get --until "$last" > out
    head -n 1001 candles.csv | cmp - out
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: bounds are inclusive, --after is exclusive" {
    candles
    serve archive.csv
    get --since 2024-01-01T05:00Z --until 2024-01-01T07:00Z > out
    { head -n 1 candles.csv; sed -n 7,9p candles.csv; } | cmp - out
    get --after 2024-01-01T05:00Z --until 2024-01-01T07:00Z > out
    { head -n 1 candles.csv; sed -n 8,9p candles.csv; } | cmp - out
    get --since 2024-01-01T05:00:00.000001Z --until 2024-01-01T06:59:59.999999Z > out
    { head -n 1 candles.csv; sed -n 8p candles.csv; } | cmp - out
    get --after 1704085200000 --since 2024-01-01 --until 2024-01-01T06:00Z > out
    { head -n 1 candles.csv; sed -n 8p candles.csv; } | cmp - out
    get --since 1960-01-01 --until 2024-01-01T00:00Z > out
    head -n 2 candles.csv | cmp - out
}

@test "kline-get: a range that holds nothing gives the header alone" {
    candles
    serve archive.csv
    get --since 2030-01-01 > out
    head -n 1 candles.csv | cmp - out
    [ "$(requests)" -eq 1 ]
    get --since 2024-02-01 --until 2024-01-01 > out
    head -n 1 candles.csv | cmp - out
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: leaves out the candle that is open by the server's clock" {
    candles
    serve --date 2024-01-01T03:59:59 archive.csv
    get > out
    head -n 4 candles.csv | cmp - out
}

@test "kline-get: takes the candle whose interval has just ended" {
    candles
    serve --date 2024-01-01T04:00:00 archive.csv
    get > out
    head -n 5 candles.csv | cmp - out
}

@test "kline-get: asks for no page behind an open candle" {
    candles
    serve --date 2024-02-11T16:30:00 archive.csv
    get > out
    [ "$(tail -n 1 out | cut -d, -f1)" -eq 1707663600000 ]
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: a month ends with the month" {
    need_data klines/rest/BTCUSDT-1M-2010-01-01.json
    serve --interval 1M --date 2017-12-31T23:59:59 "$DATA/klines/rest/BTCUSDT-1M-2010-01-01.json"
    kline-get -s BTCUSDT -i 1M -u "$url" > out
    [ "$(tail -n 1 out | cut -d, -f1)" -eq 1509494400000 ]
    kill "$server"
    serve --interval 1M --date 2018-01-01T00:00:00 "$DATA/klines/rest/BTCUSDT-1M-2010-01-01.json"
    kline-get -s BTCUSDT -i 1M -u "$url" > out
    [ "$(tail -n 1 out | cut -d, -f1)" -eq 1512086400000 ]
}

@test "kline-get: recorded answers come out with every digit" {
    for file in BTCUSDT-1h-2018-02 BTCUSDT-1w-2020-01-01 SOLUSDT-1d-2026-01-01 ETHUSDT-15m-2025-01-06; do
        need_data klines/rest/$file.json
        IFS=- read -r symbol interval _ <<< $file
        serve --symbol "$symbol" --interval "$interval" "$DATA/klines/rest/$file.json"
        kline-get -s "$symbol" -i "$interval" -u "$url" | sed 1d > out
        kill "$server"
        unset server
        tr -d '[]" ' < "$DATA/klines/rest/$file.json" | grep . | cut -d, -f1-11 | cmp - out
    done
}

@test "kline-get: the recorded answer with an open candle gives none" {
    need_data klines/rest/klines_ETHUSDT_1d_limit1_open_candle.json
    serve --symbol ETHUSDT --interval 1d --date 2021-12-17T13:24:50 "$DATA/klines/rest/klines_ETHUSDT_1d_limit1_open_candle.json"
    kline-get -s ETHUSDT -i 1d -u "$url" > out
    [ "$(wc -l < out)" -eq 1 ]
}

@test "kline-get: 72,663 hourly candles equal the archive's" {
    need_data klines/BTCUSDT-1h.csv
    serve "$DATA/klines/BTCUSDT-1h.csv"
    get | sed 1d > out
    cut -d, -f1-11 "$DATA/klines/BTCUSDT-1h.csv" | cmp - out
    [ "$(requests)" -eq 73 ]
}

@test "kline-get: a refusal of the request ends it with the exchange's words" {
    candles
    serve archive.csv
    run -2 --separate-stderr kline-get -s NOSUCH -i 1h -u "$url"
    stderr_is "kline-get: $url: HTTP 400: -1121 Invalid symbol."
    [ -z "$output" ]
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: a symbol cannot add parameters" {
    candles
    serve archive.csv
    run -2 --separate-stderr kline-get -s 'BTCUSDT&limit=1' -i 1h -u "$url"
    stderr_is "kline-get: $url: HTTP 400: -1121 Invalid symbol."
    grep 'symbol=BTCUSDT%26limit%3D1&interval' log
}

@test "kline-get: recorded errors are told as they are" {
    need_data klines/rest/err_400_-1120.json
    candles
    serve --plan "400@$DATA/klines/rest/err_400_-1120.json,451@$DATA/klines/rest/err_451_geoblock.json,429@$DATA/klines/rest/err_429_-1003.json" archive.csv
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: HTTP 400: -1120 Invalid interval."
    run -2 --separate-stderr get
    [[ "$stderr" = "kline-get: $url: HTTP 451: Service unavailable from a restricted location according to "* ]]
    run -75 --separate-stderr get
    [[ "$stderr" = "kline-get: $url: HTTP 429: -1003 Too many requests; "* ]]
    [ "$(requests)" -eq 3 ]
}

@test "kline-get: a server that refuses us is left for the next, for good" {
    candles
    serve --plan 451,403 archive.csv
    first=$url second=$server
    mv log refused
    serve --plan 403 archive.csv
    run -2 --separate-stderr kline-get -s BTCUSDT -i 1h -u "$first" -u "$url"
    stderr_is "kline-get: $url: HTTP 403"
    kline-get -s BTCUSDT -i 1h -u "$first" -u "$url" > out
    cmp candles.csv out
    [ "$(wc -l < refused)" -eq 2 ]
    [ "$(requests)" -eq 4 ]
}

@test "kline-get: a failure of the server is tried again" {
    candles
    serve --plan 500,502,503:0,truncate archive.csv
    get > out
    cmp candles.csv out
    [ "$(requests)" -eq 7 ]
}

@test "kline-get: a failure in a later page loses no candle and doubles none" {
    candles
    serve --plan ok,503,truncate archive.csv
    get > out
    cmp candles.csv out
}

@test "kline-get: a pause that the exchange asks for is kept" {
    candles
    serve --plan 429:1,418:0 archive.csv
    begun=$(date +%s%N)
    get > out
    [ $(($(date +%s%N) - begun)) -ge 1000000000 ]
    cmp candles.csv out
}

@test "kline-get: a pause longer than --max-time ends it at once with 75" {
    candles
    serve --plan 418:720 archive.csv
    run -75 --separate-stderr get --max-time 60
    stderr_is "kline-get: $url: HTTP 418, asks for a pause of 720 s"
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: 429 and 418 without a pause to keep are not tried again" {
    candles
    serve --plan 429,418 archive.csv
    run -75 --separate-stderr get
    stderr_is "kline-get: $url: HTTP 429"
    run -75 --separate-stderr get
    stderr_is "kline-get: $url: HTTP 418"
    [ "$(requests)" -eq 2 ]
}

@test "kline-get: a server that keeps failing ends it with 75 after --max-time" {
    candles
    serve --plan '503*' archive.csv
    run -75 --separate-stderr get -m 1
    [[ "$stderr" =~ ^kline-get:\ $url:\ HTTP\ 503,\ [0-9]+\ attempts$ ]]
}

@test "kline-get: a server that does not answer ends it with 75 after --max-time" {
    candles
    serve --plan silent archive.csv
    run -75 --separate-stderr get -m 1
    [[ "$stderr" = "kline-get: $url: "*"timed out"* ]]
}

@test "kline-get: no server at all ends it with 75 after --max-time" {
    candles
    serve archive.csv
    kill "$server"
    wait "$server" || true
    unset server
    run -75 --separate-stderr get -m 1
    [[ "$stderr" = "kline-get: $url: "*" attempts" ]]
}

@test "kline-get: what is no page of candles is refused" {
    candles
    echo '{"code":0,"msg":"All is well."}' > object
    echo '<html>Welcome</html>' > page
    echo '[[1704067200000,"1","1","1","1","1",1704070799999,"1",1,"1"]]' > short
    echo '[[1704067200000,1,"1","1","1","1",1704070799999,"1",1,"1","1","0"]]' > number
    serve --plan 'body@object,body@page,body@short,body@number,nodate,200' archive.csv
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: not an array of candles: '{\"code\":0,\"msg\":\"All is well.\"}?'"
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: not an array of candles: '<html>Welcome</html>?'"
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: candle 1 of 1: not an array of 12"
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: candle 1 of 1: element 1 is not a string"
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: the answer has no Date"
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: not an array of candles: ''"
    [ "$(requests)" -eq 6 ]
}

@test "kline-get: an exchange that does not move on is an error, and the page before it stays" {
    candles
    serve --plan ok,repeat archive.csv
    run -2 --separate-stderr get
    [[ "$stderr" =~ ^kline-get:\ $url:\ candle\ 1\ of\ 1000:\ open\ time\ 1704067200000\ is\ before\ [0-9]+$ ]]
    printf '%s\n' "$output" > out
    head -n 1001 candles.csv | cmp - out
}

@test "kline-get: an exchange that goes beyond the end is an error" {
    candles
    serve --plan beyond archive.csv
    run -2 --separate-stderr get --until 2024-01-01T01:00Z
    stderr_is "kline-get: $url: candle 3 of 1000: open time 1704074400000 is after 1704070800000"
}

@test "kline-get: a body without an end is cut off" {
    candles
    serve --plan huge archive.csv
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: the answer is too long"
}

@test "kline-get: redirects are not followed" {
    candles
    serve --plan 301 archive.csv
    run -2 --separate-stderr get
    stderr_is "kline-get: $url: HTTP 301"
}

@test "kline-get: only http and https are spoken" {
    run -2 --separate-stderr kline-get -s BTCUSDT -i 1h -u file:///etc
    [[ "$stderr" = "kline-get: file:///etc: "* ]]
}

@test "kline-get: a reader that stops early ends it quietly" {
    candles
    serve archive.csv
    run -141 --separate-stderr bash -o pipefail -c "kline-get -s BTCUSDT -i 1h -u $url | head -n 1"
    [ -z "$stderr" ]
}

@test "kline-get: a full disk is an error" {
    candles
    serve archive.csv
    run -2 --separate-stderr bash -c "kline-get -s BTCUSDT -i 1h -u $url > /dev/full"
    stderr_is "kline-get: standard output: No space left on device"
    [ "$(requests)" -eq 1 ]
}

@test "kline-get: draws progress on a terminal, and only there" {
    candles
    serve archive.csv
    TERM=xterm script -qec "kline-get -s BTCUSDT -i 1h -u $url > out" terminal < /dev/null > /dev/null
    grep -a 'kline-get: BTCUSDT 1h up to 2024-' terminal
    cmp candles.csv out
    get 2> err > /dev/null
    [ ! -s err ]
}

@test "kline-get: a message begins a line of its own behind the progress" {
    candles
    serve --plan ok,400 archive.csv
    TERM=xterm script -qec "kline-get -s BTCUSDT -i 1h -u $url > out" terminal < /dev/null > /dev/null || true
    grep -a '^kline-get: http://.*: HTTP 400' terminal
}

@test "kline-get: wants a symbol and an interval, and no operand" {
    run -2 --separate-stderr kline-get -i 1h
    [ "${stderr_lines[0]}" = "kline-get: -s SYMBOL is missing" ]
    run -2 --separate-stderr kline-get -s BTCUSDT
    [ "${stderr_lines[0]}" = "kline-get: -i INTERVAL is missing" ]
    run -2 --separate-stderr kline-get -s BTCUSDT -i 1h more
    [ "${stderr_lines[0]}" = "kline-get: unexpected operand 'more'" ]
    run -2 --separate-stderr kline-get -s BTCUSDT -i 1H
    stderr_is "kline-get: -i: '1H' is none of the intervals 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M"
    run -2 --separate-stderr kline-get -s BTCUSDT -i 1h -m 0
    stderr_is "kline-get: -m: '0' is not a whole number from 1 to 1000000"
}
