// Package upgrade holds the test of one promise: a server is replaced by the
// next version, and by the one before it again, while a meeting goes on, and
// nobody in it is turned away or sees it end at another time.
//
// Plain tests hold that browsers of the previous version and this server
// understand each other, by messages that it left here. The whole, with both
// servers on one data folder, is run by `make upgrade`, which builds them.
package upgrade
