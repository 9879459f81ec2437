package bus

import "github.com/nats-io/nats-server/v2/server"

// Server is the embedded server, whose options a test looks at.
func (b *Bus) Server() *server.Server { return b.server }
