# fathom_source_note(FILE KEY RESULT): what a source says to the build in its head comment.
#
# The words after `KEY:` at the beginning of a comment line among the first 60 lines of FILE, as a list;
# several such lines add up. Editing FILE configures again.
function(fathom_source_note file key result)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} lines LIMIT_COUNT 60 REGEX "^[ /*#;]*${key}:[ \t]")
    set(words "")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^[ /*#;]*${key}:[ \t]*" "" line "${line}")
        string(REGEX REPLACE "[ \t]*\\*/[ \t]*$" "" line "${line}")
        separate_arguments(line UNIX_COMMAND "${line}")
        list(APPEND words ${line})
    endforeach()
    set(${result} "${words}" PARENT_SCOPE)
endfunction()
