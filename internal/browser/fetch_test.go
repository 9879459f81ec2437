//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"testing"
)

func TestPost(t *testing.T) {
	noLeaks(t)
	global(t, "fetch", eval(t, `async (path, options) => ({status: 201, text: async () => [path, options.method, options.body].join(" ")})`))
	status, answer, err := poster{}.Post(soon(t), "/api", []byte(`{"ä":1}`))
	if err != nil || status != 201 || string(answer) != `/api POST {"ä":1}` {
		t.Errorf("got %d, %q, %v", status, answer, err)
	}
	global(t, "fetch", eval(t, `async () => { throw new TypeError("no network") }`))
	if _, _, err := (poster{}).Post(soon(t), "/api", nil); thrownName(err) != "TypeError" {
		t.Errorf("got %v", err)
	}
}

func TestPostGivenUpIsAborted(t *testing.T) {
	noLeaks(t)
	global(t, "aborts", 0)
	global(t, "fetch", eval(t, `(path, {signal}) => new Promise((_, no) =>
		signal.addEventListener("abort", () => { aborts++; no(signal.reason) }))`))
	ctx, cancel := context.WithCancel(context.Background())
	spawn(func() { turn(); cancel() })
	if _, _, err := (poster{}).Post(ctx, "/api", nil); err == nil {
		t.Error("an answer came from nowhere")
	} else if !errors.Is(err, context.Canceled) && thrownName(err) != "AbortError" {
		t.Errorf("got %v", err)
	}
	turn()
	if got := eval(t, "aborts").Int(); got != 1 {
		t.Errorf("aborted %d times", got)
	}
}
