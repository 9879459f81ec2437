package browser

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"overtime/test/program"
)

// TestEmbedded: a moderator and a client in the pages of a portal, which shows
// and steers the time line from its own script.
func TestEmbedded(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	ana := c.open("ana", clinic.embeds(s, "/ana", s.token(r, "moderator", "Ana"), `lobby="off"`))
	ana.until("Ana to be in", `!!last('joined')`)
	ends := eval[string](ana, `last('joined').session.endsAt`)
	ben := c.open("ben", clinic.embeds(s, "/ben", s.token(r, "participant", "Ben"),
		`theme="light" style="height: 600px; --overtime-accent: #0b6bcb; --overtime-radius: 4px; --overtime-font: Georgia"`))
	lobby := ben.frame()
	lobby.sees("join") // with its lobby
	worn := eval[string](lobby, `['--accent', '--radius', '--font'].map(p => getComputedStyle(document.documentElement).getPropertyValue(p).trim()).join() + document.documentElement.dataset.theme`)
	if !strings.HasPrefix(worn, "#0b6bcb,4px,") || !strings.Contains(worn, "Georgia") || !strings.HasSuffix(worn, "light") {
		t.Errorf("the meeting wears %s", worn)
	}
	ben.shoot("embedded-lobby")
	lobby.click("join")
	ben.until("Ben to be in", `!!last('joined')`)
	ana.until("Ben to be told of", `last('participant-joined')?.name === 'Ben'`)
	anas := ana.frame()
	anas.seesMoving("Ben")
	lobby.seesMoving("Ana")
	if got := eval[string](anas, `navigator.wakeLock.request('screen').then(lock => lock.release()).then(() => 'kept on', e => e.name)`); got != "kept on" {
		t.Errorf("the frame's screen is %s", got)
	}
	if got := eval[string](anas, `['camera', 'microphone', 'display-capture', 'geolocation', 'usb'].filter(f => document.featurePolicy.allowsFeature(f)).join()`); got != "camera,microphone,display-capture" {
		t.Errorf("the frame is given %s", got)
	}

	for _, p := range []*tab{ana, ben} {
		p.until("the window", `last('window-opened')?.window === 'first'`)
	}
	ben.shoot("embedded-window")
	if left := eval[float64](ben, `meeting.remaining`); left <= 0 || left > 10*60000 {
		t.Errorf("%v ms remain in the window's ten minutes", left)
	}
	if got := calls[any](ben, "end()"); got.Code != "forbidden" {
		t.Errorf("a participant's end is answered by %+v", got)
	}
	if got := calls[any](ben, "extend(45)"); got.Code != "bad_minutes" {
		t.Errorf("45 minutes are answered by %+v", got)
	}
	type grant struct {
		ExtendedMinutes int
		EndsAt          string
	}
	got := calls[grant](ben, "extend(20)")
	if got.Value.ExtendedMinutes != 20 || got.Value.EndsAt <= ends {
		t.Fatalf("the extension is answered by %+v", got)
	}
	for _, p := range []*tab{ana, ben} {
		p.until("the extension", fmt.Sprintf(`last('extended')?.by === 'Ben' && last('extended').minutes === 20 && last('session').endsAt === %q`, got.Value.EndsAt))
	}
	if late := calls[grant](ana, "extend()"); late.Code != "no_window" || late.Message == "" {
		t.Errorf("an extension outside a window is answered by %+v", late)
	}
	if off := calls[any](ben, "setCamera(false)"); off.Code != "" {
		t.Errorf("turning the camera off: %+v", off)
	}
	anas.until("Ben's camera to be off", `!document.querySelector('[data-name="Ben"] video').checkVisibility()`)
	type person struct {
		Name   string
		Role   string
		Self   bool
		Camera bool
	}
	there := calls[[]person](ana, "participants()").Value
	if len(there) != 2 || there[0] != (person{"Ana", "moderator", true, true}) || there[1] != (person{"Ben", "participant", false, false}) {
		t.Errorf("the participants are %+v", there)
	}

	if end := calls[any](ana, `end('All done')`); end.Code != "" {
		t.Errorf("the moderator's end is answered by %+v", end)
	}
	for _, p := range []*tab{ana, ben} {
		p.until("the end", `last('ended')?.reason === 'ended_by_moderator' && last('ended').by === 'Ana' && last('ended').text === 'All done' && last('left')?.code === 'over'`)
	}
	ben.shoot("embedded-ended")
	if over := calls[any](ben, "extend()"); over.Code != "over" {
		t.Errorf("after the end an extension is answered by %+v", over)
	}
	for _, p := range []*tab{ana, ben} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
	addresses := `[location.href, ...performance.getEntries().map(e => e.name)].filter(a => a.includes('eyJ')).length`
	if shown := eval[int](ben, addresses) + eval[int](lobby, addresses); shown != 0 || strings.Contains(s.log.String(), "eyJ") {
		t.Error("the token is in an address or in the log")
	}
}

