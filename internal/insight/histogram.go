package insight

import (
	"encoding/binary"
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
	Sum     int64   // microseconds
	Buckets []int64 // how many are in each
}

// Distribution is what people are told of a histogram, in hours.
type Distribution struct {
	Count          int
	P50, P90, Mean *float64
}

func bucketOf(d time.Duration) int {
	seconds := d.Seconds()
	if seconds < 1 {
		return 0
	}
	return int(math.Floor(math.Log(seconds)/logGrowth)) + 1
}

// hoursOf is what a bucket stands for.
func hoursOf(bucket int) float64 {
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

func (h *Histogram) change(bucket int, n int64) {
	if missing := bucket + 1 - len(h.Buckets); missing > 0 {
		h.Buckets = append(h.Buckets, make([]int64, missing)...)
	}
	h.Buckets[bucket] += n
}

// Merge adds all of another.
func (h *Histogram) Merge(other *Histogram) {
	h.Sum += other.Sum
	for bucket, n := range other.Buckets {
		if n != 0 {
			h.change(bucket, n)
		}
	}
}

// Count is how many there are.
func (h *Histogram) Count() (n int64) {
	for _, more := range h.Buckets {
		n += more
	}
	return n
}

// Zero reports whether adding it to another changes nothing.
func (h *Histogram) Zero() bool {
	return h.Sum == 0 && !slices.ContainsFunc(h.Buckets, func(n int64) bool { return n != 0 })
}

// Kept is the form in which the buckets are kept: for each that is not empty how far it is from the one before, and how many are in it, both
// as varints. It is the same for the same buckets, and never nil.
func (h *Histogram) Kept() []byte {
	kept, last := []byte{}, 0
	for bucket, n := range h.Buckets {
		if n != 0 {
			kept = binary.AppendVarint(binary.AppendUvarint(kept, uint64(bucket-last)), n)
			last = bucket
		}
	}
	return kept
}

// MergeKept adds what is kept.
func (h *Histogram) MergeKept(sum int64, kept []byte) {
	h.Sum += sum
	for bucket := 0; len(kept) > 0; {
		step, width := binary.Uvarint(kept)
		n, more := binary.Varint(kept[max(width, 0):])
		if width <= 0 || more <= 0 || step > mostBuckets {
			return // nothing that was kept here
		}
		bucket, kept = bucket+int(step), kept[width+more:]
		h.change(bucket, n)
	}
}

// mostBuckets is more than a time.Duration can fill.
const mostBuckets = 1200

// Distribution tells of it. Percentiles lie between neighbours as PostgreSQL's percentile_cont has them.
func (h *Histogram) Distribution() Distribution {
	count := h.Count()
	if count == 0 {
		return Distribution{}
	}
	at := func(rank int64) float64 {
		for bucket, n := range h.Buckets {
			if rank -= n; rank < 0 {
				return hoursOf(bucket)
			}
		}
		return hoursOf(len(h.Buckets) - 1)
	}
	quantile := func(q float64) *float64 {
		place := q * float64(count-1)
		below, share := at(int64(place)), place-math.Floor(place)
		return new(below + share*(at(int64(math.Ceil(place)))-below))
	}
	mean := time.Duration(h.Sum).Hours() / float64(count) * float64(time.Microsecond)
	return Distribution{Count: int(count), P50: quantile(0.5), P90: quantile(0.9), Mean: &mean}
}
