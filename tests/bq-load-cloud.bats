load helper
load cloud
load loads

# Tools whose seconds, while they wait for a job, are short.
setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    export SLUICE_TEST_SECOND=2 SLUICE_WAREHOUSE=bigquery:project
    cloud_start
}

# Values of the members KEY... of the receipt, on a line.
fields() {
    local key
    for key in "$@"; do
        field "$key" < receipt
    done | paste -sd ' '
}

# What jobs.get says that the job of the receipt's member $1 was asked.
job() {
    cloud_curl GET "/bigquery/v2/projects/project/jobs/$(field "$1" < receipt)"
}

@test "bq-load: BigQuery: makes dataset, table and ledger as the schema says" {
    schema "$K" '{"name": "n", "type": "integer", "description": "how many", "constraints": {"required": true}}' \
        '{"name": "f", "type": "number"}' '{"name": "b", "type": "boolean"}' \
        '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' "$TIME" \
        '{"name": "day", "type": "date"}' '{"name": "o", "type": "object"}'
    jq -c '. + {"bq:partition": "updated_at", "bq:cluster": ["k", "n"]}' schema.json > divided.json
    csv k,n,f,b,d,updated_at,day,o '007,5,1,TRUE,10.50,1706281200300,2024-01-26,"{""a"": 1}"' |
        bq-load -s divided.json deep.t > receipt
    rows_are 'SELECT k, n, f, b, d, updated_at, day, o FROM deep.t' \
        '007,5,1.0,true,10.5,2024-01-26T15:00:00.300000Z,2024-01-26,"{""a"":1}"'
    cloud_curl GET /bigquery/v2/projects/project/datasets/deep/tables/t > table
    jq -Sc '.schema.fields[1], .timePartitioning, .clustering' table > out
    file_is out '{"description":"how many","mode":"REQUIRED","name":"n","type":"INTEGER"}
{"field":"updated_at","type":"DAY"}
{"fields":["k","n"]}
'
    rows_are 'SELECT job_id, stage_job_id, table_name, mode, schema_name, status, rows_in, inserted_at
        FROM deep._loads WHERE load_id = "'"$(field load_id < receipt)"'"' \
        "$(fields job_id stage_job_id | tr ' ' ,),t,append,divided.json,0,1,$(field inserted_at < receipt)"
}

@test "bq-load: BigQuery: makes the dataset where SLUICE_LOCATION says, and works where it is" {
    schema "$K"
    csv k a | SLUICE_LOCATION=europe-west1 bq-load -s schema.json d.t > receipt
    csv k b | bq-load d.t > receipt
    rows_are 'SELECT k FROM d.t ORDER BY k' a b
    [ "$(cloud_curl GET /bigquery/v2/projects/project/datasets/d | jq -r .location)" = europe-west1 ]
}

@test "bq-load: BigQuery: keeps whole numbers, decimals, doubles and texts exact" {
    schema "$N" '{"name": "d", "type": "number", "bq:type": "BIGNUMERIC"}' '{"name": "f", "type": "number"}' "$K"
    csv k,n,d,f 'a,9007199254740993,9007199254740993,0.1' \
        'b,-9223372036854775808,13715.65000000,5e-324' 'c,+0,-0.00,1.7976931348623157e308' \
        '",""x""
 \N {}",,,' "$(printf '"\t\001\r\177",,,')" | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT n, d, f FROM d.t WHERE n IS NOT NULL ORDER BY f' -9223372036854775808,13715.65,4.94065645841247e-324 \
        9007199254740993,9007199254740993,0.1 0,0,1.7976931348623157e+308
    rows_are 'SELECT k FROM d.t WHERE n IS NULL ORDER BY k' "$(printf '"\t\001\r\177"')" '",""x""
 \N {}"'
}

@test "bq-load: BigQuery: NULL and the empty string are told apart" {
    schema "$K" "$N"
    csv k,n ',' '"",""' NULL,1 | bq-load -s schema.json d.t > receipt
    rows_are 'SELECT k, k IS NULL, n IS NULL FROM d.t ORDER BY k' ,true,true '"",false,true' NULL,false,false
}

