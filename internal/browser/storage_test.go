//go:build js && wasm

package browser

import "testing"

func TestStorage(t *testing.T) {
	global(t, "sessionStorage", eval(t, `(() => {
		const m = new Map()
		return {
			getItem: k => m.get(k) ?? null,
			setItem: (k, v) => { if (v === "large") throw new DOMException("", "QuotaExceededError"); m.set(k, v) },
			removeItem: k => m.delete(k),
		}
	})()`))
	s := storage("sessionStorage")
	if s.Get("k") != "" || !s.Set("k", "v") || s.Get("k") != "v" {
		t.Error("a text was not kept")
	}
	if s.Set("k", "large") || s.Get("k") != "v" {
		t.Error("a refused text was said to be kept")
	}
	if !s.Set("k", "") || s.Get("k") != "" {
		t.Error("a text was not removed")
	}
}

func TestStorageRefused(t *testing.T) {
	check := func(what string) {
		t.Helper()
		s := storage("localStorage")
		if s.Get("k") != "" || s.Set("k", "v") || s.Set("k", "") {
			t.Error(what)
		}
	}
	thrower(t, "localStorage")
	check("storage that throws")
	global(t, "localStorage", nil)
	check("storage that is null")
}
