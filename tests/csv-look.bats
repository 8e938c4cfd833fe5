load helper

unset NO_COLOR PAGER LESS LESSCHARSET COLUMNS LINES
export TERM=xterm

# Runs a command on a terminal of that size.
on_terminal() { # COLUMNSxLINES COMMAND...
    python3 "$ROOT/tests/terminal.py" "$@"
}

# The same with a pager that marks its lines.
paged() { # COLUMNSxLINES COMMAND...
    PAGER='sed s/^/P:/' NO_COLOR=1 on_terminal "$@"
}

@test "csv-look: aligns columns, numbers flush right, as they are written" {
    printf '%s\n' id,name,price,n 1,ab,0.50,x 10,a,1e3, -2,abc,.5,y | csv-look > out
    file_is out 'id  name  price  n
──  ────  ─────  ─
 1  ab     0.50  x
10  a       1e3
-2  abc      .5  y
'
}

@test "csv-look: shows values, not their quoting" {
    printf '%s\n' '"a","b, c"' '"x ""y""","1"' '"",""' | csv-look > out
    file_is out 'a      b, c
─────  ────
x "y"     1

'
}

@test "csv-look: makes control characters and broken UTF-8 visible" {
    printf 'a,b\n"1\n2\r\t3\0334\177",x\n\302\205\377\342\200\256\355\240\200,y\n' | csv-look > out
    file_is out 'a          b
─────────  ─
1␊2␍␉3␛4␡  x
������     y
'
}

