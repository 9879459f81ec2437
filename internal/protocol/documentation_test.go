package protocol_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"overtime/internal/protocol"
)

const documentation = "../../docs/protocol.md"

// TestDocumentation fails when docs/protocol.md is not what the comments and
// golden files say; -update writes it.
func TestDocumentation(t *testing.T) {
	text := mustDocument(t)
	if *update {
		if err := os.WriteFile(documentation, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(documentation)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, text) {
		t.Error("docs/protocol.md is stale; run go generate ./internal/protocol")
	}
}

// What the template is filled with.
type (
	docField struct {
		Name, Type, Doc string
		Optional        bool
	}
	docMessage struct {
		Type, Doc, Golden string
		Event             bool
		Fields            []docField
	}
	docValue struct {
		Name, Doc string
		Fields    []docField
	}
	docCode struct {
		Value, Doc string
		Retry      bool
	}
	docPage struct {
		MaxID, MaxFrame, MaxOffer, MaxToken, MaxPictures   int
		MaxAttributeName, MaxAttributeValue, MaxAttributes int
		MaxChatText, MaxChatPage, MaxChatPageBytes         int
		Client, Server                                     []docMessage
		Values                                             []docValue
		Codes, CloseCodes                                  []docCode
	}
)

func mustDocument(t *testing.T) []byte {
	t.Helper()
	sources := mustSources(t, ".", "../meeting")
	page := docPage{
		MaxID: protocol.MaxID, MaxFrame: protocol.MaxFrame, MaxOffer: protocol.MaxOffer, MaxToken: protocol.MaxToken, MaxPictures: protocol.MaxPictures,
		MaxAttributeName: protocol.MaxAttributeName, MaxAttributeValue: protocol.MaxAttributeValue, MaxAttributes: protocol.MaxAttributes,
		MaxChatText: protocol.MaxChatText, MaxChatPage: protocol.MaxChatPage, MaxChatPageBytes: protocol.MaxChatPageBytes,
	}
	for _, m := range protocol.ClientMessages() {
		page.Client = append(page.Client, sources.message(t, protocol.ClientType(m), m))
	}
	for _, m := range protocol.ServerMessages() {
		d := sources.message(t, protocol.ServerType(m), m)
		d.Event = protocol.ServerFrame{Message: m}.Event()
		page.Server = append(page.Server, d)
	}
	for _, typ := range sources.nested {
		page.Values = append(page.Values, docValue{
			Name: typ.Name(), Doc: sources.doc(t, typ), Fields: sources.fields(t, typ),
		})
	}
	page.Codes, page.CloseCodes = sources.codes(t)
	templ, err := template.ParseFiles("testdata/protocol.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := templ.Execute(&out, page); err != nil {
		t.Fatal(err)
	}
	return append(bytes.TrimSpace(regexp.MustCompile(`\n{3,}`).ReplaceAll(out.Bytes(), []byte("\n\n"))), '\n')
}

// sources are the comments of the packages whose types are on the wire.
type sources struct {
	types  map[string]*ast.TypeSpec // by package.Name
	docs   map[string]string
	consts []*ast.ValueSpec    // of package protocol
	nested []reflect.Type      // met in messages, in order
	values map[string][]string // of a type of texts, by package.Name
}

func mustSources(t *testing.T, folders ...string) *sources {
	t.Helper()
	s := &sources{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, values: map[string][]string{}}
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				if g, ok := decl.(*ast.GenDecl); ok {
					s.add(file.Name.Name, g)
				}
			}
		}
	}
	return s
}

func (s *sources) add(pkg string, g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			name := pkg + "." + spec.Name.Name
			s.types[name] = spec
			comment := spec.Doc.Text()
			if comment == "" {
				comment = g.Doc.Text()
			}
			s.docs[name] = oneLine(comment)
		case *ast.ValueSpec:
			if pkg == "protocol" && g.Tok == token.CONST {
				s.consts = append(s.consts, spec)
			}
			kind, typed := spec.Type.(*ast.Ident)
			if !typed || g.Tok != token.CONST {
				continue
			}
			if value, ok := spec.Values[0].(*ast.BasicLit); ok && value.Value != `""` {
				name := pkg + "." + kind.Name
				s.values[name] = append(s.values[name], "`"+strings.Trim(value.Value, `"`)+"`")
			}
		}
	}
}

