package model

import (
	"sync"

	"github.com/jagawarga/jagawarga/civic"
)

// Batch is a set of reports that were found together by one caller. Whatever hangs on one of them is loaded for all of them in one
// query, the first time anybody asks; so a page costs a constant number of queries, without timers and without waiting.
type Batch struct {
	// Scope is what the reports were found with, and what hangs on them is loaded with.
	Scope   civic.Scope
	Reports []*civic.Report

	mu   sync.Mutex
	memo map[any]*memory
}

type memory struct {
	once  sync.Once
	value any
	err   error
}

// NewReports shows reports that were found together with scope.
func NewReports(view *View, scope civic.Scope, found []*civic.Report) []*Report {
	batch := &Batch{Scope: scope, Reports: found}
	reports := make([]*Report, len(found))
	for i, report := range found {
		reports[i] = &Report{Report: report, View: view, Batch: batch}
	}
	return reports
}

// NewReport shows one report.
func NewReport(view *View, scope civic.Scope, found *civic.Report) *Report {
	return NewReports(view, scope, []*civic.Report{found})[0]
}

// Load answers what fetch finds for the batch, calling it once for each key. Reports that are only just accepted are not asked
// for: nothing hangs on them yet, and they may not be in the database.
func Load[T any](b *Batch, key any, fetch func(ids []civic.ReportID) (T, error)) (T, error) {
	return Once(b, key, func() (found T, err error) {
		var ids []civic.ReportID
		for _, report := range b.Reports {
			if !report.Fresh {
				ids = append(ids, report.ID)
			}
		}
		if len(ids) == 0 {
			return found, nil
		}
		return fetch(ids)
	})
}

// Once runs fetch once for each key and remembers what came of it.
func Once[T any](b *Batch, key any, fetch func() (T, error)) (T, error) {
	m := b.remember(key)
	m.once.Do(func() { m.value, m.err = fetch() })
	found, _ := m.value.(T)
	return found, m.err
}

func (b *Batch) remember(key any) *memory {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.memo == nil {
		b.memo = map[any]*memory{}
	}
	if b.memo[key] == nil {
		b.memo[key] = &memory{}
	}
	return b.memo[key]
}
