package archtest

// layer says which packages of ours a package (and those below it) may import.
// Tests may import more.
type layer struct {
	pkg     string
	imports []string // packages of ours, each with those below it
	only    bool     // nothing from outside the standard library either
	reason  string
}

// layers are the direction of dependency. A package that is not here is free;
// the programs are.
var layers = []layer{
	{
		pkg: "overtime/internal/meeting", only: true,
		reason: "the rules of a meeting are pure values: they must be testable without any technology",
	},
	{
		pkg: "overtime/internal/protocol", imports: []string{"overtime/internal/meeting"}, only: true,
		reason: "the messages are shared by both programs, so they carry the rules' words and nothing else",
	},
	{
		pkg: "overtime/internal/layout", imports: []string{"overtime/internal/protocol"}, only: true,
		reason: "what is seen where is worked out from sizes and names alone, so that it is tested as tables",
	},
	{
		pkg: "overtime/internal/client", imports: []string{"overtime/internal/layout", "overtime/internal/protocol", "overtime/internal/meeting", "overtime/internal/invitation"}, only: true,
		reason: "the browser's session runs natively in tests; what it needs of a browser comes in through its interfaces",
	},
	{
		pkg: "overtime/internal/embed", imports: []string{"overtime/internal/client", "overtime/internal/theme", "overtime/internal/protocol", "overtime/internal/meeting", "overtime/internal/words"}, only: true,
		reason: "what a page around may ask is put into requests of the session, and decides nothing: that is the server's",
	},
	{
		pkg:     "overtime/components",
		imports: []string{"overtime/components", "overtime/internal/client", "overtime/internal/layout", "overtime/internal/embed", "overtime/internal/protocol", "overtime/internal/meeting", "overtime/internal/theme", "overtime/internal/invitation", "overtime/internal/words"},
		reason:  "what a person sees is drawn from a View and prerendered by the server, where there is no browser",
	},
	{
		pkg: "overtime/internal/words", only: true,
		reason: "sentences are put together by pure functions, small enough for the browser program",
	},
	{
		pkg: "overtime/internal/theme", only: true,
		reason: "what a portal may choose is checked by pure functions, small enough for the browser program",
	},
	{
		pkg: "overtime/internal/browser", imports: []string{"overtime/internal/client", "overtime/internal/layout", "overtime/internal/protocol", "overtime/internal/meeting"}, only: true,
		reason: "the browser's binding implements client's interfaces and adds no rules",
	},
	{
		pkg:    "overtime/internal/sfu",
		reason: "media knows peers by opaque ids; it could serve another product",
	},
	{
		pkg: "overtime/internal/httpd", imports: []string{"overtime/internal/origin", "overtime/internal/invitation", "overtime/internal/words"},
		reason: "the mux gets its handlers and routes from main, so that pages and files are tested without rooms",
	},
	{
		pkg: "overtime/internal/origin", only: true,
		reason: "where a request came from is read from the request alone",
	},
	{
		pkg: "overtime/internal/invitation", only: true,
		reason: "links are read in the same way by the server, the browser's program and the operator's command",
	},
	{
		pkg: "overtime/internal/event", imports: []string{"overtime/internal/meeting"}, only: true,
		reason: "an event is a word that rooms, store, webhook and audit share: it must bring nothing of one to another",
	},
	{
		pkg: "overtime/internal/room", imports: []string{"overtime/internal/meeting", "overtime/internal/protocol", "overtime/internal/control", "overtime/internal/event"}, only: true,
		reason: "a room is a value: what people and portals may do in it is decided without a clock, a disk or a connection",
	},
	{
		pkg: "overtime/internal/webhook", imports: []string{"overtime/internal/clock", "overtime/internal/event"},
		reason: "what portals are told arrives ready made, so that delivery is tested without rooms",
	},
	{
		pkg:    "overtime/internal/groupcommit",
		reason: "what many messages say does not matter to the disk that they share a sync of",
	},
	{
		pkg: "overtime/internal/audit", imports: []string{"overtime/internal/clock", "overtime/internal/event", "overtime/internal/groupcommit", "overtime/internal/meeting"},
		reason: "the audit notes what it is told; whoever it watches over must not be what it is made of",
	},
	{
		pkg: "overtime/internal/chatlog", imports: []string{"overtime/internal/clock", "overtime/internal/protocol"},
		reason: "the chats are kept beside the rooms: who may write or delete is decided by whoever calls",
	},
	{
		pkg: "overtime/internal/sweep", imports: []string{"overtime/internal/chatlog", "overtime/internal/clock", "overtime/internal/event", "overtime/internal/meeting", "overtime/internal/store"},
		reason: "what is taken away is decided by what the records say, beside everything that runs",
	},
	{
		pkg:    "overtime/internal/seal",
		reason: "the files of the store are looked at before anything runs, whatever is in them",
	},
	{
		pkg: "overtime/internal/build", only: true,
		reason: "whatever a program is made of may say what it was made from",
	},
	{
		pkg:    "overtime/internal/config",
		reason: "what a flag does belongs to the package it is for",
	},
	{
		pkg: "overtime/internal/operator", imports: []string{"overtime/internal/build", "overtime/internal/config", "overtime/internal/datafolder", "overtime/internal/invitation", "overtime/internal/protocol"},
		reason: "an operator's commands ask the running server as a portal would, so that they can do nothing that is not the API's, a backup's or the audit's",
	},
	{
		pkg: "overtime/examples", only: true,
		reason: "an example is what a stranger copies: it has to build where nothing of ours is, and may know only what the documents say",
	},
}

