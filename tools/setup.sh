# The set-up of tools/run and tools/test, read by them with `.`; needs nothing but bash.
#
#   fathom_setup run|test [QEMU]
#
# Checks that each tool is there and new enough: those that building and booting needs, and for
# `test` those of the tests as well. When all is well that is all, and takes a moment. On Debian and
# Ubuntu what is missing is installed with apt-get, which it says; elsewhere it says in one line what
# to install. A tool that is too old is named, one line each, before anything is installed. QEMU is
# the one that the caller was told to use; nothing is installed for it then.

# What this says begins with the name of the command that asked.
fathom_say() { printf 'tools/%s: %s\n' "$fathom_kind" "$*" >&2; }

# fathom_version_at_least HAVE WANT: dotted numbers.
fathom_version_at_least() {
    local -a have want
    local i
    IFS=. read -r -a have <<< "$1"
    IFS=. read -r -a want <<< "$2"
    for i in 0 1 2; do
        ((10#${have[i]:-0} > 10#${want[i]:-0})) && return 0
        ((10#${have[i]:-0} < 10#${want[i]:-0})) && return 1
    done
    return 0
}

# The first dotted number in what COMMAND prints.
fathom_version_of() {
    local text
    text=$("$@" 2>&1 </dev/null) || return 1
    [[ $text =~ ([0-9]+\.[0-9]+(\.[0-9]+)?|[0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# apt-get's status when it fails; sudo's, when it does not let us, is 1.
FATHOM_APT_FAILED=100

# What a check adds to: packages to install, what they are for, and complaints no install mends.
fathom_missing=()
fathom_absent=()
fathom_unusable=()

# fathom_need COMMAND PACKAGE [MINIMUM [WORD-THAT-PRINTS-THE-VERSION]]
fathom_need() {
    local command=$1 package=$2 minimum=${3:-} flag=${4:---version} version
    if ! PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null 2>&1; then
        fathom_missing+=("$package")
        fathom_absent+=("$command")
        return
    fi
    [[ -n $minimum ]] || return
    version=$(fathom_version_of "$command" "$flag")
    if [[ -z $version ]]; then
        fathom_unusable+=("$command does not say its version ($command $flag); it may be broken")
    elif ! fathom_version_at_least "$version" "$minimum"; then
        fathom_unusable+=("$command is version $version; $minimum or newer is needed")
    fi
}

# fathom_need_file WHAT PACKAGE FILE...: any one of the files will do.
fathom_need_file() {
    local what=$1 package=$2 file
    shift 2
    for file; do
        [[ -e $file ]] && return
    done
    fathom_missing+=("$package")
    fathom_absent+=("$what")
}

# A file that the compiler finds by itself, named for a complaint.
fathom_need_compiled() {
    local what=$1 package=$2 compiler=$3 file=$4 kind=$5
    if ! command -v "$compiler" >/dev/null 2>&1; then
        : # then the library cannot be there for it either
    elif [[ $kind == header ]]; then
        printf '#include <%s>\n' "$file" |
            "$compiler" -include stddef.h -include stdint.h -include stdarg.h -include setjmp.h \
                -E -o /dev/null - >/dev/null 2>&1 && return
    else
        [[ $("$compiler" -print-file-name="$file" 2>/dev/null) == /* ]] && return
    fi
    fathom_missing+=("$package")
    fathom_absent+=("$what")
}

fathom_check() {
    fathom_missing=() fathom_unusable=() fathom_absent=()
    fathom_need git git
    fathom_need cmake cmake 3.25
    fathom_need ninja ninja-build
    fathom_need python3 python3 3.9
    fathom_need riscv64-linux-gnu-gcc gcc-riscv64-linux-gnu 12 -dumpversion
    fathom_need_compiled 'the C library for riscv64' libc6-dev-riscv64-cross \
        riscv64-linux-gnu-gcc libc.a file
    if [[ -z $fathom_qemu ]]; then
        fathom_need qemu-system-riscv64 qemu-system-misc 7.2
    elif command -v "$fathom_qemu" >/dev/null 2>&1; then
        fathom_need "$fathom_qemu" qemu-system-misc 7.2
    else
        fathom_unusable+=("$fathom_qemu: no such program")
    fi
    fathom_need_file 'OpenSBI for QEMU' opensbi \
        /usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin \
        /usr/local/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin \
        /usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin
    fathom_need mke2fs e2fsprogs
    fathom_need debugfs e2fsprogs
    [[ $fathom_kind == test ]] || return 0
    fathom_need cc 'gcc libc6-dev'
    fathom_need_compiled cmocka libcmocka-dev cc cmocka.h header
    fathom_need_compiled "cc's address sanitizer" gcc cc libasan.so file
    fathom_need dtc device-tree-compiler
    fathom_need clang-format clang-format
    fathom_need clang-tidy clang-tidy
    fathom_need cppcheck cppcheck
}

# The packages to install: each once, in one line.
fathom_packages() {
    local -A seen=()
    local -a once=()
    local package
    for package in ${fathom_missing[*]}; do
        [[ -n ${seen[$package]:-} ]] || once+=("$package")
        seen[$package]=1
    done
    printf '%s' "${once[*]}"
}

# What is missing, as in "git, the C library for riscv64".
fathom_missing_list() {
    local text
    printf -v text '%s, ' "${fathom_absent[@]}"
    printf '%s' "${text%, }"
}

# Installs what is missing; its own output goes to standard error. When some lists of packages are
# out of reach, apt-get update fails, but the rest may hold what is wanted, so it goes on.
fathom_install() {
    local -a packages sudo=()
    read -r -a packages <<< "$(fathom_packages)"
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null 2>&1; then
            fathom_say "missing: $(fathom_missing_list); as root: apt-get install ${packages[*]}"
            return 1
        fi
        sudo=(sudo)
    fi
    fathom_say "missing: $(fathom_missing_list)"
    fathom_say "installing with apt-get: ${packages[*]}"
    if ! { { "${sudo[@]}" apt-get update -q || (($? == FATHOM_APT_FAILED)); } &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends \
            "${packages[@]}"; } >&2 </dev/null; then
        fathom_say "apt-get failed; install these by hand: ${packages[*]}"
        return 1
    fi
}

fathom_say_unusable() {
    local line
    for line in "${fathom_unusable[@]}"; do
        fathom_say "$line"
    done
    ((${#fathom_unusable[@]} == 0))
}

fathom_setup() {
    fathom_kind=$1 fathom_qemu=${2:-}
    fathom_check
    fathom_say_unusable || return 1
    ((${#fathom_missing[@]})) || return 0
    if command -v apt-get >/dev/null 2>&1; then
        fathom_install || return 1
        fathom_check
        fathom_say_unusable || return 1
        ((${#fathom_missing[@]})) || return 0
    fi
    fathom_say "missing: $(fathom_missing_list); install them (Debian's names: $(fathom_packages))"
    return 1
}
