// Package auth makes and checks what people and portals show: a ticket, which
// lets its holder join one room in one role and is either personal or an
// invitation for anybody; a resume secret, which brings them back to their place
// in a running session; and the API keys of portals.
//
// It is called by edge and api (checking), by rooms and api (making). It must
// not know about connections or sessions, and is the only package that parses a
// JWT.
package auth
