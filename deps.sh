#!/bin/sh
# deps.sh GROUP... - install what is missing of the groups build, test and ci
#
# Says what is missing; installs it with apt-get as root or by passwordless
# sudo, and otherwise prints the command to type and fails. Quick and silent
# when nothing is missing.
set -eu

# group, what must be there (a command, a header of <>, or a flag of clang's),
# apt, dnf, brew
packages='
build gcc                 gcc                  gcc              gcc
build pkg-config          pkg-config           pkgconf          pkgconf
build <curl/curl.h>       libcurl4-openssl-dev libcurl-devel    curl
build <jv.h>              libjq-dev            jq-devel         jq
build <zlib.h>            zlib1g-dev           zlib-devel       zlib
build <csv.h>             libcsv-dev           libcsv-devel     libcsv
build <sqlite3.h>         libsqlite3-dev       sqlite-devel     sqlite
build <xxhash.h>          libxxhash-dev        xxhash-devel     xxhash
build <openssl/evp.h>     libssl-dev           openssl-devel    openssl
test  bats                bats                 bats             bats-core
test  python3             python3              python3          python3
test  sqlite3             sqlite3              sqlite           sqlite
test  jq                  jq                   jq               jq
test  curl                curl                 curl             curl
test  openssl             openssl              openssl          openssl
test  mandoc              mandoc               mandoc           mandoc
ci    clang               clang                clang            llvm
ci    -fsanitize=fuzzer   libclang-rt-14-dev   compiler-rt      llvm
ci    clang-format        clang-format         clang-tools-extra clang-format
ci    shellcheck          shellcheck           ShellCheck       shellcheck
ci    pmccabe             pmccabe              pmccabe          pmccabe
ci    valgrind            valgrind             valgrind         valgrind
'

present() {
    case $1 in
    -*) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang "$1" -x c -o /dev/null - 2> /dev/null ;;
    '<'*) echo "#include $1" | gcc -E - > /dev/null 2>&1 ;;
    *) command -v "$1" > /dev/null ;;
    esac
}

# Prints column $1 of the packages in the groups that are missing.
missing() {
    column=$1
    shift
    echo "$packages" | while read -r group what apt dnf brew; do
        case " $* " in *" ${group:-none} "*) ;; *) continue ;; esac
        # a C library's header is found only by a compiler with libc's
        [ "$what" != gcc ] || what='<stdio.h>'
        present "$what" && continue
        case $column in apt) echo "$apt" ;; dnf) echo "$dnf" ;; *) echo "$brew" ;; esac
    done | tr '\n' ' '
}

list=$(missing apt "$@")
[ -n "$list" ] || exit 0
# gcc alone has no libc headers when recommended packages are not installed
case " $list" in *' gcc '*) list="$list libc6-dev" ;; esac
echo "missing: $list"
as_root=
[ "$(id -u)" -eq 0 ] || as_root='sudo -n'
if command -v apt-get > /dev/null && { [ -z "$as_root" ] || sudo -n true 2> /dev/null; }; then
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $list > /dev/null
elif command -v apt-get > /dev/null; then
    echo "type: sudo apt-get install $list" >&2 && exit 1
elif command -v dnf > /dev/null; then
    echo "type: sudo dnf install $(missing dnf "$@")" >&2 && exit 1
else
    echo "type: brew install $(missing brew "$@")" >&2 && exit 1
fi
