" Indentation of ingress descriptions, as `itsupc fmt` has it: two blanks a block, and two for a
" line that goes on with |, ->, => or else.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal autoindent
setlocal indentexpr=GetItsupIndent()
setlocal indentkeys=0{,0},0],0),0\|,0=->,0==>,0=else,!^F,o,O
let b:undo_indent = 'setlocal autoindent< indentexpr< indentkeys<'

if exists('*GetItsupIndent')
  finish
endif

" The line without what may hold brackets that are none: comments, strings, {x} and ${X}.
function! s:Bare(lnum) abort
  let l:text = getline(a:lnum)
  let l:text = substitute(l:text, '"\%(\\.\|[^"\\]\)*"\|`[^`]*`', 'x', 'g')
  let l:text = substitute(l:text, '\%(^\|[ \t(){}\[\],;|]\)\zs#.*', '', '')
  let l:text = substitute(l:text, '\$\={[^ \t{}]\+}', 'x', 'g')
  return substitute(l:text, '\s\+$', '', '')
endfunction

function! s:InHeredoc(lnum) abort
  return index(map(synstack(a:lnum, 1), 'synIDattr(v:val, "name")'), 'itsupHeredoc') >= 0
endfunction

" The nearest line of code above: no blank line, no comment, no text of several lines.
function! s:Above(lnum) abort
  let l:line = a:lnum - 1
  while l:line > 0 && (s:Bare(l:line) !~# '\S' || s:InHeredoc(l:line))
    let l:line -= 1
  endwhile
  return l:line
endfunction

" Brackets left open (or, below zero, closed) by the line.
function! s:Balance(text) abort
  return len(substitute(a:text, '[^{(\[]', '', 'g')) - len(substitute(a:text, '[^})\]]', '', 'g'))
endfunction

" Whether a line goes on with what is above: a link, an arrow, or the next item of a bare list.
" A comment goes where the line below it goes.
function! s:GoesOn(lnum) abort
  let l:line = a:lnum
  while l:line < line('$') && getline(l:line) =~# '^\s*#'
    let l:line += 1
  endwhile
  let l:above = s:Above(a:lnum)
  if l:above == 0 || s:Bare(l:above) =~# ';$'
    return 0
  endif
  return getline(l:line) =~# '^\s*\%(|\|->\|=>\|else\>\)' ? 1 : 0
endfunction

function! s:InBareList(lnum) abort
  let l:above = s:Above(a:lnum)
  if l:above == 0 || s:Bare(l:above) !~# ',$'
    return 0
  endif
  " Inside of ( ) and [ ] a comma only parts.
  let l:depth = 0
  let l:line = l:above
  while l:line > 0 && l:line > a:lnum - 200
    let l:text = substitute(s:Bare(l:line), '[{}]', '', 'g')
    let l:depth += s:Balance(l:text)
    if l:depth > 0
      return 0
    endif
    if l:text !~# '[,(\[]$' && l:line != l:above && !s:GoesOn(l:line)
      break
    endif
    let l:line = s:Above(l:line)
  endwhile
  return 1
endfunction

function! GetItsupIndent() abort
  if s:InHeredoc(v:lnum)
    return -1
  endif
  let l:first = s:Above(v:lnum)
  if l:first == 0
    return 0
  endif
  " From the statement's first line, and the brackets that it leaves open down to here.
  let l:open = s:Balance(substitute(s:Bare(l:first), '^\s*[})\]]\+', '', ''))
  while l:first > 1 && (s:GoesOn(l:first) || s:InBareList(l:first))
    let l:first = s:Above(l:first)
    let l:open += s:Balance(substitute(s:Bare(l:first), '^\s*[})\]]\+', '', ''))
  endwhile
  let l:indent = indent(l:first) + (l:open > 0 ? shiftwidth() : l:open < 0 ? -shiftwidth() : 0)
  if getline(v:lnum) =~# '^\s*[})\]]'
    let l:indent -= shiftwidth()
  elseif s:InBareList(v:lnum)
    let l:head = s:Above(v:lnum)
    while s:InBareList(l:head)
      let l:head = s:Above(l:head)
    endwhile
    let l:indent = indent(l:head) + 2 * shiftwidth()
  elseif s:GoesOn(v:lnum)
    let l:indent += shiftwidth()
  endif
  return l:indent < 0 ? 0 : l:indent
endfunction
