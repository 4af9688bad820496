#!/usr/bin/env bash
# Installs the peers that Debian packages, with what builds and measures them.
# What cannot be installed is named and left out; the bench then skips it.
# As root, or with sudo.
set -u

cd "$(dirname "$0")/.." || exit 2
tools/deps.sh || exit 1

packages=(
    g++ util-linux valgrind linux-perf strace
    libboost-dev libboost-context-dev libboost-fiber-dev
    libboost-coroutine-dev libst-dev libuv1-dev
    golang-go lua5.4 python3 python3-uvloop python3-httptools
    cargo rustc librust-tokio-dev nginx-light
)
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
for package in "${packages[@]}"; do
    if dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
        grep -q 'install ok installed'; then
        continue
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends "$package" >/dev/null ||
        echo "bench-deps: no $package" >&2
done
