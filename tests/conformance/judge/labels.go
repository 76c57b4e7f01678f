package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/config/label"
)

// What the provider itself reads of a container's labels; its own types are not exported.
type providerLabels struct {
	Enable bool
	Docker *struct {
		Network         *string
		LBSwarm         bool
		AllowNonRunning bool
	}
	Swarm *struct {
		Network *string
		LBSwarm bool
	}
}

type labelsValue struct {
	Dynamic  *dynamic.Configuration `json:"dynamic"`
	Provider providerLabels         `json:"provider"`
}

func labelsOf(q *question) (labels map[string]string, err error) {
	err = json.Unmarshal(q.Text, &labels)
	return labels, err
}

func judgeContainer(q *question, filters ...string) (labelsValue, error) {
	var value labelsValue
	labels, err := labelsOf(q)
	if err != nil {
		return value, err
	}
	if err := label.Decode(labels, &value.Provider, filters...); err != nil {
		return value, fmt.Errorf("decoding provider labels: %w", err)
	}
	value.Dynamic, err = label.DecodeConfiguration(labels)
	return value, err
}

func judgeLabels(q *question) (any, error) {
	return judgeContainer(q, "traefik.docker.", "traefik.enable")
}

func judgeSwarmLabels(q *question) (any, error) {
	value, err := judgeContainer(q, "traefik.enable", "traefik.docker.", "traefik.swarm.")
	if err == nil && value.Provider.Docker != nil && value.Provider.Swarm != nil {
		err = errors.New("both Docker and Swarm labels are defined")
	}
	return value, err
}
