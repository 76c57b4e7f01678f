" Colours of ingress descriptions (*.itsup).
if exists('b:current_syntax')
  finish
endif
let s:save = &cpoptions
set cpoptions&vim

syntax case match
syntax sync minlines=200

" Words are contextual: each is one only where it may stand, so a service called `proxy` is a name.
" generated:begin words (editors/generate.py -u)
let s:keyword = 'middleware\|template\|for\|let'
let s:mode = 'passthrough\|https\|http\|tcp\|tls\|udp'
let s:declaration = 'defaults\|project\|import\|proxy\|raw\|tls'
let s:setting = 'proxy-protocol\|acme-bypass\|no-redirect\|tls-alpn-01\|entrypoint\|max-header\|'
      \ . 'no-tickets\|reuse-port\|sni-strict\|accesslog\|client-ca\|dashboard\|keepalive\|'
      \ . 'no-checks\|published\|resolvers\|crowdsec\|disabled\|endpoint\|key-type\|lifetime\|'
      \ . 'priority\|provider\|redirect\|resolver\|upstream\|backend\|ca-cert\|ciphers\|command\|'
      \ . 'default\|exposed\|http-01\|metrics\|network\|profile\|service\|session\|storage\|streams\|'
      \ . 'timeout\|tracing\|trusted\|curves\|dns-01\|egress\|health\|mirror\|option\|plugin\|'
      \ . 'public\|router\|sticky\|chain\|delay\|email\|every\|grace\|http3\|image\|match\|stack\|'
      \ . 'trace\|watch\|where\|acme\|alpn\|cert\|name\|only\|ping\|rule\|api\|dns\|eab\|for\|log\|'
      \ . 'max\|min\|raw\|tls\|use\|ca\|ip\|lb'
let s:word = 'SecP384r1MLKEM1024\|kubernetes-gateway\|kubernetes-ingress\|SecP256r1MLKEM768\|'
      \ . 'unhealthy-every\|verify-if-given\|X25519MLKEM768\|kubernetes-crd\|consulcatalog\|'
      \ . 'insecure-tls\|no-dashboard\|certificate\|client-cert\|max-backups\|passthrough\|'
      \ . 'require-any\|server-name\|entrypoint\|genericCLF\|prometheus\|http-only\|influxdb2\|'
      \ . 'leasttime\|no-follow\|same-site\|tailscale\|temporary\|zookeeper\|compress\|detailed\|'
      \ . 'insecure\|internal\|max-body\|max-size\|no-color\|requests\|response\|RSA2048\|RSA4096\|'
      \ . 'RSA8192\|compose\|datadog\|dynamic\|max-age\|minimal\|request\|require\|retries\|routers\|'
      \ . 'service\|timeout\|X25519\|accept\|buffer\|client\|common\|consul\|cookie\|docker\|domain\|'
      \ . 'expect\|header\|labels\|method\|prefix\|sample\|scheme\|secure\|slower\|static\|statsd\|'
      \ . 'status\|strict\|system\|EC256\|EC384\|P-256\|P-384\|P-521\|close\|debug\|delay\|error\|'
      \ . 'every\|fatal\|https\|itsup\|local\|nomad\|panic\|query\|redis\|swarm\|trace\|write\|acme\|'
      \ . 'base\|dial\|etcd\|file\|grpc\|hash\|host\|http\|idle\|info\|json\|none\|otlp\|path\|port\|'
      \ . 'read\|rest\|send\|time\|warn\|ecs\|hrw\|lax\|off\|p2c\|tcp\|tls\|udp\|wrr\|as\|at\|ca\|'
      \ . 'on\|v1\|v2'
let s:middleware = 'pass-tls-client-cert\|encoded-characters\|replace-path-regex\|strip-prefix-regex\|'
      \ . 'encodedCharacters\|passTLSClientCert\|replacePathRegex\|stripPrefixRegex\|'
      \ . 'circuit-breaker\|redirect-scheme\|circuitBreaker\|in-flight-conn\|redirect-regex\|'
      \ . 'redirectScheme\|in-flight-req\|ip-allow-list\|ip-white-list\|redirectRegex\|content-type\|'
      \ . 'forward-auth\|inFlightConn\|replace-path\|strip-prefix\|contentType\|digest-auth\|'
      \ . 'forwardAuth\|inFlightReq\|ipAllowList\|ipWhiteList\|replacePath\|stripPrefix\|add-prefix\|'
      \ . 'basic-auth\|digestAuth\|rate-limit\|addPrefix\|basicAuth\|buffering\|canonical\|'
      \ . 'in-flight\|rateLimit\|compress\|grpc-web\|breaker\|grpcWeb\|headers\|rewrite\|buffer\|'
      \ . 'errors\|plugin\|allow\|chain\|retry\|strip\|auth\|rate\|add'
let s:type = 'domain\|string\|label\|host\|path\|port\|slug\|int'
let s:matcher = 'HostSNIRegexp\|HeaderRegexp\|QueryRegexp\|HostRegexp\|PathPrefix\|PathRegexp\|ClientIP\|'
      \ . 'HostSNI\|Header\|Method\|Query\|ALPN\|Host\|Path'
" generated:end

" A statement begins a line, or stands behind a bracket or semicolon.
let s:first = '\%(^\s*\|[{;}]\s*\)\@<='
let s:last = '\ze\%([ \t;{}#(]\|$\)'
" Brackets and semicolons in here end no statement.
let s:skip = '\${[^}]*}\|{[A-Za-z_][A-Za-z0-9_.-]*}\|"\%(\\.\|[^"\\]\)*"\|`[^`]*`'
let s:end = '\ze\%([;{}]\|\%(^\|\s\)#\)\|$'

