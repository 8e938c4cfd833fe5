load helper

schema() {
    cat > s.json << 'END'
{"fieldsMatch": "superset",
 "fields": [
  {"name": "id", "type": "integer", "constraints": {"required": true, "minimum": 1}},
  {"name": "low", "type": "number", "constraints": {"exclusiveMaximum": 100}},
  {"name": "high", "type": "number"},
  {"name": "t", "type": "datetime", "constraints": {"unique": true}},
  {"name": "s", "type": "string", "constraints": {"pattern": "[A-Z]*", "maxLength": 3}},
  {"name": "e", "constraints": {"enum": ["a", "b"]}}],
 "primaryKey": "id",
 "x:rowConstraints": ["low <= high"]}
END
}

RAW=$ROOT/pipelines/schemas/klines.raw.schema.json
EXTRA=_row,_line,_field,_error,_note,_raw

# Fails unless of the records above the line --- on standard input, under the
# header $1, those below it are rejected, as they stand there.
rejects_are() {
    cat > case
    { echo "$1" && sed '/^---$/,$d' case; } > in
    { echo "$1,$EXTRA" && sed '1,/^---$/d' case; } > want
    csv-validate -s s.json -m 100% -r bad.csv in > good.csv
    diff -u want bad.csv
}

@test "csv-validate: passes good records as they are" {
    schema
    printf 'id,s,low,high\r\n1,"A",-5,1e1\r\n"2","",,\r\n3,,0.10,0.1' > in
    csv-validate -s s.json in > out
    file_is out 'id,s,low,high
1,"A",-5,1e1
"2","",,
3,,0.10,0.1
'
}

@test "csv-validate: sets rejected records aside with the reason" {
    schema
    rejects_are id,low << 'END'
2,99.9
1.0,
0,x
3,1e2
,1
---
1.0,,3,3,id,type-error,'1.0' is not an integer,
0,x,4,4,id,constraint-error,'0' is less than the minimum 1,
3,1e2,5,5,low,constraint-error,'1e2' is not less than 100,
,1,6,6,id,constraint-error,"required, but missing",
END
    file_is good.csv 'id,low
2,99.9
'
}

@test "csv-validate: checks pattern as a whole, length in characters, and enum" {
    schema
    rejects_are id,s,e << 'END'
1,ABC,a
2,,
3,ABc,
4,ABCD,
5,,""
---
3,ABc,,4,4,s,constraint-error,'ABc' does not match the pattern [A-Z]*,
4,ABCD,,5,5,s,constraint-error,"4 characters, the most is 3",
5,,"",6,6,e,constraint-error,'' is not in the enum,
END
    echo '{"fields": [{"name": "s", "constraints": {"maxLength": 3}}]}' > s.json
    printf 's\n\303\204\303\226\303\234\n' | csv-validate -s s.json > out
}

@test "csv-validate: checks row constraints unless a value is missing or wrong" {
    schema
    rejects_are id,low,high << 'END'
1,10,9.5
2,10,10.0
3,10,
4,x,1
---
1,10,9.5,2,2,,row-constraint,low <= high: '10' <= '9.5' is not so,
4,x,1,5,5,low,type-error,'x' is not a number,
END
    csv-validate -s s.json -R report.json <<< 'id,low,high
4,x,1' > out || true
    grep -q '"errors": 1,' report.json
}

@test "csv-validate: wants each key once, by value, among good records" {
    schema
    rejects_are id,t << 'END'
1,2024-01-01
+1,2024-01-02
2,2024-01-01T00:00Z
2,2024-01-02
3,
4,
---
+1,2024-01-02,3,3,id,primary-key-error,the same as in record 2,
2,2024-01-01T00:00Z,4,4,t,unique-error,the same as in record 2,
END
}

