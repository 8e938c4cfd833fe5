load helper
load loads

export SLUICE_WAREHOUSE=sqlite:wh

@test "bq-load: makes dataset and table with the types of the schema" {
    schema "$K" "$N" '{"name": "f", "type": "number"}' '{"name": "b", "type": "boolean"}' \
        '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' "$TIME" \
        '{"name": "day", "type": "date"}' '{"name": "o", "type": "object"}'
    csv k,n,f,b,d,updated_at,day,o '007,5,1,TRUE,10.50,1706281200300,2024-01-26,"{""a"": 1}"' |
        bq-load -s schema.json deep.t > receipt
    sqlite3 wh/deep.sqlite 'SELECT k, typeof(k), n, typeof(n), f, typeof(f), b, typeof(b), d, typeof(d),
        updated_at, typeof(updated_at), day, typeof(day), o, typeof(o) FROM t' > out
    file_is out '007|text|5|integer|1.0|real|1|integer|10.5|text|2024-01-26T15:00:00.300000Z|text|2024-01-26|text|{"a": 1}|text
'
    run -0 sqlite3 wh/deep.sqlite .schema
    [[ "$output" == *'"d" NUMERIC_TEXT COLLATE decimal,'* ]]
}

@test "bq-load: keeps whole numbers, decimals and doubles exact" {
    schema "$N" '{"name": "d", "type": "number", "bq:type": "BIGNUMERIC"}' '{"name": "f", "type": "number"}' "$K"
    csv n,d,f 9007199254740993,9007199254740993,0.1 -9223372036854775808,13715.65000000,5e-324 \
        0,-0.00,1.7976931348623157e308 | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT n, d, f FROM d.t' 9007199254740993,9007199254740993,0.1 \
        -9223372036854775808,13715.65,4.94065645841247e-324 0,0,1.7976931348623157e+308
}

@test "bq-load: the sqlite3 shell orders decimals by value" {
    schema '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' "$K"
    csv d 10 9 -1 100.5 0.05 | bq-load -s schema.json d.t > receipt
    [ "$(sqlite3 wh/d.sqlite 'SELECT d FROM t ORDER BY d' | paste -sd ' ')" = "-1 0.05 9 10 100.5" ]
}

@test "bq-load: matches columns by name, and one that is not there is NULL" {
    schema "$K" "$N" "$TIME"
    csv n,k 1,a | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT * FROM d.t' a,1,
}

@test "bq-load: a bare empty field is NULL, a quoted one an empty string or NULL" {
    schema "$K" "$N"
    csv k,n ',' '"",""' | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT k, k IS NULL, n IS NULL FROM d.t' ,1,1 '"",0,1'
}

@test "bq-load: refuses a column that the table lacks" {
    schema "$K"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k,x
    stderr_is "bq-load: d.t: the table has no column 'x'"
    [ ! -e wh ]
}

@test "bq-load: a value that does not fit is an error with line and column, and nothing is loaded" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    csv k,n b,2 c,x > bad
    run -2 --separate-stderr bq-load d.t < bad
    stderr_is "bq-load: standard input: line 3: record 3: column 'n': 'x' is not an integer"
    rows_are 'SELECT k FROM d.t' a
    rows_are 'SELECT COUNT(*) FROM d._loads' 1
}

@test "bq-load: refuses a number that a double cannot hold" {
    schema '{"name": "f", "type": "number"}' "$K"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'f\n1e999'
    stderr_is "bq-load: standard input: line 2: record 2: column 'f': '1e999' is out of range"
}

@test "bq-load: a malformed record loads nothing" {
    schema "$K" "$N"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1\nb'
    stderr_is "bq-load: standard input: line 3: record 3: 1 field, header has 2"
    [ ! -e wh ]
}

@test "bq-load: wants what is required" {
    schema '{"name": "k", "type": "string", "constraints": {"required": true}}' "$N"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\n,1'
    stderr_is "bq-load: standard input: line 2: record 2: column 'k': a value is missing"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'n\n1'
    stderr_is "bq-load: d.t: the input lacks the required column 'k'"
}

