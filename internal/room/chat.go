package room

// chat is the module of what is written.
func chat() []Command { return nil }
