// Package protocol holds the messages on the WebSocket between a browser and
// the server: two sealed sets, ClientMessage and ServerMessage, their JSON and
// the close codes. Both programs share it, so nothing is declared twice.
//
// It is called by edge and rooms on the server and by client in the browser.
// It must not know how messages are carried, nor decide anything about a
// meeting. docs/protocol.md is made from this package's golden files.
package protocol

//go:generate go test -run ^(TestGolden|TestDocumentation)$ -update .
