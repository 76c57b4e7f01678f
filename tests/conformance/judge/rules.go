package main

import (
	"fmt"
	"net/http"

	muxhttp "github.com/traefik/traefik/v3/pkg/muxer/http"
	muxtcp "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/rules"
)

// The names that the muxers know; they do not export them. A name that is missing here would be
// noticed: a rule that the muxer takes must come out as a tree.
var (
	httpNames = []string{
		"ClientIP", "Header", "HeaderRegexp", "Headers", "HeadersRegexp", "Host", "HostHeader", "HostRegexp",
		"Method", "Path", "PathPrefix", "PathRegexp", "Query", "QueryRegexp",
	}
	tcpNames = []string{"ALPN", "ClientIP", "HostSNI", "HostSNIRegexp"}
)

type ruleValue struct {
	Priority int      `json:"priority"`
	Domains  []string `json:"domains"`
	Tree     *tree    `json:"tree"`
}

type tree struct {
	Matcher string   `json:"matcher"`
	Not     bool     `json:"not,omitempty"`
	Values  []string `json:"values,omitempty"`
	Left    *tree    `json:"left,omitempty"`
	Right   *tree    `json:"right,omitempty"`
}

func treeOf(t *rules.Tree) *tree {
	if t == nil {
		return nil
	}
	return &tree{t.Matcher, t.Not, t.Value, treeOf(t.RuleLeft), treeOf(t.RuleRight)}
}

func parseTree(rule string, names []string) (*tree, error) {
	parser, err := rules.NewParser(names)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(rule)
	if err != nil {
		return nil, err
	}
	build, ok := parsed.(rules.TreeBuilder)
	if !ok {
		return nil, fmt.Errorf("no rule: %s", rule)
	}
	return treeOf(build()), nil
}

func judgeHTTPRule(q *question) (any, error) {
	rule, err := q.text()
	if err != nil {
		return nil, err
	}
	parser, err := muxhttp.NewSyntaxParser()
	if err != nil {
		return nil, err
	}
	muxer := muxhttp.NewMuxer(parser, nil)
	if err := muxer.AddRoute(rule, q.Syntax, 0, "", http.NotFoundHandler()); err != nil {
		return nil, err
	}
	value := ruleValue{Priority: muxhttp.GetRulePriority(rule)}
	if value.Tree, err = parseTree(rule, httpNames); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	value.Domains, err = muxhttp.ParseDomains(rule)
	return value, err
}

func judgeTCPRule(q *question) (any, error) {
	rule, err := q.text()
	if err != nil {
		return nil, err
	}
	muxer, err := muxtcp.NewMuxer(nil)
	if err != nil {
		return nil, err
	}
	if err := muxer.AddRoute(rule, q.Syntax, 0, "", nil); err != nil {
		return nil, err
	}
	value := ruleValue{Priority: muxtcp.GetRulePriority(rule)}
	if value.Tree, err = parseTree(rule, tcpNames); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	value.Domains, err = muxtcp.ParseHostSNI(rule)
	return value, err
}
