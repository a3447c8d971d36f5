package feed

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jagawarga/jagawarga/portal/citizen/query"
	"github.com/jagawarga/jagawarga/portal/client"
	"github.com/jagawarga/jagawarga/portal/page"
)

// breath is the shortest time between two things that are told: on a busy day a number that runs helps nobody.
const breath = time.Second

// Live tells how many reports have come that belong to the list.
func Live(v *page.Visit) error {
	city, err := client.City(v.R.Context(), v.API())
	if err != nil {
		return err
	}
	q := query.Of(v.R.URL.Query(), city)
	return v.Live(func(ctx context.Context, s *page.Stream, after string) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		came, over := make(chan state, 1), make(chan error, 1)
		go func() { over <- listen(ctx, v, q, read(after), came) }()
		for {
			select {
			case now := <-came:
				if err := s.Send(now.String(), fresh(v.Words.T("feed.fresh", "count", strconv.Itoa(now.count)), q.Address(path))); err != nil {
					return err
				}
			case err := <-over:
				return err
			}
			select {
			case <-time.After(breath):
			case <-ctx.Done():
				return nil
			}
		}
	})
}

// state is what a browser has been told: how many reports, and up to where. It comes back with it, so that the number goes on.
type state struct {
	count  int
	cursor string
}

func (s state) String() string { return strconv.Itoa(s.count) + "." + s.cursor }

func read(text string) state {
	number, cursor, _ := strings.Cut(text, ".")
	count, err := strconv.Atoi(number)
	if err != nil || count < 0 {
		return state{}
	}
	return state{count, cursor}
}

// listen counts; what nobody has looked at yet gives way to the newest count.
func listen(ctx context.Context, v *page.Visit, q query.Query, now state, came chan state) error {
	asked := map[string]any{}
	if now.cursor != "" {
		asked["after"] = now.cursor
	}
	if box := q.Within(); box != nil {
		asked["within"] = box
	}
	return client.Listen(ctx, v.API(), client.News_Operation, asked, func(told *client.NewsResponse) error {
		event := told.PublicFeed
		if event.Kind != client.ReportEventKindCreated || !q.Wants(event.Report) {
			return nil
		}
		now = state{now.count + 1, event.Cursor}
		select {
		case <-came:
		default:
		}
		came <- now
		return nil
	})
}
