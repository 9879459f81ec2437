// Package layout decides what is seen where on a meeting's stage: it turns who
// and what is there, how large the stage is and what the person asked for into
// rectangles, pages, an order to read them in, and the pictures to ask the
// server for. Everything in it is pure.
//
// Package client calls it whenever something may have changed; components draw
// what comes out. It must not know a browser, an element or a clock: what took
// time, such as having spoken for a while, comes in as a number.
package layout
