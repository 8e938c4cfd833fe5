# shellcheck disable=SC2164 # bats runs with set -e
# What every tool owes, whatever it does. A claim is tested on all tools it
# applies to; those that break it are named, and the loop goes on.
load helper

TOOLS=${SLUICE_TOOLS:-$(ls "${SLUICE_BIN:-$ROOT/bin}")}
failed=0

# How tool $1 is called on $good, and what kind it is:
#   filter  a record in, a record out, as they come; ends at the first bad one
#   judge   a filter that leaves bad records out, and then ends with 1
#   sink    reads all, then says one thing, but nothing after a bad record
#   viewer  shows all records, bad ones too
#   blob    takes any bytes
#   source  reads no input
#   printer the same, but says little
# files: takes input files as operands; empty: its status for empty input;
# after: what shows the effect of a tool that prints only a receipt.
describe() {
    files=no empty=0 after=()
    case $1 in
    bq-load) kind=sink files=urls empty=2 cmd=(bq-load -s "$schema" a.b) after=(bq-query 'SELECT * FROM a.b') ;;
    bq-query) kind=source cmd=(bq-query 'SELECT * FROM a.b') ;;
    bq-show) kind=printer cmd=(bq-show -w "sqlite:$BATS_FILE_TMPDIR/warehouse" a.b) ;;
    csv-addsymbol) kind=filter files=yes cmd=(csv-addsymbol BTCUSDT) ;;
    csv-cast) kind=filter files=yes cmd=(csv-cast -s "$schema") ;;
    csv-dedup) kind=filter files=yes cmd=(csv-dedup -k open_time) ;;
    csv-gaps) kind=sink files=yes cmd=(csv-gaps -c open_time -s 1m -t) ;;
    csv-look) kind=viewer files=yes cmd=(csv-look -n all) ;;
    csv-split) kind=filter files=yes cmd=(csv-split -a 1000000) ;;
    csv-except) kind=filter files=yes cmd=(csv-except -k open_time "$known") ;;
    csv-stamp) kind=filter files=yes cmd=(csv-stamp -c t -t 2024-01-26) ;;
    csv-stat) kind=sink files=yes cmd=(csv-stat) ;;
    csv-validate) kind=judge files=yes empty=1 cmd=(csv-validate -s "$schema") ;;
    gcs-cp) kind=printer cmd=(gcs-cp "file:$good" file:copies/) ;;
    gcs-get) kind=source cmd=(gcs-get a) ;;
    gcs-ls) kind=source cmd=(gcs-ls) ;;
    gcs-put) kind=blob empty=2 cmd=(gcs-put a) after=(gcs-get a) ;;
    gcs-rm) kind=printer cmd=(put_and_remove) ;;
    kline-get) kind=source cmd=(kline-get -s BTCUSDT -i 1m -u "$url") ;;
    kline-read) kind=filter files=yes cmd=(kline-read) ;;
    kline-sim) kind=source cmd=(kline-sim -s BTCUSDT -i 1m -n 12000) ;;
    lr-eval) kind=sink empty=2 files=yes cmd=(lr-eval -y close -p open) ;;
    lr-gram) kind=sink empty=2 files=yes cmd=(lr-gram -x "open,close") ;;
    lr-export) kind=printer cmd=(lr-export -m "$model" -T r) ;;
    lr-predict) kind=filter files=yes cmd=(lr-predict -m "$model") ;;
    lr-show) kind=printer cmd=(lr-show "$model") ;;
    lr-train) kind=sink empty=2 files=yes cmd=(lr-train -y num_of_trades -x volume) ;;
    *) kind=unknown cmd=("$1") ;;
    esac
}

# gcs-rm with something to remove.
put_and_remove() {
    echo x | gcs-put removed > put.json
    gcs-rm -g "$(sed 's/.*"generation": "\([0-9]*\)".*/\1/' put.json)" removed "$@"
}

# The tools of these kinds.
of_kind() {
    for tool in $TOOLS; do
        describe "$tool"
        [[ " $* " != *" $kind "* ]] || echo "$tool"
    done
}

