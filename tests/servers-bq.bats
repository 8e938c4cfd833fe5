load helper
load cloud

# No tool runs here: the secrets that these tests hold are their own.
# shellcheck disable=SC2034 # for cloud.bash
cloud_own='*'

v2=/bigquery/v2/projects/project
upload=/upload/bigquery/v2/projects/project/jobs

# The status and the body (in file "answer") of a request with JSON $3.
ask() {
    local method=$1 path=$2 json=${3:-}
    cloud_curl "$method" "$path" -o answer -D head -w '%{http_code}\n' \
        ${json:+-H 'Content-Type: application/json' --data-binary "$json"}
}

# Fails unless a request is answered by status $1 and reason $2.
refused() {
    local status=$1 reason=$2
    shift 2
    ask "$@" | diff - <(echo "$status")
    jq -r '.error.errors[0].reason' answer | diff - <(echo "$reason")
}

# The message of the last answer holds $1.
said() {
    jq -r '.error.message // .status.errorResult.message' answer > message
    grep -F -- "$1" message || {
        cat message
        return 1
    }
}

# A jq filter of the last answer gives $2.
is() {
    jq -c "$1" answer | diff - <(printf '%s\n' "$2")
}

dataset() {
    ask POST $v2/datasets '{"datasetReference":{"datasetId":"d","projectId":"project"}}' | diff - <(echo 200)
}

# The table d.t of columns $1, as "a INT64, b STRING NOT NULL".
table() {
    dataset
    select_ "CREATE TABLE d.t ($1)"
}

# Runs SQL $1; further members of the request in $2. The answer's status.
query() {
    local json
    json=$(jq -cn --arg q "$1" --argjson more "${2:-{\}}" '{query: $q, useLegacySql: false} + $more')
    ask POST $v2/queries "$json"
}

# Runs SQL that must be good; prints its rows, a JSON array each.
select_() {
    query "$@" | diff - <(echo 200)
    jq -c '.rows[]?.f | map(.v)' answer
}

# A load's configuration of job $1 with the members of $2.
load_job() {
    jq -cn --arg id "$1" --argjson more "${2:-{\}}" '{jobReference: {projectId: "project", jobId: $id},
        configuration: {load: ({sourceFormat: "CSV", destinationTable:
        {projectId: "project", datasetId: "d", tableId: "t"}} + $more)}}'
}

# Uploads standard input as load job $1 with the members of $2; the status.
upload() {
    { printf -- '--xx\r\nContent-Type: application/json\r\n\r\n%s\r\n--xx\r\nContent-Type: text/csv\r\n\r\n' \
        "$(load_job "$@")"
        cat
        printf -- '\r\n--xx--'
    } > body
    cloud_curl POST "$upload?uploadType=multipart" -o answer -w '%{http_code}\n' \
        -H 'Content-Type: multipart/related; boundary=xx' --data-binary @body
}

job() {
    ask GET "$v2/jobs/$1?location=US" | diff - <(echo 200)
}

fields='{"schema":{"fields":[{"name":"i","type":"INT64"},{"name":"s","type":"STRING"}]}}'

@test "bigquery server: an upload is a job, whose rows are there when it is done" {
    cloud_start
    dataset
    cloud_fault job.load running:2
    printf '1,a\n2,b\n' | upload j1 "$fields" | diff - <(echo 200)
    is '[.status.state, .jobReference.location, .id]' '["RUNNING","US","project:US.j1"]'
    refused 404 notFound GET $v2/datasets/d/tables/t
    job j1
    is .status.state '"RUNNING"'
    job j1
    job j1
    is '[.status, .statistics.load.outputRows, .statistics.load.inputFileBytes]' \
        '[{"state":"DONE"},"2","8"]'
    select_ 'SELECT * FROM d.t ORDER BY i' > rows
    printf '["1","a"]\n["2","b"]\n' | diff - rows
    ask GET $v2/datasets/d/tables/t | diff - <(echo 200)
    is '[.numRows, .schema.fields[0].type, .numBytes]' '["2","INTEGER","22"]'
    printf '1,a\n' | upload j1 "$fields" | diff - <(echo 409)
    is .error.errors[0].reason '"duplicate"'
}

