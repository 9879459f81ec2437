package layout_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// stages are from a frame in a portal's page to a large screen, with phones both
// ways up between them.
var stages = [][2]int{{320, 240}, {480, 360}, {360, 560}, {390, 700}, {844, 300}, {700, 390}, {768, 900}, {1024, 640}, {1280, 720}, {1440, 740}, {1920, 960}, {2560, 1440}}

// least is the width that a cell has wherever the stage has it.
const least = 120

func camera(id string) layout.Key {
	return layout.Key{Participant: id, Source: protocol.Camera}
}

func screen(id string) layout.Key {
	return layout.Key{Participant: id, Source: protocol.Screen}
}

// crowd is n people with their cameras on, this tab's own first, and the screens
// of the first others.
func crowd(n, screens int) []layout.Item {
	var out []layout.Item
	for i := range n {
		out = append(out, layout.Item{Key: camera(name(i)), Self: i == 0, Picture: true})
	}
	for i := range screens {
		out = append(out, layout.Item{Key: screen(name(i + 1)), Picture: true})
	}
	return out
}

func name(i int) string { return fmt.Sprint("p", i) }

// everyStage calls f with each number of people on each stage.
func everyStage(t *testing.T, f func(t *testing.T, people, screens int, on layout.Size)) {
	for _, size := range stages {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			for people := 1; people <= 60; people++ {
				for screens := range min(people, 5) {
					f(t, people, screens, layout.Size{Width: size[0], Height: size[1], Ratio: 2})
				}
			}
		})
	}
}

// TestCellsFit: on every page no cell covers another or leaves the stage, none is
// too narrow for a face and a name, and the gaps are there.
func TestCellsFit(t *testing.T) {
	everyStage(t, func(t *testing.T, people, screens int, on layout.Size) {
		items := crowd(people, screens)
		for page, pages := 0, 1; page < pages; page++ {
			l := layout.Arrange(items, on, layout.Choice{Page: page}, nil)
			pages = l.Pages
			if l.Page != page {
				t.Fatalf("%d people, %d screens: page %d is %d", people, screens, page, l.Page)
			}
			for i, c := range l.Cells {
				r := c.Rect
				if r.X < 0 || r.Y < 0 || r.X+r.Width > on.Width || r.Y+r.Height > on.Height {
					t.Fatalf("%d people, %d screens: %v leaves the stage: %+v", people, screens, c.Key, r)
				}
				if r.Width < least || r.Height < 60 {
					t.Fatalf("%d people, %d screens: %v is too small: %+v", people, screens, c.Key, r)
				}
				for _, o := range l.Cells[:i] {
					if near(r, o.Rect) {
						t.Fatalf("%d people, %d screens: %v %+v is not clear of %v %+v", people, screens, c.Key, r, o.Key, o.Rect)
					}
				}
			}
		}
	})
}

// near reports whether two rectangles cover each other, or stand closer than the gap.
func near(a, b layout.Rect) bool {
	return a.X < b.X+b.Width+layout.Gap && b.X < a.X+a.Width+layout.Gap &&
		a.Y < b.Y+b.Height+layout.Gap && b.Y < a.Y+a.Height+layout.Gap
}

// TestEverybodyIsOnSomePage: turning pages shows everybody, each once, and this
// tab's own person and the screens on each.
func TestEverybodyIsOnSomePage(t *testing.T) {
	everyStage(t, func(t *testing.T, people, screens int, on layout.Size) {
		items := crowd(people, screens)
		seen := map[layout.Key]int{}
		pages := layout.Arrange(items, on, layout.Choice{}, nil).Pages
		for page := range pages {
			for _, c := range layout.Arrange(items, on, layout.Choice{Page: page}, nil).Cells {
				seen[c.Key]++
			}
		}
		if beyond := layout.Arrange(items, on, layout.Choice{Page: pages + 3}, nil); beyond.Page != pages-1 {
			t.Fatalf("%d people: a page beyond the last is %d of %d", people, beyond.Page, pages)
		}
		for _, i := range items {
			n := seen[i.Key]
			if n == 0 || n > 1 && !i.Self && i.Source == protocol.Camera || i.Self && n != pages && n != 1 {
				t.Fatalf("%d people, %d screens: %v is on %d of %d pages", people, screens, i.Key, n, pages)
			}
		}
	})
}

