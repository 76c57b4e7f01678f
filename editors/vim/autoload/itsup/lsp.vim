" A small client of `itsupc lsp` for Vim: findings while you type, and what K, CTRL-] and CTRL-X CTRL-O
" ask for. Neovim has a client of its own, lua/itsup.lua starts it.
let s:job = v:null
let s:version = 0
let s:levels = ['', 'Error', 'Warning', 'Note', 'Note']

function! s:Uri(path) abort
  let l:path = substitute(fnamemodify(a:path, ':p'), '[^A-Za-z0-9/._~-]', '\=s:Bytes(submatch(0))', 'g')
  return 'file://' . l:path
endfunction

function! s:Bytes(char) abort
  return join(map(range(len(a:char)), {_, i -> printf('%%%02X', char2nr(a:char[i]))}), '')
endfunction

function! s:Path(uri) abort
  let l:path = substitute(a:uri, '^file://', '', '')
  return substitute(l:path, '\%(%\x\x\)\+', '\=s:Chars(submatch(0))', 'g')
endfunction

function! s:Chars(text) abort
  return join(map(split(a:text, '%'), {_, hex -> list2str([str2nr(hex, 16)], 0)}), '')
endfunction

" ---- the server ----

function! s:Start() abort
  if s:job isnot v:null && job_status(s:job) ==# 'run'
    return 1
  endif
  let s:job = job_start(['itsupc', 'lsp'], {'in_mode': 'lsp', 'out_mode': 'lsp', 'err_mode': 'nl',
        \ 'out_cb': function('s:OnMessage'), 'noblock': 1})
  let l:answer = s:Ask('initialize', {
        \ 'processId': getpid(), 'rootUri': s:Uri(getcwd()),
        \ 'workspaceFolders': [{'uri': s:Uri(getcwd()), 'name': fnamemodify(getcwd(), ':t')}],
        \ 'capabilities': {'general': {'positionEncodings': ['utf-8', 'utf-16']},
        \   'textDocument': {'publishDiagnostics': {'relatedInformation': v:true},
        \     'hover': {'contentFormat': ['plaintext']}}}})
  if empty(l:answer)
    let s:job = v:null
    return 0
  endif
  let s:capabilities = l:answer.capabilities
  let s:utf8 = get(l:answer.capabilities, 'positionEncoding', 'utf-16') ==# 'utf-8'
  call s:Tell('initialized', {})
  return 1
endfunction

" Whether the server answers that, such as 'completionProvider'.
function! itsup#lsp#Can(what) abort
  return s:job isnot v:null && get(s:capabilities, a:what, v:false) isnot v:false
endfunction

function! itsup#lsp#Stop() abort
  if s:job isnot v:null && job_status(s:job) ==# 'run'
    call s:Ask('shutdown', v:null)
    call s:Tell('exit', v:null)
  endif
  let s:job = v:null
endfunction

function! s:Tell(method, params) abort
  let l:message = {'method': a:method}
  if a:params isnot v:null
    let l:message.params = a:params
  endif
  try
    call ch_sendexpr(s:job, l:message)
  catch /^Vim\%((\a\+)\)\=:E\%(631\|630\|906\)/
    let s:job = v:null " it ended
  endtry
endfunction

" The result, or an empty dictionary.
function! s:Ask(method, params) abort
  let l:message = {'method': a:method}
  if a:params isnot v:null
    let l:message.params = a:params
  endif
  try
    let l:answer = ch_evalexpr(s:job, l:message, {'timeout': 5000})
  catch
    let l:answer = {}
  endtry
  let l:result = type(l:answer) == v:t_dict ? get(l:answer, 'result', {}) : {}
  return l:result is v:null ? {} : l:result
endfunction

function! s:OnMessage(channel, message) abort
  if get(a:message, 'method', '') ==# 'textDocument/publishDiagnostics'
    call s:Show(a:message.params)
  elseif has_key(a:message, 'id') && has_key(a:message, 'method')
    call ch_sendexpr(a:channel, {'id': a:message.id, 'result': v:null})
  endif
endfunction

" ---- buffers ----

function! s:Text(buffer) abort
  return join(getbufline(a:buffer, 1, '$'), "\n") . "\n"
endfunction

