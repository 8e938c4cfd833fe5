# What gcs-put does and says when Cloud Storage fails; store-gcs.bats goes through
# all faults of all requests. Whatever happens: an object is whole or absent,
# status 0 means that it is there with these bytes, and no message shows a secret.
load helper
load cloud
load cloud-faults

@test "put: each write names its precondition and its operation, a session no token" {
    do_under "$(rule objects.insert.multipart 503 1 3)" put small
    published small
    again
    do_under "[$(rule resumable.start 503 1 3),$(rule resumable.chunk 503 2)]" put big
    published big
    cloud_log '.[] | select(.op == "resumable.start") | .target' > targets
    [ "$(grep -c 'ifGenerationMatch=0' targets)" -eq 4 ] || wrong 'no precondition'
    cloud_log '.[] | select(.op == "resumable.start") | .headers["x-goog-gcs-idempotency-token"]' |
        sort -u > tokens
    [ "$(grep -c -E '^[0-9a-f-]{36}$' tokens)" -eq 1 ] || wrong 'not one idempotency token'
    [ "$(cloud_log '[.[] | select(.op | test("chunk|query")) | .auth] | unique | tostring')" = '[null]' ] ||
        wrong 'a token for a session'
    cloud_log '.[] | select(.op | test("resumable")) | .headers["user-agent"]' | sort -u > agents
    [ "$(grep -c -E '^gcs-put/[^ ]+ \(sluice\)$' agents)/$(wc -l < agents)" = 1/1 ] || wrong "$(cat agents)"
}

@test "put, large: in chunks as long as they are for users" {
    unset SLUICE_TEST_CHUNK
    head -c 20000001 /dev/urandom > huge
    do_under "$(rule resumable.chunk drop-body:5000000 2)" put huge
    published huge
    [ "$(cloud_log '[.[] | select(.op == "resumable.chunk") | .length] | max')" -eq 8388608 ]
}

@test "put, large: an upload that gets on may fail more often than one that does not" {
    do_under '{"op":"resumable.chunk","do":"store:262144","times":0}' put big
    published big
}

@test "put: what does not pass ends with 75 and leaves nothing" {
    export SLUICE_RETRY_SECONDS=2
    for op in objects.insert.multipart resumable.start resumable.chunk; do
        file=big
        [ "$op" != objects.insert.multipart ] || file=small
        for fault in 503 429 reset-before; do
            do_under "$(rule "$op" "$fault" 1 0)" put $file
            not_published 75
            again
        done
    done
}

