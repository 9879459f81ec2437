//go:build js && wasm

package browser

import "syscall/js"

// storage is one of the browser's two storages, by its name. Even reading the
// name throws where the person or a frame's sandbox refuses storage, so every
// access starts there and nothing is kept.
type storage string

func (s storage) call(method string, args ...any) (js.Value, error) {
	area, err := get(js.Global(), string(s))
	if err != nil {
		return js.Undefined(), err
	}
	return call(area, method, args...)
}

// Get implements client.Storage.
func (s storage) Get(key string) string {
	value, err := s.call("getItem", key)
	if err != nil {
		return ""
	}
	return text(value)
}

// Set implements client.Storage.
func (s storage) Set(key, value string) bool {
	if value == "" {
		_, err := s.call("removeItem", key)
		return err == nil
	}
	_, err := s.call("setItem", key, value)
	return err == nil
}
