// Package api is the REST interface under /api/v1: JSON in snake_case with
// units in the names, errors as problem JSON (RFC 9457) with stable codes, and
// an OpenAPI description of itself at /api/v1/openapi.json.
//
// It is called by httpd. It must not know pages or WebSockets, and asks the
// rules and the store rather than deciding anything itself.
package api
