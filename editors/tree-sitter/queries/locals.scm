[
  (source_file)
  (template)
  (for)
] @local.scope

(let name: (word) @local.definition.var)
(for name: (word) @local.definition.var)
(parameter name: (word) @local.definition.parameter)
(template name: (word) @local.definition.function)
(middleware name: (word) @local.definition.function)

(interpolation (identifier) @local.reference)
(call name: (word) @local.reference)
(route link: (word) @local.reference)
