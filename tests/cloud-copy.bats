# gcs-cp and gcs-rm, and compression, on Cloud Storage.
load helper
load cloud

PATH=${SLUICE_HOOK:-$ROOT/build/hook/bin}:$PATH # a build whose pauses tests choose
export SLUICE_TEST_PAUSE=2

# Files 1 to $1 in the folder in, of some bytes each.
make_files() {
    mkdir in
    for i in $(seq "$1"); do
        echo "$i" > "in/$i"
    done
}

# Fails unless below $1/ of the bucket there is exactly what is in the folder in.
copied_to() {
    rm -rf back
    gcs-cp "gs://bucket/$1/" file:back/ > back.receipts
    rm -rf back/.tmp
    diff -r in back
    gcs-ls -s gs://bucket "$1/" | sed 1d | cut -d, -f1 | sort > names
    [ "$(sort -u names | wc -l)" -eq "$(find in -type f | wc -l)" ]
}

@test "gcs-cp: folders go to Cloud Storage and come back byte for byte, odd names too" {
    cloud_start
    mkdir -p in/sub/deep
    : > in/none
    echo 1 > 'in/sub/a b&c=%41%2F+é#?*[]:;"<>\.csv'
    echo 2 > in/sub/deep/-x
    echo 3 > "in/sub/deep/created_at=2024-01-26:15:00:00:300"
    head -c 9000000 /dev/urandom > in/big
    gcs-cp file:in/ gs://bucket/x/y/ > receipts
    copied_to x/y
    gcs-cp gs://bucket/x/ gs://bucket/z/ > receipts
    [ "$(wc -l < receipts)" -eq 5 ]
    copied_to z/y
}

@test "gcs-cp: a receipt from and to Cloud Storage has both generations" {
    cloud_start
    echo 1 > in
    gcs-cp file:in gs://bucket/a > up
    gcs-cp gs://bucket/a gs://bucket/b > across
    jq -e --slurpfile up up '.from == $up[0].url and .from_generation == $up[0].generation and
        .url == "gs://bucket/b" and .name == "b" and .sha256 == $up[0].sha256 and (.existed | not)' across
    cloud_state '.objects[] | "\(.name) \(.generation)"' | diff - \
        <(jq -r '"\(.name) \(.generation)"' up across)
}

@test "gcs-cp: a small object to Cloud Storage is one request, and one more if it is there" {
    cloud_start
    make_files 20
    gcs-cp -j 3 file:in/ gs://bucket/x/ > first
    [ "$(cloud_log '.[].op' | sort | uniq -c | xargs)" = '20 objects.insert.multipart' ]
    cloud_forget
    gcs-cp -j 3 file:in/ gs://bucket/x/ > second
    [ "$(cloud_log '.[].op' | sort | uniq -c | xargs)" = '20 objects.get 20 objects.insert.multipart' ]
    sed 's/"existed": true/"existed": false/' second | sort | diff - <(sort first)
}

@test "gcs-cp: a large object that is there travels neither way" {
    cloud_start
    head -c 3000000 /dev/urandom > in
    gcs-cp file:in gs://bucket/a > up
    cloud_forget
    gcs-cp file:in gs://bucket/a > again
    cloud_did 'objects.get 200'
    jq -e '.existed and .sha256 != null' again
    gcs-cp gs://bucket/a gs://bucket/b > across
    cloud_forget
    gcs-cp gs://bucket/a gs://bucket/b > again
    cloud_did 'objects.get 200' 'objects.get 200'
    jq -e '.existed and .sha256 == null and .md5 == null' again
    jq -e --slurpfile up up '.crc32c == $up[0].crc32c' again
    gcs-cp gs://bucket/a file:out > down
    cloud_forget
    gcs-cp gs://bucket/a file:out > again
    cloud_did 'objects.get 200'
    jq -e --slurpfile up up '.existed and .sha256 == $up[0].sha256' again
}

@test "gcs-cp: never overwrites an object of Cloud Storage, small or large" {
    cloud_start
    mkdir in
    echo 1 > in/small
    head -c 3000000 /dev/urandom > in/large
    echo 2 | cloud_put x/small
    { head -c 2999999 in/large; echo; } | cloud_put x/large
    cloud_state .objects > before
    run -2 --separate-stderr gcs-cp file:in/ gs://bucket/x/
    [ "${#stderr_lines[@]}" -eq 2 ]
    [ "$(grep -c 'exists with other bytes' <<< "$stderr")" -eq 2 ]
    [ -z "$output" ]
    cloud_state .objects | diff before -
}

