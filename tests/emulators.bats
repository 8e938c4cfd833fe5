# Our tools against servers that others wrote, read and written by Google's own
# clients. make check-emulators brings both; elsewhere all is skipped.
# shellcheck disable=SC2094 # a name of a file and of an object, or of rows
load helper

PEERS=${SLUICE_EMULATORS:-$ROOT/build/emulators}

peer() {
    timeout 60 "$PEERS/venv/bin/python" "$ROOT/tests/emulators/peer.py" "$@"
}

# A port that nobody has at the moment.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Waits until the server of process $1 answers GET $2.
await() {
    for _ in $(seq 200); do
        kill -0 "$1" || return
        python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=1)' "$2" 2> /dev/null && return
        sleep 0.1
    done
    return 1
}

setup_file() {
    [ -x "$PEERS/bigquery-emulator" ] && [ -x "$PEERS/venv/bin/python" ] || return 0
    local port
    port=$(free_port)
    "$PEERS/fake-gcs-server" -scheme http -host 127.0.0.1 -port "$port" -backend memory \
        -public-host "127.0.0.1:$port" -external-url "http://127.0.0.1:$port" \
        > "$BATS_FILE_TMPDIR/gcs.log" 2>&1 3>&- &
    export GCS_PID=$!
    export STORAGE_EMULATOR_HOST=http://127.0.0.1:$port
    await "$GCS_PID" "$STORAGE_EMULATOR_HOST/_internal/healthcheck"
    peer bucket bucket
}

teardown_file() {
    [ -z "${GCS_PID-}" ] || kill "$GCS_PID"
}

# BigQuery's emulator is new in each test, and collects no garbage: it breaks
# down in a finalizer after some hundred queries.
setup() {
    [ -n "${GCS_PID-}" ] || skip 'no emulators; see make check-emulators'
    local port
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    export SLUICE_STORE=gs://bucket SLUICE_WAREHOUSE=bigquery:test SLUICE_RETRY_SECONDS=20
    port=$(free_port)
    GOGC=off "$PEERS/bigquery-emulator" --project=test --dataset=ds --host=127.0.0.1 \
        --port="$port" --grpc-port="$(free_port)" --log-level=error > bq.log 2>&1 3>&- &
    bq_pid=$!
    export BIGQUERY_EMULATOR_HOST=http://127.0.0.1:$port
    await "$bq_pid" "$BIGQUERY_EMULATOR_HOST/bigquery/v2/projects/test/datasets"
}

teardown() {
    [ -z "${bq_pid-}" ] || kill "$bq_pid"
}

# The value of key $1 in the JSON object of file $2.
field() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[2]))[sys.argv[1]])' "$@"
}

@test "emulators: Google's client reads the objects that gcs-put wrote" {
    head -c 20000003 /dev/urandom > large
    printf 'a,b\n1,2\n' > small
    : > empty
    for file in large small empty; do
        gcs-put "put/$file = a:b é/x" -- cat "$file" > receipt
        peer get bucket "put/$file = a:b é/x" | cmp - "$file"
        peer stat bucket "put/$file = a:b é/x" > stat
        for key in generation crc32c; do
            [ "$(field $key receipt)" = "$(field $key stat)" ]
        done
        [ "$(field md5 receipt)" = "$(field md5Hash stat)" ]
        [ "$(field bytes receipt)" = "$(field size stat)" ]
    done
}

@test "emulators: gcs-get and gcs-ls read what Google's client wrote" {
    head -c 3000003 /dev/urandom > large
    printf 'a,b\n1,2\n' > small
    peer put bucket 'get/large # 1?' < large
    peer put bucket get/small < small
    peer put-gzip bucket get/zipped < small
    gcs-get 'get/large # 1?' | cmp - large
    gcs-get get/small | cmp - small
    gcs-get get/zipped | cmp - small
    gcs-ls get/ | sed 1d | cut -d, -f1,2 > ours
    peer ls bucket get/ | sed -E 's/ ([0-9]+) [^ ]*$/,\1/' | diff - ours
}

