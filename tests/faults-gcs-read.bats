# What gcs-get, gcs-ls, gcs-rm and gcs-cp do and say when Cloud Storage fails;
# store-gcs.bats goes through all faults of all requests. What comes is what is
# stored, or it is an error.
load helper
load cloud
load cloud-faults

@test "get: never mixes two versions of an object" {
    cloud_put x big
    do_under '{"op":"objects.get.media","do":["truncate:1000000","replace"]}' gcs-get x
    got big
    cloud_start
    cloud_put x big
    do_under '{"op":"objects.get.media","do":["truncate:1000000","replace"]}' gcs-get x
    [ "$code" -ne 0 ]
    one_line
    cmp -n "$(stat -c %s out)" out big
    again
    cloud_put x big
    do_under '{"op":"objects.get.media","do":["truncate:1000000","replace"]}' gcs-get -o file x
    [ "$code" -ne 0 ]
    [ ! -e file ]
}

@test "get: 200 in the place of 206, and a 206 of another part" {
    cloud_put x big
    do_under "[$(rule objects.get.media truncate:1000000),$(rule objects.get.media ignore-range 2)]" gcs-get x
    got big
    do_under "[$(rule objects.get.media truncate:1000000),$(rule objects.get.media ignore-range 2)]" gcs-get -o file x
    cmp file big
    for range in 'bytes 0-2500000/2500001' 'bytes 1000001-2500000/2500001' nonsense; do
        do_under "[$(rule objects.get.media truncate:1000000),"'{"op":"objects.get.media","nth":2,"do":"patch","headers":{"Content-Range":"'"$range"'"}}]' gcs-get -o file2 x
        if [ "$code" -eq 0 ]; then cmp file2 big; else [ ! -e file2 ]; fi
        rm -f file2
    done
}

@test "get: corrupted bytes are an error, and no file" {
    cloud_put x big
    for at in 0 1000000 -1; do
        do_under "$(rule objects.get.media "corrupt:$at")" gcs-get x
        [ "$code" -ne 0 ] || wrong 'should fail'
        one_line
        do_under "$(rule objects.get.media "corrupt:$at")" gcs-get -o file x
        [ "$code" -ne 0 ] || wrong 'should fail'
        [ ! -e file ]
        do_under "[$(rule objects.get.media truncate:1500000),$(rule objects.get.media "corrupt:$at" 2)]" gcs-get -o file x
        [ "$code" -ne 0 ] || wrong 'should fail'
        [ ! -e file ]
    done
}

@test "get: checks hashes in one line or in several" {
    cloud_put x small
    do_under "$(rule objects.get.media join-hashes)" gcs-get x
    got small
    do_under '[{"op":"objects.get.media","do":["join-hashes","corrupt:5"]}]' gcs-get x
    [ "$code" -ne 0 ]
}

@test "get: what is not there, or not allowed, is asked for once" {
    do_under '[]' gcs-get x
    [ "$code" -eq 2 ]
    one_line
    [ "$(cloud_log length)" -eq 1 ]
    cloud_put x small
    for fault in 403:accessDenied 400:invalid; do
        do_under '{"op":"objects.get*","do":"'"${fault%:*}"'","reason":"'"${fault#*:}"'","times":0}' gcs-get x
        [ "$code" -eq 2 ] || wrong 'should fail'
        one_line
        [ "$(cloud_log length)" -eq 1 ] || wrong 'asked again'
    done
    SLUICE_RETRY_SECONDS=2 do_under "$(rule 'objects.get*' 503 1 0)" gcs-get x
    [ "$code" -eq 75 ] || wrong 'should be 75'
}

@test "get: inflates what others stored as gzip, broken streams too" {
    seq 300000 > lines
    gzip -n < lines > lines.gz
    cloud_put x lines.gz contentEncoding=gzip
    do_under '[]' gcs-get x
    got lines
    do_under "$(rule objects.get.media truncate:10000 1 3)" gcs-get x
    got lines
    do_under "$(rule objects.get.media corrupt:-3)" gcs-get x
    [ "$code" -ne 0 ] || wrong 'should fail'
}

