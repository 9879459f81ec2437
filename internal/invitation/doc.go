// Package invitation reads the addresses of rooms as they arrive: whole, or
// with what mail, chats and people put around them on the way.
//
// It is called wherever a link is read: by the server for an address that is
// asked for, by the browser's session for the one that is open, by the program
// for one that the system hands over, and by the operator's command. It knows
// no key and says nothing about whether a token is good. It must not depend on
// anything but the standard library, because both programs share it.
package invitation
