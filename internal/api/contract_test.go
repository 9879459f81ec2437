package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is the description as a promise: what may be sent, and all that may be
// answered. Schemas are read by a library that the API knows nothing of.
type contract struct {
	document   map[string]any
	compiler   *jsonschema.Compiler
	operations map[string]*operation // by their ids
}

// operation is one of a description's.
type operation struct {
	id, method, path string
	parameters       []map[string]any
	body             map[string]any     // the schema of the request's; nil: it has none
	takes            *jsonschema.Schema // the same
	needsBody        bool
	answers          map[int]*answer
}

// answer is what may come with a status.
type answer struct {
	headers []string
	content map[string]*jsonschema.Schema // by its type
	codes   []string                      // of a problem
}

const documentURL = "https://meet.example/api/v1/openapi.json"

func mustContract(t *testing.T, handler http.Handler) *contract {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/openapi.json", nil))
	parsed, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{document: parsed.(map[string]any), compiler: jsonschema.NewCompiler(), operations: map[string]*operation{}}
	for _, s := range dig(c.document, "components", "schemas") {
		if s, object := s.(map[string]any); object && s["properties"] != nil {
			s["additionalProperties"] = false // programs may be sent more one day, and are not today
		}
	}
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource(documentURL, c.document); err != nil {
		t.Fatal(err)
	}
	for path, item := range dig(c.document, "paths") {
		for method, op := range item.(map[string]any) {
			o := c.mustOperation(t, "/paths/"+escaped(path)+"/"+method, op.(map[string]any))
			o.method, o.path = strings.ToUpper(method), path
			c.operations[o.id] = o
		}
	}
	return c
}

func (c *contract) mustOperation(t *testing.T, at string, op map[string]any) *operation {
	t.Helper()
	o := &operation{id: op["operationId"].(string), answers: map[int]*answer{}}
	o.parameters = list(op["parameters"])
	if body := dig(op, "requestBody"); body != nil {
		o.needsBody = body["required"] == true
		o.body = c.resolved(dig(body, "content", "application/json", "schema"))
		o.takes = c.mustSchema(t, at+"/requestBody/content/application~1json/schema")
	}
	for status, r := range dig(op, "responses") {
		n, err := strconv.Atoi(status)
		if err != nil {
			t.Fatalf("%s answers %q", o.id, status)
		}
		a := &answer{content: map[string]*jsonschema.Schema{}}
		for name := range dig(r, "headers") {
			a.headers = append(a.headers, http.CanonicalHeaderKey(name))
		}
		for kind, media := range dig(r, "content") {
			a.content[kind] = c.mustSchema(t, at+"/responses/"+status+"/content/"+escaped(kind)+"/schema")
			for code := range dig(media, "examples") {
				a.codes = append(a.codes, code)
			}
		}
		o.answers[n] = a
	}
	return o
}

func (c *contract) mustSchema(t *testing.T, at string) *jsonschema.Schema {
	t.Helper()
	s, err := c.compiler.Compile(documentURL + "#" + at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// resolved is a schema without its reference.
func (c *contract) resolved(schema map[string]any) map[string]any {
	if ref, is := schema["$ref"].(string); is {
		return dig(c.document, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return schema
}

// check says what of an answer was not promised.
func (o *operation) check(r *http.Response, text []byte) error {
	a := o.answers[r.StatusCode]
	if a == nil {
		return fmt.Errorf("the status %d is not declared", r.StatusCode)
	}
	for name := range r.Header {
		if !slices.Contains(append(a.headers, "Content-Type", "Cache-Control", "Connection"), name) {
			return fmt.Errorf("the header %s is not declared", name)
		}
	}
	for _, name := range a.headers {
		if r.Header.Get(name) == "" {
			return fmt.Errorf("the header %s is not there", name)
		}
	}
	kind := r.Header.Get("Content-Type")
	if len(text) == 0 && len(a.content) == 0 && kind == "" {
		return nil
	}
	schema := a.content[kind]
	if schema == nil {
		return fmt.Errorf("%q is not declared as a body", kind)
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if err := schema.Validate(body); err != nil {
		return fmt.Errorf("the body is not as described: %w", err)
	}
	if code, _ := body.(map[string]any)["code"].(string); r.StatusCode >= 400 && !slices.Contains(a.codes, code) {
		return fmt.Errorf("the code %q is not declared", code)
	}
	return nil
}

// mustHook is the schema of what portals are told of a kind of event.
func (c *contract) mustHook(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	return c.mustSchema(t, "/webhooks/"+escaped(kind)+"/post/requestBody/content/application~1json/schema")
}

// dig is what is below some names, as far as it is an object.
func dig(in any, names ...string) map[string]any {
	for _, name := range names {
		m, _ := in.(map[string]any)
		in = m[name]
	}
	m, _ := in.(map[string]any)
	return m
}

// list is an array of objects.
func list(v any) (all []map[string]any) {
	items, _ := v.([]any)
	for _, item := range items {
		all = append(all, item.(map[string]any))
	}
	return all
}

// escaped is a name in a JSON pointer, in a URL.
func escaped(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name)
}

// asSchemaSees reads JSON in the way that schemas are checked in.
func asSchemaSees(text []byte) (any, error) { return jsonschema.UnmarshalJSON(bytes.NewReader(text)) }

// number is a bound of a schema, or something else without one.
func number(schema map[string]any, name string, without int) int {
	n, is := schema[name].(json.Number)
	if !is {
		return without
	}
	i, err := n.Int64()
	if err != nil {
		panic(err) // the description is ours
	}
	return int(i)
}
