package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A request has the keys that `itsupc trace --requests` reads, and where it really goes.
type request struct {
	URL        string                     `json:"url"`
	Method     string                     `json:"method"`
	Host       *string                    `json:"host"`
	SNI        *string                    `json:"sni"`
	Headers    map[string]json.RawMessage `json:"headers"`
	IP         string                     `json:"ip"` // of the client
	ALPN       []string                   `json:"alpn"`
	EntryPoint string                     `json:"entryPoint"`
	Address    string                     `json:"address"`
	Body       string                     `json:"body"`
	ProxyLine  string                     `json:"proxyLine"` // sent before everything else
	optionsOf  func(handshake) string     // what tells which TLS options it got; may be nil
}

type result struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Routers []string          `json:"routers,omitempty"` // by their names in the proxy
	Seen    *seen             `json:"seen,omitempty"`    // by the backend, as it tells
	Closed  string            `json:"closed,omitempty"`  // why there is nothing else
	TLS     bool              `json:"tls,omitempty"`     // the handshake was done
	Subject string            `json:"subject,omitempty"` // of the certificate
	Names   []string          `json:"names,omitempty"`
	Issuer  string            `json:"issuer,omitempty"`
	ALPN    string            `json:"alpn,omitempty"`
	Options string            `json:"options,omitempty"` // of TLS
	Count   int               `json:"count,omitempty"`   // of requests that the backend in "address" got
}

const atMost = 5 * time.Second

func send(r *request) (out result) {
	scheme, rest, _ := strings.Cut(r.URL, "://")
	authority, target := rest, "/"
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		authority, target = rest[:at], rest[at:]
		if target[0] != '/' {
			target = "/" + target
		}
	}
	host, name := authority, authority
	if r.Host != nil {
		host = *r.Host
	}
	if at := strings.LastIndexByte(authority, ':'); at >= 0 {
		name = authority[:at]
	}
	if r.SNI != nil {
		name = *r.SNI
	}
	switch scheme {
	case "count":
		return result{Count: counted(r.Address)}
	case "udp":
		return packet(r)
	case "h3":
		return overQUIC(r, name, host, target)
	}
	conn, err := r.dial()
	if err != nil {
		return result{Closed: err.Error()}
	}
	defer conn.Close()
	if err := talk(conn, r, scheme, name, host, target, &out); err != nil {
		out.Closed = err.Error()
	}
	return out
}

// dial connects from where the request says: an address of this machine, or one that a PROXY header names.
func (r *request) dial() (net.Conn, error) {
	dialer, line := net.Dialer{Timeout: atMost}, r.ProxyLine
	if ip := net.ParseIP(r.IP); ip.To4() != nil && ip.IsLoopback() {
		dialer.LocalAddr = &net.TCPAddr{IP: ip}
	} else if ip != nil && line == "" {
		line = proxyLine(ip)
	}
	conn, err := dialer.Dial("tcp", r.Address)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(atMost))
	if _, err = conn.Write([]byte(line)); err != nil {
		_ = conn.Close()
	}
	return conn, err
}

// proxyLine says that a client from there is spoken for.
func proxyLine(ip net.IP) string {
	if ip.To4() != nil {
		return "PROXY TCP4 " + ip.String() + " 192.0.2.1 5000 80\r\n"
	}
	return "PROXY TCP6 " + ip.String() + " 2001:db8::1 5000 80\r\n"
}

func talk(conn net.Conn, r *request, scheme, name, host, target string, out *result) error {
	if scheme == "pg" {
		if _, err := conn.Write([]byte{0, 0, 0, 8, 4, 210, 22, 47}); err != nil {
			return err
		}
		yes := make([]byte, 1)
		if _, err := io.ReadFull(conn, yes); err != nil {
			return err
		}
		if yes[0] != 'S' {
			return errors.New("no TLS for PostgreSQL")
		}
	}
	if scheme == "https" || scheme == "tls" || scheme == "pg" {
		client := tls.Client(conn, &tls.Config{ServerName: name, InsecureSkipVerify: true, NextProtos: r.ALPN})
		if err := client.Handshake(); err != nil {
			return err
		}
		met(client.ConnectionState(), out)
		if r.optionsOf != nil && scheme != "pg" {
			out.Options = r.optionsOf(handshake{r.Address, r.IP, name, strings.Join(r.ALPN, ",")})
		}
		conn = client
	}
	if scheme != "http" && scheme != "https" {
		return plainBytes(conn, out)
	}
	if out.ALPN == "h2" {
		return overHTTP2(conn, r, host, target, out)
	}
	return overHTTP1(conn, r, host, target, out)
}

func met(state tls.ConnectionState, out *result) {
	out.TLS, out.ALPN = true, state.NegotiatedProtocol
	leaf := state.PeerCertificates[0]
	out.Subject, out.Issuer, out.Names = leaf.Subject.CommonName, leaf.Issuer.CommonName, leaf.DNSNames
}

