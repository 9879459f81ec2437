// Package storybook shows every page and state with canned Views, so that they
// can be looked at without a server. It is compiled with the build tag
// storybook only.
//
// It is called by a program of a developer's own. It must not be linked into
// either of the product's programs.
package storybook
