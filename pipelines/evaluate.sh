#!/bin/bash
# evaluate.sh MODEL [SYMBOL [INTERVAL]] - a model's metrics on all of production
set -euo pipefail

here=$(dirname "$0")
bq-query -p symbol="${2:-BTCUSDT}" -p step="${3:-1m}" -p since=0001-01-01 -p until=9999-12-31 \
    -f "$here/sql/features.sql" |
    lr-predict -m "$1" |
    lr-eval -y num_of_trades
