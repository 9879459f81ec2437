// Package proxies is the built binary on connections that nobody's browser makes:
// raw ones, whose requests have bodies that are left unread in every way there
// is, and those of Debian's nginx and HAProxy, which send many people's requests
// down one connection, as docs/deploy has them.
//
// It is run by `make test`, and by itself with `make proxies`. It must not import
// the product's packages: it sees the product from outside.
package proxies
