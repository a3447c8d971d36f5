package server

import "sync/atomic"

// lease is a request's share of the memory for files.
type lease struct {
	all  *atomic.Int64 // of all requests
	most int64
	mine int64
}

// take asks for n bytes more.
func (l *lease) take(n int64) bool {
	if l.all.Add(n) > l.most {
		l.all.Add(-n)
		return false
	}
	l.mine += n
	return true
}

// end gives everything back.
func (l *lease) end() {
	l.all.Add(-l.mine)
	l.mine = 0
}
