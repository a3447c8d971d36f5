package raw

import (
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Hub sends every published message to every watcher. A watcher that does not keep up is dropped.
type Hub struct {
	upgrader websocket.Upgrader
	mu       sync.RWMutex
	watchers map[chan *websocket.PreparedMessage]struct{}
}

// NewHub returns a hub without watchers.
func NewHub() *Hub {
	return &Hub{
		upgrader: websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 1024, WriteBufferPool: new(sync.Pool)},
		watchers: map[chan *websocket.PreparedMessage]struct{}{},
	}
}

const (
	buffered      = 64
	writeDeadline = 5 * time.Second
)

func (h *Hub) watch(w http.ResponseWriter, r *http.Request) {
	socket, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	messages := make(chan *websocket.PreparedMessage, buffered)
	h.mu.Lock()
	h.watchers[messages] = struct{}{}
	h.mu.Unlock()
	go func() {
		for message := range messages {
			_ = socket.SetWriteDeadline(time.Now().Add(writeDeadline))
			if socket.WritePreparedMessage(message) != nil {
				break
			}
		}
		socket.Close()
	}()
	// In a goroutine of its own, so that the HTTP server lets go of what it held for the request.
	go func() {
		// Nothing is expected from the watcher; reading notices that it left.
		for {
			if _, _, err := socket.NextReader(); err != nil {
				break
			}
		}
		h.drop(messages)
	}()
}

func (h *Hub) drop(messages chan *websocket.PreparedMessage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, watching := h.watchers[messages]; watching {
		delete(h.watchers, messages)
		close(messages)
	}
}

func (h *Hub) publish(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var slow []chan *websocket.PreparedMessage
	h.mu.RLock()
	for watcher := range h.watchers {
		select {
		case watcher <- message:
		default:
			slow = append(slow, watcher)
		}
	}
	h.mu.RUnlock()
	for _, watcher := range slow {
		h.drop(watcher)
	}
	w.WriteHeader(http.StatusOK)
}
