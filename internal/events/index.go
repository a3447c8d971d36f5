package events

import "github.com/jagawarga/jagawarga/civic"

type watcherSet map[*Watcher]struct{}

// index finds the live watchers of an event. It is matches, turned around.
type index struct {
	all          watcherSet
	public       watcherSet
	byReport     map[civic.ReportID]watcherSet
	byDepartment map[civic.DepartmentID]watcherSet
	byTasks      map[civic.DepartmentID]watcherSet
}

func newIndex() index {
	return index{
		all: watcherSet{}, public: watcherSet{},
		byReport: map[civic.ReportID]watcherSet{}, byDepartment: map[civic.DepartmentID]watcherSet{}, byTasks: map[civic.DepartmentID]watcherSet{},
	}
}

// each visits the watchers of an event; one that watches both departments of a transfer is visited twice. visit may remove
// the watcher.
func (x *index) each(event *civic.Event, visit func(*Watcher)) {
	if isPublic(event) {
		x.public.each(visit)
	}
	x.byReport[event.Report].each(visit)
	x.byDepartment[event.Department].each(visit)
	if event.FormerDepartment != nil {
		x.byDepartment[*event.FormerDepartment].each(visit)
	}
	if event.Task != nil {
		x.byTasks[event.Task.Department].each(visit)
	}
}

func (s watcherSet) each(visit func(*Watcher)) {
	for watcher := range s {
		visit(watcher)
	}
}

func (x *index) add(w *Watcher) {
	x.all[w] = struct{}{}
	switch {
	case w.topic.Public:
		x.public[w] = struct{}{}
	case !w.topic.Report.IsZero():
		addTo(x.byReport, w.topic.Report, w)
	default:
		for _, department := range w.topic.Departments {
			addTo(x.byDepartment, department, w)
		}
		for _, department := range w.topic.Tasks {
			addTo(x.byTasks, department, w)
		}
	}
}

// remove says whether the watcher was there.
func (x *index) remove(w *Watcher) bool {
	if _, there := x.all[w]; !there {
		return false
	}
	delete(x.all, w)
	switch {
	case w.topic.Public:
		delete(x.public, w)
	case !w.topic.Report.IsZero():
		removeFrom(x.byReport, w.topic.Report, w)
	default:
		for _, department := range w.topic.Departments {
			removeFrom(x.byDepartment, department, w)
		}
		for _, department := range w.topic.Tasks {
			removeFrom(x.byTasks, department, w)
		}
	}
	return true
}

func addTo[K comparable](sets map[K]watcherSet, key K, w *Watcher) {
	if sets[key] == nil {
		sets[key] = watcherSet{}
	}
	sets[key][w] = struct{}{}
}

func removeFrom[K comparable](sets map[K]watcherSet, key K, w *Watcher) {
	delete(sets[key], w)
	if len(sets[key]) == 0 {
		delete(sets, key)
	}
}
