package city

import (
	"fmt"
	"strconv"
	"strings"
)

// Plots are drawn in points of a box of their own; styles give them colour, so that they look right on paper and at night.
const (
	plotWidth  = 640.0
	weekHeight = 260.0
	weekLeft   = 76.0
	weekTop    = 16.0
	weekFoot   = 36.0
)

// Bar is one bar.
type Bar struct{ X, Y, Width, Height, Kind string }

// Line is a line of the scale, with what it stands for.
type Line struct{ Y, Text string }

// Tick is a word below a plot.
type Tick struct{ X, Text string }

// Columns is a plot of pairs of bars, one pair for each bucket.
type Columns struct {
	ViewBox string
	Bars    []Bar
	Lines   []Line
	Ticks   []Tick
}

// Row is a bar with its words beside; Share is how long it is, of a hundred.
type Row struct{ Label, Value, Share string }

// pair is what happened in one bucket, and its name.
type pair struct {
	name          string
	first, second int
}

// columns draws pairs; the scale ends at a round number.
func columns(pairs []pair, lang string) Columns {
	most := 1
	for _, p := range pairs {
		most = max(most, p.first, p.second)
	}
	top, step := round(most)
	floor := weekHeight - weekFoot
	up := func(n int) float64 { return (floor - weekTop) * float64(n) / float64(top) }
	c := Columns{ViewBox: fmt.Sprintf("0 0 %.0f %.0f", plotWidth, weekHeight)}
	for n := 0; n <= top; n += step {
		c.Lines = append(c.Lines, Line{points(floor - up(n)), grouped(n, lang)})
	}
	wide := (plotWidth - weekLeft) / float64(max(len(pairs), 1))
	for i, p := range pairs {
		x := weekLeft + wide*float64(i)
		c.Bars = append(c.Bars,
			Bar{points(x + wide*0.12), points(floor - up(p.first)), points(wide * 0.36), points(up(p.first)), "first"},
			Bar{points(x + wide*0.5), points(floor - up(p.second)), points(wide * 0.36), points(up(p.second)), "second"})
		if len(pairs) <= 6 || i%3 == 0 {
			c.Ticks = append(c.Ticks, Tick{points(x + wide*0.12), p.name})
		}
	}
	return c
}

// rows are bars as long as their share of the longest.
func rows(labels []string, counts []int, lang string) []Row {
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	all := make([]Row, len(counts))
	for i, n := range counts {
		all[i] = Row{labels[i], grouped(n, lang), points(max(0.5, 100*float64(n)/float64(most)))}
	}
	return all
}

// round is a round number at or above n, and the distance of lines below it: three to five of them.
func round(n int) (top, step int) {
	for step = 1; ; step *= 10 {
		for _, times := range []int{1, 2, 5} {
			if top = step * times * 4; top >= n {
				return top, step * times
			}
		}
	}
}

func points(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// grouped writes 12345 as 12.345 or 12,345.
func grouped(n int, lang string) string {
	digits := strconv.Itoa(n)
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(separator(lang))
		}
		out.WriteRune(d)
	}
	return out.String()
}
