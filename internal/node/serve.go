package node

import (
	"context"
	"net/http"
	"os"

	"overtime/components"
	"overtime/internal/api"
	"overtime/internal/edge"
	"overtime/internal/httpd"
	"overtime/internal/operator"
	"overtime/internal/origin"
	"overtime/internal/throttle"
	"overtime/web"
)

// serve opens the doors: the operator's socket first, then the address that
// everybody may knock at.
func (n *Node) serve(context.Context) error {
	proxies := throttle.Trusting(n.flags.Proxies()...)
	browsers := edge.New(edge.Config{
		Bus: n.bus, Secrets: n.keys, Limits: n.limits, Origins: n.flags.Origins(), Hosts: n.hosts(), From: proxies.From, Logger: n.log,
	})
	rest := n.rest(proxies)
	console, err := n.console(rest)
	if err != nil {
		return err
	}
	n.stack.Push("the operator's requests", n.goodbyes(), console.Stop)
	running := httpd.Run(proxies.Listen(n.listen, n.limits.HTTP, n.log),
		n.site(browsers, rest, proxies), n.flags.TLSCert, n.flags.TLSKey, n.log)
	n.failed = running.Failed
	n.stack.Push("the requests", n.goodbyes(), running.Stop)
	n.stack.Push("the browsers", n.goodbyes(), func(ctx context.Context) error { browsers.Drain(ctx, comeBack); return nil })
	return nil
}

// hosts are the names by which people reach the server. A machine that does not know
// its own does without.
func (n *Node) hosts() origin.Hosts {
	machine, _ := os.Hostname()
	return origin.HostsOf(n.flags.Origins(), machine)
}

// rest is the API for portals.
func (n *Node) rest(proxies throttle.Proxies) http.Handler {
	return api.New(api.Config{
		Store: n.store, Rooms: n.bus, Links: n.keys, Keys: n.said.portals, News: n.news, Audit: n.news, Chats: n.chats,
		Open: n.flags.Create == "open", PublicURL: n.flags.PublicURL, Hosts: n.hosts(), Minute: n.flags.Minute,
		Now: n.now, From: proxies.From, Limits: n.limits, Logger: n.log, Ready: n.ready,
	})
}

// console answers the operator's commands on the socket in the data folder.
func (n *Node) console(rest http.Handler) (*httpd.Running, error) {
	socket, err := operator.Listen(n.folder.Path(operator.SocketName))
	if err != nil {
		return nil, err
	}
	return httpd.Run(socket, operator.Server{
		API: api.Operator(rest), URL: n.url, Folder: n.folder, Snapshot: n.bus.Snapshot, Verify: n.news.Attest,
	}, "", "", n.log), nil
}

// site is everything at the public address.
func (n *Node) site(browsers *edge.Edge, rest http.Handler, proxies throttle.Proxies) http.Handler {
	pages := components.Settings{PortalOnly: n.flags.Create == "api", EmbedOrigins: n.flags.EmbedOrigins}
	return n.cfg.Site(httpd.Deps{
		Files: web.Files(), Env: pages.Env(), Register: func() { components.Register(components.Program{Settings: pages}) },
		Origins: n.flags.Origins(), EmbedOrigins: n.flags.EmbedOrigins, WebSocket: browsers, Reach: browsers.Reach(), API: rest, Log: n.log, Ready: n.ready,
		Limit: throttle.Below("/api/", proxies.From, throttle.NewBuckets(n.limits.API), api.TooMany),
	})
}