@test "bq-load: BigQuery: refuses what its types would not keep" {
    schema "$K" '{"name": "d", "type": "number", "bq:type": "NUMERIC"}'
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,d\na,0.1234567891'
    stderr_is "bq-load: standard input: line 2: record 2: column 'd': '0.1234567891' has more than 9 digits behind the point, which NUMERIC cannot hold"
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k\n\xff'
    stderr_is $'bq-load: standard input: line 2: record 2: column \'k\': \'\xff\' is not UTF-8'
    cloud_log '.[].method' | sort -u > out
    file_is out 'GET
'
}

@test "bq-load: BigQuery: loading the same again adds nothing and repeats the receipt" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    bq-load -s schema.json -u file:x d.t < in > first
    bq-load -s schema.json -u file:x d.t < in > second
    rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
    sed 's/"already_loaded": false/"already_loaded": true/' first | diff - second
    [ "$(field rows_inserted < second)" = 2 ]
}

@test "bq-load: BigQuery: a given id stands for one content" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json -i "it's \\ one" d.t > receipt
    [ "$(csv k,n a,1 | bq-load -i "it's \\ one" d.t | field already_loaded)" = true ]
    run -2 --separate-stderr bq-load -i "it's \\ one" d.t <<< $'k,n\na,2'
    stderr_is "bq-load: load id 'it's \\ one' stands for another load"
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: BigQuery: replace puts the rows in the place of all others, and undoes loads" {
    schema "$K" "$N"
    csv k,n a,1 > a
    csv k,n b,2 > b
    bq-load -s schema.json -i one d.t < a > receipt
    bq-load -m replace -i two d.t < b > receipt
    rows_are 'SELECT * FROM d.t' b,2
    [ "$(bq-load -i one d.t < a | field already_loaded)" = false ]
    [ "$(bq-load -i one d.t < a | field already_loaded)" = true ]
    [ "$(bq-load -m replace -i two d.t < b | field already_loaded)" = true ]
    rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
    rows_are 'SELECT load_id, status, SUBSTR(job_id, -5) FROM d._loads ORDER BY inserted_at' \
        one,0,_0_r0 one,1,_0_r0 two,0,_0_r0 one,0,_1_r0
}

@test "bq-load: BigQuery: to replace is done again if there was a later load" {
    schema "$K" "$N"
    csv k,n a,1 > a
    csv k,n b,2 > b
    bq-load -s schema.json -m replace d.t < a > receipt
    bq-load -m replace d.t < b > receipt
    bq-load -m replace d.t < a > receipt
    rows_are 'SELECT * FROM d.t' a,1
    bq-load d.t < b > receipt
    bq-load -m replace d.t < a > receipt
    [ "$(field already_loaded < receipt)" = false ]
    bq-load -m replace d.t < a > receipt
    [ "$(field already_loaded < receipt)" = true ]
    rows_are 'SELECT * FROM d.t' a,1
}

# Whatever was done to the table d.t, the load that it undid is done.
undone_by() { # SQL WANTED-ROW...
    local id statement
    for id in one ''; do
        cloud_curl POST /_control/reset > /dev/null
        schema "$K" "$N"
        csv k,n a,1 > a
        bq-load -s schema.json ${id:+-i "$id"} d.t < a > receipt
        csv k,n e,5 | bq-load -s schema.json d.other > receipt
        while read -r statement; do
            sql "$statement"
        done <<< "$1"
        bq-load -s schema.json ${id:+-i "$id"} d.t < a > receipt
        [ "$(field already_loaded < receipt)" = false ]
        rows_are 'SELECT * FROM d.t ORDER BY k' "${@:2}"
        bq-load ${id:+-i "$id"} d.t < a > receipt
        [ "$(field already_loaded < receipt)" = true ]
        [ "$(csv k,n e,5 | bq-load d.other | field already_loaded)" = true ]
    done
}

# Runs any SQL.
sql() {
    jq -n --arg sql "$1" '{query: $sql, useLegacySql: false}' |
        cloud_curl POST /bigquery/v2/projects/project/queries -H 'Content-Type: application/json' \
            --fail-with-body -d @- > answer
}