@test "bq-load: loading the same again adds nothing and repeats the receipt" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    bq-load -s schema.json -u file:x d.t < in > first
    bq-load -s schema.json -u file:x d.t < in > second
    rows_are 'SELECT * FROM d.t' a,1 b,2
    sed 's/"already_loaded": false/"already_loaded": true/' first | diff - second
    [ "$(field rows_inserted < second)" = 2 ]
}

@test "bq-load: the receipt has size and hash of the file, whatever its line ends" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    bq-load -s schema.json d.t < in > receipt
    [ "$(field bytes < receipt),$(field sha256 < receipt)" = "$(wc -c < in),$(sha256sum < in | cut -d' ' -f1)" ]
    printf '\xef\xbb\xbfk,n\r\na,1\r\nb,2' | bq-load d.t > again
    [ "$(field already_loaded < again)" = true ]
}

@test "bq-load: the same rows into another table or in another mode are another load" {
    schema "$K" "$N"
    csv k,n a,1 > in
    for to in d.t d.u e.t; do
        bq-load -s schema.json $to < in | field load_id
    done > ids
    bq-load -m replace d.t < in | field load_id >> ids
    [ "$(sort -u ids | wc -l)" -eq 4 ]
    rows_are 'SELECT COUNT(*) FROM d.t' 1
    rows_are 'SELECT COUNT(*) FROM e.t' 1
}

@test "bq-load: a given id stands for one content" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json -i one d.t > receipt
    [ "$(field load_id < receipt)" = one ]
    [ "$(csv k,n a,1 | bq-load -i one d.t | field already_loaded)" = true ]
    run -2 --separate-stderr bq-load -i one d.t <<< $'k,n\na,2'
    stderr_is "bq-load: load id 'one' stands for another load"
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: a load under a given id that was undone is done again, as the same load" {
    schema "$K" "$N"
    csv k,n a,1 > a
    bq-load -s schema.json -i one d.t < a > receipt
    csv k,n b,2 | bq-load -m replace -i two d.t > receipt
    [ "$(bq-load -i one d.t < a | field already_loaded)" = false ]
    [ "$(bq-load -i one d.t < a | field already_loaded)" = true ]
    rows_are 'SELECT * FROM d.t' b,2 a,1
    csv k,n c,3 | bq-load -m replace -i three d.t > receipt
    run -2 --separate-stderr bq-load -i one d.t <<< $'k,n\na,2'
    stderr_is "bq-load: load id 'one' stands for another load"
    rows_are 'SELECT load_id, status FROM d._loads ORDER BY inserted_at' one,1 two,1 one,1 three,0
}

@test "bq-load: a replacement under a given id is not repeated while its rows are there" {
    schema "$K" "$N"
    csv k,n a,1 > a
    bq-load -s schema.json -m replace -i one d.t < a > receipt
    csv k,n b,2 | bq-load d.t > receipt
    [ "$(bq-load -m replace -i one d.t < a | field already_loaded)" = true ]
    rows_are 'SELECT * FROM d.t' a,1 b,2
}

# Whatever was done to the table d.t, the load -i $id that it undid is done.
undone_by() { # SQL WANTED-ROW...
    for id in one ''; do
        rm -rf wh
        schema "$K" "$N"
        csv k,n a,1 > a
        bq-load -s schema.json ${id:+-i "$id"} d.t < a > receipt
        csv k,n e,5 | bq-load -s schema.json d.other > receipt
        sqlite3 wh/d.sqlite "$1"
        bq-load -s schema.json ${id:+-i "$id"} d.t < a > receipt
        [ "$(field already_loaded < receipt)" = false ]
        rows_are 'SELECT * FROM d.t' "${@:2}"
        bq-load ${id:+-i "$id"} d.t < a > receipt
        [ "$(field already_loaded < receipt)" = true ]
        rows_are 'SELECT * FROM d.t' "${@:2}"
        [ "$(csv k,n e,5 | bq-load d.other | field already_loaded)" = true ]
    done
}

