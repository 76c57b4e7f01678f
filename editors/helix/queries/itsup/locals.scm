; Made of ../../../tree-sitter/queries by editors/generate.py -u
[
  (source_file)
  (template)
  (for)
] @local.scope

(let name: (word) @local.definition.variable)
(for name: (word) @local.definition.variable)
(parameter name: (word) @local.definition.variable.parameter)
(template name: (word) @local.definition.function)
(middleware name: (word) @local.definition.function)

(interpolation (identifier) @local.reference)
(call name: (word) @local.reference)
(route link: (word) @local.reference)
