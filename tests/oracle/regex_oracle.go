// Two jobs for the differential test of the regular expression checker:
//
//	regex_oracle generate SEED COUNT   patterns in hexadecimal, one a line
//	regex_oracle judge                 reads such lines, writes "ok" or "err REASON"
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"regexp/syntax"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

var handPicked = []string{
	"", "a", "ab", "a|b", "|", "||", "a|", "|a", "(", ")", "()", "(a", "a)", "(|)", "((a)", "(a))", "*", "+", "?", "a**",
	"a*+", "a*?", "a*??", "a+?", "a??", "a???", "a*?*", "(*", "|*", "(?:)*", "(?i)*", "a(?i)*", "a*(?i)*", "^*", "$*",
	`\b*`, `\b+?`, "a{2}{3}", "a{2}?{3}", "a{2}?", "a{,2}", "a{2,}", "a{2,1}", "a{1001}", "a{1000}", "a{1000,1001}", "a{1001,}",
	"a{99999999999999999999}", "a{0}", "a{00}", "a{01}", "a{1,01}", "a{", "a{1", "a{1,", "a{1,2", "a{}", "a{ 1}", "{1}", "{", "}", "x{1}}",
	"(a{1000}){2}", "(a{500}){2}", "(a{501}){2}", "((a{10}){10}){10}", "((a{10}){10}){11}", "(a{0}){1000}", "((a{1000}){0}){1000}",
	"(a{2000}){0}", "(a{1000,}){2}", "(a{0,1000}){2}", "((a*){1000}){1000}", "((a{2,}){2,}){251}", "(a{1000}){1}", "((a{1000}){1}){1}",
	"(?:a{100}b{100}){10}", "(?:a{100}b{100}){11}", `\C`, `\`, `a\`, `\1`, `\12`, `\8`, `\0`, `\08`, `\400`, `\777`, `(a)\1`,
	`\x`, `\x1`, `\x12`, `\x{}`, `\x{1}`, `\x{10FFFF}`, `\x{110000}`, `\x{12`, `\xg1`, `\x1g`, `\x{g}`, `\u1234`, `\q`, `\_`, `\-`, `\/`, `\é`,
	`\a\f\n\r\t\v`, `\A\z`, `\Z`, `\G`, `\K`, `\R`, `\X`, `\h`, `\H`, `\V`, `\N`, `\E`, `\Qa+b\E`, `\Qa+b`, `\Q\E*`, `a\Q\E*`, `\Qab\E*`, `\Q\\E`, `\Q`, `a\Q`,
	"[", "[]", "[]a]", "[]", "[^]", "[^]a]", "[a", "[a-", "[a-]", "[-a]", "[a-b-c]", "[b-a]", "[a-a]", `[\d-z]`, `[a-\d]`, `[\]]`, `[\b]`, `[\B]`, `[\Q]\E]`, `[a\`, `[\x{41}-\x{5A}]`,
	"[[:alpha:]]", "[[:ALPHA:]]", "[[:foo:]]", "[[:^alpha:]]", "[[:alpha:", "[[:alpha]", "[:alpha:]", "[[:]", "[[::]]", "[[:a]:]", "[[:word:]-z]", "[[.a.]]", "[[=a=]]", "[[]", "[a[]",
	`\pN`, `\p`, `\p{`, `\p{}`, `\p{^}`, `\p{Greek}`, `\p{^Greek}`, `\P{^Greek}`, `\p{greek}`, `\p{ G-r_eek }`, `\p{Nope}`, `\pX`, `\pé`, `[\pN]`, `[\p{Nope}]`, `[\pN-a]`, `\p{Letter}`, `\p{Uppercase_Letter}`, `\p{lc}`, `\p{L&}`, `\p{IsGreek}`, `\p{Script=Greek}`, `\p{Any}`, `\p{ASCII}`, `\p{Assigned}`, `\p{Cn}`, `(?i)\p{Lu}`, `\p{^^Greek}`, `\p{Greek`,
	"(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?<=a)b>", "(?>a)", "(?#a)", "(?|a)", "(?R)", "(?1)", "(?&n)", "(?P=n)", "(?P>n)", "(?P<n>a)", "(?<n>a)", "(?'n'a)", "(?P<n", "(?P<>a)", "(?<>a)", "(?P<n-a>a)", "(?P<1>a)", "(?P<é>a)", "(?P<n>a)(?P<n>b)", "(?<n>a)(?P<n>b)", "(?P<n>", "(?P<", "(?P", "(?<", "(?", "(?)", "(?i)", "(?i", "(?i)a", "(?-i)", "(?i-s)", "(?i-)", "(?-)", "(?--i)", "(?i-i-i)", "(?ims)", "(?U)a*", "(?x)a", "(?i:a", "(?i:a)", "(?:a)", "(?^:a)", "(?ii)", "(?i-s:a)b", "(?imsU-imsU:a)", "(?é)",
	"a++", "a?+", "(?:a*)*", "(a*)+", "(a|b)*", "x{3,5}?", "^a$", "^(a|b)$", "(^a|^b)", `^[a-z]+\.example\.com$`, "^/v[0-9]{1,3}/", "\xff", "a\xff", "[\xff]", "[a-\xff]", `\` + "\xff", `\Q` + "\xff", "(?P<\xff>a)", "(?\xff)", `\p{` + "\xff}", `\x{` + "\xff}", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xe2\x82", "é", "[é-ü]", "[ü-é]", "\x00", "[\x00]", "a\nb", "日本*", "(?i)ſ", "\ufffd", "[\ufffd]",
}

func nested(open, inside, shut string, n int) string {
	return strings.Repeat(open, n) + inside + strings.Repeat(shut, n)
}

func limits() []string {
	var out []string
	for _, n := range []int{10, 332, 333, 334, 499, 500, 501, 998, 999, 1000, 1001, 1002, 2000} {
		out = append(out, nested("(", "a", ")", n), nested("(?:", "a", ")", n), nested("(", "", ")", n), nested("(?:", "a", ")*", n),
			nested("(", "a", ")*", n), nested("(", "a|b", ")", n), nested("(", "a|bc", ")", n), nested("(x", "a", ")", n),
			nested("(?:x", "a", ")?", n), nested("(|", "a", ")", n), nested("(", "a", ")", n)+")", strings.Repeat("(", n), strings.Repeat("[", n),
			strings.Repeat("a*", n), strings.Repeat("(?i)", n)+"a", strings.Repeat("a|", n))
	}
	long := strings.Repeat("ab", 1500)
	for _, n := range []int{100, 900, 1000} {
		out = append(out, fmt.Sprintf("(?:%s){%d}", long, n), fmt.Sprintf("(?:%s%s){%d}", long, long, n),
			fmt.Sprintf("(?:%s*){%d}", strings.Repeat(".", 3000), n), fmt.Sprintf("(?:%s){%d}", strings.Repeat(".", 4000), n),
			fmt.Sprintf("(?:%s){%d}", strings.Repeat(".*", 1500), n), fmt.Sprintf("(?:%s){%d}", strings.Repeat("[ab]?", 1500), n))
	}
	return out
}

// names offers everything that the tables of package unicode call a name, in several spellings.
func names() []string {
	set := map[string]bool{}
	for n := range unicode.Categories {
		set[n] = true
	}
	for n := range unicode.Scripts {
		set[n] = true
	}
	for n := range unicode.CategoryAliases {
		set[n] = true
	}
	for n := range unicode.Properties {
		set[n] = true
	}
	var out []string
	for n := range set {
		for _, s := range []string{n, strings.ToLower(n), strings.ToUpper(n), strings.ReplaceAll(n, "_", ""), strings.ReplaceAll(n, "_", "-"), n + "x", n[:len(n)-1]} {
			out = append(out, `\p{`+s+`}`, `[^\P{`+s+`}a]`)
		}
	}
	sort.Strings(out)
	return out
}

var pieces = []string{
	"a", "b", "c", "ab", "z", "0", "1", "é", "日", " ", "-", ",", ":", "=", "!", "<", ">", "P", "i", "s", "m", "U", "x", "p", "Q", "E", "_", "/", ".", "|", "|", "*", "+", "?", "??", "(", "(", ")", ")", "[", "]", "[^", "^", "$", "{", "}", `\`, `\d`, `\D`, `\s`, `\w`, `\W`, `\b`, `\B`, `\A`, `\z`, `\Q`, `\E`, `\pL`, `\p{Greek}`, `\P{`, `\x`, `\x{`, `\x41`, `\0`, `\1`, `\n`, `\.`, `\C`, `\-`, `\]`, "(?", "(?:", "(?i)", "(?i:", "(?-s", "(?P<", "(?<n>", "(?P<n>", "(?=", "(?!", "{2}", "{2,}", "{2,3}", "{3,2}", "{1000}", "{1001}", "{40}", "{,", "{0}", "[:alpha:]", "[:^word:]", "[[:digit:]]", "[[:", ":]", "a-z", "z-a", `\d-`, "\xff", "\xc3", "\n", "\x00",
}

func random(r *rand.Rand) string {
	var b strings.Builder
	for n := r.Intn(14); n >= 0; n-- {
		b.WriteString(pieces[r.Intn(len(pieces))])
	}
	return b.String()
}

// wellFormed gives patterns that are mostly legal, so that repeats and nesting are reached.
func wellFormed(r *rand.Rand, depth int) string {
	atoms := []string{"a", "b", ".", "é", `\d`, `[a-z]`, `[^\s]`, `\pL`, "^", "$", `\b`, `\.`, "ab", `[[:alpha:]_]`, `\x{41}`, "(?i)", ""}
	if depth <= 0 {
		return atoms[r.Intn(len(atoms))]
	}
	switch r.Intn(7) {
	case 0:
		return "(" + wellFormed(r, depth-1) + ")"
	case 1:
		return "(?:" + wellFormed(r, depth-1) + "|" + wellFormed(r, depth-1) + ")"
	case 2, 3:
		counts := []string{"*", "+", "?", "*?", "{2}", "{3,}", "{0,30}", "{40}", "{1000}", "{0}", "{1}", "{25}?", "{0,}", "{1,}"}
		return "(?:" + wellFormed(r, depth-1) + ")" + counts[r.Intn(len(counts))]
	case 4:
		return "(?P<n" + strconv.Itoa(r.Intn(3)) + ">" + wellFormed(r, depth-1) + ")"
	default:
		return wellFormed(r, depth-1) + wellFormed(r, depth-1)
	}
}

func generate(seed int64, count int) {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	put := func(s string) { fmt.Fprintln(w, hex.EncodeToString([]byte(s))) }
	for _, list := range [][]string{handPicked, limits(), names()} {
		for _, s := range list {
			put(s)
		}
	}
	r := rand.New(rand.NewSource(seed))
	for i := 0; i < count; i++ {
		if i%2 == 0 {
			put(random(r))
		} else {
			put(wellFormed(r, 1+r.Intn(6)))
		}
	}
}

func judge() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for in.Scan() {
		pattern, err := hex.DecodeString(in.Text())
		if err == nil {
			_, err = syntax.Parse(string(pattern), syntax.Perl)
		}
		if err != nil {
			fmt.Fprintf(w, "err %s\n", strings.ReplaceAll(err.(*syntax.Error).Code.String(), "\n", " "))
		} else {
			fmt.Fprintln(w, "ok")
		}
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
