# Generated C: the pages behind the diagnostic codes, made by a small tool that is built and run on
# the machine that builds.

function(add_host_tool name source)
  add_executable(${name} ${source})
  target_compile_definitions(${name} PRIVATE _POSIX_C_SOURCE=200809L)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Werror)
endfunction()

file(GLOB DIAGNOSTIC_PAGES CONFIGURE_DEPENDS docs/diagnostics/*.md)
add_host_tool(make_pages compiler/source/make_pages.c)
add_custom_command(OUTPUT ${GENERATED}/diagnostic_pages.c
  COMMAND make_pages ${GENERATED}/diagnostic_pages.c ${DIAGNOSTIC_PAGES}
  DEPENDS make_pages ${DIAGNOSTIC_PAGES} VERBATIM)

list(APPEND GENERATED_SOURCES ${GENERATED}/diagnostic_pages.c)
