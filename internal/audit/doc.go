// Package audit keeps who did what, and who was refused what: a list that is
// only ever added to, in which each entry holds the digest of the one before of
// its room, and an anchor now and then the digests of all; so that one that was
// changed or taken out shows, and nobody waits for what happens in another room.
//
// It is called through notify: by rooms' actors and api for what must be on the
// disk before anybody is told, and for what they refuse; and by api for whoever
// reads it. It must not know the rules, nor what is in an entry's data.
//
// The words, one file each:
//
//	Entry   what happened, and whose doing it was       entry.go
//	Log     the stream, and how it is added to          log.go
//	link    where a chain of digests has come to        chain.go
//	anchor  what holds the chains together              anchor.go
//	Read    pages of it                                 read.go
//	Verify  whether all of it is as it was written      verify.go
//	soon    what nobody waits for, within bounds        soon.go
//
// What the chain does not show: that its newest or its oldest entries were cut
// off, or that all of it was written anew, by somebody who has the disk. Whoever
// must rule that out notes the newest digest elsewhere, now and then.
package audit