@test "bigquery server: a job's id is given once, in a location" {
    cloud_start
    dataset
    printf '1,a\n' | upload j1 "$fields" | diff - <(echo 200)
    printf '2,b\n' | upload j1 "$fields" | diff - <(echo 409)
    is '[.error.status, .error.message]' '["ALREADY_EXISTS","Already Exists: Job project:US.j1"]'
    ask GET "$v2/jobs/j1" | diff - <(echo 200)
    refused 404 notFound GET "$v2/jobs/j1?location=europe-west1"
    refused 404 notFound GET "$v2/jobs/j2?location=US"
    [ "$(cloud_state '[.tables[].numRows] | add')" = 1 ]
}

@test "bigquery server: a load that fails leaves nothing, and says what is wrong with each row" {
    cloud_start
    table 'i INT64, s STRING'
    printf 'i,s\n1,a\nx,b\n3\n4,"d\ne"\n' | upload j1 '{"skipLeadingRows":1}' | diff - <(echo 200)
    job j1
    is '[.status.state, .status.errorResult.reason, (.status.errors | length)]' '["DONE","invalid",6]'
    jq -r '.status.errors[2:][].message' answer > messages
    diff - messages << 'END'
Error while reading data, error message: Unable to parse; line_number: 3 byte_offset_to_start_of_line: 8 column_index: 0 column_name: "i" column_type: INT64 value: "x"
Error while reading data, error message: CSV table references column position 1, but line contains only 1 columns.; line_number: 4 byte_offset_to_start_of_line: 12
Error while reading data, error message: Missing close quote character (").; line_number: 5 byte_offset_to_start_of_line: 14
Error while reading data, error message: Unexpected quote in an unquoted field; line_number: 6 byte_offset_to_start_of_line: 19
END
    [ "$(select_ 'SELECT COUNT(*) FROM d.t')" = '["0"]' ]
}

@test "bigquery server: maxBadRecords are left out, counted and told" {
    cloud_start
    table 'i INT64, s STRING'
    printf '1,a\nx,b\n3,c\n' | upload j1 '{"maxBadRecords":1}' | diff - <(echo 200)
    job j1
    is '[.status.errorResult, (.status.errors | length), .statistics.load.outputRows, .statistics.load.badRecords]' \
        '[null,1,"2","1"]'
}

@test "bigquery server: reads CSV as it is told" {
    cloud_start
    table 'i INT64, s STRING, f FLOAT64, n NUMERIC, b BOOL, t TIMESTAMP, d DATE, m TIME, w DATETIME, y BYTES'
    # shellcheck disable=SC2028
    echo '1;"a;""b"";1.5;1.50;true;2024-01-26T01:02:03.5+01:00;2024-1-2;1:2:3;2024-01-02 03:04:05;YWI=' |
        sed 's/"a;""b""/"a;""b"/' |
        upload j1 '{"fieldDelimiter":";"}' | diff - <(echo 200)
    job j1
    is .status '{"state":"DONE"}'
    select_ 'SELECT * FROM d.t' '{"formatOptions":{"useInt64Timestamp":true}}' | diff - <(
        echo '["1","a;\"b","1.5","1.5","true","1706227323500000","2024-01-02","01:02:03","2024-01-02T03:04:05","YWI="]')
}

@test "bigquery server: NULL in CSV is what nullMarker or nullMarkers say" {
    cloud_start
    table 'i INT64, s STRING'
    printf '1,\n' | upload j1 | diff - <(echo 200)
    # shellcheck disable=SC2028
    echo '\N,' | upload j2 '{"nullMarker":"\\N"}' | diff - <(echo 200)
    # shellcheck disable=SC2028
    printf ',\\N\n' | upload j3 '{"nullMarkers":["","\\N"]}' | diff - <(echo 200)
    select_ 'SELECT * FROM d.t' | diff - <(printf '["1",null]\n[null,""]\n[null,null]\n')
    printf ',a\n' | upload j4 '{"nullMarker":"\\N"}' | diff - <(echo 200)
    job j4
    said 'giving up'
}

@test "bigquery server: refuses CSV that BigQuery refuses" {
    cloud_start
    table 's STRING, n NUMERIC, i INT64 NOT NULL'
    local row n=0
    while IFS= read -r row; do
        n=$((n + 1))
        printf '%b\n' "$row" | upload "j$n" > status
        job "j$n"
        is .status.errorResult.reason '"invalid"' || {
            echo "$row"
            return 1
        }
    done << 'END'
a,1,1,1
a,0.0123456789,1
a,100000000000000000000000000000,1
a,1e,1
a,1,9223372036854775808
a,1,1.0
a,1,
"a"b,1,1
a"b,1,1
"a,1,1
\0001,1,1

a,1, 1
END
}

@test "bigquery server: reads JSON by lines" {
    cloud_start
    table 'i INT64 NOT NULL, s STRING, n NUMERIC, b BOOL, j JSON'
    printf '%s\n' '{"i":"9007199254740993","s":"","n":"1.50","b":true,"j":{"a":[1,"x"]}}' '{"i":1}' |
        upload j1 '{"sourceFormat":"NEWLINE_DELIMITED_JSON"}' | diff - <(echo 200)
    select_ 'SELECT * FROM d.t ORDER BY i DESC' | diff - <(
        printf '%s\n' '["9007199254740993","","1.5","true","{\"a\":[1,\"x\"]}"]' '["1",null,null,null,null]')
    local row n=1
    for row in '{"i":"x"}' '{"s":"a"}' '{"i":1,"z":2}' '{"i":1,"i":2}' '{"i":1,"n":1.5}' '{"i":1' '[]' ''; do
        n=$((n + 1))
        echo "$row" | upload "j$n" '{"sourceFormat":"NEWLINE_DELIMITED_JSON"}' > status
        job "j$n"
        is .status.errorResult.reason '"invalid"' || {
            echo "$row"
            return 1
        }
    done
}

@test "bigquery server: loads objects by name and by wildcard, gzip too" {
    cloud_start
    dataset
    printf 'i,s\n1,a\n' | cloud_put in/1.csv
    printf 'i,s\n2,b\n' | gzip | cloud_put in/2.csv
    printf 'i,s\n3,c\n' | cloud_put other
    ask POST $v2/jobs "$(load_job j1 "$(jq -c '. + {sourceUris: ["gs://bucket/in/*"], skipLeadingRows: 1}' <<< "$fields")")" |
        diff - <(echo 200)
    job j1
    is '[.status.state, .statistics.load.inputFiles]' '["DONE","2"]'
    select_ 'SELECT * FROM d.t ORDER BY i' | diff - <(printf '["1","a"]\n["2","b"]\n')
    ask POST $v2/jobs "$(load_job j2 '{"sourceUris": ["gs://bucket/none*"]}')" | diff - <(echo 200)
    job j2
    is .status.errorResult.reason '"notFound"'
    printf 'x,y\n' | cloud_put bad
    ask POST $v2/jobs "$(load_job j3 '{"sourceUris": ["gs://bucket/bad"]}')" | diff - <(echo 200)
    job j3
    is '.status.errors[2].location' '"gs://bucket/bad"'
}

@test "bigquery server: a resumable upload is a job when its last byte is there" {
    cloud_start
    dataset
    cloud_curl POST "$upload?uploadType=resumable" -D head -o answer \
        -H 'Content-Type: application/json' -H 'X-Upload-Content-Type: application/octet-stream' \
        --data-binary "$(load_job j1 "$fields")"
    local session
    session=$(sed -n 's/\r$//; s/^Location: http:..[^/]*//p' head)
    refused 404 notFound GET "$v2/jobs/j1?location=US"
    printf '1,a\n2,b\n' > data
    cloud_curl PUT "$session" -H 'Content-Type: application/octet-stream' \
        -H 'Content-Range: bytes 0-7/8' --data-binary @data -o answer
    is .jobReference.jobId '"j1"'
    select_ 'SELECT COUNT(*) FROM d.t' | diff - <(echo '["2"]')
}

@test "bigquery server: refuses a configuration that is not one" {
    cloud_start
    dataset
    local more
    for more in '{"nullMarkerz":""}' '{"skipLeadingRows":"1"}' '{"sourceFormat":null}' '{"autodetect":true}' \
        '{"nullMarker":"","nullMarkers":[]}' '{"writeDisposition":"APPEND"}' '{"fieldDelimiter":",,"}' \
        '{"sourceUris":["gs://bucket/a"]}' '{"sourceColumnMatch":"NAME"}' '{"quote":","}' \
        '{"schema":{"fields":[{"name":"a b","type":"STRING"}]}}' '{"schema":{"fields":[{"name":"a","type":"TEXT"}]}}' \
        '{"schemaUpdateOptions":["ALLOW_FIELD_ADDITION"],"writeDisposition":"WRITE_EMPTY"}'; do
        printf '1\n' | upload j1 "$more" | diff - <(echo 400) || {
            echo "$more"
            return 1
        }
    done
    refused 400 invalid POST $v2/jobs '{"configuration":{"labels":{"A":"b"},"query":{"query":"SELECT 1","useLegacySql":false}}}'
    refused 400 invalid POST $v2/jobs '{"configuration":{"query":{"query":"SELECT 1"}}}'
    refused 403 accessDenied GET /bigquery/v2/projects/other/datasets
}

@test "bigquery server: dispositions append, empty, replace with the schema, or refuse" {
    cloud_start
    dataset
    one() {
        printf '%s\n' "$2" | upload "$1" "$3" > status
        job "$1"
    }
    one j0 1,a "$(jq -c '. + {createDisposition: "CREATE_NEVER"}' <<< "$fields")"
    is .status.errorResult.reason '"notFound"'
    one j1 1,a "$fields"
    one j2 2,b "$fields"
    [ "$(select_ 'SELECT COUNT(*) FROM d.t')" = '["2"]' ]
    one j3 3,c '{"writeDisposition":"WRITE_EMPTY"}'
    is .status.errorResult.reason '"duplicate"'
    one j4 1,a,x '{"schema":{"fields":[{"name":"i","type":"INT64"},{"name":"s","type":"STRING"},{"name":"z","type":"STRING"}]}}'
    said 'Cannot add fields (field: z)'
    one j5 x '{"schema":{"fields":[{"name":"i","type":"STRING"}]}}'
    said 'has changed type from INT64 to STRING'
    one j6 1,a,x '{"schemaUpdateOptions":["ALLOW_FIELD_ADDITION"],"schema":{"fields":[{"name":"i","type":"INT64"},{"name":"s","type":"STRING"},{"name":"z","type":"STRING"}]}}'
    [ "$(select_ 'SELECT COUNT(*), COUNT(z) FROM d.t')" = '["3","1"]' ]
    one j7 4 '{"writeDisposition":"WRITE_TRUNCATE_DATA","schema":{"fields":[{"name":"i","type":"INT64"}]}}'
    [ "$(select_ 'SELECT * FROM d.t')" = '["4",null,null]' ]
    one j8 y '{"writeDisposition":"WRITE_TRUNCATE","schema":{"fields":[{"name":"s","type":"STRING"}]}}'
    [ "$(select_ 'SELECT * FROM d.t')" = '["y"]' ]
    one j9 z '{"timePartitioning":{"type":"DAY"}}'
    said 'Incompatible table partitioning'
}

@test "bigquery server: tables are made, shown, listed, expire and are deleted" {
    cloud_start
    dataset
    refused 409 duplicate POST $v2/datasets '{"datasetReference":{"datasetId":"d","projectId":"project"}}'
    make_table() {
        jq -cn --arg t "$1" --argjson more "${2:-{\}}" '{tableReference: {projectId: "project", datasetId: "d", tableId: $t},
            schema: {fields: [{name: "at", type: "TIMESTAMP", mode: "REQUIRED", description: "when"}, {name: "s", type: "STRING"}]}} + $more'
    }
    ask POST $v2/datasets/d/tables "$(make_table a '{"timePartitioning":{"type":"DAY","field":"at"},"clustering":{"fields":["s"]}}')" |
        diff - <(echo 200)
    is '[.timePartitioning.field, .clustering.fields[0], .numRows, .numBytes, .schema.fields[0].mode, .type]' \
        '["at","s","0","0","REQUIRED","TABLE"]'
    jq -r '.creationTime, .lastModifiedTime, .etag' answer | grep -c . | diff - <(echo 3)
    refused 409 duplicate POST $v2/datasets/d/tables "$(make_table a)"
    refused 400 invalid POST $v2/datasets/d/tables "$(make_table b '{"timePartitioning":{"type":"DAY","field":"s"}}')"
    refused 400 invalid POST $v2/datasets/d/tables "$(make_table b '{"clustering":{"fields":["z"]}}')"
    refused 400 invalid POST $v2/datasets/d/tables "$(make_table b '{"expirationTime":"1000"}')"
    ask POST $v2/datasets/d/tables "$(make_table b "{\"expirationTime\":\"$(($(date +%s%3N) + 2500))\"}")" | diff - <(echo 200)
    ask GET "$v2/datasets/d/tables?maxResults=1" | diff - <(echo 200)
    is '[.tables[0].tableReference.tableId, .totalItems]' '["a",2]'
    ask GET "$v2/datasets/d/tables?pageToken=$(jq -r .nextPageToken answer)" | diff - <(echo 200)
    is '[.tables[].tableReference.tableId]' '["b"]'
    sleep 2.6
    refused 404 notFound GET $v2/datasets/d/tables/b
    ask DELETE $v2/datasets/d/tables/a | diff - <(echo 204)
    refused 404 notFound DELETE $v2/datasets/d/tables/a
}

