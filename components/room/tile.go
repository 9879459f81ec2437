package room

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// hues is how many gradients the styles have for people without a picture.
// They go by slot: a person keeps theirs, and neighbours differ.
const hues = 6

// Tile is one slot of the stage. It keeps its <video> for as long as the room
// is open, whoever is in it.
type Tile struct {
	app.Compo

	Index    int
	Person   client.Participant
	Spot     spot
	Seat     string // the mid whose picture shows the person; empty: none does
	Speaking bool
	// Reactions are what the person reacts with.
	Reactions []client.Reaction
	Session   ui.Session
	Pictures  client.Stage
	Words     *words.Catalogue

	shown shown
}

// OnMount binds the picture.
func (t *Tile) OnMount(app.Context) { t.bind() }

// OnUpdate binds it anew if somebody else sits there, and moves it.
func (t *Tile) OnUpdate(app.Context) { t.bind() }

// OnDismount lets the picture go.
func (t *Tile) OnDismount() {
	if t.Pictures != nil {
		t.Pictures.Clear(t.video())
	}
}

func (t *Tile) video() string { return fmt.Sprintf("tile-%d", t.Index) }

func (t *Tile) bind() {
	t.Spot.move(t.Pictures, tileID(t.Index))
	want := shown{seat: t.Seat}
	if t.Person.Empty || t.Person.Self {
		want = shown{self: !t.Person.Empty}
	}
	t.shown.bind(t.Pictures, t.video(), want)
}

// picture reports whether there is one to see.
func (t *Tile) picture() bool { return t.Person.Camera && (t.Person.Self || t.Seat != "") }

// Render draws the tile; an empty slot keeps its elements, hidden.
func (t *Tile) Render() app.UI {
	p := t.Person
	root := app.Div().ID(tileID(t.Index)).Attr("role", "listitem").Class(ui.Classes("tile", fmt.Sprintf("hue-%d", t.Index%hues),
		ui.When(p.Empty || !t.Spot.seen, "absent"),
		ui.When(p.Self, "self"),
		ui.When(t.Speaking, "speaking"),
		ui.When(p.Reconnecting, "away"),
	))
	if !p.Empty {
		if p.Hand > 0 {
			root = root.DataSet("hand", p.Hand)
		}
		root = root.DataSet("testid", fmt.Sprintf("participant-%d", t.Index)).
			DataSet("participant", p.ID).DataSet("name", p.Name).Aria("label", t.words())
	}
	return root.Body(
		app.Video().ID(t.video()).Class(ui.Classes(ui.When(p.Self, "mirrored"), ui.When(!t.picture(), "absent"))).
			Muted(true).AutoPlay(true).Attr("playsinline", true),
		app.Div().Class(ui.Classes("avatar", ui.When(t.picture(), "absent"))).Aria("hidden", "true").Attr("translate", ui.Untranslated).Text(ui.Initials(p.Name)),
		app.Div().Class(ui.Classes("tile-away", ui.When(!p.Reconnecting, "absent"))).Body(
			app.Span().Class("spinner").Aria("hidden", "true"), app.Span().Text(t.Words.Say("tile.away"))),
		handMark(p.Hand),
		reactionMarks(t.Words, t.Reactions),
		ui.Use(t.Spot.pin(t.Words, tileID(t.Index), p.Name, t.onPin), fmt.Sprintf("pin-%d", t.Index), ui.AbsentIf(p.Self || p.Empty).Or(t.Spot.gate())),
		app.Div().Class("name-chip").Aria("hidden", "true").Body(
			ui.Icon(t.microphone()), app.Span().Class("name-text").Attr("translate", ui.Untranslated).Text(t.label())),
	)
}

func (t *Tile) onPin(app.Context, app.Event) {
	pinned(t.Session, layout.Key{Participant: t.Person.ID, Source: protocol.Camera})
}

func (t *Tile) microphone() string {
	if t.Person.Microphone {
		return "mic"
	}
	return "mic-off"
}

func (t *Tile) label() string {
	if t.Person.Self {
		return t.Words.Say("tile.you")
	}
	return t.Person.Name
}

// words are the tile for a screen reader.
func (t *Tile) words() string {
	p := t.Person
	return t.Words.Say("tile.label", words.Text("name", p.Name), words.Text("self", ui.When(p.Self, "self")),
		words.Text("muted", ui.When(!p.Microphone, "muted")), words.Text("away", ui.When(p.Reconnecting, "away")), words.Count("hand", p.Hand))
}
