package broker

import (
	"fmt"
	"log/slog"
)

// logger hands the server's warnings and errors on; its chatter goes to the debug level. After something fatal the server
// expects its process to end; ours goes on, and the task ends instead.
type logger struct {
	log   *slog.Logger
	fatal chan<- string // has room for one
}

func (l logger) Noticef(format string, args ...any) { l.log.Debug(fmt.Sprintf(format, args...)) }
func (l logger) Warnf(format string, args ...any)   { l.log.Warn(fmt.Sprintf(format, args...)) }
func (l logger) Errorf(format string, args ...any)  { l.log.Error(fmt.Sprintf(format, args...)) }
func (l logger) Debugf(format string, args ...any)  { l.log.Debug(fmt.Sprintf(format, args...)) }
func (l logger) Tracef(string, ...any)              {}

func (l logger) Fatalf(format string, args ...any) {
	select {
	case l.fatal <- fmt.Sprintf(format, args...):
	default: // one reason is enough
	}
}
