# What BigQuery may do to bq-load and bq-query, one thing at a time. Each line of
# the table that is printed in the end: the fault; the exit status, requests and
# jobs of the command under it and the rows there were then; and the exit status
# of the same command again and the rows there are in the end.
load helper
load cloud

setup_file() {
    printf '%-58s %s\n' fault 'exit requests jobs rows | exit rows' > "$BATS_FILE_TMPDIR/table"
}

teardown_file() {
    sed 's/^/# /' "$BATS_FILE_TMPDIR/table" >&3
}

v2=/bigquery/v2/projects/project
transient='503 after:503 drop-before drop-after truncate:40'

# A server, with $page rows in a page, fast pauses, and a load of three rows.
begin() {
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    export SLUICE_TEST_SECOND=5 SLUICE_TEST_PAUSE=5 SLUICE_RETRY_SECONDS=30
    cloud_start --rows "${page:-50000}"
    export SLUICE_WAREHOUSE=bigquery:project
    echo '[{"name":"k","type":"INT64"},{"name":"v","type":"STRING"}]' > fields.json
    printf 'k,v\n1,a\n2,\n3,"c\nd"\n' > in.csv
    printf 'k,v\n1,old\n9,z\n' > before.csv
    bad=0
}

# The load of mode $1.
load_rows() {
    case $1 in
    append) bq-load -s fields.json d.t < in.csv ;;
    replace) bq-load -s fields.json -m replace d.t < in.csv ;;
    merge) bq-load -s fields.json -m merge -k k -n v d.t < in.csv ;;
    esac
}

# As after the start, but for what a merge or a replacement finds there.
fresh() {
    cloud_curl POST /_control/reset > answer
    [ "$1" = append ] || bq-load -s fields.json d.t < before.csv > answer
    cloud_forget
}

# The rows of the table d.t, of which there may be none, in one line.
rows() {
    cloud_curl GET "$v2/datasets/d/tables/t/data" > answer
    jq -rj '[.rows[]? | (.f | map(.v // "NULL") | join("="))] | sort | join(" ")' answer |
        tr '\n' '~'
}

# What the table holds when the load of the mode is done once.
whole() {
    case $1 in
    append | replace) echo '1=a 2=NULL 3=c~d' ;;
    merge) echo '1=old 2=NULL 3=c~d 9=z' ;;
    esac
}

# How many loads the ledger has that count.
loads() {
    cloud_curl POST "$v2/queries" -H 'Content-Type: application/json' --data-binary \
        '{"query":"SELECT COUNT(*) FROM d._loads WHERE status = 0","useLegacySql":false}' > answer
    jq -r '.rows[0].f[0].v // 0' answer
}

# Notes what is not as it should be, with all there is to know about it.
wrong() {
    bad=$((bad + 1))
    {
        echo "$name: $*"
        cat out err
        cloud_log '.[] | "    \(.op) \(.status) \(.faults | join(","))"' | tail -25
    } >> complaints
}