@test "bq-load: what was dropped, made anew or emptied with sqlite3 is loaded again" {
    undone_by 'DROP TABLE t' a,1
    undone_by 'DROP TABLE t; CREATE TABLE t(k TEXT, n INTEGER)' a,1
    undone_by "DROP TABLE t; CREATE TABLE t(k TEXT, n INTEGER); INSERT INTO t VALUES('b', 2)" b,2 a,1
    undone_by "CREATE TABLE u(k TEXT, n INTEGER); INSERT INTO u VALUES('b', 2); DROP TABLE t; ALTER TABLE u RENAME TO t" b,2 a,1
    undone_by 'ALTER TABLE t RENAME TO u; CREATE TABLE t(k TEXT, n INTEGER)' a,1
    undone_by 'ALTER TABLE t RENAME TO u' a,1
    undone_by 'DELETE FROM t' a,1
}

@test "bq-load: a load stays loaded whatever else is done to its table" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > a
    bq-load -s schema.json d.t < a > receipt
    sqlite3 wh/d.sqlite "DELETE FROM t WHERE k = 'b'; CREATE INDEX i ON t(n); ANALYZE; REINDEX; VACUUM"
    sqlite3 wh/d.sqlite "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t; INSERT INTO t VALUES('c', 3)"
    [ "$(bq-load d.t < a | field already_loaded)" = true ]
    sqlite3 wh/d.sqlite .dump | sqlite3 copy.sqlite
    rm wh/*
    mv copy.sqlite wh/d.sqlite
    [ "$(bq-load d.t < a | field already_loaded)" = true ]
    rows_are 'SELECT * FROM d.t' a,1 c,3
}

@test "bq-load: the same empty load again is loaded already, and one whose table went is not" {
    schema "$K" "$N"
    bq-load -s schema.json d.t <<< k,n > receipt
    [ "$(bq-load d.t <<< k,n | field already_loaded)" = true ]
    sqlite3 wh/d.sqlite 'DROP TABLE t'
    [ "$(bq-load -s schema.json d.t <<< k,n | field already_loaded)" = false ]
    rows_are 'SELECT COUNT(*) FROM d.t' 0
}

@test "bq-load: writes a row of the ledger with the rows" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json -u gs://b/o d.t > receipt
    rows_are 'SELECT load_id || "_r0" = job_id, table_name, mode, schema_name, status, source_uri, source_sha256,
        rows_in, rows_loaded, rows_inserted, rows_updated, rows_unchanged, bytes, inserted_at FROM d._loads' \
        "1,t,append,schema.json,0,gs://b/o,$(field sha256 < receipt),1,1,1,0,0,8,$(field inserted_at < receipt)"
}

@test "bq-load: replace puts the rows in the place of all others" {
    schema "$K" "$N"
    csv k,n a,1 b,2 | bq-load -s schema.json d.t > receipt
    csv k,n c,3 | bq-load -m replace d.t > receipt
    rows_are 'SELECT * FROM d.t' c,3
    [ "$(field rows_inserted < receipt)" = 1 ]
}

@test "bq-load: what a later load replaced is loaded again" {
    schema "$K" "$N"
    csv k,n a,1 > a
    csv k,n b,2 > b
    bq-load -s schema.json -m replace d.t < a > receipt
    bq-load -m replace d.t < b > receipt
    bq-load -m replace d.t < a > receipt
    rows_are 'SELECT * FROM d.t' a,1
    bq-load -m replace d.t < a > receipt
    [ "$(field already_loaded < receipt)" = true ]
    bq-load d.t < b > receipt
    bq-load -m replace d.t < b > receipt
    bq-load d.t < b > receipt
    bq-load d.t < b > receipt
    rows_are 'SELECT * FROM d.t' b,2 b,2
    rows_are "SELECT DISTINCT substr(job_id, 65) FROM d._loads ORDER BY 1" _r0 _r1
}

@test "bq-load: merge keeps the newest row of each key and counts what it did" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,1,2024-01-02 b,1,2024-01-02 c,1,2024-01-02 d,1, |
        bq-load -s schema.json -m merge d.t > receipt
    csv k,n,updated_at a,2,2024-01-03 b,2,2024-01-01 c,2,2024-01-02 d,2,2024-01-01 e,1, a,3,2024-01-02 |
        bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,1 c,1 d,2 e,1
    for key in rows_in rows_loaded rows_inserted rows_updated rows_unchanged; do
        field $key < receipt
    done > out
    [ "$(paste -sd ' ' out)" = "6 3 1 2 3" ]
}

@test "bq-load: of equally new rows the table's stays, and of a load's the last" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,1,2024-01-01 a,2,2024-01-01 b,1, b,2, | bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,2
    [ "$(field rows_unchanged < receipt)" = 2 ]
    csv k,n,updated_at a,3,2024-01-01 b,3, | bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,2
}

@test "bq-load: merge decides by the column asked for, decimals by value" {
    schema "$K" "$N" '{"name": "d", "type": "number", "bq:type": "NUMERIC"}'
    csv k,n,d a,1,9 | bq-load -s schema.json -m merge -n d d.t > receipt
    csv k,n,d a,2,10 a,3,9.5 | bq-load -s schema.json -m merge -n d d.t > receipt
    rows_are 'SELECT * FROM d.t' a,2,10
}

@test "bq-load: merge takes a key of several columns from -k" {
    schema "$K" "$N" '{"name": "m", "type": "integer"}'
    csv k,m,n a,1,1 a,2,1 a,1,2 | bq-load -s schema.json -m merge -k k,m -n n d.t > receipt
    rows_are 'SELECT k, m, n FROM d.t ORDER BY m' a,1,2 a,2,1
}

@test "bq-load: merge says what it lacks" {
    schema "$K" "$N"
    csv k,n a,1 a,2 > in
    bq-load -s schema.json d.t < in > receipt
    run -2 --separate-stderr bq-load -m merge d.t < in
    stderr_is "bq-load: a merge wants a key: -k COL or a primaryKey in a schema"
    run -2 --separate-stderr bq-load -m merge -k k d.t < in
    stderr_is "bq-load: d.t: no column to tell the newest row by 'updated_at'"
    run -2 --separate-stderr bq-load -m merge -k x -n n d.t < in
    stderr_is "bq-load: d.t: no column of the key 'x'"
    run -2 --separate-stderr bq-load -m merge -k k -n n d.t < in
    stderr_is "bq-load: d.t holds rows with the same k, which a merge cannot keep apart"
    run -2 --separate-stderr bq-load -m merge -k k -n n d.t <<< $'k,n\n,1'
    stderr_is "bq-load: standard input: line 2: record 2: column 'k': a value is missing"
    rows_are 'SELECT COUNT(*) FROM d._loads' 1
}

@test "bq-load: names what schema and table disagree on" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    schema "$K" '{"name": "n", "type": "string"}'
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k,n
    stderr_is "bq-load: d.t: column 'n' is INT64, in the schema STRING"
    schema "$K"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k
    stderr_is "bq-load: d.t: the schema has no column 'n'"
    schema "$K" "$N" "$TIME"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k
    stderr_is "bq-load: d.t: the table has no column 'updated_at'"
}

@test "bq-load: a schema may order the columns otherwise than the table" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    schema "$N" "$K"
    csv k,n b,2 | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT * FROM d.t' a,1 b,2
}

@test "bq-load: loads objects that are named, as if they were one input" {
    schema "$K" "$N"
    csv k,n a,1 | gcs-put -s file:store t/1 > receipt
    printf 'k,n\r\nb,2\r\n' | gcs-put -s file:store t/2 > receipt
    bq-load -s schema.json d.t file:store/t/1 file:store/t/2 > receipt
    rows_are 'SELECT * FROM d.t' a,1 b,2
    [ "$(field source < receipt)" = "file:store/t/1 file:store/t/2" ]
    [ "$(csv k,n a,1 b,2 | bq-load d.t | field already_loaded)" = true ]
}

@test "bq-load: names the object that is wrong, and loads none" {
    schema "$K" "$N"
    csv k,n a,1 | gcs-put -s file:store t/1 > receipt
    csv k,n b,2 c,x | gcs-put -s file:store t/2 > receipt
    csv n,k 1,b | gcs-put -s file:store t/3 > receipt
    run -2 --separate-stderr bq-load -s schema.json d.t file:store/t/1 file:store/t/2
    stderr_is "bq-load: file:store/t/2: line 3: record 3: column 'n': 'x' is not an integer"
    run -2 --separate-stderr bq-load -s schema.json d.t file:store/t/1 file:store/t/3
    stderr_is "bq-load: file:store/t/3: its header is not that of file:store/t/1"
    run -2 --separate-stderr bq-load -s schema.json d.t file:store/t/none
    stderr_is "bq-load: file:store/t/none: no such object"
    [ ! -e wh ]
}

@test "bq-load: without a schema there must be a table" {
    run -2 --separate-stderr bq-load d.t <<< k
    stderr_is "bq-load: d.t: no such table; a schema, -s FILE, makes it"
    [ ! -e wh ]
}

@test "bq-load: no input at all is an error in every mode, and changes nothing" {
    schema "$K" "$N"
    run -2 --separate-stderr bq-load -s schema.json d.t < /dev/null
    stderr_is "bq-load: standard input: empty, without a header"
    [ ! -e wh ]
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    for mode in append replace merge; do
        for input in '' $'\xef\xbb\xbf'; do
            run -2 --separate-stderr bq-load -m $mode -k k -n n d.t < <(printf %s "$input")
            stderr_is "bq-load: standard input: empty, without a header"
            run -2 --separate-stderr bq-load -m $mode -k k -n n d.t -- printf %s "$input"
            stderr_is "bq-load: standard input: empty, without a header"
        done
    done
    rows_are 'SELECT * FROM d.t' a,1
    rows_are 'SELECT COUNT(*) FROM d._loads' 1
}

@test "bq-load: a header alone makes the table, and in the mode replace empties it" {
    schema "$K" "$N"
    [ "$(bq-load -s schema.json d.t <<< k,n | field rows_in)" = 0 ]
    csv k,n a,1 | bq-load d.t > receipt
    [ "$(bq-load -m merge -k k -n n d.t <<< k,n | field rows_in)" = 0 ]
    rows_are 'SELECT * FROM d.t' a,1
    [ "$(bq-load -m replace d.t <<< k,n | field rows_in)" = 0 ]
    rows_are 'SELECT COUNT(*) FROM d.t' 0
}

@test "bq-load: loads what a command writes, if it succeeds" {
    schema "$K" "$N"
    bq-load -s schema.json d.t -- printf 'k,n\na,1\n' > receipt
    rows_are 'SELECT * FROM d.t' a,1
    run -2 --separate-stderr bq-load d.t -- sh -c 'printf "k,n\nb,2\n"; exit 3'
    stderr_is "bq-load: sh: exit status 3"
    run -75 --separate-stderr bq-load d.t -- sh -c 'printf "k,n\nb,2\n"; exit 75'
    run -2 --separate-stderr bq-load d.t -- sh -c 'kill -9 $$'
    stderr_is "bq-load: sh: killed by signal 9"
    run -2 --separate-stderr bq-load d.t -- ./nothing
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: a command reads our standard input" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t -- sed s/1/2/ > receipt
    rows_are 'SELECT * FROM d.t' a,2
}

@test "bq-load: loads into one dataset at the same time all succeed" {
    schema "$K" "$N"
    pids=()
    for i in 1 2 3 4 5 6; do
        csv k,n "$i,1" > in.$i
        bq-load -s schema.json d.t$((i % 2)) < in.$i > receipt.$i &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid"
    done
    rows_are 'SELECT k FROM d.t0 UNION ALL SELECT k FROM d.t1 ORDER BY k' 1 2 3 4 5 6
    rows_are 'SELECT COUNT(*) FROM d._loads' 6
}

@test "bq-load: one load given twice at the same time is done once" {
    schema "$K" "$N"
    csv k,n a,1 > in
    pids=()
    for i in 1 2 3 4; do
        bq-load -s schema.json d.t < in > receipt.$i &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid"
    done
    rows_are 'SELECT * FROM d.t' a,1
    [ "$(cat receipt.? | field already_loaded | grep -c true)" -eq 3 ]
}

@test "bq-load: readers see the old rows, and other loads go on, until the load is done" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    mkfifo slow
    bq-load -m replace d.t < slow > receipt &
    exec 4> slow
    printf 'k,n\nb,2\n' >&4
    rows_are 'SELECT * FROM d.t' a,1
    csv k,n c,3 | bq-load d.t > other
    rows_are 'SELECT * FROM d.t' a,1 c,3
    exec 4>&-
    wait $!
    rows_are 'SELECT * FROM d.t' b,2
}

@test "bq-load: loads from a query on the same dataset" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    bq-query "SELECT 'b' AS k, n + 1 AS n FROM d.t" | bq-load d.t > receipt
    rows_are 'SELECT * FROM d.t' a,1 b,2
}

@test "bq-load: killed at any moment, it did all or nothing, and again completes it" {
    schema "$K" "$N" "$TIME"
    csv k,n a,1 b,0 > old
    { echo k,n,updated_at && seq 30000 | sed 's/.*/k&,&,2024-01-01/'; } > in
    for mode in append merge replace; do
        bq-load -w sqlite:undisturbed.$mode -s schema.json -m $mode d.t < old > receipt
        bq-load -w sqlite:undisturbed.$mode -s schema.json -m $mode d.t < in > receipt
        bq-query -w sqlite:undisturbed.$mode 'SELECT * FROM d.t' > want.$mode
    done
    partial=0
    for ms in 005 010 020 040 060 080 100 120 140 160 200 300; do
        for mode in append merge replace; do
            wh=sqlite:killed.$mode.$ms
            bq-load -w $wh -s schema.json -m $mode d.t < old > receipt
            # timeout dies of its own signal, and does not wait for the other
            bq-load -w $wh -s schema.json -m $mode d.t -- cat in > receipt &
            sleep 0.$ms
            kill -9 $! || true
            wait $! || partial=$((partial + 1))
            loads=$(bq-query -w $wh 'SELECT COUNT(*) FROM d._loads' | sed 1d)
            bq-query -w $wh 'SELECT * FROM d.t' > rows
            if [ "$loads" -eq 2 ]; then
                cmp rows want.$mode
            else
                file_is rows $'k,n,updated_at\na,1,\nb,0,\n'
            fi
            bq-load -w $wh -s schema.json -m $mode d.t < in > receipt
            bq-query -w $wh 'SELECT * FROM d.t' | cmp - want.$mode
            [ "$(bq-query -w $wh 'SELECT COUNT(*) FROM d._loads' | sed 1d)" -eq 2 ]
        done
    done
    [ $partial -gt 0 ]
}

