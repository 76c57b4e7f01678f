; Made of ../../../tree-sitter/queries by editors/generate.py -u
; Colours of ingress descriptions; a later pattern wins.

(comment) @comment

(string) @string
(raw_string) @string
(heredoc) @string
(escape) @constant.character.escape

(word (scheme)) @string.special.url
(pattern) @string.special.url
((pattern) @string.special.path
  (#match? @string.special.path "^/"))
(port) @constant.numeric
(query) @string.special

((word) @constant.numeric
  (#match? @constant.numeric "^[0-9]+([.][0-9]+)?(ms|[smhdwy]|[KMG]i?B|kB|B|[%]|/[smh]|[.][.][0-9]+)?([0-9]+[smh])*$"))
((word) @constant.numeric
  (#match? @constant.numeric "^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(/[0-9]+)?(:[0-9]+)?$"))

(variable) @constant
(interpolation) @variable

(call name: (word) @function)
(argument name: (word) @variable.parameter)
(let name: (word) @variable)
(middleware name: (word) @function)
(template name: (word) @function)
(parameter name: (word) @variable.parameter)
(for name: (word) @variable)

[
  ; generated:begin keywords (editors/generate.py -u)
  "for"
  "let"
  "middleware"
  "template"
  ; generated:end
  "in"
  "else"
] @keyword.control

[
  "->"
  "=>"
  "|"
  "="
] @operator

[
  ","
  ";"
] @punctuation.delimiter

[
  "("
  ")"
  "["
  "]"
] @punctuation.bracket

(block
  [
    "{"
    "}"
  ] @punctuation.bracket)

; generated:begin words (editors/generate.py -u)
((setting (word) @constant.builtin)
  (#any-of? @constant.builtin
    "EC256" "EC384" "P-256" "P-384" "P-521" "RSA2048" "RSA4096" "RSA8192" "SecP256r1MLKEM768"
    "SecP384r1MLKEM1024" "X25519" "X25519MLKEM768" "accept" "acme" "as" "at" "base" "buffer"
    "ca" "certificate" "client" "client-cert" "close" "common" "compose" "compress" "consul"
    "consulcatalog" "cookie" "datadog" "debug" "delay" "detailed" "dial" "docker" "domain"
    "dynamic" "ecs" "entrypoint" "error" "etcd" "every" "expect" "fatal" "file" "genericCLF"
    "grpc" "hash" "header" "host" "hrw" "http" "http-only" "https" "idle" "influxdb2" "info"
    "insecure" "insecure-tls" "internal" "itsup" "json" "kubernetes-crd" "kubernetes-gateway"
    "kubernetes-ingress" "labels" "lax" "leasttime" "local" "max-age" "max-backups" "max-body"
    "max-size" "method" "minimal" "no-color" "no-dashboard" "no-follow" "nomad" "none" "off"
    "on" "otlp" "p2c" "panic" "passthrough" "path" "port" "prefix" "prometheus" "query" "read"
    "redis" "request" "requests" "require" "require-any" "response" "rest" "retries" "routers"
    "same-site" "sample" "scheme" "secure" "send" "server-name" "service" "slower" "static"
    "statsd" "status" "strict" "swarm" "system" "tailscale" "tcp" "temporary" "time" "timeout"
    "tls" "trace" "udp" "unhealthy-every" "v1" "v2" "verify-if-given" "warn" "write" "wrr"
    "zookeeper"))

((setting name: (word) @variable.other.member)
  (#any-of? @variable.other.member
    "accesslog" "acme" "acme-bypass" "alpn" "api" "backend" "ca" "ca-cert" "cert" "chain"
    "ciphers" "client-ca" "command" "crowdsec" "curves" "dashboard" "default" "delay"
    "disabled" "dns" "dns-01" "eab" "egress" "email" "endpoint" "entrypoint" "every" "exposed"
    "for" "grace" "health" "http-01" "http3" "image" "ip" "keepalive" "key-type" "lb"
    "lifetime" "log" "match" "max" "max-header" "metrics" "min" "mirror" "name" "network"
    "no-checks" "no-redirect" "no-tickets" "only" "option" "ping" "plugin" "priority" "profile"
    "provider" "proxy-protocol" "public" "published" "raw" "redirect" "resolver" "resolvers"
    "reuse-port" "router" "rule" "service" "session" "sni-strict" "stack" "sticky" "storage"
    "streams" "timeout" "tls" "tls-alpn-01" "trace" "tracing" "trusted" "upstream" "use"
    "watch" "where"))

((source_file (setting name: (word) @keyword.storage.type))
  (#any-of? @keyword.storage.type
    "defaults" "import" "project" "proxy" "raw" "tls"))

([
  (route link: (word) @function.builtin)
  (middleware link: (word) @function.builtin)
  (call name: (word) @function.builtin)
]
  (#any-of? @function.builtin
    "add" "add-prefix" "addPrefix" "allow" "auth" "basic-auth" "basicAuth" "breaker" "buffer"
    "buffering" "canonical" "chain" "circuit-breaker" "circuitBreaker" "compress"
    "content-type" "contentType" "digest-auth" "digestAuth" "encoded-characters"
    "encodedCharacters" "errors" "forward-auth" "forwardAuth" "grpc-web" "grpcWeb" "headers"
    "in-flight" "in-flight-conn" "in-flight-req" "inFlightConn" "inFlightReq" "ip-allow-list"
    "ip-white-list" "ipAllowList" "ipWhiteList" "pass-tls-client-cert" "passTLSClientCert"
    "plugin" "rate" "rate-limit" "rateLimit" "redirect-regex" "redirect-scheme" "redirectRegex"
    "redirectScheme" "replace-path" "replace-path-regex" "replacePath" "replacePathRegex"
    "retry" "rewrite" "strip" "strip-prefix" "strip-prefix-regex" "stripPrefix"
    "stripPrefixRegex"))

([
  (parameter type: (word) @type.builtin)
  (parameter type: (call name: (word) @type.builtin))
]
  (#any-of? @type.builtin
    "domain" "host" "int" "label" "path" "port" "slug" "string"))

((scheme) @type
  (#any-of? @type
    "http" "https" "passthrough" "tcp" "tls" "udp"))
; generated:end
