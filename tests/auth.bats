# Each test is a subshell:
# shellcheck disable=SC2030,SC2031
load helper
load cloud

# The library's driver, tests/unit/auth.c, with pauses of milliseconds.
hooked=${SLUICE_HOOK:-$ROOT/build/hook/bin}
PATH=${hooked%/bin}/tests/unit:$PATH
export SLUICE_TEST_PAUSE=5

# Credentials, and where the driver's standard output, which is tokens, goes.
# shellcheck disable=SC2034 # for cloud.bash
cloud_own='*.json subject bearer tokens out cloud.printed'

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem
    openssl pkey -in key.pem -pubout -out public.pem
    chmod 600 key.pem
}

# Nothing of this machine is found but what a test sets.
nothing_set() {
    export HOME=$BATS_TEST_TMPDIR/home NO_GCE_CHECK=true
    unset GCS_TOKEN_FILE GOOGLE_APPLICATION_CREDENTIALS CLOUDSDK_CONFIG SLUICE_AUTH
    unset CLOUDSDK_AUTH_ACCESS_TOKEN CLOUDSDK_AUTH_ACCESS_TOKEN_FILE CLOUDSDK_ACTIVE_CONFIG_NAME
    unset GOOGLE_CLOUD_PROJECT GCLOUD_PROJECT CLOUDSDK_CORE_PROJECT GOOGLE_CLOUD_QUOTA_PROJECT
    unset GCE_METADATA_HOST GCE_METADATA_ROOT GCE_METADATA_IP GCE_METADATA_TIMEOUT
}

# Starts the server, and puts away the token that it would take anyway.
serve() {
    cloud_start --public-key "$BATS_FILE_TMPDIR/public.pem"
    nothing_set
}

# Each writes credentials to file $1, changed by the jq filter $2, and names them.
service_account() {
    write "$1" < <(jq -n --rawfile key "$BATS_FILE_TMPDIR/key.pem" --arg url "${cloud_url-}/token" '
        {type: "service_account", client_email: "robot@project.iam.gserviceaccount.com",
         private_key_id: "key1", private_key: $key, token_uri: $url, project_id: "of-file"}
        | '"${2:-.}")
}

user() {
    write "$1" < <(jq -n --arg url "${cloud_url-}/token" '
        {type: "authorized_user", client_id: "client", client_secret: "client-secret",
         refresh_token: "refresh-token", token_uri: $url, quota_project_id: "payer"}
        | '"${2:-.}")
}

external() {
    write "$1" < <(jq -n --arg url "${cloud_url-}" '
        {type: "external_account", audience: "//iam.googleapis.com/projects/1/pools/p",
         subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
         token_url: ($url + "/v1/token"), credential_source: {file: "subject"}}
        | '"${2:-.}")
    echo subject-token > subject
}

write() {
    (umask 077 && cat > "$1")
    export GOOGLE_APPLICATION_CREDENTIALS=$1
}

robot=/v1/projects/-/serviceAccounts/robot@project.iam.gserviceaccount.com:generateAccessToken

# Fails unless the service takes the token in file $1.
is_good() {
    [ "$(curl -sS -o answer -w '%{http_code}' -H "Authorization: Bearer $(cat "$1")" \
        "$cloud_url/storage/v1/b/bucket/o")" = 200 ]
}

# Fails unless the driver, run with the credentials as they are, ends with
# status $1 and the message $2, which ends in * if more follows.
says() {
    run -"$1" --separate-stderr auth token
    [ -z "$output" ]
    # shellcheck disable=SC2254
    case $stderr in
    "auth: "$2) ;;
    *)
        printf 'expected: auth: %s\nstderr:   %s\n' "$2" "$stderr"
        return 1
        ;;
    esac
    no_secrets <<< "$stderr"
}

# Fails if standard input holds something that is secret in these tests.
no_secrets() {
    local line
    line=$(sed -n 5p "$BATS_FILE_TMPDIR/key.pem")
    run ! grep -F -e client-secret -e refresh-token -e subject-token -e eyJ -e "$line" \
        -e 'PRIVATE KEY' -e sesame
}

part() { # of the token in file "bearer", decoded
    python3 -c 'import base64, sys
part = open("bearer").read().strip().split(".")[int(sys.argv[1])]
sys.stdout.buffer.write(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))' "$1"
}