@test "emulators: gcs-put finds an equal object of Google's client, and never overwrites one" {
    echo one | peer put bucket never
    echo one | gcs-put never > receipt
    [ "$(field existed receipt)" = True ]
    run -2 --separate-stderr gcs-put never <<< two
    [[ $stderr == *'never overwritten'* ]]
    [ "$(peer get bucket never)" = one ]
}

@test "emulators: gcs-rm removes the generation it is told, and no other" {
    echo x | gcs-put rm/a > receipt
    run -2 --separate-stderr gcs-rm -g 12 rm/a
    gcs-rm -g "$(field generation receipt)" rm/a
    [ -z "$(peer ls bucket rm/)" ]
}

@test "emulators: gcs-cp takes a folder there and back" {
    mkdir in
    for i in 1 2 3 4 5; do head -c $((i * 1000)) /dev/urandom > "in/$i"; done
    gcs-cp -j 2 file:in/ gs://bucket/cp/ > receipts
    [ "$(peer ls bucket cp/ | wc -l)" -eq 5 ]
    gcs-cp -j 2 gs://bucket/cp/ file:out/ > /dev/null
    diff -r -x .tmp in out
}

cat_schema() {
    cat <<'END'
{"fields": [{"name": "k", "type": "integer", "constraints": {"required": true}},
            {"name": "t", "type": "string"},
            {"name": "d", "type": "number", "bq:type": "NUMERIC"},
            {"name": "f", "type": "number"},
            {"name": "b", "type": "boolean"},
            {"name": "day", "type": "date"},
            {"name": "updated_at", "type": "datetime"}], "primaryKey": ["k"]}
END
}

@test "emulators: Google's client reads the rows that bq-load appended, replaced and merged" {
    cat_schema > schema.json
    cat > one.csv <<'END'
k,t,d,f,b,day,updated_at
1,"a ""b"", c",12345678901234567890.123456789,0.1,true,2024-02-29,2024-01-01T00:00:00Z
2,é,-0.000000001,1e300,false,0001-01-01,2024-01-01T00:00:00.000001Z
END
    cat > two.csv <<'END'
k,t,d,f,b,day,updated_at
2,older,1,1,true,2024-01-01,2023-01-01T00:00:00Z
1,newer,2,2,false,2024-01-02,2025-01-01T00:00:00Z
3,new,3,3,true,2024-01-03,2024-01-01T00:00:00Z
END
    bq-load -s schema.json ds.rows < one.csv > first
    bq-load -s schema.json ds.rows < one.csv > second
    [ "$(field rows_loaded first) $(field already_loaded first) $(field already_loaded second)" = '2 False True' ]
    peer rows 'SELECT * FROM ds.rows ORDER BY k' > rows
    diff - rows <<'END'
{"k": "1", "t": "a \"b\", c", "d": "12345678901234567890.123456789", "f": "0.1", "b": "True", "day": "2024-02-29", "updated_at": "2024-01-01 00:00:00+00:00"}
{"k": "2", "t": "\u00e9", "d": "-1E-9", "f": "1e+300", "b": "False", "day": "0001-01-01", "updated_at": "2024-01-01 00:00:00.000001+00:00"}
END
    bq-load -m merge -s schema.json ds.rows < two.csv > merged
    [ "$(field rows_inserted merged) $(field rows_updated merged) $(field rows_unchanged merged)" = '1 1 1' ]
    peer rows 'SELECT k, t FROM ds.rows ORDER BY k' > rows
    diff - rows <<'END'
{"k": "1", "t": "newer"}
{"k": "2", "t": "\u00e9"}
{"k": "3", "t": "new"}
END
    bq-load -m replace -s schema.json ds.rows < one.csv > replaced
    [ "$(peer rows 'SELECT k FROM ds.rows' | wc -l)" -eq 2 ]
    peer schema ds.rows | diff - <(printf '%s\n' 'k INT64 REQUIRED' 't STRING NULLABLE' \
        'd NUMERIC NULLABLE' 'f FLOAT64 NULLABLE' 'b BOOL NULLABLE' 'day DATE NULLABLE' 'updated_at TIMESTAMP NULLABLE')
}

