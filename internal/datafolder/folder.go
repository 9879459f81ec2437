// Package datafolder is the one folder that a server keeps everything in: the
// lock against a second process, the node's identity, and the secrets made on
// the first start. Package node opens it before anything else; auth and bus get
// what they need from it. It must not know what the secrets are for.
package datafolder

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Secret is one named random secret.
type Secret struct {
	ID    string `json:"id"`
	Value []byte `json:"value"` // base64 in the file
}

// Identity is what a folder holds of its server.
type Identity struct {
	// Node names this server, for as long as the folder lives.
	Node string `json:"node"`
	// Tickets signs the links and places of people: the first one signs, the
	// one before it is still known.
	Tickets []Secret `json:"ticket_keys"`
}

// Folder is an open, locked data folder.
type Folder struct {
	path     string
	lock     *os.File
	identity Identity
}

const (
	identityFile = "identity.json"
	lockFile     = "lock"
	secretBytes  = 32
)

// Open makes the folder if need be, locks it and reads or makes its identity.
// Errors are sentences for the operator.
func Open(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made (%w); give --data a folder that this user may write", path, err)
	}
	lock, err := os.OpenFile(filepath.Join(path, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written (%w); give --data a folder that this user may write", path, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(
			fmt.Errorf("another Overtime is using the data folder %s; stop it, or give this one its own with --data", path),
			lock.Close())
	}
	f := &Folder{path: path, lock: lock}
	if f.identity, err = f.loadIdentity(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Holds reports whether there is a server's data at path.
func Holds(path string) bool {
	_, err := os.Stat(filepath.Join(path, identityFile))
	return err == nil
}

// Fill is Open for a folder that holds nothing yet, or is not there, with the
// identity that Text gave of another.
func Fill(path string, identity []byte) (*Folder, error) {
	if _, err := parseIdentity(identity); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the data folder %s cannot be read (%w); give --data an empty folder, or a new one", path, err)
	}
	for _, e := range entries {
		if e.Name() != lockFile {
			return nil, fmt.Errorf("the data folder %s is not empty; give --data an empty folder, or a new one", path)
		}
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made (%w); give --data a folder that this user may write", path, err)
	}
	if err := writeDurably(path, identityFile, identity); err != nil {
		return nil, fmt.Errorf("the server's secrets cannot be written: %w", err)
	}
	return Open(path)
}

// Empty takes everything out of the folder again but its lock.
func (f *Folder) Empty() error {
	entries, err := os.ReadDir(f.path)
	for _, e := range entries {
		if e.Name() != lockFile {
			err = errors.Join(err, os.RemoveAll(f.Path(e.Name())))
		}
	}
	return err
}

// Identity is the server's identity. Its slices must not be written to.
func (f *Folder) Identity() Identity { return f.identity }

// Text is the identity with its secrets, for a backup.
func (f *Folder) Text() ([]byte, error) { return os.ReadFile(f.Path(identityFile)) }

// Path is a name inside the folder.
func (f *Folder) Path(name string) string { return filepath.Join(f.path, name) }

// Close lets another process have the folder.
func (f *Folder) Close() error { return f.lock.Close() }

func (f *Folder) loadIdentity() (Identity, error) {
	text, err := os.ReadFile(f.Path(identityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return f.makeIdentity()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("the server's secrets cannot be read: %w", err)
	}
	id, err := parseIdentity(text)
	if err != nil {
		return Identity{}, fmt.Errorf("%s is damaged; restore it from a backup, or remove it to make new secrets "+
			"(all links given out so far then stop working)", f.Path(identityFile))
	}
	return id, nil
}

// errNoIdentity is returned for text that is no whole identity. It says nothing
// of the text.
var errNoIdentity = errors.New("the server's secrets are missing or damaged")

func parseIdentity(text []byte) (Identity, error) {
	var id Identity
	if err := json.Unmarshal(text, &id); err != nil || !id.whole() {
		return Identity{}, errNoIdentity
	}
	return id, nil
}

// whole reports whether nothing is missing of id.
func (id Identity) whole() bool {
	for _, s := range id.Tickets {
		if s.ID == "" || len(s.Value) < secretBytes {
			return false
		}
	}
	return id.Node != "" && len(id.Tickets) > 0
}

func (f *Folder) makeIdentity() (Identity, error) {
	id := Identity{Node: "n" + name(), Tickets: []Secret{newTicketKey()}}
	return id, f.saveIdentity(id)
}

func newTicketKey() Secret { return Secret{ID: "t" + name(), Value: random(secretBytes)} }

// saveIdentity writes the file whole or not at all.
func (f *Folder) saveIdentity(id Identity) error {
	text, err := json.MarshalIndent(id, "", "  ")
	if err != nil {
		return fmt.Errorf("the server's secrets cannot be made: %w", err)
	}
	if err := writeDurably(f.path, identityFile, text); err != nil {
		return fmt.Errorf("the server's secrets cannot be written: %w", err)
	}
	return nil
}

// Rotate makes a new key for tickets, which signs from the next start on. The
// one that signed so far is kept, to check what people hold; older ones go.
func (f *Folder) Rotate() error {
	id := f.identity
	id.Tickets = []Secret{newTicketKey(), id.Tickets[0]}
	if err := f.saveIdentity(id); err != nil {
		return err
	}
	f.identity = id
	return nil
}

func writeDurably(folder, file string, text []byte) error {
	tmp, err := os.CreateTemp(folder, file+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(folder, file))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

func name() string { return base64.RawURLEncoding.EncodeToString(random(6)) }
