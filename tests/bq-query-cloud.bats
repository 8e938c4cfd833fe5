# Queries on BigQuery, played by tests/servers/cloud.py. The programs are those
# that pause for milliseconds between attempts; see lib/hook.h.
load helper
load cloud

PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
export SLUICE_WAREHOUSE=bigquery:project SLUICE_TEST_PAUSE=5 SLUICE_TEST_WAIT=100

# Makes dataset $1, in location $2.
dataset() {
    cloud_curl POST /bigquery/v2/projects/project/datasets --fail-with-body \
        -H 'Content-Type: application/json' > answer -d '{"location": "'"${2:-US}"'",
        "datasetReference": {"projectId": "project", "datasetId": "'"$1"'"}}'
}

# Runs SQL that makes or fills tables.
script() {
    jq -n --arg sql "$1" '{query: $sql, useLegacySql: false}' > script.json
    cloud_curl POST /bigquery/v2/projects/project/queries --fail-with-body \
        -H 'Content-Type: application/json' --data-binary @script.json > answer || {
        cat answer
        return 1
    }
}

# A table d.t of five rows.
five() {
    dataset d
    script 'CREATE TABLE d.t (n INT64, s STRING)'
    script "INSERT INTO d.t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')"
    cloud_forget
}
all='SELECT n, s FROM d.t ORDER BY n'
rows=$'n,s\n1,a\n2,b\n3,c\n4,d\n5,e\n'

# The configuration of the last job that was begun.
last_job() {
    cloud_state ".jobs[-1].configuration | $1"
}

@test "bq-query: on BigQuery prints what it prints on SQLite" {
    cloud_start
    dataset d
    cat > schema.json << '.'
{"fields": [{"name": "i", "type": "integer"}, {"name": "f", "type": "number"},
    {"name": "d", "type": "number", "bq:type": "NUMERIC"}, {"name": "b", "type": "boolean"},
    {"name": "t", "type": "datetime"}, {"name": "y", "type": "date"}, {"name": "s", "type": "string"}]}
.
    cat > rows.csv << '.'
i,f,d,b,t,y,s
9223372036854775807,1,1.50,true,2024-01-01T00:00:00Z,2024-01-01,"a,""b"""
-9223372036854775807,0.1,12345678901234567890.123456789,false,1969-12-31T23:59:59.999999Z,9999-12-31,é
,1e300,-0.000000001,,0001-01-01T00:00:00Z,,""
3,-2.5e-7,0,,,,
.
    sql='SELECT * FROM d.t ORDER BY i'
    bq-load -w sqlite:wh -s schema.json d.t < rows.csv > receipt
    bq-query -w sqlite:wh "$sql" > want
    script 'CREATE TABLE d.t (i INT64, f FLOAT64, d NUMERIC, b BOOL, t TIMESTAMP, y DATE, s STRING)'
    script "INSERT INTO d.t VALUES (9223372036854775807, 1.0, NUMERIC '1.50', TRUE, TIMESTAMP '2024-01-01 00:00:00+00', DATE '2024-01-01', 'a,\"b\"'),
        (-9223372036854775807, 0.1, NUMERIC '12345678901234567890.123456789', FALSE, TIMESTAMP '1969-12-31 23:59:59.999999+00', DATE '9999-12-31', 'é'),
        (NULL, 1e300, NUMERIC '-0.000000001', NULL, TIMESTAMP '0001-01-01 00:00:00+00', NULL, ''),
        (3, -2.5e-7, NUMERIC '0', NULL, NULL, NULL, NULL)"
    bq-query "$sql" > out
    diff -u want out
}

@test "bq-query: asks in GoogleSQL, under a request id, for whole microseconds, within a limit" {
    cloud_start
    five
    bq-query "$all" > out
    file_is out "$rows"
    cloud_did 'jobs.insert 200' 'jobs.query 200'
    [ "$(last_job '[.query.useLegacySql, .query.maximumBytesBilled, .query.defaultDataset] | tojson')" = \
        '[false,"107374182400",null]' ]
    bq-query -M 1G -l team=data -l cost=a_b-1 "$all" > out
    [ "$(last_job '[.query.maximumBytesBilled, .labels] | tojson')" = \
        '["1073741824",{"team":"data","cost":"a_b-1"}]' ]
    bq-query -M any "$all" > out
    [ "$(last_job '.query.maximumBytesBilled')" = null ]
}

