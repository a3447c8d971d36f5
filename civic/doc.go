// Package civic holds the nouns of a citizen-reporting city and their pure rules: the report and its status machine,
// visibility, the tree of departments, categories, districts, the clock that counts working hours, and who may do what.
//
// It is the ground floor: standard library alone, no input or output, no clock and no randomness of its own (both are handed
// in). Values are plain; whoever shares one between goroutines must not change it. A *City is never changed once made.
package civic
