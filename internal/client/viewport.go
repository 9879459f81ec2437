package client

import "overtime/internal/protocol"

// viewport is how large the stage is, in device pixels; it says which pictures
// are worth having, and how large.
type viewport struct{ width, height int }

// pictures are the others' cameras, as large as their tiles.
func (v *viewport) pictures(r *roster) []protocol.Picture {
	height := pictureHeight(Arrange(len(r.people), v.width, v.height))
	out := []protocol.Picture{}
	for i, id := range r.slots.ids {
		if p, here := r.person(id); i > 0 && here && p.Sends(protocol.Camera) {
			out = append(out, protocol.Picture{Participant: id, Source: protocol.Camera, Height: height})
		}
	}
	return out
}

// pictureHeight is of a 16:9 picture that covers a tile.
func pictureHeight(g Grid) int {
	height := max(g.TileHeight, g.TileWidth*9/16)
	if height == 0 {
		return showUnknown
	}
	return (height + showStep - 1) / showStep * showStep
}
