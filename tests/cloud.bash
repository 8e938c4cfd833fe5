# Google's services, played by tests/servers/cloud.py: `load cloud` after
# `load helper`. A file with a teardown of its own calls cloud_stop there.

export PYTHONDONTWRITEBYTECODE=1

# Starts the server with the given arguments; $cloud_url leads to it. Tools find
# it by their environment, with a token that is good for everything, or without
# one after --anonymous.
cloud_start() {
    local fifo=$BATS_TEST_TMPDIR/cloud.fifo scheme=http port
    cloud_stop
    cloud_token=test-token-$RANDOM$RANDOM
    case " $* " in *' --tls '*) scheme=https ;; esac
    mkfifo "$fifo"
    python3 "$ROOT/tests/servers/cloud.py" --token "$cloud_token" \
        --secrets "$BATS_TEST_TMPDIR/cloud.secrets" "$@" \
        > "$fifo" 2> "$BATS_TEST_TMPDIR/cloud.errors" 3>&- &
    cloud_pid=$!
    read -r port < "$fifo"
    rm "$fifo"
    cloud_url=$scheme://127.0.0.1:$port
    export STORAGE_EMULATOR_HOST=$cloud_url BIGQUERY_EMULATOR_HOST=$cloud_url
    export GOOGLE_CLOUD_PROJECT=project CLOUDSDK_AUTH_ACCESS_TOKEN=$cloud_token
    export SLUICE_TEST_TRACE=$BATS_TEST_TMPDIR/cloud.trace
    case " $* " in *' --anonymous '*)
        unset CLOUDSDK_AUTH_ACCESS_TOKEN
        cloud_token=
        ;;
    esac
}

# Fails if the server broke down over a request, or if a secret was shown.
cloud_stop() {
    [ -n "${cloud_pid:-}" ] || return 0
    kill "$cloud_pid"
    wait "$cloud_pid" || true
    cloud_pid=
    ! [ -s "$BATS_TEST_TMPDIR/cloud.errors" ] || {
        cat "$BATS_TEST_TMPDIR/cloud.errors"
        return 1
    }
    cloud_no_secrets
}

# Fails, telling where, if a secret is in anything that was printed or written
# in this test, or in the traces that the programs built for tests made of all
# that they did: a token or an upload's id that the server gave away, what a
# credential of these tests holds, what looks like a token or a key. Left out
# are the files whose names say that they hold the test's own credentials, and
# those that match a pattern in $cloud_own; and binary ones, as random bytes may
# spell anything.
cloud_no_secrets() {
    local own=() pattern
    set -f
    for pattern in '*.pem' '*.key' credentials.json cloud.secrets cloud.answer ${cloud_own-}; do
        own+=(! -name "$pattern")
    done
    set +f
    cloud_wanted > "$BATS_TEST_TMPDIR/cloud.wanted.key"
    find "$BATS_TEST_TMPDIR" "$BATS_OUT" -type f "${own[@]}" \
        -exec grep -IHFf "$BATS_TEST_TMPDIR/cloud.wanted.key" {} + > "$BATS_TEST_TMPDIR/cloud.found.key" || true
    ! [ -s "$BATS_TEST_TMPDIR/cloud.found.key" ] || {
        echo 'a secret was shown:'
        cut -c 1-500 "$BATS_TEST_TMPDIR/cloud.found.key"
        return 1
    }
}

cloud_wanted() { # strings, one a line
    printf '%s\n' client-secret refresh-token subject-token 'PRIVATE KEY-' ya29. eyJhbG eyJ0eX
    ! [ -e "$BATS_TEST_TMPDIR/cloud.secrets" ] || cat "$BATS_TEST_TMPDIR/cloud.secrets"
    find "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" -type f '(' -name '*.pem' -o -name '*.key' ')' \
        ! -name 'cloud.*.key' -exec sed -n '/BEGIN.* PRIVATE KEY/,/END/{/---/!p;}' {} + | grep . || true
}

# What run leaves in variables, the next one would forget.
eval "cloud_bats_$(declare -f run)"
run() {
    local result=0
    cloud_bats_run "$@" || result=$?
    printf '%s\n' "$output" >> "$BATS_TEST_TMPDIR/cloud.printed"
    printf '%s\n' "${stderr-}" >> "$BATS_TEST_TMPDIR/cloud.said"
    return $result
}

teardown() {
    cloud_stop
}

# curl METHOD PATH [ARGUMENT...], with $cloud_token; the answer's body.
cloud_curl() {
    local method=$1 path=$2
    shift 2
    curl -gsS --path-as-is --cacert "${CURL_CA_BUNDLE:-/dev/null}" -X "$method" \
        ${cloud_token:+-H "Authorization: Bearer $cloud_token"} \
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

# A service account's key, key.pem, whose public half the server wants as
# --public-key public.pem.
cloud_key() {
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem 2> cloud.openssl
    openssl pkey -in key.pem -pubout -out public.pem
}

# From now on tools find the server as one finds the real services, and have
# credentials of a type instead of a token: service_account (after cloud_key),
# authorized_user, external_account, impersonated (one that goes on to the
# service account) or metadata.
cloud_credentials() {
    local robot=robot@project.iam.gserviceaccount.com
    unset STORAGE_EMULATOR_HOST BIGQUERY_EMULATOR_HOST CLOUDSDK_AUTH_ACCESS_TOKEN
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=$cloud_url/
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERY=$cloud_url/
    export CLOUDSDK_CONFIG=$BATS_TEST_TMPDIR/gcloud
    export GCE_METADATA_HOST=${cloud_url#*://} GCE_METADATA_IP=${cloud_url#*://}
    export GOOGLE_APPLICATION_CREDENTIALS=$BATS_TEST_TMPDIR/credentials.json
    touch credentials.json
    chmod 600 credentials.json
    case $1 in
    service_account) jq -n --rawfile key key.pem --arg email $robot --arg url "$cloud_url" \
        '{type: "service_account", project_id: "project", private_key_id: "key1",
          private_key: $key, client_email: $email, token_uri: ($url + "/token"),
          universe_domain: "googleapis.com"}' ;;
    authorized_user) jq -n --arg url "$cloud_url" \
        '{type: "authorized_user", client_id: "client", client_secret: "client-secret",
          refresh_token: "refresh-token", token_uri: ($url + "/token")}' ;;
    external_account | impersonated) jq -n --arg email $robot --arg url "$cloud_url" --arg type "$1" \
        '{type: "external_account", audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
          subject_token_type: "urn:ietf:params:oauth:token-type:jwt", token_url: ($url + "/v1/token"),
          credential_source: {url: ($url + "/subject"), headers: {"X-Subject": "please"},
            format: {type: "json", subject_token_field_name: "token"}}}
        + if $type == "impersonated" then {service_account_impersonation_url:
            "\($url)/v1/projects/-/serviceAccounts/\($email):generateAccessToken"} else {} end' ;;
    metadata) unset GOOGLE_APPLICATION_CREDENTIALS ;;
    esac > credentials.json
}
