;;; itsup-mode.el --- Ingress descriptions (*.itsup)  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, indentation and formatting for the language of itsupc(1).
;; `itsup-format-buffer' (C-c C-f) lays the buffer out; `compile' with
;; "itsupc check" jumps to findings; Eglot (or Flymake alone) shows them
;; while you type.

;;; Code:

(require 'compile)

(defgroup itsup nil
  "Ingress descriptions."
  :group 'languages)

(defcustom itsup-program "itsupc"
  "The compiler that formats and checks."
  :type 'string)

(defcustom itsup-indent-offset 2
  "Blanks a block is indented by, as `itsupc fmt' does it."
  :type 'integer)

;; generated:begin words (editors/generate.py -u)
(defconst itsup--keyword-words
  '(
    "for" "let" "middleware" "template")
  "Words of the class keyword, from the tables of the compiler.")

(defconst itsup--mode-words
  '(
    "http" "https" "passthrough" "tcp" "tls" "udp")
  "Words of the class mode, from the tables of the compiler.")

(defconst itsup--declaration-words
  '(
    "defaults" "import" "project" "proxy" "raw" "tls")
  "Words of the class declaration, from the tables of the compiler.")

(defconst itsup--setting-words
  '(
    "accesslog" "acme" "acme-bypass" "alpn" "api" "backend" "ca" "ca-cert" "cert" "chain"
    "ciphers" "client-ca" "command" "crowdsec" "curves" "dashboard" "default" "delay"
    "disabled" "dns" "dns-01" "eab" "egress" "email" "endpoint" "entrypoint" "every" "exposed"
    "for" "grace" "health" "http-01" "http3" "image" "ip" "keepalive" "key-type" "lb"
    "lifetime" "log" "match" "max" "max-header" "metrics" "min" "mirror" "name" "network"
    "no-checks" "no-redirect" "no-tickets" "only" "option" "ping" "plugin" "priority" "profile"
    "provider" "proxy-protocol" "public" "published" "raw" "redirect" "resolver" "resolvers"
    "reuse-port" "router" "rule" "service" "session" "sni-strict" "stack" "sticky" "storage"
    "streams" "timeout" "tls" "tls-alpn-01" "trace" "tracing" "trusted" "upstream" "use"
    "watch" "where")
  "Words of the class setting, from the tables of the compiler.")

(defconst itsup--word-words
  '(
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
    "zookeeper")
  "Words of the class word, from the tables of the compiler.")

(defconst itsup--middleware-words
  '(
    "add" "add-prefix" "addPrefix" "allow" "auth" "basic-auth" "basicAuth" "breaker" "buffer"
    "buffering" "canonical" "chain" "circuit-breaker" "circuitBreaker" "compress"
    "content-type" "contentType" "digest-auth" "digestAuth" "encoded-characters"
    "encodedCharacters" "errors" "forward-auth" "forwardAuth" "grpc-web" "grpcWeb" "headers"
    "in-flight" "in-flight-conn" "in-flight-req" "inFlightConn" "inFlightReq" "ip-allow-list"
    "ip-white-list" "ipAllowList" "ipWhiteList" "pass-tls-client-cert" "passTLSClientCert"
    "plugin" "rate" "rate-limit" "rateLimit" "redirect-regex" "redirect-scheme" "redirectRegex"
    "redirectScheme" "replace-path" "replace-path-regex" "replacePath" "replacePathRegex"
    "retry" "rewrite" "strip" "strip-prefix" "strip-prefix-regex" "stripPrefix"
    "stripPrefixRegex")
  "Words of the class middleware, from the tables of the compiler.")

(defconst itsup--type-words
  '(
    "domain" "host" "int" "label" "path" "port" "slug" "string")
  "Words of the class type, from the tables of the compiler.")

(defconst itsup--matcher-words
  '(
    "ALPN" "ClientIP" "Header" "HeaderRegexp" "Host" "HostRegexp" "HostSNI" "HostSNIRegexp"
    "Method" "Path" "PathPrefix" "PathRegexp" "Query" "QueryRegexp")
  "Words of the class matcher, from the tables of the compiler.")
;; generated:end

(defconst itsup--first "\\(?:^\\|[{;}]\\)[ \t]*"
  "Where a statement begins.")

