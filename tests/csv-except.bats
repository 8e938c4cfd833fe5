load helper

@test "csv-except: leaves out what is known, in order, and every copy of it" {
    printf 'a,b\n1,x\n2,y\n' > known
    printf 'a,b\n3,z\n1,x\n2,z\n1,x\n3,z\n' | csv-except known > out
    file_is out 'a,b
3,z
2,z
3,z
'
}

@test "csv-except: matches columns by name, and KNOWN may have more" {
    printf 'b,c,a\nx,9,1\n' > known
    printf 'a,b\n1,x\nx,1\n' | csv-except known > out
    file_is out 'a,b
x,1
'
}

@test "csv-except: -k compares these columns alone" {
    printf 'a\n1\n' > known
    printf 'a,b\n1,x\n2,x\n' | csv-except -k a known > out
    file_is out 'a,b
2,x
'
}

@test "csv-except: a quoted value is the bare one, and bytes pass through" {
    printf 'a,b\n"1","x,""y"\n' > known
    printf 'a,b\r\n1,"x,""y"\r\n"2","x"\r\n' | csv-except known > out
    printf 'a,b\n"2","x"\n' | cmp - out
}

@test "csv-except: parts of a key do not run together" {
    printf 'a,b\nab,c\n' > known
    printf 'a,b\na,bc\n' | csv-except known > out
    file_is out 'a,b
a,bc
'
}

@test "csv-except: compares as text, with -s by value" {
    echo '{"fields": [{"name": "n", "type": "number"}, {"name": "t", "type": "datetime"}, {"name": "s", "type": "string"}]}' > s.json
    printf 'n,t,s\n1,2024-01-26T15:00:00Z,1\n' > known
    printf 'n,t,s\n1.0,1706281200000,1\n1.0,1706281200000,1.0\n1.01,1706281200000,1\n' > in
    csv-except known in | cmp in -
    csv-except -s s.json known in > out
    file_is out 'n,t,s
1.0,1706281200000,1.0
1.01,1706281200000,1
'
}

@test "csv-except: what does not fit its type is compared as text" {
    echo '{"fields": [{"name": "n", "type": "number"}]}' > s.json
    printf 'n\nabc\n1e99999\n' > known
    printf 'n\nabc\nabd\n1e99999\n10e99998\n""\n' | csv-except -s s.json known > out
    file_is out 'n
abd
10e99998
""
'
}

@test "csv-except: KNOWN with a header alone knows nothing; without one it is refused" {
    printf 'a\n' > known
    printf 'a\n1\n' | csv-except known > out
    file_is out 'a
1
'
    : > known
    run -2 --separate-stderr csv-except known <<< a
    stderr_is 'csv-except: known: no header'
}

@test "csv-except: names the column that KNOWN lacks, and the line where KNOWN is broken" {
    printf 'a,c\n1,2\n' > known
    run -2 --separate-stderr csv-except known <<< a,b
    stderr_is "csv-except: known: no column 'b'; it has a, c"
    printf 'a\n"1\n' > known
    run -2 --separate-stderr csv-except known <<< a
    stderr_is 'csv-except: known: line 2: record 2: unclosed quote'
}

@test "csv-except: either may be standard input, not both" {
    printf 'a\n1\n' > known
    printf 'a\n1\n2\n' > in
    csv-except - in < known > out
    file_is out 'a
2
'
    for args in - '- -' '- in -'; do
        # shellcheck disable=SC2086 # a list of words
        run -2 --separate-stderr csv-except $args < known
        [ "${stderr_lines[0]}" = "csv-except: KNOWN and the input are both '-'" ]
    done
}

@test "csv-except: on random records it is Python's set difference" {
    python3 - << 'END'
import csv, random
random.seed(7)
cell = lambda: random.choice(['', 'a', 'ab', 'b,', '"', 'x\ny', '1'])
for name, n in ('known', 300), ('in', 2000):
    with open(name, 'w', newline='') as f:
        csv.writer(f).writerows([['p', 'q', 'r']] + [[cell() for _ in 'pqr'] for _ in range(n)])
END
    csv-except known in > out
    python3 - << 'END'
import csv
known, rows, out = (list(csv.reader(open(f, newline=''))) for f in ('known', 'in', 'out'))
seen = set(map(tuple, known[1:]))
want = [r for r in rows[1:] if tuple(r) not in seen]
assert 0 < len(want) < len(rows) - 1 and out == rows[:1] + want
END
}

@test "csv-except: KNOWN is opened even if the input is empty" {
    run -2 --separate-stderr csv-except nowhere < /dev/null
    stderr_is 'csv-except: nowhere: No such file or directory'
    : > known
    run -2 --separate-stderr csv-except known < /dev/null
    stderr_is 'csv-except: known: no header'
}
