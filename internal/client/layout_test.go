package client_test

import (
	"testing"

	"pgregory.net/rapid"

	"overtime/internal/client"
)

const gap = 8 // as the styles have it

// TestArrangeProperty: all tiles have a cell, and the cells fit the stage.
func TestArrangeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 49).Draw(t, "tiles")
		width, height := rapid.IntRange(320, 8000).Draw(t, "width"), rapid.IntRange(320, 5000).Draw(t, "height")
		g := client.Arrange(n, width, height)
		if g.Columns*g.Rows < n || g.Columns*(g.Rows-1) >= n {
			t.Fatalf("%d tiles in %+v", n, g)
		}
		if g.TileWidth <= 0 || g.TileHeight <= 0 {
			t.Fatalf("nothing to see in %+v", g)
		}
		if g.Columns*g.TileWidth+gap*(g.Columns-1) > width || g.Rows*g.TileHeight+gap*(g.Rows-1) > height {
			t.Fatalf("%+v does not fit %dx%d", g, width, height)
		}
		if more := client.Arrange(n+1, width, height); more.TileWidth*more.TileHeight > g.TileWidth*g.TileHeight && more.Columns == g.Columns && more.Rows == g.Rows {
			t.Fatalf("more tiles are larger: %+v, %+v", g, more)
		}
	})
}

func TestArrange(t *testing.T) {
	for _, c := range []struct{ n, width, height, columns, rows int }{
		{1, 1280, 720, 1, 1},
		{2, 1280, 720, 2, 1},
		{2, 390, 800, 1, 2},
		{4, 1280, 720, 2, 2},
		{9, 1280, 720, 3, 3},
		{0, 1280, 720, 1, 1},
		{3, 0, 0, 1, 3},
	} {
		g := client.Arrange(c.n, c.width, c.height)
		if g.Columns != c.columns || g.Rows != c.rows || g.TileWidth < 0 || g.TileHeight < 0 {
			t.Errorf("%d tiles on %dx%d: %+v, want %dx%d", c.n, c.width, c.height, g, c.columns, c.rows)
		}
	}
}
