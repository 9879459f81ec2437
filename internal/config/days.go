package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Days is a duration that may be written in days, which time.Duration knows none
// of.
type Days time.Duration

const (
	day = 24 * time.Hour
	// mostDays is what a Duration can hold, and more than anybody keeps anything.
	mostDays = 100 * 365
	// leastKept lets whoever is told of an end ask for what was.
	leastKept = time.Hour
)

// UnmarshalText reads such as 90d, 36h or 0.
func (d *Days) UnmarshalText(text []byte) error {
	if number, ok := strings.CutSuffix(string(text), "d"); ok {
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil || n > mostDays {
			return errors.New("not a number of days")
		}
		*d = Days(time.Duration(n) * day)
		return nil
	}
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = Days(parsed)
	return nil
}

func (c Config) checkKeep() error {
	for _, flag := range []struct {
		name, zero string
		keep       Days
	}{{"--keep", "for ever", c.Keep}, {"--keep-chat", "for as long as the session", c.KeepChat}} {
		if keep := time.Duration(flag.keep); keep != 0 && (keep < leastKept || keep > mostDays*day) {
			return fmt.Errorf("%s %s: too short or too long; write days or hours from 1h on, such as 90d, or 0 %s", flag.name, keep, flag.zero)
		}
	}
	return nil
}
