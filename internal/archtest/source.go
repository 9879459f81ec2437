package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// module is what every import of our own begins with.
const module = "overtime"

// source is one Go file of the module, whatever its build constraints.
type source struct {
	path  string // from the module's root, with slashes
	lines int
	file  *ast.File
	fset  *token.FileSet
}

// violation is one place where a rule does not hold.
type violation struct {
	where  string // a path, with a line if there is one
	what   string
	reason string
}

func (v violation) String() string { return v.where + " " + v.what + "\n\tReason: " + v.reason }

// load parses every Go file below root.
func load(root fs.FS) ([]source, error) {
	var sources []source
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && outside(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		s, err := parse(name, string(text))
		sources = append(sources, s)
		return err
	})
	return sources, err
}

// outside reports whether a folder holds no code of ours.
func outside(folder string) bool {
	base := path.Base(folder)
	return folder == "build" || folder == "bin" || folder == "data" || base == "testdata" ||
		base != "." && strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")
}

func parse(name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path: name, lines: strings.Count(text, "\n"), file: file, fset: fset}, err
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// pkg is the import path of the file's package.
func (s source) pkg() string { return path.Join(module, path.Dir(s.path)) }

// imports lists what the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the compiler says so better
		}
		paths = append(paths, imported)
	}
	return paths
}

// at is a place in the file.
func (s source) at(pos token.Pos) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(pos).Line)
}

// within reports whether a package is root or below it.
func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

func withinAny(pkg string, roots []string) bool {
	for _, root := range roots {
		if within(pkg, root) {
			return true
		}
	}
	return false
}

// isStandard reports whether an import is of the standard library: those have
// no dot in their first element.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && first != module
}
