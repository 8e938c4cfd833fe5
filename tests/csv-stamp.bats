load helper

T=2024-01-26T15:00:00.300Z
OUT_T=2024-01-26T15:00:00.300000Z

@test "csv-stamp: appends the same time to header and rows" {
    printf 'a,b\n1,2\n3,4\n' | csv-stamp -c created_at,updated_at -t $T > out
    file_is out "a,b,created_at,updated_at
1,2,$OUT_T,$OUT_T
3,4,$OUT_T,$OUT_T
"
}

@test "csv-stamp: writes the current time without -t, one value for the run" {
    printf 'a\n1\n2\n' | csv-stamp -c t > out
    [ "$(sed 1d out | cut -d, -f2 | sort -u | wc -l)" -eq 1 ]
    [ "$(sed -n 2p out | cut -d, -f2 | cut -c1-10)" = "$(date -u +%F)" ]
}

@test "csv-stamp: leaves the bytes of other fields alone" {
    printf 'a,"b"\n" x""y\n",""\n' | csv-stamp -c t -t $T > out
    file_is out "a,\"b\",t
\" x\"\"y
\",\"\",$OUT_T
"
}

@test "csv-stamp: refuses a column that exists" {
    run -2 --separate-stderr csv-stamp -c a -t $T <<< 'a,b'
    stderr_is "csv-stamp: standard input: line 1: record 1: column 'a' exists; -f overwrites it"
    [ -z "$output" ]
}

@test "csv-stamp: -f overwrites in place and appends the rest" {
    printf 'a,b\n1,2\n' | csv-stamp -f -c b,c -t $T > out
    file_is out "a,b,c
1,$OUT_T,$OUT_T
"
}

@test "csv-stamp: quotes a column name that needs it" {
    printf 'a\n' | csv-stamp -c '"x,""y"' > out
    file_is out 'a,"x,""y"
'
}

@test "csv-stamp: writes the records before a bad one" {
    printf 'a,b\n1,2\n3\n' > in
    run -2 --separate-stderr csv-stamp -c t -t $T in
    stderr_is "csv-stamp: in: line 3: record 3: 1 field, header has 2"
    [ "$output" = "a,b,t
1,2,$OUT_T" ]
}

@test "csv-stamp: reads several files under one header" {
    printf 'a\n1\n' > one
    printf 'a\n2\n' > two
    csv-stamp -c t -t $T one two > out
    file_is out "a,t
1,$OUT_T
2,$OUT_T
"
}

@test "csv-stamp: refuses a second file with another header" {
    printf 'a\n1\n' > one
    printf 'b\n2\n' > two
    run -2 --separate-stderr csv-stamp -c t one two
    stderr_is "csv-stamp: two: line 1: record 1: header differs from the first file's"
}

@test "csv-stamp: refuses a time it cannot read" {
    run -2 --separate-stderr csv-stamp -c t -t yesterday
    stderr_is "csv-stamp: -t: 'yesterday' is not a time like 2024-01-26, 2024-01-26T15:00:00.300Z or epoch milliseconds"
}

@test "csv-stamp: wants -c" {
    run -2 --separate-stderr csv-stamp
    [ "${stderr_lines[0]}" = "csv-stamp: -c NAME is missing" ]
}

@test "csv-stamp: shows a record as soon as it is complete" {
    mkfifo in out
    csv-stamp -c t -t $T < in > out &
    exec 4> in 5< out
    printf 'a\n1\n' >&4
    read -r -t 5 header <&5
    read -r -t 5 row <&5
    exec 4>&- 5<&-
    wait
    [ "$header,$row" = "a,t,1,$OUT_T" ]
}
