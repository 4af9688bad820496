#!/usr/bin/env bash
# Installs what building and testing cede needs, on Debian and Ubuntu; what is
# there is left alone. As root, or with sudo.
#
# usage: tools/deps.sh [aarch64]      (with what `make check-aarch64` needs too)
set -eu

# program=package
needed=(
    gcc=gcc g++=g++ clang=clang cmake=cmake make=make python3=python3
    pkg-config=pkg-config valgrind=valgrind nm=binutils curl=curl ps=procps
    awk=mawk ld.lld=lld llvm-ar=llvm gdb=gdb doxygen=doxygen
)
missing=()
for pair in "${needed[@]}"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
# gcc may be there without a C library to compile against, and valgrind's
# header without its program is nothing that Debian offers.
[ -e /usr/include/stdlib.h ] || missing+=(libc6-dev)
# For cede-lint.
compgen -G "/usr/lib/llvm-*/include/clang-c/Index.h" >/dev/null ||
    missing+=(libclang-dev)

if [ "${1-}" = aarch64 ]; then
    command -v aarch64-linux-gnu-gcc >/dev/null ||
        missing+=(gcc-aarch64-linux-gnu)
    [ -e /usr/aarch64-linux-gnu/include/stdlib.h ] ||
        missing+=(libc6-dev-arm64-cross)
    command -v qemu-aarch64-static >/dev/null ||
        command -v qemu-aarch64 >/dev/null || missing+=(qemu-user-static)
fi

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
echo "installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
