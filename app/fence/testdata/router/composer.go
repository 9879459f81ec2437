package app

// Composer is a component of go-app.
type Composer any
