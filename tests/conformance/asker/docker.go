package main

import (
	"encoding/json"
	"net"
	"net/http"
	"regexp"
	"strings"
)

var inspect = regexp.MustCompile(`^(?:/v[\d.]+)?/containers/([^/]+)/json$`)

// docker answers what Traefik's docker provider asks of an engine, on a Unix socket.
func docker(socket string, containers map[string]json.RawMessage) (*http.Server, error) {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.54")
		w.Header().Set("Content-Type", "application/json")
		one := inspect.FindStringSubmatch(r.URL.Path)
		switch {
		case strings.HasSuffix(r.URL.Path, "/_ping"):
			_, _ = w.Write([]byte("OK"))
		case strings.HasSuffix(r.URL.Path, "/version"):
			_, _ = w.Write([]byte(`{"Version":"29.0.0","ApiVersion":"1.54","MinAPIVersion":"1.40","Os":"linux","Arch":"amd64"}`))
		case strings.HasSuffix(r.URL.Path, "/containers/json"):
			list := []map[string]string{}
			for id := range containers {
				list = append(list, map[string]string{"Id": id})
			}
			_ = json.NewEncoder(w).Encode(list)
		case one != nil && containers[one[1]] != nil:
			_, _ = w.Write(containers[one[1]])
		default:
			http.Error(w, `{"message":"no such object"}`, http.StatusNotFound)
		}
	})}
	go func() { _ = server.Serve(listener) }()
	return server, nil
}
