package strip

// cleanAV1 goes through the units of a sample (AV1 bitstream, 5.3). Metadata, padding and what is not known become empty padding.
func cleanAV1(sample []byte) {
	const (
		tileList = 8
		padding  = 15
	)
	for len(sample) > 0 {
		kind, extended, sized := sample[0]>>3&15, sample[0]&4 != 0, sample[0]&2 != 0
		at := 1
		if extended {
			at++
		}
		size := uint64(0)
		if sized {
			for shift := 0; ; shift += 7 {
				if at >= len(sample) || shift > 28 {
					clear(sample)
					return
				}
				b := sample[at]
				at++
				size |= uint64(b&0x7f) << shift
				if b < 0x80 {
					break
				}
			}
		} else {
			size = uint64(max(0, len(sample)-at))
		}
		if at > len(sample) || size > uint64(len(sample)-at) {
			clear(sample)
			return
		}
		content := sample[at : at+int(size)]
		if kind == 0 || kind == 5 || kind >= tileList {
			sample[0] = sample[0]&^(15<<3) | padding<<3
			if clear(content); len(content) > 0 {
				content[len(content)-1] = 0x80
			}
		}
		sample = sample[at+int(size):]
	}
}
