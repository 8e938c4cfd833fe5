load helper
load cloud

# Tools whose seconds, while they wait for a job, are short.
setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    export SLUICE_TEST_SECOND=2 SLUICE_WAREHOUSE=bigquery:project
    cloud_start
}

# Column k, a string, and n, a whole number, but for what is asked for.
schema() { # FIELD... as JSON
    local IFS=,
    printf '{"fields": [%s], "primaryKey": "k"}' "$*" > schema.json
}
K='{"name": "k", "type": "string"}'
N='{"name": "n", "type": "integer"}'
TIME='{"name": "updated_at", "type": "datetime"}'

# Lines as a file of CSV.
csv() {
    printf '%s\n' "$@"
}

# Fails unless the query $1 gives the lines $2..., without the header.
rows_are() {
    bq-query "$1" | sed 1d > rows
    file_is rows "$(printf '%s\n' "${@:2}")
"
}

field() { # KEY of the receipt on stdin
    sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\).*/\1/p"
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

@test "bq-load: BigQuery: what looks like the end of a request's part is a row" {
    schema "$K"
    printf 'k\r\n"a\r\n--sluice-part-of-a-job--\r\n"\r\n--sluice-part-of-a-job--\r\n' |
        bq-load -s schema.json d.t > receipt
    rows_are 'SELECT k FROM d.t ORDER BY k' --sluice-part-of-a-job-- $'"a\r\n--sluice-part-of-a-job--\r\n"'
    cloud_log '.[] | select(.op == "jobs.insert.upload") | .headers["content-type"]' > types
    file_is types $'multipart/related; boundary=sluice-part-of-a-job\n'
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

# Runs a command with one request after another that never comes to an answer,
# kills it then, and runs it again, twice: after() has to be content.
killed_everywhere() { # FAULT COMMAND...
    local fault=$1 n=0 loader
    shift
    while :; do
        n=$((n + 1))
        cloud_curl POST /_control/reset > /dev/null
        before
        cloud_forget
        cloud_fault '{"op": "*s.*", "nth": '$n', "do": "'"$fault"'"}'
        "$@" < in > receipt 2> errors &
        loader=$!
        until cloud_log '.[] | select(.faults != []) | .n' | grep -q . || ! kill -0 $loader 2> errors; do
            sleep 0.02
        done
        kill -9 $loader 2> errors || break
        wait $loader || true
        cloud_curl DELETE /_control/faults > answer
        "$@" < in > receipt
        after
        "$@" < in > receipt
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
    killed_everywhere stall bq-load -s schema.json d.t
    killed_everywhere stall-before bq-load -s schema.json d.t
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
    killed_everywhere stall bq-load -m merge -k k d.t
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
    killed_everywhere stall bq-load -m replace d.t
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

# Two objects whose columns are not in the order of the table.
objects() {
    csv n,k 1,a 2,b | cloud_put staging/t/1
    printf 'n,k\r\n3,"c\nd"\r\n4,\r\n' | cloud_put staging/t/2
}

@test "bq-load: BigQuery: loads objects of gs:// in one job, and not their rows" {
    schema "$K" "$N" "$TIME"
    objects
    bq-load -s schema.json d.t gs://bucket/staging/t/2 gs://bucket/staging/t/1 > receipt
    rows_are 'SELECT * FROM d.t ORDER BY n' a,1, b,2, '"c
d",3,' ,4,
    [ "$(fields rows_in rows_inserted bytes source)" = \
        "4 4 30 gs://bucket/staging/t/2 gs://bucket/staging/t/1" ]
    job stage_job_id | jq -c '.configuration.load | del(.destinationTable, .schema)' -S > out
    file_is out '{"allowJaggedRows":false,"allowQuotedNewlines":true,"createDisposition":"CREATE_NEVER","encoding":"UTF-8","fieldDelimiter":",","ignoreUnknownValues":false,"maxBadRecords":0,"nullMarkers":[""],"preserveAsciiControlCharacters":true,"quote":"\"","skipLeadingRows":1,"sourceFormat":"CSV","sourceUris":["gs://bucket/staging/t/1","gs://bucket/staging/t/2"],"writeDisposition":"WRITE_TRUNCATE"}
'
    cloud_log '.[].op' > out
    run ! grep -q jobs.insert.upload out
}

@test "bq-load: BigQuery: the same objects again, in any order, are loaded already" {
    schema "$K" "$N"
    objects
    bq-load -s schema.json d.t gs://bucket/staging/t/2 gs://bucket/staging/t/1 > receipt
    bq-load d.t gs://bucket/staging/t/1 gs://bucket/staging/t/2 > receipt
    [ "$(fields already_loaded rows_in rows_loaded)" = "true 4 4" ]
    rows_are 'SELECT COUNT(*) FROM d.t' 4
}

@test "bq-load: BigQuery: an object that changes while it is loaded is not loaded" {
    schema "$K" "$N"
    objects
    cloud_fault '{"op": "objects.get", "nth": 3, "do": "patch", "patch": {"generation": "7"}}'
    run -75 --separate-stderr bq-load -s schema.json d.t gs://bucket/staging/t/1 gs://bucket/staging/t/2
    stderr_is "bq-load: gs://bucket/staging/t/1: changed while it was loaded"
    cloud_curl GET /bigquery/v2/projects/project/datasets/d/tables | jq -r '.tables[].tableReference.tableId' > out
    run ! grep -qx t out
    cloud_curl DELETE /_control/faults > answer
    bq-load -s schema.json d.t gs://bucket/staging/t/1 gs://bucket/staging/t/2 > receipt
    rows_are 'SELECT COUNT(*) FROM d.t' 4
}

@test "bq-load: BigQuery: of objects with bad values every error is told, with object and line, and nothing is loaded" {
    schema "$K" "$N"
    csv n,k 1,a x,b | cloud_put 1
    csv n,k y,a 2,b | cloud_put 2
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/1 gs://bucket/2
    grep -q '^bq-load: invalid: gs://bucket/1: .* line_number: 3 .* value: "x"' <<< "$stderr"
    grep -q '^bq-load: invalid: gs://bucket/2: .* line_number: 2 .* value: "y"' <<< "$stderr"
    run -2 bq-query 'SELECT * FROM d.t'
}

@test "bq-load: BigQuery: objects have one header, and no * in their names" {
    schema "$K" "$N"
    csv n,k 1,a | cloud_put 1
    csv k,n b,2 | cloud_put 2
    cp /dev/null empty
    cloud_put 3 empty
    csv n,k 1,a | cloud_put 'x*'
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/1 gs://bucket/2
    stderr_is "bq-load: gs://bucket/2: its header is not that of gs://bucket/1"
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/3
    stderr_is "bq-load: gs://bucket/3: empty, without a header"
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/none
    stderr_is "bq-load: gs://bucket/none: no such object"
    run -2 --separate-stderr bq-load -s schema.json d.t 'gs://bucket/x*'
    stderr_is "bq-load: gs://bucket/x*: BigQuery would take the * for any text"
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/
    stderr_is "bq-load: gs://bucket/: a folder, not an object"
}

@test "bq-load: BigQuery: merges objects, but not two rows that tie and differ" {
    schema "$K" "$N" "$TIME"
    csv k,n,updated_at a,1,2024-01-01 a,1,2024-01-01 b,1,2024-01-02 | cloud_put 1
    csv k,n,updated_at b,2,2024-01-01 | cloud_put 2
    bq-load -s schema.json -m merge d.t gs://bucket/1 gs://bucket/2 > receipt
    [ "$(fields rows_in rows_loaded rows_unchanged)" = "4 2 2" ]
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,1 b,1
    csv k,n,updated_at c,1,2024-01-01 c,2,2024-01-01 | cloud_put 3
    run -2 --separate-stderr bq-load -s schema.json -m merge d.t gs://bucket/3
    [[ "$stderr" == *"rows with the same k are equally new, and it is not known which is the last"* ]]
    csv k,n,updated_at ,1,2024-01-01 | cloud_put 4
    run -2 --separate-stderr bq-load -s schema.json -m merge d.t gs://bucket/4
    [[ "$stderr" == *"a value of k is missing"* ]]
    rows_are 'SELECT k, n FROM d.t ORDER BY k' a,1 b,1
}

@test "bq-load: BigQuery: killed between any two requests, objects are loaded once" {
    schema "$K" "$N"
    before() {
        csv n,k 1,a 2,b | cloud_put 1
        : > in
    }
    after() {
        rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
        rows_are 'SELECT COUNT(*) FROM d._loads' 1
    }
    killed_everywhere stall bq-load -s schema.json d.t gs://bucket/1
}

@test "bq-load: BigQuery: a file goes up in pieces, whatever happens to them" {
    schema "$K" "$N"
    export SLUICE_TEST_SMALL=1000 SLUICE_TEST_PIECE=262144
    awk 'BEGIN { print "k,n"; for (i = 0; i < 60000; i++) print "row" i "," i }' > in
    while read -r op fault nth; do
        cloud_curl POST /_control/reset > /dev/null
        cloud_fault "$op" "$fault" "$nth"
        bq-load -s schema.json d.t < in > receipt
        cloud_struck
        rows_are 'SELECT COUNT(*), COUNT(DISTINCT k), SUM(n) FROM d.t' 60000,60000,1799970000
    done << 'EOF'
resumable.start 503 1
resumable.start drop-after 1
resumable.chunk 503 1
resumable.chunk drop-after 2
resumable.chunk drop-body:1000 3
resumable.chunk 404 4
resumable.chunk 410 5
resumable.chunk after:503 8
resumable.chunk drop-after 8
EOF
}

@test "bq-load: BigQuery: waits while a job is pending and runs, but not longer than asked" {
    schema "$K" "$N"
    csv k,n a,1 > in
    cloud_fault job.load pending:9
    cloud_fault job.query running:12 1
    bq-load -s schema.json d.t < in > receipt
    cloud_struck
    rows_are 'SELECT * FROM d.t' a,1
    csv k,n b,2 > in
    cloud_fault job.load pending
    run -75 --separate-stderr bq-load -P 3 d.t < in
    [[ "$stderr" =~ ^"bq-load: d.t: job project:US.sluice_stage_"[0-9a-f_]*_r0": it has not begun in time; it may still, and the same command will find it"$ ]]
    cloud_curl DELETE /_control/faults > answer
}

@test "bq-load: BigQuery: a job that fails for a while is done again under the next id" {
    schema "$K" "$N"
    csv k,n a,1 > in
    cloud_fault '{"op": "job.load", "do": "fail", "reason": "backendError"}'
    cloud_fault '{"op": "job.query", "match": "POST.*jobs", "do": "fail", "reason": "rateLimitExceeded"}'
    bq-load -s schema.json d.t < in > receipt
    [[ "$(field stage_job_id < receipt)" == *_r1 ]]
    rows_are 'SELECT * FROM d.t' a,1
    rows_are 'SELECT COUNT(*) FROM d._loads' 1
}

@test "bq-load: BigQuery: a job that fails for good is told, and the same command tries the next id" {
    schema "$K" "$N"
    csv k,n a,1 > in
    cloud_fault '{"op": "job.load", "do": "fail", "reason": "accessDenied", "message": "not you", "patch": {"errors": [{"reason": "x", "location": "gs://b/o", "message": "more"}]}}'
    run -2 --separate-stderr bq-load -s schema.json d.t < in
    [ "$(grep -c . <<< "$stderr")" = 3 ]
    [[ "$stderr" == *"bq-load: accessDenied: not you"*"bq-load: x: gs://b/o: more"*"_r0 failed: not you" ]]
    bq-load -s schema.json d.t < in > receipt
    [[ "$(field stage_job_id < receipt)" == *_r1 ]]
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: BigQuery: a job that goes on failing is given up, and may be tried again" {
    schema "$K" "$N"
    cloud_fault '{"op": "job.load", "times": 0, "do": "fail", "reason": "jobBackendError"}'
    run -75 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
    [[ "$stderr" == *"_r4 failed: "* ]]
    [ "$(cloud_log '.[].op' | grep -c jobs.insert.upload)" = 5 ]
}

@test "bq-load: BigQuery: warnings of a job that did well are told" {
    schema "$K" "$N"
    cloud_fault '{"op": "job.load", "do": "patch", "patch": {"status": {"errors": [{"reason": "invalid", "message": "odd"}]}, "statistics": {"load": {"badRecords": "3"}}}}'
    run -0 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
    grep -qx 'bq-load: invalid: odd' <<< "$stderr"
    grep -q '^bq-load: d.t: job .* skipped 3 bad records$' <<< "$stderr"
}

@test "bq-load: BigQuery: another number of rows than was sent is an error" {
    schema "$K" "$N"
    cloud_fault '{"op": "job.load", "do": "patch", "patch": {"statistics": {"load": {"outputRows": "2"}}}}'
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
    [[ "$stderr" == *" loaded 2 rows of 1" ]]
}

# Begins a job with the id of the stage's, that has another label or none.
squat() { # LABELS
    schema "$K" "$N"
    cloud_curl POST /_control/reset > answer
    csv k,n a,1 | bq-load -s schema.json d.t > receipt
    job stage_job_id > stage
    cloud_curl POST /_control/reset > answer
    cloud_curl POST /bigquery/v2/projects/project/datasets -H 'Content-Type: application/json' \
        -d '{"datasetReference": {"datasetId": "d"}}' > answer
    jq -c '{jobReference, configuration: {labels: '"$1"', query: {query: "SELECT 1", useLegacySql: false}}}' stage |
        cloud_curl POST /bigquery/v2/projects/project/jobs -H 'Content-Type: application/json' --fail-with-body -d @- > answer
}

@test "bq-load: BigQuery: a job of our id that is another one is a conflict" {
    for labels in '{}' '{"sluice_content": "x"}'; do
        squat "$labels"
        run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
        [[ "$stderr" == "bq-load: d.t: job sluice_stage_"*"_0_r0 is another one, which was there before" ]]
    done
}

@test "bq-load: BigQuery: answers that are lost or refused for a while change nothing" {
    schema "$K" "$N"
    csv k,n a,1 b,2 > in
    for op in datasets.insert tables.insert jobs.insert jobs.insert.upload jobs.get tables.get jobs.query tables.delete; do
        for fault in 503 after:503 drop-before drop-after 429; do
            cloud_curl POST /_control/reset > answer
            cloud_fault "$op" "$fault"
            bq-load -s schema.json d.t < in > receipt
            rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
            rows_are 'SELECT COUNT(*) FROM d._loads' 1
        done
    done
}

@test "bq-load: BigQuery: a job whose id is taken may not be seen at once" {
    schema "$K" "$N"
    cloud_fault jobs.insert.upload after:503
    cloud_fault jobs.get 404 2 4
    bq-load -s schema.json d.t <<< $'k,n\na,1' > receipt
    cloud_struck
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: BigQuery: refusals are told, and 403 for now is none" {
    schema "$K" "$N"
    cloud_fault '{"op": "jobs.insert.upload", "do": "403", "reason": "quotaExceeded", "message": "too much"}'
    run -2 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
    stderr_is "bq-load: d.t: HTTP 403: quotaExceeded: too much"
    cloud_fault '{"op": "jobs.insert.upload", "do": "403", "reason": "rateLimitExceeded"}'
    bq-load -s schema.json d.t <<< $'k,n\na,1' > receipt
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: BigQuery: SIGINT and SIGTERM print the job's id and cancel it" {
    schema "$K" "$N"
    for signal in INT TERM; do
        cloud_curl POST /_control/reset > answer
        cloud_fault job.load running
        env --default-signal=INT bq-load -s schema.json d.t <<< $'k,n\na,1' 2> errors &
        loader=$!
        until cloud_log '.[] | select(.op == "jobs.get" and .status == 200) | .n' | grep -q .; do
            sleep 0.02
        done
        kill -$signal $loader
        wait $loader && status=0 || status=$?
        [ $status -gt 128 ]
        grep -q '^bq-load: interrupted: cancelling job project:US.sluice_stage_' errors
        cloud_log '.[] | select(.op == "jobs.cancel") | .status' > out
        file_is out '200
'
        cloud_curl DELETE /_control/faults > answer
        bq-load -s schema.json d.t <<< $'k,n\na,1' > receipt
        rows_are 'SELECT * FROM d.t' a,1
    done
}

# The rows a,1 and b,2 in s.t, from where a query takes them.
source_rows() {
    schema "$K" "$N"
    csv k,n a,1 b,2 | bq-load -s schema.json s.t > receipt
}

@test "bq-query: BigQuery: --to loads what BigQuery queries, and no row comes here" {
    source_rows
    schema "$K" '{"name": "n", "type": "number", "bq:type": "NUMERIC"}' "$TIME"
    cloud_forget
    bq-query -l team=data -p m:INT64=5 -s schema.json -t d.t \
        "SELECT n + 0.5 AS n, k, '2024-01-01T00:00:00Z' AS updated_at FROM s.t WHERE n < @m" > receipt
    cloud_log '.[].op' > out
    run ! grep -qE 'upload|getQueryResults|tabledata' out
    [ "$(fields rows_in rows_loaded rows_inserted source)" = "2 2 2 null" ]
    rows_are 'SELECT * FROM d.t ORDER BY k' a,1.5,2024-01-01T00:00:00.000000Z b,2.5,2024-01-01T00:00:00.000000Z
    job stage_job_id | jq -r .configuration.query.maximumBytesBilled > out
    file_is out '107374182400
'
    [ "$(job stage_job_id | jq -r .configuration.labels.team)" = data ]
    cloud_curl GET /bigquery/v2/projects/project/datasets/d/tables | jq -r '.tables[].tableReference.tableId' > out
    run ! grep -q _stage_ out
}

@test "bq-query: BigQuery: --to again is loaded already while the rows are the same" {
    source_rows
    bq-query -s schema.json -t d.t 'SELECT * FROM s.t' > receipt
    bq-query -t d.t 'SELECT * FROM s.t ORDER BY n DESC' > receipt
    [ "$(fields already_loaded rows_in)" = "true 2" ]
    csv k,n c,3 | bq-load s.t > receipt
    bq-query -t d.t 'SELECT * FROM s.t' > receipt
    [ "$(fields already_loaded rows_in)" = "false 3" ]
    rows_are 'SELECT COUNT(*) FROM d.t' 5
}

@test "bq-query: BigQuery: --to counts equal rows, and tells NULL from the empty string" {
    for rows in "SELECT 'a' AS k" "SELECT 'a' AS k UNION ALL SELECT 'a'" "SELECT '' AS k" \
        'SELECT CAST(NULL AS STRING) AS k' "SELECT 'a' AS k UNION ALL SELECT 'a' UNION ALL SELECT 'a'"; do
        schema "$K"
        bq-query -s schema.json -t d.t "$rows" | field load_id
    done | sort -u > ids
    [ "$(wc -l < ids)" -eq 5 ]
    rows_are 'SELECT COUNT(*) FROM d.t' 8
}

@test "bq-query: BigQuery: --to merges, but not two rows that tie and differ" {
    source_rows
    bq-query -s schema.json -m merge -n n -t d.t 'SELECT * FROM s.t' > receipt
    bq-query -s schema.json -m merge -n n -t d.t "SELECT k, n * n AS n FROM s.t UNION ALL SELECT 'c', 1" > receipt
    [ "$(fields rows_in rows_loaded rows_inserted rows_updated rows_unchanged)" = "3 2 1 1 1" ]
    rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,4 c,1
    schema "$K" "$N" '{"name": "m", "type": "integer"}'
    run -2 --separate-stderr bq-query -s schema.json -m merge -n n -t d.u \
        "SELECT 'a' AS k, 1 AS n, m FROM UNNEST([1, 2]) AS m"
    [[ "$stderr" == *"rows with the same k are equally new"* ]]
}

@test "bq-query: BigQuery: --to says what is wrong with a query, and loads nothing" {
    source_rows
    run -2 --separate-stderr bq-query -s schema.json -t d.t 'SELECT nope FROM s.t'
    stderr_is "bq-query: query: HTTP 400: invalidQuery: Unrecognized name: nope at [1:8]"
    run -2 --separate-stderr bq-query -s schema.json -t d.t 'SELECT 1 AS x'
    stderr_is "bq-query: d.t: the table has no column 'x'"
    run -2 --separate-stderr bq-query -s schema.json -t d.t "SELECT 'x' AS n"
    [[ "$stderr" == *"Bad int64 value: x"* ]]
    rows_are 'SELECT COUNT(*) FROM d.t' 0
}

@test "bq-query: BigQuery: --to that is killed between any two requests and run again loads once" {
    : > in
    before() {
        source_rows
    }
    after() {
        rows_are 'SELECT * FROM d.t ORDER BY k' a,1 b,2
        rows_are 'SELECT COUNT(*) FROM d._loads' 1
    }
    killed_everywhere stall bq-query -s schema.json -t d.t 'SELECT * FROM s.t'
}

@test "bq-load: BigQuery: counts the rows of objects if the job does not tell how many" {
    schema "$K" "$N"
    for i in 1 2 3; do csv k,n "$i,$i" | cloud_put "$i"; done
    cloud_fault '{"op": "job.load", "do": "patch", "patch": {"statistics": {"load": {"outputRows": null}}}}'
    bq-load -s schema.json d.t gs://bucket/{1,2,3} > receipt
    [ "$(fields rows_in rows_loaded rows_inserted)" = '3 3 3' ]
    rows_are 'SELECT rows_in, rows_loaded FROM d._loads' 3,3
}

@test "bq-load: BigQuery: a header that breaks off is none" {
    schema "$K" "$N"
    csv k,n a,1 | cloud_put 1
    cloud_fault '[{"op": "objects.get.media", "do": "truncate:1"},
        {"op": "objects.get.media", "nth": 2, "times": 0, "do": "403", "message": "No more."}]'
    run -2 --separate-stderr bq-load -s schema.json d.t gs://bucket/1
    [[ $stderr == *'No more.' ]]
}

@test "bq-load: BigQuery: a dataset that is dropped is loaded again, however often" {
    schema "$K" "$N"
    csv k,n a,1 > in
    for _ in 1 2 3 4 5; do
        bq-load -s schema.json d.t < in > receipt
        [ "$(field already_loaded < receipt)" = false ]
        rows_are 'SELECT * FROM d.t' a,1
        rows_are 'SELECT COUNT(*) FROM d._loads' 1
        cloud_curl DELETE '/bigquery/v2/projects/project/datasets/d?deleteContents=true' --fail
    done
}

@test "bq-load: BigQuery: says why it waits before a job is done again" {
    schema "$K" "$N"
    cloud_fault '{"op": "job.load", "do": "fail", "reason": "backendError", "message": "Not\nnow.", "times": 2}'
    run -0 --separate-stderr bq-load -s schema.json d.t <<< $'k,n\na,1'
    sed -E 's/job [^ ]*_r/job _r/' <<< "$stderr" > out
    file_is out 'bq-load: d.t: job _r0 failed, again in 10 s: backendError: Not now.
bq-load: d.t: job _r1 failed, again in 20 s: backendError: Not now.
'
    rows_are 'SELECT * FROM d.t' a,1
}

@test "bq-load: BigQuery: an interrupt before a job is done again begins no other" {
    schema "$K" "$N"
    csv k,n a,1 > in
    cloud_fault '{"op": "job.load", "do": "fail", "reason": "backendError", "times": 0}'
    SLUICE_TEST_SECOND=200 bq-load -s schema.json d.t < in 2> errors &
    loader=$!
    until grep -q 'again in' errors; do sleep 0.02; done
    kill -TERM $loader
    status=0
    wait $loader || status=$?
    [ $status = 143 ]
    [ "$(wc -l < errors)" = 1 ]
    [ "$(cloud_state '[.jobs[] | select(.jobReference.jobId | startswith("sluice"))] | length')" = 1 ]
}
