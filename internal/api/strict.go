package api

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"overtime/internal/protocol"
)

// requireJSON refuses a body that is not said to be JSON, which the library would take
// for it: browsers let any page send bytes without a type, and ask us first before
// a page of another origin may send JSON.
func requireJSON(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	hasBody := r.ContentLength != 0 && ctx.Operation().RequestBody != nil
	if hasBody && !isJSON(r.Header.Values("Content-Type")) {
		write(w, notJSON())
		return
	}
	next(inJSON{ctx})
}

// isJSON reads a Content-Type. JSON between programs is UTF-8 (RFC 8259).
func isJSON(said []string) bool {
	if len(said) != 1 {
		return false
	}
	kind, with, err := mime.ParseMediaType(said[0])
	charset, other := with["charset"]
	return err == nil && kind == "application/json" && (!other || strings.EqualFold(charset, "utf-8"))
}

type requestContext huma.Context

// inJSON is a request that brings and takes JSON, by the one name that the library
// knows: it would take foo+json too, and answer with whatever name it is asked for.
type inJSON struct{ requestContext }

func (c inJSON) Header(name string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Content-Type", "Accept":
		return "application/json"
	}
	return c.requestContext.Header(name)
}

// Unwrap is for humago.Unwrap.
func (c inJSON) Unwrap() huma.Context { return c.requestContext }

// checkParameters refuses parameters of which the library would take one reading among
// several: it takes the first of two, an empty one for none, and leaves out what
// it cannot decode.
func checkParameters(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		write(w, badParameter("query", "the query cannot be read; encode what is no letter or digit in it, and separate its parameters with &"))
		return
	}
	for _, p := range ctx.Operation().Parameters {
		if wrong := checkParameter(p, r, query); wrong != "" {
			write(w, badParameter(p.In+"."+p.Name, p.Name+" "+wrong))
			return
		}
	}
	next(ctx)
}

// checkParameter says what is wrong with a parameter, after its name; nothing, if
// it can be read in one way.
func checkParameter(p *huma.Param, r *http.Request, query url.Values) string {
	var said []string
	switch p.In {
	case "path":
		said = []string{r.PathValue(p.Name)}
	case "query":
		said = query[p.Name]
	case "header":
		said = r.Header.Values(p.Name)
	}
	mayBeEmpty := p.Schema.Type == huma.TypeString && p.Schema.MinLength == nil
	switch {
	case len(said) == 0:
		return ""
	case len(said) > 1:
		return "is there twice; say it once"
	case said[0] == "" && !mayBeEmpty:
		return "is empty; leave it out, or give it a value"
	case !utf8.ValidString(said[0]):
		return "is not UTF-8; encode it as that"
	}
	return ""
}

func badParameter(location, detail string) *Problem {
	p := refusal(protocol.CodeBadRequest, detail)
	p.Errors = []*huma.ErrorDetail{{Location: location, Message: detail}}
	return p
}
