package main

import (
	"context"
	"os"
	"strings"

	"github.com/traefik/traefik/v3/pkg/provider/file"
)

// writeText puts the text into a file, whose ending tells its language.
func writeText(q *question, otherwise string) (string, error) {
	text, err := q.text()
	if err != nil {
		return "", err
	}
	path := otherwise
	if strings.HasSuffix(q.Name, ".toml") {
		path = "judged.toml"
	}
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// judgeDynamic takes the way of a file of the file provider: template, then decoder.
func judgeDynamic(q *question) (any, error) {
	path, err := writeText(q, "dynamic.yml")
	if err != nil {
		return nil, err
	}
	return (&file.Provider{}).CreateConfiguration(context.Background(), path, nil, false)
}
