load helper

export SLUICE_STORE=file:store

@test "gcs-get: prints an object byte for byte" {
    head -c 300000 /dev/urandom > in
    gcs-put a/b < in
    gcs-get a/b | cmp - in
}

@test "gcs-get: prints an empty object" {
    gcs-put a -- true
    gcs-get a > out
    file_is out ''
}

@test "gcs-get: -o writes a file" {
    echo x | gcs-put a
    run -0 gcs-get -o out a
    [ -z "$output" ]
    file_is out 'x
'
}

@test "gcs-get: says that there is no such object" {
    run -2 --separate-stderr gcs-get a
    stderr_is "gcs-get: file:store/a: no such object"
    echo x | gcs-put a/b
    for name in b a a/b/c .tmp; do
        run -2 --separate-stderr gcs-get $name
        stderr_is "gcs-get: file:store/$name: no such object"
    done
}

@test "gcs-get: does not print an object that is being written" {
    gcs-put a -- true
    echo part > store/.tmp/draft
    run -2 --separate-stderr gcs-get .tmp/draft
    stderr_is "gcs-get: file:store/.tmp/draft: no such object"
}

@test "gcs-get: leaves the file of -o alone when there is no such object" {
    echo old > out
    run -2 gcs-get -o out a
    file_is out 'old
'
    [ "$(ls -A)" = out ]
}

@test "gcs-get: -o does not write over an object" {
    echo x | gcs-put a
    echo y | gcs-put b
    before=$(gcs-ls)
    for name in a b; do
        run -2 --separate-stderr gcs-get -o store/$name a
        stderr_is "gcs-get: store/$name: Permission denied"
    done
    [ "$(gcs-ls)" = "$before" ]
    [ "$(gcs-get b)" = y ]
}

@test "gcs-get: does not leave the store" {
    echo secret > file
    gcs-put a/b -- true
    run -2 --separate-stderr gcs-get ../file
    stderr_is "gcs-get: file:store/../file: '.' or '..' as a part of the name"
}

@test "gcs-get: says that the output could not be written" {
    echo x | gcs-put a
    to_full() { gcs-get a > /dev/full; }
    run -2 --separate-stderr to_full
    stderr_is "gcs-get: standard output: No space left on device"
    run -2 --separate-stderr gcs-get -o no/out a
    stderr_is "gcs-get: no/out: No such file or directory"
}

@test "gcs-get: ends quietly when the reader does" {
    head -c 3000000 /dev/zero | gcs-put a # more than a pipe holds
    status=0
    { gcs-get a 2> errors || echo $? > status; } | head -c 1 > /dev/null
    [ "$(cat status)" -eq 141 ]
    [ ! -s errors ]
}

@test "gcs-get: wants one name" {
    run -2 --separate-stderr gcs-get
    [ "${stderr_lines[0]}" = "gcs-get: NAME is missing" ]
    run -2 --separate-stderr gcs-get a b
    [ "${stderr_lines[0]}" = "gcs-get: unexpected operand 'b'" ]
}

@test "gcs-get: -z decompresses what gcs-put -z, gzip and Python's gzip compress" {
    seq 300000 > in
    gcs-put -z a < in
    gcs-get -z a | cmp - in
    gzip -1 < in | gcs-put b
    gcs-get -z b | cmp - in
    python3 -c 'import gzip, sys; sys.stdout.buffer.write(gzip.compress(open("in", "rb").read()))' | gcs-put c
    gcs-get -z c | cmp - in
    { gzip -n < in; gzip < in; } | gcs-put d
    gcs-get -z d | cmp - <(cat in in)
}

@test "gcs-get: -z says what is wrong with the data, and then writes no file" {
    echo text | gcs-put text
    seq 100000 | gzip > whole
    head -c -1 whole | gcs-put cut
    { cat whole; echo; } | gcs-put more
    { head -c 1000 whole; printf '\0\377\377\377'; tail -c +1005 whole; } | gcs-put broken
    gcs-put empty -- true
    while IFS=: read -r name reason; do
        run -2 --separate-stderr gcs-get -z -o out "$name"
        stderr_is "gcs-get: file:store/$name: $reason"
        [ ! -e out ]
    done <<'END'
text:not gzip data
empty:not gzip data
cut:the gzip data end too early
more:other data behind the gzip data
broken:broken gzip data
END
}

@test "gcs-get: -z is refused by a full disk in one line" {
    seq 300000 | gcs-put -z a
    z_to_full() { gcs-get -z a > /dev/full; }
    run -2 --separate-stderr z_to_full
    stderr_is "gcs-get: standard output: No space left on device"
}

@test "gcs-get: waits for no pipe that lies in the store" {
    mkdir store
    mkfifo store/pipe
    run -2 --separate-stderr timeout 20 gcs-get pipe
    stderr_is "gcs-get: file:store/pipe: no such object"
}
