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

# Writes 600,000 records to file in: keys that rise, then others that do not
# fit into 8 MiB, some of them more than once.
fill() {
    python3 - << 'END'
import random
random.seed(4)
def key(i):
    return 7 * i if i < 20000 else i * 7919 % 900001 if i % 2 else 'key%d' % (i * 31 % 400009)
with open('in', 'w') as f:
    f.write('k,v\n')
    f.writelines('%s,%d\n' % (key(random.randrange(600000) if i % 5 == 0 else i), i % 1000)
                 for i in range(600000))
END
}

@test "csv-dedup: --memory changes nothing, whatever is kept" {
    fill
    for keep in first last max:v min:v; do
        csv-dedup -k k -K $keep -d dups -R report in > out
        csv-dedup -k k -K $keep -d less.dups -R less.report --memory 16M < <(cat in) > less
        cmp out less
        cmp dups less.dups
        cmp report less.report
    done
}

# Prints the most memory, in KiB, that csv-dedup took on file $1.
peak() { # FILE OPTION...
    python3 - "$@" << 'END'
import os, sys
pid = os.fork()
if pid == 0:
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)
    os.dup2(os.open('/dev/null', os.O_WRONLY), 1)
    os.execvp('csv-dedup', ['csv-dedup'] + sys.argv[2:])
print(os.wait4(pid, 0)[2].ru_maxrss)
END
}

@test "csv-dedup: takes no more than --memory" {
    ! grep -q __asan_init "$(command -v csv-dedup)" || skip 'the sanitizer takes memory of its own'
    fill
    for keep in first last max:v; do
        echo "$keep: $(peak in -k k -K $keep -M 16M) KiB"
        [ "$(peak in -k k -K $keep -M 16M)" -le 16384 ]
    done
}

