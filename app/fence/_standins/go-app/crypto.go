package app

import "github.com/maxence-charriere/go-app/v9/pkg/errors"

// What go-app would use for values that a page keeps encrypted. Overtime keeps none.

func encrypt(string, []byte) ([]byte, error) { return nil, errNoEncryption() }

func decrypt(string, []byte) ([]byte, error) { return nil, errNoEncryption() }

func errNoEncryption() error { return errors.New("the browser program has no encryption (app/fence)") }
