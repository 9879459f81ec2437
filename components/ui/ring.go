package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

const svgNamespace = "http://www.w3.org/2000/svg"

// Ring is a ring that empties: share is what is left, from 0 to 1.
//
// It is made of elements and not of raw text so that it changes in place each
// second. Its parts are named by data-part: go-app sets className, which SVG
// elements do not let anybody write.
func Ring(share float64) app.UI {
	share = min(max(share, 0), 1)
	left := strconv.FormatFloat(share*100, 'f', 2, 64)
	return app.Span().Class("ring").Aria("hidden", "true").Body(
		app.Elem("svg").XMLNS(svgNamespace).Attr("viewBox", "0 0 32 32").Attr("fill", "none").Body(
			circle("track").Attr("stroke-dasharray", "100 0"),
			circle("left").Attr("stroke-dasharray", left+" 100"),
		),
	)
}

func circle(part string) app.HTMLElem {
	return app.Elem("circle").XMLNS(svgNamespace).
		Attr("data-part", part).
		Attr("cx", "16").Attr("cy", "16").Attr("r", "13").
		Attr("pathLength", "100").
		Attr("stroke-width", "3").
		Attr("transform", "rotate(-90 16 16)")
}