candles() { # COUNT
    echo open_time,open,high,low,close,volume,close_time,quote_asset_volume,num_of_trades,taker_buy_base_asset_volume,taker_buy_quote_asset_volume
    seq "$1" | awk '{
        t = 1704067200000 + 60000 * $1; v = ($1 * 7919) % 101
        printf "%.0f,%d,9,1,%d,%d.50,%.0f,%d,%d,1.0,2\n", t, 1 + $1 % 9, 1 + $1 * 5 % 9, v, t + 59999, 4 * v, 3 * v + $1 % 3
    }'
}

# The inputs, and what the sources have to show; made once. The big one is more
# than a pipe and a reader's block hold together, a bit over 1 MiB.
setup_file() {
    cd "$BATS_FILE_TMPDIR"
    candles 6 > good.csv
    candles 40000 > big.csv
    sed 1d big.csv > archive.csv
    head -n 1 big.csv > known.csv
    head -n 1 good.csv | tr , '\n' | sed '
        s/.*/{"name": "&", "type": "number"}/; s/\(time.*\)"number"/\1"datetime"/; s/\(trades.*\)"number"/\1"integer"/
        1s/^/{"fields": [/; $!s/$/,/; $s/$/]}/' > schema.json
    lr-train -y num_of_trades -x volume big.csv > model.json
    SLUICE_STORE=file:store gcs-put a < big.csv > /dev/null
    SLUICE_WAREHOUSE=sqlite:warehouse bq-load -s schema.json a.b < big.csv > /dev/null
    mkfifo said
    python3 "$ROOT/tests/servers/klines.py" --interval 1m archive.csv > said 3>&- &
    echo $! > server
    read -r port < said
    export url=http://127.0.0.1:$port
}

teardown_file() {
    kill "$(cat "$BATS_FILE_TMPDIR/server")"
}

setup() {
    set -o pipefail
    cd "$BATS_TEST_TMPDIR"
    good=$BATS_FILE_TMPDIR/good.csv
    big=$BATS_FILE_TMPDIR/big.csv
    known=$BATS_FILE_TMPDIR/known.csv
    schema=$BATS_FILE_TMPDIR/schema.json
    model=$BATS_FILE_TMPDIR/model.json
}

# Describes tool $1, and gives it an empty store and warehouse, or, as a
# source, the full ones.
begin() {
    tool=$1
    describe "$tool"
    round=$((${round:-0} + 1))
    export SLUICE_STORE=file:store$round SLUICE_WAREHOUSE=sqlite:warehouse$round
    if [ $kind = source ]; then
        SLUICE_STORE=file:$BATS_FILE_TMPDIR/store SLUICE_WAREHOUSE=sqlite:$BATS_FILE_TMPDIR/warehouse
    fi
}

try() { # COMMAND...
    status=0
    "$@" > out 2> err || status=$?
}

