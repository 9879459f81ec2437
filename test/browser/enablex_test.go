package browser

import (
	"encoding/json"
	"fmt"
	"testing"
)

// The code that EnableX prints on its page "Session Extension & Closure" (Web
// SDK), as it stands there: it has to run unchanged.
const (
	enablexExtends = `
// Listen to event to know when Extension Window is open
room.addEventListener('conference-remaining-duration', function(event) {
        var timeLeft = event.message.timeLeft;

        // Show UI to all usersr or to participant to
	// trigger EXTEND by caling method.
});

// To extend Session
room.extendConferenceDuration( function(message) {
    if(message.result== 0)
    {	var extended_minutes = message.extendedTime;
    }
});
`
	enablexEnds = `
room.destroy();

// All users are notified disconnection with reason
room.addEventListener("room-disconnected", function(event) {
	// Event may be processed to know reason
	if (event.message.cause.msg === 'disconnected-by-moderator')	{
		// Show message to user
	}
});
`
)

// enablex is a page written for EnableX, which keeps what it is told in told.
func (p *portal) enablex(s *server, path, token, then string) string {
	return p.page(path, fmt.Sprintf(`<script src="%s/embed.js"></script>
		<div id="where" style="height: 560px"></div>
		<script>
			const told = [], last = type => told.findLast(e => e.type === type);
			const types = ['room-connected', 'room-disconnected', 'user-connected', 'user-disconnected', 'conference-remaining-duration',
				'conference-extended', 'network-disconnected', 'network-reconnecting', 'network-reconnected'];
			let room, order = [];
			const listener = e => told.push({ type: e.type, message: e.message, duration: e.room?.duration, user: e.user });
			function enter(token) {
				return Overtime.joinRoom(token, { container: '#where' }, function (success, error) {
					order.push('callback');
					if (error) { told.push({ type: 'refused', message: error }); return }
					room = success.room;
					for (const type of types) room.addEventListener(type, listener);
					for (const type of types) room.addEventListener(type, e => order.push(e.type));
					%s
				});
			}
			enter(%q).then(r => order.push(r === room ? 'promise' : 'another room'));
			const answers = call => new Promise(done => call(done));
		</script>`, s.url, then, token))
}

// answer is what a callback of EnableX gets.
type answer struct {
	Result       int
	ExtendedTime int
	Error, Desc  string
}

func answers(p *tab, call string) answer {
	p.t.Helper()
	return eval[answer](p, fmt.Sprintf(`answers(done => room.%s(done))`, call))
}

func (p *tab) disconnected(cause int, msg string) {
	p.t.Helper()
	p.until("to be disconnected", `!!last('room-disconnected')`)
	type cause1 struct {
		Cause int
		Msg   string
	}
	if got := eval[cause1](p, `last('room-disconnected').message.cause`); got != (cause1{cause, msg}) {
		p.t.Errorf("%s is disconnected by %+v, want %d %s", p.name, got, cause, msg)
	}
}

// TestEnableX: code written for EnableX, as its page has it, and the answers
// that page leaves out.
func TestEnableX(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	s.keepAddress()
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	ana := c.open("ana", clinic.enablex(s, "/ana", s.token(r, "moderator", "Ana"), enablexExtends))
	ana.until("the extension by the sample", `last('conference-extended')?.message.extendedTime === 15`)
	if got := eval[int](ana, `last('conference-remaining-duration').message.timeLeft`); got != 10 {
		t.Errorf("%d minutes are left", got)
	}
	if got := eval[int](ana, `last('room-connected').duration`); got < 10 || got > 25 {
		t.Errorf("the room has %d minutes when it is connected", got)
	}
	// Listeners added in the callback, or after the promise, have missed nothing.
	if got := eval[string](ana, `order.slice(0, 4).join()`); got != "callback,promise,room-connected,conference-remaining-duration" {
		t.Errorf("in this order: %s", got)
	}
	ben := c.open("ben", clinic.enablex(s, "/ben", s.token(r, "participant", "Ben"), ""))
	ben.until("Ben to be in", `!!last('room-connected')`)
	ana.until("Ben to be there", `last('user-connected')?.user.name === 'Ben' && room.userList.size === 2`)
	ben.shoot("enablex")

	for call, want := range map[string]int{"extendConferenceDuration": 1701, "destroy": 1168} {
		if got := answers(ben, call); got.Result != want || got.Error == "" || got.Desc == "" {
			t.Errorf("%s is answered by %+v, want %d", call, got, want)
		}
	}
	s.kill()
	ben.until("the network to be lost", `!!last('network-reconnecting') && last('network-disconnected').message.result === 1163`)
	if got := answers(ben, "extendConferenceDuration"); got.Result != 1171 || got.Error != "offline" {
		t.Errorf("without a connection the extension is answered by %+v", got)
	}
	s.start()
	for _, p := range []*tab{ana, ben} {
		p.until("the network to be back", `!!last('network-reconnected')`)
	}
	eval[bool](ben, `(room.removeEventListener('user-disconnected', listener), told.length = 0, true)`)
	eval[bool](ana, fmt.Sprintf(`(() => { %s; return true })()`, enablexEnds))
	for _, p := range []*tab{ana, ben} {
		p.disconnected(2001, "disconnected-by-moderator")
	}
	if got := answers(ben, "extendConferenceDuration"); got.Result != 1703 || got.Error != "over" {
		t.Errorf("after the end the extension is answered by %+v", got)
	}
	eval[bool](ben, fmt.Sprintf(`(enter(%q), true)`, s.token(r, "participant", "Ben")))
	ben.until("to be refused after the end", `last('refused')?.message.result === 1703`)
	if got := eval[answer](ben, `new Promise(done => Overtime.joinRoom('x', { container: '##' }, (success, error) => done(error)))`); got.Result != 1155 {
		t.Errorf("no selector is answered by %+v", got)
	}
	eval[bool](ben, `(enter('nonsense'), true)`)
	ben.until("to be refused with nonsense", `last('refused')?.message.result === 1155`)
	if n := eval[int](ben, `document.querySelectorAll('overtime-meeting').length`); n != 0 {
		t.Errorf("%d meetings are left in the page", n)
	}
	for _, p := range []*tab{ana, ben} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
}

