// Package ext stands in for a folder of Traefik that is a module of its own and in no module zip:
// two empty types that its dynamic configuration embeds.
package ext

// HTTP extends the HTTP section by nothing.
type HTTP struct{}

// Router extends an HTTP router by nothing.
type Router struct{}
