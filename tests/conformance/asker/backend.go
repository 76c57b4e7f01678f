package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A backend answers whatever it is spoken to by telling what it saw, and who it is: HTTP, TLS with a
// certificate of its own, PostgreSQL's request for TLS, plain bytes, each behind a PROXY header or not.

type seen struct {
	Backend string            `json:"backend"`
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Proxy   string            `json:"proxy,omitempty"` // of the PROXY header: "v1 127.0.0.5"
	Bytes   string            `json:"bytes,omitempty"` // of plain connections and packets
	TLS     bool              `json:"tls,omitempty"`   // it arrived as TLS
}

var backends sync.Map

// listen makes one that stays; "udp:ADDRESS" takes packets.
func listen(address string) error {
	if _, there := backends.LoadOrStore(address, true); there {
		return nil
	}
	if at, udp := strings.CutPrefix(address, "udp:"); udp {
		conn, err := net.ListenPacket("udp", at)
		if err != nil {
			return err
		}
		go packets(conn, at)
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go accept(listener, address)
	return nil
}

func accept(listener net.Listener, name string) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go serve(conn, &seen{Backend: name})
	}
}

func packets(conn net.PacketConn, address string) {
	buffer := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		text, _ := json.Marshal(seen{Backend: address, Bytes: string(buffer[:n])})
		_, _ = conn.WriteTo(text, from)
	}
}

// peeked is a connection of which something was read already.
type peeked struct {
	net.Conn
	reader *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.reader.Read(b) }

func serve(conn net.Conn, s *seen) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	p := peeked{conn, bufio.NewReader(conn)}
	s.Proxy = proxyHeader(p.reader)
	first, err := p.reader.Peek(1)
	if err != nil {
		return
	}
	if first[0] == 0 { // PostgreSQL's request for TLS
		if _, err := io.CopyN(io.Discard, p.reader, 8); err != nil {
			return
		}
		if _, err := conn.Write([]byte("S")); err != nil {
			return
		}
	}
	if first[0] == 0 || first[0] == 0x16 {
		s.TLS = true
		inner := tls.Server(p, &tls.Config{Certificates: []tls.Certificate{certificate("backend", s.Backend)}})
		if inner.Handshake() != nil {
			return
		}
		p = peeked{inner, bufio.NewReader(inner)}
	}
	for converse(p, s) {
	}
}

// converse answers one request; false when the connection has nothing more to say.
func converse(p peeked, s *seen) bool {
	line, err := p.reader.ReadString('\n')
	if err != nil && line == "" {
		return false
	}
	words := strings.Split(strings.TrimRight(line, "\r\n"), " ")
	told := *s
	if len(words) != 3 || words[0] == "PRI" || !strings.HasPrefix(words[2], "HTTP/") {
		told.Bytes = strconv.QuoteToASCII(line)
		text, _ := json.Marshal(told)
		_, _ = p.Write(append(text, '\n'))
		return false
	}
	told.Method, told.Path, told.Headers = words[0], words[1], map[string]string{}
	length := 0
	for {
		line, err := p.reader.ReadString('\n')
		if err != nil {
			return false
		}
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if name == "" {
			break
		}
		told.Headers[name] = strings.TrimSpace(value)
		if strings.EqualFold(name, "Content-Length") {
			length, _ = strconv.Atoi(strings.TrimSpace(value))
		}
	}
	if _, err := io.CopyN(io.Discard, p.reader, int64(length)); err != nil {
		return false
	}
	count(told.Backend)
	text, _ := json.Marshal(told)
	head := fmt.Sprintf("HTTP/1.1 %d OK\r\nContent-Length: %d\r\nX-Backend: %s\r\n", status(told.Path), len(text), told.Backend)
	if told.Method == "HEAD" {
		text = nil
	}
	head += "X-Path: " + told.Path + "\r\n\r\n"
	_, err = p.Write(append([]byte(head), text...))
	return err == nil
}

// status lets a path ask for one: /status/503.
func status(path string) int {
	if _, text, found := strings.Cut(path, "/status/"); found {
		if n, err := strconv.Atoi(text[:min(3, len(text))]); err == nil && n >= 200 && n < 600 {
			return n
		}
	}
	return 200
}

// How many requests each backend got.
var (
	counting sync.Mutex
	counts   = map[string]int{}
)

func count(backend string) {
	counting.Lock()
	defer counting.Unlock()
	counts[backend]++
}

func counted(backend string) int {
	counting.Lock()
	defer counting.Unlock()
	return counts[backend]
}

var proxyV2 = []byte("\r\n\r\n\x00\r\nQUIT\n")

// proxyHeader takes a PROXY header off, if there is one.
func proxyHeader(reader *bufio.Reader) string {
	first, err := reader.Peek(1)
	if err != nil || (first[0] != 'P' && first[0] != '\r') {
		return ""
	}
	if start, err := reader.Peek(6); err == nil && string(start) == "PROXY " {
		line, _ := reader.ReadString('\n')
		if words := strings.Fields(line); len(words) > 2 {
			return "v1 " + words[2]
		}
		return "v1"
	}
	start, err := reader.Peek(16)
	if err != nil || !bytes.HasPrefix(start, proxyV2) {
		return ""
	}
	body := make([]byte, 16+int(binary.BigEndian.Uint16(start[14:])))
	if _, err := io.ReadFull(reader, body); err != nil || len(body) < 20 {
		return "v2"
	}
	return "v2 " + net.IP(body[16:20]).String()
}