@test "bq-load: a receipt that cannot be written is an error, and the load is done" {
    schema "$K" "$N"
    csv k,n a,1 > in
    run -2 bash -c 'bq-load -s schema.json d.t < in > /dev/full'
    [ "$(bq-load d.t < in | field already_loaded)" = true ]
}

@test "bq-load: a receipt is JSON, whatever bytes stand in it" {
    schema "$K" "$N"
    bq-load -s schema.json d.t <<< k,n > receipt
    run -0 python3 - << 'END'
import codecs, json, random, subprocess
# a byte that belongs to no character becomes U+FFFD
codecs.register_error("one", lambda error: ("\ufffd", error.start + 1))
rng = random.Random(1)
texts = [bytes(range(1, 256))]
texts += [b"a%b" % bytes([lead, second]) for lead in range(0x80, 0x100, 5) for second in (0x41, 0x80, 0xbf)]
texts += [b"\xc3", b"\xed\xa0\x80", b"\xe2\x82", b"\xe2\x82\xac", b"\xf4\x90\x80\x80", b"\xf0\x9f\x8d\x80", b'\\"\x7f\t']
texts += [bytes(rng.choice(b"\x01\"\\a\x80\xbf\xc3\xe2\xed\xf0\xf4\xff") for _ in range(12)) for _ in range(60)]
for text in texts:
    done = subprocess.run([b"bq-load", b"-i", text, b"-u", text, b"d.t"], input=b"k,n\n", stdout=subprocess.PIPE, check=True)
    receipt = json.loads(done.stdout.decode("utf-8"))
    assert receipt["source"] == receipt["load_id"] == text.decode("utf-8", "one"), text
END
}

