load helper

@test "csv-gaps: finds what is missing, double and off the grid, in order of time" {
    printf '%s\n' t 2024-01-01T00:00Z 2024-01-01T01:00Z 2024-01-01T01:00Z 2024-01-01T01:00Z \
        2024-01-01T04:00Z 2024-01-01T05:30Z 2024-01-01T05:30Z 2024-01-01T06:00Z |
        csv-gaps -c t -s 1h > out
    file_is out 'kind,from,to,count
duplicate,2024-01-01T01:00:00.000000Z,2024-01-01T01:00:00.000000Z,2
missing,2024-01-01T02:00:00.000000Z,2024-01-01T03:00:00.000000Z,2
missing,2024-01-01T05:00:00.000000Z,2024-01-01T05:00:00.000000Z,1
off-grid,2024-01-01T05:30:00.000000Z,2024-01-01T05:30:00.000000Z,2
'
}

@test "csv-gaps: finds a duplicate and a stray time at the very end, too" {
    printf 't\n2024-01-01\n2024-01-02\n2024-01-02\n' | csv-gaps -c t -s 1d > out
    printf 't\n2024-01-01\n2024-01-02T00:00:00.000001Z\n' | csv-gaps -c t -s 1d >> out
    file_is out 'kind,from,to,count
duplicate,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1
kind,from,to,count
missing,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1
off-grid,2024-01-02T00:00:00.000001Z,2024-01-02T00:00:00.000001Z,1
'
}

@test "csv-gaps: -t counts per key, in the order in which keys came" {
    printf '%s\n' k,t b,1704067200000 a,1704067200000000 b,1704067260000 a,1704067320000 b,1704067260000 |
        csv-gaps -c t -s 1m -k k --totals > out
    file_is out 'k,first,last,expected,present,missing,duplicate,off_grid,coverage
b,2024-01-01T00:00:00.000000Z,2024-01-01T00:01:00.000000Z,2,2,0,1,0,1.000000
a,2024-01-01T00:00:00.000000Z,2024-01-01T00:02:00.000000Z,3,2,1,0,0,0.666666
'
}

@test "csv-gaps: keys are values, and written as CSV" {
    printf '%s\n' a,b,t 'x,"p, q",2024-01-01' '"x","p, q",2024-01-03' xp,q,2024-01-03 |
        csv-gaps -c t -s 1d -k b,a > out
    file_is out 'b,a,kind,from,to,count
"p, q",x,missing,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1
'
}

@test "csv-gaps: an empty key is a key" {
    printf '%s\n' k,t ,2024-01-01 a,2024-01-01 ,2024-01-03 | csv-gaps -c t -s 1d -k k > out
    file_is out 'k,kind,from,to,count
,missing,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1
'
}

@test "csv-gaps: weeks begin on Monday, and months have their own lengths" {
    printf '%s\n' t 2024-01-01 2024-01-22 2024-01-30 | csv-gaps -c t -s 1w | sed 1d > out
    printf '%s\n' t 2023-11-01 2024-03-01 2024-04-02 | csv-gaps -c t -s 1M | sed 1d >> out
    file_is out 'missing,2024-01-08T00:00:00.000000Z,2024-01-15T00:00:00.000000Z,2
missing,2024-01-29T00:00:00.000000Z,2024-01-29T00:00:00.000000Z,1
off-grid,2024-01-30T00:00:00.000000Z,2024-01-30T00:00:00.000000Z,1
missing,2023-12-01T00:00:00.000000Z,2024-02-01T00:00:00.000000Z,3
missing,2024-04-01T00:00:00.000000Z,2024-04-01T00:00:00.000000Z,1
off-grid,2024-04-02T00:00:00.000000Z,2024-04-02T00:00:00.000000Z,1
'
}

