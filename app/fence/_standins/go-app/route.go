package app

import "strings"

// routes are asked in their order. They are made before the program starts, and
// only read from then on.
var routes router

type router []route

type route struct {
	matches      func(path string) bool
	newComponent func() Composer
}

func (r router) createComponent(path string) (Composer, bool) {
	for _, route := range r {
		if route.matches(path) {
			return route.newComponent(), true
		}
	}
	return nil, false
}

// RouteFunc has newComponent make the page at exactly this path.
func RouteFunc(path string, newComponent func() Composer) {
	routes = append(routes, route{func(p string) bool { return p == path }, newComponent})
}

// RouteWithRegexpFunc has newComponent make the pages whose path matches. It
// knows the two kinds of pattern that this program has: the empty one, which
// matches every path, and ^folder[A-Za-z0-9_-]+$, a name in a folder.
func RouteWithRegexpFunc(pattern string, newComponent func() Composer) {
	if pattern == "" {
		routes = append(routes, route{func(string) bool { return true }, newComponent})
		return
	}
	folder, named := strings.CutSuffix(pattern, "[A-Za-z0-9_-]+$")
	folder, anchored := strings.CutPrefix(folder, "^")
	if !named || !anchored || strings.ContainsAny(folder, `\.+*?()|[]{}^$`) {
		panic("the browser program has no regular expressions (app/fence), and its router does not know " + pattern)
	}
	routes = append(routes, route{func(path string) bool {
		name, inside := strings.CutPrefix(path, folder)
		return inside && name != "" && strings.Trim(name, nameCharacters) == ""
	}, newComponent})
}

const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
