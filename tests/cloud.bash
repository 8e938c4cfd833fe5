# Google's services, played by tests/servers/cloud.py: `load cloud` after
# `load helper`. A file with a teardown of its own calls cloud_stop there.

export PYTHONDONTWRITEBYTECODE=1

# Starts the server with the given arguments; $cloud_url leads to it. Tools find
# it by their environment, with a token that is good for everything, or without
# one after --anonymous.
cloud_start() {
    local fifo=$BATS_TEST_TMPDIR/cloud.fifo scheme=http port
    cloud_stop
    export CLOUDSDK_AUTH_ACCESS_TOKEN=test-token-$RANDOM$RANDOM
    case " $* " in *' --tls '*) scheme=https ;; esac
    mkfifo "$fifo"
    python3 "$ROOT/tests/servers/cloud.py" --token "$CLOUDSDK_AUTH_ACCESS_TOKEN" "$@" \
        > "$fifo" 2> "$BATS_TEST_TMPDIR/cloud.errors" 3>&- &
    cloud_pid=$!
    read -r port < "$fifo"
    rm "$fifo"
    cloud_url=$scheme://127.0.0.1:$port
    export STORAGE_EMULATOR_HOST=$cloud_url BIGQUERY_EMULATOR_HOST=$cloud_url
    export GOOGLE_CLOUD_PROJECT=project
    case " $* " in *' --anonymous '*) unset CLOUDSDK_AUTH_ACCESS_TOKEN ;; esac
}

# Fails if the server broke down over a request.
cloud_stop() {
    [ -n "${cloud_pid:-}" ] || return 0
    kill "$cloud_pid"
    wait "$cloud_pid" || true
    cloud_pid=
    ! [ -s "$BATS_TEST_TMPDIR/cloud.errors" ] || {
        cat "$BATS_TEST_TMPDIR/cloud.errors"
        return 1
    }
}

teardown() {
    cloud_stop
}

# curl METHOD PATH [ARGUMENT...], with the token; the answer's body.
cloud_curl() {
    local method=$1 path=$2
    shift 2
    curl -gsS --path-as-is --cacert "${CURL_CA_BUNDLE:-/dev/null}" -X "$method" \
        ${CLOUDSDK_AUTH_ACCESS_TOKEN:+-H "Authorization: Bearer $CLOUDSDK_AUTH_ACCESS_TOKEN"} \
        "$@" "$cloud_url$path"
}

# Adds rules: cloud_fault JSON, or cloud_fault OP FAULT [NTH [TIMES]].
cloud_fault() {
    local rule=$1
    [ $# -eq 1 ] || rule='{"op":"'$1'","do":"'$2'","nth":'${3:-1}',"times":'${4:-1}'}'
    cloud_curl POST /_control/faults --fail-with-body --data-binary "$rule" > cloud.answer || {
        cat cloud.answer
        return 1
    }
}

# Forgets the rules; fails, showing it, if one has not struck.
cloud_struck() {
    cloud_curl GET /_control/faults > cloud.answer
    cloud_curl DELETE /_control/faults > /dev/null
    jq -e 'map(select(.struck == 0)) | if . == [] then true else . end' cloud.answer |
        diff - <(echo true)
}

# What a jq filter makes of the log, of the state: cloud_log [FILTER].
cloud_log() {
    cloud_curl GET /_control/log | jq -r "${1:-.}"
}

cloud_state() {
    cloud_curl GET /_control/state | jq -r "${1:-.}"
}

cloud_forget() { # empties the log
    cloud_curl DELETE /_control/log > /dev/null
}

# The operations of the log, one a line with the answer's status, fails unless
# they are the arguments: cloud_did 'resumable.start 200' 'resumable.chunk 503'...
cloud_did() {
    cloud_log '.[] | "\(.op) \(.status)"' > cloud.did
    printf '%s\n' "$@" | diff - cloud.did
}

# Puts file $2 (default: standard input) as object $1, with a query's further
# parameters ($3, as "contentEncoding=gzip").
cloud_put() {
    local name
    name=$(jq -rn --arg x "$1" '$x | @uri')
    cloud_curl POST "/upload/storage/v1/b/bucket/o?uploadType=media&name=$name${3:+&$3}" \
        -H 'Content-Type: application/octet-stream' -H Expect: \
        --fail-with-body --data-binary "@${2:--}" > cloud.answer || {
        cat cloud.answer
        return 1
    }
}

# The bytes of object $1.
cloud_cat() {
    local name
    name=$(jq -rn --arg x "$1" '$x | @uri')
    cloud_curl GET "/storage/v1/b/bucket/o/$name?alt=media" -H 'Accept-Encoding: gzip' --fail
}

# A throwaway CA, ca.pem, and certificates of 127.0.0.1 and localhost, each with
# its .key: server.pem, expired.pem (until yesterday), other.pem (of another name).
cloud_tls() {
    local name days
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 \
        -subj /CN=test -addext keyUsage=keyCertSign 2> cloud.openssl
    for name in server expired other; do
        case $name in other) echo subjectAltName=DNS:other.test ;; *)
            echo subjectAltName=IP:127.0.0.1,DNS:localhost ;;
        esac > extensions
        [ $name = expired ] && days=-1 || days=2
        openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr \
            -subj /CN=$name 2> cloud.openssl
        openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $days \
            -extfile extensions -out $name.pem 2> cloud.openssl
    done
}
