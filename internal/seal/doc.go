// Package seal notices damage to the files in which the embedded NATS keeps its
// streams. NATS cuts a file off where it cannot read on, and says nothing; so
// what is in the files is written beside them while all is well (the seal), and
// at each start they are held against it before NATS opens them.
//
// It is called by package bus. It reads NATS's format of files and writes none of
// them, but when an operator asks for what is left of a damaged store. It must
// not know what the streams are for.
package seal