@test "gcs-cp: the content type comes along; what is stored compressed comes decompressed" {
    cloud_start
    seq 1000 > in
    gcs-put -s gs://bucket -z a < in > receipt
    gcs-cp gs://bucket/a gs://bucket/b > receipt
    cloud_state '.objects[] | "\(.name) \(.contentType)"' | diff - \
        <(printf '%s application/gzip\n' a b)
    gcs-get -s gs://bucket -z b | cmp - in
    gzip -n < in > in.gz
    cloud_put c in.gz contentEncoding=gzip
    gcs-cp gs://bucket/c file:out > receipt
    cmp in out
    gcs-cp gs://bucket/c file:out | jq -e .existed
}

@test "gcs-put -z, gcs-get -z: on Cloud Storage as in a directory" {
    cloud_start
    seq 300000 > in
    gcs-put -s gs://bucket -z a < in > cloud
    gcs-put -s file:store -z a < in > local
    diff <(jq '.bytes, .sha256' cloud) <(jq '.bytes, .sha256' local)
    cloud_cat a | gzip -dc | cmp - in
    gcs-get -s gs://bucket -z a | cmp - in
    [ "$(cloud_state '.objects[] | "\(.contentType) \(.contentEncoding)"')" = 'application/gzip null' ]
    # nothing is decompressed unasked
    gcs-get -s gs://bucket a | cmp - store/a
    # what is stored compressed by others is decompressed once
    gzip -n < in > in.gz
    cloud_put b in.gz contentEncoding=gzip
    gcs-get -s gs://bucket -z b | cmp - in
}

@test "gcs-cp: a faulty service costs attempts, never an object" {
    cloud_start
    make_files 60
    for fault in 503 429 drop-before drop-after after:503 reset-after; do
        cloud_fault '[{"op": "objects.insert.multipart", "do": "'$fault'", "times": 0, "share": 0.3, "seed": 7}]'
        gcs-cp -j 4 file:in/ gs://bucket/$fault/ > receipts
        cloud_struck
        [ "$(wc -l < receipts)" -eq 60 ]
        copied_to $fault
    done
    for fault in 503 drop-before truncate:1 corrupt:0 stall-body:1:0; do
        cloud_fault '[{"op": "objects.get.media", "do": "'$fault'", "times": 0, "share": 0.3, "seed": 7}]'
        gcs-cp -j 4 gs://bucket/503/ "file:out-$fault/" > receipts || true
        cloud_struck
        (cd "out-$fault" && sha256sum -- * | (cd ../in && sha256sum --quiet -c))
        gcs-cp -j 4 gs://bucket/503/ "file:out-$fault/" > receipts
        rm -r "out-$fault/.tmp"
        diff -r in "out-$fault"
    done
}

@test "gcs-cp: gives up after a hundred failures in a row" {
    cloud_start
    make_files 150
    cloud_fault '{"op": "objects.insert.multipart", "do": "403", "times": 0, "reason": "forbidden"}'
    run -2 --separate-stderr gcs-cp -j 2 file:in/ gs://bucket/x/
    [ "$(grep -c '^gcs-cp: gs://bucket/x/[0-9]*: HTTP 403: forbidden: ' <<< "$stderr")" -le 101 ]
    grep -qx 'gcs-cp: 100 failures in a row: given up' <<< "$stderr"
    [ -z "$output" ]
    [ "$(cloud_state '.objects | length')" -eq 0 ]
}

@test "gcs-cp: gives up a service that is gone after as many failures as it has jobs" {
    export SLUICE_RETRY_SECONDS=1
    cloud_start
    make_files 150
    cloud_fault '{"op": "objects.insert.multipart", "do": "503", "times": 0}'
    run -75 --separate-stderr gcs-cp -j 2 file:in/ gs://bucket/x/
    # the one that failed first may have begun another
    [ "$(grep -c '^gcs-cp: gs://bucket/x/' <<< "$stderr")" -le 3 ]
    grep -qx 'gcs-cp: 2 failures in a row: given up' <<< "$stderr"
    [ -z "$output" ]
    cloud_curl DELETE /_control/faults
    gcs-cp file:in/ gs://bucket/x/ > receipts
    copied_to x
}

@test "gcs-cp: killed at any moment, nothing is seen in part; the same again completes it" {
    cloud_start --delay 3
    mkdir in
    for i in $(seq 40); do
        echo "$i" > "in/$i"
    done
    head -c 9000000 /dev/urandom > in/big
    run -0 python3 - <<'PYTHON'
import random, signal, subprocess, time

rng = random.Random(7)
killed = 0
for turn in range(12):
    command = ["gcs-cp", "-j", "3", "file:in/", "gs://bucket/t%d/" % turn]
    copy = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(rng.uniform(0, 0.3))
    copy.kill()
    killed += copy.wait() == -signal.SIGKILL
    receipts = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    assert receipts.count(b"\n") == 41
assert killed >= 6, killed
PYTHON
    for turn in 0 5 11; do
        copied_to t$turn
    done
    [ "$(cloud_state '.objects | length')" -eq $((12 * 41)) ]
}