@test "csv-validate: wants all parts of a key" {
    echo '{"fields": [{"name": "a"}, {"name": "b"}], "primaryKey": ["a", "b"]}' > s.json
    rejects_are a,b << 'END'
x,y
,x
"",x
"",x
---
,x,3,3,,primary-key-error,'a' of the primary key is missing,
"",x,5,5,,primary-key-error,the same as in record 4,
END
}

@test "csv-validate: rejects ragged and broken records, raw, and goes on" {
    schema
    printf 'id,s\n1\n2,A,x\n\n3,A"\n4,"A"x,"\n"5","A\n"\n6,A\0\n7,A' > in
    csv-validate -s s.json -m 7 -r bad.csv in > good.csv
    file_is good.csv 'id,s
7,A
'
    # bytes as they were, where columns can be told
    grep -q '^"5","A$' bad.csv
    python3 - << 'END'
import csv
rows = list(csv.reader(open('bad.csv', newline='')))
assert {len(r) for r in rows} == {8} and rows[0][-1] == '_raw'
assert [r[2:4] for r in rows[1:]] == [['2', '2'], ['3', '3'], ['4', '4'],
    ['5', '5'], ['6', '6'], ['7', '7'], ['8', '9']]
assert [r[5] for r in rows[1:]] == ['missing-cell', 'extra-cell', 'blank-row',
    'source-error', 'source-error', 'constraint-error', 'source-error']
assert [r[-1] for r in rows[1:]] == ['1', '2,A,x', '', '3,A"', '4,"A"x,"', '', '6,A\ufffd']
END
}

@test "csv-validate: rejects what is not UTF-8, and a CR alone outside quotes" {
    echo '{"fields": [{"name": "s"}, {"name": "t"}]}' > s.json
    printf 's,t\n\303\244,"\r"\n\351,x\n\355\240\200,\nx,y\rz\nx,"y"\n' > in
    csv-validate -s s.json -m 3 -r bad.csv in > good.csv
    printf 's,t\n\303\244,"\r"\nx,"y"\n' | cmp - good.csv
    [ "$(cut -d, -f5,6 bad.csv | sed 1d)" = "s,encoding-error
s,encoding-error
t,source-error" ]
}

@test "csv-validate: tells an empty string from a missing value" {
    echo '{"fields": [{"name": "s", "constraints": {"required": true}},
        {"name": "n", "type": "number"}], "missingValues": ["", "-"]}' > s.json
    rejects_are s,n << 'END'
"",""
,1
-,1
x,-
---
,1,3,3,s,constraint-error,"required, but missing",
-,1,4,4,s,constraint-error,"required, but missing",
END
}

