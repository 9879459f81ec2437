// Package auth makes and checks the two kinds of secret that people hold: a
// ticket, which lets its holder join one room in one role, and a resume
// secret, which brings them back to their place in a running session.
//
// It is called by edge (checking), by rooms and api (making). It must not know
// about connections or sessions, and is the only package that parses a JWT.
package auth
