// Package errorrpc is the wire form of civic.Error, generated from error.proto.
package errorrpc
