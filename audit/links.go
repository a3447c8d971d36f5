package main

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"
)

// beyondChance is how many standard deviations an order has to stand out by. A thousand pairs of orders are compared.
const beyondChance = 5.5

// correlation says how far two orders of the same people agree, in standard deviations from chance: Spearman's coefficient through
// Fisher's transformation, which holds for few people, too.
func correlation(a, b []int) float64 {
	rank := map[int]int{}
	for i, person := range a {
		rank[person] = i
	}
	var both []int // ranks in a, in the order of b
	for _, person := range b {
		if r, in := rank[person]; in {
			both = append(both, r)
		}
	}
	n := float64(len(both))
	if n < minPeople/2 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(both))
	var squares float64
	for i, r := range both {
		d := float64(i - sort.SearchInts(sorted, r))
		squares += d * d
	}
	rho := 1 - 6*squares/(n*(n*n-1))
	rho = max(-0.999999, min(0.999999, rho))
	return math.Atanh(rho) * math.Sqrt((n-3)/1.06)
}

// joinOrders compares every order of the accounts with every order of the reports. Who finds one that agrees knows who wrote what.
func joinOrders(accounts, reports []sequence) (compared int, findings []string) {
	for _, a := range accounts {
		for _, r := range reports {
			compared++
			if z := correlation(a.people, r.people); math.Abs(z) > beyondChance {
				findings = append(findings, fmt.Sprintf("the order of %s agrees with that of %s (%.1f standard deviations)", a.by, r.by, z))
			}
		}
	}
	return compared, findings
}

// joinTimes guesses, for each time at which something about a report happened, that it was whoever the accounts heard of last before it.
func joinTimes(accounts, reports []instant, people int) (guesses, right int, finding string) {
	accounts = slices.Clone(accounts)
	slices.SortFunc(accounts, func(a, b instant) int { return a.at.Compare(b.at) })
	for _, r := range reports {
		last := sort.Search(len(accounts), func(i int) bool { return accounts[i].at.After(r.at) }) - 1
		if last < 0 {
			continue
		}
		guesses++
		if accounts[last].person == r.person {
			right++
		}
	}
	chance := float64(guesses) / float64(people)
	if float64(right) > chance+6*math.Sqrt(chance)+6 {
		finding = fmt.Sprintf("%d of %d guesses by time are right, where chance gives %.0f", right, guesses, chance)
	}
	return guesses, right, finding
}

// exact are times that are told more exactly than to the hour.
func exact(all []instant) []instant {
	return slices.DeleteFunc(slices.Clone(all), func(i instant) bool { return i.at.Equal(i.at.Truncate(time.Hour)) })
}
