# What people meet beside the program: pages of the manual and completions, made by the program
# itself from its tables, and the files of editors that find theirs in folders of the system.

set(SURFACE ${CMAKE_CURRENT_BINARY_DIR}/surface)
file(MAKE_DIRECTORY ${SURFACE})

find_program(GZIP gzip)

# surface_file(FOLDER FILE WORDS...): what `itsupc WORDS` prints, installed as FOLDER/FILE
function(surface_file folder file)
  string(REPLACE "/" "-" made "${folder}/${file}")
  add_custom_command(OUTPUT ${SURFACE}/${made}
    COMMAND itsupc ${ARGN} > ${SURFACE}/${made}
    DEPENDS itsupc VERBATIM)
  # Pages of the manual are kept small, without a time in them.
  if(GZIP AND folder MATCHES "/man[0-9]$")
    add_custom_command(OUTPUT ${SURFACE}/${made}.gz
      COMMAND ${GZIP} -9nc ${SURFACE}/${made} > ${SURFACE}/${made}.gz
      DEPENDS ${SURFACE}/${made} VERBATIM)
    string(APPEND made .gz)
    string(APPEND file .gz)
  endif()
  set_property(GLOBAL APPEND PROPERTY SURFACE_FILES ${SURFACE}/${made})
  install(FILES ${SURFACE}/${made} DESTINATION ${folder} RENAME ${file})
endfunction()

if(NOT ITSUPC_FUZZ)
  surface_file(${CMAKE_INSTALL_MANDIR}/man1 itsupc.1 manual 1)
  surface_file(${CMAKE_INSTALL_MANDIR}/man5 itsup.5 manual 5)
  surface_file(${CMAKE_INSTALL_DATADIR}/bash-completion/completions itsupc completion bash)
  surface_file(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d itsupc.fish completion fish)
  surface_file(${CMAKE_INSTALL_DATADIR}/zsh/site-functions _itsupc completion zsh)
  # Debian's zsh looks below /usr only here, and below /usr/local only there.
  if(EXISTS /etc/debian_version)
    surface_file(${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions _itsupc completion zsh)
  endif()
  get_property(SURFACE_FILES GLOBAL PROPERTY SURFACE_FILES)
  add_custom_target(surface ALL DEPENDS ${SURFACE_FILES})
endif()

install(DIRECTORY editors/vim/ DESTINATION ${CMAKE_INSTALL_DATADIR}/vim/vimfiles)
install(FILES editors/emacs/itsup-mode.el DESTINATION ${CMAKE_INSTALL_DATADIR}/emacs/site-lisp)
install(DIRECTORY editors DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN generate.py EXCLUDE)
