package archtest

import (
	"go/ast"
	"go/token"
	"slices"
)

// controls are go-app's elements that can be pressed or filled in.
var controls = []string{"Button", "Input", "Select"}

// checkGates finds controls of the pages that are disabled, or given their id,
// in another way than by ui.Use.
func checkGates(sources []source) []violation {
	const reason = "a control gets its id and its gate from ui.Use: what is seen, what is read out and what tools find must not differ"
	var found []violation
	for _, s := range sources {
		if s.isTest() || !within(s.pkg(), "overtime/components") || s.path == "components/ui/gate.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch {
			case method.Sel.Name == "Disabled" && len(call.Args) == 1:
				found = append(found, violation{s.at(n.Pos()), "disables a control", reason})
			case method.Sel.Name == "DataSet" && hook(call.Args) && slices.Contains(controls, made(method.X)):
				found = append(found, violation{s.at(n.Pos()), "gives a control its id", reason})
			}
			return true
		})
	}
	return found
}

// checkStyles finds pages that write the attribute style.
func checkStyles(sources []source) []violation {
	var found []violation
	for _, s := range sources {
		if s.isTest() || !within(s.pkg(), "overtime/components") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if method, ok := call.Fun.(*ast.SelectorExpr); ok && (method.Sel.Name == "Style" || method.Sel.Name == "Styles") {
				found = append(found, violation{s.at(n.Pos()), "writes the attribute style",
					"the page's policy refuses it: set the property of the element, once it is there"})
			}
			return true
		})
	}
	return found
}

// hook reports whether the first argument names an attribute that carries an
// id: "testid", or what ui.Key says.
func hook(args []ast.Expr) bool {
	if len(args) == 0 {
		return false
	}
	if call, ok := args[0].(*ast.CallExpr); ok {
		f, ok := call.Fun.(*ast.SelectorExpr)
		return ok && f.Sel.Name == "Key"
	}
	l, ok := args[0].(*ast.BasicLit)
	return ok && l.Kind == token.STRING && l.Value == `"testid"`
}

// made is the function of package app that a chain of calls begins with, such
// as Button of app.Button().Class("x"); empty if it begins otherwise.
func made(e ast.Expr) string {
	for {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return ""
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		if on, ok := f.X.(*ast.Ident); ok && on.Name == "app" {
			return f.Sel.Name
		}
		e = f.X
	}
}