function! itsup#lsp#Attach() abort
  let l:buffer = bufnr('%')
  if getbufvar(l:buffer, 'itsup_version', 0) || bufname(l:buffer) ==# '' || &buftype !=# '' || !s:Start()
    return
  endif
  let b:itsup_version = 1
  let b:itsup_findings = []
  let b:itsup_uri = s:Uri(bufname(l:buffer))
  call s:Tell('textDocument/didOpen', {'textDocument': {'uri': b:itsup_uri, 'languageId': 'itsup', 'version': 1, 'text': s:Text(l:buffer)}})
  if itsup#lsp#Can('hoverProvider')
    command! -buffer -nargs=* ItsupHover call itsup#lsp#Hover()
    setlocal keywordprg=:ItsupHover
  endif
  if itsup#lsp#Can('definitionProvider')
    setlocal tagfunc=itsup#lsp#Tag
  endif
  if itsup#lsp#Can('completionProvider')
    setlocal omnifunc=itsup#lsp#Complete
  endif
  if &signcolumn ==# 'auto'
    setlocal signcolumn=yes " the text does not jump when a finding comes or goes
  endif
  augroup itsup_lsp
    autocmd! * <buffer>
    autocmd TextChanged,TextChangedI,TextChangedP <buffer> call s:Later(expand('<abuf>') + 0)
    autocmd BufWritePost <buffer> call s:Saved()
    autocmd CursorMoved <buffer> call s:Echo()
    autocmd BufUnload <buffer> call s:Closed(expand('<abuf>') + 0)
  augroup END
endfunction

" One message for a burst of keys.
function! s:Later(buffer) abort
  call timer_stop(getbufvar(a:buffer, 'itsup_timer', -1))
  call setbufvar(a:buffer, 'itsup_timer', timer_start(100, {_ -> s:Changed(a:buffer)}))
endfunction

function! s:Changed(buffer) abort
  if !bufloaded(a:buffer) || s:job is v:null
    return
  endif
  let l:version = getbufvar(a:buffer, 'itsup_version') + 1
  call setbufvar(a:buffer, 'itsup_version', l:version)
  call setbufvar(a:buffer, 'itsup_timer', -1)
  call s:Tell('textDocument/didChange', {'textDocument': {'uri': getbufvar(a:buffer, 'itsup_uri'), 'version': l:version},
        \ 'contentChanges': [{'text': s:Text(a:buffer)}]})
endfunction

" What was typed a moment ago is told before anything is asked about it.
function! s:Settle() abort
  if get(b:, 'itsup_timer', -1) != -1
    call timer_stop(b:itsup_timer)
    call s:Changed(bufnr('%'))
  endif
endfunction

function! s:Saved() abort
  call s:Settle()
  call s:Tell('textDocument/didSave', {'textDocument': {'uri': b:itsup_uri}})
endfunction

function! s:Closed(buffer) abort
  if s:job isnot v:null
    call s:Tell('textDocument/didClose', {'textDocument': {'uri': getbufvar(a:buffer, 'itsup_uri')}})
  endif
  call setbufvar(a:buffer, 'itsup_version', 0)
endfunction

" ---- findings ----

sign define itsupError text=>> texthl=Error
sign define itsupWarning text=>  texthl=Todo
sign define itsupNote text=-  texthl=Comment

function! s:Column(buffer, position) abort
  if s:utf8
    return a:position.character
  endif
  return strlen(strcharpart(get(getbufline(a:buffer, a:position.line + 1), 0, ''), 0, a:position.character))
endfunction

function! s:Show(params) abort
  let l:buffer = bufnr('^' . escape(fnamemodify(s:Path(a:params.uri), ':~:.'), '[]*?{},\^$') . '$')
  if l:buffer < 0 || !bufloaded(l:buffer)
    return
  endif
  call sign_unplace('itsup', {'buffer': l:buffer})
  let l:kinds = filter(['itsupError', 'itsupWarning', 'itsupNote'], {_, kind -> !empty(prop_type_get(kind))})
  for l:kind in l:kinds
    call prop_remove({'type': l:kind, 'bufnr': l:buffer, 'all': 1})
  endfor
  let l:list = []
  for l:found in a:params.diagnostics
    call add(l:list, s:Place(l:buffer, l:found))
  endfor
  call setbufvar(l:buffer, 'itsup_findings', l:list)
  for l:window in win_findbuf(l:buffer)
    call setloclist(l:window, [], 'r', {'title': 'itsupc', 'items': copy(l:list)})
  endfor
  if l:buffer == bufnr('%')
    call s:Echo()
  endif
