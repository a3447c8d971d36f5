package strip

// cleanAAC blanks what stands before the sound in a raw AAC frame (ISO/IEC 14496-3, 4.4.2.1): filling and data streams, where encoders
// put their names. A frame that opens with sound is left as it is.
func cleanAAC(frame []byte) {
	const (
		dataStream = 4
		filling    = 6
	)
	bits := bitwise{raw: frame}
	for {
		kind := bits.read(3)
		if kind != dataStream && kind != filling {
			return
		}
		var count int
		if kind == filling {
			if count = bits.read(4); count == 15 {
				count += bits.read(8) - 1
			}
		} else {
			bits.read(4)
			aligned := bits.read(1) == 1
			if count = bits.read(8); count == 255 {
				count += bits.read(8)
			}
			if aligned {
				bits.at = (bits.at + 7) &^ 7
			}
		}
		if bits.at+8*count > 8*len(frame) {
			return
		}
		// Spectral band replication is sound: types 13 and 14. All bits zero is plain filling.
		if replication := bits.peek(4) >= 13 && kind == filling; !replication {
			bits.zero(8 * count)
		}
		bits.at += 8 * count
	}
}

// bitwise reads and clears bits, the highest of a byte first. Past the end it reads ones.
type bitwise struct {
	raw []byte
	at  int
}

func (b *bitwise) read(n int) int {
	v := b.peek(n)
	b.at += n
	return v
}

func (b *bitwise) peek(n int) int {
	v := 0
	for i := b.at; i < b.at+n; i++ {
		bit := 1
		if i < 8*len(b.raw) {
			bit = int(b.raw[i/8] >> (7 - i%8) & 1)
		}
		v = v<<1 | bit
	}
	return v
}

func (b *bitwise) zero(n int) {
	for i := b.at; i < b.at+n; i++ {
		b.raw[i/8] &^= 1 << (7 - i%8)
	}
}
