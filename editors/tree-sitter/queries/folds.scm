[
  (block)
  (arguments)
  (list)
  (heredoc)
] @fold