# The list's names are those of file "names".
listed() {
    [ "$code" -eq 0 ] || wrong 'should succeed'
    sed 1d out | cut -d, -f1 | diff - names || wrong 'other names'
}

@test "ls: every object once, whatever the pages" {
    printf '%s\n' a a/b a0 b/1 b/2 c é > names
    cloud_start --page 2
    while read -r name; do
        cloud_put "$name" <<< x
    done < names
    do_under '[]' gcs-ls
    listed
    do_under "$(rule objects.list repeat-prefixes 1 0)" gcs-ls
    listed
    SLUICE_RETRY_SECONDS=2 do_under "$(rule objects.list 503 2 0)" gcs-ls
    [ "$code" -eq 75 ] || wrong 'should be 75'
    do_under '{"op":"objects.list","do":"403","reason":"accessDenied","times":0}' gcs-ls
    [ "$code" -eq 2 ] || wrong 'should be 2'
    [ "$(cloud_log length)" -eq 1 ] || wrong 'asked again'
}

@test "rm: a removal whose answer is lost is one all the same" {
    for fault in $sometimes; do
        cloud_put x small
        cloud_put y small
        do_under "$(rule objects.delete "$fault" 1 2)" gcs-rm -g "$(cloud_state '.objects[0].generation')" x
        [ "$code" -eq 0 ] || wrong 'should succeed'
        [ "$(cloud_state '.objects[].name')" = y ] || wrong 'other objects'
        cloud_struck
    done
    do_under '[]' gcs-rm -g 12345 y
    [ "$code" -eq 2 ] || wrong 'should be 2'
    [ "$(cloud_state '.objects[].name')" = y ] || wrong 'removed another generation'
    SLUICE_RETRY_SECONDS=2 do_under "$(rule objects.delete 503 1 0)" gcs-rm --force y
    [ "$code" -eq 75 ] || wrong 'should be 75'
}

@test "cp: many objects at once, each right or named as failed" {
    mkdir -p tree/a
    for i in {1..20}; do
        head -c $((i * 5000)) big > "tree/a/$i"
    done
    for fault in 503 drop-after after:503 reset-before; do
        again
        do_under '{"op":"*","do":"'$fault'","times":0,"share":0.2,"seed":5}' gcs-cp -j 4 file:tree/a/ gs://bucket/b/
        [ "$code" -eq 0 ] || wrong 'should succeed'
        [ "$(cloud_state '.objects | length')" -eq 20 ] || wrong 'not 20 objects'
        [ "$(wc -l < out)" -eq 20 ] || wrong 'not 20 receipts'
        cloud_curl DELETE /_control/faults > cloud.answer
        rm -rf back
        do_under '{"op":"*","do":"'$fault'","times":0,"share":0.2,"seed":6}' gcs-cp -j 4 gs://bucket/b/ file:back/
        [ "$code" -eq 0 ] || wrong 'should succeed'
        rm -rf back/.tmp
        diff -r tree/a back || wrong 'other files'
    done
    again
    do_under '{"op":"objects.insert.*","nth":3,"do":"403","reason":"accessDenied"}' \
        gcs-cp -j 4 file:tree/a/ gs://bucket/b/
    [ "$code" -eq 2 ] || wrong 'should be 2'
    [ "$(cloud_state '.objects | length')" -ge 19 ] || wrong 'gave up on others'
}

@test "put and get: through ten faults in a hundred requests, all objects are right" {
    for seed in 1 2 3; do
        rules='[{"op":"*","times":0,"share":0.1,"seed":'"$seed"',"do":"503"},
            {"op":"*","times":0,"share":0.1,"seed":1'"$seed"',"do":"reset-after"},
            {"op":"resumable.chunk","times":0,"share":0.2,"seed":2'"$seed"',"do":"drop-body:300000"},
            {"op":"objects.get.media","times":0,"share":0.5,"seed":3'"$seed"',"do":"truncate:300000"}]'
        for file in small big; do
            again
            do_under "$rules" put $file
            cloud_curl DELETE /_control/faults > cloud.answer
            published $file
            do_under "$rules" gcs-get x
            got $file
        done
    done
}