@test "bigquery server: answers with each type as the service spells it" {
    cloud_start
    select_ "SELECT 9007199254740993 AS i, 1.5, CAST('nan' AS FLOAT64), CAST('-inf' AS FLOAT64), TRUE, b'ab', NUMERIC '1.50',
        DATE '2024-01-02', TIME '01:02:03', DATETIME '2024-01-02 03:04:05.5', TIMESTAMP '2024-01-15 13:30:00Z', NULL,
        [1, 2], STRUCT(1 AS a, 'x' AS b), 'é', 1 AS i" > rows
    diff - rows << 'END'
["9007199254740993","1.5","NaN","-Infinity","true","YWI=","1.5","2024-01-02","01:02:03","2024-01-02T03:04:05.500000","1.705325400000000E9",null,[{"v":"1"},{"v":"2"}],{"f":[{"v":"1"},{"v":"x"}]},"é","1"]
END
    is '[.schema.fields[0, 1, 12, 13, 15] | .name + " " + .type + " " + .mode]' \
        '["i INTEGER NULLABLE","f0_ FLOAT NULLABLE","f11_ INTEGER REPEATED","f12_ RECORD NULLABLE","i_1 INTEGER NULLABLE"]'
    select_ "SELECT TIMESTAMP '2024-01-15 13:30:00.000001Z'" '{"formatOptions":{"timestampOutputFormat":"ISO8601_STRING"}}' |
        diff - <(echo '["2024-01-15T13:30:00.000001Z"]')
}

