; Made of ../../../tree-sitter/queries by editors/generate.py -u
((comment) @injection.content
  (#set! injection.language "comment"))

; What is handed to Traefik as it stands.
((setting
  name: (word) @_name
  (heredoc (heredoc_text) @injection.content))
  (#eq? @_name "raw")
  (#set! injection.language "yaml"))
