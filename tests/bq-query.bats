load helper

export SLUICE_WAREHOUSE=sqlite:wh

# The table d.t of types, with a row of values and one of NULL.
types() {
    cat > types.json << 'END'
[{"name": "s", "type": "STRING"}, {"name": "i", "type": "INT64"}, {"name": "f", "type": "FLOAT64"},
 {"name": "b", "type": "BOOL"}, {"name": "d", "type": "NUMERIC"}, {"name": "t", "type": "TIMESTAMP"}]
END
    printf 's,i,f,b,d,t\n"a,""b",1,2,true,3.50,2024-01-26\n,,,,,\n' | bq-load -s types.json d.t > receipt
}

# Fails unless "SELECT $1" gives the one value $2.
is() {
    bq-query "SELECT $1" | sed 1d > out
    file_is out "$2
" || {
        echo "$1"
        return 1
    }
}

# Fails unless "SELECT $1" is refused with the reason $2.
refused() {
    run -2 --separate-stderr bq-query "SELECT $1"
    stderr_is "bq-query: query: $2"
}

# Fails unless "SELECT $1" ends with the error $2.
fails() {
    run -2 --separate-stderr bq-query "SELECT $1"
    stderr_is "bq-query: sqlite:wh: $2"
}

@test "bq-query: prints rows as CSV that bq-load reads back" {
    types
    bq-query 'SELECT * FROM d.t' > out
    file_is out 's,i,f,b,d,t
"a,""b",1,2.0,true,3.5,2024-01-26T00:00:00.000000Z
,,,,,
'
    bq-load -s types.json d.u < out > receipt
    bq-query 'SELECT * FROM d.u' | cmp - out
}

@test "bq-query: tells NULL from the empty string" {
    bq-query "SELECT NULL AS a, '' AS b" > out
    file_is out $'a,b\n,""\n'
    bq-query "SELECT NULL AS a" > out
    file_is out $'a\n\n'
}

@test "bq-query: quotes what needs it" {
    bq-query "SELECT 'a
b' AS \"x,y\", 'c\"d' AS z, ' ' AS blank" > out
    file_is out '"x,y",z,blank
"a
b","c""d", 
'
}

@test "bq-query: prints doubles so that they read back the same, with a point" {
    is 1.0 1.0
    is -0.5 -0.5
    is 0.1+0.2 0.30000000000000004
    is 1e20 1e+20
    is 123456789012345678.0 1.2345678901234568e+17
    is 1e999 Infinity
    is -1e999 -Infinity
}

@test "bq-query: prints whole numbers exactly" {
    is 9223372036854775807 9223372036854775807
    is -9007199254740993 -9007199254740993
}

@test "bq-query: prints a BOOL as true and false" {
    types
    [ "$(bq-query 'SELECT b FROM d.t WHERE b' | sed 1d)" = true ]
}

@test "bq-query: gives a column whose name stands twice a suffix" {
    bq-query 'SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a' > out
    file_is out 'a,a_1,a_1_1,a_2
1,2,3,4
'
}

@test "bq-query: reads SQL from a file, with comments and a final semicolon" {
    printf -- '-- one\nSELECT 1 AS a; /* two */\n-- three\n' > q.sql
    bq-query -f q.sql > out
    file_is out $'a\n1\n'
    bq-query -f - < q.sql | cmp - out
    run -2 --separate-stderr bq-query -f nothing.sql
    stderr_is "bq-query: nothing.sql: No such file or directory"
    echo 'SELECT x' > q.sql
    run -2 --separate-stderr bq-query -f q.sql
    stderr_is "bq-query: q.sql: no such column: x"
    printf 'SELECT 1\0' > q.sql
    run -2 --separate-stderr bq-query -f q.sql
    stderr_is "bq-query: q.sql: NUL byte"
}

@test "bq-query: takes one statement" {
    refused '1; SELECT 2' "more than one statement"
    refused '1; x' "more than one statement"
    refused ';' 'near ";": syntax error'
    run -2 --separate-stderr bq-query '/* nothing */'
    stderr_is "bq-query: query: no statement"
    run -2 --separate-stderr bq-query
    [ "${stderr_lines[0]}" = "bq-query: want one query, or -f FILE" ]
    run -2 bq-query a b
    run -2 bq-query -f a b
}

