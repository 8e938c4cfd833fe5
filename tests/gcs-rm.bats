load helper

export SLUICE_STORE=file:store

generation_of() {
    gcs-ls "$1" | sed -n 2p | cut -d, -f4
}

@test "gcs-rm: removes an object of a generation, and prints a receipt" {
    printf 123 | gcs-put a/b > put
    echo x | gcs-put a/c > other
    gcs-rm -g "$(generation_of a/b)" a/b > receipt
    [ "$(gcs-ls | sed 1d | cut -d, -f1)" = a/c ]
    run -0 python3 - <<'PYTHON'
import json
text = open("receipt").read()
assert text.count("\n") == 1
got, put = json.loads(text), json.load(open("put"))
assert got.pop("tool").startswith("gcs-rm ")
assert list(got.items()) == [("url", "file:store/a/b"), ("name", "a/b"),
    ("generation", put["generation"]), ("bytes", 3), ("removed", True)], got
PYTHON
}

@test "gcs-rm: leaves an object of another generation" {
    echo x | gcs-put a
    generation=$(generation_of a)
    run -2 --separate-stderr gcs-rm -g 17 a
    stderr_is "gcs-rm: file:store/a: generation $generation is there, not 17"
    [ -z "$output" ]
    [ -e store/a ]
}

@test "gcs-rm: wants a generation or --force, and never both" {
    echo x | gcs-put a
    run -2 --separate-stderr gcs-rm a
    [ "${stderr_lines[0]}" = "gcs-rm: one of -g and --force is needed" ]
    run -2 --separate-stderr gcs-rm -f -g "$(generation_of a)" a
    [ "${stderr_lines[0]}" = "gcs-rm: one of -g and --force is needed" ]
    run -2 --separate-stderr gcs-rm -g 17 a b
    [ "${stderr_lines[0]}" = "gcs-rm: -g goes with one NAME" ]
    run -2 --separate-stderr gcs-rm --force
    [ "${stderr_lines[0]}" = "gcs-rm: NAME is missing" ]
    for number in 0 -1 x 9223372036854775808; do
        run -2 gcs-rm -g $number a
    done
    [ -e store/a ]
}

@test "gcs-rm: --force removes whichever is there, and tells which it was" {
    echo x | gcs-put a
    generation=$(generation_of a)
    gcs-rm --force a > receipt
    grep -qF "\"generation\": \"$generation\"" receipt
    [ "$(gcs-ls)" = name,bytes,created,generation,url ]
}

@test "gcs-rm: says that there is no such object, and goes on with the others" {
    for name in a b c; do
        echo $name | gcs-put $name
    done
    run -2 --separate-stderr gcs-rm --force a nix c
    stderr_is "gcs-rm: file:store/nix: no such object"
    [ "${#lines[@]}" -eq 2 ]
    [ "$(gcs-ls | sed 1d | cut -d, -f1)" = b ]
    run -2 --separate-stderr gcs-rm -g 1 a
    stderr_is "gcs-rm: file:store/a: no such object"
}

@test "gcs-rm: never removes a folder or what lies in it by its name" {
    echo x | gcs-put a/b
    run -2 --separate-stderr gcs-rm --force a
    stderr_is "gcs-rm: file:store/a: no such object"
    for name in a/ . .. a/../a/b .tmp '' /; do
        run -2 --separate-stderr gcs-rm --force "$name"
        [ "${#stderr_lines[@]}" -eq 1 ]
    done
    [ -e store/a/b ]
}

@test "gcs-rm: removes many with any number of jobs" {
    for jobs in 1 8 64; do
        mkdir files
        for i in $(seq 100); do
            echo "$i" > "files/$i"
        done
        gcs-cp file:files/ file:store/many/ > copied
        seq -f many/%g 100 | xargs gcs-rm --force -j $jobs > receipts
        [ "$(wc -l < receipts)" -eq 100 ]
        [ "$(gcs-ls)" = name,bytes,created,generation,url ]
        rm -r files
    done
    for jobs in 0 65 x; do
        run -2 gcs-rm -f -j $jobs a
    done
}

@test "gcs-rm: the last ones of a folder are removed at once without trouble" {
    for i in $(seq 40); do
        for name in a b c d; do
            echo x | gcs-put "$i/$name" > put
        done
        gcs-rm --force -j 4 "$i/a" "$i/b" "$i/c" "$i/d" > receipts
        [ "$(wc -l < receipts)" -eq 4 ]
        [ ! -e "store/$i" ]
    done
}

@test "gcs-rm: of two at once, one removes an object and the other says that it is gone" {
    for i in $(seq 50); do
        echo "$i" | gcs-put "$i" > put
    done
    seq 50 | xargs gcs-rm --force -j 2 > one 2> err1 &
    first=$!
    seq 50 | xargs gcs-rm --force -j 2 > two 2> err2 || true
    wait $first || true
    [ "$(cat one two | wc -l)" -eq 50 ]
    [ "$(cat one two | grep -o '"name": "[0-9]*"' | sort -u | wc -l)" -eq 50 ]
    [ "$(cat err1 err2 | grep -vc 'no such object$')" -eq 0 ]
}

@test "gcs-rm: ends when its receipts cannot be written" {
    for i in $(seq 30); do
        echo "$i" | gcs-put "$i" > put
    done
    to_full() { seq 30 | xargs gcs-rm --force -j 2 > /dev/full; }
    run -123 --separate-stderr to_full
    stderr_is "gcs-rm: standard output: No space left on device"
    [ "$(gcs-ls | sed 1d | wc -l)" -gt 20 ]
}
