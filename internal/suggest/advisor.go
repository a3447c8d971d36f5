package suggest

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// AdvisorConfig says how an Advisor learns; zero values are the defaults.
type AdvisorConfig struct {
	Newest int              // how many reports a model begins with; 200,000
	Look   time.Duration    // how often it looks whether the city has other categories; 1 min
	Retry  time.Duration    // the pause after the source failed; 15 s
	Now    func() time.Time // time.Now
	Log    *slog.Logger     // slog.Default(); no text that anybody wrote goes there
}

// Source gives the newest examples, the oldest of them first.
type Source func(ctx context.Context, newest int) iter.Seq2[Example, error]

// Advisor is what a server asks about categories: the table of keywords until a model has read what there is, then the model. It is safe
// for use by many goroutines, never makes one wait for its learning, and keeps nothing of what it is asked.
type Advisor struct {
	cfg    AdvisorConfig
	city   func() *civic.City
	source Source

	model atomic.Pointer[Model] // the one that is asked; nil until it has read
	pupil atomic.Pointer[Model] // the one that learns: the same, or the next
	filed chan Example
}

const (
	// enough is from which likelihood on a guess decides where a report goes: of Indonesian sentences nine in ten are then guessed right.
	enough = 0.3
	// aboveChance must be what is suggested, so that unknown words get no suggestion rather than any.
	aboveChance = 1.1
	// waiting is how many filed reports may wait to be learned; what comes in a flood is learned at the next start.
	waiting = 256
	// longestFiled is how many bytes of them are kept until then: more than a model looks at.
	longestFiled = 2000
	// batch is after how many examples the learner rests, for so many times as long as it worked: a tenth of one processor is enough.
	batch, rest = 50, 9
)

// NewAdvisor makes an advisor. city is the present city, never nil.
func NewAdvisor(cfg AdvisorConfig, city func() *civic.City, source Source) *Advisor {
	if cfg.Newest == 0 {
		cfg.Newest = 200_000
	}
	if cfg.Look == 0 {
		cfg.Look = time.Minute
	}
	if cfg.Retry == 0 {
		cfg.Retry = 15 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Advisor{cfg: cfg, city: city, source: source, filed: make(chan Example, waiting)}
}

// Suggest gives up to most categories of the present city, the likeliest first; none where nothing is known of the words.
func (a *Advisor) Suggest(text string, most int) []*civic.Category {
	city, model := a.city(), a.model.Load()
	if model == nil {
		return city.CategoriesFor(text, most)
	}
	var found []*civic.Category
	for _, s := range model.Suggest(text, most) {
		category := city.ActiveCategory(s.Category)
		if category != nil && s.Score*float64(len(model.categories)) > aboveChance {
			found = append(found, category)
		}
	}
	return found
}

// Guess is the category that a text without one belongs to, if a model is sure enough to route a report by it.
func (a *Advisor) Guess(text string) (category civic.CategoryID, sure bool) {
	if model := a.model.Load(); model != nil {
		for _, s := range model.Suggest(text, 1) {
			return s.Category, s.Score >= enough
		}
	}
	return category, false
}

// Filed tells of a public report under the category that somebody chose for it.
func (a *Advisor) Filed(text string, category civic.CategoryID) {
	select {
	case a.filed <- Example{Text: strings.Clone(text[:min(len(text), longestFiled)]), Category: category}:
	default:
	}
}

// Corrected tells that an officer moved a public report. The next suggestion knows.
func (a *Advisor) Corrected(text string, from, to civic.CategoryID) {
	model, pupil := a.model.Load(), a.pupil.Load()
	if pupil != nil {
		pupil.Learn(text, from, to)
	}
	if model != nil && model != pupil {
		model.Learn(text, from, to)
	}
}

// Run learns until ctx ends: all there is, then what is filed; and all of it anew when the city has other categories.
func (a *Advisor) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := a.learn(ctx); err != nil && ctx.Err() == nil {
			a.cfg.Log.Warn("categories cannot be learned yet", "error", err)
			pause(ctx, a.cfg.Retry)
		}
	}
	return nil
}

// learn is the life of one model.
func (a *Advisor) learn(ctx context.Context) error {
	categories := a.city().Categories
	model, err := New(categories)
	if err != nil {
		return err
	}
	a.pupil.Store(model)
	began := a.cfg.Now()
	learned, err := model.Train(ctx, a.unhurried(ctx, a.source(ctx, a.cfg.Newest)))
	if err != nil {
		return fmt.Errorf("after %d reports: %w", learned, err)
	}
	a.model.Store(model)
	a.cfg.Log.Info("categories are learned", "reports", learned, "seconds", a.cfg.Now().Sub(began).Seconds())
	_, err = model.Train(ctx, a.unhurried(ctx, a.filings(ctx, categories)))
	return err
}

// unhurried lets the learner rest after each batch, so that whoever asks the server for something finds a processor.
func (a *Advisor) unhurried(ctx context.Context, examples iter.Seq2[Example, error]) iter.Seq2[Example, error] {
	return func(yield func(Example, error) bool) {
		var worked time.Duration
		n := 0
		for example, err := range examples {
			began := a.cfg.Now()
			if !yield(example, err) {
				return
			}
			worked += a.cfg.Now().Sub(began)
			if n++; n%batch == 0 {
				pause(ctx, rest*worked)
				worked = 0
			}
		}
	}
}

// filings gives what is filed until ctx ends or the categories are not those any more.
func (a *Advisor) filings(ctx context.Context, categories []*civic.Category) iter.Seq2[Example, error] {
	return func(yield func(Example, error) bool) {
		look := time.NewTicker(a.cfg.Look)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				if !slices.EqualFunc(categories, a.city().Categories, same) {
					return
				}
			case example := <-a.filed:
				if !yield(example, nil) {
					return
				}
			}
		}
	}
}

// same reports whether a model would know two categories by the same words.
func same(a, b *civic.Category) bool {
	return a.ID == b.ID && a.Name == b.Name && slices.Equal(a.Keywords, b.Keywords)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