(defun itsup--words (list &optional last)
  "A pattern for the words in LIST, with what must follow as LAST."
  (concat "\\(" (regexp-opt list) "\\)" (or last "\\_>")))

(defvar itsup-font-lock-keywords
  `((,(concat "\\_<" (itsup--words itsup--mode-words "://")) 1 font-lock-type-face)
    (,(concat itsup--first (itsup--words itsup--keyword-words)) 1 font-lock-keyword-face)
    ("[ \t]\\(else\\|in\\)\\_>" 1 font-lock-keyword-face)
    (,(concat itsup--first (itsup--words itsup--declaration-words)) 1 font-lock-builtin-face)
    (,(concat itsup--first (itsup--words itsup--setting-words)) 1 font-lock-builtin-face)
    ("[|=,(][ \t]*\\([A-Za-z_][A-Za-z0-9_.-]*\\)(" 1 font-lock-function-name-face)
    (,(concat "|[ \t]*" (itsup--words itsup--middleware-words)) 1 font-lock-function-name-face)
    (,(concat "[(,][ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]+" (itsup--words itsup--type-words))
     1 font-lock-type-face)
    (,(concat "\\_<" (itsup--words itsup--matcher-words "(")) 1 font-lock-function-name-face t)
    ("->\\|=>\\||" 0 font-lock-keyword-face)
    ("\\$?{[A-Za-z_][^ \t\n{}]*}" 0 font-lock-variable-name-face t)
    (,(concat "\\(?:^\\|[] \t({,;|=[]\\)"
              "\\([0-9]+\\(?:\\.[0-9]+\\)?\\(?:ms\\|[smhdwy%]\\|[KMGk]i?B\\|/[smh]\\)?\\)\\_>")
     1 font-lock-constant-face))
  "Colours of `itsup-mode'.")

(defvar itsup-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?` "\"" table)
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?. "_" table)
    (modify-syntax-entry ?= "." table)
    (modify-syntax-entry ?| "." table)
    (modify-syntax-entry ?' "." table)
    (modify-syntax-entry ?\{ "(}" table)
    (modify-syntax-entry ?\} "){" table)
    table)
  "Syntax of `itsup-mode'.")

(defconst itsup--syntax-propertize
  (syntax-propertize-rules
   ;; A `#' inside a word is part of it: https://x/#top
   ("[^] \t\n({,;|[})]\\(#\\)" (1 "_"))
   ;; A backslash in raw text is one.
   ("`[^`\n]*\\(\\\\\\)`" (1 ".")))
  "What the syntax table cannot say.")

(defun itsup--code-above ()
  "Go to the start of the nearest line of code above; nil when there is none."
  (let (found)
    (while (and (not found) (zerop (forward-line -1)))
      (setq found (not (looking-at "[ \t]*\\(?:#\\|$\\)"))))
    found))

(defun itsup--ends-with-p (char)
  "Whether the code of this line ends with CHAR."
  (save-excursion
    (end-of-line)
    (let ((start (nth 8 (syntax-ppss))))
      (when start (goto-char start)))
    (skip-chars-backward " \t")
    (eq (char-before) char)))

(defun itsup--goes-on-p ()
  "Whether this line goes on with the statement above by a link or an arrow.
A comment goes where the line below it goes."
  (save-excursion
    (beginning-of-line)
    (and (save-excursion (and (itsup--code-above) (not (itsup--ends-with-p ?\;))))
         (progn
           (while (and (looking-at "[ \t]*#") (zerop (forward-line 1)) (not (eobp))))
           (looking-at "[ \t]*\\(?:|\\|->\\|=>\\|else\\_>\\)")))))

(defun itsup--in-bare-list-p ()
  "Whether the line above ends with a comma that no bracket encloses."
  (save-excursion
    (beginning-of-line)
    (let ((opener (nth 1 (syntax-ppss))))
      (and (not (and opener (memq (char-after opener) '(?\( ?\[))))
           (itsup--code-above)
           (itsup--ends-with-p ?,)))))

(defun itsup--list-levels ()
  "How far the items of the list that this line goes on with are indented."
  (save-excursion
    (itsup--code-above)
    (while (itsup--in-bare-list-p)
      (itsup--code-above))
    (if (itsup--goes-on-p) 3 2)))

(defun itsup--indentation ()
  "The column where this line begins."
  (save-excursion
    (back-to-indentation)
    (let ((depth (car (syntax-ppss))))
      (* itsup-indent-offset
         (max 0 (cond ((looking-at "[])}]") (1- depth))
                      ((itsup--in-bare-list-p) (+ depth (itsup--list-levels)))
                      ((itsup--goes-on-p) (1+ depth))
                      (t depth)))))))

(defun itsup-indent-line ()
  "Indent this line as `itsupc fmt' does; leave text of several lines alone."
  (interactive)
  (unless (nth 3 (save-excursion (syntax-ppss (line-beginning-position))))
    (let ((column (itsup--indentation)))
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

(defun itsup-format-buffer ()
  "Lay the buffer out with `itsupc fmt -'; a mistake in it changes nothing."
  (interactive)
  (let ((before (current-buffer))
        (after (generate-new-buffer " *itsupc fmt*")))
    (unwind-protect
        (if (zerop (call-process-region nil nil itsup-program nil (list after nil) nil "fmt" "-q" "-"))
            (with-current-buffer before (replace-buffer-contents after))
          (user-error "Cannot be laid out: `itsupc check' tells why"))
      (kill-buffer after))))

(defvar-local itsup--flymake-process nil)

(defun itsup-flymake (report-fn &rest _args)
  "Check the buffer with `itsupc check -' and tell REPORT-FN what was found."
  (unless (executable-find itsup-program)
    (error "%s is not in the path" itsup-program))
  (when (process-live-p itsup--flymake-process)
    (kill-process itsup--flymake-process))
  (let ((source (current-buffer))
        (found (generate-new-buffer " *itsupc check*")))
    (setq itsup--flymake-process
          (make-process
           :name "itsupc" :noquery t :connection-type 'pipe :buffer found
           :command (list itsup-program "check" "--format" "jsonl" "-")
           :sentinel
           (lambda (process _event)
             (when (memq (process-status process) '(exit signal))
               (unwind-protect
                   (when (and (buffer-live-p source)
                              (eq process (buffer-local-value 'itsup--flymake-process source)))
                     (funcall report-fn (itsup--findings source found)))
                 (kill-buffer found))))))
    (save-restriction
      (widen)
      (process-send-region itsup--flymake-process (point-min) (point-max))
      (process-send-eof itsup--flymake-process))))

(declare-function flymake-make-diagnostic "flymake")
(declare-function flymake-diag-region "flymake")

(defun itsup--findings (source found)
  "The findings in the buffer FOUND, as Flymake wants them for SOURCE."
  (with-current-buffer found
    (goto-char (point-min))
    (let (all)
      (while (re-search-forward "^{\"code\".*$" nil t)
        (let* ((finding (json-parse-string (match-string 0) :object-type 'alist))
               (line (alist-get 'line finding))
               (region (with-current-buffer source
                         (flymake-diag-region source line (alist-get 'column finding)))))
          (push (flymake-make-diagnostic
                 source (car region) (cdr region)
                 (pcase (alist-get 'level finding)
                   ("error" :error) ("warning" :warning) (_ :note))
                 (format "%s: %s" (alist-get 'code finding) (alist-get 'message finding)))
                all)))
      (nreverse all))))

(add-to-list 'compilation-error-regexp-alist-alist
             '(itsupc "^ *--> \\([^\n:]+\\):\\([0-9]+\\):\\([0-9]+\\)$" 1 2 3))
(add-to-list 'compilation-error-regexp-alist 'itsupc)

(defvar itsup-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-f") #'itsup-format-buffer)
    map)
  "Keys of `itsup-mode'.")

;;;###autoload
(define-derived-mode itsup-mode prog-mode "Itsup"
  "Ingress descriptions of itsupc(1)."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local indent-line-function #'itsup-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local fill-column 100)
  (setq-local syntax-propertize-function itsup--syntax-propertize)
  (setq-local font-lock-defaults '(itsup-font-lock-keywords))
  (setq-local compile-command (concat itsup-program " check"))
  (add-hook 'flymake-diagnostic-functions #'itsup-flymake nil t))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons 'itsup-mode (lambda (&rest _) (list itsup-program "lsp")))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.itsup\\'" . itsup-mode))

(provide 'itsup-mode)
;;; itsup-mode.el ends here
