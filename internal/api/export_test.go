package api

import "overtime/internal/protocol"

// RoomIDOf is the id of the room that a portal names by an external_id.
func RoomIDOf(external string) string { return roomIDOf("external", external) }

// ExampleRoomID and ExampleExternalID are in the description.
const (
	ExampleRoomID     = exampleRoomID
	ExampleExternalID = exampleExternalID
)

// FaultCodes are all codes that errors can have.
func FaultCodes() (codes []protocol.Code) {
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	return codes
}
