/* Words to AST: shapes only. Every action is one constructor; what a word means is the model's business. */
%require "3.8"
%define api.prefix {dsl_}
%define api.pure full
%define api.token.prefix {TOK_}
%define api.token.raw
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param { struct parse *p }

%code requires {
#include "ast/ast.h"
struct parse;
}

%code {
#include "grammar/scan.h"
#include "grammar/syntax_error.h"

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
    ((current) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))                               \
                     : (struct span){ YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end })
/* Nesting is bounded by the layout, and lists recurse to the left: the stack never has to grow. */
#define YYINITDEPTH 2000
#define YYMAXDEPTH 2000

static int dsl_lex(YYSTYPE *value, struct span *place, struct parse *p);
static void dsl_error(const struct span *place, struct parse *p, const char *message);
}

%token END 0        "end of file"
%token SEP          "end of line"
%token <struct node *> WORD    "a word"
%token <struct node *> PATTERN "a URL pattern"
%token <struct node *> STRING  "a string"
%token <struct node *> RAW     "a raw string"
%token <struct node *> HEREDOC "a heredoc"
%token LET          "let"
%token MIDDLEWARE   "middleware"
%token TEMPLATE     "template"
%token FOR          "for"
%token IN           "in"
%token ELSE         "else"
%token LPAREN       "("
%token RPAREN       ")"
%token LBRACKET     "["
%token RBRACKET     "]"
%token LBRACE       "{"
%token RBRACE       "}"
%token COMMA        ","
%token PIPE         "|"
%token EQUALS       "="
%token ARROW        "->"
%token REDIRECT     "=>"
/* Seen by the layout alone. */
%token NEWLINE SEMICOLON MADE

%nterm <struct nodes> body patterns links chain pools pool args arg_list lists list params param_list
%nterm <struct node *> statement item route setting call block opt_block text status target link value arg
%nterm <struct node *> let middleware template for param type range default

%%
file:
  body END                          { p->ast->body = $body; }
;
body:
  item                              { $$ = nodes_append((struct nodes){ 0 }, $item); }
| body[list] SEP item               { $$ = nodes_append($list, $item); }
;
item:
  %empty                            { $$ = NULL; }
| statement                         { $$ = $statement; }
;
statement:
  route | setting | call | let | middleware | template | for
| error                             { $$ = ast_broken(p->arena, parse_broken_span(p, @error), NULL); yyerrok; }
| error block                       { $$ = ast_broken(p->arena, span_join(@error, @block), $block); yyerrok; }
;
block:
  "{" body "}"                      { $$ = ast_block(p->arena, @$, $body); }
;
opt_block:
  %empty                            { $$ = NULL; }
| block                             { $$ = $block; }
;

route:
  patterns links "->" pools opt_block
                                    { $$ = ast_route(p->arena, @$, $patterns, $links, $pools, $opt_block); }
| patterns links "=>" text status opt_block
                                    { $$ = ast_redirect(p->arena, @$, $patterns, $links, $text, $status, $opt_block); }
| patterns links block              { $$ = ast_route(p->arena, @$, $patterns, $links, (struct nodes){ 0 }, $block); }
;
patterns:
  PATTERN                           { $$ = nodes_append((struct nodes){ 0 }, $PATTERN); }
| patterns[list] "," WORD           { $$ = nodes_append($list, $WORD); }
;
links:
  %empty                            { $$ = (struct nodes){ 0 }; }
| links[list] "|" link              { $$ = nodes_append($list, $link); }
;
link:
  WORD                              { $$ = $WORD; }
| call                              { $$ = $call; }
;
chain:
  link                              { $$ = nodes_append((struct nodes){ 0 }, $link); }
| chain[list] "|" link              { $$ = nodes_append($list, $link); }
;
pools:
  pool                              { $$ = nodes_append((struct nodes){ 0 }, ast_pool(p->arena, @pool, $pool)); }
| pools[list] "else" pool           { $$ = nodes_append($list, ast_pool(p->arena, @pool, $pool)); }
;
pool:
  target                            { $$ = nodes_append((struct nodes){ 0 }, $target); }
| pool[list] "," target             { $$ = nodes_append($list, $target); }
;
target:
  text                              { $$ = ast_target(p->arena, @$, $text, NULL); }
| text WORD                         { $$ = ast_target(p->arena, @$, $text, $WORD); }
;
text:
  WORD | STRING
