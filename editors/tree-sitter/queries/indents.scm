[
  (block)
  (arguments)
  (parameters)
  (list)
] @indent.begin

[
  "}"
  ")"
  "]"
] @indent.branch

(heredoc) @indent.ignore
