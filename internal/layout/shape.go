package layout

const (
	// Gap is between cells, in CSS pixels.
	Gap = 8

	// narrowest and lowest are what a cell has at least, wherever the stage has
	// room for one of that size.
	narrowest, lowest = 120, 68

	// A page of a grid holds so many people at most: on a desk, and on a stage of
	// which one side is shorter than shortSide, as on a phone.
	pageOnDesk, pageOnPhone = 16, 6
	shortSide               = 480

	// Of several that could be large, as many are as get this width each.
	narrowestLarge = 240

	// A strip is at least so much of the stage, within these bounds: its height
	// below the large ones, its width beside them.
	stripShare                = 0.18
	highestStrip, widestStrip = 140, 240
	// A page of a strip has cells of at least this size, where sides are not short.
	stripWidth, stripHeight = 160, 90
)

// A shape is how much a cell of a size is worth, as the area of the picture that
// it shows.
type shape func(width, height int) int

// personShape counts the largest picture of 4:3 to 16:9 that a cell holds: a
// person fills their cell, and is cropped a little for that.
func personShape(width, height int) int {
	picture := min(width*3/4, height)
	return picture * min(width, picture*16/9)
}

// screenShape counts a whole picture of 16:9: nothing of a screen is cropped.
func screenShape(width, height int) int {
	picture := min(width*9/16, height)
	return picture * picture * 16 / 9
}

// fill is n rectangles of one size that fill an area, the last row in the middle.
// Of all numbers of columns that leave a cell wide enough it takes the one that is
// worth most.
func fill(area Rect, n int, by shape) []Rect {
	if n == 0 {
		return nil
	}
	columns, best := 1, -1
	for c := 1; c <= min(n, fits(area.Width, narrowest)); c++ {
		if worth := by(share(area.Width, c), share(area.Height, rows(n, c))); worth > best {
			columns, best = c, worth
		}
	}
	return grid(area, n, columns)
}

// grid is n rectangles in so many columns.
func grid(area Rect, n, columns int) []Rect {
	out := make([]Rect, 0, n)
	down := rows(n, columns)
	width, height := share(area.Width, columns), share(area.Height, down)
	top := area.Y + (area.Height-down*height-(down-1)*Gap)/2
	for row := range down {
		in := min(columns, n-row*columns)
		left := area.X + (area.Width-in*width-(in-1)*Gap)/2
		for column := range in {
			out = append(out, Rect{left + column*(width+Gap), top + row*(height+Gap), width, height})
		}
	}
	return out
}

func rows(n, columns int) int { return (n + columns - 1) / columns }

// share is the length of each of n that stand in a row with gaps between them.
func share(length, n int) int { return max((length-Gap*(n-1))/n, 0) }

// fits is how many of a length stand in a row.
func fits(length, of int) int { return max((length+Gap)/(of+Gap), 1) }

// short reports whether a stage is as small as a phone's.
func short(area Rect) bool { return min(area.Width, area.Height) < shortSide }

// capacity is how many people a page of a grid holds.
func capacity(area Rect) int {
	most := pageOnDesk
	if short(area) {
		most = pageOnPhone
	}
	return min(most, fits(area.Width, narrowest)*fits(area.Height, lowest))
}

// stripCapacity is how many people a page of a strip holds, on a stage.
func stripCapacity(strip, stage Rect) int {
	switch {
	case strip.Width <= 0 || strip.Height <= 0:
		return 0
	case short(stage):
		return min(pageOnPhone, fits(strip.Width, narrowest)*fits(strip.Height, lowest))
	}
	return min(pageOnDesk, fits(strip.Width, stripWidth)*fits(strip.Height, stripHeight))
}

// holds is how many of n can be large on a stage.
func holds(area Rect, n int) int {
	for n > 1 && fill(area, n, screenShape)[0].Width < narrowestLarge {
		n--
	}
	return n
}

// split gives the strip and the area above or beside it that n large ones share;
// of both ways, the one in which these are larger. A strip takes what they leave
// free, to half of the stage. Without people, or without room for them, there is
// no strip.
func split(area Rect, n, people int) (strip, large Rect) {
	if people == 0 {
		return Rect{}, area
	}
	height := stripSize(area.Height, lowest, highestStrip)
	width := stripSize(area.Width, narrowest, widestStrip)
	above := Rect{area.X, area.Y, area.Width, area.Height - height - Gap}
	left := Rect{area.X, area.Y, area.Width - width - Gap, area.Height}
	onTop, onLeft := worth(above, n), worth(left, n)
	switch {
	case onTop < 0 && onLeft < 0:
		return Rect{}, area
	case onTop >= onLeft:
		_, _, needed := packed(above, n, screenShape)
		above.Height = max(min(above.Height, needed), area.Height/2)
		return Rect{area.X, area.Y + above.Height + Gap, area.Width, area.Height - above.Height - Gap}, above
	}
	_, needed, _ := packed(left, n, screenShape)
	left.Width = max(min(left.Width, needed), area.Width/2)
	return Rect{area.X + left.Width + Gap, area.Y, area.Width - left.Width - Gap, area.Height}, left
}

func stripSize(of, least, most int) int {
	return min(max(int(float64(of)*stripShare), least), most)
}

// worth is what each of n large ones gets of an area; -1: there is none.
func worth(area Rect, n int) int {
	if area.Width <= 0 || area.Height <= 0 {
		return -1
	}
	cell := fill(area, n, screenShape)[0]
	return screenShape(cell.Width, cell.Height)
}

// packed is in how many columns n whole pictures of 16:9 stand close together in an
// area, and what they use of it.
func packed(area Rect, n int, by shape) (columns, width, height int) {
	cells := fill(area, n, by)
	columns = 1
	for columns < n && cells[columns].Y == cells[0].Y {
		columns++
	}
	down, picture := rows(n, columns), sixteenNinths(cells[0])
	return columns, columns*picture.Width + (columns-1)*Gap, down*picture.Height + (down-1)*Gap
}

// sixteenNinths is the largest rectangle of 16:9 in the middle of another.
func sixteenNinths(r Rect) Rect {
	width := min(r.Width, (r.Height*16+8)/9)
	height := min(r.Height, (width*9+8)/16)
	return Rect{r.X + (r.Width-width)/2, r.Y + (r.Height-height)/2, width, height}
}

// strip is n rectangles of 16:9 that stand close together in the middle of a strip.
func strip(area Rect, n int) []Rect {
	if n == 0 {
		return nil
	}
	columns, width, height := packed(area, n, personShape)
	return grid(Rect{area.X + (area.Width-width)/2, area.Y + (area.Height-height)/2, width, height}, n, columns)
}
