package edge

import "overtime/internal/protocol"

// What the edge says itself.
var (
	errSlowRoom      = protocol.Error{Code: protocol.CodeUnknown, Message: "the meeting does not answer; see whether that was done, then try again"}
	errUnavailable   = protocol.Error{Code: protocol.CodeUnavailable, Message: "the server cannot do that just now; try again in a moment"}
	errTooMany       = protocol.Error{Code: protocol.CodeTooMany, Message: "there are too many connections from your network; try again in a moment"}
	errNetworkFull   = protocol.Error{Code: protocol.CodeNetworkFull, Message: "as many people of your network are here as this server takes from one; you can come in when one of them leaves, or whoever runs the server allows more (--people-per-address)"}
	errWaiting       = protocol.Error{Code: protocol.CodeTooMany, Message: "too much that you asked waits for an answer; wait for it, then ask again"}
	errCrowd         = protocol.Error{Code: protocol.CodeTooMany, Message: "many people are coming in from your network; you are let in in a moment"}
	errTooManyFrames = protocol.Error{Code: protocol.CodeTooMany, Message: "this browser sends more frames than any message needs; update it, or use another one"}
	errGuessing      = protocol.Error{Code: protocol.CodeTooMany, Message: "too many links that are not valid came from your network; try again in a minute"}
	errBadToken      = protocol.Error{Code: protocol.CodeBadToken, Message: "this link is not valid; ask whoever sent it for a new one"}
)