@test "bigquery server: a repeated requestId is the same job" {
    cloud_start
    table 'i INT64'
    select_ 'INSERT INTO d.t (i) VALUES (1)' '{"requestId":"a"}'
    select_ 'INSERT INTO d.t (i) VALUES (1)' '{"requestId":"a"}'
    is .numDmlAffectedRows '"1"'
    [ "$(select_ 'SELECT COUNT(*) FROM d.t')" = '["1"]' ]
    query 'SELECT 1' '{"requestId":"a"}' | diff - <(echo 400)
}

@test "bigquery server: parameters have names and types" {
    cloud_start
    select_ 'SELECT @a + 1, @b, @c' '{"parameterMode":"NAMED","queryParameters":[
        {"name":"a","parameterType":{"type":"INT64"},"parameterValue":{"value":"41"}},
        {"name":"b","parameterType":{"type":"STRING"},"parameterValue":{}},
        {"name":"c","parameterType":{"type":"NUMERIC"},"parameterValue":{"value":"1.10"}}]}' |
        diff - <(echo '["42",null,"1.1"]')
    query 'SELECT @z' | diff - <(echo 400)
    said "Query parameter 'z' not found at [1:8]"
    query 'SELECT @a' '{"parameterMode":"NAMED","queryParameters":[
        {"name":"a","parameterType":{"type":"INT64"},"parameterValue":{"value":"x"}}]}' | diff - <(echo 400)
}

