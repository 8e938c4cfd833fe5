# Loaded by every test file: `load helper`.
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
PATH=${SLUICE_BIN:-$ROOT/bin}:$PATH
DATA=$ROOT/../shared/data # real inputs, where present
unset SLUICE_STORE SLUICE_WAREHOUSE

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR" || return
}

# Skips the test where the real inputs are not there.
need_data() {
    [ -e "$DATA/$1" ] || skip "no $1"
}

# Fails, showing both, unless file $1 holds exactly the text $2.
file_is() {
    printf '%s' "$2" | diff -u - "$1"
}

# The member $1 of the receipts in file $2 or on standard input, a line each.
# For texts without quotes, backslashes and commas.
field() {
    sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\).*/\1/p" ${2:+"$2"}
}

# Fails unless standard error of the last `run --separate-stderr` is one line
# that equals $1.
stderr_is() {
    [ "$stderr" = "$1" ] || {
        printf 'expected: %s\nstderr:   %s\n' "$1" "$stderr"
        return 1
    }
}