@test "csv-look: the width of every character is the one that Python's Unicode gives" {
    python3 -c 'import unicodedata, sys; sys.exit(unicodedata.unidata_version != "14.0.0")' || skip 'another version of Unicode'
    # shellcheck disable=SC2016
    python3 - << 'END'
import subprocess, unicodedata as u
codes = [c for c in range(0x20, 0x110000) if not 0xd800 <= c <= 0xdfff and u.category(chr(c)) != 'Cn'] + [0x9fff, 0x2a6ff, 0x3fffd]
def width(c):
    if 0x1160 <= c <= 0x11ff or 0xd7b0 <= c <= 0xd7fb:
        return 0
    if u.category(chr(c)) in ('Mn', 'Me', 'Cf'):
        return int(c == 0xad)
    return 2 if u.category(chr(c)) == 'Cn' or u.east_asian_width(chr(c)) in 'WF' else 1
def unsafe(c):
    return u.category(chr(c)) in ('Cc', 'Zl', 'Zp') or u.bidirectional(chr(c)) in (
        'LRE', 'RLE', 'LRO', 'RLO', 'PDF', 'LRI', 'RLI', 'FSI', 'PDI') or c in (0x200e, 0x200f)
quoted = {'"': '""'}
text = 'a,b\n' + ''.join(f'"[{quoted.get(chr(c), chr(c))}]",|\n' for c in codes)
out = subprocess.run(['csv-look', '-n', 'all'], input=text.encode(), capture_output=True, check=True).stdout.decode()
rows = [line for line in out.split('\n') if line.startswith('[')]
assert len(rows) == len(codes)
page, wrong = {}, []
for i, (c, row) in enumerate(zip(codes, rows)):
    shown = row[1:row.rindex(']')]
    if unsafe(c):
        assert shown in ('\ufffd', '\u2421'), hex(c)
        columns = 1
    else:
        assert shown == chr(c), hex(c)
        columns = width(c)
    blanks = row.rindex('|') - row.rindex(']') - 1
    # all rows of a page end in the same column
    if page.setdefault(i // 1000, columns + blanks) != columns + blanks:
        wrong.append(hex(c))
assert not wrong, wrong[:20]
END
}

@test "csv-look: a mark takes no column, and an ideograph two" {
    printf '%s\n' a,b 'e\u0301'x,1 | sed 's/\\u0301/\xcc\x81/' > in
    printf '東京,1\n' >> in
    csv-look in > out
    printf 'a     b\n────  ─\ne\xcc\x81x    1\n東京  1\n' | diff - out
}

@test "csv-look: -n says how many rows, 20 if not given, and all" {
    { echo k; seq 2500; } > in
    [ "$(csv-look in | tail -n 1 | tr -d ' ')" = 20 ]
    [ "$(csv-look -n 3 in | wc -l)" -eq 5 ]
    [ "$(csv-look -n 0 in | wc -l)" -eq 2 ]
    csv-look -n all in | grep -v -e k -e ─ | tr -d ' ' | diff - <(seq 2500)
}

@test "csv-look: names stand above every thousand rows, with their widths" {
    { echo k; seq 1 1999; echo 123456; } | csv-look -n all > out
    [ "$(grep -n k out | paste -sd' ')" = '1:   k 1003:     k' ]
}

@test "csv-look: names stand above every 65,536 cells, which are all that is held" {
    # 200 columns without a value: 328 rows, the names counted
    { seq -s, 200; python3 -c 'print(("," * 199 + "\n") * 400, end="")'; } > in
    [ "$(csv-look -n all in | grep -n 1 | cut -d: -f1 | paste -sd' ')" = '1 330' ]
}

@test "csv-look: -x shows a line for each field" {
    printf '%s\n' id,long_name 1,"\"two
lines\"" 2, > in
    csv-look -x in > out
    file_is out '── row 1 ──
id         1
long_name  two␊lines
── row 2 ──
id         2
long_name
'
}

@test "csv-look: shows short, long and broken records, with the reason" {
    printf '%s\n' a,b 1,2 3 4,5,6,7 '8"9,x' 10,11 > in
    csv-look in > out
    file_is out ' a   b
──  ──
 1   2
 3  ← 1 field, header has 2
 4   5  ← 4 fields, header has 2: 6, 7
← quote inside an unquoted field: 8"9,x
10  11
'
    csv-look -x in | sed -n 4,6p > out
    file_is out '── row 2 ── ← 1 field, header has 2
a  3
── row 3 ── ← 4 fields, header has 2: 6, 7
'
}

@test "csv-look: shows what comes before an unclosed quote, and then says so" {
    printf 'a,b\n1,2\n3,"4\n' > in
    run -2 --separate-stderr csv-look in
    stderr_is 'csv-look: in: line 3: record 3: unclosed quote'
    [ "${lines[2]}" = '1  2' ]
}

@test "csv-look: -w cuts cells, by columns" {
    printf '%s\n' name,n 東京タワー,1234567 abcdef,1 abcd,2 > in
    csv-look -w 4 in > out
    file_is out 'name     n
────  ────
東…   123…
abc…     1
abcd     2
'
}

@test "csv-look: -t shows the last rows of a file, and of standard input" {
    { echo k; seq 100000; } > in
    csv-look -t 3 in > out
    file_is out '     k
──────
 99998
 99999
100000
'
    csv-look -t 3 < in | cmp - out
    csv-look --tail 2 -x in > out
    file_is out '── row -2 ──
k  99999
── row -1 ──
k  100000
'
}

@test "csv-look: -t takes a file that has fewer rows, no last LF, or an empty line at its end" {
    printf 'a,b\n1,2\n3,4' > in
    csv-look in > want
    for n in 2 3 1000; do
        csv-look -t $n in | cmp - want
    done
    printf '\357\273\277a,b\r\n1,2\r\n3,4\r\n\r\n' > in
    for n in 2 3; do
        csv-look -t $n in | cmp - want
    done
    csv-look -t 1 in | diff - <(sed 3d want)
    printf 'a,b\n' > in
    csv-look -t 5 in | diff - <(printf 'a  b\n─  ─\n')
    csv-look -t 5 /dev/null > out
    file_is out ''
}

@test "csv-look: -t begins where standard input stood" {
    printf 'junk\nk\n1\n' > in
    for n in 2 9; do
        { python3 -c 'import os; os.read(0, 5)' && csv-look -t $n; } < in > out
        file_is out 'k
─
1
'
    done
}

@test "csv-look: -t finds records with quotes, line breaks and all, as Python does" {
    cat > oracle.py << 'END'
import csv, random, subprocess, sys
random.seed(int(sys.argv[1]))
def field():
    return ''.join(random.choices('ab,"\n', weights=[9, 9, 1, 1, 1], k=random.choice([0, 1, 5, 200])))
for trial in range(150):
    rows = [[field(), field()] for _ in range(random.randint(0, 400))]
    end = random.choice(['\n', '\r\n'])
    with open('in', 'w', newline='') as f:
        csv.writer(f, lineterminator=end, quoting=random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])).writerows([['a', 'b']] + rows)
    n = random.randint(1, 300)
    out = subprocess.run(['csv-look', '-x', '-t', str(n), 'in'], capture_output=True, check=True).stdout.decode()
    got = [[line[3:] for line in part.split('\n')[1:3]] for part in out.split('── row ')[1:]]
    want = [[value.replace('\n', '␊') for value in row] for row in rows[-n:]]
    assert got == want, trial
END
    python3 oracle.py 1
    # records that begin a buffer go another way
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    for size in 64 100 500 4096; do
        SLUICE_TEST_BUFFER=$size python3 oracle.py $size
    done
}

@test "csv-look: -t of a pipe is status 2, and of several files" {
    run -2 --separate-stderr csv-look -t 3 < <(echo k)
    stderr_is 'csv-look: standard input: Illegal seek'
    mkfifo pipe
    echo k > pipe &
    run -2 --separate-stderr timeout 10 csv-look -t 3 pipe
    stderr_is 'csv-look: pipe: Illegal seek'
    run -2 --separate-stderr csv-look -t 3 a b
    [ "${stderr_lines[0]}" = 'csv-look: -t takes one file' ]
}

@test "csv-look: reads one buffer of a large file, and a few blocks of its end" {
    { echo k,v; seq -f '%.0f,1' 1000000; } > in
    for how in '-n 20' '-t 20'; do
        # shellcheck disable=SC2086
        strace -f -e trace=read,pread64 -o trace csv-look $how in > /dev/null 2> err || skip 'no strace'
        awk -F= '/read|pread64/ { n += $NF } END { exit n > 1000000 }' trace
    done
}