;
status:
  %empty                            { $$ = NULL; }
| WORD                              { $$ = $WORD; }
;

setting:
  WORD lists opt_block              { $$ = ast_setting(p->arena, @$, $WORD, $lists, $opt_block); }
;
lists:
  %empty                            { $$ = (struct nodes){ 0 }; }
| lists[all] list                   { $$ = nodes_append($all, ast_list(p->arena, @list, $list, true)); }
;
list:
  arg                               { $$ = nodes_append((struct nodes){ 0 }, $arg); }
| list[all] "," arg                 { $$ = nodes_append($all, $arg); }
;
call:
  WORD "(" args ")"                 { $$ = ast_call(p->arena, @$, $WORD, $args); }
;
args:
  %empty                            { $$ = (struct nodes){ 0 }; }
| arg_list                          { $$ = $arg_list; }
| arg_list ","                      { $$ = $arg_list; }
;
arg_list:
  arg                               { $$ = nodes_append((struct nodes){ 0 }, $arg); }
| arg_list[all] "," arg             { $$ = nodes_append($all, $arg); }
;
arg:
  value                             { $$ = $value; }
| WORD "=" value                    { $$ = ast_arg(p->arena, @$, $WORD, $value); }
;
value:
  WORD | STRING | RAW | HEREDOC | call
| "[" args "]"                      { $$ = ast_list(p->arena, @$, $args, false); }
;

let:
  "let" WORD "=" value              { $$ = ast_let(p->arena, @$, $WORD, $value); }
;
middleware:
  "middleware" WORD "=" chain       { $$ = ast_middleware(p->arena, @$, $WORD, $chain); }
;
template:
  "template" WORD "(" params ")" block
                                    { $$ = ast_template(p->arena, @$, $WORD, $params, $block); }
;
params:
  %empty                            { $$ = (struct nodes){ 0 }; }
| param_list                        { $$ = $param_list; }
| param_list ","                    { $$ = $param_list; }
;
param_list:
  param                             { $$ = nodes_append((struct nodes){ 0 }, $param); }
| param_list[all] "," param         { $$ = nodes_append($all, $param); }
;
param:
  WORD default                      { $$ = ast_param(p->arena, @$, $WORD, NULL, NULL, $default); }
| WORD type range default           { $$ = ast_param(p->arena, @$, $WORD, $type, $range, $default); }
;
type:
  WORD | call
;
range:
  %empty                            { $$ = NULL; }
| WORD                              { $$ = $WORD; }
;
default:
  %empty                            { $$ = NULL; }
| "=" value                         { $$ = $value; }
;
for:
  "for" WORD "in" value block       { $$ = ast_for(p->arena, @$, $WORD, $value, $block, NULL); }
| "for" WORD "in" value call        { $$ = ast_for(p->arena, @$, $WORD, $value, NULL, $call); }
;
%%

static int dsl_lex(YYSTYPE *value, struct span *place, struct parse *p) {
    struct token token = parse_next(p);
    *place = token_span(token);
    switch (token.kind) {
    case TOK_WORD: value->TOK_WORD = parse_node(p, token, NODE_WORD); break;
    case TOK_PATTERN: value->TOK_PATTERN = parse_node(p, token, NODE_WORD); break;
    case TOK_STRING: value->TOK_STRING = parse_node(p, token, NODE_STRING); break;
    case TOK_RAW: value->TOK_RAW = parse_node(p, token, NODE_RAW); break;
    case TOK_HEREDOC: value->TOK_HEREDOC = parse_node(p, token, NODE_HEREDOC); break;
    default: break;
    }
    return token.kind;
}

/* Only "memory exhausted" comes here, which the bounded stack makes impossible. */
static void dsl_error(const struct span *place, struct parse *p, const char *message) {
    diag_add(p->diags, DIAG_NESTING, *place, "%s", message);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p) {
    yysymbol_kind_t expected[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, expected, YYNTOKENS);
    struct syntax_error error = { .span = *yypcontext_location(context) };
    if (yypcontext_token(context) != YYSYMBOL_YYEMPTY)
        error.found = yysymbol_name(yypcontext_token(context));
    for (int i = 0; i < count && i < MOST_EXPECTED; i++)
        error.expected[error.count++] = yysymbol_name(expected[i]);
    parse_tell(p, &error);
    return 0;
}