@test "bigquery server: results come in pages, empty ones too" {
    cloud_start
    cloud_fault jobs.getQueryResults empty-page
    query 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 5)) AS n ORDER BY n' '{"maxResults":2}' | diff - <(echo 200)
    is '[.totalRows, .jobComplete, [.rows[].f[0].v]]' '["5",true,["1","2"]]'
    local path token rows=
    path=$v2/queries/$(jq -r .jobReference.jobId answer)
    while token=$(jq -r '.pageToken // empty' answer) && [ -n "$token" ]; do
        ask GET "$path?location=US&maxResults=2&pageToken=$token" | diff - <(echo 200)
        rows+=$(jq -c '[.rows[]?.f[0].v]' answer)
    done
    [ "$rows" = '[]["3","4"]["5"]' ]
    ask GET "$path?location=US&maxResults=0" | diff - <(echo 200)
    is '[.totalRows, .rows, (.pageToken | length > 0)]' '["5",null,true]'
    refused 400 invalid GET "$path?location=US&pageToken=eDox"
}

@test "bigquery server: tabledata.list pages a stored table" {
    cloud_start
    table 'a INT64, b STRING'
    select_ "INSERT INTO d.t (a, b) VALUES (1, 'x'), (2, 'y')"
    ask GET "$v2/datasets/d/tables/t/data?maxResults=1&selectedFields=b" | diff - <(echo 200)
    is '[.totalRows, [.rows[].f[].v]]' '["2",["x"]]'
    ask GET "$v2/datasets/d/tables/t/data?pageToken=$(jq -r .pageToken answer)" | diff - <(echo 200)
    is '[[.rows[].f[].v], .pageToken]' '[["2","y"],null]'
}