@test "csv-validate: says 1 when more records are rejected than allowed" {
    schema
    printf 'id\n1\nx\ny\n4\n' > in
    run -1 --separate-stderr csv-validate -s s.json in
    stderr_is "csv-validate: 2 of 4 rows rejected"
    [ "$output" = "id
1
4" ]
    run -1 csv-validate -s s.json -m 1 in
    run -0 --separate-stderr csv-validate -s s.json -m 2 in
    [ -z "$stderr" ]
    run -1 csv-validate -s s.json -m 49.9% in
    run -0 csv-validate -s s.json -m 50% in
}

@test "csv-validate: refuses a header that does not fit, and judges nothing" {
    schema
    printf 'low,x,low,e\n1,1,1,1\n' > in
    run -1 --separate-stderr csv-validate -s s.json -R report.json -r bad.csv -m 100% in
    stderr_is "csv-validate: in: the header does not fit the schema: column 'x' is not in the schema; column 'low' stands twice; no column 'id'"
    [ -z "$output" ]
    file_is bad.csv ''
    python3 - << 'END'
import json
report = json.load(open('report.json'))
assert report['valid'] is False and report['stats']['rows'] == 0
assert [e['type'] for e in report['tasks'][0]['errors']] == \
    ['extra-label', 'duplicate-label', 'missing-label']
END
}

@test "csv-validate: matches the header as fieldsMatch says" {
    fits() {
        echo "{\"fields\": [{\"name\": \"a\"}, {\"name\": \"b\"}] $1}" > s.json
        echo "$2" | csv-validate -s s.json 2> err
    }
    fits '' a,b
    run -1 fits '' b,a
    [ "$(cat err)" = "csv-validate: standard input: the header does not fit the schema: column 1 is 'b', the schema has 'a'; column 2 is 'a', the schema has 'b'" ]
    run -1 fits ', "fieldsMatch": "exact"' a
    fits ', "fieldsMatch": "equal"' b,a
    run -1 fits ', "fieldsMatch": "equal"' b,a,c
    run -1 fits ', "fieldsMatch": "equal"' b
    fits ', "fieldsMatch": "subset"' c,b,a
    run -1 fits ', "fieldsMatch": "subset"' c,b
    fits ', "fieldsMatch": "superset"' b
    run -1 fits ', "fieldsMatch": "superset"' b,c
    fits ', "fieldsMatch": "partial"' b,c
    run -1 fits ', "fieldsMatch": "partial"' c
}

@test "csv-validate: reports in the shape of Frictionless" {
    schema
    printf 'id,s\n1,A\nx,b\n\n' > in
    csv-validate -s s.json -R report.json -m 2 in > out
    python3 - << 'END'
import json
report = json.load(open('report.json'))
assert report['valid'] is False
stats = report['stats']
assert (stats['tasks'], stats['errors'], stats['warnings']) == (1, 2, 0)
assert (stats['rows'], stats['accepted'], stats['rejected']) == (2, 1, 1)
task, = report['tasks']
assert (task['name'], task['type'], task['place']) == ('in', 'table', 'in')
assert task['labels'] == ['id', 's']
assert (task['stats']['rows'], task['stats']['rejected']) == (2, 1)
first, second = task['errors']
assert first['type'] == 'type-error' and first['title'] == 'Type Error'
assert (first['rowNumber'], first['fieldName'], first['fieldNumber']) == (3, 'id', 1)
assert first['cell'] == 'x' and first['note'] == "'x' is not an integer"
assert first['message'] == "row 3: field 'id': 'x' is not an integer"
assert second['fieldName'] == 's'
END
    grep -q '"rows": 2,' report.json
}

@test "csv-validate: counts all errors, lists a thousand, cuts long cells" {
    schema
    { echo id,s && seq 3000 | sed 's/.*/0,a/'; } |
        csv-validate -s s.json -R report.json -m 100% > out
    { printf 'id,s\n1,' && head -c 3000000 /dev/zero | tr '\0' a && echo; } |
        csv-validate -s s.json -R long.json -r bad.csv -m 1 > out
    python3 - << 'END'
import json
report = json.load(open('report.json'))
assert report['stats']['errors'] == 6000 and report['stats']['warnings'] == 1
assert len(report['tasks'][0]['errors']) == report['stats']['listed'] == 1000
assert report['stats']['errorsByType'] == {'constraint-error': 6000}
assert report['warnings'] == ['1000 of 6000 errors are listed']
error = json.load(open('long.json'))['tasks'][0]['errors'][0]
assert error['cell'] == 'a' * 200 + '...'
END
    [ "$(wc -c < long.json)" -lt 3000 ]
    [ "$(wc -c < bad.csv)" -gt 3000000 ]
}

@test "csv-validate: a report about bytes that are no UTF-8 is UTF-8" {
    schema
    printf 'id,s\n1,\377\n' | csv-validate -s s.json -R report.json -m 1 > out
    python3 -c 'import json
error, = json.load(open("report.json", encoding="utf-8"))["tasks"][0]["errors"]
assert error["cell"] == "\ufffd"'
}

@test "csv-validate: an unclosed quote is trouble, and leaves no report" {
    schema
    printf 'id,s\n1,A\n2,"B\n3,C\n' > in
    run -2 --separate-stderr csv-validate -s s.json -R report.json -r bad.csv in
    stderr_is "csv-validate: in: line 3: record 3: unclosed quote"
    [ "$output" = "id,s
1,A" ]
    [ ! -e report.json ]
    [ ! -e bad.csv ]
}

@test "csv-validate: names the file of a record when there are several" {
    schema
    printf 'id\n1\n' > one
    printf 'id\nx\n' > two
    csv-validate -s s.json -r bad.csv -m 1 one two > out
    file_is bad.csv "id,$EXTRA
x,2,2,id,type-error,two: 'x' is not an integer,
"
}

@test "csv-validate: an input without a header fails, unless no column is needed" {
    schema
    : > in
    run -1 --separate-stderr csv-validate -s s.json -r bad.csv -R report.json -j junit.xml in
    stderr_is "csv-validate: in: the header does not fit the schema: the input is empty; no column 'id'"
    [ -z "$output" ]
    file_is bad.csv ''
    python3 - << 'END'
import json
report = json.load(open('report.json'))
assert report['valid'] is False and report['stats']['rows'] == 0
assert [e['type'] for e in report['tasks'][0]['errors']] == ['source-error', 'missing-label']
END
    printf '\357\273\277' > bom
    run -1 csv-validate -s s.json bom
    run -1 --separate-stderr csv-validate -s s.json -m 100% in
    echo '{"fields": [{"name": "a"}]}' > all.json
    run -1 csv-validate -s all.json in
    echo '{"fields": [{"name": "a"}], "fieldsMatch": "partial"}' > none.json
    run -0 --separate-stderr csv-validate -s none.json in
    [ -z "$output$stderr" ]
}

@test "csv-validate: writes its checks as a JUnit test suite" {
    schema
    printf 'id,s,low,high\n1,A,2,1\n\n0,"<&""",,\nx,B,,\n1,A\001\377,,\n1,A,,"\n"\n' > in
    printf '%s,A,,\n' 0 0 0 0 0 0 >> in
    run -1 --separate-stderr csv-validate -s s.json -j junit.xml in
    [ ! -e junit.xml.tmp ]
    python3 - << 'END'
import xml.etree.ElementTree as ET
root = ET.parse('junit.xml').getroot()
assert root.tag == 'testsuites' and root.get('name') == 'csv-validate'
suite, = root
assert suite.tag == 'testsuite' and suite.get('name') == 'in'
cases = {(c.get('classname'), c.get('name')): c for c in suite}
failed = {k: c.find('failure') for k, c in cases.items() if c.find('failure') is not None}
skipped = {k for k, c in cases.items() if c.find('skipped') is not None}
assert len(cases) == len(suite) == int(suite.get('tests')) == 19, len(cases)
assert len(failed) == int(suite.get('failures')) == 7, failed
assert len(skipped) == int(suite.get('skipped')) == 4, skipped
assert all(k[0] in 'te' for k in skipped)
assert set(failed) == {('record', 'number of fields'), ('record', 'UTF-8'),
    ('id', 'type integer'), ('id', 'minimum 1'), ('s', 'pattern [A-Z]*'), ('high', 'type number'),
    ('row', 'low <= high')}, set(failed)
assert ('key', 'primaryKey id') in cases and ('id', 'required') in cases
f = failed['id', 'minimum 1']
assert f.get('message') == "7 failures: line 4: '0' is less than the minimum 1", f.get('message')
lines = f.text.splitlines()
assert lines[1] == "line 9: '0' is less than the minimum 1" and lines[5:] == ['... and 2 more'], lines
f = failed['s', 'pattern [A-Z]*']
assert f.get('message') == "1 failure: line 4: '<&\"' does not match the pattern [A-Z]*"
END
}

@test "csv-validate: a JUnit suite skips what a wrong header leaves unchecked" {
    schema
    run -1 csv-validate -s s.json -j junit.xml <<< 'x,"a
b"'
    python3 - << 'END'
import xml.etree.ElementTree as ET
suite, = ET.parse('junit.xml').getroot()
assert suite.get('name') == 'standard input'
assert [c.find('failure') is not None for c in suite] == [True] + 18 * [False]
assert [c.find('skipped') is not None for c in suite] == [False] + 18 * [True]
END
}

@test "csv-validate: refuses an output that is an input or another output" {
    schema
    printf 'id\n1\n' | tee in > in.tmp
    cp in before
    ln -s in link
    ln in hard
    refuses() {
        run -2 --separate-stderr "${@:2}"
        stderr_is "csv-validate: $1"
        [ -z "$output" ]
        cmp in before
    }
    refuses './in: the same file as in' csv-validate -s s.json -r ./in in
    refuses 'hard: the same file as in' csv-validate -s s.json -R hard in
    refuses 'link: the same file as standard input' csv-validate -s s.json -j link < in
    refuses 's.json: the same file as s.json' csv-validate -s s.json -r s.json in
    refuses './new: the same file as new' csv-validate -s s.json -r new -R ./new in
    refuses "$PWD/new: the same file as new" csv-validate -s s.json -R new -j "$PWD/new" in
    refuses 'in.tmp: the same file as in.tmp' csv-validate -s s.json -r in in.tmp
    csv-validate -s s.json in >> hard 2> err || [ $? -eq 2 ]
    file_is err 'csv-validate: standard output: the same file as in
'
    cmp in before
    : > both
    csv-validate -s s.json -r both in >> "$PWD/both" 2> err || [ $? -eq 2 ]
    file_is err 'csv-validate: both: the same file as standard output
'
    file_is both ''
    [ ! -e new ] && [ ! -e new.tmp ]
    csv-validate -s s.json -r /dev/null -R /dev/null -j /dev/null in | cmp - in
}

@test "csv-validate: agrees with Python's decimal on numbers in all spellings" {
    for seed in 1 2 3 4 5 6 7 8; do
        "$ROOT/tests/validate_oracle.py" $seed 2000
    done
    # records that begin a buffer go another way
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    for size in 64 100 500 4096; do
        SLUICE_TEST_BUFFER=$size "$ROOT/tests/validate_oracle.py" $size 1000
    done
}

@test "csv-validate: compares times by instant, in any spelling" {
    echo '{"fields": [{"name": "a", "type": "datetime", "constraints": {"minimum": "2024-01-01"}},
        {"name": "b", "type": "datetime"}, {"name": "c", "type": "date"}],
        "x:rowConstraints": ["a < b", "c <= b"]}' > s.json
    rejects_are a,b,c << 'END'
2024-01-26T15:00:00Z,2024-01-26T16:00:01+01:00,2024-01-26
1706281200300,1706281200300001,
1706281200300,2024-01-26T15:00:00.3Z,
2024-01-26,2024-01-27,2024-01-28
2023-12-31T23:59:59Z,,
2023-12-31T23:59:59-00:01,,2024-02-30
,2024-01-27,2024-01-27
---
1706281200300,2024-01-26T15:00:00.3Z,,4,4,,row-constraint,a < b: '1706281200300' < '2024-01-26T15:00:00.3Z' is not so,
2024-01-26,2024-01-27,2024-01-28,5,5,,row-constraint,c <= b: '2024-01-28' <= '2024-01-27' is not so,
2023-12-31T23:59:59Z,,,6,6,a,constraint-error,'2023-12-31T23:59:59Z' is less than the minimum 2024-01-01T00:00:00.000000Z,
2023-12-31T23:59:59-00:01,,2024-02-30,7,7,c,type-error,'2024-02-30' is not a date,
END
}

