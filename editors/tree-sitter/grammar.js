/// <reference types="tree-sitter-cli/dsl" />
// Ingress descriptions (*.itsup): the shapes of grammar/itsup.y. Where a statement ends and what a
// word is made of is told by src/scanner.c, as grammar/layout.c and grammar/itsup.l have it.

const list = item => seq(item, repeat(seq(',', item)));
const trailing = item => optional(seq(list(item), optional(',')));
const body = $ => seq(repeat(choice($._end, seq($._statement, $._end))), optional($._statement));

module.exports = grammar({
  name: 'itsup',

  extras: $ => [/[ \t\r\n]/, $.comment],

  externals: $ => [
    $._line_end,
    // Marks before a statement's first word: what it is.
    $._route_mark, $._setting_mark, $._keyword_mark,
    // Keywords, as the compiler tells them by their place.
    // generated:begin keywords (editors/generate.py -u)
    'for', 'let', 'middleware', 'template',
    // generated:end
    'in', 'else',
    // The pieces of a word; the second of each follows another piece without a blank.
    $._scheme,
    $._text, $._text_on,
    $._port, $._port_on,
    $._brace, $._brace_on,
    $._variable, $._variable_on,
    $._query, $._query_on,
    $.heredoc_text,
    $._recovery,
  ],

  supertypes: $ => [$._statement, $._value],

  rules: {
    source_file: $ => body($),

    _end: $ => choice($._line_end, ';'),

    _statement: $ => choice($.route, $.setting, $.template_call, $.let, $.middleware, $.template, $.for),

    block: $ => seq('{', body($), '}'),

    // ---- routes ----
    route: $ => seq(
      $._route_mark, $._patterns, repeat(seq('|', field('link', $._link))),
      choice(
        seq('->', $._pools, optional(field('body', $.block))),
        seq('=>', field('redirect', $._text_value), optional(field('status', $.word)),
          optional(field('body', $.block))),
        field('body', $.block),
      ),
    ),
    _patterns: $ => seq(alias($.word, $.pattern), repeat(seq(',', alias($.word, $.pattern)))),
    _link: $ => choice($.word, $.call),
    _pools: $ => seq($.pool, repeat(seq('else', $.pool))),
    pool: $ => list($.target),
    target: $ => seq(field('server', $._text_value), optional(field('share', $.word))),
    _text_value: $ => choice($.word, $.string),

    // ---- settings ----
    setting: $ => seq($._setting_mark, field('name', $.word), repeat($._list), optional(field('body', $.block))),
    _list: $ => list($._argument),
    template_call: $ => seq($._setting_mark, $.call),
    call: $ => seq(field('name', $.word), $.arguments),
    arguments: $ => seq('(', trailing($._argument), ')'),
    _argument: $ => choice($._value, $.argument),
    argument: $ => seq(field('name', $.word), '=', field('value', $._value)),
    _value: $ => choice($.word, $.string, $.raw_string, $.heredoc, $.call, $.list),
    list: $ => seq('[', trailing($._argument), ']'),

    // ---- names ----
    let: $ => seq($._keyword_mark, 'let', field('name', $.word), '=', field('value', $._value)),
    middleware: $ => seq($._keyword_mark, 'middleware', field('name', $.word), '=',
      field('link', $._link), repeat(seq('|', field('link', $._link)))),
    template: $ => seq($._keyword_mark, 'template', field('name', $.word), field('parameters', $.parameters), field('body', $.block)),
    parameters: $ => seq('(', trailing($.parameter), ')'),
    parameter: $ => seq(field('name', $.word),
      optional(seq(field('type', $._link), optional(field('range', $.word)))),
      optional(seq('=', field('default', $._value)))),
    for: $ => seq($._keyword_mark, 'for', field('name', $.word), 'in', field('value', $._value), field('body', choice($.block, $.call))),

    // ---- words ----
    word: $ => choice(
      seq($._first, repeat($._next), optional(alias($._query_next, $.query))),
      alias($._query_first, $.query),
    ),
    _first: $ => choice(
      alias($._scheme, $.scheme), $._text, alias($._port, $.port),
      alias($._interpolation_first, $.interpolation), alias($._variable, $.variable),
    ),
    _next: $ => choice($._text_on, alias($._port_on, $.port), $.interpolation, alias($._variable_on, $.variable)),
    _query_first: $ => seq($._query, repeat($._query_more)),
    _query_next: $ => seq($._query_on, repeat($._query_more)),
    _query_more: $ => choice($._query_on, $.interpolation, alias($._variable_on, $.variable)),
    _interpolation_first: $ => seq(alias($._brace, '{'), $._inner),
    interpolation: $ => seq(alias($._brace_on, '{'), $._inner),
    _inner: $ => seq(alias(token.immediate(/[A-Za-z_][A-Za-z0-9_.-]*/), $.identifier), token.immediate('}')),

    // ---- text ----
    string: $ => seq(
      '"',
      repeat(choice(
        token.immediate(prec(1, /[^"\\\n{$]+/)), token.immediate(prec(1, /[{$]/)),
        $.escape, $.interpolation, alias($._variable_on, $.variable),
      )),
      token.immediate('"'),
    ),
    escape: _ => token.immediate(prec(1, /\\(u\{[0-9A-Fa-f]*\}|[^\n])/)),
    raw_string: _ => /`[^`\n]*`/,
    heredoc: $ => seq(
      '"""',
      repeat(choice($.heredoc_text, $.interpolation, alias($._variable_on, $.variable))),
      token.immediate('"""'),
    ),

    // A carriage return before the line's end is not part of it.
    comment: _ => /#([^\r\n]|\r+[^\r\n])*/,
  },
});
