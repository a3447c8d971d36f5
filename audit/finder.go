package main

import (
	"bytes"
	"encoding/binary"
)

// A finder looks for many patterns at once: their first eight bytes are an index, and a bitmap in front of it lets nearly every place of
// the evidence pass with one look.
type finder struct {
	bitmap []uint64
	index  map[uint64][]pattern
}

const bitmapBits = 24

func slot(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> (64 - bitmapBits) }

func newFinder(patterns []pattern) *finder {
	f := &finder{make([]uint64, 1<<bitmapBits/64), make(map[uint64][]pattern, len(patterns))}
	for _, p := range patterns {
		key := binary.LittleEndian.Uint64(p.bytes)
		f.bitmap[slot(key)/64] |= 1 << (slot(key) % 64)
		f.index[key] = append(f.index[key], p)
	}
	return f
}

// find calls found for each pattern at each place.
func (f *finder) find(data []byte, found func(p pattern, at int)) {
	for at := 0; at+shortest <= len(data); at++ {
		key := binary.LittleEndian.Uint64(data[at:])
		if f.bitmap[slot(key)/64]&(1<<(slot(key)%64)) == 0 {
			continue
		}
		for _, p := range f.index[key] {
			if bytes.HasPrefix(data[at:], p.bytes) {
				found(p, at)
			}
		}
	}
}