@test "csv-gaps: -S and -U bound what is looked at, and what is expected" {
    printf '%s\n' t 2024-01-01 2024-01-03 2024-01-04 2024-01-09 > in
    csv-gaps -c t -s 1d --since 2024-01-02 --until 2024-01-06T12:00 in > out
    csv-gaps -c t -s 1d -S 2024-01-10 -U 2024-01-11 -t in >> out
    file_is out 'kind,from,to,count
missing,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1
missing,2024-01-05T00:00:00.000000Z,2024-01-06T00:00:00.000000Z,2
first,last,expected,present,missing,duplicate,off_grid,coverage
,,2,0,2,0,0,0.000000
'
}

@test "csv-gaps: a coverage under -m is status 1, with the output written" {
    printf '%s\n' k,t c,2024-01-01 c,2024-01-03 a,2024-01-01 a,2024-01-04 b,2024-01-01 b,2024-01-02 > in
    for least in 0.5 50% 0.4999999 0; do
        csv-gaps -k k -c t -s 1d -m $least in > want
    done
    run -1 --separate-stderr csv-gaps -k k -c t -s 1d --min-coverage 0.51 in
    stderr_is 'csv-gaps: a: coverage 0.500000 is under 0.510000'
    [ "$output" = "$(cat want)" ]
    run -1 --separate-stderr csv-gaps -k k -c t -s 1d -m 100% in
    stderr_is 'csv-gaps: a: coverage 0.500000 is under 1.000000, as with 1 more of 3 keys'
    run -1 --separate-stderr csv-gaps -c t -s 1d -m 0.751 <<< $'t\n2024-01-01\n2024-01-03\n2024-01-04'
    stderr_is 'csv-gaps: coverage 0.750000 is under 0.751000'
}

@test "csv-gaps: nothing at all is not covered" {
    for input in '' t; do
        printf %s "$input" > in
        csv-gaps -c t -s 1d in
        run -1 --separate-stderr csv-gaps -c t -s 1d -m 0 in
        stderr_is 'csv-gaps: no interval is expected'
    done
    run -1 --separate-stderr csv-gaps -c t -k k -s 1d -m 0 <<< t,k
    stderr_is 'csv-gaps: no interval is expected'
}

@test "csv-gaps: a time that goes back is an error, with its line" {
    printf '%s\n' k,t a,2024-01-03 b,2024-01-01 a,2024-01-02 > in
    run -2 --separate-stderr csv-gaps -c t -k k -s 1d in
    stderr_is "csv-gaps: in: line 4: record 4: t: '2024-01-02' is before the time of an earlier record"
}

@test "csv-gaps: what is no time is an error, with its line" {
    for bad in '' x 2024-02-30 170406720000; do
        printf 't,k\n2024-01-01,a\n%s,a\n' "$bad" > in
        run -2 --separate-stderr csv-gaps -c t -s 1d in
        stderr_is "csv-gaps: in: line 3: record 3: t: '$bad' is not a time"
    done
}

@test "csv-gaps: a finding is written when the next time of its series comes" {
    mkfifo to from
    csv-gaps -c t -s 1d < to > from &
    exec 4> to 5< from
    printf 't\n2024-01-01\n2024-01-03\n' >&4
    read -r -t 10 _ <&5
    read -r -t 10 line <&5
    [ "$line" = missing,2024-01-02T00:00:00.000000Z,2024-01-02T00:00:00.000000Z,1 ]
    exec 4>&- 5<&-
    wait $!
}