@test "bq-query: sends parameters with their types, and pastes nothing" {
    cloud_start
    bq-query -p a="'; DROP" -p i:INT64=+5 -p d:NUMERIC=1.50 -p b:BOOL=true -p f:FLOAT64=1e3 \
        -p t:TIMESTAMP=2024-01-26 'SELECT @a AS a, @i AS i, @d AS d, @b AS b, @f AS f, @t AS t' > out
    file_is out $'a,i,d,b,f,t\n\'; DROP,5,1.5,true,1000.0,2024-01-26T00:00:00.000000Z\n'
    [ "$(last_job '[.query.parameterMode, .query.queryParameters[1]] | tojson')" = \
        '["NAMED",{"name":"i","parameterType":{"type":"INT64"},"parameterValue":{"value":"5"}}]' ]
}

# Fails unless the query is refused with the message, without a request.
refused() {
    local message=$1
    shift
    cloud_forget
    run -2 --separate-stderr bq-query "$@"
    stderr_is "bq-query: query: $message"
    [ "$(cloud_log length)" = 0 ]
}

@test "bq-query: on BigQuery wants every parameter, and no other" {
    cloud_start
    refused 'parameter @a is not given' 'SELECT @a'
    refused 'parameter @b does not stand in the query' -p a=1 -p b=2 "SELECT @a, '@b' -- @b"
    refused 'parameter ?: only @NAME is one' 'SELECT ?'
    refused 'parameter @a: out of range' -p a:FLOAT64=1e999 'SELECT @a'
}

@test "bq-query: on BigQuery can only read" {
    cloud_start
    five
    read='a query can only read: one SELECT'
    refused "$read" 'CREATE TABLE d.u (a INT64)'
    refused "$read" '/* SELECT */ DELETE FROM d.t WHERE TRUE'
    refused "$read" 'BEGIN SELECT 1; END'
    refused 'more than one statement' "SELECT '\\''; DROP TABLE d.t"
    refused 'no statement' -- '-- SELECT 1'
    # what it cannot tell itself the service tells, before it is run
    cloud_fault '{"op": "jobs.insert", "do": "patch",
        "patch": {"statistics": {"query": {"statementType": "INSERT"}}}}'
    run -2 --separate-stderr bq-query 'FROM d.t |> INSERT INTO d.u'
    cloud_fault '{"op": "jobs.insert", "do": "patch",
        "patch": {"statistics": {"query": {"statementType": "INSERT"}}}}'
    cloud_forget
    run -2 --separate-stderr bq-query "$all"
    stderr_is "bq-query: query: $read, not INSERT"
    cloud_did 'jobs.insert 200'
}

@test "bq-query: says what is wrong with the SQL as the service does, with the file's name" {
    cloud_start
    run -2 --separate-stderr bq-query 'SELECT x FROM nosuch.t'
    [[ $stderr == 'bq-query: query: HTTP 404: notFound: Not found: '* ]]
    echo 'SELEKT 1' > x.sql
    run -2 --separate-stderr bq-query -f x.sql
    stderr_is 'bq-query: x.sql: a query can only read: one SELECT'
    echo 'SELECT FROM' > x.sql
    run -2 --separate-stderr bq-query -f x.sql
    [[ $stderr == 'bq-query: x.sql: HTTP 400: invalidQuery: '* ]]
    [ -z "$output" ]
}

@test "bq-query: -d prints bytes and price, and runs nothing" {
    cloud_start --made-up big.t=100000000000
    bq-query -d 'SELECT * FROM big.t' > out
    bytes=$(jq .bytes out)
    [ "$bytes" -gt 1000000000000 ]
    [ "$(jq -c '[.warehouse, .usd_per_tib, .price_since]' out)" = '["bigquery:project",6.25,"2023-07-05"]' ]
    jq -e ".usd - $bytes / 1099511627776 * 6.25 | fabs < 1e-9" out
    bq-query -d -P 5 'SELECT * FROM big.t' > out
    jq -e ".usd - $bytes / 1099511627776 * 5 | fabs < 1e-9" out
    [ "$(jq -c .price_since out)" = null ]
    cloud_did 'jobs.insert 200' 'jobs.insert 200'
    [ "$(cloud_state '.jobs | length')" = 0 ]
    mkdir wh
    bq-query -d -w sqlite:wh 'SELECT 1' > out
    file_is out $'{"warehouse": "sqlite:wh", "bytes": null, "usd": null}\n'
    run -2 --separate-stderr bq-query -d -w sqlite:wh 'SELECT'
}

