#!/bin/sh
# Set up what is missing and open the program on its sample shop, with virtual printers:
#   sh installer/run.sh [OPTIONS OF packstation demo]
# Without a display the same sample shift runs without a window and says what it did.
set -eu
cd "$(dirname "$0")/.."
. installer/setup.sh
set_up run

# True where a window can be opened: a name in DISPLAY alone may be a display that has gone.
has_display() {
    if [ -n "${WAYLAND_DISPLAY:-}" ]; then
        case $WAYLAND_DISPLAY in
        /*) [ ! -S "$WAYLAND_DISPLAY" ] || return 0 ;;
        *) [ ! -S "${XDG_RUNTIME_DIR:-}/$WAYLAND_DISPLAY" ] || return 0 ;;
        esac
    fi
    [ -n "${DISPLAY:-}" ] || return 1
    .venv/bin/python -I -S -c '
import ctypes, sys
xcb = ctypes.CDLL("libxcb.so.1")
xcb.xcb_connect.restype = ctypes.c_void_p
xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
sys.exit(xcb.xcb_connection_has_error(xcb.xcb_connect(None, None)))' 2>/dev/null
}

if has_display; then
    exec .venv/bin/packstation demo "$@"
fi
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "The display ${DISPLAY:-$WAYLAND_DISPLAY} does not answer: the sample shift runs without a window."
else
    say "There is no display: the sample shift runs without a window."
fi
exec .venv/bin/packstation demo --headless "$@"
