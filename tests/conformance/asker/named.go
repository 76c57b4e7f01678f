package main

import (
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/config/runtime"
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

// protocol begins what stands for TLS options in a handshake: a client that offers it learns which they got.
// No HTTP is spoken then, so that each is asked beside the request itself.
const protocol = "asker/"

// mark gives each TLS options a protocol of their own, before all others.
func mark(c *dynamic.Configuration) (marks []string) {
	for name, options := range c.TLS.Options {
		marks = append(marks, protocol+name)
		options.ALPNProtocols = append([]string{protocol + name}, options.ALPNProtocols...)
		c.TLS.Options[name] = options
	}
	return marks
}

// What decides about the options: where it goes, from where, with which names.
type handshake struct{ address, ip, name, protocols string }

// probe asks each once.
func probe(marks []string) func(handshake) string {
	var asked sync.Map
	return func(h handshake) string {
		once, _ := asked.LoadOrStore(h, sync.OnceValue(func() string { return h.ask(marks) }))
		return once.(func() string)()
	}
}

func (h handshake) ask(marks []string) string {
	conn, err := (&request{Address: h.address, IP: h.ip}).dial()
	if err != nil {
		return ""
	}
	defer conn.Close()
	offers := append(slices.Clone(marks), strings.Split(h.protocols, ",")...)
	offers = slices.DeleteFunc(offers, func(p string) bool { return p == "" })
	client := tls.Client(conn, &tls.Config{ServerName: h.name, InsecureSkipVerify: true, NextProtos: offers})
	if client.Handshake() != nil {
		return ""
	}
	name, _ := strings.CutPrefix(client.ConnectionState().NegotiatedProtocol, protocol)
	return name
}

// One router, as the proxy loaded it.
type router struct {
	Status  string   `json:"status"`
	Errors  []string `json:"errors,omitempty"`
	Points  []string `json:"points,omitempty"`
	Rule    string   `json:"rule,omitempty"`
	Service string   `json:"service,omitempty"`
	Parents []string `json:"parents,omitempty"`
}

// loaded are the routers of each kind.
func loaded(c *runtime.Configuration) map[string]map[string]router {
	all := map[string]map[string]router{"http": {}, "tcp": {}, "udp": {}}
	for name, r := range c.Routers {
		all["http"][name] = router{r.Status, r.Err, r.EntryPoints, r.Rule, r.Service, r.ParentRefs}
	}
	for name, r := range c.TCPRouters {
		all["tcp"][name] = router{r.Status, r.Err, r.EntryPoints, r.Rule, r.Service, nil}
	}
	for name, r := range c.UDPRouters {
		all["udp"][name] = router{r.Status, r.Err, r.EntryPoints, "", r.Service, nil}
	}
	return all
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