@test "bq-query: binds parameters, and pastes nothing" {
    is 1 1
    bq-query -p a="'; DROP" -p b:INT64=5 'SELECT @a AS a, @b + 1 AS b, @a = @a AS c' > out
    file_is out "a,b,c
'; DROP,6,1
"
    bq-query -p a=1=2 'SELECT @a AS a' > out
    file_is out $'a\n1=2\n'
}

@test "bq-query: gives parameters the type asked for" {
    bq-query -p s=7 -p i:INT64=7 -p f:FLOAT64=7 -p d:NUMERIC=7.10 -p b:BOOL=true -p t:TIMESTAMP=2024-01-26 -p e= \
        "SELECT typeof(@s), @s, typeof(@i), @i, typeof(@f), @f, typeof(@d), @d, @b, @t, @e" | sed 1d > out
    file_is out 'text,7,integer,7,real,7.0,text,7.1,1,2024-01-26T00:00:00.000000Z,""
'
}

@test "bq-query: wants every parameter, and no other" {
    refused @a "parameter @a is not given"
    refused '?' "parameter ?: only @NAME is one"
    refused ':a' "parameter :a: only @NAME is one"
    run -2 --separate-stderr bq-query -p A=1 'SELECT 1'
    stderr_is "bq-query: query: parameter @A does not stand in the query"
    for bad in a =1 1=1 'a b=1' ':INT64=1'; do
        run -2 --separate-stderr bq-query -p "$bad" 'SELECT 1'
        stderr_is "bq-query: -p: '$bad' is not NAME=VALUE or NAME:TYPE=VALUE"
    done
    run -2 --separate-stderr bq-query -p a=1 -p a=2 'SELECT @a'
    stderr_is "bq-query: -p: 'a=2': the name stands twice"
    run -2 --separate-stderr bq-query -p a:INT64=x 'SELECT @a'
    stderr_is "bq-query: -p: 'a:INT64=x': 'x' is not an integer"
    run -2 --separate-stderr bq-query -p a:INT=1 'SELECT @a'
    stderr_is "bq-query: -p: 'INT' is not a type"
    run -2 --separate-stderr bq-query -p a:FLOAT64=1e999 'SELECT @a'
    stderr_is "bq-query: query: parameter @a: out of range"
}

@test "bq-query: can only read" {
    types
    cp wh/d.sqlite before
    for sql in 'DELETE FROM d.t' 'INSERT INTO d.t(i) VALUES(1)' 'UPDATE d.t SET i = 1' 'DROP TABLE d.t' \
        'CREATE TABLE d.x(a)' 'CREATE TEMP TABLE x(a)' "ATTACH 'x.db' AS x" "VACUUM INTO 'x.db'" \
        'PRAGMA query_only = OFF' 'PRAGMA d.journal_mode = DELETE' 'BEGIN' 'REINDEX' \
        'WITH x AS (SELECT 1) DELETE FROM d.t'; do
        run -2 --separate-stderr bq-query "$sql"
        stderr_is "bq-query: query: a query can only read: one SELECT"
    done
    run -2 bq-query 'SELECT * FROM pragma_database_list'
    cmp before wh/d.sqlite
    [ ! -e x.db ]
}

@test "bq-query: names the dataset or table that is not there" {
    refused '* FROM production.klines' "no dataset 'production' in sqlite:wh"
    types
    refused '* FROM d.x' "no table 'd.x' in sqlite:wh"
    refused '* FROM e.t' "no dataset 'e' in sqlite:wh"
    refused '* FROM x' "no table 'x' in sqlite:wh"
    [ ! -e wh/e.sqlite ]
}

@test "bq-query: joins tables of several datasets, up to ten" {
    echo '[{"name": "k", "type": "INT64"}]' > k.json
    sum=0
    for i in 1 2 3 4 5 6 7 8 9 10 11; do
        printf 'k\n%s\n' $i | bq-load -s k.json d$i.t > receipt
        sum="$sum + (SELECT k FROM d$i.t)"
        [ $i -ne 10 ] || is "$sum" 55
    done
    refused "$sum" "a statement can name 10 datasets"
}

@test "bq-query: finds datasets however they are quoted" {
    types
    for table in d.t '`d`.t' '"d"."t"' '`d` . `t`'; do
        [ "$(bq-query "SELECT COUNT(*) FROM $table" | sed 1d)" = 2 ]
    done
}

