package chatlog

// Indexed is how many indices are in memory, and what was counted of them.
func (l *Log) Indexed() (indices, weight int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.indices), l.indexed
}
