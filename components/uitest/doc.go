// Package uitest mounts components natively, presses what is on them by role
// and name as a person does, and looks at what they draw by data-testid, as
// browser tests do.
//
// It is called by the tests of components only.
package uitest