# One fault: the load of mode $1 has exit status $2 under the rule $3;
# the same command again does the rest, and everything is there once.
fault() {
    local mode=$1 want=$2 rule=$3 says=${5:-} status again held
    name="bq-load $mode: ${4:-$(jq -r '"\(.op) \(.do | join("+")) \(.reason // "")"' <<< "$rule")}"
    fresh "$mode"
    cloud_fault "$rule"
    status=0 && load_rows "$mode" > out 2> err || status=$?
    [ "$status" = "$want" ] || wrong "exit status $status, not $want"
    [ -z "$says" ] || grep -q -- "$says" err || wrong "does not say $says"
    local requests jobs
    requests=$(cloud_log length)
    jobs=$(cloud_state '.jobs | length')
    held=$(rows)
    [ "$status" != 0 ] || [ "$held" = "$(whole "$mode")" ] || wrong "rows are $held"
    [ "$status" = 0 ] || [ "$mode" = replace ] || [ "$held" != "$(whole "$mode")" ] || [ "$status" = 75 ] ||
        wrong 'rows are there, and it says that it failed'
    cloud_struck > struck || wrong 'the fault did not strike'
    again=0 && load_rows "$mode" > out 2> err || again=$?
    [ "$again" = 0 ] || wrong "exit status $again when repeated"
    [ "$(rows)" = "$(whole "$mode")" ] || wrong "rows are $(rows) in the end"
    [ "$(loads)" = "$([ "$mode" = append ] && echo 1 || echo 2)" ] || wrong "the ledger has $(loads)"
    printf '%-58.58s %4s %8s %4s %4s | %4s %4s\n' "$name" "$status" "$requests" "$jobs" \
        "$(wc -w <<< "$held")" "$again" "$(rows | wc -w)" >> "$BATS_FILE_TMPDIR/table"
}

done_well() {
    [ "$bad" = 0 ] || {
        cat complaints
        return 1
    }
}

# A rule: rule OP DO [MEMBERS]; "script" is the job that moves the rows.
rule() {
    jq -cn --arg op "$1" --arg what "$2" --argjson more "${3:-{\}}" '{op: $op, do: ($what | split("+"))} + $more |
        if .op == "script" then .op = "job.query" | .match = "BEGIN TRANSACTION" else . end'
}

@test "bq-load: what passes is repeated, and every row is there once" {
    begin
    local op what
    for op in tables.get datasets.get datasets.insert tables.insert jobs.get jobs.insert.upload jobs.insert jobs.query; do
        for what in $transient; do
            fault append 0 "$(rule "$op" "$what")"
        done
    done
    for what in 429 reset-after drop-body:10; do
        fault append 0 "$(rule jobs.insert.upload "$what")"
    done
    for op in jobs.insert.upload jobs.insert jobs.get; do
        for what in 503 after:503 drop-after; do
            fault merge 0 "$(rule "$op" "$what")"
            fault replace 0 "$(rule "$op" "$what")"
        done
    done
    done_well
}

@test "bq-load: what goes on for a while is waited for" {
    begin
    local op
    for op in tables.insert jobs.get jobs.insert.upload jobs.insert; do
        fault append 0 "$(rule "$op" 503 '{"times":4}')"
        fault append 0 "$(rule "$op" drop-before '{"times":4}')"
        fault append 0 "$(rule "$op" 403 '{"times":2,"reason":"rateLimitExceeded"}')"
        fault append 0 "$(rule "$op" 503 '{"times":2,"body":"html"}')" "$op 503 in HTML"
        fault append 0 "$(rule "$op" 502 '{"times":2,"body":"empty"}')" "$op 502 empty"
        fault append 0 "$(rule "$op" 503 '{"times":2,"body":"cut"}')" "$op 503 cut"
    done
    done_well
}

@test "bq-load: Retry-After is the least that is waited" {
    begin
    local after start
    for after in 1 '"date:2"'; do
        start=$(date +%s%3N)
        fault append 0 "$(rule jobs.insert 503 "{\"retry_after\":$after}")" "jobs.insert 503 Retry-After $after"
        [ $(($(date +%s%3N) - start)) -ge 1000 ] || wrong 'was not waited for'
    done
    done_well
}

@test "bq-load: what does not pass is not repeated" {
    begin
    local op reason
    for op in tables.get tables.insert jobs.get jobs.insert.upload jobs.insert; do
        for reason in accessDenied quotaExceeded billingNotEnabled; do
            fault append 2 "$(rule "$op" 403 "{\"times\":0,\"reason\":\"$reason\"}")" '' "$reason"
        done
        fault append 2 "$(rule "$op" 400 '{"times":0}')"
    done
    done_well
}

@test "bq-load: a job may be pending and running for as long as it likes" {
    begin
    local job
    for job in job.load script; do
        fault append 0 "$(rule "$job" pending:3+running:3)"
        fault append 0 "$(rule "$job" running:25)"
        fault append 0 "$(rule "$job" seconds:0.2)"
        fault merge 0 "$(rule "$job" pending:2)"
    done
    done_well
}

@test "bq-load: a job that fails for a reason that passes is done under the next id" {
    begin
    local job reason
    for job in job.load script; do
        for reason in backendError internalError rateLimitExceeded jobBackendError jobInternalError jobRateLimitExceeded; do
            fault append 0 "$(rule "$job" fail "{\"reason\":\"$reason\"}")"
        done
        fault append 0 "$(rule "$job" running:2+fail '{"reason":"backendError","times":3}')"
        fault append 75 "$(rule "$job" fail '{"reason":"backendError","times":0}')" "$job fails for ever"
    done
    done_well
}

@test "bq-load: a transaction that another one broke is done again" {
    begin
    fault append 0 "$(rule script fail '{"reason":"invalidQuery","message":"Query error: Transaction is aborted due to concurrent update against table project:d._loads. Transaction ID: 1 at [5:1]"}')" 'script: concurrent update'
    fault merge 0 "$(rule script fail '{"reason":"invalidQuery","message":"Could not serialize access to table project:d.t due to concurrent update"}')" 'script: cannot serialize'
    done_well
}

@test "bq-load: a job that fails for good is an error, with every line of its errors" {
    begin
    local reason
    for reason in invalid notFound accessDenied quotaExceeded resourcesExceeded; do
        fault append 2 "$(rule job.load fail "{\"reason\":\"$reason\",\"message\":\"M\"}")"
        fault append 2 "$(rule script fail "{\"reason\":\"$reason\",\"message\":\"M\"}")"
    done
    fresh append
    cloud_fault "$(rule job.load fail '{"reason":"invalid","message":"too many errors",
        "patch":{"errors":[{"reason":"invalid","message":"line_number: 2"},{"reason":"invalid","message":"line_number: 3","location":"gs://b/o"}]}}')"
    load_rows append > out 2> err && false
    grep -q 'too many errors' err
    grep -q 'line_number: 2' err
    grep -q 'line_number: 3.*gs://b/o\|gs://b/o.*line_number: 3' err
    done_well
}

