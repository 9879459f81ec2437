package protocol

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"overtime/internal/meeting"
)

// Limits on what a client may send, in bytes of JSON text.
const (
	MaxFrame = 64 << 10  // any message
	MaxOffer = 256 << 10 // media.offer, which carries an SDP
	MaxToken = 4 << 10   // a token or resume secret
	MaxID    = 64        // a request's id
	// MaxPictures is how many a Show may name: camera and screen of everybody in the
	// largest room.
	MaxPictures = 2 * meeting.MaxCapacity
)

const (
	// PlaceHeld is how long a place waits for a lost connection.
	PlaceHeld = 30 * time.Second
	// PlaceHeldClosed is how long it waits for a page that was closed, reloaded
	// or left, as its browser says by closing with CloseGoingAway.
	PlaceHeldClosed = 5 * time.Second
)

// ClientFrame is one text frame from a browser.
type ClientFrame struct {
	// ID is chosen by the client; the answer carries it. A repeated request
	// keeps its ID.
	ID      string
	Message ClientMessage
}

// ServerFrame is one text frame to a browser.
type ServerFrame struct {
	ID      string // of the request it answers, empty for an event
	Epoch   uint64 // which ownership of the room speaks; lower ones are stale
	Seq     uint64 // the last event of that epoch when the frame was made; events count up by one
	Message ServerMessage
}

// Event reports whether the frame is one of the room's numbered events, as
// against an answer or a word to one connection alone.
func (f ServerFrame) Event() bool {
	_, event := f.Message.(event)
	return event
}

// clientWire is what a browser may write; epoch and seq are the server's.
type clientWire struct {
	Type string          `json:"type"`
	ID   string          `json:"id,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`
}

type wireFrame struct {
	Type  string          `json:"type"`
	ID    string          `json:"id,omitempty"`
	Epoch uint64          `json:"epoch,omitempty"`
	Seq   uint64          `json:"seq,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// DecodeError says what is wrong with a frame, in words for whoever wrote the
// program that sent it. ID is the request's, where it could be read.
type DecodeError struct {
	Code    Code
	ID      string
	Message string
}

func (e *DecodeError) Error() string { return string(e.Code) + ": " + e.Message }

// DecodeClient reads one frame from a browser. Errors are *DecodeError with
// CodeBadMessage or CodeUnknownType.
func DecodeClient(text []byte) (ClientFrame, error) {
	if len(text) > MaxOffer {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, Message: "the message is too large"}
	}
	if crowded(text) {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, Message: "the message holds too many values"}
	}
	var w clientWire
	if err := strict(text, &w); err != nil {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, Message: "the frame is not a message: " + reason(err)}
	}
	if len(w.ID) > MaxID {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, Message: "the id is longer than 64 bytes"}
	}
	kind, known := clientTypes[w.Type]
	if !known {
		return ClientFrame{}, &DecodeError{
			Code: CodeUnknownType, ID: w.ID, Message: fmt.Sprintf("there is no message of type %.40q", w.Type),
		}
	}
	if w.Type != typeOffer && len(text) > MaxFrame {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, ID: w.ID, Message: "the message is too large"}
	}
	if len(w.Data) == 0 {
		w.Data = []byte("{}")
	}
	msg := reflect.New(kind)
	if err := strict(w.Data, msg.Interface()); err != nil {
		return ClientFrame{}, &DecodeError{
			Code: CodeBadMessage, ID: w.ID, Message: "the data of " + w.Type + " is wrong: " + reason(err),
		}
	}
	return ClientFrame{ID: w.ID, Message: msg.Elem().Interface().(ClientMessage)}, nil
}

// DecodeRelayed reads a frame that DecodeClient has read before and Encode has written:
// nothing in it has to be looked for a second time. Errors are as DecodeClient's, for a
// process of another version may have sent it.
func DecodeRelayed(text []byte) (ClientFrame, error) {
	var w wireFrame
	if err := json.Unmarshal(text, &w); err != nil {
		return ClientFrame{}, &DecodeError{Code: CodeBadMessage, Message: reason(err)}
	}
	kind, known := clientTypes[w.Type]
	if !known {
		return ClientFrame{}, &DecodeError{Code: CodeUnknownType, ID: w.ID, Message: fmt.Sprintf("there is no message of type %.40q", w.Type)}
	}
	msg := reflect.New(kind)
	if len(w.Data) > 0 {
		if err := json.Unmarshal(w.Data, msg.Interface()); err != nil {
			return ClientFrame{}, &DecodeError{Code: CodeBadMessage, ID: w.ID, Message: reason(err)}
		}
	}
	return ClientFrame{ID: w.ID, Message: msg.Elem().Interface().(ClientMessage)}, nil
}

// DecodeServer reads one frame from the server. Fields it does not know are
// passed over, so that a tab outlives an update of the server. With CodeUnknownType
// comes the frame without its message.
func DecodeServer(text []byte) (ServerFrame, error) {
	var w wireFrame
	if err := json.Unmarshal(text, &w); err != nil {
		return ServerFrame{}, &DecodeError{Code: CodeBadMessage, Message: reason(err)}
	}
	kind, known := serverTypes[w.Type]
	if !known {
		return ServerFrame{ID: w.ID, Epoch: w.Epoch, Seq: w.Seq}, &DecodeError{Code: CodeUnknownType, ID: w.ID, Message: fmt.Sprintf("unknown type %.40q", w.Type)}
	}
	msg := reflect.New(kind)
	if len(w.Data) > 0 {
		if err := json.Unmarshal(w.Data, msg.Interface()); err != nil {
			return ServerFrame{}, &DecodeError{Code: CodeBadMessage, ID: w.ID, Message: reason(err)}
		}
	}
	return ServerFrame{ID: w.ID, Epoch: w.Epoch, Seq: w.Seq, Message: msg.Elem().Interface().(ServerMessage)}, nil
}

// Encode makes the text frame of f.
func (f ClientFrame) Encode() []byte {
	return encode(wireFrame{Type: f.Message.clientType(), ID: f.ID}, f.Message)
}

// Encode makes the text frame of f.
func (f ServerFrame) Encode() []byte {
	return encode(wireFrame{Type: f.Message.serverType(), ID: f.ID, Epoch: f.Epoch, Seq: f.Seq}, f.Message)
}

// encode cannot fail: the sealed sets hold only types that marshal.
func encode(w wireFrame, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("protocol: %T does not marshal: %v", data, err))
	}
	if string(text) != "{}" {
		w.Data = text
	}
	out, err := json.Marshal(w)
	if err != nil {
		panic(fmt.Sprintf("protocol: frame of %T: %v", data, err))
	}
	return out
}