@test "bq-query: refuses to read more than 100 GiB unless told, before it is billed" {
    cloud_start --made-up big.t=100000000000
    run -2 --separate-stderr bq-query 'SELECT * FROM big.t'
    stderr_is 'bq-query: query: it would read 2.9 TiB (3200000000000 bytes), more than the 100.0 GiB allowed; a larger --max-bytes allows it'
    run -2 --separate-stderr bq-query -M 2T 'SELECT * FROM big.t'
    [[ $stderr == *'more than the 2.0 TiB allowed'* ]]
    cloud_did 'jobs.insert 200' 'jobs.insert 200'
    for size in 3T any; do
        bq-query -M $size 'SELECT * FROM big.t' | head -n 2 > out || [ $? = 141 ]
        file_is out $'n,at,amount,name\n0,1970-01-01T00:00:00.000000Z,0.25,row 0\n'
    done
}

@test "bq-query: the service holds the same limit, whatever the dry run said" {
    cloud_start --made-up big.t=1000000
    cloud_fault '{"op": "jobs.insert", "do": "patch",
        "patch": {"statistics": {"query": {"totalBytesProcessed": "0"}}}}'
    run -2 --separate-stderr bq-query -M 1M 'SELECT * FROM big.t'
    [[ $stderr == 'bq-query: query: HTTP 4'*': bytesBilledLimitExceeded: '* ]]
    cloud_did 'jobs.insert 200' 'jobs.query 400'
}

@test "bq-query: wants labels, sizes and prices that are some" {
    cloud_start
    for label in A=b 1=b =b a=B a a=b=c "a=$(printf '%064d' 1)"; do
        run -2 --separate-stderr bq-query -l "$label" 'SELECT 1'
        stderr_is "bq-query: -l: '$label' is not KEY=VALUE of lower case letters, digits, _ and -, a letter first, at most 63 each"
    done
    run -2 --separate-stderr bq-query -M 1X 'SELECT 1'
    stderr_is "bq-query: -M: '1X' is not a size such as 256M"
    run -2 --separate-stderr bq-query -P -1 'SELECT 1'
    stderr_is "bq-query: -P: '-1' is not a price"
}

@test "bq-query: waits for a job that takes long, and asks for its result once it is done" {
    cloud_start
    five
    cloud_fault '{"op": "job.query", "do": "seconds:1"}'
    bq-query "$all" > out
    file_is out "$rows"
    cloud_log '.[] | .op' | uniq | diff - <(printf '%s\n' jobs.insert jobs.query jobs.getQueryResults)
    [ "$(cloud_state '.jobs | length')" = 3 ]
}

@test "bq-query: is patient with an answer that is slow to come" {
    cloud_start
    five
    cloud_fault jobs.query stall:3
    bq-query "$all" > out
    file_is out "$rows"
    cloud_did 'jobs.insert 200' 'jobs.query 200'
}

@test "bq-query: follows pages to the last token, also when a page has no rows" {
    cloud_start --rows 2
    five
    cloud_fault jobs.query empty-page
    cloud_fault jobs.getQueryResults empty-page 2 2
    bq-query "$all" > out
    file_is out "$rows"
    [ "$(cloud_log '[.[] | select(.op == "jobs.getQueryResults")] | length')" = 5 ]
    cloud_struck
}

@test "bq-query: a result without rows has a header" {
    cloud_start
    five
    bq-query 'SELECT n, s FROM d.t WHERE n > 5' > out
    file_is out $'n,s\n'
}

@test "bq-query: repeats a page that broke off, and prints no row twice" {
    cloud_start --rows 2
    five
    for fault in truncate:-40 truncate:300 drop-before drop-after reset-after 503 500 502 429; do
        cloud_fault jobs.getQueryResults $fault
        bq-query "$all" > out
        file_is out "$rows"
        cloud_struck
    done
    for fault in truncate:-40 drop-before drop-after reset-after 503 after:503 429; do
        cloud_fault jobs.query $fault
        cloud_fault jobs.insert $fault
        bq-query "$all" > out
        file_is out "$rows"
        cloud_struck
    done
}

@test "bq-query: a query is run once, however often it is sent" {
    cloud_start
    five
    before=$(cloud_state '.jobs | length')
    cloud_fault jobs.query drop-after 1 2
    bq-query "$all" > out
    file_is out "$rows"
    [ "$(cloud_state '.jobs | length')" = $((before + 1)) ]
    cloud_did 'jobs.insert 200' 'jobs.query null' 'jobs.query null' 'jobs.query 200'
}

