load helper

schema() {
    cat > s.json << 'END'
{"fields": [
  {"name": "s", "type": "string"},
  {"name": "t", "type": "datetime", "constraints": {"required": true}},
  {"name": "n", "type": "number"},
  {"name": "b", "type": "boolean"}],
 "missingValues": ["", "NA"]}
END
}

T=2024-01-26T15:00:00.300000Z

@test "csv-cast: writes the schema's columns in its order and drops others" {
    schema
    printf 'x,b,n,t,s\nq,true,1,%s,a\n' $T | csv-cast -s s.json > out
    file_is out "s,t,n,b
a,$T,1,true
"
}

@test "csv-cast: spells times in any form as RFC 3339" {
    schema
    printf 't\n1706281200300\n1706281200300000\n2024-01-26 15:00:00.3\n2024-01-26T16:00:00.3+01:00\n' > in
    csv-cast -s s.json in > out
    [ "$(sed 1d out | sort -u)" = ",$T,," ]
    [ "$(wc -l < out)" -eq 5 ]
}

@test "csv-cast: spells booleans as true and false" {
    schema
    printf 't,b\n%s,1\n%s,FALSE\n' $T $T | csv-cast -s s.json > out
    file_is out "s,t,n,b
,$T,,true
,$T,,false
"
}

@test "csv-cast: leaves numbers the text they are" {
    schema
    printf 't,n\n%s,+1.50e1\n%s,0.10000000\n' $T $T | csv-cast -s s.json > out
    file_is out "s,t,n,b
,$T,+1.50e1,
,$T,0.10000000,
"
}

@test "csv-cast: passes what is spelled right already, quotes included" {
    schema
    printf 's,t,n,b\n"a ""b""\n","%s","1","true"\n' $T > in
    csv-cast -s s.json in > out
    cmp in out
}

@test "csv-cast: keeps the empty string apart from a missing one" {
    schema
    printf 's,t,n,b\n"",%s,"",\nNA,%s,NA,\n' $T $T | csv-cast -s s.json > out
    file_is out "s,t,n,b
\"\",$T,,
,$T,,
"
}

@test "csv-cast: names file, line, record and column of a value that does not fit" {
    schema
    printf 's,t\n"a\nb",%s\n,x\n' $T > in
    run -2 --separate-stderr csv-cast -s s.json in
    stderr_is "csv-cast: in: line 4: record 3: column 't': 'x' is not a datetime"
    csv-cast -s s.json in > out 2> /dev/null || true
    file_is out "s,t,n,b
\"a
b\",$T,,
"
}

@test "csv-cast: refuses a missing value where it is required" {
    schema
    run -2 --separate-stderr csv-cast -s s.json <<< 't,s
NA,a'
    stderr_is "csv-cast: standard input: line 2: record 2: column 't': the value is missing"
}

@test "csv-cast: refuses an input without a required column" {
    schema
    run -2 --separate-stderr csv-cast -s s.json <<< 'a,b'
    stderr_is "csv-cast: standard input: no column 't'; it has a, b"
    [ -z "$output" ]
}

@test "csv-cast: keeps CR LF inside quotes and writes LF behind records" {
    schema
    printf 's,t\r\n"a\r\nb",%s\r\n' $T | csv-cast -s s.json > out
    printf 's,t,n,b\n"a\r\nb",%s,,\n' $T | cmp - out
}

@test "csv-cast: reads several files under one header" {
    schema
    printf 't\n%s\n' $T > one
    csv-cast -s s.json one one > out
    file_is out "s,t,n,b
,$T,,
,$T,,
"
}

@test "csv-cast: quotes a column name that needs it" {
    echo '{"fields": [{"name": "a,b"}]}' > s.json
    printf '"a,b"\n1\n' | csv-cast -s s.json > out
    file_is out '"a,b"
1
'
}

@test "csv-cast: takes a BigQuery schema" {
    echo '[{"name": "t", "type": "TIMESTAMP", "mode": "REQUIRED"}]' > s.json
    printf 't\n1706281200300\n' | csv-cast -s s.json > out
    file_is out "t
$T
"
}

@test "csv-cast: an empty input gives an empty output" {
    schema
    csv-cast -s s.json < /dev/null > out
    file_is out ''
}

@test "csv-cast: wants a schema that can be read" {
    run -2 --separate-stderr csv-cast
    [ "${stderr_lines[0]}" = "csv-cast: -s SCHEMA is missing" ]
    run -2 --separate-stderr csv-cast -s none.json
    stderr_is "csv-cast: none.json: No such file or directory"
}

@test "csv-cast: casting again changes nothing" {
    need_data klines/BTCUSDT_1h-frozen-partial-last.csv
    schema
    sed 's/^open_time/t/' "$DATA/klines/BTCUSDT_1h-frozen-partial-last.csv" |
        csv-cast -s s.json > once
    csv-cast -s s.json < once > twice
    cmp once twice
    [ "$(sed -n 2p once)" != ",,," ]
}

@test "csv-cast: agrees with Python over many buffers, whatever the spelling" {
    schema
    cat > oracle.py << 'END'
import csv, datetime, random, subprocess, sys
rng = random.Random(int(sys.argv[1]))
names = ['x', 's', 't', 'n', 'b']
if rng.random() < .5:
    rng.shuffle(names)
end, quotes = rng.choice(['\n', '\r\n']), rng.choice([0, .3])
def moment():
    ms = rng.choice([0, 1704067200000 + rng.randrange(10**9), rng.randrange(10**12, 10**13)])
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    full = at.strftime('%Y-%m-%dT%H:%M:%S.%fZ')
    return rng.choice([full, full, f'{ms:013d}', full.replace('T', ' ')[:-1]]), full
rows, want = [], [['s', 't', 'n', 'b']]
time = moment()
for _ in range(6000):
    time = time if rng.random() < .3 else moment()
    n = rng.choice(['', 'NA', '1', '-1.50', '+2e3', f'{rng.random():.8f}', f'{rng.random()*1e5:.8f}'])
    b, truth = rng.choice([('', ''), ('NA', ''), ('true', 'true'), ('1', 'true'), ('False', 'false')])
    s = rng.choice(['', 'NA', 'a,"b"', 'two\nlines', 'plain', 'plain'])
    rows.append({'x': 'dropped', 's': s, 't': time[0], 'n': n, 'b': b})
    want.append(['' if s == 'NA' else s, time[1], '' if n == 'NA' else n, truth])
with open('in', 'w', newline='') as file:
    file.write(','.join(names) + end)
    for row in rows:
        file.write(','.join('"' + row[k].replace('"', '""') + '"' if set(row[k]) & set(',"\n')
            or row[k] and rng.random() < quotes else row[k] for k in names) + end)
subprocess.run(['csv-cast', '-s', 's.json', 'in'], stdout=open('out', 'wb'), check=True)
got = list(csv.reader(open('out', newline='')))
for i, (a, b) in enumerate(zip(got, want)):
    assert a == b, (sys.argv[1], i, a, b)
assert len(got) == len(want) and b'\r' not in open('out', 'rb').read()
END
    for seed in 1 2 3 4 5 6 7 8; do
        python3 oracle.py $seed
    done
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    for size in 64 500 4096; do
        SLUICE_TEST_BUFFER=$size python3 oracle.py $size
    done
}
