// Command precompress puts the browser program where the server embeds it, and
// beside it the two compressed forms that browsers ask for. The Makefile runs
// it; nothing imports it. It must not know what the program is.
//
//	precompress [-quick] build/app.wasm web/app.wasm
//
// Brotli at its best takes some 20 seconds for 7 MB, so nothing is written when
// the program and the quality are those of the last run.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

func main() {
	quick := flag.Bool("quick", false, "compress fast instead of well, for development")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "precompress: name the file to read and the file to write")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *quick); err != nil {
		fmt.Fprintln(os.Stderr, "precompress:", err)
		os.Exit(1)
	}
}

// run copies from to to, with a .br and a .gz beside it.
func run(from, to string, quick bool) error {
	program, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	stamp := fmt.Sprintf("%x quick=%t\n", sha256.Sum256(program), quick)
	stampFile := from + ".stamp"
	if upToDate(stampFile, stamp, to, to+".br", to+".gz") {
		return nil
	}
	br, gz, err := compress(program, quick)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{to: program, to + ".br": br, to + ".gz": gz} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d bytes, brotli %d, gzip %d\n", to, len(program), len(br), len(gz))
	return os.WriteFile(stampFile, []byte(stamp), 0o644)
}

// upToDate reports whether the stamp is the last run's and its files are there.
func upToDate(stampFile, stamp string, outputs ...string) bool {
	last, err := os.ReadFile(stampFile)
	if err != nil || string(last) != stamp {
		return false
	}
	for _, name := range outputs {
		if _, err := os.Stat(name); err != nil {
			return false
		}
	}
	return true
}

func compress(program []byte, quick bool) (br, gz []byte, err error) {
	brotliLevel, gzipLevel := brotli.BestCompression, gzip.BestCompression
	if quick {
		brotliLevel, gzipLevel = 2, gzip.BestSpeed
	}
	var b, g bytes.Buffer
	gzipWriter, err := gzip.NewWriterLevel(&g, gzipLevel)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range []io.WriteCloser{brotli.NewWriterLevel(&b, brotliLevel), gzipWriter} {
		if _, err := w.Write(program); err != nil {
			return nil, nil, err
		}
		if err := w.Close(); err != nil {
			return nil, nil, err
		}
	}
	return b.Bytes(), g.Bytes(), nil
}
