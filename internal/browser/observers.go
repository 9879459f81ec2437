//go:build js && wasm

package browser

import (
	"slices"
	"sync"
)

// observers are who wants to be told of something, the newest last: an older session
// may end after the next one has begun, and takes only itself away. The zero value
// is ready.
type observers[F any] struct {
	mu   sync.Mutex
	list []*F // replaced, never written to
}

func (o *observers[F]) add(f F) (stop func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(slices.Clip(o.list), &f)
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.list = slices.DeleteFunc(slices.Clone(o.list), func(have *F) bool { return have == &f })
	}
}

func (o *observers[F]) all() []*F {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.list
}

// tell tells them all, each on a goroutine of its own.
func tell(o *observers[func()]) {
	for _, f := range o.all() {
		spawn(*f)
	}
}

// newest is nil if there is nobody.
func (o *observers[F]) newest() *F {
	all := o.all()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}
