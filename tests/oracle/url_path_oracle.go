// Two jobs for the differential test of paths and queries:
//
//	url_path_oracle generate SEED COUNT   targets of request lines in hexadecimal, one a line
//	url_path_oracle judge                 reads such lines, writes what routers see
//
// The reading is net/url's; the three steps that Traefik puts around it are written here from their
// description: escapes made canonical, the path joined with nothing, escapes undone but for reserved ones.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/rand"
	"net/url"
	"os"
	"strconv"
	"strings"
)

var pieces = []string{"/", "/", "/", "a", "b", "A", ".", "..", "./", "../", "//", "%2F", "%2f", "%41", "%2e", "%2E%2e", "%7E", "%7e", "%25", "%3B", "%3f", "%23", "%20", "%C3%A9", "é", "%FF", "\xff", "%00", "+", "%2B", ";", ",", ":", "@", "!", "'", "(", ")", "*", "[", "]", "{", "|", "^", "`", "\"", "<", "\\", "$", "&", "=", "~", "-", "_", "%", "%2", "%zz", "#", "?"}
var queries = []string{"?", "a", "b", "=", "&", "1", "%20", "+", ";", "%3B", "%", "%zz", "é", "#", "=", "&", "%26", "%3D"}

func pick(r *rand.Rand, from []string, most int) string {
	var b strings.Builder
	for n := r.Intn(most); n >= 0; n-- {
		b.WriteString(from[r.Intn(len(from))])
	}
	return b.String()
}

func generate(seed int64, count int) {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	r := rand.New(rand.NewSource(seed))
	for i := 0; i < count; i++ {
		target := "/" + pick(r, pieces, 9)
		if r.Intn(3) == 0 {
			target += "?" + pick(r, queries, 9)
		}
		fmt.Fprintln(w, hex.EncodeToString([]byte(target)))
	}
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// each replaces every %XX of a well-formed text.
func each(text string, replace func(escape string, c byte) string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		c, _ := strconv.ParseUint(text[i+1:i+3], 16, 8)
		b.WriteString(replace(text[i:i+3], byte(c)))
		i += 2
	}
	return b.String()
}

func see(target string, sanitize bool) string {
	u, err := url.ParseRequestURI(target)
	if err != nil || strings.Contains(u.RawPath, "#") {
		return "400"
	}
	if u.RawPath != "" {
		u.RawPath = each(u.RawPath, func(escape string, c byte) string {
			if isUnreserved(c) {
				return string([]byte{c})
			}
			return strings.ToUpper(escape)
		})
	}
	if sanitize {
		u = u.JoinPath()
	}
	routing := each(u.EscapedPath(), func(escape string, c byte) string {
		if strings.IndexByte(":/?#[]@!$&'()*+,;=%", c) >= 0 {
			return escape
		}
		return string([]byte{c})
	})
	uri := u.EscapedPath()
	if at := strings.IndexByte(target, '?'); at >= 0 {
		uri += target[at:]
	}
	return hex.EncodeToString([]byte(routing)) + "|" + hex.EncodeToString([]byte(uri))
}

// values lists the query in the order in which it is written, which url.Values forgets. Traefik lets
// semicolons part it (http.AllowQuerySemicolons).
func values(target string) string {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, part := range strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		parsed, err := url.ParseQuery(part)
		if err != nil {
			continue
		}
		for key, list := range parsed {
			for _, value := range list {
				b.WriteString(hex.EncodeToString([]byte(key)) + "=" + hex.EncodeToString([]byte(value)) + "&")
			}
		}
	}
	return b.String()
}

func judge() {
	in := bufio.NewScanner(os.Stdin)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for in.Scan() {
		bytes, _ := hex.DecodeString(in.Text())
		target := string(bytes)
		plain, clean := see(target, false), see(target, true)
		fmt.Fprint(w, plain, " ", clean, " ")
		if clean != "400" {
			fmt.Fprint(w, values(target))
		}
		fmt.Fprintln(w)
	}
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "generate" {
		seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
		count, _ := strconv.Atoi(os.Args[3])
		generate(seed, count)
		return
	}
	judge()
}
