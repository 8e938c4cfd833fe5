# shellcheck disable=SC2164 # bats runs with set -e
# One call after another of a tool is made to fail: malloc, read or write.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR"
    gcc -std=c11 -D_POSIX_C_SOURCE=200809L -shared -fPIC -o faults.so "$ROOT/tests/faults.c"
    printf '%s\n' k,v,w,day 1,2,a,2024-01-01 2,4.5,b,2024-01-02 3,6,c,2024-01-01 4,7,d,2024-01-01 5,11,a,2024-01-05 > in.csv
    echo '{"fields": [{"name": "k", "type": "integer"}, {"name": "v", "type": "number"}, {"name": "w"}, {"name": "day"}]}' > schema.json
    lr-train -y k -x v in.csv > model.json
}

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR"
    cp "$BATS_FILE_TMPDIR"/{in.csv,schema.json,model.json} .
    ! grep -q __asan_init "$(command -v csv-stamp)" || skip 'the sanitizer has its own malloc'
}

# Runs a command on in.csv with call number $2 of kind $1 failing; true if
# there was such a call.
run_failing() { # KIND N COMMAND...
    rm -f mark
    status=0
    FAULT_CALL=$1 FAULT_N=$2 FAULT_MARK=mark LD_PRELOAD=$BATS_FILE_TMPDIR/faults.so \
        "${@:3}" < in.csv > out 2> err || status=$?
    [ -e mark ]
}

wrong() {
    printf '%s, number %d: %s\n' "$tool: $kind" "$n" "$*"
    sed 's/^/    it said: /' err
    failed=1
}

says_one_line() {
    [ "$(wc -l < err)/$(grep -c "^$tool: " err)" = 1/1 ] || wrong 'should say one line'
}

# Either nothing was lost, or the status is 2, one line says why, and what was
# written is the beginning of the right output.
judge() {
    case $status in
    0) cmp -s clean out || wrong 'status 0, but another output' ;;
    2)
        says_one_line
        head -c "$(wc -c < out)" clean | cmp -s - out || wrong 'another output'
        ;;
    *) wrong "status $status" ;;
    esac
}

# Makes each call of kind $1 of a command fail in turn; of many, some.
try_all() { # KIND COMMAND...
    kind=$1 tool=$2 n=1
    "${@:2}" < in.csv > clean
    while run_failing "$kind" $n "${@:2}"; do
        judge
        n=$((n + 1 + n / 20))
    done
    [ $n -gt 1 ] || wrong 'no such call'
}

each_filter() { # KIND
    failed=0
    try_all "$1" csv-stamp -c t -t 2024-01-26
    try_all "$1" csv-addsymbol BTCUSDT
    try_all "$1" csv-cast -s schema.json
    try_all "$1" csv-dedup -k k
    try_all "$1" csv-dedup -k k --keep max:v --dups dups.csv
    try_all "$1" csv-gaps -c day -s 1d -k w
    try_all "$1" csv-look
    try_all "$1" csv-look -t 2 -x
    try_all "$1" csv-split -a 50% -r rest.csv
    try_all "$1" csv-split -H w -p 1/2
    try_all "$1" csv-stat
    try_all "$1" csv-validate -s schema.json -r rejects.csv -R report.json
    try_all "$1" lr-gram -x k -C w -c 'k*w' -K 2 -B hash:v
    try_all "$1" lr-train -y k -x v
    try_all "$1" lr-predict -m model.json
    try_all "$1" lr-show model.json
    try_all "$1" lr-export -m model.json -T r
    try_all "$1" lr-eval -y k -p v
    [ $failed -eq 0 ]
}

# The same for a tool that publishes: whatever failed, the same command again
# ends in the same state, which the function effect shows.
publish_all() { # COMMAND...
    failed=0
    tool=$1
    export SLUICE_STORE=file:right SLUICE_WAREHOUSE=sqlite:right
    "$@" < in.csv > receipt
    effect > want
    for kind in malloc read write; do
        n=1
        while
            export SLUICE_STORE=file:$kind$n SLUICE_WAREHOUSE=sqlite:$kind$n
            run_failing $kind $n "$@"
        do
            case $status in
            0)
                effect > got
                cmp -s want got || wrong 'status 0, but another effect'
                ;;
            2) says_one_line ;;
            *) wrong "status $status" ;;
            esac
            "$@" < in.csv > receipt 2> err || wrong 'the same again fails'
            effect > got
            cmp -s want got || wrong 'another effect'
            [ $kind != malloc ] || n=$((n + n / 20))
            n=$((n + 1))
        done
        [ $n -gt 1 ] || wrong 'no such call'
    done
    [ $failed -eq 0 ]
}

@test "faults: any allocation may fail" {
    each_filter malloc
}

@test "faults: any read may fail" {
    each_filter read
}

@test "faults: any write may fail" {
    each_filter write
}

@test "faults: gcs-put publishes whole or not at all" {
    effect() {
        gcs-get a
        gcs-ls | cut -d, -f1,2
    }
    publish_all gcs-put a
}

@test "faults: bq-load adds its rows once" {
    effect() {
        bq-query 'SELECT * FROM a.b ORDER BY k'
        bq-query 'SELECT rows_loaded FROM a._loads'
    }
    publish_all bq-load -s schema.json a.b
}
