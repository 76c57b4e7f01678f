package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// judgeYAML reads a text as the strictest of the usual readers: one document, no key twice. What it
// gives is the tree with every scalar as it stands, its tag before it: "!!int 5".
func judgeYAML(q *question) (any, error) {
	text, err := q.text()
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	reader := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	if err := reader.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	var more yaml.Node
	if err := reader.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("judge: more than one document")
	}
	return nodeTree(document.Content[0])
}

func nodeTree(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return nodeTree(n.Alias)
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			value, err := nodeTree(c)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.MappingNode:
		pairs := [][2]any{}
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			value, err := nodeTree(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			key := n.Content[i].Value
			if seen[key] {
				return nil, fmt.Errorf("line %d: the key %q twice", n.Content[i].Line, key)
			}
			seen[key] = true
			pairs = append(pairs, [2]any{key, value})
		}
		return map[string]any{"map": pairs}, nil
	}
	return n.ShortTag() + " " + n.Value, nil
}
