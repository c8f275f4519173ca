# The cross compiler: Debian's riscv64-linux-gnu-gcc, for the kernel (freestanding) and for the
# programs on its disk (with the C library's own headers and static archives).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR riscv64)

find_program(FATHOM_CROSS_CC riscv64-linux-gnu-gcc)
if(NOT FATHOM_CROSS_CC)
    message(FATAL_ERROR "fathom: riscv64-linux-gnu-gcc is missing (Debian's package "
        "gcc-riscv64-linux-gnu); tools/run installs what is needed")
endif()
set(CMAKE_C_COMPILER riscv64-linux-gnu-gcc)
set(CMAKE_ASM_COMPILER riscv64-linux-gnu-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
