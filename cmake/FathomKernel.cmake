# fathom_add_kernel(NAME FLAGS flag...): one kernel from all kernel sources.
#
# Target NAME makes, in build/PRESET (or build/PRESET/NAME for any but the first, `fathom`):
#   fathom.elf  with symbols and debug information, for gdb and addr2line
#   Image       what firmware loads
#
# The kernel can name the functions of a backtrace, so it holds its own symbol table. That takes two
# links: the first with an empty table, from which tools/mksymtab.py makes the real one, the second
# with it. The table is the last of the read-only data, so no function moves; `mksymtab.py --check`
# proves it of the second link.

set(FATHOM_KERNEL_PATTERNS
    lib/*.c arch/riscv/*.c arch/riscv/*.S kernel/*.c mm/alloc/*.c sched/*.c drivers/*.c mm/*.c
    fs/*.c fs/*/*.c process/*.c syscall/*.c arch/riscv/entry/*.c arch/riscv/entry/*.S)

set(FATHOM_KERNEL_FLAGS
    -ffreestanding -nostdlib -mcmodel=medany -march=rv64imac_zicsr_zifencei -mabi=lp64
    -fno-omit-frame-pointer -fno-common -fno-pic -fno-stack-protector
    -fno-asynchronous-unwind-tables -fno-strict-aliasing -g
    -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)

set(FATHOM_WARNINGS -Wall -Wextra -Werror)
set(FATHOM_KERNEL_WARNINGS ${FATHOM_WARNINGS} -Wmissing-prototypes -Wshadow -Wstrict-prototypes)

set(FATHOM_LINKER_SCRIPT ${CMAKE_SOURCE_DIR}/linker/kernel.ld)
set(FATHOM_LINK_FLAGS
    -nostdlib -static -no-pie -T ${FATHOM_LINKER_SCRIPT}
    -Wl,--build-id=none,--orphan-handling=error,-z,max-page-size=4096,-z,noexecstack,-z,norelro)

# The objects of kernel NAME, as a library that both links use.
function(fathom_kernel_objects name flags)
    list(TRANSFORM FATHOM_KERNEL_PATTERNS PREPEND ${CMAKE_SOURCE_DIR}/)
    file(GLOB sources CONFIGURE_DEPENDS ${FATHOM_KERNEL_PATTERNS})
    add_library(${name}_objects OBJECT ${sources})
    target_include_directories(${name}_objects PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_options(${name}_objects PRIVATE
        ${FATHOM_KERNEL_FLAGS} ${flags}
        $<$<COMPILE_LANGUAGE:C>:-std=gnu11>
        $<$<COMPILE_LANGUAGE:C>:${FATHOM_KERNEL_WARNINGS}>)
endfunction()

# One link of the objects with one symbol table.
function(fathom_kernel_link target objects table output)
    add_executable(${target} EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${objects}> ${table})
    target_compile_options(${target} PRIVATE -march=rv64imac_zicsr_zifencei -mabi=lp64)
    target_link_options(${target} PRIVATE
        -march=rv64imac_zicsr_zifencei -mabi=lp64 ${FATHOM_LINK_FLAGS})
    set_target_properties(${target} PROPERTIES
        LINK_DEPENDS ${FATHOM_LINKER_SCRIPT}
        RUNTIME_OUTPUT_DIRECTORY ${output}
        OUTPUT_NAME ${target}
        SUFFIX .elf)
endfunction()

function(fathom_add_kernel name)
    cmake_parse_arguments(arg "" "" "FLAGS" ${ARGN})
    set(mksymtab ${CMAKE_SOURCE_DIR}/tools/mksymtab.py)
    set(output ${CMAKE_BINARY_DIR})
    if(NOT name STREQUAL "fathom")
        string(APPEND output /${name})
    endif()
    set(work ${CMAKE_BINARY_DIR}/symtab/${name})

    fathom_kernel_objects(${name} "${arg_FLAGS}")

    set(empty ${work}/empty.S)
    set(table ${work}/table.S)
    add_custom_command(OUTPUT ${empty}
        COMMAND ${Python3_EXECUTABLE} ${mksymtab} --empty -o ${empty}
        DEPENDS ${mksymtab} VERBATIM)
    fathom_kernel_link(${name}_first ${name}_objects ${empty} ${work})

    add_custom_command(OUTPUT ${table}
        COMMAND ${Python3_EXECUTABLE} ${mksymtab} --nm ${CMAKE_NM}
            $<TARGET_FILE:${name}_first> -o ${table}
        DEPENDS ${name}_first ${mksymtab} VERBATIM
        COMMENT "Making the symbol table of ${name}")
    fathom_kernel_link(${name}_second ${name}_objects ${table} ${work})

    add_custom_command(OUTPUT ${output}/fathom.elf ${output}/Image
        COMMAND ${Python3_EXECUTABLE} ${mksymtab} --nm ${CMAKE_NM} --check ${table}
            $<TARGET_FILE:${name}_second>
        COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}_second> ${output}/fathom.elf
        COMMAND ${CMAKE_OBJCOPY} -O binary -S ${output}/fathom.elf ${output}/Image.new
        COMMAND ${CMAKE_COMMAND} -E rename ${output}/Image.new ${output}/Image
        DEPENDS ${name}_second ${table} ${mksymtab} VERBATIM
        COMMENT "Linking ${name}: Image")
    add_custom_target(${name} ALL DEPENDS ${output}/fathom.elf ${output}/Image)
endfunction()
