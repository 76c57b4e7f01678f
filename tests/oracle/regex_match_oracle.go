// Two jobs for the differential test of the regular expression matcher:
//
//	regex_match_oracle generate SEED COUNT   patterns and texts in hexadecimal, line by line
//	regex_match_oracle judge                 reads such lines, writes "yes", "no" or "refused", and the text with its matches replaced
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var atoms = []string{
	"a", "b", "ab", ".", "-", "/", `\.`, "é", "日", "ſ", "K", `\d`, `\D`, `\w`, `\W`, `\s`, `\S`, "[a-z]", "[^a-z]", "[A-Z0-9_]", `[^\s/]`, `[\w.-]`, `[^\W]`, `[^\d\W]`, `\pL`, `\PL`, `\p{Lu}`, `\P{Lu}`, `[^\p{Ll}]`,
	`\p{Greek}`, `\p{Lt}`, `\p{LC}`, `\p{C}`, `\p{Cn}`, `\p{Any}`, `[^\P{Han}x]`, "^", "$", `\b`, `\B`, `\A`, `\z`, "(?i)", "(?s)", "(?m)", "(?i:aK)", "(?-i:B)", "[[:alpha:]]", "[[:^upper:]]", "[[:punct:]]", `[^[:^alpha:]]`, `\x{212A}`, `\n`, "",
	"(?i)[k-s]", "(?i)[^k-s]", `(?i)\W`, `(?i)[^\w]`, `(?i)\pN`, "www", "example", "[é-ü]",
}

func pattern(r *rand.Rand, depth int) string {
	if depth <= 0 {
		return atoms[r.Intn(len(atoms))]
	}
	switch r.Intn(8) {
	case 0:
		return []string{"(", "(", "(?P<n>"}[r.Intn(3)] + pattern(r, depth-1) + ")"
	case 1:
		return "(?:" + pattern(r, depth-1) + "|" + pattern(r, depth-1) + ")"
	case 2:
		return pattern(r, depth-1) + "|" + pattern(r, depth-2) + "|" + pattern(r, depth-1)
	case 3, 4:
		counts := []string{"*", "+", "?", "*?", "+?", "??", "{2}", "{3,}", "{0,3}", "{0}", "{1}", "{2,5}?", "{0,}", "{1,}", "{12}"}
		return "(?:" + pattern(r, depth-1) + ")" + counts[r.Intn(len(counts))]
	default:
		return pattern(r, depth-1) + pattern(r, depth-1)
	}
}

var pieces = []string{"a", "b", "A", "B", "k", "K", "s", "S", "ſ", "\u212a", "é", "É", "日", "Ω", "ǅ", "0", "7", "_", "-", "/", ".", " ", "\n", "\t", "www", "example", ".com", "\xff", "\xc3", "\u0378", "\U0010ffff", "\x00"}

func text(r *rand.Rand) string {
	var b strings.Builder
	for n := r.Intn(9); n > 0; n-- {
		if r.Intn(12) == 0 {
			b.WriteRune(rune(r.Intn(unicode.MaxRune)))
		} else {
			b.WriteString(pieces[r.Intn(len(pieces))])
		}
	}
	return b.String()
}

func generate(seed int64, count int) {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	put := func(s string) { fmt.Fprintln(w, hex.EncodeToString([]byte(s))) }
	r := rand.New(rand.NewSource(seed))
	for i := 0; i < count; i++ {
		p := pattern(r, 1+r.Intn(4))
		for n := 0; n < 3; n++ {
			put(p)
			put(text(r))
		}
	}
	// Every name with characters at the edges of its ranges, with and without case.
	tables := []map[string]*unicode.RangeTable{unicode.Categories, unicode.Scripts}
	for _, set := range tables {
		for name, table := range set {
			for n := 0; n < 12; n++ {
				at := rune(r.Intn(unicode.MaxRune))
				if len(table.R16) > 0 && n < 6 {
					at = rune(table.R16[r.Intn(len(table.R16))].Lo) + rune(r.Intn(3)) - 1
				} else if len(table.R32) > 0 {
					at = rune(table.R32[r.Intn(len(table.R32))].Hi) + rune(r.Intn(3)) - 1
				}
				put([]string{"", "(?i)"}[n%2] + `\p{` + name + "}")
				put(string(at))
			}
		}
	}
	for at := rune(0); at < 0x1f000; at++ {
		if next := unicode.SimpleFold(at); next != at {
			put("(?i)" + regexp.QuoteMeta(string(at)))
			put(string(next))
			put(fmt.Sprintf(`(?i)^[\x{%x}]$`, at))
			put(string(unicode.SimpleFold(next)))
		}
	}
}

func judge() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for in.Scan() {
		pattern, _ := hex.DecodeString(in.Text())
		in.Scan()
		text, _ := hex.DecodeString(in.Text())
		re, err := regexp.Compile(string(pattern))
		if err != nil {
			fmt.Fprintln(w, "refused ")
			continue
		}
		word := "no"
		if re.MatchString(string(text)) {
			word = "yes"
		}
		fmt.Fprintln(w, word, hex.EncodeToString([]byte(re.ReplaceAllString(string(text), "<$0|$1|${2}x$n>"))))
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
