package civic

// MaxZoom is the closest that web maps go.
const MaxZoom = 22

// MaxClusters is how many a map is given at once.
const MaxClusters = 1000

// Cluster is reports that lie together on the map.
type Cluster struct {
	Latitude, Longitude float64 // of their middle
	Count               int
	Report              *ReportID // where it is alone
}

// OnMap are the categories whose reports are shown on the public map.
func (c *City) OnMap() []CategoryID {
	var shown []CategoryID
	for _, category := range c.everything {
		if category.PublicOnMap {
			shown = append(shown, category.ID)
		}
	}
	return shown
}
