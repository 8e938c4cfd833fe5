# What tests of faults on Cloud Storage have in common: `load cloud-faults` after
# `load helper` and `load cloud`. Each file ends with a table of what each fault
# came to.

setup_file() {
    head -c 100000 /dev/urandom > "$BATS_FILE_TMPDIR/small"
    head -c 2500001 /dev/urandom > "$BATS_FILE_TMPDIR/big" # three chunks
}

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
    PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH
    export SLUICE_TEST_CHUNK=1048576 SLUICE_TEST_PAUSE=20 SLUICE_TEST_STALL=1 SLUICE_RETRY_SECONDS=20
    export SLUICE_STORE=gs://bucket
    ln -s "$BATS_FILE_TMPDIR/small" "$BATS_FILE_TMPDIR/big" .
    cloud_start --versioned
}

teardown_file() {
    [ -e "$BATS_FILE_TMPDIR/table" ] || return 0
    {
        echo 'tool|fault|status|requests|sent twice|objects'
        cat "$BATS_FILE_TMPDIR/table"
    } | column -t -s '|' | sed 's/^/# /' >&3
}

# All that is wrong fails the test, at its end.
teardown() {
    cloud_stop && [ ! -e wrong ]
}

# Runs a tool with its faults set: do_under 'RULES' COMMAND..., or, to put a
# file through a pipe, do_under 'RULES' put FILE. Leaves $code, the exit status,
# and files "out" and "said", and adds a line to the table.
do_under() {
    local rules=$1 input=/dev/null
    shift
    [ "$1" != put ] || { input=$2 && set -- gcs-put x; }
    cloud_curl DELETE /_control/faults > cloud.answer
    cloud_forget
    cloud_fault "$rules"
    code=0
    timeout 60 "$@" > out 2> said < <(cat "$input") || code=$?
    jq -r '[.] | flatten | map("\(.op) \(.nth // 1) \(.do | tostring) \(.reason // "") \(.body // "")"
        | sub(" +$"; "")) | join(", ")' <<< "$rules" > told
    echo "$1|$(cat told)|$code|$(cloud_log length)|$(cloud_state '[.sessions[].resent] | add // 0')|$(
        cloud_state '[.objects[].size] | if length > 3 then "\(length) objects" else join(" ") end')" >> "$BATS_FILE_TMPDIR/table"
    no_secrets
    [ "$code" -ne 124 ] || wrong 'has not ended'
}

wrong() {
    {
        printf '%s: %s\n' "$(cat told)" "$*"
        printf 'status %s, said: %s\n' "$code" "$(cat said)"
        cloud_log '.[] | [.op, .status, .headers["content-range"], .headers.range] | tostring' |
            head -n 20
    } | tee -a wrong
}

no_secrets() {
    ! grep -qF "$cloud_token" out said || wrong 'shows its token'
    ! grep -q upload_id out said || wrong 'shows a session'
}

one_line() {
    [ "$(wc -l < said)" -eq 1 ] || wrong 'should say one line'
}

# Object x is exactly file $1, and the receipt in "out" says so.
published() {
    [ "$code" -eq 0 ] || wrong 'should succeed'
    cloud_cat x | cmp - "$1" || wrong 'other bytes'
    [ "$(cloud_state '[.objects[] | select(.name == "x")] | length')" -eq 1 ]
    [ "$(jq -r '[.generation, .crc32c, (.bytes | tostring)] | join(" ")' out)" = \
        "$(cloud_state '.objects[] | select(.name == "x") | [.generation, .crc32c, .size] | join(" ")')" ] ||
        wrong "another receipt: $(cat out)"
}

# Nothing is there, and one line says why; the status is one of the arguments.
not_published() {
    case " $* " in *" $code "*) ;; *) wrong "status should be $*" ;; esac
    one_line
    [ -z "$(cloud_state '.objects[]')" ] || wrong 'an object is there'
}

again() { # a server without objects
    cloud_curl POST /_control/reset -d '' > cloud.answer
}

rule() { # OP DO [NTH [TIMES]]
    printf '{"op":"%s","do":"%s","nth":%d,"times":%d}' "$1" "$2" "${3:-1}" "${4:-1}"
}

# shellcheck disable=SC2034 # for those who load this
sometimes='503 429 500 502 504 408 early:503 after:503 after:429
    drop-before drop-after reset-before reset-after'

# Standard output is exactly file $1.
got() {
    [ "$code" -eq 0 ] || wrong 'should succeed'
    cmp out "$1" || wrong 'other bytes'
}