@test "bq-load: warnings of a good job are told, and rows that it left out" {
    begin
    fault append 0 "$(rule job.load patch '{"patch":{"status":{"errors":[{"reason":"invalid","message":"A warning"}]}}}')" 'job.load: a warning'
    fresh append
    cloud_fault "$(rule job.load patch '{"patch":{"status":{"errors":[{"reason":"invalid","message":"A warning"}]}}}')"
    load_rows append > out 2> err
    grep -q 'A warning' err
    fresh append
    cloud_fault "$(rule job.load patch '{"patch":{"statistics":{"load":{"badRecords":"1"}}}}')"
    load_rows append > out 2> err || true
    grep -q 'bad record' err
    fresh append
    cloud_fault "$(rule job.load patch '{"patch":{"statistics":{"load":{"outputRows":"2"}}}}')"
    load_rows append > out 2> err && false
    [ "$(rows)" = '' ]
    done_well
}

@test "bq-load: a job that is there already is adopted, also if it is not seen at once" {
    begin
    local op what
    for op in jobs.insert.upload jobs.insert; do
        for what in drop-after after:503; do
            fresh append
            cloud_fault "$(rule "$op" "$what")"
            cloud_fault "$(rule jobs.get 404 "{\"nth\":$([ $op = jobs.insert ] && echo 4 || echo 2),\"times\":3,\"reason\":\"notFound\"}")"
            name="$op $what, then 404"
            load_rows append > out 2> err || wrong "exit status $?"
            [ "$(rows)" = "$(whole append)" ] || wrong "rows are $(rows)"
            [ "$(cloud_state '[.jobs[] | select(.jobReference.jobId | startswith("sluice"))] | length')" = 2 ] ||
                wrong 'there are more jobs'
        done
    done
    done_well
}

@test "bq-load: a job of another content under the id is a conflict" {
    begin
    local job
    load_rows append > receipt
    for job in stage_job_id job_id; do
        fresh append
        cloud_curl POST "$v2/jobs" -H 'Content-Type: application/json' --data-binary \
            "{\"jobReference\":{\"jobId\":\"$(jq -r .$job receipt)\"},\"configuration\":{\"query\":{\"query\":\"SELECT 1\",\"useLegacySql\":false}}}" > answer
        name="a foreign $job"
        load_rows append > out 2> err && wrong 'it was adopted'
        grep -q 'another' err || wrong 'does not say why'
        [ "$(rows)" = '' ] || wrong "rows are $(rows)"
    done
    done_well
}

# Kills the load of mode $1 when its request number $2 has taken effect.
killed() {
    local mode=$1 number=$2 pid turn
    name="bq-load $mode: killed behind request $number"
    fresh "$mode"
    cloud_fault "$(rule '*' stall "{\"nth\":$number}")"
    rm -f ended
    { load_rows "$mode" > out 2> err || true && touch ended; } &
    pid=$!
    for ((turn = 0; turn < 100; turn++)); do
        [ "$(cloud_log '[.[] | select(.faults != [])] | length')" = 0 ] || break
        [ ! -e ended ] || break
    done
    [ ! -e ended ] || wrong 'it ended before'
    kill_all "$pid"
    wait $pid 2> kill.err || true
    cloud_curl DELETE /_control/faults > answer
    load_rows "$mode" > out 2> err || wrong "exit status $? when repeated"
    [ "$(rows)" = "$(whole "$mode")" ] || wrong "rows are $(rows) in the end"
    [ "$(loads)" = "$([ "$mode" = append ] && echo 1 || echo 2)" ] || wrong "the ledger has $(loads)"
    printf '%-58.58s %4s %8s %4s %4s | %4s %4s\n' "$name" kill "$number" '' '' 0 "$(rows | wc -w)" >> "$BATS_FILE_TMPDIR/table"
}