@test "bigquery server: a query may not be complete yet, and may fail when it is asked for" {
    cloud_start
    cloud_fault job.query running:2
    query 'SELECT 1' | diff - <(echo 200)
    is '[.jobComplete, .rows]' '[false,null]'
    local path
    path=$v2/queries/$(jq -r .jobReference.jobId answer)
    ask GET "$path?location=US" | diff - <(echo 200)
    is .jobComplete false
    ask GET "$path?location=US" | diff - <(echo 200)
    is '[.jobComplete, .rows[0].f[0].v]' '[true,"1"]'
    cloud_fault '{"op":"job.query","do":["running:1","fail"],"reason":"quotaExceeded","message":"No more"}'
    query 'SELECT 1' | diff - <(echo 200)
    path=$v2/queries/$(jq -r .jobReference.jobId answer)
    refused 403 quotaExceeded GET "$path?location=US"
    said 'No more'
    cloud_fault job.query seconds:0.3
    query 'SELECT 1' '{"timeoutMs":50}' | diff - <(echo 200)
    is .jobComplete false
    path=$v2/queries/$(jq -r .jobReference.jobId answer)
    ask GET "$path?location=US&timeoutMs=5000" | diff - <(echo 200)
    is .jobComplete true
    cloud_struck
}

@test "bigquery server: a dry run tells bytes and schema, and changes nothing" {
    cloud_start
    table 'i INT64, s STRING'
    select_ "INSERT INTO d.t (i, s) VALUES (1, 'abc'), (2, NULL)"
    query 'SELECT i FROM d.t' '{"dryRun":true}' | diff - <(echo 200)
    is '[.totalBytesProcessed, .schema.fields[0].name, .jobReference.jobId]' '["16","i",null]'
    query 'SELECT * FROM d.t' '{"dryRun":true}' | diff - <(echo 200)
    is .totalBytesProcessed '"21"'
    query 'DELETE FROM d.t WHERE TRUE' '{"dryRun":true}' | diff - <(echo 200)
    [ "$(select_ 'SELECT COUNT(*) FROM d.t')" = '["2"]' ]
    query 'SELECT x FROM d.t' '{"dryRun":true}' | diff - <(echo 400)
    is .error.errors[0].reason '"invalidQuery"'
}

