# shellcheck disable=SC2164 # bats runs with set -e
load helper

export SLUICE_WAREHOUSE=sqlite:warehouse

# Rows a,b,s,t,w,y that try the parser and the sums: see the script.
rows() { # SEED COUNT
    python3 "$BATS_TEST_DIRNAME/gram_rows.py" "$1" "$2"
}

# Deals the rows of file $1 out among part.1 .. part.$2, by the seed $3.
shards() {
    rm -f part.*
    for i in $(seq "$2"); do
        head -n 1 "$1" > "part.$i"
    done
    awk -v n="$2" -v seed="$3" 'BEGIN { srand(seed) }
        NR > 1 { print >> ("part." 1 + int(rand() * n)) }' "$1"
}

@test "lr-gram: prints the sums of products of all columns, and the counts of rows" {
    printf 'a,b,c\n1,2.5,3\n2,-1,0.125\n,3,4\n1e3,+.5,5.\n' | lr-gram -x a,b -y c > state
    file_is state 'a,b,sum
:count,a,3
:count,b,3
:count,c,3
:rows,bad,0
:rows,missing,1
:rows,read,4
:rows,used,3
:state,1,1
1,1,3
1,a,1003
1,b,2
1,c,8.125
a,a,1000005
a,b,500.5
a,c,5003.25
b,b,7.5
b,c,9.875
c,c,34.015625
'
}

@test "lr-gram: equals rational arithmetic on any decimals, with every kind of term" {
    for seed in 1 2 3; do
        rows $seed 600 > rows.csv
        while read -r -a options; do
            for weight in '' '--weight w'; do
                # shellcheck disable=SC2086 # none or two words
                python3 "$BATS_TEST_DIRNAME/gram_oracle.py" a,b y "${options[@]}" $weight < rows.csv > want
                # shellcheck disable=SC2086
                lr-gram -x a,b -y y "${options[@]}" $weight rows.csv > state
                cmp want state
            done
        done << 'END'

--poly a:3 --poly b:2
--cross a*b
--cat s --cat t
--cat s --cat t --cross a*s --cross s*t --cross t*b --cross a*b
END
    done
}

@test "lr-gram: any split, any number of parts, any order: the same bytes" {
    rows 7 2000 > rows.csv
    kline-sim -s BTCUSDT -i 1m -n 3000 > klines.csv
    for options in 'rows.csv -x a,b -y y -p a:2' 'rows.csv -x b -C s -C t -c a*s -c s*t -w w' \
        'rows.csv -x a,b -C s -K 3 -B hash:t' 'klines.csv -x open,high,low,volume,open_time -y close -p open:3'; do
        read -r -a words <<< "$options"
        lr-gram "${words[@]:1}" "${words[0]}" > all.state
        for n in 1 2 7 40; do
            shards "${words[0]}" $n "$n"
            for part in $(printf '%s\n' part.* | sort -R --random-source=<(yes $n)); do
                lr-gram "${words[@]:1}" "$part"
            done > parts.state
            lr-gram --merge parts.state | cmp all.state -
            lr-gram "${words[@]:1}" part.* | cmp all.state -
        done
    done
}

@test "lr-gram: what was added and taken off again leaves no trace" {
    rows 8 1500 > rows.csv
    head -n 700 rows.csv > old.csv
    (head -n 1 rows.csv && tail -n +701 rows.csv && echo '1,2,new,p,3,4') > new.csv
    for options in '-x a,b -y y' '-x a -C s -c b*s -c s*t -C t' '-x a -w w -C t' '-x a -K 4 -B hash:b -C s'; do
        read -r -a words <<< "$options"
        lr-gram "${words[@]}" old.csv > old.state
        lr-gram "${words[@]}" new.csv > new.state
        cat old.state new.state | lr-gram -m > both.state
        run ! cmp -s old.state both.state
        lr-gram -m -s new.state both.state | cmp old.state -
        lr-gram -m -s old.state both.state | cmp new.state -
        lr-gram "${words[@]}" -s old.state old.csv new.csv | cmp new.state -
    done
}