@test "csv-look: on a terminal cuts long texts and then leaves columns out" {
    printf '%s\n' id,text,other,x 123,abcdefghijklmnopqrstuvwxyz,abcdefghijklmno,9 > in
    NO_COLOR=1 on_terminal 40x10 csv-look in > out
    file_is out ' id  text             other            x
───  ───────────────  ───────────────  ─
123  abcdefghijklmn…  abcdefghijklmno  9
1 row
'
    NO_COLOR=1 on_terminal 30x10 csv-look in > out
    file_is out ' id  text
───  ─────────────────────────
123  abcdefghijklmnopqrstuvwx…
1 row; 2 columns not shown: other, x
'
    for columns in 12 20 30 40 60; do
        NO_COLOR=1 on_terminal ${columns}x10 csv-look in > out
        head -n 3 out | python3 -c "
import sys
assert all(len(line.rstrip('\n')) <= $columns for line in sys.stdin)"
        csv-look in | head -n 1 | tr -s ' ' '\n' | sed '/^$/d' > names
        { head -n 1 out; sed -n '4s/.*not shown: //p' out; } | tr -s ' ,' '\n' | sed '/^$/d' | cmp - names
    done
}

@test "csv-look: never cuts a number to fit" {
    printf '%s\n' volume_of_the_day,quote_volume_of_the_day 123.00000000,1234567890123.00000000 > in
    NO_COLOR=1 on_terminal 40x10 csv-look in > out
    file_is out 'volume_of_the_d…  quote_volume_of_the_d…
────────────────  ──────────────────────
    123.00000000  1234567890123.00000000
1 row
'
}

@test "csv-look: says how many rows it shows, on a terminal only" {
    { echo k; seq 30; } > in
    [ "$(NO_COLOR=1 on_terminal 40x40 csv-look in | tail -n 1)" = 'first 20 rows' ]
    [ "$(NO_COLOR=1 on_terminal 40x40 csv-look -n all in | tail -n 1)" = '30 rows' ]
    [ "$(NO_COLOR=1 on_terminal 40x40 csv-look -t 4 in | tail -n 1)" = 'last 4 rows' ]
    run ! grep row <(csv-look in)
}

@test "csv-look: colours only on a terminal, and by NO_COLOR's rule" {
    printf 'k\n1\n' > in
    [ "$(on_terminal 40x9 csv-look in | grep -c $'\033')" -eq 3 ]
    [ "$(NO_COLOR='' on_terminal 40x9 csv-look in | grep -c $'\033')" -eq 3 ]
    run ! grep $'\033' <(NO_COLOR=1 on_terminal 40x9 csv-look in)
    run ! grep $'\033' <(TERM=dumb on_terminal 40x9 csv-look in)
    run ! grep $'\033' <(csv-look in)
}

@test "csv-look: what is longer than the terminal goes through the pager" {
    { echo k; seq 30; } > in
    paged 40x24 csv-look in > out
    [ "$(grep -c ^P: out)" -eq 0 ]
    paged 40x23 csv-look in > out
    [ "$(grep -c ^P: out)" -eq 23 ]
    paged 40x99 csv-look -n all in > out
    [ "$(grep -c ^P: out)" -eq 0 ]
    LINES=9 paged 40x99 csv-look in > out
    [ "$(grep -c ^P: out)" -eq 23 ]
    csv-look -n all in > out
    [ "$(grep -c ^P: out)" -eq 0 ]
    for pager in '' cat; do
        NO_COLOR=1 PAGER=$pager on_terminal 40x5 csv-look in > out
        [ "$(wc -l < out)" -eq 23 ]
    done
}

@test "csv-look: what -w makes too wide goes through the pager, too" {
    printf '%s\n' a,b abcdefghijklmno,abcdefghijklmnop > in
    [ "$(paged 30x24 csv-look -w 20 in | grep -c ^P:)" -eq 4 ]
    [ "$(paged 40x24 csv-look -w 20 in | grep -c ^P:)" -eq 0 ]
}

@test "csv-look: a pager that is left early is no error, and ends the reading" {
    kline-sim -s BTCUSDT -i 1m -n 20000 > in
    PAGER='head -n 1' NO_COLOR=1 on_terminal 60x20 csv-look -n all in > out
    [ "$(wc -l < out)" -eq 1 ]
    mkfifo endless
    python3 -c '
import sys
print("k")
try:
    while True: print("1")
except BrokenPipeError:
    sys.stderr.close()' > endless 2> /dev/null &
    PAGER='head -n 1' NO_COLOR=1 on_terminal 60x20 csv-look -n all endless > out
    [ "$(wc -l < out)" -eq 1 ]
    wait $! || true
}

@test "csv-look: refuses wrong options" {
    for bad in -n0x -n-1 -t0 -w0; do
        run -2 --separate-stderr csv-look $bad
        [[ "$stderr" == "csv-look: ${bad:0:2}: '${bad:2}' is not a whole number from "* ]]
    done
}

@test "csv-look: an operand that is no file is told, though it may never be opened" {
    printf 'a\n1\n' > in
    run -2 --separate-stderr csv-look in -n 1
    stderr_is 'csv-look: -n: No such file or directory'
}