# Tries the tool on standard input; the effect goes to the file product.
try_product() {
    begin "$tool"
    try "${cmd[@]}"
    if [ ${#after[@]} -gt 0 ]; then
        "${after[@]}" > product 2> product.err || true
    else
        cp out product
    fi
}

wrong() { # WHAT
    printf '%s: %s\n' "$tool" "$*"
    sed 's/^/    it said: /' err
    failed=1
}

status_is() { # STATUS [WHEN]
    [ "$status" -eq "$1" ] || wrong "status $status, not $1 ${2:-}"
}

# Its one line on standard error is "TOOL: $1".
says() {
    printf '%s: %s\n' "$tool" "$1" | cmp -s - err || wrong "should say: $1"
}

is_silent() { # [WHEN]
    [ ! -s err ] || wrong "should be silent ${1:-}"
}

out_is() { # FILE [WHEN]
    cmp -s "$1" out || wrong "output differs ${2:-}$(diff "$1" out | head -n 4)"
}

all_good() {
    [ $failed -eq 0 ]
}

@test "every tool: is known to these tests" {
    [ -z "$(of_kind unknown)" ] || {
        echo "a line in describe() is missing for: $(of_kind unknown)"
        false
    }
}

@test "every tool: -h and --help print the usage on standard output" {
    for tool in $TOOLS; do
        try "$tool" -h
        status_is 0
        is_silent
        [[ "$(head -n 1 out)" == "usage: $tool "* ]] || wrong 'no usage line'
        cp out short
        try "$tool" --help
        status_is 0
        out_is short
    done
    all_good
}

@test "every tool: -V and --version print name and version" {
    for tool in $TOOLS; do
        try "$tool" -V
        status_is 0
        is_silent
        grep -qx "$tool (sluice) [0-9.]*" out || wrong 'no version'
        cp out short
        try "$tool" --version
        out_is short
    done
    all_good
}

@test "every tool: an option it does not have is status 2, the reason and a hint" {
    : > nothing
    for tool in $TOOLS; do
        for option in --no-such-option -%; do
            try "$tool" $option < "$good"
            status_is 2 "for $option"
            out_is nothing
            printf '%s\n' "$tool: unknown option $option" "$tool: try '$tool --help'" | cmp -s - err ||
                wrong "should say: unknown option $option"
        done
    done
    all_good
}

@test "every tool: a full disk is status 2 and one line" {
    for tool in $TOOLS; do
        begin "$tool"
        status=0
        "${cmd[@]}" < "$good" 2> err > /dev/full || status=$?
        status_is 2
        says 'standard output: No space left on device'
        status=0
        "$tool" --help 2> err > /dev/full || status=$?
        status_is 2 'for --help'
    done
    all_good
}

@test "every tool: a closed standard output is status 2 and one line" {
    for tool in $TOOLS; do
        begin "$tool"
        status=0
        "${cmd[@]}" < "$good" 2> err >&- || status=$?
        status_is 2
        says 'standard output: Bad file descriptor'
    done
    all_good
}

# Runs a command on $big with a reader that takes one line; its status is in
# $status, the line in the file first.
try_early() { # COMMAND...
    status=0
    (
        set +e +o pipefail
        "$@" < "$big" 2> err | head -n 1 > first
        exit "${PIPESTATUS[0]}"
    ) || status=$?
}

@test "every stream: an early reader has its line, and ends the tool in silence" {
    for tool in $(of_kind filter judge viewer source); do
        begin "$tool"
        [ "$tool" != gcs-ls ] || continue # too short to be cut
        try "${cmd[@]}" < "$big"
        head -n 1 out > want
        try_early "${cmd[@]}"
        status_is 141
        is_silent
        cmp -s want first || wrong 'the line is another'
    done
    all_good
}

@test "every stream: where SIGPIPE is ignored, an early reader is status 2" {
    for tool in $(of_kind filter judge viewer source); do
        begin "$tool"
        [ "$tool" != gcs-ls ] || continue
        try_early env --ignore-signal=PIPE "${cmd[@]}"
        status_is 2
        says 'standard output: Broken pipe'
    done
    all_good
}

@test "every reader: a closed standard input is status 2" {
    for tool in $(of_kind filter judge sink viewer blob); do
        begin "$tool"
        try "${cmd[@]}" <&-
        status_is 2
        says 'standard input: Bad file descriptor'
    done
    all_good
}

@test "every reader: a directory as standard input is status 2" {
    for tool in $(of_kind filter judge sink viewer blob); do
        begin "$tool"
        try "${cmd[@]}" < .
        status_is 2
        says 'standard input: Is a directory'
    done
    all_good
}

@test "every source: does without standard input" {
    for tool in $(of_kind source); do
        begin "$tool"
        try "${cmd[@]}" < /dev/null
        cp out want
        try "${cmd[@]}" <&-
        status_is 0
        is_silent
        out_is want
    done
    all_good
}

@test "every reader of files: a missing file and a directory are status 2" {
    for tool in $(of_kind filter judge sink viewer); do
        begin "$tool"
        [ $files = yes ] || continue
        try "${cmd[@]}" missing.csv
        status_is 2
        says 'missing.csv: No such file or directory'
        try "${cmd[@]}" .
        status_is 2
        says '.: Is a directory'
        try "${cmd[@]}" "$good" missing.csv
        status_is 2
        says 'missing.csv: No such file or directory'
    done
    all_good
}

@test "every reader of files: files, - and standard input give the same" {
    head -n 4 "$good" > one.csv
    sed 2,4d "$good" > two.csv
    for tool in $(of_kind filter judge sink viewer); do
        begin "$tool"
        [ $files = yes ] || continue
        try "${cmd[@]}" < "$good"
        cp out want
        try "${cmd[@]}" "$good"
        out_is want 'from a file'
        try "${cmd[@]}" - < "$good"
        out_is want 'from -'
        try "${cmd[@]}" one.csv - < two.csv
        out_is want 'from two files'
        status_is 0
        is_silent
    done
    all_good
}

@test "every tool that takes no files: an operand too many is status 2" {
    for tool in $TOOLS; do
        begin "$tool"
        [ $files = no ] || continue
        try "${cmd[@]}" one two < "$good"
        status_is 2
        tail -n 1 err | grep -qx "$tool: try '$tool --help'" || wrong 'should give the hint'
    done
    all_good
}

@test "every filter: a record comes out for each that goes in" {
    for tool in $(of_kind filter judge); do
        try_product < "$big"
        status_is 0
        is_silent
        [ "$(wc -l < out)" -eq "$(wc -l < "$big")" ] || wrong "$(wc -l < out) records"
    done
    all_good
}

@test "every filter: a record comes out as soon as it is complete" {
    mkfifo to from
    for tool in $(of_kind filter judge); do
        begin "$tool"
        "${cmd[@]}" < to > from 2> err &
        exec 4> to 5< from
        head -n 2 "$good" >&4
        read -r -t 10 _ <&5 && read -r -t 10 _ <&5 || wrong 'holds it back'
        exec 4>&- 5<&-
        wait $!
    done
    all_good
}

@test "every reader of CSV: line ends, a BOM and the end of the file make no difference" {
    sed 's/$/\r/' "$good" > crlf.csv
    sed 'n; s/$/\r/' "$good" > mixed.csv
    { printf '\357\273\277'; cat "$good"; } > bom.csv
    head -c -1 "$good" > cut.csv
    sed 's/$/\r/' bom.csv | head -c -2 > all.csv
    { cat "$good"; echo; } > empty-line.csv
    for tool in $(of_kind filter judge sink viewer); do
        try_product < "$good"
        status_is 0
        mv product want
        for variant in crlf mixed bom cut all empty-line; do
            try_product < $variant.csv
            status_is 0 "for $variant.csv"
            is_silent "for $variant.csv"
            cmp -s want product || wrong "$variant.csv makes a difference"
        done
    done
    all_good
}

@test "every reader of bytes: keeps them" {
    printf 'a\0\r\n\377"' > bytes
    for tool in $(of_kind blob); do
        for input in "$good" "$big" bytes; do
            try_product < "$input"
            status_is 0
            is_silent
            cmp "$input" product || wrong 'bytes differ'
        done
    done
    all_good
}

@test "every reader of CSV: empty input and a header alone" {
    : > nothing
    head -n 1 "$good" > header.csv
    for tool in $(of_kind filter judge sink viewer); do
        begin "$tool"
        try "${cmd[@]}" < nothing
        status_is $empty 'for empty input'
        [ $empty -ne 0 ] || is_silent 'for empty input'
        [ $empty -eq 0 ] || [ "$(wc -l < err)" -eq 1 ] || wrong 'should say one line'
        try "${cmd[@]}" < header.csv
        case $kind in
        sink | viewer) [ $status -eq 0 ] || [ "$(wc -l < err)" -eq 1 ] || wrong 'should say one line' ;;
        *)
            status_is 0 'for a header alone'
            is_silent 'for a header alone'
            [ "$(wc -l < out)" -eq 1 ] || wrong 'should print a header'
            ;;
        esac
    done
    all_good
}