@test "bq-query: compares decimals by value, as literals too" {
    echo '[{"name": "d", "type": "NUMERIC"}]' > d.json
    printf 'd\n10\n9\n-1\n9007199254740993\n' | bq-load -s d.json d.t > receipt
    bq-query 'SELECT d FROM d.t ORDER BY d DESC' > out
    file_is out $'d\n9007199254740993\n10\n9\n-1\n'
    [ "$(bq-query 'SELECT d FROM d.t WHERE d = 10.00' | sed 1d)" = 10 ]
    [ "$(bq-query -p x:NUMERIC=9.99 'SELECT COUNT(*) FROM d.t WHERE d > @x' | sed 1d)" = 2 ]
    [ "$(bq-query 'SELECT MAX(d) FROM d.t' | sed 1d)" = 9007199254740993 ]
}

@test "bq-query: computes with decimals exactly" {
    is "decimal_add('0.1', '0.2')" 0.3
    is "decimal_sub('9007199254740993', '-1')" 9007199254740994
    is "decimal_mul('1e-20', '12345678901234567890.5')" 0.123456789012345678905
    is "decimal_cmp('10.0', '1e1')" 0
    is "decimal_cmp('9', '10')" -1
    is "decimal_cmp('-9', -10)" 1
    is 'decimal_add(0.1, 1)' 1.1
    is "decimal_add('1', NULL)" ''
    is 'decimal_sum(x) FROM (SELECT 1 AS x WHERE 0)' ''
    echo '[{"name": "d", "type": "NUMERIC"}]' > d.json
    printf 'd\n0.1\n0.2\n""\n-0.05\n' | bq-load -s d.json d.t > receipt
    is 'decimal_sum(d) FROM d.t' 0.25
    fails "decimal_add('1', 'x')" "decimal_add: an argument is not a decimal"
    fails "decimal_mul('1e4000', '1e4000')" "decimal_mul: too many digits"
    fails "decimal_sum(x) FROM (SELECT '1e4000' AS x UNION ALL SELECT '1e-4000')" "decimal_sum: too many digits"
}

@test "bq-query: divides whole numbers as GoogleSQL does" {
    is 'DIV(7, 2)' 3
    is 'DIV(-7, 2)' -3
    is 'MOD(-7, 2)' -1
    is 'MOD(5, 3)' 2
    is 'MOD(-9223372036854775807 - 1, -1)' 0
    is 'DIV(1, NULL)' ''
    fails 'DIV(1, 0)' "DIV: division by zero"
    fails 'MOD(1, 0)' "MOD: division by zero"
    fails 'DIV(-9223372036854775807 - 1, -1)' "DIV: overflow of INT64"
    fails 'DIV(1.5, 1)' "DIV: an argument is not an INT64"
    is 'SAFE_DIVIDE(1, 4)' 0.25
    is "SAFE_DIVIDE('1', '4')" 0.25
    is 'SAFE_DIVIDE(1, 0)' ''
    is 'SAFE_DIVIDE(0, 0)' ''
    is 'SAFE_DIVIDE(1e308, 1e-308)' ''
    is 'SAFE_DIVIDE(NULL, 1)' ''
    fails "SAFE_DIVIDE('x', 1)" "SAFE_DIVIDE: an argument is not a number"
}

@test "bq-query: chooses as GoogleSQL does" {
    is "IF(1 < 2, 'a', 'b')" a
    is "IF(NULL, 'a', 'b')" b
    is 'IF(0.5, 1, 2)' 1
    is 'GREATEST(1, 3, 2)' 3
    is "GREATEST('9', '10')" 10
    is "LEAST('b', 'a')" a
    is 'LEAST(2.5, 2)' 2
    is 'LEAST(1, NULL)' ''
    fails 'GREATEST()' "GREATEST: an argument is missing"
    is "COUNTIF(x > 1) FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT NULL)" 1
    is "COUNTIF(x) FROM (SELECT 1 AS x WHERE 0)" 0
    is "'a' LIKE 'A'" 0
}

