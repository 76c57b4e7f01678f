package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/rs/zerolog/log"
	"github.com/sirupsen/logrus"
	paerser "github.com/traefik/paerser/cli"
	"github.com/traefik/traefik/v3/cmd"
	"github.com/traefik/traefik/v3/pkg/cli"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/config/runtime"
	"github.com/traefik/traefik/v3/pkg/config/static"
	httpmuxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	tcpmuxer "github.com/traefik/traefik/v3/pkg/muxer/tcp"
	"github.com/traefik/traefik/v3/pkg/observability/metrics"
	"github.com/traefik/traefik/v3/pkg/provider"
	"github.com/traefik/traefik/v3/pkg/provider/acme"
	"github.com/traefik/traefik/v3/pkg/provider/file"
	"github.com/traefik/traefik/v3/pkg/provider/traefik"
	"github.com/traefik/traefik/v3/pkg/proxy/httputil"
	"github.com/traefik/traefik/v3/pkg/safe"
	"github.com/traefik/traefik/v3/pkg/server"
	"github.com/traefik/traefik/v3/pkg/server/middleware"
	"github.com/traefik/traefik/v3/pkg/server/service"
	"github.com/traefik/traefik/v3/pkg/tcp"
	traefiktls "github.com/traefik/traefik/v3/pkg/tls"
	"github.com/traefik/traefik/v3/pkg/types"
)

const patience = 10 * time.Second

func quiet() {
	log.Logger = zerolog.Nop()
	zerolog.DefaultContextLogger = &log.Logger
	logrus.SetLevel(logrus.PanicLevel)
}

type proxy struct {
	folder    string
	config    *static.Configuration
	pool      *safe.Pool
	docker    *http.Server
	addresses map[string]string
	messages  chan<- dynamic.Message
	applied   chan dynamic.Configuration
	rounds    int
	question  *question
	failed    error // while servers of our own were made
	marks     []string
	loaded    *runtime.Configuration
}

// said is a provider that hands on what it is given.
type said struct{ messages chan dynamic.Message }

func (s *said) Init() error { return nil }
func (s *said) Provide(out chan<- dynamic.Message, pool *safe.Pool) error {
	pool.GoCtx(func(ctx context.Context) {
		for {
			select {
			case m := <-s.messages:
				out <- m
			case <-ctx.Done():
				return
			}
		}
	})
	return nil
}

func start(q *question) (p *proxy, err error) {
	p = &proxy{question: q, applied: make(chan dynamic.Configuration, 100)}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	if p.folder, err = os.MkdirTemp("", "asker"); err != nil {
		return p, err
	}
	if p.config, err = staticOf(filepath.Join(p.folder, "traefik.yml"), q.Static); err != nil {
		return p, err
	}
	p.pool = safe.NewPool(context.Background())
	messages, err := p.provided(q)
	if err != nil {
		return p, err
	}
	if err := p.serve(); err != nil {
		return p, err
	}
	config, err := p.apply(messages)
	if err != nil {
		return p, err
	}
	if certificates := p.certificates(config); len(certificates) > 0 {
		_, err = p.apply(certificates)
	}
	return p, err
}

func (p *proxy) stop() {
	if p.pool != nil {
		p.pool.Stop()
	}
	if p.docker != nil {
		_ = p.docker.Close()
	}
	if p.folder != "" {
		_ = os.RemoveAll(p.folder)
	}
}

func staticOf(path, text string) (*static.Configuration, error) {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, err
	}
	config := cmd.NewTraefikConfiguration()
	command := &paerser.Command{Name: "traefik", Configuration: config}
	if _, err := (&cli.FileLoader{}).Load([]string{"--configFile=" + path}, command); err != nil {
		return nil, err
	}
	config.SetEffectiveConfiguration()
	return &config.Configuration, config.ValidateConfiguration()
}

