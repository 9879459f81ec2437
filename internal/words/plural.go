package words

import (
	"strconv"
	"strings"
)

// category is the case of CLDR's plural rules that whole numbers are of, in the
// languages that Overtime is to be read in.
func category(language string, n int) string {
	base, _, _ := strings.Cut(language, "-")
	switch base {
	case "ja":
		return selectorOther
	case "fr", "pt", "hi":
		if n == 0 || n == 1 {
			return "one"
		}
	case "ar":
		return arabic(n)
	default: // de, en, es
		if n == 1 {
			return "one"
		}
	}
	if million := n != 0 && n%1_000_000 == 0; million && (base == "fr" || base == "pt" || base == "es") {
		return "many"
	}
	return selectorOther
}

func arabic(n int) string {
	switch hundredth := n % 100; {
	case n == 0:
		return "zero"
	case n == 1:
		return "one"
	case n == 2:
		return "two"
	case hundredth >= 3 && hundredth <= 10:
		return "few"
	case hundredth >= 11:
		return "many"
	}
	return selectorOther
}

// isPluralSelector reports whether a plural may have such a case.
func isPluralSelector(selector string) bool {
	switch selector {
	case "zero", "one", "two", "few", "many", selectorOther:
		return true
	}
	exact, ok := strings.CutPrefix(selector, "=")
	_, err := strconv.Atoi(exact)
	return ok && err == nil
}