@test "gcs-cp: a signal has its processes cancel what they are uploading" {
    export SLUICE_TEST_CHUNK=262144
    cloud_start --delay 20
    mkdir in
    for i in 1 2 3; do
        head -c 20000000 /dev/zero > in/$i
    done
    gcs-cp -j 3 file:in/ gs://bucket/ > receipts 2> err &
    copier=$!
    until [ "$(cloud_log '.[].op' | grep -c resumable.chunk)" -ge 6 ]; do :; done
    kill -TERM $copier
    status=0
    wait $copier || status=$?
    [ $status -eq 143 ]
    for _ in $(seq 200); do
        [ "$(cloud_log '.[].op' | grep -c resumable.cancel)" -lt 3 ] || break
    done
    [ "$(cloud_log '.[].op' | grep -c resumable.cancel)" -eq 3 ]
    [ "$(cloud_state '.objects | length')" -eq 0 ]
    [ ! -s receipts ] && [ ! -s err ]
}

@test "gcs-rm: removes the generation that it looked at, and tells it" {
    cloud_start
    echo 1 | gcs-put -s gs://bucket a > put
    cloud_forget
    gcs-rm -s gs://bucket --force a > receipt
    cloud_did 'objects.get 200' 'objects.delete 204'
    generation=$(jq -r .generation put)
    [ "$(jq -r .generation receipt)" = "$generation" ]
    cloud_log '.[-1].target' | grep -q "[?&]\(ifGenerationMatch\|generation\)=$generation"
    run -2 --separate-stderr gcs-rm -s gs://bucket --force a
    stderr_is "gcs-rm: gs://bucket/a: no such object"
}

@test "gcs-rm: leaves an object of another generation of Cloud Storage" {
    cloud_start
    echo 1 | gcs-put -s gs://bucket a > put
    run -2 --separate-stderr gcs-rm -s gs://bucket -g 17 a
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ "$(cloud_state '.objects | length')" -eq 1 ]
}

@test "gcs-rm: a removal whose answer is lost is told once, as done" {
    cloud_start
    make_files 20
    gcs-cp file:in/ gs://bucket/ > receipts
    cloud_fault '{"op": "objects.delete", "do": "drop-after", "times": 0, "share": 0.4, "seed": 3}'
    seq 20 | xargs gcs-rm -s gs://bucket --force > receipts
    cloud_struck
    [ "$(jq -r .name receipts | sort -u | wc -l)" -eq 20 ]
    [ "$(cloud_state '.objects | length')" -eq 0 ]
}

@test "gcs-rm: a generation that others replaced is not removed, be it kept or not" {
    cloud_start --versioned
    cloud_put a <<< 1
    old=$(cloud_state '.objects[0].generation')
    cloud_put a <<< 2
    run -2 --separate-stderr gcs-rm -s gs://bucket -g "$old" a
    [[ $stderr = "gcs-rm: gs://bucket/a: generation "*" is there, not $old" ]]
    [ -z "$output" ]
    cloud_curl GET "/storage/v1/b/bucket/o/a?generation=$old" --fail > kept
}

@test "gcs-cp, gcs-rm: a key file that is open to others is warned of once, however many jobs" {
    cloud_key
    cloud_start --public-key public.pem
    cloud_credentials service_account
    chmod 644 credentials.json
    make_files 20
    run -0 --separate-stderr gcs-cp -j 4 file:in/ gs://bucket/
    [[ $stderr = *'/credentials.json: a secret that others may use (mode 0644); chmod 600 it' ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
    run -0 --separate-stderr gcs-cp -j 4 gs://bucket/ file:back/
    [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "gcs-ls, gcs-cp: an empty object called like a folder, as Google's console makes it, is none" {
    cloud_start
    for name in dir/ dir/a dir/b/; do
        cloud_put $name < /dev/null
    done
    cloud_put dir/c/ <<< bytes
    [ "$(gcs-ls -s gs://bucket | sed 1d | cut -d, -f1 | xargs)" = 'dir/a dir/c/' ]
    [ "$(gcs-ls -s gs://bucket/dir | sed 1d | cut -d, -f1 | xargs)" = 'a c/' ]
    cloud_curl DELETE "/storage/v1/b/bucket/o/dir%2Fc%2F"
    run -0 --separate-stderr gcs-cp gs://bucket/dir/ file:out/
    [ "$(find out -name .tmp -prune -o -type f -print)" = out/a ]
    stderr_is ''
}
