load helper

# A folder with files of all kinds of names and sizes.
make_folder() {
    mkdir -p in/sub/deep in/empty
    : > in/none
    echo 1 > in/one
    echo 2 > 'in/sub/a b&c=%41+é#?*[]:.csv'
    echo 3 > in/sub/deep/.hidden
    echo 4 > in/sub/deep/-x
    echo 5 > in/sub-
    head -c 3000000 /dev/urandom > in/big
}

# Fails unless both folders hold the same files.
same_files() {
    diff <(cd "$1" && find . -path ./.tmp -prune -o -type f -exec sha256sum {} + | sort) \
        <(cd "$2" && find . -path ./.tmp -prune -o -type f -exec sha256sum {} + | sort)
}

no_drafts() {
    [ -z "$(find "$@" -path '*.tmp/*')" ]
}

@test "gcs-cp: copies everything below a folder byte for byte, a receipt each" {
    make_folder
    gcs-cp file:in/ file:out/ > receipts
    same_files in out
    no_drafts out
    [ "$(wc -l < receipts)" -eq "$(find in -type f | wc -l)" ]
    [ ! -e out/empty ]
    [ "$(find out -type f ! -perm 0444)" = "" ]
}

@test "gcs-cp: prints a receipt that leads from the copy to the original" {
    printf 'x,y\r\n' > data
    gcs-put -s file:from a/b < data > put
    gcs-cp file:from/a/b file:to/c > receipt
    cmp data to/c
    run -0 python3 - <<'PYTHON'
import json, os
text = open("receipt").read()
got, put = json.loads(text), json.load(open("put"))
assert got.pop("tool").startswith("gcs-cp ")
want = {"from": "file:from/a/b", "from_generation": put["generation"], "url": "file:to/c",
    "generation": str(os.stat("to/c").st_mtime_ns // 1000), "name": "c", "bytes": 5,
    "sha256": put["sha256"], "md5": put["md5"], "crc32c": put["crc32c"], "existed": False}
assert list(got.items()) == list(want.items()), got
assert text.count("\n") == 1
PYTHON
}

@test "gcs-cp: into a folder goes an object under its last part" {
    echo 1 | gcs-put -s file:store a/b/one > put
    echo 2 | gcs-put -s file:store two > put
    gcs-cp file:store/a/b/one file:store/two file:out/x/ > receipts
    [ "$(cd out/x && ls)" = $'one\ntwo' ]
    gcs-cp file:store/a/b/one file:out/x/named > receipts
    [ "$(cat out/x/named)" = 1 ]
    gcs-cp file:store/ file:store/a/ file:all/ > receipts
    [ "$(cd all && find . -name .tmp -prune -o -type f -print | sort)" = $'./a/b/one\n./b/one\n./two' ]
}

@test "gcs-cp: a URL in \$SLUICE_STORE is of that store, drafts included" {
    export SLUICE_STORE=file:store/
    echo 1 > one
    gcs-cp file:one file:store/a/b/c > receipt
    [ "$(field url receipt)" = file:store/a/b/c ]
    [ "$(field name receipt)" = a/b/c ]
    [ "$(find store -name .tmp)" = store/.tmp ]
    gcs-cp file:store/a/ file:store/z/ > receipt
    [ "$(field from receipt) $(field url receipt)" = 'file:store/a/b/c file:store/z/b/c' ]
}

@test "gcs-cp: what is there with the same bytes is a success that says existed" {
    make_folder
    gcs-cp file:in/ file:out/ > first
    find out -type f -exec stat -c '%n %i %y' {} + | sort > before
    gcs-cp file:in/ file:out/ > second
    find out -type f -exec stat -c '%n %i %y' {} + | sort > after
    cmp before after
    [ "$(grep -c '"existed": false' first)" -eq 7 ]
    sed 's/"existed": true/"existed": false/' second | sort | diff - <(sort first)
    no_drafts out
}

@test "gcs-cp: never overwrites, small or large, and goes on with the others" {
    make_folder
    mkdir out
    echo other > out/one
    cp in/big out/big
    printf x | dd of=out/big bs=1 seek=1000 conv=notrunc status=none
    cp -r out before
    run -2 --separate-stderr gcs-cp file:in/ file:out/
    [ "${#stderr_lines[@]}" -eq 2 ]
    sort <<< "$stderr" > said
    grep -q '^gcs-cp: file:out/big: exists with other bytes and is never overwritten: there 3000000 bytes, given 3000000 bytes$' said
    grep -q '^gcs-cp: file:out/one: exists with other bytes and is never overwritten: there 6 bytes' said
    cmp out/one before/one
    cmp out/big before/big
    [ "${#lines[@]}" -eq 5 ]
    [ "$(cat out/sub-)" = 5 ]
    no_drafts out
}

@test "gcs-cp: large objects of other sizes are told apart unread" {
    truncate -s 1T sparse
    echo x > out
    run -2 --separate-stderr timeout 20 gcs-cp file:sparse file:out
    stderr_is "gcs-cp: file:./out: exists with other bytes and is never overwritten: there 2 bytes, given 1099511627776 bytes"
}

@test "gcs-cp: says which object is not there, or that a folder has none" {
    mkdir -p in/empty
    echo 1 > in/one
    run -2 --separate-stderr gcs-cp file:in/nix file:out/
    stderr_is "gcs-cp: file:in/nix: no such object"
    run -2 --separate-stderr gcs-cp file:in/empty file:out/
    stderr_is "gcs-cp: file:in/empty: no such object"
    for folder in in/empty nix; do
        run -2 --separate-stderr gcs-cp file:$folder/ file:out/
        stderr_is "gcs-cp: file:$folder/: no objects"
    done
    [ ! -e out/one ]
    run -2 --separate-stderr gcs-cp file:nix/ file:in/nix file:in/one file:out/
    [ "${#lines[@]}" -eq 1 ]
    [ "$(cat out/one)" = 1 ]
}

@test "gcs-cp: passes over links, sockets and pipes, and tells it" {
    mkdir in
    echo 1 > in/one
    ln -s one in/link
    ln -s . in/loop
    ln -s nowhere in/broken
    mkfifo in/pipe
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("in/socket")'
    run -0 --separate-stderr timeout 20 gcs-cp file:in/ file:out/
    stderr_is "gcs-cp: file:in/: 5 entries passed over that are no files: links, sockets or the like"
    [ "$(ls out)" = one ]
}

@test "gcs-cp: follows a link that is named, but waits for no pipe" {
    mkdir in
    echo 1 > in/one
    ln -s one in/link
    mkfifo in/pipe
    gcs-cp file:in/link file:out/ > receipt
    [ ! -L out/link ]
    [ "$(cat out/link)" = 1 ]
    run -2 --separate-stderr timeout 20 gcs-cp file:in/pipe file:out/
    stderr_is "gcs-cp: file:in/pipe: no such object"
}

@test "gcs-cp: names that a store cannot have are told, and the others copied" {
    mkdir in
    echo 1 > in/one
    echo 2 > in/$'new\nline'
    echo 3 > in/$'\377'
    run -2 --separate-stderr gcs-cp file:in/ file:out/
    [ "${#stderr_lines[@]}" -eq 2 ]
    grep -qF 'new?line: a control byte in the name' <<< "$stderr"
    grep -qF 'a name that is not UTF-8' <<< "$stderr"
    [ "$(ls out)" = one ]
}

@test "gcs-cp: tells what it cannot read, and copies the others" {
    [ "$(id -u)" -ne 0 ] || skip 'root can read all'
    mkdir in in/closed
    echo 1 > in/one
    echo 2 > in/two
    chmod 0 in/two
    run -2 --separate-stderr gcs-cp file:in/ file:out/
    stderr_is "gcs-cp: file:in/two: Permission denied"
    [ "$(ls out)" = one ]
}

@test "gcs-cp: a file that changes while it is read is not copied" {
    head -c 50000000 /dev/zero > log
    { while echo line >> log; do :; done; } &
    writer=$!
    status=0
    gcs-cp file:log file:out/ > receipt 2> err || status=$?
    kill $writer
    [ $status -eq 2 ]
    grep -q 'changed while it was read\|is there, not' err
    [ ! -s receipt ] && [ ! -e out/log ]
    no_drafts out
}

@test "gcs-cp: copies nothing into itself" {
    make_folder
    for to in in/ in/sub/ in/x/; do
        run -2 --separate-stderr gcs-cp file:in/ file:$to
        [ "${stderr_lines[0]}" = "gcs-cp: file:$to lies in file:in/" ]
    done
    gcs-cp file:in/one file:in/one > receipt
    [ "$(field existed receipt)" = true ]
}

@test "gcs-cp: wants FROM and TO that it can do" {
    echo 1 > one
    run -2 --separate-stderr gcs-cp
    [ "${stderr_lines[0]}" = "gcs-cp: FROM is missing" ]
    run -2 --separate-stderr gcs-cp file:one
    [ "${stderr_lines[0]}" = "gcs-cp: TO is missing" ]
    run -2 --separate-stderr gcs-cp one file:two
    [ "${stderr_lines[0]}" = "gcs-cp: 'one': not a URL like file:DIR/NAME or gs://BUCKET/NAME" ]
    run -2 --separate-stderr gcs-cp file:one gs://bucket
    [ "${stderr_lines[0]}" = "gcs-cp: 'gs://bucket': no name; a slash at the end is for everything below" ]
    for from in "file:one file:one" file:./; do
        # shellcheck disable=SC2086 # two words
        run -2 --separate-stderr gcs-cp $from file:two
        [ "${stderr_lines[0]}" = "gcs-cp: file:two: must end in a slash to take many objects" ]
    done
    for jobs in 0 65 x; do
        run -2 gcs-cp -j $jobs file:one file:two
    done
    [ ! -e two ]
}

@test "gcs-cp: any number of jobs, the same result" {
    mkdir in
    for i in $(seq 300); do
        echo "$i" > "in/$i"
    done
    for jobs in 1 3 64; do
        gcs-cp -j $jobs file:in/ file:out$jobs/ > receipts
        same_files in out$jobs
        [ "$(wc -l < receipts)" -eq 300 ]
    done
}

@test "gcs-cp: a killed process costs its object, and the same again completes" {
    truncate -s 2G in1
    truncate -s 1M in2
    gcs-cp -j 2 file:in1 file:in2 file:out/ > receipts 2> err &
    copier=$!
    # the one that is at it still when the other is done
    until [ -e out/in2 ]; do :; done
    for pid in $(pgrep -P $copier); do
        [ -z "$(find "/proc/$pid/fd" -lname '*/.tmp/*')" ] || kill -9 "$pid"
    done
    status=0
    wait $copier || status=$?
    [ $status -eq 75 ]
    [ "$(cat err)" = "gcs-cp: file:./in1: the process at work on it was killed by signal 9" ]
    [ "$(wc -l < receipts)" -eq 1 ]
    [ ! -e out/in1 ]
    truncate -s 20M in1
    gcs-cp file:in1 file:in2 file:out/ > receipts
    cmp in1 out/in1
    no_drafts out
}

@test "gcs-cp: a signal ends it and its processes at once" {
    truncate -s 4G in
    for signal in INT TERM HUP; do
        mkfifo held
        # what runs in the background has SIGINT ignored; python3 undoes it
        python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp("gcs-cp", ["gcs-cp", "file:in", "file:out/"])' > receipts 2> err 9> held &
        copier=$!
        exec 8< held
        until [ -n "$(ls out/.tmp 2> /dev/null)" ]; do :; done
        kill -$signal $copier
        status=0
        wait $copier || status=$?
        [ $status -eq $((128 + $(kill -l $signal))) ]
        run -0 timeout 20 cat <&8 # until nobody holds it
        [ ! -s err ] && [ ! -s receipts ] && [ ! -e out/in ]
        rm -r out held
    done
}

@test "gcs-cp: killed at any moment, shows nothing in part; the same again completes it" {
    run -0 python3 - <<'PYTHON'
import os, random, signal, subprocess, time

os.mkdir("in")
for i in range(60):
    with open("in/%d" % i, "wb") as file:
        file.write(os.urandom(200000 if i % 10 else 3000000))
want = {name: open("in/" + name, "rb").read() for name in os.listdir("in")}
rng = random.Random(7)
killed = 0
for turn in range(25):
    out = "out%d" % turn
    command = ["gcs-cp", "-j", "3", "file:in/", "file:%s/" % out]
    copy = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(rng.uniform(0, 0.25))
    copy.kill()
    killed += copy.wait() == -signal.SIGKILL
    for name in os.listdir(out) if os.path.exists(out) else []:
        if name != ".tmp":
            assert open(out + "/" + name, "rb").read() == want[name], name
    receipts = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    assert receipts.count(b"\n") == len(want)
    assert {name: open(out + "/" + name, "rb").read() for name in want} == want
    subprocess.run(["rm", "-rf", out], check=True)
assert killed >= 10, killed
PYTHON
}

@test "gcs-cp: ends when its receipts cannot be written" {
    mkdir in
    for i in $(seq 300); do
        echo "$i" > "in/$i"
    done
    to_full() { gcs-cp -j 2 file:in/ file:out/ > /dev/full; }
    run -2 --separate-stderr to_full
    stderr_is "gcs-cp: standard output: No space left on device"
    [ "$(find out -type f | wc -l)" -lt 10 ]
}

@test "gcs-cp: two at once copy each object once" {
    mkdir in
    for i in $(seq 200); do
        echo "$i" > "in/$i"
    done
    gcs-cp file:in/ file:out/ > one &
    gcs-cp file:in/ file:out/ > two
    wait $!
    same_files in out
    [ "$(cat one two | grep -c '"existed": false')" -eq 200 ]
    no_drafts out
}