// TestEnableXCauses: why somebody is disconnected, as EnableX numbers it.
func TestEnableXCauses(t *testing.T) {
	t.Parallel() // it waits for its clock most of the time
	clinic := newPortal(t)
	s := startServer(t, "--minute", "5s", "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(20)
	ana := c.open("ana", clinic.enablex(s, "/ana", s.token(r, "participant", "Ana"), ""))
	ana.until("Ana to be in", `!!last('room-connected')`)
	ben := c.open("ben", clinic.enablex(s, "/ben", s.token(r, "participant", "Ben"), ""))
	ben.until("Ben to be in", `!!last('room-connected')`)
	eval[bool](ben, `(room.disconnect(), true)`)
	ben.disconnected(2006, "normal-disconnect")
	ana.until("Ben to be gone", `last('user-disconnected')?.user.name === 'Ben' && room.userList.size === 1`)
	ana.disconnected(2003, "session-expired")
}

// TestEnableXMinds: what a moderator decides about somebody, and what the same
// person does on another page, by EnableX's numbers.
func TestEnableXMinds(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	var r room
	if err := json.Unmarshal(s.operate("room", "create", "--minutes", "60", "--waiting-room", "--json"), &r); err != nil {
		t.Fatal(err)
	}
	asha := c.open("asha", r.Links.Moderator)
	asha.join("Asha")
	asha.press("people-open")
	token := s.token(r, "participant", "Ben")
	again := fmt.Sprintf(`(told.length = 0, enter(%q), true)`, token)

	ben := c.open("ben", clinic.enablex(s, "/ben", token, ""))
	asha.press("deny-0")
	ben.until("to be turned away", `last('refused')?.message.result === 1709 && last('refused').message.error === 'denied'`)
	eval[bool](ben, again)
	asha.press("admit-0")
	ben.until("to be in", `!!last('room-connected')`)

	other := c.open("other", clinic.enablex(s, "/other", token, ""))
	ben.disconnected(2005, "replaced")
	other.until("to be in instead", `!!last('room-connected')`)
	asha.press("remove-" + asha.row("Ben"))
	asha.press("confirm-remove-" + asha.row("Ben"))
	other.disconnected(2001, "disconnected-by-moderator")
	eval[bool](ben, again)
	ben.until("to be refused for good", `last('refused')?.message.result === 1710 && last('refused').message.error === 'removed'`)
}

// TestEnableXTalk: messages and raised hands, by EnableX's names.
func TestEnableXTalk(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(60)
	const talk = `for (const type of ['message-received', 'floor-requested', 'floor-cancelled'])
		room.addEventListener(type, e => told.push({ type, message: e.message, user: e.users?.[0] }));`
	ana := c.open("ana", clinic.enablex(s, "/ana", s.token(r, "moderator", "Ana"), talk))
	ben := c.open("ben", clinic.enablex(s, "/ben", s.token(r, "participant", "Ben"), talk))
	ana.until("Ana to be in", `!!last('room-connected')`)
	ben.until("Ben to be in", `!!last('room-connected')`)
	said := func(p *tab, call string) answer {
		return eval[answer](p, fmt.Sprintf(`answers(done => room.%s)`, call))
	}

	if got := said(ben, `sendMessage('Good <b>morning</b>', true, [], done)`); got != (answer{}) {
		t.Errorf("a message is answered by %+v", got)
	}
	ana.until("the message", `last('message-received')?.message.message === 'Good <b>morning</b>' && last('message-received').message.sender === 'Ben'`)
	if eval[bool](ben, `!!last('message-received')`) {
		t.Error("who wrote it gets it, too")
	}
	if got := said(ben, `sendMessage('psst', false, ['x'], done)`); got.Result != 1155 {
		t.Errorf("a message to one alone is answered by %+v", got)
	}
	if got := said(ben, `sendMessage('to nobody', false, [], done)`); got.Result != 1155 {
		t.Errorf("a message to nobody is answered by %+v", got)
	}
	if got := said(ben, `denyFloor(undefined, done)`); got.Result != 1155 {
		t.Errorf("denying nobody the floor is answered by %+v", got)
	}
	if got := said(ben, `requestFloor(done)`); got != (answer{}) {
		t.Errorf("the floor is given by %+v", got)
	}
	ana.until("Ben's hand", `last('floor-requested')?.user.name === 'Ben'`)
	if got := said(ben, `denyFloor(room.clientId, done)`); got != (answer{}) {
		t.Errorf("lowering one's own by its id is answered by %+v", got)
	}
	ana.until("Ben's hand to be lowered", `last('floor-cancelled')?.user.name === 'Ben'`)
}