// provided asks each provider once, for what it would tell at the start.
func (p *proxy) provided(q *question) (all []dynamic.Message, err error) {
	out := make(chan dynamic.Message, 100)
	take := func(what string, provider provider.Provider) error {
		if err := provider.Init(); err != nil {
			return err
		}
		if err := provider.Provide(out, p.pool); err != nil {
			return err
		}
		select {
		case m := <-out:
			all = append(all, m)
			return nil
		case <-time.After(patience):
			return fmt.Errorf("nothing comes from the provider %s", what)
		}
	}
	if err := take("internal", traefik.New(*p.config)); err != nil {
		return nil, err
	}
	if len(q.Files) > 0 {
		folder := filepath.Join(p.folder, "dynamic")
		for name, text := range q.Files {
			path := filepath.Join(folder, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
				return nil, err
			}
		}
		// A folder that is refused leaves the rest as it is.
		_ = take("file", &file.Provider{Directory: folder})
	}
	if q.Containers != nil && p.config.Providers.Docker != nil {
		socket := filepath.Join(p.folder, "d.sock")
		if p.docker, err = docker(socket, q.Containers); err != nil {
			return nil, err
		}
		p.config.Providers.Docker.Endpoint, p.config.Providers.Docker.Watch = "unix://"+socket, false
		if err := take("docker", p.config.Providers.Docker); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// elsewhere gives the entry points addresses of their own.
func (p *proxy) elsewhere() (static.EntryPoints, error) {
	out := static.EntryPoints{}
	p.addresses = map[string]string{}
	for name, point := range p.config.EntryPoints {
		protocol, err := point.GetProtocol()
		if err != nil {
			return nil, err
		}
		copied := *point
		if protocol == "udp" {
			conn, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			copied.Address = conn.LocalAddr().String() + "/udp"
			p.addresses[name] = conn.LocalAddr().String()
			_ = conn.Close()
		} else {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			copied.Address = listener.Addr().String()
			p.addresses[name] = copied.Address
			if p.question.AnyClient {
				copied.ProxyProtocol = &static.ProxyProtocol{Insecure: true}
			}
			_ = listener.Close()
		}
		out[name] = &copied
	}
	return out, nil
}

// serve starts the entry points, behind which nothing is configured yet.
func (p *proxy) serve() error {
	var points server.TCPEntryPoints
	var packets server.UDPEntryPoints
	registry := metrics.NewVoidRegistry()
	for attempt := 0; ; attempt++ { // a port may be taken between being found and being used
		there, err := p.elsewhere()
		if err == nil {
			points, err = server.NewTCPEntryPoints(there, p.config.HostResolver, registry)
		}
		if err == nil {
			packets, err = server.NewUDPEntryPoints(there)
		}
		if err == nil {
			break
		}
		if attempt == 5 {
			return err
		}
	}
	points.Start()
	packets.Start()
	tlsManager := traefiktls.NewManager(nil)
	observability := middleware.NewObservabilityMgr(*p.config, registry, nil, nil, nil, nil)
	transports, dialers := service.NewTransportManager(nil), tcp.NewDialerManager(nil)
	builder := httputil.NewProxyBuilder(transports, nil)
	var challenge http.Handler
	for _, resolver := range p.config.CertificatesResolvers {
		if resolver.ACME != nil && resolver.ACME.HTTPChallenge != nil {
			challenge = acme.NewChallengeHTTP()
		}
	}
	managers := service.NewManagerFactory(*p.config, p.pool, observability, transports, builder, challenge, tlsManager)
	routers, err := server.NewRouterFactory(*p.config, managers, tlsManager, observability, nil, dialers)
	if err != nil {
		return err
	}
	source := &said{make(chan dynamic.Message, 100)}
	p.messages = source.messages
	watcher := server.NewConfigurationWatcher(p.pool, source, p.defaults(), "internal")
	watcher.AddListener(func(c dynamic.Configuration) {
		tell(&c)
		p.marks = mark(&c)
		if p.question.OwnServers {
			p.failed = errors.Join(p.failed, ownServers(&c))
		}
		tlsManager.UpdateConfigs(context.Background(), c.TLS.Stores, c.TLS.Options, c.TLS.Certificates)
		transports.Update(c.HTTP.ServersTransports)
		builder.Update(c.HTTP.ServersTransports)
		dialers.Update(c.TCP.ServersTransports)
		p.loaded = runtime.NewConfig(c)
		streams, datagrams := routers.CreateRouters(p.loaded)
		points.Switch(streams)
		packets.Switch(datagrams)
		p.applied <- c
	})
	watcher.Start()
	return nil
}

func (p *proxy) defaults() (names []string) {
	flagged := false
	for _, point := range p.config.EntryPoints {
		flagged = flagged || point.AsDefault
	}
	for name, point := range p.config.EntryPoints {
		protocol, _ := point.GetProtocol()
		if protocol != "udp" && name != static.DefaultInternalEntryPointName && (point.AsDefault || !flagged) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// apply hands the messages over and waits until they count: the last one is our own.
func (p *proxy) apply(messages []dynamic.Message) (dynamic.Configuration, error) {
	p.rounds++
	mark := fmt.Sprintf("round-%d", p.rounds)
	messages = append(messages, dynamic.Message{ProviderName: "asker", Configuration: &dynamic.Configuration{
		HTTP: &dynamic.HTTPConfiguration{Middlewares: map[string]*dynamic.Middleware{mark: {AddPrefix: &dynamic.AddPrefix{Prefix: "/x"}}}}}})
	for _, m := range messages {
		p.messages <- m
	}
	for {
		select {
		case c := <-p.applied:
			if c.HTTP.Middlewares[mark+"@asker"] != nil {
				return c, p.failed
			}
		case <-time.After(patience):
			return dynamic.Configuration{}, errors.New("the configuration is never applied")
		}
	}
}

// certificates are what the resolvers would have got: one for each router, unless others hold its names.
func (p *proxy) certificates(c dynamic.Configuration) (messages []dynamic.Message) {
	held := namesOf(c.TLS.Certificates)
	wanted := map[string][]*traefiktls.CertAndStores{}
	add := func(resolver string, names []string) {
		names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" || n == "*" })
		uncovered := slices.ContainsFunc(names, func(n string) bool {
			return !slices.ContainsFunc(held, func(h string) bool { return h == n || types.MatchDomain(n, h) })
		})
		if len(names) == 0 || !uncovered || p.config.CertificatesResolvers[resolver].ACME == nil {
			return
		}
		held = append(held, names...)
		made, key := pems(certificate(resolver, names...))
		wanted[resolver] = append(wanted[resolver], &traefiktls.CertAndStores{
			Certificate: traefiktls.Certificate{CertFile: types.FileOrContent(made), KeyFile: types.FileOrContent(key)}})
	}
	for _, name := range slices.Sorted(maps.Keys(c.HTTP.Routers)) {
		if r := c.HTTP.Routers[name]; r.TLS != nil && r.TLS.CertResolver != "" {
			names(add, r.TLS, r.Rule, httpmuxer.ParseDomains)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.TCP.Routers)) {
		if r := c.TCP.Routers[name]; r.TLS != nil && r.TLS.CertResolver != "" {
			names(add, &dynamic.RouterTLSConfig{CertResolver: r.TLS.CertResolver, Domains: r.TLS.Domains}, r.Rule, tcpmuxer.ParseHostSNI)
		}
	}
	for resolver, list := range wanted {
		messages = append(messages, dynamic.Message{ProviderName: resolver + ".acme",
			Configuration: &dynamic.Configuration{TLS: &dynamic.TLSConfiguration{Certificates: list}}})
	}
	return messages
}

// namesOf are those that certificates in files hold already.
func namesOf(list []*traefiktls.CertAndStores) (out []string) {
	for _, c := range list {
		pair, err := tls.X509KeyPair([]byte(c.Certificate.CertFile), []byte(c.Certificate.KeyFile))
		if err == nil {
			out = append(out, lower(append([]string{pair.Leaf.Subject.CommonName}, pair.Leaf.DNSNames...))...)
		}
	}
	return out
}

// names hands over what one router has certificates for.
func names(add func(string, []string), wanted *dynamic.RouterTLSConfig, rule string, parse func(string) ([]string, error)) {
	for _, domain := range wanted.Domains {
		add(wanted.CertResolver, lower(domain.ToStrArray()))
	}
	if parsed, err := parse(rule); err == nil && len(wanted.Domains) == 0 {
		add(wanted.CertResolver, lower(parsed))
	}
}

func lower(names []string) (out []string) {
	for _, n := range names {
		out = append(out, strings.TrimSuffix(strings.ToLower(n), "."))
	}
	return out
}
