load helper
load cloud

export SLUICE_WAREHOUSE=sqlite:wh

# Loads the standard input into table $1; the other arguments are its fields.
table() {
    local name=$1
    shift
    printf '%s\n' "$@" | jq -s '{fields: ., primaryKey: []} | del(.primaryKey)' > schema.json
    bq-load -s schema.json "$name" > receipt
}

K='{"name": "k", "type": "string", "constraints": {"required": true}}'

@test "bq-show: lists the datasets, and nothing where there are none" {
    mkdir wh
    bq-show > out
    file_is out $'dataset\n'
    table b.t "$K" <<< k
    table a.t "$K" <<< k
    touch wh/notes wh/1.sqlite wh/.sqlite
    bq-show > out
    file_is out $'dataset\na\nb\n'
    run -2 --separate-stderr bq-show -w sqlite:none
    stderr_is 'bq-show: none: No such file or directory'
}

@test "bq-show: lists the tables of a dataset with rows and bytes" {
    printf 'k\na\nb\n' | table d.t "$K"
    printf 'k\n' | table d.empty "$K"
    bq-show d > out
    [ "$(head -n 1 out)" = table,kind,rows,bytes,created,modified,partitioned,partitions,clustered ]
    cut -d, -f1-3 out > some
    file_is some $'table,kind,rows\n_loads,TABLE,2\nempty,TABLE,0\nt,TABLE,2\n'
    grep -E '^t,TABLE,2,(4096|8192)?,,,,,$' out
}

@test "bq-show: lists views, without rows" {
    printf 'k\na\n' | table d.t "$K"
    sqlite3 wh/d.sqlite 'CREATE VIEW v AS SELECT * FROM t'
    bq-show d | grep v, > out
    file_is out $'v,VIEW,,,,,,,\n'
}

@test "bq-show: lists the columns of a table, of any type" {
    table d.t "$K" '{"name": "i", "type": "integer"}' '{"name": "f", "type": "number"}' \
        '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' '{"name": "b", "type": "boolean"}' \
        '{"name": "t", "type": "datetime"}' '{"name": "j", "type": "object"}' <<< k,i,f,d,b,t,j
    bq-show d.t > out
    cat > want << '.'
column,type,mode,description
k,STRING,REQUIRED,
i,INT64,NULLABLE,
f,FLOAT64,NULLABLE,
d,NUMERIC,NULLABLE,
b,BOOL,NULLABLE,
t,TIMESTAMP,NULLABLE,
j,JSON,NULLABLE,
.
    diff want out
    bq-show d._loads | grep -x load_id,STRING,REQUIRED,
    sqlite3 wh/d.sqlite 'CREATE TABLE odd (a POINT)'
    bq-show d.odd | grep -x a,POINT,NULLABLE,
}

@test "bq-show: -l prints the table's line" {
    printf 'k\na\n' | table d.t "$K"
    bq-show -l d.t > out
    bq-show d | grep -v _loads | diff - out
}

@test "bq-show: -j prints a schema that makes the same table" {
    table d.t "$K" '{"name": "d", "type": "number", "bq:type": "NUMERIC"}' <<< k,d
    bq-show -j d.t > again.json
    bq-load -s again.json d.u <<< k,d > receipt
    bq-show d.u | diff - <(bq-show d.t)
    [ "$(jq -c .fields again.json)" = '[{"name":"k","type":"string","constraints":{"required":true}},{"name":"d","type":"number","bq:type":"NUMERIC"}]' ]
}

@test "bq-show: names what is not there" {
    table d.t "$K" <<< k
    run -2 --separate-stderr bq-show e
    stderr_is "bq-show: no dataset 'e' in sqlite:wh"
    run -2 --separate-stderr bq-show e.t
    stderr_is "bq-show: no dataset 'e' in sqlite:wh"
    run -2 --separate-stderr bq-show d.u
    stderr_is "bq-show: no table 'd.u' in sqlite:wh"
    run -2 --separate-stderr bq-show -j d.u
    stderr_is "bq-show: no table 'd.u' in sqlite:wh"
    [ ! -e wh/e.sqlite ]
}

@test "bq-show: wants a DATASET or a DATASET.TABLE" {
    for operand in 'a b' a.b.c a. .b '' 1; do
        run -2 --separate-stderr bq-show "$operand"
        stderr_is "bq-show: '$operand' is not DATASET or DATASET.TABLE"
    done
    run -2 --separate-stderr bq-show a b
    [ "${stderr_lines[0]}" = 'bq-show: want one DATASET or DATASET.TABLE' ]
    run -2 --separate-stderr bq-show -j a
    [ "${stderr_lines[0]}" = 'bq-show: -j and -l want a DATASET.TABLE' ]
    run -2 --separate-stderr bq-show -l
    [ "${stderr_lines[0]}" = 'bq-show: -j and -l want a DATASET.TABLE' ]
    run -2 --separate-stderr bq-show -jl a.b
    [ "${stderr_lines[0]}" = 'bq-show: want one of -j and -l' ]
}

