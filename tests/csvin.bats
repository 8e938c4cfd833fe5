# The reader, seen through csv-stamp.
load helper

stamp() {
    csv-stamp -c t -t 2024-01-26 "$@"
}

# The status is 2 and the message this, for input $1 as printf takes it.
refused() {
    # shellcheck disable=SC2059 # the escapes are wanted
    printf "$1" > in
    run -2 --separate-stderr stamp in
    stderr_is "csv-stamp: in: $2"
}

# The programs built for it lie beside those under test; see CONTRIBUTING.md.
@test "reader: all tools do as an independent parser and Python's csv module say, at any setting" {
    local files=1200
    ! grep -q __asan_init "$(command -v csv-stamp)" || files=200
    "$ROOT/tests/differential" "${SLUICE_HOOK:-$ROOT/build/hook/bin}" "$files"
}

@test "reader: the variables of the test build mean nothing to others" {
    printf 'a\n1\n' > in
    run -2 --separate-stderr env SLUICE_TEST_CODE=none "${SLUICE_HOOK:-$ROOT/build/hook/bin}/csv-stamp" -c t in
    stderr_is "csv-stamp: no code 'none' for this processor"
    SLUICE_TEST_CODE=none SLUICE_TEST_BUFFER=1 stamp in > out
    file_is out 'a,t
1,2024-01-26T00:00:00.000000Z
'
}

@test "reader: an error names the line and the record" {
    refused 'a\n1"\n' 'line 2: record 2: quote inside an unquoted field'
    refused 'a\n"x\ny"\n1"\n' 'line 4: record 3: quote inside an unquoted field'
    refused 'a,b\r\n"x\r\ny",z"\r\n' 'line 3: record 2: quote inside an unquoted field'
    refused 'a\n"x\ny"z\n' 'line 3: record 2: text after a closing quote'
    refused 'a\n"x" \n' 'line 2: record 2: text after a closing quote'
    refused 'a\n "x"\n' 'line 2: record 2: quote inside an unquoted field'
    refused 'a\n"x"\r' 'line 2: record 2: text after a closing quote'
    refused 'a\n"x"\r\r\n' 'line 2: record 2: text after a closing quote'
    refused 'a,b\n"x\n","y\nz\n' 'line 3: record 2: unclosed quote'
    refused '"a\n' 'line 1: record 1: unclosed quote'
    refused 'a\n"x\n\0"\n' 'line 3: record 2: NUL byte'
    refused '\377\376a\0' 'line 1: record 1: NUL byte; is it UTF-16?'
    refused 'a,b\n1\n' 'line 2: record 2: 1 field, header has 2'
    refused 'a\n1,2\n' 'line 2: record 2: 2 fields, header has 1'
    refused 'a,b\n"\n",1\n\n3,4\n' 'line 4: record 3: empty line, header has 2 fields'
    refused 'a,b\n1,2\n\n\n' 'line 3: record 3: empty line, header has 2 fields'
}

@test "reader: the second file's errors count from its own beginning" {
    printf 'a\n1\n2\n' > one
    printf '\357\273\277a\r\n"\n"\n3"\n' > two
    run -2 --separate-stderr stamp one two
    stderr_is 'csv-stamp: two: line 4: record 3: quote inside an unquoted field'
}

@test "reader: an empty line is a record where there is one column" {
    printf 'a\n\n1\n\n' | stamp > out
    file_is out 'a,t
,2024-01-26T00:00:00.000000Z
1,2024-01-26T00:00:00.000000Z
,2024-01-26T00:00:00.000000Z
'
}

@test "reader: a lone CR is data" {
    printf 'a\n1\r2\r\r\n' | stamp > out
    printf 'a,t\n1\r2\r,2024-01-26T00:00:00.000000Z\n' | cmp - out
}

@test "reader: a record longer than 64 MiB is refused, and says what may be wrong" {
    zeros() { head -c 67108864 /dev/zero | tr '\0' x; }
    { echo a; zeros; echo; } > in
    run -2 --separate-stderr stamp in
    stderr_is 'csv-stamp: in: line 2: record 2: longer than 64 MiB'
    zeros > in
    run -2 --separate-stderr stamp in
    stderr_is 'csv-stamp: in: line 1: record 1: longer than 64 MiB; no LF found, CR line ends?'
    { printf 'a,b\n1,2\n"\n","'; zeros; } > in
    run -2 --separate-stderr stamp in
    stderr_is 'csv-stamp: in: line 3: record 3: longer than 64 MiB; quote opened at line 4 not closed?'
}

@test "reader: a record of almost 64 MiB passes" {
    { echo a; head -c 67108000 /dev/zero | tr '\0' x; } > in
    stamp in | wc -c > size
    [ "$(cat size)" -eq $((4 + 67108000 + 29)) ]
}

# A header of $1 columns, with the names c1, c2, ..., and $2 behind them.
wide() {
    seq -f 'c%.0f' "$1" | paste -sd ,  | sed "s/\$/$2/"
}

@test "reader: 65,536 columns pass, and one more is refused" {
    { wide 65536 ''; wide 65536 ''; } > in
    stamp in | tail -1 | cut -d , -f 65536- > out
    file_is out 'c65536,2024-01-26T00:00:00.000000Z
'
    { wide 65537 ''; } > in
    run -2 --separate-stderr stamp in
    stderr_is 'csv-stamp: in: line 1: record 1: more than 65536 fields'
    { echo a; wide 65537 ''; } > in
    run -2 --separate-stderr stamp in
    stderr_is 'csv-stamp: in: line 2: record 2: more than 65536 fields'
}

@test "reader: a name that stands twice among 65,536 is found at once" {
    wide 65535 ',c777' > in
    run -2 --separate-stderr timeout 5 csv-stamp -c t in
    stderr_is "csv-stamp: in: line 1: record 1: column 'c777' stands twice"
}

@test "reader: 64 MiB of commas take no memory to speak of" {
    ! grep -q __asan_init "$(command -v csv-stamp)" || skip 'the sanitizer takes memory of its own'
    head -c 67100000 /dev/zero | tr '\0' , > in
    run -2 --separate-stderr bash -c 'ulimit -v 50000; exec csv-stamp -c t in'
    stderr_is 'csv-stamp: in: line 1: record 1: more than 65536 fields'
    { echo a; cat in; } > rows
    run -2 --separate-stderr bash -c 'ulimit -v 50000; exec csv-stamp -f -c t rows'
    stderr_is 'csv-stamp: rows: line 2: record 2: more than 65536 fields'
}

@test "reader: pipes on both sides hold 1 MiB" {
    [ "$(cat /proc/sys/fs/pipe-max-size)" -ge 1048576 ] || skip 'the system allows no such pipes'
    cat > sizes.py << 'END'
import fcntl, os, subprocess
source, sink = os.pipe(), os.pipe()
child = subprocess.Popen(["csv-stamp", "-c", "t"], stdin=source[0], stdout=sink[1])
os.write(source[1], b"a\n")
os.read(sink[0], 1)
print(fcntl.fcntl(source[1], fcntl.F_GETPIPE_SZ), fcntl.fcntl(sink[0], fcntl.F_GETPIPE_SZ))
os.close(source[1])
child.wait()
END
    python3 sizes.py > out
    file_is out '1048576 1048576
'
}
