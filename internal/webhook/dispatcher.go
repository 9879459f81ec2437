package webhook

import (
	"context"
	"net/http"
	"sync"
)

// Dispatcher brings what waits to the endpoints. Only one may run on a queue at
// a time, or portals get events twice and out of order.
type Dispatcher struct {
	queue  *Queue
	client *http.Client

	stopping context.Context // ends when nothing new is to be begun
	stop     context.CancelFunc
	working  context.Context // ends when what was begun is to end
	cut      context.CancelFunc
	running  sync.WaitGroup
}

// Dispatch begins to deliver what is in the queue and what comes into it, until
// Stop.
func (q *Queue) Dispatch() *Dispatcher {
	d := &Dispatcher{queue: q, client: newClient(q.cfg.AllowPrivate, q.cfg.Resolver)}
	d.working, d.cut = context.WithCancel(context.Background())
	d.stopping, d.stop = context.WithCancel(d.working)
	for _, to := range q.cfg.Endpoints {
		d.running.Go(newCourier(d, to).run)
	}
	return d
}

// Stop lets the requests that are under way end, but cuts them off when ctx
// ends. What was not delivered stays in the queue for the next start; what was
// cut off may reach its endpoint twice.
func (d *Dispatcher) Stop(ctx context.Context) error {
	d.stop()
	done := make(chan struct{})
	go func() {
		d.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	d.cut()
	<-done
	d.client.CloseIdleConnections()
	return nil
}
