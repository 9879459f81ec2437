package protocol_test

import (
	"slices"
	"strconv"
	"testing"

	"overtime/internal/protocol"
)

// TestRetry says after which closes a client comes back.
func TestRetry(t *testing.T) {
	for code, want := range map[protocol.CloseCode]bool{
		protocol.CloseNormal: false, protocol.CloseTooLarge: false, protocol.CloseBadMessage: false,
		protocol.CloseBadToken: false, protocol.CloseRemoved: false, protocol.CloseDenied: false, protocol.CloseReplaced: false, protocol.CloseOver: false, protocol.CloseTooMuchMedia: false,
		protocol.CloseGoingAway: true, protocol.CloseRestart: true, protocol.CloseSlow: true, protocol.CloseTooMany: true,
		1006: true, 1011: true, 0: true,
	} {
		if got := code.Retry(); got != want {
			t.Errorf("after %d: come back %v, want %v", code, got, want)
		}
	}
}

// TestListsAreWhole compares both lists with the constants in the sources.
func TestListsAreWhole(t *testing.T) {
	var codes, closes []string
	written, writtenCloses := mustSources(t, ".").codes(t)
	for _, c := range written {
		codes = append(codes, c.Value)
	}
	for _, c := range writtenCloses {
		closes = append(closes, c.Value)
	}
	var listed, listedCloses []string
	for _, c := range protocol.Codes() {
		listed = append(listed, string(c))
	}
	for _, c := range protocol.CloseCodes() {
		listedCloses = append(listedCloses, strconv.Itoa(int(c)))
	}
	if !slices.Equal(listed, codes) {
		t.Errorf("Codes: %v, want %v", listed, codes)
	}
	if !slices.Equal(listedCloses, closes) {
		t.Errorf("CloseCodes: %v, want %v", listedCloses, closes)
	}
}

func TestErrorText(t *testing.T) {
	if got := (protocol.Error{Code: "over", Message: "it is over"}).Error(); got != "over: it is over" {
		t.Error(got)
	}
	if got := (&protocol.DecodeError{Code: "bad_message", Message: "no"}).Error(); got != "bad_message: no" {
		t.Error(got)
	}
}

func TestSends(t *testing.T) {
	p := protocol.Person{Sending: []protocol.Source{protocol.Camera}}
	if !p.Sends(protocol.Camera) || p.Sends(protocol.Screen) {
		t.Error("wrong about what a person sends")
	}
}
