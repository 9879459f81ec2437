// Package words is the catalogue of the sentences that people read: each by its
// key, with named arguments and with plurals by the language's rule.
//
// A catalogue is an ARB file, which is JSON with one message for each key in the
// syntax of ICU, as translators' tools read and write it. Supported are {name},
// {name, plural, =0 {…} one {…} other {# …}} and {name, select, a {…} other {…}},
// each within another, and the apostrophe that quotes a brace.
//
// It is called by components, which draw sentences, by httpd, which writes the
// pages that need no program, and by embed. It must not know what a sentence is
// about, nor how it is drawn.
package words
