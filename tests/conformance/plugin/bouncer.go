// Package crowdsec_bouncer_traefik_plugin stands in for the plugin of that name, which a test cannot
// download: it takes any configuration and hands each request on.
package crowdsec_bouncer_traefik_plugin

import (
	"context"
	"net/http"
)

// Config is whatever it is given.
type Config struct{}

// CreateConfig is what Traefik calls first.
func CreateConfig() *Config { return &Config{} }

// New is the middleware: the next one.
func New(_ context.Context, next http.Handler, _ *Config, _ string) (http.Handler, error) {
	return next, nil
}