// TestEmbeddedRace: two people on two pages press at the same instant.
func TestEmbeddedRace(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	race(t, func() (both bool) { return extendTogether(t, s, c, clinic) })
}

// extendTogether is one race. Who is so late that the frame knows of the other's
// extension already is told that no window is open, and did not race.
func extendTogether(t *testing.T, s *server, c *chromium, clinic *portal) (both bool) {
	t.Helper()
	r := s.create(10)
	people := map[string]*tab{}
	for _, name := range []string{"Ana", "Ben"} {
		people[name] = c.open(name, clinic.embeds(s, "/"+name, s.token(r, "participant", name), `lobby="off" camera="off"`))
		people[name].until("the window", `!!last('window-opened')`)
	}
	at := eval[float64](people["Ana"], `Date.now() + 3000`)
	var presses sync.WaitGroup
	var mu sync.Mutex
	got := map[string]outcome[struct{ ExtendedMinutes int }]{}
	for name, p := range people {
		presses.Go(func() {
			o := eval[outcome[struct{ ExtendedMinutes int }]](p, fmt.Sprintf(`new Promise(done => setTimeout(done, %f - Date.now())).then(() => result(meeting.extend(10)))`, at))
			mu.Lock()
			defer mu.Unlock()
			got[name] = o
		})
	}
	presses.Wait()
	winner, loser := "Ana", "Ben"
	if got[winner].Code != "" {
		winner, loser = loser, winner
	}
	late := got[loser].Code == "no_window"
	if got[winner].Value.ExtendedMinutes != 10 || !late && (got[loser].Code != "already_extended" || got[loser].By != winner || got[loser].Minutes != 10) {
		t.Errorf("answered by %+v", got)
	}
	for _, p := range people {
		p.until("one extension by the winner", fmt.Sprintf(`last('session')?.extensions.length === 1 && last('extended')?.by === %q`, winner))
	}
	return !late
}

// TestNotEmbeddable: a page whose origin is not listed is told so in words, and
// whoever waits for the meeting is, too.
func TestNotEmbeddable(t *testing.T) {
	sideBySide(t)
	stranger := newPortal(t)
	s := startServer(t, "--embed-origins", "https://portal.example")
	c := startChromium(t)
	r := s.create(30)
	p := c.open("stranger", stranger.embeds(s, "/", s.token(r, "participant", "Ana"), ""))
	p.until("the element to say so", `meeting.shadowRoot.textContent.includes('adds that origin to --embed-origins')`)
	p.shoot("not-embeddable")
	if got := calls[any](p, "ready"); got.Code != "not_embeddable" || !strings.Contains(got.Message, stranger.URL) {
		t.Errorf("ready is answered by %+v", got)
	}
	if got := calls[any](p, "extend()"); got.Code != "not_embeddable" {
		t.Errorf("an extension is answered by %+v", got)
	}
	if code := eval[string](p, `last('trouble').code`); code != "not_embeddable" {
		t.Errorf("told %q", code)
	}
	refused := eval[answer](p, fmt.Sprintf(`new Promise(done => Overtime.joinRoom(%q, {}, (success, error) => done(error)))`, s.token(r, "participant", "Ana")))
	if refused.Result != 1713 || refused.Error != "not_embeddable" {
		t.Errorf("joinRoom is answered by %+v", refused)
	}
	propertiesAreAttributes(t, c, s, stranger)
}