func (s *sources) message(t *testing.T, wire string, m any) docMessage {
	t.Helper()
	golden, err := os.ReadFile(filepath.Join(goldenFolder, wire+".json"))
	if err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeOf(m)
	return docMessage{Type: wire, Doc: s.doc(t, typ), Golden: string(golden), Fields: s.fields(t, typ)}
}

// doc is the comment of a type as a sentence about the message.
func (s *sources) doc(t *testing.T, typ reflect.Type) string {
	t.Helper()
	text := s.docs[typ.String()]
	if text == "" {
		t.Errorf("%s has no comment", typ)
	}
	return text
}

func (s *sources) fields(t *testing.T, typ reflect.Type) []docField {
	t.Helper()
	spec, known := s.types[typ.String()]
	if !known {
		t.Fatalf("%s is not in the sources", typ)
	}
	comments := map[string]string{}
	for _, f := range spec.Type.(*ast.StructType).Fields.List {
		for _, name := range f.Names {
			comments[name.Name] = oneLine(f.Doc.Text() + f.Comment.Text())
		}
	}
	var out []docField
	for f := range typ.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, docField{
			Name: name, Type: s.wireType(f.Type), Doc: comments[f.Name], Optional: strings.HasPrefix(options, "omit"),
		})
	}
	return out
}

// wireType is what a JSON reader calls a Go type; structs become values of
// their own.
func (s *sources) wireType(typ reflect.Type) string {
	switch {
	case typ.Kind() == reflect.Pointer:
		return s.wireType(typ.Elem())
	case typ.String() == "time.Time":
		return "instant"
	case typ.Kind() == reflect.Slice:
		return "list of: " + s.wireType(typ.Elem())
	case typ.Kind() == reflect.Map:
		return "object of: " + s.wireType(typ.Elem())
	case typ.Kind() == reflect.Struct:
		if !slices.Contains(s.nested, typ) {
			s.nested = append(s.nested, typ)
			for f := range typ.Fields() {
				s.wireType(f.Type)
			}
		}
		return "[" + typ.Name() + "](#" + strings.ToLower(typ.Name()) + ")"
	case typ.Kind() == reflect.Bool:
		return "true or false"
	case typ == reflect.TypeFor[protocol.Code]():
		return "an error code"
	case len(s.values[typ.String()]) > 0:
		return strings.Join(s.values[typ.String()], " or ")
	case typ.Kind() == reflect.String:
		return "text"
	}
	return "number"
}

// codes are the constants of type Code and CloseCode, with their comments.
func (s *sources) codes(t *testing.T) (codes, closes []docCode) {
	t.Helper()
	for _, spec := range s.consts {
		name, text := spec.Names[0].Name, oneLine(spec.Comment.Text())
		kind, _ := spec.Type.(*ast.Ident)
		switch {
		case strings.HasPrefix(name, "Close"):
			value, err := strconv.Atoi(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			closes = append(closes, docCode{strconv.Itoa(value), text, protocol.CloseCode(value).Retry()})
		case kind != nil && kind.Name == "Code":
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, docCode{Value: value, Doc: text})
		case strings.HasPrefix(name, "Code"): // of package meeting
			snake := regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(strings.TrimPrefix(name, "Code"), "${1}_$2")
			codes = append(codes, docCode{Value: strings.ToLower(snake), Doc: text})
		default:
			continue
		}
		if text == "" {
			t.Errorf("%s has no comment", name)
		}
	}
	return codes, closes
}

// oneLine is a comment without its line breaks.
func oneLine(comment string) string {
	return strings.Join(strings.Fields(comment), " ")
}
