// Package strip turns a stranger's picture or film into a clean one: what can be seen and heard stays, everything that says who took
// it, where, when and with what goes.
//
// Pictures are decoded to their pixels and encoded anew, so nothing of the original file is copied. Films keep their sound and moving
// picture as they were encoded; of everything around them only what a player needs is kept, by a list of what is known to be harmless,
// and each byte that no frame uses is zeroed. What is shown in the picture, and the noise of a camera's sensor, are the picture itself
// and stay: a face or a number plate is the reporter's to judge.
//
// The package is pure: bytes in, bytes out, no files, no network, no goroutines, nothing kept between calls. What is declared inside a
// file (dimensions, counts, sizes) is checked before it costs anything. A photograph takes 3 bytes of memory a pixel, at the worst (a
// progressive JPEG without chroma subsampling, lying on its side) some 18; a film takes its own size once more and an eighth. How many
// calls run at once is the caller's to limit.
//
// HEIC is recognised and refused: it takes a decoder of H.265 in pure Go, or one that can be held to a limit of memory and time.
package strip
