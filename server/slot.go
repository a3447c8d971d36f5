package server

import (
	"strconv"
	"strings"

	"github.com/jagawarga/jagawarga/civic"
)

// slot is a place in the variables that waits for a file.
type slot struct {
	field string // the input field, by name: media of variables.input.media.0
	put   func(civic.Upload)
}

// slotsOf finds the places that a map names: each a null in the variables, and each once.
func slotsOf(variables map[string]any, places map[string][]string, most int) (map[string][]slot, error) {
	slots, count, seen := make(map[string][]slot, len(places)), 0, map[string]bool{}
	for name, paths := range places {
		for _, path := range paths {
			if count++; count > most {
				return nil, civic.Invalid(fieldOf(path), "upload.too_many", "max", strconv.Itoa(most))
			}
			slot, ok := slotAt(variables, path)
			if !ok || seen[path] {
				return nil, civic.Invalid(partMap, "upload.map")
			}
			seen[path] = true
			slots[name] = append(slots[name], slot)
		}
		if len(paths) == 0 || name == partOperations || name == partMap {
			return nil, civic.Invalid(partMap, "upload.map")
		}
	}
	return slots, nil
}

// slotAt goes down to a null.
func slotAt(variables map[string]any, path string) (slot, bool) {
	names := strings.Split(path, ".")
	if len(names) < 2 || names[0] != "variables" {
		return slot{}, false
	}
	found := slot{field: fieldOf(path)}
	var at any = variables
	for i, name := range names[1:] {
		last := i == len(names)-2
		var next any
		var there bool
		switch holder := at.(type) {
		case map[string]any:
			next, there = holder[name]
			found.put = func(u civic.Upload) { holder[name] = u }
		case []any:
			n, err := strconv.Atoi(name)
			if there = err == nil && n >= 0 && n < len(holder); there {
				next = holder[n]
				found.put = func(u civic.Upload) { holder[n] = u }
			}
		}
		if !there || last && next != nil {
			return slot{}, false
		}
		at = next
	}
	return found, true
}

// fieldOf is the last name in a path that is no number.
func fieldOf(path string) string {
	names := strings.Split(path, ".")
	for i := len(names) - 1; i > 0; i-- {
		if _, err := strconv.Atoi(names[i]); err != nil {
			return names[i]
		}
	}
	return partMap
}
