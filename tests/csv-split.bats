load helper

# Fails unless the two outputs of csv-split with these options hold these rows.
parts() { # ROWS REST OPTION...
    csv-split "${@:3}" -r rest in > first
    csv-split "${@:3}" -o first2 in
    cmp first first2
    { head -n 1 in; printf '%s' "$1"; } | diff -u - first
    { head -n 1 in; printf '%s' "$2"; } | diff -u - rest
}

@test "csv-split: --at N takes the first N records" {
    printf 'k\n1\n"2\n"\n3\n' > in
    parts '' $'1\n"2\n"\n3\n' --at 0
    parts $'1\n"2\n"\n' $'3\n' --at 2
    parts $'1\n"2\n"\n3\n' '' --at 3
    parts $'1\n"2\n"\n3\n' '' --at 9223372036854775807
}

@test "csv-split: --at N% takes so many of the records, rounded down" {
    { echo k; seq 1 999; } > in
    for case in 0%:0 0.1%:0 0.2%:1 10%:99 50%:499 80%:799 99.9%:998 100%:999; do
        csv-split --at ${case%:*} -r rest in > first
        [ "$(sed 1d first | wc -l)" -eq ${case#*:} ]
        cat <(sed 1d first) <(sed 1d rest) | diff - <(sed 1d in)
    done
}

@test "csv-split: --at N% counts records, not lines, and reads a pipe twice" {
    printf 'k,v\r\n1,"a\nb\nc\n"\r\n2,x\r\n3,y\r\n4,z' > in
    csv-split --at 50% -r rest < <(cat in) > first
    printf 'k,v\n1,"a\nb\nc\n"\n2,x\n' | cmp - first
    printf 'k,v\n3,y\n4,z\n' | cmp - rest
    csv-split --at 50% < in | cmp - first
    cp in more
    csv-split --at 50% -r rest in more > first
    [ "$(grep -c '^[1-4],' first)/$(grep -c '^[1-4],' rest)" = 4/4 ]
}

@test "csv-split: --before takes the times before, in any spelling and order" {
    printf '%s\n' t,n 2024-03-01,1 2024-01-01T00:00:00+01:00,2 1704067200000,3 1704067199999999,4 '"2023-12-31 23:59",5' 2024-01-02,6 > in
    parts $'2024-01-01T00:00:00+01:00,2\n1704067199999999,4\n"2023-12-31 23:59",5\n' \
        $'2024-03-01,1\n1704067200000,3\n2024-01-02,6\n' --before 2024-01-01 -c t
}

@test "csv-split: --before refuses what is no time, with its line" {
    printf 't\n2024-01-01\n\n' > in
    run -2 --separate-stderr csv-split -b 2024-01-01 -c t -o first in
    stderr_is "csv-split: in: line 3: record 3: t: '' is not a time"
    [ ! -e first ]
}

@test "csv-split: --hash is XXH3 of the value, whatever its spelling" {
    # the hashes are those of Python's xxhash 4.1.0, xxh3_64_intdigest()
    python3 - << 'END'
import subprocess
hashes = {
    '': 3244421341483603138, 'BTCUSDT': 11879532152971525253, 'ETHUSDT': 3907207611107793223,
    'SOLUSDT': 3850633973181613383, 'a': 16629034431890738719, 'x "y"': 9749586018310404218,
    '東京': 5087795124118550966}
rows = [(key, spelled) for key in hashes for spelled in ('"' + key.replace('"', '""') + '"', key) if '"' not in key or spelled[0] == '"']
text = 'n,k\n' + ''.join(f'{i},{spelled}\n' for i, (_, spelled) in enumerate(rows))
for n in 1, 2, 3, 7, 1000003:
    for k in range(1, n + 1) if n < 10 else [hashes[key] % n + 1 for key in hashes]:
        got = subprocess.run(['csv-split', '-H', 'k', '-p', f'{k}/{n}'], input=text.encode(), capture_output=True, check=True).stdout.decode()
        want = 'n,k\n' + ''.join(f'{i},{spelled}\n' for i, (key, spelled) in enumerate(rows) if hashes[key] % n == k - 1)
        assert got == want, (k, n)
END
}

@test "csv-split: --hash of several columns is not that of their concatenation" {
    # as above, of each value behind its length
    printf '%s\n' a,b ab,c a,bc BTCUSDT,1h > in
    for row in ab,c:7218511453731369902 a,bc:17595248043270225649 BTCUSDT,1h:17904953096807838658; do
        part=$(python3 -c "print(${row#*:} % 1000003 + 1)")
        [ "$(csv-split -H a,b -p "$part/1000003" in | sed 1d)" = "${row%:*}" ]
    done
}

@test "csv-split: parts by hash are each record once, keys whole, and about equal" {
    { echo n,k; seq 60000 | awk '{ print $1 "," $1 % 20000 }'; } > in
    for k in 1 2 3 4; do
        csv-split -H k -p $k/4 in | sed 1d > part$k
        [ "$(wc -l < part$k)" -gt 14400 ]
        cut -d, -f2 part$k | sort | uniq -c | awk '$1 != 3 { exit 1 }'
        sort -n -c part$k
    done
    sort -n part? | diff - <(sed 1d in)
}

@test "csv-split: every way agrees with Python on records with quotes and line breaks" {
    cat > oracle.py << 'END'
import csv, random, subprocess, sys
random.seed(int(sys.argv[1]))
def field(letters):
    return ''.join(random.choices(letters, k=random.choice([0, 1, 4, 60])))
for trial in range(40):
    # Python leaves a CR unquoted if it may
    letters, quoting = random.choice([('ab,"\n', csv.QUOTE_MINIMAL), ('ab,"\n\r', csv.QUOTE_ALL)])
    rows = [[f'2024-01-{random.randint(1, 28):02}', field(letters)] for _ in range(random.choice([0, 1, 50, 9000]))]
    with open('in', 'w', newline='') as f:
        csv.writer(f, lineterminator=random.choice(['\n', '\r\n']), quoting=quoting).writerows([['t', 'v']] + rows)
    n, percent = random.randint(0, len(rows) + 1), random.randint(0, 100)
    cut = len(rows) * percent // 100
    for options, want in (
            (['-a', str(n)], (rows[:n], rows[n:])),
            (['-a', f'{percent}%'], (rows[:cut], rows[cut:])),
            (['-b', '2024-01-15', '-c', 't'], ([r for r in rows if r[0] < '2024-01-15'], [r for r in rows if r[0] >= '2024-01-15']))):
        subprocess.run(['csv-split', *options, '-o', 'first', '-r', 'rest', 'in'], check=True)
        got = tuple(list(csv.reader(open(name, newline='')))[1:] for name in ('first', 'rest'))
        assert got == want, (trial, options)
END
    python3 oracle.py 1
    # records that begin a buffer go another way
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    for size in 64 100 500 4096; do
        SLUICE_TEST_BUFFER=$size python3 oracle.py $size
    done
}

@test "csv-split: after an error there is no output file" {
    printf 'k,v\n1,2\n3\n' > in
    for at in 1 50%; do
        run -2 --separate-stderr csv-split -a $at -o first -r rest in
        stderr_is 'csv-split: in: line 3: record 3: 1 field, header has 2'
        [ ! -e first ]
        [ ! -e rest ]
    done
    printf 'k\n1\n' > in
    run -2 --separate-stderr csv-split -a 1 -o first -r /dev/full in
    stderr_is 'csv-split: /dev/full: No space left on device'
    [ ! -e first ]
    csv-split -a 1 -r rest in > /dev/full 2> err || status=$?
    [ "$status" -eq 2 ]
    [ "$(cat err)" = 'csv-split: standard output: No space left on device' ]
    [ ! -e rest ]
    run -2 --separate-stderr csv-split -a 1 -o first -r /nowhere/rest in
    stderr_is 'csv-split: /nowhere/rest: No such file or directory'
    [ ! -e first ]
}

@test "csv-split: refuses an output that is an input, under any name, and leaves it" {
    { echo k; seq 9; } > in
    cp in want
    ln in link
    ln -s in symlink
    cp in out.tmp
    for name in in ./in link symlink; do
        for option in -o -r; do
            run -2 --separate-stderr csv-split -a 3 $option "$name" in
            stderr_is "csv-split: $name: the same file as in"
        done
        run -2 --separate-stderr csv-split -a 3 -o "$name" < in
        stderr_is "csv-split: $name: the same file as standard input"
        run -2 --separate-stderr csv-split -a 3 -o "$name" want - < in
        stderr_is "csv-split: $name: the same file as standard input"
    done
    run -2 --separate-stderr csv-split -a 3 -o out out.tmp
    stderr_is "csv-split: out.tmp: the same file as out.tmp"
    cmp in want
    cmp out.tmp want
    csv-split -a 3 -o /dev/null -r /dev/null in
}

@test "csv-split: refuses one file for both parts" {
    printf 'k\n1\n' > in
    run -2 --separate-stderr csv-split -a 1 -o out -r ./out in
    stderr_is 'csv-split: ./out: the same file as out'
    [ ! -e out ]
}

@test "csv-split: header only and empty input pass" {
    for input in $'k\n' ''; do
        printf %s "$input" > in
        for way in '-a 1' '-a 50%' '-H k -p 1/2' '-b 2024-01-01 -c k'; do
            # shellcheck disable=SC2086
            csv-split $way -r rest in | cmp - in
            cmp rest in
        done
    done
}

@test "csv-split: refuses wrong options" {
    for wrong in '' '-a 1 -a 2' '-a 1 -H k -p 1/2'; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr csv-split $wrong
        [ "${stderr_lines[0]}" = 'csv-split: one of -a, -b and -H is wanted' ]
    done
    for wrong in '-b 2024-01-01' '-a 1 -c t'; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr csv-split $wrong
        [ "${stderr_lines[0]}" = 'csv-split: -b and -c go together' ]
    done
    for wrong in '-H k' '-a 1 -p 1/2'; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr csv-split $wrong
        [ "${stderr_lines[0]}" = 'csv-split: -H and -p go together' ]
    done
    for part in '' 1 / 0/2 3/2 1/0 1/2/3 a/b 1/ /2; do
        run -2 --separate-stderr csv-split -H k -p "$part"
        stderr_is "csv-split: -p: '$part' is not a part like 1/4 or 4/4"
    done
    for at in 101% -1% x% %; do
        run -2 --separate-stderr csv-split -a "$at"
        stderr_is "csv-split: -a: '$at' is not a share like 0.999 or 99.9%"
    done
    run -2 --separate-stderr csv-split -a 0.8
    stderr_is "csv-split: -a: '0.8' is not a whole number from 0 to 9223372036854775807"
    for way in '-H x -p 1/2' '-b 2024-01-01 -c x'; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr csv-split $way <<< a,b
        stderr_is "csv-split: standard input: no column 'x'; it has a, b"
    done
}
