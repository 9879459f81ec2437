//go:build js && wasm

package browser

import (
	"context"
	"syscall/js"
	"time"

	"overtime/internal/client"
)

// notifyTag makes a newer notification take the place of the older one.
const notifyTag = "overtime"

// workerPatience bounds the wait for a service worker, which never comes where
// none is registered.
const workerPatience = 5 * time.Second

// Notify implements client.Page. A click on the notification shows the tab.
func (page) Notify(title, body string) {
	notification := js.Global().Get("Notification")
	if !notification.Truthy() || text(notification.Get("permission")) != "granted" {
		return
	}
	options := map[string]any{"body": body, "tag": notifyTag}
	shown, err := construct("Notification", title, options)
	if err != nil { // Chromium on Android leaves it to the service worker
		spawn(func() { notifyByWorker(title, options) })
		return
	}
	var stop func()
	stop = all(
		listen(shown, "click", func(js.Value) {
			_, _ = call(js.Global(), "focus")
			_, _ = call(shown, "close")
		}),
		listen(shown, "close", func(js.Value) { stop() }),
		listen(shown, "error", func(js.Value) { stop() }),
	)
}

// Notifying implements client.Page.
func (page) Notifying() client.Notifying {
	notification := js.Global().Get("Notification")
	if !notification.Truthy() || !secure() || framed() {
		return client.NotifyNever
	}
	switch text(notification.Get("permission")) {
	case "granted":
		return client.NotifyOn
	case "denied":
		return client.NotifyOff
	}
	return client.NotifyAsk
}

// framed reports whether another page is around this one: browsers let no such
// page ask.
func framed() bool { return !js.Global().Get("parent").Equal(js.Global().Get("window")) }

// AskToNotify implements client.Page. The browser is asked before this returns,
// because it listens in a press only.
func (page) AskToNotify(then func(client.Notifying)) {
	promise, err := call(js.Global().Get("Notification"), "requestPermission")
	if err != nil {
		return
	}
	spawn(func() {
		if _, err := await(context.Background(), promise); err == nil {
			then(page{}.Notifying())
		}
	})
}

func notifyByWorker(title string, options map[string]any) {
	workers := navigator("serviceWorker")
	if !workers.Truthy() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), workerPatience)
	defer cancel()
	if registration, err := await(ctx, workers.Get("ready")); err == nil {
		do(registration, "showNotification", title, options)
	}
}
