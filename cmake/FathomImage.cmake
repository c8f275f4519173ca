# fathom_add_image(TARGET FILE TREE host:guest... DEPENDS target...)
#
# An ext2 image FILE in the build tree, made from directories. The target runs on every build:
# tools/lib/image.py compares a listing of what goes in with the one it kept, and writes the image
# only when they differ.
function(fathom_add_image target file)
    cmake_parse_arguments(arg "" "" "TREE;DEPENDS" ${ARGN})
    set(dirs "")
    foreach(pair IN LISTS arg_TREE)
        list(APPEND dirs --dir ${pair})
    endforeach()
    add_custom_target(${target} ALL
        COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/lib/image.py
            --output ${CMAKE_BINARY_DIR}/${file} ${dirs}
        DEPENDS ${arg_DEPENDS}
        BYPRODUCTS ${CMAKE_BINARY_DIR}/${file}
        COMMENT "Checking ${file}" VERBATIM)
endfunction()
