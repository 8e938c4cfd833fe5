# shellcheck shell=bash disable=SC2034
# What tests of bq-load have in common: `load loads` after `load helper`.

# Column k, a string, and n, a whole number, but for what is asked for.
schema() { # FIELD... as JSON
    local IFS=,
    printf '{"fields": [%s], "primaryKey": "k"}' "$*" > schema.json
}
K='{"name": "k", "type": "string"}'
N='{"name": "n", "type": "integer"}'
TIME='{"name": "updated_at", "type": "datetime"}'

# Lines as a file of CSV.
csv() {
    printf '%s\n' "$@"
}

# Fails unless the query $1 gives the lines $2..., without the header.
rows_are() {
    bq-query "$1" | sed 1d > rows
    file_is rows "$(printf '%s\n' "${@:2}")
"
}
