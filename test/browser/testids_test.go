package browser

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// idPatterns are the test ids that the components give, as their sources say:
// each a regular expression, since some end in a number or a name.
func idPatterns(t *testing.T) []string {
	t.Helper()
	packages := map[string]*idSource{}
	err := fs.WalkDir(os.DirFS("../../components"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.HasPrefix(name, "uitest/") || strings.HasPrefix(name, "storybook/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../../components", name), nil, parser.SkipObjectResolution)
		folder := filepath.Dir(name)
		if packages[folder] == nil {
			packages[folder] = &idSource{}
		}
		packages[folder].files = append(packages[folder].files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for folder, source := range packages {
		if folder == "ui" { // gives the ids that it is given
			continue
		}
		for _, pattern := range source.patterns() {
			if strings.HasPrefix(pattern, ".") {
				t.Errorf("components/%s gives a test id that its source does not show", folder)
			}
			found[pattern] = true
		}
	}
	var out []string
	for pattern := range found {
		out = append(out, pattern)
	}
	sort.Strings(out)
	return out
}

// idSource is one package of components.
type idSource struct{ files []*ast.File }

// patterns are the ids of this package.
func (s *idSource) patterns() []string {
	var out []string
	for _, f := range s.functions() {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			switch name := called(call); {
			case name == "Use", name == "DataSet" && hooks(call.Args[0]):
				out = append(out, s.spell(call.Args[1], f, 0)...)
			}
			return true
		})
	}
	return out
}

// hooks reports whether an attribute is one that carries an id.
func hooks(e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		return called(call) == "Key"
	}
	l, ok := e.(*ast.BasicLit)
	return ok && l.Value == `"testid"`
}

// spell is what an expression in a function may come to. What only the program
// knows is any text.
func (s *idSource) spell(e ast.Expr, in *ast.FuncDecl, depth int) []string {
	if depth > 6 {
		return []string{".+"}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err == nil {
			return []string{regexp.QuoteMeta(text)}
		}
	case *ast.BinaryExpr:
		var out []string
		for _, x := range s.spell(e.X, in, depth+1) {
			for _, y := range s.spell(e.Y, in, depth+1) {
				out = append(out, x+y)
			}
		}
		return out
	case *ast.CallExpr:
		return s.spellCall(e, in, depth)
	case *ast.Ident:
		return s.spellName(e.Name, in, depth)
	}
	return []string{".+"}
}

// spellCall is what a call comes to: of fmt.Sprintf its format, of a function
// of the package what it returns.
func (s *idSource) spellCall(call *ast.CallExpr, in *ast.FuncDecl, depth int) []string {
	name := called(call)
	if name == "Sprintf" {
		format := s.spell(call.Args[0], in, depth+1)[0]
		return []string{regexp.MustCompile(`%[a-z]`).ReplaceAllString(format, ".+")}
	}
	for _, f := range s.functions() {
		if f.Name.Name != name {
			continue
		}
		if ret, ok := f.Body.List[len(f.Body.List)-1].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			return s.spell(ret.Results[0], nil, depth+1)
		}
	}
	return []string{".+"}
}

// spellName is what a name stands for: a constant, what it was set to in the
// function, or what the function is given wherever it is called.
func (s *idSource) spellName(name string, in *ast.FuncDecl, depth int) []string {
	if value := s.constant(name); value != nil {
		return s.spell(value, nil, depth+1)
	}
	if in == nil {
		return []string{".+"}
	}
	var out []string
	ast.Inspect(in.Body, func(n ast.Node) bool {
		if set, ok := n.(*ast.AssignStmt); ok && len(set.Lhs) == len(set.Rhs) {
			for i, to := range set.Lhs {
				if id, ok := to.(*ast.Ident); ok && id.Name == name {
					out = append(out, s.spell(set.Rhs[i], in, depth+1)...)
				}
			}
		}
		return true
	})
	if i := parameter(in, name); i >= 0 {
		for _, f := range s.functions() {
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && called(call) == in.Name.Name && i < len(call.Args) {
					out = append(out, s.spell(call.Args[i], f, depth+1)...)
				}
				return true
			})
		}
	}
	if out == nil {
		return []string{".+"}
	}
	return out
}

func (s *idSource) functions() []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for _, file := range s.files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				out = append(out, f)
			}
		}
	}
	return out
}

func (s *idSource) constant(name string) ast.Expr {
	for _, file := range s.files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				values, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for i, n := range values.Names {
					if n.Name == name && i < len(values.Values) {
						return values.Values[i]
					}
				}
			}
		}
	}
	return nil
}

// parameter is the position of a function's parameter; -1 if it has none of
// that name.
func parameter(f *ast.FuncDecl, name string) int {
	i := 0
	for _, field := range f.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}

// called is the name of what is called, without what it belongs to.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
