load helper

# Prints some fields of the output, one record a column.
fields() { # FIELD[,FIELD] [FILE]
    csv-stat "${@:2}" > stat.csv
    python3 - "$1" << 'END'
import csv
import sys
for row in csv.DictReader(open("stat.csv", encoding="utf-8", newline="")):
    print("|".join(row[name] for name in sys.argv[1].split(",")))
END
}

# A column c of the given values.
column() { # VALUE...
    printf '%s\n' c "$@" > in.csv
}

is() { # TEXT
    [ "$(cat out)" = "$1" ] || {
        printf 'expected: %s\nis:       %s\n' "$1" "$(cat out)"
        return 1
    }
}

@test "csv-stat: prints a record for each column, in their order" {
    printf 'b,a\n1,x\n2,x\n' | csv-stat > out
    file_is out 'field,type,count,empty,distinct,min,q1,median,q3,max,mean,sd,top,histogram
b,integer,2,0,2,1,1.25,1.5,1.75,2,1.5,0.7071067812,,█▁▁▁▁▁▁▁▁▁▁▁▁▁▁█
a,string,2,0,1,x,,,,x,,,x (2),
'
}

@test "csv-stat: the type is the narrowest that all values have" {
    types() {
        column "$@"
        fields type in.csv
    }
    {
        types 1 -2 +3 007 12345678901234567890
        types 1 2.5
        types 1 2e3
        types .5
        types 2024-01-26 2024-01-27
        types 2024-01-26 2024-01-26T15:00:00Z
        types 1704067200000
        types true FALSE
        types true 1
        types 1 2024-01-26
        types 2024-01-26 1704067200000
        types 2024-02-30
        types 1 x
        types '""'
    } > out
    is "$(printf '%s\n' integer decimal decimal decimal date datetime integer boolean string string string string string empty)"
}

@test "csv-stat: a value that is no number makes a column of any length text" {
    { echo c; seq 5000; echo n/a; seq 10; } > in.csv
    fields type,count,min,max,mean,median in.csv > out
    is 'string|5011|1|n/a||'
}

@test "csv-stat: empty values, quoted or not, are counted apart" {
    printf 'a,b\n,1\n"",2\nx,\n' > in.csv
    fields type,count,empty,distinct in.csv > out
    is 'string|1|2|1
integer|2|1|2'
}

@test "csv-stat: extremes compare by value and stand as in the input" {
    column 9 10 1e1 -9.50 -9.5 +10.00
    fields min,max in.csv > out
    column 9007199254740993 9007199254740992 9007199254740994 12345678901234567890.12 12345678901234567890.123
    fields min,max in.csv >> out
    column 2024-01-26T15:00:00Z 2024-01-26T15:30:00+01:00
    fields min,max in.csv >> out
    column 10 9 x
    fields min,max in.csv >> out
    is '-9.50|10
9007199254740992|12345678901234567890.123
2024-01-26T15:30:00+01:00|2024-01-26T15:00:00Z
10|x'
}

@test "csv-stat: texts that begin alike are told apart behind it" {
    column 0123456789abcdefB 0123456789abcdef 0123456789abcdefA 0123456789abcdefBA
    fields min,max in.csv > out
    column 0123456789abcdefBA 0123456789abcdefB 0123456789abcdefBAA
    fields min,max in.csv >> out
    is '0123456789abcdef|0123456789abcdefBA
0123456789abcdefB|0123456789abcdefBAA'
}

@test "csv-stat: a long text is cut at a whole character" {
    { echo c; python3 -c 'print("x" * 255 + "é" * 100)'; } > in.csv
    fields min in.csv > out
    is "$(printf 'x%.0s' {1..255})..."
}

@test "csv-stat: a mean of decimals is right to its last digit" {
    { echo c; for i in {1..30}; do printf '0.1\n0.2\n12345678901234.57\n'; done; } > in.csv
    fields mean in.csv > out
    is "$(python3 -c '
from decimal import Decimal as D
print(((D("0.1") + D("0.2") + D("12345678901234.57")) / 3).quantize(D("0.000001")))')"
}

@test "csv-stat: quartiles have no digits that computing them left behind" {
    column 0.1 0.2
    fields q1,median,q3 in.csv > out
    column 12345678901234.56 12345678901234.56
    fields median in.csv >> out
    column 135731.42000000 135731.43000000
    fields median in.csv >> out
    column 1e-9 2e-9
    fields median in.csv >> out
    is '0.125|0.15|0.175
12345678901234.56
135731.425
1.5e-09'
}

@test "csv-stat: times have a mean and quartiles that are times" {
    column 2024-01-01T00:00:00Z 2024-01-01T00:00:02Z 2024-01-01T00:00:03.5Z
    fields q1,median,mean,sd in.csv > out
    column 2024-01-01 2024-01-03
    fields median,mean in.csv >> out
    is '2024-01-01T00:00:01.000000Z|2024-01-01T00:00:02.000000Z|2024-01-01T00:00:01.833333Z|
2024-01-02|2024-01-02'
}

@test "csv-stat: the most frequent values come with their counts" {
    column b a a c c c d e e f f g g
    fields top in.csv > out
    is 'c (3); a (2); e (2); f (2); g (2)'
}

