package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestGallery walks every page and every state of it, wide and narrow. In each
// axe-core finds nothing, with all of its rules; and every test id that the
// components give was seen in some state, so that a new part of a page is
// walked by, too. With OVERTIME_SHOTS there is a picture of each.
//
// To add a state: reach it in one of the walks as a person would, and look.
func TestGallery(t *testing.T) {
	sideBySide(t)
	g := openGallery(t)
	g.walkHome()
	g.walkPlainPages()
	asha, jun := g.walkLobby()
	g.walkPeople(asha, jun)
	g.walkTalk(asha, jun)
	g.walkScreens(asha, jun)
	g.walkTime(asha, jun)
	g.walkTroubles(asha, jun)
	g.walkEnds(asha, jun)
	g.walkFrames()
	g.sawEverything()
}

// sizes are those that every state is looked at in.
var sizes = []struct {
	name          string
	width, height int64
}{{"wide", 1440, 900}, {"narrow", 390, 844}}

// gallery is what a walk has seen.
type gallery struct {
	t    *testing.T
	s    *server
	c    *chromium
	axe  string          // axe-core's source
	seen map[string]bool // test ids
	room room            // of ten minutes, with a waiting room: its window is open from the start
}

func openGallery(t *testing.T) *gallery {
	t.Helper()
	source, err := os.ReadFile("../../.ci/npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is not installed; run .ci/tools first: %v", err)
	}
	s := startServer(t)
	s.keepAddress()
	s.stop()
	s.args = append(s.args, "--public-url", s.url) // there is a wrong address, too
	s.start()
	return &gallery{t: t, s: s, c: startChromium(t), axe: string(source), seen: map[string]bool{}}
}

// checked is an expression: what axe finds in the page, a line for each rule.
// Names that do not hold what is written on a control are looked for, too.
const checked = `axe.run(document, { resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } } }).then(r =>
	r.violations.map(v => v.id + ' (' + v.impact + '): ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))`

// onTheStage is an expression: whether what is seen stands where the stage of this
// size has it, which takes the page a moment.
const onTheStage = `[...document.querySelectorAll('.stage .tile:not(.absent)')].every(e => {
	const stage = e.closest('.stage');
	return e.offsetLeft + e.offsetWidth <= stage.clientWidth && e.offsetTop + e.offsetHeight <= stage.clientHeight;
})`

// shownIDs is an expression: the test ids of all that is shown.
const shownIDs = `[...document.querySelectorAll('[data-testid]')].filter(e => e.checkVisibility()).map(e => e.dataset.testid)`

// look looks at a page as it is, in every size.
func (g *gallery) look(p *tab, state string) {
	g.t.Helper()
	for _, size := range sizes {
		p.do(chromedp.EmulateViewport(size.width, size.height))
		p.until("the motion to end", `document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().iterations === Infinity)`)
		p.until("all cells to be on the stage", onTheStage)
		for _, id := range eval[[]string](p, shownIDs) {
			g.seen[id] = true
		}
		if !eval[bool](p, `!!window.axe`) {
			eval[bool](p, g.axe+"; true")
		}
		for _, found := range eval[[]string](p, checked) {
			g.t.Errorf("%s, %s: %s", state, size.name, found)
		}
		p.shoot("gallery-" + state + "-" + size.name)
	}
	p.do(chromedp.EmulateViewport(sizes[0].width, sizes[0].height))
}

// sawEverything fails for test ids that no state has shown.
func (g *gallery) sawEverything() {
	g.t.Helper()
	for _, pattern := range idPatterns(g.t) {
		is := regexp.MustCompile("^" + pattern + "$")
		found := false
		for id := range g.seen {
			found = found || is.MatchString(id)
		}
		if !found {
			g.t.Errorf("no state shows the test id %s: reach it in a walk of the gallery", pattern)
		}
	}
}

func (g *gallery) walkHome() {
	maya := g.c.open("maya", g.s.url, `navigator.clipboard.writeText = async () => {}`)
	maya.sees("create-meeting")
	g.look(maya, "home")
	grounds := g.forced(maya, "home", ".chip:has(:checked)", ".chip:not(:has(:checked))")
	g.mustDiffer("the chosen length and another", grounds[0], grounds[1])
	maya.press("duration-other")
	maya.write("duration-minutes", "25 or so")
	maya.press("create-meeting")
	maya.until("what is wrong", `!!document.querySelector('[aria-invalid="true"]')`)
	g.look(maya, "home-length")
	maya.press("duration-30")
	maya.press("create-meeting")
	maya.press("copy-guest-link")
	g.look(maya, "home-links")

	keys := filepath.Join(g.t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte("portal:correct-horse-battery-staple-0123\n"), 0o600); err != nil {
		g.t.Fatal(err)
	}
	apart := startServer(g.t, "--api-keys", keys)
	maya.goTo(apart.url)
	maya.sees("portal-only")
	g.look(maya, "home-portal-only")
}

