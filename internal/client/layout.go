package client

// Grid is how tiles stand on a stage.
type Grid struct {
	Columns, Rows int
	// TileWidth and TileHeight in the stage's unit.
	TileWidth, TileHeight int
}

// gap between tiles, in CSS pixels; the styles use the same.
const gap = 8

// Arrange is the grid that makes n tiles largest on a stage of the given size,
// judging a tile by the 16:9 picture that fits into it.
func Arrange(n, width, height int) Grid {
	best, bestArea := Grid{Columns: 1, Rows: max(n, 1)}, -1
	for columns := 1; columns <= max(n, 1); columns++ {
		rows := (max(n, 1) + columns - 1) / columns
		w := max((width-gap*(columns-1))/columns, 0)
		h := max((height-gap*(rows-1))/rows, 0)
		// A tile fills its cell and crops a little: count the largest
		// picture of 4:3 to 16:9 that the cell holds.
		picture := min(w*3/4, h)
		area := picture * min(w, picture*16/9)
		if area > bestArea {
			best, bestArea = Grid{Columns: columns, Rows: rows, TileWidth: w, TileHeight: h}, area
		}
	}
	return best
}
