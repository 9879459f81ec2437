// Package throttle holds what one address, and all of them together, may ask of
// this server: requests in a time, and connections at a time. Package edge adds
// what it knows about WebSockets, by the same addresses.
//
// It is called by the server's main, by api and by edge. It must not know what
// is asked for. Time comes in as an argument where it is counted, and from the
// clock where a connection or a request comes in.
//
// The words, one file each:
//
//	Limits    every number, in one place            limits.go
//	Neighbour whoever shares one limit              neighbour.go
//	Proxies   who may say for whom they ask         neighbour.go
//	Buckets   requests in a time, by neighbour      buckets.go
//	Listener  connections at a time, by neighbour   listener.go
//	connTable who has how many, and who makes room  conntable.go
//	Below     a handler that asks the buckets first requests.go
package throttle
