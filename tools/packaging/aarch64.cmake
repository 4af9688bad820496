# Builds for aarch64 on another Linux and runs what was built with qemu-user:
#
#     cmake -S . -B build/aarch64 --toolchain tools/packaging/aarch64.cmake
#
# CEDE_CLANG=ON takes clang, with the C library that came with the cross gcc.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

if(CEDE_CLANG)
    set(CMAKE_C_COMPILER clang)
    set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
    set(CMAKE_ASM_COMPILER_TARGET aarch64-linux-gnu)
else()
    set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
endif()

# Debian's place for it; its libraries are named by their place on Debian, so
# it is no sysroot for compilers.
set(aarch64_root /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH ${aarch64_root})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

find_program(CEDE_QEMU NAMES qemu-aarch64-static qemu-aarch64)
if(CEDE_QEMU)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${CEDE_QEMU} -L ${aarch64_root})
endif()

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CEDE_CLANG)
