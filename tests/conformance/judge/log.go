package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/rs/zerolog"
	"github.com/rs/zerolog/log"
	"github.com/sirupsen/logrus"
)

var lines bytes.Buffer

// captureLogs keeps what Traefik (zerolog) and Compose (logrus) say, from warnings up.
func captureLogs() {
	log.Logger = zerolog.New(&lines).Level(zerolog.WarnLevel)
	zerolog.DefaultContextLogger = &log.Logger
	logrus.SetOutput(&lines)
	logrus.SetLevel(logrus.WarnLevel)
	logrus.SetFormatter(&logrus.JSONFormatter{DisableTimestamp: true})
}

// logged gives what was said since it was asked last.
func logged() (said []string) {
	for line := range strings.Lines(lines.String()) {
		var entry struct{ Level, Message, Msg, Error string }
		if json.Unmarshal([]byte(line), &entry) != nil {
			entry.Message = strings.TrimSpace(line)
		}
		text := entry.Level + ": " + entry.Message + entry.Msg
		if entry.Error != "" {
			text += ": " + entry.Error
		}
		said = append(said, text)
	}
	lines.Reset()
	return said
}