# Makes table d.$1 in BigQuery of the members of its resource in JSON $2.
made() {
    jq -n --arg id "$1" --argjson more "$2" '{tableReference: {projectId: "project",
        datasetId: "d", tableId: $id}} + $more' > table.json
    cloud_curl POST /bigquery/v2/projects/project/datasets/d/tables --fail-with-body \
        -H 'Content-Type: application/json' --data-binary @table.json > answer
}

# In BigQuery: a dataset with a table that is laid out.
laid_out() {
    export SLUICE_WAREHOUSE=bigquery:project
    cloud_start
    cloud_curl POST /bigquery/v2/projects/project/datasets --fail-with-body \
        -H 'Content-Type: application/json' > answer \
        -d '{"datasetReference": {"projectId": "project", "datasetId": "d"}}'
    made t '{"schema": {"fields": [{"name": "k", "type": "STRING", "mode": "REQUIRED",
            "description": "key, first"}, {"name": "at", "type": "TIMESTAMP"},
            {"name": "n", "type": "INTEGER"}, {"name": "f", "type": "FLOAT"},
            {"name": "b", "type": "BOOLEAN"}, {"name": "d", "type": "NUMERIC"}]},
        "timePartitioning": {"type": "MONTH", "field": "at"}, "clustering": {"fields": ["k"]}}'
    cloud_forget
}

@test "bq-show: on BigQuery lists the same, with layout and times" {
    laid_out
    bq-show > out
    file_is out $'dataset\nd\n'
    bq-show d > out
    cut -d, -f1-4,7,9 out > some
    file_is some $'table,kind,rows,bytes,partitioned,clustered\nt,TABLE,0,0,MONTH(at),k\n'
    grep -E '^t,TABLE,0,0,20[0-9-]+T[0-9:.]+Z,20[0-9-]+T[0-9:.]+Z,' out
    bq-show -l d.t | diff - out
    bq-show d.t > out
    file_is out $'column,type,mode,description\nk,STRING,REQUIRED,"key, first"\nat,TIMESTAMP,NULLABLE,\nn,INT64,NULLABLE,\nf,FLOAT64,NULLABLE,\nb,BOOL,NULLABLE,\nd,NUMERIC,NULLABLE,\n'
    cloud_log '.[] | .op' | sort -u | diff - <(printf '%s\n' datasets.list tables.get tables.list)
}

@test "bq-show: on BigQuery -j has partition and clusters" {
    laid_out
    bq-show -j d.t > schema.json
    [ "$(jq -c '[."bq:partition", ."bq:cluster", .fields[0]]' schema.json)" = \
        '[{"field":"at","type":"MONTH"},["k"],{"name":"k","type":"string","description":"key, first","constraints":{"required":true}}]' ]
}

@test "bq-show: on BigQuery follows pages, empty ones too, and leaves out what went meanwhile" {
    laid_out
    made t1 '{"schema": {"fields": [{"name": "k", "type": "STRING"}]}}'
    made t2 '{"schema": {"fields": [{"name": "k", "type": "STRING"}]}}'
    cloud_forget
    cloud_fault '{"op": "tables.list", "do": "patch", "patch": {"tables": [],
        "nextPageToken": "'"$(printf tables:0 | base64)"'"}}'
    cloud_fault tables.get 404 2
    bq-show d | cut -d, -f1 > out
    file_is out $'table\nt\nt2\n'
    cloud_did 'tables.list 200' 'tables.list 200' 'tables.get 200' 'tables.get 404' 'tables.get 200'
}

@test "bq-show: on BigQuery names what is not there" {
    laid_out
    run -2 --separate-stderr bq-show e
    stderr_is "bq-show: no dataset 'e' in bigquery:project"
    run -2 --separate-stderr bq-show d.u
    stderr_is "bq-show: no table 'd.u' in bigquery:project"
    run -2 --separate-stderr bq-show -w bigquery:other d.t
    [[ $stderr == "bq-show: d.t: HTTP 403: accessDenied: "* ]]
}

@test "bq-show: on BigQuery asks again while the service is busy" {
    laid_out
    cloud_fault tables.get 503 1 2
    bq-show d.t > out
    cloud_did 'tables.get 503' 'tables.get 503' 'tables.get 200'
}
