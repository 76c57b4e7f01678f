package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/loader"
)

// judgeCompose loads a project as `docker compose config` does, with every profile on. Files that
// `env_file` and `label_file` name are not looked at: they are no part of the question.
func judgeCompose(q *question) (any, error) {
	folder, err := os.MkdirTemp("", "project")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for name, text := range q.Files {
		if !filepath.IsLocal(name) {
			return nil, errors.New("judge: not below the project: " + name)
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	var paths, env []string
	for _, name := range q.Main {
		paths = append(paths, filepath.Join(folder, name))
	}
	for name, value := range q.Env {
		env = append(env, name+"="+value)
	}
	options, err := cli.NewProjectOptions(paths,
		cli.WithWorkingDirectory(filepath.Dir(paths[0])), cli.WithEnv(env), cli.WithProfiles([]string{"*"}),
		cli.WithResolvedPaths(false), cli.WithoutEnvironmentResolution, cli.WithName("project"),
		cli.WithLoadOptions(func(o *loader.Options) { o.SkipResolveLabels = true }))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), folder+"/", ""))
	}
	value, err := project.MarshalJSON()
	return json.RawMessage(value), err
}