@test "lr-gram: an empty part changes nothing" {
    rows 3 50 > rows.csv
    for options in '-x a,b -C s -c a*s' '-x b -K 2 -B hash:a' '-x a -w w'; do
        read -r -a words <<< "$options"
        lr-gram "${words[@]}" rows.csv > state
        head -n 1 rows.csv | lr-gram "${words[@]}" > empty.state
        lr-gram -m empty.state state | cmp state -
        lr-gram -m state empty.state | cmp state -
    done
    head -n 1 rows.csv | lr-gram -x a -K 2 -B block > state
    lr-gram -m -s state state | cmp state -
}

@test "lr-gram: reads every number that is one, to the edge of 64 bits and beyond" {
    while read -r text value; do
        printf 'x\n%s\n' "$text" | lr-gram -x x > state
        [ "$(grep '^1,x,' state)" = "1,x,$value" ] || {
            echo "$text: $(grep '^1,x,' state)"
            false
        }
    done << 'END'
.5 0.5
5. 5
+5 5
-0 0
-0.00 0
007 7
0000000000000000000000000000001.5 1.5
1e5 100000
1E-5 0.00001
1.5e+1 15
-2.50e0 -2.5
12345678901234567 12345678901234567
123456789012345678 123456789012345678
-1234567890123456789 -1234567890123456789
12345678901234567890 12345678901234567890
999999999999999999 999999999999999999
0.999999999999999999 0.999999999999999999
1000000000000000000 1000000000000000000
9223372036854775807 9223372036854775807
-9223372036854775808 -9223372036854775808
9223372036854775808 9223372036854775808
18446744073709551615.25 18446744073709551615.25
1e-300 0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001
"1.25" 1.25
END
}

