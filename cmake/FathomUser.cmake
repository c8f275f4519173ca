# Programs that run on Fathom, built by the ordinary cross compiler with nothing of ours in between.
#
# fathom_user_program(TARGET SOURCE OUTPUT_DIR [flag...])
#   One program from one file, linked statically: C with glibc and threads, assembly (.S or .s) with
#   no library at all. A line in the source's head comment of the form
#       build: FLAGS
#   replaces the link flags, for example `build: -nostdlib -static-pie -Wl,--no-dynamic-linker`.

set(FATHOM_USER_FLAGS -std=gnu11 -O2 -g1 -Wall -Wextra -Werror)

include(SourceNote)

function(fathom_user_program target source output_dir)
    cmake_path(GET source STEM name)
    cmake_path(GET source EXTENSION LAST_ONLY extension)
    fathom_source_note(${source} build flags)
    if(NOT flags)
        if(extension STREQUAL ".c")
            set(flags -static -pthread)
        else()
            set(flags -nostdlib -static)
        endif()
    endif()
    add_executable(${target} ${source})
    if(extension STREQUAL ".c")
        set_source_files_properties(${source} PROPERTIES LANGUAGE C)
    else()
        set_source_files_properties(${source} PROPERTIES LANGUAGE ASM)
    endif()
    target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:C>:${FATHOM_USER_FLAGS}> ${flags} ${ARGN})
    target_link_options(${target} PRIVATE ${flags} -Wl,--build-id=none)
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${output_dir})
endfunction()