@test "bigquery server: bills 10 MB at least, and no more than is allowed" {
    cloud_start
    table 'i INT64'
    select_ 'INSERT INTO d.t (i) VALUES (1)'
    query 'SELECT i FROM d.t' '{"maximumBytesBilled":"10485759"}' | diff - <(echo 400)
    said '10485760 or higher required'
    select_ 'SELECT i FROM d.t' '{"maximumBytesBilled":"10485760"}' | diff - <(echo '["1"]')
    select_ 'SELECT 1' '{"maximumBytesBilled":"0"}' | diff - <(echo '["1"]')
}

@test "bigquery server: a script is one transaction, or nothing of it happened" {
    cloud_start
    table 'i INT64'
    select_ 'BEGIN TRANSACTION; INSERT INTO d.t (i) VALUES (1); SELECT COUNT(*) FROM d.t; COMMIT TRANSACTION' |
        diff - <(echo '["1"]')
    query "BEGIN TRANSACTION; INSERT INTO d.t (i) VALUES (2); ASSERT (SELECT COUNT(*) = 1 FROM d.t) AS 'once'; COMMIT TRANSACTION" |
        diff - <(echo 400)
    said 'Query error: Assertion failed: once'
    query 'BEGIN TRANSACTION; INSERT INTO d.t (i) VALUES (2); INSERT INTO d.t (i) VALUES (3)' | diff - <(echo 200)
    query 'BEGIN TRANSACTION; CREATE TABLE d.u (i INT64); COMMIT TRANSACTION' | diff - <(echo 400)
    query 'CREATE TEMP TABLE x AS SELECT 1 AS i' | diff - <(echo 400)
    select_ 'CREATE TEMP TABLE x AS SELECT 7 AS i; INSERT INTO d.t (i) SELECT i FROM x; SELECT i FROM d.t ORDER BY i' |
        diff - <(printf '["1"]\n["7"]\n')
    select_ 'DECLARE n INT64; DELETE FROM d.t WHERE i = 7; SET n = @@row_count; SELECT n' | diff - <(echo '["1"]')
}

@test "bigquery server: MERGE updates and inserts, or refuses two rows for one" {
    cloud_start
    table 'k INT64, v STRING, n NUMERIC'
    select_ "INSERT INTO d.t (k, v, n) VALUES (1, 'a', 1), (2, 'b', 9), (NULL, 'z', 0)"
    select_ "MERGE d.t AS T USING (SELECT 1 AS k, 'A' AS v, NUMERIC '10' AS n UNION ALL SELECT 2, 'B', 8 UNION ALL SELECT 3, 'C', 1) AS S
        ON T.k = S.k WHEN MATCHED AND S.n > T.n THEN UPDATE SET v = S.v, n = S.n
        WHEN NOT MATCHED THEN INSERT (k, v, n) VALUES (S.k, S.v, S.n)"
    is .numDmlAffectedRows '"2"'
    select_ 'SELECT * FROM d.t ORDER BY k' | diff - <(
        printf '%s\n' '[null,"z","0"]' '["1","A","10"]' '["2","b","9"]' '["3","C","1"]')
    query "MERGE d.t AS T USING (SELECT 1 AS k UNION ALL SELECT 1) AS S ON T.k = S.k WHEN MATCHED THEN UPDATE SET v = 'x'" |
        diff - <(echo 400)
    said 'must match at most one source row'
    select_ "MERGE d.t T USING (SELECT 1 AS k, 'q' AS v, NUMERIC '1' AS n) S ON FALSE
        WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE THEN DELETE"
    select_ 'SELECT * FROM d.t' | diff - <(echo '["1","q","1"]')
}

