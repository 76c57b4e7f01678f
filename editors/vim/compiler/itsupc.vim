" :make runs `itsupc check`; its findings land in the quickfix list.
if exists('current_compiler')
  finish
endif
let current_compiler = 'itsupc'

if exists(':CompilerSet') != 2
  command -nargs=* CompilerSet setlocal <args>
endif

CompilerSet makeprg=itsupc\ check\ --color\ never\ %:S
CompilerSet errorformat=%Eerror[%[A-Z]%[0-9]%#]:\ %m,
      \%Wwarning[%[A-Z]%[0-9]%#]:\ %m,
      \%Inote[%[A-Z]%[0-9]%#]:\ %m,
      \%Z\ %#-->\ %f:%l:%c,
      \%-G%.%#
