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
  " Findings while you type; `let g:itsup_lsp = 0` is for those who have a client of their own.
  if get(g:, 'itsup_lsp', 1) && has('nvim')
    lua require('itsup').attach()
  elseif get(g:, 'itsup_lsp', 1) && has('patch-9.0.0') && has('job') && has('textprop')
    call itsup#lsp#Attach()
  endif
endif

let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< textwidth<'
      \ . ' formatoptions< iskeyword< matchpairs< suffixesadd< include< formatprg< keywordprg< omnifunc<'
      \ . ' makeprg< errorformat<'