# Kills process $1, a subshell of ours, and its children.
kill_all() {
    local child
    for child in $(ps -o pid= --ppid "$1"); do
        kill -KILL "$child" 2> kill.err || true
    done
    kill -KILL "$1" 2> kill.err || true
}

@test "bq-load: kill -9 between any two requests, and the same again: all there, once" {
    begin
    local mode number count
    for mode in append merge replace; do
        fresh "$mode"
        load_rows "$mode" > out
        count=$(cloud_log length)
        for ((number = 1; number <= count; number++)); do
            killed "$mode" "$number"
        done
    done
    done_well
}

# One fault: the query has exit status $1 under the rule $2, and if it
# is 0 the whole result; with $3 on standard error.
asked() {
    local want=$1 rule=$2 status=0
    name="bq-query: ${4:-$(jq -r '"\(.op) \(.do | join("+")) \(.reason // "")"' <<< "$rule")}"
    cloud_curl POST /_control/reset > answer
    cloud_fault "$rule"
    bq-query 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 5)) AS n ORDER BY n' > out 2> err || status=$?
    [ "$status" = "$want" ] || wrong "exit status $status, not $want"
    [ "$status" != 0 ] || printf '%s\n' n 1 2 3 4 5 | cmp -s - out || wrong 'the result is another'
    [ -z "${3:-}" ] || grep -q -- "$3" err || wrong "does not say $3"
    cloud_struck > struck || wrong 'the fault did not strike'
    printf '%-58.58s %4s %8s %4s %4s |\n' "$name" "$status" "$(cloud_log length)" \
        "$(cloud_state '.jobs | length')" "$(($(wc -l < out) - 1))" >> "$BATS_FILE_TMPDIR/table"
}

@test "bq-query: what passes is repeated, and every row comes once, in order" {
    page=2 begin
    local op what nth
    for op in jobs.insert jobs.query jobs.getQueryResults; do
        for what in $transient 429 reset-after stall-body:20:0.2 truncate:300; do
            asked 0 "$(rule "$op" "$what")"
        done
        asked 0 "$(rule "$op" 403 '{"reason":"rateLimitExceeded","times":2}')"
        asked 0 "$(rule "$op" 503 '{"times":3,"body":"html"}')" '' "$op 503 in HTML"
        asked 0 "$(rule "$op" 500 '{"times":2,"body":"cut"}')" '' "$op 500 cut"
    done
    for nth in 1 2; do
        asked 0 "$(rule jobs.getQueryResults drop-after "{\"nth\":$nth}")" '' "page $((nth + 1)) drop-after"
        asked 0 "$(rule jobs.getQueryResults truncate:-5 "{\"nth\":$nth}")" '' "page $((nth + 1)) truncate:-5"
    done
    done_well
}

@test "bq-query: a result is waited for, and its empty pages are turned" {
    page=2 begin
    asked 0 "$(rule job.query running:3)"
    asked 0 "$(rule job.query pending:2+running:1)"
    asked 0 "$(rule job.query seconds:1)"
    asked 0 "$(rule jobs.query stall:1)"
    asked 0 "$(rule jobs.query empty-page)"
    asked 0 "$(rule jobs.getQueryResults empty-page '{"times":2}')"
    done_well
}

@test "bq-query: what does not pass is an error with its reason" {
    page=2 begin
    local reason
    for reason in accessDenied quotaExceeded; do
        asked 2 "$(rule jobs.query 403 "{\"reason\":\"$reason\",\"times\":0}")" "$reason"
        asked 2 "$(rule jobs.getQueryResults 403 "{\"reason\":\"$reason\",\"times\":0}")" "$reason"
        asked 2 "$(rule job.query running:1+fail "{\"reason\":\"$reason\",\"message\":\"why\"}")" why
    done
    asked 2 "$(rule job.query fail '{"reason":"invalidQuery","message":"why"}')" why
    asked 2 "$(rule job.query running:1+fail '{"reason":"invalidQuery","message":"why"}')" why
    asked 75 "$(rule job.query running:1+fail '{"reason":"backendError","message":"why"}')" why
    asked 2 "$(rule jobs.query 401 '{"times":0}')" ''
    done_well
}
