package notice

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// settle is how long after the beginning the inbox is looked at once more: what comes while the watch is being set up is told by nobody.
const settle = 3 * time.Second

// Live tells every page of a citizen how many are unread, and what is new in the inbox. What a subscription tells only wakes it: what is sent are
// the rows behind the last one that the browser has, so that nothing is lost between two lines.
func Live(v *page.Visit) error {
	return v.Live(func(ctx context.Context, s *page.Stream, last string) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		told, over := make(chan struct{}, 1), make(chan error, 1)
		go func() { over <- listen(ctx, v, told) }()
		once := time.NewTimer(settle)
		defer once.Stop()
		for unread := -1; ; {
			answer, err := client.Inbox(ctx, v.API(), size, nil)
			if err != nil || answer.Notifications == nil {
				return err
			}
			found := answer.Notifications
			fresh := behind(found.Nodes, last)
			if len(fresh) > 0 {
				last = fresh[0].Id
			}
			if len(fresh) > 0 || found.UnreadCount != unread {
				unread = found.UnreadCount
				if err := s.Send(last, pieces(v, page.Inbox{Newest: last, Unread: unread}, fresh)...); err != nil {
					return err
				}
			}
			select {
			case <-told:
			case <-once.C:
			case err := <-over:
				return err
			case <-ctx.Done():
				return nil
			}
		}
	})
}

func listen(ctx context.Context, v *page.Visit, told chan<- struct{}) error {
	return client.Listen(ctx, v.API(), client.Told_Operation, nil, func(*client.ToldResponse) error {
		select {
		case told <- struct{}{}:
		default: // it is awake
		}
		return nil
	})
}

// behind are those that came after last; all that are on the first page where it is not among them.
func behind(newest []client.Notice, last string) []client.Notice {
	for i, n := range newest {
		if n.Id == last {
			return newest[:i]
		}
	}
	return newest
}

// pieces are the link in the frame, the way to mark all as read, and the new rows, the oldest first: each is put before the others.
func pieces(v *page.Visit, inbox page.Inbox, fresh []client.Notice) []templ.Component {
	frame := page.Frame{T: v.Words.T, Inbox: &inbox}
	all := []templ.Component{page.InboxLink(frame), allRead(frame)}
	told := items(v, fresh)
	for i := len(told) - 1; i >= 0; i-- {
		all = append(all, row(frame, told[i]))
	}
	return all
}
