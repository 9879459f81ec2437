package archtest

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// The longest that files may be, in lines.
const (
	longestFile = 400
	longestTest = 600
	longestMain = 200
)

// checkLengths finds files that hold more than one thing.
func checkLengths(sources []source) []violation {
	var found []violation
	for _, s := range sources {
		longest, reason := longestFile, "a file is about one noun and read in one go: give the second noun a file of its own"
		switch {
		case ast.IsGenerated(s.file):
			continue
		case s.isTest():
			longest = longestTest
		case hasMain(s):
			longest, reason = longestMain, "a program is wiring only: behaviour lives in packages that are tested without starting it"
		}
		if s.lines > longest {
			found = append(found, violation{s.path, fmt.Sprintf("has %d lines, more than %d", s.lines, longest), reason})
		}
	}
	return found
}

func hasMain(s source) bool {
	return s.file.Name.Name == "main" && slices.ContainsFunc(s.file.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == "main"
	})
}

// checkComments finds packages without exactly one package comment. Packages
// that are tests only need one too, in a file of any name.
func checkComments(sources []source) []violation {
	comments, hasCode := map[string][]string{}, map[string]bool{}
	for _, s := range sources {
		folder := path.Dir(s.path)
		hasCode[folder] = hasCode[folder] || !s.isTest()
		if s.file.Doc != nil && !s.isTest() {
			comments[folder] = append(comments[folder], s.path)
		}
	}
	var found []violation
	for _, folder := range slices.Sorted(maps.Keys(hasCode)) {
		if n := len(comments[folder]); hasCode[folder] && n != 1 {
			found = append(found, violation{folder, fmt.Sprintf("has %d package comments %s", n, strings.Join(comments[folder], ", ")),
				"one comment says what a package is for, who calls it and what it must not know"})
		}
	}
	return found
}

// vague are names that say nothing about what is inside, so that everything
// ends up there.
var vague = []string{"util", "utils", "common", "helpers", "helper", "models", "misc", "shared", "types", "lib"}

// checkNames finds packages with vague names.
func checkNames(sources []source) []violation {
	found := map[string]violation{}
	for _, s := range sources {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		if folder := path.Dir(s.path); slices.Contains(vague, name) {
			found[folder] = violation{folder, "is package " + name, "a package is named by the one noun it is about"}
		}
	}
	return slices.Collect(maps.Values(found))
}