@test "bq-load: refuses names that SQLite or BigQuery would not have" {
    schema "$K"
    for name in t d. .t d.t.u d-x.t 1d.t "d.t'" 'd."t'; do
        run -2 --separate-stderr bq-load -s schema.json "$name" <<< k
    done
    run -2 --separate-stderr bq-load -s schema.json plain <<< k
    stderr_is "bq-load: 'plain': not DATASET.TABLE"
    for name in main.t Temp.t; do
        run -2 --separate-stderr bq-load -s schema.json $name <<< k
        stderr_is "bq-load: '$name': the dataset's name is reserved"
    done
    run -2 --separate-stderr bq-load -s schema.json d.sqlite_x <<< k
    stderr_is "bq-load: 'd.sqlite_x': the table's name is reserved"
    run -2 --separate-stderr bq-load -s schema.json d._loads <<< k
    stderr_is "bq-load: 'd._loads': the ledger of loads cannot be loaded"
    schema '{"name": "a b"}' "$K"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k
    stderr_is "bq-load: d.t: columns have letters, digits and _; not so is 'a b'"
    [ ! -e wh ]
}

@test "bq-load: refuses names that differ from others in case only" {
    schema "$K"
    bq-load -s schema.json data.klines <<< k > receipt
    run -2 --separate-stderr bq-load -s schema.json Data.klines <<< k
    stderr_is "bq-load: sqlite:wh: dataset 'Data': data.sqlite exists, and names must differ in more than case"
    run -2 --separate-stderr bq-load -s schema.json data.Klines <<< k
    stderr_is "bq-load: data.Klines: a table of that name but for case exists"
}