@test "lr-gram: what is no number is an error with file, line and column" {
    for text in . e5 1e '1 ' ' 1' 0x1 inf nan 1_000 -- +-1 1.2.3 1e5.5 '"1,5"' - + 1e99999; do
        printf 'k,x\n1,2\n1,%s\n' "$text" > rows.csv
        run -2 --separate-stderr lr-gram -x x rows.csv
        [ -z "$output" ]
        text=${text//\"/}
        stderr_is "lr-gram: rows.csv: line 3: record 3: column 'x': '$text' is no number"
    done
}

@test "lr-gram: the first bad value in reading order is told, in whichever column" {
    printf 'x,y\n1,2\n3,bad\nworse,4\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x,y rows.csv
    stderr_is "lr-gram: rows.csv: line 3: record 3: column 'y': 'bad' is no number"
    printf 'x,y\n1,2\n,bad\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x,y rows.csv
    stderr_is "lr-gram: rows.csv: line 3: record 3: column 'y': 'bad' is no number"
}

@test "lr-gram: -M error refuses a missing value, of a category too" {
    printf 'x,s\n1,a\n"",b\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x -M error rows.csv
    stderr_is "lr-gram: rows.csv: line 3: record 3: column 'x': the value is missing"
    printf 'x,s\n1,a\n2,\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x -C s -M error rows.csv
    stderr_is "lr-gram: rows.csv: line 3: record 3: column 's': the value is missing"
    run -2 --separate-stderr lr-gram -x x -M maybe rows.csv
    stderr_is "lr-gram: -M: 'maybe': want error or drop"
}

@test "lr-gram: a sum beyond the limit is an error, not a rounded one" {
    printf 'x\n1\n1e4000\n1\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x rows.csv
    stderr_is "lr-gram: rows.csv: line 2: record 2: the sums of this row and the 2 next ones pass 16384 bits"
}

@test "lr-gram: a negative weight is an error; a weight of 0 leaves the row out" {
    printf 'x,w\n1,2\n2,0\n3,0.5\n,1\n' > rows.csv
    lr-gram -x x -w w rows.csv > state
    file_is state 'a,b,sum
:count,x,2
:rows,bad,0
:rows,missing,1
:rows,read,4
:rows,used,2
:rows,weightless,1
:state,1,1
:w2,,4.25
:weight,w,2
1,1,2.5
1,x,3.5
x,x,6.5
'
    printf 'x,w\n1,2\n2,-0.5\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x -w w rows.csv
    stderr_is "lr-gram: rows.csv: line 3: record 3: column 'w': a weight is negative"
}

@test "lr-gram: -x all takes every column without another part" {
    printf 'a,s,w,y,b,k\n1,u,1,2,3,x\n' > rows.csv
    lr-gram -x all -C s -w w -y y -K 2 -B hash:k rows.csv | sed -n 's/^.,:count,\(.*\),1$/\1/p' > names
    file_is names 'a
b
s
y
'
}

@test "lr-gram: folds add up to the plain state" {
    rows 5 400 > rows.csv
    lr-gram -x a,b -C s rows.csv > plain.state
    seq 400 > t
    (echo time && cat t) | paste -d, rows.csv - > timed.csv
    for by in hash:t block time:time; do
        lr-gram -x a,b -C s -K 7 -B $by timed.csv > folds.state
        [ "$(cut -d, -f1 folds.state | sed 1d | uniq | paste -sd ' ')" = '0 1 2 3 4 5 6' ]
        cut -d, -f2- folds.state | lr-gram -m | cmp plain.state -
    done
}

@test "lr-gram: blocks follow each other and differ by a row at most; a pipe will do" {
    (echo x && seq 10) > rows.csv
    lr-gram -x x -K 3 -B block rows.csv > folds.state
    grep ',1,x,' folds.state > sums
    file_is sums '0,1,x,10
1,1,x,18
2,1,x,27
'
    # shellcheck disable=SC2002 # a pipe is what is tested
    cat rows.csv | lr-gram -x x -K 3 -B block | cmp folds.state -
}

@test "lr-gram: the fold of a value is the same in every part" {
    (echo x,k && seq 200 | sed 's/.*/&,k&/') > rows.csv
    lr-gram -x x -K 5 -B hash:k rows.csv > all.state
    shards rows.csv 3 1
    for i in 3 1 2; do
        lr-gram -x x -K 5 -B hash:k part.$i
    done | lr-gram -m | cmp all.state -
    [ "$(grep -c ',:rows,used,[1-9]' all.state)" -eq 5 ]
}

@test "lr-gram: -B time refuses rows out of order" {
    printf 'x,t\n1,9\n2,10\n3,9.5\n' > rows.csv
    run -2 --separate-stderr lr-gram -x x -K 2 -B time:t rows.csv
    stderr_is "lr-gram: rows.csv: line 4: record 4: column 't': rows are not in its order"
}

@test "lr-gram: what is no state, or no part of one, is refused" {
    printf 'x,y\n1,2\n3,5\n' > rows.csv
    lr-gram -x x,y rows.csv > xy.state
    lr-gram -x x rows.csv > x.state
    lr-gram -x x -K 2 -B block rows.csv > folds.state
    run -2 --separate-stderr lr-gram -m rows.csv
    stderr_is 'lr-gram: rows.csv: line 1: record 1: no state: the header is not a,b,sum or fold,a,b,sum'
    run -2 --separate-stderr lr-gram -m xy.state x.state
    stderr_is "lr-gram: 'y' took part in 2 of 4 rows: states of different columns were mixed"
    run -2 --separate-stderr lr-gram -m -s folds.state x.state
    stderr_is 'lr-gram: folds.state: line 1: record 1: states with folds and without cannot be mixed'
    sed 's/:state,1/:state,2/' x.state > other.state
    run -2 --separate-stderr lr-gram -m other.state
    stderr_is "lr-gram: other.state: line 7: record 7: a state of version '2', not 1"
    grep -v :state x.state > none.state
    run -2 --separate-stderr lr-gram -m none.state
    stderr_is 'lr-gram: none.state: no state: there is no record :state'
    sed 's/1,x,4/1,x,4x/' x.state > bad.state
    run -2 --separate-stderr lr-gram -m bad.state
    stderr_is "lr-gram: bad.state: line 9: record 9: sum: '4x' is not a decimal within limits"
    cat x.state x.state x.state > three.state
    run -2 --separate-stderr lr-gram -m -s three.state x.state
    stderr_is 'lr-gram: no rows'
    printf 'x,y\n100,2\n3,5\n' | lr-gram -x x,y > other.state
    run -2 --separate-stderr lr-gram -x x,y -s other.state rows.csv rows.csv
    stderr_is "lr-gram: the sums of 'x' are not of any rows"
    printf 'fold,a,b,sum\nx,:state,1,1\n' > bad.state
    run -2 --separate-stderr lr-gram -m bad.state
    stderr_is "lr-gram: bad.state: line 2: record 2: fold: 'x' is no number of a fold"
}

@test "lr-gram: a state is read in any order, pairs either way round, sums with exponents" {
    printf 'a,b,sum\nx,x,2.5e1\nx,1,7\n1,1,2.0\n:state,1,1\n' | lr-gram -m > state
    file_is state 'a,b,sum
:state,1,1
1,1,2
1,x,7
x,x,25
'
}

@test "lr-gram: names that would be taken for terms are refused" {
    for name in 1 :x a=b; do
        printf '%s,y\n1,2\n' "$name" > rows.csv
        run -2 --separate-stderr lr-gram -x all rows.csv
        [[ "$stderr" == "lr-gram: column '$name': "* ]]
    done
    for name in 'a^2' 'a*b'; do
        printf '%s,y\n1,2\n' "$name" > rows.csv
        lr-gram -x all rows.csv > /dev/null
        run -2 --separate-stderr lr-gram -x all -p y:2 rows.csv
        [[ "$stderr" == "lr-gram: column '$name': with "* ]]
    done
}

@test "lr-gram: levels with awkward names" {
    printf 'x,s,t\n1,"a,b",u\n2,"q""=*",v\n' > rows.csv
    lr-gram -C s -c x*s rows.csv | tail -n 4 > state
    file_is state '"s=q""=*","s=q""=*",1
"s=q""=*","x*s=q""=*",2
"x*s=a,b","x*s=a,b",1
"x*s=q""=*","x*s=q""=*",4
'
    run -2 --separate-stderr lr-gram -C s -C t -c s*t rows.csv
    [[ "$stderr" == "lr-gram: rows.csv: line 3: record 3: pairs of column 's': level 'q\"=*'"* ]]
}

@test "lr-gram: 1000 levels of a category, and not one more" {
    (echo s && seq 1000) > rows.csv
    lr-gram -C s rows.csv > state
    [ "$(grep -c '^1,s=.*,1$' state)" -eq 1000 ]
    echo 1001 >> rows.csv
    run -2 --separate-stderr lr-gram -C s rows.csv
    stderr_is "lr-gram: rows.csv: line 1002: record 1002: column 's': more than 1000 levels"
}

@test "lr-gram: options that are malformed or contradict each other are refused" {
    printf 'x,y\n1,2\n' > rows.csv
    while IFS='|' read -r options reason; do
        read -r -a words <<< "$options"
        run -2 --separate-stderr lr-gram "${words[@]}" rows.csv
        [ "${stderr%%$'\n'*}" = "lr-gram: $reason" ] || {
            echo "$options: $stderr"
            false
        }
    done << 'END'
-x z|rows.csv: no column 'z'; it has x, y
-x x -y x|column 'x' has two parts
-x x -w x|column 'x' has two parts
-x x -C x|column 'x' has two parts
-C x -w x|column 'x' has two parts
-x x -p x|'x' is not A*B or COL:DEG
-x x -p x:1|'x:1': a degree is 2 to 32
-x x -p x:33|'x:33': a degree is 2 to 32
-x x -p x:2 -p x:2|-p: 'x:2': given twice
-x x -c x*x|'x*x': a power; see -p
-x x -c x*|'x*' is not A*B or COL:DEG
-x x -K 2|-K and -B go together
-x x -B block|-K and -B go together
-x x -K 2 -B day|-B: 'day' is not hash:COL, time:COL or block
-m -x x|want columns to sum up, or -m and states
-s rows.csv|want columns to sum up, or -m and states
-x x -E sqlite|-E and -t go together
-x x -E oracle -t a.b|-E: 'oracle' is not sqlite, bigquery or duckdb
-x x -E sqlite -t a.b|-E reads nothing
END
    run -2 --separate-stderr lr-gram -x all -E sqlite -t a.b
    stderr_is 'lr-gram: -x all: there is no header to choose from'
    run -2 --separate-stderr lr-gram -x a -E sqlite -t 'a.b;'
    stderr_is "lr-gram: 'a.b;' is not DATASET.TABLE"
    run -2 --separate-stderr lr-gram -x a -w w -E sqlite -t a.b
    stderr_is 'lr-gram: categories and weights are not summed up in SQL'
}

@test "lr-gram: summing up in SQLite gives the very bytes of summing up the rows" {
    echo '[{"name":"a","type":"NUMERIC"},{"name":"b","type":"STRING"},{"name":"i","type":"INT64"},{"name":"f","type":"FLOAT64"}]' > schema.json
    python3 - > rows.csv << 'END'
import random
r = random.Random(4)
print("a,b,i,f")
for k in range(500):
    print(r.choice(["", "0.10", "-0", "%.9f" % r.uniform(-1e9, 1e9)]),
          r.choice(["1e-7", "-.5", "1" * 40, "%.3f" % r.uniform(-9, 9)]),
          r.choice(["", k, -k * 10**12]), repr(r.uniform(-2, 2)), sep=",")
END
    bq-load -s schema.json demo.t < rows.csv > receipt.json
    bq-load -s schema.json demo.none < <(head -n 1 rows.csv) > receipt.json
    for table in demo.t demo.none; do
        for options in "-x a,i,b -y f -p a:2" "-x b,f -c f*b" '-x a'; do
            read -r -a words <<< "$options"
            lr-gram -E sqlite -t $table "${words[@]}" | bq-query -f - > sql.state
            bq-query "SELECT * FROM $table" | lr-gram "${words[@]}" | cmp - sql.state
        done
    done
}

@test "lr-gram: candles summed up in SQL give the bytes of the file's" {
    need_data klines/BTCUSDT-1d.csv
    kline-read "$DATA/klines/BTCUSDT-1d.csv" > rows.csv
    bq-load -s "$ROOT/pipelines/schemas/klines.raw.schema.json" demo.k < rows.csv > receipt.json
    lr-gram -x open_time,open,high,low,volume -y close -E sqlite -t demo.k | bq-query -f - > sql.state
    lr-gram -x open_time,open,high,low,volume -y close rows.csv | cmp - sql.state
}

@test "lr-gram: BigQuery and DuckDB are asked in their ways" {
    lr-gram -x '"a`""b"' -y y -c 'a`"b*y' -E bigquery -t p-1.d.t > sql
    # shellcheck disable=SC2016 # BigQuery's quotes
    grep -qF 'CAST(CAST(`a``"b` AS STRING) AS BIGNUMERIC) AS c1' sql
    grep -qF "FROM UNNEST([" sql
    lr-gram -x '"a`""b"' -y y -E duckdb -t d.t > sql
    # shellcheck disable=SC2016
    grep -qF 'CAST("a`""b" AS VARCHAR)' sql
    grep -qF "s8 || 'e-' || CAST(e1 + 0 AS VARCHAR)" sql
}
