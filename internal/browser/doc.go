// Package browser is what Overtime needs of a web browser: the WebSocket, the
// devices, one RTCPeerConnection with its seats, the elements that show
// pictures and play sound, storage and the tab. It is the only package with
// syscall/js, and it implements the interfaces that package client declares.
//
// It is called by app alone, which takes the parts from New and gives them to
// client and components. It must not know the rules of a meeting, the messages
// on the wire beyond the words media.offer needs, reconnection, go-app, or how
// anything is worded or drawn.
//
// # Concurrency
//
// The program has one thread. A goroutine that waits lets others run; a
// callback of the browser that waits stops the whole program. So no callback
// here waits, what callers gave is called on goroutines of its own, and the
// methods that wait (those with a context, and Peer.Send) must not be called
// from a DOM handler itself but from a goroutine.
//
// Locks are needed all the same: the collector may park a goroutine wherever
// it allocates. One may be held across a call into JavaScript only if that
// call raises no event before it returns; a listener that then wanted the lock
// would wait for ever.
package browser
