; Made of ../../../tree-sitter/queries by editors/generate.py -u
[
  (block)
  (arguments)
  (parameters)
  (list)
] @indent

[
  "}"
  ")"
  "]"
] @outdent
