package audience

import "github.com/jagawarga/jagawarga/civic"

// crowd is how many new reports at once somebody is told of one by one.
const crowd = 5

// Gather makes one notification of many new reports that one account would be told of at once: in a flood nobody reads them one by one.
func Gather(told []civic.Notification) []civic.Notification {
	fresh := map[civic.Account]int{}
	for _, n := range told {
		if n.Kind == civic.NotifyNew {
			fresh[n.To]++
		}
	}
	gathered, said := told[:0:0], map[civic.Account]bool{}
	for _, n := range told {
		if n.Kind != civic.NotifyNew || fresh[n.To] <= crowd {
			gathered = append(gathered, n)
			continue
		}
		if !said[n.To] {
			said[n.To] = true
			n.Report, n.Detail = nil, civic.NotificationDetail{Department: n.Detail.Department, Count: fresh[n.To]}
			gathered = append(gathered, n)
		}
	}
	return gathered
}
