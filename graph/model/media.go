package model

import "github.com/jagawarga/jagawarga/civic"

// Media is a picture or a film with the links that the caller may follow.
type Media struct {
	*civic.Media
	URL          string
	ThumbnailURL string
}