syntax cluster itsupValue contains=itsupString,itsupHeredoc,itsupRaw,itsupInterpolation,itsupVariable,itsupNumber,itsupAddress,itsupUrl,itsupProvider,itsupList,itsupCall

" A declaration begins its line; further in, the same word is a setting. What is defined later wins.
for [s:name, s:begin, s:class] in [['itsupSetting', s:first, s:setting], ['itsupDeclaration', '^', s:declaration]]
  execute 'syntax region ' . s:name . 'Line transparent oneline keepend matchgroup=' . s:name
        \ . ' start="' . s:begin . '\%(' . s:class . '\)' . s:last . '"'
        \ . ' skip="' . escape(s:skip, '"') . '" end="' . s:end . '"'
        \ . ' contains=@itsupValue,itsupWord,itsupMatcher,itsupComment'
endfor
" `for` is a keyword where `in` follows, else the setting of a resolver.
execute 'syntax match itsupKeyword "' . s:first . '\%(for\s\%(\s*\S\+\s\+in\s\)\@!\)\@!\%(' . s:keyword . '\)' . s:last . '"'
syntax match itsupKeyword "\%(^\|\s\)\@<=\%(else\|in\)\ze\s"
execute 'syntax match itsupWord "\%(^\|\s\)\zs\%(' . s:word . '\)\ze\%([ \t;{}#,]\|$\)" contained'

syntax match itsupOperator "->\|=>\||\|="
syntax match itsupDelimiter "[][(){},;]"

" https://shop.{domain}:8443/api
syntax match itsupUrl "\<[a-z][a-z0-9+.-]*://[^][ \t\r(),;|<>`\"]*" contains=itsupScheme,itsupInterpolation,itsupVariable,itsupPort
execute 'syntax match itsupScheme "\%(' . s:mode . '\)\ze://" contained'
syntax match itsupPort ":\zs\d\{1,5}\ze\%([/,;|{} \t]\|$\)" contained
" /api below a host
syntax match itsupPath "\%(^\s*\|[{;]\s*\)\@<=/[^][ \t\r(),;|<>`\"{}]*" contains=itsupInterpolation

" | rate(100/s) | admins
syntax match itsupCall "\<[A-Za-z_][A-Za-z0-9_.-]*\ze("
execute 'syntax match itsupMiddleware "\%([|=,(]\s*\)\@<=\%(' . s:middleware . '\)\ze\%([ \t(|,)]\|$\)"'
execute 'syntax match itsupType "\%([(,]\s*[A-Za-z_][A-Za-z0-9_-]*\s\+\)\@<=\%(' . s:type . '\)\ze[ \t(),=]"'
syntax match itsupProvider "@[a-z]\+\>"
syntax region itsupList transparent start="\[" end="\]" contained contains=@itsupValue

syntax match itsupNumber "\%([A-Za-z0-9_./:{}-]\)\@<!\d\+\%(\.\d\+\)\=\%(\%(ms\|[smhdwy]\)\%(\d\+[smh]\)*\|[KMG]i\=B\|kB\|B\|%\|/[smh]\|\.\.\d\+\)\=\ze\%([][ \t,;(){}|=]\|$\)"
syntax match itsupAddress "\<\d\{1,3}\%(\.\d\{1,3}\)\{3}\%(/\d\{1,2}\)\=\>"
syntax match itsupInterpolation "{[A-Za-z_][A-Za-z0-9_.-]*}"
syntax match itsupVariable "\${[^}]*}"

syntax match itsupEscape "\\\%([\"\\nrt{$]\|u{\x\{1,6}}\)" contained
syntax region itsupString start=+"+ skip=+\\.+ end=+"+ oneline contains=itsupEscape,itsupInterpolation,itsupVariable
syntax region itsupRaw start="`" end="`" oneline contains=itsupMatcher
syntax region itsupHeredoc extend start=+"""+ end=+"""+ contains=itsupInterpolation,itsupVariable,itsupMatcher
execute 'syntax match itsupMatcher "\<\%(' . s:matcher . '\)\ze(" contained'

" `#` begins a comment where a word could begin.
syntax match itsupComment "\%(^\|[][ \t(){},;|]\)\zs#.*" contains=itsupAllow,itsupTodo,@Spell
syntax match itsupAllow "itsup:\s*allow([^)]*)" contained
syntax keyword itsupTodo TODO FIXME XXX contained

highlight default link itsupKeyword Keyword
highlight default link itsupDeclaration Structure
highlight default link itsupSetting Statement
highlight default link itsupWord Identifier
highlight default link itsupOperator Operator
highlight default link itsupDelimiter Delimiter
highlight default link itsupScheme Type
highlight default link itsupPort Number
highlight default link itsupPath String
highlight default link itsupMiddleware Function
highlight default link itsupCall Function
highlight default link itsupType Type
highlight default link itsupProvider Special
highlight default link itsupNumber Number
highlight default link itsupAddress Number
highlight default link itsupInterpolation PreProc
highlight default link itsupVariable PreProc
highlight default link itsupEscape SpecialChar
highlight default link itsupString String
highlight default link itsupRaw String
highlight default link itsupHeredoc String
highlight default link itsupMatcher Function
highlight default link itsupComment Comment
highlight default link itsupAllow SpecialComment
highlight default link itsupTodo Todo

unlet s:first s:last s:skip s:end s:name s:begin s:class
unlet s:keyword s:mode s:declaration s:setting s:word s:middleware s:type s:matcher
let b:current_syntax = 'itsup'
let &cpoptions = s:save
unlet s:save
