package browser

import (
	"fmt"
	"slices"
	"testing"
)

// propertiesAreAttributes: what frameworks set on the element, before its script
// is there and afterwards, is what stands in its attributes.
func propertiesAreAttributes(t *testing.T, c *chromium, s *server, site *portal) {
	t.Helper()
	p := c.open("properties", site.page("/properties", fmt.Sprintf(`<overtime-meeting></overtime-meeting><script>
		const meeting = document.querySelector('overtime-meeting');
		Object.assign(meeting, { name: 'Ana', theme: 'light', lobby: 'off', camera: false, microphone: true });
		</script><script src="%s/embed.js"></script>`, s.url)))
	p.until("the element to be one", `!!window.Overtime`)
	written := `meeting.getAttributeNames().map(name => name + '=' + meeting.getAttribute(name)).sort()`
	if got, want := eval[[]string](p, written), []string{"camera=off", "lobby=off", "name=Ana", "theme=light"}; !slices.Equal(got, want) {
		t.Errorf("set before the script came: %q, want %q", got, want)
	}
	read := eval[[]string](p, `(() => {
		meeting.camera = true; meeting.lobby = null; meeting.microphone = 'off'; meeting.theme = undefined; meeting.name = '';
		return ['name', 'theme', 'lobby', 'camera', 'microphone', 'server', 'token'].map(name => name + '=' + meeting[name]);
	})()`)
	if want := []string{"name=", "theme=", "lobby=on", "camera=on", "microphone=off", "server=", "token="}; !slices.Equal(read, want) {
		t.Errorf("then: %q, want %q", read, want)
	}
	if got, want := eval[[]string](p, written), []string{"microphone=off", "name="}; !slices.Equal(got, want) {
		t.Errorf("written then: %q, want %q", got, want)
	}
}