@test "jwt: what it signs is verified by openssl, and read by another reader" {
    local claims='{"iss":"a","x":"?>~ü"}' jwt=${SLUICE_TESTS:-$ROOT/build/tests}/unit/jwt
    "$jwt" "$BATS_FILE_TMPDIR/key.pem" key1 "$claims" > bearer
    run ! grep '[^A-Za-z0-9_.-]' bearer
    [ "$(part 0 | jq -c .)" = '{"alg":"RS256","typ":"JWT","kid":"key1"}' ]
    [ "$(part 1)" = "$claims" ]
    part 2 > signature
    cut -d. -f1,2 bearer | tr -d '\n' |
        openssl dgst -sha256 -verify "$BATS_FILE_TMPDIR/public.pem" -signature signature
    "$jwt" "$BATS_FILE_TMPDIR/key.pem" '' "$claims" > bearer
    [ "$(part 0 | jq -c .)" = '{"alg":"RS256","typ":"JWT"}' ]
}

@test "jwt: reads the older PEM too, and refuses what is no good RSA key" {
    local jwt=${SLUICE_TESTS:-$ROOT/build/tests}/unit/jwt
    openssl rsa -in "$BATS_FILE_TMPDIR/key.pem" -traditional -out old.pem 2> /dev/null
    grep -q 'BEGIN RSA PRIVATE KEY' old.pem
    diff <("$jwt" old.pem k '{}') <("$jwt" "$BATS_FILE_TMPDIR/key.pem" k '{}')
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.pem
    openssl genpkey -quiet -algorithm ed25519 -out other.pem
    openssl pkey -in "$BATS_FILE_TMPDIR/key.pem" -aes128 -passout pass:x -out locked.pem
    for file in small other; do
        run -2 "$jwt" $file.pem k '{}'
        [ "$output" = 'not an RSA key of 2048 bits or more' ]
    done
    for file in locked.pem "$BATS_FILE_TMPDIR/public.pem"; do
        run -2 "$jwt" "$file" k '{}'
        [ "$output" = 'not the PEM of a private key without a passphrase' ]
    done
}

@test "auth: a service account states its own token, and asks nobody" {
    serve
    service_account sa.json
    auth token > bearer
    [ "$(part 1 | jq -c '[.iss, .sub, .aud, .scope, .exp - .iat]')" = \
        '["robot@project.iam.gserviceaccount.com","robot@project.iam.gserviceaccount.com","https://storage.googleapis.com/",null,3600]' ]
    [ "$(cloud_log)" = '[]' ]
    is_good bearer
}

@test "auth: SLUICE_AUTH=grant fetches a service account's token" {
    serve
    service_account sa.json
    SLUICE_AUTH=grant auth token token > tokens
    [ "$(sort -u tokens | wc -l)" = 1 ]
    head -n 1 tokens > bearer
    is_good bearer
    cloud_did 'token 200' 'objects.list 200'
    [ "$(cloud_log '.[1].auth')" = service-account ]
    [ "$(SLUICE_AUTH=jwt auth token | cut -c 1-3)" = eyJ ]
    export SLUICE_AUTH=Grant
    says 2 'sa.json: SLUICE_AUTH is neither jwt nor grant'
}

@test "auth: a user's login fetches a token" {
    serve
    user user.json
    auth token > bearer
    is_good bearer
    cloud_did 'token 200' 'objects.list 200'
}

@test "auth: an external account exchanges the token in a file" {
    serve
    external ext.json
    auth token > bearer
    is_good bearer
    cloud_did 'sts 200' 'objects.list 200'
    echo '{"a":{},"b":"subject-token"}' > subject
    external_json='.credential_source.format = {type: "json", subject_token_field_name: "b"}'
    external ext.json "$external_json"
    echo '{"a":{},"b":"subject-token"}' > subject
    auth token > bearer
    is_good bearer
}

