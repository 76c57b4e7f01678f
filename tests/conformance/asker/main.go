// Command asker asks requests, of the real Traefik.
//
// It reads one JSON object a line and answers each with one line, in order:
//
//	{"static":"entryPoints: …","files":{"a.yml":"http: …"},"containers":{…},
//	 "backends":["127.0.0.9:8001"],"requests":[…]}
//
// The proxy is put together from Traefik's own parts, in this process, and gets what its file provider
// and its docker provider read: entry points, routers, middlewares, services and TLS are the real ones.
// Only the addresses where it listens are others, and who issues certificates: each resolver gives the
// certificates that it would ask for at once, with its name as the issuer. Without "static" the requests
// go to "address", where somebody else listens; "backends" stay until the end either way. Each answer names
// the routers that it came by, and with TLS the options that it got. With "ownServers" each service has one server, which tells its name; with
// "anyClient" the entry points take PROXY headers, by which clients come from addresses that are not here.
//
// The answer is {"results":[…],"error":"…"}, with a result for each request; see request and result.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
)

type question struct {
	Static     string                     `json:"static"`
	Files      map[string]string          `json:"files"`
	Containers map[string]json.RawMessage `json:"containers"`
	Backends   []string                   `json:"backends"`
	Requests   []request                  `json:"requests"`
	InOrder    bool                       `json:"inOrder"`    // one after the other
	OwnServers bool                       `json:"ownServers"` // services are reached at servers of our own
	AnyClient  bool                       `json:"anyClient"`  // "ip" may be any address
}

type answer struct {
	Results []result `json:"results"`
	Loaded  any      `json:"loaded,omitempty"` // the routers, as the proxy has them
	Points  []string `json:"points,omitempty"` // where the proxy listens
	Error   string   `json:"error,omitempty"`
}

// So many requests are under way at once.
const atOnce = 8

func ask(q *question) (a answer) {
	for _, address := range q.Backends {
		if err := listen(address); err != nil {
			return answer{Error: err.Error()}
		}
	}
	ports, optionsOf := map[string]string{}, (func(handshake) string)(nil)
	if q.Static != "" {
		p, err := start(q)
		if err != nil {
			return answer{Error: err.Error()}
		}
		defer p.stop()
		ports, optionsOf, a.Loaded = p.addresses, probe(p.marks), loaded(p.loaded)
		a.Points = slices.Sorted(maps.Keys(ports))
	}
	a.Results = make([]result, len(q.Requests))
	var wait sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i := range q.Requests {
		r := &q.Requests[i]
		if at, known := ports[r.EntryPoint]; known {
			r.Address = at
		}
		r.optionsOf = optionsOf
		if q.InOrder {
			a.Results[i] = send(r)
			continue
		}
		turns <- struct{}{}
		wait.Go(func() {
			a.Results[i] = send(r)
			<-turns
		})
	}
	wait.Wait()
	return a
}

func run() error {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var q question
			a := answer{}
			if bad := json.Unmarshal(line, &q); bad != nil {
				a.Error = bad.Error()
			} else {
				a = ask(&q)
			}
			if bad := out.Encode(a); bad != nil {
				return bad
			}
		}
		if err != nil {
			return nil
		}
	}
}

func main() {
	quiet()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "asker:", err)
		os.Exit(2)
	}
}
