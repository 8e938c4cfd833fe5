# shellcheck shell=bash
# What tests of the whole flow have in common: `load flow` after `load helper`.

FLOW=$ROOT/pipelines/flow.mk
export SLUICE_STORE=file:var/store SLUICE_WAREHOUSE=sqlite:var/warehouse

# Variables as NAME=VALUE; output goes to the file out.
flow() {
    env -u MAKEFLAGS -u MAKELEVEL make -f "$FLOW" "$@" > out 2> err < /dev/null || {
        local status=$?
        cat out err
        return $status
    }
}

count() { # of a table
    bq-query "SELECT COUNT(*) AS n FROM $1" | sed 1d
}

# Everything that the tables and the store hold.
state() {
    for table in staging._loads production._loads "$@" production.klines; do
        bq-query "SELECT * FROM $table" | sort
    done
    gcs-ls
}

metric() { # NAME, of the only series
    sed -n "s/.*\"$1\": \([^,]*\).*/\1/p" var/flow/*/*/metrics.json
}

below() { # A < B, as decimals
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'
}

# Runs the flow on hourly.csv, whatever its gate says of so few candles.
hourly() {
    flow SOURCE=hourly.csv INTERVAL=1h GATE="$BATS_TEST_TMPDIR/any" "$@"
}