// TestHostilePages: one inside the portal's page, and the portal's page itself,
// guess and replay the messages of the element.
func TestHostilePages(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(10)
	// An advertisement in the portal's page, which shares its origin, tries the
	// meeting's frame with everything that the element says.
	const frame = `document.querySelector('overtime-meeting').shadowRoot.querySelector('iframe').contentWindow`
	connect := `const { port1, port2 } = new MessageChannel(); port1.onmessage = e => heard.push(e.data);
		%s.postMessage({ overtime: 'connect', version: 1 }, '*', [port2]);
		for (const call of ['session', 'end', 'leave']) port1.postMessage(JSON.stringify({ id: 1, call, args: {} }));`
	clinic.page("/advertisement", `<script>window.heard = []; setInterval(() => { `+fmt.Sprintf(connect, "parent."+frame)+`
		parent.`+frame+`.postMessage('{"id":1,"call":"end"}', '*');
		parent.postMessage({ event: 'ended', detail: { reason: 'expired' } }, '*');
		parent.postMessage('{"event":"ended","detail":{"reason":"expired"}}', '*') }, 100)</script>`)
	page := clinic.embeds(s, "/", s.token(r, "moderator", "Ana"), `lobby="off"`)
	clinic.pages["/"] += `<iframe src="/advertisement"></iframe>`
	ana := c.open("ana", page)
	ana.until("Ana to be in", `!!last('joined')`)
	ana.until("the advertisement to be there", `Array.isArray(frames[0].heard)`)
	eval[bool](ana, `new Promise(done => setTimeout(() => done(true), 1000))`)
	// A script in the portal's page connects once more: the frame has a page
	// around already.
	eval[bool](ana, `(() => { window.heard = []; `+fmt.Sprintf(connect, frame)+` return true })()`)
	eval[bool](ana, `new Promise(done => setTimeout(() => done(true), 1000))`)
	if heard := eval[int](ana, `heard.length + frames[0].heard.length`); heard != 0 {
		t.Errorf("hostile pages heard %d messages", heard)
	}
	if state := eval[string](ana, `meeting.state`); state != "joined" || eval[int](ana, `told.filter(e => e.type === 'ended').length`) != 0 {
		t.Errorf("the meeting is %s", state)
	}

	// A page that nobody listed, with a token somebody lost: it shows nothing.
	evil := newPortal(t)
	thief := c.open("thief", evil.page("/", fmt.Sprintf(`<iframe id="it" src="%s/embed/%s#%s"></iframe><iframe src="%s"></iframe>`,
		s.url, r.ID, s.token(r, "moderator", "Thief"), r.Links.Moderator)))
	thief.eventually("both frames to be refused", func() bool { return strings.Count(thief.wrong.String(), "frame-ancestors") == 2 })
	if got := calls[[]any](ana, "participants()"); len(got.Value) != 1 {
		t.Errorf("in the room: %v", got.Value)
	}
}

// countListeners counts what the page's scripts listen to, and ports that are
// open.
const countListeners = `(() => {
	window.listeners = 0;
	window.openPorts = 0;
	for (const target of [window, document]) {
		const add = target.addEventListener, remove = target.removeEventListener;
		target.addEventListener = function (...args) { listeners++; return add.apply(target, args) };
		target.removeEventListener = function (...args) { listeners--; return remove.apply(target, args) };
	}
	const Channel = window.MessageChannel, close = MessagePort.prototype.close;
	window.MessageChannel = class extends Channel { constructor() { super(); openPorts++ } };
	MessagePort.prototype.close = function () { openPorts--; return close.call(this) };
})()`

