#!/bin/sh
# Looks after .venv for the Makefile. A venv holds its own path and belongs to one Python;
# .venv/made-for says which two, and .venv/installing is there while pip runs.
#
# Usage: tools/venv.sh why [PYTHON]   why .venv must be made again, in a few words, or nothing;
#                                     PYTHON is given only where the user asked for one
#        tools/venv.sh check PYTHON   ends with a sentence unless it is a Python that will do
#        tools/venv.sh make PYTHON    makes .venv from nothing

made_for() {  # the folder and the Python; a new patch release of it changes neither
    pwd -P
    "$1" -I -c 'import sys; print("Python %d.%d in %s" % (*sys.version_info[:2], sys.base_prefix))' \
        2> /dev/null
}

why() {
    [ -e .venv ] || return
    kept=$(cat .venv/made-for 2> /dev/null)
    folder=${kept%%
*}
    if [ -z "$kept" ] || [ -e .venv/installing ]; then
        echo "it holds no finished installation"
    elif [ "$folder" != "$(pwd -P)" ]; then
        echo "it was made for $folder, before this folder was moved or copied"
    elif [ "$kept" != "$(made_for .venv/bin/python)" ]; then
        echo "the Python that it was made with has changed or gone"
    elif [ -n "$1" ] && [ "$kept" != "$(made_for "$1")" ]; then
        echo "it was made with another Python than $1"
    fi
}

check() {
    command -v "$1" > /dev/null || stop "There is no $1 here. $remedy"
    # in a syntax that the oldest Python has, or it would end with a SyntaxError
    "$1" - << 'END' || stop "$remedy"
import re, sys
text = open("pyproject.toml", "rb").read().decode("utf-8")
low, high = re.search('requires-python = ">=3.([0-9]+).*<3.([0-9]+)"', text).groups()
if not (3, int(low)) <= sys.version_info[:2] < (3, int(high)):
    sys.exit("Python 3.%s to 3.%d is needed, and this is %s." % (low, int(high) - 1, sys.version.split()[0]))
END
}

make() {
    check "$1"
    "$1" -c 'import venv; from ensurepip import version' 2> /dev/null ||
        stop "$1 cannot make environments. On Debian and Ubuntu install it: apt-get install python3-venv"
    reason=$(why "$1")
    [ -z "$reason" ] || echo "Making .venv again: $reason."
    rm -rf .venv
    "$1" -m venv .venv || stop "No environment could be made in .venv; the reason stands above."
    made_for .venv/bin/python > .venv/made-for
}

stop() {
    echo "$1" >&2
    exit 1
}

remedy="Name another Python, for example: PYTHON=python3.12"
"$@"
