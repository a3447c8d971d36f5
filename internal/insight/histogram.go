package insight

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Precision is how far a percentile may be from the exact one, relative to it.
const Precision = 0.01

// Bucket n > 0 holds the times from growth^(n-1) to growth^n seconds, and bucket 0 those below a second; what is told of a bucket is the
// value that is within Precision of all of it (the layout of DDSketch: Masson, Rim, Lee, 2019).
var (
	growth    = (1 + Precision) / (1 - Precision)
	logGrowth = math.Log(growth)
)

// Histogram is how long things took. Histograms can be added to each other and taken off again.
type Histogram struct {
	Sum     int64           // microseconds
	Buckets map[int32]int64 // how many by bucket
}

// Distribution is what people are told of a histogram, in hours.
type Distribution struct {
	Count          int
	P50, P90, Mean *float64
}

func bucketOf(d time.Duration) int32 {
	seconds := d.Seconds()
	if seconds < 1 {
		return 0
	}
	return int32(math.Floor(math.Log(seconds)/logGrowth)) + 1
}

// hoursOf is what a bucket stands for.
func hoursOf(bucket int32) float64 {
	if bucket == 0 {
		return 0
	}
	return 2 * math.Exp(float64(bucket)*logGrowth) / (growth + 1) / 3600
}

// Add counts one that took d, n times; a negative n takes it out again. What ends before it begins took no time.
func (h *Histogram) Add(d time.Duration, n int64) {
	d = max(d, 0)
	h.Sum += d.Microseconds() * n
	h.change(bucketOf(d), n)
}

func (h *Histogram) change(bucket int32, n int64) {
	if h.Buckets == nil {
		h.Buckets = map[int32]int64{}
	}
	if h.Buckets[bucket] += n; h.Buckets[bucket] == 0 {
		delete(h.Buckets, bucket)
	}
}

// Merge adds all of another.
func (h *Histogram) Merge(other *Histogram) {
	h.Sum += other.Sum
	for bucket, n := range other.Buckets {
		h.change(bucket, n)
	}
}

// Count is how many there are.
func (h *Histogram) Count() (n int64) {
	for _, more := range h.Buckets {
		n += more
	}
	return n
}

// Pairs is the form in which the buckets are kept: bucket, count, bucket, count ... in the order of buckets; never nil.
func (h *Histogram) Pairs() []int32 {
	pairs := make([]int32, 0, 2*len(h.Buckets))
	for _, bucket := range slices.Sorted(maps.Keys(h.Buckets)) {
		pairs = append(pairs, bucket, int32(h.Buckets[bucket]))
	}
	return pairs
}

// MergePairs adds what is kept.
func (h *Histogram) MergePairs(sum int64, pairs []int32) {
	h.Sum += sum
	for i := 0; i+1 < len(pairs); i += 2 {
		h.change(pairs[i], int64(pairs[i+1]))
	}
}

// Distribution tells of it. Percentiles lie between neighbours as PostgreSQL's percentile_cont has them.
func (h *Histogram) Distribution() Distribution {
	count := h.Count()
	if count == 0 {
		return Distribution{}
	}
	buckets := slices.Sorted(maps.Keys(h.Buckets))
	at := func(rank int64) float64 {
		for _, bucket := range buckets {
			if rank -= h.Buckets[bucket]; rank < 0 {
				return hoursOf(bucket)
			}
		}
		return hoursOf(buckets[len(buckets)-1])
	}
	quantile := func(q float64) *float64 {
		place := q * float64(count-1)
		below, share := at(int64(place)), place-math.Floor(place)
		return new(below + share*(at(int64(math.Ceil(place)))-below))
	}
	mean := time.Duration(h.Sum).Hours() / float64(count) * float64(time.Microsecond)
	return Distribution{Count: int(count), P50: quantile(0.5), P90: quantile(0.9), Mean: &mean}
}
