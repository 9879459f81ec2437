//go:build js && wasm

package browser

import (
	"math"
	"strconv"
	"sync"
	"syscall/js"
	"time"
	"unsafe"

	"overtime/internal/client"
)

const (
	meterPause   = time.Second / 15
	meterSamples = 1024 // a power of two; 21 ms at 48 kHz

	// What the bar shows, in decibels below full scale: a quiet room is
	// empty, a loud voice is full.
	meterFloor = -55.0
	meterTop   = -10.0
)

// meter writes the microphone's level into elements. It listens only while
// there are elements and a running capture.
type meter struct {
	captures *captures
	audio    *audio

	mu       sync.Mutex
	elements map[string]bool
	ear      *ear // nil: not listening
}

func newMeter(c *captures, a *audio) *meter {
	return &meter{captures: c, audio: a, elements: map[string]bool{}}
}

func (m *meter) add(id string) {
	if _, ok := element(id); !ok {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.elements[id] = true
	m.listen()
}

func (m *meter) remove(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.elements[id] {
		m.write(id, 0)
		delete(m.elements, id)
		m.listen()
	}
}

// refresh is called when another microphone is captured, or none.
func (m *meter) refresh() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.listen()
}

// listen makes ear what it should be: on the current microphone while there
// are elements.
func (m *meter) listen() {
	media := m.captures.media(client.MicrophoneDevice)
	if len(m.elements) == 0 {
		media = js.Undefined()
	}
	if m.ear != nil && m.ear.media.Equal(media) {
		return
	}
	if m.ear != nil {
		m.ear.close()
		m.ear = nil
	}
	m.show(0)
	if media.IsUndefined() {
		return
	}
	e, err := newEar(m.audio, media)
	if err != nil {
		return // a browser without Web Audio shows an empty bar
	}
	m.ear = e
	spawn(func() { m.run(e) })
}

// run shows the level until e is no longer the one to listen with.
func (m *meter) run(e *ear) {
	for m.tick(e) {
		time.Sleep(meterPause)
	}
}

func (m *meter) tick(e *ear) (again bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ear != e {
		return false
	}
	m.show(e.level())
	if len(m.elements) == 0 {
		m.listen()
	}
	return m.ear == e
}

// show writes the level into every element, and forgets those that are gone.
func (m *meter) show(level float64) {
	for id := range m.elements {
		if !m.write(id, level) {
			delete(m.elements, id)
		}
	}
}

func (m *meter) write(id string, level float64) bool {
	node, ok := element(id)
	if !ok {
		return false
	}
	_, _ = call(node.Get("style"), "setProperty", "--level", strconv.FormatFloat(level, 'f', 2, 64))
	return true
}

// ear measures the level of one track.
type ear struct {
	media    js.Value
	source   js.Value
	analyser js.Value
	floats   js.Value // Float32Array, filled by the analyser
	bytes    js.Value // Uint8Array over the same memory
	samples  []float32
	release  func()
}

func newEar(a *audio, media js.Value) (*ear, error) {
	context, release, err := a.hold()
	if err != nil {
		return nil, err
	}
	e := &ear{media: media, samples: make([]float32, meterSamples), release: release}
	_, err = attempt(func() js.Value {
		stream := js.Global().Get("MediaStream").New([]any{media})
		e.source = context.Call("createMediaStreamSource", stream)
		e.analyser = context.Call("createAnalyser")
		e.analyser.Set("fftSize", meterSamples)
		e.floats = js.Global().Get("Float32Array").New(meterSamples)
		e.bytes = js.Global().Get("Uint8Array").New(e.floats.Get("buffer"))
		return e.source.Call("connect", e.analyser)
	})
	if err != nil {
		release()
		return nil, err
	}
	return e, nil
}

// level is the loudness now, 0 to 1.
func (e *ear) level() float64 {
	if _, err := call(e.analyser, "getFloatTimeDomainData", e.floats); err != nil {
		return 0
	}
	js.CopyBytesToGo(bytesOf(e.samples), e.bytes)
	return loudness(e.samples)
}

func (e *ear) close() {
	_, _ = call(e.source, "disconnect")
	e.release()
}

// bytesOf is the memory of samples. WebAssembly and typed arrays are both
// little-endian where browsers run, so the floats need no conversion.
func bytesOf(samples []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&samples[0])), 4*len(samples))
}

// loudness is the root mean square of samples on a scale of decibels, 0 at
// meterFloor and 1 at meterTop.
func loudness(samples []float32) float64 {
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	decibels := 10 * math.Log10(sum/float64(len(samples))) // -Inf in silence
	return min(max((decibels-meterFloor)/(meterTop-meterFloor), 0), 1)
}