@test "put: what does not pass is not repeated" {
    for fault in 400:invalid 403:accessDenied 403:quotaExceeded 404:notFound; do
        for op in objects.insert.multipart resumable.start resumable.chunk; do
            [ "$op$fault" != resumable.chunk404:notFound ] || continue
            file=big
            [ "$op" != objects.insert.multipart ] || file=small
            do_under '{"op":"'"$op"'","do":"'"${fault%:*}"'","reason":"'"${fault#*:}"'","times":0}' put $file
            not_published 2
            grep -q "${fault#*:}" said || wrong 'does not say the reason'
            [ "$(cloud_log "map(select(.op == \"$op\")) | length")" -eq 1 ] || wrong 'asked again'
            again
        done
    done
}

@test "put: a 403 that speaks of the rate is repeated" {
    do_under '{"op":"objects.insert.multipart","do":"403","reason":"rateLimitExceeded"}' put small
    published small
}

@test "put: waits as long as Retry-After says, in seconds or a date" {
    for after in 2 date:3; do
        do_under '{"op":"objects.insert.multipart","do":"503","retry_after":"'"$after"'"}' put small
        published small
        waited=$(cloud_log '.[1].at - .[0].end')
        [ "$waited" -ge 1900 ] || wrong "waited $waited ms"
        again
    done
}

@test "put: an error whose body is no JSON has a clear message" {
    for body in html xml empty cut; do
        do_under '{"op":"objects.insert.multipart","do":"400","body":"'"$body"'","times":0}' put small
        not_published 2
        grep -q 'HTTP 400' said || wrong 'does not say HTTP 400'
        ! grep -q '<' said || wrong 'shows markup'
        again
        do_under '{"op":"objects.insert.multipart","do":"503","body":"'"$body"'"}' put small
        published small
        again
    done
}

@test "put: an answer with another size or checksum is refused, and that generation deleted" {
    for change in '"size":"1"' '"crc32c":"AAAAAA=="'; do
        for case in small:objects.insert.multipart:1 big:resumable.chunk:3; do
            IFS=: read -r file op nth <<< "$case"
            do_under '{"op":"'"$op"'","nth":'"$nth"',"do":"patch","patch":{'"$change"'}}' put "$file"
            not_published 2 75
            generation=$(cloud_log 'map(select(.op == "objects.delete"))[0].target')
            [[ $generation == *generation=* ]] || wrong "did not delete a generation: $generation"
            again
        done
    done
    do_under "[$(rule resumable.chunk 503 2),$(rule resumable.query finalise)]" put big
    not_published 2 75
}

@test "put: an answer that says nothing is no success" {
    for body in '' '{}' '[]' null '<html>Welcome' '{\"size\":\"100000\"}' '{\"crc32c\":7}'; do
        for case in small:objects.insert.multipart:1 big:resumable.chunk:3; do
            IFS=: read -r file op nth <<< "$case"
            do_under "$(rule "$op" "body:$body" "$nth")" put "$file"
            if [ "$code" -eq 0 ]; then published "$file"; else one_line; fi
            again
        done
    done
    for location in "''" '"http://127.0.0.1:1/"' null '"nonsense"'; do
        SLUICE_RETRY_SECONDS=2 do_under '{"op":"resumable.start","do":"patch","headers":{"Location":'"${location//\'/\"}"'}}' put big
        not_published 2 75
        again
    done
}

@test "put: a trace shows neither token nor session" {
    do_under "$(rule resumable.chunk after:503 2)" gcs-put -v x -- cat big
    [ "$code" -eq 0 ] || wrong 'should succeed'
    grep -q '^> POST ' said || wrong 'no trace'
    ! grep -i 'uploadid: [^[]' said || wrong 'shows a session'
}

@test "put, get, ls: no redirect is followed" {
    cloud_put y small
    for status in 301 302 303 307 308; do
        for case in 'objects.insert.multipart:put small' 'resumable.start:put big' 'objects.get.media:gcs-get y' \
            'objects.list:gcs-ls'; do
            # shellcheck disable=SC2086 # a command of several words
            do_under '{"op":"'"${case%%:*}"'","do":"'$status'","body":"empty","times":0,
                "headers":{"Location":"'"$cloud_url"'/elsewhere"}}' ${case#*:}
            [ "$code" -eq 2 ] || wrong 'should be 2'
            one_line
            [ "$(cloud_log 'map(select(.op != "resumable.cancel")) | length')" -eq 1 ] || wrong 'asked again'
        done
    done
}

@test "put, ls, get: names of any characters are what they are" {
    for name in 'a b' 'ü/=:x' '%2F' 'a#b?c' '[x]*' "it's" 'a+b&c=d;e' '"q"' 'x\\y' '~-._'; do
        do_under '[]' gcs-put "$name" -- cat small
        [ "$code" -eq 0 ] || wrong "$name should succeed"
        [ "$(cloud_state '.objects[].name')" = "$name" ] || wrong "$name: another name"
        do_under '[]' gcs-get "$name"
        cmp out small || wrong "$name: other bytes"
        do_under '[]' gcs-ls
        python3 -c 'import csv; print(list(csv.reader(open("out")))[1][0])' | diff - <(printf '%s\n' "$name") ||
            wrong "$name: another name in the list"
        again
    done
}

@test "put: an object of others is never overwritten, whenever it comes" {
    for file in small big; do
        cloud_put x <<< other
        do_under '[]' put $file
        [ "$code" -eq 2 ]
        one_line
        [ "$(cloud_cat x)" = other ]
        again
        mkfifo pipe
        cloud_forget
        { gcs-put x < pipe > out 2> said || echo $? > ended; } &
        { head -c 50000 $file; cloud_put x <<< other; tail -c +50001 $file; } > pipe
        wait $!
        [ "$(cat ended)" -eq 2 ]
        [ "$(cloud_cat x)" = other ]
        rm pipe ended
        again
    done
}

@test "put: an object with the same bytes is a success" {
    for file in small big; do
        cloud_put x $file
        do_under '[]' put $file
        published $file
        [ "$(jq .existed out)" = true ]
        again
    done
}

@test "put: a token that is refused twice is an error, and is not repeated" {
    for op in objects.insert.multipart:small resumable.start:big; do
        do_under "$(rule "${op%:*}" 401 1 0)" put "${op#*:}"
        not_published 2
        [ "$(cloud_log length)" -le 2 ] || wrong 'asked too often'
        again
    done
}

@test "put: a token that is no longer good is renewed once" {
    cloud_key
    cloud_start --public-key public.pem
    for type in authorized_user service_account; do
        cloud_credentials $type
        do_under "$(rule objects.insert.multipart expire)" put small
        [ "$code" -eq 0 ] || wrong 'should succeed'
        [ "$(cloud_log '[.[] | select(.op == "objects.insert.multipart") | .status] | tostring')" = '[401,200]' ] ||
            wrong 'not refused and then repeated once'
        again
    done
    cloud_credentials authorized_user
    do_under "$(rule objects.insert.multipart 401 1 0)" put small
    not_published 2
    [ "$(cloud_log 'map(.op) | tostring')" = '["token","objects.insert.multipart","token","objects.insert.multipart"]' ] ||
        wrong 'not one token more'
}

@test "put: input that fails is never published, and its session is cancelled" {
    do_under '[]' gcs-put x -- sh -c 'cat big; exit 3'
    not_published 2
    [ "$(cloud_state '[.sessions[] | select(.state == "open")] | length')" -eq 0 ] || wrong 'a session is open'
    again
    do_under '[]' gcs-put x -- sh -c 'cat small; exit 3'
    not_published 2
}
