package edge_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/sfu"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// malformed are kinds of frames that no browser of ours sends, each made anew
// for every sending.
var malformed = map[string]func(r *rand.Rand) string{
	"Binary":        valid,
	"Empty":         func(*rand.Rand) string { return "" },
	"RandomBytes":   func(r *rand.Rand) string { return noise(r, 1+r.IntN(2000)) },
	"NULs":          func(r *rand.Rand) string { return `{"type":"hello"` + strings.Repeat("\x00", 1+r.IntN(100)) + `}` },
	"Truncated":     func(r *rand.Rand) string { text := valid(r); return text[:1+r.IntN(len(text)-1)] },
	"Trailing":      func(r *rand.Rand) string { return valid(r) + valid(r) },
	"Array":         func(r *rand.Rand) string { return "[" + valid(r) + "]" },
	"EnvelopeTypes": func(r *rand.Rand) string { return fmt.Sprintf(`{"type":%s}`, pick(r, "7", "[]", "{}", "true")) },
	"WrongID": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"clock.ask","id":%s}`, pick(r, "7", "[]", `"`+strings.Repeat("x", 65+r.IntN(500))+`"`))
	},
	"DataTypes": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"hello","data":%s}`, pick(r, "7", "[]", `{"token":7}`, `{"sending":{}}`, `{"name":[]}`))
	},
	"EnvelopeTwice": func(r *rand.Rand) string { return `{"type":"clock.ask",` + valid(r)[1:] },
	"DataTwice": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"session.end","data":{"reason":"a","reason":"%d"}}`, r.Int())
	},
	"EnvelopeCase": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"clock.ask","%s":"session.end"}`, pick(r, "Type", "TYPE", "tYPE"))
	},
	"DataCase": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"session.end","data":{"%s":"x"}}`, pick(r, "Reason", "REASON", "rea\u017fon"))
	},
	"UnknownFields": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"session.end","data":{"%x":"x","role":"moderator"}}`, r.Int())
	},
	"DeepNesting": func(*rand.Rand) string {
		return `{"type":"hello","data":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`
	},
	"InvalidUTF8": func(r *rand.Rand) string {
		return fmt.Sprintf("{\"type\":\"session.end\",\"data\":{\"reason\":\"%c\xff\xfe\"}}", rune(r.IntN(100)+300))
	},
	"HugeNumbers": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"session.extend","data":{"minutes":%s}}`, pick(r, "1e999999", "-1e99", strings.Repeat("9", 3000), "0.1"))
	},
	"HugeStrings": func(r *rand.Rand) string {
		size := 4 << 10 // most: the race detector makes long ones slow
		if r.IntN(20) == 0 {
			size = protocol.MaxFrame
		}
		return `{"type":"hello","data":{"sending":"` + strings.Repeat("x", size) + `"}}`
	},
	"TooManyValues": func(*rand.Rand) string {
		return `{"type":"media.show","data":{"pictures":[` + strings.Repeat("{},", 3000) + `{}]}}`
	},
	"BrokenInstants": func(r *rand.Rand) string {
		return fmt.Sprintf(`{"type":"session.extend","data":{"window":%s}}`, pick(r, `"soon"`, "12", `"2026-13-01T00:00:00Z"`, `"99999-01-01T00:00:00Z"`))
	},
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func noise(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return "\xff" + string(b) // never the beginning of a message
}

// valid is a frame that is one.
func valid(r *rand.Rand) string {
	all := protocol.ClientMessages()
	return string(protocol.ClientFrame{ID: fmt.Sprint(r.IntN(1000)), Message: all[r.IntN(len(all))]}.Encode())
}

// megabyte is longer than any frame may be.
var megabyte = strings.Repeat("x", 1<<20)

// broken are WebSocket frames that are none, or not ours.
var broken = map[string]func(r *rand.Rand) []byte{
	"NotMasked":    func(r *rand.Rand) []byte { return append([]byte{opText, 20}, "{}                  "...) },
	"ReservedBits": func(r *rand.Rand) []byte { return masked(opText|byte(1+r.IntN(7))<<4, valid(r)) },
	"Opcodes":      func(r *rand.Rand) []byte { return masked(0x83+byte(r.IntN(5)), valid(r)) },
	"LongPing":     func(r *rand.Rand) []byte { return masked(0x89, strings.Repeat("x", 126+r.IntN(1000))) },
	"Continuation": func(r *rand.Rand) []byte { return masked(0x80, valid(r)) },
	"BadClose":     func(r *rand.Rand) []byte { return masked(opClose, pick(r, "x", "\x00\x00", "\xff\xff")) },
	"Megabyte":     func(*rand.Rand) []byte { return masked(opText, megabyte) },
}

// TestMalformed sends 500 frames of each of 21 kinds, and more that are no
// WebSocket frames, from strangers, and offers that no browser makes from
// somebody inside. No connection lives longer than three of them, nothing
// panics, and somebody else in the room notices nothing.
func TestMalformed(t *testing.T) {
	const each, ofBroken = 500, 50
	w := hostileWorld(t)
	inside := w.calm(t)
	mallory, _ := w.guest(t, "Mallory")
	inside.begin(t)
	t.Run("Kinds", func(t *testing.T) {
		for name, text := range malformed {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(len(name)), 1))
				opcode := byte(opText)
				if name == "Binary" {
					opcode = opBinary
				}
				for sent := 0; sent < each; sent += w.Config.Limits.Socket.Strikes {
					w.mustStrikeOut(t, func() []byte { return masked(opcode, text(r)) })
				}
			})
		}
		for name, frame := range broken {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(len(name)), 2))
				for range ofBroken {
					w.mustCutOff(t, frame(r))
				}
			})
		}
		t.Run("OffersFromInside", func(t *testing.T) {
			t.Parallel()
			mallory.T, mallory.Ctx = t, t.Context()
			mustRefuseOffers(t, mallory, each)
		})
	})
	inside.end(t)
	for _, line := range []string{"a connection failed", "panic"} {
		if w.Logs.Say(line) {
			t.Errorf("logged %q", line)
		}
	}
}

// hostileWorld is a world with real media, in which a person may say a lot.
func hostileWorld(t *testing.T) *world {
	w := newWorld(t)
	media, err := sfu.New(sfu.Config{Host: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = media.Close() })
	w.Config.Media = rooms.ThroughSFU(media)
	w.Config.Limits.Socket.Messages = throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	w.Config.Limits.Socket.Frames = w.Config.Limits.Socket.Messages
	w.Config.Limits.Socket.Offers = w.Config.Limits.Socket.Messages
	w.Config.Limits.Socket.Ping = time.Hour // who has said everything reads nothing any more
	w.Config.Limits.Socket.UnknownFor = patience
	w.Start()
	w.Room("aaa")
	return w
}

// mustStrikeOut sends as many malformed frames as a connection survives, and one
// more: each is answered, and the last closes.
func (w *world) mustStrikeOut(t *testing.T, frame func() []byte) {
	t.Helper()
	var frames [][]byte
	for range w.Config.Limits.Socket.Strikes {
		frames = append(frames, frame())
	}
	said, code := w.dialRaw(t, frames...).rest()
	good := len(said) == len(frames) && code == protocol.CloseBadMessage
	for _, f := range said {
		e, is := f.Message.(protocol.Error)
		good = good && is && e.Code == protocol.CodeBadMessage && len(e.Message) < 250
	}
	if !good {
		t.Fatalf("%.200q: answered %+v, closed with %d", frames, said, code)
	}
}

// mustCutOff sends what is no WebSocket frame of any client: nothing is answered,
// and the connection ends with a code of the WebSocket protocol, or without one
// where the server has not read all that was sent.
func (w *world) mustCutOff(t *testing.T, frame []byte) {
	t.Helper()
	said, code := w.dialRaw(t, frame).rest()
	if len(said) != 0 || code != 0 && code != protocol.CloseTooLarge && code != protocolError {
		t.Fatalf("%.100q: answered %+v, closed with %d", frame, said, code)
	}
}

// protocolError is the close code for what is no WebSocket (RFC 6455, 7.4.1).
const protocolError protocol.CloseCode = 1002

// goodOffer is an offer of a microphone.
const goodOffer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n" +
	"a=rtpmap:111 opus/48000/2\r\na=mid:0\r\na=sendonly\r\n"

// mustRefuseOffers sends offers with SDPs that no browser makes.
func mustRefuseOffers(t *testing.T, b *testkit.Person, n int) {
	t.Helper()
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		sdp := pick(r,
			"", "v=0\r\n", strings.ToValidUTF8(noise(r, 300), "?"), goodOffer[:r.IntN(len(goodOffer)-4)], goodOffer+goodOffer,
			strings.Replace(goodOffer, "a=mid:0", "a=mid:1", 1), strings.Replace(goodOffer, "fingerprint", "f", 1),
			strings.Replace(goodOffer, "sendonly", "sendrecv", 1), strings.Replace(goodOffer, "audio", "video", 1))
		if i%25 == 0 { // the race detector makes long ones slow
			sdp = goodOffer + strings.Repeat(pick(r, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n", "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"), 4000)
		}
		answer := b.Answer(b.Send(protocol.Offer{SDP: sdp, Sources: map[string]protocol.Source{"0": protocol.Microphone}}))
		if e, is := answer.(protocol.Error); !is || e.Code != protocol.CodeBadOffer {
			t.Fatalf("%.1000q was answered %.100v", sdp, answer)
		}
	}
}

// TestMemberStrikesOut: somebody inside who sends what is no message is closed
// as well, and may come back to their place. The others see that much.
func TestMemberStrikesOut(t *testing.T) {
	w := hostileWorld(t)
	witness := w.witness(t)
	eve, m := w.guest(t, "Eve")
	testkit.Next[protocol.PersonJoined](witness)
	for _, text := range []string{
		`{"type":"session.end","data":{"reason":7}}`,
		`{"type":"media.offer","data":{"sdp":"` + strings.Repeat("<", 200<<10) + `"}}`, // six times as much once it is escaped
		`{"type":"session.leave"}{"type":"session.leave"}`,
	} {
		eve.Raw(websocket.MessageText, []byte(text))
		if e := testkit.Next[protocol.Error](eve); e.Code != protocol.CodeBadMessage {
			t.Errorf("%.100q was answered %+v", text, e)
		}
	}
	eve.MustClose(protocol.CloseBadMessage)
	if lost := testkit.Next[protocol.PersonChanged](witness).Person; lost.Name != "Eve" || !lost.Reconnecting {
		t.Errorf("told %+v", lost)
	}
	mustBeCalm(t, witness)
	back := testkit.Ask[protocol.Welcome](w.Dial(t, nil), protocol.Hello{Resume: m.(protocol.Welcome).Resume})
	if back.You.ID != m.(protocol.Welcome).You.ID {
		t.Errorf("came back as %+v", back.You)
	}
}

// calm is somebody in room aaa who asks for the time again and again, and must
// hear nothing but the answers.
type calm struct {
	*testkit.Person
	stop, done chan struct{}
	took       []time.Duration
	trouble    string
}

func (w *world) calm(t *testing.T) *calm {
	return &calm{Person: w.witness(t), stop: make(chan struct{}), done: make(chan struct{})}
}

// begin starts to ask. Nobody may come in from here on.
func (c *calm) begin(t *testing.T) {
	mustBeCalmBut[protocol.PersonJoined](t, c.Person)
	go func() {
		defer close(c.done)
		for c.trouble == "" {
			select {
			case <-c.stop:
				return
			default:
			}
			c.once()
		}
	}()
}

func (c *calm) once() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	began := time.Now()
	if err := c.Conn.Write(ctx, websocket.MessageText, protocol.ClientFrame{ID: "calm", Message: protocol.AskClock{}}.Encode()); err != nil {
		c.trouble = err.Error()
		return
	}
	_, text, err := c.Conn.Read(ctx)
	c.took = append(c.took, time.Since(began))
	if f, _ := protocol.DecodeServer(text); err != nil || f.ID != "calm" {
		c.trouble = fmt.Sprintf("heard %.200s, %v", text, err)
	}
}

// end stops to ask, and reports.
func (c *calm) end(t *testing.T) {
	t.Helper()
	close(c.stop)
	<-c.done
	if c.trouble != "" || len(c.took) == 0 {
		t.Errorf("after %d answers: %s", len(c.took), c.trouble)
	}
	reportTimes(t, "somebody inside was answered", c.took)
}

// reportTimes says how long something took, half of the time and nearly always.
func reportTimes(t *testing.T, what string, took []time.Duration) {
	t.Helper()
	slices.Sort(took)
	if n := len(took); n > 0 {
		t.Logf("%s %d times: p50 %v, p99 %v, most %v", what, n, took[n/2], took[n*99/100], took[n-1])
	}
}

// mustBeCalmBut is mustBeCalm, but for messages of type M that came before.
func mustBeCalmBut[M protocol.ServerMessage](t *testing.T, witness *testkit.Person) {
	t.Helper()
	if ok := testkit.Ask[protocol.OK](witness, protocol.AskClock{}); ok.Clock == nil {
		t.Errorf("no clock: %+v", ok)
	}
	for _, f := range witness.Kept {
		if _, is := f.Message.(M); !is {
			t.Errorf("the witness heard %+v", f)
		}
	}
	witness.Kept = nil
}
