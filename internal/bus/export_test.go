package bus

import "github.com/nats-io/nats-server/v2/server"

// Server is the embedded server, whose options a test looks at.
func (b *Bus) Server() *server.Server { return b.server }

// Look is Healthy as it is this moment.
func (b *Bus) Look() error { return b.look() }

// DiskOf is how a disk is looked at.
var DiskOf = diskOf
