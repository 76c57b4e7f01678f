// Writes regex_unicode.def: the Unicode categories, scripts and case orbits that Go's regexp matches by.
// usage: go run compiler/support/make_regex_unicode.go >compiler/support/regex_unicode.def
package main

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

func rows(name string, table *unicode.RangeTable) (out []string) {
	for _, r := range table.R16 {
		out = append(out, fmt.Sprintf("R(0x%x, 0x%x, %d)", r.Lo, r.Hi, r.Stride))
	}
	for _, r := range table.R32 {
		out = append(out, fmt.Sprintf("R(0x%x, 0x%x, %d)", r.Lo, r.Hi, r.Stride))
	}
	return out
}

// wrap prints words in lines of at most 100 characters.
func wrap(words []string) {
	line := ""
	for _, w := range words {
		if line != "" && len(line)+1+len(w) > 100 {
			fmt.Println(line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		fmt.Println(line)
	}
}

// folds gives runs of characters whose next one of the same letter lies equally far away.
func folds() (out []string) {
	type run struct{ lo, hi, step, delta rune }
	var at run
	put := func() {
		if at.delta != 0 {
			out = append(out, fmt.Sprintf("FOLD(0x%x, 0x%x, %d, %d)", at.lo, at.hi, at.step, at.delta))
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		next := unicode.SimpleFold(r)
		if next == r {
			continue
		}
		gap := r - at.hi
		if next-r == at.delta && (gap == at.step || at.lo == at.hi && gap <= 2) {
			at.hi, at.step = r, gap
			continue
		}
		put()
		at = run{r, r, 1, next - r}
	}
	put()
	return out
}

func main() {
	fmt.Printf("/* Written by make_regex_unicode.go from Go's package unicode, Unicode %s.\n", unicode.Version)
	fmt.Println("   NAME(spelling, first, count) is a category or script, the runs R(from, to, step) below are it.")
	fmt.Println("   FOLD(from, to, step, delta): the next character of the same letter lies `delta` further. */")
	fmt.Println("/* clang-format off */")
	fmt.Println("#ifdef R")
	tables := map[string]*unicode.RangeTable{}
	for name, table := range unicode.Scripts {
		tables[name] = table
	}
	for name, table := range unicode.Categories {
		if len(name) == 2 && name != "LC" && name != "Cn" {
			tables[name] = table
		}
	}
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	sort.Strings(names)
	first := 0
	for _, name := range names {
		short := strings.ReplaceAll(name, "_", "")
		short = short[:1] + strings.ToLower(short[1:])
		runs := rows(name, tables[name])
		fmt.Printf("NAME(\"%s\", %d, %d)\n", short, first, len(runs))
		first += len(runs)
		wrap(runs)
	}
	fmt.Println("#endif\n#ifdef FOLD")
	wrap(folds())
	fmt.Println("#endif")
}
