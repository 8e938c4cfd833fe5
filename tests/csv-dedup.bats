load helper

@test "csv-dedup: keeps the first of equal keys, in input order" {
    printf 'k,v\nb,1\na,2\nb,3\na,4\nc,5\n' | csv-dedup -k k > out
    file_is out 'k,v
b,1
a,2
c,5
'
}

@test "csv-dedup: --keep last keeps the last, in input order" {
    printf 'k,v\nb,1\na,2\nb,3\na,4\nc,5\n' | csv-dedup -k k --keep last > out
    file_is out 'k,v
b,3
a,4
c,5
'
}

@test "csv-dedup: max and min compare decimals by value" {
    printf 'k,v\na,9\na,10\na,1e1\na,9.00\n' > in
    csv-dedup -k k --keep max:v in > out
    file_is out 'k,v
a,1e1
'
    csv-dedup -k k --keep min:v in > out
    file_is out 'k,v
a,9
'
}

@test "csv-dedup: max compares times by time, in any spelling" {
    printf 'k,v\na,2024-01-26T15:00:00Z\na,2024-01-26T15:30+01:00\na,2024-01-26\n' > in
    csv-dedup -k k --keep max:v in > out
    file_is out 'k,v
a,2024-01-26T15:00:00Z
'
}

@test "csv-dedup: a missing value loses to any other" {
    printf 'k,v\na,\na,-5\na,""\nb,\nb,\n' > in
    csv-dedup -k k --keep max:v in > out
    file_is out 'k,v
a,-5
b,
'
    csv-dedup -k k --keep min:v in > out
    file_is out 'k,v
a,-5
b,
'
}

@test "csv-dedup: on a tie max keeps the later record and min the first" {
    printf 'k,v,n\na,1,x\na,1.0,y\n' > in
    csv-dedup -k k --keep max:v in | sed 1d > out
    csv-dedup -k k --keep min:v in | sed 1d >> out
    file_is out 'a,1.0,y
a,1,x
'
}

@test "csv-dedup: compares keys by value and keeps their bytes" {
    printf 'k,v\n"a",1\na,2\n"x ""y""\n",3\n"x ""y""\n",4\n1,5\n1.0,6\n' |
        csv-dedup -k k > out
    file_is out 'k,v
"a",1
"x ""y""
",3
1,5
1.0,6
'
}

@test "csv-dedup: a key of several columns is not their concatenation" {
    printf 'a,b\nab,c\na,bc\nab,c\n' | csv-dedup -k a,b > out
    file_is out 'a,b
ab,c
a,bc
'
}

@test "csv-dedup: -d gets the dropped records, bytes as they were" {
    printf 'k,v\r\na,"1"\r\na,"2"\r\nb,3\r\na,4' > in
    csv-dedup -k k -d dups in > out
    file_is dups 'k,v
a,"2"
a,4
'
    csv-dedup -k k --keep last --dups dups < in > out
    file_is dups 'k,v
a,"1"
a,"2"
'
    [ ! -e dups.tmp ]
}

@test "csv-dedup: reads a pipe twice as it reads a file" {
    printf 'k,v\na,1\na,2\n' > in
    csv-dedup -k k --keep last in > want
    TMPDIR=$PWD csv-dedup -k k --keep last < <(cat in) > out
    cmp want out
    [ "$(echo ./*)" = "./in ./out ./want" ]
}

@test "csv-dedup: reads a seekable standard input again from where it stood" {
    printf 'skipped\nk,v\na,1\na,2\n' > in
    { python3 -c 'import os; os.read(0, 8)' && csv-dedup -k k --keep last; } < in > out
    file_is out 'k,v
a,2
'
}

@test "csv-dedup: takes several files as one, pipes among them" {
    printf 'k,v\na,1\nb,2\n' > one
    printf 'k,v\na,3\n' > two
    for keep in last max:v; do
        csv-dedup -k k --keep $keep one <(cat two) > out
        file_is out 'k,v
b,2
a,3
'
    done
}

@test "csv-dedup: refuses a file that grows between the readings" {
    { echo k; seq 200000; } > in
    mkfifo pipe
    csv-dedup -k k --keep last in pipe > out 2> err &
    exec 4> pipe
    # the second input is opened when the first has been read
    echo again >> in
    printf 'k\n1\n' >&4
    exec 4>&-
    status=0
    wait $! || status=$?
    [ "$status" -eq 2 ]
    [ "$(cat err)" = "csv-dedup: in: changed while it was read" ]
}

