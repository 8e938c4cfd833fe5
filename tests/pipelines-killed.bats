# The flow when it is killed.
load helper
load flow

# The processes of a session.
members() {
    cat /proc/[0-9]*/stat 2> /dev/null |
        awk -v session="$1" '{ pid = $1; sub(/.*\) /, ""); if ($4 == session) print pid }'
}

# Starts the flow in a session of its own and kills one of its processes at a
# random moment. What that leaves running, the next run has to wait for.
killed_flow() {
    setsid env -u MAKEFLAGS -u MAKELEVEL make -f "$FLOW" "$@" > out 2> err < /dev/null &
    local session=$! victim
    sleep "$(awk -v r=$RANDOM -v max="$moment" 'BEGIN { print r / 32768 * max }')"
    # they stand still while one is chosen: most are short-lived
    kill -STOP -- -$session 2> /dev/null || true
    victim=$(members $session | shuf -n 1) || true
    [ -z "$victim" ] || kill -9 "$victim" 2> /dev/null || true
    kill -CONT -- -$session 2> /dev/null || true
    wait $session || true
}

@test "flow: killed at 20 random moments, the same command ends in the same tables" {
    RANDOM=$((10#$(date +%N) % 32768))
    # a killed leak checker leaves its program waiting for ever
    export ASAN_OPTIONS=detect_leaks=0
    now=2026-01-01T00:00:00.000Z
    mkdir whole again
    cd again
    flow ROWS=400 NOW=$now
    cd ../whole
    start=$(date +%s%N)
    flow ROWS=400 NOW=$now
    moment=$(awk -v ns=$(($(date +%s%N) - start)) 'BEGIN { print ns / 1e9 }')
    columns='table_name, mode, load_id, rows_loaded, source_sha256'
    final() {
        bq-query "SELECT $columns FROM staging._loads ORDER BY load_id"
        bq-query "SELECT $columns FROM production._loads ORDER BY load_id"
        bq-query 'SELECT * FROM staging.raw_simbtcusdt_1m ORDER BY open_time, num_of_trades, volume'
        bq-query 'SELECT * FROM production.klines ORDER BY open_time'
        gcs-ls | cut -d, -f1,2
        cat var/flow/*/*Z/model.json var/flow/*/*Z/metrics.json
    }
    final > ../want
    (cd ../again && final) | diff ../want -
    interrupted=0
    for trial in {1..20}; do
        mkdir "../trial$trial" && cd "../trial$trial"
        killed_flow ROWS=400 NOW=$now
        [ -e var/flow/simbtcusdt_1m/20260101T000000.000Z/metrics.json ] || interrupted=$((interrupted + 1))
        flow ROWS=400 NOW=$now
        final > got
        diff ../want got
    done
    echo "# $interrupted of 20 runs were cut short" >&3
    [ "$interrupted" -ge 1 ]
}
