// Package httpd is everything a browser gets by HTTP: the pages, prerendered by
// go-app, the files of package web, the headers that keep both safe, and the
// limits of the server. The API and the WebSocket pass through it to the
// handlers it was given.
//
// It is called by the server's main. It must not know rooms, tokens or what a
// page shows; go-app's own handler is reached for pages only, because what it
// does for other addresses is wrong for us (shell.go says why, one by one).
//
// The words, one file each:
//
//	Deps, New   the mux                                        httpd.go
//	NewServer   the HTTP server with its limits                server.go
//	framed      where one request ends and the next begins     body.go
//	headers     what every answer carries                      headers.go
//	asset       one file with its forms: plain, gzip, brotli   asset.go
//	library     all assets and the addresses they have         library.go
//	shell       go-app's handler, configured and kept in       shell.go
//	embedding   what portals get, and which may show meetings  embedding.go
//	page        one prerendered page on its way out            page.go
package httpd