@test "every sink with an effect: empty input is status 2, and has none" {
    : > nothing
    for tool in $(of_kind sink blob); do
        describe "$tool"
        [ $empty -ne 0 ] || continue # only tells about its input
        try_product < nothing
        status_is 2
        [[ "$(cat err)" == "$tool: standard input: empty"* ]] || wrong 'should say that it is empty'
        [ ! -s product ] || wrong 'has an effect'
        [ ! -s out ] || wrong 'has output'
    done
    all_good
}

@test "every reader of CSV: a line break inside quotes is data" {
    awk 'NR == 1 { print $0 ",note"; next } { printf "%s,\"two\nlines, \"\"%d\"\"\"\n", $0, NR }' "$good" > in.csv
    sed 's/}\]}/}, {"name": "note", "type": "string"}]}/' "$schema" > note.json
    schema=note.json
    for tool in $(of_kind filter judge sink viewer); do
        [ "$tool" != kline-read ] || continue # takes no other columns
        try_product < in.csv
        status_is 0
        is_silent
        case $tool in
        csv-gaps | lr-eval | lr-gram | lr-train)
            mv product want
            try_product < "$good"
            cmp -s want product || wrong 'makes a difference'
            ;;
        csv-look) [ "$(grep -c 'two␊lines, "[2-7]"$' product)" -eq 6 ] || wrong 'lost' ;;
        csv-stat) grep -qzF $'\nnote,string,6,0,6,"two\nlines, ""2""",' product || wrong 'lost' ;;
        *) [ "$(grep -c -A1 ',"two$' product)" -eq 6 ] && [ "$(grep -c '^lines, ""[2-7]"""' product)" -eq 6 ] || wrong 'lost' ;;
        esac
    done
    all_good
}

# A bad line in the place of the good file's fourth, and the reason for it.
bad_input() {
    local line
    line=$(sed -n 4p "$good")
    sed -n 1,3p "$good"
    case $1 in
    short) echo "${line%,*}" ;;
    long) echo "$line,2" ;;
    empty) echo ;;
    quote) echo "$line\"" ;;
    behind) echo "${line%,*},\"2\"3" ;;
    cr) printf '%s,"2"\rx\n' "${line%,*}" ;;
    unclosed) echo "${line%,*},\"2" ;;
    nul) printf '%s\0\n' "$line" ;;
    esac
    sed -n '5,$p' "$good"
}

reason_of() {
    case $1 in
    short) echo '10 fields, header has 11' ;;
    long) echo '12 fields, header has 11' ;;
    empty) echo 'empty line, header has 11 fields' ;;
    quote) echo 'quote inside an unquoted field' ;;
    behind | cr) echo 'text after a closing quote' ;;
    unclosed) echo 'unclosed quote' ;;
    nul) echo 'NUL byte' ;;
    esac
}

FAULTS='short long empty quote behind cr unclosed nul'

@test "every filter: a bad record is status 2, named, and those before it are written" {
    head -n 3 "$good" > before.csv
    for tool in $(of_kind filter); do
        begin "$tool"
        "${cmd[@]}" < before.csv > want
        for fault in $FAULTS; do
            bad_input "$fault" > in.csv
            try "${cmd[@]}" < in.csv
            status_is 2 "for $fault"
            says "standard input: line 4: record 4: $(reason_of "$fault")"
            out_is want "for $fault"
        done
    done
    all_good
}

@test "every sink: after a bad record nothing is said or done" {
    : > nothing
    for tool in $(of_kind sink); do
        for fault in $FAULTS; do
            bad_input "$fault" > in.csv
            try_product < in.csv
            status_is 2 "for $fault"
            says "standard input: line 4: record 4: $(reason_of "$fault")"
            out_is nothing "for $fault"
            [ ! -s product ] || wrong "$fault has an effect"
        done
    done
    all_good
}

@test "every judge: a bad record is left out, and the verdict is no" {
    sed 4d "$good" > others.csv
    for tool in $(of_kind judge); do
        begin "$tool"
        "${cmd[@]}" < others.csv > want
        for fault in $FAULTS; do
            [ "$fault" != unclosed ] || continue
            bad_input "$fault" > in.csv
            try "${cmd[@]}" < in.csv
            status_is 1 "for $fault"
            out_is want "for $fault"
            says '1 of 6 rows rejected'
        done
    done
    all_good
}