@test "csv-gaps: refuses wrong options" {
    run -2 --separate-stderr csv-gaps -s 1h
    [ "${stderr_lines[0]}" = 'csv-gaps: -c COL is missing' ]
    run -2 --separate-stderr csv-gaps -c t
    [ "${stderr_lines[0]}" = 'csv-gaps: -s STEP is missing' ]
    run -2 --separate-stderr csv-gaps -c t -s 1h -S 2024-01-02 -U 2024-01-01
    [ "${stderr_lines[0]}" = 'csv-gaps: -S is later than -U' ]
    for step in '' h 0h -1h +1h 1 1y 2M 2w 1.5h ' 1h' 100001h; do
        run -2 --separate-stderr csv-gaps -c t -s "$step"
        stderr_is "csv-gaps: -s: '$step' is not a step like 30s, 15m, 1h, 1d, 1w or 1M"
    done
    for share in '' % x 1.1 101% -0.1; do
        run -2 --separate-stderr csv-gaps -c t -s 1h -m "$share"
        stderr_is "csv-gaps: -m: '$share' is not a share like 0.999 or 99.9%"
    done
    run -2 --separate-stderr csv-gaps -c x -s 1h <<< a,b
    stderr_is "csv-gaps: standard input: no column 'x'; it has a, b"
}