// walkPlainPages looks at what needs no program, and at an address that the
// program does not know.
func (g *gallery) walkPlainPages() {
	pat := g.c.open("pat", g.s.url+"/nowhere")
	pat.reads("There is nothing at this address")
	g.look(pat, "not-found")
	pat.goTo(g.s.url + "/web/offline.html")
	pat.reads("Overtime cannot be reached")
	g.look(pat, "offline")
	pat.goTo(g.s.url)
	pat.sees("create-meeting")
	pat.run(`const a = document.createElement('a'); a.href = '/nowhere'; document.querySelector('main').append(a); a.click()`)
	pat.sees("not-found")
	g.look(pat, "not-found-inside")
	wasm := g.c.open("without-wasm", g.s.url, `delete window.WebAssembly`)
	wasm.reads("WebAssembly")
	g.look(wasm, "without-wasm")
}

// walkLobby ends with a moderator and a guest in the room and a second guest
// at the door.
func (g *gallery) walkLobby() (asha, jun *tab) {
	g.room = g.s.waitingRoom(10)
	jun = g.c.open("jun", g.room.Links.Guest, watchSystem)
	jun.sees("join")
	g.look(jun, "lobby")
	grounds := g.forced(jun, "lobby", ".meter-level", ".meter-track")
	g.mustDiffer("the level and its track", grounds[0], grounds[1])
	jun.press("join")
	jun.until("the name to be asked for", `!!document.querySelector('[aria-invalid="true"]')`)
	g.look(jun, "lobby-nameless")
	jun.until("both devices to be captured", `storyTracks.length === 2`)
	jun.run(`storyMute('audio', true)`)
	jun.reads("Nobody hears you")
	g.look(jun, "lobby-muted")
	jun.run(`storyMute('audio', false)`)

	asha = g.c.open("asha", g.room.Links.Moderator, watchSystem)
	asha.join("Asha")
	asha.sees("extend")
	g.look(asha, "room-first-window")
	g.inReachAt400(asha, "extend extend-10 extend-20 extend-30 not-now time-left leave end-for-all mic camera")
	jun.asksIn("Jun")
	g.look(jun, "waiting")
	asha.sees("knock-admit")
	g.look(asha, "room-knock")
	noor := g.c.open("noor", g.room.Links.Guest)
	noor.asksIn("Noor")
	asha.sees("knock-see")
	g.look(asha, "room-knocks")
	asha.press("knock-see")
	g.look(asha, "room-people-waiting")
	asha.press("admit-0")
	jun.sees("time-left")
	asha.until("to be read that Jun came", `document.querySelector('[role="status"].spoken')?.textContent.includes('Jun joined')`)
	asha.press("deny-0")
	noor.sees("rejoin")
	g.look(noor, "closed-denied")
	noor.run(`sessionStorage.clear(); localStorage.clear()`)
	noor.goTo(g.s.url + "/r/" + g.room.ID)
	noor.sees("ended-reason")
	g.look(noor, "closed-incomplete")
	noor.goTo(strings.Replace(g.room.Links.Guest, "localhost", "127.0.0.1", 1))
	noor.sees("open-there")
	g.look(noor, "closed-address")
	return asha, jun
}

// walkPeople looks at the panel of people, which is open, and closes it.
func (g *gallery) walkPeople(asha, jun *tab) {
	row := asha.row("Jun")
	g.look(asha, "room-people")
	g.asksFirst(asha, "remove-"+row, "confirm-remove-"+row)
	g.look(asha, "room-people-remove")
	asha.press("cancel-remove-" + row)
	g.asksFirst(asha, "renew-link", "confirm-renew-link")
	g.look(asha, "room-people-link")
	asha.press("cancel-renew-link")
	open := g.forced(asha, "room-people-open", ".switch-track")
	asha.press("lock")
	asha.sees("locked")
	g.look(asha, "room-people-locked")
	g.mustDiffer("a locked room and an open one", open[0], g.forced(asha, "room-people-locked", ".switch-track")[0])
	asha.press("lock")
	asha.seesNot("locked")
	asha.press("people-close")
	jun.press("people-open")
	g.look(jun, "room-people-guest")
	jun.press("people-close")
}

// walkTime looks at the clock's story, the question before the end, and an
// extension.
func (g *gallery) walkTime(asha, jun *tab) {
	asha.press("story-open")
	asha.sees("story-close")
	g.look(asha, "room-story") // narrow, it has story-tell-me
	grounds := g.forced(asha, "room-story", ".story-popover .story-fill", ".story-popover .story-segment")
	g.mustDiffer("the time that passed and the time to come", grounds[0], grounds[1])
	g.holdsTab(asha, "#story")
	asha.escapesTo("story-button")
	g.asksFirst(asha, "end-for-all", "confirm-end")
	g.look(asha, "room-end")
	g.holdsTab(asha, ".end-dialog")
	asha.escapesTo("end-for-all")

	asha.run(`document.querySelector('[data-testid="extend-20"]').focus()`)
	jun.press("extend-10")
	asha.sees("toast")
	asha.keyboardGoesTo("story-button") // its place is gone with the banner
	g.look(asha, "room-extended")
	asha.press("story-open")
	asha.until("the story", `!!document.querySelector('.extension')`)
	g.look(asha, "room-story-extended")
	asha.press("story-close")
}