@test "bq-load: BigQuery: what was dropped, made anew or emptied by others is loaded again" {
    undone_by 'DROP TABLE d.t' a,1
    undone_by 'DROP TABLE d.t
CREATE TABLE d.t(k STRING, n INT64)' a,1
    undone_by "DROP TABLE d.t
CREATE TABLE d.t(k STRING, n INT64)
INSERT INTO d.t(k, n) VALUES('b', 2)" a,1 b,2
    undone_by 'TRUNCATE TABLE d.t' a,1
    undone_by 'DELETE FROM d.t WHERE TRUE' a,1
}

@test "bq-load: BigQuery: what was emptied and loaded otherwise since is undone too" {
    schema "$K" "$N"
    csv k,n a,1 > a
    bq-load -s schema.json d.t < a > receipt
    sql 'DELETE FROM d.t WHERE TRUE'
    csv k,n b,2 | bq-load d.t > receipt
    [ "$(bq-load d.t < a | field already_loaded)" = false ]
    [ "$(bq-load d.t < a | field already_loaded)" = true ]
    rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
}

@test "bq-load: BigQuery: the same empty load again is loaded already" {
    schema "$K" "$N"
    [ "$(bq-load -s schema.json d.t <<< k,n | field already_loaded)" = false ]
    [ "$(bq-load d.t <<< k,n | field already_loaded)" = true ]
    [ "$(bq-load -m replace d.t <<< k,n | field already_loaded)" = false ]
    rows_are 'SELECT COUNT(*) FROM d.t' 0
}

@test "bq-load: BigQuery: merge keeps the newest row of each key and counts what it did" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,1,2024-01-02 b,1,2024-01-02 c,1,2024-01-02 d,1, |
        bq-load -s schema.json -m merge d.t > receipt
    [ "$(fields rows_in rows_loaded rows_inserted rows_updated rows_unchanged)" = "4 4 4 0 0" ]
    csv k,n,updated_at a,2,2024-01-03 b,2,2024-01-01 c,2,2024-01-02 d,2,2024-01-01 e,1, a,3,2024-01-02 |
        bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,1 c,1 d,2 e,1
    [ "$(fields rows_in rows_loaded rows_inserted rows_updated rows_unchanged)" = "6 3 1 2 3" ]
}

@test "bq-load: BigQuery: of equally new rows the table's stays, and of a load's the last" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,1,2024-01-01 a,2,2024-01-01 b,1, b,2, | bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,2
    [ "$(field rows_unchanged < receipt)" = 2 ]
    csv k,n,updated_at a,3,2024-01-01 b,3, | bq-load -s schema.json -m merge d.t > receipt
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,2
}

@test "bq-load: BigQuery: merge decides by the column asked for, and takes a key of several" {
    schema "$K" '{"name": "m", "type": "integer"}' '{"name": "d", "type": "number", "bq:type": "NUMERIC"}'
    csv k,m,d a,1,9 a,2,9 | bq-load -s schema.json -m merge -k k,m -n d d.t > receipt
    csv k,m,d a,2,10 a,2,9.5 | bq-load -m merge -k k,m -n d d.t > receipt
    rows_are 'SELECT * FROM d.t ORDER BY m' a,1,9 a,2,10
}

@test "bq-load: BigQuery: a merge by the partition reads only the partitions that it touches" {
    schema "$K" "$N" "$TIME"
    jq -c '. + {"bq:partition": "updated_at"}' schema.json > divided.json
    csv k,n,updated_at a,1,2024-01-01 | bq-load -s divided.json -m merge -k k,updated_at -n n d.t > receipt
    csv k,n,updated_at a,2,2024-01-01T00:00:00.5Z a,3,2024-02-01 |
        bq-load -m merge -k k,updated_at -n n d.t > receipt
    job job_id | jq -r .configuration.query.query |
        grep -o "sluice_old.\`updated_at\` BETWEEN [^;]*" | sort -u > out
    grep -qF "BETWEEN TIMESTAMP '2024-01-01T00:00:00.500000Z' AND TIMESTAMP '2024-02-01T00:00:00.000000Z'" out
    rows_are 'SELECT COUNT(*) FROM d.t' 3
}

@test "bq-load: BigQuery: refuses a merge by a key that rows of the table share" {
    schema "$K" "$N"
    csv k,n a,1 a,2 > in
    bq-load -s schema.json d.t < in > receipt
    run -2 --separate-stderr bq-load -m merge -k k -n n d.t < in
    [[ "$stderr" == *"d.t holds rows with the same k, which a merge cannot keep apart"* ]]
    rows_are 'SELECT COUNT(*) FROM d._loads' 1
    rows_are 'SELECT n FROM d.t ORDER BY n' 1 2
}