@test "csv-dedup: takes at most 20 bytes a row of rising keys, and 45 of others" {
    ! grep -q __asan_init "$(command -v csv-dedup)" || skip 'the sanitizer takes memory of its own'
    python3 - << 'END'
import random
random.seed(5)
rising = sorted(random.sample(range(10 ** 13), 1000000))
mixed = random.sample(rising, len(rising))
for name, keys in ('rising', map(str, rising)), ('texts', map('a{:013d}'.format, rising)), \
        ('mixed', map(str, mixed)), ('hashed', map('a{:030d}'.format, mixed)):
    with open(name, 'w') as f:
        f.write('k,v\n')
        f.writelines(key + ',1\n' for key in keys)
END
    echo k,v > none
    none=$(peak none -k k)
    for most in rising:20 texts:20 mixed:23 hashed:45; do
        each=$((($(peak ${most%:*} -k k) - none) * 1024 / 1000000))
        echo "${most%:*}: $each bytes"
        [ $each -le ${most#*:} ]
    done
}

@test "csv-dedup: a stream goes on until --memory is used up, and beyond" {
    mkfifo pipe
    : > out # it may be looked at before it is opened
    csv-dedup -k k -M 16M < pipe > out &
    exec 4> pipe
    printf 'k,v\n2,a\n1,b\n2,c\n' >&4
    for ((i = 0; i < 1000; i++)); do
        [ "$(wc -l < out)" -lt 3 ] || break
        python3 -c 'import time; time.sleep(0.01)'
    done
    file_is out 'k,v
2,a
1,b
'
    exec 4>&-
    wait $!
}

@test "csv-dedup: killed with files beyond --memory, leaves none behind" {
    fill
    mkfifo pipe
    mkdir tmp
    TMPDIR=tmp csv-dedup -k k -M 16M < pipe > out &
    { cat in && kill -KILL $! && ls tmp > left; } > pipe
    status=0
    wait $! || status=$?
    [ "$status" -eq 137 ]
    file_is left ''
}

@test "csv-dedup: says why it cannot use disk beyond --memory" {
    fill
    run -2 --separate-stderr env TMPDIR=/nowhere csv-dedup -k k -M 16M -d dups in
    stderr_is "csv-dedup: /nowhere: No such file or directory"
    for keep in first max:v; do
        run -2 --separate-stderr sh -c \
            "ulimit -f 100; trap '' XFSZ; exec csv-dedup -k k -M 16M -K $keep in"
        stderr_is "csv-dedup: ${TMPDIR:-/tmp}: File too large"
    done
}

@test "csv-dedup: refuses wrong sizes" {
    for size in 1M 15.5M 16m 1P -1 ''; do
        run -2 --separate-stderr csv-dedup -k a -M "$size" <<< a
        stderr_is "csv-dedup: -M: '$size' is not a size such as 256M, at least 16M"
    done
}

@test "csv-dedup: --report tells exact duplicates from conflicting ones" {
    printf 'k,v\r\na,1\na,1\r\na,2\nb,1\na,1\na,"1"' > in
    want() { # EXACT CONFLICTING
        [ "$(jq -c . report)" = '{"rows":6,"kept":2,"exact":'"$1"',"conflicting":'"$2}" ]
    }
    csv-dedup -k k -R report in > out
    want 2 2
    # a,1 to a,1; that to a,2; that to a,1; that to a,"1"
    csv-dedup -k k --keep last --report report in > out
    want 1 3
    # a,1 to a,1; that to a,2; of the others each to a,2
    csv-dedup -k k --keep max:v --report report in > out
    want 1 3
    csv-dedup -k k -R report < /dev/null
    [ "$(jq -c . report)" = '{"rows":0,"kept":0,"exact":0,"conflicting":0}' ]
}

@test "csv-dedup: does not write where it reads" {
    printf 'k\n1\n1\n' > in
    cp in copy
    ln -s in link
    ln in other
    for option in -d -R; do
        run -2 --separate-stderr csv-dedup -k k $option link copy in
        stderr_is "csv-dedup: link: the same file as in"
        run -2 --separate-stderr csv-dedup -k k $option other < in
        stderr_is "csv-dedup: other: the same file as standard input"
        run -2 --separate-stderr sh -c "exec csv-dedup -k k $option out in > out"
        stderr_is "csv-dedup: out: the same file as standard output"
    done
    mv in in.tmp
    run -2 --separate-stderr csv-dedup -k k -d in in.tmp
    stderr_is "csv-dedup: in.tmp: the same file as in.tmp"
    mv in.tmp in
    run -2 --separate-stderr csv-dedup -k k -d both -R both in
    stderr_is "csv-dedup: both: the same file as both"
    cmp in copy
    csv-dedup -k k -d /dev/null in > /dev/null
}

@test "csv-dedup: says where there is no room for a copy" {
    echo k > in
    run -2 --separate-stderr env TMPDIR=/nowhere csv-dedup -k k --keep last < <(cat in)
    stderr_is "csv-dedup: standard input: no copy in /nowhere: No such file or directory"
}

@test "csv-dedup: refuses a short record before it writes any" {
    printf 'k,v\na,1\nb\n' > in
    run -2 --separate-stderr csv-dedup -k k --keep last in
    stderr_is "csv-dedup: in: line 3: record 3: 1 field, header has 2"
    [ -z "$output" ]
}

@test "csv-dedup: refuses a short record even if the key is in it" {
    for key in k v k,v; do
        run -2 --separate-stderr csv-dedup -k $key <<< $'k,v\n"a\n",1\na,1\n"a\n",2\nb\nc,3'
        stderr_is "csv-dedup: standard input: line 7: record 5: 1 field, header has 2"
        [ "${lines[0]}" = k,v ]
        [[ $output != *c* ]]
    done
}

@test "csv-dedup: finds a key in any column of several files" {
    printf 'k,v,w\n"a,""x",1,"p\nq"\r\nb,2,r\n' > one
    printf 'k,v,w\nc,1,"r"\n"b",3,"p\nq"\n"a,""x",2,s' > two
    csv-dedup -k k one two > out
    file_is out 'k,v,w
"a,""x",1,"p
q"
b,2,r
c,1,"r"
'
    csv-dedup -k v one two > out
    file_is out 'k,v,w
"a,""x",1,"p
q"
b,2,r
"b",3,"p
q"
'
    csv-dedup -k w one two > out
    file_is out 'k,v,w
"a,""x",1,"p
q"
b,2,r
"a,""x",2,s
'
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

# An oracle of few lines over random files: many spellings of a key, numbers
# that are nearly equal, keys that rise and fall, and texts that would be one
# if the parts of a key were joined.
@test "csv-dedup: agrees with Python on random files, and with itself" {
    python3 - << 'END'
import csv, random, subprocess
random.seed(9)
NEAR = ['0', '00', '+1', '1', '01', '-1', '1.0', '9' * 19, '9' * 18 + '8', '1' + '0' * 19,
        '9' * 20, '18446744073709551616', '', ' ', '1 ', 'a' * 15, 'a' * 16, 'a' * 15 + 'b', '\xe9']
ODD = ['x,y', 'say "no"', 'two\nlines', 'cr\r\nlf', '"', ',', '""', '\n']
def numbers(): # that rise, fall, and rise again
    at = random.choice([0, 5, 99999990, 10 ** 12, 10 ** 19 - 200])
    for _ in range(random.randrange(200)):
        at = max(0, at + random.choice([1, 1, 1, 60, -30, 0, 7]))
        yield str(at)
def keys(kind):
    if kind == 0:
        return list(numbers()) + list(numbers())
    if kind == 1:
        return random.choices(NEAR + ODD, k=random.randrange(150))
    if kind == 2: # sorted texts, and some again
        some = sorted('%x' % random.randrange(10 ** 6) for _ in range(200))
        return [random.choice(some) if random.random() < 0.1 else key for key in some]
    mixed = random.choices(NEAR + ODD, k=40) + list(numbers())
    random.shuffle(mixed)
    return mixed
def spell(value):
    if random.random() < 0.3 or any(c in value for c in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value
def run(*args):
    return subprocess.run(['csv-dedup', *args], stdout=subprocess.PIPE, check=True).stdout
for turn in range(300):
    columns = random.choice([['k'], ['k'], ['k', 'l'], ['l', 'k'], ['l']])
    rows = [(key, random.choice(['', 'a', 'ab', 'b', key[:1]]), str(i % 7))
            for i, key in enumerate(keys(random.randrange(4)))]
    lines = [','.join(map(spell, row)) for row in rows]
    ends = [random.choice(['\n', '\n', '\r\n']) for _ in rows] if turn % 3 else ['\n'] * len(rows)
    with open('in', 'w', newline='', encoding='utf-8') as f:
        f.write('k,l,n\n' + ''.join(a + b for a, b in zip(lines, ends)))
    for keep in 'first', 'last':
        best = {}
        for i, row in enumerate(rows):
            key = tuple(row['kln'.index(c)] for c in columns)
            if keep == 'last' or key not in best:
                best[key] = i
        want = 'k,l,n\n' + ''.join(lines[i] + '\n' for i in sorted(best.values()))
        lost = [i for i in range(len(rows)) if i not in set(best.values())]
        got = run('-k', ','.join(columns), '-K', keep, '-d', 'dups', 'in')
        assert got == want.encode(), (turn, keep, columns)
        want = 'k,l,n\n' + ''.join(lines[i] + '\n' for i in lost)
        assert open('dups', 'rb').read() == want.encode(), (turn, keep, columns)
        open('out', 'wb').write(got)
        assert run('-k', ','.join(columns), '-K', keep, 'out') == got
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
