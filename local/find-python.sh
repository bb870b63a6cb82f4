#!/bin/sh
# Prints a Python 3.13 that works and can make virtual environments, or says what is missing.
# Tried, not looked up: a version manager's `python3.13` may be there and fail.
is_313='import sys; sys.exit(sys.version_info[:2] != (3, 13))'
has_venv='import ensurepip, ssl, venv'
incomplete=

try() {
    "$1" -c "$is_313" >/dev/null 2>&1 || return 1
    "$1" -c "$has_venv" >/dev/null 2>&1 || { incomplete=$1; return 1; }
    "$1" -c 'import sys; print(sys.executable)'
}

if [ -n "$PYTHON" ]; then
    try "$PYTHON" && exit 0
    echo "PYTHON=$PYTHON is not a Python 3.13 with its venv module." >&2
    exit 1
fi
for candidate in python3.13 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
    try "$candidate" && exit 0
done
if [ -n "$incomplete" ]; then
    echo "$incomplete has no venv module: apt-get install python3.13-venv" >&2
else
    echo "Nexus needs Python 3.13 and found none; install it, or set PYTHON=/path/to/python3.13." >&2
fi
exit 1