@test "csv-gaps: agrees with Python on random series, for each kind of step" {
    cat > oracle.py << 'END'
import csv, io, random, subprocess, sys
from datetime import datetime, timedelta, timezone
random.seed(int(sys.argv[1]))
EPOCH = datetime(1970, 1, 1)
def grid(step, first, last):
    """The open times of a step in [first, last], counted one by one."""
    if step == '1M':
        times = (datetime(y, m, 1) for y in range(1960, 2030) for m in range(1, 13))
    else:
        length = {'7m': 7 / 1440, '1h': 1 / 24, '1d': 1, '3d': 3, '1w': 7}[step]
        length = timedelta(seconds=round(length * 86400))
        origin = datetime(1969, 12, 29) if step == '1w' else EPOCH
        at = origin + (first - origin) // length * length
        times = (at + k * length for k in range(-1, (last - first) // length + 3))
    return [t for t in times if first <= t <= last]
def runs(times, expected):
    """Maximal runs of missing times that nothing interrupts."""
    out = []
    for t in expected:
        if t in times:
            continue
        before = [x for x in times if x < t]
        if out and out[-1][2] == len(before):
            out[-1][1] = t
            out[-1][3] += 1
        else:
            out.append([t, t, len(before), 1])
    return out
def text(t):
    return t.strftime('%Y-%m-%dT%H:%M:%S.%fZ')
for step in ['7m', '1h', '1d', '3d', '1w', '1M'] * 3:
    start = datetime(random.choice([1968, 2023]), random.randint(1, 12), random.randint(1, 28))
    span = 40 * {'7m': 420, '1h': 3600, '1d': 86400, '3d': 259200, '1w': 604800, '1M': 2629800}[step]
    all_times = grid(step, start, start + timedelta(seconds=span))
    series = {}
    for key in 'ab':
        times = [t for t in all_times if random.random() < 0.7]
        times += random.choices(times, k=5)
        times += [t + timedelta(microseconds=random.randint(1, 50 * 10**6)) for t in random.choices(times, k=3)]
        series[key] = sorted(times)
    rows = [(k, t) for k in series for t in series[k]]
    rows.sort(key=lambda row: row[1])
    with open('in', 'w') as f:
        f.write('k,t\n' + ''.join(f'{k},{text(t)}\n' for k, t in rows))
    want, totals = [], []
    for key, times in series.items():
        expected = grid(step, times[0], times[-1])
        missing = runs(times, expected)
        want += [[key, 'missing', text(a), text(b), str(n)] for a, b, _, n in missing]
        double = off = 0
        for t in sorted(set(times)):
            n = times.count(t)
            if t not in all_times:
                want.append([key, 'off-grid', text(t), text(t), str(n)])
                off += n
            elif n > 1:
                want.append([key, 'duplicate', text(t), text(t), str(n - 1)])
                double += n - 1
        lost = sum(n for _, _, _, n in missing)
        totals.append([key, text(times[0]), text(times[-1]), str(len(expected)), str(len(expected) - lost), str(lost),
                       str(double), str(off), '%.6f' % ((len(expected) - lost) * 10**6 // len(expected) / 10**6)])
    def run(*options):
        out = subprocess.run(['csv-gaps', '-c', 't', '-k', 'k', '-s', step, *options, 'in'],
                             capture_output=True, text=True, check=True).stdout
        return list(csv.reader(io.StringIO(out)))[1:]
    got = run()
    assert sorted(got) == sorted(want), (step, set(map(tuple, got)) ^ set(map(tuple, want)))
    for key in series:
        of_key = [row for row in got if row[0] == key]
        assert of_key == sorted(of_key, key=lambda row: row[2]), step
    assert sorted(run('-t')) == sorted(totals), step
END
    python3 oracle.py 1
    # records that begin a buffer go another way
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    for size in 64 100 500 4096; do
        SLUICE_TEST_BUFFER=$size python3 oracle.py $size
    done
}

# Python's own count of the times that lie more than a step apart.
real_gaps() { # STEP-SECONDS COLUMN FILE
    python3 - "$@" << 'END'
import csv, sys
from datetime import datetime, timezone
def seconds(text):
    if text.isdigit():
        return int(text) // 1000
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())
step = int(sys.argv[1])
times = [seconds(row[sys.argv[2]]) for row in csv.DictReader(open(sys.argv[3]))]
holes = [(b - a) // step - 1 for a, b in zip(times, times[1:]) if b - a > step]
print(len(holes), sum(holes), max(holes))
END
}

@test "csv-gaps: finds the 27 gaps with 122 candles in eight years of BTCUSDT" {
    need_data klines/BTCUSDT-1h.csv
    kline-read "$DATA/klines/BTCUSDT-1h.csv" > in
    csv-gaps -c open_time -s 1h in > out
    awk -F, 'NR > 1 { n += $4; if ($4 > most) most = $4 } END { print NR - 1, n, most }' out > found
    file_is found '27 122 33
'
    [ "$(real_gaps 3600 open_time in)" = '27 122 33' ]
    grep -qx 'missing,2018-02-08T01:00:00.000000Z,2018-02-09T09:00:00.000000Z,33' out
    csv-gaps -c open_time -s 1h -t in > out
    file_is out 'first,last,expected,present,missing,duplicate,off_grid,coverage
2018-01-01T00:00:00.000000Z,2026-04-21T16:00:00.000000Z,72785,72663,122,0,0,0.998323
'
}

@test "csv-gaps: finds the halt of 269 candles of AEURUSDT" {
    need_data klines/AEURUSDT_15m-halt-gap.csv
    in=$DATA/klines/AEURUSDT_15m-halt-gap.csv
    csv-gaps -c date -s 15m -k ticker "$in" > out
    file_is out 'ticker,kind,from,to,count
AEURUSDT,missing,2023-12-04T10:45:00.000000Z,2023-12-04T12:15:00.000000Z,7
AEURUSDT,missing,2023-12-05T18:45:00.000000Z,2023-12-08T13:45:00.000000Z,269
'
    [ "$(real_gaps 900 date "$in")" = '2 276 269' ]
}

@test "csv-gaps: finds the 54 candles that are there twice, and no gap" {
    need_data klines/BTCUSDT-1m-dupes.csv
    csv-gaps -c timestamp -s 1m "$DATA/klines/BTCUSDT-1m-dupes.csv" | cut -d, -f1,4 | sed 1d | sort | uniq -c > out
    grep -qx ' *54 duplicate,1' out
    [ "$(wc -l < out)" -eq 1 ]
}

@test "csv-gaps: refuses a key that is called as a column of the output" {
    run -2 --separate-stderr csv-gaps -c t -s 1d -k kind <<< 'kind,t'
    stderr_is "csv-gaps: -k: 'kind' is a column of the output already"
    run -2 --separate-stderr csv-gaps -c t -s 1d -k first -t <<< 'first,t'
    csv-gaps -c t -s 1d -k first <<< 'first,t' > out
    file_is out 'first,kind,from,to,count
'
}