endfunction

function! s:Place(buffer, found) abort
  let l:kind = 'itsup' . s:levels[get(a:found, 'severity', 1)]
  let l:line = a:found.range.start.line + 1
  let l:last = a:found.range.end.line + 1
  let l:from = s:Column(a:buffer, a:found.range.start) + 1
  let l:to = s:Column(a:buffer, a:found.range.end) + 1
  if empty(prop_type_get(l:kind))
    call prop_type_add(l:kind, {'highlight': l:kind ==# 'itsupError' ? 'SpellBad' : 'SpellCap'})
  endif
  call sign_place(0, 'itsup', l:kind, a:buffer, {'lnum': l:line})
  silent! call prop_add(l:line, l:from, {'end_lnum': l:last, 'end_col': l:to, 'type': l:kind, 'bufnr': a:buffer})
  return {'bufnr': a:buffer, 'lnum': l:line, 'col': l:from, 'end_lnum': l:last, 'end_col': l:to,
        \ 'type': l:kind[5], 'text': get(a:found, 'code', '') . ' ' . substitute(a:found.message, '\n', ' ', 'g')}
endfunction

" The finding of the cursor's line, below the text.
function! s:Echo() abort
  let l:here = filter(copy(get(b:, 'itsup_findings', [])), {_, one -> one.lnum == line('.')})
  if !empty(l:here)
    echo strcharpart(l:here[0].text, 0, &columns - 13)
    let b:itsup_echoed = 1
  elseif get(b:, 'itsup_echoed')
    echo ''
    let b:itsup_echoed = 0
  endif
endfunction

" ---- questions ----

" The place of the cursor, or of another byte of its line.
function! s:Here(...) abort
  call s:Settle()
  let l:byte = a:0 ? a:1 : col('.') - 1
  let l:before = strpart(getline('.'), 0, l:byte)
  return {'textDocument': {'uri': b:itsup_uri},
        \ 'position': {'line': line('.') - 1, 'character': s:utf8 ? l:byte : strchars(l:before)}}
endfunction

function! itsup#lsp#Hover() abort
  let l:answer = s:Ask('textDocument/hover', s:Here())
  if empty(l:answer)
    return
  endif
  let l:text = type(l:answer.contents) == v:t_dict ? l:answer.contents.value : l:answer.contents
  call popup_atcursor(split(l:text, "\n"), {'padding': [0, 1, 0, 1], 'border': []})
endfunction

function! itsup#lsp#Tag(pattern, flags, info) abort
  if a:flags !~# 'c'
    return v:null
  endif
  let l:answer = s:Ask('textDocument/definition', s:Here())
  let l:places = type(l:answer) == v:t_list ? l:answer : empty(l:answer) ? [] : [l:answer]
  return map(copy(l:places), {_, one -> {'name': a:pattern, 'filename': s:Path(get(one, 'uri', get(one, 'targetUri', ''))),
        \ 'cmd': printf('call cursor(%d, %d)', s:Range(one).start.line + 1, s:Range(one).start.character + 1)}})
endfunction

function! s:Range(place) abort
  return get(a:place, 'range', get(a:place, 'targetSelectionRange', {}))
endfunction

function! itsup#lsp#Complete(findstart, base) abort
  if a:findstart
    return match(strpart(getline('.'), 0, col('.') - 1), '[A-Za-z0-9_.-]*$')
  endif
  let l:answer = s:Ask('textDocument/completion', s:Here(col('.') - 1))
  let l:items = type(l:answer) == v:t_dict ? get(l:answer, 'items', []) : l:answer
  let l:words = map(copy(l:items), {_, one -> {'word': s:Inserted(one), 'abbr': one.label, 'menu': get(one, 'detail', '')}})
  return filter(l:words, {_, one -> stridx(one.word, a:base) == 0})
endfunction

function! s:Inserted(item) abort
  let l:text = has_key(a:item, 'textEdit') ? a:item.textEdit.newText : get(a:item, 'insertText', a:item.label)
  return substitute(l:text, '\${\d\+:\=\([^}]*\)}\|\$\d\+', '\1', 'g')
endfunction