@test "csv-validate: knows a missing value that looks like a number" {
    echo '{"fields": [{"name": "a", "type": "number", "constraints": {"required": true}},
        {"name": "b", "type": "number"}], "missingValues": ["-999", "NA"],
        "x:rowConstraints": ["b > 0", "a < b"]}' > s.json
    rejects_are a,b << 'END'
1,2
1,2
1,-999
-999,2
1,NA
1,
1,-5
2,1
---
-999,2,5,5,a,constraint-error,"required, but missing",
1,,7,7,b,type-error,'' is not a number,
1,-5,8,8,,row-constraint,b > 0: '-5' > '0' is not so,
2,1,9,9,,row-constraint,a < b: '2' < '1' is not so,
END
}

@test "csv-validate: checks against a BigQuery schema" {
    echo '[{"name": "a", "type": "INT64", "mode": "REQUIRED"},
        {"name": "b", "type": "NUMERIC"}]' > s.json
    rejects_are a,b << 'END'
1,
,1
1,x
---
,1,3,3,a,constraint-error,"required, but missing",
1,x,4,4,b,type-error,'x' is not a number,
END
}

@test "csv-validate: says what is wrong with a schema" {
    refuses() {
        echo "$1" > s.json
        run -2 --separate-stderr csv-validate -s s.json < /dev/null
        stderr_is "csv-validate: s.json: $2"
    }
    refuses '{}' 'fields: not a list of fields'
    refuses '{"fields": [{}]}' 'field 1: name: missing'
    refuses '{"fields": [{"name": "a"}, {"name": "a"}]}' "field 2, 'a': name: stands twice"
    refuses '{"fields": [{"name": "a", "type": "geopoint"}]}' "field 1, 'a': type: 'geopoint' is not supported"
    refuses '{"fields": [{"name": "a", "type": "number", "decimalChar": ","}]}' "field 1, 'a': decimalChar: not supported"
    refuses '{"fields": [{"name": "a", "constraints": {"pattern": "\\d+"}}]}' "field 1, 'a': pattern: '\\d' is not POSIX"
    refuses '{"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}]}' "field 1, 'a': minimum: 'x' is not an integer"
    refuses '{"fields": [{"name": "a"}], "primaryKey": ["b"]}' "primaryKey: no field 'b'"
    refuses '{"fields": [{"name": "a"}], "x:rowConstraints": ["a < b"]}' "x:rowConstraints: 'a < b' does not compare fields or numbers"
    refuses '{"fields": [{"name": "a"}], "fieldsMatch": "most"}' "fieldsMatch: not exact, equal, subset, superset or partial"
    refuses '[{"name": "a", "type": "RECORD"}]' "field 1, 'a': type: 'RECORD' is not supported"
}