// eachHeader: a value is a string or a list of them.
func (r *request) eachHeader(visit func(name, value string)) {
	for name, raw := range r.Headers {
		var one string
		var many []string
		if json.Unmarshal(raw, &one) == nil {
			many = []string{one}
		} else {
			_ = json.Unmarshal(raw, &many)
		}
		for _, value := range many {
			visit(name, value)
		}
	}
}

func (r *request) method() string {
	if r.Method == "" {
		return "GET"
	}
	return r.Method
}

func plainBytes(conn net.Conn, out *result) error {
	if _, err := conn.Write([]byte("\x01\x02 nonsense\r\n\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if status, is := strings.CutPrefix(line, "HTTP/1.1 "); is {
		out.Status = number(status)
		return nil
	}
	if line == "" {
		return err
	}
	return json.Unmarshal([]byte(line), &out.Seen)
}

func number(text string) (n int) {
	for i := 0; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		n = 10*n + int(text[i]-'0')
	}
	return n
}

func overHTTP1(conn net.Conn, r *request, host, target string, out *result) error {
	var text bytes.Buffer
	text.WriteString(r.method() + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n")
	r.eachHeader(func(name, value string) { text.WriteString(name + ": " + value + "\r\n") })
	if r.Body != "" {
		text.WriteString("Content-Length: " + itoa(len(r.Body)) + "\r\n")
	}
	text.WriteString("\r\n" + r.Body)
	if _, err := conn.Write(text.Bytes()); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: strings.ToUpper(r.method())})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	answered(answer.StatusCode, answer.Header, body, out)
	return nil
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func answered(status int, header http.Header, body []byte, out *result) {
	out.Status, out.Routers, out.Headers = status, told(header), map[string]string{}
	for name := range header {
		out.Headers[name] = strings.Join(header.Values(name), ", ")
	}
	if header.Get("X-Backend") == "" {
		return
	}
	if json.Unmarshal(body, &out.Seen) != nil || out.Seen == nil {
		out.Seen = &seen{Backend: header.Get("X-Backend"), Path: header.Get("X-Path")}
	}
}

func overHTTP2(conn net.Conn, r *request, host, target string, out *result) error {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	write := func(name, value string) { _ = encoder.WriteField(hpack.HeaderField{Name: name, Value: value}) }
	write(":method", r.method())
	write(":scheme", "https")
	if host != "" {
		write(":authority", host)
	}
	write(":path", target)
	r.eachHeader(func(name, value string) { write(strings.ToLower(name), value) })
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		return err
	}
	reader := bufio.NewReader(conn)
	framer := http2.NewFramer(conn, reader)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	if err := framer.WriteSettings(); err != nil {
		return err
	}
	if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true}); err != nil {
		return err
	}
	// Behind a TCP router a backend answers that knows no HTTP/2.
	if first, err := reader.Peek(1); err == nil && first[0] == '{' {
		line, _ := reader.ReadString('\n')
		return json.Unmarshal([]byte(line), &out.Seen)
	}
	header, body, status := http.Header{}, []byte{}, 0
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		over := false
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.MetaHeadersFrame:
			for _, field := range f.Fields {
				if field.Name == ":status" {
					status = number(field.Value)
				} else {
					header.Add(field.Name, field.Value)
				}
			}
			over = f.StreamEnded()
		case *http2.DataFrame:
			body = append(body, f.Data()...)
			over = f.StreamEnded()
		case *http2.RSTStreamFrame:
			return errors.New("the stream is reset: " + f.ErrCode.String())
		case *http2.GoAwayFrame:
			return errors.New("go away: " + f.ErrCode.String())
		}
		if over {
			answered(status, header, body, out)
			return nil
		}
	}
}

func overQUIC(r *request, name, host, target string) (out result) {
	transport := &http3.Transport{
		TLSClientConfig: &tls.Config{ServerName: name, InsecureSkipVerify: true},
		Dial: func(ctx context.Context, _ string, t *tls.Config, q *quic.Config) (*quic.Conn, error) {
			return quic.DialAddr(ctx, r.Address, t, q)
		},
	}
	defer transport.Close()
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	asked := (&http.Request{Method: r.method(), Host: host, Header: http.Header{}}).WithContext(ctx)
	r.eachHeader(asked.Header.Add)
	var err error
	if asked.URL, err = url.Parse("https://" + name + target); err != nil {
		return result{Closed: err.Error()}
	}
	answer, err := transport.RoundTrip(asked)
	if err != nil {
		return result{Closed: err.Error()}
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	met(*answer.TLS, &out)
	answered(answer.StatusCode, answer.Header, body, &out)
	return out
}

func packet(r *request) (out result) {
	conn, err := net.Dial("udp", r.Address)
	if err != nil {
		return result{Closed: err.Error()}
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	buffer := make([]byte, 2048)
	_, err = conn.Write([]byte("hello"))
	n := 0
	if err == nil {
		n, err = conn.Read(buffer)
	}
	if err == nil {
		err = json.Unmarshal(buffer[:n], &out.Seen)
	}
	if err != nil {
		out.Closed = err.Error()
	}
	return out
}
