load helper

export SLUICE_STORE=file:store

# Fails unless the store holds exactly the objects named, and no draft is left.
store_is() {
    gcs-ls | sed 1d | cut -d, -f1 > names
    printf '%s\n' "$@" | diff - names
    [ -z "$(ls -A store/.tmp)" ]
}

@test "gcs-put: publishes standard input byte for byte" {
    head -c 300000 /dev/urandom > in
    gcs-put a/b < in > receipt
    cmp in store/a/b
    store_is a/b
}

@test "gcs-put: prints a receipt that other tools agree with" {
    printf 'x,y\r\n1,\0002\n' > in
    gcs-put a/b < in > receipt
    run -0 python3 - <<'EOF'
import base64, hashlib, json, os
data = open("in", "rb").read()
stat = os.stat("store/a/b")
crc = 0xFFFFFFFF
for byte in data:
    crc ^= byte
    for _ in range(8):
        crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
want = {
    "url": "file:store/a/b",
    "name": "a/b",
    "generation": str(stat.st_mtime_ns // 1000),
    "bytes": len(data),
    "sha256": hashlib.sha256(data).hexdigest(),
    "md5": base64.b64encode(hashlib.md5(data).digest()).decode(),
    "crc32c": base64.b64encode((crc ^ 0xFFFFFFFF).to_bytes(4, "big")).decode(),
    "created_at": None,
    "existed": False,
}
text = open("receipt").read()
got = json.loads(text)
assert got.pop("tool").startswith("gcs-put ")
assert list(got.items()) == list(want.items()), got
assert text.endswith("}\n") and text.count("\n") == 1
EOF
}

@test "gcs-put: -t puts the time into the name and the receipt" {
    gcs-put -t 2024-01-26T15:00:00.3009Z s/t <<< x > receipt
    store_is s/t/created_at=2024-01-26:15:00:00:300
    [ "$(field created_at receipt)" = 2024-01-26T15:00:00.300900Z ]
    [ "$(field name receipt)" = s/t/created_at=2024-01-26:15:00:00:300 ]
}

@test "gcs-put: the same bytes again are a success that says existed" {
    echo one | gcs-put -t 2024-01-26 a > first
    echo one | gcs-put -t 2024-01-26 a > second
    [ "$(field existed first)$(field existed second)" = falsetrue ]
    sed 's/"existed": true/"existed": false/' second | cmp - first
}

@test "gcs-put: never overwrites" {
    echo one | gcs-put a
    run -2 --separate-stderr gcs-put a <<< two!
    one=$(echo one | sha256sum | cut -c1-64) two=$(echo two! | sha256sum | cut -c1-64)
    stderr_is "gcs-put: file:store/a: exists with other bytes and is never overwritten: there 4 bytes, sha256 $one; given 5 bytes, sha256 $two"
    [ -z "$output" ]
    file_is store/a 'one
'
    store_is a
}

@test "gcs-put: publishes an empty object that a command made" {
    gcs-put a -- true > receipt
    [ "$(field bytes receipt)" -eq 0 ]
    [ "$(field crc32c receipt)" = AAAAAA== ]
    store_is a
}

@test "gcs-put: refuses empty input, which a failed producer leaves" {
    run -2 --separate-stderr gcs-put a < /dev/null
    stderr_is "gcs-put: standard input: empty; NAME -- true is an empty object"
    [ -z "$output" ]
    echo x | gcs-put a
    store_is a
    run -2 --separate-stderr gcs-put a < /dev/null
}

@test "gcs-put: makes objects read-only" {
    gcs-put a -- true
    [ "$(find store -type f -perm 0444)" = store/a ]
}

@test "gcs-put: refuses names that a store cannot have" {
    for name in '' / /a a/ a//b . .. ../a a/../b a/. .tmp .tmp/a $'a\nb' $'a\rb' $'a\001' $'\377' \
        .well-known/acme-challenge/a "$(printf '%01025d' 0)"; do
        run -2 --separate-stderr gcs-put "$name" < /dev/null
        [ "${#stderr_lines[@]}" -eq 1 ]
    done
    [ ! -e a ]
    run -2 --separate-stderr gcs-put a/../../b < /dev/null
    stderr_is "gcs-put: file:store/a/../../b: '.' or '..' as a part of the name"
}

@test "gcs-put: does not write through an object into a folder" {
    echo x | gcs-put a
    run -2 --separate-stderr gcs-put a/b <<< y
    stderr_is "gcs-put: file:store/a/b: a folder of this name is an object here"
    echo x | gcs-put c/d
    run -2 --separate-stderr gcs-put c <<< y
    stderr_is "gcs-put: file:store/c: a folder of other objects here"
    store_is a c/d
}

@test "gcs-put: publishes what a command prints" {
    gcs-put a -- printf '%s\n' one -x -- > receipt
    file_is store/a 'one
-x
--
'
    store_is a
}

@test "gcs-put: -z publishes what gzip and Python's gzip decompress" {
    seq 300000 > in
    gcs-put -z a < in > receipt
    gzip -dc < store/a | cmp - in
    python3 -c 'import gzip, sys; sys.stdout.buffer.write(gzip.open("store/a").read())' | cmp - in
    [ "$(field bytes receipt)" -eq "$(stat -c %s store/a)" ]
    [ "$(field sha256 receipt)" = "$(sha256sum < store/a | cut -c1-64)" ]
    [ "$(field bytes receipt)" -lt 1000000 ]
    gcs-put -z b -- true > receipt
    [ "$(gzip -dc < store/b | wc -c)" -eq 0 ]
}

@test "gcs-put: -z makes the same object of the same bytes, however they come" {
    seq 300000 > in
    gcs-put -z a < in > first
    gcs-put -z a -- sh -c 'dd bs=777 if=in 2> dd.err' > second
    [ "$(field existed first)$(field existed second)" = falsetrue ]
    # no time and no name
    [ "$(head -c 10 store/a | od -An -tx1 | tr -d ' ')" = 1f8b08000000000000ff ]
}

@test "gcs-put: -z publishes nothing of a command that fails, and no empty input" {
    run -2 gcs-put -z a -- sh -c 'echo x; exit 3'
    run -2 --separate-stderr gcs-put -z a < /dev/null
    stderr_is "gcs-put: standard input: empty; NAME -- true is an empty object"
    gcs-put b -- true
    store_is b
}

@test "gcs-put: gives the command its standard input" {
    echo hello | gcs-put a -- tr h j
    file_is store/a 'jello
'
}

@test "gcs-put: publishes nothing when the command fails" {
    run -2 --separate-stderr gcs-put a -- sh -c 'echo x; exit 3'
    stderr_is "gcs-put: sh: exit status 3"
    run -2 --separate-stderr gcs-put a -- sh -c 'echo x; kill -9 $$'
    stderr_is "gcs-put: sh: killed by signal 9"
    run -2 --separate-stderr gcs-put a -- ./no-such-command
    stderr_is "gcs-put: ./no-such-command: No such file or directory"
    [ "$(gcs-ls)" = name,bytes,created,generation,url ]
    gcs-put b -- true
    store_is b
}

@test "gcs-put: passes on that a command's failure is temporary" {
    run -75 --separate-stderr gcs-put a -- sh -c 'exit 75'
    stderr_is "gcs-put: sh: exit status 75"
}

@test "gcs-put: does not wait for what a command leaves behind" {
    mkfifo fifo
    run -0 timeout 20 gcs-put a -- sh -c 'cat fifo > /dev/null 2>&1 3>&- & echo x'
    : > fifo
    file_is store/a 'x
'
}

@test "gcs-put: takes the command along when it is killed" {
    mkfifo held
    gcs-put a -- sh -c 'exec 9> held; exec yes 2> /dev/null' &
    exec 8< held
    kill -9 $!
    run -0 timeout 20 cat <&8
}

@test "gcs-put: checks name and store before it runs the command" {
    run -2 gcs-put a/ -- touch ran
    run -2 gcs-put -s file:/dev/null a -- touch ran
    [ ! -e ran ]
}

@test "gcs-put: publishes nothing when standard input cannot be read" {
    from_folder() { gcs-put a < .; }
    from_closed() { gcs-put a <&-; }
    run -2 --separate-stderr from_folder
    stderr_is "gcs-put: standard input: Is a directory"
    run -2 --separate-stderr from_closed
    stderr_is "gcs-put: standard input: Bad file descriptor"
    [ -z "$(ls -A store/.tmp)" ]
}

@test "gcs-put: publishes nothing when the store is full" {
    head -c 100000 /dev/zero > in
    full() {
        trap '' XFSZ
        ulimit -f 10
        gcs-put a < in
    }
    run -2 --separate-stderr full
    stderr_is "gcs-put: file:store/a: File too large"
    [ -z "$(ls -A store/.tmp)" ]
    gcs-put a < in
    cmp in store/a
}

@test "gcs-put: says that the receipt could not be written, and tells it again" {
    to_full() { gcs-put a <<< x > /dev/full; }
    run -2 --separate-stderr to_full
    stderr_is "gcs-put: standard output: No space left on device"
    echo x | gcs-put a > receipt
    [ "$(field existed receipt)" = true ]
}

@test "gcs-put: wants a store" {
    unset SLUICE_STORE
    run -2 --separate-stderr gcs-put a
    stderr_is "gcs-put: no store: set SLUICE_STORE or -s to a location like file:DIR or gs://BUCKET"
    run -2 --separate-stderr gcs-put -s gs:/// a
    stderr_is "gcs-put: 'gs:///': not a location like file:DIR or gs://BUCKET"
    run -2 --separate-stderr gcs-put -s s3://bucket a
    stderr_is "gcs-put: 's3://bucket': not a location like file:DIR or gs://BUCKET"
}

@test "gcs-put: says what is wrong with the store's directory" {
    touch file
    run -2 --separate-stderr gcs-put -s file:file a
    stderr_is "gcs-put: file:file: Not a directory"
}

@test "gcs-put: wants a name, and a command behind --" {
    run -2 --separate-stderr gcs-put
    [ "${stderr_lines[0]}" = "gcs-put: NAME is missing" ]
    run -2 --separate-stderr gcs-put a cat
    [ "${stderr_lines[0]}" = "gcs-put: unexpected operand 'cat'; a command follows --" ]
    run -2 --separate-stderr gcs-put a --
    [ "${stderr_lines[0]}" = "gcs-put: no command behind --" ]
}

# More than a pipe holds: when it is written, the reader is at work.
@test "gcs-put: of several puts under one name, one publishes and the others say existed" {
    mkfifo in1 in2 in3 in4
    for i in 1 2 3 4; do
        gcs-put a < in$i > receipt$i &
    done
    head -c 200000 /dev/zero | tee in1 in2 in3 > in4
    wait
    [ "$(grep -l '"existed": false' receipt? | wc -l)" -eq 1 ]
    [ "$(grep -l '"existed": true' receipt? | wc -l)" -eq 3 ]
    store_is a
}

@test "gcs-put: of two puts of different bytes, one publishes and the other fails" {
    mkfifo in1 in2
    gcs-put a < in1 & one=$!
    gcs-put a < in2 & two=$!
    exec 7> in1 8> in2
    echo 1 >&7
    echo 2 >&8
    exec 8>&-
    wait $two
    exec 7>&-
    status=0
    wait $one || status=$?
    [ $status -eq 2 ]
    file_is store/a '2
'
    store_is a
}

@test "gcs-put: leaves the draft of a put that is under way" {
    mkfifo in
    gcs-put slow < in & slow=$!
    exec 7> in
    head -c 200000 /dev/zero >&7
    echo quick | gcs-put quick
    [ -n "$(ls store/.tmp)" ]
    head -c 100000 /dev/zero >&7
    exec 7>&-
    wait $slow
    head -c 300000 /dev/zero | cmp - store/slow
    store_is quick slow
}

@test "gcs-put: killed at any moment, shows nothing in part; the same again completes it" {
    run -0 python3 - <<'EOF'
import os, random, signal, subprocess, time

data = os.urandom(1 << 20) * 4
open("in", "wb").write(data)
rng = random.Random(7)
killed = 0
for turn in range(40):
    name = "d%d/object" % turn
    put = subprocess.Popen(["gcs-put", name, "--", "cat", "in"], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + rng.uniform(0, 0.04)
    while put.poll() is None and time.monotonic() < deadline:
        pass
    put.kill()
    killed += put.wait() == -signal.SIGKILL
    path = "store/" + name
    assert not os.path.exists(path) or open(path, "rb").read() == data, name
    subprocess.run(["gcs-put", name, "--", "cat", "in"], stdout=subprocess.DEVNULL, check=True)
    assert open(path, "rb").read() == data, name
    assert os.stat(path).st_mode & 0o777 == 0o444, name
assert killed >= 10, killed
# the command of a killed put may hold its draft's lock until it is executed
subprocess.run(["gcs-put", "last", "--", "true"], stdout=subprocess.DEVNULL, check=True)
assert os.listdir("store/.tmp") == []
EOF
}