@test "csv-stat: in a column of many values a count is a lower bound, or left out" {
    { echo c; seq 300000 | sed '1~4s/.*/often/; 2~500s/.*/seldom/'; } > in.csv
    fields top in.csv > out
    grep -Ex 'often \(>=7[0-9]{4}\)' out
    [ "$(tr -dc 0-9 < out)" -le 75000 ]
    { echo c; seq 300000 | shuf --random-source=<(yes); } > in.csv
    fields top in.csv > out
    is ''
}

@test "csv-stat: distinct is exact up to 2048 and of what only rises or falls" {
    { echo c; seq 2048 | sort; seq 2048; } > in.csv
    fields distinct in.csv > out
    { echo c; seq 70000; } > in.csv
    fields distinct in.csv >> out
    { echo c; seq 70000 -1 1; } > in.csv
    fields distinct in.csv >> out
    { echo c; seq 70000; seq 10000; } > in.csv
    fields distinct in.csv >> out
    sed -i '$d' out
    is '2048
70000
70000'
    fields distinct in.csv > out
    [ "$(cat out)" -gt 67000 ] && [ "$(cat out)" -lt 73000 ]
}

@test "csv-stat: a histogram has a bar for each sixteenth of the range" {
    { echo c; for i in {0..15}; do yes "$i" | head -n $((i + 1)) || true; done; } > in.csv
    fields histogram in.csv > out
    is '▁▂▂▃▃▄▄▅▅▅▆▆▇▇██'
    column 5 5
    fields histogram in.csv > out
    is ''
}

@test "csv-stat: --json prints an array with an object a column" {
    printf 'n,t,s\n1.50,2024-01-26,"a ""b"""\n2,2024-01-27,"a ""b"""\n' | csv-stat --json > out
    jq -c '.[0] | [.field, .type, .count, .min, .max, .median, .mean, .distinct_exact]' out > some
    jq -c '.[1] | [.type, .median, .mean, .sd]' out >> some
    jq -c '.[2] | [.min, .mean, .top, .top_exact, .histogram]' out >> some
    file_is some '["n","decimal",2,"1.50","2",1.75,1.75,true]
["date","2024-01-26T12:00:00.000000Z","2024-01-26T12:00:00.000000Z",null]
["a \"b\"",null,[{"value":"a \"b\"","count":2}],true,[]]
'
    csv-stat --json < /dev/null | jq -c . > out
    is '[]'
}

@test "csv-stat: JSON is well-formed whatever the bytes are" {
    printf 'c\n\377\200x\n' | csv-stat --json > out
    python3 -c 'import json; print(json.load(open("out", encoding="utf-8"))[0]["min"])' | grep -q 'x$'
}

@test "csv-stat: columns of one name are described each" {
    printf 'a,a\n1,x\n' > in.csv
    fields field,type in.csv > out
    is 'a|integer
a|string'
}

@test "csv-stat: a ragged record is an error, or with --ragged part of it is missing" {
    printf 'a,b\n1,2\n3\n4,5,6\n' > in.csv
    run -2 --separate-stderr csv-stat in.csv
    [ -z "$output" ]
    stderr_is 'csv-stat: in.csv: line 3: record 3: 1 field, header has 2'
    fields count,empty,max --ragged in.csv > out
    is '3|0|4
2|1|5'
}

@test "csv-stat: more columns than memory is for are an error" {
    seq -s , 4096 > in.csv
    csv-stat in.csv | sed 1d | wc -l > out
    is 4096
    seq -s , 4097 > in.csv
    run -2 --separate-stderr csv-stat in.csv
    stderr_is 'csv-stat: in.csv: line 1: record 1: 4097 columns, at most 4096'
}

@test "csv-stat: the same input gives the same output" {
    kline-sim -s BTCUSDT -i 1m -n 200000 > in.csv
    csv-stat in.csv > one
    csv-stat < in.csv > two
    cmp one two
}

@test "csv-stat: the deviation survives a mean that is large beside it" {
    # NIST StRD, univariate: NumAcc2, NumAcc3 and NumAcc4, certified 0.1 each
    for mean in 1 1000000 10000000; do
        { echo c; echo $mean.2; for i in {1..500}; do printf '%s\n' $mean.1 $mean.3; done; } > in.csv
        fields mean,sd in.csv
    done > out
    is '1.2|0.1
1000000.2|0.1
10000000.2|0.1'
}

@test "csv-stat: agrees with Python on random files" {
    python3 "$ROOT/tests/stat_oracle.py" --random 1 60
}

@test "csv-stat: agrees with Python on made-up candles" {
    kline-sim -s BTCUSDT -i 1m -n 2000 > few.csv
    kline-sim -s BTCUSDT -i 1m -n 50000 > many.csv
    python3 "$ROOT/tests/stat_oracle.py" few.csv many.csv
}

@test "csv-stat: agrees with Python on real candles" {
    need_data klines/BTCUSDT-1h.csv
    kline-read "$DATA/klines/BTCUSDT-1h.csv" > hours.csv
    kline-read "$DATA/klines/FILUSDT-1m-futures.csv" > minutes.csv
    python3 "$ROOT/tests/stat_oracle.py" hours.csv minutes.csv
}
