# Generated C: the option table, the pages behind the diagnostic codes, the ready-made proxies. Each is made by a small
# tool that is built and run on the machine that builds.

function(add_host_tool name source)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/compiler)
  target_compile_definitions(${name} PRIVATE _POSIX_C_SOURCE=200809L)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Werror)
endfunction()

set(OPTION_TABLES ${CMAKE_CURRENT_SOURCE_DIR}/compiler/options/dynamic.tsv
  ${CMAKE_CURRENT_SOURCE_DIR}/compiler/options/static.tsv)
add_host_tool(make_table compiler/options/make_table.c)
add_custom_command(OUTPUT ${GENERATED}/options_table.c
  COMMAND make_table ${GENERATED}/options_table.c ${OPTION_TABLES}
  DEPENDS make_table ${OPTION_TABLES} VERBATIM)

file(GLOB DIAGNOSTIC_PAGES CONFIGURE_DEPENDS docs/diagnostics/*.md)
add_host_tool(make_pages compiler/source/make_pages.c)
add_custom_command(OUTPUT ${GENERATED}/diagnostic_pages.c
  COMMAND make_pages ${GENERATED}/diagnostic_pages.c ${DIAGNOSTIC_PAGES}
  DEPENDS make_pages ${DIAGNOSTIC_PAGES} VERBATIM)

file(GLOB RUNTIME_TEXTS CONFIGURE_DEPENDS runtime/stack/*)
add_host_tool(make_runtime compiler/support/make_runtime.c)
add_custom_command(OUTPUT ${GENERATED}/runtime_texts.c
  COMMAND make_runtime ${GENERATED}/runtime_texts.c ${RUNTIME_TEXTS}
  DEPENDS make_runtime ${RUNTIME_TEXTS} VERBATIM)

list(APPEND GENERATED_SOURCES ${GENERATED}/options_table.c ${GENERATED}/diagnostic_pages.c
  ${GENERATED}/runtime_texts.c)
