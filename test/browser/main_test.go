package browser

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestMain ends the browser that the stories share.
func TestMain(m *testing.M) {
	code := m.Run()
	theBrowser.end()
	os.Exit(code)
}

// stages are for as many stories as keep this machine busy. Stories wait a lot:
// for pages to load, for pictures to come, for what must not happen.
var stages = make(chan struct{}, runtime.NumCPU()+1)

// sideBySide lets a story run beside others, when there is a stage for it. Those
// that mostly wait for their clock need none: they call t.Parallel alone, and
// run from the start.
func sideBySide(t *testing.T) {
	t.Helper()
	t.Parallel()
	stages <- struct{}{}
	t.Cleanup(func() { <-stages })
}

// theBrowser is the process that all stories share which ask for nothing
// special: to start one takes longer than many a story.
var theBrowser sharedBrowser

// sharedBrowser is a browser that is started when it is first asked for, and
// again if it died: a story that brings it down must fail alone.
type sharedBrowser struct {
	mu   sync.Mutex // guards what follows
	ctx  context.Context
	stop func()
}

func (b *sharedBrowser) get(t *testing.T) context.Context {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx != nil && b.alive() {
		return b.ctx
	}
	if b.ctx != nil {
		t.Log("the browser that the stories share died; this story has a new one")
		b.stop()
	}
	var err error
	if b.ctx, b.stop, err = launchChromium(); err != nil {
		b.ctx = nil
		t.Fatal(err)
	}
	return b.ctx
}

func (b *sharedBrowser) alive() bool {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("true"))
	return err == nil && yes
}

func (b *sharedBrowser) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx != nil {
		b.stop()
	}
}
