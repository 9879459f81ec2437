// Command fence makes the modules that the browser program is built with: go-app
// without its server, and stand-ins for the little that the rest of go-app uses
// of what is left out. It also makes the module file that names them.
//
//	fence build/browser
//
// The Makefile and archtest run it; nothing imports it. It must not know what
// the program is. go-app is copied out of the module cache each time, and no
// line of it is kept in the repository. The server has go-app as it is.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "fence: name the folder to make")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "fence:", err)
		os.Exit(1)
	}
}
