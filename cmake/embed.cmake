# muster_embed(target symbol file): make the bytes of a file a NUL-terminated C string
# `const char <symbol>[]` with `const unsigned long <symbol>_size` (NUL not counted).
# The assembler's .incbin does it in no time for files of any size.
enable_language(ASM)
function(muster_embed target symbol file)
  get_filename_component(path ${file} ABSOLUTE)
  set(assembly ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S)
  file(CONFIGURE OUTPUT ${assembly} @ONLY CONTENT [[
    .section .rodata
    .balign 8
    .globl @symbol@
    .hidden @symbol@
@symbol@:
    .incbin "@path@"
1:  .byte 0
    .balign 8
    .globl @symbol@_size
    .hidden @symbol@_size
@symbol@_size:
    .quad 1b - @symbol@
    .section .note.GNU-stack,"",%progbits
]])
  set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${path})
  target_sources(${target} PRIVATE ${assembly})
endfunction()