@test "bigquery server: refuses SQL that BigQuery refuses" {
    cloud_start
    table 'i INT64, s STRING, n NUMERIC, t TIMESTAMP NOT NULL'
    local sql
    while IFS= read -r sql; do
        query "$sql" | diff - <(echo 400) || {
            echo "$sql"
            return 1
        }
        is .error.errors[0].reason '"invalidQuery"'
    done << 'END'
SELEC 1
SELECT 1 FROM
SELECT x FROM d.t
SELECT i FROM d.t WHERE s = 1
SELECT i FROM d.t WHERE i
SELECT i + s FROM d.t
SELECT s, i FROM d.t GROUP BY s
SELECT i AS a FROM d.t WHERE a = 1
SELECT COUNT(*) FROM d.t WHERE COUNT(*) > 1
SELECT i FROM d.t QUALIFY ROW_NUMBER() OVER (ORDER BY i) = 1
SELECT a.i FROM d.t AS a, d.t AS a
SELECT i FROM d.t AS a, d.t AS b
SELECT "unclosed
SELECT 1 / 0
SELECT CAST('x' AS INT64)
SELECT SUBSTR(1, 2)
SELECT NOTHING(1)
SELECT 9223372036854775808
DELETE FROM d.t
INSERT INTO d.t (i) VALUES (1)
INSERT INTO d.t (i, t) VALUES ('a', CURRENT_TIMESTAMP())
INSERT INTO d.t (i, z) VALUES (1, 2)
SELECT * FROM t
SELECT (SELECT i, s FROM d.t)
SELECT i FROM d.t UNION ALL SELECT s FROM d.t
SELECT i FROM d.t UNION SELECT i FROM d.t
COMMIT TRANSACTION
END
    query 'SELECT * FROM d.z' | diff - <(echo 404)
    query 'SELECT * FROM z.t' | diff - <(echo 404)
}

@test "bigquery server: a job that is cancelled stops" {
    cloud_start
    cloud_fault job.query running
    ask POST $v2/jobs '{"jobReference":{"jobId":"j1"},"configuration":{"query":{"query":"SELECT 1","useLegacySql":false}}}' |
        diff - <(echo 200)
    job j1
    is .status.state '"RUNNING"'
    ask POST "$v2/jobs/j1/cancel?location=US" '{}' | diff - <(echo 200)
    job j1
    is '[.status.state, .status.errorResult.reason]' '["DONE","stopped"]'
}

@test "bigquery server: jobs fail and warn as rules say" {
    cloud_start
    table 'i INT64'
    cloud_fault '{"op":"job.load","do":"fail","reason":"backendError","message":"Later","patch":{"errors":[{"reason":"backendError","message":"More"}]}}'
    cloud_fault '{"op":"job.load","nth":2,"do":"patch","patch":{"status":{"errors":[{"reason":"invalid","message":"A warning"}]}}}'
    printf '1\n' | upload j1 | diff - <(echo 200)
    job j1
    is '[.status.errorResult.reason, [.status.errors[].message]]' '["backendError",["Later","More"]]'
    printf '1\n' | upload j2 | diff - <(echo 200)
    job j2
    is '[.status.errorResult, .status.errors[0].message]' '[null,"A warning"]'
    [ "$(select_ 'SELECT COUNT(*) FROM d.t')" = '["1"]' ]
    cloud_struck
}

@test "bigquery server: the rows of a table that is made up come page by page" {
    cloud_start --made-up big.t=1000003 --rows 100000
    query 'SELECT * FROM big.t' '{"formatOptions":{"useInt64Timestamp":true}}' | diff - <(echo 200)
    is '[.totalRows, (.rows | length), .rows[-1].f[3].v]' '["1000003",100000,"row 99999"]'
    query 'SELECT n FROM big.t' | diff - <(echo 400)
}
