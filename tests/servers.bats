load helper
load cloud

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
    ! cloud_put b <<< x
    ! cloud_put b <<< x
    [ "$(cloud_state '[.objects[].name] | join(" ")')" = 'a b' ]
    cloud_did 'objects.insert.media 200' 'objects.insert.media 503' 'objects.insert.media null'
    cloud_struck
}
