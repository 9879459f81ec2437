// Package web holds everything the server gives to browsers as files: styles,
// icons, the manifest, the service worker, and the browser program itself once
// it was built.
//
// It is called by package httpd, which decides under which addresses and with
// which headers the files are served. It must not hold any behaviour.
package web

import (
	"embed"
	"io/fs"
)

// The pattern is * on purpose: app.wasm (with its .br and .gz) and wasm_exec.js
// are made by make wasm and are not in the repository, so naming them would
// break the build of a clean checkout. Without them everything compiles and
// every test but those in a browser runs; the server then says that the
// program is missing.
//
//go:embed *
var files embed.FS

// Files is this folder, with everything in it.
func Files() fs.FS { return files }
