load helper

@test "examples: every page has some, and they print what the page says" {
    export SLUICE_STORE=file:store SLUICE_WAREHOUSE=sqlite:warehouse
    for page in "$ROOT"/man/*.[17]; do
        python3 "$ROOT/tests/examples.py" "$page" || failed=1
    done
    [ -z "${failed:-}" ]
}
