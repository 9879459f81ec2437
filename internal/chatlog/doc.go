// Package chatlog keeps what is written in the chats of all rooms: a stream in which
// each session has a subject of its own. What was acknowledged is on the disk, in
// order, and is there once however often it is sent. What is deleted leaves who wrote
// it, and nothing of its text.
//
// It is opened by package node and used by the shell of a room, by the API and by the
// sweeper. It must not know who may write or delete: whoever calls it decides that.
package chatlog
