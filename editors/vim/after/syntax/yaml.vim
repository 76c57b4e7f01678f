" Traefik's rules in labels and files of its own: Host(`shop.example.com`) && PathPrefix(`/api`).
" generated:begin matchers (editors/generate.py -u)
let s:matcher = 'HostSNIRegexp\|HeaderRegexp\|QueryRegexp\|HostRegexp\|PathPrefix\|PathRegexp\|ClientIP\|'
      \ . 'HostSNI\|Header\|Method\|Query\|ALPN\|Host\|Path'
" generated:end
execute 'syntax match traefikMatcher "\<\%(' . s:matcher . '\)\ze(\s*[`\"]" containedin=yamlPlainScalar,yamlFlowString,yamlBlockString'
syntax region traefikArgument start="`" end="`" oneline contained containedin=yamlPlainScalar,yamlFlowString
highlight default link traefikMatcher Function
highlight default link traefikArgument Special
unlet s:matcher
