load helper

HEADER=open_time,open,high,low,close,volume,close_time,quote_asset_volume,num_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume
# two hourly candles, as they stand in an archive
ONE=1704067200000,42283.58000000,42554.57000000,42261.02000000,42475.23000000,1271.68108000,1704070799999,53957248.97378900,47134,682.57581000,28957416.81964500
TWO=1704070800000,42475.23000000,42775.00000000,42431.65000000,42613.56000000,1196.37856000,1704074399999,50984251.24710100,40396,634.04300000,27014284.61022800

@test "kline-read: takes twelve or eleven columns without a header" {
    printf '%s,0\n%s,0' $ONE $TWO | kline-read > out
    file_is out "$HEADER
$ONE
$TWO
"
    printf '%s\n' $ONE | kline-read > out
    file_is out "$HEADER
$ONE
"
}

@test "kline-read: refuses another number of columns without a header" {
    run -2 --separate-stderr kline-read <<< 1704067200000,1,2,0.5,1.5,10
    stderr_is "kline-read: standard input: line 1: record 1: 6 columns without a header, expected 12"
    run -2 --separate-stderr kline-read <<< "$ONE,0,BTCUSDT"
    stderr_is "kline-read: standard input: line 1: record 1: 13 columns without a header, expected 12"
}

@test "kline-read: takes the archive's header, CRLF and a BOM" {
    printf '\xef\xbb\xbfopen_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\r\n%s,0\r\n' $ONE | kline-read > out
    file_is out "$HEADER
$ONE
"
    printf '\xef\xbb\xbf%s,0\r\n%s,0\r\n' $ONE $TWO | kline-read > out
    file_is out "$HEADER
$ONE
$TWO
"
}

@test "kline-read: reads its own output" {
    printf '%s,0\n%s,0\n' $ONE $TWO | kline-read > once
    kline-read < once > twice
    cmp once twice
}

@test "kline-read: cuts microseconds to milliseconds" {
    sed 's/1704070799999/1704070799999999/; s/1704067200000/1704067200000000/' <<< "$ONE,0" | kline-read > out
    file_is out "$HEADER
$ONE
"
}

@test "kline-read: takes the quotes off" {
    # not those of the first field: a record that begins with a digit is no header
    printf '%s,0\n' $ONE | sed 's/[^,]*/"&"/2g' | kline-read > out
    file_is out "$HEADER
$ONE
"
}

@test "kline-read: refuses columns in another order, unless by name" {
    printf '%s\n' $HEADER $ONE | sed 's/,/,x,/' > in
    run -2 --separate-stderr kline-read in
    stderr_is "kline-read: in: line 1: record 1: column 2 is 'x', expected 'open' (--by-name takes columns by name)"
    [ "$output" = "$HEADER" ]
    kline-read --by-name in > out
    file_is out "$HEADER
$ONE
"
}

@test "kline-read: names the columns that are not there" {
    run -2 --separate-stderr kline-read -n <<< 'open_time,open,high,low,close,volume,close_time,qav'
    stderr_is "kline-read: standard input: line 1: record 1: no column 'num_of_trades', 'taker_buy_base_asset_volume', 'taker_buy_quote_asset_volume'"
}

@test "kline-read: refuses a column that stands twice under two names" {
    run -2 --separate-stderr kline-read <<< "$HEADER,count"
    stderr_is "kline-read: standard input: line 1: record 1: 'num_of_trades' and 'count' are the same column"
}