@test "bq-load: BigQuery: a load leaves no stage, and one that is left goes in a day" {
    schema "$K" "$N"
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    cloud_curl GET /bigquery/v2/projects/project/datasets/d/tables | jq -r '.tables[].tableReference.tableId' | sort > out
    file_is out '_loads
t
'
    cloud_fault '{"op": "jobs.insert", "nth": 2, "do": "400"}'
    run -2 --separate-stderr bq-load d.t <<< $'k,n\nb,2'
    cloud_curl GET /bigquery/v2/projects/project/datasets/d/tables |
        jq -r '.tables[] | select(.tableReference.tableId | startswith("_stage_")) | .expirationTime' > out
    [ $(($(cat out) / 1000 - $(date +%s) - 86400)) -le 0 ]
    [ $(($(cat out) / 1000 - $(date +%s) - 86400)) -gt -60 ]
}

# Runs "bq-load ARGUMENT... < in" with one request after another that never
# comes to an answer, kills it then, and runs it again: whatever $check says.
killed_everywhere() { # FAULT ARGUMENT...
    local fault=$1 n=0 loader
    shift
    while :; do
        n=$((n + 1))
        cloud_curl POST /_control/reset > /dev/null
        before
        cloud_forget
        cloud_fault '{"op": "*s.*", "nth": '$n', "do": "'"$fault"'"}'
        bq-load "$@" < in > receipt 2> errors &
        loader=$!
        until cloud_log '.[] | select(.faults != []) | .n' | grep -q . || ! kill -0 $loader 2> errors; do
            sleep 0.02
        done
        kill -9 $loader 2> errors || break
        wait $loader || true
        cloud_curl DELETE /_control/faults > answer
        bq-load "$@" < in > receipt
        after
        bq-load "$@" < in > receipt
        [ "$(field already_loaded < receipt)" = true ]
        after
    done
    wait $loader
    [ $n -gt 15 ]
}

@test "bq-load: BigQuery: killed between any two requests and run again, rows are there once" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    before() { :; }
    after() {
        rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
        rows_are 'SELECT COUNT(*) FROM d._loads' 1
    }
    killed_everywhere stall -s schema.json d.t
    killed_everywhere stall-before -s schema.json d.t
}

@test "bq-load: BigQuery: a merge that is killed between any two requests and run again is done once" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,2,2024-01-02 a,3,2024-01-01 c,4, > in
    before() {
        csv k,n,updated_at a,1,2024-01-01 b,1,2024-01-01 | bq-load -s schema.json -m merge d.t > receipt
    }
    after() {
        rows_are 'SELECT k, n FROM d.t ORDER BY k' a,2 b,1 c,4
        rows_are 'SELECT COUNT(*) FROM d._loads' 2
        [ "$(fields rows_in rows_loaded rows_inserted rows_updated rows_unchanged)" = "3 2 1 1 1" ]
    }
    killed_everywhere stall -m merge -k k d.t
}

@test "bq-load: BigQuery: a replacement that is killed between any two requests and run again is done once" {
    schema "$K" "$N"
    csv k,n c,3 > in
    before() {
        csv k,n a,1 b,2 | bq-load -s schema.json d.t > receipt
    }
    after() {
        rows_are 'SELECT * FROM d.t' c,3
        rows_are 'SELECT load_id, status FROM d._loads WHERE mode = "replace"' "$(field load_id < receipt),0"
    }
    killed_everywhere stall -m replace d.t
}

@test "bq-load: BigQuery: the same command at the same time loads once, and both say how much" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    for _ in 1 2 3 4 5; do
        cloud_curl POST /_control/reset > /dev/null
        loaders=
        for i in 1 2 3; do
            bq-load -s schema.json d.t < in > receipt.$i &
            loaders="$loaders $!"
        done
        for loader in $loaders; do
            wait "$loader"
        done
        rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
        rows_are 'SELECT COUNT(*) FROM d._loads' 1
        cat receipt.* | field rows_inserted | sort -u > out
        file_is out '2
'
    done
}
