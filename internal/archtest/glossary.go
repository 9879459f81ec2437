package archtest

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

const glossary = "docs/glossary.md"

// glossaryReaders are the documents that lead to the glossary.
var glossaryReaders = []string{"README.md", "docs/architecture.md"}

// glossaryRow is one word, its sentence, and the folder that it is from.
var glossaryRow = regexp.MustCompile("^\\| ([^|]+) \\| ([^|]+) \\| `([^`|]+)` \\|$")

// checkGlossary finds what makes the glossary useless: words out of order, more
// than a sentence, places that are gone, and that nobody is led there.
func checkGlossary(root fs.FS) ([]violation, error) {
	text, err := fs.ReadFile(root, glossary)
	if err != nil {
		return nil, err
	}
	var found []violation
	last := ""
	for i, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| word ") || strings.HasPrefix(line, "| --- ") {
			continue
		}
		where := glossary + ":" + strconv.Itoa(i+1)
		row := glossaryRow.FindStringSubmatch(line)
		if row == nil {
			found = append(found, violation{where, "is no row of a word, a sentence and a folder", "whoever looks a word up reads on there"})
			continue
		}
		word, sentence, folder := row[1], row[2], row[3]
		if strings.ToLower(word) <= strings.ToLower(last) {
			found = append(found, violation{where, "has " + word + " after " + last, "words are looked up by the alphabet"})
		}
		last = word
		if !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, ". ") {
			found = append(found, violation{where, "does not say " + word + " in one sentence", "what needs more belongs into the package's comment"})
		}
		if info, err := fs.Stat(root, folder); err != nil || !info.IsDir() {
			found = append(found, violation{where, "points to " + folder + ", which is not there", "a glossary that was not kept misleads"})
		}
	}
	if last == "" {
		found = append(found, violation{glossary, "has no words", "this rule reads the rows of its table"})
	}
	for _, reader := range glossaryReaders {
		text, err := fs.ReadFile(root, reader)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(string(text), "glossary.md)") {
			found = append(found, violation{reader, "does not lead to " + glossary, "a glossary that nobody finds helps nobody"})
		}
	}
	return found, nil
}
