// Package groupcommit has many messages to one stream share one sync of the disk.
//
// It is called by store and audit for what many rooms may write at the same
// instant. It must not know what the messages say.
package groupcommit
