# Filters stream: what they hold does not grow with the input. The 60 MiB here
# show what 1 GB would, only sooner.
load helper

# Prints the most memory, in KiB, that a command took on input $1.
peak() {
    python3 - "$@" << 'END'
import resource, subprocess, sys
with open(sys.argv[1]) as source:
    subprocess.run(sys.argv[2:], stdin=source, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
}

# Fails if a command takes 16 MiB, or more for four times the rows.
constant() {
    ! grep -q __asan_init "$(command -v "$1")" || skip 'the sanitizer takes memory of its own'
    kline-sim -s BTCUSDT -i 1m -n 100000 > few.csv
    kline-sim -s BTCUSDT -i 1m -n 400000 > many.csv
    few=$(peak few.csv "$@")
    many=$(peak many.csv "$@")
    echo "$few KiB for 100,000 rows, $many KiB for 400,000"
    [ "$many" -lt 16384 ]
    [ $((many - few)) -lt 1024 ]
}

@test "csv-stamp: holds no more of a longer input" {
    constant csv-stamp -c t
}

@test "csv-addsymbol: holds no more of a longer input" {
    constant csv-addsymbol BTCUSDT
}

@test "csv-cast: holds no more of a longer input" {
    constant csv-cast -s "$ROOT/pipelines/schemas/klines.raw.schema.json"
}

@test "csv-validate: holds no more of a longer input, without uniqueness" {
    constant csv-validate -s "$ROOT/pipelines/schemas/klines.raw.schema.json"
}

@test "csv-gaps: holds no more of a longer input" {
    constant csv-gaps -c open_time -s 1m
}

@test "csv-look: holds no more of a longer input" {
    constant csv-look -n all
}

@test "csv-split: holds no more of a longer input" {
    constant csv-split -a 80% -r rest.csv
}

@test "kline-read: holds no more of a longer input" {
    constant kline-read
}

@test "lr-train: holds no more of a longer input" {
    constant lr-train -y num_of_trades -x volume,high,low
}

@test "lr-gram: holds no more of a longer input, with weights and folds too" {
    constant lr-gram -x "volume,high,low"
    constant lr-gram -x "volume,high,low" -w num_of_trades -K 3 -B hash:open_time
}

@test "csv-stat: holds no more of a longer input" {
    constant csv-stat
}
