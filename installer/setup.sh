# Set-up shared by run.sh and test.sh, which source it from the project's root:
#   set_up run    what the program needs
#   set_up test   that, and what the checks need
# All of it can be repeated: what is there is left alone, and an interrupted set-up is made good by the next one.
# shellcheck shell=sh

# Debian packages: Qt's own needs, barcode and USB libraries, a font with the rare characters of Chinese names.
RUN_PACKAGES="libglib2.0-0 libgl1 libegl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
    libxcb-xkb1 libwayland-cursor0 libwayland-egl1 libzbar0 libusb-1.0-0 fonts-noto-cjk"
TEST_PACKAGES="$RUN_PACKAGES xvfb xauth xdotool x11-utils strace cups-daemon cups-client"

# The judge of label bytes in the tests is a Node package; nodejs and npm are taken where they are found.
node_packages() {
    command -v node >/dev/null 2>&1 || printf ' nodejs'
    command -v npm >/dev/null 2>&1 || printf ' npm'
}

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "PackStation cannot be set up: $*"
    exit 1
}

# What the stamp holds: a change of the lock, of this file or of the folder's place asks for a new set-up.
setup_state() { printf '%s %s' "$(cat installer/setup.sh "$@" | cksum)" "$PWD"; }

holds() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# True where a Python is one that the program runs on.
suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

# The program behind a name: a version manager's shim or an active environment would change under us.
resolved() { "$1" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'; }

find_python() {
    set -- python3 /usr/bin/python3 python3.13 python3.12 python3.11
    [ -z "${PACKSTATION_PYTHON:-}" ] || set -- "$PACKSTATION_PYTHON"
    for candidate; do
        if suits "$candidate"; then
            python=$(resolved "$candidate")
            return
        fi
    done
    fail "it needs Python 3.11, 3.12 or 3.13, and $1 is $("$1" --version 2>/dev/null || echo missing);" \
        "install one and name it: PACKSTATION_PYTHON=/path/to/python3 sh installer/run.sh"
}

makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# The packages of "$@" that are not installed; a package that is provided by another counts as installed.
missing_packages() {
    dpkg-query -W -f='${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
        awk -v wanted="$*" '
            $1 == "installed" {
                sub(/^installed /, "")
                n = split($0, names, /, */)
                for (i = 1; i <= n; i++) { split(names[i], word, /[ (:]/); have[word[1]] = 1 }
            }
            END {
                n = split(wanted, want)
                for (i = 1; i <= n; i++) if (!(want[i] in have)) printf "%s ", want[i]
            }'
}

install_packages() {
    packages=$*
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "      not a Debian system: its libraries are taken as they are"
        return 0
    fi
    makes_venvs "$python" || packages="python3-venv $packages"
    # shellcheck disable=SC2086
    missing=$(missing_packages $packages)
    [ -n "$missing" ] || return 0
    missing=${missing% }
    say "      installing $missing"
    command -v apt-get >/dev/null 2>&1 ||
        fail "apt-get was not found, and these Debian packages are missing: $missing"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        fail "an administrator has to install these Debian packages first: $missing"
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null 9>&-; then
        reason=$(grep '^E: ' "$log" | head -n 1)
        fail "apt-get could not install $missing (${reason:-no reason given}; all it said: $log)"
    fi
    rm -f "$log"
}

# .venv/.made names the Python and the place it was made for; .venv/.installing is there while pip works in it.
make_venv() {
    version=$("$python" -c 'import sys; print(sys.executable, *sys.version_info[:3])')
    if holds .venv/.made "$version $PWD" && [ ! -e .venv/.installing ] && .venv/bin/python -c '' 2>/dev/null; then
        return 0
    fi
    if ! makes_venvs "$python" && suits /usr/bin/python3; then
        python=/usr/bin/python3
        version=$("$python" -c 'import sys; print(sys.executable, *sys.version_info[:3])')
    fi
    makes_venvs "$python" ||
        fail "$python has no venv module; name a Python that has one: PACKSTATION_PYTHON=/path/to/python3"
    rm -rf .venv || fail "the old folder .venv cannot be removed from $PWD"
    "$python" -m venv .venv >/dev/null 2>&1 || fail "$python could not make the folder .venv in $PWD"
    printf '%s' "$version $PWD" >.venv/.made
}

install_python_packages() {
    : >.venv/.installing
    if ! .venv/bin/python -m pip --disable-pip-version-check --no-input install --require-hashes \
        --only-binary :all: -r "$1" >.venv/setup.log 2>&1 </dev/null 9>&-; then
        rm -f .venv/.installing
        reason=$(grep '^ERROR: ' .venv/setup.log | tail -n 1)
        fail "pip could not install the packages of $1 (${reason:-no reason given}; all it said: .venv/setup.log)"
    fi
    rm -f .venv/.installing
}

# What the tests need from npm stays in tests/node_modules.
install_node_packages() {
    command -v npm >/dev/null 2>&1 || fail "npm was not found; the tests need Node.js with npm"
    if ! npm ci --prefix tests --ignore-scripts --no-audit --no-fund >.venv/npm.log 2>&1 </dev/null 9>&-; then
        fail "npm could not install tests/package-lock.json (all it said: .venv/npm.log)"
    fi
}

# The checkout itself: no build and no network, so that edits count at once.
add_checkout() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$PWD" >"$site/packstation.pth"
    cat >.venv/bin/packstation <<'END'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -m packstation "$@"
END
    chmod +x .venv/bin/packstation
}

# Set up what KIND (run or test) needs; nothing but one look at the stamp when it is there already.
set_up() {
    case $1 in
    run) packages=$RUN_PACKAGES lock=installer/requirements.lock node='' ;;
    test)
        packages="$TEST_PACKAGES$(node_packages)" lock=installer/requirements-dev.lock
        node=tests/package-lock.json
        ;;
    esac
    # shellcheck disable=SC2086
    state=$(setup_state "$lock" $node)
    if [ -x .venv/bin/python ] && [ ! -e .venv/.installing ] && holds ".venv/.ready-$1" "$state"; then
        return 0
    fi
    # Two set-ups at once wait for each other; the lock goes with its process, however that ends.
    if command -v flock >/dev/null 2>&1; then
        exec 9>.venv.lock || fail "the folder $PWD cannot be written"
        if ! flock -n 9; then
            say "Another set-up is at work in $PWD; waiting for it …"
            flock -w 900 9 || fail "another set-up has been at work in $PWD for 15 minutes"
        fi
    fi
    say "[1/4] Python"
    find_python
    say "      $python"
    say "[2/4] System packages"
    # shellcheck disable=SC2086
    install_packages $packages
    say "[3/4] Python packages (the first time about a minute)"
    make_venv
    if ! holds ".venv/.ready-$1" "$state"; then
        install_python_packages "$lock"
        [ -z "$node" ] || install_node_packages
    fi
    say "[4/4] PackStation in $PWD/.venv"
    add_checkout
    # What the checks need holds what the program needs (tests/test_house.py sees to it).
    [ "$1" = run ] || setup_state installer/requirements.lock >.venv/.ready-run
    printf '%s' "$state" >".venv/.ready-$1"
    exec 9>&-
}