@test "bq-query: has times as GoogleSQL does" {
    is "TIMESTAMP('2024-01-26 15:00:00+01:00')" 2024-01-26T14:00:00.000000Z
    is 'TIMESTAMP(NULL)' ''
    is "UNIX_MILLIS('2024-01-26T15:00:00.300Z')" 1706281200300
    is "UNIX_MILLIS('1969-12-31T23:59:59.999999Z')" -1
    is 'TIMESTAMP_MILLIS(1706281200300)' 2024-01-26T15:00:00.300000Z
    is 'TIMESTAMP_MILLIS(-1)' 1969-12-31T23:59:59.999000Z
    is 'TIMESTAMP_MILLIS(253402300799999)' 9999-12-31T23:59:59.999000Z
    fails 'TIMESTAMP_MILLIS(253402300800000)' "TIMESTAMP_MILLIS: beyond the years 0001 to 9999"
    fails "TIMESTAMP('today')" "TIMESTAMP: an argument is not a time"
    fails 'TIMESTAMP(1706281200300)' "TIMESTAMP: an argument is not a time"
    is "CURRENT_TIMESTAMP BETWEEN '$(date -u +%FT%T)' AND '9'" 1
    is 'COUNT(DISTINCT CURRENT_TIMESTAMP) FROM (SELECT 1 UNION ALL SELECT 2)' 1
}

@test "bq-query: casts to INT64 and FLOAT64" {
    is "CAST('15' AS INT64) / 2" 7
    is "CAST('1.50' AS FLOAT64)" 1.5
    is 'CAST(5 AS FLOAT64) / 2' 2.5
}

@test "bq-query: an error on the way leaves the rows before it, and status 2" {
    run -2 --separate-stderr bq-query 'SELECT DIV(1, x) AS y FROM (SELECT 1 AS x UNION ALL SELECT 0)'
    stderr_is "bq-query: sqlite:wh: DIV: division by zero"
    [ "$output" = $'y\n1' ]
}

@test "bq-query: a failed write is an error, and ends a query that would not end" {
    run -2 --separate-stderr bash -c \
        'bq-query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n" > /dev/full'
    stderr_is "bq-query: standard output: No space left on device"
}

@test "bq-query: -t loads what the pipe to bq-load would, under the same id" {
    types
    bq-query -t d.u -s types.json "SELECT s, i + 1 AS i, NULL AS f FROM d.t WHERE i = 1" > receipt
    bq-query 'SELECT s, i, f, b FROM d.u' > out
    file_is out $'s,i,f,b\n"a,""b",2,,\n'
    bq-query "SELECT s, i + 1 AS i, NULL AS f FROM d.t WHERE i = 1" | bq-load d.u > again
    grep -q '"already_loaded": true' again
    [ "$(grep -o '"load_id": "[^"]*"' receipt)" = "$(grep -o '"load_id": "[^"]*"' again)" ]
    grep -q '"tool": "bq-query ' receipt
}

@test "bq-query: -t replaces and merges" {
    types
    bq-query -t d.u -s types.json -m replace 'SELECT i FROM d.t' > receipt
    bq-query -t d.u -m replace "SELECT 'k' AS s, i FROM d.t WHERE i = 1" > receipt
    bq-query -t d.u -m merge -k s -n i "SELECT s, i + 1 AS i FROM d.u" > receipt
    bq-query 'SELECT s, i FROM d.u' > out
    file_is out $'s,i\nk,2\n'
}

@test "bq-query: -t loads nothing if the query fails or does not fit" {
    types
    run -2 --separate-stderr bq-query -t d.t 'SELECT DIV(1, x) AS i FROM (SELECT 1 AS x UNION ALL SELECT 0)'
    stderr_is "bq-query: sqlite:wh: DIV: division by zero"
    run -2 --separate-stderr bq-query -t d.t 'SELECT 1 AS x'
    stderr_is "bq-query: d.t: the table has no column 'x'"
    run -2 --separate-stderr bq-query -t d.t "SELECT 'x' AS i"
    stderr_is "bq-query: column 'i': 'x' is not an integer"
    [ "$(bq-query 'SELECT COUNT(*) FROM d._loads' | sed 1d)" = 1 ]
}

@test "bq-query: wants a warehouse" {
    unset SLUICE_WAREHOUSE
    run -2 --separate-stderr bq-query 'SELECT 1'
    stderr_is "bq-query: no warehouse: set SLUICE_WAREHOUSE or -w to sqlite:DIR or bigquery:PROJECT"
    bq-query -w sqlite:nothing 'SELECT 1 AS a' > out
    [ ! -e nothing ]
}