@test "bq-query: an access that is denied is not asked for again, a rate limit is" {
    cloud_start
    five
    cloud_fault '{"op": "jobs.query", "do": "403", "reason": "accessDenied", "message": "no"}'
    cloud_forget
    run -2 --separate-stderr bq-query "$all"
    stderr_is 'bq-query: query: HTTP 403: accessDenied: no'
    cloud_did 'jobs.insert 200' 'jobs.query 403'
    cloud_fault '{"op": "jobs.query", "do": "403", "reason": "quotaExceeded", "message": "no"}'
    run -2 --separate-stderr bq-query "$all"
    cloud_fault '{"op": "jobs.query", "do": "403", "reason": "rateLimitExceeded"}'
    cloud_forget
    bq-query "$all" > out
    file_is out "$rows"
    cloud_did 'jobs.insert 200' 'jobs.query 403' 'jobs.query 200'
}

@test "bq-query: a job that fails while it is waited for says all that is wrong, and its id" {
    cloud_start
    five
    cloud_fault '{"op": "job.query", "do": ["running:2", "fail"], "reason": "resourcesExceeded",
        "message": "too much", "patch": {"errors": [{"reason": "resourcesExceeded", "message": "too much"},
        {"reason": "invalid", "location": "d.t", "message": "row 7"}]}}'
    run -2 --separate-stderr bq-query "$all"
    [ -z "$output" ]
    id=$(cloud_state '.jobs[-1].jobReference.jobId')
    [[ $stderr == "bq-query: query: "*"resourcesExceeded: too much"*"invalid: d.t: row 7"*" (job project:US.$id)" ]]
    cloud_log '.[] | .op' | tail -n 1 | diff - <(echo jobs.get)
}

@test "bq-query: warnings of a query that is done are told, each of them" {
    cloud_start
    five
    cloud_fault '{"op": "jobs.query", "do": "patch", "patch": {"errors": [
        {"reason": "w1", "message": "first"}, {"location": "d.t", "message": "second"}]}}'
    run -0 --separate-stderr bq-query "$all"
    [ "$output" = "${rows%?}" ]
    [ "$stderr" = $'bq-query: w1: first\nbq-query: d.t: second' ]
}

@test "bq-query: a job that failed for what passes may be run again" {
    cloud_start
    five
    cloud_fault '{"op": "job.query", "do": ["running:2", "fail"],
        "reason": "jobBackendError", "message": "later"}'
    run -75 --separate-stderr bq-query "$all"
    [[ $stderr == *'jobBackendError: later'* ]]
}

@test "bq-query: a question that fails is no job that failed: try again, and the job's id" {
    cloud_start
    five
    export SLUICE_RETRY_SECONDS=1
    cloud_fault '{"op": "job.query", "do": "running"}'
    cloud_fault jobs.getQueryResults 503 1 0
    run -75 --separate-stderr bq-query "$all"
    id=$(cloud_state '.jobs[-1].jobReference.jobId')
    [[ ${stderr_lines[-1]} == "bq-query: query: HTTP 503: "*" (job project:US.$id)" ]]
}

@test "bq-query: an error among the pages leaves the rows before it, and no success" {
    cloud_start --rows 2
    five
    cloud_fault '{"op": "jobs.getQueryResults", "do": "400", "nth": 2, "reason": "invalid", "message": "gone"}'
    run -2 --separate-stderr bq-query "$all"
    [ "$output" = $'n,s\n1,a\n2,b\n3,c\n4,d' ]
    [[ $stderr == 'bq-query: HTTP 400: invalid: gone (job project:US.'* ]]
}

@test "bq-query: a result with fewer rows than were told is not whole" {
    cloud_start
    five
    cloud_fault '{"op": "jobs.query", "do": "patch", "patch": {"totalRows": "6"}}'
    run -75 --separate-stderr bq-query "$all"
    stderr_is 'bq-query: the result has 6 rows, but 5 came'
}

@test "bq-query: an answer that is not what it should be is an error" {
    cloud_start
    five
    for patch in '{"schema": null}' '{"schema": {"fields": []}}' '{"rows": [{"f": [{"v": "1"}]}]}' \
        '{"rows": [{"f": [{"v": "x"}, {"v": "y"}]}]}' '{"rows": {"f": 1}}'; do
        cloud_fault '{"op": "jobs.query", "do": "patch", "patch": '"$patch"'}'
        run -2 --separate-stderr bq-query "$all"
        [[ $stderr == *'the answer of BigQuery is not understood: '* ]]
    done
}