// TestScreensAreLarge: a shared screen gets most of what it would have alone, on
// every stage, and comes first in reading; of two, each gets the like of half.
func TestScreensAreLarge(t *testing.T) {
	everyStage(t, func(t *testing.T, people, screens int, on layout.Size) {
		if screens == 0 {
			return
		}
		l := layout.Arrange(crowd(people, screens), on, layout.Choice{}, nil)
		if l.Name != layout.Presentation || !l.Cells[0].Large || l.Cells[0].Key != screen("p1") {
			t.Fatalf("%d people, %d screens: %q begins with %+v", people, screens, l.Name, l.Cells[0])
		}
		alone, got := shown(layout.Rect{Width: on.Width, Height: on.Height}), 0
		for _, c := range l.Cells {
			if c.Large {
				got = max(got, shown(c.Rect))
			}
		}
		if share := map[int]float64{1: 0.55, 2: 0.2}[screens]; float64(got) < share*float64(alone) {
			t.Fatalf("%d people, %d screens: a screen has %d of %d", people, screens, got, alone)
		}
		for _, c := range l.Cells {
			if !c.Large && shown(c.Rect) > got {
				t.Fatalf("%d people, %d screens: %v in the strip is larger than a screen", people, screens, c.Key)
			}
		}
	})
}

// shown is the area of the whole picture of 16:9 in a rectangle.
func shown(r layout.Rect) int {
	height := min(r.Height, r.Width*9/16)
	return height * height * 16 / 9
}

// TestNobodyIsMovedForNothing: laid out again, everybody stands where they stood;
// who comes takes nobody's place, and who goes has nobody pass another.
func TestNobodyIsMovedForNothing(t *testing.T) {
	everyStage(t, func(t *testing.T, people, screens int, on layout.Size) {
		items := crowd(people, screens)
		items[people/2].Heard, items[people-1].Heard = 2, 1
		l := layout.Arrange(items, on, layout.Choice{}, nil)
		shuffled := slices.Clone(items)
		slices.Reverse(shuffled)
		if again := layout.Arrange(shuffled, on, layout.Choice{}, l); !reflect.DeepEqual(again, l) {
			t.Fatalf("%d people, %d screens: laid out again\n%+v became\n%+v", people, screens, l, again)
		}
		come := layout.Arrange(append([]layout.Item{{Key: camera("new"), Picture: true}}, items...), on, layout.Choice{}, l)
		if n := len(order(l)); come.Pages == 1 && !slices.Equal(slices.DeleteFunc(order(come), func(k layout.Key) bool { return k == camera("new") }), order(l)) {
			t.Fatalf("%d people, %d screens: with one more, the order of %d is %v and was %v", people, screens, n, order(come), order(l))
		}
		if people < 3 {
			return
		}
		gone := layout.Arrange(slices.Delete(slices.Clone(items), 1, 2), on, layout.Choice{}, l)
		was := slices.DeleteFunc(order(l), func(k layout.Key) bool { return k == camera("p1") })
		if now := order(gone); l.Pages == 1 && !slices.Equal(now, was) {
			t.Fatalf("%d people, %d screens: with one less, the order is %v and was %v", people, screens, now, was)
		}
	})
}

func order(l *layout.Layout) []layout.Key {
	var out []layout.Key
	for _, c := range l.Cells {
		out = append(out, c.Key)
	}
	return out
}

// TestGrid: as many columns as make people largest.
func TestGrid(t *testing.T) {
	for _, c := range []struct {
		people, width, height int
		columns, rows, pages  int
	}{
		{1, 1280, 720, 1, 1, 1},
		{2, 1280, 720, 2, 1, 1},
		{2, 390, 800, 1, 2, 1},
		{4, 1280, 720, 2, 2, 1},
		{6, 1440, 740, 3, 2, 1},
		{6, 374, 690, 2, 3, 1},
		{9, 1280, 720, 3, 3, 1},
		{16, 1440, 740, 4, 4, 1},
		{17, 1440, 740, 4, 4, 2},
		{7, 374, 690, 2, 3, 2},
		{3, 320, 240, 2, 2, 1},
	} {
		l := layout.Arrange(crowd(c.people, 0), layout.Size{Width: c.width, Height: c.height}, layout.Choice{}, nil)
		lefts, tops := map[int]bool{}, map[int]bool{}
		for i, cell := range l.Cells {
			if i < c.columns {
				lefts[cell.Rect.X] = true
			}
			tops[cell.Rect.Y] = true
		}
		if l.Name != layout.Grid || len(lefts) != c.columns || len(tops) != c.rows || l.Pages != c.pages {
			t.Errorf("%d people on %dx%d: %q of %dx%d, %d pages; want %dx%d, %d pages", c.people, c.width, c.height,
				l.Name, len(lefts), len(tops), l.Pages, c.columns, c.rows, c.pages)
		}
	}
}