@test "bq-load: names that are words of SQL are names" {
    schema '{"name": "select", "type": "string"}' '{"name": "order", "type": "integer"}' "$K"
    csv select,order a,1 | bq-load -s schema.json -m merge -k select -n order group.table > receipt
    rows_are 'SELECT "select", "order" FROM "group"."table"' a,1
}

@test "bq-load: says what a warehouse is" {
    unset SLUICE_WAREHOUSE
    run -2 --separate-stderr bq-load d.t <<< k
    stderr_is "bq-load: no warehouse: set SLUICE_WAREHOUSE or -w to sqlite:DIR or bigquery:PROJECT"
    run -2 --separate-stderr bq-load -w bigquery: d.t <<< k
    stderr_is "bq-load: bigquery:: not a warehouse like bigquery:PROJECT"
    run -2 --separate-stderr bq-load -w wh d.t <<< k
    stderr_is "bq-load: wh: not a warehouse like sqlite:DIR or bigquery:PROJECT"
}

@test "bq-load: makes the folder of the warehouse, or says why it cannot" {
    schema "$K"
    bq-load -w sqlite:"$PWD/a/b" -s schema.json d.t <<< k > receipt
    [ -e a/b/d.sqlite ]
    run -2 --separate-stderr bq-load -w sqlite:schema.json/x -s schema.json d.t <<< k
    stderr_is "bq-load: schema.json/x: Not a directory"
}

