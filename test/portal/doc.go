// Package portal is a portal's whole day against the built binary: a script that
// knows docs/api.md only (docs/portal-day.sh), with curl, jq and two people without
// browsers; and the example that portals copy from (examples/portal), as a process.
//
// It is run by `make test`. It must not import the product's packages: it sees
// the product from outside.
package portal