// walkScreens looks at a shared screen, from both sides, and at more people than one
// page holds.
func (g *gallery) walkScreens(asha, jun *tab) {
	asha.press("share-screen")
	asha.sees("stop-share")
	jun.seesScreen("screen-0", "Asha")
	g.look(asha, "room-sharing")
	g.look(jun, "room-screen")
	g.inReachAt400(jun, "time-left leave mic camera share-screen")
	jun.press("share-screen")
	asha.seesScreen("screen-0", "Jun")
	g.look(asha, "room-sharing-both")
	jun.press("stop-share")
	asha.seesNot("screen-0")
	asha.press("stop-share")
	jun.seesNot("screen-0")

	many := g.s.create(60)
	noor := g.c.open("noor-in-a-crowd", many.Links.Guest)
	noor.join("Noor")
	for i := range 18 {
		g.s.visits(fmt.Sprint("Visitor ", i+1), many.Links.Guest)
	}
	noor.sees("page-on")
	g.look(noor, "room-crowd")
	noor.press("page-on")
	noor.sees("page-back")
	g.look(noor, "room-crowd-second")
	noor.press("leave")
}

// walkTroubles looks at what can go wrong in the room.
func (g *gallery) walkTroubles(asha, jun *tab) {
	jun.run(`storyMute('audio', true)`)
	jun.sees("device-muted")
	g.look(jun, "room-muted")
	jun.run(`storyMute('audio', false)`)
	jun.seesNot("device-muted")
	jun.press("mic")
	jun.press("camera")
	jun.run(`window.storyPlay = HTMLMediaElement.prototype.play;
		HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));` + pauseAll)
	jun.sees("unblock-sound")
	g.look(jun, "room-sound-blocked")
	jun.run(`HTMLMediaElement.prototype.play = storyPlay`)
	jun.press("unblock-sound")

	lobby := g.c.open("lobby", g.room.Links.Guest)
	lobby.sees("join")
	asha.press("people-open")
	g.s.kill()
	away := `document.body.innerText.includes('Reconnecting') || document.body.innerText.includes('Trying again')`
	for _, p := range []*tab{asha, lobby} {
		p.until("the server to be missed", away)
		g.look(p, p.name+"-away")
	}
	g.s.start()
	for _, p := range []*tab{asha, lobby, jun} {
		p.until("the server to be back", "!("+away+")")
	}
	asha.press("people-close")
}

// walkEnds looks at the pages after a meeting, and at a last window.
func (g *gallery) walkEnds(asha, jun *tab) {
	jun.run(`history.back()`)
	jun.sees("stay")
	g.look(jun, "room-leave-question")
	jun.press("stay")
	jun.seesNot("stay")
	jun.press("leave")
	jun.sees("rejoin")
	g.look(jun, "left")
	asha.press("end-for-all")
	asha.write("end-reason", "We are done early")
	asha.press("confirm-end")
	asha.sees("ended-reason")
	g.look(asha, "ended")
	last := g.s.create(5) // its last window is open from the start
	asha.goTo(last.Links.Moderator)
	asha.join("Asha")
	asha.sees("extend")
	g.look(asha, "room-last-window")
	jun.goTo(g.s.url + "/r/" + last.ID + "#" + g.s.token(last, "viewer", "Vera"))
	jun.sees("join")
	g.look(jun, "lobby-fixed-name")
	jun.press("join")
	jun.sees("extension-banner")
	g.look(jun, "room-viewer")
}

// walkFrames looks at what stands in a portal's page.
func (g *gallery) walkFrames() {
	last := g.s.create(60)
	in := g.c.open("frame", g.s.url+"/embed/"+last.ID)
	in.until("the frame to wait for its page", `!!document.querySelector('.arriving')`)
	g.look(in, "frame-arriving")
	in.goTo(g.s.url + "/embed/" + last.ID + "#" + last.Links.Guest[strings.Index(last.Links.Guest, "#")+1:])
	in.reload()
	in.sees("join")
	g.look(in, "frame-lobby")
}

// waitingRoom makes a meeting whose moderators let people in.
func (s *server) waitingRoom(minutes int) room {
	s.t.Helper()
	var r room
	if err := json.Unmarshal(s.operate("room", "create", "--minutes", fmt.Sprint(minutes), "--waiting-room", "--json"), &r); err != nil {
		s.t.Fatal(err)
	}
	return r
}