@test "emulators: bq-query prints what Google's client loaded" {
    printf 'k,t,n\n1,"x, ""y""",1.50\n2,z,-7\n' | peer load ds.theirs k:INTEGER t:STRING n:NUMERIC
    bq-query 'SELECT k, t, n, TIMESTAMP("2024-01-26 15:00:00.3+01:00") AS u FROM ds.theirs ORDER BY k' > rows
    file_is rows 'k,t,n,u
1,"x, ""y""",1.5,2024-01-26T14:00:00.300000Z
2,z,-7,2024-01-26T14:00:00.300000Z
'
}

@test "emulators: bq-load takes many objects of the store in one job" {
    cat_schema > schema.json
    echo k > k.csv
    for i in 1 2 3; do printf 'k,t\n%d,x\n' "$i" | gcs-put "many/$i" > /dev/null; done
    bq-load -s schema.json ds.many gs://bucket/many/1 gs://bucket/many/2 gs://bucket/many/3 > receipt
    [ "$(field rows_loaded receipt)" -eq 3 ]
    [ "$(peer rows 'SELECT k FROM ds.many WHERE t = "x"' | wc -l)" -eq 3 ]
}

@test "emulators: the flow on the cloud ends in the rows of the flow at home" {
    flow() { make -s -f "$ROOT/pipelines/flow.mk" ROWS=400 NOW=2024-02-01T00:00:00.000Z "$@"; }
    all='SELECT * FROM production.klines ORDER BY open_time'
    flow VAR=cloud > cloud.out
    flow VAR=home SLUICE_STORE=file:store SLUICE_WAREHOUSE=sqlite:warehouse > home.out
    bq-query "$all" > cloud.csv
    bq-query -w sqlite:warehouse "$all" > home.csv
    [ "$(wc -l < cloud.csv)" -gt 300 ]
    cmp cloud.csv home.csv
    grep -E '^  +[a-z=-].*[0-9]|gate' cloud.out | grep -v -E 'gs:|bigquery:|files:' > cloud.summary
    grep -E '^  +[a-z=-].*[0-9]|gate' home.out | grep -v -E 'file:|sqlite:|files:' | diff cloud.summary -
    [ "$(wc -l < cloud.summary)" -gt 10 ]
    gcs-ls | sed 1d | cut -d, -f1,2 | grep -E '^(staging|production)/' > cloud.ls
    gcs-ls -s file:store | sed 1d | cut -d, -f1,2 | diff cloud.ls -
    # sums of doubles in another order differ in their last digits
    run -0 python3 - cloud/*/2*/model.json home/*/2*/model.json <<'END'
import json, math, sys
cloud, home = [[float(term["coef"]) for term in json.load(open(name))["terms"]] for name in sys.argv[1:]]
assert len(cloud) == len(home) > 3 and all(map(lambda a, b: math.isclose(a, b, rel_tol=1e-9), cloud, home))
END
}

@test "emulators: with STAGE=sql and TRAIN=sql the rows stay where they are, and end as those of the flow at home" {
    flow() { make -s -f "$ROOT/pipelines/flow.mk" SYMBOL=ETHUSDT ROWS=400 NOW=2024-02-01T00:00:00.000Z "$@"; }
    all="SELECT * FROM production.klines WHERE symbol = 'SIMETHUSDT' ORDER BY open_time"
    flow VAR=cloud STAGE=sql TRAIN=sql > cloud.out
    flow VAR=home SLUICE_STORE=file:store SLUICE_WAREHOUSE=sqlite:warehouse > home.out
    bq-query "$all" > cloud.csv
    bq-query -w sqlite:warehouse "$all" | cmp cloud.csv -
    [ ! -e "$(echo cloud/*/2*/prod.csv)" ]
    # the sums of the rows that BigQuery prints, byte for byte
    features=$(sed -n 's/^FEATURES = //p' "$ROOT/pipelines/flow.mk")
    bq-query 'SELECT * FROM staging.features_simethusdt_1m' |
        lr-gram -y num_of_trades -x "$features" | cmp - cloud/*/2*/train.state
    grep 'gate: pass' cloud.out
}
