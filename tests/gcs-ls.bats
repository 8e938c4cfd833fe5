load helper

export SLUICE_STORE=file:store

put() {
    for name; do
        gcs-put "$name" -- true > /dev/null
    done
}

# Fails unless gcs-ls $1 lists exactly the names behind $1.
lists() {
    gcs-ls "$1" | sed 1d | cut -d, -f1 > names
    shift
    if [ $# -eq 0 ]; then
        [ ! -s names ]
    else
        printf '%s\n' "$@" | diff - names
    fi
}

@test "gcs-ls: prints name, size, time, generation and location" {
    printf 123 | gcs-put -t 2024-01-26 a/b
    touch -d 2024-02-03T04:05:06.789012Z store/a/b/*
    gcs-ls > out
    file_is out 'name,bytes,created,generation,url
a/b/created_at=2024-01-26:00:00:00:000,3,2024-02-03T04:05:06.789012Z,1706933106789012,file:store/a/b/created_at=2024-01-26:00:00:00:000
'
}

@test "gcs-ls: created is the time of publication" {
    before=$(date -u +%FT%T)
    put a
    created=$(gcs-ls | sed '1d' | cut -d, -f3)
    [[ ! $created < $before && ! $created > $(date -u +%FT%TZ) ]]
}

@test "gcs-ls: prints the header alone where there is nothing" {
    gcs-ls > out
    file_is out 'name,bytes,created,generation,url
'
    [ ! -e store ]
}

@test "gcs-ls: sorts by the bytes of the whole name" {
    put b a/c/d a/c-d a/c.d a0 a-b a/C é Z
    lists '' Z a-b a/C a/c-d a/c.d a/c/d a0 b é
    gcs-ls | sed 1d | cut -d, -f1 | LC_ALL=C sort -c
}

@test "gcs-ls: takes any string for a prefix" {
    put staging/raw/1 staging/raw/2 staging/raw2/1 production/x
    lists staging/ staging/raw/1 staging/raw/2 staging/raw2/1
    lists staging/raw staging/raw/1 staging/raw/2 staging/raw2/1
    lists staging/raw/ staging/raw/1 staging/raw/2
    lists staging/raw/1 staging/raw/1
    lists p production/x
    lists staging/raw/1/
    lists x
}

@test "gcs-ls: passes over what is no regular file" {
    put a/b
    ln -s b store/a/link
    ln -s . store/a/loop
    mkfifo store/a/fifo
    lists '' a/b
}

@test "gcs-ls: quotes a name that needs it" {
    put 'a,"b"'
    gcs-ls > out
    [ "$(sed -n '2s/,0,.*//p' out)" = '"a,""b"""' ]
    [[ "$(sed 1d out)" = *',"file:store/a,""b"""' ]]
}

@test "gcs-ls: hides drafts" {
    put a
    touch store/.tmp/left
    lists '' a
    lists .tmp
}

@test "gcs-ls: says what it cannot read" {
    touch file
    run -2 --separate-stderr gcs-ls -s file:file
    stderr_is "gcs-ls: file:file: Not a directory"
    [ -z "$output" ]
}

@test "gcs-ls: takes one prefix" {
    run -2 --separate-stderr gcs-ls a b
    [ "${stderr_lines[0]}" = "gcs-ls: unexpected operand 'b'" ]
}