// owner says who alone may import a library.
type owner struct {
	library string
	by      []string
	reason  string
}

var owners = []owner{
	{"syscall/js", []string{"overtime/internal/browser"}, "one package binds the browser; all others run and are tested natively"},
	{"github.com/pion", []string{"overtime/internal/sfu"}, "media is behind the words of package sfu, so that pion can be replaced or renewed in one place"},
	{"github.com/nats-io/nats.go", []string{"overtime/internal/bus", "overtime/internal/store", "overtime/internal/webhook", "overtime/internal/audit", "overtime/internal/chatlog", "overtime/internal/groupcommit"},
		"messaging is the bus's; rooms, chats, the queue for portals and the audit are each behind the package that keeps them, and two of them share how many write at once; the rest could run on anything"},
	{"github.com/nats-io/nats-server", []string{"overtime/internal/bus"}, "only the bus knows whether NATS is inside this process"},
	{"github.com/maxence-charriere/go-app", []string{"overtime/components", "overtime/internal/httpd", "overtime/app"}, "go-app draws and serves pages; it is not to be found where meetings are decided"},
	{"overtime/internal/edge", []string{"overtime/internal/node"}, "a connection reaches a room over the bus only, or one machine and many would run different code"},
	{"overtime/internal/browser", []string{"overtime/app"}, "the browser comes into the session through client's interfaces, so that tests can give it another"},
	{"overtime/internal/node", []string{"overtime", "overtime/internal/testkit"}, "a whole server is opened by the program and by tests alone: nothing below may reach for all of it"},
	{"overtime/internal/testkit", nil, "a test's world is for tests: nothing that runs may lean on it"},
	{"overtime/components", []string{"overtime/components", "overtime/app", "overtime/internal/node"}, "pages are at the top: nothing below may depend on what is drawn"},
}

// strangers are pairs of packages that must not know each other.
var strangers = [][2]string{{"overtime/internal/edge", "overtime/internal/rooms"}}

// checkLayers finds imports against the direction of dependency.
func checkLayers(sources []source, layers []layer) []violation {
	var found []violation
	for _, s := range sources {
		for _, l := range layers {
			if s.isTest() || !within(s.pkg(), l.pkg) {
				continue
			}
			for _, imported := range s.imports() {
				if !l.allows(imported) {
					found = append(found, violation{s.path, "imports " + imported, l.reason})
				}
			}
		}
	}
	return found
}

func (l layer) allows(imported string) bool {
	switch {
	case within(imported, module):
		return withinAny(imported, l.imports)
	case isStandard(imported):
		return true
	default:
		return !l.only
	}
}

// checkOwners finds imports of a library by somebody else than its owners. A
// program at the root is named exactly: everything is below it.
func checkOwners(sources []source, owners []owner) []violation {
	var found []violation
	for _, s := range sources {
		if s.isTest() {
			continue
		}
		for _, imported := range s.imports() {
			for _, o := range owners {
				if within(imported, o.library) && !o.owns(s.pkg()) {
					found = append(found, violation{s.path, "imports " + imported, o.reason})
				}
			}
		}
	}
	return found
}

func (o owner) owns(pkg string) bool {
	for _, by := range o.by {
		if pkg == by || by != module && within(pkg, by) {
			return true
		}
	}
	return false
}

// checkStrangers finds packages that import each other in either direction.
// Their tests may, to have a whole world to speak with.
func checkStrangers(sources []source, strangers [][2]string) []violation {
	var found []violation
	for _, s := range sources {
		for _, pair := range strangers {
			if s.isTest() {
				continue
			}
			for _, imported := range s.imports() {
				if within(s.pkg(), pair[0]) && within(imported, pair[1]) || within(s.pkg(), pair[1]) && within(imported, pair[0]) {
					found = append(found, violation{s.path, "imports " + imported,
						"connections and rooms speak over the bus, even in one process: so one machine and many run the same code"})
				}
			}
		}
	}
	return found
}
