#!/bin/sh
# The reference, HTML and man pages, of the public headers.
#
# usage: tools/reference/reference.sh BUILD-DIRECTORY
#
# Writes BUILD-DIRECTORY/docs/html and BUILD-DIRECTORY/docs/man. Needs python3
# and doxygen; a warning of doxygen's is an error.
set -eu

tree=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1/docs"
docs=$(cd "$1/docs" && pwd)

for program in python3 doxygen; do
    if ! command -v $program > /dev/null; then
        echo "make docs needs $program: sudo apt-get install python3 doxygen" >&2
        exit 1
    fi
done

rm -rf "$docs/headers" "$docs/html" "$docs/man"
python3 -B "$tree/tools/reference/render.py" \
    "$tree/include" "$docs/headers"
version=$(sed -n 's/^#define CEDE_VERSION_[A-Z]* \([0-9]\)/\1/p' \
    "$tree/include/cede/version.h" | paste -sd.)
{
    cat "$tree/tools/reference/Doxyfile"
    echo "PROJECT_NUMBER = $version"
    echo "INPUT = \"$docs/headers\""
    echo "STRIP_FROM_PATH = \"$docs/headers\""
    echo "STRIP_FROM_INC_PATH = \"$docs/headers\""
    echo "OUTPUT_DIRECTORY = \"$docs\""
} | doxygen -
python3 -B "$tree/tools/reference/man.py" "$docs/man/man3" "$tree/include"
rm -r "$docs/headers"
echo "docs: $docs/html/index.html, $docs/man"