@test "bq-load: a file that is no dataset is an error" {
    schema "$K"
    mkdir wh
    seq 1000 > wh/d.sqlite
    run -2 --separate-stderr bq-load -s schema.json d.t <<< k
    stderr_is "bq-load: sqlite:wh: file is not a database"
}

@test "bq-load: wants a table, and URLs or a command behind it" {
    run -2 --separate-stderr bq-load
    [ "${stderr_lines[0]}" = "bq-load: want DATASET.TABLE [URL... | -- COMMAND...]" ]
    run -2 bq-load d.t --
    run -2 --separate-stderr bq-load d.t cat x
    stderr_is "bq-load: 'cat': not a URL like file:DIR/NAME or gs://BUCKET/NAME"
    run -2 --separate-stderr bq-load -m upsert d.t
    stderr_is "bq-load: -m: 'upsert' is not append, replace or merge"
}

@test "bq-load: real candles merge to one row a key, exact to the last digit" {
    need_data klines/BTCUSDT-1h.csv
    schema "$K" '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' "$N"
    { echo k,d,n && cut -d, -f1,2,9 "$DATA/klines/BTCUSDT-1h.csv"; } > in
    bq-load -m merge -n n -s schema.json d.t < in > receipt
    [ "$(field rows_inserted < receipt)" = "$(sed 1d in | cut -d, -f1 | sort -u | wc -l)" ]
    python3 - > want << 'END'
import csv, decimal
decimal.getcontext().prec = 99
rows = {r["k"]: r["d"] for r in csv.DictReader(open("in"))}
print("sum\n%s" % sum(map(decimal.Decimal, rows.values())).normalize())
END
    bq-query 'SELECT decimal_sum(d) AS sum FROM d.t' | diff - want
}
