load helper

# A model file "model" of target $1 with the terms that follow: NAME COEF...
model() {
    {
        printf '{"format": "sluice-lr", "version": 1, "target": "%s", "intercept": true, "terms": [' "$1"
        shift
        while [ $# -gt 0 ]; do
            printf '{"name": "%s", "coef": "%s"}' "$1" "$2"
            shift 2
            [ $# -eq 0 ] || printf ', '
        done
        printf ']}\n'
    } > model
}

@test "lr-predict: appends the prediction and leaves other bytes alone" {
    model y 1 0.5 a 2 b -1
    printf 'b,note,a\n1,"x,\n""",2\n"3",,0.25\n' | lr-predict -m model > out
    file_is out 'b,note,a,predicted_y
1,"x,
""",2,3.5
"3",,0.25,-2
'
}

@test "lr-predict: undoes what lr-train learned" {
    printf 'x,y\n1,5\n2,8\n3,11\n4,14\n' > in
    lr-train -y y -x x in > model
    lr-predict -m model in > out
    awk -F, 'NR > 1 && ($3 - $2) ^ 2 > 1e-20 { exit 1 }' out
    [ "$(wc -l < out)" -eq 5 ]
}

@test "lr-predict: prints the shortest number that reads back" {
    model y x 1
    printf 'x\n0.1\n100000\n1e21\n-0\n0.1234567890123456789\n2.5e-7\n' |
        lr-predict -m model -c p | cut -d, -f2 > out
    file_is out 'p
0.1
100000
1e+21
0
0.12345678901234568
2.5e-07
'
}

@test "lr-predict: -c names the column, quoted if need be" {
    model y x 1
    lr-predict -m model -c 'a,"b"' > out <<< $'x\n1'
    file_is out 'x,"a,""b"""
1,1
'
}

@test "lr-predict: works with names of any characters" {
    printf '"a,""b""\n c",größe\t\\u,"{""x"": 1}"\n1,1,5\n2,0,7\n3,1,1\n4,7,2\n' > in
    lr-train -y '{"x": 1}' -x $'"a,""b""\n c",größe\t\\u' in > model
    lr-predict -m model in > out
    printf '"a,""b""\n c",größe\t\\u,"{""x"": 1}","predicted_{""x"": 1}"\n' | cmp - <(head -n 2 out)
    [ "$(wc -l < out)" -eq 6 ]
}

@test "lr-predict: gives an empty prediction where a value is missing" {
    model y a 1 b 1
    printf 'a,b,c\n1,,3\n"",2,3\n1,2,\n' | lr-predict -m model > out
    file_is out 'a,b,c,predicted_y
1,,3,
"",2,3,
1,2,,3
'
}

@test "lr-predict: refuses a cell that is not a number" {
    model y a 1
    printf 'a,b\n1,x\ntwo,x\n' > in
    run -2 --separate-stderr lr-predict -m model in
    stderr_is "lr-predict: in: line 3: record 3: column 'a': 'two' is not a number"
    [ "$output" = "a,b,predicted_y
1,x,1" ]
}

@test "lr-predict: refuses input without a column of the model, before any output" {
    model y a 1 b 2
    run -2 --separate-stderr lr-predict -m model <<< $'a,c\n1,2'
    stderr_is "lr-predict: standard input: no column 'b'; it has a, c"
    [ -z "$output" ]
}

@test "lr-predict: does not need a column that lr-train dropped" {
    lr-train -y y -x a,twice > model 2> /dev/null <<< $'a,twice,y\n0,0,1\n1,2,2\n2,4,3\n3,6,4'
    lr-predict -m model -c p <<< $'a\n10' | tail -n 1 > out
    awk -F, '{ exit ($2 - 11) ^ 2 > 1e-20 }' out
}

@test "lr-predict: refuses a column that exists" {
    model y a 1
    run -2 --separate-stderr lr-predict -m model <<< $'a,predicted_y\n1,2'
    stderr_is "lr-predict: standard input: line 1: record 1: column 'predicted_y' exists"
    [ -z "$output" ]
}

@test "lr-predict: refuses a prediction that no double holds" {
    model y a 1e300
    run -2 --separate-stderr lr-predict -m model <<< $'a\n1e300'
    stderr_is "lr-predict: standard input: line 2: record 2: prediction overflows"
}

@test "lr-predict: reads header-only and empty input" {
    model y a 1
    lr-predict -m model > out <<< a
    file_is out 'a,predicted_y
'
    lr-predict -m model > out < /dev/null
    file_is out ''
}

@test "lr-predict: reads several files, CRLF and a byte order mark" {
    model y a 2
    printf '\357\273\277a\r\n1\r\n' > one
    printf 'a\n2' > two
    lr-predict -m model one two > out
    file_is out 'a,predicted_y
1,2
2,4
'
}

@test "lr-predict: refuses a file that is no model" {
    while read -r reason; do
        read -r text
        printf '%s' "$text" > model
        run -2 --separate-stderr lr-predict -m model <<< 'a'
        stderr_is "lr-predict: model: $reason"
        [ -z "$output" ]
    done << 'END'
not a model of lr-train
[]
not a model of lr-train
{"r2_score": {"min": 0.5}}
a model of another version
{"format": "sluice-lr", "version": 2, "target": "y", "terms": []}
a model without target or terms
{"format": "sluice-lr", "version": 1, "terms": []}
a model without target or terms
{"format": "sluice-lr", "version": 1, "target": "y"}
a term has no name
{"format": "sluice-lr", "version": 1, "target": "y", "terms": [{"coef": "1"}]}
a term's coef is not a decimal in a string
{"format": "sluice-lr", "version": 1, "target": "y", "terms": [{"name": "a", "coef": 1}]}
a term's coef is not a decimal in a string
{"format": "sluice-lr", "version": 1, "target": "y", "terms": [{"name": "a", "coef": "nan"}]}
a term stands twice
{"format": "sluice-lr", "version": 1, "target": "y", "terms": [{"name": "a", "coef": "1"}, {"name": "a", "coef": "1"}]}
END
}

@test "lr-predict: says why it cannot read a model" {
    run -2 --separate-stderr lr-predict -m nowhere <<< 'a'
    stderr_is "lr-predict: nowhere: No such file or directory"
    printf '{"format": ' > model
    run -2 --separate-stderr lr-predict -m model <<< 'a'
    [[ $stderr == "lr-predict: model: not JSON: "* ]]
    run -2 --separate-stderr lr-predict <<< 'a'
    [ "${stderr_lines[0]}" = "lr-predict: -m MODEL is missing" ]
}

@test "lr-predict: takes term 1 for a column where there is no intercept" {
    model y 1 10
    sed -i 's/"intercept": true/"intercept": false/' model
    lr-predict -m model > out <<< $'1\n3'
    file_is out '1,predicted_y
3,30
'
}

@test "lr-predict: shows a prediction as soon as its row is complete" {
    model y a 2
    mkfifo in out
    lr-predict -m model < in > out &
    exec 4> in 5< out
    printf 'a\n1\n' >&4
    read -r -t 5 header <&5
    read -r -t 5 row <&5
    exec 4>&- 5<&-
    wait
    [ "$header,$row" = "a,predicted_y,1,2" ]
}