// TestOneself stands last.
func TestOneself(t *testing.T) {
	l := layout.Arrange(crowd(5, 0), layout.Size{Width: 1280, Height: 720}, layout.Choice{}, nil)
	if last := l.Cells[4]; last.Key != camera("p0") {
		t.Errorf("the last cell is %v", last.Key)
	}
	// The last row, which is not full, stands in the middle.
	if a, b := l.Cells[3].Rect, l.Cells[4].Rect; a.X <= l.Cells[0].Rect.X || a.X-0 != 1280-(b.X+b.Width) {
		t.Errorf("the last row stands at %+v and %+v", a, b)
	}
}

// TestWhoSpeaksIsSeen: who speaks comes to the first page, in the place of whoever
// has been silent for the longest time, and nobody else moves.
func TestWhoSpeaksIsSeen(t *testing.T) {
	on := layout.Size{Width: 1440, Height: 740}
	items := crowd(40, 0)
	before := layout.Arrange(items, on, layout.Choice{}, nil)
	for i := 1; i <= 15; i++ {
		items[i].Heard = 10 + i
	}
	items[4].Heard, items[30].Heard = 1, 40
	after := layout.Arrange(items, on, layout.Choice{}, before)
	want := order(before)
	want[3] = camera("p30") // p4's place
	if !slices.Equal(order(after), want) {
		t.Errorf("the page is %v, want %v", order(after), want)
	}
	if second := layout.Arrange(items, on, layout.Choice{Page: 1, Turned: 40}, after); !slices.Contains(order(second), camera("p4")) {
		t.Errorf("who gave their place is not on the second page: %v", order(second))
	}
	items[4].Heard = 0
	if silent := layout.Arrange(items, on, layout.Choice{}, after); !reflect.DeepEqual(silent, after) {
		t.Error("falling silent changed something")
	}
}

// TestWhoSpeaksIsSeenOnTheirPage: who speaks since a page was turned to comes to
// that page. Nobody who spoke before is dragged along, and oneself is never brought
// to where others are seen.
func TestWhoSpeaksIsSeenOnTheirPage(t *testing.T) {
	on := layout.Size{Width: 1440, Height: 740}
	items := crowd(40, 0)
	items[3].Heard = 7
	first := layout.Arrange(items, on, layout.Choice{}, nil)
	second := layout.Choice{Page: 1, Turned: 7}
	before := layout.Arrange(items, on, second, first)
	if slices.Contains(order(before), camera("p3")) {
		t.Errorf("who spoke before is dragged along: %v", order(before))
	}
	items[5].Heard, items[39].Heard = 8, 9
	after := layout.Arrange(items, on, second, before)
	moved := 0
	for i, k := range order(after) {
		if k != order(before)[i] {
			moved++
		}
	}
	if !slices.Contains(order(after), camera("p5")) || !slices.Contains(order(after), camera("p39")) || moved != 2 {
		t.Errorf("the page is %v and was %v", order(after), order(before))
	}
	if again := layout.Arrange(items, on, second, after); !reflect.DeepEqual(again, after) {
		t.Error("laid out again")
	}
	if back := layout.Arrange(items, on, layout.Choice{Turned: 9}, after); slices.Contains(order(back), camera("p5")) || !slices.Contains(order(back), camera("p3")) {
		t.Errorf("the first page is %v", order(back))
	}

	narrow := layout.Size{Width: 130, Height: 150} // two at once
	items = crowd(8, 0)
	items[0].Heard = 9
	if l := layout.Arrange(items, narrow, layout.Choice{}, nil); len(l.Cells) != 2 || slices.Contains(order(l), camera("p0")) {
		t.Errorf("oneself speaks: %v", order(l))
	}
}

// TestPins: who is pinned is large, and goes back to their place; a screen stands
// before the people then.
func TestPins(t *testing.T) {
	on := layout.Size{Width: 1440, Height: 740}
	items := crowd(6, 0)
	grid := layout.Arrange(items, on, layout.Choice{}, nil)
	pinned := layout.Arrange(items, on, layout.Choice{Pins: []layout.Key{camera("p3"), camera("gone")}}, grid)
	if c, seen := pinned.Cell(camera("p3")); pinned.Name != layout.Spotlight || !seen || !c.Large || !c.Pinned || pinned.Cells[0].Key != c.Key {
		t.Errorf("pinned: %q %+v", pinned.Name, pinned.Cells)
	}
	if back := layout.Arrange(items, on, layout.Choice{}, pinned); !reflect.DeepEqual(back, grid) {
		t.Errorf("unpinned: %+v, want %+v", back, grid)
	}
	items = crowd(6, 2)
	two := layout.Arrange(items, on, layout.Choice{Pins: []layout.Key{screen("p2")}}, grid)
	if two.Name != layout.Presentation || two.Cells[0].Key != screen("p2") || two.Cells[1].Key != screen("p1") || two.Cells[1].Large {
		t.Errorf("one of two screens pinned: %q %+v", two.Name, two.Cells)
	}
	if _, seen := two.Cell(camera("gone")); seen {
		t.Error("who is gone is seen")
	}
}

