# The host tests as targets and tests of the kernel's own tree: a project for the machine's own
# compiler (CMakeLists.txt beside this file), built with everything else, its tests known to this
# tree's ctest by the names of their files.
include(ExternalProject)

find_program(FATHOM_HOST_CC NAMES cc gcc clang REQUIRED)
set(FATHOM_HOST_TREE ${CMAKE_BINARY_DIR}/host)

ExternalProject_Add(host_tests
    SOURCE_DIR ${CMAKE_SOURCE_DIR}/tests/host
    BINARY_DIR ${FATHOM_HOST_TREE}
    STAMP_DIR ${CMAKE_BINARY_DIR}/host-stamps
    TMP_DIR ${CMAKE_BINARY_DIR}/host-stamps
    CMAKE_ARGS -DCMAKE_C_COMPILER=${FATHOM_HOST_CC}
    CMAKE_GENERATOR Ninja
    BUILD_ALWAYS TRUE
    INSTALL_COMMAND "")

file(GLOB fathom_host_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/host/test_*.c)
foreach(source IN LISTS fathom_host_tests)
    cmake_path(GET source STEM name)
    string(REGEX REPLACE "^test_" "host." test ${name})
    add_test(NAME ${test} COMMAND ${FATHOM_HOST_TREE}/${name})
    set_tests_properties(${test} PROPERTIES LABELS host TIMEOUT 300
        ENVIRONMENT "ASAN_OPTIONS=abort_on_error=0;UBSAN_OPTIONS=print_stacktrace=1")
endforeach()

if(EXISTS ${CMAKE_SOURCE_DIR}/tests/host-shell/run.py)
    add_test(NAME host.shell
        COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/host-shell/run.py)
    set_tests_properties(host.shell PROPERTIES LABELS host TIMEOUT 300)
endif()
