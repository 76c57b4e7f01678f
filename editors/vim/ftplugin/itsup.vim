" Settings for ingress descriptions (*.itsup).
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:# commentstring=#\ %s
setlocal expandtab shiftwidth=2 softtabstop=2 textwidth=100
setlocal formatoptions-=t formatoptions+=croql
setlocal iskeyword+=-
setlocal matchpairs+=[:]
setlocal suffixesadd=.itsup include=^\\s*import\\s\\+\\%(compose\\s\\+\\)\\=
if executable('itsupc')
  " gggqG lays the whole buffer out; :make fills the quickfix list.
  setlocal formatprg=itsupc\ fmt\ -q\ -
  setlocal keywordprg=itsupc\ help
  if exists(':compiler') == 2
    compiler itsupc
  endif
endif

let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< textwidth<'
      \ . ' formatoptions< iskeyword< matchpairs< suffixesadd< include< formatprg< keywordprg<'
      \ . ' makeprg< errorformat<'