@test "auth: an external account exchanges the token at a URL" {
    serve
    external ext.json '.credential_source = {url: ($url + "/subject"), headers: {"X-Subject": "please"},
        format: {type: "json", subject_token_field_name: "token"}}'
    auth token > bearer
    is_good bearer
    cloud_did 'subject 200' 'sts 200' 'objects.list 200'
    external ext.json '.credential_source = {url: ($url + "/subject")}'
    says 2 'ext.json: HTTP 403: No header X-Subject'
}

@test "auth: an external account acts for a service account" {
    serve
    external ext.json '.service_account_impersonation_url = ($url + "'$robot'")'
    auth token > bearer
    is_good bearer
    cloud_did 'sts 200' 'impersonate 200' 'objects.list 200'
    [ "$(cloud_log '.[2].auth')" = impersonated ]
}

@test "auth: impersonated_service_account takes every kind as its source" {
    serve
    local file
    service_account service.json
    user user.json
    external external.json
    for file in service user external; do
        write acts.json < <(jq --arg url "$cloud_url$robot" '{type: "impersonated_service_account",
            service_account_impersonation_url: $url, source_credentials: ., delegates: ["d"],
            quota_project_id: "payer"}' $file.json)
        cloud_forget
        auth token quota > out
        [ "$(sed -n 2p out)" = payer ]
        sed 2d out > bearer
        is_good bearer
        [ "$(cloud_log '.[2].auth')" = impersonated ]
    done
    cloud_did 'sts 200' 'impersonate 200' 'objects.list 200'
}

