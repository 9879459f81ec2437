package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// apiPath is where everything is; pagePath where people read what that is.
const (
	apiPath  = "/api/v1"
	pagePath = apiPath + "/{$}"
)

//go:embed page.html
var pageTemplate string

// What the page shows.
type (
	pageView struct {
		About, Document string
		Operations      []operationView
		Webhooks        []webhookView
		Problem         []fieldView
		Faults          []fault
	}
	operationView struct {
		ID, Method, Path, Summary, Description, Curl string
		Open                                         bool // to those without a key
		Parameters, Body                             []fieldView
		Answers                                      []answerView
		Faults                                       []fault
	}
	webhookView struct {
		Kind, Summary, Description, Example string
		Fields                              []fieldView
	}
	answerView struct {
		Status, Text, Example string
		Fields                []fieldView
	}
	fieldView struct {
		Name, Type, Text string
		Required         bool
	}
)

// page is the description as a page, without scripts.
func (c *catalogue) page(doc *huma.OpenAPI) []byte {
	shown := schemas{doc.Components.Schemas}
	view := pageView{
		About: doc.Info.Description, Document: documentPath, Faults: faults,
		Problem: shown.fields("", shown.Schema(reflect.TypeFor[Problem](), true, ""), false),
	}
	for _, op := range c.operations {
		view.Operations = append(view.Operations, shown.operation(op))
	}
	for _, kind := range sortedKeys(doc.Webhooks) {
		op := doc.Webhooks[kind].Post
		media := op.RequestBody.Content["application/json"]
		view.Webhooks = append(view.Webhooks, webhookView{
			kind, op.Summary, op.Description, indented(media.Example), shown.fields("", media.Schema, false),
		})
	}
	var out bytes.Buffer
	if err := template.Must(template.New("page").Parse(pageTemplate)).Execute(&out, view); err != nil {
		panic(fmt.Sprintf("api: the page cannot be written: %v", err))
	}
	return out.Bytes()
}

// schemas are those that the description refers to.
type schemas struct{ huma.Registry }

func (s schemas) operation(op *huma.Operation) operationView {
	v := operationView{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description,
		Open: len(op.Security) > 1, Curl: curlOf(op),
	}
	for _, p := range op.Parameters {
		v.Parameters = append(v.Parameters, fieldView{p.Name, typeText(p.Schema), p.Description, p.Required})
	}
	if op.RequestBody != nil {
		v.Body = s.fields("", op.RequestBody.Content["application/json"].Schema, true)
	}
	for _, status := range sortedKeys(op.Responses) {
		r := op.Responses[status]
		if n, err := strconv.Atoi(status); err == nil && n >= http.StatusBadRequest {
			for _, code := range sortedKeys(r.Content["application/problem+json"].Examples) {
				v.Faults = append(v.Faults, r.Content["application/problem+json"].Examples[code].Value.(*Problem).fault())
			}
			continue
		}
		answer := answerView{Status: status, Text: r.Description}
		if media := r.Content["application/json"]; media != nil {
			answer.Fields, answer.Example = s.fields("", media.Schema, false), indented(media.Example)
		}
		v.Answers = append(v.Answers, answer)
	}
	slices.Reverse(v.Answers) // what is made before what is found
	return v
}

func (p *Problem) fault() fault { return fault{Code: p.Code, Status: p.Status} }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// fields are the fields of a schema in the order of its type, with those below
// them. Of a request some are required; an answer has what it has.
func (s schemas) fields(prefix string, schema *huma.Schema, request bool) []fieldView {
	if schema.Type == huma.TypeArray {
		return s.fields(strings.TrimSuffix(prefix, ".")+"[].", schema.Items, request)
	}
	if schema.Ref == "" {
		return nil
	}
	t := s.TypeFromRef(schema.Ref)
	schema = s.SchemaFromRef(schema.Ref)
	var all []fieldView
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		is := schema.Properties[name]
		if is == nil {
			continue
		}
		required := request && slices.Contains(schema.Required, name)
		all = append(all, fieldView{prefix + name, typeText(is), is.Description, required})
		all = append(all, s.fields(prefix+name+".", is, request)...)
	}
	return all
}

// typeText is a type for people.
func typeText(s *huma.Schema) string {
	var text string
	switch {
	case s.Ref != "":
		text = "object"
	case len(s.Enum) > 0:
		var values []string
		for _, v := range s.Enum {
			values = append(values, fmt.Sprint(v))
		}
		text = strings.Join(values, ", ")
	case s.Format == "date-time":
		text = "instant"
	case s.Type == huma.TypeArray:
		text = "list"
	case s.Type == "":
		text = "anything"
	default:
		text = s.Type
	}
	if s.Minimum != nil && s.Maximum != nil {
		text += fmt.Sprintf(" from %v to %v", *s.Minimum, *s.Maximum)
	}
	if s.MaxLength != nil {
		text += fmt.Sprintf(", up to %d characters", *s.MaxLength)
	}
	if s.Nullable && s.Type != huma.TypeArray {
		text += " or null"
	}
	return text
}

// curlOf is the example of an operation as a command.
func curlOf(op *huma.Operation) string {
	path := strings.NewReplacer("{id}", exampleRoomID, "{number}", "1", "{participant}", exampleParticipant().ID).Replace(strings.TrimPrefix(op.Path, apiPath))
	curl := `curl "$API` + path + `"`
	if op.Method != http.MethodGet && (op.Method != http.MethodPost || op.RequestBody == nil) { // which curl takes by itself
		curl += " -X " + op.Method
	}
	curl += " \\\n  -H \"Authorization: Bearer $KEY\""
	if op.RequestBody != nil {
		curl += " \\\n  -H 'Content-Type: application/json' \\\n  -d '" + indented(op.RequestBody.Content["application/json"].Example) + "'"
	}
	return curl
}

// indented is an example as people read it.
func indented(example any) string {
	if example == nil {
		return ""
	}
	text, err := json.MarshalIndent(example, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("api: an example does not marshal: %v", err))
	}
	return string(text)
}
