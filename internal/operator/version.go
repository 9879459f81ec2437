package operator

import (
	"encoding/json"
	"fmt"
	"io"

	"overtime/internal/build"
	"overtime/internal/config"
)

// printVersion says what this program was made from.
func printVersion(c *config.Version, out io.Writer) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(build.Read())
	}
	_, err := fmt.Fprintln(out, build.Read())
	return err
}