// TestSpeaker: whoever spoke last of the others is large, if that was asked for
// and no screen is shared.
func TestSpeaker(t *testing.T) {
	on, want := layout.Size{Width: 1280, Height: 720}, layout.Choice{Mode: layout.Speaker}
	items := crowd(4, 0)
	items[0].Heard, items[2].Heard = 9, 3
	if l := layout.Arrange(items, on, want, nil); l.Name != layout.Spotlight || l.Cells[0].Key != camera("p2") {
		t.Errorf("%q %+v", l.Name, l.Cells)
	}
	if l := layout.Arrange(items[:1], on, want, nil); l.Name != layout.Grid || len(l.Cells) != 1 {
		t.Errorf("alone: %q %+v", l.Name, l.Cells)
	}
	if l := layout.Arrange(crowd(4, 1), on, want, nil); l.Name != layout.Presentation {
		t.Errorf("beside a screen: %q", l.Name)
	}
}

// TestPictures: what is seen is asked for at its size on the screen, others'
// pictures only, and nothing else.
func TestPictures(t *testing.T) {
	items := crowd(3, 1)
	items[2].Picture = false
	l := layout.Arrange(items, layout.Size{Width: 1440, Height: 740, Ratio: 2}, layout.Choice{}, nil)
	want := []protocol.Picture{{Participant: "p1", Source: protocol.Screen, Height: 1530}, {Participant: "p1", Source: protocol.Camera, Height: 270}}
	if !slices.Equal(l.Pictures, want) {
		t.Errorf("pictures are %v, want %v", l.Pictures, want)
	}
	// A person fills a cell that is wider than their picture.
	wide := layout.Arrange(crowd(2, 0)[1:], layout.Size{Width: 1600, Height: 300}, layout.Choice{}, nil)
	if wide.Pictures[0].Height != 900 {
		t.Errorf("a cell of 1600x300 asks for %v", wide.Pictures)
	}
	unmeasured := layout.Arrange(items, layout.Size{}, layout.Choice{}, nil)
	if want := []protocol.Picture{{Participant: "p1", Source: protocol.Screen, Height: 1080}, {Participant: "p1", Source: protocol.Camera, Height: 360}}; !slices.Equal(unmeasured.Pictures, want) || len(unmeasured.Cells) != 0 {
		t.Errorf("unmeasured: %+v", unmeasured)
	}
	second := layout.Arrange(crowd(40, 0), layout.Size{Width: 1440, Height: 740}, layout.Choice{Page: 1}, nil)
	for _, p := range second.Pictures {
		if _, seen := second.Cell(layout.Key{Participant: p.Participant, Source: p.Source}); !seen {
			t.Errorf("asks for %v, which is not seen", p)
		}
	}
	if len(second.Pictures) != 15 {
		t.Errorf("the second page asks for %d pictures", len(second.Pictures))
	}
}

// TestTinyStages: where there is no room for two, one is seen, and nothing
// breaks.
func TestTinyStages(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {60, 40}, {119, 67}, {130, 90}, {40, 400}, {900, 30}} {
		for _, screens := range []int{0, 1, 2, 4} {
			l := layout.Arrange(crowd(9, screens), layout.Size{Width: size[0], Height: size[1], Ratio: 1}, layout.Choice{}, nil)
			if len(l.Cells) == 0 || l.Pages < 1 {
				t.Errorf("%v with %d screens: %+v", size, screens, l)
			}
			for _, c := range l.Cells {
				if r := c.Rect; r.X < 0 || r.Y < 0 || r.X+r.Width > size[0] || r.Y+r.Height > size[1] {
					t.Errorf("%v with %d screens: %v leaves the stage: %+v", size, screens, c.Key, r)
				}
			}
		}
	}
	if l := layout.Arrange(nil, layout.Size{Width: 800, Height: 600}, layout.Choice{}, nil); len(l.Cells) != 0 || l.Pages != 1 {
		t.Errorf("an empty stage: %+v", l)
	}
}

func BenchmarkArrange(b *testing.B) {
	items := crowd(50, 1)
	on := layout.Size{Width: 1440, Height: 740, Ratio: 2}
	last := layout.Arrange(items, on, layout.Choice{}, nil)
	b.ReportAllocs()
	for b.Loop() {
		last = layout.Arrange(items, on, layout.Choice{}, last)
	}
}
