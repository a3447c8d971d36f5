// Package anonymizerrpc is the protocol of the anonymizer, generated from anonymizer.proto.
package anonymizerrpc
