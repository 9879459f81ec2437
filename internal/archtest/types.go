package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// The most that one type may be.
const (
	mostMethods = 40
	mostFiles   = 4 // that a type is spread over which only its package knows
)

// typeSize is the size of one type. What counts as a method is whatever can
// see its fields: its methods, the functions of its package that take it first,
// and what it gets from types of ours that it embeds.
type typeSize struct {
	name    string // the package's folder, a dot, the type
	private bool
	methods int
	files   int
}

func (t typeSize) String() string {
	return fmt.Sprintf("%s: %d methods in %d files", t.name, t.methods, t.files)
}

// typeParts are what was found of one type in the files of its package.
type typeParts struct {
	declared bool // it is no type of the language's, and no type argument
	own      int
	files    map[string]bool
	embedded []string
}

// measureTypes gives the sizes of all types, the largest first.
func measureTypes(sources []source) []typeSize {
	parts := map[string]*typeParts{}
	for _, s := range sources {
		if s.isTest() {
			continue
		}
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if name := subject(d); name != "" {
					part(parts, s, name).own++
					part(parts, s, name).files[s.path] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						measureDeclaration(part(parts, s, t.Name.Name), s, t)
					}
				}
			}
		}
	}
	var sizes []typeSize
	for name, p := range parts {
		if !p.declared {
			continue
		}
		own := name[strings.LastIndex(name, ".")+1:]
		sizes = append(sizes, typeSize{name, !ast.IsExported(own), countMethods(parts, name, nil), len(p.files)})
	}
	slices.SortFunc(sizes, func(a, b typeSize) int {
		if a.methods != b.methods {
			return b.methods - a.methods
		}
		return strings.Compare(a.name, b.name)
	})
	return sizes
}

func part(parts map[string]*typeParts, s source, name string) *typeParts {
	full := path.Dir(s.path) + "." + name
	if parts[full] == nil {
		parts[full] = &typeParts{files: map[string]bool{}}
	}
	return parts[full]
}

// subject is the name of the type of its package that a function is about: its
// receiver's, or its first parameter's.
func subject(f *ast.FuncDecl) string {
	about := f.Recv
	if about == nil {
		about = f.Type.Params
	}
	if len(about.List) == 0 {
		return ""
	}
	if name, ok := bare(about.List[0].Type).(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// bare takes away the pointer and the type arguments.
func bare(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.StarExpr:
		return bare(x.X)
	case *ast.IndexExpr:
		return bare(x.X)
	case *ast.IndexListExpr:
		return bare(x.X)
	}
	return e
}

// measureDeclaration notes what a type embeds, and an interface's methods.
func measureDeclaration(p *typeParts, s source, t *ast.TypeSpec) {
	p.declared = true
	var fields *ast.FieldList
	switch x := t.Type.(type) {
	case *ast.StructType:
		fields = x.Fields
	case *ast.InterfaceType:
		fields = x.Methods
	default:
		return
	}
	for _, field := range fields.List {
		if _, method := field.Type.(*ast.FuncType); method && isInterface(t) {
			p.own += len(field.Names)
			p.files[s.path] = true
		}
		if len(field.Names) == 0 {
			p.embedded = append(p.embedded, resolve(s, bare(field.Type)))
		}
	}
}

func isInterface(t *ast.TypeSpec) bool {
	_, yes := t.Type.(*ast.InterfaceType)
	return yes
}

// resolve is the full name of a type of ours that a file mentions.
func resolve(s source, e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return path.Dir(s.path) + "." + x.Name
	case *ast.SelectorExpr:
		pkg, _ := x.X.(*ast.Ident)
		for _, imported := range s.imports() {
			if pkg != nil && within(imported, module) && path.Base(imported) == pkg.Name {
				return strings.TrimPrefix(imported, module+"/") + "." + x.Sel.Name
			}
		}
	}
	return ""
}

// countMethods adds up what a type has and what it is given. seen keeps types
// that embed each other from being counted for ever.
func countMethods(parts map[string]*typeParts, name string, seen []string) int {
	p := parts[name]
	if p == nil || slices.Contains(seen, name) {
		return 0
	}
	n := p.own
	for _, embedded := range p.embedded {
		n += countMethods(parts, embedded, append(seen, name))
	}
	return n
}

// checkTypes finds types that are more than one thing.
func checkTypes(sources []source) []violation {
	var found []violation
	for _, t := range measureTypes(sources) {
		if t.methods > mostMethods {
			found = append(found, violation{t.name, fmt.Sprintf("has %d methods, more than %d", t.methods, mostMethods),
				"whoever reads one method of a type has to know all of them: give what belongs together a type of its own, with its own fields (functions that take the type first, and what it embeds, count too)"})
		}
		if t.private && t.files > mostFiles {
			found = append(found, violation{t.name, fmt.Sprintf("is spread over %d files, more than %d", t.files, mostFiles),
				"files hide that one type does many things: each of those files sees every field"})
		}
	}
	return found
}
