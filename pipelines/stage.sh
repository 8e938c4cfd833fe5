#!/bin/bash
# stage.sh TABLE - one batch of candles from standard input into staging
#
# The shortest right way: the object first, then the table, both under the
# same created_at. Run again with the same NOW, it adds nothing.
set -euo pipefail

here=$(dirname "$0")
now=${NOW:-$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)}
batch=$(mktemp)
trap 'rm -f "$batch"' EXIT

csv-validate -s "$here/schemas/klines.raw.schema.json" |
    csv-stamp -c created_at,updated_at -t "$now" > "$batch"
gcs-put -t "$now" "staging/$1" < "$batch"
bq-load --mode append -s "$here/schemas/klines.raw.schema.json" "staging.$1" < "$batch"
