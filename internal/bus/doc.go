// Package bus carries what edges and rooms say to one another, over NATS: an
// embedded server with no port open, or later an external cluster. It owns the
// subjects and the envelope, so that nobody else spells one.
//
// It is called by edge and rooms; store works on its JetStream. It must not know
// what the messages mean.
//
// Order: everything a room sends to one edge connection, answers and events
// alike, arrives in the order it was sent, because it leaves by one NATS
// connection and arrives in one channel.
package bus
