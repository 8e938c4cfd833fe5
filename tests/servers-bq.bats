load helper
load cloud

v2=/bigquery/v2/projects/project
upload=/upload/bigquery/v2/projects/project/jobs

# The status and the body (in file "answer") of a request with JSON $3.
ask() {
    local method=$1 path=$2 json=${3:-}
    cloud_curl "$method" "$path" -o answer -D head -w '%{http_code}\n' \
        ${json:+-H 'Content-Type: application/json' --data-binary "$json"}
}

# Fails unless a request is answered by status $1 and reason $2.
refused() {
    local status=$1 reason=$2
    shift 2
    ask "$@" | diff - <(echo "$status")
    jq -r '.error.errors[0].reason' answer | diff - <(echo "$reason")
}

# The message of the last answer holds $1.
said() {
    jq -r '.error.message // .status.errorResult.message' answer > message
    grep -F -- "$1" message || {
        cat message
        return 1
    }
}

# A jq filter of the last answer gives $2.
is() {
    jq -c "$1" answer | diff - <(printf '%s\n' "$2")
}

dataset() {
    ask POST $v2/datasets '{"datasetReference":{"datasetId":"d","projectId":"project"}}' | diff - <(echo 200)
}

# The table d.t of columns $1, as "a INT64, b STRING NOT NULL".
table() {
    dataset
    select_ "CREATE TABLE d.t ($1)"
}

# Runs SQL $1; further members of the request in $2. The answer's status.
query() {
    local json
    json=$(jq -cn --arg q "$1" --argjson more "${2:-{\}}" '{query: $q, useLegacySql: false} + $more')
    ask POST $v2/queries "$json"
}

# Runs SQL that must be good; prints its rows, a JSON array each.
select_() {
    query "$@" | diff - <(echo 200)
    jq -c '.rows[]?.f | map(.v)' answer
}

# A load's configuration of job $1 with the members of $2.
load_job() {
    jq -cn --arg id "$1" --argjson more "${2:-{\}}" '{jobReference: {projectId: "project", jobId: $id},
        configuration: {load: ({sourceFormat: "CSV", destinationTable:
        {projectId: "project", datasetId: "d", tableId: "t"}} + $more)}}'
}

# Uploads standard input as load job $1 with the members of $2; the status.
upload() {
    { printf -- '--xx\r\nContent-Type: application/json\r\n\r\n%s\r\n--xx\r\nContent-Type: text/csv\r\n\r\n' \
        "$(load_job "$@")"
        cat
        printf -- '\r\n--xx--'
    } > body
    cloud_curl POST "$upload?uploadType=multipart" -o answer -w '%{http_code}\n' \
        -H 'Content-Type: multipart/related; boundary=xx' --data-binary @body
}

job() {
    ask GET "$v2/jobs/$1?location=US" | diff - <(echo 200)
}

fields='{"schema":{"fields":[{"name":"i","type":"INT64"},{"name":"s","type":"STRING"}]}}'

@test "bigquery server: an upload is a job, whose rows are there when it is done" {
    cloud_start
    dataset
    cloud_fault job.load running:2
    printf '1,a\n2,b\n' | upload j1 "$fields" | diff - <(echo 200)
    is '[.status.state, .jobReference.location, .id]' '["RUNNING","US","project:US.j1"]'
    refused 404 notFound GET $v2/datasets/d/tables/t
    job j1
    is .status.state '"RUNNING"'
    job j1
    job j1
    is '[.status, .statistics.load.outputRows, .statistics.load.inputFileBytes]' \
        '[{"state":"DONE"},"2","8"]'
    select_ 'SELECT * FROM d.t ORDER BY i' > rows
    printf '["1","a"]\n["2","b"]\n' | diff - rows
    ask GET $v2/datasets/d/tables/t | diff - <(echo 200)
    is '[.numRows, .schema.fields[0].type, .numBytes]' '["2","INTEGER","22"]'
    printf '1,a\n' | upload j1 "$fields" | diff - <(echo 409)
    is .error.errors[0].reason '"duplicate"'
}
