package civic

import "time"

// Session is what a sign-in gives.
type Session struct {
	AccessToken  string
	RefreshToken string
	ExpiresAt    time.Time // of the access token
	Principal    Principal
	Name         string
}