// TestElementsComeAndGo: loaded twice, moved, two at once. Whoever else is in the
// meeting sees nobody leave by what is moved, and at once who is taken out for good.
func TestElementsComeAndGo(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r, other := s.create(60), s.create(60)
	url := clinic.embeds(s, "/", s.token(r, "participant", "Ana"), `lobby="off"`)
	again := fmt.Sprintf(`<script src="%s/embed.js"></script><script>const first = Overtime</script><script src="%s/embed.js?again"></script>`, s.url, s.url)
	clinic.pages["/"] = strings.Replace(clinic.pages["/"], "<body>", "<body>"+again, 1)
	ana := c.open("ana", url, countListeners)
	if !eval[bool](ana, `first === Overtime`) {
		t.Error("the second copy of embed.js replaced the first")
	}
	ana.until("Ana to be in", `!!last('joined')`)
	you := eval[string](ana, `last('joined').you.id`)
	seen := s.watch(r)
	ana.eventually("somebody else to be in", func() bool { return strings.Contains(seen.String(), `"welcome"`) })
	for range 3 {
		left := eval[[]int](ana, `(() => {
			window.pending = result(meeting.session()); window.waiting = result(meeting.extend());
			meeting.remove(); told.length = 0;
			const left = [listeners, openPorts, meeting.shadowRoot.querySelectorAll('iframe').length];
			document.body.append(meeting);
			return left
		})()`)
		if left[0] != 0 || left[1] != 0 || left[2] != 0 {
			t.Errorf("an element taken out leaves %d listeners, %d ports and %d frames", left[0], left[1], left[2])
		}
		for _, asked := range []string{"pending", "waiting"} {
			if got := eval[outcome[any]](ana, asked); got.Code != "detached" {
				t.Errorf("what was asked before is answered by %+v", got)
			}
		}
		ana.until("Ana to be in again", `meeting.state === 'joined' && !!last('joined')`)
		if now := eval[string](ana, `last('joined').you.id`); now != you {
			t.Errorf("put back, Ana is %s and was %s", now, you)
		}
	}
	if n := eval[[]int](ana, `[listeners, openPorts]`); n[0] != 1 || n[1] != 1 {
		t.Errorf("one meeting has %d listeners and %d ports", n[0], n[1])
	}

	eval[bool](ana, fmt.Sprintf(`(() => {
		window.second = document.createElement('overtime-meeting');
		second.server = %q; second.token = %q; second.setAttribute('lobby', 'off'); second.setAttribute('name', 'Zoe');
		document.body.append(second); return true
	})()`, s.url, s.token(other, "participant", "Zoe")))
	ana.until("both meetings", `second.state === 'joined' && meeting.state === 'joined'`)
	type person struct{ Name string }
	both := eval[[][]person](ana, `Promise.all([meeting.participants(), second.participants()])`)
	if len(both[0]) != 2 || both[0][0].Name != "Ana" || len(both[1]) != 1 || both[1][0].Name != "Zoe" {
		t.Errorf("two meetings have %+v", both)
	}
	if strings.Contains(seen.String(), "person.left") {
		t.Errorf("moved, Ana was seen to leave:\n%s", seen)
	}
	// Once more and through the lobby, so that the frame can be watched first.
	calls[any](ana, "leave()")
	eval[bool](ana, `(second.remove(), meeting.setAttribute('lobby', 'on'), meeting.remove(), told.length = 0, document.body.append(meeting), true)`)
	ana.until("one frame", `!!last('ready')`)
	frame := ana.frame()
	eval[any](frame, watchPeers)
	calls[any](ana, "join()")
	ana.eventually("one peer connection", func() bool { return eval[media](frame, readMedia).Peers == 1 })
	eval[bool](ana, `(meeting.remove(), true)`)
	ana.eventually("Ana to be seen leaving twice, by her own choice", func() bool {
		return strings.Count(seen.String(), `"person.left"`) == 2 && strings.Count(seen.String(), `"reason":"left"`) == 2
	})
	ana.eventually("no frame to be left in the browser", func() bool { return len(ana.frames()) == 0 })
	if left := eval[[]int](ana, `[listeners, openPorts]`); left[0] != 0 || left[1] != 0 {
		t.Errorf("in the end %d listeners and %d ports are left", left[0], left[1])
	}
	if wrong := ana.wrong.String(); wrong != "" {
		t.Errorf("the console:\n%s", wrong)
	}
}

// TestTokenIsRenewed: a portal renews its tokens as it likes. Nobody is put
// back into a meeting by that, and what failed for want of a good one goes on.
func TestTokenIsRenewed(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	r := s.create(60)
	ana := startChromium(t).open("ana", clinic.embeds(s, "/", "nonsense", `lobby="off"`))
	ana.until("to be told that the token is damaged", `meeting.shadowRoot.textContent.includes('token is damaged')`)
	renew := func(name string) {
		eval[bool](ana, fmt.Sprintf(`(told.length = 0, meeting.token = %q, true)`, s.token(r, "participant", name)))
	}
	renew("Ana")
	ana.until("Ana to be in", `!!last('joined')`)
	if got := calls[any](ana, "session()"); got.Code != "" {
		t.Errorf("after a failure a call is answered by %+v", got)
	}
	renew("Bea")
	if got := calls[any](ana, "leave()"); got.Code != "" {
		t.Errorf("leaving: %+v", got)
	}
	renew("Cy")
	eval[bool](ana, `new Promise(done => setTimeout(() => done(true), 1000))`)
	if state := eval[string](ana, "meeting.state"); state != "left" {
		t.Errorf("somebody who left is %s after a new token", state)
	}
	type joined struct{ You struct{ Name string } }
	if got := calls[joined](ana, "join()"); got.Value.You.Name != "Cy" {
		t.Errorf("joined again as %+v", got)
	}
	// The frame loads again by itself, as its own Reload button has it.
	eval[bool](ana, `(told.length = 0, meeting.shadowRoot.querySelector('iframe').src += '', true)`)
	ana.until("to be in again", `!!last('joined') && meeting.state === 'joined'`)
	if name := eval[string](ana, `last('joined').you.name`); name != "Cy" {
		t.Errorf("came back as %s", name)
	}
}

