// Command judge says what the real Traefik and the reference loader of Compose say of a text.
//
// It reads one JSON object a line and answers each with one line, in order:
//
//	{"kind":"rule-http","text":"Host(`a`)","syntax":"v2"}   one rule; syntax is v3 when absent
//	{"kind":"rule-tcp","text":"HostSNI(`*`)"}
//	{"kind":"labels","text":{"traefik.enable":"true"}}       the labels of one container
//	{"kind":"swarm-labels","text":{…}}                       … of one service of a swarm
//	{"kind":"dynamic","text":"http: …","name":"a.yml"}       one file of the file provider; .toml is TOML
//	{"kind":"static","text":"log: …","name":"traefik.yml"}   the static file
//	{"kind":"flags","text":["--log.level=DEBUG"]}            the command line
//	{"kind":"env","text":["TRAEFIK_LOG_LEVEL=DEBUG"]}        the environment
//	{"kind":"yaml","text":"a: 1"}
//	{"kind":"compose","files":{"compose.yml":"…"},"main":["compose.yml"],"env":{"A":"1"}}
//
// The answer is {"ok":bool,"error":"…","log":["…"],"value":…}: value is what was understood, decoded,
// log what was said on the way. The kinds static, flags and env are there when it was built with the
// tag "static".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type question struct {
	Kind   string            `json:"kind"`
	Text   json.RawMessage   `json:"text"`
	Name   string            `json:"name"`
	Syntax string            `json:"syntax"`
	Files  map[string]string `json:"files"`
	Main   []string          `json:"main"`
	Env    map[string]string `json:"env"`
}

type answer struct {
	OK    bool     `json:"ok"`
	Error string   `json:"error,omitempty"`
	Log   []string `json:"log,omitempty"`
	Value any      `json:"value,omitempty"`
}

var judges = map[string]func(*question) (any, error){
	"rule-http":    judgeHTTPRule,
	"rule-tcp":     judgeTCPRule,
	"labels":       judgeLabels,
	"swarm-labels": judgeSwarmLabels,
	"dynamic":      judgeDynamic,
	"compose":      judgeCompose,
	"yaml":         judgeYAML,
}

func (q *question) text() (text string, err error) {
	err = json.Unmarshal(q.Text, &text)
	return text, err
}

// A judge that breaks has said no: the real program would have crashed on that text.
func ask(q *question) (a answer) {
	defer func() {
		if broken := recover(); broken != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", broken)}
		}
		a.Log = logged()
	}()
	judge, known := judges[q.Kind]
	if !known {
		return answer{Error: fmt.Sprintf("no such kind: %q", q.Kind)}
	}
	value, err := judge(q)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{OK: true, Value: value}
}

func answerLine(line []byte) []byte {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		q = question{Kind: "not JSON: " + err.Error()}
	}
	a := ask(&q)
	out, err := json.Marshal(a)
	if err != nil {
		a.Value = "cannot be written as JSON: " + err.Error()
		out, _ = json.Marshal(a)
	}
	return append(out, '\n')
}

// run works in an empty folder and without the variables that the programs would take as theirs.
func run() error {
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "TRAEFIK_") || strings.HasPrefix(name, "COMPOSE_") || strings.HasPrefix(name, "DOCKER_") {
			os.Unsetenv(name)
		}
	}
	folder, err := os.MkdirTemp("", "judge")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.Chdir(folder); err != nil {
		return err
	}
	captureLogs()
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			out.Write(answerLine(line))
		}
		if err != nil {
			return nil
		}
		// Whoever asks one question at a time waits for its answer.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(2)
	}
}