# Starts a query whose job does not end, and sends signal $1 to it once the
# server runs the job, and has had as many requests for its result as $2.
interrupt() {
    cloud_fault '{"op": "job.query", "do": "running"}'
    python3 - "$1" "$2" "$all" << '.'
import json, os, signal, subprocess, sys, time, urllib.request
number, count = getattr(signal, sys.argv[1]), int(sys.argv[2])
control = os.environ['BIGQUERY_EMULATOR_HOST'] + '/_control/'
with open('errors', 'w') as errors, open('out', 'w') as out:
    child = subprocess.Popen(['bq-query', sys.argv[3]], stderr=errors, stdout=out,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
end = time.monotonic() + 60
while time.monotonic() < end:
    jobs = json.load(urllib.request.urlopen(control + 'state'))['jobs']
    log = json.load(urllib.request.urlopen(control + 'log'))
    if (any(job['status']['state'] == 'RUNNING' for job in jobs) and
            sum(entry['op'] == 'jobs.getQueryResults' for entry in log) >= count):
        break
    time.sleep(0.02)
child.send_signal(number)
sys.exit(child.wait() != -number)
.
}

@test "bq-query: an interrupt cancels the job, says so, and kills" {
    cloud_start
    five
    for signal in SIGINT SIGTERM; do
        cloud_forget
        interrupt $signal 2
        id=$(cloud_state '.jobs[-1].jobReference.jobId')
        file_is errors "bq-query: interrupted: cancelling job project:US.$id"$'\n'
        file_is out ''
        cloud_log '.[] | .op' | grep -x jobs.cancel
    done
}

@test "bq-query: an interrupt cancels also a job of which the id has not come" {
    cloud_start
    five
    export SLUICE_TEST_WAIT=1000
    interrupt SIGINT 0
    id=$(cloud_state '.jobs[-1].jobReference.jobId')
    file_is errors "bq-query: interrupted: cancelling job project:US.$id"$'\n'
}

@test "bq-query: SLUICE_LOCATION says where, else the datasets do" {
    cloud_start --rows 1
    dataset eu EU
    script 'CREATE TABLE eu.t (n INT64)'
    script 'INSERT INTO eu.t VALUES (1), (2)'
    for location in '' EU; do
        cloud_forget
        SLUICE_LOCATION=$location bq-query 'SELECT n FROM eu.t ORDER BY n' > out
        file_is out $'n\n1\n2\n'
        cloud_log '.[] | select(.op == "jobs.getQueryResults") | .target' | grep 'location=EU$'
    done
    SLUICE_LOCATION=US run -2 --separate-stderr bq-query 'SELECT n FROM eu.t'
    [[ $stderr == *notFound* ]]
    SLUICE_LOCATION='a&b' run -2 --separate-stderr bq-query 'SELECT 1'
    stderr_is "bq-query: SLUICE_LOCATION: 'a&b' is no location"
}

@test "bq-query: holds no more of a longer result" {
    ! grep -q __asan_init "$(command -v bq-query)" || skip 'the sanitizer takes memory of its own'
    cloud_start --made-up few.t=200000 --made-up many.t=1000000
    for table in few many; do
        python3 - "SELECT * FROM $table.t" > $table << '.'
import resource, subprocess, sys
subprocess.run(['bq-query', sys.argv[1]], stdout=open('out', 'w'), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
.
    done
    [ "$(wc -l < out)" = 1000001 ]
    [ "$(tail -n 1 out)" = '999999,1970-01-12T13:46:39.000000Z,999999.25,row 999999' ]
    echo "$(cat few) KiB for 200,000 rows, $(cat many) KiB for 1,000,000"
    [ "$(cat many)" -lt 32768 ]
    [ $(($(cat many) - $(cat few))) -lt 2048 ]
}

@test "bq-query: no token is in what -v tells" {
    cloud_start
    five
    bq-query -v "$all" > out 2> trace
    file_is out "$rows"
    grep -F 'POST /bigquery/v2/projects/project/queries' trace
    grep -F 'Authorization: [hidden]' trace
    run ! grep -F "$cloud_token" trace
}

@test "bq-query: wants a project" {
    for project in '' 'a b' 'a/b' 'a`b'; do
        run -2 --separate-stderr bq-query -w "bigquery:$project" 'SELECT 1'
        stderr_is "bq-query: bigquery:$project: not a warehouse like bigquery:PROJECT"
    done
}