// TestSilentServer: it takes the connection and says nothing, ever.
func TestSilentServer(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	r := s.create(60)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	url := clinic.embeds(s, "/", s.token(r, "participant", "Ana"), fmt.Sprintf(`server="http://%s"`, silent.Addr()))
	// The frame keeps the page's own load waiting, so it is not waited for.
	clinic.pages["/later"] = strings.Replace(clinic.pages["/"], "const meeting = document.querySelector('overtime-meeting')",
		"const meeting = document.querySelector('overtime-meeting'); meeting.remove(); setTimeout(() => document.body.append(meeting), 500); const soon = 0", 1)
	quick := `(() => { const set = setTimeout; window.setTimeout = (f, ms, ...args) => set(f, ms === 45000 ? 2000 : ms, ...args) })()`
	ana := startChromium(t).open("ana", strings.TrimSuffix(url, "/")+"/later", quick)
	ana.until("to be told", `last('trouble')?.code === 'unreachable'`)
	if got := calls[any](ana, "extend()"); got.Code != "unreachable" {
		t.Errorf("an extension is answered by %+v", got)
	}
}

// refusing makes every storage throw, as where a browser gives frames none.
const refusing = `(() => {
	for (const name of ['sessionStorage', 'localStorage', 'indexedDB', 'caches'])
		Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('refused', 'SecurityError') } });
	Object.defineProperty(Document.prototype, 'cookie', { get() { return '' }, set() { throw new DOMException('refused', 'SecurityError') } });
})()`

// TestStorageRefused: a meeting needs none. Both pages are in one process here,
// so that the script reaches the frame, too.
func TestStorageRefused(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	r := s.create(10)
	c := startChromium(t, chromedp.Flag("disable-site-isolation-trials", true), chromedp.Flag("disable-features", "IsolateOrigins,site-per-process"))
	ana := c.open("ana", clinic.embeds(s, "/", s.token(r, "participant", "Ana"), `lobby="off"`), refusing)
	ana.until("the window", `!!last('window-opened')`)
	if !eval[bool](ana, `(() => { try { return !sessionStorage } catch { return true } })()`) {
		t.Fatal("the page has storage after all")
	}
	if n := len(ana.frames()); n != 0 {
		t.Fatalf("the frame is in a process of its own, which the script does not reach")
	}
	if got := calls[any](ana, "extend(10)"); got.Code != "" {
		t.Errorf("the extension is answered by %+v", got)
	}
	// What the frame's browser lacks is told to the page around, too.
	bea := c.open("bea", clinic.embeds(s, "/bea", s.token(r, "participant", "Bea"), `lobby="off"`), `delete window.WebAssembly`)
	bea.until("the lack to be told", `last('trouble')?.code === 'no_webassembly'`)
	if got := calls[any](bea, "session()"); got.Code != "no_webassembly" || !strings.Contains(got.Message, "cannot run") {
		t.Errorf("a call is answered by %+v", got)
	}
	// Taken out and put back, nothing remembers the place: the token does.
	eval[bool](ana, `(told.length = 0, meeting.remove(), document.body.append(meeting), true)`)
	ana.until("Ana to be in again", `!!last('joined')`)
	type person struct{ Name string }
	if there := calls[[]person](ana, "participants()").Value; len(there) != 1 {
		t.Errorf("in the room: %+v", there)
	}
}

// watch has somebody without a browser in a meeting, and is what they are told.
func (s *server) watch(r room) *program.Log {
	s.t.Helper()
	told := &program.Log{}
	watcher := exec.CommandContext(s.t.Context(), program.Server(s.t), "join", "--name", "Watcher", r.Links.Guest)
	watcher.Stdout = told
	if err := watcher.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = watcher.Wait() }) // it was killed with the test
	return told
}
