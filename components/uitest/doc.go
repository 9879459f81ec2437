// Package uitest mounts components natively and looks at what they draw by
// data-testid, as browser tests do.
//
// It is called by the tests of components only.
package uitest
