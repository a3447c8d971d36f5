// Package identityrpc is the protocol of the identity service, generated from identity.proto.
package identityrpc
