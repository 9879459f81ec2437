package archtest

// heavy are packages that the browser program must not link: each would cost
// people bandwidth, and a rule or a secret of the server in a browser is a
// mistake in any case. go-app imports some of them; app/fence leaves that out.
var heavy = []string{
	"github.com/pion", "github.com/nats-io", "github.com/coder/websocket", "github.com/golang-jwt",
	"overtime/internal/httpd", "overtime/internal/edge", "overtime/internal/api", "overtime/internal/rooms",
	"overtime/internal/store", "overtime/internal/bus", "overtime/internal/sfu", "overtime/internal/auth",
	"overtime/internal/config", "overtime/internal/operator", "overtime/internal/webhook", "overtime/internal/audit",
	"overtime/internal/notify", "overtime/web",
	"net/http", "crypto", "text/template", "regexp",
}

// checkProgram finds heavy packages among everything the browser program links.
func checkProgram(deps, heavy []string) []violation {
	var found []violation
	for _, dep := range deps {
		if withinAny(dep, heavy) {
			found = append(found, violation{"app", "links " + dep,
				"the browser program carries neither the server nor its libraries: people wait for each kilobyte (docs/adr/0031-go-app-without-its-server.md)"})
		}
	}
	return found
}
