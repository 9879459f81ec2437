package client

import (
	"slices"
	"time"
)

// brief is what is on show for a moment, oldest first. Its list is replaced, never
// written to: views share it.
type brief[T any] struct {
	loop *loop
	most int // at once; the oldest make room

	list   []T
	until  []time.Duration // local, of each in the list
	expiry alarm           // of the one that leaves first
}

// show adds one for as long as lasts.
func (b *brief[T]) show(one T, lasts time.Duration) {
	list, until := append(slices.Clip(b.list), one), append(slices.Clip(b.until), b.loop.local()+lasts)
	over := max(0, len(list)-b.most)
	b.list, b.until = list[over:], until[over:]
	b.expire()
}

// drop takes some away before their time.
func (b *brief[T]) drop(which func(T) bool) {
	b.keep(func(i int) bool { return !which(b.list[i]) })
}

func (b *brief[T]) keep(stays func(i int) bool) {
	var list []T
	var until []time.Duration
	for i := range b.list {
		if stays(i) {
			list, until = append(list, b.list[i]), append(until, b.until[i])
		}
	}
	if len(list) != len(b.list) {
		b.list, b.until = list, until
	}
}

// expire takes away what was shown long enough, and waits for the next.
func (b *brief[T]) expire() {
	now := b.loop.local()
	b.keep(func(i int) bool { return b.until[i] > now })
	b.loop.unset(&b.expiry)
	if len(b.until) > 0 {
		b.loop.set(&b.expiry, slices.Min(b.until)-now, b.expire)
	}
}

func (b *brief[T]) clear() {
	b.list, b.until = nil, nil
	b.loop.unset(&b.expiry)
}
