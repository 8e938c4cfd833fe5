# shellcheck disable=SC2016 # make's variables, and backquotes in Markdown
load helper

TOOLS=${SLUICE_TOOLS:-$(make -s -C "$ROOT" --no-print-directory --eval 'names: ; @echo $(TOOLS)' names)}
# What differs is printed for each tool, and the test goes on with the next.
failed=0

# The page as plain text on long lines.
page() {
    mandoc -T ascii -O width=1000 "$ROOT/man/$1.1" | sed 's/.\x08//g'
}

# The lines of section $2 of the page of $1, without blank ones.
section() {
    page "$1" | sed -n "/^$2\$/,/^[A-Z]/{/^ .*[^ ]/p}"
}

same() { # TOOL WHAT TEXT WHAT TEXT
    [ "$3" = "$5" ] && return
    printf '%s: %s: %s\n%*s%s: %s\n' "$1" "$2" "$3" "$((${#1} + 2))" '' "$4" "$5"
    failed=1
}

@test "docs: every page is clean under mandoc -T lint" {
    run -0 mandoc -T lint -W warning "$ROOT"/man/*.[17]
    [ -z "$output" ]
}

@test "docs: every tool has a page and tests, and README and pages name no other" {
    basename -a -s .1 "$ROOT"/man/*.1 > pages
    sed -n 's/^| \[`\([a-z-]*\)`\](man\/\1\.1) |.*/\1/p' "$ROOT/README.md" | sort > rows
    tr ' ' '\n' <<< "$TOOLS" > tools
    diff tools pages
    diff tools rows
    for tool in $TOOLS; do
        [ -e "$ROOT/tests/$tool.bats" ] || same "$tool" tests there "$tool.bats" missing
    done
    [ $failed -eq 0 ]
}

@test "docs: a tool's summary is the same in --help, page and README" {
    for tool in $TOOLS; do
        help=$("$tool" --help | sed -n 3p)
        same "$tool" --help "$help" .Nd "$(section "$tool" NAME | sed 's/^ *[a-z-]* - //')"
        same "$tool" --help "$help" README \
            "$(sed -n "s/^| \[\`$tool\`\](.*) | \(.*\) |\$/\1/p" "$ROOT/README.md")"
    done
    [ $failed -eq 0 ]
}

@test "docs: a tool's usage line is the page's SYNOPSIS" {
    for tool in $TOOLS; do
        same "$tool" --help "$("$tool" --help | sed -n '1s/^usage: //p')" \
            SYNOPSIS "$(section "$tool" SYNOPSIS | sed 's/^ *//; s/\[file \.\.\.\]/[FILE...]/; s/ \.\.\./.../g')"
    done
    [ $failed -eq 0 ]
}

@test "docs: a tool's options and their arguments are the page's, in its order" {
    for tool in $TOOLS; do
        same "$tool" --help "$("$tool" --help | sed -n '/^Options:/,/^$/{s/^  -/-/; s/   *.*//; /^-/p}')" \
            page "$(section "$tool" DESCRIPTION | sed -n 's/^     \(-., --.*\)/\1/p')"
    done
    [ $failed -eq 0 ]
}

@test "docs: options are sorted by letter, -h and -V last" {
    for tool in $TOOLS; do
        letters=$("$tool" --help | sed -n 's/^  -\(.\), --.*/\1/p')
        same "$tool" letters "$letters" sorted "$(head -n -2 <<< "$letters" | LC_ALL=C sort; printf 'h\nV')"
    done
    [ $failed -eq 0 ]
}

@test "docs: a page says what tools owe: status, examples, see also" {
    for tool in $TOOLS; do
        headings=$(page "$tool" | grep '^[A-Z]' | sed 1d | paste -sd, -)
        same "$tool" sections "$headings" expected "$(sed -E '
            s/^NAME,SYNOPSIS,DESCRIPTION(,ENVIRONMENT)?(,FILES)?,EXIT STATUS,EXAMPLES,DIAGNOSTICS,SEE ALSO(,STANDARDS)?(,CAVEATS)?$/&/; t
            s/.*/NAME,SYNOPSIS,DESCRIPTION,[ENVIRONMENT,FILES,]EXIT STATUS,EXAMPLES,DIAGNOSTICS,SEE ALSO[,STANDARDS,CAVEATS]/' <<< "$headings")"
    done
    [ $failed -eq 0 ]
}
