package config

import (
	"errors"
	"fmt"
	"time"
)

// Command is what the program is to do: a *Config is to serve, all others are
// for package operator.
type Command interface{ command() }

func (*Config) command()     {}
func (*RoomCreate) command() {}
func (*RoomList) command()   {}
func (*RoomShow) command()   {}
func (*RoomEnd) command()    {}
func (*Token) command()      {}
func (*Audit) command()      {}
func (*Backup) command()     {}
func (*Restore) command()    {}
func (*Salvage) command()    {}
func (*Downgrade) command()  {}
func (*KeysRotate) command() {}
func (*Join) command()       {}
func (*Version) command()    {}

// commands is how they are written.
type commands struct {
	Serve Config `cmd:"" default:"withargs" help:"Serve meetings. This is what overtime does if no command is named."`
	Room  struct {
		Create RoomCreate `cmd:"" help:"Make a room, and print its id and links."`
		List   RoomList   `cmd:"" help:"List all rooms."`
		Show   RoomShow   `cmd:"" help:"Print everything about a room."`
		End    RoomEnd    `cmd:"" help:"End the running session of a room for everybody."`
	} `cmd:"" help:"Look after rooms of the running server."`
	Token     Token     `cmd:"" help:"Print a link that lets one person into a room, for a quarter of an hour."`
	Audit     Audit     `cmd:"" help:"Print what was done, by whom, as lines of JSON."`
	Backup    Backup    `cmd:"" help:"Write everything to a file, whether the server runs or not."`
	Restore   Restore   `cmd:"" help:"Fill an empty data folder from a backup."`
	Salvage   Salvage   `cmd:"" help:"Take what is whole of a damaged store, and keep copies of the rest. The server must be stopped."`
	Downgrade Downgrade `cmd:"" help:"Leave the rooms as the version before this one keeps them, to go back to it. The server must be stopped."`
	Keys      struct {
		Rotate KeysRotate `cmd:"" help:"Replace the key that signs links. The server must be stopped."`
	} `cmd:"" help:"Look after the server's keys."`
	Join    Join    `cmd:"" help:"Join a room without sound and pictures, and print what happens as lines of JSON."`
	Version Version `cmd:"" help:"Print what this program was made from."`

	// OnlyVersion is the flag that people try first; it is the command without
	// more.
	OnlyVersion bool `name:"version" help:"Print what this program was made from, and do nothing else." write:"nothing after it"`
}

// Folder names the server that a command is for by its data folder.
type Folder struct {
	Data string `name:"data" default:"data" placeholder:"FOLDER" help:"The server's data folder." write:"the path of a folder, such as data"`
}

func (f Folder) checkData() error {
	if f.Data == "" {
		return errors.New("--data is empty; write the path of a folder, such as data")
	}
	return nil
}

// RoomCreate makes a room.
type RoomCreate struct {
	Folder
	Minutes          int       `name:"minutes" required:"" placeholder:"N" help:"How long a session is, 1 to 1440." write:"a whole number of minutes, such as 60"`
	Name             string    `name:"name" placeholder:"TEXT" help:"What people read." write:"a name"`
	ExternalID       string    `name:"external-id" placeholder:"TEXT" help:"What another system calls this room." write:"an id"`
	ExtensionMinutes int       `name:"extension-minutes" placeholder:"N" help:"What an extension is if nobody says how long, 10 to 30." write:"a whole number of minutes, such as 15"`
	ExtendBy         string    `name:"extend-by" placeholder:"WHO" help:"Who may extend: anyone or moderators." write:"anyone or moderators"`
	LatestEnd        time.Time `name:"latest-end" placeholder:"TIME" help:"When the session ends at the latest, extended or not." write:"a time, such as 2026-03-04T15:45:00Z"`
	Capacity         int       `name:"capacity" placeholder:"N" help:"How many people may be in it." write:"a whole number, such as 50"`
	WaitingRoom      bool      `name:"waiting-room" help:"Let guests wait until a moderator admits them." write:"true or false"`
	Reusable         bool      `name:"reusable" help:"Start a new session at the next join after an end." write:"true or false"`
	JSON             bool      `name:"json" help:"Print the answer as JSON." write:"true or false"`
}

// RoomList lists the rooms.
type RoomList struct {
	Folder
	JSON bool `name:"json" help:"Print each room as a line of JSON." write:"true or false"`
}

// RoomShow prints a room.
type RoomShow struct {
	Folder
	ID string `arg:"" name:"id" help:"The room's id."`
}

// RoomEnd ends a room's session.
type RoomEnd struct {
	Folder
	ID     string `arg:"" name:"id" help:"The room's id."`
	Reason string `name:"reason" placeholder:"TEXT" help:"What people read, up to 200 characters." write:"a text"`
}

// Token makes somebody's link.
type Token struct {
	Folder
	ID      string `arg:"" name:"id" help:"The room's id."`
	Role    string `name:"role" default:"participant" placeholder:"ROLE" help:"moderator, participant or viewer." write:"moderator, participant or viewer"`
	Name    string `name:"name" placeholder:"TEXT" help:"The person's name; without one they are asked." write:"a name"`
	UserRef string `name:"user-ref" placeholder:"TEXT" help:"Who it is in another system: one person however often they come." write:"an id"`
}

// Audit prints what was done.
type Audit struct {
	Folder
	Room   string `name:"room" placeholder:"ID" help:"Only what concerns this room." write:"a room's id"`
	After  string `name:"after" placeholder:"CURSOR" help:"Only what comes after this entry." write:"the cursor of an entry"`
	Verify bool   `name:"verify" help:"Check instead that everything is as it was written: what is whole, and where it breaks." write:"true or false"`
}

// Backup writes a backup.
type Backup struct {
	Folder
	File string `arg:"" name:"file" help:"The file to write, which must not be there yet."`
}

// Restore reads one.
type Restore struct {
	Folder
	File string `arg:"" name:"file" help:"The file that overtime backup wrote."`
}

// Salvage opens a damaged store without what is damaged.
type Salvage struct {
	Folder
}

// Downgrade makes the way back to the version before.
type Downgrade struct {
	Folder
}

// KeysRotate replaces the key for tickets.
type KeysRotate struct {
	Folder
}

// Join is somebody without a browser.
type Join struct {
	Link string        `arg:"" name:"link" help:"The link into the room."`
	Name string        `name:"name" default:"Guest" placeholder:"TEXT" help:"What the others read, where the link does not say it." write:"a name"`
	For  time.Duration `name:"for" placeholder:"DURATION" help:"Leave after so long in the room; without it, stay until the end." write:"a duration, such as 30s"`
}

// Version prints what the program was made from.
type Version struct {
	JSON bool `name:"json" help:"Print it as JSON." write:"true or false"`
}

// check returns the first thing of a command that cannot be meant. What the
// server knows better is left to it.
func check(command Command) error {
	if f, ok := command.(interface{ checkData() error }); ok {
		if err := f.checkData(); err != nil {
			return err
		}
	}
	switch c := command.(type) {
	case *RoomCreate:
		if c.Minutes < 1 {
			return fmt.Errorf("--minutes %d: too short; write a whole number of minutes, such as 60", c.Minutes)
		}
	case *Audit:
		if c.Verify && (c.Room != "" || c.After != "") {
			return errors.New("--verify reads the whole audit; leave --room and --after out")
		}
	case *Join:
		if c.For < 0 {
			return fmt.Errorf("--for %s: it has passed already; write a duration, such as 30s", c.For)
		}
	}
	return nil
}
