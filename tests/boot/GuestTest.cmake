# fathom_guest_test(NAME name LABEL label
#                   [SMP n...] [TIMEOUT seconds] [SOAK]
#                   [EXPECT check...]
#                   COMMAND [tools/run option...] [-- program argument...])
#
# Boots the built kernel through tools/run, once for each hart count (tests NAME.smpN; without SMP one
# test NAME with tools/run's own default), and checks what came back. EXPECT takes the checks of
# tests/boot/guest_test.py: --status N, --stdout TEXT, --stdout-file FILE, --stdout-has REGEX,
# --stderr-has REGEX, --log-has REGEX, --stdin-text TEXT, --stdin-file FILE, --interactive TEXT.
# TIMEOUT (300) is the guest's deadline; then the test fails and says what was last printed.
# Each also runs with the label `guest`. SOAK puts the test among those that only `ctest -L soak` runs.

set(FATHOM_GUEST_TEST ${CMAKE_CURRENT_LIST_DIR}/guest_test.py)
set_property(GLOBAL PROPERTY FATHOM_SOAK_TESTS "")

function(fathom_guest_test)
    cmake_parse_arguments(arg "SOAK" "NAME;LABEL;TIMEOUT" "SMP;EXPECT;COMMAND" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    math(EXPR kill_after "${arg_TIMEOUT} + 60")
    set(suffixes "none")
    if(arg_SMP)
        set(suffixes ${arg_SMP})
    endif()
    foreach(smp IN LISTS suffixes)
        set(name ${arg_NAME})
        set(harts "")
        if(NOT smp STREQUAL "none")
            set(name ${arg_NAME}.smp${smp})
            set(harts --smp ${smp})
        endif()
        set(command ${Python3_EXECUTABLE} ${FATHOM_GUEST_TEST} ${arg_EXPECT} ::
            --preset ${FATHOM_PRESET} --timeout ${arg_TIMEOUT} ${harts} ${arg_COMMAND})
        if(arg_SOAK)
            fathom_soak_test(${name} ${kill_after} ${command})
        else()
            add_test(NAME ${name} COMMAND ${command})
            set_tests_properties(${name} PROPERTIES
                LABELS "${arg_LABEL};guest" TIMEOUT ${kill_after}
                ENVIRONMENT FATHOM_NO_BUILD=1)
        endif()
    endforeach()
endfunction()

# A test that only `ctest -L soak` sees. ctest itself decides: the generated file below is read when
# ctest starts, and adds the tests if ctest's own command line asks for the label.
function(fathom_soak_test name timeout)
    set(words "")
    foreach(word IN LISTS ARGN)
        string(APPEND words " [==[${word}]==]")
    endforeach()
    set(text "    add_test([==[${name}]==]${words})\n")
    string(APPEND text "    set_tests_properties([==[${name}]==] PROPERTIES LABELS soak"
        " TIMEOUT ${timeout} ENVIRONMENT [==[FATHOM_NO_BUILD=1;FATHOM_SOAK=1]==])\n")
    set_property(GLOBAL APPEND_STRING PROPERTY FATHOM_SOAK_TESTS "${text}")
endfunction()

function(fathom_write_soak_tests)
    get_property(tests GLOBAL PROPERTY FATHOM_SOAK_TESTS)
    set(file ${CMAKE_BINARY_DIR}/soak_tests.cmake)
    file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
[==[# Read by ctest when it starts; see fathom_soak_test() in tests/boot/GuestTest.cmake.
set(command_line "")
if(EXISTS /proc/self/cmdline)
    file(STRINGS /proc/self/cmdline command_line)
endif()
if(command_line MATCHES "(^|;)(-L;|--label-regex[;=])[^;]*soak" OR "$ENV{FATHOM_SOAK}" STREQUAL "1")
@tests@endif()
]==])
    set_property(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} APPEND PROPERTY TEST_INCLUDE_FILES ${file})
endfunction()
