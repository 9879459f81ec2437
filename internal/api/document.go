package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/protocol"
)

// documentPath is where the OpenAPI description is.
const documentPath = apiPath + "/openapi.json"

const aboutAPI = "Rooms, links, tokens and the time line of Overtime, for portals. " +
	"A request shows its API key as Authorization: Bearer <id>:<secret>, and sends and gets JSON. " +
	"Every error is problem JSON (RFC 9457) with a stable code and a detail that says what to do. " +
	"Instants are RFC 3339 in UTC; fields that are minutes say so. Fields that are not described are refused."

// keyScheme names the API keys in the description.
const keyScheme = "key"

// What operations are about, for those who show the description.
const (
	tagRooms    = "Rooms"
	tagPeople   = "People"
	tagSessions = "Sessions"
	tagAudit    = "Audit"
	tagWebhooks = "Webhooks"
)

// Never written.
var tags = []*huma.Tag{
	{Name: tagRooms, Description: "What is booked: a name, a length, and how sessions may be extended."},
	{Name: tagPeople, Description: "Who comes in, by which link or token, and who is there."},
	{Name: tagSessions, Description: "The time line of a room that people are in, or were."},
	{Name: tagAudit, Description: "What was done and what was refused."},
	{Name: tagWebhooks, Description: "What a portal is told, at the addresses in the file of --webhooks."},
}

// document is what the library describes the operations in.
func (c *catalogue) document(publicURL string) huma.Config {
	config := huma.DefaultConfig("Overtime", "1")
	config.Info.Description = aboutAPI
	config.Info.Contact = &huma.Contact{Name: "whoever runs this server"}
	config.Info.License = &huma.License{Name: "all rights reserved", Identifier: "LicenseRef-all-rights-reserved"}
	config.Servers = []*huma.Server{{URL: "/", Description: "the server that this description comes from"}}
	if publicURL != "" {
		config.Servers[0].URL = publicURL
	}
	config.Tags = tags
	config.OpenAPIPath = "" // the library writes it at the first request, whoever else asks
	config.DocsPath = ""    // the library's page loads a script from elsewhere
	config.SchemasPath = "" // the description holds them all
	config.CreateHooks = nil
	config.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON} // and problem+json
	config.RejectUnknownQueryParameters = true
	config.OnAddOperation = []huma.AddOpFunc{func(_ *huma.OpenAPI, op *huma.Operation) { c.operations = append(c.operations, op) }}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{keyScheme: {
		Type: "http", Scheme: "bearer", BearerFormat: "<id>:<secret>",
		Description: "A line of the file that the server was given with --api-keys.",
	}}
	return config
}

// faultsOf are the codes that an operation's errors can have, by status.
type faultsOf map[int][]protocol.Code

// always are those of every operation, beside its own.
var always = faultsOf{
	http.StatusUnauthorized:        {codeUnauthorized},
	http.StatusUnprocessableEntity: badRequest, // a parameter that is unknown or not as described
	http.StatusTooManyRequests:     {protocol.CodeTooMany},
	http.StatusInternalServerError: {protocol.CodeInternal},
	http.StatusServiceUnavailable:  {protocol.CodeUnavailable},
}

// example is what an operation's description shows.
type example struct {
	in, out any // nil: there is no body
}

// described is op with its errors and examples. The library adds the schemas of
// what goes in and out.
func described(h huma.API, op huma.Operation, faults faultsOf, ex example) huma.Operation {
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1 // readBody has seen to both
	op.Responses = map[string]*huma.Response{}
	problems := h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for status, codes := range always {
		faults[status] = append(slices.Clone(codes), faults[status]...)
	}
	for status, codes := range faults {
		op.Responses[strconv.Itoa(status)] = faultResponse(status, codes, problems)
	}
	if ex.in != nil {
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: ex.in}}}
	}
	if ex.out != nil {
		op.Responses[strconv.Itoa(op.DefaultStatus)] = &huma.Response{
			Description: http.StatusText(op.DefaultStatus),
			Content:     map[string]*huma.MediaType{"application/json": {Example: ex.out}},
		}
	}
	return op
}

// faultResponse describes the errors of one status.
func faultResponse(status int, codes []protocol.Code, schema *huma.Schema) *huma.Response {
	media := &huma.MediaType{Schema: schema, Examples: map[string]*huma.Example{}}
	var means []string
	for _, code := range codes {
		f := faultOf(code)
		means = append(means, fmt.Sprintf("%s: %s", code, f.Means))
		media.Examples[string(code)] = &huma.Example{Value: problem(status, code, f.Means)}
	}
	return &huma.Response{
		Description: strings.Join(means, " "),
		Headers:     faultHeaders(status),
		Content:     map[string]*huma.MediaType{(*Problem).ContentType(nil, ""): media},
	}
}

// faultHeaders describes Problem.GetHeaders.
func faultHeaders(status int) map[string]*huma.Header {
	says := map[string]string{"Www-Authenticate": "how a key is shown", retryAfter: "after how many seconds to come back"}
	headers := map[string]*huma.Header{}
	for name := range (&Problem{Status: status}).GetHeaders() {
		headers[name] = &huma.Header{Description: says[name], Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return headers
}

// open lets what only answers hold have more fields one day: programs that were
// made from an older description go on. What requests hold stays as it is.
func open(doc *huma.OpenAPI, operations []*huma.Operation) {
	all := doc.Components.Schemas
	asked := map[string]bool{}
	var ask func(s *huma.Schema)
	ask = func(s *huma.Schema) {
		if s.Ref == "" || asked[s.Ref] {
			return
		}
		asked[s.Ref] = true
		for _, field := range all.SchemaFromRef(s.Ref).Properties {
			ask(field)
		}
	}
	for _, op := range operations {
		if op.RequestBody != nil {
			ask(op.RequestBody.Content["application/json"].Schema)
		}
	}
	for name, s := range all.Map() {
		if !asked[schemaPrefix+name] {
			s.AdditionalProperties = nil
		}
	}
}

// plain takes out what the library writes and OpenAPI does not know. Its messages
// have been made of it.
func plain(doc *huma.OpenAPI) {
	for _, s := range doc.Components.Schemas.Map() {
		for _, field := range s.Properties {
			field.PatternDescription = ""
		}
	}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				p.Schema.PatternDescription = ""
			}
		}
	}
}

// schemaPrefix is what the library refers to schemas by.
const schemaPrefix = "#/components/schemas/"

// serveDocument serves the description as it is now, for programs and people.
func (c *catalogue) serveDocument(mux *http.ServeMux) {
	doc := c.huma.OpenAPI()
	describeWebhooks(doc)
	open(doc, c.operations)
	page := c.page(doc)
	plain(doc)
	text, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("api: the description does not marshal: %v", err))
	}
	serve := func(path, kind string, content []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(content) // the reader may be gone
		})
		mux.HandleFunc(path, only([]string{http.MethodGet}))
	}
	serve(documentPath, "application/openapi+json", text)
	serve(pagePath, "text/html; charset=utf-8", page)
}
