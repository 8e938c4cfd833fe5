load helper
load cloud

# No tool runs here: the secrets that these tests hold are their own.
# shellcheck disable=SC2034 # for cloud.bash
cloud_own='*'

# The status and the body (in file "answer") of a request.
ask() {
    cloud_curl "$@" -o answer -D head -w '%{http_code}\n'
}

# Fails unless a request is answered by status $1 and reason $2.
refused() {
    local status=$1 reason=$2
    shift 2
    [ "$(ask "$@")" = "$status" ]
    jq -r '.error.errors[0].reason' answer | diff - <(echo "$reason")
    jq -r '.error.code' answer | diff - <(echo "$status")
}

object=/storage/v1/b/bucket/o/
upload=/upload/storage/v1/b/bucket/o

@test "server: a multipart object comes back, with its checksums" {
    cloud_start
    printf -- '--xx\r\nContent-Type: application/json\r\n\r\n%s\r\n--xx\r\nContent-Type: text/csv\r\n\r\n%s\r\n--xx--' \
        '{"name":"a/b","crc32c":"4waSgw==","metadata":{"x":"y"}}' 123456789 > body
    [ "$(ask POST "$upload?uploadType=multipart&ifGenerationMatch=0" \
        -H 'Content-Type: multipart/related; boundary=xx' --data-binary @body)" = 200 ]
    [ "$(jq -c '[.name, .size, .crc32c, .md5Hash, .contentType, .metadata.x]' answer)" = \
        '["a/b","9","4waSgw==","JfnnlDI7RTiF9RgfG2JNCw==","text/csv","y"]' ]
    [ "$(ask GET "${object}a%2Fb?alt=media")" = 200 ]
    [ "$(cat answer)" = 123456789 ]
    grep -x $'x-goog-hash: crc32c=4waSgw==\r' head
    grep -x $'x-goog-hash: md5=JfnnlDI7RTiF9RgfG2JNCw==\r' head
}

@test "server: lists, reads and deletes what was put" {
    cloud_start
    cloud_put a/1 <<< one
    cloud_put 'b/=:ü' <<< two
    [ "$(ask GET "$object")" = 404 ]
    [ "$(ask GET "${object%/}?prefix=b%2F&fields=items(name,size),nextPageToken")" = 200 ]
    [ "$(jq -c . answer)" = '{"items":[{"name":"b/=:ü","size":"4"}]}' ]
    [ "$(cloud_cat 'b/=:ü')" = two ]
    [ "$(ask DELETE "${object}a%2F1")" = 204 ]
    refused 404 notFound GET "${object}a%2F1"
    [ "$(cloud_state '.objects[].name')" = 'b/=:ü' ]
}

@test "server: faults strike before the effect and after it, on the nth request" {
    cloud_start
    cloud_fault objects.insert.media 503 2
    cloud_fault objects.insert.media drop-after 3
    cloud_put a <<< x
    run ! cloud_put b <<< x
    run ! cloud_put b <<< x
    [ "$(cloud_state '[.objects[].name] | join(" ")')" = 'a b' ]
    cloud_did 'objects.insert.media 200' 'objects.insert.media 503' 'objects.insert.media null'
    cloud_struck
}

