package auth

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"

	"github.com/jagawarga/jagawarga/civic"
)

// Issuer and Audience stand in every access token as iss and aud.
const (
	Issuer   = "jagawarga"
	Audience = "jagawarga"
)

// Claims is what an access token says (RFC 7519): who, until when, and nothing that names a person.
type Claims struct {
	jwt.RegisteredClaims            // iss, aud, iat, exp; sub is the account's UUID
	Role                 civic.Role `json:"role"`
	Department           string     `json:"dep,omitempty"` // UUID, of staff
	Session              string     `json:"sid"`           // UUID
}

// NewClaims is how principal reads in a token.
func NewClaims(principal civic.Principal, issued *jwt.NumericDate) Claims {
	claims := Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: Issuer, Audience: jwt.ClaimStrings{Audience}, IssuedAt: issued, ExpiresAt: jwt.NewNumericDate(principal.Expires),
			Subject: principal.Citizen.UUIDString(),
		},
		Role: principal.Role, Session: principal.Session.UUIDString(),
	}
	if principal.IsStaff() {
		claims.Subject = principal.Officer.UUIDString()
		claims.Department = principal.Department.UUIDString()
	}
	return claims
}

var errClaims = errors.New("auth: claims that no token of ours has")

// principal is the way back.
func (c *Claims) principal() (civic.Principal, error) {
	subject, okSubject := civic.ParseUUID(c.Subject)
	session, okSession := civic.ParseUUID(c.Session)
	if !okSubject || !okSession {
		return civic.Principal{}, errClaims
	}
	p := civic.Principal{Role: c.Role, Session: civic.SessionID{UUID: session}, Expires: c.ExpiresAt.Time}
	switch c.Role {
	case civic.RoleCitizen:
		p.Citizen = civic.CitizenID{UUID: subject}
	case civic.RoleOfficer, civic.RoleDepartmentHead, civic.RoleHeadAuthority, civic.RoleAdmin:
		department, ok := civic.ParseUUID(c.Department)
		if !ok {
			return civic.Principal{}, errClaims
		}
		p.Officer, p.Department = civic.OfficerID{UUID: subject}, civic.DepartmentID{UUID: department}
	default:
		return civic.Principal{}, errClaims
	}
	return p, nil
}
