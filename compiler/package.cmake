# Packages by CPack: `cpack -G DEB`, `-G TGZ`, `-G RPM` in the build folder.

set(CPACK_PACKAGE_NAME itsupc)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR itsupc)
# Who packs it says so; the name that stands here otherwise can never be somebody's (RFC 2606).
set(ITSUPC_CONTACT "itsupc maintainers <maintainers@itsupc.invalid>" CACHE STRING "who maintains the packages")
set(CPACK_PACKAGE_CONTACT "${ITSUPC_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler of ingress descriptions for Traefik and Docker Compose")
set(CPACK_PACKAGE_DESCRIPTION "itsupc reads descriptions of what is reachable under which name,
in a language of its own or in YAML and JSON, writes what Traefik
and Docker Compose run, and tells every mistake with its place and
its remedy before anything is deployed.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
if(ITSUPC_STATIC)
  set(CPACK_PACKAGE_FILE_NAME itsupc-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR}-static)
else()
  set(CPACK_PACKAGE_FILE_NAME itsupc-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR})
endif()
if(NOT (ITSUPC_STATIC OR ITSUPC_WHOLE))
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PACKAGE_GROUP Development/Tools)
set(CPACK_RPM_PACKAGE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none")
# Folders that other packages own.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr/share/man /usr/share/man/man1
  /usr/share/man/man5 /usr/share/bash-completion /usr/share/bash-completion/completions
  /usr/share/fish /usr/share/fish/vendor_completions.d /usr/share/zsh /usr/share/zsh/site-functions
  /usr/share/vim /usr/share/vim/vimfiles /usr/share/emacs /usr/share/emacs/site-lisp)

# What Debian wants beside the program: the licence as `copyright`, and a changelog.
if(EXISTS /etc/debian_version AND GZIP)
  file(WRITE ${SURFACE}/changelog "itsupc (${PROJECT_VERSION}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${ITSUPC_CHANGELOG_DATE}
")
  execute_process(COMMAND ${GZIP} -9nf ${SURFACE}/changelog)
  install(FILES ${SURFACE}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/itsupc)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/itsupc RENAME copyright)
  if(ITSUPC_STATIC OR ITSUPC_WHOLE)
    file(WRITE ${SURFACE}/overrides "# One package for every release: it depends on no library. -DITSUPC_SHARED=ON makes one that does.
itsupc: statically-linked-binary [usr/bin/itsupc]
itsupc: embedded-library libyaml [usr/bin/itsupc]
")
    install(FILES ${SURFACE}/overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME itsupc)
  endif()
endif()

include(CPack)
