# Stores on Cloud Storage, over the server that plays it: the claims that
# gcs-put.bats, gcs-get.bats, gcs-ls.bats and gcs-rm.bats make for directories,
# and those about requests, faults, memory and secrets.
load helper
load cloud

PATH=$SLUICE_HOOK:$PATH
export SLUICE_STORE=gs://bucket/p SLUICE_TEST_PAUSE=2 SLUICE_TEST_CHUNK=262144

# Fails unless the bucket holds exactly the objects named, and no upload is open.
bucket_is() {
    cloud_state '.objects[].name' > names
    if [ $# -eq 0 ]; then
        [ ! -s names ]
    else
        printf '%s\n' "$@" | diff - names
    fi
    [ "$(cloud_state '[.sessions[] | select(.state == "open")] | length')" -eq 0 ]
}

# The value of key $1 in the receipt $2.
field() {
    jq -r ".$1" "$2"
}

# Waits until the service has seen a chunk.
wait_for_chunk() {
    while [ "$(cloud_log '[.[] | select(.op == "resumable.chunk" and .status)] | length')" -lt 1 ]; do :; done
}

random() { # bytes
    head -c "$1" /dev/urandom
}

# --- put

@test "gs: put publishes standard input byte for byte, get prints it" {
    cloud_start
    for size in 1 100000 262144 262145 524288 524289 786432 1000000; do
        random $size > in
        gcs-put n/$size < in > receipt
        gcs-get n/$size | cmp - in
        [ "$(field bytes receipt)" -eq $size ]
        [ "$(field sha256 receipt)" = "$(sha256sum in | cut -c1-64)" ]
        [ "$(field md5 receipt)" = "$(openssl md5 -binary in | base64)" ]
        [ "$(field url receipt)" = gs://bucket/p/n/$size ]
        cloud_state ".objects[] | select(.name == \"p/n/$size\") |
            \"\\(.size) \\(.crc32c) \\(.md5Hash) \\(.generation)\"" > there
        echo "$size $(field crc32c receipt) $(field md5 receipt) $(field generation receipt)" |
            diff - there
    done
}

@test "gs: an empty object is that of a command without output" {
    cloud_start
    gcs-put a -- true > receipt
    [ "$(field crc32c receipt)" = AAAAAA== ]
    gcs-get a > out
    file_is out ''
    run -2 gcs-put b < /dev/null
    bucket_is p/a
}

@test "gs: the same bytes again are a success that says existed, sent in one piece or in many" {
    cloud_start
    for size in 1000 600000; do
        random $size > in
        gcs-put n/$size < in > first
        gcs-put n/$size < in > second
        [ "$(field existed first)$(field existed second)" = falsetrue ]
        sed 's/"existed": true/"existed": false/' second | cmp - first
    done
    bucket_is p/n/1000 p/n/600000
}

@test "gs: a put never overwrites, and says what is there" {
    cloud_start
    echo one | gcs-put a
    one=$(echo one | sha256sum | cut -c1-64) two=$(echo two! | sha256sum | cut -c1-64)
    run -2 --separate-stderr gcs-put a <<< two!
    stderr_is "gcs-put: gs://bucket/p/a: exists with other bytes and is never overwritten: there 4 bytes, sha256 $one; given 5 bytes, sha256 $two"
    [ -z "$output" ]
    random 600000 > in
    run -2 --separate-stderr gcs-put a < in
    [[ $stderr = *"exists with other bytes and is never overwritten: there 4 bytes, sha256 $one; given 600000 bytes, sha256 $(sha256sum in | cut -c1-64)" ]]
    gcs-put big < in
    run -2 --separate-stderr gcs-put big <<< two!
    [[ $stderr = *"there 600000 bytes, md5 $(openssl md5 -binary in | base64); given 5 bytes, md5 $(echo two! | openssl md5 -binary | base64)" ]]
    [ "$(gcs-get a)" = one ]
    bucket_is p/a p/big
}

@test "gs: every insertion asks that there be no object yet" {
    cloud_start
    echo x | gcs-put a
    random 600000 | gcs-put b
    cloud_log '.[] | select(.op | test("insert|start")) | .target' > targets
    [ "$(wc -l < targets)" -eq 2 ]
    [ "$(grep -c '[?&]ifGenerationMatch=0$' targets)" -eq 2 ]
}

@test "gs: an object that another one put meanwhile stays" {
    cloud_start
    mkfifo in
    gcs-put a < in 2> said & put=$!
    exec 7> in
    random 700000 >&7
    wait_for_chunk
    echo other | cloud_put p/a
    exec 7>&-
    status=0
    wait $put || status=$?
    [ $status -eq 2 ]
    grep 'exists with other bytes and is never overwritten: there 6 bytes, md5' said
    [ "$(gcs-get a)" = other ]
    bucket_is p/a
}

@test "gs: of several puts under one name, one publishes and the others say existed" {
    cloud_start
    local puts=()
    for i in 1 2 3 4; do
        gcs-put a -- head -c 600000 /dev/zero > receipt$i & puts+=($!)
    done
    wait "${puts[@]}"
    [ "$(grep -l '"existed": false' receipt? | wc -l)" -eq 1 ]
    [ "$(grep -l '"existed": true' receipt? | wc -l)" -eq 3 ]
    bucket_is p/a
}

@test "gs: chunks are whole multiples of 256 KiB, the last one of the data carries the total" {
    cloud_start
    head -c 786432 /dev/zero | gcs-put a
    head -c 786433 /dev/zero | gcs-put b
    cloud_log '.[] | select(.op | startswith("resumable.c")) | .headers["content-range"]' > ranges
    file_is ranges 'bytes 0-262143/*
bytes 262144-524287/*
bytes 524288-786431/786432
bytes 0-262143/*
bytes 262144-524287/*
bytes 524288-786431/*
bytes 786432-786432/786433
'
    [ "$(cloud_log '[.[] | select(.op == "resumable.query")] | length')" -eq 0 ]
}

@test "gs: up to a chunk goes in one request, with its checksums" {
    cloud_start
    head -c 262144 /dev/zero | gcs-put a
    cloud_did 'objects.insert.multipart 200'
    [ "$(cloud_state '.objects[0].metadata.sha256')" = "$(head -c 262144 /dev/zero | sha256sum | cut -c1-64)" ]
    cloud_forget
    head -c 262145 /dev/zero | gcs-put b
    cloud_did 'resumable.start 200' 'resumable.chunk 308' 'resumable.chunk 200'
}

@test "gs: a request says its type and length, one of chunks that of the object" {
    cloud_start
    head -c 300000 /dev/zero > in
    gcs-put b < in
    gcs-put -z c < /dev/null -- cat in
    cloud_log '.[] | select(.op | test("^resumable")) | .headers["content-type"]' > types
    file_is types 'application/json; charset=UTF-8
application/octet-stream
application/octet-stream
'
    [ "$(cloud_log '.[0].headers["x-upload-content-type"]')" = application/octet-stream ]
    cloud_state '.objects[] | "\(.name) \(.contentType) \(.contentEncoding)"' > types
    file_is types 'p/b application/octet-stream null
p/c application/gzip null
'
    cloud_log '.[].headers | keys[]' > headers
    run ! grep -x expect headers
    run ! grep -x transfer-encoding headers
}

@test "gs: all attempts of one operation carry the same idempotency token, and our name" {
    cloud_start
    cloud_fault objects.insert.multipart 503 1 2
    echo x | gcs-put a
    cloud_log '.[].headers["x-goog-gcs-idempotency-token"]' | sort | uniq -c > tokens
    [ "$(wc -l < tokens)" -eq 1 ]
    [ "$(awk '{ print $1 }' tokens)" -eq 3 ]
    [[ $(cloud_log '.[0].headers["user-agent"]') = gcs-put/*\ \(sluice\) ]]
}

@test "gs: the URI of an upload is used byte for byte" {
    cloud_start
    cloud_fault resumable.start odd-location
    random 600000 > in
    gcs-put a -- cat in
    cloud_struck
    cloud_log '.[] | select(.op == "resumable.chunk") | .target' | sort -u > targets
    file_is targets '/upload/storage/v1/b/bucket/o?uploadType=resumable&name=%7ea%2fb%20c~d&upload_id=session1
'
    gcs-get a | cmp - in
}

@test "gs: what looks like the end of a request's part is data" {
    cloud_start
    printf 'x\r\n--\r\n--x--\r\n\r\n--' > in
    gcs-put a < in
    gcs-put b < in
    gcs-get a | cmp - in
    # nor can the text between the parts be foreseen
    cloud_log '.[] | select(.op == "objects.insert.multipart") | .headers["content-type"]' | sort -u > types
    [ "$(grep -c '^multipart/related; boundary=' types)" -eq 2 ]
}

@test "gs: a put knows its own object by a random text that no other put has" {
    cloud_start
    echo x | gcs-put a
    echo x | gcs-put b
    random 300000 | gcs-put c
    [ "$(cloud_state '[.objects[].metadata["x-upload-id"]] | unique | length')" -eq 3 ]
}

@test "gs: names are escaped byte by byte, and come back from a list" {
    cloud_start
    for name in 'a b' 'a+b' 'a%2Fb' 'a?b=c&d' 'a#b' "a'b\"" 'created_at=2024-01-26:15:00:00:300' \
        'a/b/c' 'a/..b/.c' 'é/日本' 'a*[b]' 'a\b' '~x-y_z.' '$(x)' 'a,b;c@d!'; do
        echo "$name" | gcs-put "$name" > receipt
        [ "$(gcs-get "$name")" = "$name" ]
        [ "$(field name receipt)" = "$name" ]
        cloud_state '.objects[].name' | grep -Fx "p/$name"
        gcs-rm -f "$name"
        bucket_is
    done
    cloud_log '.[].target' > targets
    grep -F '/o/p%2Fa%3Fb%3Dc%26d?' targets
    grep -F '/o/p%2Fa%252Fb?' targets
    grep -F '/o/p%2F%C3%A9%2F%E6%97%A5%E6%9C%AC?' targets
    grep -F '/o/p%2F~x-y_z.?' targets
    run ! grep -o '/o/[^?]*/' targets
}

@test "gs: names that no store can have are refused before anything is sent" {
    cloud_start
    for name in '' / /a a/ a//b . .. a/../b $'a\nb' $'\377' .well-known/acme-challenge/a; do
        run -2 gcs-put "$name" <<< x
        run -2 gcs-get "$name"
    done
    run -2 gcs-put -s $'gs://bucket/\377' a <<< x
    [ -z "$(cloud_log '.[].op')" ]
}

@test "gs: nothing is left of a put whose command fails" {
    cloud_start
    run -2 --separate-stderr gcs-put a -- sh -c 'echo x; exit 3'
    stderr_is "gcs-put: sh: exit status 3"
    [ -z "$(cloud_log '.[].op')" ]
    mkfifo go
    gcs-put a -- sh -c 'head -c 700000 /dev/zero; cat go; exit 3' 2> said & put=$!
    wait_for_chunk
    : > go
    status=0
    wait $put || status=$?
    [ $status -eq 2 ]
    file_is said 'gcs-put: sh: exit status 3
'
    [ "$(cloud_log '.[-1] | "\(.op) \(.status)"')" = 'resumable.cancel 499' ]
    cloud_log '.[] | select(.op == "resumable.chunk") | .headers["content-range"]' > ranges
    run ! grep -v '/\*$' ranges
    run -75 gcs-put a -- sh -c 'head -c 700000 /dev/zero; exit 75'
    bucket_is
}

@test "gs: nothing is left of a put whose input breaks off" {
    cloud_start
    # reading from a terminal that is gone is an error, and no end of file
    cat > broken.py <<'END'
import os, pty, subprocess, tty
here, there = pty.openpty()
tty.setraw(there)
tool = subprocess.Popen(['gcs-put', 'a'], stdin=here)
os.close(here)
left = 700000
while left:
    left -= os.write(there, bytes(min(left, 4000)))
os.close(there)
raise SystemExit(tool.wait())
END
    run -2 --separate-stderr python3 broken.py
    stderr_is 'gcs-put: standard input: Input/output error'
    [ "$(cloud_log '.[-1] | "\(.op) \(.status)"')" = 'resumable.cancel 499' ]
    cloud_log '.[] | select(.op == "resumable.chunk") | .headers["content-range"]' > ranges
    run ! grep -v '/\*$' ranges
    bucket_is
}

@test "gs: a put whose command fails is not repeated until the service is well again" {
    cloud_start
    cloud_fault resumable.chunk 503 1 0
    cloud_fault resumable.query 503 1 0
    run -2 --separate-stderr timeout 30 gcs-put a -- sh -c 'head -c 500000 /dev/zero; sleep 1; exit 3'
    stderr_is "gcs-put: sh: exit status 3"
    [ "$(cloud_log '.[-1] | "\(.op) \(.status)"')" = 'resumable.cancel 499' ]
}

@test "gs: nothing is left of a put that a signal ends" {
    cloud_start
    for signal in INT TERM HUP; do
        cloud_forget
        mkfifo in
        env --default-signal=INT gcs-put a < in & put=$!
        exec 7> in
        random 700000 >&7
        wait_for_chunk
        kill -$signal $put
        status=0
        wait $put || status=$?
        exec 7>&-
        rm in
        [ "$(cloud_log '.[-1] | "\(.op) \(.status)"')" = 'resumable.cancel 499' ]
        [ $status -gt 128 ]
        bucket_is
    done
}

@test "gs: a put that the service refuses is cancelled" {
    cloud_start
    cloud_fault resumable.chunk 403 2
    run -2 --separate-stderr gcs-put a -- head -c 700000 /dev/zero
    stderr_is "gcs-put: gs://bucket/p/a: HTTP 403: forbidden: A fault: forbidden."
    [ "$(cloud_log '.[-1] | "\(.op) \(.status)"')" = 'resumable.cancel 499' ]
    bucket_is
}

@test "gs: what the service stored wrongly is removed, that generation alone" {
    cloud_start
    cloud_fault '{"op":"objects.insert.multipart","do":"patch","patch":{"crc32c":"AAAAAA=="}}'
    run -2 --separate-stderr gcs-put a <<< x
    [[ $stderr = "gcs-put: gs://bucket/p/a: the service did not store what was sent: there 2 bytes, "*"; generation "*" was removed" ]]
    generation=$(grep -o 'generation [0-9]*' <<< "$stderr" | cut -d' ' -f2)
    [[ $(cloud_log '.[-1].target') = *"/o/p%2Fa?generation=$generation&ifGenerationMatch=$generation" ]]
    bucket_is
}

@test "gs: a wrong object that cannot be removed is told" {
    cloud_start
    cloud_fault '[{"op":"objects.insert.multipart","do":"patch","patch":{"size":"7"}},
        {"op":"objects.delete","do":"403"}]'
    run -2 --separate-stderr gcs-put a <<< x
    [[ $stderr = *" is there, it cannot be removed: HTTP 403: forbidden: A fault: forbidden." ]]
}

@test "gs: a lost upload whose beginning is gone says so, and that it may be run again" {
    cloud_start
    cloud_fault resumable.chunk gone:410 4
    run -75 --separate-stderr gcs-put a -- head -c 1500000 /dev/zero
    stderr_is "gcs-put: gs://bucket/p/a: the service lost the upload, whose first bytes are gone here: nothing was stored, the same command may be run again"
    bucket_is
}

@test "gs: a put that waited long for its input has as much patience as one that did not" {
    cloud_start
    random 700000 > in
    cloud_fault resumable.chunk 503 3 3
    { head -c 600000 in; sleep 2; tail -c +600001 in; } | SLUICE_RETRY_SECONDS=1 gcs-put a > receipt
    cloud_struck
    gcs-get a | cmp - in
}

@test "gs: of an object that may not be looked at, a put says that there is one" {
    cloud_start
    random 300000 > in
    for size in 100 300000; do
        head -c $size in | gcs-put a$size > receipt
        cloud_fault '{"op":"objects.get","do":"403","reason":"forbidden","message":"no right to"}'
        run -2 --separate-stderr gcs-put a$size -- head -c $size in
        stderr_is "gcs-put: gs://bucket/p/a$size: there is such an object, which cannot be compared: HTTP 403: forbidden: no right to"
        cloud_struck
    done
}

@test "gs: a service that cannot be reached is a temporary failure" {
    export STORAGE_EMULATOR_HOST=http://127.0.0.1:1 SLUICE_RETRY_SECONDS=2
    run -75 --separate-stderr timeout 60 gcs-put a <<< x
    [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "gs: no URI of an upload is printed, whatever happens" {
    cloud_start
    for fault in 400 403 404 410 503 drop-before drop-after reset-after truncate:0; do
        cloud_fault resumable.chunk $fault 2
        random 700000 | gcs-put a/$fault > said 2>&1 || true
        run ! grep -e upload_id -e uploadType -e "$CLOUDSDK_AUTH_ACCESS_TOKEN" said
    done
}

@test "gs: a put takes less than 32 MB of memory, however much it is" {
    ! grep -q __asan_init "$(command -v gcs-put)" || skip 'the sanitizer takes memory of its own'
    cloud_start --discard
    unset SLUICE_TEST_CHUNK
    for size in 30000000 120000000; do
        python3 - $size <<'END' >> peaks
import resource, subprocess, sys
with subprocess.Popen(["head", "-c", sys.argv[1], "/dev/zero"], stdout=subprocess.PIPE) as source:
    subprocess.run(["gcs-put", "n/" + sys.argv[1]], stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
    done
    cat peaks
    [ "$(sort -n peaks | tail -n 1)" -lt 32000 ]
}

# --- get

@test "gs: get -o writes a file that appears whole" {
    cloud_start
    random 500000 > in
    gcs-put a < in
    gcs-get -o out a
    cmp in out
    cloud_fault objects.get.media corrupt:400000
    run -2 --separate-stderr gcs-get -o out2 a
    [[ $stderr = "gcs-get: gs://bucket/p/a: not the bytes that are stored: crc32c "*", not $(cloud_state '.objects[0].crc32c')" ]]
    [ ! -e out2 ]
}

@test "gs: get says that there is no such object, or no such bucket" {
    cloud_start
    run -2 --separate-stderr gcs-get a
    stderr_is "gcs-get: gs://bucket/p/a: no such object"
    run -2 --separate-stderr gcs-get -s gs://other a
    stderr_is "gcs-get: gs://other/a: HTTP 404: The specified bucket does not exist."
    run -2 gcs-get -o out a
    [ ! -e out ]
}

@test "gs: get goes on where it broke off, with the generation of its beginning" {
    cloud_start
    random 1000000 > in
    gcs-put a < in > receipt
    cloud_forget
    cloud_fault '[{"op":"objects.get.media","do":"truncate:300000"},
        {"op":"objects.get.media","do":"503","nth":2},
        {"op":"objects.get.media","do":"truncate:300000","nth":3}]'
    gcs-get a | cmp - in
    cloud_log '.[] | "\(.status) \(.headers.range) \(.target)"' > requests
    target="/storage/v1/b/bucket/o/p%2Fa?alt=media"
    file_is requests "200 null $target
503 bytes=300000- $target&generation=$(field generation receipt)
206 bytes=300000- $target&generation=$(field generation receipt)
206 bytes=600000- $target&generation=$(field generation receipt)
"
}

@test "gs: get never mixes two generations" {
    cloud_start --versioned
    random 400000 > old
    gcs-put a < old
    cloud_fault '{"op":"objects.get.media","do":["truncate:100000","replace:new"]}'
    gcs-get a | cmp - old
    [ "$(gcs-get a)" = new ]
}

@test "gs: get says that the object was replaced meanwhile" {
    cloud_start
    random 400000 | gcs-put a
    cloud_fault '{"op":"objects.get.media","do":["truncate:100000","replace:new"]}'
    run -75 --separate-stderr gcs-get -o out a
    stderr_is "gcs-get: gs://bucket/p/a: removed or replaced while it was read; the same command may be run again"
    [ ! -e out ]
}

@test "gs: get asks for gzip as it is stored, checks it and inflates it" {
    cloud_start
    seq 1 200000 > in
    gzip -n < in > in.gz
    cloud_put p/a in.gz contentEncoding=gzip
    gcs-get a | cmp - in
    gcs-get --raw a | cmp - in.gz
    gcs-get -z a | cmp - in
    [ "$(cloud_log '.[-1].headers["accept-encoding"]')" = gzip ]
    cloud_fault objects.get.media truncate:100000
    gcs-get a | cmp - in
    [ "$(cloud_log '.[-1].headers.range')" = bytes=100000- ]
    cloud_fault objects.get.media corrupt:100000
    run -2 gcs-get a
}

@test "gs: get does not take for gzip what is not" {
    cloud_start
    echo text | cloud_put p/a - contentEncoding=gzip
    run -2 --separate-stderr gcs-get a
    stderr_is "gcs-get: gs://bucket/p/a: not gzip data"
    seq 1 1000 | gzip | head -c 1000 | cloud_put p/b - contentEncoding=gzip
    run -2 --separate-stderr gcs-get b
    stderr_is "gcs-get: gs://bucket/p/b: the gzip data end too early"
}

@test "gs: get refuses what was inflated on the way, as it cannot be checked" {
    cloud_start
    seq 1 1000 | gzip -n | cloud_put p/a - contentEncoding=gzip
    cloud_fault '{"op":"objects.get.media","do":"patch","headers":{"Content-Encoding":null}}'
    run -2 --separate-stderr gcs-get a
    stderr_is "gcs-get: gs://bucket/p/a: the service inflated what is stored as gzip, which cannot be checked"
}

@test "gs: get compares with the CRC-32C alone where there is no MD5" {
    cloud_start
    echo one | gcs-put a
    echo two | gcs-put b
    cloud_curl POST /storage/v1/b/bucket/o/p%2Fc/compose --fail-with-body -H 'Content-Type: application/json' \
        --data-binary '{"sourceObjects":[{"name":"p/a"},{"name":"p/b"}],"destination":{"contentType":"text/plain"}}'
    [ "$(gcs-get c)" = $'one\ntwo' ]
    cloud_fault objects.get.media corrupt:5
    run -2 gcs-get c
}

@test "gs: get ends quietly when the reader does" {
    cloud_start
    head -c 3000000 /dev/zero | gcs-put a
    status=0
    { gcs-get a 2> errors || echo $? > status; } | head -c 1 > /dev/null
    [ "$(cat status)" -eq 141 ]
    [ ! -s errors ]
}

@test "gs: get says that the output could not be written" {
    cloud_start
    head -c 300000 /dev/zero | gcs-put a
    to_full() { gcs-get a > /dev/full; }
    run -2 --separate-stderr to_full
    stderr_is "gcs-get: standard output: No space left on device"
}

# --- ls

@test "gs: ls prints name, size, time, generation and location" {
    cloud_start
    printf 123 | gcs-put a/b > receipt
    gcs-ls > out
    created=$(cloud_state '.objects[0].timeCreated')
    file_is out "name,bytes,created,generation,url
a/b,3,${created%Z}000Z,$(field generation receipt),gs://bucket/p/a/b
"
}

@test "gs: ls sorts by the bytes of the whole name, over all pages" {
    cloud_start --page 2
    for name in b a0 a/c/d a/c-d a/c.d a-b a/C é Z; do
        echo x | cloud_put "p/$name"
    done
    echo x | cloud_put other
    cloud_forget
    gcs-ls | sed 1d | cut -d, -f1 > names
    printf '%s\n' Z a-b a/C a/c-d a/c.d a/c/d a0 b é | diff - names
    [ "$(cloud_log length)" -eq 5 ]
    [ "$(gcs-ls a/c | sed 1d | cut -d, -f1 | tr '\n' ' ')" = 'a/c-d a/c.d a/c/d ' ]
    [ "$(gcs-ls -s gs://bucket | sed 1d | wc -l)" -eq 10 ]
}

@test "gs: ls prints the header alone where there is nothing" {
    cloud_start
    [ "$(gcs-ls)" = name,bytes,created,generation,url ]
}

@test "gs: ls says what it cannot read" {
    cloud_start
    run -2 --separate-stderr gcs-ls -s gs://other
    stderr_is "gcs-ls: gs://other: HTTP 404: notFound: The specified bucket does not exist."
    [ -z "$output" ]
    cloud_fault '{"op":"objects.list","do":"patch","patch":{"items":[{"name":"x"}]}}'
    run -2 --separate-stderr gcs-ls
    stderr_is "gcs-ls: gs://bucket/p: the service lists something else than was asked for"
    cloud_fault '{"op":"objects.list","do":"patch","patch":{"items":[{"name":"q","size":"1","generation":"1","crc32c":"x"}]}}'
    run -2 --separate-stderr gcs-ls -s gs://bucket/long/prefix
    stderr_is "gcs-ls: gs://bucket/long/prefix: the service lists something else than was asked for"
    [ -z "$output" ]
}

@test "gs: ls does not turn the same page for ever" {
    cloud_start --page 1
    echo x | gcs-put a
    echo x | gcs-put b
    token=$(cloud_curl GET '/storage/v1/b/bucket/o?maxResults=1' | jq -r .nextPageToken)
    cloud_fault '{"op":"objects.list","do":"patch","patch":{"nextPageToken":"'"$token"'"},"times":0}'
    run -2 --separate-stderr timeout 60 gcs-ls
    stderr_is "gcs-ls: gs://bucket/p: the service sends the same part of the list again"
}

@test "gs: numbers of 64 bits stay exact" {
    cloud_start
    echo x | gcs-put a
    cloud_fault '{"op":"objects.list","do":"patch","patch":{"items":[{"name":"p/a","size":"9223372036854775806","generation":"9223372036854775807","crc32c":"AAAAAA=="}]}}'
    gcs-ls > out
    grep '^a,9223372036854775806,.*,9223372036854775807,' out
}

# --- rm

@test "gs: rm removes exactly the generation that is named" {
    cloud_start
    echo x | gcs-put a > receipt
    generation=$(field generation receipt)
    run -2 --separate-stderr gcs-rm -g 1 a
    stderr_is "gcs-rm: gs://bucket/p/a: generation $generation is there, not 1"
    bucket_is p/a
    gcs-rm -g "$generation" a
    [[ $(cloud_log '.[-1].target') = *"?generation=$generation&ifGenerationMatch=$generation" ]]
    bucket_is
    run -2 --separate-stderr gcs-rm -g "$generation" a
    stderr_is "gcs-rm: gs://bucket/p/a: no such object"
}

@test "gs: rm without a generation asks for it first, so that a repeat removes no other object" {
    cloud_start
    echo x | gcs-put a
    cloud_fault objects.delete after:503
    gcs-rm -f a
    bucket_is
    [ "$(cloud_log '[.[] | select(.op == "objects.delete") | .target] | unique | length')" -eq 1 ]
    [[ $(cloud_log '.[-1].target') = *ifGenerationMatch=* ]]
}

# --- faults

table() {
    cloud_start --page 7
    status=0
    python3 "$ROOT/tests/gcs_faults.py" "$1" > table || status=$?
    sed 's/^/# /' table >&3
    return $status
}

@test "gs: put in one request: whatever the fault, nothing is lost, doubled or seen in part" {
    table put-small
}

@test "gs: put in chunks: whatever the fault, nothing is lost, doubled or seen in part" {
    table put-large
}

@test "gs: put in chunks: whatever the service says that it has, or that it lost" {
    table put-lost
}

@test "gs: get: whatever the fault, all bytes of one generation or a failure" {
    table get
}

@test "gs: ls: whatever the fault, each object once" {
    table list
}

@test "gs: put killed at any request shows nothing in part; the same again completes it" {
    table kill
}