@test "kline-read: refuses a value that is none, with its place" {
    printf '%s,0\n%s,0\n' $ONE "${TWO/,40396,/,40396.5,}" > in
    run -2 --separate-stderr kline-read in
    stderr_is "kline-read: in: line 2: record 2: num_of_trades: '40396.5' is not a whole number of 0 or more"
    [ "$output" = "$HEADER
$ONE" ]
    run -2 --separate-stderr kline-read <<< "${ONE/,42261/,-42261},0"
    stderr_is "kline-read: standard input: line 1: record 1: low: '-42261.02000000' is not a decimal of 0 or more"
    run -2 --separate-stderr kline-read <<< "${ONE/1704067200000/1704067200},0"
    stderr_is "kline-read: standard input: line 1: record 1: open_time: '1704067200' is not epoch milliseconds (13 digits) or microseconds (16 digits)"
}

@test "kline-read: refuses a ragged row" {
    printf '%s,0\n%s\n' $ONE $TWO > in
    run -2 --separate-stderr kline-read in
    stderr_is "kline-read: in: line 2: record 2: 11 fields, header has 12"
}

@test "kline-read: each file may have a header of its own, or none" {
    printf '%s,0\n' $ONE > one
    printf '%s\n' "${HEADER/num_of_trades/count}" $TWO > two
    kline-read one two - <<< "$ONE" > out
    file_is out "$HEADER
$ONE
$TWO
$ONE
"
}

@test "kline-read: gives the header alone for an empty file or a header alone" {
    kline-read < /dev/null > out
    file_is out "$HEADER
"
    kline-read <<< "$HEADER" > out
    file_is out "$HEADER
"
}

@test "kline-read: refuses a file that is not there, and a directory" {
    run -2 --separate-stderr kline-read nowhere
    stderr_is "kline-read: nowhere: No such file or directory"
    run -2 --separate-stderr kline-read .
    stderr_is "kline-read: .: Is a directory"
}

@test "kline-read: bounds are inclusive, --after is exclusive" {
    printf '%s,0\n%s,0\n' $ONE $TWO > in
    kline-read --since 2024-01-01T01:00Z in > out
    file_is out "$HEADER
$TWO
"
    kline-read --until 2024-01-01T00:00Z in > out
    file_is out "$HEADER
$ONE
"
    kline-read --since 2024-01-01 --until 1704070800000 in | sed 1d > out
    [ "$(wc -l < out)" -eq 2 ]
    kline-read --after 1704067200000 in > out
    file_is out "$HEADER
$TWO
"
}

@test "kline-read: --closed-by goes by the close time, or by the interval" {
    # a halt of the exchange cut the second candle short
    printf '%s,0\n%s,0\n' $ONE "${TWO/1704074399999/1704072000000}" > in
    kline-read -c 2024-01-01T01:59Z in | sed 1d > out
    [ "$(wc -l < out)" -eq 2 ]
    kline-read -c 2024-01-01T01:59Z -i 1h in | sed 1d > out
    file_is out "$ONE
"
    kline-read -c 2024-01-01T02:00Z -i 1h in | sed 1d > out
    [ "$(wc -l < out)" -eq 2 ]
    kline-read -c 2024-01-01T00:59:59.999999Z in | sed 1d > out
    [ ! -s out ]
    kline-read -c 2024-01-01T01:00:00Z in | sed 1d > out
    file_is out "$ONE
"
}

@test "kline-read: shows a candle as soon as its line is complete" {
    mkfifo in out
    kline-read < in > out &
    exec 4> in 5< out
    printf '%s\n' $ONE >&4
    read -r -t 5 _ <&5
    read -r -t 5 row <&5
    exec 4>&- 5<&-
    wait
    [ "$row" = $ONE ]
}

@test "kline-read: real archives keep every digit" {
    for file in BTCUSDT-1h BTCUSDT-1d ETHUSDT-1d BTCUSDT-1h-2024-12.archive; do
        need_data klines/$file.csv
        kline-read "$DATA/klines/$file.csv" | sed 1d > out
        cut -d, -f1-11 "$DATA/klines/$file.csv" | cmp - out
    done
    kline-read "$DATA/klines/FILUSDT-1m-futures.csv" | sed 1d > out
    sed 1d "$DATA/klines/FILUSDT-1m-futures.csv" | cut -d, -f1-11 | cmp - out
}

@test "kline-read: an archive in microseconds equals the same candles in milliseconds" {
    need_data klines/BTCUSDT-1h-2025-01.archive.csv
    kline-read "$DATA/klines/BTCUSDT-1h-2025-01.archive.csv" > micro
    kline-read --since 2025-01-01 --until 2025-01-31T23:00Z "$DATA/klines/BTCUSDT-1h.csv" > milli
    [ "$(wc -l < milli)" -eq 745 ]
    cmp micro milli
}

@test "kline-read: a frozen last candle is dropped with --closed-by" {
    need_data klines/BTCUSDT_1h-frozen-partial-last.csv
    for interval in '' '-i 1h'; do
        # shellcheck disable=SC2086 # none or two words
        kline-read $interval --closed-by 2025-09-21T02:30:00Z "$DATA/klines/BTCUSDT_1h-frozen-partial-last.csv" | sed 1d > out
        sed '1d; $d' "$DATA/klines/BTCUSDT_1h-frozen-partial-last.csv" | cut -d, -f1-11 | cmp - out
    done
}

@test "kline-read: a drifted header is refused, and read by name" {
    need_data klines/BTCUSDT_1h-drifted-schema-noignore.csv
    run -2 --separate-stderr kline-read "$DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv"
    stderr_is "kline-read: $DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv: line 1: record 1: column 2 is 'datetime', expected 'open' (--by-name takes columns by name)"
    kline-read --by-name "$DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv" | sed 1d > out
    sed 1d "$DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv" | tr -d '\r' | cut -d, -f1,3-12 | cmp - out
}

@test "kline-read: files that lack columns are refused with their names" {
    need_data klines/AEURUSDT_15m-halt-gap.csv
    for file in AEURUSDT_15m-halt-gap BTCUSDT-1m-dupes; do
        run -2 --separate-stderr kline-read "$DATA/klines/$file.csv"
        stderr_is "kline-read: $DATA/klines/$file.csv: line 1: record 1: no column 'open_time', 'close_time', 'quote_asset_volume', 'num_of_trades', 'taker_buy_base_asset_volume', 'taker_buy_quote_asset_volume'"
    done
}

@test "kline-read: a candle longer than the interval is refused, with its place" {
    printf '%s,0\n%s,0\n' $ONE "${TWO/1704074399999/1704078000000}" > in
    run -2 --separate-stderr kline-read -i 1h in
    stderr_is "kline-read: in: line 2: record 2: the candle lasts 3600001 ms longer than an interval of 1h"
    [ "$output" = "$HEADER
$ONE" ]
}

@test "kline-read: candles of which less than half are as long as the interval are refused" {
    printf '%s,0\n%s,0\n' $ONE $TWO > in
    run -2 --separate-stderr kline-read -i 1d in
    stderr_is "kline-read: in: only 0 of 2 candles are as long as the interval of 1d"
    run -2 --separate-stderr kline-read -i 1M in
    # a halt cuts one candle short: the others tell
    printf '%s,0\n%s,0\n' $ONE "${TWO/1704074399999/1704072000000}" | kline-read -i 1h | sed 1d > out
    [ "$(wc -l < out)" -eq 2 ]
    # of a single one nothing can be told
    kline-read -i 1d <<< $ONE | sed 1d > out
    file_is out "$ONE
"
}

@test "kline-read: --pass lets bad values through, whatever they are, and nothing ragged" {
    printf '%s,0\n' $ONE "${TWO/,40396,/,many,}" "${TWO/42475.23000000/\"1,5\"}" "${TWO/1704070800000/soon}" $TWO > in
    kline-read --pass --since 2024-01-01T01:00Z -i 1h in > out
    file_is out "$HEADER
${TWO/,40396,/,many,}
${TWO/42475.23000000/\"1,5\"}
${TWO/1704070800000/soon}
$TWO
"
    echo 1,2 >> in
    run -2 --separate-stderr kline-read --pass in
    stderr_is "kline-read: in: line 6: record 6: 2 fields, header has 12"
}

@test "kline-read: real archives are of their interval, and of no other" {
    for archive in BTCUSDT-1h:1h:2h BTCUSDT-1d:1d:1h BTCUSDT-1h-2025-01.archive:1h:1d FILUSDT-1m-futures:1m:1h; do
        IFS=: read -r file interval other <<< "$archive"
        need_data "klines/$file.csv"
        kline-read -i "$interval" "$DATA/klines/$file.csv" > right
        kline-read "$DATA/klines/$file.csv" | cmp right -
        run -2 --separate-stderr kline-read -i "$other" "$DATA/klines/$file.csv"
    done
}