# Starts an upload of object $1 with the query's further parameters $2 and a
# header $3; $session is its path and query.
start() {
    [ "$(ask POST "$upload?uploadType=resumable&name=$1${2:+&$2}" -H 'Content-Length: 0' \
        -H 'X-Upload-Content-Type: text/csv' -H "${3:-X-Any: any}")" = 200 ]
    session=$(sed -n $'s/^Location: \\(.*\\)\r$/\\1/p' head)
    session=${session#"$cloud_url"}
}

# Sends bytes $1 to $2 of file "in" as of $3 in all; the status and Range of the answer.
chunk() {
    local range
    dd if=in bs=65536 iflag=skip_bytes,count_bytes skip="$1" count=$(($2 - $1 + 1)) of=part status=none
    curl -gsS -X PUT "$cloud_url$session" -H 'Content-Type: text/csv' -H Expect: \
        -H "Content-Range: bytes $1-$2/$3" --data-binary @part -o answer -D head -w '%{http_code} ' || return
    sed -n $'s/^Range: \\(.*\\)\r$/\\1/p' head | grep . || echo
}

query() { # of $1 bytes in all
    curl -gsS -X PUT "$cloud_url$session" -H "Content-Range: bytes */$1" -H 'Content-Length: 0' \
        -o answer -D head -w '%{http_code} ' || return
    sed -n $'s/^Range: \\(.*\\)\r$/\\1/p' head | grep . || echo
}

@test "server: a resumable upload in chunks, asked about between them" {
    cloud_start
    head -c 600000 /dev/urandom > in
    start a ifGenerationMatch=0
    [ "$(query '*')" = '308 ' ]
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-262143' ]
    [ "$(query '*')" = '308 bytes=0-262143' ]
    [ "$(query 600000)" = '308 bytes=0-262143' ]
    [ -z "$(cloud_state '.objects[]')" ]
    [ "$(chunk 262144 599999 600000)" = '200 ' ]
    cloud_cat a | cmp in
    [ "$(jq -r .contentType answer)" = text/csv ]
    [ "$(query '*')" = '200 ' ]
    [ "$(jq -r .size answer)" = 600000 ]
    cloud_log '.[-1].target' > target
    grep 'upload_id=session1$' target
    run ! grep -F "${session##*=}" <(cloud_log)
}

@test "server: bytes sent again are ignored, a gap is refused" {
    cloud_start
    head -c 786432 /dev/urandom > in
    start a
    [ "$(chunk 0 524287 '*')" = '308 bytes=0-524287' ]
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-524287' ]
    [ "$(chunk 524289 786431 786432)" = '400 ' ]
    [ "$(chunk 262144 786431 786432)" = '200 ' ]
    cloud_cat a | cmp in
    [ "$(cloud_state '.sessions[].resent')" = 524288 ]
}

@test "server: a chunk whose Content-Range is wrong is refused" {
    cloud_start
    head -c 600000 /dev/urandom > in
    start a
    [ "$(chunk 0 99999 '*')" = '400 ' ]        # not a multiple of 256 KiB
    [ "$(chunk 0 262144 600000)" = '400 ' ]    # nor the last
    [ "$(chunk 0 262143 262143)" = '400 ' ]    # behind the end
    for range in '' 'bytes 0-2' 'bytes 0-3/3' 'bytes 0-1/*' 'bytes=0-2/3' 'bytes 2-0/3' 'bytes */3'; do
        curl -gsS -X PUT "$cloud_url$session" -H 'Content-Type: text/csv' \
            -H "Content-Range: $range" -d abc -o answer -w '%{http_code}\n'
    done | uniq -c | grep -w '7 400'
    [ "$(query '*')" = '308 ' ]
    [ "$(chunk 0 262143 600000)" = '308 bytes=0-262143' ]
    [ "$(chunk 262144 524287 600001)" = '400 ' ] # the total has changed
    [ "$(chunk 262144 599999 600000)" = '200 ' ]
}

@test "server: a bodiless finaliser completes what is stored, and an empty object" {
    cloud_start
    head -c 262144 /dev/urandom > in
    start a
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-262143' ]
    [ "$(query 262144)" = '200 ' ]
    start b
    [ "$(query 0)" = '200 ' ]
    [ "$(cloud_state '.objects[] | "\(.name) \(.size) \(.crc32c)"' | tail -n 1)" = 'b 0 AAAAAA==' ]
}

@test "server: a session refuses another type, another length and a wrong checksum" {
    cloud_start
    echo abc > in
    start a
    curl -gsS -X PUT "$cloud_url$session" -H 'Content-Range: bytes 0-3/4' --data-binary @in \
        -o answer -w '%{http_code}\n' | grep 400
    curl -gsS -X PUT "$cloud_url$session" -H 'Content-Range: bytes 0-3/4' --data-binary @in \
        -H 'Content-Type: text/csv' -H 'x-goog-hash: crc32c=AAAAAA==' -o answer -w '%{http_code}\n' |
        grep 400
    start b '' 'X-Upload-Content-Length: 5'
    [ "$(query 4)" = '400 ' ]
    [ -z "$(cloud_state '.objects[]')" ]
}

@test "server: a cancelled session answers 499 and is over" {
    cloud_start
    head -c 262144 /dev/urandom > in
    start a
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-262143' ]
    [ "$(curl -gsS -X DELETE "$cloud_url$session" -o answer -w '%{http_code}')" = 499 ]
    [ "$(query 262144)" = '499 ' ]
    [ -z "$(cloud_state '.objects[]')" ]
}

@test "server: a precondition is judged at the start and at completion" {
    cloud_start
    echo abc > in
    start a ifGenerationMatch=0
    cloud_put a <<< first
    [ "$(chunk 0 3 4)" = '412 ' ]
    [ "$(cloud_cat a)" = first ]
    refused 412 conditionNotMet POST "$upload?uploadType=resumable&name=a&ifGenerationMatch=0" -d ''
    refused 412 conditionNotMet POST "$upload?uploadType=media&name=a&ifGenerationMatch=0" -d x
    refused 412 conditionNotMet DELETE "${object}a?ifGenerationMatch=5"
    generation=$(cloud_state '.objects[].generation')
    [ "$(ask POST "$upload?uploadType=media&name=a&ifGenerationMatch=$generation" -d x)" = 200 ]
    refused 412 conditionNotMet DELETE "${object}a?ifGenerationMatch=$generation"
    refused 404 notFound DELETE "${object}a?generation=$generation"
    [ "$(ask GET "${object}a?generation=$generation&alt=media")" = 404 ]
    [ "$(cat answer)" = 'No such object: bucket/a' ]
}

@test "server: parts of an object, and none behind its end" {
    cloud_start
    printf 0123456789 | cloud_put a
    for case in '0-:206:0123456789:0-9/10' '3-5:206:345:3-5/10' '8-99:206:89:8-9/10' \
        '-3:206:789:7-9/10' '10-:416::*/10' '5-4:416::*/10'; do
        IFS=: read -r range status bytes said <<< "$case"
        [ "$(ask GET "${object}a?alt=media" -H "Range: bytes=$range")" = "$status" ]
        [ "$(cat answer)" = "$bytes" ]
        grep -xF "Content-Range: bytes $said"$'\r' head
    done
    grep '^x-goog-hash: crc32c=' head
    [ "$(ask GET "${object}a?alt=media" -H 'Range: lines=1-2')" = 200 ]
}

@test "server: an object stored as gzip is inflated for who does not take it" {
    cloud_start
    seq 1000 > in
    gzip -n < in > in.gz
    cloud_put a in.gz contentEncoding=gzip
    [ "$(ask GET "${object}a?alt=media" -H 'Range: bytes=5-')" = 200 ]
    cmp in answer
    grep -i '^transfer-encoding: chunked' head
    run ! grep -i '^content-length' head
    grep '^x-goog-stored-content-encoding: gzip' head
    grep "^x-goog-stored-content-length: $(stat -c %s in.gz)" head
    [ "$(ask GET "${object}a?alt=media" -H 'Accept-Encoding: gzip' -H 'Range: bytes=5-')" = 206 ]
    tail -c +6 in.gz | cmp - answer
    grep -i '^content-encoding: gzip' head
}

@test "server: composes objects, whose md5 nobody knows" {
    cloud_start
    printf abc | cloud_put a
    printf def | cloud_put b
    [ "$(ask POST "${object}c/compose?ifGenerationMatch=0" -H 'Content-Type: application/json' \
        -d '{"sourceObjects":[{"name":"a"},{"name":"b"}],"destination":{"contentType":"text/csv"}}')" = 200 ]
    [ "$(jq -c '[.size, .md5Hash, .componentCount]' answer)" = '["6",null,2]' ]
    [ "$(cloud_cat c)" = abcdef ]
    refused 412 conditionNotMet POST "${object}c/compose?ifGenerationMatch=0" \
        -H 'Content-Type: application/json' -d '{"sourceObjects":[{"name":"a"}]}'
    refused 404 notFound POST "${object}d/compose" -H 'Content-Type: application/json' \
        -d '{"sourceObjects":[{"name":"a","generation":"7"}]}'
    refused 400 invalid POST "${object}d/compose" -H 'Content-Type: application/json' \
        -d "$(jq -nc '{sourceObjects: [range(33) | {name: "a"}]}')"
}

@test "server: names come in order of their bytes, folders once" {
    cloud_start
    for name in b/2 b a/1 é 'a b' a/2/3 Z; do
        cloud_put "$name" <<< x
    done
    [ "$(ask GET "${object%/}")" = 200 ]
    [ "$(jq -r '[.items[].name] | join("|")' answer)" = 'Z|a b|a/1|a/2/3|b|b/2|é' ]
    [ "$(ask GET "${object%/}?delimiter=%2F&maxResults=3")" = 200 ]
    [ "$(jq -c '[.prefixes, [.items[].name]]' answer)" = '[["a/"],["Z","a b"]]' ]
    [ "$(ask GET "${object%/}?delimiter=%2F&pageToken=$(jq -r .nextPageToken answer)")" = 200 ]
    [ "$(jq -c '[.prefixes, [.items[].name], .nextPageToken]' answer)" = '[["b/"],["b","é"],null]' ]
    [ "$(ask GET "${object%/}?prefix=a%2F&delimiter=%2F")" = 200 ]
    [ "$(jq -c '[.prefixes, [.items[].name]]' answer)" = '[["a/2/"],["a/1"]]' ]
    [ "$(ask GET "${object%/}?startOffset=a%2F&endOffset=b")" = 200 ]
    [ "$(jq -r '[.items[].name] | join("|")' answer)" = 'a/1|a/2/3' ]
    refused 400 invalid GET "${object%/}?pageToken=abc"
    cloud_fault objects.list empty-page 1 2
    [ "$(ask GET "${object%/}")" = 200 ]
    [ "$(ask GET "${object%/}?pageToken=$(jq -r .nextPageToken answer)")" = 200 ]
    [ "$(jq -c .items answer)" = null ]
    [ "$(ask GET "${object%/}?pageToken=$(jq -r .nextPageToken answer)")" = 200 ]
    [ "$(jq '.items | length' answer)" = 7 ]
    [ "$(ask GET "${object%/}?delimiter=%2F&maxResults=4")" = 200 ]
    cloud_fault objects.list repeat-prefixes
    [ "$(ask GET "${object%/}?delimiter=%2F&pageToken=$(jq -r .nextPageToken answer)")" = 200 ]
    [ "$(jq -c .prefixes answer)" = '["a/","b/"]' ]
}

@test "server: refuses what the real one refuses, and what no tool should send" {
    cloud_start
    cloud_put a/b <<< x
    refused 404 notFound GET "${object}a/b"
    refused 404 notFound GET /storage/v1/b/other/o
    refused 400 invalidParameter GET "${object}a%2Fb?generation=x"
    refused 400 invalidParameter GET "${object}a%2Fb?altt=media"
    refused 400 invalidParameter GET "${object}a%2Fb?fields=name&fields=size"
    refused 400 invalidParameter GET "${object}a%2Fb?fields=name("
    refused 400 invalid GET "${object}a%FFb"
    refused 400 invalid POST "$upload?uploadType=media&name=." -d x
    refused 400 invalid POST "$upload?uploadType=media&name=a%0Ab" -d x
    refused 400 invalid POST "$upload?uploadType=media&name=$(printf '%01025d' 0)" -d x
    refused 400 badContent POST "$upload?uploadType=multipart" -d x
    refused 411 lengthRequired POST "$upload?uploadType=media&name=a" -H 'Transfer-Encoding: chunked' -d x
    refused 400 parseError POST "$upload?uploadType=resumable&name=a" -d '{}'
    [ "$(curl -s -o answer -w '%{http_code}' --expect100-timeout 5 -H 'Expect: 100-continue' \
        -d x "$cloud_url$upload?uploadType=media&name=a")" = 417 ]
    printf -- '--xx\r\nContent-Type: application/json\r\n\r\n%s\r\n--xx\r\nContent-Type: a/b\r\n\r\nabc\r\n--xx--' \
        '{"name":"c","crc32c":"4waSgw=="}' > body
    refused 400 invalid POST "$upload?uploadType=multipart" \
        -H 'Content-Type: multipart/related; boundary=xx' --data-binary @body
    tr -d '\r' < body > bare
    refused 400 badContent POST "$upload?uploadType=multipart" \
        -H 'Content-Type: multipart/related; boundary=xx' --data-binary @bare
    [ "$(cloud_state '.objects[].name')" = a/b ]
}

@test "server: wants a token, one that it knows" {
    cloud_start
    cloud_put a <<< x
    cloud_token='' refused 401 required GET "${object}a"
    cloud_token=other refused 401 authError GET "${object}a"
    [ "$(cloud_log 'map(.auth) | join(",")')" = given,,unknown ]
    run ! grep -F "$cloud_token" <(cloud_log)
    cloud_fault objects.get expire
    refused 401 authError GET "${object}a"
    refused 401 authError GET "${object}a"
    cloud_start --anonymous
    refused 404 notFound GET "${object}a"
}

@test "server: a session keeps less of a chunk, loses what it had, or is lost" {
    cloud_start
    head -c 786432 /dev/urandom > in
    start a
    cloud_fault resumable.chunk store:1000
    [ "$(chunk 0 524287 '*')" = '308 bytes=0-999' ]
    [ "$(chunk 1000 525287 '*')" = '308 bytes=0-525287' ]
    cloud_fault resumable.query forget:262144
    [ "$(query '*')" = '308 bytes=0-262143' ]
    cloud_fault resumable.chunk store:0
    [ "$(chunk 262144 786431 786432)" = '308 bytes=0-262143' ]
    [ "$(chunk 262144 786431 786432)" = '200 ' ]
    cloud_cat a | cmp in
    cloud_struck
    start b
    cloud_fault resumable.chunk gone:410 2
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-262143' ]
    [ "$(chunk 262144 524287 '*')" = '410 ' ]
    [ "$(query '*')" = '410 ' ]
    cloud_struck
}

@test "server: lies about what a session has, and about the object" {
    cloud_start
    head -c 524288 /dev/urandom > in
    start a
    cloud_fault '{"op":"resumable.*","do":"patch","headers":{"Range":"bytes=0-99999999"}}'
    [ "$(chunk 0 262143 '*')" = '308 bytes=0-99999999' ]
    cloud_fault '{"op":"resumable.*","do":"patch","headers":{"Range":null}}'
    [ "$(query '*')" = '308 ' ]
    cloud_fault '{"op":"resumable.*","do":"patch","patch":{"size":"1","crc32c":"AAAAAA=="}}'
    [ "$(chunk 262144 524287 524288)" = '200 ' ]
    [ "$(jq -r .size answer)" = 1 ]
    [ "$(cloud_state '.objects[].size')" = 524288 ]
    start b
    [ "$(chunk 0 262143 524288)" = '308 bytes=0-262143' ]
    cloud_fault resumable.query finalise
    [ "$(query 524288)" = '200 ' ]
    [ "$(jq -r .size answer)" = 262144 ]
    cloud_struck
}

@test "server: what a broken chunk brought in whole pieces stays" {
    cloud_start
    head -c 786432 /dev/urandom > in
    start a
    cloud_fault resumable.chunk drop-body:300000
    run ! chunk 0 786431 786432
    [ "$(query '*')" = '308 bytes=0-262143' ]
    cloud_fault resumable.chunk stall-read:600000
    run ! timeout 1 curl -gsS -X PUT "$cloud_url$session" -H 'Content-Type: text/csv' -H Expect: \
        -H "Content-Range: bytes 0-786431/786432" --data-binary @in
    [ "$(query '*')" = '308 bytes=0-524287' ]
    cloud_fault resumable.chunk drop-after
    run ! chunk 524288 786431 786432
    [ "$(query '*')" = '200 ' ]
    cloud_cat a | cmp in
}

@test "server: breaks off, stalls, corrupts and replaces what is read" {
    cloud_start
    head -c 600000 /dev/urandom > in
    cloud_put a in
    for case in truncate:1000:18:1000 truncate:-1:18:599999 stall-body:70000:28:70000 \
        corrupt:5:0:600000 stall::28:0 stall-before::28:0 drop-before::52:0 reset-before::56:0 reset-after::56:0; do
        IFS=: read -r fault at status length <<< "$case"
        cloud_fault objects.get.media "$fault${at:+:$at}"
        : > answer
        run "-$status" curl -gsS -H "Authorization: Bearer $cloud_token" -m 0.5 \
            -o answer "$cloud_url${object}a?alt=media"
        [ "$(stat -c %s answer)" = "$length" ]
        [ "$fault" != corrupt ] || [ "$(cmp -l in answer | wc -l)" -eq 1 ]
        cloud_struck
    done
    cloud_fault objects.get.media ignore-range
    [ "$(ask GET "${object}a?alt=media" -H 'Range: bytes=5-9')" = 200 ]
    cmp in answer
    cloud_fault objects.get.media replace
    cloud_cat a | cmp in
    [ "$(cloud_cat a)" = 'something else' ]
    cloud_fault objects.get.media join-hashes
    [ "$(ask GET "${object}a?alt=media")" = 200 ]
    grep '^x-goog-hash: crc32c=.*,md5=' head
}

@test "server: chance strikes as often as it is told to, and the same way again" {
    cloud_start
    for run in 1 2; do
        cloud_fault '{"op":"objects.get","do":"503","times":0,"share":0.3,"seed":7}'
        cloud_forget
        for _ in {1..40}; do
            ask GET "${object}a" > /dev/null
        done
        cloud_struck
        cloud_log '.[].status' > "$run"
    done
    cmp 1 2
    [ "$(grep -c 503 1)" -gt 4 ]
    [ "$(grep -c 404 1)" -gt 16 ]
}

@test "server: keeps older generations if told to" {
    cloud_start --versioned
    cloud_put a <<< one
    generation=$(cloud_state '.objects[].generation')
    cloud_put a <<< two
    [ "$(ask GET "${object}a?generation=$generation&alt=media")" = 200 ]
    [ "$(cat answer)" = one ]
    [ "$(ask GET "${object%/}?versions=true")" = 200 ]
    [ "$(jq '.items | length' answer)" = 2 ]
    [ "$(ask DELETE "${object}a?generation=$generation")" = 204 ]
    refused 404 notFound GET "${object}a?generation=$generation"
    [ "$(cloud_cat a)" = two ]
}

@test "server: an error's body is JSON, HTML, XML, nothing or cut" {
    cloud_start
    cloud_fault '{"op":"objects.get","do":"403","reason":"quotaExceeded","message":"No more."}'
    refused 403 quotaExceeded GET "${object}a"
    grep '"message": "No more."' answer
    cloud_fault '[{"op":"objects.get","do":"503","body":"html","retry_after":7}]'
    [ "$(ask GET "${object}a")" = 503 ]
    grep '^<!DOCTYPE html>' answer
    grep -x $'Retry-After: 7\r' head
    cloud_fault '{"op":"objects.get","do":"429","body":"empty","retry_after":"date:60"}'
    [ "$(ask GET "${object}a")" = 429 ]
    [ "$(stat -c %s answer)" = 0 ]
    at=$(sed -n $'s/^Retry-After: \\(.*\\)\r$/\\1/p' head)
    wait=$(($(date -d "$at" +%s) - $(date +%s)))
    [ "$wait" -ge 57 ]
    [ "$wait" -le 60 ]
    cloud_fault '{"op":"objects.get","do":"500","body":"cut"}'
    [ "$(ask GET "${object}a")" = 500 ]
    run ! jq . answer
    cloud_fault '{"op":"objects.get","do":"302","body":"empty","headers":{"Location":"http://x/"}}'
    [ "$(ask GET "${object}a")" = 302 ]
    grep -x $'Location: http://x/\r' head
    cloud_put a <<< x
    cloud_fault objects.get 'body:<p>hello'
    [ "$(ask GET "${object}a")" = 200 ]
    [ "$(cat answer)" = '<p>hello' ]
    cloud_fault '{"op":"objects.get","do":"500","body":"xml"}'
    [ "$(ask GET "${object}a")" = 500 ]
    grep '^<?xml' answer
    run ! cloud_fault objects.get nonsense
}

encode() { # base64url
    base64 -w 0 | tr '+/' '-_' | tr -d =
}

# A JWT of the claims $1, signed with key.pem.
sign() {
    local head
    head=$(printf '%s' '{"alg":"RS256","typ":"JWT","kid":"key1"}' | encode).$(printf '%s' "$1" | encode)
    printf '%s.%s' "$head" "$(printf '%s' "$head" | openssl dgst -sha256 -sign key.pem | encode)"
}

@test "server: takes a JWT that the service account signed, for a token or as one" {
    cloud_key
    cloud_start --public-key public.pem
    email=robot@project.iam.gserviceaccount.com now=$(date +%s)
    common='"iss":"'$email'","iat":'$now',"exp":'$((now + 3600))
    scope='"scope":"https://www.googleapis.com/auth/devstorage.read_only"'
    cloud_token=$(sign "{$common,\"sub\":\"$email\",$scope}")
    refused 404 notFound GET "${object}a"
    refused 403 insufficientPermissions POST "$upload?uploadType=media&name=a" -d x
    cloud_token=$(sign "{$common,\"sub\":\"$email\",\"aud\":\"https://storage.googleapis.com/\"}")
    [ "$(ask POST "$upload?uploadType=media&name=a" -d x)" = 200 ]
    cloud_token=$(sign "{$common,\"sub\":\"$email\",\"aud\":\"https://bigquery.googleapis.com/\"}")
    refused 403 insufficientPermissions GET "${object}a"
    cloud_token=${cloud_token%?????}AAAAA
    refused 401 authError GET "${object}a"
    cloud_token=
    grant=urn:ietf:params:oauth:grant-type:jwt-bearer
    jwt=$(sign "{$common,\"aud\":\"https://oauth2.googleapis.com/token\",$scope}")
    [ "$(ask POST /token -d grant_type=$grant -d "assertion=$jwt")" = 200 ]
    cloud_token=$(jq -r .access_token answer)
    [ "$(ask GET "${object}a")" = 200 ]
    [ "$(cloud_log '.[-1].auth')" = service-account ]
    cloud_token=
    for claims in "$common,\"aud\":\"https://example.com/token\",$scope" \
        "$common,\"aud\":\"https://oauth2.googleapis.com/token\",\"exp\":$((now + 4000)),$scope" \
        "\"aud\":\"https://oauth2.googleapis.com/token\",$scope"; do
        [ "$(ask POST /token -d grant_type=$grant -d "assertion=$(sign "{$claims}")")" = 400 ]
        [ "$(jq -r .error answer)" = invalid_grant ]
    done
}

@test "server: refreshes, exchanges, impersonates and gives a machine's token" {
    cloud_start --expires 1
    cloud_token=
    [ "$(ask POST /token -d grant_type=refresh_token -d client_id=client \
        -d client_secret=client-secret -d refresh_token=refresh-token)" = 200 ]
    cloud_token=$(jq -r .access_token answer)
    refused 404 notFound GET "${object}a"
    [ "$(cloud_log '.[-1].auth')" = authorized-user ]
    sleep 1
    refused 401 authError GET "${object}a"
    cloud_token=
    [ "$(ask POST /token -d grant_type=refresh_token -d client_id=client \
        -d client_secret=client-secret -d refresh_token=old)" = 400 ]
    [ "$(jq -r .error answer)" = invalid_grant ]
    type=urn:ietf:params:oauth:token-type
    [ "$(ask POST /v1/token -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
        -d audience=//iam.googleapis.com/projects/1/x -d subject_token=subject-token \
        -d subject_token_type=$type:jwt -d requested_token_type=$type:access_token \
        -d scope=https://www.googleapis.com/auth/cloud-platform)" = 200 ]
    cloud_token=$(jq -r .access_token answer)
    email=robot@project.iam.gserviceaccount.com
    [ "$(ask POST "/v1/projects/-/serviceAccounts/$email:generateAccessToken" \
        -H 'Content-Type: application/json' -d '{"scope":["x"],"lifetime":"60s"}')" = 200 ]
    cloud_token=$(jq -r .accessToken answer)
    refused 403 insufficientPermissions GET "${object}a"
    [ "$(cloud_log '.[-1].auth')" = impersonated ]
    cloud_token=
    metadata=/computeMetadata/v1
    [ "$(ask GET "$metadata/instance/service-accounts/default/token")" = 403 ]
    [ "$(ask GET "$metadata/instance/service-accounts/default/token?scopes=a,b" \
        -H 'Metadata-Flavor: Google')" = 200 ]
    grep -x $'Metadata-Flavor: Google\r' head
    [ "$(jq -r .expires_in answer)" = 1 ]
    [ "$(ask GET $metadata/project/project-id -H 'Metadata-Flavor: Google')" = 200 ]
    [ "$(cat answer)" = project ]
}

@test "server: speaks TLS" {
    cloud_tls
    cloud_start --tls server.pem server.key
    CURL_CA_BUNDLE=ca.pem cloud_put a <<< x
    [ "$(CURL_CA_BUNDLE=ca.pem cloud_cat a)" = x ]
    run -60 cloud_cat a
    cloud_start --tls expired.pem expired.key
    run -60 env CURL_CA_BUNDLE=ca.pem curl -s "$cloud_url/"
}

@test "server: Google's own client for Python puts, gets, lists and deletes" {
    # python3 -m venv build/venv && build/venv/bin/pip install google-cloud-storage
    python=$ROOT/build/venv/bin/python
    "$python" -c 'import google.cloud.storage' 2> /dev/null || skip 'no google-cloud-storage'
    cloud_start --anonymous
    "$python" "$ROOT/tests/servers/client.py" "$cloud_url"
}

@test "server: Google's own client recovers from faults as it does from real ones" {
    python=$ROOT/build/venv/bin/python
    "$python" -c 'import google.cloud.storage' 2> /dev/null || skip 'no google-cloud-storage'
    cloud_start --anonymous
    cloud_fault '[{"op":"resumable.start","do":"503"},
        {"op":"resumable.chunk","do":"after:503","nth":2},
        {"op":"resumable.chunk","do":"store:262144","nth":3},
        {"op":"resumable.chunk","do":"drop-after","nth":4},
        {"op":"objects.insert.multipart","do":"503"},
        {"op":"objects.get.media","do":"503"},
        {"op":"objects.list","do":"500"},
        {"op":"objects.compose","do":"503"},
        {"op":"objects.delete","do":"503"}]'
    "$python" "$ROOT/tests/servers/client.py" "$cloud_url"
    cloud_struck
}

@test "server: Google's own library gets tokens by credentials of each type" {
    python=$ROOT/build/venv/bin/python
    "$python" -c 'import google.auth, requests' 2> /dev/null || skip 'no google-auth'
    cloud_key
    cloud_start --public-key public.pem
    for type in service_account authorized_user external_account impersonated metadata; do
        cloud_credentials $type
        "$python" - "$cloud_url/token" > token <<'END'
import sys
import google.auth
import google.oauth2.credentials
from google.auth.transport.requests import Request
credentials, _ = google.auth.default(scopes=['https://www.googleapis.com/auth/devstorage.read_write'])
if isinstance(credentials, google.oauth2.credentials.Credentials): # a user's come without it
    credentials = credentials.with_token_uri(sys.argv[1])
credentials.refresh(Request())
print(credentials.token)
END
        cloud_token=$(cat token) refused 404 notFound GET "${object}a"
    done
    cloud_log '.[] | select(.op == "objects.get") | .auth' | diff - <(printf '%s\n' \
        service-account authorized-user sts impersonated metadata)
}