@test "csv-validate: refuses wrong options" {
    schema
    run -2 --separate-stderr csv-validate
    [ "${stderr_lines[0]}" = "csv-validate: -s SCHEMA is missing" ]
    run -2 --separate-stderr csv-validate -s s.json -m -1
    stderr_is "csv-validate: -m: '-1' is not a whole number from 0 to 9223372036854775807"
    run -2 --separate-stderr csv-validate -s s.json -m x%
    stderr_is "csv-validate: -m: 'x%' is not a percentage"
    run -2 --separate-stderr csv-validate -s s.json -r /nowhere/bad.csv
    stderr_is "csv-validate: /nowhere/bad.csv: No such file or directory"
}

@test "csv-validate: accepts the real candles against the staging schema" {
    need_data klines/BTCUSDT-1h.csv
    { echo open_time,open,high,low,close,volume,close_time,quote_asset_volume,num_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume
      cut -d, -f1-11 "$DATA/klines/BTCUSDT-1h.csv"; } > in
    csv-validate -s "$RAW" -R report.json in | cmp - in
    grep -q '"rows": 72663,' report.json
}

@test "csv-validate: refuses the real file with a drifted header" {
    need_data klines/BTCUSDT_1h-drifted-schema-noignore.csv
    run -1 --separate-stderr csv-validate -s "$RAW" < "$DATA/klines/BTCUSDT_1h-drifted-schema-noignore.csv"
    [[ $stderr = *"the header does not fit the schema: column "* ]]
    [ -z "$output" ]
}
