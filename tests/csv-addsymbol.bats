load helper

@test "csv-addsymbol: appends the symbol to header and rows" {
    printf 'a,b\n1,2\n3,4\n' | csv-addsymbol BTCUSDT > out
    file_is out 'a,b,symbol
1,2,BTCUSDT
3,4,BTCUSDT
'
}

@test "csv-addsymbol: -c names the column, quoted where it must be" {
    printf 'a\n1\n' | csv-addsymbol -c 'x,"y' 'A,B' > out
    file_is out 'a,"x,""y"
1,"A,B"
'
}

@test "csv-addsymbol: leaves the bytes of other fields alone" {
    printf 'a,"b"\r\n" x""y\r\n",""' | csv-addsymbol X > out
    printf 'a,"b",symbol\n" x""y\r\n","",X\n' | cmp - out
}

@test "csv-addsymbol: refuses a column that exists" {
    run -2 --separate-stderr csv-addsymbol X <<< 'a,"symbol"'
    stderr_is "csv-addsymbol: standard input: line 1: record 1: column 'symbol' exists"
    [ -z "$output" ]
}

@test "csv-addsymbol: writes the records before a short one" {
    printf 'a,b\n1,2\n3\n' > in
    run -2 --separate-stderr csv-addsymbol X in
    stderr_is "csv-addsymbol: in: line 3: record 3: 1 field, header has 2"
    [ "$output" = "a,b,symbol
1,2,X" ]
}

@test "csv-addsymbol: reads several files under one header" {
    printf 'a\n1\n' > one
    printf 'a\n2\n' > two
    csv-addsymbol X one two > out
    file_is out 'a,symbol
1,X
2,X
'
}

@test "csv-addsymbol: an empty input gives an empty output" {
    csv-addsymbol X < /dev/null > out
    file_is out ''
}

@test "csv-addsymbol: wants a symbol and a name that are not empty" {
    run -2 --separate-stderr csv-addsymbol
    [ "${stderr_lines[0]}" = "csv-addsymbol: SYMBOL is missing" ]
    run -2 --separate-stderr csv-addsymbol ''
    [ "${stderr_lines[0]}" = "csv-addsymbol: SYMBOL is missing" ]
    run -2 --separate-stderr csv-addsymbol -c '' X
    [ "${stderr_lines[0]}" = "csv-addsymbol: -c: the name is empty" ]
}

@test "csv-addsymbol: Python reads the same fields and one more" {
    need_data klines/BTCUSDT_1h-frozen-partial-last.csv
    in=$DATA/klines/BTCUSDT_1h-frozen-partial-last.csv
    csv-addsymbol -c coin BTC "$in" > out
    python3 - "$in" out << 'END'
import csv, sys
before, after = (list(csv.reader(open(f, newline=''))) for f in sys.argv[1:])
assert after == [before[0] + ['coin']] + [r + ['BTC'] for r in before[1:]]
END
}
