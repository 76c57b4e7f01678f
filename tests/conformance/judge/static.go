//go:build static

// Decoding the static configuration needs nearly all of Traefik, every DNS provider included: minutes
// to build, where the rest of judge takes one. Hence the tag.

package main

import (
	"encoding/json"
	"errors"
	"fmt"

	paerser "github.com/traefik/paerser/cli"
	"github.com/traefik/paerser/env"
	"github.com/traefik/paerser/flag"
	"github.com/traefik/traefik/v3/cmd"
	"github.com/traefik/traefik/v3/pkg/cli"
	"github.com/traefik/traefik/v3/pkg/config/static"
)

func init() {
	judges["static"] = judgeStatic
	judges["flags"] = judgeFlags
	judges["env"] = judgeEnv
}

// validated does what stands between decoding and listening.
func validated(command *cmd.TraefikCmdConfiguration) (*static.Configuration, error) {
	config := &command.Configuration
	if config.Providers == nil {
		return nil, errors.New("judge: no providers")
	}
	config.SetEffectiveConfiguration()
	if err := config.ValidateConfiguration(); err != nil {
		return nil, err
	}
	for name, entryPoint := range config.EntryPoints {
		if _, err := entryPoint.GetProtocol(); err != nil {
			return nil, fmt.Errorf("entry point %s: %w", name, err)
		}
	}
	if config.Providers.Docker != nil {
		if err := config.Providers.Docker.Init(); err != nil {
			return nil, fmt.Errorf("docker provider: %w", err)
		}
	}
	if config.Providers.Swarm != nil {
		if err := config.Providers.Swarm.Init(); err != nil {
			return nil, fmt.Errorf("swarm provider: %w", err)
		}
	}
	return config, nil
}

func load(args []string, loaders ...paerser.ResourceLoader) (any, error) {
	config := cmd.NewTraefikConfiguration()
	command := &paerser.Command{Name: "traefik", Configuration: config}
	for _, loader := range loaders {
		if done, err := loader.Load(args, command); err != nil {
			return nil, err
		} else if done {
			break
		}
	}
	return validated(config)
}

func judgeStatic(q *question) (any, error) {
	path, err := writeText(q, "static.yml")
	if err != nil {
		return nil, err
	}
	return load([]string{"--configFile=" + path}, cli.DeprecationLoader{}, &cli.FileLoader{})
}

func words(q *question) (list []string, err error) {
	err = json.Unmarshal(q.Text, &list)
	return list, err
}

func judgeFlags(q *question) (any, error) {
	args, err := words(q)
	if err != nil {
		return nil, err
	}
	config := cmd.NewTraefikConfiguration()
	command := &paerser.Command{Name: "traefik", Configuration: config}
	if _, err := (cli.DeprecationLoader{}).Load(args, command); err != nil {
		return nil, err
	}
	if err := flag.Decode(args, config); err != nil {
		return nil, err
	}
	return validated(config)
}

func judgeEnv(q *question) (any, error) {
	pairs, err := words(q)
	if err != nil {
		return nil, err
	}
	config := cmd.NewTraefikConfiguration()
	vars := env.FindPrefixedEnvVars(pairs, env.DefaultNamePrefix, config)
	if err := env.Decode(vars, env.DefaultNamePrefix, config); err != nil {
		return nil, err
	}
	return validated(config)
}
