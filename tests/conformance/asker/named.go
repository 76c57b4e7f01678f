package main

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
)

// marks begins the headers of an answer that tell which routers it came by, one for each.
const marks = "X-Asker-Router-"

// tell lets each answer name its routers: a middleware before all others of the router does it.
func tell(c *dynamic.Configuration) {
	for i, name := range slices.Sorted(maps.Keys(c.HTTP.Routers)) {
		own := fmt.Sprintf("router-%d@asker", i)
		c.HTTP.Middlewares[own] = &dynamic.Middleware{Headers: &dynamic.Headers{
			CustomResponseHeaders: map[string]string{fmt.Sprintf("%s%d", marks, i): name}}}
		router := c.HTTP.Routers[name]
		router.Middlewares = append([]string{own}, router.Middlewares...)
	}
}

// told takes the marks off an answer again.
func told(header http.Header) (routers []string) {
	for name := range header {
		if strings.HasPrefix(name, marks) {
			routers = append(routers, header.Get(name))
			header.Del(name)
		}
	}
	slices.Sort(routers)
	return routers
}

// Servers of our own, one for each service that is asked: wherever its servers were meant to be.
var (
	making sync.Mutex
	made   = map[string]string{}
)

func ownServer(kind, name string) (string, error) {
	making.Lock()
	defer making.Unlock()
	if at, there := made[kind+name]; there {
		return at, nil
	}
	at := ""
	if kind == "udp" {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		at = conn.LocalAddr().String()
		go packets(conn, name)
	} else {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		at = listener.Addr().String()
		go accept(listener, name)
	}
	made[kind+name] = at
	return at, nil
}

// ownServers puts a server that tells the service's name behind each service.
func ownServers(c *dynamic.Configuration) error {
	for name, service := range c.HTTP.Services {
		if balancer := service.LoadBalancer; balancer != nil && !strings.HasSuffix(name, "@internal") {
			at, err := ownServer("tcp", name)
			if err != nil {
				return err
			}
			balancer.Servers, balancer.HealthCheck = []dynamic.Server{{URL: "http://" + at}}, nil
		}
	}
	for name, service := range c.TCP.Services {
		if service.LoadBalancer != nil {
			at, err := ownServer("tcp", name)
			if err != nil {
				return err
			}
			service.LoadBalancer.Servers = []dynamic.TCPServer{{Address: at}}
		}
	}
	for name, service := range c.UDP.Services {
		if service.LoadBalancer != nil {
			at, err := ownServer("udp", name)
			if err != nil {
				return err
			}
			service.LoadBalancer.Servers = []dynamic.UDPServer{{Address: at}}
		}
	}
	return nil
}