@test "auth: the metadata server gives the machine's token and project" {
    serve
    unset NO_GCE_CHECK
    export GCE_METADATA_HOST=${cloud_url#http://}
    auth token project > out
    [ "$(sed -n 2p out)" = project ]
    sed 2d out > bearer
    is_good bearer
    [ "$(cloud_log '.[0].target')" = '/computeMetadata/v1/instance/service-accounts/default/token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdevstorage.read_only%2Chttps%3A%2F%2Fwww.googleapis.com%2Fauth%2Fbigquery' ]
    cloud_did 'metadata.token 200' 'metadata.project 200' 'objects.list 200'
}

@test "auth: the metadata server is looked for by its address, and by the machine's maker" {
    serve
    unset NO_GCE_CHECK
    export GCE_METADATA_IP=${cloud_url#http://} GCE_METADATA_ROOT=${cloud_url#http://}
    auth token > bearer
    is_good bearer
    cloud_did 'metadata.ping 200' 'metadata.token 200' 'objects.list 200'
    cloud_forget
    echo 'Google Compute Engine' > product
    SLUICE_TEST_PRODUCT=product auth token > bearer
    is_good bearer
    cloud_did 'metadata.token 200' 'objects.list 200'
    cloud_forget
    export NO_GCE_CHECK=true
    says 2 'no credentials for Google Cloud: *'
    [ "$(cloud_log)" = '[]' ]
}

@test "auth: the metadata server is asked past all proxies" {
    serve
    unset NO_GCE_CHECK
    export GCE_METADATA_IP=${cloud_url#http://} GCE_METADATA_ROOT=${cloud_url#http://}
    http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 auth token > bearer
    is_good bearer
}

@test "auth: what answers without Metadata-Flavor is no metadata server" {
    serve
    unset NO_GCE_CHECK
    export GCE_METADATA_IP=${cloud_url#http://} GCE_METADATA_ROOT=${cloud_url#http://}
    cloud_fault '{"op": "metadata.ping", "do": "patch", "headers": {"Metadata-Flavor": null}}'
    says 2 'no credentials for Google Cloud: *'
    cloud_fault '{"op": "metadata.token", "do": "patch", "headers": {"Metadata-Flavor": "Other"}}'
    says 2 'metadata server: what answers has no header Metadata-Flavor: Google'
    cloud_struck
    cloud_fault metadata.token 404
    says 2 'metadata server: HTTP 404: *: this machine has no service account'
}

@test "auth: where nothing is found, the words come within two seconds" {
    nothing_set
    unset NO_GCE_CHECK
    # a port that takes connections and does not answer
    python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(20)' > port &
    echo $! > pid
    until [ -s port ]; do :; done
    GCE_METADATA_IP=127.0.0.1:$(cat port)
    export GCE_METADATA_IP
    SECONDS=0
    says 2 'no credentials for Google Cloud: run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to a credential file or GCS_TOKEN_FILE to a file with a token'
    kill "$(cat pid)"
    [ "$SECONDS" -le 2 ]
}

@test "auth: tokens given are taken in Google's order, before all else" {
    nothing_set
    echo one > one
    printf 'three\r\n' > three
    chmod 600 one three
    export GOOGLE_APPLICATION_CREDENTIALS=none
    export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=three
    [ "$(auth token)" = three ]
    [ "$(CLOUDSDK_AUTH_ACCESS_TOKEN=two auth token)" = two ]
    [ "$(CLOUDSDK_AUTH_ACCESS_TOKEN=two GCS_TOKEN_FILE=one auth token)" = one ]
    [ "$(CLOUDSDK_AUTH_ACCESS_TOKEN=two auth anonymous token)" = two ]
    [ "$(CLOUDSDK_AUTH_ACCESS_TOKEN='' auth token)" = three ]
    unset CLOUDSDK_AUTH_ACCESS_TOKEN_FILE
    [ "$(auth anonymous token)" = '(anonymous)' ]
    says 2 'none: No such file or directory'
}

@test "auth: GOOGLE_APPLICATION_CREDENTIALS goes before gcloud's file, and nothing is behind it" {
    serve
    service_account sa.json '.client_email = "named"'
    mkdir -p home/.config/gcloud config
    service_account home/.config/gcloud/application_default_credentials.json '.client_email = "home"'
    service_account config/application_default_credentials.json '.client_email = "config"'
    issuer() {
        auth token > bearer
        part 1 | jq -r .iss
    }
    export GOOGLE_APPLICATION_CREDENTIALS=sa.json
    [ "$(issuer)" = named ]
    export GOOGLE_APPLICATION_CREDENTIALS=none.json GCE_METADATA_HOST=${cloud_url#http://}
    says 2 'none.json: No such file or directory'
    unset GOOGLE_APPLICATION_CREDENTIALS
    [ "$(issuer)" = home ]
    [ "$(CLOUDSDK_CONFIG=config issuer)" = config ]
    echo '{' > config/application_default_credentials.json
    CLOUDSDK_CONFIG=config says 2 'config/application_default_credentials.json: not JSON: *'
    [ "$(cloud_log)" = '[]' ]
}

@test "auth: broken credentials are told as what they are" {
    nothing_set
    local name
    write bad.json <<< '{"type": "service_account", "private_key": "sesame"'
    says 2 'bad.json: not JSON: *'
    write bad.json <<< '"sesame"'
    says 2 'bad.json: not a JSON object'
    write bad.json < /dev/null
    says 2 'bad.json: not JSON: empty'
    write bad.json <<< '{}'
    says 2 'bad.json: no type in it'
    write bad.json < <(head -c 300000 /dev/zero)
    says 2 'bad.json: File too large'
    write bad.json <<< '{"type": "gdch_service_account", "private_key": "sesame"}'
    says 2 'bad.json: type gdch_service_account: not supported; use CLOUDSDK_AUTH_ACCESS_TOKEN=$(gcloud auth print-access-token)'
    GOOGLE_APPLICATION_CREDENTIALS=$PWD says 2 "$PWD: Is a directory"
    for name in client_email private_key; do
        service_account bad.json "del(.$name)"
        says 2 "bad.json: no $name in it"
        service_account bad.json ".$name = 3"
        says 2 "bad.json: no $name in it"
        service_account bad.json ".$name = \"a\u0000b\""
        says 2 "bad.json: no $name in it"
    done
    for name in client_id client_secret refresh_token; do
        user bad.json "del(.$name)"
        says 2 "bad.json: no $name in it"
    done
    cloud_url=https://localhost
    for name in audience subject_token_type token_url; do
        external bad.json "del(.$name)"
        says 2 "bad.json: no $name in it"
    done
    service_account bad.json '.private_key = "sesame"'
    says 2 'bad.json: private_key: not the PEM of a private key without a passphrase'
    service_account bad.json '.universe_domain = "example.com"'
    says 2 'bad.json: its universe_domain is not googleapis.com'
}

@test "auth: a file that may not be read is told so" {
    nothing_set
    [ "$(id -u)" != 0 ] || skip 'root may read all'
    service_account sa.json
    chmod 0 sa.json
    says 2 'sa.json: Permission denied'
}

@test "auth: external sources that are not supported are refused" {
    serve
    external bad.json '.credential_source = {environment_id: "aws1", url: "http://127.0.0.1/"}'
    says 2 'bad.json: credential_source: AWS is not supported; a file and a url are'
    external bad.json '.credential_source = {executable: {command: "touch run"}}'
    says 2 'bad.json: credential_source: neither a file nor a url in it'
    [ ! -e run ]
    external bad.json '.credential_source = {url: "file:///etc/passwd"}'
    says 2 'bad.json: credential_source: its url is not one'
    external bad.json '.credential_source.file = "none"'
    says 2 'bad.json: credential_source: none: No such file or directory'
    external bad.json '.credential_source.format.type = "xml"'
    says 2 'bad.json: credential_source: its format is neither text nor json with a field'"'"'s name'
    external bad.json
    : > subject
    says 2 'bad.json: credential_source: no token in it'
    external bad.json
    echo sesame > subject
    says 2 'bad.json: HTTP 400: invalid_grant: The subject token is not valid.'
    external bad.json '.client_id = "x"'
    says 2 'bad.json: its client_id is not supported'
    cloud_did 'sts 400'
}

@test "auth: secrets travel over https, or to this machine, alone" {
    serve
    local url
    for url in http://example.com/token http://127.0.0.1@example.com/ ftp://127.0.0.1/ x; do
        user bad.json ".token_uri = \"$url\""
        says 2 'bad.json: its token_uri is not https'
        SLUICE_AUTH=grant service_account bad.json ".token_uri = \"$url\""
        says 2 'bad.json: its token_uri is not https'
        external bad.json ".token_url = \"$url\""
        says 2 'bad.json: its token_url is not https'
        external bad.json ".service_account_impersonation_url = \"$url\""
        says 2 'bad.json: its service_account_impersonation_url is not https'
        write bad.json <<< '{"type": "impersonated_service_account", "service_account_impersonation_url": "'$url'"}'
        says 2 'bad.json: its service_account_impersonation_url is not https'
    done
    [ "$(cloud_log)" = '[]' ]
}

@test "auth: invalid_grant is told with what to do about it" {
    serve
    user user.json '.refresh_token = "sesame"'
    says 2 'user.json: HTTP 400: invalid_grant: Token has been expired or revoked.: this login is no longer good: run gcloud auth application-default login'
    user user.json '.client_secret = "sesame"'
    says 2 'user.json: HTTP 401: invalid_client: The OAuth client was not found.'
    export SLUICE_AUTH=grant
    service_account sa.json '.client_email = "nobody"'
    says 2 'sa.json: HTTP 400: invalid_grant: Invalid issuer.: the key may have been deleted, or this machine'"'"'s clock is wrong'
    external ext.json '.service_account_impersonation_url = ($url + "/v1/projects/-/serviceAccounts/other:generateAccessToken")'
    says 2 'ext.json: HTTP 404: NOT_FOUND: Unknown service account, from the service account to act for'
    cloud_did 'token 400' 'token 401' 'token 400' 'sts 200' 'impersonate 404'
}

@test "auth: a token endpoint that fails for a while is asked again" {
    serve
    local fault
    user user.json
    for fault in 500 503 429 408 drop-before reset-before drop-after truncate:10; do
        cloud_fault token "$fault" 1 2
        auth token > bearer
        is_good bearer
        cloud_struck
    done
    for word in internal_failure server_error temporarily_unavailable; do
        cloud_fault '{"op": "token", "do": "400", "body": "oauth", "reason": "'$word'"}'
        auth token > bearer
        is_good bearer
    done
    cloud_fault '{"op": "token", "do": "503", "times": 0, "retry_after": 100}'
    says 75 'user.json: HTTP 503, asks for a pause of 100 s*'
    cloud_struck
}

@test "auth: other failures of a token endpoint are final, and told" {
    serve
    local shape
    user user.json
    for shape in html xml empty cut json; do
        cloud_forget
        cloud_fault '{"op": "token", "do": "403", "body": "'$shape'"}'
        says 2 'user.json: HTTP 403*'
        cloud_did 'token 403'
    done
    cloud_fault '{"op": "token", "do": "patch", "patch": {"access_token": "a\r\nX: sesame"}}'
    says 2 'user.json: not a token: *'
    cloud_fault '{"op": "token", "do": "patch", "patch": {"access_token": ""}}'
    says 2 'user.json: no token in it'
    cloud_fault '{"op": "token", "do": "patch", "patch": {"token_type": "mac"}}'
    says 2 "user.json: the answer's token is not a bearer's"
    kill "$cloud_pid"
}

# Fails unless two uses fetch $1 tokens where expires_in is $2.
fetches() {
    cloud_forget
    cloud_fault "{\"op\": \"token\", \"do\": \"patch\", \"patch\": {\"expires_in\": $2}, \"times\": 0}"
    auth token token > tokens
    cloud_struck
    [ "$(sort -u tokens | wc -l)" = "$1" ]
    [ "$(cloud_log '[.[] | select(.op == "token")] | length')" = "$1" ]
}

@test "auth: a token is fetched once while it is good, and anew when it is not" {
    serve
    user user.json
    auth token token token > tokens
    [ "$(sort -u tokens | wc -l)" = 1 ]
    cloud_did 'token 200'
    cloud_forget
    fetches 2 1
    fetches 1 '"3599"'
    fetches 1 null
    fetches 1 3599.9
    fetches 2 '"0"'
    fetches 2 -5
}

@test "auth: a token serves on while it is good, where it cannot be renewed for a while" {
    serve
    export SLUICE_TEST_STALE=1
    user user.json
    auth token token > tokens
    [ "$(sort -u tokens | wc -l)" = 2 ]
    cloud_forget
    cloud_fault '{"op": "token", "nth": 2, "times": 0, "do": "503", "retry_after": 100}'
    auth token token token > tokens
    [ "$(sort -u tokens | wc -l)" = 1 ]
    cloud_did 'token 200' 'token 503'
    cloud_struck
    # not what is refused, nor one that will never be renewed
    cloud_fault '{"op": "token", "nth": 2, "times": 0, "do": "503", "retry_after": 100}'
    run -75 --separate-stderr auth token refused token
    cloud_struck
    cloud_fault '{"op": "token", "nth": 2, "do": "400", "body": "oauth", "reason": "invalid_grant"}'
    run -2 --separate-stderr auth token token
    cloud_struck
}

@test "auth: a refused token is given up for another one" {
    serve
    user user.json
    auth token refused token > tokens
    [ "$(sort -u tokens | wc -l)" = 2 ]
    cloud_did 'token 200' 'token 200'
    sed 1d tokens > bearer
    is_good bearer
    # a statement too, in the very same second
    service_account sa.json
    auth token refused token > tokens
    [ "$(sort -u tokens | wc -l)" = 2 ]
}

@test "auth: a token that was given, and refused, has no other" {
    nothing_set
    run -2 --separate-stderr env CLOUDSDK_AUTH_ACCESS_TOKEN=sesame auth token refused token
    [ "$output" = sesame ]
    stderr_is 'auth: CLOUDSDK_AUTH_ACCESS_TOKEN: the token was refused: it has ended, as all do after an hour or so, or it is for something else'
    (umask 077 && echo sesame > file)
    export GCS_TOKEN_FILE=file
    run -2 --separate-stderr auth token refused token
    stderr_is 'auth: file: the token was refused: it has ended, as all do after an hour or so, or it is for something else'
    # one that somebody renews is read again
    mkfifo gate
    auth token wait refused token < gate > tokens &
    exec 7> gate
    until [ -s tokens ]; do :; done
    echo another > file
    echo >&7
    exec 7>&-
    wait $!
    printf 'sesame\nanother\n' | diff - tokens
}

@test "auth: a request refused by a 401 is sent once more, with another token" {
    serve
    unset STORAGE_EMULATOR_HOST
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=$cloud_url
    local kind
    for kind in service_account user; do
        $kind $kind.json
        cloud_forget
        cloud_fault objects.list 401
        [ "$(auth get)" = 200 ]
        [ "$(cloud_log '[.[] | select(.op == "objects.list").status | tostring] | join(" ")')" = '401 200' ]
        cloud_struck
        cloud_forget
        cloud_fault objects.list 401 1 0
        run -2 --separate-stderr auth get
        [[ $stderr = 'auth: HTTP 401: '* ]]
        no_secrets <<< "$stderr"
        [ "$(cloud_log '[.[] | select(.op == "objects.list").status | tostring] | join(" ")')" = '401 401' ]
        cloud_struck
    done
    run -2 --separate-stderr env CLOUDSDK_AUTH_ACCESS_TOKEN=sesame auth get
    [[ $stderr = 'auth: HTTP 401: '*': CLOUDSDK_AUTH_ACCESS_TOKEN: the token was refused: it has ended, as all do after an hour or so, or it is for something else' ]]
    no_secrets <<< "$stderr"
}

@test "auth: traces tell what was asked, and nothing of the secrets" {
    serve
    unset STORAGE_EMULATOR_HOST NO_GCE_CHECK
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=$cloud_url SLUICE_AUTH=grant
    export GCE_METADATA_HOST=${cloud_url#http://}
    service_account service.json
    user user.json
    external external.json '.service_account_impersonation_url = ($url + "'$robot'")'
    external url.json '.credential_source = {url: ($url + "/subject"), headers: {"X-Subject": "please"},
        format: {type: "json", subject_token_field_name: "token"}}'
    local file
    for file in service user external url none; do
        export GOOGLE_APPLICATION_CREDENTIALS=$file.json
        [ -e $file.json ] || unset GOOGLE_APPLICATION_CREDENTIALS
        auth trace token get > out 2> told
        [ "$(sed -n 2p out)" = 200 ]
        grep -q '^> ' told
        run ! grep -F "$(head -n 1 out)" told
        no_secrets < told
    done
}

@test "auth: a file with a secret that is open to others is warned of" {
    serve
    local mode
    service_account sa.json
    for mode in 640 604 660 644; do
        chmod $mode sa.json
        run -0 --separate-stderr auth token
        stderr_is "auth: sa.json: a secret that others may use (mode 0$mode); chmod 600 it"
    done
    chmod 600 sa.json
    run -0 --separate-stderr auth token
    stderr_is ''
    external ext.json
    chmod 644 ext.json
    run -0 --separate-stderr auth token
    stderr_is ''
    echo sesame > bearer
    chmod 644 bearer
    GCS_TOKEN_FILE=bearer run -0 --separate-stderr auth token
    stderr_is 'auth: bearer: a secret that others may use (mode 0644); chmod 600 it'
    GCS_TOKEN_FILE=<(echo pipe) run -0 --separate-stderr auth token
    [ "$output$stderr" = pipe ]
}

@test "auth: a server that repeats a secret is not quoted" {
    serve
    user user.json
    cloud_fault '{"op": "token", "do": "400", "message": "you sent refresh-token and client-secret"}'
    says 2 'user.json: HTTP 400*'
    cloud_fault '{"op": "token", "do": "400", "body": "oauth", "message": "you sent refresh-token"}'
    says 2 'user.json: HTTP 400: invalid'
    cloud_fault '{"op": "token", "do": "400", "message": "got eyJhbGciOi.eyJpc3Mi.c2lnbmF0dXJl"}'
    says 2 'user.json: HTTP 400*'
}

@test "auth: no secret is in arguments, in the environment or in an open file of the process" {
    serve
    user user.json
    mkfifo gate
    auth token wait < gate > bearer &
    exec 7> gate
    until [ -s bearer ]; do :; done
    tr '\0' '\n' < "/proc/$!/cmdline" > seen
    tr '\0' '\n' < "/proc/$!/environ" >> seen
    ls -l "/proc/$!/fd" >> seen
    run ! grep -F "$(cat bearer)" seen
    no_secrets < seen
    run ! grep -F user.json <(ls -l "/proc/$!/fd")
    exec 7>&-
    wait $!
}

@test "auth: a process with credentials leaves no core dump" {
    nothing_set
    ulimit -S -c 1 || skip 'core dumps are forbidden already'
    mkfifo gate
    CLOUDSDK_AUTH_ACCESS_TOKEN=sesame auth token wait < gate > bearer &
    exec 7> gate
    until [ -s bearer ]; do :; done
    grep -E '^Max core file size +0 ' "/proc/$!/limits"
    exec 7>&-
    wait $!
}

@test "auth: the tools work with credentials of every kind, and their producers see none" {
    serve
    unset STORAGE_EMULATOR_HOST
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=$cloud_url SLUICE_STORE=gs://bucket
    service_account service.json
    user user.json
    external external.json
    external acts.json '.service_account_impersonation_url = ($url + "'$robot'")'
    local file
    for file in service user external acts; do
        export GOOGLE_APPLICATION_CREDENTIALS=$file.json
        # shellcheck disable=SC2016
        gcs-put -t 2024-01-01 a/$file -- sh -c 'env; ls -l "/proc/$$/fd"' > receipt 2> told
        jq -e .url receipt
        gcs-get "a/$file/created_at=2024-01-01:00:00:00:000" > seen
        grep -x "GOOGLE_APPLICATION_CREDENTIALS=$file.json" seen
        run ! grep -- "-> .*$file.json" seen
        no_secrets < <(cat receipt told seen)
    done
    gcs-ls a/ | cut -d, -f1 | grep -c created_at | grep -x 4
}

@test "auth: without credentials the tools say what to do, and end with status 2" {
    serve
    unset STORAGE_EMULATOR_HOST
    export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=$cloud_url
    run -2 --separate-stderr gcs-ls -s gs://bucket
    [[ $stderr = 'gcs-ls: '*'no credentials for Google Cloud: run gcloud auth application-default login, or set '* ]]
    [ "$(cloud_log)" = '[]' ]
}

@test "auth: the project is the first that is told" {
    serve
    nothing_set
    mkdir -p home/.config/gcloud/configurations
    printf '[core]\naccount = x\nproject = of-default\n' > home/.config/gcloud/configurations/config_default
    printf '[compute]\nproject = no\n[core]\n project=of-work \n' > home/.config/gcloud/configurations/config_work
    [ "$(auth project)" = of-default ]
    echo work > home/.config/gcloud/active_config
    [ "$(auth project)" = of-work ]
    [ "$(auth anonymous project)" = of-work ]
    [ "$(CLOUDSDK_ACTIVE_CONFIG_NAME=default auth project)" = of-default ]
    [ "$(CLOUDSDK_CONFIG=none auth project)" = '(none)' ]
    service_account sa.json
    [ "$(auth project)" = of-file ]
    [ "$(CLOUDSDK_CORE_PROJECT=c auth project)" = c ]
    [ "$(CLOUDSDK_CORE_PROJECT=c GCLOUD_PROJECT=b auth project)" = b ]
    [ "$(CLOUDSDK_CORE_PROJECT=c GCLOUD_PROJECT=b GOOGLE_CLOUD_PROJECT=a auth project)" = a ]
    unset GOOGLE_APPLICATION_CREDENTIALS NO_GCE_CHECK
    [ "$(CLOUDSDK_CONFIG=none GCE_METADATA_HOST=${cloud_url#http://} auth project)" = project ]
    user user.json
    [ "$(CLOUDSDK_CONFIG=none GCE_METADATA_HOST=${cloud_url#http://} auth project)" = project ]
    cloud_did 'metadata.project 200' 'metadata.project 200'
}

@test "auth: the quota project is of the environment or of the credentials" {
    nothing_set
    [ "$(auth quota)" = '(none)' ]
    user user.json
    [ "$(auth quota)" = payer ]
    [ "$(GOOGLE_CLOUD_QUOTA_PROJECT=other auth quota)" = other ]
}