@test "csv-dedup: says where there is no room for a copy" {
    echo k > in
    run -2 --separate-stderr env TMPDIR=/nowhere csv-dedup -k k --keep last < <(cat in)
    stderr_is "csv-dedup: standard input: No such file or directory"
}

@test "csv-dedup: refuses a short record before it writes any" {
    printf 'k,v\na,1\nb\n' > in
    run -2 --separate-stderr csv-dedup -k k --keep last in
    stderr_is "csv-dedup: in: line 3: record 3: 1 field, header has 2"
    [ -z "$output" ]
}

@test "csv-dedup: header only and empty input pass" {
    for keep in first last; do
        echo k | csv-dedup -k k --keep $keep -d dups > out
        file_is out 'k
'
        file_is dups 'k
'
        csv-dedup -k k --keep $keep -d dups < /dev/null > out
        file_is out ''
        file_is dups ''
    done
}

@test "csv-dedup: refuses columns that are not there" {
    run -2 --separate-stderr csv-dedup -k x <<< a,b
    stderr_is "csv-dedup: standard input: no column 'x'; it has a, b"
    run -2 --separate-stderr csv-dedup -k a --keep max:x <<< a,b
    stderr_is "csv-dedup: standard input: no column 'x'; it has a, b"
}

@test "csv-dedup: refuses wrong options" {
    run -2 --separate-stderr csv-dedup
    [ "${stderr_lines[0]}" = "csv-dedup: -k COL is missing" ]
    for keep in max max: lastly ''; do
        run -2 --separate-stderr csv-dedup -k a --keep "$keep"
        stderr_is "csv-dedup: -K: '$keep' is not first, last, max:COL or min:COL"
    done
}

@test "csv-dedup: fails if the dropped records cannot be written" {
    run -2 --separate-stderr csv-dedup -k a -d /nowhere/dups <<< a
    stderr_is "csv-dedup: /nowhere/dups: No such file or directory"
    run -2 --separate-stderr csv-dedup -k a -d /dev/full <<< a
    stderr_is "csv-dedup: /dev/full: No space left on device"
}

@test "csv-dedup: agrees with Python on 40,000 records, each way to keep" {
    python3 - << 'END'
import csv, random, subprocess
from decimal import Decimal
random.seed(1)
keys = ['a', 'b "q"', 'c,\n', ''] + [str(i) for i in range(9000)]
values = ['', '-1', '0.10', '1e2', '99', '100.00']
rows = [[random.choice(keys), random.choice('xy'), random.choice(values)]
        for _ in range(40000)]
with open('in', 'w', newline='') as f:
    csv.writer(f).writerows([['k', 'l', 'v']] + rows)
def worth(row):
    return (row[2] != '', Decimal(row[2] or 0))
def loss(row):
    return (row[2] != '', -Decimal(row[2] or 0))
better = {'first': lambda new, old: False, 'last': lambda new, old: True,
          'max:v': lambda new, old: worth(new) >= worth(old),
          'min:v': lambda new, old: loss(new) > loss(old)}
for keep, beats in better.items():
    best = {}
    for i, row in enumerate(rows):
        key = (row[0], row[1])
        if key not in best or beats(row, rows[best[key]]):
            best[key] = i
    wins = set(best.values())
    with open('out', 'w') as out:
        subprocess.run(['csv-dedup', '-k', 'k,l', '-K', keep, '-d', 'dups', 'in'],
                       stdout=out, check=True)
    for name, stays in ('out', True), ('dups', False):
        got = list(csv.reader(open(name, newline='')))[1:]
        assert got == [r for i, r in enumerate(rows) if (i in wins) == stays], (keep, name)
END
}

@test "csv-dedup: leaves 30,900 of the real duplicates, the final ones" {
    need_data klines/BTCUSDT-1m-dupes.csv
    in=$DATA/klines/BTCUSDT-1m-dupes.csv
    csv-dedup -k timestamp --keep max:volume -d dups "$in" > out
    [ "$(sed 1d out | wc -l)" -eq 30900 ]
    [ "$(sed 1d out | cut -d, -f1 | sort -u | wc -l)" -eq 30900 ]
    [ "$(($(wc -l < out) + $(wc -l < dups)))" -eq "$(($(wc -l < "$in") + 1))" ]
    csv-dedup -k timestamp out | cmp - out
}
